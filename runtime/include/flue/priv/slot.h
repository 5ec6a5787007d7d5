/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/slot.h: the owner's side of a slot: armed for a command, retracted, put back.
 *
 *     FREE         -> ISSUED        owner         flue_slot_arm
 *     ISSUED       -> ANSWERED      any thread    answer.c, credit
 *     ISSUED       -> FREE          owner         flue_slot_retract; an answer that it reaped
 *     ISSUED       -> QUARANTINED   owner         timeout.c; slot.c, flue_slot_abandon
 *     QUARANTINED  -> DRAINED       any thread    answer.c, drains
 *     QUARANTINED  -> FREE          owner         slot.c, flue_slot_reclaim
 *     ANSWERED     -> FREE          owner         flue_slot_put, when it comes out of the queue
 *     DRAINED      -> FREE          owner         the same
 */
#ifndef FLUE_PRIV_SLOT_H
#define FLUE_PRIV_SLOT_H

#include "flue/priv/object.h"

enum flue_slot_state {
    FLUE_SLOT_FREE,
    FLUE_SLOT_ISSUED,      /* waits for its answer */
    FLUE_SLOT_ANSWERED,    /* an answer won it, and is queued or about to be */
    FLUE_SLOT_QUARANTINED, /* timed out or of an old epoch; waits for its answer or a reset */
    FLUE_SLOT_DRAINED      /* came out of quarantine, queued for the owner */
};

/* Entries are numbers of slots from 1, so that 0 ends a list; those of indications follow. */
struct flue_slot {
    _Atomic uint64_t word;      /* u32 generation above u32 enum flue_slot_state */
    struct flue_object *object; /* NULL: of an old epoch, nobody waits for it */
    uint32_t next;              /* free, or answered after this one in the same call */
    uint32_t older;             /* the first of those answered before; in the first of a call */
    uint16_t bytes;             /* of data that came with the answer; 0 when issued */
    uint8_t command;            /* of the object's kind */
    uint8_t result;
};

/* The earliest time at which a tick is work for the owner. */
static inline void flue_deadline(struct flue_target *t, uint64_t deadline)
{
    if (deadline < atomic_load_explicit(&t->deadline, memory_order_relaxed))
        atomic_store_explicit(&t->deadline, deadline, memory_order_relaxed);
}

static inline uint64_t flue_slot_word(uint32_t generation, enum flue_slot_state state)
{
    return (uint64_t)generation << 32 | (uint32_t)state;
}

/* One compare-and-swap decides who a slot belongs to. */
static inline bool flue_slot_claim(struct flue_slot *slot, uint32_t generation,
                                   enum flue_slot_state from, enum flue_slot_state to)
{
    uint64_t expected = flue_slot_word(generation, from);
    return atomic_compare_exchange_strong(&slot->word, &expected, flue_slot_word(generation, to));
}

/* The index of the next free slot, which is taken: there is one. */
static inline uint32_t flue_slot_first(struct flue_target *t)
{
    uint32_t index = t->free_slot - 1;
    t->free_slot = t->slots[index].next;
    t->free_slots--;
    return index;
}

/* The next free slot; NULL if there is none but those that are kept for giving objects back. */
static inline struct flue_slot *flue_slot_take(struct flue_target *t, bool may_use_reserve)
{
    uint32_t kept = may_use_reserve ? 0 : t->config.reserved_entries;
    if (t->free_slots <= kept)
        return NULL;
    return &t->slots[flue_slot_first(t)];
}

static inline void flue_slot_put_at(struct flue_target *t, struct flue_slot *slot, uint32_t entry)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    atomic_store_explicit(&slot->word, flue_slot_word((uint32_t)(word >> 32), FLUE_SLOT_FREE),
                          memory_order_release);
    slot->object = NULL;
    slot->next = t->free_slot;
    t->free_slot = entry;
    t->free_slots++;
}

static inline void flue_slot_put(struct flue_target *t, struct flue_slot *slot)
{
    flue_slot_put_at(t, slot, (uint32_t)(slot - t->slots) + 1);
}

/*
 * A new generation, never 0, then ISSUED: from here on an answer may come, even from inside the
 * binding. The cookie is the generation above the slot's index.
 */
FLUE_INLINE flue_cookie flue_slot_arm(struct flue_slot *slot, uint32_t index)
{
    uint64_t one = flue_slot_word(1, FLUE_SLOT_FREE);
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    if (__builtin_add_overflow(word, one, &word))
        word += one;
    atomic_store_explicit(&slot->word, word | FLUE_SLOT_ISSUED, memory_order_release);
    return word | index;
}

/* The cookie of the command that a slot is armed for, or was last. */
static inline flue_cookie flue_slot_cookie(const struct flue_target *t,
                                           const struct flue_slot *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    return word >> 32 << 32 | (uint32_t)(slot - t->slots);
}

/* The driver had no room. Should it have answered all the same, the command counts as issued. */
static inline bool flue_slot_retract(struct flue_target *t, struct flue_slot *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    if (!flue_slot_claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_ISSUED, FLUE_SLOT_FREE))
        return false;
    flue_slot_put(t, slot);
    return true;
}

#endif
