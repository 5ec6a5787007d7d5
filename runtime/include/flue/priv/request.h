/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/request.h: what waits in a target or is under way: requests, indications,
 * events of the device.
 */
#ifndef FLUE_PRIV_REQUEST_H
#define FLUE_PRIV_REQUEST_H

#include "flue/priv/target.h"

struct flue_request {
    void *root;
    struct flue_walk walk;    /* over the roots and what is not in lanes */
    struct flue_lanes *lanes; /* of the target's, while this request uses them */
    unsigned lanes_used;
    uint64_t number;  /* in the order of their beginnings */
    uint32_t serial;  /* the low bits are the request's index in the pool; 0: not running */
    uint32_t roots;   /* root nodes not finished, plus one while the walk goes on */
    uint32_t quantum; /* steps that it may still do before another one gets its turn */
    uint32_t stalled; /* its objects that wait for room; none is started meanwhile */
    uint8_t operation;
    struct flue_node_list ready; /* nodes that may start now */
    bool in_line;                /* has its turn, or waits for it */
    uint8_t unreachable_kind;    /* where the search for what it reserved goes on */
    uint32_t unreachable_index;
    /* Where parents come first; see unreachable.c. */
    uint32_t unstarted; /* nodes that wait for those above them */
    uint32_t open;      /* nodes whose own part is under way, or whose status is on its way up */
    struct flue_object *retired;        /* freed after the completion call */
    struct flue_request *next;          /* free, in line, completed or retiring: one at a time */
    struct flue_request *older, *newer; /* of those that run */
};

/*
 * One for every event of the device and every object that may have it. Its entry numbers count on
 * from those of indications.
 */
struct flue_pending {
    _Atomic uint64_t word; /* what is pending; 0: nothing. See event.c */
    uint32_t older;        /* given before it; on a list of the owner's the next one */
};

/* What a raised event brings; of a pool that any thread takes from and gives back to. */
struct flue_raised {
    flue_name name;
    uint32_t epoch;         /* in which it was raised */
    _Atomic uint32_t spare; /* the next one that is free, while this one is; from 1, 0: none */
};

/* An indication that waits. Its entry numbers count on from those of slots. */
struct flue_indication {
    flue_name name;
    uint32_t detail;
    uint32_t older;         /* given before it; on a list of the owner's the next one */
    _Atomic uint32_t spare; /* the next one that is free, while this one is */
    uint8_t kind;           /* FLUE_NO_BYTE: of the target itself */
    uint8_t indication;
};

#endif
