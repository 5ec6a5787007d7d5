/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h: the reference model: what should become of a tree, computed apart from the runtime.
 *
 * It predicts, for each tree that the host submits, every node's status, the contents that are put
 * behind it, which objects exist afterwards, in which condition, linked to what and marked how,
 * which commands the hardware sees about each of them, what its tables hold, and what the host is
 * told of marks. It knows nothing of time, slots, rings and polls, and none of them may change what
 * it says.
 *
 * It is written from the meaning of the specs, in plain recursive C: it walks a tree once, one
 * object after the other, asks `outcome_of()` what the hardware will say to each command, and notes
 * what must come of it. It shares nothing with runtime and compiler but the interface: of chimney.h
 * it uses structures of the host and numbers of commands, results and statuses. It calls nothing of
 * them, includes no other header of theirs and reads no table that was generated; the test
 * `model_apart` holds it to that. Whoever compares (../oracle) links it.
 *
 *     grow*.c       random trees, as tree specs, and random contents (invent.c)
 *     outcome.c     the outcome of every command, a hash of seed, round, object and command
 *     hardware.c    what the tables hold
 *     predict*.c    the five operations and the reset
 *     types.c       type codes, as the interface numbers them
 *     things.c      how many objects there may be, and which
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "chimney.h"

struct host_object;

enum {
    NEIGHBORS = 6,
    PATHS = 12,
    TCPS = 24,
    MOST = 24,
    SPECS = 512,
    TREES = 6,
    ANY_TREE = 255,
    COMMANDS = 8,
    LOG = 128
};

/* A moment that is known only roughly: host and device read their clocks while a tree is served. */
struct span {
    uint64_t from, to;
};

/* All that is to be known of an object, in the host's own structures. */
struct facts {
    union {
        struct chimney_neighbor_const neighbor;
        struct chimney_path_const path;
        struct chimney_tcp_const tcp;
    } constant;
    union {
        struct chimney_neighbor_cached neighbor;
        struct chimney_path_cached path;
        struct chimney_tcp_cached tcp;
    } cached;
    union {
        struct chimney_neighbor_delegated neighbor;
        struct chimney_tcp_delegated tcp;
    } delegated;
    uint8_t source[16], destination[16];
    struct span host_confirmed, nic_confirmed, ts_recent; /* what the ages are counted from */
};

enum condition { OFF, OFFLOADED, CORRUPT, LOST, STRANDED, DRAINING };

struct hardware {
    bool present, blocked;
    struct thing *link;
    uint32_t windows_advertised;
    struct facts holds;
};

/* One object the host may offload. Its number tells it from others of its kind. */
struct thing {
    struct host_object *host; /* what the host remembers of it; the model never looks there */
    uint8_t kind, number;
    bool ipv6;
    enum condition state;
    bool invalid, broken;
    bool told_invalid, told_broken;
    bool just_ended; /* in the round that is being compared */
    struct thing *link;
    struct thing *maybe; /* hardware may hold this link instead: a relink and its undoing failed */
    struct facts facts;
    struct hardware hardware;
    uint32_t timeouts_outstanding;              /* answers that will not come before a reset */
    uint8_t expected[COMMANDS], seen[COMMANDS]; /* commands of this round */
    uint8_t log[LOG], logged, log_at; /* the same in order, and how far the oracle has followed */
    /* For growing trees. */
    bool used, avoid;
    uint8_t tree;
};

enum what {
    PLACEHOLDER,
    NEW,
    HELD,     /* names an object that is offloaded */
    STALE,    /* a handle that once was good, or never */
    BAD_TYPE, /* a type code that does not fit the object */
    BAD_LENGTH,
    BAD_LAYER /* it does not belong upon what is below it in the tree */
};

/* One node of a tree, before and after. */
struct tree_spec {
    enum what what;
    uint8_t kind;
    uint8_t type;
    uint64_t handle; /* of what is STALE */
    uint32_t length; /* of what has a BAD_LENGTH */
    struct thing *thing;
    struct tree_spec *up, *next, *first, *last;
    struct facts says;  /* behind the node */
    struct facts gives; /* what must be behind it afterwards */
    uint8_t given;      /* classes of it, as bits */
    bool reserved, moves;
    bool own_good, good;
    int32_t expected;
    uint64_t cell;             /* where the handle goes, before */
    struct chimney_node *node; /* built of it; the model never looks there */
};

struct tree {
    uint8_t operation;
    struct tree_spec *root;
    uint64_t from, to; /* ticks of submission and of its end */
    uint32_t completed;
};

/* All that is predicted from, and what was predicted. */
struct model {
    uint64_t seed, random;
    uint32_t round;
    bool interleaved; /* lists are walked side by side */
    uint32_t capacity[CHIMNEY_KINDS];
    uint32_t count[CHIMNEY_KINDS];
    struct thing things[CHIMNEY_KINDS][MOST];
    uint64_t dead[MOST]; /* handles that were good once */
    uint32_t dead_count;
    struct tree_spec specs[SPECS];
    uint32_t spec_count;
    struct tree trees[TREES];
    uint32_t tree_count;
    uint32_t bad_percent, lost_percent; /* of commands, in this round */
    bool spare_neighbors; /* undoing a neighbor's update succeeds, so that it stays usable */
    bool loose;           /* a tree the contract has no exact answer for */
    bool only_new_fail;   /* of commands those alone that add an object, and each the same way */
    uint32_t lost;        /* answers, since the last reset */
};

/* The things of a fresh world: of each kind the most. */
void model_open(struct model *m);

/* ---- outcome.c ----------------------------------------------------------------------------- */

enum outcome { FINE, TWICE, FAIL, KEPT, LOSE_COMMAND, LOSE_ANSWER, LATE };
struct verdict {
    enum outcome outcome;
    uint8_t result;
    uint32_t steps;
};
uint32_t below(struct model *m, uint32_t limit);
bool percent(struct model *m, uint32_t chance);
/* What becomes of the `nth` such command about a thing in this round, counted from 1. */
struct verdict outcome_of(const struct model *m, const struct thing *t, uint8_t command,
                          uint8_t nth);

/* ---- hardware.c ---------------------------------------------------------------------------- */

enum effect { CLEAR_PROBE_COUNT = 1, REARM_KEEPALIVE = 2, CLEAR_TOTAL_RT = 4, ADVERTISE = 8 };
struct order {
    uint8_t command;
    const struct facts *facts; /* to be written; NULL for commands that carry none */
    struct thing *link;
    uint32_t effects;
    struct facts *read; /* where data goes; may be NULL */
};
/* Do one command; returns the result that flue is told, or counts as. */
uint8_t hardware_do(struct model *m, struct thing *t, struct order *order);
/* The next command the device saw about it was this one. */
bool was_next(const struct thing *t, uint8_t command);

/* ---- predict.c ----------------------------------------------------------------------------- */

struct span age_to_moment(const struct tree *tree, uint32_t age);
void moments(const struct tree *tree, uint8_t kind, struct facts *facts);
uint32_t dependents_of(const struct model *m, const struct thing *t);
uint32_t in_use(const struct model *m, uint8_t kind);
bool unusable(const struct thing *t);
void end_thing(struct thing *t);
void predict_initiate(struct model *m, struct tree *tree);
void predict_update(struct model *m, struct tree *tree);
void predict_query(struct model *m, struct tree *tree);
void predict_invalidate(struct model *m, struct tree *tree);
void predict_terminate(struct model *m, struct tree *tree);
void predict(struct model *m, struct tree *tree);
bool restorable(const struct thing *t);
void restore(struct model *m, struct thing *t);
void predict_reset(struct model *m);
/* What the host is told of marks, once all is quiet. */
void predict_told(struct model *m);

/* ---- types.c -------------------------------------------------------------------------------- */

uint8_t type_of(uint8_t kind, bool ipv6, uint8_t classes);
uint8_t classes_of(uint8_t type);
uint8_t kind_of_type(uint8_t type);
enum { NO_CLASS = 0, CONST = 1, CACHED = 2, DELEGATED = 4, ALL = 7 };

/* ---- grow.c, invent.c ---------------------------------------------------------------------- */

void grow(struct model *m);
void invent(struct model *m, struct thing *t, struct facts *facts);
void mutate(struct model *m, const struct thing *t, struct facts *facts);

#endif
