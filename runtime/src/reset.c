/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reset.c: the hardware forgets, and is told again; and the search for marks the host should know.
 *
 * Restore and search go over whole pools, so both keep their place and share the poll's budget.
 */

#include "internal.h"

#define SWEEP_SLICE 64u /* objects looked at in a poll while requests run */

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

/* What the host has not heard yet of this object's marks and of those it stands on. */
static void tell(struct flue_target *t, struct flue_object *o)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (!in_use(t, o) || !kind->states[o->state].host_has)
        return;
    uint8_t told = o->marks >> 4;
    uint8_t news = flue_marks_along(t, o) & kind->sees & (uint8_t)~told;
    if (!news)
        return;
    o->marks |= (uint8_t)(news << 4);
    t->stats.told++;
    struct flue_question q;
    flue_question(t, o, NULL, &q);
    kind->tell(&q, news);
}

/* To the next object of the round, or over whole kinds that see nothing; returns how many. */
static uint32_t sweep_on(struct flue_target *t, uint32_t objects)
{
    t->sweep_index += objects;
    if (t->sweep_index < t->pools[t->sweep_kind].capacity)
        return objects;
    t->sweep_index = 0;
    t->sweep_kind = (uint8_t)(t->sweep_kind + 1 < t->spec->kind_count ? t->sweep_kind + 1 : 0);
    return objects;
}

/* The host is told of a mark after the completion of whatever ran when it was set. */
bool flue_sweep_may_run(const struct flue_target *t)
{
    uint32_t place = t->config.running_requests - 1;
    for (const struct flue_request *r = t->active; r && t->sweep_left; r = r->next)
        if ((int32_t)((r->serial & ~place) - t->sweep_after) <= 0)
            return false;
    return t->sweep_left != 0;
}

/*
 * In the background of everything else: while requests run, only a few steps a poll, after its
 * doorbell. A mark that is set meanwhile makes the round longer, it does not begin it again.
 */
bool flue_sweep_run(struct flue_target *t)
{
    if (!flue_sweep_may_run(t))
        return false;
    for (uint32_t steps = t->active ? SWEEP_SLICE : UINT32_MAX; t->sweep_left && t->budget && steps;
         steps--) {
        const struct flue_kind *kind = &t->spec->kinds[t->sweep_kind];
        if (!kind->sees || !kind->tell) {
            t->sweep_left -= sweep_on(t, t->pools[t->sweep_kind].capacity - t->sweep_index);
            continue;
        }
        tell(t, flue_object_at(t, t->sweep_kind, t->sweep_index));
        t->budget--;
        t->sweep_left -= sweep_on(t, 1);
    }
    return true;
}

/* A mark was set: every object is looked at once more. */
void flue_sweep_begin(struct flue_target *t)
{
    t->sweep_after = t->serial;
    t->sweep_left = 0;
    for (unsigned k = 0; k < t->spec->kind_count; k++)
        t->sweep_left += t->pools[k].capacity;
}
