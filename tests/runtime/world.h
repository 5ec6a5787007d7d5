/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h: a scripted target with some objects in it, for the runtime's tests.
 *
 * Two neighbors; four paths, the even ones on neighbor 0 and the odd ones on neighbor 1; eight
 * connections, number i on path i % 4. All are offloaded when a test begins.
 */
#ifndef WORLD_H
#define WORLD_H

#include <check.h>
#include <string.h>

#include "host_tree.h"
#include "scripted.h"

enum { NEIGHBORS = 2, PATHS = 4, CONNECTIONS = 8 };

struct world {
    struct scripted *s;
    struct host_arena arena;
    struct host_object neighbor[NEIGHBORS], path[PATHS], tcp[CONNECTIONS];
    struct host_object spare[8];
};

/* The fixture of most tests: w is open before each and closed after it. */
extern struct world *w;
void world_setup(void);
void world_teardown(void);
struct flue_target *target(void);
const struct flue_stats *stats(void);

/* Nothing is offloaded. */
struct world *world_empty(const struct flue_config *config);
/* Everything is; the logs of commands and completions are empty again. */
struct world *world_open(const struct flue_config *config);
/* Checks that every request was completed and that no slot is lost. */
void world_close(struct world *w);

void world_forget_log(struct world *w);

/* A node that names an object without state: a bare reference for every operation but a query. */
struct chimney_node *bare(struct world *w, struct host_object *object);
struct chimney_node *mac_update(struct world *w, unsigned neighbor, uint8_t mac);
struct chimney_node *mtu_update(struct world *w, unsigned path, uint32_t mtu);

typedef void entry_point(void *adapter, struct chimney_node *root);
/* Submit, answer everything well, and check that it was completed once. */
void run(struct world *w, entry_point *operation, struct chimney_node *root);

struct flue_object *object_of(struct world *w, const struct host_object *object);
const char *state_of(struct world *w, const struct host_object *object);

static inline void expect_status(const struct chimney_node *node, int32_t status)
{
    ck_assert_int_eq(node->Status, status);
}

#endif
