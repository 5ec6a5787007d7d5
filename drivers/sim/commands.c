/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's half of each command: binding functions write descriptors into the command ring,
 * sim_deliver() hands the device's answers to flue.
 */
#include <string.h>

#include "device.h"

_Static_assert(sizeof(struct chimney_add_path_args) + 32 <= SIM_BUFFER_BYTES, "room for addresses");

/* By chance only while an answer is still to come: flue asks again after the next one. */
static bool ring_full(struct sim_nic *nic, uint8_t kind, uint8_t command)
{
    struct sim_device *d = nic->device;
    uint32_t chance = atomic_load_explicit(&d->full_chance, memory_order_relaxed);
    bool full = sim_ring_space(&d->commands) == UINT32_MAX ||
                (atomic_load_explicit(&d->full[kind], memory_order_relaxed) >> command & 1) ||
                (sim_chance(&d->driver_random, chance) && !sim_idle(nic));
    if (full)
        atomic_fetch_add(&d->ring_full, 1);
    return full;
}

/* The doorbell makes it visible, unless the device is to answer right now. */
static void produced(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    uint32_t chance = atomic_load_explicit(&d->inline_chance, memory_order_relaxed);
    struct sim_answer answer;
    sim_ring_produce(&d->commands);
    if (sim_chance(&d->driver_random, chance) && sim_device_inline(d, &answer)) {
        atomic_fetch_add(&d->inline_calls, 1);
        sim_deliver(nic, &answer);
    }
}

static struct sim_descriptor *describe(struct sim_device *d, flue_cookie cookie, uint8_t kind,
                                       uint8_t command, uint32_t index, const void *args,
                                       size_t bytes)
{
    uint32_t entry = sim_ring_space(&d->commands);
    struct sim_descriptor *descriptor = &d->descriptors[entry];
    *descriptor = (struct sim_descriptor){.cookie = cookie,
                                          .index = index,
                                          .kind = kind,
                                          .command = command,
                                          .bytes = (uint16_t)bytes};
    memcpy(bytes <= SIM_INLINE_BYTES ? descriptor->args : d->buffers[entry], args, bytes);
    return descriptor;
}

/* A binding function whose arguments need no translation. */
#define COMMAND(name, kind_, command_)                                                    \
    static enum flue_issued name(void *adapter, flue_cookie cookie,                       \
                                 const struct chimney_##name##_args *args)                \
    {                                                                                     \
        struct sim_nic *nic = adapter;                                                    \
        if (ring_full(nic, kind_, command_))                                              \
            return FLUE_RING_FULL;                                                        \
        describe(nic->device, cookie, kind_, command_, args->index, args, sizeof(*args)); \
        produced(nic);                                                                    \
        return FLUE_ISSUED;                                                               \
    }

COMMAND(add_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR)
COMMAND(write_mac, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC)
COMMAND(read_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_READ_NEIGHBOR)
COMMAND(block_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR)
COMMAND(remove_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR)
COMMAND(write_route, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE)
COMMAND(write_mtu, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_MTU)
COMMAND(block_path, CHIMNEY_PATH, CHIMNEY_PATH_BLOCK_PATH)
COMMAND(remove_path, CHIMNEY_PATH, CHIMNEY_PATH_REMOVE_PATH)
COMMAND(write_timers, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_TIMERS)
COMMAND(write_buffers, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_BUFFERS)
COMMAND(write_header, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_HEADER)
COMMAND(restart, CHIMNEY_TCP, CHIMNEY_TCP_RESTART)
COMMAND(read_tcp, CHIMNEY_TCP, CHIMNEY_TCP_READ_TCP)
COMMAND(block_tcp, CHIMNEY_TCP, CHIMNEY_TCP_BLOCK_TCP)
COMMAND(remove_tcp, CHIMNEY_TCP, CHIMNEY_TCP_REMOVE_TCP)

/* The addresses are valid during this call only, so they travel behind the arguments. */
static enum flue_issued add_path(void *adapter, flue_cookie cookie,
                                 const struct chimney_add_path_args *args)
{
    struct sim_nic *nic = adapter;
    uint8_t payload[sizeof(*args) + 32] = {0};
    size_t length = args->variant == CHIMNEY_VARIANT_IPV6 ? 16 : 4;
    if (ring_full(nic, CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH))
        return FLUE_RING_FULL;
    memcpy(payload, args, sizeof(*args));
    memcpy(payload + sizeof(*args), args->source_address, length);
    memcpy(payload + sizeof(*args) + 16, args->destination_address, length);
    describe(nic->device, cookie, CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH, args->index, payload,
             sizeof(payload));
    produced(nic);
    return FLUE_ISSUED;
}

/* What came with it is taken before it goes to the device, which may take its time. */
static enum flue_issued add_tcp(void *adapter, flue_cookie cookie,
                                const struct chimney_add_tcp_args *args)
{
    struct sim_nic *nic = adapter;
    struct sim_device *d = nic->device;
    if (ring_full(nic, CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP))
        return FLUE_RING_FULL;
    const uint8_t result = d->bring ? d->bring(d->wire, args) : CHIMNEY_RESULT_OK;
    if (result != CHIMNEY_RESULT_OK) {
        chimney_done(&nic->target, cookie, result);
        return FLUE_ISSUED;
    }
    describe(d, cookie, CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP, args->index, args, sizeof(*args));
    produced(nic);
    return FLUE_ISSUED;
}

static void doorbell(void *adapter)
{
    struct sim_device *d = ((struct sim_nic *)adapter)->device;
    atomic_fetch_add(&d->doorbells, 1);
    /* The doorbell goes last: the device may fetch as soon as it lands. */
    sim_ring_publish(&d->commands);
    if (d->threads)
        sem_post(&d->device_bell);
}

const struct chimney_binding sim_binding = {
    .add_neighbor = add_neighbor,
    .write_mac = write_mac,
    .read_neighbor = read_neighbor,
    .block_neighbor = block_neighbor,
    .remove_neighbor = remove_neighbor,
    .add_path = add_path,
    .write_route = write_route,
    .write_mtu = write_mtu,
    .block_path = block_path,
    .remove_path = remove_path,
    .add_tcp = add_tcp,
    .write_timers = write_timers,
    .write_buffers = write_buffers,
    .write_header = write_header,
    .restart = restart,
    .read_tcp = read_tcp,
    .block_tcp = block_tcp,
    .remove_tcp = remove_tcp,
    .doorbell = doorbell,
};

static bool hand_over(struct chimney_target *target, const struct sim_answer *a)
{
    enum chimney_result result = (enum chimney_result)a->result;
    if (!a->has_data)
        return chimney_done(target, a->cookie, result);
    if (a->kind == CHIMNEY_NEIGHBOR && a->command == CHIMNEY_NEIGHBOR_READ_NEIGHBOR)
        return chimney_read_neighbor_done(target, a->cookie, result, &a->data.read_neighbor);
    if (a->kind == CHIMNEY_NEIGHBOR)
        return chimney_remove_neighbor_done(target, a->cookie, result, &a->data.remove_neighbor);
    if (a->command == CHIMNEY_TCP_READ_TCP)
        return chimney_read_tcp_done(target, a->cookie, result, &a->data.read_tcp);
    return chimney_remove_tcp_done(target, a->cookie, result, &a->data.remove_tcp);
}

void sim_deliver(struct sim_nic *nic, const struct sim_answer *answer)
{
    bool taken = hand_over(&nic->target, answer);
    atomic_fetch_add(taken ? &nic->device->answers_taken : &nic->device->answers_stray, 1);
}
