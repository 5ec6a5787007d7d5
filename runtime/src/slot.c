/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slot.c: slots when an epoch ends: nobody waits any more, then none can be answered any more.
 */

#include "internal.h"

/* A new epoch: nobody waits for the command any more; an answer on its way is nobody's. */
void flue_slot_abandon(struct flue_target *t, struct flue_slot *slot)
{
    (void)t;
    uint64_t word = atomic_load(&slot->word);
    if ((uint32_t)word == FLUE_SLOT_FREE)
        return;
    flue_slot_claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_ISSUED, FLUE_SLOT_QUARANTINED);
    slot->object = NULL;
}

/* After the reset no answer of the old epoch can come: a slot in quarantine comes free. */
void flue_slot_reclaim(struct flue_target *t, struct flue_slot *slot)
{
    uint64_t word = atomic_load(&slot->word);
    if ((uint32_t)word == FLUE_SLOT_QUARANTINED &&
        flue_slot_claim(slot, (uint32_t)(word >> 32), FLUE_SLOT_QUARANTINED, FLUE_SLOT_FREE))
        flue_slot_put(t, slot);
}
