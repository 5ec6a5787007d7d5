/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections, as the worker moves them in, changes them, reads them, and moves them out. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "nic.h"
#include "states.h"

static int mark(int fd, uint32_t value)
{
    return setsockopt(fd, SOL_SOCKET, SO_MARK, &value, sizeof(value)) == 0 ? 0 : errno;
}

static void forget_waiting(struct linux_tcp *tcp)
{
    if (!tcp->waiting)
        return;
    linux_connection_free(tcp->waiting);
    free(tcp->waiting);
    tcp->waiting = NULL;
}

void linux_drop_kept(struct linux_nic *nic, struct linux_tcp *tcp)
{
    if (!tcp->is_kept)
        return;
    tcp->is_kept = false;
    linux_connection_free(&tcp->kept);
    linux_guard_remove(nic->config.guard, &tcp->tuple);
}

static void refused_at(struct linux_nic *nic, const char *step)
{
    pthread_mutex_lock(&nic->worker.lock);
    nic->worker.last_step = step;
    pthread_mutex_unlock(&nic->worker.lock);
}

static void move_in(struct linux_nic *nic, struct linux_order *order, struct linux_answer *answer)
{
    struct linux_tcp *tcp = &nic->worker.tcps[order->index];
    struct linux_connection *c = order->connection;
    const char *step = NULL;
    order->connection = NULL;
    linux_drop_kept(nic, tcp);
    answer->error = order->spoilt ? EIO : linux_prepare(c, nic->config.mark, &tcp->fd, &step);
    tcp->tuple = c->tuple;
    tcp->settings = c->settings;
    tcp->rto_base_ms = 0;
    tcp->accepted = false;
    tcp->waiting = c;
    if (answer->error == 0)
        return;
    forget_waiting(tcp);
    refused_at(nic, step);
}

int linux_start_tcp(struct linux_nic *nic, uint32_t index)
{
    struct linux_tcp *tcp = &nic->worker.tcps[index];
    const char *step = NULL;
    tcp->accepted = true;
    int error = linux_start(tcp->waiting, nic->config.guard, tcp->fd, &step);
    if (error) {
        nic->counters.bad++;
        nic->counters.last_error = error;
        refused_at(nic, step);
    }
    if (error == 0 || error == ECONNRESET)
        forget_waiting(tcp); /* else it waits on: as it was brought it goes back */
    return error;
}

/* It never lived. If flue has not taken it, the host has it still, and goes on with that. */
static void take_back_waiting(struct linux_tcp *tcp)
{
    tcp->kept = *tcp->waiting;
    free(tcp->waiting);
    tcp->waiting = NULL;
    if (!tcp->accepted)
        linux_connection_free(&tcp->kept);
}

static int guard(struct linux_nic *nic, struct linux_tcp *tcp)
{
    int error = tcp->guarded ? 0 : linux_guard_add(nic->config.guard, &tcp->tuple);
    tcp->guarded = error == 0;
    return error;
}

/*
 * Guarded before they are read, and one wait for all of them: who imports one ends that. What never
 * lived is guarded by the host.
 */
void linux_guard_removed(struct linux_nic *nic, uint32_t first, uint32_t count)
{
    const struct linux_worker *w = &nic->worker;
    uint32_t guarded = 0;
    for (uint32_t at = first; at != first + count; at++) {
        const struct linux_order *order = &w->orders[at % w->capacity];
        bool leaves = order->kind == CHIMNEY_TCP && order->command == CHIMNEY_TCP_REMOVE_TCP;
        struct linux_tcp *tcp = leaves && !order->spoilt ? &w->tcps[order->index] : NULL;
        if (tcp && tcp->fd >= 0 && !tcp->waiting && guard(nic, tcp) == 0)
            guarded++;
    }
    if (guarded > 0)
        linux_guard_wait();
}

static int export_guarded(struct linux_nic *nic, struct linux_tcp *tcp)
{
    bool already = tcp->guarded;
    int error = guard(nic, tcp);
    if (!error && !already)
        linux_guard_wait();
    if (!error)
        error = linux_export(tcp->fd, &tcp->kept);
    if (tcp->guarded && (error || tcp->kept.state == LINUX_CLOSED))
        linux_guard_remove(nic->config.guard, &tcp->tuple);
    tcp->guarded = false;
    return error;
}

static int move_out(struct linux_nic *nic, struct linux_tcp *tcp)
{
    int error = tcp->waiting ? 0 : export_guarded(nic, tcp);
    if (error)
        return error;
    if (tcp->waiting)
        take_back_waiting(tcp);
    tcp->kept.tuple = tcp->tuple;
    tcp->is_kept = true;
    linux_abandon(tcp->fd);
    tcp->fd = -1;
    return 0;
}

static int bring(struct linux_nic *nic, struct linux_tcp *tcp, bool out,
                 struct linux_connection *read)
{
    int error = tcp->fd < 0 && !out ? EBADF : 0;
    if (!error && !out)
        error = linux_look(tcp->fd, read);
    if (!error && out && !tcp->is_kept)
        error = move_out(nic, tcp);
    if (!error && out)
        *read = tcp->kept;
    read->measured.total_rto_ms -= tcp->rto_base_ms;
    read->send = read->receive = NULL;
    return error;
}

static void put_timers(struct linux_settings *to, const struct linux_settings *from)
{
    to->keepalive_on = from->keepalive_on;
    to->ka_probe_count = from->ka_probe_count;
    to->ka_timeout_ms = from->ka_timeout_ms;
    to->ka_interval_ms = from->ka_interval_ms;
    to->max_rt_ms = from->max_rt_ms;
}

static int change_header(struct linux_tcp *tcp, const struct linux_settings *s)
{
    if (tcp->tuple.ipv6 && s->flow_label != tcp->settings.flow_label)
        return EOPNOTSUPP; /* it was said at connect */
    int error = linux_set_header(tcp->fd, tcp->tuple.ipv6, s);
    if (!error) {
        tcp->settings.ttl = s->ttl;
        tcp->settings.tos = s->tos;
        tcp->settings.priority = s->priority;
    }
    return error;
}

static int change_buffers(struct linux_tcp *tcp, const struct linux_settings *s)
{
    int error = linux_set_buffers(tcp->fd, s);
    if (!error) {
        tcp->settings.nagle_on = s->nagle_on;
        tcp->settings.receive_window = s->receive_window;
    }
    return error;
}

static int change_timers(struct linux_tcp *tcp, const struct linux_settings *s)
{
    int error = linux_set_timers(tcp->fd, s);
    if (!error)
        put_timers(&tcp->settings, s);
    return error;
}

/*
 * The keepalive timer starts over when it is switched off and on. Counts cannot be written: that
 * one becomes zero is true only if it is.
 */
static int restart(struct linux_tcp *tcp, const struct chimney_restart_args *args)
{
    const int off = 0, on = 1;
    struct linux_measured measured;
    linux_measure(tcp->fd, &measured);
    if ((args->clear_probe_count && measured.probes != 0) ||
        (args->clear_total_rt && measured.retransmits != 0))
        return EOPNOTSUPP;
    if (args->rearm_keepalive && tcp->settings.keepalive_on &&
        (setsockopt(tcp->fd, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof(off)) != 0 ||
         setsockopt(tcp->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) != 0))
        return errno;
    if (args->clear_total_rt)
        tcp->rto_base_ms = measured.total_rto_ms;
    return args->advertise_window ? linux_set_buffers(tcp->fd, &tcp->settings) : 0;
}

static int change(struct linux_nic *nic, struct linux_tcp *tcp, const struct linux_order *order)
{
    switch (order->command) {
    case CHIMNEY_TCP_WRITE_TIMERS:
        return change_timers(tcp, &order->settings);
    case CHIMNEY_TCP_WRITE_BUFFERS:
        return change_buffers(tcp, &order->settings);
    case CHIMNEY_TCP_WRITE_HEADER:
        return change_header(tcp, &order->settings);
    case CHIMNEY_TCP_RESTART:
        return restart(tcp, &order->restart);
    default: /* a rule sends its packets nowhere */
        return mark(tcp->fd, nic->config.mark + 1);
    }
}

static enum chimney_result result_of(const struct linux_order *order, int error)
{
    if (error == 0)
        return CHIMNEY_RESULT_OK;
    if (order->command != CHIMNEY_TCP_ADD_TCP)
        return CHIMNEY_RESULT_FAILURE;
    return error == ENOMEM || error == ENOBUFS || error == EMFILE || error == ENFILE
               ? CHIMNEY_RESULT_RESOURCES
               : CHIMNEY_RESULT_CONNECTION_REJECTED;
}

void linux_do_tcp(struct linux_nic *nic, struct linux_order *order, struct linux_answer *answer)
{
    struct linux_tcp *tcp = &nic->worker.tcps[order->index];
    if (order->command == CHIMNEY_TCP_ADD_TCP) {
        move_in(nic, order, answer);
    } else if (tcp->fd < 0 && !tcp->is_kept) {
        answer->error = ENOENT;
        answer->result = CHIMNEY_RESULT_GONE;
        return;
    } else if (order->spoilt) {
        answer->error = EIO;
    } else if (tcp->waiting && order->command != CHIMNEY_TCP_REMOVE_TCP) {
        answer->error = EBUSY;
    } else if (order->command == CHIMNEY_TCP_READ_TCP || order->command == CHIMNEY_TCP_REMOVE_TCP) {
        bool out = order->command == CHIMNEY_TCP_REMOVE_TCP;
        answer->error = bring(nic, tcp, out, &answer->read);
    } else {
        answer->error = change(nic, tcp, order);
    }
    answer->result = (uint8_t)result_of(order, answer->error);
}

void linux_sockets_wipe(struct linux_nic *nic)
{
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_TCP]; i++) {
        struct linux_tcp *tcp = &nic->worker.tcps[i];
        if (tcp->fd >= 0)
            linux_abandon(tcp->fd);
        tcp->fd = -1;
        forget_waiting(tcp);
        linux_drop_kept(nic, tcp);
    }
}

int linux_socket(const struct linux_nic *nic, uint32_t index)
{
    return index < nic->config.flue.capacity[CHIMNEY_TCP] ? nic->worker.tcps[index].fd : -1;
}
