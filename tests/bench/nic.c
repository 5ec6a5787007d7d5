/* SPDX-License-Identifier: BSD-2-Clause */
#include "nic.h"

#include <stdlib.h>

enum opcode { OP_PLAIN, OP_READ_NEIGHBOR, OP_REMOVE_NEIGHBOR, OP_READ_TCP, OP_REMOVE_TCP };

/* A binding function: is there room? then a descriptor from the members of `a`. */
#define BINDING(command, opcode, ...)                                                \
    static enum flue_issued post_##command(void *adapter, flue_cookie cookie,        \
                                           const struct chimney_##command##_args *a) \
    {                                                                                \
        struct descriptor *d = ring_next(&((struct nic *)adapter)->ring);            \
        if (!d)                                                                      \
            return FLUE_RING_FULL;                                                   \
        RING_POST(d, cookie, a->index, opcode, __VA_ARGS__);                         \
        return FLUE_ISSUED;                                                          \
    }

#define FLAG(condition, bit) ((uint32_t)(condition) << (bit))

BINDING(add_neighbor, OP_PLAIN, a->destination_mac[0], a->destination_mac[5])
BINDING(write_mac, OP_PLAIN, a->destination_mac[0], a->destination_mac[5])
BINDING(block_neighbor, OP_PLAIN, 0)
BINDING(read_neighbor, OP_READ_NEIGHBOR, 0)
BINDING(remove_neighbor, OP_REMOVE_NEIGHBOR, 0)
BINDING(add_path, OP_PLAIN, a->neighbor, a->path_mtu)
BINDING(write_route, OP_PLAIN, a->neighbor)
BINDING(write_mtu, OP_PLAIN, a->path_mtu)
BINDING(block_path, OP_PLAIN, 0)
BINDING(remove_path, OP_PLAIN, 0)
BINDING(add_tcp, OP_PLAIN, a->path, a->remote_port, a->local_port, a->remote_mss, a->ka_timeout,
        a->ka_interval, a->max_rt, a->rcv_nxt, a->rcv_wnd, a->snd_una, a->snd_nxt, a->snd_wnd)
BINDING(write_timers, OP_PLAIN, FLAG(a->keepalive_on, 0) | FLAG(a->variant, 1), a->ka_probe_count,
        a->ka_timeout, a->ka_interval, a->max_rt)
BINDING(write_buffers, OP_PLAIN, FLAG(a->nagle_on, 0) | FLAG(a->variant, 1), a->initial_rcv_wnd,
        a->rcv_indication_size)
BINDING(write_header, OP_PLAIN, a->flow_label, a->ttl_or_hop_limit, a->tos_or_traffic_class,
        a->user_priority)
BINDING(restart, OP_PLAIN,
        FLAG(a->clear_probe_count, 0) | FLAG(a->rearm_keepalive, 1) | FLAG(a->clear_total_rt, 2) |
            FLAG(a->advertise_window, 3))
BINDING(block_tcp, OP_PLAIN, 0)
BINDING(read_tcp, OP_READ_TCP, 0)
BINDING(remove_tcp, OP_REMOVE_TCP, 0)

static void ring_doorbell(void *adapter)
{
    ((struct nic *)adapter)->doorbells++;
}

static const struct chimney_binding binding = {
    .add_neighbor = post_add_neighbor,
    .write_mac = post_write_mac,
    .block_neighbor = post_block_neighbor,
    .read_neighbor = post_read_neighbor,
    .remove_neighbor = post_remove_neighbor,
    .add_path = post_add_path,
    .write_route = post_write_route,
    .write_mtu = post_write_mtu,
    .block_path = post_block_path,
    .remove_path = post_remove_path,
    .add_tcp = post_add_tcp,
    .write_timers = post_write_timers,
    .write_buffers = post_write_buffers,
    .write_header = post_write_header,
    .restart = post_restart,
    .block_tcp = post_block_tcp,
    .read_tcp = post_read_tcp,
    .remove_tcp = post_remove_tcp,
    .doorbell = ring_doorbell,
};

static void complete(void *handle, struct chimney_node *root)
{
    struct nic *nic = handle;
    (void)root;
    nic->completed++;
    if (nic->stamps)
        nic->completed_at = bench_now();
}

static const struct chimney_completions completions = {
    .initiate = complete,
    .update = complete,
    .query = complete,
    .invalidate = complete,
    .terminate = complete,
};

/* Indications of an object bring no adapter; all benchmarks together count them. */
static uint64_t told;

static void tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    (void)object_handle, (void)code, (void)detail;
    told++;
}

static void object_event(void *target_handle, struct chimney_node *node, uint32_t code)
{
    (void)target_handle, (void)node, (void)code;
    told++;
}

static void status_event(void *target_handle, struct chimney_status_indication *indication)
{
    (void)target_handle, (void)indication;
    told++;
}

static const struct chimney_indications indications = {
    .NdisTcpOffloadEventHandler = tcp_event,
    .NdisMOffloadEventIndicate = object_event,
    .NdisMIndicateStatusEx = status_event,
};

static void wake(void *adapter)
{
    (void)adapter; /* whoever waits for a completion polls */
}

static void answer(struct nic *nic, const struct descriptor *d)
{
    static const struct chimney_read_neighbor_data neighbor_read;
    static const struct chimney_remove_neighbor_data neighbor_removed;
    static const struct chimney_read_tcp_data tcp_read;
    static const struct chimney_remove_tcp_data tcp_removed;
    struct chimney_target *t = &nic->target;
    switch (d->opcode) {
    case OP_READ_NEIGHBOR:
        chimney_read_neighbor_done(t, d->cookie, CHIMNEY_RESULT_OK, &neighbor_read);
        break;
    case OP_REMOVE_NEIGHBOR:
        chimney_remove_neighbor_done(t, d->cookie, CHIMNEY_RESULT_OK, &neighbor_removed);
        break;
    case OP_READ_TCP:
        chimney_read_tcp_done(t, d->cookie, CHIMNEY_RESULT_OK, &tcp_read);
        break;
    case OP_REMOVE_TCP:
        chimney_remove_tcp_done(t, d->cookie, CHIMNEY_RESULT_OK, &tcp_removed);
        break;
    }
}

/* Answers without data go into `burst`, the others are given at once. */
static size_t take(struct nic *nic, struct flue_answer *burst, size_t room)
{
    size_t count = 0;
    const struct descriptor *d;
    while (count < room && (d = ring_answer(&nic->ring)) != NULL) {
        if (d->opcode == OP_PLAIN)
            burst[count++] = (struct flue_answer){d->cookie, CHIMNEY_RESULT_OK};
        else
            answer(nic, d);
    }
    return count;
}

static size_t reap(void *adapter, struct flue_answer *answers, size_t room)
{
    struct nic *nic = adapter;
    return nic->queues ? 0 : take(nic, answers, room);
}

struct flue_config nic_config(uint32_t neighbors, uint32_t paths, uint32_t connections)
{
    return (struct flue_config){
        .capacity = {neighbors, paths, connections},
        .ring_entries = RING_ENTRIES,
        .reserved_entries = 16,
        .running_requests = 64,
        .quarantine_limit = 16,
        .ticks_per_second = 1000,
        .key = 0x5eed,
        .wake = wake,
        .reap = reap,
    };
}

struct nic *nic_open(const struct flue_config *given)
{
    struct flue_config config = *given;
    struct nic *nic = bench_memory(sizeof *nic);
    nic->bytes = chimney_memory_bytes(&config);
    nic->memory = bench_memory(nic->bytes);
    config.host_handle = nic;
    nic->ring.entries = bench_memory(RING_ENTRIES * sizeof(struct descriptor));
    enum flue_error error = chimney_init(&nic->target, &config, &binding, &completions,
                                         &indications, nic->memory, nic->bytes);
    if (error != FLUE_OK)
        bench_stop("the target cannot be made: %s", flue_error_text(error));
    return nic;
}

void nic_close(struct nic *nic)
{
    bench_memory_free(nic->memory, nic->bytes);
    bench_memory_free(nic->ring.entries, RING_ENTRIES * sizeof(struct descriptor));
    bench_memory_free(nic, sizeof *nic);
}

/* As another thread would do it: answers are queued for the owner. */
static void queue_answers(struct nic *nic)
{
    struct flue_answer burst[BURST];
    for (size_t count = BURST; count == BURST;) {
        count = take(nic, burst, BURST);
        flue_commands_done(&nic->target.flue, burst, count);
    }
}

static bool serve_once(struct nic *nic)
{
    if (nic->queues)
        queue_answers(nic);
    return flue_poll(&nic->target.flue, BURST);
}

void nic_serve(struct nic *nic, uint64_t completions_)
{
    while (nic->completed < completions_)
        serve_once(nic);
    nic->told = told;
}

void nic_settle(struct nic *nic)
{
    while (serve_once(nic) || nic->ring.head != nic->ring.tail)
        ;
    nic->told = told;
}

void nic_do(struct nic *nic, void (*operation)(void *adapter, struct chimney_node *root),
            struct chimney_node *root)
{
    uint64_t before = nic->completed;
    operation(nic, root);
    nic_serve(nic, before + 1);
}
