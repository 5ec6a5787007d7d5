/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's variables, and what a socket has of them; units are turned, nothing is made up. */
#include <stdlib.h>
#include <string.h>

#include "nic.h"

/* What a socket cannot be told, if it is not what a new one has: counted. */
uint64_t linux_not_set(const struct chimney_add_tcp_args *a)
{
    const uint32_t values[] = {a->total_rt, a->dup_ack_count, a->snd_wnd_probe_count,
                               a->keepalive_probe_count, a->retransmit_count};
    uint64_t count = 5; /* CWnd, SsThresh, SRtt, RttVar, TsRecent */
    for (unsigned int i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        count += values[i] != 0;
    return count;
}

#define NEVER_READ 4 /* TsRecent, TsRecentAge, DupAckCount, KeepAlive.TimeoutDelta */

static uint32_t to_ms(const struct linux_nic *nic, uint32_t ticks)
{
    return (uint32_t)((uint64_t)ticks * 1000 / nic->config.flue.ticks_per_second);
}

static uint64_t to_ticks(const struct linux_nic *nic, uint64_t us)
{
    return us * nic->config.flue.ticks_per_second / 1000000;
}

struct linux_settings linux_settings_of(const struct linux_nic *nic,
                                        const struct chimney_add_tcp_args *a)
{
    return (struct linux_settings){
        .keepalive_on = a->keepalive_on,
        .nagle_on = a->nagle_on,
        .ka_probe_count = a->ka_probe_count,
        .ka_timeout_ms = to_ms(nic, a->ka_timeout),
        .ka_interval_ms = to_ms(nic, a->ka_interval),
        .max_rt_ms = to_ms(nic, a->max_rt),
        .receive_window = a->initial_rcv_wnd,
        .flow_label = a->flow_label,
        .ttl = a->ttl_or_hop_limit,
        .tos = a->tos_or_traffic_class,
        .priority = a->user_priority,
    };
}

/* A copy: the chain stays the host's, and the worker comes later. False: no memory. */
static bool copy_chain(struct linux_data **to, const struct linux_data *from)
{
    uint32_t bytes = linux_data_bytes(from), at = 0;
    *to = NULL;
    if (bytes == 0)
        return true;
    *to = linux_data_new(bytes);
    for (; *to && from; from = from->next) {
        memcpy((*to)->data + at, from->data, from->bytes);
        at += from->bytes;
    }
    return *to != NULL;
}

static void put_tuple(const struct linux_path *path, const struct chimney_add_tcp_args *a,
                      struct linux_tuple *tuple)
{
    tuple->ipv6 = path->ipv6;
    memcpy(tuple->local, path->source, sizeof(tuple->local));
    memcpy(tuple->remote, path->destination, sizeof(tuple->remote));
    tuple->local_port = a->local_port;
    tuple->remote_port = a->remote_port;
}

struct linux_connection *linux_connection_of(const struct linux_nic *nic,
                                             const struct chimney_add_tcp_args *a)
{
    struct linux_connection *c = calloc(1, sizeof(*c));
    if (!c)
        return NULL;
    put_tuple(&nic->paths[a->path], a, &c->tuple);
    c->state = (uint8_t)a->state;
    c->timestamps = a->timestamps;
    c->sack = a->sack;
    c->window_scaling = a->window_scaling;
    c->snd_wind_scale = a->snd_wind_scale;
    c->rcv_wind_scale = a->rcv_wind_scale;
    c->mss = a->remote_mss;
    c->rcv_nxt = a->rcv_nxt;
    c->rcv_wnd = a->rcv_wnd;
    c->snd_una = a->snd_una;
    c->snd_nxt = a->snd_nxt;
    c->snd_wnd = a->snd_wnd;
    c->max_snd_wnd = a->max_snd_wnd;
    c->send_wl1 = a->send_wl1;
    c->ts_time = a->ts_time;
    c->settings = linux_settings_of(nic, a);
    if (copy_chain(&c->send, a->send_data_head) && copy_chain(&c->receive, a->buffered_data))
        return c;
    linux_connection_free(c);
    free(c);
    return NULL;
}

static uint16_t at_most_16(uint64_t value)
{
    return value < UINT16_MAX ? (uint16_t)value : UINT16_MAX;
}

/* Both answers have these, by the same names. */
#define READ(nic, life, from, data)                                                      \
    do {                                                                                 \
        const struct linux_measured *m = &(from)->measured;                              \
        (data)->state = (from)->state;                                                   \
        (data)->flags = (life)->holds.flags;                                             \
        (data)->rcv_nxt = (from)->rcv_nxt;                                               \
        (data)->rcv_wnd = (from)->rcv_wnd;                                               \
        (data)->snd_una = (from)->snd_una;                                               \
        (data)->snd_nxt = (data)->snd_max = (from)->snd_nxt;                             \
        (data)->snd_wnd = (from)->snd_wnd;                                               \
        (data)->max_snd_wnd = (from)->max_snd_wnd;                                       \
        (data)->send_wl1 = (from)->send_wl1;                                             \
        (data)->cwnd = m->cwnd;                                                          \
        (data)->ss_thresh = m->ssthresh;                                                 \
        (data)->srtt = at_most_16(to_ticks(nic, (uint64_t)m->rtt_us * 8));               \
        (data)->rtt_var = at_most_16(to_ticks(nic, (uint64_t)m->rtt_var_us * 4));        \
        (data)->ts_recent = (life)->holds.ts_recent; /* the last that is known */        \
        (data)->ts_recent_age = linux_ticks_since(nic, (life)->ts_recent_at);            \
        (data)->ts_time = (from)->ts_time;                                               \
        (data)->total_rt = (uint32_t)to_ticks(nic, (uint64_t)m->total_rto_ms * 1000);    \
        (data)->snd_wnd_probe_count = (data)->keepalive_probe_count = m->probes;         \
        (data)->retransmit_count = m->retransmits;                                       \
        (data)->keepalive_timeout_delta = (data)->retransmit_timeout_delta = UINT32_MAX; \
        (data)->dwnd = (from)->receive_backlog;                                          \
        (nic)->counters.not_read += NEVER_READ;                                          \
    } while (0)

void linux_read_data(struct linux_nic *nic, uint32_t index, const struct linux_connection *from,
                     struct chimney_read_tcp_data *data)
{
    const struct linux_life *life = &nic->lives[index];
    READ(nic, life, from, data);
    data->send_backlog_size = from->send_backlog;
    data->receive_backlog_size = from->receive_backlog;
}

/* The chains are the host's from here on. */
void linux_remove_data(struct linux_nic *nic, uint32_t index, struct linux_connection *from,
                       struct chimney_remove_tcp_data *data)
{
    const struct linux_life *life = &nic->lives[index];
    READ(nic, life, from, data);
    data->send_data_head = from->send;
    data->send_data_tail = linux_data_last(from->send);
    data->buffered_data = from->receive;
    nic->counters.bytes_out +=
        linux_data_bytes(from->send) + (uint64_t)linux_data_bytes(from->receive);
    from->send = from->receive = NULL;
}
