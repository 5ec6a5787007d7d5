/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arrive.c: chains that the host hands over from any thread, as far as the queues of objects.
 *
 * A chain comes by a lock-free list. The owner takes it apart, element by element, and puts each
 * into the queue of its object, or gives it back at once where the hardware takes none.
 */

#include "transfer.h"

bool flue_transfer(struct flue_target *t, uint8_t transfer, const void *context, void *chain,
                   uint32_t number)
{
    struct flue_transfers *x = t->transfers;
    if (!x || !chain || transfer >= t->spec->transfer_count)
        return false;
    store_u64(word_of(t, chain, 1), context ? flue_cell_handle(context) : 0);
    store_u64(word_of(t, chain, 2), (uint64_t)number << 32 | transfer);
    void *head = atomic_load_explicit(&x->inbox, memory_order_relaxed);
    do
        flue_store_pointer(word_of(t, chain, 0), head);
    while (!atomic_compare_exchange_weak_explicit(&x->inbox, &head, chain, memory_order_release,
                                                  memory_order_relaxed));
    if (!head)
        flue_wake(t);
    return true;
}

/*
 * It may have been handed over before the operation that ends the object, and is found only now: if
 * what is there goes back with the same status, it does so after that.
 */
static bool waits_behind(const struct flue_target *t, const struct flue_transfer *x,
                         const struct flue_object *o)
{
    return x->ending == x->returned &&
           queue_at(t, x->kind, flue_object_index(t, o), x->queue)->first;
}

/*
 * Why the object takes none; FLUE_STATUS_NONE where it does, or will when it is through with what
 * it is busy with.
 */
static uint8_t refusal(const struct flue_target *t, const struct flue_transfer *x,
                       const struct flue_object *o)
{
    if (!o || o->kind != x->kind)
        return x->refused;
    const struct flue_state *state = &kind_of(t, o)->states[o->state];
    if (is_open(x, o))
        return FLUE_STATUS_NONE;
    if (state->sort != FLUE_RESTING)
        return x->states[o->state] == FLUE_TRANSFERS_ENDING && !waits_behind(t, x, o)
                   ? x->ending
                   : FLUE_STATUS_NONE;
    return x->states[o->state] == FLUE_TRANSFERS_END ? x->reset : x->refused;
}

static void put_last(struct flue_target *t, struct flue_queue *q, void *element)
{
    if (q->first)
        set_next(t, q->last, element);
    else
        q->first = element;
    q->last = element;
    q->posted++;
}

static void enqueue(struct flue_target *t, const struct flue_transfer *x,
                    const struct flue_object *o, void *element)
{
    struct flue_queue *q = queue_at(t, x->kind, flue_object_index(t, o), x->queue);
    put_last(t, q, element);
    if (!q->offer)
        q->offer = element;
    if (!q->listed)
        activate(t->transfers, q);
}

/*
 * What came before it is on its way back: it goes behind that, with the same status.
 * None of the queue is the hardware's, so no answer counts, and nobody else changes its word.
 */
static bool follow_flush(struct flue_target *t, const struct flue_transfer *x,
                         const struct flue_object *o, void *element)
{
    struct flue_queue *q = queue_at(t, x->kind, flue_object_index(t, o), x->queue);
    if (x->states[o->state] != FLUE_TRANSFERS_END || !q->first)
        return false;
    put_last(t, q, element);
    q->flushed = q->posted;
    atomic_store(&q->word, (uint64_t)q->posted << 32 | q->posted);
    return true;
}

/* What the driver had lent to the host comes back to it. */
static void return_lent(struct flue_target *t, const struct flue_transfer *x, void *element,
                        uint64_t mark)
{
    struct flue_taken taken = {.element = element,
                               .index = FLUE_NONE,
                               .number = (uint32_t)(mark >> 32),
                               .transfer = (uint8_t)mark};
    x->take(t, &taken);
}

static void arrive(struct flue_target *t, void *element)
{
    const uint64_t mark = t->transfers->mark;
    const struct flue_transfer *x = transfer_at(t, mark);
    t->stats.transfers++;
    if (x->kind == FLUE_NO_BYTE) {
        return_lent(t, x, element, mark);
        return;
    }
    const struct flue_object *o = flue_object_find(t, t->transfers->handle);
    uint8_t status = refusal(t, x, o);
    store_u64(word_of(t, element, 2), mark);
    if (status == FLUE_STATUS_NONE) {
        enqueue(t, x, o, element);
        return;
    }
    if (o && o->kind == x->kind && follow_flush(t, x, o, element))
        return;
    t->stats.transfers_refused++;
    set_status(t, element, status);
    x->complete(t, element);
}

/* The next element of the oldest chain; NULL: there is none. */
static void *next_element(struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    if (!x->chain && x->taken) {
        x->chain = x->taken;
        x->taken = flue_load_pointer(word_of(t, x->chain, 0));
        x->handle = flue_load_u64(word_of(t, x->chain, 1));
        x->mark = mark_of(t, x->chain);
    }
    void *element = x->chain;
    if (!element)
        return NULL;
    x->chain = next_of(t, element);
    set_next(t, element, NULL);
    return element;
}

/* Newest first becomes oldest first. False: the budget ends before. */
static bool reverse(struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    for (; x->untaken && t->budget; t->budget--) {
        void *chain = x->untaken;
        x->untaken = flue_load_pointer(word_of(t, chain, 0));
        flue_store_pointer(word_of(t, chain, 0), x->taken);
        x->taken = chain;
    }
    return !x->untaken;
}

static bool take_apart(struct flue_target *t)
{
    if (!reverse(t))
        return false;
    while (t->budget) {
        void *element = next_element(t);
        if (!element)
            return true;
        t->budget--;
        arrive(t, element);
    }
    return false;
}

/* One batch, what had come when it was fetched, as far as the budget goes. */
bool flue_transfers_admit(struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    if (!flue_may_complete(t))
        return false;
    if (x->begun == x->over) {
        if (!atomic_load_explicit(&x->inbox, memory_order_relaxed))
            return false;
        x->untaken = atomic_exchange_explicit(&x->inbox, NULL, memory_order_acquire);
        x->begun++;
    }
    if (take_apart(t))
        x->over = x->begun;
    return true;
}

/* The batch with which the last chain comes that has been handed over by now. */
uint32_t flue_transfers_came(const struct flue_target *t)
{
    const struct flue_transfers *x = t->transfers;
    return x->begun + (atomic_load(&x->inbox) != NULL);
}
