/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependents.c: an operation reaches all that stands on the object its node names.
 *
 * Nobody knows the dependents of an object, so a search goes over whole pools, by slices. For each
 * that it finds a node is made below the root, which is served like any other: it waits while its
 * object is busy, its status counts in the root's. There are a few such nodes, used in turn.
 *
 * First, what was under way when the operation came is waited for: an object that is being linked
 * to what the search is about, or away from it. New links are held back (reach.c), so that after
 * this round all stands where it stands: what was there when the operation came and has not gone by
 * an operation that came before it is reached, and once, for the search passes it once.
 */

#include "internal.h"

#define QUANTUM 16u /* steps of one search before the next one gets its turn */

static uint8_t order_of(const struct flue_target *t, const struct flue_reach *reach)
{
    return t->spec->operations[reach->request->operation].order;
}

/* The number of the kind that is searched. */
static uint8_t searched(const struct flue_target *t, const struct flue_reach *reach)
{
    uint8_t last = (uint8_t)(t->spec->kind_count - 1);
    return order_of(t, reach) == FLUE_DEPENDENTS_FIRST ? (uint8_t)(last - reach->kind)
                                                       : reach->kind;
}

/* The kind is searched to its end, or none of it can stand on the object. */
static bool searched_out(const struct flue_target *t, const struct flue_reach *reach, uint8_t kind)
{
    return reach->index >= t->pools[kind].capacity ||
           !(t->spec->kinds[kind].stands_on >> reach->object->kind & 1);
}

/* One of its links is being laid or moved. */
static bool settles(const struct flue_target *t, const struct flue_object *o)
{
    if (flue_rests(t, o))
        return false;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++)
        if (flue_links(o)[l].next != FLUE_NONE)
            return true;
    return false;
}

/* What it has come to, if that stands on the object. */
static struct flue_object *found(const struct flue_target *t, const struct flue_reach *reach)
{
    uint8_t kind = searched(t, reach);
    if (searched_out(t, reach, kind))
        return NULL;
    struct flue_object *o = flue_object_at(t, kind, reach->index);
    return o->state != kind_of(t, o)->start && flue_stands_on(t, o, reach->object) ? o : NULL;
}

/* Between two kinds all of the first have to be done, where there is an order. */
static bool waits_between(const struct flue_target *t, const struct flue_reach *reach)
{
    return reach->under_way && order_of(t, reach) != FLUE_ANY_ORDER &&
           searched_out(t, reach, searched(t, reach));
}

/* The object's own part comes first, and is not over. */
static bool waits_for_root(const struct flue_target *t, const struct flue_reach *reach)
{
    return order_of(t, reach) == FLUE_PARENTS_FIRST &&
           !(flue_node_flags(t, reach->request->root) & FLUE_NODE_OWN_DONE);
}

static bool blocked(const struct flue_target *t, const struct flue_reach *reach)
{
    if (!reach->request || reach->stage == FLUE_REACH_HAS_GONE || waits_for_root(t, reach))
        return true;
    const struct flue_object *o = found(t, reach);
    if (reach->stage == FLUE_REACH_SETTLES)
        return o && settles(t, o);
    return (o && !reach->spare) || waits_between(t, reach);
}

/* Under an object that refused, or failed, nobody is tried; and nobody is there to be found. */
static bool in_vain(const struct flue_target *t, const struct flue_reach *reach)
{
    unsigned flags = flue_node_flags(t, reach->request->root);
    unsigned own = (flags & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT;
    return !reach->object->dependents ||
           (order_of(t, reach) == FLUE_PARENTS_FIRST && !t->spec->statuses[own].good);
}

/* The object gets a node, which is started. Of what the host has no handle, it asks nothing. */
static void reach_one(struct flue_target *t, struct flue_reach *reach, struct flue_object *o)
{
    const struct flue_node_layout *n = t->spec->node;
    struct flue_request *r = reach->request;
    if (!kind_of(t, o)->states[o->state].host_has)
        return;
    void *node = reach->spare;
    reach->spare = flue_node_link(t, node);
    reach->under_way++;
    flue_node_set_handle(t, node, flue_name_of(t, o));
    flue_step_enter(n, r, node, r->root, 1,
                    flue_node_object_name(o->kind, flue_object_index(t, o)));
    unsigned flags = (unsigned)FLUE_REFERENCE | FLUE_NODE_WAITING | FLUE_NODE_MADE |
                     FLUE_STATUS_NONE << FLUE_NODE_OWN_SHIFT;
    flue_step_visit(n, t, node, flue_request_stamp(t, r->serial, flags), flue_traced(t));
    r->unstarted++;
    flue_node_start(t, node);
}

static void has_gone(struct flue_target *t, struct flue_reach *reach)
{
    reach->stage = FLUE_REACH_HAS_GONE;
    flue_node_release(t, reach->request->root);
}

/* To the next kind; behind the last one, to the next round. */
static void next_kind(struct flue_target *t, struct flue_reach *reach)
{
    reach->index = 0;
    if (++reach->kind < t->spec->kind_count)
        return;
    reach->kind = 0;
    if (reach->stage == FLUE_REACH_GOES)
        has_gone(t, reach);
    else
        reach->stage = FLUE_REACH_GOES;
}

/* One step: over a slice of the pool, up to the first that stands on the object. */
static void step(struct flue_target *t, struct flue_reach *reach)
{
    if (in_vain(t, reach)) {
        has_gone(t, reach);
        return;
    }
    uint8_t kind = searched(t, reach);
    for (unsigned n = FLUE_SLICE; n && !searched_out(t, reach, kind); n--) {
        struct flue_object *o = found(t, reach);
        if (o && reach->stage == FLUE_REACH_SETTLES && settles(t, o))
            return;
        if (o && reach->stage == FLUE_REACH_GOES) {
            if (!reach->spare)
                return;
            reach->index++;
            reach_one(t, reach, o);
            return;
        }
        reach->index++;
    }
    if (searched_out(t, reach, kind) && !waits_between(t, reach))
        next_kind(t, reach);
}

/* There is something to be done for one of them. */
bool flue_dependents_wait(const struct flue_target *t)
{
    if (t->held_looks)
        return true;
    for (unsigned i = 0; t->reaching && i < FLUE_REACHES; i++)
        if (!blocked(t, &t->reaches[i]))
            return true;
    return false;
}

/* One turn for each. */
bool flue_dependents_run(struct flue_target *t)
{
    bool progress = flue_held_look(t);
    for (unsigned i = 0; t->reaching && i < FLUE_REACHES; i++)
        for (unsigned n = QUANTUM; n && t->budget && !blocked(t, &t->reaches[i]); n--) {
            step(t, &t->reaches[i]);
            t->budget--;
            progress = true;
        }
    return progress;
}
