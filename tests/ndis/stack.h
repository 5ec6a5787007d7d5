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
    uint64_t brought, buffered, given; /* sends, and bytes received, that came and went with them */
};

struct connection {
    struct host_object object, *path;
    struct connection *peer;
    struct host_arena arena; /* of its tree */
    struct stream out;
    struct chimney_tcp_delegated tcp;   /* while the host has it; else as it was then */
    uint32_t sends, receives, forwards; /* that are out */
    uint32_t undelivered;      /* bytes that were received, and the application has not got */
    NET_BUFFER_LIST *buffered; /* lists of them that an initiate brings; freed when it completes */
    bool offloaded, moving;
    bool cut;            /* a send came back that was not sent to its end: no later one may be */
    bool refused;        /* nothing may be indicated before a receive is posted */
    bool closed;         /* the disconnect is handed over */
    int32_t status;      /* of the last list that came back with another than success, */
    int32_t statuses[5]; /* and of each way */
};

extern struct connection ends[2];
extern struct tally tally;
extern bool stack_refuses; /* all that is indicated; else it is left to chance */
/* Of receives that are posted. */
extern enum stack_mode { BY_CHANCE, PUSH, NO_PUSH } stack_mode;
extern uint32_t stack_brings; /* sends that an initiate brings at least */
extern bool stack_reads;      /* the application gets what a terminate brings; else by chance */
extern bool stack_resets;     /* a terminate may leave what a reset does */

/* Else it is wrong; and no further when that is often so. */
void must(bool is, const char *what);
/* Router and paths, and both connections, not yet offloaded. The adapter is open. */
void stack_open(uint64_t seed);
/* The router and the paths are the host's again; are offloaded again. */
void stack_take_routers_back(void);
void stack_offload_routers(void);
/* It is asked for; later it has happened. With another one that is nobody's peer, or NULL. */
void stack_offload(struct connection *c, struct host_object *another);
void stack_upload(struct connection *c);
/* The other host sends it something, while both connections are with their hosts. */
void stack_exchange(struct connection *c, uint32_t bytes);
/* Its application gets what the host has received. */
void stack_read(struct connection *c);
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

/* ---- Between its parts --------------------------------------------------------------------- */

enum { STACK_SEND = 1, STACK_RECEIVE, STACK_DISCONNECT, STACK_FORWARD };

uint32_t stack_sequence(const struct connection *c, uint64_t offset);
uint8_t stack_byte(const struct stream *s, uint64_t offset);
void stack_write(struct packet *p, const struct stream *stream, uint64_t offset);
bool stack_make_send(struct connection *c, struct packet **p, uint32_t bytes, unsigned buffers);
void stack_acknowledge(struct connection *c, struct packet *p, uint32_t from, uint32_t bytes);
/* The application has it; what it had not got before came first. */
void stack_deliver(struct connection *c, uint32_t bytes);
/* The driver has lent it. */
void stack_hold(void *list);

/* stack_travel.c */
void stack_bring_sends(struct connection *c, struct chimney_node *node);
void stack_bring_buffered(struct connection *c, struct chimney_node *node);
void stack_free_buffered(struct connection *c);
void stack_keep_sends(NET_BUFFER_LIST *lists);
void stack_take_buffered(struct connection *c, NET_BUFFER_LIST *lists);

#endif
