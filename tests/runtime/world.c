/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"
#include "flue/priv/object.h"

#include <stdlib.h>

struct world *world_empty(const struct flue_config *config)
{
    struct world *w = calloc(1, sizeof *w);
    ck_assert_ptr_nonnull(w);
    ck_assert(host_arena_open(&w->arena, 1u << 20));
    w->s = scripted_open(config);
    return w;
}

static struct chimney_node *everything(struct world *w)
{
    struct chimney_node *roots[NEIGHBORS], *paths[PATHS];
    for (unsigned i = 0; i < NEIGHBORS; i++)
        roots[i] = host_new_neighbor(&w->arena, &w->neighbor[i], i);
    for (unsigned i = 0; i < PATHS; i++) {
        paths[i] = host_new_path(&w->arena, &w->path[i], i, i == 3);
        host_link(roots[i % NEIGHBORS], paths[i]);
    }
    for (unsigned i = 0; i < CONNECTIONS; i++)
        host_link(paths[i % PATHS], host_new_tcp(&w->arena, &w->tcp[i], i));
    host_chain(roots[0], roots[1]);
    return roots[0];
}

void world_forget_log(struct world *w)
{
    w->s->command_count = w->s->answered = 0;
    w->s->completion_count = 0;
    w->s->trace_count = 0;
    w->s->doorbells = 0;
}

struct world *world_open(const struct flue_config *config)
{
    struct world *w = world_empty(config);
    run(w, chimney_initiate, everything(w));
    for (unsigned i = 0; i < CONNECTIONS; i++)
        ck_assert_str_eq(state_of(w, &w->tcp[i]), "offloaded");
    world_forget_log(w);
    return w;
}

void world_close(struct world *w)
{
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    const struct flue_stats *stats = flue_target_stats(&w->s->target.flue);
    for (unsigned op = 0; op < chimney_spec.operation_count; op++)
        ck_assert_uint_eq(stats->requests[op], stats->completions[op]);
    ck_assert(flue_target_quiet(&w->s->target.flue));
    struct flue_target *t = &w->s->target.flue;
    ck_assert_uint_eq(t->free_slots + t->quarantined, t->config.ring_entries);
    scripted_close(w->s);
    host_arena_close(&w->arena);
    free(w);
}

struct chimney_node *bare(struct world *w, struct host_object *object)
{
    static const uint8_t types[CHIMNEY_KINDS] = {
        CHIMNEY_TYPE_NEIGHBOR_CONST, CHIMNEY_TYPE_PATH_IPV4_CONST, CHIMNEY_TYPE_TCP_CONST};
    uint8_t type = object->ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CONST : types[object->kind];
    return host_reference(&w->arena, object, object->kind == CHIMNEY_TCP ? types[2] : type);
}

struct chimney_node *mac_update(struct world *w, unsigned neighbor, uint8_t mac)
{
    struct chimney_node *node =
        host_reference(&w->arena, &w->neighbor[neighbor], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    memset(host_neighbor_cached(node)->DlDestinationAddress, mac, 6);
    return node;
}

struct chimney_node *mtu_update(struct world *w, unsigned path, uint32_t mtu)
{
    struct chimney_node *node = host_reference(&w->arena, &w->path[path],
                                               w->path[path].ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CACHED
                                                                  : CHIMNEY_TYPE_PATH_IPV4_CACHED);
    host_path_cached(node)->PathMtu = mtu;
    return node;
}

void run(struct world *w, entry_point *operation, struct chimney_node *root)
{
    unsigned before = w->s->completion_count;
    operation(w->s, root);
    ck_assert_uint_eq(w->s->completion_count, before);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, before + 1);
    ck_assert_ptr_eq(w->s->completions[before].root, root);
}

struct flue_object *object_of(struct world *w, const struct host_object *object)
{
    return flue_object_at(&w->s->target.flue, object->kind, host_index(object));
}

const char *state_of(struct world *w, const struct host_object *object)
{
    const struct flue_object *o = object_of(w, object);
    return chimney_spec.kinds[o->kind].states[o->state].name;
}

struct world *w;

void world_setup(void)
{
    w = world_open(NULL);
}

void world_teardown(void)
{
    world_close(w);
}

struct flue_target *target(void)
{
    return &w->s->target.flue;
}

const struct flue_stats *stats(void)
{
    return flue_target_stats(target());
}
