/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simulation.h: histories of a target: hosts, hardware and time that overlap as a seed says.
 *
 * A history is a list of decisions, made before anything runs. Each is small, stands for itself
 * and does nothing where it does not apply, so that any of them can be left out: that is how a
 * history which fails is cut to its few necessary steps.
 *
 *     history.c   decisions: from a seed, to text and back
 *     play.c      one decision after the other on a fresh target and a fresh NIC
 *     device.c    what the hardware does with each command, and how it answers
 *     live.c      trees under way: what is asked, what the host learns, when memory goes
 *     crowd.c     thousands of connections, so that lists are walked side by side
 *     check*.c    what must hold after every step, counted again from the beginning
 *     shrink.c    the necessary steps
 *     main.c      seeds, side by side; traces
 *
 * Things, trees and their contents are those of the oracle (../oracle/oracle.h).
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <stdio.h>

#include "oracle.h"

enum what_happens {
    WORLD,    /* always the first: sizes and behaviors of all there is */
    SUBMIT,   /* a tree, grown from a number */
    ECHO,     /* the same, and its completion call submits another one */
    TWICE_IN, /* a root that is under way is submitted again */
    CROWD,    /* an update of many connections at once */
    POLL,     /* if the target asked for it */
    DELIVER,  /* the next answers of the device */
    STEP,     /* of the device */
    TICK,
    FAULT, /* waits for one of the next commands */
    STALE_ANSWER,
    BEHAVIOR, /* of the device from now on */
    RESET_BEGIN,
    DMA_STOPPED, /* after the begin of a reset, or a removal */
    RESET_END,
    PAUSE,
    RESUME,
    INDICATE,
    SETTLE, /* until nothing is under way */
    REMOVE,
    HAPPENINGS
};

struct decision {
    uint8_t what;
    uint32_t a, b, c;
};

enum { DECISIONS = 512 };
struct history {
    uint64_t seed;
    uint32_t count;
    struct decision of[DECISIONS];
};

void history_make(struct history *h, uint64_t seed);
bool history_read(struct history *h, const char *file);
void history_print(FILE *out, const struct history *h);
const char *happening_name(uint8_t what);

/* ---- live.c: trees under way --------------------------------------------------------------- */

enum { LIVE = 12, COOKIES = 512, ARMED = 16, RAISED = 64 };

struct live {
    bool out, bent;
    struct tree tree;
    uint32_t first, end; /* of the world's specs */
    uint32_t echo;       /* grows the tree that the completion call submits; 0: none */
    struct host_arena arena;
};

/* What the host knows of a thing beside its facts. */
struct shadow {
    uint8_t out[FLUE_MAX_OPERATIONS]; /* nodes under way */
    bool vague;                       /* orders of its met, so that nobody can tell the outcome */
    uint8_t invalid_told, broken_told, aborted;
};

struct crowd {
    uint32_t count; /* connections; 0: none in this history */
    uint32_t paths;
    bool out;
    struct host_object neighbor, *path, *tcp;
    uint32_t *value, *asked; /* keepalive times */
    struct host_arena arena;
    struct chimney_node *root, **node;
    uint64_t random;
};

struct play {
    struct world w; /* things, specs, chance while a tree is grown */
    struct shadow shadows[CHIMNEY_KINDS][MOST];
    struct live live[LIVE];
    struct crowd crowd;
    const struct history *history;
    uint32_t at; /* decision */
    uint64_t steps, completions;
    bool hostile, lossy, trace;
    bool reaps; /* the target asks for its answers */
    bool dma;   /* a reset or a removal has begun, and the device may touch memory still */
    uint32_t to_reap;
    struct sim_behavior behavior;
    struct sim_fault armed[ARMED];
    uint32_t armed_skip[ARMED], armed_count;
    flue_cookie answered[COOKIES], dead[COOKIES]; /* rings of what must not be believed (again) */
    uint32_t answered_count, dead_count;
    flue_name raised[RAISED]; /* ring: whom the driver said something of */
    uint32_t raised_count;
    char failure[600];
};

bool live_submit(struct play *p, uint8_t operation, uint32_t number, uint32_t size, uint32_t echo);
void live_submit_again(struct play *p, uint32_t number);
uint32_t live_count(const struct play *p);
void live_close(struct play *p);
struct live *live_of_root(struct play *p, const struct chimney_node *root);
extern const struct chimney_completions play_completions;
extern const struct chimney_indications play_indications;
/* All that is held of a kind. */
void live_terminate(struct play *p, uint8_t kind);
bool known(const struct play *p, const struct host_object *o, uint8_t kind);

/* ---- crowd.c ------------------------------------------------------------------------------- */

bool crowd_open(struct play *p, uint32_t count);
void crowd_close(struct play *p);
void crowd_update(struct play *p, uint32_t number, uint32_t size);
void crowd_terminate(struct play *p);
bool crowd_completed(struct play *p, uint8_t operation, const struct chimney_node *root);
bool crowd_check(struct play *p);

/* ---- device.c ------------------------------------------------------------------------------ */

sim_judge play_judge;
void device_arm(struct play *p, const struct decision *d);
void device_behavior(struct play *p, const struct decision *d);
void device_behave(struct play *p, struct sim_behavior behavior);
void device_reset(struct play *p);
void device_deliver(struct play *p, uint32_t count);
size_t device_reap(void *adapter, struct flue_answer *answers, size_t room);
void device_stale_answer(struct play *p, const struct decision *d);
/* Answers to what is under way now must not be believed any more. */
void device_bury(struct play *p);

/* ---- play.c -------------------------------------------------------------------------------- */

/* False: p->failure says what, p->at when. */
bool play(struct play *p, const struct history *h, bool trace);
bool settle(struct play *p);
struct flue_target *target_of(const struct play *p);
/* Sees every step of the target, if set; and whether failures are overlooked (../tie). */
extern void (*play_watch)(void *p, const struct flue_trace *step);
extern bool play_forgives;
/* The first failure is noted and ends the history. */
void fail(struct play *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tell(const struct play *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- check.c, check_things.c ---------------------------------------------------------------- */

bool half_reset(const struct play *p);
void check_target(struct play *p);
void check_things(struct play *p);
void check_told(struct play *p);
void check_end(struct play *p);
void check_tree(struct play *p, const struct live *l);

/* ---- shrink.c ------------------------------------------------------------------------------ */

/* Cuts `h` while it still fails, each trial in a process of its own; counts the trials. */
uint32_t shrink(struct history *h);

#endif
