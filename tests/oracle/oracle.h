/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oracle.h: what should become of a tree, computed apart from the runtime.
 *
 * The oracle is written from the meaning of the specs, in plain recursive C: it walks a tree once,
 * one object after the other, asks `fate_of()` what the hardware will say to each command, and
 * notes which status, which contents, which links and which table entries must come of it. It
 * knows nothing of time, slots, rings and polls, and none of them may change what it says.
 *
 *     grow.c        random trees, as boughs
 *     build.c       a bough becomes a node of the host's
 *     fate.c        the fate of every command, a hash of seed, round, object and command
 *     hardware.c    what the tables hold
 *     predict*.c    the five operations and the reset
 *     compare*.c    the first difference between all that and what is so
 *     loose.c       trees that are none: only that all ends well
 *     storm.c       trees that meet each other: that all ends well, and the tables are right
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "host.h"

enum {
    NEIGHBORS = 6,
    PATHS = 12,
    TCPS = 24,
    MOST = 24,
    BOUGHS = 512,
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

enum condition { OFF, OFFLOADED, CORRUPT, LOST, STRANDED, HAUNTED };

struct hardware {
    bool present, blocked;
    struct thing *link;
    uint32_t windows_advertised;
    struct facts holds;
};

/* One object the host may offload. Its number tells it from others of its kind. */
struct thing {
    struct host_object host;
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
    uint32_t strays;                            /* answers that will not come before a reset */
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
struct bough {
    enum what what;
    uint8_t kind;
    uint8_t type;
    uint64_t handle; /* of what is STALE */
    uint32_t length; /* of what has a BAD_LENGTH */
    struct thing *thing;
    struct bough *up, *next, *first, *last;
    struct facts says;  /* behind the node */
    struct facts gives; /* what must be behind it afterwards */
    uint8_t given;      /* classes of it, as bits */
    bool reserved, moves;
    bool own_good, good;
    int32_t expected;
    uint64_t cell; /* where the handle goes, before */
    struct chimney_node *node;
};

struct tree {
    uint8_t operation;
    struct bough *root;
    uint64_t from, to; /* ticks of submission and of its end */
    uint32_t completed;
};

struct world {
    uint64_t seed, random;
    uint64_t weather; /* chance in what must not matter: latencies, budgets, a full ring */
    uint32_t round, traced_round;
    bool aside; /* lists are walked side by side */
    struct host host;
    struct host_arena arena;
    struct sim_config config;
    uint32_t capacity[CHIMNEY_KINDS];
    uint32_t count[CHIMNEY_KINDS];
    struct thing things[CHIMNEY_KINDS][MOST];
    struct thing *at[CHIMNEY_KINDS][MOST]; /* by index, as the device was told */
    uint64_t dead[MOST];                   /* handles that were good once */
    uint32_t dead_count;
    struct bough boughs[BOUGHS];
    uint32_t bough_count;
    struct tree trees[TREES];
    uint32_t tree_count;
    uint32_t bad_percent, lost_percent; /* of commands, in this round */
    bool spare_neighbors; /* undoing a neighbor's update succeeds, so that it stays usable */
    bool loose;           /* a tree the contract has no exact answer for */
    uint32_t nodes;
    uint32_t lost; /* answers, since the last reset */
    char difference[512];
};

/* ---- fate.c -------------------------------------------------------------------------------- */

enum fate { FINE, TWICE, FAIL, KEPT, LOSE_COMMAND, LOSE_ANSWER, LATE };
struct verdict {
    enum fate fate;
    uint8_t result;
    uint32_t steps;
};
uint64_t draw(uint64_t *random);
uint32_t below(struct world *w, uint32_t limit);
bool percent(struct world *w, uint32_t chance);
/* What becomes of the `nth` such command about a thing in this round, counted from 1. */
struct verdict fate_of(const struct world *w, const struct thing *t, uint8_t command, uint8_t nth);
/* The device's side of it. */
sim_judge oracle_judge;

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
uint8_t hardware_do(struct world *w, struct thing *t, struct order *order);
/* The next command the device saw about it was this one. */
bool was_next(const struct thing *t, uint8_t command);

/* ---- predict.c ----------------------------------------------------------------------------- */

struct span age_to_moment(const struct tree *tree, uint32_t age);
void moments(const struct tree *tree, uint8_t kind, struct facts *facts);
uint32_t dependents_of(const struct world *w, const struct thing *t);
uint32_t in_use(const struct world *w, uint8_t kind);
bool unusable(const struct thing *t);
void end_thing(struct thing *t);
void predict_initiate(struct world *w, struct tree *tree);
void predict_update(struct world *w, struct tree *tree);
void predict_query(struct world *w, struct tree *tree);
void predict_invalidate(struct world *w, struct tree *tree);
void predict_terminate(struct world *w, struct tree *tree);
void predict(struct world *w, struct tree *tree);
bool restorable(const struct thing *t);
void restore(struct world *w, struct thing *t);
void predict_reset(struct world *w);
/* What the host is told of marks, once all is quiet. */
void predict_told(struct world *w);

/* ---- types, shared ------------------------------------------------------------------------- */

uint8_t type_of(uint8_t kind, bool ipv6, uint8_t classes);
uint8_t classes_of(uint8_t type);
uint8_t kind_of_type(uint8_t type);
enum { NO_CLASS = 0, CONST = 1, CACHED = 2, DELEGATED = 4, ALL = 7 };

/* ---- grow.c, build.c ----------------------------------------------------------------------- */

void grow(struct world *w);
void invent(struct world *w, struct thing *t, struct facts *facts);
void mutate(struct world *w, const struct thing *t, struct facts *facts);
void build(struct world *w, struct tree *tree);

/* ---- loose.c ------------------------------------------------------------------------------- */

void grow_loose(struct world *w);
void submit_loose(struct world *w);
/* Nobody can walk such a tree when it is completed. */
void complete_loose(struct world *w, uint8_t operation, const struct chimney_node *root);
bool compare_loose(struct world *w);
bool status_allowed(uint8_t operation, int32_t status);
/* Flue's objects hang together, and what is offloaded is in the tables. */
bool check_objects(struct world *w);

/* ---- storm.c, test_oracle.c ---------------------------------------------------------------- */

bool run_storm(struct world *w);
/* Until all is quiet. */
bool run(struct world *w);

/* ---- compare.c, print.c -------------------------------------------------------------------- */

/* False, and w->difference says what, unless all is as predicted. */
bool compare(struct world *w);
bool compare_data(struct world *w, const struct tree *tree, const struct bough *b);
bool compare_hardware(struct world *w, const struct thing *t);
/* The cached variables that a query put behind a node are those that the device holds. */
bool hardware_agrees(struct world *w, struct bough *b);
bool same(struct world *w, const struct thing *t, const char *what, uint64_t expected,
          uint64_t actual);
bool same_bytes(struct world *w, const struct thing *t, const char *what, const void *expected,
                const void *actual, size_t bytes);
bool within(struct world *w, const struct thing *t, const char *what, struct span expected,
            uint32_t actual);
void print_world(const struct world *w);
const char *thing_name(const struct thing *t);
const char *status_name(int32_t status);

#endif
