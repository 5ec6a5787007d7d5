/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.c: a walk over a request's tree, from node to node.
 *
 * A walk goes depth first: a node, then its dependents, then the next node. It keeps no stack: the
 * way back up is in the nodes' scratch words. What a visit finds wrong with a node is kept as a
 * verdict and given as status when the node's turn comes, so that order is the same either way.
 */

#include "internal.h"

static bool may_start(const struct flue_target *t, const struct flue_request *r, const void *above)
{
    switch (t->spec->operations[r->operation].order) {
    case FLUE_PARENTS_FIRST:
        return !above || (flue_node_flags(t, above) & (FLUE_NODE_OWN_DONE | FLUE_NODE_PREPARED));
    case FLUE_DEPENDENTS_FIRST:
        return false; /* status.c makes it ready when its dependents are done */
    default:
        return true;
    }
}

static void *unseen(struct flue_target *t, void *node)
{
    if (!node || !flue_node_stamped(t, node))
        return node;
    t->stats.bad_trees++;
    return NULL;
}

/* A lane's base has waited for its walk. */
static void end_walk(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    void *base = w->base;
    if (!base) {
        flue_root_done(t, r);
        flue_request_look(t, r);
        return;
    }
    w->base = NULL;
    r->lanes_used--;
    flue_node_release(t, base);
}

/* From a node that is walked to the next one, or up to the next one of those above. */
static void climb(struct flue_target *t, struct flue_request *r, struct flue_walk *w, void *next,
                  void *above)
{
    for (unsigned levels = FLUE_LEVELS; !next && above != w->base; levels--) {
        void *node = above;
        above = flue_node_above(t, node);
        if (!levels) { /* the rest of a long way is another step */
            w->cursor = node;
            w->above = above;
            w->up = true;
            return;
        }
        next = unseen(t, flue_node_next(t, node));
        flue_node_release(t, node);
    }
    w->cursor = next;
    w->above = above;
    if (!next)
        end_walk(t, r, w);
}

static void climb_on(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    void *node = w->cursor, *next = unseen(t, flue_node_next(t, node));
    w->up = false;
    flue_node_release(t, node);
    climb(t, r, w, next, w->above);
}

static struct flue_walk *free_lane(struct flue_target *t, struct flue_request *r)
{
    for (unsigned i = 0; !r->lanes && i < sizeof t->lanes / sizeof *t->lanes; i++)
        if (!t->lanes[i].taken) {
            r->lanes = &t->lanes[i];
            r->lanes->taken = true;
        }
    for (unsigned i = 0; r->lanes && i < FLUE_LANES; i++)
        if (!r->lanes->walk[i].base)
            return &r->lanes->walk[i];
    return NULL;
}

/* More objects than stay in the cache while they are walked, and a fast path over them. */
static bool far(const struct flue_target *t, uint8_t operation)
{
    for (unsigned k = 0; k < t->spec->kind_count; k++)
        if (t->pools[k].in_use > t->config.cache_resident_objects && t->fast_paths[k] &&
            t->fast_paths[k]->operation == operation)
            return true;
    return false;
}

/*
 * Where order is free and there are many objects, lists of dependents are walked interleaved.
 * With few, one list after the other is quicker, and keeps the order of the tree.
 */
static bool walk_interleaved(struct flue_target *t, struct flue_request *r, void *node, void *first)
{
    struct flue_walk *lane = far(t, r->operation) ? free_lane(t, r) : NULL;
    if (!lane)
        return false;
    *lane = (struct flue_walk){.cursor = first, .above = node, .base = node};
    r->lanes_used++;
    return true;
}

/* The outcome of a new object below one whose outcome is open is open, too. */
static unsigned outcome_flags(const struct flue_target *t, const void *above)
{
    unsigned over = above ? flue_node_flags(t, above) : 0;
    bool open = (over & FLUE_NODE_ASKED) || !(over & FLUE_NODE_OWN_DONE);
    return above && (over & FLUE_NODE_ROLE) == FLUE_NEW && open ? FLUE_NODE_ASKED : 0;
}

static unsigned role_of(const struct flue_target *t, const void *node)
{
    const struct flue_node_layout *layout = t->spec->node;
    const void *cell = flue_node_handle_cell(t, node);
    bool value = cell && flue_cell_handle(cell);
    return layout->role[cell != NULL][value];
}

static void visit(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    void *node = w->cursor, *above = w->above;
    /* Since the walk came to it, it may have been submitted as a root of its own. */
    if (flue_node_stamped(t, node) && node != r->root) {
        climb(t, r, w, unseen(t, node), above);
        return;
    }
    unsigned flags = role_of(t, node) | FLUE_NODE_WAITING | outcome_flags(t, above);

    const struct flue_node_layout *n = t->spec->node;

    flue_step_enter(n, r, node, above, 2, FLUE_NODE_NO_OBJECT); /* its own part and the walk */
    flue_step_visit(n, t, node, flue_request_stamp(t, r->serial, flags), flue_traced(t));
    r->unstarted++;

    uint8_t verdict = flue_examine(t, r, node, above);
    if (r == t->together.request)
        verdict = flue_together_visited(t, node, verdict);
    flue_node_set_flags(t, node, flags | (unsigned)verdict << FLUE_NODE_OWN_SHIFT);
    if (flue_reaches_dependents(t, r) && verdict == FLUE_STATUS_NONE)
        flue_reach_begin(t, r);
    if (may_start(t, r, above))
        flue_node_start(t, node);
    void *first = unseen(t, flue_node_dependents(t, node));
    if (!first)
        climb(t, r, w, NULL, node);
    else if (walk_interleaved(t, r, node, first))
        climb(t, r, w, unseen(t, flue_node_next(t, node)), above);
    else
        w->cursor = first, w->above = node;
}

/* One step: a node is visited, or the way up goes on. */
void flue_walk_step(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    w->fallback = false;
    if (w->up)
        climb_on(t, r, w);
    else
        visit(t, r, w);
    t->budget--;
}

/* The list is walked to its end: on to what comes after the node above. */
void flue_walk_climb(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    climb(t, r, w, NULL, w->above);
}
