/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prepared.c: nodes of a request that is done for all of them or for none; see together.c.
 *
 * Such a request counts its nodes that have neither a status nor wait for the others. When there
 * are no more, and all are good, it is done.
 */

#include "internal.h"

/* Of one object it has one node: another one would wait for the first. */
static bool claim(struct flue_target *t, const struct flue_object *o)
{
    struct flue_note *note = flue_note_of(t, o);
    bool first = !note->claimed;
    note->claimed = true;
    return first;
}

/* A node is visited, with this verdict; returns the one that it is to have. */
uint8_t flue_together_visited(struct flue_target *t, void *node, uint8_t verdict)
{
    const struct flue_object *o = flue_node_object(t, node);
    t->together.unprepared++;
    if (verdict != FLUE_STATUS_NONE || !o ||
        (flue_node_flags(t, node) & FLUE_NODE_ROLE) != FLUE_REFERENCE || claim(t, o))
        return verdict;
    flue_node_set_object(t, node, NULL);
    return flue_misuse(t, &t->stats.bad_trees);
}

static void unclaim(struct flue_target *t, const void *node)
{
    const struct flue_object *o = flue_node_object(t, node);
    if (o && (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_REFERENCE)
        flue_note_of(t, o)->claimed = false;
}

/* All is done for the node's object. */
void flue_together_prepared(struct flue_target *t, struct flue_request *r, void *node)
{
    struct flue_together *all = &t->together;
    FLUE_ASSERT(r == all->request && all->outcome != FLUE_COMMITS && all->unprepared != 0);
    flue_node_set_flags(t, node, flue_node_flags(t, node) | FLUE_NODE_PREPARED);
    flue_node_list_append(t, &all->prepared, node);
    all->unprepared--;
}

/* The node is to be taken back when all below it is. What is below it may be unreachable. */
void flue_together_delay(struct flue_target *t, void *node)
{
    struct flue_together *all = &t->together;
    flue_node_set_flags(t, node, flue_node_flags(t, node) | FLUE_NODE_LAST);
    all->last++;
    flue_request_look(t, all->request);
}

/* It waits for that no longer. */
void flue_together_undelay(struct flue_target *t, void *node)
{
    unsigned flags = flue_node_flags(t, node);
    t->together.last -= (flags & FLUE_NODE_LAST) != 0;
    flue_node_set_flags(t, node, flags & ~(unsigned)FLUE_NODE_LAST);
}

/* A node has its status. A bad one is the end for all. */
void flue_together_settled(struct flue_target *t, void *node, bool good)
{
    FLUE_ASSERT(good || t->together.outcome != FLUE_COMMITS);
    t->together.unprepared -= !(flue_node_flags(t, node) & FLUE_NODE_PREPARED);
    flue_together_undelay(t, node);
    if (!good)
        t->together.outcome = FLUE_ABORTS;
    unclaim(t, node);
}

/* All below the node is taken back, and it is its turn; in a reset it hears of that instead. */
void flue_together_last(struct flue_target *t, void *node)
{
    flue_together_undelay(t, node);
    if (!flue_reset_waits(t))
        flue_node_list_append(t, &t->together.prepared, node);
}
