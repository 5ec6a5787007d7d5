/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/short.h: the short way of an operation that may go in any order, for one kind of object.
 *
 * Most nodes of a large update are alike: a live object at rest, no dependents of its own, a few
 * commands or none, all of them answered well. For these the generated code of a kind instantiates
 * the two functions below with everything about spec, kind and operation known to the compiler:
 * offsets, states, guards, comparison, arguments, copy. They do what the walk (walk.c), the machine
 * (machine.c) and the answers (answer.c) do, step by step, in one piece; whatever they find unlike
 * they leave untouched and answer false, and the long way takes the node from the start.
 *
 * The machine is asked here as well: it is Ragel's, with state and event as constants.
 */
#ifndef FLUE_SHORT_H
#define FLUE_SHORT_H

#include <string.h>

#include "flue/node.h"
#include "flue/slot.h"

/* What is known of one operation on one kind. All members are constants of the instantiation. */
struct flue_short {
    uint8_t kind, operation;
    uint8_t
        links_to; /* kind below, FLUE_NO_BYTE if there is none or the operation brings no link */
    uint8_t rest, busy; /* the states of the machine: waiting for the operation, serving it */
    uint8_t ends_marks; /* marks that end when all commands are done */
    uint8_t used_class; /* position of the class of state that is used and brought */
    uint8_t status;     /* the good one that a done node gets: index and value */
    int32_t status_value;
    uint8_t type_count; /* types that name that class: one, or one a variant */
    uint16_t types[4];
    uint32_t object_bytes, class_bytes;
    uint8_t plan_count;    /* the first commands are the plan's */
    uint32_t irreversible; /* commands that the short way leaves alone, as bits */
    bool keeps_unsent;     /* some variables are kept without any command */
    const struct flue_node_layout *node;
    int (*step)(const struct flue_question *q, int state, unsigned char event, uint16_t *arm);
    uint32_t (*changed)(const struct flue_question *q);
    void (*keep)(const struct flue_question *q, struct flue_object *object, uint8_t classes);
    enum flue_issued (*issue)(const struct flue_issue *i);
};

/* The long way, in the library. */
void flue_node_settle(struct flue_target *t, void *node, uint8_t status);
void flue_node_release(struct flue_target *t, void *node);
bool flue_commands_issue(struct flue_target *t, struct flue_object *o);

/* Words of a node, by offsets that are constants here; node.h says what is in them. */
FLUE_INLINE uint64_t flue_short_load(const void *node, uint32_t offset)
{
    uint64_t word;
    memcpy(&word, (const unsigned char *)node + offset, sizeof word);
    return word;
}

FLUE_INLINE void flue_short_store(void *node, uint32_t offset, uint64_t word)
{
    memcpy((unsigned char *)node + offset, &word, sizeof word);
}

FLUE_INLINE bool flue_short_stamped(const struct flue_short *s, const struct flue_target *t,
                                    const void *node)
{
    return stamp_lives(t, flue_short_load(node, s->node->scratch[3]));
}

/* The object the node names, if it is alive and of this kind. */
FLUE_INLINE struct flue_object *flue_short_object(const struct flue_short *s,
                                                  const struct flue_target *t, const void *node,
                                                  uint32_t *index)
{
    const void *place = (const unsigned char *)node + s->node->context;
    if (s->node->context_points)
        place = (const void *)(uintptr_t)flue_short_load(node, s->node->context);
    if (!place)
        return NULL;
    uint64_t handle = flue_short_load(place, 0);
    const struct flue_pool *pool = &t->pools[s->kind];
    *index = (uint32_t)handle;
    if (*index >= pool->capacity)
        return NULL;
    struct flue_object *o =
        (struct flue_object *)(void *)(pool->objects + (size_t)*index * s->object_bytes);
    return (uint32_t)(handle >> 32) == (o->generation << 4 | s->kind) ? o : NULL;
}

/* Type, length and dependents are as nearly always. The type comes first: it says what follows. */
FLUE_INLINE bool flue_short_node_fits(const struct flue_short *s, const struct flue_object *o,
                                      const void *node)
{
    const unsigned char *at = node;
    uint32_t type = 0, length = s->class_bytes;
    memcpy(&type, at + s->node->type, s->node->type_bytes); /* little endian: 64-bit hosts are */
    if (type != s->types[s->type_count > 1 ? o->variant & 3 : 0])
        return false;
    if (s->node->length != FLUE_NO_MEMBER)
        memcpy(&length, at + s->node->bytes + s->node->length, sizeof length);
    return length == s->class_bytes && !flue_short_load(node, s->node->dependents);
}

/* The node above names the object that is linked to already, or nothing, or there is none. */
FLUE_INLINE bool flue_short_link_fits(const struct flue_short *s, const struct flue_object *o,
                                      const void *above)
{
    if (!above)
        return true;
    uint32_t named = (uint32_t)(flue_short_load(above, s->node->scratch[2]) >> 32);
    uint32_t role = (uint32_t)(flue_short_load(above, s->node->scratch[3]) >> 48) & NODE_ROLE;
    bool linked = s->links_to != FLUE_NO_BYTE &&
                  named == ((uint32_t)s->links_to << NODE_KIND_SHIFT | o->link);
    return linked || role == FLUE_PLACEHOLDER;
}

FLUE_INLINE void flue_short_good_dependent(const struct flue_short *s, void *above)
{
    uint64_t stamp = flue_short_load(above, s->node->scratch[3]);
    flue_short_store(above, s->node->scratch[3], stamp | (uint64_t)NODE_SOME_GOOD << 48);
}

FLUE_INLINE void flue_short_status(const struct flue_short *s, struct flue_target *t, void *node)
{
    memcpy((unsigned char *)node + s->node->status, &s->status_value, sizeof s->status_value);
    t->stats.statuses[s->status]++;
}

FLUE_INLINE struct flue_slot *flue_short_slot(struct flue_target *t, struct flue_object *o,
                                              uint8_t command, uint32_t ticks)
{
    struct flue_slot *slot = &t->slots[t->free_slot - 1];
    t->free_slot = slot->next;
    t->free_slots--;
    slot->object = o;
    slot->command = command;
    slot->deadline = atomic_load_explicit(&t->now, memory_order_relaxed) + ticks;
    if (slot->deadline < atomic_load_explicit(&t->deadline, memory_order_relaxed))
        atomic_store_explicit(&t->deadline, slot->deadline, memory_order_relaxed);
    return slot;
}

/* All of `commands` go out; what finds no room in the driver's ring is left to the long way. */
FLUE_INLINE void flue_short_issue(const struct flue_short *s, struct flue_target *t,
                                  struct flue_object *o, uint32_t commands, struct flue_issue *i)
{
    for (; commands; commands &= commands - 1) {
        uint8_t command = (uint8_t)__builtin_ctz(commands);
        if (command >= s->plan_count)
            __builtin_unreachable(); /* changed() names commands of the plan only */
        struct flue_slot *slot = flue_short_slot(t, o, command, t->timeout_ticks[s->kind][command]);
        i->command = command;
        i->cookie = flue_slot_arm(t, slot);
        if (s->issue(i) == FLUE_RING_FULL && flue_slot_retract(t, slot, i->cookie)) {
            o->planned = commands;
            flue_commands_issue(t, o);
            return;
        }
        o->in_flight++;
        t->stats.commands++;
    }
}

/* The node is the object's now; scratch words and counts as after a visit of the long way. */
FLUE_INLINE void flue_short_engage(const struct flue_short *s, struct flue_request *r,
                                   struct flue_object *o, uint32_t index, void *node, void *above)
{
    uint64_t name = (uint64_t)((uint32_t)s->kind << 28 | index);
    flue_short_store(node, s->node->scratch[0], (uint64_t)(uintptr_t)above);
    flue_short_store(node, s->node->scratch[2], name << 32 | 1);
    if (above)
        flue_short_store(above, s->node->scratch[2],
                         flue_short_load(above, s->node->scratch[2]) + 1);
    else
        r->roots++;
    o->state = s->busy;
    o->result = FLUE_RESULT_OK;
    o->flags = 0;
    o->in_flight = 0;
    o->planned = 0;
    o->touched = 0;
    o->node = node;
}

/* A node without dependents, walked and started; false: nothing was done, go the long way. */
FLUE_INLINE bool flue_short_visit(const struct flue_short *s, struct flue_target *t,
                                  struct flue_request *r, void *node, void *above)
{
    uint32_t index = 0;
    struct flue_object *o = flue_short_object(s, t, node, &index);
    if (!o || o->state != s->rest || (node != r->root && flue_short_stamped(s, t, node)) ||
        !flue_short_node_fits(s, o, node) || !flue_short_link_fits(s, o, above))
        return false;
    const void *next = (const void *)(uintptr_t)flue_short_load(node, s->node->next);
    if (next && (next == node || flue_short_stamped(s, t, next)))
        return false;

    struct flue_issue i = {.q = {.target = t,
                                 .object = o,
                                 .new_link = FLUE_NONE,
                                 .asked = FLUE_CLASS_BIT(s->used_class),
                                 .operation = s->operation},
                           .adapter = t->adapter,
                           .index = index,
                           .link = o->link};
    i.q.state[s->used_class] = (unsigned char *)node + s->node->bytes;
    uint16_t arm;
    if (s->step(&i.q, s->rest, (uint8_t)(FLUE_EVENT_OPERATION + s->operation), &arm) != s->busy)
        return false; /* refused */
    uint32_t commands = s->changed(&i.q);
    if ((commands & s->irreversible) ||
        t->free_slots < t->config.reserved_entries + FLUE_MAX_COMMANDS)
        return false;

    uint64_t stamp = (uint64_t)(uint16_t)t->config.key << 32 | r->serial;
    flue_short_store(node, s->node->scratch[3], stamp | (uint64_t)FLUE_REFERENCE << 48);
    t->stats.nodes++;
    if (commands) {
        flue_short_engage(s, r, o, index, node, above);
        t->rings = true;
        flue_short_issue(s, t, o, commands, &i);
        return true;
    }
    if (s->keeps_unsent)
        s->keep(&i.q, o, FLUE_CLASS_BIT(s->used_class));
    flue_short_status(s, t, node);
    if (above)
        flue_short_good_dependent(s, above);
    return true;
}

FLUE_INLINE void *flue_short_next(const struct flue_short *s, const void *node)
{
    return node ? (void *)(uintptr_t)flue_short_load(node, s->node->next) : NULL;
}

FLUE_INLINE const void *flue_short_place(const struct flue_short *s, const void *node)
{
    if (s->node->context_points)
        return (const void *)(uintptr_t)flue_short_load(node, s->node->context);
    return (const unsigned char *)node + s->node->context;
}

/*
 * Three nodes ahead of the one that is visited now: of the last one the lines are fetched, of the
 * middle one the place of the handle, of the first one the object. With many walks in turn each has
 * come in when it is needed. Whatever these nodes turn out to be, looking at them does no harm.
 */
FLUE_INLINE void flue_short_look_ahead(const struct flue_short *s, const struct flue_target *t,
                                       struct flue_walk *w)
{
    void *first = w->ahead[0], *second = w->ahead[1], *third = w->ahead[2];
    if (!first) {
        first = flue_short_next(s, w->cursor);
        second = flue_short_next(s, first);
        third = flue_short_next(s, second);
    }
    void *fourth = flue_short_next(s, third);
    if (fourth)
        for (uint32_t at = 0; at < s->node->bytes + s->class_bytes; at += 64)
            __builtin_prefetch((unsigned char *)fourth + at, 1);
    if (second)
        __builtin_prefetch(flue_short_place(s, second));
    const void *place = first ? flue_short_place(s, first) : NULL;
    if (place) {
        uint32_t index = (uint32_t)flue_short_load(place, 0);
        const unsigned char *object = t->pools[s->kind].objects + (size_t)index * s->object_bytes;
        __builtin_prefetch(object, 1);
        __builtin_prefetch(object + 64, 1);
    }
    w->ahead[0] = second;
    w->ahead[1] = third;
    w->ahead[2] = fourth;
}

/* Goes on until a walk ends (cursor NULL) or meets what is unlike, or the budget is used up. */
FLUE_INLINE void flue_short_run(const struct flue_short *s, struct flue_target *t,
                                struct flue_request *r, struct flue_walk *const *walks,
                                unsigned count)
{
    bool far = t->pools[s->kind].in_use > FLUE_NEAR_OBJECTS;
    uint32_t left = t->budget;
    for (unsigned turn = 0; left; left--) {
        struct flue_walk *w = walks[turn];
        if (far) {
            flue_short_look_ahead(s, t, w);
            turn = turn + 1 < count ? turn + 1 : 0;
        }
        if (!flue_short_visit(s, t, r, w->cursor, w->above)) {
            w->unlike = true;
            break;
        }
        w->cursor = flue_short_next(s, w->cursor);
        if (!w->cursor || t->stalled[0].first) {
            left--;
            break;
        }
    }
    t->budget = left;
}

/* The node's debts are paid: its status, and one debt of the node above. */
FLUE_INLINE void flue_short_settle(const struct flue_short *s, struct flue_target *t, void *node)
{
    void *above = (void *)(uintptr_t)flue_short_load(node, s->node->scratch[0]);
    uint64_t debts = above ? flue_short_load(above, s->node->scratch[2]) : 0;
    if ((uint32_t)flue_short_load(node, s->node->scratch[2]) != 1 || (uint32_t)debts < 2) {
        flue_node_settle(t, node, s->status);
        return;
    }
    flue_short_status(s, t, node);
    flue_short_good_dependent(s, above);
    flue_short_store(above, s->node->scratch[2], debts - 1);
}

/* A good answer without data to one of the object's commands; false: nothing was done. */
FLUE_INLINE bool flue_short_done(const struct flue_short *s, struct flue_target *t,
                                 struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    if (o->state != s->busy || o->planned || o->flags || o->deferred || o->new_link != FLUE_NONE)
        return false;
    o->touched |= 1u << slot->command;
    flue_slot_put(t, slot);
    t->stats.answers++;
    if (--o->in_flight)
        return true;
    void *node = o->node;
    struct flue_question q = {
        .target = t, .object = o, .new_link = FLUE_NONE, .operation = s->operation};
    uint16_t arm;
    q.state[s->used_class] = (unsigned char *)node + s->node->bytes;
    s->keep(&q, o, FLUE_CLASS_BIT(s->used_class));
    o->state = (uint8_t)s->step(&q, s->busy, FLUE_EVENT_DONE, &arm);
    flue_marks_end(o, s->ends_marks);
    o->node = NULL;
    flue_short_settle(s, t, node);
    return true;
}

#endif
