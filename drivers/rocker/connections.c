/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections, in software only: the device's policy table matches the IP protocol, but neither
 * addresses nor ports, so it cannot tell one connection from another. What the host hands over is
 * kept as it is and given back; nobody moves data meanwhile.
 */
#include "nic.h"

static struct rocker_tcp *tcp_at(void *adapter, uint32_t index)
{
    return &((struct rocker_nic *)adapter)->tcps[index];
}

ROCKER_COMMAND(add_tcp)
{
    struct rocker_nic *nic = adapter;
    *tcp_at(nic, args->index) =
        (struct rocker_tcp){.holds = *args, .ts_recent_at = nic->now - args->ts_recent_age};
    return rocker_in_software(nic, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(write_timers)
{
    struct chimney_add_tcp_args *holds = &tcp_at(adapter, args->index)->holds;
    holds->keepalive_on = args->keepalive_on;
    holds->ka_probe_count = args->ka_probe_count;
    holds->ka_timeout = args->ka_timeout;
    holds->ka_interval = args->ka_interval;
    holds->max_rt = args->max_rt;
    return rocker_in_software(adapter, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(write_buffers)
{
    struct chimney_add_tcp_args *holds = &tcp_at(adapter, args->index)->holds;
    holds->nagle_on = args->nagle_on;
    holds->initial_rcv_wnd = args->initial_rcv_wnd;
    holds->rcv_indication_size = args->rcv_indication_size;
    return rocker_in_software(adapter, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(write_header)
{
    struct chimney_add_tcp_args *holds = &tcp_at(adapter, args->index)->holds;
    holds->flow_label = args->flow_label;
    holds->ttl_or_hop_limit = args->ttl_or_hop_limit;
    holds->tos_or_traffic_class = args->tos_or_traffic_class;
    holds->user_priority = args->user_priority;
    return rocker_in_software(adapter, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(restart)
{
    struct chimney_add_tcp_args *holds = &tcp_at(adapter, args->index)->holds;
    if (args->clear_probe_count)
        holds->keepalive_probe_count = 0;
    if (args->rearm_keepalive)
        holds->keepalive_timeout_delta = holds->ka_timeout;
    if (args->clear_total_rt)
        holds->total_rt = 0;
    if (args->advertise_window)
        holds->rcv_wnd = holds->initial_rcv_wnd;
    return rocker_in_software(adapter, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(read_tcp)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_tcp *t = tcp_at(nic, args->index);
    struct chimney_read_tcp_data data = {
        .ts_recent_age = rocker_ticks_since(nic, t->ts_recent_at),
        .send_backlog_size = UINT32_MAX, /* nobody can tell */
        .receive_backlog_size = UINT32_MAX,
    };
    chimney_read_tcp_data_from_add_tcp(&data, &t->holds);
    nic->counters.software++;
    chimney_read_tcp_done(&nic->target, cookie, CHIMNEY_RESULT_OK, &data);
    return FLUE_ISSUED;
}

ROCKER_COMMAND(block_tcp)
{
    (void)args;
    return rocker_in_software(adapter, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(remove_tcp)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_tcp *t = tcp_at(nic, args->index);
    struct chimney_remove_tcp_data data = {
        .ts_recent_age = rocker_ticks_since(nic, t->ts_recent_at),
    };
    chimney_remove_tcp_data_from_add_tcp(&data, &t->holds);
    nic->counters.software++;
    chimney_remove_tcp_done(&nic->target, cookie, CHIMNEY_RESULT_OK, &data);
    return FLUE_ISSUED;
}
