/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * defer.c: nodes that wait for an object that is busy, and objects that rest again.
 *
 * They form a ring of which the object holds the last one. An object that has come to rest lines up
 * and is served one node at a time, so that one object with many of them keeps nobody waiting;
 * nodes that come to it meanwhile wait behind them.
 */

#include "internal.h"

/* Ahead of all that wait. */
void flue_defer_first(struct flue_target *t, struct flue_object *o, void *node)
{
    FLUE_ASSERT(!flue_rests(t, o) || (o->flags & FLUE_OBJECT_READY) || flue_restore_is_due(t, o) ||
                flue_waits_held(t, o));
    t->stats.deferred++;
    o->flags &= (uint8_t)~FLUE_OBJECT_FAST;
    flue_node_set_link(t, node, o->deferred ? flue_node_link(t, o->deferred) : node);
    if (o->deferred)
        flue_node_set_link(t, o->deferred, node);
    else
        o->deferred = node;
}

/* Behind all that wait; but what reaches dependents waits for none of them. */
void flue_defer(struct flue_target *t, struct flue_object *o, void *node)
{
    flue_defer_first(t, o, node);
    if (!operation_of(t, node)->reaches_dependents)
        o->deferred = node;
}

/* The first in the ring leaves it. */
void *flue_undefer(struct flue_target *t, struct flue_object *o)
{
    void *first = flue_node_link(t, o->deferred);
    if (first == o->deferred)
        o->deferred = NULL;
    else
        flue_node_set_link(t, o->deferred, flue_node_link(t, first));
    return first;
}

/* The host's handle ended: whatever waited for the object will find it gone. */
void flue_fail_deferred(struct flue_target *t, struct flue_object *o)
{
    if (!o->deferred)
        return;
    struct flue_node_list all = {flue_node_link(t, o->deferred), o->deferred};
    flue_node_set_link(t, all.last, NULL);
    flue_node_list_splice(t, &t->failing, &all);
    o->deferred = NULL;
}

/* Who waits is held back, but for what reaches dependents. */
static bool held_back(const struct flue_target *t, const struct flue_object *o)
{
    return flue_waits_held(t, o) &&
           !operation_of(t, flue_node_link(t, o->deferred))->reaches_dependents;
}

/* To the end of the line, if nodes wait for an object at rest. */
void flue_object_ready(struct flue_target *t, struct flue_object *o)
{
    if (!o->deferred || !flue_rests(t, o) || (o->flags & FLUE_OBJECT_READY) ||
        flue_restore_is_due(t, o) || held_back(t, o))
        return;
    o->flags |= FLUE_OBJECT_READY;
    o->next = NULL;
    if (t->ready.first)
        t->ready.last->next = o;
    else
        t->ready.first = o;
    t->ready.last = o;
}

/* The first in line leaves it. */
struct flue_object *flue_object_unready(struct flue_target *t)
{
    struct flue_object *o = t->ready.first;
    t->ready.first = o->next;
    o->next = NULL;
    o->flags &= UINT8_MAX ^ FLUE_OBJECT_READY;
    return o;
}
