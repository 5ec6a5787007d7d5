/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock's side: what is due is carried out, then answered. */
#include <string.h>

#include "flue/priv/slot.h"

#include "device.h"

#define POLL_BUDGET 256

static void vanish(struct flue_device *d, const struct device_command *c,
                   struct flue_device_entry *e)
{
    device_remove(d, c->kind, e);
    device_changed(d, c->kind, c->index, FLUE_NO_BYTE);
}

static uint8_t result_of(struct flue_device *d, struct device_command *c)
{
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    uint8_t result;
    switch ((enum flue_device_fault)c->fault) {
    case FLUE_DEVICE_REFUSED:
        return c->result;
    case FLUE_DEVICE_UNSURE_NOT:
        return FLUE_RESULT_UNSURE;
    case FLUE_DEVICE_HALF_DONE:
        result = device_carry_out(d, c);
        return result == FLUE_RESULT_OK ? c->result : result;
    case FLUE_DEVICE_UNSURE_DONE:
        device_carry_out(d, c);
        return FLUE_RESULT_UNSURE;
    case FLUE_DEVICE_VANISHED:
        if (e && e->there && !device_stood_on(d, c->kind, c->index, false))
            vanish(d, c, e);
        return device_carry_out(d, c);
    default:
        return device_carry_out(d, c);
    }
}

/* False: there is no answer to come, and the slot is free. */
static bool carry_out(struct flue_device *d, uint32_t position)
{
    struct device_command *c = device_slot(d, position);
    if (c->fault != FLUE_DEVICE_NOT_DONE) {
        c->result = result_of(d, c);
        if (c->result == FLUE_RESULT_OK)
            device_fill(d, c);
    }
    device_finish(d, c);
    device_say(d, c, c->fault == FLUE_DEVICE_NOT_DONE ? "is lost" : "is carried out");
    if (c->fault != FLUE_DEVICE_NOT_DONE && c->fault != FLUE_DEVICE_NO_ANSWER)
        return true;
    device_release(d, c);
    device_drop(d, position);
    return false;
}

/* An answer that the runtime took says what it knows of the entry. */
static void settle(struct flue_device *d, const struct device_command *c, bool waited_for)
{
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    const bool moves = device_command_spec(d, c)->hardware != FLUE_DEVICE_KEEPS;
    d->counters.answered++;
    d->counters.refused_answers += !waited_for;
    if (!e || c->serial <= e->settled)
        return;
    if (waited_for && (c->result == FLUE_RESULT_GONE || (moves && c->result == FLUE_RESULT_OK))) {
        e->settled = c->serial;
        e->doubt = e->moving != 0;
        if (c->result == FLUE_RESULT_GONE) {
            e->excused = d->serial + d->ring_entries; /* it hears of it in its next poll */
            e->gone_by = c->cookie;
            e->name = e->there ? e->name : 0;
        }
    } else if (moves) {
        e->doubt = true; /* even where nothing was changed: a spec may take it for unsure */
    }
}

/* It is on its way: the command's place in the ring is free, but for one that is answered again. */
static void leave(struct flue_device *d, uint32_t position)
{
    struct device_command *at = device_slot(d, position);
    device_release(d, at);
    device_grow_old(d, at);
    if (--at->answers)
        at->due = d->now + d->options.late_steps;
    else
        device_drop(d, position);
}

/* What the answer brings, in bytes. */
static uint16_t brings(const struct flue_device *d, const struct device_command *c)
{
    return c->result == FLUE_RESULT_OK
               ? d->spec->spec->kinds[c->kind].commands[c->command].data_bytes
               : 0;
}

/* Gives the answer without the lock, which it takes again; the ring may be another then. */
static void answer(struct flue_device *d, uint32_t position)
{
    const struct device_command c = *device_slot(d, position);
    const uint16_t bytes = brings(d, &c);
    memcpy(d->outbox, device_data(d, device_slot(d, position)), bytes);
    leave(d, position);
    device_unlock(&d->system);
    const bool waited_for = flue_command_done_with(&d->adapter->target, c.cookie, c.result,
                                                   bytes ? d->outbox : NULL, bytes);
    device_lock(&d->system);
    settle(d, &c, waited_for);
    if (c.released && waited_for)
        device_wrong(d, FLUE_DEVICE_TAKEN_AGAIN, &c, NULL);
    device_say(d, &c, waited_for ? "is answered" : "is answered in vain");
}

/* The first whose answer is due, or one of them; FLUE_NONE: none is. */
static uint32_t next_due(struct flue_device *d)
{
    const bool overtakes = d->options.answer_max > d->options.answer_min;
    const uint32_t from = overtakes ? device_below(d, d->used) : 0;
    for (uint32_t i = 0; i < d->used; i++) {
        const uint32_t position = (from + i) % d->used;
        const struct device_command *c = device_slot(d, position);
        if (c->carried_out && c->due <= d->now)
            return position;
    }
    return FLUE_NONE;
}

/* Handed over in the runtime's own array: whether it waits for it is seen before. */
static struct flue_answer reaped(struct flue_device *d, uint32_t position)
{
    const struct device_command c = *device_slot(d, position);
    const bool waited_for = !c.released && device_waits_for(d, c.cookie, FLUE_SLOT_ISSUED);
    leave(d, position);
    settle(d, &c, waited_for);
    device_say(d, &c, waited_for ? "is answered, reaped" : "is answered in vain, reaped");
    return (struct flue_answer){.cookie = c.cookie, .result = c.result};
}

/* In the runtime's polls. What brings data is given by a call, as from any driver. */
size_t device_reap(void *adapter, struct flue_answer *answers, size_t room)
{
    struct flue_device *d = ((struct flue_device_adapter *)adapter)->device;
    size_t count = 0;
    device_lock(&d->system);
    for (uint32_t next; count < room && (next = next_due(d)) != FLUE_NONE;)
        if (brings(d, device_slot(d, next)))
            answer(d, next);
        else
            answers[count++] = reaped(d, next);
    device_unlock(&d->system);
    return count;
}

/* Or the runtime is woken, which asks for them. */
static void give_answers(struct flue_device *d)
{
    const bool asks = d->options.reaps && flue_target_phase(&d->adapter->target) == FLUE_RUNNING;
    for (uint32_t next; !asks && (next = next_due(d)) != FLUE_NONE;)
        answer(d, next);
    if (asks && next_due(d) != FLUE_NONE)
        atomic_store(&d->woken, true);
}

bool flue_device_step(struct flue_device *d)
{
    device_lock(&d->system);
    d->now++;
    for (uint32_t i = 0; i < d->used;) {
        const struct device_command *c = device_slot(d, i);
        if (c->carried_out || c->due > d->now || carry_out(d, i))
            i++;
    }
    give_answers(d);
    const bool left = d->used != 0;
    device_unlock(&d->system);
    device_act(d);
    return left;
}

bool flue_device_work(struct flue_device *d)
{
    const bool left = flue_device_step(d);
    atomic_store(&d->woken, false);
    while (flue_poll(&d->adapter->target, POLL_BUDGET))
        ;
    return left || !flue_device_idle(d) || atomic_load(&d->woken);
}

bool flue_device_woken(const struct flue_device *d)
{
    return atomic_load(&d->woken);
}

bool flue_device_poll(struct flue_device *d, uint32_t budget)
{
    if (atomic_exchange(&d->woken, false) && flue_poll(&d->adapter->target, budget))
        atomic_store(&d->woken, true);
    return atomic_load(&d->woken);
}

bool flue_device_idle(const struct flue_device *d)
{
    struct flue_device *mine = (struct flue_device *)(uintptr_t)d;
    device_lock(&mine->system);
    const bool idle = d->used == 0;
    device_unlock(&mine->system);
    return idle;
}
