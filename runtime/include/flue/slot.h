/* SPDX-License-Identifier: BSD-2-Clause */
/* flue/slot.h: the owner's side of a slot: armed for a command, retracted, put back. */
#ifndef FLUE_SLOT_H
#define FLUE_SLOT_H

#include "flue/target.h"

static inline void flue_slot_put(struct flue_target *t, struct flue_slot *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    atomic_store_explicit(&slot->word, (word & ~(uint64_t)255) | FLUE_SLOT_FREE,
                          memory_order_release);
    slot->object = NULL;
    slot->next = t->free_slot;
    t->free_slot = (uint32_t)(slot - t->slots) + 1;
    t->free_slots++;
}

/* A new generation, then ISSUED: from here on an answer may come, even from inside the binding. */
static inline flue_cookie flue_slot_arm(struct flue_target *t, struct flue_slot *slot)
{
    uint32_t generation =
        (uint32_t)(atomic_load_explicit(&slot->word, memory_order_relaxed) >> 8) + 1;
    if (generation == 0)
        generation = 1;
    atomic_store_explicit(&slot->word, (uint64_t)generation << 8 | FLUE_SLOT_ISSUED,
                          memory_order_release);
    return (uint64_t)generation << 32 | (uint64_t)(slot - t->slots);
}

/* The driver had no room. Should it have answered all the same, the command counts as issued. */
static inline bool flue_slot_retract(struct flue_target *t, struct flue_slot *slot,
                                     flue_cookie cookie)
{
    uint64_t issued = (cookie >> 32) << 8 | FLUE_SLOT_ISSUED;
    if (!atomic_compare_exchange_strong(&slot->word, &issued, (cookie >> 32) << 8 | FLUE_SLOT_FREE))
        return false;
    flue_slot_put(t, slot);
    return true;
}

#endif
