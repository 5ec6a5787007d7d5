/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * indicate.c: indications that the driver raises from any thread, made by the owner in their order.
 *
 * A bounded queue: each place has a turn number. Whoever takes number n from `raised` owns place
 * n mod entries once its turn is n, fills it and sets the turn to n + 1; the owner empties it and
 * sets the turn to n + entries, for the next round.
 */

#include "internal.h"

static struct flue_indication *place_of(const struct flue_target *t, uint32_t number)
{
    return &t->indications[number & (t->config.indication_entries - 1)];
}

/* A number in the queue, or false if the place it would get has not been emptied yet. */
static bool take_number(struct flue_target *t, uint32_t *number)
{
    *number = atomic_load_explicit(&t->raised, memory_order_relaxed);
    for (;;) {
        uint32_t turn = atomic_load_explicit(&place_of(t, *number)->turn, memory_order_acquire);
        if (turn == *number) {
            if (atomic_compare_exchange_weak_explicit(&t->raised, number, *number + 1,
                                                      memory_order_relaxed, memory_order_relaxed))
                return true;
        } else if ((int32_t)(turn - *number) < 0) {
            return false;
        } else {
            *number = atomic_load_explicit(&t->raised, memory_order_relaxed);
        }
    }
}

bool flue_indicate(struct flue_target *t, uint8_t kind, uint32_t index, uint8_t indication,
                   uint32_t detail)
{
    uint32_t number;
    if (kind != FLUE_NO_BYTE && (kind >= t->spec->kind_count || index >= t->pools[kind].capacity))
        return false;
    if (!take_number(t, &number)) {
        atomic_fetch_add_explicit(&t->shared.indications_full, 1, memory_order_relaxed);
        return false;
    }
    struct flue_indication *place = place_of(t, number);
    place->kind = kind;
    place->index = index;
    place->indication = indication;
    place->detail = detail;
    atomic_store_explicit(&place->turn, number + 1, memory_order_release);
    flue_wake(t);
    return true;
}

bool flue_indications_wait(const struct flue_target *t)
{
    return atomic_load_explicit(&place_of(t, t->indicated)->turn, memory_order_acquire) ==
           t->indicated + 1;
}

static void make(struct flue_target *t, const struct flue_indication *i)
{
    if (i->kind == FLUE_NO_BYTE) {
        t->spec->indicate(t, i->indication, i->detail);
        t->stats.indicated++;
        return;
    }
    struct flue_question q;
    flue_question(t, flue_object_at(t, i->kind, i->index), NULL, &q);
    const struct flue_kind *kind = &t->spec->kinds[i->kind];
    if (kind->indicate && kind->indicate(&q, i->indication, i->detail))
        t->stats.indicated++;
    else
        t->stats.not_raised++;
}

bool flue_indications_make(struct flue_target *t)
{
    bool progress = false;
    while (flue_indications_wait(t)) {
        struct flue_indication *place = place_of(t, t->indicated);
        struct flue_indication taken = {.kind = place->kind,
                                        .index = place->index,
                                        .indication = place->indication,
                                        .detail = place->detail};
        /* The place comes free first: from within, the host may make the driver raise another. */
        atomic_store_explicit(&place->turn, t->indicated + t->config.indication_entries,
                              memory_order_release);
        t->indicated++;
        make(t, &taken);
        progress = true;
    }
    return progress;
}

/* The host is told when it changes, not when it is only said again. */
void flue_do_pause(struct flue_target *t, bool paused)
{
    if (t->paused == paused || flue_target_phase(t) == FLUE_REMOVED)
        return;
    t->paused = paused;
    if (!paused)
        flue_requests_unhold(t);
    uint8_t indication = paused ? t->spec->pause_indication : t->spec->resume_indication;
    if (indication != FLUE_NO_BYTE)
        t->spec->indicate(t, indication, 0);
}
