/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.c: requests and the walks over their trees.
 *
 * A walk goes depth first: a node, then its dependents, then the next node. It keeps no stack: the
 * way back up is in the nodes' scratch words. What a visit finds wrong with a node is kept as a
 * verdict and given as status when the node's turn comes, so that order is the same either way.
 */

#include "internal.h"

#define NO_VERDICT FLUE_STATUS_NONE
#define QUANTUM 256u /* steps of one request before the next one gets its turn */

/*
 * The node is not tried: the place that the walk reserved for a new object is not needed. The
 * object of a reference is another's, whatever became of it since the walk.
 */
static uint8_t unused(struct flue_target *t, struct flue_request *r, const void *node,
                      uint8_t status)
{
    struct flue_object *o = flue_node_object(t, node);
    if (o && (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_NEW &&
        o->state == kind_of(t, o)->start)
        flue_object_leave(t, o, r);
    return status;
}

/*
 * The new object's handle goes to its place when its turn comes, so that of two nodes which share
 * the place it is the order of the tree that decides, and not that of answers. It is taken away
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
        if (!t->spec->statuses[(over & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT].good)
            verdict = unused(t, r, node, op->parent_failed);
    }
    /* While the node waited, its object may have gone. */
    if (verdict == NO_VERDICT && (flags & FLUE_NODE_ROLE) == FLUE_REFERENCE &&
        flue_object_find(t, flue_node_handle(t, node)) != o)
        verdict = flue_misuse(t, &t->stats.stale);
    if (verdict == NO_VERDICT && flue_target_phase(t) == FLUE_REMOVED &&
        op->removed != FLUE_STATUS_NONE)
        verdict = unused(t, r, node, op->removed);
    return verdict;
}

/* Marks are set as the operation comes, whatever else has to wait. */
static bool marks_at_once(const struct flue_target *t, const struct flue_request *r,
                          const struct flue_object *o, const void *node)
{
    struct flue_question q;
    uint16_t arm;
    flue_question(t, o, node, &q);
    kind_of(t, o)->step(&q, o->state, (uint8_t)(FLUE_EVENT_OPERATION + r->operation), &arm);
    return kind_of(t, o)->arms[arm].marks != 0;
}

/* Whom the node has to wait for before its object is asked: nobody, most of the time. */
static struct flue_object *waits_for(const struct flue_target *t, const struct flue_request *r,
                                     struct flue_object *o, const void *node)
{
    if (o->flags & FLUE_OBJECT_READY) /* those that came before are not served yet */
        return o;
    if (t->restore_kind == FLUE_NO_BYTE && !t->restores && t->phase == FLUE_RUNNING)
        return NULL;
    if (flue_restore_is_due(t, o) && !marks_at_once(t, r, o, node))
        return o;
    const struct flue_operation *op = &t->spec->operations[r->operation];
    uint32_t link = flue_wanted_link(t, o, node, op);
    if (link == FLUE_NONE || link == FLUE_LINK_GONE)
        return NULL;
    struct flue_object *linked = flue_object_at(t, kind_of(t, o)->links_to, link);
    bool waits = kind_of(t, linked)->states[linked->state].sort == FLUE_RESTORING ||
                 flue_restore_is_due(t, linked);
    return waits ? linked : NULL;
}

/* The node waits no longer. It may come here twice: listed to be started, and started. */
static void begins(struct flue_target *t, struct flue_request *r, void *node)
{
    unsigned flags = flue_node_flags(t, node);
    if (!(flags & FLUE_NODE_WAITING))
        return;
    flue_node_set_flags(t, node, flags & ~(unsigned)FLUE_NODE_WAITING);
    r->unstarted--;
    r->open++;
}

/* The node's turn: its verdict becomes its status, or its object's machine takes over. */
void flue_node_start(struct flue_target *t, void *node)
{
    struct flue_request *r = flue_node_request(t, node);
    struct flue_object *o = flue_node_object(t, node);
    begins(t, r, node);
    uint8_t verdict = verdict_on(t, r, node);
    if (verdict != NO_VERDICT) {
        flue_node_settle(t, node, verdict);
        return;
    }
    struct flue_object *first = waits_for(t, r, o, node);
    if (first)
        flue_defer(t, first, node);
    else if ((flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_NEW && !claim_cell(t, node, o))
        flue_node_settle(t, node, unused(t, r, node, flue_misuse(t, &t->stats.bad_trees)));
    else
        flue_drive(t, o, (uint8_t)(FLUE_EVENT_OPERATION + r->operation), node);
}

static bool may_start(const struct flue_target *t, const struct flue_request *r, const void *above)
{
    switch (t->spec->operations[r->operation].order) {
    case FLUE_PARENTS_FIRST:
        return !above || (flue_node_flags(t, above) & FLUE_NODE_OWN_DONE);
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

/* A walk aside has held the walk's debt of its base. */
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
        if (t->pools[k].in_use > t->config.near_objects && t->fast_paths[k] &&
            t->fast_paths[k]->operation == operation)
            return true;
    return false;
}

/*
 * Where order is free and there are many objects, dependents are walked aside, many lists at once.
 * With few, one list after the other is quicker, and keeps the order of the tree.
 */
static bool walk_aside(struct flue_target *t, struct flue_request *r, void *node, void *first)
{
    struct flue_walk *lane = far(t, r->operation) ? free_lane(t, r) : NULL;
    if (!lane)
        return false;
    *lane = (struct flue_walk){.cursor = first, .above = node, .base = node};
    r->lanes_used++;
    return true;
}

/* A new object below one whose fate is open shares it. */
static unsigned fate(const struct flue_target *t, const void *above)
{
    unsigned over = above ? flue_node_flags(t, above) : 0;
    bool open = (over & FLUE_NODE_ASKED) || !(over & FLUE_NODE_OWN_DONE);
    return above && (over & FLUE_NODE_ROLE) == FLUE_NEW && open ? FLUE_NODE_ASKED : 0;
}

static unsigned role_of(const struct flue_target *t, const void *node)
{
    const struct flue_node_layout *layout = t->spec->node;
    const void *place = flue_node_handle_place(t, node);
    bool value = place && flue_load_pointer(place);
    return layout->role[place != NULL][value];
}

static void visit(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    void *node = w->cursor, *above = w->above;
    /* Since the walk came to it, it may have been submitted as a root of its own. */
    if (flue_node_stamped(t, node) && node != r->root) {
        climb(t, r, w, unseen(t, node), above);
        return;
    }
    unsigned flags = role_of(t, node) | FLUE_NODE_WAITING | fate(t, above);

    flue_node_stamp(t, node, r->serial, flags);
    flue_store_pointer(flue_node_word(t, node, 0), above);
    flue_node_set_pending(t, node, 2); /* its own part and the walk */
    flue_node_set_object(t, node, NULL);
    if (above)
        flue_node_set_pending(t, above, flue_node_pending(t, above) + 1);
    else
        r->roots++;
    r->unstarted++;
    t->stats.nodes++;
    FLUE_TRACE(t, node, NULL, .what = FLUE_TRACE_NODE);

    uint8_t verdict = flue_examine(t, r, node, above);
    flue_node_set_flags(t, node, flags | (unsigned)verdict << FLUE_NODE_OWN_SHIFT);
    if (may_start(t, r, above))
        flue_node_start(t, node);
    void *first = unseen(t, flue_node_dependents(t, node));
    if (!first)
        climb(t, r, w, NULL, node);
    else if (walk_aside(t, r, node, first))
        climb(t, r, w, unseen(t, flue_node_next(t, node)), above);
    else
        w->cursor = first, w->above = node;
}

/*
 * Most nodes of a large tree are alike, and the generated code of their kind knows them well: it
 * takes run after run of siblings, up to the first node that is different.
 */
static const struct flue_fast_path *way_of(const struct flue_target *t,
                                           const struct flue_request *r, const struct flue_walk *w)
{
    const void *place = flue_node_handle_place(t, w->cursor);
    uint8_t kind = place ? (uint8_t)((uint64_t)(uintptr_t)flue_load_pointer(place) >> 32 & 15) : 15;
    const struct flue_fast_path *way = t->fast_paths[kind];
    bool open = way && way->operation == r->operation && !w->unlike && !w->up &&
                !flue_node_dependents(t, w->cursor) && !t->short_of_room &&
                flue_target_phase(t) == FLUE_RUNNING;
    return open ? way : NULL;
}

static void visit_long(struct flue_target *t, struct flue_request *r, struct flue_walk *w)
{
    w->unlike = false;
    if (w->up)
        climb_on(t, r, w);
    else
        visit(t, r, w);
    t->budget--;
}

/* Not longer than the request's turn. */
static void run_short(struct flue_target *t, struct flue_request *r,
                      const struct flue_fast_path *way, struct flue_walk *ring)
{
    uint32_t kept = t->budget > r->turn ? t->budget - r->turn : 0;
    t->budget -= kept;
    way->visit(t, r, ring);
    t->budget += kept;
}

/*
 * A lane's steps, a few at most, to a node of the fast path. The nodes on the way are visited on
 * the slow path; those that begin lists fill the other lanes.
 */
static const struct flue_fast_path *approach(struct flue_target *t, struct flue_request *r,
                                             struct flue_walk *w)
{
    for (unsigned i = 0; i < FLUE_LANES && w->base && t->budget && !r->stalled; i++) {
        const struct flue_fast_path *way = way_of(t, r, w);
        if (way)
            return way;
        visit_long(t, r, w);
    }
    return NULL;
}

/* The lanes whose next node is of the first one's kind go on together. */
static void run_lanes(struct flue_target *t, struct flue_request *r)
{
    struct flue_walk *ring = NULL, *last = NULL;
    const struct flue_fast_path *first = NULL;
    for (struct flue_walk *w = r->lanes->walk; w < r->lanes->walk + FLUE_LANES; w++) {
        const struct flue_fast_path *way = approach(t, r, w);
        first = first ? first : way;
        if (!way || way != first)
            continue;
        if (last)
            last->turn = w;
        else
            ring = w;
        last = w;
    }
    if (!ring || !t->budget || r->stalled)
        return;
    last->turn = ring;
    run_short(t, r, first, ring);
    for (struct flue_walk *w = r->lanes->walk; w < r->lanes->walk + FLUE_LANES; w++)
        if (w->base && !w->cursor)
            climb(t, r, w, NULL, w->above);
}

static void run_walk(struct flue_target *t, struct flue_request *r)
{
    struct flue_walk *w = &r->walk;
    const struct flue_fast_path *way = way_of(t, r, w);
    if (!way) {
        visit_long(t, r, w);
        return;
    }
    w->turn = w;
    run_short(t, r, way, w);
    if (!w->cursor)
        climb(t, r, w, NULL, w->above);
}

/* Of the dependents that waited for their parent only the first is listed; it brings the next. */
static void start_ready(struct flue_target *t, struct flue_request *r, void *node)
{
    void *next = flue_node_next(t, node);
    /* It waits no longer: should it be its own next, it is not listed again. */
    begins(t, r, node);
    if (t->spec->operations[r->operation].order == FLUE_PARENTS_FIRST && next &&
        flue_node_visited(t, next, r->serial) &&
        flue_node_above(t, next) == flue_node_above(t, node) &&
        (flue_node_flags(t, next) & FLUE_NODE_WAITING))
        flue_node_list_push(t, &r->ready, next);
    flue_node_start(t, node);
}

/* Until its turn is over, or there is nothing that it could do now. */
static bool run_request(struct flue_target *t, struct flue_request *r)
{
    bool progress = false;
    if (!r->turn)
        r->turn = QUANTUM;
    for (; r->turn && t->budget && !r->stalled; progress = true) {
        uint32_t budget = t->budget;
        void *node = flue_node_list_pop(t, &r->ready);
        if (node) {
            start_ready(t, r, node);
            t->budget--;
        } else if (r->walk.cursor && r->lanes_used < FLUE_LANES) {
            run_walk(t, r);
        } else if (r->lanes_used) {
            run_lanes(t, r);
        } else {
            break;
        }
        uint32_t steps = budget - t->budget;
        r->turn -= steps < r->turn ? steps : r->turn;
    }
    return progress;
}

static bool could_run(const struct flue_request *r)
{
    return !r->stalled && (r->walk.cursor || r->lanes_used || r->ready.first);
}

/* To the end of the line, if it could do something and is not there yet. */
void flue_request_line_up(struct flue_target *t, struct flue_request *r)
{
    if (r->in_line || !could_run(r))
        return;
    r->in_line = true;
    flue_request_append(&t->line, r);
}

/* A turn that a poll's budget ends is the first of the next poll. */
static void next_turn(struct flue_target *t, struct flue_request *r)
{
    r->in_line = false;
    if (t->budget || !r->turn || !could_run(r)) {
        flue_request_line_up(t, r);
        return;
    }
    r->in_line = true;
    r->next = t->line.first;
    if (!t->line.first)
        t->line.last = r;
    t->line.first = r;
}

/* One turn for each that is in line now. */
bool flue_requests_run(struct flue_target *t)
{
    bool progress = false;
    for (const struct flue_request *last = t->line.last; t->budget && t->line.first;) {
        struct flue_request *r = t->line.first;
        t->line.first = r->next;
        progress |= run_request(t, r);
        next_turn(t, r);
        if (r == last)
            break;
    }
    return progress;
}
