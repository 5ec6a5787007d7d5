/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unreachable.c: requests whose trees were changed by the host while the target had them.
 *
 * Nodes that wait for those above them are found by the host's own links. Where a change has made
 * some unreachable, their turn never comes. Then nothing of the request is under way any more, and
 * still nodes are not started: the request completes, its root fails, and the objects that were
 * reserved for the unreachable nodes are looked for in the pools.
 */

#include "internal.h"

/*
 * Reserved for a node of the request, and not started: only then it bears the request's serial. A
 * reference among the unreachable nodes may have claimed its object; all others have let go.
 */
static void give_up(struct flue_target *t, struct flue_request *r, struct flue_object *o)
{
    if (r == t->together.request)
        flue_note_of(t, o)->claimed = false;
    if (o->state == kind_of(t, o)->start && o->touched == r->serial)
        flue_object_retire(t, o, r);
}

static void complete_root(struct flue_target *t, struct flue_request *r)
{
    uint8_t status = flue_misuse(t, &t->stats.bad_trees);
    flue_step_status(t->spec->node, t, r->root, status, t->spec->statuses[status].value,
                     flue_traced(t));
    t->unreachable.first = r->next;
    flue_request_append(&t->completed, r);
}

bool flue_unreachable_run(struct flue_target *t)
{
    bool progress = false;
    for (; t->unreachable.first && t->budget; t->budget--, progress = true) {
        struct flue_request *r = t->unreachable.first;
        const struct flue_pool *pool = &t->pools[r->unreachable_kind];
        for (unsigned n = FLUE_SLICE; n && r->unreachable_index < pool->capacity; n--)
            give_up(t, r, flue_object_at(t, r->unreachable_kind, r->unreachable_index++));
        if (r->unreachable_index < pool->capacity)
            continue;
        r->unreachable_index = 0;
        if (++r->unreachable_kind == t->spec->kind_count)
            complete_root(t, r);
    }
    return progress;
}
