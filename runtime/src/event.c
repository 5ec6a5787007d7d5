/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * event.c: what the device does by itself, raised by the driver from any thread, seen by machines.
 *
 * For each object and each event there is one word that says what is pending. It goes into the
 * queue of answers (queue.c) when it stops to be 0, so that one order holds for all, and no queue
 * overflows. Data is in an entry of its own, which is exchanged as a whole: the last one counts,
 * and none is torn. As many entries as words are there, and some for the threads that fill one.
 *
 * What is raised while it is pending may have happened after answers that were given since. So it
 * is seen where the first one was raised, and once more behind all that is queued then.
 */

#include "internal.h"

/* A word: u28 generation of the object, bit `again`, u3 epoch, of the first; u32 number of data. */
#define WORD_AGAIN (UINT64_C(1) << 35)
#define WORD_FIRST_MASK (~UINT64_C(0) << 36)
#define WORD_EPOCH_SHIFT 32
#define WORD_EPOCH_MASK 7u
_Static_assert(FLUE_TAG_KIND_BITS == 4, "a name's generation and a word's are the same bits");
_Static_assert(sizeof(struct flue_raised) % 8 == 0, "data lies behind it");

static struct flue_raised *raised_at(const struct flue_target *t, uint32_t number)
{
    return (struct flue_raised *)(void *)(t->raised + (size_t)(number - 1) * t->raised_stride);
}

static uint32_t take_spare(struct flue_target *t)
{
    uint64_t top = atomic_load_explicit(&t->spare_raised, memory_order_acquire), next;
    do {
        if (!(uint32_t)top)
            return 0;
        next = atomic_load_explicit(&raised_at(t, (uint32_t)top)->spare, memory_order_relaxed);
        next |= ((top >> 32) + 1) << 32;
    } while (!atomic_compare_exchange_weak_explicit(&t->spare_raised, &top, next,
                                                    memory_order_acquire, memory_order_acquire));
    return (uint32_t)top;
}

/* Any thread. */
void flue_raised_put(struct flue_target *t, uint32_t number)
{
    _Atomic uint32_t *next = &raised_at(t, number)->spare;
    uint64_t top = atomic_load_explicit(&t->spare_raised, memory_order_relaxed);
    do
        atomic_store_explicit(next, (uint32_t)top, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&t->spare_raised, &top,
                                                  (top & ~(uint64_t)UINT32_MAX) | number,
                                                  memory_order_release, memory_order_relaxed));
}

static uint32_t entry_of(const struct flue_target *t, uint8_t kind, uint32_t index, uint8_t event)
{
    return t->config.ring_entries + t->config.indication_entries + 1 + t->pools[kind].first_event +
           index * t->spec->kinds[kind].event_count + event;
}

static uint64_t epoch_bits(uint32_t epoch)
{
    return (uint64_t)(epoch / FLUE_NEXT_EPOCH & WORD_EPOCH_MASK) << WORD_EPOCH_SHIFT;
}

static uint64_t first_word(const struct flue_raised *r, uint32_t number)
{
    return (r->name & WORD_FIRST_MASK) | epoch_bits(r->epoch) | number;
}

static bool refuse(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
    return false;
}

/*
 * The name is looked at again after the word: a thread that was held up must not put what is of an
 * ended object over what is pending of the next one.
 */
static bool pend(struct flue_target *t, uint8_t kind, uint8_t event, uint32_t number)
{
    flue_name name = raised_at(t, number)->name;
    uint32_t entry = entry_of(t, kind, (uint32_t)name, event);
    _Atomic uint64_t *word = &flue_pending_at(t, entry)->word;
    uint64_t old = atomic_load_explicit(word, memory_order_acquire), new;
    do {
        if (!flue_object_named(t, kind, name)) {
            flue_raised_put(t, number);
            return refuse(&t->shared.events_ended);
        }
        new = old ? (old & ~(uint64_t)UINT32_MAX) | WORD_AGAIN | number
                  : first_word(raised_at(t, number), number);
    } while (!atomic_compare_exchange_weak_explicit(word, &old, new, memory_order_acq_rel,
                                                    memory_order_acquire));
    if (old)
        flue_raised_put(t, (uint32_t)old);
    else
        flue_queue_give(t, entry, entry);
    return true;
}

bool flue_raise(struct flue_target *t, uint8_t kind, flue_name name, uint8_t event,
                const void *data)
{
    uint32_t epoch = atomic_load(&t->epoch_wanted);
    if ((epoch & FLUE_WANTED_MASK) != FLUE_NOT_WANTED || !flue_object_named(t, kind, name) ||
        event >= t->spec->kinds[kind].event_count)
        return refuse(&t->shared.events_ended);
    uint32_t number = take_spare(t);
    if (!number)
        return refuse(&t->shared.events_full);
    struct flue_raised *r = raised_at(t, number);
    size_t bytes = t->spec->kinds[kind].events[event].data_bytes;
    r->name = name;
    r->epoch = epoch;
    if (data)
        memcpy(r + 1, data, bytes);
    else
        memset(r + 1, 0, bytes);
    return pend(t, kind, event, number);
}

/*
 * Nothing is pending any more, but what was raised again: that comes behind all that is queued. If
 * another thread raises it right now, its data is the last, and this is dropped.
 */
static void end(struct flue_target *t, uint32_t entry, uint64_t word)
{
    uint64_t none = 0;
    uint32_t number = (uint32_t)word;
    if ((word & WORD_AGAIN) &&
        atomic_compare_exchange_strong_explicit(&flue_pending_at(t, entry)->word, &none,
                                                first_word(raised_at(t, number), number),
                                                memory_order_acq_rel, memory_order_relaxed))
        flue_queue_give(t, entry, entry);
    else
        flue_raised_put(t, number);
}

static uint64_t take_word(struct flue_target *t, uint32_t entry)
{
    return atomic_exchange_explicit(&flue_pending_at(t, entry)->word, 0, memory_order_acq_rel);
}

static uint8_t kind_of_entry(const struct flue_target *t, uint32_t entry)
{
    uint8_t kind = 0;
    for (uint8_t k = 0; k < t->spec->kind_count; k++)
        if (t->spec->kinds[k].event_count && entry >= entry_of(t, k, 0, 0))
            kind = k;
    return kind;
}

/* It is of this life of the object, which the hardware may have, and of this epoch. */
static bool counts(const struct flue_target *t, const struct flue_object *o, uint64_t word)
{
    return flue_target_phase(t) == FLUE_RUNNING && o->state != kind_of(t, o)->start &&
           (word & WORD_FIRST_MASK) == (flue_name_of(t, o) & WORD_FIRST_MASK) &&
           (word & ((uint64_t)WORD_EPOCH_MASK << WORD_EPOCH_SHIFT)) == epoch_bits(t->epoch);
}

/* Its turn: the object whose machine is to see it; NULL: it is dropped. */
struct flue_object *flue_event_take(struct flue_target *t, uint32_t entry, uint8_t *event)
{
    uint8_t kind = kind_of_entry(t, entry);
    uint32_t at = entry - entry_of(t, kind, 0, 0), count = t->spec->kinds[kind].event_count;
    struct flue_object *o = flue_object_at(t, kind, at / count);
    *event = (uint8_t)(FLUE_EVENT_DEVICE + at % count);
    if (counts(t, o, atomic_load_explicit(&flue_pending_at(t, entry)->word, memory_order_acquire)))
        return o;
    t->stats.events_dropped++;
    end(t, entry, take_word(t, entry));
    return NULL;
}

/* No name has the generation 0. What is raised from here on is another one, behind this. */
static void disclaim(_Atomic uint64_t *word)
{
    uint64_t old = atomic_load_explicit(word, memory_order_acquire);
    while (old && !atomic_compare_exchange_weak(word, &old, (uint32_t)old))
        ;
}

/*
 * The hardware is about to get a new entry of the object. What is pending was raised before, so
 * what it claims was so of the one before: it is dropped in its turn, as if of an ended life.
 */
void flue_events_disclaim(struct flue_target *t, const struct flue_object *o)
{
    const struct flue_kind *kind = kind_of(t, o);
    for (uint8_t e = 0; e < kind->event_count; e++)
        if (kind->events[e].claims)
            disclaim(&flue_pending_at(t, entry_of(t, o->kind, flue_object_index(t, o), e))->word);
}

/* Behind those that wait already. It is pending all the same: what is raised meanwhile joins. */
void flue_event_put_off(struct flue_target *t, struct flue_object *o, uint8_t event)
{
    uint32_t index = flue_object_index(t, o);
    uint32_t entry = entry_of(t, o->kind, index, (uint8_t)(event - FLUE_EVENT_DEVICE));
    struct flue_entry_list *list = &t->pools[o->kind].put_off[index];
    t->stats.events_waited++;
    o->flags &= (uint8_t)~FLUE_OBJECT_FAST;
    flue_pending_at(t, entry)->older = 0;
    if (list->first)
        flue_pending_at(t, list->last)->older = entry;
    else
        list->first = entry;
    list->last = entry;
}

/* The first that waits for the object to rest, if it does; those of an ended life are dropped. */
uint8_t flue_event_next(struct flue_target *t, struct flue_object *o)
{
    if (!flue_rests(t, o))
        return FLUE_EVENT_NONE;
    struct flue_entry_list *list = &t->pools[o->kind].put_off[flue_object_index(t, o)];
    for (uint32_t entry; (entry = list->first) != 0;) {
        uint8_t event;
        list->first = flue_pending_at(t, entry)->older;
        if (flue_event_take(t, entry, &event))
            return event;
    }
    return FLUE_EVENT_NONE;
}

/* The machine has made its step; what it tells the host is with the last data. */
void flue_event_seen(struct flue_target *t, struct flue_object *o, uint8_t event,
                     const struct flue_arm *arm)
{
    uint8_t number = (uint8_t)(event - FLUE_EVENT_DEVICE);
    uint32_t entry = entry_of(t, o->kind, flue_object_index(t, o), number);
    uint64_t word = take_word(t, entry);
    t->stats.events++;
    if (arm->notify | arm->sets) {
        const void *data = raised_at(t, (uint32_t)word) + 1;
        struct flue_guard_context q;
        flue_guard_context_init(t, o, NULL, &q);
        if (arm->sets)
            kind_of(t, o)->set(&q, o, arm->sets, data);
        if (arm->notify) {
            t->stats.indicated++;
            kind_of(t, o)->notify_event(&q, arm->notify, data);
        }
    }
    end(t, entry, word);
}
