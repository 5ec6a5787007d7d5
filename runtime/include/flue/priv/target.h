/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/target.h: what a target consists of in memory.
 *
 * A driver embeds the generated target (which begins with struct flue_target) as the first member
 * of its adapter, so this is here to say how large it is; a driver reads and writes none of these
 * members. The generated code and the runtime do. Only the owner of the target (the thread inside
 * flue_poll) touches what is not atomic here. What the pointers lead to is in object.h, slot.h and
 * request.h, which no driver needs.
 */
#ifndef FLUE_PRIV_TARGET_H
#define FLUE_PRIV_TARGET_H

#include "flue/flue.h"
#include "flue/priv/language.h"

struct flue_node_list {
    void *first, *last;
};

/* A walk over the dependents of `base` and all above them; over the roots where base is NULL. */
struct flue_walk {
    void *cursor; /* node to visit next; NULL when the walk is done */
    void *above;  /* its parent, NULL for a root */
    void *base;
    struct flue_walk *next; /* the one that goes on after this one, in a ring */
    uint32_t linked;        /* index of the object that dependents of `above` must be linked to */
    bool any_link;          /* `above` does not say */
    bool fallback;          /* the fast path does not suit the cursor */
    bool up;                /* all above the cursor is walked: on to the next, or down to `above` */
};

/* What does not change during a run on the fast path; see flue/priv/fast_path.h. */
struct flue_run {
    struct flue_request *request;
    uint64_t stamp;       /* word 3 of the nodes it visits */
    uint64_t queued;      /* word 3 of roots in the inbox */
    uint32_t serial_mask; /* the part of a serial that is an index */
    uint32_t least_slots; /* with fewer free ones it is the slow path's to divide them */
    bool uncached;        /* the objects are not in the cache */
};

/* Where the configuration says nothing of cache_resident_objects. */
#define FLUE_CACHE_RESIDENT_OBJECTS 4096u

/* Walks side by side, so that the memory of one is fetched while the others go on. */
#define FLUE_LANES 16
struct flue_lanes {
    bool taken;
    struct flue_walk walk[FLUE_LANES]; /* base NULL: not in use */
};

/* How far a reset is wanted, or a removal. */
enum flue_wanted {
    FLUE_NOT_WANTED,
    FLUE_WANTED,
    FLUE_DMA_STOPPED, /* and the device touches no memory any more */
    FLUE_WANTED_MASK,
    FLUE_NEXT_EPOCH /* not wanted, and the number above is the next one */
};

/* What a reset has still to do, a step at a time; the hardware is not asked meanwhile. */
enum flue_reset_stage {
    FLUE_RESET_IDLE, /* all is forgotten, or there was nothing to forget */
    FLUE_RESET_BEGIN,
    FLUE_RESET_SLOTS,   /* nobody waits for answers any more */
    FLUE_RESET_WAITING, /* who waits for an object is not served before the end of the next stage */
    FLUE_RESET_OBJECTS, /* every machine gets the event */
    FLUE_RESET_RECLAIM  /* the end: slots come free */
};

/* Links followed, or slots cleared, that are one step of a poll's budget. */
#define FLUE_SLICE 64u
/* Levels of a tree that are gone up in one step. */
#define FLUE_LEVELS 16u

/* Operations that reach dependents at the same time, and dependents that each has under way. */
#define FLUE_REACHES 4u
#define FLUE_REACH_NODES 32u

/* Entries (slots, indications, pending events) in their order; 0 ends the list. */
struct flue_entry_list {
    uint32_t first, last;
};

struct flue_pool {
    unsigned char *objects;
    struct flue_note *notes; /* one for each object */
    uint32_t capacity;
    uint32_t in_use;
    struct flue_object *free;
    uint32_t first_event;            /* of the device: position of the first object's first */
    struct flue_entry_list *put_off; /* for each object those that wait; NULL: it has none */
};

struct flue_object_list {
    struct flue_object *first, *last;
};

struct flue_request_list {
    struct flue_request *first, *last;
};

/* Objects of a kind that wait for room for the same command; indexes in the pool, or FLUE_NONE. */
struct flue_line {
    uint32_t first, last;
    uint64_t moved; /* when a command last went out, or the first of them came */
};

/* What becomes of a request that is done together. */
enum flue_outcome { FLUE_UNDECIDED, FLUE_COMMITS, FLUE_ABORTS };

/* The one that runs; see together.c. */
struct flue_together {
    struct flue_request *request;   /* NULL: none */
    struct flue_node_list prepared; /* nodes that wait for the others */
    uint32_t unprepared;            /* nodes visited that neither wait nor have a status */
    uint32_t last;                  /* nodes that hear of it when all below them is over */
    uint8_t outcome;                /* enum flue_outcome */
};

struct flue_target {
    const struct flue_spec *spec;
    void *adapter;
    struct flue_config config;
    bool traced; /* somebody wants to know of every step */

    /* Shared between threads. */
    FLUE_ATOMIC(void *) inbox; /* roots, newest first */
    FLUE_ATOMIC(uint32_t)
    answered;                    /* the newest call that gave answers or raised: its entry */
    FLUE_ATOMIC(uint32_t) token; /* who owns the target */
    /* True or false, but a word: not every machine can exchange a byte without a library. */
    FLUE_ATOMIC(uint32_t) pause_wanted;
    FLUE_ATOMIC(uint32_t) epoch_wanted;   /* u30 epoch above enum flue_wanted of its reset */
    FLUE_ATOMIC(uint32_t) removal_wanted; /* enum flue_wanted */
    FLUE_ATOMIC(uint64_t) now;            /* ticks, as the driver told */
    FLUE_ATOMIC(uint64_t) deadline;       /* earliest of all issued commands */
    FLUE_ATOMIC(uint64_t) lines_due;      /* the first tick that is work for who has no room */
    FLUE_ATOMIC(uint64_t) spare; /* u43 number of takings above u21 entry of a free indication */
    FLUE_ATOMIC(uint64_t) spare_raised; /* u32 number of takings above u32 of a free one */
    /* Of stamps of running requests (the owner changes it by atomic stores, other threads read it
       so), and of roots in the inbox. */
    uint16_t life, queued_life;
    struct flue_shared_stats shared;

    /* The owner's. */
    uint32_t life_began;        /* serial at which `life` was new */
    FLUE_ATOMIC(uint8_t) phase; /* enum flue_phase; written by the owner, read by any thread */
    bool paused;
    uint8_t reset_stage; /* enum flue_reset_stage */
    uint8_t reset_kind;  /* where that stage goes on: kind, and object or slot */
    uint32_t reset_index;
    uint8_t stage;        /* of the owner's work, that comes next */
    uint8_t stages;       /* that there are */
    uint32_t epoch;       /* as epoch_wanted; the one whose hardware has what it was told */
    bool unreaped;        /* the driver had as many answers as there was room for */
    bool rings;           /* commands were issued since the last doorbell */
    bool reset_asked;     /* reset_wanted was called in this epoch */
    uint8_t restore_kind; /* kind being restored after a reset, or FLUE_NO_BYTE */
    uint8_t sweep_kind;   /* where the search for those to notify goes on */
    uint32_t restore_index, sweep_index;
    uint64_t sweep_left;       /* objects still to be looked at */
    uint64_t sweep_after;      /* number of the last request that must be completed before */
    uint64_t sweep_since;      /* number of the last request when it began */
    bool sweep_odd;            /* the odd step of a budget is the search's this time */
    bool parted;               /* something went out of sight meanwhile; see sweep.c */
    uint64_t sweeps;           /* searches so far, and one: the number of the present one */
    uint64_t begun;            /* requests so far: the number of the last one */
    uint32_t restores;         /* objects in a restoring state */
    uint32_t unrestored;       /* objects that rest where a restore may put them back */
    uint32_t restores_stalled; /* of them, that wait for ring space */
    uint32_t free_slot;        /* index + 1 */
    uint32_t serial;
    uint32_t quarantined;
    uint32_t free_slots;
    uint32_t
        reversing;    /* answers from the queue, newest first still: entry of a call's first slot */
    uint32_t calls;   /* of answers, in their order; they come next */
    uint32_t of_call; /* what is left of the call that is being taken */
    uint32_t look_at; /* slot at which the search for commands over their time goes on */
    uint32_t look_left;     /* slots that it has still to look at */
    uint64_t look_earliest; /* deadline that it has seen */
    uint64_t reaped_at;     /* all answers that waited in the hardware then have been taken */
    uint64_t reaping_since; /* the same, once `reap_left` more are taken */
    uint32_t reap_left;
    uint32_t budget; /* steps left in this poll */
    struct flue_pool pools[FLUE_MAX_KINDS];
    struct flue_slot *slots;
    uint64_t *deadlines; /* of the slots, in ticks */
    unsigned char *data; /* data_stride bytes for every slot */
    uint32_t data_stride;
    FLUE_ATOMIC(uint32_t) *serials;    /* of the running requests, 0 where none runs */
    struct flue_request *requests;     /* the pool */
    struct flue_request *free_request; /* list */
    uint32_t free_requests;
    struct flue_request *oldest, *newest; /* of those that run */
    struct flue_request_list line;        /* those that could do something, in turn */
    struct flue_request_list completed;   /* their completion calls are due */
    struct flue_request_list unreachable; /* what they wait for cannot be found in their trees */
    struct flue_request_list retiring;    /* called, and many objects are still to be given back */
    struct flue_reach *reaches;           /* NULL: no operation reaches dependents */
    struct flue_request *reach_line;      /* requests that wait for one of them, a list */
    uint32_t reaching;                    /* of them, in use */
    struct flue_node_list held_back;      /* nodes of such requests that wait for others of them */
    uint32_t first_held, last_held;    /* objects whose nodes are held back, as word 2 names them */
    uint32_t held_objects, held_looks; /* how many; of them, to be looked at again */
    struct flue_indication *indications;
    uint32_t *put_off;             /* indications that wait, newest first, by a part of names */
    struct flue_pending *pending;  /* events of the device, by kind, object and event */
    unsigned char *raised;         /* what they bring: one each, and some for raising threads */
    uint32_t raised_stride;        /* bytes of each */
    struct flue_entry_list due;    /* indications that waited, and whose turn it is now */
    void *untaken;                 /* roots from the inbox, newest first still */
    struct flue_node_list taken;   /* the newer ones of them, in order */
    struct flue_node_list waiting; /* roots that come next */
    struct flue_node_list behind;  /* roots that wait for a running request */
    struct flue_node_list held;    /* roots that wait for the target to be resumed */
    struct flue_node_list apart;   /* roots that wait for what is done together, or sweeps */
    struct flue_together together;
    uint32_t sweeping;              /* requests that run and reach dependents */
    struct flue_node_list failing;  /* nodes that waited for an object that is gone */
    struct flue_node_list finished; /* nodes that wait for nothing any more, far from their roots */
    struct flue_object_list ready;  /* at rest again, and nodes wait for them */

    /* Lines; bits are commands of the kind. */
    struct flue_line lines[FLUE_MAX_KINDS][FLUE_MAX_COMMANDS];
    uint32_t lined[FLUE_MAX_KINDS];        /* somebody stands in line */
    uint32_t refused[FLUE_MAX_KINDS];      /* the driver's ring was full when last asked */
    uint32_t stuck[FLUE_MAX_KINDS];        /* nothing went out for longer than `longest_timeout` */
    uint32_t uses_reserve[FLUE_MAX_KINDS]; /* may use the reserved slots */
    uint32_t short_of_room;                /* objects in line, and lines that are stuck */
    bool refusing;                         /* a ring was full when last asked */
    uint16_t next_line[2];                 /* the next line: kind, command; [1]: that gives back */
    uint64_t asked_at;                     /* the tick at which rings were last asked again */
    uint64_t longest_timeout;              /* ticks that any command may take, the most */

    const struct flue_fast_path *fast_paths[FLUE_MAX_KINDS]; /* NULL: none */
    struct flue_lanes lanes[2];
    struct flue_run run;
    struct flue_transfers *transfers; /* NULL: none are made */
    uint64_t timeout_ticks[FLUE_MAX_KINDS][FLUE_MAX_COMMANDS];
    struct flue_stats stats;
};

#endif
