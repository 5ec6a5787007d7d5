/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c: a node's turn: its verdict becomes its status, it waits, or its object is asked.
 */

#include "internal.h"

#define NO_VERDICT FLUE_STATUS_NONE

/*
 * The node is not tried: the object that the walk reserved for it is not needed. The object of a
 * reference is another's, whatever became of it since the walk.
 */
static uint8_t unused(struct flue_target *t, struct flue_request *r, const void *node,
                      uint8_t status)
{
    struct flue_object *o = flue_node_object(t, node);
    if (o && (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_NEW &&
        o->state == kind_of(t, o)->start)
        flue_object_retire(t, o, r);
    return status;
}

/*
 * The new object's handle goes to its cell when its turn comes, so that of two nodes which share
 * the cell it is the order of the tree that decides, and not that of answers. It is taken away
 * again if the object comes to nothing.
 */
static bool claim_cell(struct flue_target *t, void *node, const struct flue_object *o)
{
    if (flue_node_handle(t, node))
        return false;
    flue_node_set_handle(t, node, flue_name_of(t, o));
    return true;
}

/* The node's turn as far as it needs no object: a status, or FLUE_STATUS_NONE. */
static uint8_t verdict_on(struct flue_target *t, struct flue_request *r, void *node)
{
    unsigned flags = flue_node_flags(t, node);
    struct flue_object *o = flue_node_object(t, node);
    const struct flue_operation *op = &t->spec->operations[r->operation];
    const void *above = flue_node_above(t, node);
    uint8_t verdict = (uint8_t)((flags & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT);

    if (op->order == FLUE_PARENTS_FIRST && above && (flags & FLUE_NODE_ROLE) != FLUE_PLACEHOLDER) {
        unsigned over = flue_node_flags(t, above);
        if ((over & FLUE_NODE_OWN_DONE) && /* else all is done for it, and it waits for others */
            !t->spec->statuses[(over & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT].good)
            verdict = unused(t, r, node, op->parent_failed);
    }
    /* While the node waited, its object may have gone. */
    if (verdict == NO_VERDICT && (flags & FLUE_NODE_ROLE) == FLUE_REFERENCE &&
        flue_object_find(t, flue_node_handle(t, node)) != o)
        verdict = flue_misuse(t, &t->stats.stale);
    if (verdict == NO_VERDICT && flue_target_phase(t) == FLUE_REMOVED &&
        op->removed != FLUE_STATUS_NONE)
        verdict = unused(t, r, node, op->removed);
    if (verdict == NO_VERDICT && r == t->together.request && t->together.outcome == FLUE_ABORTS)
        verdict = unused(t, r, node, op->aborted);
    return verdict;
}

/* Marks are set as the operation comes, whatever else has to wait. */
static bool marks_at_once(const struct flue_target *t, const struct flue_request *r,
                          const struct flue_object *o, const void *node)
{
    struct flue_guard_context q;
    uint16_t arm;
    flue_guard_context_init(t, o, node, &q);
    kind_of(t, o)->step(&q, o->state, (uint8_t)(FLUE_EVENT_OPERATION + r->operation), &arm);
    return kind_of(t, o)->arms[arm].marks & (UINT8_MAX ^ FLUE_ARM_SETS);
}

static bool being_restored(const struct flue_target *t, const struct flue_object *o)
{
    return kind_of(t, o)->states[o->state].sort == FLUE_RESTORING || flue_restore_is_due(t, o);
}

/* The object that the node has to wait for before its own is asked: NULL, most of the time. */
static struct flue_object *waits_for(const struct flue_target *t, const struct flue_request *r,
                                     struct flue_object *o, const void *node)
{
    if (o->flags & FLUE_OBJECT_READY) /* those that came before are not served yet */
        return o;
    if (flue_waits_held(t, o) && !flue_reaches_dependents(t, r))
        return o;
    if (t->restore_kind == FLUE_NO_BYTE && !t->restores && t->phase == FLUE_RUNNING)
        return NULL;
    if (flue_restore_is_due(t, o) && !marks_at_once(t, r, o, node))
        return o;
    struct flue_guard_context q;
    flue_guard_context_init(t, o, node, &q);
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        if (q.new_links[l] == FLUE_LINK_GONE)
            continue;
        struct flue_object *linked = flue_linked(t, o, l, q.new_links[l]);
        if (linked && being_restored(t, linked))
            return linked;
    }
    return NULL;
}

/* The node waits no longer. It may come here twice: listed to be started, and started. */
void flue_node_begins(struct flue_target *t, struct flue_request *r, void *node)
{
    unsigned flags = flue_node_flags(t, node);
    if (!(flags & FLUE_NODE_WAITING))
        return;
    flue_node_set_flags(t, node, flags & ~(unsigned)FLUE_NODE_WAITING);
    r->unstarted--;
    r->open++;
}

/* The dependent that the node stands for has gone before it was reached: it is not counted. */
static bool has_left(const struct flue_target *t, const void *node)
{
    return (flue_node_flags(t, node) & FLUE_NODE_MADE) &&
           flue_object_find(t, flue_node_handle(t, node)) != flue_node_object(t, node);
}

static void drop(struct flue_target *t, struct flue_request *r, void *node)
{
    flue_reach_spare(t, r, node);
    r->open--;
    flue_node_release(t, r->root);
}

/* The node's turn: its verdict becomes its status, or its object's machine takes over. */
void flue_node_start(struct flue_target *t, void *node)
{
    struct flue_request *r = flue_node_request(t, node);
    struct flue_object *o = flue_node_object(t, node);
    flue_node_begins(t, r, node);
    if (has_left(t, node)) {
        drop(t, r, node);
        return;
    }
    uint8_t verdict = verdict_on(t, r, node);
    if (verdict != NO_VERDICT) {
        flue_node_settle(t, node, verdict);
        return;
    }
    struct flue_object *first = waits_for(t, r, o, node);
    if (first)
        flue_defer(t, first, node);
    else if (t->reaching && flue_held_back(t, r, o, node))
        return;
    else if ((flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_NEW && !claim_cell(t, node, o))
        flue_node_settle(t, node, unused(t, r, node, flue_misuse(t, &t->stats.bad_trees)));
    else
        flue_drive(t, o, (uint8_t)(FLUE_EVENT_OPERATION + r->operation), node);
}

static bool fail_nodes(struct flue_target *t)
{
    bool progress = false;
    for (void *node; t->budget && (node = flue_node_list_pop(t, &t->failing)) != NULL;
         t->budget--) {
        flue_node_start(t, node);
        progress = true;
    }
    return progress;
}

/* The object's turn: events that came while it was in line, or the first node that waits for it. */
static void serve(struct flue_target *t, struct flue_object *o)
{
    uint8_t event = flue_event_due(t, o);
    if (event != FLUE_EVENT_NONE) {
        flue_drive(t, o, event, NULL);
        return;
    }
    flue_node_start(t, flue_undefer(t, o));
    flue_object_ready(t, o);
}

/* One node for each object that is in line now. */
bool flue_deferred_serve(struct flue_target *t)
{
    bool progress = fail_nodes(t);
    for (const struct flue_object *last = t->ready.last; t->budget && t->ready.first;) {
        struct flue_object *o = flue_object_unready(t);
        t->budget--;
        progress = true;
        serve(t, o);
        if (o == last)
            break;
    }
    return progress;
}
