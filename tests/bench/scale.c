/* SPDX-License-Identifier: BSD-2-Clause */
/* scale.c: the other operations at the size of a large server, and what objects cost in memory. */

#include "measure.h"

#include <stdio.h>

static struct nic *open_nic(const struct forest *f)
{
    struct flue_config config = nic_config(f->neighbors, f->paths, f->connections);
    return nic_open(&config);
}

struct life {
    struct forest forest;
    struct nic *nic;
    struct host_arena arena;
    struct chimney_node *root;
    bool ends;
};

/* One tree with everything in it, new or to be given up. */
static void grow(void *arg)
{
    struct life *l = arg;
    struct forest *f = &l->forest;
    struct chimney_node *path = NULL;
    uint32_t by_path = f->connections / f->paths;
    host_arena_clear(&l->arena);
    l->root = l->ends ? host_reference(&l->arena, &f->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED)
                      : host_new_neighbor(&l->arena, &f->neighbor[0], 0);
    for (uint32_t i = 0; i < f->connections; i++) {
        struct host_object *of = &f->path[i / by_path];
        if (i % by_path == 0)
            path = host_link(l->root,
                             l->ends ? host_reference(&l->arena, of, CHIMNEY_TYPE_PATH_IPV4_CONST)
                                     : host_new_path(&l->arena, of, i / by_path, false));
        host_link(path, l->ends
                            ? host_reference(&l->arena, f->objects[i], CHIMNEY_TYPE_TCP_DELEGATED)
                            : host_new_tcp(&l->arena, f->objects[i], i));
    }
}

static void check_success(struct chimney_node *node, void *context)
{
    (void)context;
    if (node->Status != CHIMNEY_STATUS_SUCCESS)
        bench_stop("a node has status 0x%08x", (unsigned)node->Status);
}

static void initiate(void *arg)
{
    struct life *l = arg;
    nic_do(l->nic, chimney_initiate, l->root);
}

static void grow_new(void *arg)
{
    ((struct life *)arg)->ends = false;
    grow(arg);
}

static void grow_end(void *arg)
{
    struct life *l = arg;
    host_each(l->root, check_success, NULL);
    l->ends = true;
    grow(arg);
}

static void terminate(void *arg)
{
    struct life *l = arg;
    nic_do(l->nic, chimney_terminate, l->root);
    host_each(l->root, check_success, NULL);
}

void measure_life(const struct measure *m)
{
    struct life l = {.ends = false};
    forest_open(&l.forest, m->most, 1000, false);
    l.nic = open_nic(&l.forest);
    if (!host_arena_open(&l.arena, (size_t)m->most * 384 + ((size_t)1 << 20)))
        bench_stop("no memory for a tree of new connections");
    struct contender them[2] = {
        {.name = "initiate", .prepare = grow_new, .run = initiate, .arg = &l},
        {.name = "terminate", .prepare = grow_end, .run = terminate, .arg = &l},
    };
    rounds(them, 2, m->rounds / 2 + 1);
    for (unsigned i = 0; i < 2; i++)
        record(&(struct record){.scenario = "life", .objects = m->most}, &them[i]);
    nic_close(l.nic);
    host_arena_close(&l.arena);
    forest_close(&l.forest);
}

struct links {
    struct forest forest;
    struct nic *nic;
    struct chimney_node *root;
    uint32_t neighbor; /* that the paths were linked to last */
    uint32_t moving;   /* so many of the paths */
    size_t mark;
};

/* The new neighbor is the root, the first paths move to it and are its dependents. */
static void next_neighbor(void *arg)
{
    struct links *l = arg;
    l->forest.arena.used = l->mark;
    l->neighbor = (l->neighbor + 1) % l->forest.neighbors;
    l->root = forest_neighbor(&l->forest, l->neighbor);
    for (uint32_t i = 0; i < l->moving; i++)
        host_link(l->root, forest_path(&l->forest, i));
}

static void update(void *arg)
{
    struct links *l = arg;
    nic_do(l->nic, chimney_update, l->root);
    host_each(l->root, check_success, NULL);
}

void measure_relink(const struct measure *m)
{
    uint32_t paths = m->most / 10;
    struct links l = {.moving = paths};
    forest_open(&l.forest, paths, paths, false);
    l.nic = open_nic(&l.forest);
    forest_offload(&l.forest, l.nic);
    l.mark = l.forest.arena.used;
    struct contender c = {.name = "relink", .prepare = next_neighbor, .run = update, .arg = &l};
    rounds(&c, 1, m->rounds);
    record(&(struct record){.scenario = "relink", .objects = paths}, &c);
    nic_close(l.nic);
    forest_close(&l.forest);
}

/* Invalidated for good; so the next round's neighbor gets all the dependents first. */
static void move_dependents(void *arg)
{
    struct links *l = arg;
    nic_settle(l->nic);
    next_neighbor(l);
    update(l);
    l->forest.arena.used = l->mark;
    l->root = forest_neighbor(&l->forest, l->neighbor);
}

/* Until the completion call; what connections are told of it goes on after that. */
static void one_invalidate(struct links *l, struct contender *done, struct contender *told)
{
    move_dependents(l);
    uint64_t begin = bench_now();
    nic_do(l->nic, chimney_invalidate, l->root);
    nic_settle(l->nic);
    told->ns[told->count++] = (double)(bench_now() - l->nic->completed_at);
    done->ns[done->count++] = (double)(l->nic->completed_at - begin);
}

static void measure_dependents(const struct measure *m, struct links *l, uint32_t paths)
{
    struct contender done = {.name = "invalidate"}, told = {.name = "telling all connections"};
    uint32_t dependents = paths * (l->forest.connections / l->forest.paths);
    char variant[32];
    l->moving = paths;
    for (unsigned i = 0; i < m->rounds; i++)
        one_invalidate(l, &done, &told);
    snprintf(variant, sizeof variant, "%u dependents", dependents);
    struct record r = {.scenario = "invalidate", .variant = variant, .objects = 1};
    record(&r, &done);
    r.objects = l->forest.connections; /* all are looked at, once, whoever depends on what */
    record(&r, &told);
}

/* All in one target: what memory is cold after the connections were told is so for each. */
void measure_invalidate(const struct measure *m)
{
    uint32_t paths = m->most / 1000;
    struct links l = {.neighbor = 0};
    forest_open(&l.forest, m->most, paths, false);
    l.nic = open_nic(&l.forest);
    l.nic->stamps = true;
    forest_offload(&l.forest, l.nic);
    l.mark = l.forest.arena.used;
    measure_dependents(m, &l, 0);
    measure_dependents(m, &l, 1);
    measure_dependents(m, &l, paths);
    nic_close(l.nic);
    forest_close(&l.forest);
}

/* What one more object of a kind makes the target's memory grow by. */
void measure_memory(const struct measure *m)
{
    enum { MORE = 1 << 16 };
    (void)m;
    for (unsigned kind = 0; kind < CHIMNEY_KINDS; kind++) {
        struct flue_config config = nic_config(64, 64, 64);
        size_t before = chimney_memory_bytes(&config);
        config.capacity[kind] += MORE;
        double bytes = (double)(chimney_memory_bytes(&config) - before) / (double)MORE;
        record_number("memory", chimney_spec.kinds[kind].name, bytes, "bytes per object");
    }
}
