/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/fast_path.h: the fast path of an operation that may go in any order, for one kind of
 * object.
 *
 * Most nodes of a large update are alike: a live object at rest, no dependents of its own, a few
 * commands or none, all of them answered well. For these the generated code of a kind instantiates
 * flue_fast_run(), flue_fast_answers() and flue_fast_reaped() with everything about spec, kind
 * and operation known to the compiler: offsets, states, guards, comparison, arguments, copy. The
 * kind's functions are called by their names, FLUE_FAST(next) and so on, and not through pointers:
 * what must be inlined has to be known as a direct call, at whatever level of optimization. The
 * steps are those of the slow path (step.h), taken in one piece; a node that is not ordinary
 * they leave untouched, and the slow path takes it from the start: the fallback.
 *
 * The machine is asked here as well: it is Ragel's, with state and event as constants.
 */
#ifndef FLUE_PRIV_FAST_PATH_H
#define FLUE_PRIV_FAST_PATH_H

#include "flue/priv/step.h"

#ifndef FLUE_FAST
#error "the generated code of a kind says first how its functions are named: FLUE_FAST(function)"
#endif

/* What is known of one operation on one kind. All members are constants of the instantiation. */
struct flue_fast {
    uint8_t kind, operation;
    uint8_t links_to; /* kind of the node above, or FLUE_NO_BYTE */
    uint8_t link_count;
    uint8_t rest, busy; /* the states of the machine: waiting for the operation, serving it */
    uint8_t used_class; /* position of the class of state that is used and brought */
    uint8_t status;     /* the good one that a done node gets: index and value */
    int32_t status_value;
    uint8_t type_count; /* types that name that class: one, or one a variant */
    uint16_t types[4];
    uint32_t object_bytes, class_bytes;
    uint8_t plan_count;    /* the first commands are the plan's */
    uint32_t irreversible; /* commands that the fast path leaves alone, as bits */
    const struct flue_node_layout *node;
    bool traced; /* every step goes to the hook, as on the slow path */
};

/* flue_fast_issue() for each command of the plan, until one says false; generated. */
FLUE_INLINE bool FLUE_FAST(send_plan)(const struct flue_fast *s, struct flue_target *t,
                                      struct flue_object *o, uint32_t commands,
                                      struct flue_issue *i);

/* The handles in the node's structure are those of the links that the object has; generated. */
FLUE_INLINE bool FLUE_FAST(links_stay)(const struct flue_guard_context *q);

/* The slow path, in the library. */
void flue_node_settle(struct flue_target *t, void *node, uint8_t status);
void flue_commands_resume(struct flue_target *t, struct flue_object *o);
void flue_line_refused(struct flue_target *t, uint8_t kind, unsigned command);

/* A word of a node or an object, by an offset that is a constant here. */
FLUE_INLINE uint64_t flue_fast_load(const void *node, uint32_t offset)
{
    uint64_t word;
    memcpy(&word, (const unsigned char *)node + offset, sizeof word);
    return word;
}

/*
 * The eight bytes from `state` on say nearly everything about an object. At rest: no marks, nothing
 * in flight, no answer missing. Served: the same, but that commands are in flight, and that the
 * object came to be busy on the fast path and nobody has had to do with it since. Which marks of
 * others the host was notified of does not matter.
 */
#define FLUE_FAST_NOTIFIED (UINT64_C(0xf0) << 8 * 1)
#define FLUE_FAST_VARIANT (UINT64_C(255) << 8 * 3)
#define FLUE_FAST_IN_FLIGHT (UINT64_C(255) << 8 * 6)
_Static_assert(offsetof(struct flue_object, marks) == offsetof(struct flue_object, state) + 1 &&
                   offsetof(struct flue_object, variant) ==
                       offsetof(struct flue_object, state) + 3 &&
                   offsetof(struct flue_object, in_flight) ==
                       offsetof(struct flue_object, state) + 6 &&
                   offsetof(struct flue_object, timeouts_outstanding) ==
                       offsetof(struct flue_object, state) + 7,
               "as the masks have it");

FLUE_INLINE uint64_t flue_fast_resting(const struct flue_fast *s)
{
    return s->rest | (uint64_t)s->kind << 8 * 2;
}

FLUE_INLINE uint64_t flue_fast_served(const struct flue_fast *s)
{
    return s->busy | (uint64_t)s->kind << 8 * 2 | (uint64_t)FLUE_OBJECT_FAST << 8 * 5;
}

/* Without what matters neither here nor there. */
FLUE_INLINE uint64_t flue_fast_word(const struct flue_object *o)
{
    return flue_fast_load(o, offsetof(struct flue_object, state)) &
           ~(FLUE_FAST_NOTIFIED | FLUE_FAST_VARIANT);
}

/* Is the node under way? With a look at one table for nearly all that are not. */
FLUE_INLINE bool flue_fast_stamped(const struct flue_fast *s, const struct flue_target *t,
                                   const void *node)
{
    uint64_t stamp = flue_step_stamp(s->node, node);
    uint32_t serial = (uint32_t)stamp;
    const _Atomic uint32_t *runs = &t->serials[serial & t->run.serial_mask];
    if (__builtin_expect(atomic_load_explicit(runs, memory_order_relaxed) != serial, 1) &&
        stamp != t->run.queued)
        return false;
    return flue_stamp_lives(t, stamp);
}

/* The object the node names, if it is alive and of this kind. */
FLUE_INLINE struct flue_object *flue_fast_object(const struct flue_fast *s,
                                                 const struct flue_target *t, const void *node,
                                                 flue_name *name)
{
    const void *cell = flue_layout_handle_cell(s->node, node);
    if (!cell)
        return NULL;
    uint64_t handle = flue_fast_load(cell, 0);
    const struct flue_pool *pool = &t->pools[s->kind];
    uint32_t index = (uint32_t)handle;
    *name = handle;
    if (index >= pool->capacity)
        return NULL;
    struct flue_object *o =
        (struct flue_object *)(void *)(pool->objects + (size_t)index * s->object_bytes);
    return (uint32_t)(handle >> 32) == o->tag ? o : NULL;
}

/* Type, length and dependents are as nearly always. The type comes first: it says what follows. */
FLUE_INLINE bool flue_fast_node_fits(const struct flue_fast *s, const struct flue_object *o,
                                     const void *node)
{
    const unsigned char *at = node;
    uint32_t type = 0, length = s->class_bytes;
    memcpy(&type, at + s->node->type, s->node->type_bytes); /* little endian: all hosts are */
    if (type != s->types[s->type_count > 1 ? o->variant & 3 : 0])
        return false;
    if (s->node->length != FLUE_NO_MEMBER)
        memcpy(&length, at + s->node->bytes + s->node->length, sizeof length);
    return length == s->class_bytes && !flue_load_pointer(flue_node_at(node, s->node->dependents));
}

/* What dependents of the walk's `above` must be linked to; a placeholder says nothing. */
FLUE_INLINE void flue_fast_expect_link(const struct flue_fast *s, struct flue_walk *w)
{
    w->any_link = true;
    if (!w->above)
        return;
    uint32_t named = (uint32_t)(flue_fast_load(w->above, s->node->scratch[2]) >> 32);
    unsigned role = (flue_step_stamp(s->node, w->above) >> FLUE_NODE_FLAGS_SHIFT) & FLUE_NODE_ROLE;
    bool fits = s->links_to != FLUE_NO_BYTE && named >> FLUE_NODE_KIND_SHIFT == s->links_to;
    w->linked = fits ? named & ((1u << FLUE_NODE_KIND_SHIFT) - 1) : FLUE_LINK_GONE;
    w->any_link = role == FLUE_PLACEHOLDER;
}

/* The object is linked as the tree says. */
FLUE_INLINE bool flue_fast_linked(const struct flue_fast *s, const struct flue_object *o,
                                  const struct flue_walk *w)
{
    uint32_t to = s->links_to == FLUE_NO_BYTE ? FLUE_NONE : o->links[0].to;
    return to == w->linked || w->any_link;
}

/* A command of the plan goes out; false: there is no room for it in the driver's ring. */
FLUE_INLINE bool flue_fast_send(const struct flue_fast *s, struct flue_target *t,
                                struct flue_object *o, uint8_t command, struct flue_issue *i)
{
    uint32_t index = flue_slot_first(t);
    flue_step_arm(t, o, index, s->kind, command, i);
    if (FLUE_FAST(send)(i) == FLUE_RING_FULL && flue_slot_retract(t, &t->slots[index]))
        return false;
    flue_step_sent(t, o, i, s->traced);
    return true;
}

/* The same, if it is one of `commands`; false: with it and all after it the slow path went on. */
FLUE_INLINE bool flue_fast_issue(const struct flue_fast *s, struct flue_target *t,
                                 struct flue_object *o, uint32_t commands, uint8_t command,
                                 struct flue_issue *i)
{
    if (!(commands & 1u << command) || flue_fast_send(s, t, o, command, i))
        return true;
    o->planned = commands & ~0u << command;
    flue_line_refused(t, s->kind, command);
    flue_commands_resume(t, o);
    return false;
}

/* The node is the object's now; scratch words and counts as after a visit of the slow path. */
FLUE_INLINE void flue_fast_begin_operation(const struct flue_fast *s, struct flue_target *t,
                                           struct flue_object *o, uint32_t index, uint16_t arm,
                                           void *node, void *above)
{
    flue_step_enter(s->node, t->run.request, node, above, 1, flue_node_object_name(s->kind, index));
    flue_step_move(t, o, node, (uint8_t)(FLUE_EVENT_OPERATION + s->operation), s->busy, arm,
                   s->traced);
    o->flags = FLUE_OBJECT_FAST;
    o->planned = 0; /* it is that at rest, too; but the two are one store */
    o->touched = 0;
    o->node = node;
}

/* The machine's two steps that no command came between, for the hook; they are not made here. */
FLUE_INLINE void flue_fast_trace_unasked(const struct flue_fast *s, struct flue_target *t,
                                         struct flue_object *o, const struct flue_guard_context *q,
                                         void *node, uint32_t index, uint16_t arm)
{
    flue_store_u32(flue_step_word(s->node, node, 2) + 4, flue_node_object_name(s->kind, index));
    flue_step_move(t, o, node, (uint8_t)(FLUE_EVENT_OPERATION + s->operation), s->busy, arm, true);
    uint8_t state = (uint8_t)FLUE_FAST(next)(q, s->busy, FLUE_EVENT_DONE, &arm);
    flue_step_move(t, o, node, FLUE_EVENT_DONE, state, arm, true);
}

/*
 * Of the three nodes after the one that is visited now, the lines of the last are fetched, of the
 * middle one the cell of the handle, of the first one the object. With many walks in turn each has
 * come in when it is needed. Whatever these nodes turn out to be, looking at them does no harm, as
 * long as no pointer in them is wild.
 */
FLUE_INLINE void flue_fast_look_ahead(const struct flue_fast *s, const struct flue_target *t,
                                      const void *first)
{
    const void *cell = flue_layout_handle_cell(s->node, first);
    if (cell) {
        uint32_t index = (uint32_t)flue_fast_load(cell, 0);
        const unsigned char *object = t->pools[s->kind].objects + (size_t)index * s->object_bytes;
        __builtin_prefetch(object, 1);
        __builtin_prefetch(object + 64, 1);
    }
    const void *second = flue_layout_next(s->node, first);
    if (!second)
        return;
    __builtin_prefetch(flue_layout_handle_cell(s->node, second));
    const unsigned char *third = flue_layout_next(s->node, second);
    if (third)
        for (uint32_t at = 0; at < s->node->bytes + s->class_bytes; at += 64)
            __builtin_prefetch(third + at, 1);
}

enum flue_fast_visited {
    FLUE_FAST_WALKED,  /* and started */
    FLUE_FAST_FULL,    /* and started, but the driver's ring was full */
    FLUE_FAST_FALLBACK /* nothing was done: take the slow path */
};

/* What guards, comparison and copy look at here: no link moves. */
FLUE_INLINE void flue_fast_context(const struct flue_fast *s, struct flue_target *t,
                                   struct flue_object *o, struct flue_guard_context *q)
{
    q->target = t;
    q->object = o;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        q->state[c] = NULL;
    q->asked = 0;
    q->operation = s->operation;
    for (unsigned l = 0; l < s->link_count; l++)
        q->new_links[l] = FLUE_NONE;
}

/* A node without dependents. */
FLUE_INLINE enum flue_fast_visited flue_fast_visit(const struct flue_fast *s, struct flue_target *t,
                                                   struct flue_walk *w)
{
    void *node = w->cursor, *above = w->above;
    flue_name name = 0;
    struct flue_object *o = flue_fast_object(s, t, node, &name);
    uint32_t index = (uint32_t)name;
    if (!o || flue_fast_word(o) != flue_fast_resting(s) ||
        (flue_fast_stamped(s, t, node) && node != t->run.request->root) ||
        !flue_fast_node_fits(s, o, node) || !flue_fast_linked(s, o, w))
        return FLUE_FAST_FALLBACK;
    if (o->marks & 15)
        __builtin_unreachable(); /* the word says so */
    void *next = flue_layout_next(s->node, node);
    if (next) {
        if (t->run.uncached)
            flue_fast_look_ahead(s, t, next);
        if (next == node || flue_fast_stamped(s, t, next))
            return FLUE_FAST_FALLBACK;
    }

    struct flue_issue i;
    flue_fast_context(s, t, o, &i.q);
    i.name = name;
    i.old = FLUE_ALL_LINKS; /* no link moves here */
    i.q.asked = FLUE_CLASS_BIT(s->used_class);
    i.q.state[s->used_class] = (unsigned char *)node + s->node->bytes;
    if (!FLUE_FAST(links_stay)(&i.q))
        return FLUE_FAST_FALLBACK;
    uint16_t arm;
    if (FLUE_FAST(next)(&i.q, s->rest, (uint8_t)(FLUE_EVENT_OPERATION + s->operation), &arm) !=
        s->busy)
        return FLUE_FAST_FALLBACK; /* refused */
    uint32_t commands = FLUE_FAST(needed)(&i.q);
    if (commands && ((commands & s->irreversible) || t->free_slots < t->run.least_slots))
        return FLUE_FAST_FALLBACK;

    if (s->traced)
        flue_store_u32(flue_step_word(s->node, node, 2) + 4, FLUE_NODE_NO_OBJECT);
    flue_step_visit(s->node, t, node, t->run.stamp, s->traced);
    w->cursor = next;
    if (commands) {
        flue_fast_begin_operation(s, t, o, index, arm, node, above);
        return FLUE_FAST(send_plan)(s, t, o, commands, &i) ? FLUE_FAST_WALKED : FLUE_FAST_FULL;
    }
    /* There is what no command is needed for. */
    FLUE_FAST(copy)(&i.q, o, FLUE_CLASS_BIT(s->used_class));
    if (s->traced)
        flue_fast_trace_unasked(s, t, o, &i.q, node, index, arm);
    flue_step_status(s->node, t, node, s->status, s->status_value, s->traced);
    if (above)
        flue_step_fared(s->node, above, true);
    return FLUE_FAST_WALKED;
}

FLUE_INLINE void flue_fast_begin(const struct flue_fast *s, struct flue_target *t,
                                 struct flue_request *r, struct flue_walk *first)
{
    t->run = (struct flue_run){
        .request = r,
        .stamp = flue_request_stamp(t, r->serial, FLUE_REFERENCE),
        .queued = flue_queued_stamp(t),
        .serial_mask = t->config.running_requests - 1,
        .least_slots = t->config.reserved_entries + s->plan_count,
        .uncached = t->pools[s->kind].in_use > t->config.cache_resident_objects,
    };
    struct flue_walk *w = first;
    do
        flue_fast_expect_link(s, w);
    while ((w = w->next) != first);
    /* No command that goes out in this run has to be answered before. */
    uint64_t now = atomic_load_explicit(&t->now, memory_order_relaxed);
    for (unsigned c = 0; c < s->plan_count; c++)
        flue_deadline(t, now + t->timeout_ticks[s->kind][c]);
}

/* Walks that come to their ends leave the ring; the caller goes on with them. */
FLUE_INLINE void flue_fast_run(const struct flue_fast *s, struct flue_target *t,
                               struct flue_request *r, struct flue_walk *first)
{
    flue_fast_begin(s, t, r, first);
    for (struct flue_walk *before = NULL, *w = first;; w = w->next) {
        enum flue_fast_visited visited = flue_fast_visit(s, t, w);
        if (visited == FLUE_FAST_FALLBACK) {
            w->fallback = true;
            return;
        }
        if (!--t->budget || visited == FLUE_FAST_FULL)
            return;
        if (w->cursor)
            before = w;
        else if (before && w->next != w)
            before->next = w->next;
        else
            return;
    }
}

/* The node waited for its own part alone: its status, and the node above waits for one less. */
FLUE_INLINE void flue_fast_settle(const struct flue_fast *s, struct flue_target *t, void *node)
{
    void *above = flue_load_pointer(flue_node_at(node, s->node->scratch[0]));
    if (!above || flue_step_pending(s->node, above) <
                      2) { /* a root, or the last that the node above waits for */
        flue_node_settle(t, node, s->status);
        return;
    }
    flue_step_status(s->node, t, node, s->status, s->status_value, s->traced);
    flue_step_fared(s->node, above, true);
    flue_step_pending_dec(s->node, above);
}

/* All commands of the object are done: it is at rest, and has what its node brought. */
FLUE_INLINE void flue_fast_rest(const struct flue_fast *s, struct flue_target *t,
                                struct flue_object *o)
{
    void *node = o->node;
    struct flue_guard_context q;
    uint16_t arm;
    flue_fast_context(s, t, o, &q);
    q.state[s->used_class] = (unsigned char *)node + s->node->bytes;
    FLUE_FAST(copy)(&q, o, FLUE_CLASS_BIT(s->used_class));
    uint8_t state = (uint8_t)FLUE_FAST(next)(&q, s->busy, FLUE_EVENT_DONE, &arm);
    flue_step_move(t, o, node, FLUE_EVENT_DONE, state, arm, s->traced);
    o->flags = 0;
    o->in_flight = 0;
    o->node = NULL;
    flue_fast_settle(s, t, node);
}

/* Waits for nothing but answers like this one: it came to be busy on the fast path. */
FLUE_INLINE bool flue_fast_waits(const struct flue_fast *s, const struct flue_object *o)
{
    return (flue_fast_word(o) & ~FLUE_FAST_IN_FLIGHT) == flue_fast_served(s);
}

/* A good answer without data: its slot comes free, and after the last one the object rests. */
FLUE_INLINE void flue_fast_answer(const struct flue_fast *s, struct flue_target *t,
                                  struct flue_slot *slot, uint32_t entry)
{
    struct flue_object *o = slot->object;
    uint8_t command = slot->command;
    flue_step_answered(t, slot, FLUE_RESULT_OK, s->traced);
    flue_slot_put_at(t, slot, entry);
    if (o->in_flight == 1) {
        flue_fast_rest(s, t, o);
    } else {
        o->touched |= 1u << command;
        o->in_flight--;
    }
}

/* From an entry of the queue on, as long as they are good and without data, a step each. */
FLUE_INLINE uint32_t flue_fast_answers(const struct flue_fast *s, struct flue_target *t,
                                       uint32_t entry)
{
    uint32_t left = t->budget;
    for (; entry && left; left--) {
        struct flue_slot *slot = &t->slots[entry - 1];
        if (!slot->object || slot->result != FLUE_RESULT_OK || slot->bytes ||
            !flue_fast_waits(s, slot->object))
            break;
        uint32_t next = slot->next;
        if (next)
            __builtin_prefetch(t->slots[next - 1].object, 1);
        flue_fast_answer(s, t, slot, entry);
        entry = next;
    }
    t->budget = left;
    return entry;
}

/* The same from the driver's hand. None but the owner gives any: to look at the slot is enough. */
FLUE_INLINE size_t flue_fast_reaped(const struct flue_fast *s, struct flue_target *t,
                                    const struct flue_answer *answers, size_t count)
{
    size_t taken = 0;
    for (; taken < count; taken++) {
        flue_cookie cookie = answers[taken].cookie;
        uint32_t index = (uint32_t)cookie;
        if (index >= t->config.ring_entries || answers[taken].result != FLUE_RESULT_OK)
            break;
        struct flue_slot *slot = &t->slots[index];
        if (atomic_load_explicit(&slot->word, memory_order_relaxed) !=
                flue_slot_word((uint32_t)(cookie >> 32), FLUE_SLOT_ISSUED) ||
            !flue_fast_waits(s, slot->object))
            break;
        flue_fast_answer(s, t, slot, index + 1);
    }
    return taken;
}

#endif
