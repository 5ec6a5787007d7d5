/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c: what comes back from the hardware, from any thread, in any order, late or twice.
 *
 * One compare-and-swap on the slot's word decides which answer counts. One that loses it only
 * adds to a counter. The owner takes the queued answers when it polls.
 */

#include "internal.h"

enum { BURST = 64 };

/* Answers of one call, in their order, that go into the queue together; a burst of them at most. */
struct chain {
    uint32_t first; /* entry of a slot; 0: there is none */
    uint32_t *end;  /* where the entry of the next one goes */
};

static inline void chain_add(struct chain *chain, struct flue_slot *slot, uint32_t index)
{
    *chain->end = index + 1;
    chain->end = &slot->next;
}

static void count(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* A bad result that the command may have: one that its spec names, or one of flue's own. */
static bool may_answer(const struct flue_command *c, uint8_t result)
{
    for (unsigned i = 0; i < c->answer_count; i++)
        if (c->answers[i] == result)
            return true;
    return result == FLUE_RESULT_UNSURE ||
           (result == FLUE_RESULT_GONE && c->gone != FLUE_GONE_NEVER);
}

/* A result that is not the command's, or data of another size: nobody knows what it has done. */
static uint8_t checked_result(const struct flue_target *t, const struct flue_slot *slot,
                              uint8_t result, size_t bytes)
{
    const struct flue_command *c = &kind_of(t, slot->object)->commands[slot->command];
    bool good = result == FLUE_RESULT_OK;
    bool well_formed = bytes == (good ? c->data_bytes : 0) && (good || may_answer(c, result));
    return well_formed ? result : FLUE_RESULT_UNSURE;
}

/* No command waits for it. True: it is the late answer of a slot in quarantine, now drained. */
static bool drains(struct flue_target *t, struct flue_slot *slot, uint32_t generation)
{
    bool late = flue_slot_claim(slot, generation, FLUE_SLOT_QUARANTINED, FLUE_SLOT_DRAINED);
    count(late ? &t->shared.late_answers : &t->shared.stray_answers);
    return late;
}

/* Whose answer is it? The owner looks at what follows only when the slot is in its queue. */
static inline bool credit(struct flue_target *t, flue_cookie cookie, uint8_t result,
                          struct chain *chain)
{
    uint32_t index = (uint32_t)cookie, generation = (uint32_t)(cookie >> 32);
    if (index >= t->config.ring_entries) {
        count(&t->shared.stray_answers);
        return false;
    }
    struct flue_slot *slot = &t->slots[index];
    bool first = flue_slot_claim(slot, generation, FLUE_SLOT_ISSUED, FLUE_SLOT_ANSWERED);
    bool won = first && flue_target_phase(t) == FLUE_RUNNING;
    if (won)
        slot->result = result;
    else if (first) /* a reset has begun, but it has not come to this slot yet */
        count(&t->shared.late_answers);
    if (first || drains(t, slot, generation))
        chain_add(chain, slot, index);
    return won;
}

bool flue_command_done_with(struct flue_target *t, flue_cookie cookie, uint8_t result,
                            const void *data, size_t bytes)
{
    struct chain chain = {.first = 0, .end = &chain.first};
    bool won = credit(t, cookie, result, &chain);
    bool fits = bytes <= t->data_stride && (data || !bytes);
    if (won && bytes) /* what does not fit is no command's size, and is not believed */
        t->slots[(uint32_t)cookie].bytes = fits ? (uint16_t)bytes : UINT16_MAX;
    if (won && bytes && fits)
        memcpy(t->data + (size_t)(uint32_t)cookie * t->data_stride, data, bytes);
    *chain.end = 0;
    flue_queue_give(t, chain.first, chain.first);
    return won;
}

bool flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result)
{
    return flue_command_done_with(t, cookie, result, NULL, 0);
}

size_t flue_commands_done(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    uint32_t newest = 0, oldest = 0;
    size_t won = 0;
    for (size_t i = 0; i < count;) {
        struct chain chain = {.first = 0, .end = &chain.first};
        for (size_t end = count - i < BURST ? count : i + BURST; i < end; i++)
            won += credit(t, answers[i].cookie, answers[i].result, &chain);
        *chain.end = 0;
        if (!chain.first)
            continue;
        t->slots[chain.first - 1].older = newest;
        newest = chain.first;
        oldest = oldest ? oldest : newest;
    }
    flue_queue_give(t, newest, oldest);
    return won;
}

/* What was to be taken away and is not there is as good as removed, if nothing is lost by that. */
static uint8_t settled(const struct flue_object *o, const struct flue_command *c, uint8_t result)
{
    bool undoes = (o->flags & FLUE_OBJECT_UNDOES) && c->takes_away;
    return result == FLUE_RESULT_GONE && (undoes || c->gone == FLUE_GONE_DONE) ? FLUE_RESULT_OK
                                                                               : result;
}

static bool may_have_acted(const struct flue_command *c, uint8_t result)
{
    return result == FLUE_RESULT_OK || result == FLUE_RESULT_TIMEOUT ||
           result == FLUE_RESULT_UNSURE || !c->unchanged_on_failure;
}

/*
 * Of several that fail it is the first in the order of issue that counts, since answers come in any
 * order; what fails while others are taken back adds nothing. That it is not there outweighs all.
 */
static void keep_result(struct flue_target *t, struct flue_object *o, uint8_t command,
                        uint8_t result)
{
    struct flue_note *note = flue_note_of(t, o);
    bool first =
        o->result == FLUE_RESULT_OK || (!(o->flags & FLUE_OBJECT_UNDOES) && command < note->failed);
    if (result != FLUE_RESULT_GONE && (!first || o->result == FLUE_RESULT_GONE))
        return;
    o->result = result;
    note->failed = command;
}

/* One command of the object is over: what it may have changed is remembered for an undo. */
void flue_command_over(struct flue_target *t, struct flue_object *o, uint8_t command,
                       uint8_t answer)
{
    const struct flue_command *c = &kind_of(t, o)->commands[command];
    uint8_t result = settled(o, c, answer);
    o->in_flight--;
    t->stats.bad_answers += answer != FLUE_RESULT_OK;
    if (may_have_acted(c, result)) {
        o->touched |= 1u << command;
        flue_device_answered(t, o, command, result == FLUE_RESULT_OK);
    }
    if (result == FLUE_RESULT_OK)
        return;
    o->flags |= FLUE_OBJECT_BAD;
    keep_result(t, o, command, result);
    /*
     * The rest of a plan is not sent any more; of an undo each is worth trying, as long as there
     * is something to be written to.
     */
    if (!(o->flags & FLUE_OBJECT_UNDOES) || result == FLUE_RESULT_GONE)
        flue_commands_drop(t, o);
}

/* Classes whose structures behind a node an answer may write: what is returned or was brought. */
static uint8_t uses_behind(const struct flue_operation *op)
{
    if (op->returns == FLUE_RETURNS_ASKED)
        return FLUE_ALL_CLASSES;
    return (op->returns | op->brings) & FLUE_ALL_CLASSES;
}

/*
 * Into the object's copy, where it keeps one, and behind the node, where the operation is about
 * it. Data of a command that undoes another is nobody's.
 */
static void take_data(struct flue_target *t, struct flue_object *o, const struct flue_slot *slot)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (!kind->commands[slot->command].data_bytes || (o->flags & FLUE_OBJECT_UNDOES))
        return;
    struct flue_guard_context q;
    flue_guard_context_init(t, o, o->node, &q);
    uint8_t uses = o->node ? uses_behind(operation_of(t, o->node)) : 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (!(uses & FLUE_CLASS_BIT(c)))
            q.state[c] = NULL;
    kind->deliver(&q, slot->command, t->data + (size_t)(slot - t->slots) * t->data_stride);
}

static void answered(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    uint8_t command = slot->command;
    uint8_t result = checked_result(t, slot, slot->result, slot->bytes);
    t->stats.malformed_answers += result != slot->result;
    flue_step_answered(t, slot, result, flue_traced(t));
    if (result == FLUE_RESULT_OK)
        take_data(t, o, slot);
    flue_slot_put(t, slot);
    flue_command_over(t, o, command, result);
    flue_commands_resume(t, o);
}

/* The late answer has come: the slot is free, and perhaps the object, if it was given up. */
static void drained(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    flue_slot_put(t, slot);
    t->quarantined--;
    flue_trouble_ends(t);
    if (o->timeouts_outstanding < UINT8_MAX && --o->timeouts_outstanding == 0 &&
        (o->flags & FLUE_OBJECT_DRAINING))
        flue_object_free(t, o);
}

static void take_one(struct flue_target *t, struct flue_slot *slot)
{
    if (!slot->object || t->phase != FLUE_RUNNING) /* of an epoch that a reset has ended */
        flue_slot_put(t, slot);
    else if ((uint32_t)atomic_load_explicit(&slot->word, memory_order_relaxed) == FLUE_SLOT_DRAINED)
        drained(t, slot);
    else
        answered(t, slot);
}

/*
 * What is left of a call's answers, as far as the budget goes: runs of good ones for objects of one
 * kind take the fast path, which takes a whole burst.
 */
static void take_call(struct flue_target *t)
{
    while (t->of_call && t->budget && !t->due.first) {
        uint32_t entry = t->of_call;
        struct flue_slot *slot = &t->slots[entry - 1];
        const struct flue_fast_path *way =
            slot->object && t->phase == FLUE_RUNNING ? t->fast_paths[slot->object->kind] : NULL;
        t->of_call = way ? way->done(t, entry) : entry;
        if (t->of_call != entry)
            continue;
        t->of_call = slot->next;
        t->budget--;
        take_one(t, slot);
    }
}

/* The first of these answers, and those after it that take the fast path; returns how many. */
static size_t take_reaped(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    uint32_t index = (uint32_t)answers->cookie;
    struct flue_slot *slot = index < t->config.ring_entries ? &t->slots[index] : NULL;
    const struct flue_fast_path *way =
        slot && slot->object ? t->fast_paths[slot->object->kind] : NULL;
    size_t taken = way ? way->reaped(t, answers, count) : 0;
    if (taken)
        return taken;
    struct chain chain = {.first = 0, .end = &chain.first};
    credit(t, answers->cookie, answers->result, &chain);
    if (chain.first)
        take_one(t, slot);
    return 1;
}

static void take_all_reaped(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    t->budget -= (uint32_t)count;
    for (size_t taken = 0; taken < count;)
        taken += take_reaped(t, answers + taken, count - taken);
}

/*
 * Where a command is over its time: all that waited in the hardware then has been taken once the
 * driver had no more, or had given as many answers since as there can be.
 */
static void note_reaped(struct flue_target *t, uint64_t began, size_t count)
{
    if (!t->unreaped) {
        t->reaped_at = began;
    } else if (count < t->reap_left) {
        t->reap_left -= (uint32_t)count;
        return;
    } else {
        t->reaped_at = t->reaping_since;
    }
    t->reaping_since = began;
    t->reap_left = t->config.ring_entries;
}

/*
 * The driver is asked for answers that wait in its hardware, as far as the budget goes. What was
 * given or raised meanwhile comes before these answers.
 */
static bool reap(struct flue_target *t)
{
    struct flue_answer answers[BURST];
    bool any = false;
    t->unreaped = false;
    while (t->budget && t->config.reap && flue_target_phase(t) == FLUE_RUNNING) {
        size_t room = t->budget < BURST ? t->budget : BURST;
        uint64_t began = atomic_load(&t->now);
        size_t count = t->config.reap(t->adapter, answers, room);
        FLUE_ASSERT(count <= room);
        bool behind = flue_queued(t);
        any |= count != 0;
        t->unreaped = count == room;
        if (began >= atomic_load_explicit(&t->deadline, memory_order_relaxed))
            note_reaped(t, began, count);
        if (behind)
            flue_commands_done(t, answers, count);
        else
            take_all_reaped(t, answers, count);
        if (behind || !t->unreaped || flue_asked(t))
            break;
    }
    return any;
}

/* The next that was raised: indications that were put off come before all that was given later. */
static bool take_raised(struct flue_target *t)
{
    uint32_t *list = t->due.first ? &t->due.first : &t->calls, entry = *list;
    if (entry <= t->config.ring_entries)
        return false;
    *list = *flue_older_raised(t, entry);
    t->budget--;
    if (!flue_is_event(t, entry)) {
        flue_indication_take(t, entry);
        return true;
    }
    uint8_t event = FLUE_EVENT_NONE;
    struct flue_object *o = flue_event_take(t, entry, &event);
    if (o && (o->flags & FLUE_OBJECT_READY)) /* in line, and may not become busy there */
        flue_event_put_off(t, o, event);
    else if (o)
        flue_drive(t, o, event, NULL);
    return true;
}

static bool take_queue(struct flue_target *t)
{
    bool any = false;
    for (; t->budget && (t->due.first || t->of_call || (flue_queue_reverse(t) && t->calls));
         any = true) {
        if ((t->due.first || !t->of_call) && take_raised(t))
            continue;
        if (!t->of_call) {
            t->of_call = t->calls;
            t->calls = t->slots[t->calls - 1].older;
        }
        take_call(t);
    }
    return any;
}

/* An answer is a step, whosever it is, and so is what is raised. */
bool flue_answers_take(struct flue_target *t)
{
    bool any = take_queue(t);
    any |= reap(t);
    any |= take_queue(t);
    if (any && t->refusing)
        flue_lines_ask_again(t);
    return any;
}

bool flue_answers_wait(const struct flue_target *t)
{
    return t->unreaped || flue_queued(t);
}
