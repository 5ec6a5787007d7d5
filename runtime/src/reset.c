/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reset.c: the hardware forgets, and is programmed again.
 *
 * Restore goes over whole pools, so it keeps its place and shares the poll's budget.
 */

#include "internal.h"

#define RESTORE_SLICE 16u /* objects offered to the hardware between two turns of others */

static bool in_use(const struct flue_target *t, const struct flue_object *o)
{
    return o->state != kind_of(t, o)->start;
}

/*
 * From here on no command goes out and no answer is believed. All else is done step by step, in
 * flue_poll(). What a reset has not done yet is done for a removal, too.
 */
void flue_reset_start(struct flue_target *t, enum flue_phase phase)
{
    atomic_store(&t->phase, (uint8_t)phase);
    t->stats.resets++;
    t->restore_kind = FLUE_NO_BYTE;
    flue_timeouts_end(t);
    flue_lines_renew(t);
    t->reset_stage = FLUE_RESET_BEGIN;
    t->reset_index = 0;
}

static void begin(struct flue_target *t)
{
    if (flue_traced(t))
        flue_trace_phase(t);
    if (flue_target_phase(t) == FLUE_REMOVED)
        flue_requests_unhold(t);
    t->reset_stage = FLUE_RESET_SLOTS;
}

/* The next `SLICE` slots of the ring; true after the last. */
static bool over_slots(struct flue_target *t, void (*act)(struct flue_target *, struct flue_slot *))
{
    for (unsigned n = FLUE_SLICE; n && t->reset_index < t->config.ring_entries; n--)
        act(t, &t->slots[t->reset_index++]);
    return t->reset_index == t->config.ring_entries;
}

static void abandon_slots(struct flue_target *t)
{
    if (!over_slots(t, flue_slot_abandon))
        return;
    t->reset_stage = FLUE_RESET_WAITING;
}

/* Nobody is served until all objects know of the reset; then they line up anew. */
static void dissolve_ready(struct flue_target *t)
{
    for (unsigned n = FLUE_SLICE; n && t->ready.first; n--) {
        struct flue_object *o = flue_object_unready(t);
        if (!in_use(t, o)) /* reserved for a node that was held back: the reset is not its matter */
            flue_fail_deferred(t, o);
    }
    if (t->ready.first)
        return;
    t->reset_stage = FLUE_RESET_OBJECTS;
    t->reset_kind = (uint8_t)(t->spec->kind_count - 1);
    t->reset_index = 0;
}

static void forget(struct flue_target *t, struct flue_object *o)
{
    o->in_flight = 0;
    o->timeouts_outstanding = 0;
    if (o->flags & FLUE_OBJECT_DRAINING)
        flue_object_free(t, o);
    if (!in_use(t, o))
        return;
    flue_commands_drop(t, o);
    if (o->result == FLUE_RESULT_OK)
        o->result = FLUE_RESULT_RESET;
    flue_drive(t, o, FLUE_EVENT_RESET, o->node);
}

/* Dependents before what they stand on, so that links are released in order. */
static void forget_objects(struct flue_target *t)
{
    if (t->reset_index < t->pools[t->reset_kind].capacity) {
        forget(t, flue_object_at(t, t->reset_kind, t->reset_index++));
        return;
    }
    t->reset_index = 0;
    if (t->reset_kind-- == 0)
        t->reset_stage = FLUE_RESET_IDLE;
}

/* Should another reset have begun meanwhile, nothing was told to the hardware since this one. */
static void reclaim_slots(struct flue_target *t)
{
    if (!over_slots(t, flue_slot_reclaim))
        return;
    t->reset_stage = FLUE_RESET_IDLE;
    uint32_t epoch = atomic_load(&t->epoch_wanted);
    if (epoch & FLUE_WANTED_MASK)
        return;
    t->epoch = epoch;
    t->restore_kind = 0;
    t->restore_index = 0;
    atomic_store(&t->phase, FLUE_RUNNING);
    flue_lines_renew(t);
    if (flue_traced(t))
        flue_trace_phase(t);
}

static void reset_step(struct flue_target *t)
{
    switch ((enum flue_reset_stage)t->reset_stage) {
    case FLUE_RESET_BEGIN:
        if (!flue_together_forward(t))
            begin(t);
        return;
    case FLUE_RESET_SLOTS:
        abandon_slots(t);
        return;
    case FLUE_RESET_WAITING:
        dissolve_ready(t);
        return;
    case FLUE_RESET_OBJECTS:
        forget_objects(t);
        return;
    case FLUE_RESET_RECLAIM:
        reclaim_slots(t);
        return;
    default: /* all is forgotten, and the hardware is back */
        t->reset_stage = FLUE_RESET_RECLAIM;
        t->reset_index = 0;
    }
}

/* Answers that come meanwhile are nobody's; indications are the host's all the same. */
bool flue_reset_run(struct flue_target *t)
{
    bool worked = flue_answers_take(t);
    for (; t->budget && flue_reset_waits(t); t->budget--, worked = true)
        reset_step(t);
    return worked;
}

static bool can_restore(const struct flue_target *t, const struct flue_object *o)
{
    return in_use(t, o) && flue_rests(t, o);
}

/* The next object of the layer; false where those that wait for it are to be served before. */
static bool offer(struct flue_target *t)
{
    struct flue_object *o = flue_object_at(t, t->restore_kind, t->restore_index);
    if (o->flags & FLUE_OBJECT_READY)
        return false;
    t->restore_index++;
    t->budget--;
    if (can_restore(t, o))
        flue_drive(t, o, FLUE_EVENT_RESTORE, NULL);
    return true;
}

/*
 * A layer is offered to the hardware when all of the layer below is back. Requests have their
 * turns between its slices, and their commands their places in line.
 */
bool flue_restore_run(struct flue_target *t)
{
    if (!flue_restore_may_run(t))
        return false;
    if (t->restore_index == t->pools[t->restore_kind].capacity) {
        t->restore_index = 0;
        if (++t->restore_kind == t->spec->kind_count)
            t->restore_kind = FLUE_NO_BYTE;
        return true;
    }
    bool progress = false;
    for (unsigned n = RESTORE_SLICE; n && t->budget && flue_restore_may_run(t); n--) {
        if (t->restore_index == t->pools[t->restore_kind].capacity || !offer(t))
            break;
        progress = true;
    }
    return progress;
}
