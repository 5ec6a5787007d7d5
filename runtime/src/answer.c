/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c: what comes back from the hardware, from any thread, in any order, late or twice.
 *
 * One compare-and-swap on the slot's word decides who an answer belongs to. Whoever loses it only
 * adds to a counter. The owner takes the queued answers when it polls.
 */

#include "internal.h"

/* Answers of one call, in their order, that go into the queue together. */
struct chain {
    uint32_t first; /* place of a slot; 0: there is none */
    uint32_t *end;  /* where the place of the next one goes */
};

static inline void chain_add(struct chain *chain, struct flue_slot *slot, uint32_t index)
{
    *chain->end = index + 1;
    chain->end = &slot->next;
}

static void queue(struct flue_target *t, uint32_t first)
{
    if (!first)
        return;
    uint32_t head = atomic_load_explicit(&t->answered, memory_order_relaxed);
    do
        t->slots[first - 1].older = head;
    while (!atomic_compare_exchange_weak_explicit(&t->answered, &head, first, memory_order_release,
                                                  memory_order_relaxed));
    if (head == 0)
        flue_wake(t);
}

static void count(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* A result nobody declared, or data of another size: it answered, but nothing can be believed. */
static uint8_t believable(const struct flue_target *t, const struct flue_slot *slot, uint8_t result,
                          size_t bytes)
{
    const struct flue_command *c = &kind_of(t, slot->object)->commands[slot->command];
    size_t expected = result == FLUE_RESULT_OK ? c->data_bytes : 0;
    return result < t->spec->result_count && bytes == expected ? result : FLUE_RESULT_TIMEOUT;
}

static bool claim(struct flue_slot *slot, uint32_t generation, enum flue_slot_state from,
                  enum flue_slot_state to)
{
    uint64_t expected = flue_slot_word(generation, from);
    return atomic_compare_exchange_strong(&slot->word, &expected, flue_slot_word(generation, to));
}

/* Nobody waits for it. True: it is what a slot in quarantine waited for, and that comes back. */
static bool returns(struct flue_target *t, struct flue_slot *slot, uint32_t generation)
{
    bool late = claim(slot, generation, FLUE_SLOT_QUARANTINED, FLUE_SLOT_RETURNED);
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
    bool first = claim(slot, generation, FLUE_SLOT_ISSUED, FLUE_SLOT_ANSWERED);
    bool won = first && flue_target_phase(t) == FLUE_RUNNING;
    if (won)
        slot->result = result;
    else if (first) /* a reset has begun, but it has not come to this slot yet */
        count(&t->shared.late_answers);
    if (first || returns(t, slot, generation))
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
    queue(t, chain.first);
    return won;
}

bool flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result)
{
    return flue_command_done_with(t, cookie, result, NULL, 0);
}

size_t flue_commands_done(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    struct chain chain = {.first = 0, .end = &chain.first};
    size_t won = 0;
    for (size_t i = 0; i < count; i++)
        won += credit(t, answers[i].cookie, answers[i].result, &chain);
    *chain.end = 0;
    queue(t, chain.first);
    return won;
}

/* One command of the object is over: what it may have changed is remembered for an undo. */
static void account(struct flue_target *t, struct flue_object *o, uint8_t command, uint8_t result)
{
    const struct flue_command *c = &kind_of(t, o)->commands[command];
    o->in_flight--;
    if (result == FLUE_RESULT_OK || result == FLUE_RESULT_TIMEOUT || !c->unchanged_on_failure)
        o->touched |= 1u << command;
    if (result == FLUE_RESULT_OK)
        return;
    t->stats.bad_answers++;
    o->flags |= FLUE_OBJECT_BAD;
    if (o->result == FLUE_RESULT_OK)
        o->result = result;
    /* The rest of a plan is not sent any more; of an undo each is worth trying. */
    if (!(o->flags & FLUE_OBJECT_UNDOES))
        flue_commands_drop(t, o);
}

/* When the last command is back, the machine gets done or failed, once. */
static void go_on(struct flue_target *t, struct flue_object *o)
{
    if (!flue_commands_issue(t, o))
        flue_drive(t, o, flue_outcome(o), o->node);
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
    struct flue_question q;
    flue_question(t, o, o->node, &q);
    uint8_t uses = o->node ? uses_behind(operation_of(t, o->node)) : 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (!(uses & FLUE_CLASS_BIT(c)))
            q.state[c] = NULL;
    kind->take(&q, slot->command, t->data + (size_t)(slot - t->slots) * t->data_stride);
}

static void answered(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    uint8_t command = slot->command;
    uint8_t result = believable(t, slot, slot->result, slot->bytes);
    t->stats.answers++;
    t->stats.unbelieved += result != slot->result;
    FLUE_TRACE(t, o->node, o, .what = FLUE_TRACE_ANSWER, .command = command, .result = result);
    if (result == FLUE_RESULT_OK)
        take_data(t, o, slot);
    flue_slot_put(t, slot);
    account(t, o, command, result);
    go_on(t, o);
}

/* A slot comes out of quarantine, and perhaps the place of an object that was given up. */
static void returned(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    flue_slot_put(t, slot);
    t->quarantined--;
    if (--o->strays == 0 && (o->flags & FLUE_OBJECT_HAUNTED))
        flue_object_give_back(t, o);
}

static void take_one(struct flue_target *t, struct flue_slot *slot)
{
    if (!slot->object || t->phase != FLUE_RUNNING) /* of an epoch that a reset has ended */
        flue_slot_put(t, slot);
    else if ((uint32_t)atomic_load_explicit(&slot->word, memory_order_relaxed) ==
             FLUE_SLOT_RETURNED)
        returned(t, slot);
    else
        answered(t, slot);
}

/* The answers of one call: runs of good ones for objects of one kind go the short way. */
static void take_call(struct flue_target *t, uint32_t place)
{
    while (place) {
        struct flue_slot *slot = &t->slots[place - 1];
        const struct flue_short_way *way =
            slot->object && t->phase == FLUE_RUNNING ? t->short_ways[slot->object->kind] : NULL;
        uint32_t rest = way ? way->done(t, place) : place;
        if (rest == place) {
            rest = slot->next;
            take_one(t, slot);
        }
        place = rest;
    }
}

enum { BURST = 64 };

/* The first of these answers, and those after it that go the short way; returns how many. */
static size_t take_reaped(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    uint32_t index = (uint32_t)answers->cookie;
    const struct flue_slot *slot = index < t->config.ring_entries ? &t->slots[index] : NULL;
    const struct flue_short_way *way =
        slot && slot->object ? t->short_ways[slot->object->kind] : NULL;
    size_t taken = way ? way->reaped(t, answers, count) : 0;
    if (taken)
        return taken;
    struct chain chain = {.first = 0, .end = &chain.first};
    credit(t, answers->cookie, answers->result, &chain);
    *chain.end = 0;
    take_call(t, chain.first);
    return 1;
}

/* The driver is asked for answers that wait in its hardware, for so many at most. */
static uint32_t reap(struct flue_target *t, uint32_t most)
{
    struct flue_answer answers[BURST];
    uint32_t left = most;
    t->unreaped = false;
    while (left && t->config.reap && flue_target_phase(t) == FLUE_RUNNING) {
        size_t room = left < BURST ? left : BURST;
        size_t count = t->config.reap(t->adapter, answers, room);
        FLUE_ASSERT(count <= room);
        left -= (uint32_t)count;
        /* What was raised before these answers were given is told before they take effect. */
        flue_indications_make(t);
        for (size_t taken = 0; taken < count;)
            taken += take_reaped(t, answers + taken, count - taken);
        t->unreaped = count == room;
        if (!t->unreaped || flue_asked(t))
            break;
    }
    return most - left;
}

/* The queue is newest first; answers are taken in the order in which they came. */
static bool take_queue(struct flue_target *t)
{
    if (!atomic_load_explicit(&t->answered, memory_order_relaxed))
        return false;
    uint32_t newest = atomic_exchange_explicit(&t->answered, 0, memory_order_acquire);
    flue_indications_make(t);
    uint32_t oldest = 0;
    while (newest) {
        uint32_t older = t->slots[newest - 1].older;
        t->slots[newest - 1].older = oldest;
        oldest = newest;
        newest = older;
    }
    while (oldest) {
        uint32_t newer = t->slots[oldest - 1].older;
        take_call(t, oldest);
        oldest = newer;
    }
    return true;
}

/* An answer is a step, whosever it is. */
bool flue_answers_take(struct flue_target *t)
{
    uint32_t reaped = reap(t, t->budget);
    t->budget -= reaped;
    uint64_t before = t->stats.answers;
    bool queued = take_queue(t);
    uint64_t steps = t->stats.answers - before;
    t->budget -= (uint32_t)(steps < t->budget ? steps : t->budget);
    return reaped || queued;
}

static void time_out(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    slot->result = FLUE_RESULT_TIMEOUT; /* whatever comes for it later is no good answer */
    o->strays++;
    t->quarantined++;
    t->stats.timeouts++;
    FLUE_TRACE(t, o->node, o, .what = FLUE_TRACE_ANSWER, .command = slot->command,
               .result = FLUE_RESULT_TIMEOUT);
    account(t, o, slot->command, FLUE_RESULT_TIMEOUT);
    go_on(t, o);
    if (t->quarantined > t->config.quarantine_limit && !t->reset_asked && t->config.reset_wanted) {
        t->reset_asked = true;
        t->config.reset_wanted(t->adapter);
    }
}

/* Commands over their time go into quarantine; an answer that is just being written wins. */
bool flue_timeouts(struct flue_target *t)
{
    if (!atomic_exchange(&t->ticked, false) || t->phase != FLUE_RUNNING)
        return false;
    reap(t, t->config.ring_entries); /* what waits in the hardware has come in time */
    uint64_t now = atomic_load(&t->now), earliest = UINT64_MAX;
    atomic_store(&t->deadline, UINT64_MAX);
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        struct flue_slot *slot = &t->slots[i];
        uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
        if ((uint32_t)word != FLUE_SLOT_ISSUED)
            continue;
        if (t->deadlines[i] > now) {
            earliest = t->deadlines[i] < earliest ? t->deadlines[i] : earliest;
            continue;
        }
        if (claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED))
            time_out(t, slot);
    }
    /* Commands issued meanwhile have told their deadline already. */
    flue_deadline(t, earliest);
    return true;
}

/* A new epoch: nobody waits for the command any more; an answer on its way is nobody's. */
void flue_slot_abandon(struct flue_target *t, struct flue_slot *slot)
{
    (void)t;
    uint64_t word = atomic_load(&slot->word);
    if ((uint32_t)word == FLUE_SLOT_FREE)
        return;
    claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED);
    slot->object = NULL;
}

/* After the reset no answer of the old epoch can come: a slot in quarantine comes free. */
void flue_slot_reclaim(struct flue_target *t, struct flue_slot *slot)
{
    uint64_t word = atomic_load(&slot->word);
    if ((uint32_t)word == FLUE_SLOT_QUARANTINED &&
        claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_QUARANTINED, FLUE_SLOT_FREE))
        flue_slot_put(t, slot);
}
