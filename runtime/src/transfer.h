/* SPDX-License-Identifier: BSD-2-Clause */
/* transfer.h: what transfer.c and arrive.c share: words of elements, and lists of queues. */
#ifndef FLUE_TRANSFER_H
#define FLUE_TRANSFER_H

#include "flue/priv/transfer.h"
#include "internal.h"

static inline const struct flue_transfer *transfer_at(const struct flue_target *t, uint64_t mark)
{
    return &t->spec->transfers[(uint8_t)mark];
}

static inline void *next_of(const struct flue_target *t, const void *element)
{
    return flue_load_pointer(flue_node_at(element, t->spec->chain->next));
}

static inline void set_next(const struct flue_target *t, void *element, const void *next)
{
    flue_store_pointer(flue_node_at(element, t->spec->chain->next), next);
}

static inline unsigned char *word_of(const struct flue_target *t, const void *element,
                                     unsigned word)
{
    return flue_node_at(element, t->spec->chain->words[word]);
}

static inline void store_u64(void *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

/* Transfer and number, which stay with an element; the first of a chain has them from the start. */
static inline uint64_t mark_of(const struct flue_target *t, const void *element)
{
    return flue_load_u64(word_of(t, element, 2));
}

static inline void set_status(const struct flue_target *t, void *element, uint8_t status)
{
    flue_store_u32(flue_node_at(element, t->spec->chain->status),
                   (uint32_t)t->spec->statuses[status].value);
}

static inline struct flue_queue *queue_at(const struct flue_target *t, uint8_t kind, uint32_t index,
                                          unsigned queue)
{
    const struct flue_transfers *x = t->transfers;
    return &x->queues[x->first_queue[kind] + index * x->queues_each[kind] + queue];
}

static inline bool is_open(const struct flue_transfer *x, const struct flue_object *o)
{
    return x->states[o->state] == FLUE_TRANSFERS_GO;
}

static inline void append(struct flue_transfers *x, struct flue_queue_list *list,
                          struct flue_queue *q)
{
    uint32_t number = (uint32_t)(q - x->queues) + 1;
    q->listed = true;
    q->next = 0;
    if (list->count++)
        x->queues[list->last - 1].next = number;
    else
        list->first = number;
    list->last = number;
}

/* All of one list come after those of the other. */
static inline void splice(struct flue_transfers *x, struct flue_queue_list *to,
                          struct flue_queue_list *from)
{
    if (!from->count)
        return;
    if (to->count)
        x->queues[to->last - 1].next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    to->count += from->count;
    from->count = 0;
}

static inline void activate(struct flue_transfers *x, struct flue_queue *q)
{
    if (q->listed)
        x->ask_again = true; /* it may be among those without room */
    else
        append(x, &x->active, q);
}

#endif
