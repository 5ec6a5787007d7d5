/* SPDX-License-Identifier: BSD-2-Clause */
/* poll.c: what the owner of the target does: all kinds of work, by slices, within a budget. */

#include "internal.h"

/* The kinds of work, each by slices, so that none keeps the others waiting for long. */
static bool (*const stages[])(struct flue_target *) = {
    flue_answers_take,
    flue_timeouts,
    flue_stalled_resume,
    flue_nodes_finish,
    flue_deferred_serve,
    flue_requests_admit,
    flue_requests_run,
    flue_dependents_run,
    flue_unreachable_run,
    flue_requests_complete,
    flue_restore_run,
    /* where there are transfers */
    flue_transfers_admit,
    flue_transfers_run,
};
enum { STAGES = sizeof stages / sizeof *stages, OF_TRANSFERS = 2 };

void flue_stages_choose(struct flue_target *t)
{
    t->stages = (uint8_t)(t->transfers ? STAGES : STAGES - OF_TRANSFERS);
}

/* One round of all kinds of work, from where the last budget ended; true if any was found. */
static bool work(struct flue_target *t)
{
    bool worked = false;
    flue_phase_follow(t);
    if (!t->budget)
        return false;
    flue_pause_follow(t);
    if (flue_reset_waits(t))
        return flue_reset_run(t);
    if (t->together.request)
        worked = flue_together_run(t);
    const unsigned count = t->stages;
    unsigned stage = t->stage;
    for (unsigned left = count; left && t->budget; left--) {
        worked |= stages[stage](t);
        if (++stage == count)
            stage = 0;
    }
    t->stage = (uint8_t)stage;
    return worked;
}

static bool work_waits(const struct flue_target *t)
{
    return flue_asked(t) || flue_reset_waits(t) || flue_requests_wait(t) || flue_answers_wait(t) ||
           flue_timeouts_wait(t) || flue_lines_wait(t) || t->ready.first || t->failing.first ||
           t->finished.first || t->unreachable.first || flue_sweep_may_run(t) ||
           flue_dependents_wait(t) || flue_restore_may_run(t) ||
           (t->transfers && flue_transfers_wait(t)) ||
           (t->together.request && flue_together_waits(t));
}

static void ring_doorbell(struct flue_target *t)
{
    if (!t->rings)
        return;
    t->rings = false;
    t->stats.doorbells++;
    t->spec->doorbell(t);
}

bool flue_poll(struct flue_target *t, uint32_t budget)
{
    if (!flue_acquire(t))
        return false; /* the owner looks again, or tells its caller to */
    uint32_t kept = flue_sweep_share(t, budget);
    t->budget = budget - kept;
    for (;;) {
        while (work(t))
            ;
        ring_doorbell(t);
        bool more = !t->budget && kept;
        t->budget += kept;
        kept = 0;
        if ((flue_sweep_run(t) && t->budget && !t->oldest) || (more && t->budget))
            continue;
        if (t->transfers)
            flue_transfers_note_tick(t);
        bool waits = (budget && !t->budget) || work_waits(t); /* spent: it may be */
        if (flue_release(t))
            return waits;
        /* To look again costs a step, so that whoever polls from inside cannot keep the owner. */
        t->budget -= t->budget > 0;
        if (!t->budget) {
            /* The mark goes on to the caller, who polls again, since it is told of work left. */
            flue_phase_follow(t);
            flue_release_marked(t);
            return true;
        }
    }
}

/* Who has a command out is a request or is being restored: there is no need to ask the slots. */
bool flue_target_quiet(struct flue_target *t)
{
    if (!flue_acquire(t))
        return false;
    bool quiet = !t->oldest && !t->held.first && !t->restores && !work_waits(t);
    if (flue_release(t))
        return quiet;
    flue_release_marked(t);
    flue_wake(t);
    return false;
}
