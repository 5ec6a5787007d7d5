/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each command does to the tables, one function per command.
 *
 * What no sane driver sends (an index out of range, an entry added twice, a link to an entry that
 * is not there, an entry removed under its dependents) is refused and counted. Removing what is not
 * there is no nonsense: after a lost answer the driver cannot know. That it is gone is the answer.
 */
#include <string.h>

#include "device.h"

typedef uint8_t command_fn(struct sim_device *d, uint32_t index, const union sim_args *args,
                           union sim_data *data);

static uint8_t nonsense(struct sim_device *d)
{
    d->counters.nonsense++;
    return CHIMNEY_RESULT_FAILURE;
}

/* It is not there; flue should know that, unless the device lost it by itself. */
static uint8_t missing(struct sim_device *d, uint8_t kind, uint32_t index)
{
    if (index >= d->capacity[kind] || !d->vanished[kind][index])
        d->counters.nonsense++;
    return CHIMNEY_RESULT_GONE;
}

/* The same of the entry that another one is to link to. */
static uint8_t link_missing(struct sim_device *d, uint8_t kind, uint32_t index)
{
    missing(d, kind, index);
    return CHIMNEY_RESULT_FAILURE;
}

/* Take an entry of a table; OK, or why not. */
static uint8_t take_entry(struct sim_device *d, uint8_t kind, uint32_t index, uint8_t full)
{
    if (index >= d->capacity[kind] || d->present[kind][index])
        return nonsense(d);
    if (d->in_use[kind] >= d->entries[kind])
        return full;
    d->present[kind][index] = true;
    d->vanished[kind][index] = false;
    d->in_use[kind]++;
    return CHIMNEY_RESULT_OK;
}

static void leave_entry(struct sim_device *d, uint8_t kind, uint32_t index, enum sim_plug how)
{
    if (kind == CHIMNEY_TCP && d->plug)
        d->plug(d->wire, index, how);
    if (kind == CHIMNEY_PATH)
        d->neighbors[d->paths[index].holds.neighbor].paths--;
    if (kind == CHIMNEY_TCP)
        d->paths[d->tcps[index].holds.path].tcps--;
    d->present[kind][index] = false;
    d->in_use[kind]--;
}

/* An entry that others link to stays: a device can lose what it likes, but it knows that much. */
void sim_vanish(struct sim_device *d, uint8_t kind, uint32_t index)
{
    if (!sim_present(d, kind, index) ||
        (kind == CHIMNEY_NEIGHBOR && d->neighbors[index].paths != 0) ||
        (kind == CHIMNEY_PATH && d->paths[index].tcps != 0))
        return;
    leave_entry(d, kind, index, SIM_LOST);
    d->vanished[kind][index] = true;
}

static uint32_t since(const struct sim_device *d, uint64_t moment)
{
    uint64_t age = d->now - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX; /* or more; it never comes round */
}

/* ---- Neighbors ----------------------------------------------------------------------------- */

static uint8_t add_neighbor(struct sim_device *d, uint32_t index, const union sim_args *args,
                            union sim_data *data)
{
    (void)data;
    uint8_t result = take_entry(d, CHIMNEY_NEIGHBOR, index, CHIMNEY_RESULT_NEIGHBOR_ENTRIES);
    if (result != CHIMNEY_RESULT_OK)
        return result;
    struct sim_neighbor *n = &d->neighbors[index];
    memset(n, 0, sizeof(*n));
    n->holds = args->add_neighbor;
    n->host_confirmed_at = d->now - n->holds.host_reachability_delta;
    n->nic_confirmed_at = d->now - n->holds.nic_reachability_delta;
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_mac(struct sim_device *d, uint32_t index, const union sim_args *args,
                         union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_NEIGHBOR, index))
        return missing(d, CHIMNEY_NEIGHBOR, index);
    memcpy(d->neighbors[index].holds.destination_mac, args->write_mac.destination_mac,
           sizeof(args->write_mac.destination_mac));
    return CHIMNEY_RESULT_OK;
}

static uint8_t read_neighbor(struct sim_device *d, uint32_t index, const union sim_args *args,
                             union sim_data *data)
{
    (void)args;
    if (!sim_present(d, CHIMNEY_NEIGHBOR, index))
        return missing(d, CHIMNEY_NEIGHBOR, index);
    data->read_neighbor.nic_reachability_delta = since(d, d->neighbors[index].nic_confirmed_at);
    return CHIMNEY_RESULT_OK;
}

static uint8_t block_neighbor(struct sim_device *d, uint32_t index, const union sim_args *args,
                              union sim_data *data)
{
    (void)args;
    (void)data;
    if (!sim_present(d, CHIMNEY_NEIGHBOR, index))
        return missing(d, CHIMNEY_NEIGHBOR, index);
    d->neighbors[index].blocked = true;
    return CHIMNEY_RESULT_OK;
}

static uint8_t remove_neighbor(struct sim_device *d, uint32_t index, const union sim_args *args,
                               union sim_data *data)
{
    (void)args;
    if (index >= d->capacity[CHIMNEY_NEIGHBOR])
        return nonsense(d);
    if (!d->present[CHIMNEY_NEIGHBOR][index]) {
        d->counters.absent++;
        return CHIMNEY_RESULT_GONE;
    }
    if (d->neighbors[index].paths != 0)
        return nonsense(d);
    data->remove_neighbor.nic_reachability_delta = since(d, d->neighbors[index].nic_confirmed_at);
    leave_entry(d, CHIMNEY_NEIGHBOR, index, SIM_REMOVED);
    return CHIMNEY_RESULT_OK;
}

/* ---- Paths --------------------------------------------------------------------------------- */

static uint8_t add_path(struct sim_device *d, uint32_t index, const union sim_args *args,
                        union sim_data *data)
{
    (void)data;
    const struct chimney_add_path_args *a = &args->add_path;
    if (!sim_present(d, CHIMNEY_NEIGHBOR, a->neighbor))
        return link_missing(d, CHIMNEY_NEIGHBOR, a->neighbor);
    uint8_t result = take_entry(d, CHIMNEY_PATH, index, CHIMNEY_RESULT_PATH_ENTRIES);
    if (result != CHIMNEY_RESULT_OK)
        return result;
    struct sim_path *p = &d->paths[index];
    memset(p, 0, sizeof(*p));
    p->holds = *a;
    memcpy(p->source, a->source_address, sizeof(p->source));
    memcpy(p->destination, a->destination_address, sizeof(p->destination));
    d->neighbors[a->neighbor].paths++;
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_route(struct sim_device *d, uint32_t index, const union sim_args *args,
                           union sim_data *data)
{
    (void)data;
    uint32_t neighbor = args->write_route.neighbor;
    if (!sim_present(d, CHIMNEY_PATH, index))
        return missing(d, CHIMNEY_PATH, index);
    if (!sim_present(d, CHIMNEY_NEIGHBOR, neighbor))
        return link_missing(d, CHIMNEY_NEIGHBOR, neighbor);
    d->neighbors[d->paths[index].holds.neighbor].paths--;
    d->paths[index].holds.neighbor = neighbor;
    d->neighbors[neighbor].paths++;
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_mtu(struct sim_device *d, uint32_t index, const union sim_args *args,
                         union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_PATH, index))
        return missing(d, CHIMNEY_PATH, index);
    d->paths[index].holds.path_mtu = args->write_mtu.path_mtu;
    return CHIMNEY_RESULT_OK;
}

static uint8_t block_path(struct sim_device *d, uint32_t index, const union sim_args *args,
                          union sim_data *data)
{
    (void)args;
    (void)data;
    if (!sim_present(d, CHIMNEY_PATH, index))
        return missing(d, CHIMNEY_PATH, index);
    d->paths[index].blocked = true;
    return CHIMNEY_RESULT_OK;
}

static uint8_t remove_path(struct sim_device *d, uint32_t index, const union sim_args *args,
                           union sim_data *data)
{
    (void)args;
    (void)data;
    if (index >= d->capacity[CHIMNEY_PATH])
        return nonsense(d);
    if (!d->present[CHIMNEY_PATH][index]) {
        d->counters.absent++;
        return CHIMNEY_RESULT_GONE;
    }
    if (d->paths[index].tcps != 0)
        return nonsense(d);
    leave_entry(d, CHIMNEY_PATH, index, SIM_REMOVED);
    return CHIMNEY_RESULT_OK;
}

/* ---- Connections --------------------------------------------------------------------------- */

static uint8_t add_tcp(struct sim_device *d, uint32_t index, const union sim_args *args,
                       union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_PATH, args->add_tcp.path))
        return link_missing(d, CHIMNEY_PATH, args->add_tcp.path);
    uint8_t result = take_entry(d, CHIMNEY_TCP, index, CHIMNEY_RESULT_TCP_ENTRIES);
    if (result != CHIMNEY_RESULT_OK)
        return result;
    struct sim_tcp *t = &d->tcps[index];
    memset(t, 0, sizeof(*t));
    t->holds = args->add_tcp;
    t->ts_recent_at = d->now - t->holds.ts_recent_age;
    d->paths[t->holds.path].tcps++;
    if (d->plug)
        d->plug(d->wire, index, SIM_COMES);
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_timers(struct sim_device *d, uint32_t index, const union sim_args *args,
                            union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    struct chimney_add_tcp_args *holds = &d->tcps[index].holds;
    const struct chimney_write_timers_args *a = &args->write_timers;
    holds->keepalive_on = a->keepalive_on;
    holds->ka_probe_count = a->ka_probe_count;
    holds->ka_timeout = a->ka_timeout;
    holds->ka_interval = a->ka_interval;
    holds->max_rt = a->max_rt;
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_buffers(struct sim_device *d, uint32_t index, const union sim_args *args,
                             union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    struct chimney_add_tcp_args *holds = &d->tcps[index].holds;
    const struct chimney_write_buffers_args *a = &args->write_buffers;
    holds->nagle_on = a->nagle_on;
    holds->initial_rcv_wnd = a->initial_rcv_wnd;
    holds->rcv_indication_size = a->rcv_indication_size;
    return CHIMNEY_RESULT_OK;
}

static uint8_t write_header(struct sim_device *d, uint32_t index, const union sim_args *args,
                            union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    struct chimney_add_tcp_args *holds = &d->tcps[index].holds;
    const struct chimney_write_header_args *a = &args->write_header;
    holds->flow_label = a->flow_label;
    holds->ttl_or_hop_limit = a->ttl_or_hop_limit;
    holds->tos_or_traffic_class = a->tos_or_traffic_class;
    holds->user_priority = a->user_priority;
    return CHIMNEY_RESULT_OK;
}

static uint8_t restart(struct sim_device *d, uint32_t index, const union sim_args *args,
                       union sim_data *data)
{
    (void)data;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    struct sim_tcp *t = &d->tcps[index];
    const struct chimney_restart_args *a = &args->restart;
    if (a->clear_probe_count)
        t->holds.keepalive_probe_count = 0;
    if (a->rearm_keepalive)
        t->holds.keepalive_timeout_delta = t->holds.ka_timeout;
    if (a->clear_total_rt)
        t->holds.total_rt = 0;
    if (a->advertise_window && t->holds.rcv_wnd != t->holds.initial_rcv_wnd) {
        t->holds.rcv_wnd = t->holds.initial_rcv_wnd;
        t->windows_advertised++;
    }
    return CHIMNEY_RESULT_OK;
}

static uint8_t read_tcp(struct sim_device *d, uint32_t index, const union sim_args *args,
                        union sim_data *data)
{
    (void)args;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    const struct sim_tcp *t = &d->tcps[index];
    struct chimney_read_tcp_data *out = &data->read_tcp;
    chimney_read_tcp_data_from_add_tcp(out, &t->holds);
    out->ts_recent_age = since(d, t->ts_recent_at);
    out->send_backlog_size = UINT32_MAX; /* this device cannot tell */
    out->receive_backlog_size = UINT32_MAX;
    return CHIMNEY_RESULT_OK;
}

static uint8_t block_tcp(struct sim_device *d, uint32_t index, const union sim_args *args,
                         union sim_data *data)
{
    (void)args;
    (void)data;
    if (!sim_present(d, CHIMNEY_TCP, index))
        return missing(d, CHIMNEY_TCP, index);
    d->tcps[index].blocked = true;
    return CHIMNEY_RESULT_OK;
}

static uint8_t remove_tcp(struct sim_device *d, uint32_t index, const union sim_args *args,
                          union sim_data *data)
{
    (void)args;
    struct chimney_remove_tcp_data *out = &data->remove_tcp;
    if (index >= d->capacity[CHIMNEY_TCP])
        return nonsense(d);
    if (!d->present[CHIMNEY_TCP][index]) {
        d->counters.absent++;
        return CHIMNEY_RESULT_GONE;
    }
    const struct sim_tcp *t = &d->tcps[index];
    leave_entry(d, CHIMNEY_TCP, index, SIM_REMOVED);
    /* Data that came with it goes as it came, unless somebody moves it. */
    chimney_remove_tcp_data_from_add_tcp(out, &t->holds);
    out->ts_recent_age = since(d, t->ts_recent_at);
    return CHIMNEY_RESULT_OK;
}

/* ---- All of them --------------------------------------------------------------------------- */

static command_fn *const commands[CHIMNEY_KINDS][FLUE_MAX_COMMANDS] = {
    [CHIMNEY_NEIGHBOR] = {[CHIMNEY_NEIGHBOR_ADD_NEIGHBOR] = add_neighbor,
                          [CHIMNEY_NEIGHBOR_WRITE_MAC] = write_mac,
                          [CHIMNEY_NEIGHBOR_READ_NEIGHBOR] = read_neighbor,
                          [CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR] = block_neighbor,
                          [CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR] = remove_neighbor},
    [CHIMNEY_PATH] = {[CHIMNEY_PATH_ADD_PATH] = add_path,
                      [CHIMNEY_PATH_WRITE_ROUTE] = write_route,
                      [CHIMNEY_PATH_WRITE_MTU] = write_mtu,
                      [CHIMNEY_PATH_BLOCK_PATH] = block_path,
                      [CHIMNEY_PATH_REMOVE_PATH] = remove_path},
    [CHIMNEY_TCP] = {[CHIMNEY_TCP_ADD_TCP] = add_tcp,
                     [CHIMNEY_TCP_WRITE_TIMERS] = write_timers,
                     [CHIMNEY_TCP_WRITE_BUFFERS] = write_buffers,
                     [CHIMNEY_TCP_WRITE_HEADER] = write_header,
                     [CHIMNEY_TCP_RESTART] = restart,
                     [CHIMNEY_TCP_READ_TCP] = read_tcp,
                     [CHIMNEY_TCP_BLOCK_TCP] = block_tcp,
                     [CHIMNEY_TCP_REMOVE_TCP] = remove_tcp},
};

uint8_t sim_execute(struct sim_device *d, const struct sim_descriptor *command,
                    const union sim_args *args, union sim_data *data)
{
    command_fn *execute = command->kind < CHIMNEY_KINDS && command->command < FLUE_MAX_COMMANDS
                              ? commands[command->kind][command->command]
                              : NULL;
    return execute ? execute(d, command->index, args, data) : nonsense(d);
}

bool sim_brings_data(uint8_t kind, uint8_t command)
{
    return (kind == CHIMNEY_NEIGHBOR && (command == CHIMNEY_NEIGHBOR_READ_NEIGHBOR ||
                                         command == CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR)) ||
           (kind == CHIMNEY_TCP &&
            (command == CHIMNEY_TCP_READ_TCP || command == CHIMNEY_TCP_REMOVE_TCP));
}
