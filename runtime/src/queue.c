/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.c: answers, indications and events from any thread, in one order, that of the calls.
 */

#include "internal.h"

/* Of what a driver raises: the entry that was given before it. */
uint32_t *flue_older_raised(const struct flue_target *t, uint32_t entry)
{
    return flue_is_event(t, entry) ? &flue_pending_at(t, entry)->older
                                   : &flue_indication_at(t, entry)->older;
}

/* Of a burst's first slot, or of what was raised. */
static uint32_t *older_of(const struct flue_target *t, uint32_t entry)
{
    return entry > t->config.ring_entries ? flue_older_raised(t, entry)
                                          : &t->slots[entry - 1].older;
}

/*
 * Bursts of answers, one behind the other, or an indication, come behind all that is queued: their
 * order is that of the calls that give them.
 */
void flue_queue_give(struct flue_target *t, uint32_t newest, uint32_t oldest)
{
    if (!newest)
        return;
    uint32_t *older = older_of(t, oldest);
    uint32_t head = atomic_load_explicit(&t->answered, memory_order_relaxed);
    do
        *older = head;
    while (!atomic_compare_exchange_weak_explicit(&t->answered, &head, newest, memory_order_release,
                                                  memory_order_relaxed));
    if (head == 0)
        flue_wake(t);
}

bool flue_queued(const struct flue_target *t)
{
    return atomic_load_explicit(&t->answered, memory_order_relaxed) ||
           (t->reversing | t->calls | t->of_call | t->due.first);
}

/* The queue is newest first; what is in it is taken in the order in which it came. */
bool flue_queue_reverse(struct flue_target *t)
{
    if (!t->reversing && !t->calls && atomic_load_explicit(&t->answered, memory_order_relaxed))
        t->reversing = atomic_exchange_explicit(&t->answered, 0, memory_order_acquire);
    for (unsigned i = 1; t->reversing && t->budget; i++) {
        uint32_t *older = older_of(t, t->reversing), next = *older;
        *older = t->calls;
        t->calls = t->reversing;
        t->reversing = next;
        t->budget -= i % FLUE_SLICE == 0;
    }
    return !t->reversing;
}
