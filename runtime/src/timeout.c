/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeout.c: commands over their time, whose slots go into quarantine.
 *
 * A round over all slots is begun when the earliest deadline has come, and goes on from poll to
 * poll. Commands issued meanwhile tell their deadlines themselves, for the next round.
 */

#include "internal.h"

static void time_out(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    slot->result = FLUE_RESULT_TIMEOUT; /* whatever comes for it later is no good answer */
    if (o->timeouts_outstanding < UINT8_MAX)
        o->timeouts_outstanding++;
    t->quarantined++;
    t->stats.timeouts++;
    if (flue_traced(t))
        flue_trace_emit(t, flue_said(FLUE_TRACE_ANSWER, slot->command, FLUE_RESULT_TIMEOUT),
                        flue_slot_cookie(t, slot), o->node, o);
    flue_command_over(t, o, slot->command, FLUE_RESULT_TIMEOUT);
    flue_commands_resume(t, o);
    if (t->quarantined > t->config.quarantine_limit)
        flue_reset_ask(t);
}

/* True: it was over its time. An answer that is just being written wins. */
static bool look_at(struct flue_target *t, uint32_t index, uint64_t now)
{
    struct flue_slot *slot = &t->slots[index];
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
    if ((uint32_t)word != FLUE_SLOT_ISSUED)
        return false;
    if (t->deadlines[index] > now) {
        if (t->deadlines[index] < t->look_earliest)
            t->look_earliest = t->deadlines[index];
        return false;
    }
    if (!flue_slot_claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED))
        return false;
    time_out(t, slot);
    return true;
}

static void begin_round(struct flue_target *t)
{
    atomic_store(&t->deadline, UINT64_MAX);
    t->look_earliest = UINT64_MAX;
    t->look_at = 0;
    t->look_left = t->config.ring_entries;
}

bool flue_timeouts_wait(const struct flue_target *t)
{
    return (t->look_left || atomic_load(&t->now) >= atomic_load(&t->deadline)) &&
           flue_target_phase(t) == FLUE_RUNNING;
}

/*
 * A command that timed out is a step, and so are so many slots looked at. What waits in the
 * hardware has come in time: the driver is asked for it first.
 */
bool flue_timeouts(struct flue_target *t)
{
    if (!flue_timeouts_wait(t))
        return false;
    uint64_t now = t->config.reap ? t->reaped_at : atomic_load(&t->now);
    if (!t->look_left && now < atomic_load(&t->deadline))
        return false;
    if (!t->look_left)
        begin_round(t);
    for (; t->look_left && t->budget; t->look_left--) {
        bool over = look_at(t, t->look_at++, now);
        t->budget -= over || t->look_left % FLUE_SLICE == 1;
    }
    if (!t->look_left)
        flue_deadline(t, t->look_earliest);
    return true;
}

/* An epoch ends: no time is told any more. */
void flue_timeouts_end(struct flue_target *t)
{
    t->quarantined = 0;
    t->reset_asked = false;
    t->look_left = 0;
    atomic_store(&t->deadline, UINT64_MAX);
}
