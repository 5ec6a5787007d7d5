/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forest.h: the trees that are measured: one neighbor, its paths, and N connections on them.
 *
 * Three things are laid out apart, each in the order of the walk or shuffled by itself: the nodes
 * of the update, the host's connection blocks (whose first member the contexts of the nodes point
 * to, so that they lie outside of the nodes), and the driver's objects. A connection block is the
 * host's own and large; a cache line of it is what the driver sees.
 *
 *     example
 *     struct forest f;
 *     forest_open(&f, 100000, 1000, true);
 *     forest_offload(&f, nic);              // objects in f.object_order
 *     forest_change(&f, CHANGE_ONE);
 *     nic_do(nic, chimney_update, f.root);
 *     forest_close(&f);
 */
#ifndef FOREST_H
#define FOREST_H

#include "bench.h"
#include "host_tree.h"
#include "nic.h"

/* A node of an update in memory: 152 bytes of node, 44 of state, rounded up as allocators do. */
enum { NODE_STRIDE = 208 };

struct connection_block {
    _Alignas(BENCH_LINE) struct host_object object;
};

enum change { CHANGE_NONE, CHANGE_ONE, CHANGE_ALL, CHANGES };
extern const char *const change_names[CHANGES];

struct forest {
    uint32_t connections, paths, neighbors;
    struct chimney_node *root;           /* the neighbor's, of the update */
    struct chimney_node **nodes;         /* of connections, in the order of the walk */
    struct connection_block *blocks;     /* memory of the host's blocks */
    struct host_object **objects;        /* by connection, in the order of the walk */
    struct host_object *path, *neighbor; /* [paths], [neighbors] */
    uint32_t *object_order;              /* the order in which connections get their objects */
    struct chimney_tcp_cached value;     /* what all connections have now */
    unsigned char *node_memory;
    struct host_arena arena; /* nodes of neighbors and paths, which are few */
};

void forest_open(struct forest *f, uint32_t connections, uint32_t paths, bool shuffled);
void forest_close(struct forest *f);

/* Offload everything through flue. Stops the program if any status is not success. */
void forest_offload(struct forest *f, struct nic *nic);
/* The next update changes none, one (MaxRT) or all of the cached variables of all connections. */
void forest_change(struct forest *f, enum change change);
/* Stops the program unless every node of the last update has the status success; poisons them. */
void forest_check(struct forest *f);

/* Nodes that only name an object. */
struct chimney_node *forest_neighbor(struct forest *f, uint32_t neighbor);
struct chimney_node *forest_path(struct forest *f, uint32_t path);

#endif
