/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reach.c: who stands on whom while an operation reaches dependents, and who has to wait for that.
 *
 * An operation with `reaches: dependents` has one node, which names an object, and is for all that
 * stands on it as well. So that this is a set which can be told, nothing comes to it and nothing
 * leaves it alive from the moment the node is visited until it has its status: a node that would
 * lay or move a link to the object, to what stands on it or away from there, or that would end the
 * object itself, is held back. Then it is begun as if it came only now; those that come to the
 * same object wait behind it, so that their order stays. What reaches the object as a dependent
 * does not: it goes ahead of all that wait. (What makes such nodes is dependents.c.)
 *
 * Nobody waits in a circle: nodes that are held back have begun nothing, and of two operations that
 * reach dependents one waits for the other only where that is about what stands higher, or came
 * before it to the same object.
 */

#include "internal.h"

static struct flue_object *object_named(const struct flue_target *t, uint32_t name)
{
    return flue_object_at(t, (uint8_t)(name >> FLUE_NODE_KIND_SHIFT),
                          name & ((1u << FLUE_NODE_KIND_SHIFT) - 1));
}

static struct flue_note *held_note(const struct flue_target *t, uint32_t name)
{
    return flue_note_of(t, object_named(t, name));
}

/*
 * A link that may be moved counts at both ends. The ways up are no longer than there are kinds;
 * how many there may be is limited by the compiler.
 */
bool flue_stands_on(const struct flue_target *t, const struct flue_object *o,
                    const struct flue_object *base)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (!(kind->stands_on >> base->kind & 1))
        return false;
    for (unsigned l = 0; l < kind->link_count; l++) {
        const struct flue_link *link = &flue_links(o)[l];
        const struct flue_object *now = flue_linked(t, o, l, link->to);
        const struct flue_object *next = flue_linked(t, o, l, link->next);
        if ((now && (now == base || flue_stands_on(t, now, base))) ||
            (next && (next == base || flue_stands_on(t, next, base))))
            return true;
    }
    return false;
}

static bool is_on(const struct flue_target *t, const struct flue_object *o,
                  const struct flue_object *base)
{
    return o && (o == base || flue_stands_on(t, o, base));
}

/* The node's operation would lay a link to what the reach is about, or take one away from there. */
static bool moves_link(const struct flue_guard_context *q, const struct flue_reach *reach)
{
    const struct flue_target *t = q->target;
    for (unsigned l = 0; l < kind_of(t, q->object)->link_count; l++) {
        if (q->new_links[l] == FLUE_NONE)
            continue;
        if (q->new_links[l] != FLUE_LINK_GONE &&
            is_on(t, flue_linked(t, q->object, l, q->new_links[l]), reach->object))
            return true;
        if (is_on(t, flue_linked(t, q->object, l, flue_links(q->object)[l].to), reach->object))
            return true;
    }
    return false;
}

/* The object itself is not ended under it, but by the operation's own node or an older one's. */
static bool ends_it(const struct flue_target *t, const struct flue_request *r,
                    const struct flue_object *o, const struct flue_reach *reach)
{
    bool older = r->reach && r->reach->object == o && r->number < reach->request->number;
    return o == reach->object && t->spec->operations[r->operation].ends && !older;
}

static bool must_wait(const struct flue_target *t, const struct flue_request *r,
                      const struct flue_object *o, const void *node)
{
    struct flue_guard_context q;
    if (!flue_rests(t, o)) /* it has its turn when that is over */
        return false;
    flue_guard_context_init(t, o, node, &q);
    for (unsigned i = 0; i < FLUE_REACHES; i++) {
        const struct flue_reach *reach = &t->reaches[i];
        if (reach->request && reach->request != r &&
            (ends_it(t, r, o, reach) || moves_link(&q, reach)))
            return true;
    }
    return false;
}

/* The object is listed, to be looked at when an operation that reaches dependents is done. */
static void hold(struct flue_target *t, struct flue_object *o)
{
    uint32_t name = flue_node_object_name(o->kind, flue_object_index(t, o));
    struct flue_note *note = flue_note_of(t, o);
    note->held_back = true;
    if (t->held_objects++)
        held_note(t, t->last_held)->next_held = name;
    else
        t->first_held = name;
    t->last_held = name;
}

/* The node's turn has come. True: it is held back, ahead of those that come to its object. */
bool flue_held_back(struct flue_target *t, const struct flue_request *r, struct flue_object *o,
                    void *node)
{
    if (!must_wait(t, r, o, node))
        return false;
    if (flue_reaches_dependents(t, r)) {
        flue_node_list_append(t, &t->held_back, node);
    } else {
        hold(t, o);
        flue_defer_first(t, o, node);
    }
    return true;
}

/* A slice of those that were held back when such an operation was done line up again. */
bool flue_held_look(struct flue_target *t)
{
    bool progress = false;
    for (; t->held_looks && t->budget; t->held_looks--, t->budget--, progress = true) {
        struct flue_object *o = object_named(t, t->first_held);
        struct flue_note *note = flue_note_of(t, o);
        t->first_held = note->next_held;
        note->held_back = false;
        if (!--t->held_objects)
            flue_fast_paths_choose(t);
        flue_object_ready(t, o);
    }
    return progress;
}

/* The fast path does not ask who has to wait. */
void flue_fast_paths_choose(struct flue_target *t)
{
    for (unsigned k = 0; k < t->spec->kind_count; k++) {
        const struct flue_fast_path *way = t->spec->kinds[k].fast_path;
        if (t->reaching || t->held_objects)
            way = NULL;
        t->fast_paths[k] = way && flue_traced(t) ? way->traced : way;
    }
}

/* Whoever waits for a reach gets one that is free. What has gone meanwhile has no dependents. */
static void begin_next(struct flue_target *t)
{
    for (unsigned i = 0; i < FLUE_REACHES && t->reach_line; i++) {
        struct flue_reach *reach = &t->reaches[i];
        if (reach->request)
            continue;
        struct flue_request *r = t->reach_line;
        t->reach_line = r->next_reach;
        r->reach = reach;
        reach->request = r;
        reach->object = flue_node_object(t, r->root);
        reach->kind = 0;
        reach->index = 0;
        reach->stage = FLUE_REACH_SETTLES;
        t->reaching++;
        flue_fast_paths_choose(t);
    }
}

/* The root of such an operation is visited, and names an object: it waits for the dependents. */
void flue_reach_begin(struct flue_target *t, struct flue_request *r)
{
    struct flue_request **last = &t->reach_line;
    flue_step_pending_inc(t->spec->node, r->root);
    while (*last)
        last = &(*last)->next_reach;
    *last = r;
    r->next_reach = NULL;
    begin_next(t);
}

/* All is done, or nothing was to be done: the host is told how much, and who waits goes on. */
static void end(struct flue_target *t, struct flue_request *r)
{
    flue_store_u32(flue_node_at(r->root, t->spec->node->reached), r->reached);
    flue_store_u32(flue_node_at(r->root, t->spec->node->failed), r->failed);
    if (!r->reach)
        return;
    FLUE_ASSERT(!r->reach->under_way);
    r->reach->request = NULL;
    r->reach = NULL;
    t->reaching--;
    flue_node_list_splice(t, &t->failing, &t->held_back);
    t->held_looks = t->held_objects;
    begin_next(t);
    flue_fast_paths_choose(t);
}

/* A node that was made is of no use any more. */
void flue_reach_spare(struct flue_target *t, struct flue_request *r, void *node)
{
    struct flue_reach *reach = r->reach;
    FLUE_ASSERT(reach->under_way != 0);
    reach->under_way--;
    flue_node_set_link(t, node, reach->spare);
    reach->spare = node;
}

/* A node has its status: one that was made, or the root. */
void flue_reach_finished(struct flue_target *t, void *node, bool good)
{
    struct flue_request *r = flue_node_request(t, node);
    if (!(flue_node_flags(t, node) & FLUE_NODE_MADE)) {
        if (node == r->root)
            end(t, r);
        return;
    }
    r->reached++;
    r->failed += !good;
    flue_reach_spare(t, r, node);
}
