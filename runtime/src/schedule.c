/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schedule.c: requests in turn: who walks, who starts what is ready, and who takes the fast path.
 */

#include "internal.h"

#define QUANTUM 256u /* steps of one request before the next one gets its turn */

/*
 * Most nodes of a large tree are alike, and the generated code of their kind knows them well: it
 * takes run after run of siblings, up to the first node that is different.
 */
static const struct flue_fast_path *way_of(const struct flue_target *t,
                                           const struct flue_request *r, const struct flue_walk *w)
{
    const void *cell = flue_node_handle_cell(t, w->cursor);
    uint8_t kind = cell ? flue_name_kind(flue_cell_handle(cell)) : FLUE_MAX_KINDS - 1;
    const struct flue_fast_path *way = t->fast_paths[kind];
    bool open = way && way->operation == r->operation && !w->fallback && !w->up &&
                !flue_node_dependents(t, w->cursor) && !t->short_of_room &&
                flue_target_phase(t) == FLUE_RUNNING;
    return open ? way : NULL;
}

/* Not longer than the request's turn. */
static void run_fast(struct flue_target *t, struct flue_request *r,
                     const struct flue_fast_path *way, struct flue_walk *ring)
{
    uint32_t kept = t->budget > r->quantum ? t->budget - r->quantum : 0;
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
        flue_walk_step(t, r, w);
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
            last->next = w;
        else
            ring = w;
        last = w;
    }
    if (!ring || !t->budget || r->stalled)
        return;
    last->next = ring;
    run_fast(t, r, first, ring);
    for (struct flue_walk *w = r->lanes->walk; w < r->lanes->walk + FLUE_LANES; w++)
        if (w->base && !w->cursor)
            flue_walk_climb(t, r, w);
}

static void run_walk(struct flue_target *t, struct flue_request *r)
{
    struct flue_walk *w = &r->walk;
    const struct flue_fast_path *way = way_of(t, r, w);
    if (!way) {
        flue_walk_step(t, r, w);
        return;
    }
    w->next = w;
    run_fast(t, r, way, w);
    if (!w->cursor)
        flue_walk_climb(t, r, w);
}

/* Of the dependents that waited for their parent only the first is listed; it brings the next. */
static void start_ready(struct flue_target *t, struct flue_request *r, void *node)
{
    void *next = flue_node_next(t, node);
    /* It waits no longer: should it be its own next, it is not listed again. */
    flue_node_begins(t, r, node);
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
    if (!r->quantum)
        r->quantum = QUANTUM;
    for (; r->quantum && t->budget && !r->stalled; progress = true) {
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
        r->quantum -= steps < r->quantum ? steps : r->quantum;
    }
    return progress;
}

/* One turn for each that is in line now. */
bool flue_requests_run(struct flue_target *t)
{
    bool progress = false;
    for (const struct flue_request *last = t->line.last; t->budget && t->line.first;) {
        struct flue_request *r = t->line.first;
        t->line.first = r->next;
        progress |= run_request(t, r);
        flue_request_requeue(t, r);
        if (r == last)
            break;
    }
    return progress;
}
