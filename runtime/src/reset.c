/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reset.c: the hardware forgets, and is told again.
 *
 * Restore goes over whole pools, so it keeps its place and shares the poll's budget.
 */

#include "internal.h"

static bool in_use(const struct flue_target *t, const struct flue_object *o)
{
    return o->state != kind_of(t, o)->start;
}

static void forget(struct flue_target *t, struct flue_object *o)
{
    o->in_flight = 0;
    o->strays = 0;
    if (o->flags & FLUE_OBJECT_HAUNTED)
        flue_object_give_back(t, o);
    if (!in_use(t, o))
        return;
    flue_commands_drop(t, o);
    if (o->result == FLUE_RESULT_OK)
        o->result = FLUE_RESULT_RESET;
    flue_drive(t, o, FLUE_EVENT_RESET, o->node);
}

/* Dependents before what they stand on, so that links are released in order. */
void flue_do_reset_begin(struct flue_target *t, enum flue_phase phase)
{
    atomic_store(&t->phase, (uint8_t)phase);
    t->stats.resets++;
    t->reset_asked = false;
    t->restore_kind = FLUE_NO_BYTE;
    if (t->config.trace)
        flue_trace_phase(t);
    if (phase == FLUE_REMOVED)
        flue_requests_unhold(t);
    flue_slots_abandon(t);
    for (uint8_t k = t->spec->kind_count; k-- > 0;)
        for (uint32_t i = 0; i < t->pools[k].capacity; i++)
            forget(t, flue_object_at(t, k, i));
}

void flue_do_reset_end(struct flue_target *t)
{
    flue_slots_reclaim(t);
    atomic_store(&t->phase, FLUE_RUNNING);
    t->restore_kind = 0;
    t->restore_index = 0;
    if (t->config.trace)
        flue_trace_phase(t);
}

static bool can_restore(const struct flue_target *t, const struct flue_object *o)
{
    return in_use(t, o) && kind_of(t, o)->states[o->state].sort == FLUE_RESTING;
}

/* A layer is offered to the hardware when everything of the layer below is back. */
bool flue_restore_run(struct flue_target *t)
{
    if (t->restore_kind == FLUE_NO_BYTE)
        return false;
    bool progress = false;
    struct flue_pool *pool = &t->pools[t->restore_kind];
    while (t->budget && t->restore_index < pool->capacity) {
        struct flue_object *o = flue_object_at(t, t->restore_kind, t->restore_index++);
        t->budget--;
        progress = true;
        if (can_restore(t, o))
            flue_drive(t, o, FLUE_EVENT_RESTORE, NULL);
    }
    if (t->restore_index == pool->capacity && t->restores == 0) {
        t->restore_index = 0;
        if (++t->restore_kind == t->spec->kind_count)
            t->restore_kind = FLUE_NO_BYTE;
        progress = true;
    }
    return progress;
}
