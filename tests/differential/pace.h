/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pace.h: one history, played at many paces.
 *
 * What the host asks and what becomes of each command follow from the seed. How much a poll may do,
 * how soon and in which order the hardware answers, how many commands and requests go side by side
 * follow from the pace. What the host is told, and what the hardware holds in the end, must follow
 * from the seed alone.
 *
 * Host and device are of this target alone, a grid of three layers: what runs at many paces is the
 * runtime, and nothing of chimney's players would fit.
 */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "grid.h"
#include "prng.h"

enum { MOST = 4096, KINDS = GRID_KINDS, PORTS = 64, ROUTES = 256, FLOWS = 512, RING = 256 };

struct pace {
    uint32_t budget;
    uint32_t ring, reserved; /* the runtime's slots */
    uint32_t room;           /* commands that the device takes before it says full */
    uint32_t requests;       /* side by side */
    bool interleaved;        /* lists are walked side by side */
    uint32_t polls, answers; /* in a step, at most */
    enum { ONE_BY_ONE, IN_BURSTS, REAPED, INLINE } way;
    enum { IN_ORDER, NEWEST_FIRST, IN_NO_ORDER } order;
};

/* An object, as the host knows it. Its name is its place in the array. */
struct thing {
    void *cell; /* the handle */
    uint8_t kind;
    bool held;
    uint32_t link;    /* name of what it stands on */
    uint32_t told[6]; /* by code */
    uint32_t removed; /* the phase in which the hardware was last told to */
};

/* What the hardware has at a place. */
struct entry {
    bool there, blocked;
    uint32_t name, rate, color, link;
};

struct tree {
    struct grid_node *root;
    uint8_t operation;
    struct tree *next;
};

struct world {
    struct grid_target target; /* first: the adapter is the target */
    void *memory;
    struct pace pace;
    uint64_t seed, dice; /* dice: of the pace, not of the history */
    uint32_t phase, resets;
    uint8_t operation; /* of this phase's trees */

    struct thing things[MOST];
    uint32_t names; /* given so far; 0 is no name */
    struct tree *trees;
    uint32_t submitted, completed;

    struct entry entries[KINDS][FLOWS];
    struct flue_answer waiting[RING];
    uint32_t waits, commands;
    uint64_t now;

    char *log;
    size_t logged, room_for_log;
};
GRID_ADAPTER_BEGINS_WITH(struct world, target);

void note(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* device.c */
extern const struct grid_binding device_binding;
size_t device_reap(void *adapter, struct flue_answer *answers, size_t room);
void device_answer(struct world *w);
void device_forget(struct world *w);
void device_print(struct world *w);

/* trees.c: what the host asks, and what it makes of the answers */
extern const struct grid_completions host_completions;
extern const struct grid_indications host_indications;
/* A tree of this phase's operation about what stands on `port` (and on `other`, for a move). */
void ask(struct world *w, uint64_t *dice, uint32_t port, uint32_t other);
void learn(struct world *w);
void host_print(struct world *w);

/* play.c */
struct world *play(uint64_t seed, const struct pace *pace);
void world_close(struct world *w);

#endif
