/* SPDX-License-Identifier: BSD-2-Clause */
/* Rings of one producer and one consumer: two counters that only grow, masked where used. */
#include "device.h"

static uint32_t wrapped(const struct sim_ring *ring, uint32_t counter)
{
    return counter & (ring->entries - 1);
}

uint32_t sim_ring_space(const struct sim_ring *ring)
{
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    return ring->produced - head < ring->entries ? wrapped(ring, ring->produced) : UINT32_MAX;
}

void sim_ring_produce(struct sim_ring *ring)
{
    ring->produced++;
}

void sim_ring_publish(struct sim_ring *ring)
{
    atomic_store_explicit(&ring->tail, ring->produced, memory_order_release);
}

uint32_t sim_ring_next(const struct sim_ring *ring)
{
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return head != tail ? wrapped(ring, head) : UINT32_MAX;
}

void sim_ring_consume(struct sim_ring *ring)
{
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

bool sim_ring_empty(const struct sim_ring *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_acquire) ==
           atomic_load_explicit(&ring->tail, memory_order_acquire);
}
