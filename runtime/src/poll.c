/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poll.c: who owns the target, and what the owner does.
 *
 * The token is the only thing threads compete for, and nobody waits for it: a thread that finds it
 * taken leaves a mark, and the owner looks again before it lets go.
 */

#include "internal.h"

enum { TOKEN_FREE, TOKEN_OWNED, TOKEN_AGAIN };

static bool own(struct flue_target *t)
{
    uint32_t token = atomic_load_explicit(&t->token, memory_order_relaxed);
    for (;;) {
        uint32_t want = token == TOKEN_FREE ? TOKEN_OWNED : TOKEN_AGAIN;
        if (atomic_compare_exchange_weak_explicit(&t->token, &token, want, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return want == TOKEN_OWNED;
    }
}

/* False where somebody came by meanwhile: the token stays, and there may be new work. */
static bool disown(struct flue_target *t)
{
    uint32_t token = TOKEN_OWNED;
    if (atomic_compare_exchange_strong_explicit(&t->token, &token, TOKEN_FREE, memory_order_acq_rel,
                                                memory_order_relaxed))
        return true;
    atomic_exchange_explicit(&t->token, TOKEN_OWNED, memory_order_acq_rel);
    return false;
}

/*
 * What other threads want, as it stands now: a removal, an epoch, a pause. An odd epoch is a reset,
 * and every change of epoch means that the hardware has forgotten what it was told; resets that
 * came and went while the owner was busy are one.
 */
static void control(struct flue_target *t)
{
    if (!atomic_load_explicit(&t->asked, memory_order_relaxed) ||
        !atomic_exchange(&t->asked, false))
        return;
    uint32_t epoch = atomic_load(&t->epoch_wanted);
    if (atomic_load(&t->removal_wanted) && flue_target_phase(t) != FLUE_REMOVED)
        flue_do_reset_begin(t, FLUE_REMOVED);
    if (epoch != t->epoch && flue_target_phase(t) == FLUE_RUNNING)
        flue_do_reset_begin(t, FLUE_RESETTING);
    if (epoch % 2 == 0 && flue_target_phase(t) == FLUE_RESETTING)
        flue_do_reset_end(t);
    t->epoch = epoch;
    flue_do_pause(t, atomic_load(&t->pause_wanted));
    if (atomic_exchange(&t->ticked, false))
        flue_timeouts(t);
}

/* One round of all kinds of work; true if any was found. */
static bool work(struct flue_target *t)
{
    control(t);
    if (!t->budget)
        return false;
    bool worked = flue_answers_take(t);
    worked |= flue_commands_resume(t);
    flue_requests_admit(t);
    worked |= flue_requests_run(t);
    worked |= flue_requests_complete(t);
    worked |= flue_restore_run(t);
    worked |= flue_indications_make(t);
    return worked;
}

static bool work_waits(const struct flue_target *t)
{
    if (atomic_load(&t->inbox) || atomic_load(&t->answered) || t->unreaped || t->completed ||
        (t->waiting.first && t->free_request) || flue_indications_wait(t))
        return true;
    for (const struct flue_request *r = t->active; r; r = r->next)
        if (!r->stalled && (r->walk.cursor || r->lanes_used || r->ready.first))
            return true;
    return flue_sweep_may_run(t) || (t->restore_kind != FLUE_NO_BYTE && !t->restores);
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
    if (!own(t))
        return false; /* the owner looks again, or tells its caller to */
    t->budget = budget;
    for (;;) {
        while (work(t))
            ;
        ring_doorbell(t);
        if (flue_sweep_run(t) && t->budget && !t->active)
            continue;
        bool waits = work_waits(t);
        if (disown(t))
            return waits;
        /* To look again costs a step, so that whoever polls from inside cannot keep the owner. */
        t->budget -= t->budget > 0;
        if (!t->budget) {
            /* The mark goes on to the caller, who polls again, since it is told of work left. */
            control(t);
            atomic_store_explicit(&t->token, TOKEN_FREE, memory_order_release);
            return true;
        }
    }
}

/* Something is wanted: done at once, unless the target is owned, then when its owner looks next. */
static void ask(struct flue_target *t)
{
    atomic_store(&t->asked, true);
    flue_poll(t, 0);
    flue_wake(t);
}

/* From an even epoch to the odd one after it, or from an odd one to the even one. */
static void ask_epoch(struct flue_target *t, uint32_t parity)
{
    uint32_t epoch = atomic_load(&t->epoch_wanted);
    while (epoch % 2 == parity &&
           !atomic_compare_exchange_weak(&t->epoch_wanted, &epoch, epoch + 1))
        ;
    ask(t);
}

/* Only a tick that finds a command over its time is work for the owner. */
void flue_tick(struct flue_target *t, uint64_t now)
{
    if (now > atomic_load_explicit(&t->now, memory_order_relaxed))
        atomic_store(&t->now, now);
    if (now < atomic_load(&t->deadline))
        return;
    atomic_store(&t->ticked, true);
    atomic_store(&t->asked, true);
    flue_wake(t);
}

void flue_reset_begin(struct flue_target *t)
{
    ask_epoch(t, 0);
}

void flue_reset_end(struct flue_target *t)
{
    ask_epoch(t, 1);
}

void flue_remove(struct flue_target *t)
{
    atomic_store(&t->removal_wanted, true);
    ask(t);
}

void flue_pause(struct flue_target *t)
{
    atomic_store(&t->pause_wanted, true);
    ask(t);
}

void flue_resume(struct flue_target *t)
{
    atomic_store(&t->pause_wanted, false);
    ask(t);
}

static bool slots_idle(const struct flue_target *t)
{
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        uint32_t state = (uint32_t)atomic_load(&t->slots[i].word);
        if (state == FLUE_SLOT_ISSUED || state == FLUE_SLOT_ANSWERED)
            return false;
    }
    return true;
}

bool flue_target_quiet(struct flue_target *t)
{
    if (!own(t))
        return false;
    bool quiet = !t->active && !t->held.first && !work_waits(t) && slots_idle(t);
    return disown(t) ? quiet : (atomic_store(&t->token, TOKEN_FREE), flue_wake(t), false);
}
