/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c: what comes back from the hardware, from any thread, in any order, late or twice.
 *
 * One compare-and-swap on the slot's word decides who an answer belongs to. Whoever loses it only
 * adds to a counter. The owner takes the queued answers when it polls.
 */

#include "internal.h"

/* Answers of one call, newest first, that go into the queue together. */
struct chain {
    uint32_t newest, oldest; /* places of slots, from 1; 0: there is none */
};

static void chain_add(struct flue_target *t, struct chain *chain, struct flue_slot *slot)
{
    uint32_t place = (uint32_t)(slot - t->slots) + 1;
    slot->next = chain->newest;
    chain->newest = place;
    if (!chain->oldest)
        chain->oldest = place;
}

static void queue(struct flue_target *t, const struct chain *chain)
{
    if (!chain->newest)
        return;
    uint32_t head = atomic_load_explicit(&t->answered, memory_order_relaxed);
    do
        t->slots[chain->oldest - 1].next = head;
    while (!atomic_compare_exchange_weak_explicit(&t->answered, &head, chain->newest,
                                                  memory_order_release, memory_order_relaxed));
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
    uint64_t expected = (uint64_t)generation << 8 | from;
    return atomic_compare_exchange_strong(&slot->word, &expected, (uint64_t)generation << 8 | to);
}

/* Whose answer is it? If somebody waits for it, it is his; if it comes late, the slot is freed. */
static bool credit(struct flue_target *t, flue_cookie cookie, uint8_t result, const void *data,
                   size_t bytes, struct chain *chain)
{
    uint32_t place = (uint32_t)cookie, generation = (uint32_t)(cookie >> 32);
    if (place >= t->config.ring_entries || generation == 0) {
        count(&t->shared.stray_answers);
        return false;
    }
    struct flue_slot *slot = &t->slots[place];
    if (FLUE_PLANTED(3)) /* a stale cookie is accepted */
        generation = (uint32_t)(atomic_load(&slot->word) >> 8);
    /* The owner looks at what follows only when the slot is in its queue. */
    if (claim(slot, generation, FLUE_SLOT_ISSUED, FLUE_SLOT_ANSWERED)) {
        if (bytes > t->data_stride)
            bytes = 0;
        if (data && bytes)
            memcpy(t->data + (size_t)place * t->data_stride, data, bytes);
        slot->result = result;
        slot->bytes = (uint16_t)bytes;
        chain_add(t, chain, slot);
        return true;
    }
    if (claim(slot, generation, FLUE_SLOT_QUARANTINED, FLUE_SLOT_RETURNED)) {
        count(&t->shared.late_answers);
        chain_add(t, chain, slot);
    } else {
        count(&t->shared.stray_answers);
    }
    return false;
}

bool flue_command_done_with(struct flue_target *t, flue_cookie cookie, uint8_t result,
                            const void *data, size_t bytes)
{
    struct chain chain = {0, 0};
    bool won = credit(t, cookie, result, data, bytes, &chain);
    queue(t, &chain);
    return won;
}

bool flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result)
{
    return flue_command_done_with(t, cookie, result, NULL, 0);
}

size_t flue_commands_done(struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    struct chain chain = {0, 0};
    size_t won = 0;
    for (size_t i = 0; i < count; i++)
        won += credit(t, answers[i].cookie, answers[i].result, NULL, 0, &chain);
    queue(t, &chain);
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
    if (!(o->flags & FLUE_OBJECT_WRITES_OLD))
        flue_commands_drop(t, o);
}

/* When the last command is back, the machine gets done or failed, once. */
static void go_on(struct flue_target *t, struct flue_object *o)
{
    if (!flue_commands_issue(t, o))
        flue_drive(t, o, flue_outcome(o), o->node);
}

/* Data of a command that undoes another is nobody's. */
static void take_data(struct flue_target *t, struct flue_object *o, const struct flue_slot *slot)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (!kind->commands[slot->command].data_bytes || (o->flags & FLUE_OBJECT_WRITES_OLD))
        return;
    struct flue_question q;
    flue_question(t, o, o->node, &q);
    kind->take(&q, slot->command, t->data + (size_t)(slot - t->slots) * t->data_stride);
}

static bool answered_short(struct flue_target *t, struct flue_slot *slot)
{
    const struct flue_short_way *way = t->short_ways[slot->object->kind];
    bool good = slot->result == FLUE_RESULT_OK || FLUE_PLANTED(20); /* a bad answer passes */
    return way && good && slot->bytes == 0 && way->done(t, slot);
}

static void answered(struct flue_target *t, struct flue_slot *slot)
{
    if (answered_short(t, slot))
        return;
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
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
    if (!slot->object) /* of an epoch that a reset has ended */
        flue_slot_put(t, slot);
    else if ((word & 255) == FLUE_SLOT_RETURNED)
        returned(t, slot);
    else
        answered(t, slot);
}

/* The queue is newest first; answers are taken in the order in which they came. */
bool flue_answers_take(struct flue_target *t)
{
    uint32_t place = atomic_load_explicit(&t->answered, memory_order_relaxed);
    if (place == 0)
        return false;
    place = atomic_exchange_explicit(&t->answered, 0, memory_order_acquire);
    /* What was raised before these answers were given is told before they take effect. */
    flue_indications_make(t);
    uint32_t first = 0;
    while (place) {
        struct flue_slot *slot = &t->slots[place - 1];
        uint32_t older = slot->next;
        __builtin_prefetch(slot->object, 1);
        slot->next = first;
        first = place;
        place = older;
    }
    while (first) {
        struct flue_slot *slot = &t->slots[first - 1];
        first = slot->next;
        take_one(t, slot);
        t->budget -= t->budget > 0;
    }
    return true;
}

static void time_out(struct flue_target *t, struct flue_slot *slot)
{
    struct flue_object *o = slot->object;
    o->strays++;
    t->quarantined++;
    t->stats.timeouts++;
    FLUE_TRACE(t, o->node, o, .what = FLUE_TRACE_ANSWER, .command = slot->command,
               .result = FLUE_RESULT_TIMEOUT);
    if (FLUE_PLANTED(10)) /* the slot is used again, though its answer may come */
        flue_slot_put(t, slot);
    account(t, o, slot->command, FLUE_RESULT_TIMEOUT);
    go_on(t, o);
    if (t->quarantined > t->config.quarantine_limit && !t->reset_asked && t->config.reset_wanted) {
        t->reset_asked = true;
        t->config.reset_wanted(t->adapter);
    }
}

/* Commands over their time go into quarantine; an answer that is just being written wins. */
void flue_timeouts(struct flue_target *t)
{
    uint64_t now = atomic_load(&t->now), earliest = UINT64_MAX;
    atomic_store(&t->deadline, UINT64_MAX);
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        struct flue_slot *slot = &t->slots[i];
        uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
        if ((word & 255) != FLUE_SLOT_ISSUED)
            continue;
        if (slot->deadline > now) {
            earliest = slot->deadline < earliest ? slot->deadline : earliest;
            continue;
        }
        if (claim(slot, (uint32_t)(word >> 8), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED))
            time_out(t, slot);
    }
    /* Commands issued meanwhile have told their deadline already. */
    if (earliest < atomic_load(&t->deadline))
        atomic_store(&t->deadline, earliest);
}

/* A new epoch: nobody waits for any command any more; the answers on their way are nobody's. */
void flue_slots_abandon(struct flue_target *t)
{
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        struct flue_slot *slot = &t->slots[i];
        uint64_t word = atomic_load(&slot->word);
        if ((word & 255) == FLUE_SLOT_FREE)
            continue;
        if (FLUE_PLANTED(11) && (word & 255) == FLUE_SLOT_ANSWERED) /* is believed afterwards */
            continue;
        claim(slot, (uint32_t)(word >> 8), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED);
        slot->object = NULL;
    }
    t->quarantined = 0;
}

/* After the reset no answer of the old epoch can come: slots in quarantine come free. */
void flue_slots_reclaim(struct flue_target *t)
{
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        struct flue_slot *slot = &t->slots[i];
        uint64_t word = atomic_load(&slot->word);
        if ((word & 255) == FLUE_SLOT_QUARANTINED &&
            claim(slot, (uint32_t)(word >> 8), FLUE_SLOT_QUARANTINED, FLUE_SLOT_FREE))
            flue_slot_put(t, slot);
    }
}
