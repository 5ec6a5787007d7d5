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
 * The phase follows what is wanted: from here on no command goes out. An epoch that is not the
 * target's means that the hardware has forgotten what it was told; resets that came and went while
 * the owner was busy are one.
 */
static void change_phase(struct flue_target *t)
{
    if (atomic_load(&t->removal_wanted) && flue_target_phase(t) != FLUE_REMOVED)
        flue_reset_start(t, FLUE_REMOVED);
    if (flue_target_phase(t) == FLUE_RUNNING && flue_reset_wanted(t))
        flue_reset_start(t, FLUE_RESETTING);
}

/* The kinds of work, each by slices, so that none keeps the others waiting for long. */
static bool (*const stages[])(struct flue_target *) = {
    flue_answers_take,      flue_timeouts,       flue_commands_resume, flue_nodes_finish,
    flue_deferred_serve,    flue_requests_admit, flue_requests_run,    flue_hidden_run,
    flue_requests_complete, flue_restore_run,
};
enum { STAGES = sizeof stages / sizeof *stages };

/* One round of all kinds of work, from where the last budget ended; true if any was found. */
static bool work(struct flue_target *t)
{
    bool worked = false;
    change_phase(t);
    if (!t->budget)
        return false;
    flue_do_pause(t, atomic_load(&t->pause_wanted));
    if (flue_reset_waits(t))
        return flue_reset_run(t);
    for (unsigned i = 0; i < STAGES && t->budget; i++) {
        worked |= stages[t->stage](t);
        t->stage = (uint8_t)((t->stage + 1u) % STAGES);
    }
    return worked;
}

static bool work_waits(const struct flue_target *t)
{
    return flue_asked(t) || flue_reset_waits(t) || flue_requests_wait(t) || flue_answers_wait(t) ||
           flue_timeouts_wait(t) || flue_lines_wait(t) || t->ready.first || t->dismissed.first ||
           t->finished.first || t->hidden.first || flue_sweep_may_run(t) || flue_restore_may_run(t);
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
        bool waits = (budget && !t->budget) || work_waits(t); /* spent: it may be */
        if (disown(t))
            return waits;
        /* To look again costs a step, so that whoever polls from inside cannot keep the owner. */
        t->budget -= t->budget > 0;
        if (!t->budget) {
            /* The mark goes on to the caller, who polls again, since it is told of work left. */
            change_phase(t);
            atomic_store_explicit(&t->token, TOKEN_FREE, memory_order_release);
            return true;
        }
    }
}

/*
 * A reset or a removal is wanted: the phase changes at once, unless the target is owned, then when
 * its owner looks next. All else is left to the next poll.
 */
static void ask(struct flue_target *t)
{
    if (own(t)) {
        change_phase(t);
        if (!disown(t)) /* who came by is told by the wake */
            atomic_store_explicit(&t->token, TOKEN_FREE, memory_order_release);
    }
    flue_wake(t);
}

/* From one of `enum flue_wanted` to the next. */
static void want(_Atomic uint32_t *word, uint32_t from, uint32_t to)
{
    uint32_t was = atomic_load(word);
    while ((was & FLUE_WANTED_MASK) == from &&
           !atomic_compare_exchange_weak(word, &was, was - from + to))
        ;
}

/* Beyond it time stands still, so that no deadline comes round: timeouts are less than 2^55. */
#define LAST_TICK (UINT64_MAX - (UINT64_C(1) << 56))

/* Only a tick that finds a command over its time, or who waits for it, is work for the owner. */
void flue_tick(struct flue_target *t, uint64_t now)
{
    now = now < LAST_TICK ? now : LAST_TICK;
    if (now > atomic_load_explicit(&t->now, memory_order_relaxed))
        atomic_store(&t->now, now);
    if (now >= atomic_load(&t->deadline) || now >= atomic_load(&t->lines_due))
        flue_wake(t);
}

void flue_reset_begin(struct flue_target *t)
{
    want(&t->epoch_wanted, FLUE_NOT_WANTED, FLUE_WANTED);
    ask(t);
}

void flue_dma_stopped(struct flue_target *t)
{
    want(&t->epoch_wanted, FLUE_WANTED, FLUE_DMA_STOPPED);
    want(&t->removal_wanted, FLUE_WANTED, FLUE_DMA_STOPPED);
    flue_wake(t);
}

/* What has ended is also quiet. */
void flue_reset_end(struct flue_target *t)
{
    want(&t->epoch_wanted, FLUE_WANTED, FLUE_DMA_STOPPED);
    want(&t->epoch_wanted, FLUE_DMA_STOPPED, FLUE_NEXT_EPOCH);
    flue_wake(t);
}

void flue_remove(struct flue_target *t)
{
    want(&t->removal_wanted, FLUE_NOT_WANTED, FLUE_WANTED);
    ask(t);
}

void flue_pause(struct flue_target *t)
{
    atomic_store(&t->pause_wanted, true);
    flue_wake(t);
}

void flue_resume(struct flue_target *t)
{
    atomic_store(&t->pause_wanted, false);
    flue_wake(t);
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
    bool quiet = !t->oldest && !t->held.first && !t->restores && !work_waits(t) && slots_idle(t);
    return disown(t) ? quiet : (atomic_store(&t->token, TOKEN_FREE), flue_wake(t), false);
}
