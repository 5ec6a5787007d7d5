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
    uint32_t transfers; /* queues of the objects that it ended, that are to be emptied before */
    struct flue_node_list ready; /* nodes that may start now */
    bool in_line;                /* has its turn, or waits for it */
    bool searched;               /* for what cannot be reached in its tree; see unreachable.c */
    uint8_t unreachable_kind;    /* where that goes on */
    uint32_t unreachable_index;
    /* Where parents come first. */
    uint32_t unstarted; /* nodes that wait for those above them */
    uint32_t open;      /* nodes whose own part is under way, or whose status is on its way up */
    struct flue_object *retired;        /* freed after the completion call */
    struct flue_request *next;          /* free, in line, completed or retiring: one at a time */
    struct flue_request *older, *newer; /* of those that run */
    /* Where dependents are reached. */
    struct flue_reach *reach;        /* while it lasts */
    struct flue_request *next_reach; /* that waits for one, too */
    uint32_t reached, failed;        /* what the host is told */
};

enum flue_reach_stage {
    FLUE_REACH_SETTLES, /* links that are being laid or moved are waited for */
    FLUE_REACH_GOES,
    FLUE_REACH_HAS_GONE /* over all that there is */
};

/* How far an operation has come with the dependents of an object; see dependents.c. */
struct flue_reach {
    struct flue_request *request; /* NULL: not in use */
    struct flue_object *object;   /* whose dependents it reaches */
    void *spare;                  /* nodes to be made, a list through word 1 */
    uint32_t under_way;           /* nodes that are made and not finished */
    uint32_t index;               /* where the search goes on, in the pool */
    uint8_t kind;                 /* and of which kind, counted in the order of the operation */
    uint8_t stage;                /* enum flue_reach_stage */
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
