/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/node.h: the host's nodes, through the offsets of the spec.
 *
 * While a target owns a tree it keeps the walk's state in four scratch words of every node:
 *
 *     word 0   the node above, NULL for a root
 *     word 1   link of the list the node is on (inbox, ready, deferred, prepared; one at a time)
 *     word 2   u32 dependents not finished, plus own part, plus walk; u32 object
 *     word 3   u32 serial of the request; u16 life, see life.c; u16 flags
 *
 * Loads and stores go through memcpy, since the members have the host's types.
 */
#ifndef FLUE_PRIV_NODE_H
#define FLUE_PRIV_NODE_H

#include "flue/priv/bytes.h"
#include "flue/priv/object.h"
#include "flue/priv/request.h"

enum flue_node_flags {
    FLUE_NODE_ROLE = 3,       /* enum flue_role */
    FLUE_NODE_OWN_DONE = 4,   /* the node's own part has its status */
    FLUE_NODE_WAITING = 8,    /* visited, not yet started */
    FLUE_NODE_SOME_GOOD = 16, /* of its immediate dependents */
    FLUE_NODE_SOME_BAD = 32,
    FLUE_NODE_QUEUED = 64,   /* a root in the inbox, not yet visited; its serial is 0 */
    FLUE_NODE_ASKED = 128,   /* what becomes of it depends on answers of the hardware */
    FLUE_NODE_OWN_SHIFT = 8, /* index of its own status, 6 bits; until then of the verdict on it */
    FLUE_NODE_OWN_MASK = 63 << FLUE_NODE_OWN_SHIFT,
    FLUE_NODE_MADE = 1 << 14, /* none of the host's: it stands for a dependent that is reached */
    FLUE_NODE_PREPARED = 1 << 15,     /* its object waits for what becomes of the request */
    FLUE_NODE_LAST = FLUE_NODE_QUEUED /* of such a node: it is to hear of it after what is below */
};

#define FLUE_NODE_NO_OBJECT UINT32_MAX
#define FLUE_NODE_KIND_SHIFT 28 /* word 2 names an object by kind and index */

static inline unsigned char *flue_node_at(const void *node, uint32_t offset)
{
    return (unsigned char *)(uintptr_t)node + offset;
}

static inline void *flue_load_pointer(const void *at)
{
    void *value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void flue_store_pointer(void *at, const void *value)
{
    memcpy(at, &value, sizeof value);
}

static inline uint32_t flue_load_u32(const void *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void flue_store_u32(void *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline uint64_t flue_load_u64(const void *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint16_t flue_load_u16(const void *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Members of the host; by their layout where that is a constant, else by the target's spec. */

FLUE_INLINE void *flue_layout_next(const struct flue_node_layout *n, const void *node)
{
    return flue_load_pointer(flue_node_at(node, n->next));
}

static inline void *flue_node_next(const struct flue_target *t, const void *node)
{
    return flue_layout_next(t->spec->node, node);
}

static inline void *flue_node_dependents(const struct flue_target *t, const void *node)
{
    return flue_load_pointer(flue_node_at(node, t->spec->node->dependents));
}

static inline uint32_t flue_node_type(const struct flue_target *t, const void *node)
{
    const struct flue_node_layout *layout = t->spec->node;
    const unsigned char *at = flue_node_at(node, layout->type);
    if (layout->type_bytes == 1)
        return *at;
    return layout->type_bytes == 2 ? flue_load_u16(at) : flue_load_u32(at);
}

/* Where the handle is kept: in the node, or in the cell that the node's member points to. */
FLUE_INLINE void *flue_layout_handle_cell(const struct flue_node_layout *n, const void *node)
{
    unsigned char *member = flue_node_at(node, n->context);
    return n->context_points ? flue_load_pointer(member) : member;
}

static inline void *flue_node_handle_cell(const struct flue_target *t, const void *node)
{
    return flue_layout_handle_cell(t->spec->node, node);
}

/* A handle has 64 bits on all hosts, whatever their pointers have. */
static inline uint64_t flue_cell_handle(const void *cell)
{
    uint64_t handle;
    memcpy(&handle, cell, sizeof handle);
    return handle;
}

static inline uint64_t flue_node_handle(const struct flue_target *t, const void *node)
{
    return flue_cell_handle(flue_node_handle_cell(t, node));
}

static inline void flue_node_set_handle(const struct flue_target *t, void *node, uint64_t handle)
{
    memcpy(flue_node_handle_cell(t, node), &handle, sizeof handle);
}

/* Scratch words. */

static inline unsigned char *flue_node_word(const struct flue_target *t, const void *node,
                                            unsigned word)
{
    return flue_node_at(node, t->spec->node->scratch[word]);
}

static inline void *flue_node_above(const struct flue_target *t, const void *node)
{
    return flue_load_pointer(flue_node_word(t, node, 0));
}

static inline void *flue_node_link(const struct flue_target *t, const void *node)
{
    return flue_load_pointer(flue_node_word(t, node, 1));
}

static inline void flue_node_set_link(const struct flue_target *t, void *node, const void *link)
{
    flue_store_pointer(flue_node_word(t, node, 1), link);
}

/* Word 3 is the one that other threads look at, to see whether a root is under way. */

#define FLUE_NODE_FLAGS_SHIFT 48
#define FLUE_NODE_LIFE_SHIFT 32

static inline uint64_t flue_stamp_load(const unsigned char *word)
{
    return atomic_load_explicit((const _Atomic uint64_t *)(const void *)word, memory_order_relaxed);
}

static inline void flue_stamp_store(unsigned char *word, uint64_t stamp)
{
    atomic_store_explicit((_Atomic uint64_t *)(void *)word, stamp, memory_order_relaxed);
}

static inline uint32_t flue_node_serial(const struct flue_target *t, const void *node)
{
    return (uint32_t)flue_stamp_load(flue_node_word(t, node, 3));
}

static inline uint16_t flue_node_flags(const struct flue_target *t, const void *node)
{
    return (uint16_t)(flue_stamp_load(flue_node_word(t, node, 3)) >> FLUE_NODE_FLAGS_SHIFT);
}

static inline void flue_node_set_flags(const struct flue_target *t, void *node, unsigned flags)
{
    uint64_t rest =
        flue_stamp_load(flue_node_word(t, node, 3)) & ((UINT64_C(1) << FLUE_NODE_FLAGS_SHIFT) - 1);
    flue_stamp_store(flue_node_word(t, node, 3), rest | (uint64_t)flags << FLUE_NODE_FLAGS_SHIFT);
}

static inline struct flue_object *flue_node_object(const struct flue_target *t, const void *node)
{
    uint32_t name = flue_load_u32(flue_node_word(t, node, 2) + 4);
    if (name == FLUE_NODE_NO_OBJECT)
        return NULL;
    return flue_object_at(t, (uint8_t)(name >> FLUE_NODE_KIND_SHIFT),
                          name & ((1u << FLUE_NODE_KIND_SHIFT) - 1));
}

static inline uint32_t flue_node_object_name(uint8_t kind, uint32_t index)
{
    return (uint32_t)kind << FLUE_NODE_KIND_SHIFT | index;
}

static inline void flue_node_set_object(const struct flue_target *t, void *node,
                                        const struct flue_object *object)
{
    uint32_t name = FLUE_NODE_NO_OBJECT;
    if (object)
        name = flue_node_object_name(object->kind, flue_object_index(t, object));
    flue_store_u32(flue_node_word(t, node, 2) + 4, name);
}

/* The request a visited node belongs to: the low bits of its serial are the index in the pool. */
static inline struct flue_request *flue_node_request(const struct flue_target *t, const void *node)
{
    return &t->requests[flue_node_serial(t, node) & (t->config.running_requests - 1)];
}

static inline bool flue_serial_runs(const struct flue_target *t, uint32_t serial)
{
    uint32_t index = serial & (t->config.running_requests - 1);
    return serial != 0 && atomic_load_explicit(&t->serials[index], memory_order_acquire) == serial;
}

/* What word 3 of a root in the inbox is. */
static inline uint64_t flue_queued_stamp(const struct flue_target *t)
{
    return (uint64_t)t->queued_life << FLUE_NODE_LIFE_SHIFT | (uint64_t)FLUE_NODE_QUEUED
                                                                  << FLUE_NODE_FLAGS_SHIFT;
}

/* A node under way: of a request that still runs, or a root in the inbox. Else it is garbage. */
static inline bool flue_stamp_lives_in(const struct flue_target *t, uint64_t stamp, uint16_t life)
{
    return stamp == flue_queued_stamp(t) || ((uint16_t)(stamp >> FLUE_NODE_LIFE_SHIFT) == life &&
                                             flue_serial_runs(t, (uint32_t)stamp));
}

static inline bool flue_stamp_lives(const struct flue_target *t, uint64_t stamp)
{
    return flue_stamp_lives_in(t, stamp, t->life);
}

static inline bool flue_node_stamped(const struct flue_target *t, const void *node)
{
    return flue_stamp_lives(t, flue_stamp_load(flue_node_word(t, node, 3)));
}

static inline uint64_t flue_request_stamp(const struct flue_target *t, uint32_t serial,
                                          unsigned flags)
{
    return (uint64_t)flags << FLUE_NODE_FLAGS_SHIFT | (uint64_t)t->life << FLUE_NODE_LIFE_SHIFT |
           serial;
}

/* Visited by the request of this serial. */
static inline bool flue_node_visited(const struct flue_target *t, const void *node, uint32_t serial)
{
    uint64_t differs =
        flue_stamp_load(flue_node_word(t, node, 3)) ^ flue_request_stamp(t, serial, 0);
    return differs << (64 - FLUE_NODE_FLAGS_SHIFT) == 0;
}

static inline _Atomic uint64_t *flue_node_claim_word(const struct flue_target *t, void *node)
{
    return (_Atomic uint64_t *)(void *)flue_node_word(t, node, 3);
}

/* The node becomes one of a request; a thread that sees that of a root sees its serial run. */
FLUE_INLINE void flue_stamp_publish(unsigned char *word, uint64_t stamp)
{
    atomic_store_explicit((_Atomic uint64_t *)(void *)word, stamp, memory_order_release);
}

static inline void flue_node_stamp(const struct flue_target *t, void *node, uint32_t serial,
                                   unsigned flags)
{
    flue_stamp_publish(flue_node_word(t, node, 3), flue_request_stamp(t, serial, flags));
}

/*
 * Any thread: claim a root for the inbox. False if it is under way already; of two threads that
 * submit one root at the same time, one gets it.
 */
static inline bool flue_node_claim(const struct flue_target *t, void *node)
{
    uint64_t was = atomic_load_explicit(flue_node_claim_word(t, node), memory_order_acquire);
    uint16_t life = atomic_load_explicit((const _Atomic uint16_t *)&t->life, memory_order_relaxed);
    return !flue_stamp_lives_in(t, was, life) &&
           atomic_compare_exchange_strong_explicit(flue_node_claim_word(t, node), &was,
                                                   flue_queued_stamp(t), memory_order_relaxed,
                                                   memory_order_relaxed);
}

/* The tree is about to be given back: its root may be submitted again. */
static inline void flue_node_disclaim(const struct flue_target *t, void *node)
{
    atomic_store_explicit(flue_node_claim_word(t, node), 0, memory_order_release);
}

/* Lists of nodes through word 1. */

static inline void flue_node_list_append(const struct flue_target *t, struct flue_node_list *list,
                                         void *node)
{
    flue_node_set_link(t, node, NULL);
    if (list->first)
        flue_node_set_link(t, list->last, node);
    else
        list->first = node;
    list->last = node;
}

static inline void flue_node_list_push(const struct flue_target *t, struct flue_node_list *list,
                                       void *node)
{
    flue_node_set_link(t, node, list->first);
    if (!list->first)
        list->last = node;
    list->first = node;
}

/* All of the second list comes behind the first. */
static inline void flue_node_list_splice(const struct flue_target *t, struct flue_node_list *list,
                                         struct flue_node_list *more)
{
    if (!more->first)
        return;
    if (list->first)
        flue_node_set_link(t, list->last, more->first);
    else
        list->first = more->first;
    list->last = more->last;
    more->first = NULL;
}

static inline void *flue_node_list_pop(const struct flue_target *t, struct flue_node_list *list)
{
    void *node = list->first;
    if (node)
        list->first = flue_node_link(t, node);
    return node;
}

#endif
