/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * together.c: requests that are done for all of their nodes or for none.
 *
 * The object of a node for which all is done waits, busy, for the others. When the last one waits,
 * all hear `commit`; when one has failed, those that wait hear `abort`, those under way hear it as
 * soon as they wait, and those that have not begun do not begin. A commit sends nothing: it cannot
 * fail, and a reset that comes in its midst lets it end first.
 *
 * One such request runs at a time; others wait for its completion, with nothing in their hands. So
 * do those that reach dependents, and hold their links. All others hold an object only as long as
 * its commands are under way. So nobody waits in a ring. Of one object such a request has one node
 * (prepared.c), or it would wait for itself.
 */

#include "internal.h"

#define SLICE 16u /* nodes that hear of it between two turns of others */

/* Where parents came first they are taken back last. */
static void hear(struct flue_target *t)
{
    void *node = flue_node_list_pop(t, &t->together.prepared);
    bool aborts = t->together.outcome == FLUE_ABORTS;
    if (aborts && operation_of(t, node)->order == FLUE_PARENTS_FIRST &&
        flue_step_pending(t->spec->node, node) > 1)
        flue_together_delay(t, node);
    else
        flue_drive(t, flue_node_object(t, node), aborts ? FLUE_EVENT_ABORT : FLUE_EVENT_COMMIT,
                   node);
}

bool flue_together_waits(const struct flue_target *t)
{
    const struct flue_together *all = &t->together;
    return all->request && all->outcome != FLUE_UNDECIDED && all->prepared.first;
}

bool flue_together_run(struct flue_target *t)
{
    bool progress = false;
    flue_together_look(&t->together);
    for (unsigned n = SLICE; n && t->budget && flue_together_waits(t); n--, progress = true) {
        hear(t);
        t->budget--;
    }
    return progress;
}

/*
 * A step before a reset. What is being committed is committed to the end, so that all objects
 * forget as they are then; what is not decided is not done: each that waits hears of the reset.
 */
bool flue_together_forward(struct flue_target *t)
{
    struct flue_together *all = &t->together;
    if (!all->request || !all->prepared.first)
        return false;
    if (all->outcome != FLUE_COMMITS) {
        all->outcome = FLUE_ABORTS;
        all->prepared.first = NULL;
        return false;
    }
    hear(t);
    return true;
}
