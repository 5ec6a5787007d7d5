/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oracle.h: what the reference model (../model) predicts, compared with what is so.
 *
 *     build.c       a tree spec becomes a node of the host's
 *     judge.c       the device does with each command what the model says of it
 *     compare*.c    the first difference between the model and nodes, objects, tables and counts
 *     loose.c       trees that are none: only that all ends well
 *     storm.c       trees that meet each other: that all ends well, and the tables are right
 *     print.c       what a person needs to see of a failure
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "host.h"
#include "model.h"

/* The model, and the target, host and device that it is compared with. */
struct world {
    struct model model;
    uint64_t noise; /* chance in what must not matter: latencies, budgets, a full ring */
    uint32_t traced_round;
    struct host host;
    struct host_arena arena;
    struct sim_config config;
    struct host_object objects[CHIMNEY_KINDS][MOST]; /* of the things, by their numbers */
    struct thing *at[CHIMNEY_KINDS][MOST];           /* by index, as the device was told */
    uint32_t nodes;
    /*
     * The hardware is other targets, and a command is calls of these: nobody counts commands, only
     * those fail that add objects, and where an object is in the hardware says its handle.
     */
    bool by_calls;
    char difference[512];
};

/* The model's things, each with what the host remembers of it. */
void open_things(struct world *w);

/* ---- judge.c ------------------------------------------------------------------------------- */

sim_judge oracle_judge;

/* ---- build.c ------------------------------------------------------------------------------- */

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
bool compare_data(struct world *w, const struct tree *tree, const struct tree_spec *b);
bool compare_hardware(struct world *w, const struct thing *t);
/* The cached variables that a query put behind a node are those that the device holds. */
bool hardware_agrees(struct world *w, struct tree_spec *b);
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
