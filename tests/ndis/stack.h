/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.h: a host's TCP, as far as offloading needs one: two connections that are each other's
 * peers, a stream of bytes each way, and what the host knows of them while they are not offloaded.
 */
#ifndef NDIS_STACK_H
#define NDIS_STACK_H

#include "lists.h"
#include "sha256.h"
#include "story.h"

/* What goes from a connection to its peer. The bytes follow from the seed. */
struct stream {
    uint64_t seed;
    uint64_t next;  /* to be handed over */
    uint64_t acked; /* by the peer */
    uint64_t taken; /* of what was forwarded: an acknowledgement of it may be lost */
    uint64_t received;
    struct sha256 sent, got;
};

/* How often what happened; a run in which something did not shows nothing. */
struct tally {
    uint64_t sends, receives, forwards, disconnects; /* that have come back */
    uint64_t sends_cut, receives_cut;                /* by a terminate, in their middle */
    uint64_t unsent, unfilled;                       /* given back as they were, by a terminate */
    uint64_t late;                                   /* handed over while it was uploaded */
    uint64_t indicated, refused, partly, forwarded_bytes, moves;
};

struct connection {
    struct host_object object, *path;
    struct connection *peer;
    struct host_arena arena; /* of its tree */
    struct stream out;
    struct chimney_tcp_delegated tcp;   /* while the host has it; else as it was then */
    uint32_t sends, receives, forwards; /* that are out */
    bool offloaded, moving;
    bool cut;       /* a send came back that was not sent to its end: no later one may be */
    bool refused;   /* nothing may be indicated before a receive is posted */
    bool closed;    /* the disconnect is handed over */
    int32_t status; /* of the last list that came back with another than success */
};

extern struct connection ends[2];
extern struct tally tally;
extern bool stack_refuses; /* all that is indicated; else it is left to chance */

/* Else it is wrong; and no further when that is often so. */
void must(bool is, const char *what);
/* Router and paths, and both connections, not yet offloaded. The adapter is open. */
void stack_open(uint64_t seed);
/* It is asked for; later it has happened. With another one that is nobody's peer, or NULL. */
void stack_offload(struct connection *c, struct host_object *another);
void stack_upload(struct connection *c);
/* Until no operation is out. */
void stack_settle(void);
/* Something is handed over, by chance: data, room for it, what was lent. */
void stack_send(struct connection *c, uint32_t bytes);
void stack_post(struct connection *c, uint32_t bytes);
void stack_close(struct connection *c, uint32_t flags);
/* The host itself sends what is next, and the peer's host has the NIC process it. */
void stack_forward(struct connection *c, uint32_t bytes, uint32_t again);
/* What was lent goes back, about so many out of a hundred. */
void stack_give_back(uint32_t percent);

#endif
