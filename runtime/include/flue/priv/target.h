/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/target.h: what a target consists of in memory.
 *
 * A driver embeds the generated target (which begins with struct flue_target) as the first member
 * of its adapter; it reads and writes none of these members. The generated code and the runtime do.
 * Only the owner of the target (the thread inside flue_poll) touches what is not atomic here.
 */
#ifndef FLUE_PRIV_TARGET_H
#define FLUE_PRIV_TARGET_H

#include <stdatomic.h>

#include "flue/flue.h"
#include "flue/priv/bytes.h"
#include "flue/priv/spec.h"

/* What the hot path is made of, where constants must meet code. */
#define FLUE_INLINE static inline __attribute__((always_inline))

enum flue_object_flags {
    FLUE_OBJECT_UNDOES = 1,   /* commands under way take back what others did */
    FLUE_OBJECT_STALLED = 2,  /* in line for room for its next command */
    FLUE_OBJECT_BAD = 4,      /* one of the commands under way came back bad */
    FLUE_OBJECT_LEAVING = 8,  /* given up; its place comes free after the completion call */
    FLUE_OBJECT_HAUNTED = 16, /* given up and completed, but answers of its are still missing */
    FLUE_OBJECT_FAST = 32,    /* its operation came on the fast path, and nothing waits behind it */
    FLUE_OBJECT_KEPT = 64,    /* of no one, and on the list of a request that is not completed */
    FLUE_OBJECT_READY = 128   /* at rest, in line to be served the nodes that wait for it */
};

/* The part every object has; the generated object goes on with its variables. One cache line. */
struct flue_object {
    uint32_t tag;        /* u28 generation, never 0, above u4 kind: the high half of its name; the
                            owner changes it by atomic stores, other threads read it so */
    uint32_t link;       /* index of the object below, or FLUE_NONE */
    uint32_t new_link;   /* counted, not yet the object's: FLUE_NONE outside of a relink */
    uint32_t dependents; /* objects whose link or new link is this one */
    /* The eight bytes by which the fast path knows an object; see flue/priv/fast_path.h. */
    uint8_t state; /* the machine's */
    uint8_t marks; /* low half: set; high half: told to the host */
    uint8_t kind;
    uint8_t variant;
    uint8_t result;    /* of the first command of the operation under way that failed */
    uint8_t flags;     /* enum flue_object_flags */
    uint8_t in_flight; /* commands issued and not answered */
    uint8_t strays;    /* commands that timed out and whose slot is in quarantine; the
                                 greatest number: that many or more, until a reset */
    uint32_t planned;  /* commands still to be issued, as bits */
    uint32_t touched;  /* commands that changed the hardware, or may have */
    void *node;        /* being served */
    void *deferred;    /* last of a ring of nodes that wait for this object */
    union {
        struct flue_object *next; /* on the list of free, ready or leaving objects */
        struct {
            uint32_t before, after; /* places in the pool, or FLUE_NONE */
        } line;                     /* while stalled */
    };
    _Atomic(void *) host_handle; /* by which indications name it to the host; any thread reads it */
};

enum flue_slot_state {
    FLUE_SLOT_FREE,
    FLUE_SLOT_ISSUED,      /* waits for its answer */
    FLUE_SLOT_ANSWERED,    /* an answer won it, and is queued or about to be */
    FLUE_SLOT_QUARANTINED, /* timed out or of an old epoch; waits for its answer or a reset */
    FLUE_SLOT_RETURNED     /* came out of quarantine, queued for the owner */
};

/* Places of slots count from 1; 0 ends a list. */
struct flue_slot {
    _Atomic uint64_t word;      /* u32 generation above u32 enum flue_slot_state */
    struct flue_object *object; /* NULL: of an old epoch, nobody waits for it */
    uint32_t next;              /* free, or answered after this one in the same call */
    uint32_t older;             /* the first of those answered before; in the first of a call */
    uint16_t bytes;             /* of data that came with the answer; 0 when issued */
    uint8_t command;            /* of the object's kind */
    uint8_t result;
};

struct flue_node_list {
    void *first, *last;
};

/* A walk over the dependents of `base` and all above them; over the roots where base is NULL. */
struct flue_walk {
    void *cursor; /* node to visit next; NULL when the walk is done */
    void *above;  /* its parent, NULL for a root */
    void *base;
    struct flue_walk *turn; /* whose turn it is after this one, in a ring */
    uint32_t linked;        /* index of the object that dependents of `above` must be linked to */
    bool any_link;          /* `above` does not say */
    bool unlike;            /* the fast path does not suit the cursor */
    bool up;                /* all above the cursor is walked: on to the next, or down to `above` */
};

/* What does not change during a run on the fast path; see flue/priv/fast_path.h. */
struct flue_run {
    struct flue_request *request;
    uint64_t stamp;       /* word 3 of the nodes it visits */
    uint64_t queued;      /* word 3 of roots in the inbox */
    uint32_t serial_mask; /* the part of a serial that is a place */
    uint32_t least_slots; /* with fewer free ones it is the slow path's to divide them */
    bool far;             /* the objects are not in the cache */
};

/* Where the configuration says nothing of near_objects. */
#define FLUE_NEAR_OBJECTS 4096u

/* Walks side by side, so that the memory of one is fetched while the others go on. */
#define FLUE_LANES 16
struct flue_lanes {
    bool taken;
    struct flue_walk walk[FLUE_LANES]; /* base NULL: not in use */
};

struct flue_request {
    void *root;
    struct flue_walk walk;    /* over the roots and what is not walked aside */
    struct flue_lanes *lanes; /* of the target's, while this request uses them */
    unsigned lanes_used;
    uint64_t number;  /* in the order of their beginnings */
    uint32_t serial;  /* the low bits are the request's place in the pool; 0: not running */
    uint32_t roots;   /* root nodes not finished, plus one while the walk goes on */
    uint32_t turn;    /* steps that it may still do before another one gets its turn */
    uint32_t stalled; /* its objects that wait for room; none is started meanwhile */
    uint8_t operation;
    struct flue_node_list ready; /* nodes that may start now */
    bool in_line;                /* has its turn, or waits for it */
    uint8_t hidden_kind;         /* where the search for what it reserved goes on */
    uint32_t hidden_index;
    /* Where parents come first; see hidden.c. */
    uint32_t unstarted; /* nodes that wait for those above them */
    uint32_t open;      /* nodes whose own part is under way, or whose status is being told */
    struct flue_object *leaving;        /* freed after the completion call */
    struct flue_request *next;          /* free, in line, completed or retiring: one at a time */
    struct flue_request *older, *newer; /* of those that run */
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
    FLUE_RESET_OBJECTS, /* every object is told */
    FLUE_RESET_RECLAIM  /* the end: slots come free */
};

/* Links followed, or places cleared, that are one step of a poll's budget. */
#define FLUE_SLICE 64u
/* Levels of a tree that are gone up in one step. */
#define FLUE_LEVELS 16u

/* An indication that waits. Places of indications count on from those of slots. */
struct flue_indication {
    flue_name name;
    uint32_t detail;
    uint32_t older;         /* given before it; on a list of the owner's the next one */
    _Atomic uint32_t spare; /* the next one that is free, while this one is */
    uint8_t kind;           /* FLUE_NO_BYTE: of the target itself */
    uint8_t indication;
};

/* Places in their order; 0 ends the list. */
struct flue_place_list {
    uint32_t first, last;
};

/*
 * What is seldom asked of an object: what of its marks the host is still to be told, see sweep.c;
 * and what failed. Moments are requests begun since the search began, and one; 0 is never.
 */
struct flue_note {
    uint64_t sweep;                  /* number of the search that these are of */
    uint64_t after;                  /* last request that had begun when a mark was set here */
    uint32_t parted[FLUE_MAX_MARKS]; /* when the mark went out of sight, here or below */
    uint32_t apart[FLUE_MAX_MARKS];  /* what below parted with until then is no news here */
    uint8_t ended;                   /* marks of its own that have ended, as bits; of any search */
    uint8_t failed;                  /* command that the object's bad result is of */
};

struct flue_pool {
    unsigned char *objects;
    struct flue_note *notes; /* one for each object */
    uint32_t capacity;
    uint32_t in_use;
    struct flue_object *free;
};

struct flue_object_list {
    struct flue_object *first, *last;
};

struct flue_request_list {
    struct flue_request *first, *last;
};

/* Objects of a kind that wait for room for the same command; places in the pool, or FLUE_NONE. */
struct flue_line {
    uint32_t first, last;
    uint64_t moved; /* when a command last went out, or the first of them came */
};

struct flue_target {
    const struct flue_spec *spec;
    void *adapter;
    struct flue_config config;

    /* Shared between threads. */
    _Atomic(void *) inbox;     /* roots, newest first */
    _Atomic uint32_t answered; /* the newest call that gave answers, or indication: its place */
    _Atomic uint32_t token;    /* who owns the target */
    /* True or false, but a word: not every machine can exchange a byte without a library. */
    _Atomic uint32_t pause_wanted;
    _Atomic uint32_t epoch_wanted;   /* u30 epoch above enum flue_wanted of its reset */
    _Atomic uint32_t removal_wanted; /* enum flue_wanted */
    _Atomic uint64_t now;            /* ticks, as the driver told */
    _Atomic uint64_t deadline;       /* earliest of all issued commands */
    _Atomic uint64_t lines_due;      /* the first tick that is work for those in line */
    _Atomic uint64_t spare; /* u43 number of takings above u21 place of a free indication */
    /* Of stamps of running requests (the owner changes it by atomic stores, other threads read it
       so), and of roots in the inbox. */
    uint16_t life, queued_life;
    struct flue_shared_stats shared;

    /* The owner's. */
    uint32_t life_began;   /* serial at which `life` was new */
    _Atomic uint8_t phase; /* enum flue_phase; written by the owner, read by any thread */
    bool paused;
    uint8_t reset_stage; /* enum flue_reset_stage */
    uint8_t reset_kind;  /* where that stage goes on: kind, and object or slot */
    uint32_t reset_index;
    uint8_t stage;        /* of the owner's work, that comes next */
    uint32_t epoch;       /* as epoch_wanted; the one whose hardware has what it was told */
    bool unreaped;        /* the driver had as many answers as there was room for */
    bool rings;           /* commands were issued since the last doorbell */
    bool reset_asked;     /* reset_wanted was called in this epoch */
    uint8_t restore_kind; /* kind being restored after a reset, or FLUE_NO_BYTE */
    uint8_t sweep_kind;   /* where the search for marks to tell goes on */
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
    uint32_t turning; /* answers from the queue, newest first still: place of a call's first slot */
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
    _Atomic uint32_t *serials;         /* of the running requests, 0 where none runs */
    struct flue_request *requests;     /* the pool */
    struct flue_request *free_request; /* list */
    uint32_t free_requests;
    struct flue_request *oldest, *newest; /* of those that run */
    struct flue_request_list line;        /* those that could do something, in turn */
    struct flue_request_list completed;   /* their completion calls are due */
    struct flue_request_list hidden;      /* what they wait for cannot be found in their trees */
    struct flue_request_list retiring;    /* called, and many objects are still to be given back */
    struct flue_indication *indications;
    uint32_t *put_off;               /* indications that wait, newest first, by a part of names */
    struct flue_place_list due;      /* indications that waited, and whose turn it is now */
    void *untaken;                   /* roots from the inbox, newest first still */
    struct flue_node_list taken;     /* the newer ones of them, in order */
    struct flue_node_list waiting;   /* roots that come next */
    struct flue_node_list behind;    /* roots that wait for a running request */
    struct flue_node_list held;      /* roots that wait for the target to be resumed */
    struct flue_node_list dismissed; /* nodes that waited for an object that is gone */
    struct flue_node_list finished;  /* nodes whose debts are paid, far from their roots */
    struct flue_object_list ready;   /* at rest again, and nodes wait for them */

    /* Lines; bits are commands of the kind. */
    struct flue_line lines[FLUE_MAX_KINDS][FLUE_MAX_COMMANDS];
    uint32_t lined[FLUE_MAX_KINDS];      /* somebody stands in line */
    uint32_t refused[FLUE_MAX_KINDS];    /* the driver's ring was full when last asked */
    uint32_t stuck[FLUE_MAX_KINDS];      /* nothing went out for longer than `patience` */
    uint32_t gives_back[FLUE_MAX_KINDS]; /* may use the reserved slots */
    uint32_t short_of_room;              /* objects in line, and lines that are stuck */
    bool refusing;                       /* a ring was full when last asked */
    uint16_t turn[2];                    /* the next line: kind, command; [1]: that gives back */
    uint64_t asked_at;                   /* the tick at which rings were last asked again */
    uint64_t patience;                   /* ticks that any command may take, the most */

    const struct flue_fast_path *fast_paths[FLUE_MAX_KINDS]; /* NULL: none, or a trace is set */
    struct flue_lanes lanes[2];
    struct flue_run run;
    uint64_t timeout_ticks[FLUE_MAX_KINDS][FLUE_MAX_COMMANDS];
    struct flue_stats stats;
};

static inline struct flue_object *flue_object_at(const struct flue_target *target, uint8_t kind,
                                                 uint32_t index)
{
    return (struct flue_object *)(void *)(target->pools[kind].objects +
                                          (size_t)index * target->spec->kinds[kind].object_bytes);
}

static inline uint32_t flue_object_index(const struct flue_target *target,
                                         const struct flue_object *object)
{
    const unsigned char *base = target->pools[object->kind].objects;
    return (uint32_t)((size_t)((const unsigned char *)object - base) /
                      target->spec->kinds[object->kind].object_bytes);
}

static inline void *flue_host_handle(const struct flue_object *object)
{
    return atomic_load_explicit(&object->host_handle, memory_order_relaxed);
}

/*
 * An age is u32 ticks gone by; what is kept is the moment at which it was 0, in all bits of the
 * clock (before its start, too: the difference is modular). So an age never comes round: the
 * greatest number means that many ticks or more.
 */
static inline uint64_t flue_moment(const struct flue_target *target, uint32_t age)
{
    return atomic_load_explicit(&target->now, memory_order_relaxed) - age;
}

static inline uint32_t flue_age(const struct flue_target *target, uint64_t moment)
{
    uint64_t age = atomic_load_explicit(&target->now, memory_order_relaxed) - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX;
}

/* The name of the first of `members` that a table does not have, or NULL. */
const char *flue_missing(const void *table, const struct flue_member *members);

/* What of `mask` differs in eight bytes at the same place of two structures. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the masks are of little endian words");
FLUE_INLINE uint64_t flue_difference(const void *a, const void *b, uint32_t at, uint64_t mask)
{
    uint64_t one, other;
    memcpy(&one, (const unsigned char *)a + at, sizeof one);
    memcpy(&other, (const unsigned char *)b + at, sizeof other);
    return (one ^ other) & mask;
}

/* Guards: the questions a machine may ask. All are pure. */
uint8_t flue_marks_along(const struct flue_target *t, const struct flue_object *o);
static inline bool flue_guard_marked(const struct flue_question *q, uint8_t marks, bool along_links)
{
    uint8_t found = along_links ? flue_marks_along(q->target, q->object) : q->object->marks;
    return (found & marks) != 0;
}
bool flue_guard_link_unusable(const struct flue_question *q);
bool flue_new_link_unusable(const struct flue_question *q);
static inline bool flue_guard_new_link_unusable(const struct flue_question *q)
{
    return q->new_link != FLUE_NONE && flue_new_link_unusable(q);
}
static inline bool flue_guard_dependents(const struct flue_question *q)
{
    return q->object->dependents != 0;
}
static inline bool flue_guard_asked(const struct flue_question *q, uint8_t classes)
{
    return (q->asked & classes) != 0;
}

#endif
