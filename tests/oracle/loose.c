/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trees that are no trees, and other things no sane host does. What becomes of their nodes is not
 * predicted; that each completes once, with allowed statuses, and leaves a target that hangs
 * together is. A world ends with such a round.
 */
#include <stdio.h>
#include <string.h>

#include "flue/priv/object.h"
#include "grow.h"
#include "oracle.h"

static struct chimney_node *any_node(struct world *w)
{
    return w->model.specs[below(&w->model, w->model.spec_count)].node;
}

/* A pointer that is wild itself cannot be found out, so every state has good ones. */
static void give_addresses(struct world *w, struct chimney_node *node)
{
    struct chimney_path_const *c =
        kind_of_type(node->Header.Type) == CHIMNEY_PATH ? host_path_const(node) : NULL;
    if (!c)
        return;
    c->SourceAddress = host_alloc(&w->arena, 16);
    c->DestinationAddress = host_alloc(&w->arena, 16);
}

static void bend_length(struct world *w, struct chimney_node *node)
{
    struct chimney_state_header *header = (void *)(node + 1);
    if (classes_of(node->Header.Type) != NO_CLASS)
        header->Length = below(&w->model, 200);
}

/* Cycles, shared nodes and shared handles, wrong layers, wrong types, wrong lengths. */
static void bend(struct world *w)
{
    uint32_t bends = 1 + below(&w->model, 4);
    for (uint32_t i = 0; i < bends; i++) {
        struct chimney_node *node = any_node(w), *other = any_node(w);
        switch (below(&w->model, 6)) {
        case 0:
            node->NextBlock = other;
            break;
        case 1:
            node->DependentBlockList = other;
            break;
        case 2:
            node->Header.Type = (uint8_t)below(&w->model, percent(&w->model, 50) ? 18 : 256);
            break;
        case 3:
            node->MiniportOffloadContext = other->MiniportOffloadContext;
            break;
        case 4:
            node->Header.Type = other->Header.Type;
            break;
        default:
            bend_length(w, node);
            break;
        }
    }
    for (uint32_t i = 0; i < w->model.spec_count; i++)
        give_addresses(w, w->model.specs[i].node);
}

void grow_loose(struct world *w)
{
    w->model.loose = true;
    grow(&w->model);
    build(w, &w->model.trees[0]);
    bend(w);
}

/* The host's own counting would go round in circles. */
void submit_loose(struct world *w)
{
    static void (*const entries[])(void *adapter, struct chimney_node *root) = {
        [CHIMNEY_INITIATE] = chimney_initiate,   [CHIMNEY_UPDATE] = chimney_update,
        [CHIMNEY_QUERY] = chimney_query,         [CHIMNEY_INVALIDATE] = chimney_invalidate,
        [CHIMNEY_TERMINATE] = chimney_terminate,
    };
    for (uint32_t i = 0; i < w->model.spec_count; i++)
        w->model.specs[i].node->Status = HOST_UNWRITTEN;
    atomic_fetch_add(&w->host.record.outstanding, 1);
    entries[w->model.trees[0].operation](w->host.nic, w->model.trees[0].root->node);
}

void complete_loose(struct world *w, uint8_t operation, const struct chimney_node *root)
{
    struct tree *tree = &w->model.trees[0];
    w->host.record.wrong += operation != tree->operation || root != tree->root->node;
    w->host.record.unexpected += tree->completed != 0;
    tree->completed++;
    atomic_fetch_sub(&w->host.record.outstanding, 1);
}

/* ---- What is checked ----------------------------------------------------------------------- */

bool status_allowed(uint8_t operation, int32_t status)
{
    if (status == CHIMNEY_STATUS_SUCCESS || status == CHIMNEY_STATUS_FAILURE)
        return true;
    return operation == CHIMNEY_INITIATE && host_status_index(status) != FLUE_NO_BYTE;
}

static struct tree_spec *spec_of(struct world *w, const struct chimney_node *node)
{
    for (uint32_t i = 0; i < w->model.spec_count; i++) {
        if (w->model.specs[i].node == node)
            return &w->model.specs[i];
    }
    return NULL;
}

/* Every node that can be reached gets a status; `good` says that it was met. */
static bool check_reached(struct world *w, const struct chimney_node *node)
{
    for (; node; node = node->NextBlock) {
        struct tree_spec *b = spec_of(w, node);
        if (b->good)
            return true;
        b->good = true;
        if (!same(w, b->thing, "status is allowed", true,
                  status_allowed(w->model.trees[0].operation, node->Status)) ||
            !check_reached(w, node->DependentBlockList))
            return false;
    }
    return true;
}

static bool in_hardware(struct world *w, uint8_t kind, uint32_t index)
{
    struct sim_neighbor neighbor;
    struct sim_path path;
    struct sim_tcp tcp;
    return kind == CHIMNEY_NEIGHBOR ? sim_neighbor(w->host.nic, index, &neighbor)
           : kind == CHIMNEY_PATH   ? sim_path(w->host.nic, index, &path)
                                    : sim_tcp(w->host.nic, index, &tcp);
}

static bool check_object(struct world *w, const struct flue_object *o, uint32_t index,
                         uint32_t *linked)
{
    const struct flue_kind *kind = &chimney_spec.kinds[o->kind];
    const char *state = kind->states[o->state].name;
    bool used = strcmp(state, "free") != 0;
    if (strcmp(state, "offloaded") == 0 &&
        !same(w, NULL, "an offloaded object is in hardware", 1, in_hardware(w, o->kind, index)))
        return false;
    if (used && o->kind != CHIMNEY_NEIGHBOR && o->links[0].to < w->model.capacity[o->kind - 1])
        linked[o->links[0].to]++;
    if (used && o->links[0].next != FLUE_NONE && o->links[0].next < MOST)
        linked[o->links[0].next]++;
    return same(w, NULL, "an object rests", FLUE_RESTING, kind->states[o->state].sort) &&
           same(w, NULL, "commands in flight", 0, o->in_flight);
}

bool check_objects(struct world *w)
{
    uint32_t linked[CHIMNEY_KINDS + 1][MOST] = {{0}};
    for (uint8_t kind = CHIMNEY_KINDS; kind-- > 0;) {
        for (uint32_t i = 0; i < w->model.capacity[kind]; i++) {
            const struct flue_object *o = flue_object_at(&w->host.nic->target.flue, kind, i);
            if (o->state == 0)
                continue; /* never used */
            if (!check_object(w, o, i, linked[kind]) ||
                !same(w, NULL, "dependents of an object", linked[kind + 1][i], o->dependents))
                return false;
        }
    }
    return true;
}

bool compare_loose(struct world *w)
{
    const struct host_record *r = &w->host.record;
    for (uint32_t i = 0; i < w->model.spec_count; i++)
        w->model.specs[i].good = false;
    return check_reached(w, w->model.trees[0].root->node) && check_objects(w) &&
           same(w, NULL, "trees outstanding", 0, atomic_load(&r->outstanding)) &&
           same(w, NULL, "unexpected completions", 0, r->unexpected) &&
           same(w, NULL, "completions by the wrong call", 0, r->wrong);
}
