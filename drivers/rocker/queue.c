/* SPDX-License-Identifier: BSD-2-Clause */
/* The command ring: orders that do no harm go in, together or one that is awaited on the spot. */
#include "nic.h"

#define MOST_LOOKS 100000 /* at the ring, for an answer that is awaited on the spot */

uint32_t rocker_under_way(const struct rocker_nic *nic)
{
    return nic->commands.entries - 1 - rocker_ring_room(&nic->commands);
}

void rocker_ring_commands(struct rocker_nic *nic)
{
    if (nic->commands.rung == nic->commands.head)
        return; /* everything was refused, or done in software */
    nic->counters.doorbells++;
    rocker_ring_doorbell(&nic->commands);
}

bool rocker_post(struct rocker_nic *nic, uint64_t cookie, const struct rocker_order *order)
{
    size_t length = 0;
    if (rocker_order_harmless(order, nic->ports))
        length = rocker_order_encode(order, rocker_ring_buffer(&nic->commands),
                                     nic->commands.buffer_bytes);
    if (length == 0 || rocker_ring_room(&nic->commands) == 0) {
        nic->counters.refused++;
        return false;
    }
    nic->counters.orders++;
    rocker_ring_post(&nic->commands, cookie, length);
    return true;
}

/* Ring, and look until the one order in the ring is done. Asking for the tail lets time pass. */
struct rocker_done rocker_wait_for_one(struct rocker_nic *nic)
{
    uint32_t base = ROCKER_RING + ROCKER_RING_STRIDE * ROCKER_RING_COMMAND;
    rocker_ring_commands(nic);
    for (uint32_t i = 0; i < MOST_LOOKS && !nic->bus->broken; i++) {
        if (rocker_ring_ready(&nic->commands) > 0) {
            struct rocker_done done = rocker_ring_take(&nic->commands);
            nic->bus->write32(nic->bus, 0, base + ROCKER_RING_CREDITS, 1);
            return done;
        }
        nic->bus->read32(nic->bus, 0, base + ROCKER_RING_TAIL);
    }
    return (struct rocker_done){.error = ROCKER_ENXIO, .lost = true};
}

uint16_t rocker_order_now(struct rocker_nic *nic, const struct rocker_order *order)
{
    if (rocker_under_way(nic) != 0)
        return ROCKER_ENOBUFS;
    if (!rocker_post(nic, ROCKER_NO_JOB, order))
        return ROCKER_EINVAL;
    return rocker_wait_for_one(nic).error;
}
