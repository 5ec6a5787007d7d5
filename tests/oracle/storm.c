/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A storm: good trees of all operations at once, on the same objects, with faults, sometimes a
 * reset or the end of the hardware in the midst of them. What becomes of each depends on time. But
 * each completes once, with allowed statuses, and where an object says it is offloaded, hardware
 * and object agree.
 */
#include <stdio.h>

#include "flue/priv/object.h"
#include "grow.h"
#include "oracle.h"

static void grow_storm(struct world *w)
{
    w->model.spec_count = 0;
    w->model.spare_neighbors = false;
    w->model.tree_count = 2 + below(&w->model, TREES - 1);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < w->model.count[kind]; i++) {
            w->model.things[kind][i].used = w->model.things[kind][i].avoid = false;
            w->model.things[kind][i].tree = ANY_TREE;
        }
    }
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        w->model.trees[i] =
            (struct tree){.operation = (uint8_t)below(&w->model, CHIMNEY_OPERATIONS)};
        grow_tree(&w->model, &w->model.trees[i]);
        build(w, &w->model.trees[i]);
    }
}

static void some_ticks(struct world *w)
{
    for (uint32_t ticks = below(&w->model, 6); ticks-- > 0;)
        host_tick(&w->host);
}

/* ---- What must hold ------------------------------------------------------------------------- */

static bool check_nodes(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    for (; b; b = b->next) {
        bool is_new = b->what == NEW && tree->operation == CHIMNEY_INITIATE;
        bool good = b->node->Status == CHIMNEY_STATUS_SUCCESS ||
                    b->node->Status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
        if (!same(w, b->thing, "status is allowed", true,
                  status_allowed(tree->operation, b->node->Status)) ||
            (is_new &&
             !same(w, b->thing, "handle is there", good, host_handle(b->thing->host) != 0)) ||
            !check_nodes(w, tree, b->first))
            return false;
    }
    return true;
}

static bool check_counts(struct world *w)
{
    const struct host_record *r = &w->host.record;
    return same(w, NULL, "trees outstanding", 0, atomic_load(&r->outstanding)) &&
           same(w, NULL, "unexpected completions", 0, r->unexpected) &&
           same(w, NULL, "completions by the wrong call", 0, r->wrong) &&
           same(w, NULL, "nodes without a status", 0, r->unwritten) &&
           same(w, NULL, "nodes with an unknown status", 0, r->unknown);
}

/* Ask for the cached variables of all that may be held, and see what hardware says to them. */
static bool check_contents(struct world *w)
{
    struct tree *tree = &w->model.trees[0];
    w->model.loose = true; /* no faults any more */
    w->model.tree_count = 1;
    w->model.spec_count = 0;
    *tree = (struct tree){.operation = CHIMNEY_QUERY};
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < w->model.count[kind]; i++) {
            if (host_handle(w->model.things[kind][i].host) != 0)
                hang_thing(&w->model, tree, NULL, HELD, &w->model.things[kind][i], CACHED);
        }
    }
    if (!tree->root)
        return true;
    build(w, tree);
    submit_loose(w);
    if (!run(w))
        return false;
    for (struct tree_spec *b = tree->root; b; b = b->next) {
        if (b->node->Status == CHIMNEY_STATUS_SUCCESS && !hardware_agrees(w, b))
            return false;
    }
    return true;
}

static bool check_storm(struct world *w, bool removed)
{
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        if (!check_nodes(w, &w->model.trees[i], w->model.trees[i].root))
            return false;
    }
    return check_counts(w) && (removed || (check_objects(w) && check_contents(w)));
}

bool run_storm(struct world *w)
{
    uint32_t reset = percent(&w->model, 40) ? below(&w->model, TREES) : TREES;
    bool removed = percent(&w->model, 20);
    grow_storm(w);
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        host_submit(&w->host, w->model.trees[i].operation, w->model.trees[i].root->node);
        some_ticks(w);
        if (i == reset)
            sim_reset(w->host.nic);
    }
    if (removed) {
        flue_remove(&w->host.nic->target.flue);
        flue_dma_stopped(&w->host.nic->target.flue);
    }
    bool good = run(w) && check_storm(w, removed);
    for (uint32_t i = 0; !good && i < w->model.spec_count; i++)
        w->model.specs[i].expected = w->model.specs[i].node->Status;
    return good;
}
