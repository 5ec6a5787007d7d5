/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unreachable.c: requests whose trees were changed by the host while the target had them.
 *
 * Nodes that wait for those above them are found by the host's own links. Where a change has made
 * some unreachable, their turn never comes, and who waits for what is below it waits in vain. Then
 * nothing of the request is under way any more, and still nodes are not started. Those that were
 * to be taken back after what is below them are looked for in the pools, and taken back now; kinds
 * that stand on others first, since the tree does not tell any more. After that the request
 * completes, its root fails, and what was reserved for the unreachable nodes is looked for, too.
 */

#include "internal.h"

/* True: its node waited to be taken back, and hears of that. Only such a node has the flag. */
static bool take_back(struct flue_target *t, struct flue_object *o)
{
    void *node = o->node;
    if (!node || !(flue_node_flags(t, node) & FLUE_NODE_LAST))
        return false;
    flue_together_undelay(t, node);
    flue_drive(t, o, FLUE_EVENT_ABORT, node);
    return true;
}

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

/* What was taken back of one kind comes to its end first; then it is looked again, from above. */
static void wait_for_those(struct flue_target *t, struct flue_request *r)
{
    t->unreachable.first = r->next;
    r->searched = false;
}

/* The pools are searched twice. From the second time on, nobody finishes a root. */
static void next_pool(struct flue_target *t, struct flue_request *r)
{
    r->unreachable_index = 0;
    if (flue_request_moves(t, r)) {
        wait_for_those(t, r);
    } else if (r->unreachable_kind) {
        r->unreachable_kind--;
    } else if (r->roots) {
        r->roots = 0;
        r->unreachable_kind = (uint8_t)(t->spec->kind_count - 1);
    } else {
        complete_root(t, r);
    }
}

/* A slice of a pool, up to the first that hears something. */
static void search(struct flue_target *t, struct flue_request *r)
{
    const struct flue_pool *pool = &t->pools[r->unreachable_kind];
    for (unsigned n = FLUE_SLICE; n && r->unreachable_index < pool->capacity; n--) {
        struct flue_object *o = flue_object_at(t, r->unreachable_kind, r->unreachable_index++);
        if (!r->roots)
            give_up(t, r, o);
        else if (r == t->together.request && take_back(t, o))
            return;
    }
    if (r->unreachable_index == pool->capacity)
        next_pool(t, r);
}

bool flue_unreachable_run(struct flue_target *t)
{
    bool progress = false;
    for (; t->unreachable.first && t->budget; t->budget--, progress = true)
        search(t, t->unreachable.first);
    return progress;
}
