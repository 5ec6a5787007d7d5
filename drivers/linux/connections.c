/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections: what each command of flue's is for the worker. */
#include <stdlib.h>

#include "nic.h"
#include "states.h"

static struct linux_order order_of(flue_cookie cookie, uint8_t command, uint32_t index)
{
    return (struct linux_order){
        .cookie = cookie, .kind = CHIMNEY_TCP, .command = command, .index = index};
}

static bool importable(const struct linux_nic *nic, const struct chimney_add_tcp_args *args)
{
    return args->state >= LINUX_ESTABLISHED && args->state <= LINUX_LAST_ACK &&
           nic->paths[args->path].taken;
}

LINUX_COMMAND(add_tcp)
{
    struct linux_nic *nic = adapter;
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_ADD_TCP, args->index);
    if (!importable(nic, args))
        return linux_refuse(nic, cookie, CHIMNEY_RESULT_CONNECTION_REJECTED);
    order.connection = linux_connection_of(nic, args);
    if (!order.connection)
        return linux_refuse(nic, cookie, CHIMNEY_RESULT_RESOURCES);
    uint64_t bytes = linux_data_bytes(order.connection->send) +
                     (uint64_t)linux_data_bytes(order.connection->receive);
    nic->lives[args->index] = (struct linux_life){
        .name = args->name, .holds = *args, .ts_recent_at = nic->now - args->ts_recent_age};
    if (linux_post(nic, &order) == FLUE_ISSUED) {
        nic->counters.bytes_in += bytes;
        return FLUE_ISSUED;
    }
    linux_connection_free(order.connection);
    free(order.connection);
    return FLUE_RING_FULL;
}

LINUX_COMMAND(write_timers)
{
    struct linux_nic *nic = adapter;
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_WRITE_TIMERS, args->index);
    struct chimney_add_tcp_args holds = {.keepalive_on = args->keepalive_on,
                                         .ka_probe_count = args->ka_probe_count,
                                         .ka_timeout = args->ka_timeout,
                                         .ka_interval = args->ka_interval,
                                         .max_rt = args->max_rt};
    order.settings = linux_settings_of(nic, &holds);
    return linux_post(nic, &order);
}

LINUX_COMMAND(write_buffers)
{
    struct linux_nic *nic = adapter;
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_WRITE_BUFFERS, args->index);
    struct chimney_add_tcp_args holds = {.nagle_on = args->nagle_on,
                                         .initial_rcv_wnd = args->initial_rcv_wnd};
    order.settings = linux_settings_of(nic, &holds);
    return linux_post(nic, &order);
}

LINUX_COMMAND(write_header)
{
    struct linux_nic *nic = adapter;
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_WRITE_HEADER, args->index);
    struct chimney_add_tcp_args holds = {.flow_label = args->flow_label,
                                         .ttl_or_hop_limit = args->ttl_or_hop_limit,
                                         .tos_or_traffic_class = args->tos_or_traffic_class,
                                         .user_priority = args->user_priority};
    order.settings = linux_settings_of(nic, &holds);
    return linux_post(nic, &order);
}

LINUX_COMMAND(restart)
{
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_RESTART, args->index);
    order.restart = *args;
    return linux_post(adapter, &order);
}

LINUX_COMMAND(read_tcp)
{
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_READ_TCP, args->index);
    return linux_post(adapter, &order);
}

LINUX_COMMAND(block_tcp)
{
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_BLOCK_TCP, args->index);
    return linux_post(adapter, &order);
}

LINUX_COMMAND(remove_tcp)
{
    struct linux_order order = order_of(cookie, CHIMNEY_TCP_REMOVE_TCP, args->index);
    return linux_post(adapter, &order);
}
