/* SPDX-License-Identifier: BSD-2-Clause */
/* ends.h: connections of the wire: their queues, their peers, and which have something to do. */
#ifndef NDIS_ENDS_H
#define NDIS_ENDS_H

#include "lent.h"
#include "wire.h"

/* Words of a list's first NET_BUFFER while it is in a queue. */
enum { NEXT, POSITION, TRANSFER, BEGUN };

struct queue {
    NET_BUFFER_LIST *first, *last;
};

/* A connection; it is in the NIC's table when it is plugged. */
struct end {
    flue_name name;
    struct queue sends, receives, forwards;
    uint32_t peer;    /* FLUE_NONE: is not in the NIC */
    uint32_t next;    /* that has no peer either, of the same bucket */
    uint32_t active;  /* the next that has something to do */
    uint32_t came;    /* the round of initiates in which it came */
    uint64_t filled;  /* lists that were done with when its last receive was */
    uint64_t push_at; /* when a receive is done with, though there is room in it */
    /* Chains by Next, see travel.h: */
    NET_BUFFER_LIST *brought;  /* sends that came with the initiate, the host's lists */
    NET_BUFFER_LIST *buffered; /* received data that did, in lists of our own */
    NET_BUFFER_LIST *given;    /* and went with a terminate, of which nobody knows yet */
    bool plugged, listed;
    bool owned;   /* the initiate has succeeded: what it brought is ours */
    bool refused; /* the host wants no data before it posts a receive */
    bool ended;   /* a FIN has come, and the host is to hear of it */
    bool heard;   /* the host was told */
};

struct wire {
    struct sim_nic *nic;
    const uint32_t *offers; /* of each variant: connections are taken */
    TCP_OFFLOAD_RECEIVE_INDICATE indicate;
    TCP_OFFLOAD_COMPLETE sent;
    struct lent lent, kept; /* for indications; for what initiates bring */
    struct end *ends;
    uint32_t connections;
    NET_BUFFER_LIST *aborted; /* sends that wait for the end of initiates, by Next */
    uint32_t aborted_in;      /* the round in which the last of them was */
    uint32_t *alone;          /* buckets of those without a peer */
    uint32_t buckets;
    uint32_t first, last, active; /* those that have something to do, and how many */
    uint32_t round;               /* changes whenever no initiate is under way */
    bool waits;                   /* something waits for that, */
    uint64_t waits_since;         /* since then */
    uint64_t done, back;          /* lists that are done with; when all were the host's again */
    uint32_t budget;              /* bytes and lists of this step */
    struct counted counted[2];    /* of IPv4, of IPv6 */
};

static inline PVOID *word(const NET_BUFFER_LIST *list, unsigned number)
{
    return &list->FirstNetBuffer->MiniportReserved[number];
}

static inline uint8_t transfer_of(const NET_BUFFER_LIST *list)
{
    return (uint8_t)(uintptr_t)*word(list, TRANSFER);
}

static inline struct sim_tcp *entry(const struct wire *w, uint32_t tcp)
{
    return &w->nic->device->tcps[tcp];
}

void append(struct queue *q, NET_BUFFER_LIST *list, const struct flue_taken *taken);
/* The hardware has done with it. */
void answer(struct wire *w, uint8_t transfer, flue_name name, uint32_t position);
/* The first of it is the host's again; its status is the one it has. */
void finish(struct wire *w, const struct end *e, struct queue *q);
void finish_all(struct wire *w, const struct end *e, struct queue *q, NDIS_STATUS status);

/* The host has the completions of that round's initiates; else something waits for them. */
bool is_over(struct wire *w, uint32_t came);

/* It has something to do; the first that has. */
void activate(struct wire *w, uint32_t tcp);
uint32_t next_active(struct wire *w);

/*
 * Bytes that the connection has sent, in as few segments as its peer takes, and the peer, if there
 * is one, has received; of none there is one segment. `again`: it was sent before.
 */
void count(struct wire *w, uint32_t tcp, uint32_t bytes, bool again);

/* It has come to the NIC's table, or goes. */
void plug(void *wire, uint32_t tcp, enum sim_plug how);

#endif
