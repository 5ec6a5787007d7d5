/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * So many connections that the runtime walks several lists at once. They stand on paths of their
 * own and are updated only; what becomes of each of them is known, since updates do not meet.
 */
#include <stdlib.h>
#include <string.h>

#include "chimney_objects.h"
#include "flue/priv/object.h"
#include "prng.h"
#include "simulation.h"

enum { PATHS_OF_CROWD = 100, FIRST_TIME = 7200000 };

/* Several paths of the crowd under its neighbor; `tcps` connections on each, from `from` on. */
static void build_crowd(struct play *p, uint32_t from, uint32_t paths, uint32_t tcps, bool new)
{
    struct crowd *c = &p->crowd;
    host_arena_clear(&c->arena);
    memset(c->node, 0, c->count * sizeof(*c->node));
    c->root = new ? host_new_neighbor(&c->arena, &c->neighbor, 77)
                  : host_reference(&c->arena, &c->neighbor, CHIMNEY_TYPE_NEIGHBOR_CONST);
    for (uint32_t i = 0; i < paths; i++) {
        uint32_t path = (from + i) % c->paths;
        struct chimney_node *node =
            new ? host_new_path(&c->arena, &c->path[path], path, false)
                : host_reference(&c->arena, &c->path[path], CHIMNEY_TYPE_PATH_IPV4_CONST);
        host_link(c->root, node);
        for (uint32_t j = 0, tcp = path; j < tcps && tcp < c->count; j++, tcp += c->paths) {
            c->node[tcp] = new ? host_new_tcp(&c->arena, &c->tcp[tcp], tcp)
                               : host_reference(&c->arena, &c->tcp[tcp], CHIMNEY_TYPE_TCP_CACHED);
            host_link(node, c->node[tcp]);
        }
    }
}

static void adopt(struct chimney_node *node, void *record)
{
    ((struct host_object *)node->NdisOffloadHandle)->record = record;
    node->Status = HOST_UNWRITTEN;
}

static void poison(struct chimney_node *node, void *context)
{
    (void)context;
    node->Status = HOST_UNWRITTEN;
}

bool crowd_open(struct play *p, uint32_t count)
{
    struct crowd *c = &p->crowd;
    c->count = count;
    c->paths = PATHS_OF_CROWD;
    c->path = calloc(c->paths, sizeof(*c->path));
    c->tcp = calloc(count, sizeof(*c->tcp));
    c->value = calloc(count, sizeof(*c->value));
    c->asked = calloc(count, sizeof(*c->asked));
    c->node = calloc(count, sizeof(struct chimney_node *));
    if (!c->path || !c->tcp || !c->value || !c->asked || !c->node ||
        !host_arena_open(&c->arena, (size_t)count * 512))
        return false;
    build_crowd(p, 0, c->paths, count, true);
    host_each(c->root, adopt, &p->w.host.record);
    for (uint32_t i = 0; i < count; i++)
        c->value[i] = c->asked[i] = FIRST_TIME;
    c->out = true;
    chimney_initiate(p->w.host.nic, c->root);
    return settle(p);
}

void crowd_close(struct play *p)
{
    struct crowd *c = &p->crowd;
    if (c->count == 0)
        return;
    host_arena_close(&c->arena);
    free(c->path);
    free(c->tcp);
    free(c->value);
    free(c->asked);
    free(c->node);
}

/* New keepalive times; some stay as they are. */
void crowd_update(struct play *p, uint32_t number, uint32_t size)
{
    struct crowd *c = &p->crowd;
    uint64_t random = number;
    if (c->count == 0 || c->out || !known(p, &c->neighbor, CHIMNEY_NEIGHBOR))
        return;
    build_crowd(p, number, 1 + size % 40, 1 + size % 13, false);
    host_each(c->root, poison, NULL);
    for (uint32_t i = 0; i < c->count; i++) {
        if (!c->node[i])
            continue;
        struct chimney_tcp_cached *k = host_tcp_cached(c->node[i]);
        uint32_t dice = (uint32_t)(prng_next(&random) >> 40);
        const struct chimney_state_header header = k->Header;
        *k = ((struct chimney_tcp *)(void *)flue_object_at(target_of(p), CHIMNEY_TCP,
                                                           host_index(&c->tcp[i])))
                 ->cached;
        k->Header = header;
        k->KaTimeout = c->asked[i] = dice % 8 ? dice : c->value[i];
    }
    c->out = true;
    tell(p, "host: update of the crowd");
    chimney_update(p->w.host.nic, c->root);
}

void crowd_terminate(struct play *p)
{
    struct crowd *c = &p->crowd;
    if (c->count == 0 || !known(p, &c->neighbor, CHIMNEY_NEIGHBOR))
        return;
    build_crowd(p, 0, c->paths, c->count, false);
    host_each(c->root, poison, NULL);
    c->out = true;
    chimney_terminate(p->w.host.nic, c->root);
    settle(p);
}

static void unwritten(struct chimney_node *node, void *context)
{
    if (node->Status == HOST_UNWRITTEN)
        fail(context, "a node of the crowd got no status");
}

bool crowd_completed(struct play *p, uint8_t operation, const struct chimney_node *root)
{
    struct crowd *c = &p->crowd;
    if (!c->out || root != c->root)
        return false;
    c->out = false;
    tell(p, "completed: the crowd");
    host_each(c->root, unwritten, p);
    for (uint32_t i = 0; i < c->count && operation == CHIMNEY_UPDATE; i++) {
        if (c->node[i] && c->node[i]->Status == CHIMNEY_STATUS_SUCCESS)
            c->value[i] = c->asked[i];
    }
    return true;
}

/* What is offloaded and at rest has the values that the host was told it has. */
bool crowd_check(struct play *p)
{
    struct crowd *c = &p->crowd;
    struct sim_tcp held;
    bool running = flue_target_phase(target_of(p)) == FLUE_RUNNING;
    for (uint32_t i = 0; i < c->count && !c->out && running && !p->failure[0]; i++) {
        uint32_t index = host_index(&c->tcp[i]);
        if (!known(p, &c->tcp[i], CHIMNEY_TCP))
            continue;
        const struct chimney_tcp *o = (void *)flue_object_at(target_of(p), CHIMNEY_TCP, index);
        if (strcmp(chimney_spec.kinds[CHIMNEY_TCP].states[o->flue.state].name, "offloaded") != 0)
            continue;
        if (!sim_tcp(p->w.host.nic, index, &held))
            fail(p, "connection %u of the crowd is not in hardware", i);
        else if (held.holds.ka_timeout != c->value[i] || o->cached.KaTimeout != c->value[i])
            fail(p, "connection %u of the crowd: hardware has %u, object has %u, host has %u", i,
                 held.holds.ka_timeout, o->cached.KaTimeout, c->value[i]);
    }
    return !p->failure[0];
}
