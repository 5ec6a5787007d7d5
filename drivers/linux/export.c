/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection out of its socket: read until nothing moved while it was read. */
#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"
#include "states.h"

#define MOST_READINGS 64
#define REPAIR_OFF_SILENT (-1) /* without a window probe */

/* What must not have moved: of a socket that still takes segments. */
struct reading {
    uint8_t state;
    uint32_t rcv_nxt, write_seq;
    int in, out, unsent;
};

static int set(int fd, int option, int value)
{
    return setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value)) == 0 ? 0 : errno;
}

static uint32_t get(int fd, int option)
{
    uint32_t value = 0;
    socklen_t bytes = sizeof(value);
    return getsockopt(fd, IPPROTO_TCP, option, &value, &bytes) == 0 ? value : 0;
}

static struct reading read_once(int fd)
{
    struct reading r = {0};
    struct tcp_info info = {0};
    socklen_t bytes = sizeof(info);
    set(fd, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE);
    ioctl(fd, SIOCINQ, &r.in);
    r.rcv_nxt = get(fd, TCP_QUEUE_SEQ);
    set(fd, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
    r.write_seq = get(fd, TCP_QUEUE_SEQ);
    ioctl(fd, SIOCOUTQ, &r.out);
    ioctl(fd, SIOCOUTQNSD, &r.unsent);
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes);
    r.state = linux_state_of(info.tcpi_state);
    return r;
}

static bool equal(const struct reading *a, const struct reading *b)
{
    return a->state == b->state && a->rcv_nxt == b->rcv_nxt && a->write_seq == b->write_seq &&
           a->in == b->in && a->out == b->out && a->unsent == b->unsent;
}

/* All the data of one queue, at once: a reading always begins at its first byte. */
static int copy_queue(int fd, int queue, uint32_t bytes, struct linux_data **chain)
{
    *chain = NULL;
    if (bytes == 0)
        return 0;
    struct linux_data *data = linux_data_new(bytes);
    if (!data)
        return ENOMEM;
    int error = set(fd, TCP_REPAIR_QUEUE, queue);
    ssize_t got = error ? 0 : recv(fd, data->data, bytes, MSG_PEEK | MSG_DONTWAIT);
    set(fd, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
    if (got == (ssize_t)bytes) {
        *chain = data;
        return 0;
    }
    linux_data_free(data);
    return error ? error : EAGAIN; /* less than was promised: it moved, so it is read again */
}

static int copy_data(int fd, const struct reading *r, struct linux_connection *c)
{
    uint32_t send = (uint32_t)r->out - linux_state_fin_queued(r->state);
    int error = copy_queue(fd, TCP_RECV_QUEUE, (uint32_t)r->in, &c->receive);
    if (!error && r->state != LINUX_CLOSED)
        error = copy_queue(fd, TCP_SEND_QUEUE, send, &c->send);
    return error;
}

static int read_still(int fd, bool data, struct linux_connection *c, struct reading *r)
{
    for (int i = 0; i < MOST_READINGS; i++) {
        *r = read_once(fd);
        int error = data ? copy_data(fd, r, c) : 0;
        struct reading again = read_once(fd);
        if (!error && equal(r, &again))
            return 0;
        linux_connection_free(c);
        if (error && error != EAGAIN)
            return error;
    }
    return EBUSY;
}

static void read_options(int fd, struct linux_connection *c)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof(info);
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes);
    c->timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
    c->sack = (info.tcpi_options & TCPI_OPT_SACK) != 0;
    c->window_scaling = (info.tcpi_options & TCPI_OPT_WSCALE) != 0;
    c->snd_wind_scale = c->window_scaling ? info.tcpi_snd_wscale : 0;
    c->rcv_wind_scale = c->window_scaling ? info.tcpi_rcv_wscale : 0;
    c->mss = (uint16_t)get(fd, TCP_MAXSEG); /* in repair it is what the peer said */
}

static int read_window(int fd, struct linux_connection *c)
{
    struct tcp_repair_window window = {0};
    socklen_t bytes = sizeof(window);
    if (getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, &bytes) != 0)
        return errno;
    c->snd_wnd = window.snd_wnd;
    c->max_snd_wnd = window.max_window;
    c->send_wl1 = window.snd_wl1;
    /* What is left of it, counted from the next number. */
    c->rcv_wnd = window.rcv_wup + window.rcv_wnd - c->rcv_nxt;
    if (c->rcv_wnd > window.rcv_wnd)
        c->rcv_wnd = 0;
    return 0;
}

static int read_names(int fd, struct linux_tuple *tuple)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ip;
        struct sockaddr_in6 ip6;
    } local = {0}, remote = {0};
    socklen_t local_bytes = sizeof(local), remote_bytes = sizeof(remote);
    if (getsockname(fd, &local.any, &local_bytes) != 0 ||
        getpeername(fd, &remote.any, &remote_bytes) != 0)
        return errno;
    tuple->ipv6 = local.any.sa_family == AF_INET6;
    tuple->local_port = tuple->ipv6 ? local.ip6.sin6_port : local.ip.sin_port;
    tuple->remote_port = tuple->ipv6 ? remote.ip6.sin6_port : remote.ip.sin_port;
    memcpy(tuple->local, tuple->ipv6 ? (void *)&local.ip6.sin6_addr : (void *)&local.ip.sin_addr,
           tuple->ipv6 ? 16 : 4);
    memcpy(tuple->remote, tuple->ipv6 ? (void *)&remote.ip6.sin6_addr : (void *)&remote.ip.sin_addr,
           tuple->ipv6 ? 16 : 4);
    return 0;
}

static int examine_once(int fd, bool data, struct linux_connection *c)
{
    struct reading r = {0};
    memset(c, 0, sizeof(*c));
    int error = set(fd, TCP_REPAIR, 1);
    if (!error)
        error = read_still(fd, data, c, &r);
    if (error)
        return error;
    c->state = r.state;
    c->rcv_nxt = r.rcv_nxt;
    c->snd_una = r.write_seq - (uint32_t)r.out;
    c->snd_nxt = r.write_seq - (uint32_t)r.unsent;
    c->send_backlog = (uint32_t)r.out - linux_state_fin_queued(r.state);
    c->receive_backlog = (uint32_t)r.in;
    linux_measure(fd, &c->measured);
    if (r.state != LINUX_CLOSED) {
        error = read_names(fd, &c->tuple);
        read_options(fd, c);
        linux_get_settings(fd, c->tuple.ipv6, &c->settings);
        error = error ? error : read_window(fd, c);
    }
    c->ts_time = get(fd, TCP_TIMESTAMP) & ~1u; /* the last: it goes on */
    if (error)
        linux_connection_free(c);
    return error;
}

/* One that ends amid it, and so has lost its names, is looked at again: it is over for good. */
static int examine(int fd, bool data, struct linux_connection *c)
{
    int error = examine_once(fd, data, c);
    return error == ENOTCONN ? examine_once(fd, data, c) : error;
}

int linux_resume(int fd)
{
    const int on = 1;
    set(fd, TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
    int error = set(fd, TCP_REPAIR, REPAIR_OFF_SILENT);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)); /* repair's end cleared it */
    return error;
}

int linux_export(int fd, struct linux_connection *connection)
{
    int error = examine(fd, true, connection);
    if (error)
        linux_resume(fd);
    return error;
}

/* It stays in repair to the end: so its close tells nobody. */
void linux_abandon(int fd)
{
    set(fd, TCP_REPAIR, 1);
    close(fd);
}

int linux_look(int fd, struct linux_connection *connection)
{
    int error = examine(fd, false, connection);
    int off = linux_resume(fd);
    return error ? error : off;
}

int linux_repair_permitted(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = fd < 0 ? errno : set(fd, TCP_REPAIR, 1);
    if (fd >= 0)
        close(fd);
    return error;
}
