/* SPDX-License-Identifier: BSD-2-Clause */
#include "forest.h"

#include <stdlib.h>

enum { NEIGHBORS = 32, BATCH = 8192 };

const char *const change_names[CHANGES] = {"none", "one", "all"};

static void *many(size_t count, size_t bytes)
{
    return bench_memory(count * bytes);
}

struct chimney_node *forest_neighbor(struct forest *f, uint32_t neighbor)
{
    return host_reference(&f->arena, &f->neighbor[neighbor], CHIMNEY_TYPE_NEIGHBOR_CONST);
}

struct chimney_node *forest_path(struct forest *f, uint32_t path)
{
    return host_reference(&f->arena, &f->path[path], CHIMNEY_TYPE_PATH_IPV4_CONST);
}

/* Connection i hangs on path i / (connections by path), as the i-th of the walk. */
static uint32_t path_of(const struct forest *f, uint32_t connection)
{
    return (uint32_t)((uint64_t)connection * f->paths / f->connections);
}

static void make_update(struct forest *f, bool shuffled)
{
    uint32_t n = f->connections, *place = many(n, sizeof *place);
    struct chimney_node *path = NULL;
    uint32_t path_number = UINT32_MAX;
    bench_order(place, n, shuffled, 1);
    f->root = forest_neighbor(f, 0);
    for (uint32_t i = 0; i < n; i++) {
        if (path_of(f, i) != path_number) {
            path_number = path_of(f, i);
            path = host_link(f->root, forest_path(f, path_number));
        }
        struct host_arena room = {.memory = f->node_memory + (size_t)place[i] * NODE_STRIDE,
                                  .bytes = NODE_STRIDE};
        f->nodes[i] = host_reference(&room, f->objects[i], CHIMNEY_TYPE_TCP_CACHED);
        host_link(path, f->nodes[i]);
    }
    bench_memory_free(place, n * sizeof *place);
}

void forest_open(struct forest *f, uint32_t connections, uint32_t paths, bool shuffled)
{
    uint32_t n = connections, *place = many(n, sizeof *place);
    *f = (struct forest){.connections = n, .paths = paths, .neighbors = NEIGHBORS};
    f->nodes = many(n, sizeof *f->nodes);
    f->objects = many(n, sizeof *f->objects);
    f->object_order = many(n, sizeof *f->object_order);
    f->blocks = many(n, sizeof *f->blocks);
    f->node_memory = many(n, NODE_STRIDE);
    f->path = many(paths, sizeof *f->path);
    f->neighbor = many(NEIGHBORS, sizeof *f->neighbor);
    if (!host_arena_open(&f->arena, ((size_t)paths * 4 + 4 * BATCH) * 512))
        bench_stop("no memory for the nodes of paths");
    bench_order(place, n, shuffled, 2);
    for (uint32_t i = 0; i < n; i++)
        f->objects[i] = &f->blocks[place[i]].object;
    bench_order(f->object_order, n, shuffled, 3);
    bench_memory_free(place, n * sizeof *place);
    make_update(f, shuffled);
}

void forest_close(struct forest *f)
{
    size_t n = f->connections;
    bench_memory_free(f->nodes, n * sizeof *f->nodes);
    bench_memory_free(f->objects, n * sizeof *f->objects);
    bench_memory_free(f->object_order, n * sizeof *f->object_order);
    bench_memory_free(f->blocks, n * sizeof *f->blocks);
    bench_memory_free(f->node_memory, n * NODE_STRIDE);
    bench_memory_free(f->path, f->paths * sizeof *f->path);
    bench_memory_free(f->neighbor, NEIGHBORS * sizeof *f->neighbor);
    host_arena_close(&f->arena);
}

static void check_node(struct chimney_node *node, void *context)
{
    (void)context;
    if (node->Status != CHIMNEY_STATUS_SUCCESS)
        bench_stop("a node has status 0x%08x", (unsigned)node->Status);
    node->Status = -1;
}

void forest_check(struct forest *f)
{
    host_each(f->root, check_node, NULL);
}

static void offload(struct nic *nic, struct chimney_node *root)
{
    nic_do(nic, chimney_initiate, root);
    host_each(root, check_node, NULL);
}

static void offload_paths(struct forest *f, struct nic *nic)
{
    struct chimney_node *first = host_new_neighbor(&f->arena, &f->neighbor[0], 0);
    for (uint32_t i = 0; i < f->paths; i++)
        host_link(first, host_new_path(&f->arena, &f->path[i], i, false));
    offload(nic, first);
    for (uint32_t i = 1; i < f->neighbors; i++)
        offload(nic, host_new_neighbor(&f->arena, &f->neighbor[i], i));
}

/*
 * Each connection under a reference to its path, as the roots of trees, so that pools give out
 * their objects in any order we like.
 */
void forest_offload(struct forest *f, struct nic *nic)
{
    size_t mark = f->arena.used;
    offload_paths(f, nic);
    for (uint32_t done = 0; done < f->connections;) {
        struct chimney_node *first = NULL, *last = NULL;
        f->arena.used = mark;
        for (uint32_t i = 0; i < BATCH && done < f->connections; i++, done++) {
            uint32_t connection = f->object_order[done];
            struct chimney_node *path = forest_path(f, path_of(f, connection));
            host_link(path, host_new_tcp(&f->arena, f->objects[connection], connection));
            if (!first)
                f->value = *host_tcp_cached(path->DependentBlockList);
            if (last)
                last->NextBlock = path;
            first = first ? first : path;
            last = path;
        }
        offload(nic, first);
    }
    f->arena.used = mark;
}

static void change_value(struct chimney_tcp_cached *value, enum change change)
{
    if (change == CHANGE_NONE)
        return;
    value->MaxRT++;
    if (change == CHANGE_ONE)
        return;
    value->Flags ^= CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON | CHIMNEY_TCP_SETTINGS_NAGLE_ON;
    value->InitialRcvWnd++;
    value->RcvIndicationSize++;
    value->KaProbeCount ^= 1;
    value->KaTimeout++;
    value->KaInterval++;
    value->FlowLabel ^= 1;
    value->TtlOrHopLimit ^= 1;
    value->TosOrTrafficClass ^= 1;
    value->UserPriority ^= 1;
}

void forest_change(struct forest *f, enum change change)
{
    change_value(&f->value, change);
    for (uint32_t i = 0; i < f->connections; i++)
        *host_tcp_cached(f->nodes[i]) = f->value;
}
