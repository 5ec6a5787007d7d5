/* SPDX-License-Identifier: BSD-2-Clause */
/* phase.c: where the target stands between resets, what is wanted of it, how it is woken. */

#include "internal.h"

void flue_wake(struct flue_target *t)
{
    atomic_fetch_add_explicit(&t->shared.wakes, 1, memory_order_relaxed);
    t->config.wake(t->adapter);
}

enum flue_phase flue_target_phase(const struct flue_target *t)
{
    return (enum flue_phase)atomic_load(&t->phase);
}

/* The hardware has forgotten what it was told, or is about to. */
bool flue_reset_wanted(const struct flue_target *t)
{
    return atomic_load(&t->epoch_wanted) != t->epoch;
}

/* Something is wanted that the owner has not seen to yet: a removal, a pause, a reset. */
bool flue_asked(const struct flue_target *t)
{
    enum flue_phase phase = flue_target_phase(t);
    return (phase != FLUE_REMOVED &&
            (atomic_load(&t->removal_wanted) || atomic_load(&t->pause_wanted) != t->paused)) ||
           (phase == FLUE_RUNNING && flue_reset_wanted(t));
}

/*
 * Memory that the device may touch is not given back: between the begin of a reset or a removal and
 * the driver's word that DMA has stopped no completion call is made.
 */
bool flue_may_complete(const struct flue_target *t)
{
    switch (flue_target_phase(t)) {
    case FLUE_RUNNING:
        return true;
    case FLUE_RESETTING:
        return (atomic_load(&t->epoch_wanted) & FLUE_WANTED_MASK) != FLUE_WANTED;
    default:
        return atomic_load(&t->removal_wanted) == FLUE_DMA_STOPPED;
    }
}

/* The end of a reset is wanted; a removal has none. */
static bool end_wanted(const struct flue_target *t)
{
    return flue_target_phase(t) == FLUE_RESETTING &&
           (atomic_load(&t->epoch_wanted) & FLUE_WANTED_MASK) == FLUE_NOT_WANTED;
}

bool flue_reset_waits(const struct flue_target *t)
{
    return t->reset_stage != FLUE_RESET_IDLE || end_wanted(t);
}

/* Once in an epoch, unless what was wrong has passed by itself. */
void flue_reset_ask(struct flue_target *t)
{
    if (t->reset_asked || !t->config.reset_wanted)
        return;
    t->reset_asked = true;
    t->config.reset_wanted(t->adapter);
}
