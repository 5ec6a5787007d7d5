/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer.c: what the host hands over for an object that stays as it is, and gets back, in order.
 *
 * Elements of an object's queue (arrive.c puts them there) are offered to the driver. Answers are
 * positions, from any thread. When the object leaves the hardware, the queue is flushed: what is
 * left of it goes back with a status of the spec's, a step each, and an operation that ends the
 * object waits for that.
 */

#include "flue/priv/transfer.h"
#include "flue/priv/request.h"
#include "transfer.h"

#define ONE_TAKEN (UINT64_C(1) << 32)

/* ---- From any thread ---- */

/* The owner is to look at what has been answered; once, however often that was. */
static void notify_owner(struct flue_target *t, struct flue_queue *q)
{
    struct flue_transfers *x = t->transfers;
    if (atomic_exchange(&q->answered, 1))
        return;
    uint32_t head = atomic_load_explicit(&x->news, memory_order_relaxed);
    do
        q->news = head;
    while (!atomic_compare_exchange_weak_explicit(&x->news, &head, (uint32_t)(q - x->queues) + 1,
                                                  memory_order_release, memory_order_relaxed));
    if (!head)
        flue_wake(t);
}

/* It is one of those that the hardware has: from there on it has none up to this position. */
static bool answer(struct flue_queue *q, uint32_t position)
{
    uint64_t word = atomic_load(&q->word);
    do {
        uint32_t answered = (uint32_t)word, taken = (uint32_t)(word >> 32);
        if (position - answered - 1 >= taken - answered)
            return false;
    } while (!atomic_compare_exchange_weak(&q->word, &word, word >> 32 << 32 | position));
    return true;
}

bool flue_transfer_done(struct flue_target *t, uint8_t transfer, flue_name name, uint32_t position)
{
    if (t->transfers && transfer < t->spec->transfer_count) {
        const struct flue_transfer *x = transfer_at(t, transfer);
        const struct flue_object *o = flue_object_named(t, x->kind, name);
        struct flue_queue *q = o ? queue_at(t, x->kind, flue_object_index(t, o), x->queue) : NULL;
        if (q && answer(q, position)) {
            notify_owner(t, q);
            return true;
        }
    }
    atomic_fetch_add_explicit(&t->shared.stray_positions, 1, memory_order_relaxed);
    return false;
}

/* ---- Queues that have something to do ---- */

static struct flue_queue *pop(struct flue_transfers *x, struct flue_queue_list *list)
{
    struct flue_queue *q = &x->queues[list->first - 1];
    list->first = q->next;
    list->count--;
    q->listed = false;
    return q;
}

/* Those without room have something to do: an answer or a tick has come, or a flush. */
static bool asks_again(const struct flue_target *t)
{
    const struct flue_transfers *x = t->transfers;
    return x->full.count &&
           (x->ask_again || x->asked_at != atomic_load_explicit(&t->now, memory_order_relaxed));
}

/* ---- Elements go ---- */

static bool drains(const struct flue_queue *q)
{
    return q->flushed != q->kept;
}

/* What the hardware has written, if it is one that it may say. */
static uint8_t checked(const struct flue_target *t, const struct flue_transfer *x,
                       const void *element)
{
    int32_t value = (int32_t)flue_load_u32(flue_node_at(element, t->spec->chain->status));
    if (value == t->spec->statuses[x->taken].value)
        return x->taken;
    for (uint64_t left = x->statuses; left; left &= left - 1) {
        uint8_t status = (uint8_t)((uint32_t)left ? lowest_bit((uint32_t)left)
                                                  : 32 + lowest_bit((uint32_t)(left >> 32)));
        if (value == t->spec->statuses[status].value)
            return status;
    }
    return x->refused;
}

static void settle(struct flue_target *t, const struct flue_queue *q, void *element)
{
    const struct flue_transfer *x = transfer_at(t, mark_of(t, element));
    if (drains(q) && (int32_t)(q->done - q->kept) >= 0) {
        t->stats.transfers_returned++;
        set_status(t, element, q->reset ? x->reset : x->returned);
    } else {
        t->stats.transfers_done++;
        set_status(t, element, checked(t, x, element));
    }
}

/* Up to here elements are the host's. */
static uint32_t limit_of(const struct flue_queue *q)
{
    return drains(q) ? q->flushed : (uint32_t)atomic_load(&q->word);
}

/* One completion call, for as many of one transfer as stand together. */
static void complete_some(struct flue_target *t, struct flue_queue *q, uint32_t limit)
{
    void *first = q->first, *last = first;
    const struct flue_transfer *x = transfer_at(t, mark_of(t, first));
    for (;;) {
        settle(t, q, last);
        q->done++;
        t->budget--;
        q->first = next_of(t, last);
        if (!t->budget || q->done == limit || transfer_at(t, mark_of(t, q->first)) != x)
            break;
        last = q->first;
    }
    set_next(t, last, NULL);
    if (drains(q) && q->done == q->flushed)
        q->kept = q->flushed;
    x->complete(t, first);
}

/* The driver had no room. Should it have answered all the same, the element counts as taken. */
static bool retract(struct flue_queue *q, uint32_t position)
{
    uint64_t word = atomic_load(&q->word);
    do
        if ((uint32_t)word == position)
            return false;
    while (!atomic_compare_exchange_weak(&q->word, &word, word - ONE_TAKEN));
    return true;
}

static bool offer(struct flue_target *t, struct flue_queue *q, const struct flue_transfer *x,
                  struct flue_taken *taken)
{
    set_status(t, taken->element, x->taken);
    const uint64_t before = /* a kernel has another atomic_fetch_add() */
        atomic_fetch_add_explicit(&q->word, ONE_TAKEN, memory_order_seq_cst);
    taken->position = (uint32_t)((before + ONE_TAKEN) >> 32);
    void *next = next_of(t, taken->element);
    if (x->take(t, taken) == FLUE_RING_FULL && retract(q, taken->position))
        return false;
    q->offer = next;
    t->stats.transfers_taken++;
    t->rings = true;
    return true;
}

static struct flue_object *object_of(const struct flue_target *t, const struct flue_queue *q)
{
    const struct flue_transfers *x = t->transfers;
    uint32_t number = (uint32_t)(q - x->queues);
    for (uint8_t kind = 0;; kind++) {
        uint32_t at = number - x->first_queue[kind], each = x->queues_each[kind];
        if (each && at < each * t->pools[kind].capacity)
            return flue_object_at(t, kind, at / each);
    }
}

/* As far as there is room and the object's state is one for it. False: there was no room. */
static bool offer_some(struct flue_target *t, struct flue_queue *q)
{
    if (!q->offer || drains(q) || flue_target_phase(t) != FLUE_RUNNING)
        return true;
    const struct flue_object *o = object_of(t, q);
    struct flue_taken taken = {.index = flue_object_index(t, o), .name = flue_name_of(t, o)};
    for (; t->budget && q->offer; t->budget--) {
        uint64_t mark = mark_of(t, q->offer);
        if (!is_open(transfer_at(t, mark), o))
            return true;
        taken.element = q->offer;
        taken.transfer = (uint8_t)mark;
        taken.number = (uint32_t)(mark >> 32);
        if (!offer(t, q, transfer_at(t, mark), &taken))
            return false;
    }
    return true;
}

/*
 * No element of the object is out, none is on its way: nothing comes for it any more since its step
 * out of the hardware, and what was handed over before that has been taken apart. Nobody gets the
 * object's index, and so its queues, before the request that waits has completed.
 */
static bool all_back(const struct flue_target *t, const struct flue_queue *q)
{
    return !q->first && (int32_t)(t->transfers->over - q->came) >= 0;
}

/* Here alone a request that ends an object goes on. */
static void release(const struct flue_target *t, struct flue_queue *q)
{
    if (!q->waits || !all_back(t, q))
        return;
    q->waits->transfers--;
    q->waits = NULL;
}

/* An element a step; where none goes, to look costs one. */
static void serve(struct flue_target *t, struct flue_queue *q)
{
    struct flue_transfers *x = t->transfers;
    const uint32_t before = t->budget;
    for (uint32_t limit; t->budget && q->done != (limit = limit_of(q));)
        complete_some(t, q, limit);
    release(t, q);
    bool room = offer_some(t, q), more = q->waits || !t->budget;
    t->budget -= t->budget == before;
    if (q->listed)
        return; /* something came from inside of a call */
    if (!room)
        append(x, &x->full, q);
    else if (more)
        append(x, &x->active, q);
}

/* Those of which answers have come; then there is room again, perhaps. */
static void take_news(struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    if (!x->heard && atomic_load_explicit(&x->news, memory_order_relaxed))
        x->heard = atomic_exchange_explicit(&x->news, 0, memory_order_acquire);
    if (x->heard || asks_again(t))
        splice(x, &x->active, &x->full);
    x->asked_at = atomic_load_explicit(&t->now, memory_order_relaxed);
    for (; x->heard && t->budget; t->budget--) {
        struct flue_queue *q = &x->queues[x->heard - 1];
        x->heard = q->news;
        atomic_store(&q->answered, 0); /* before it is looked at what was answered */
        activate(x, q);
    }
    x->ask_again = false; /* there are none */
}

bool flue_transfers_run(struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    const uint32_t before = t->budget;
    if (!flue_may_complete(t))
        return false;
    take_news(t);
    for (uint32_t n = x->active.count; n && t->budget; n--)
        serve(t, pop(x, &x->active));
    return t->budget != before;
}

bool flue_transfers_wait(const struct flue_target *t)
{
    struct flue_transfers *x = t->transfers;
    return flue_may_complete(t) &&
           (atomic_load(&x->inbox) || x->begun != x->over || atomic_load(&x->news) || x->heard ||
            x->active.count || asks_again(t));
}

/* Those without room are asked again at the next tick; of lines, what was told of these is over. */
void flue_transfers_note_tick(struct flue_target *t)
{
    const struct flue_transfers *x = t->transfers;
    const bool wait = x->full.count && flue_target_phase(t) == FLUE_RUNNING;
    uint64_t due = wait ? x->asked_at + 1 : UINT64_MAX, lines = atomic_load(&t->lines_due);
    if (lines <= t->asked_at)
        lines = t->asked_at + 1;
    atomic_store(&t->lines_due, t->short_of_room && lines < due ? lines : due);
}

/* ---- The object's machine has made a step ---- */

/*
 * None is the hardware's any more: what it has answered so far is done, the rest goes back. No
 * answer counts from here on. Flushed twice, what went back first has the first one's reason.
 */
static void flush(struct flue_target *t, struct flue_queue *q, bool reset,
                  struct flue_request *waits)
{
    struct flue_transfers *x = t->transfers;
    uint64_t word = atomic_exchange(&q->word, (uint64_t)q->posted << 32 | q->posted);
    if (!drains(q)) {
        q->kept = (uint32_t)word;
        q->reset = reset;
    }
    q->flushed = q->posted;
    q->offer = NULL;
    if (waits) {
        FLUE_ASSERT(!q->waits);
        q->came = flue_transfers_came(t);
        if (!all_back(t, q)) {
            q->waits = waits;
            waits->transfers++;
        }
    }
    if (q->first || q->waits)
        activate(x, q);
}

void flue_transfers_follow(struct flue_target *t, const struct flue_object *o, uint8_t event,
                           uint8_t old, struct flue_request *r)
{
    const struct flue_transfers *x = t->transfers;
    if (o->state == old)
        return;
    bool ends = x->queues_each[o->kind] && x->states[o->kind][o->state] == FLUE_TRANSFERS_END;
    if (kind_of(t, o)->states[o->state].host_has)
        r = NULL; /* it goes on */
    for (unsigned i = 0; i < x->queues_each[o->kind]; i++) {
        struct flue_queue *q = queue_at(t, o->kind, flue_object_index(t, o), i);
        if (ends)
            flush(t, q, event == FLUE_EVENT_RESET, r);
        else if (q->offer)
            activate(t->transfers, q);
    }
}

/* ---- Memory ---- */

static uint8_t queues_each(const struct flue_spec *spec, unsigned kind)
{
    uint8_t queues = 0;
    for (unsigned i = 0; i < spec->transfer_count; i++)
        if (spec->transfers[i].kind == kind && spec->transfers[i].queue >= queues)
            queues = (uint8_t)(spec->transfers[i].queue + 1u);
    return queues;
}

uint64_t flue_transfer_queues(const struct flue_spec *spec, const struct flue_config *c)
{
    uint64_t queues = 0;
    for (unsigned k = 0; c->transfers && k < spec->kind_count; k++)
        queues += (uint64_t)c->capacity[k] * queues_each(spec, k);
    return queues;
}

void flue_transfers_make(struct flue_target *t, void *at, void *queues)
{
    struct flue_transfers *x = at;
    uint64_t count = flue_transfer_queues(t->spec, &t->config);
    uint32_t first = 0;
    memset(x, 0, sizeof *x);
    memset(queues, 0, (size_t)count * sizeof *x->queues);
    x->queues = queues;
    for (unsigned k = 0; k < t->spec->kind_count; k++) {
        x->first_queue[k] = first;
        x->queues_each[k] = queues_each(t->spec, k);
        first += t->config.capacity[k] * x->queues_each[k];
    }
    for (unsigned i = 0; i < t->spec->transfer_count; i++)
        if (t->spec->transfers[i].kind != FLUE_NO_BYTE)
            x->states[t->spec->transfers[i].kind] = t->spec->transfers[i].states;
    t->transfers = x;
}
