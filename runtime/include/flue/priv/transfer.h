/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/transfer.h: what transfers are made of: a queue for each direction of each object.
 */
#ifndef FLUE_PRIV_TRANSFER_H
#define FLUE_PRIV_TRANSFER_H

#include "flue/priv/spec.h"
#include "flue/priv/target.h"

/*
 * A queue is a chain of the host's own elements. What has become of them is four positions, which
 * count elements and only grow: those before `done` are the host's again, those before `answered`
 * the hardware is done with, those before `taken` it had, those before `posted` have come. So each
 * element passes `done` once, whatever the hardware says, and how often.
 */
struct flue_queue {
    void *first, *last; /* from `done` on */
    void *offer;        /* the first that the hardware does not have; NULL: it has all */
    uint32_t done, posted;
    /* u32 taken above u32 answered: together, so that no answer passes what was taken. */
    _Atomic uint64_t word;
    /* From `kept` up to `flushed` none is the hardware's any more, nor does its status count. */
    uint32_t kept, flushed;
    struct flue_request *waits; /* ended the object; does not complete before all is back: */
    uint32_t came;              /* all that came with this batch, too */
    uint32_t next;              /* in the list that it is in; numbers from 1 */
    uint32_t news;              /* the next one of which answers have come */
    _Atomic uint32_t answered;  /* answers have come since the owner looked */
    bool listed;
    bool reset; /* flushed by a reset */
};

/* Those that have something to do; and those that the driver had no room for. */
struct flue_queue_list {
    uint32_t first, last, count;
};

struct flue_transfers {
    _Atomic(void *) inbox;  /* chains, newest first */
    _Atomic(uint32_t) news; /* queues of which answers have come, newest first */
    uint32_t begun, over;   /* batches of the inbox: fetched, and taken apart to the last element */
    void *untaken;          /* chains of the last one, newest first still */
    void *taken;            /* the same, oldest first */
    void *chain;            /* what is left of the one that is being taken apart, */
    uint64_t handle, mark;  /* and for which object and transfer it came */
    uint32_t heard;         /* queues of which answers have come, to be looked at next */
    struct flue_queue_list active, full;
    uint64_t asked_at; /* the tick at which those without room were last asked again */
    bool ask_again;    /* some of them have something else to do */
    struct flue_queue *queues;
    uint32_t first_queue[FLUE_MAX_KINDS];  /* of the first object */
    uint8_t queues_each[FLUE_MAX_KINDS];   /* of every object */
    const uint8_t *states[FLUE_MAX_KINDS]; /* of one of its transfers: where they end */
};

#endif
