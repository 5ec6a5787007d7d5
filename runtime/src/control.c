/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.c: who owns the target, and what other threads ask of the owner.
 *
 * The token is the only thing threads compete for, and nobody waits for it: a thread that finds it
 * taken leaves a mark, and the owner looks again before it lets go.
 */

#include "internal.h"

enum { TOKEN_FREE, TOKEN_OWNED, TOKEN_AGAIN };

bool flue_acquire(struct flue_target *t)
{
    uint32_t token = atomic_load_explicit(&t->token, memory_order_relaxed);
    for (;;) {
        uint32_t want = token == TOKEN_FREE ? TOKEN_OWNED : TOKEN_AGAIN;
        if (atomic_compare_exchange_weak_explicit(&t->token, &token, want, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return want == TOKEN_OWNED;
    }
}

/* False if another thread called meanwhile: the token stays, and there may be new work. */
bool flue_release(struct flue_target *t)
{
    uint32_t token = TOKEN_OWNED;
    if (atomic_compare_exchange_strong_explicit(&t->token, &token, TOKEN_FREE, memory_order_acq_rel,
                                                memory_order_relaxed))
        return true;
    atomic_exchange_explicit(&t->token, TOKEN_OWNED, memory_order_acq_rel);
    return false;
}

/* The token is free, though a mark was left: the caller sees to it that the target is polled. */
void flue_release_marked(struct flue_target *t)
{
    atomic_store_explicit(&t->token, TOKEN_FREE, memory_order_release);
}

/*
 * The phase follows what is wanted: from here on no command goes out. An epoch that is not the
 * target's means that the hardware has forgotten what it was told; resets that came and went while
 * the owner was busy are one.
 */
void flue_phase_follow(struct flue_target *t)
{
    if (atomic_load(&t->removal_wanted) && flue_target_phase(t) != FLUE_REMOVED)
        flue_reset_start(t, FLUE_REMOVED);
    if (flue_target_phase(t) == FLUE_RUNNING && flue_reset_wanted(t))
        flue_reset_start(t, FLUE_RESETTING);
}

/*
 * A reset or a removal is wanted: the phase changes at once, unless the target is owned, then when
 * its owner looks next. All else is left to the next poll.
 */
static void ask(struct flue_target *t)
{
    if (flue_acquire(t)) {
        flue_phase_follow(t);
        flue_release_marked(t); /* the wake brings a poll for the thread that left a mark */
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

uint64_t flue_next_tick(const struct flue_target *t)
{
    uint64_t deadline = atomic_load(&t->deadline), lines_due = atomic_load(&t->lines_due);
    uint64_t next = deadline < lines_due ? deadline : lines_due;
    return next < LAST_TICK ? next : UINT64_MAX;
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

/* The host is notified when it changes, not when it is only said again. */
void flue_pause_follow(struct flue_target *t)
{
    bool paused = atomic_load(&t->pause_wanted);
    if (t->paused == paused || flue_target_phase(t) == FLUE_REMOVED)
        return;
    t->paused = paused;
    if (!paused)
        flue_requests_unhold(t);
    uint8_t indication = paused ? t->spec->pause_indication : t->spec->resume_indication;
    if (indication != FLUE_NO_BYTE)
        t->spec->indicate(t, indication, 0);
}
