/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h: hardware that costs what hardware costs the processor: a 64-byte descriptor written to a
 * ring for every command, and read back when its answer is taken.
 *
 *     example
 *     struct nic *nic = nic_open(&config);
 *     nic_do(nic, chimney_update, root);                 // returns when the request is completed
 */
#ifndef NIC_H
#define NIC_H

#include <string.h>

#include "bench.h"
#include "chimney.h"

enum { RING_ENTRIES = 1024, DESCRIPTOR_BYTES = 64, BURST = 256 };

/* `cookie` comes back with the answer; the words are what the command carries, cut to fit. */
struct descriptor {
    uint64_t cookie;
    uint32_t index;
    uint32_t opcode;
    uint32_t words[12];
};
_Static_assert(sizeof(struct descriptor) == DESCRIPTOR_BYTES, "one line of a cache");

struct ring {
    struct descriptor *entries;
    uint32_t head, tail; /* written up to, answered up to */
};

static inline struct descriptor *ring_next(struct ring *ring)
{
    if (ring->head - ring->tail == RING_ENTRIES)
        return NULL;
    return &ring->entries[ring->head++ % RING_ENTRIES];
}

static inline const struct descriptor *ring_answer(struct ring *ring)
{
    if (ring->head == ring->tail)
        return NULL;
    return &ring->entries[ring->tail++ % RING_ENTRIES];
}

/* A whole descriptor, word by word, as a driver fills it in: the rest becomes 0. */
#define RING_POST(to, cookie_, index_, opcode_, ...) \
    (*(to) = (struct descriptor){                    \
         .cookie = (cookie_), .index = (index_), .opcode = (opcode_), .words = {__VA_ARGS__}})

struct nic {
    struct chimney_target target; /* first: the adapter begins with the target */
    struct ring ring;
    void *memory; /* the target's */
    size_t bytes;
    uint64_t completed; /* requests */
    bool stamps;        /* note the time of completions */
    bool queues;        /* answers come through the queue, as from another thread */
    uint64_t completed_at;
    uint64_t told; /* indications */
    uint64_t doorbells;
};
CHIMNEY_ADAPTER_BEGINS_WITH(struct nic, target);

/* Pools for this many objects, a ring of RING_ENTRIES. */
struct flue_config nic_config(uint32_t neighbors, uint32_t paths, uint32_t connections);
struct nic *nic_open(const struct flue_config *config);
void nic_close(struct nic *nic);

/* Poll, with all answers good, until `completions` requests in all are complete. */
void nic_serve(struct nic *nic, uint64_t completions);
/* Poll until there is nothing left to do. */
void nic_settle(struct nic *nic);
void nic_do(struct nic *nic, void (*operation)(void *adapter, struct chimney_node *root),
            struct chimney_node *root);

#endif
