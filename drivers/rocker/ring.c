/* SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

#include <string.h>

#include "registers.h"

#define PAGE ((size_t)4096)

static uint32_t register_of(const struct rocker_ring *ring, uint32_t which)
{
    return ROCKER_RING + ring->number * ROCKER_RING_STRIDE + which;
}

static uint32_t after(const struct rocker_ring *ring, uint32_t entry)
{
    return (entry + 1) & (ring->entries - 1);
}

static void *cut(struct rocker_dma *dma, size_t bytes, uint64_t *address)
{
    bytes = (bytes + PAGE - 1) & ~(PAGE - 1);
    if (bytes > dma->bytes)
        return NULL;
    void *memory = dma->memory;
    *address = dma->address;
    dma->memory = (uint8_t *)dma->memory + bytes;
    dma->address += bytes;
    dma->bytes -= bytes;
    return memory;
}

bool rocker_ring_open(struct rocker_ring *ring, struct rocker_bus *bus, uint32_t number,
                      uint32_t entries, uint32_t buffer_bytes, struct rocker_dma *dma)
{
    *ring = (struct rocker_ring){
        .bus = bus, .number = number, .entries = entries, .buffer_bytes = buffer_bytes};
    ring->descriptors =
        cut(dma, entries * sizeof(struct rocker_descriptor), &ring->descriptors_address);
    if (ring->descriptors)
        ring->buffers = cut(dma, (size_t)entries * buffer_bytes, &ring->buffers_address);
    return ring->buffers != NULL;
}

void rocker_ring_start(struct rocker_ring *ring)
{
    memset(ring->descriptors, 0, ring->entries * sizeof(*ring->descriptors));
    ring->head = ring->next = ring->rung = 0;
    ring->bus->write64(ring->bus, 0, register_of(ring, ROCKER_RING_BASE),
                       ring->descriptors_address);
    /* The size goes last: it sets head and tail back. */
    ring->bus->write32(ring->bus, 0, register_of(ring, ROCKER_RING_SIZE), ring->entries);
}

uint32_t rocker_ring_room(const struct rocker_ring *ring)
{
    return (ring->next - ring->head - 1) & (ring->entries - 1);
}

void *rocker_ring_buffer(struct rocker_ring *ring)
{
    return ring->buffers + (size_t)ring->head * ring->buffer_bytes;
}

void rocker_ring_post(struct rocker_ring *ring, uint64_t cookie, size_t message_bytes)
{
    struct rocker_descriptor *d = &ring->descriptors[ring->head];
    d->buffer = ring->buffers_address + (uint64_t)ring->head * ring->buffer_bytes;
    d->cookie = cookie;
    d->buffer_bytes = (uint16_t)ring->buffer_bytes;
    d->message_bytes = (uint16_t)message_bytes;
    atomic_store_explicit(&d->completion, 0, memory_order_relaxed);
    ring->head = after(ring, ring->head);
}

void rocker_ring_doorbell(struct rocker_ring *ring)
{
    atomic_thread_fence(memory_order_release);
    ring->rung = ring->head;
    /* The doorbell goes last: the device may fetch as soon as it lands. */
    ring->bus->write32(ring->bus, 0, register_of(ring, ROCKER_RING_HEAD), ring->head);
}

static uint16_t completion(const struct rocker_ring *ring, uint32_t entry)
{
    return atomic_load_explicit(&ring->descriptors[entry].completion, memory_order_acquire);
}

uint32_t rocker_ring_ready(const struct rocker_ring *ring)
{
    uint32_t ready = 0, count = 0;
    for (uint32_t at = ring->next; at != ring->rung; at = after(ring, at)) {
        count++;
        if (completion(ring, at) & ROCKER_DONE)
            ready = count;
    }
    return ready;
}

struct rocker_done rocker_ring_take(struct rocker_ring *ring)
{
    const struct rocker_descriptor *d = &ring->descriptors[ring->next];
    uint16_t word = completion(ring, ring->next);
    struct rocker_done done = {
        .cookie = d->cookie,
        .error = (uint16_t)(word & (ROCKER_DONE - 1u)),
        .lost = !(word & ROCKER_DONE),
        .message = ring->buffers + (size_t)ring->next * ring->buffer_bytes,
        .bytes = d->message_bytes <= ring->buffer_bytes ? d->message_bytes : ring->buffer_bytes};
    ring->next = after(ring, ring->next);
    return done;
}
