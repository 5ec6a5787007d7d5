/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * indicate.c: indications that the driver raises from any thread, made by the owner in their turn.
 *
 * There are as many entries for them as the configuration says. Free ones are on a stack that any
 * thread takes from and the owner alone gives back to; the number of takings above the entry keeps
 * a thread from taking what was taken and given back while it looked. A filled one goes into the
 * queue of answers (queue.c), so that one order holds for both.
 */

#include "internal.h"

#define ENTRY_BITS 21
#define ENTRY_MASK ((UINT64_C(1) << ENTRY_BITS) - 1)

static uint32_t take_spare(struct flue_target *t)
{
    uint64_t top = atomic_load_explicit(&t->spare, memory_order_acquire), next;
    do {
        uint32_t entry = (uint32_t)(top & ENTRY_MASK);
        if (!entry)
            return 0;
        next = atomic_load_explicit(&flue_indication_at(t, entry)->spare, memory_order_relaxed);
        next |= (top & ~ENTRY_MASK) + (UINT64_C(1) << ENTRY_BITS);
    } while (!atomic_compare_exchange_weak_explicit(&t->spare, &top, next, memory_order_acquire,
                                                    memory_order_acquire));
    return (uint32_t)(top & ENTRY_MASK);
}

void flue_indication_put(struct flue_target *t, uint32_t entry)
{
    _Atomic uint32_t *next = &flue_indication_at(t, entry)->spare;
    uint64_t top = atomic_load_explicit(&t->spare, memory_order_relaxed);
    do
        atomic_store_explicit(next, (uint32_t)(top & ENTRY_MASK), memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&t->spare, &top, (top & ~ENTRY_MASK) | entry,
                                                  memory_order_release, memory_order_relaxed));
}

static bool refuse(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
    return false;
}

bool flue_indicate(struct flue_target *t, uint8_t kind, flue_name name, uint8_t indication,
                   uint32_t detail)
{
    if (kind != FLUE_NO_BYTE && !flue_object_named(t, kind, name))
        return refuse(&t->shared.indications_ended);
    uint32_t entry = take_spare(t);
    if (!entry)
        return refuse(&t->shared.indications_full);
    struct flue_indication *i = flue_indication_at(t, entry);
    i->name = name;
    i->detail = detail;
    i->kind = kind;
    i->indication = indication;
    flue_queue_give(t, entry, entry);
    return true;
}

/* The bucket of those that wait for the object of this name, and for others. */
static uint32_t *put_off_at(const struct flue_target *t, flue_name name)
{
    uint64_t mixed = (uint64_t)name * UINT64_C(0x9e3779b97f4a7c15);
    return &t->put_off[(mixed >> 32) & (t->config.indication_entries - 1)];
}

static void put_off(struct flue_target *t, uint32_t entry)
{
    struct flue_indication *i = flue_indication_at(t, entry);
    uint32_t *newest = put_off_at(t, i->name);
    i->older = *newest;
    *newest = entry;
    t->stats.put_off++;
}

static bool make(struct flue_target *t, struct flue_object *o, const struct flue_indication *i)
{
    if (i->kind == FLUE_NO_BYTE) {
        t->spec->indicate(t, i->indication, i->detail);
        return true;
    }
    const struct flue_kind *kind = &t->spec->kinds[i->kind];
    if (!o || !kind->indicate)
        return false;
    struct flue_guard_context q;
    flue_guard_context_init(t, o, NULL, &q);
    return kind->indicate(&q, i->indication, i->detail);
}

/* It is made, or dropped, or put off once more. */
void flue_indication_take(struct flue_target *t, uint32_t entry)
{
    struct flue_indication *i = flue_indication_at(t, entry);
    struct flue_object *o = flue_object_named(t, i->kind, i->name);
    if (o && flue_outcome_open(t, o, o->state)) {
        put_off(t, entry);
        return;
    }
    struct flue_indication taken = {
        .name = i->name, .detail = i->detail, .kind = i->kind, .indication = i->indication};
    /* The entry comes free first: from within, the host may make the driver raise another. */
    flue_indication_put(t, entry);
    if (make(t, o, &taken))
        t->stats.indicated++;
    else
        t->stats.not_raised++;
}

/* Of those in the bucket the ones about this object are due, oldest first. */
void flue_outcome_known(struct flue_target *t, struct flue_object *o)
{
    flue_name name = flue_name_of(t, o);
    uint32_t first = 0, last = 0;
    for (uint32_t *at = put_off_at(t, name), entry; (entry = *at) != 0;) {
        struct flue_indication *i = flue_indication_at(t, entry);
        if (i->name != name) {
            at = &i->older;
            continue;
        }
        *at = i->older;
        i->older = first;
        first = entry;
        last = last ? last : entry;
    }
    if (!first)
        return;
    if (t->due.first)
        flue_indication_at(t, t->due.last)->older = first;
    else
        t->due.first = first;
    t->due.last = last;
}
