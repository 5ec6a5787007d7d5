/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring.h: a ring of descriptors in memory that the device reads and writes, a buffer each.
 *
 * The driver fills the descriptor at `head` and rings; the device works in order and marks what is
 * done. Places between `next` and `head` are the device's. One thread at a time.
 */
#ifndef ROCKER_RING_H
#define ROCKER_RING_H

#include <stdatomic.h>
#include <stddef.h>

#include "bus.h"

/* Memory of the device's: mapped here, known to the device by its address on the bus. */
struct rocker_dma {
    void *memory;
    uint64_t address;
    size_t bytes;
};

struct rocker_descriptor {
    uint64_t buffer;
    uint64_t cookie;
    uint16_t buffer_bytes;
    uint16_t message_bytes;
    uint16_t reserved[5];
    _Atomic uint16_t completion; /* ROCKER_DONE, and an errno */
};
_Static_assert(sizeof(struct rocker_descriptor) == 32, "the device's descriptor");

struct rocker_ring {
    struct rocker_bus *bus;
    struct rocker_descriptor *descriptors;
    uint8_t *buffers;
    uint64_t descriptors_address, buffers_address;
    uint32_t number; /* of the ring, in the device */
    uint32_t entries, buffer_bytes;
    uint32_t head, next;
    uint32_t rung; /* head as the device knows it */
};

/* Cut the ring's memory off the front of `dma`. False if it is too small. */
bool rocker_ring_open(struct rocker_ring *ring, struct rocker_bus *bus, uint32_t number,
                      uint32_t entries, uint32_t buffer_bytes, struct rocker_dma *dma);
/* Empty it and tell the device where it is: after a reset of the device, or at the start. */
void rocker_ring_start(struct rocker_ring *ring);

uint32_t rocker_ring_room(const struct rocker_ring *ring);
/* The buffer of the entry that is posted next. */
void *rocker_ring_buffer(struct rocker_ring *ring);
void rocker_ring_post(struct rocker_ring *ring, uint64_t cookie, size_t message_bytes);
void rocker_ring_doorbell(struct rocker_ring *ring);

struct rocker_done {
    uint64_t cookie;
    uint16_t error; /* the device's errno; 0: good */
    bool lost;      /* the device went past it and said nothing */
    const uint8_t *message;
    size_t bytes;
};
/*
 * How many entries can be taken: up to the last one that is done. The device works in order, so
 * what is not done before it never will be.
 */
uint32_t rocker_ring_ready(const struct rocker_ring *ring);
struct rocker_done rocker_ring_take(struct rocker_ring *ring);

#endif
