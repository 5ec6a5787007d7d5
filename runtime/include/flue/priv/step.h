/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/step.h: the steps that an operation on a node is made of, each written once.
 *
 * The slow path (walk.c, machine.c, command.c, answer.c, status.c; unreachable.c for nodes that a
 * change of the tree cut off) takes them with the tables, the fast path (fast_path.h) with
 * constants: offsets, statuses, and whether steps are traced. What they write is the same. Owner's
 * thread.
 */
#ifndef FLUE_PRIV_STEP_H
#define FLUE_PRIV_STEP_H

#include "flue/priv/node.h"
#include "flue/priv/slot.h"

/*
 * One record of a step; see trace.c, and flue/recorder.h for `detail`. `said` is enum flue_traced,
 * and from bit 16 on what it says of that.
 */
void flue_trace_emit(const struct flue_target *t, uint32_t said, uint64_t detail, const void *node,
                     const struct flue_object *o);

FLUE_INLINE uint32_t flue_said(enum flue_traced what, uint8_t of, uint8_t result)
{
    return (uint32_t)what | (uint32_t)of << 16 | (uint32_t)result << 24;
}

FLUE_INLINE bool flue_traced(const struct flue_target *t)
{
    return __builtin_expect(t->traced, 0);
}

FLUE_INLINE unsigned char *flue_step_word(const struct flue_node_layout *n, const void *node,
                                          unsigned word)
{
    return flue_node_at(node, n->scratch[word]);
}

FLUE_INLINE uint64_t flue_step_stamp(const struct flue_node_layout *n, const void *node)
{
    return flue_stamp_load(flue_step_word(n, node, 3));
}

/* The node is visited: from here on it is one of the request whose stamp it bears. */
FLUE_INLINE void flue_step_visit(const struct flue_node_layout *n, struct flue_target *t,
                                 void *node, uint64_t stamp, bool traced)
{
    flue_stamp_publish(flue_step_word(n, node, 3), stamp);
    t->stats.nodes++;
    if (traced)
        flue_trace_emit(t, flue_said(FLUE_TRACE_NODE, 0, 0), 0, node, NULL);
}

FLUE_INLINE uint32_t flue_step_pending(const struct flue_node_layout *n, const void *node)
{
    return flue_load_u32(flue_step_word(n, node, 2));
}

/* What is not done of the node and its dependents: one part more. */
FLUE_INLINE void flue_step_pending_inc(const struct flue_node_layout *n, void *node)
{
    flue_store_u32(flue_step_word(n, node, 2), flue_step_pending(n, node) + 1);
}

/* One part is done; returns how many are left. */
FLUE_INLINE uint32_t flue_step_pending_dec(const struct flue_node_layout *n, void *node)
{
    uint32_t pending = flue_step_pending(n, node) - 1;
    flue_store_u32(flue_step_word(n, node, 2), pending);
    return pending;
}

/* A visited node's scratch words; the one above, or its request, waits for it. */
FLUE_INLINE void flue_step_enter(const struct flue_node_layout *n, struct flue_request *r,
                                 void *node, void *above, uint32_t pending, uint32_t object)
{
    flue_store_pointer(flue_step_word(n, node, 0), above);
    flue_store_u32(flue_step_word(n, node, 2), pending);
    flue_store_u32(flue_step_word(n, node, 2) + 4, object);
    if (above)
        flue_step_pending_inc(n, above);
    else
        r->roots++;
}

/* The machine is in a new state. */
FLUE_INLINE void flue_step_move(const struct flue_target *t, struct flue_object *o,
                                const void *node, uint8_t event, uint8_t state, uint16_t arm,
                                bool traced)
{
    uint8_t old = o->state;
    o->state = state;
    if (traced)
        flue_trace_emit(t, flue_said(FLUE_TRACE_STEP, 0, 0),
                        event | (uint32_t)old << 8 | (uint32_t)state << 16 | (uint64_t)arm << 32,
                        node, o);
}

/* A slot is the command's. It may be answered from here on, even from inside the binding. */
FLUE_INLINE void flue_step_arm(struct flue_target *t, struct flue_object *o, uint32_t index,
                               uint8_t kind, uint8_t command, struct flue_issue *i)
{
    struct flue_slot *slot = &t->slots[index];
    slot->object = o;
    slot->command = command;
    slot->result = FLUE_RESULT_OK;
    slot->bytes = 0;
    t->deadlines[index] =
        atomic_load_explicit(&t->now, memory_order_relaxed) + t->timeout_ticks[kind][command];
    i->adapter = t->adapter;
    i->command = command;
    i->cookie = flue_slot_arm(slot, index);
}

/* The driver has taken it. */
FLUE_INLINE void flue_step_sent(struct flue_target *t, struct flue_object *o,
                                const struct flue_issue *i, bool traced)
{
    o->in_flight++;
    t->stats.commands++;
    t->rings = true;
    if (traced)
        flue_trace_emit(t, flue_said(FLUE_TRACE_COMMAND, i->command, 0), i->cookie, o->node, o);
}

/* Its result is in. */
FLUE_INLINE void flue_step_answered(struct flue_target *t, const struct flue_slot *slot,
                                    uint8_t result, bool traced)
{
    t->stats.answers++;
    if (traced)
        flue_trace_emit(t, flue_said(FLUE_TRACE_ANSWER, slot->command, result),
                        flue_slot_cookie(t, slot), slot->object->node, slot->object);
}

/* The status that the host will read; after this the node is only a stepping stone. */
FLUE_INLINE void flue_step_status(const struct flue_node_layout *n, struct flue_target *t,
                                  void *node, uint8_t status, int32_t value, bool traced)
{
    memcpy(flue_node_at(node, n->status), &value, sizeof value);
    t->stats.statuses[status]++;
    if (traced)
        flue_trace_emit(t, flue_said(FLUE_TRACE_STATUS, status, 0), 0, node, NULL);
}

/* How one of its dependents fared is kept in the node above. */
FLUE_INLINE void flue_step_fared(const struct flue_node_layout *n, void *above, bool good)
{
    uint64_t stamp = flue_step_stamp(n, above);
    uint64_t flag = (uint64_t)(good ? FLUE_NODE_SOME_GOOD : FLUE_NODE_SOME_BAD)
                    << FLUE_NODE_FLAGS_SHIFT;
    if (!(stamp & flag))
        flue_stamp_store(flue_step_word(n, above, 3), stamp | flag);
}

#endif
