/* SPDX-License-Identifier: BSD-2-Clause */
/* The first difference between what the oracle says and what is so: statuses, objects, counts. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "flue/priv/object.h"
#include "oracle.h"

bool same(struct world *w, const struct thing *t, const char *what, uint64_t expected,
          uint64_t actual)
{
    if (expected == actual)
        return true;
    if (!w->difference[0])
        snprintf(w->difference, sizeof(w->difference),
                 "%s: %s is %llu (0x%llx), should be %llu (0x%llx)", t ? thing_name(t) : "all",
                 what, (unsigned long long)actual, (unsigned long long)actual,
                 (unsigned long long)expected, (unsigned long long)expected);
    return false;
}

bool same_bytes(struct world *w, const struct thing *t, const char *what, const void *expected,
                const void *actual, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (!same(w, t, what, ((const uint8_t *)expected)[i], ((const uint8_t *)actual)[i]))
            return false;
    }
    return true;
}

bool within(struct world *w, const struct thing *t, const char *what, struct span expected,
            uint32_t actual)
{
    if ((uint32_t)(actual - (uint32_t)expected.from) <= (uint32_t)(expected.to - expected.from))
        return true;
    if (!w->difference[0])
        snprintf(w->difference, sizeof(w->difference), "%s: %s is %u, should be %u to %u",
                 thing_name(t), what, actual, (uint32_t)expected.from, (uint32_t)expected.to);
    return false;
}

/* ---- Nodes --------------------------------------------------------------------------------- */

static bool compare_status(struct world *w, const struct tree_spec *b)
{
    if (b->node->Status == b->expected)
        return true;
    if (!w->difference[0])
        snprintf(w->difference, sizeof(w->difference), "%s: status is %s, should be %s",
                 b->thing ? thing_name(b->thing) : "a node", status_name(b->node->Status),
                 status_name(b->expected));
    return false;
}

/* Written if a new object was offloaded, and never otherwise. */
static bool compare_cell(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    if (!b->node->MiniportOffloadContext)
        return same(w, b->thing, "the pointer of a placeholder", 1, b->what == PLACEHOLDER);
    uint64_t cell = (uint64_t)(uintptr_t)*b->node->MiniportOffloadContext;
    if (b->what == NEW && b->good && tree->operation == CHIMNEY_INITIATE)
        return same(w, b->thing, "handle is there", true, cell != 0);
    return same(w, b->thing, "handle's place", b->cell, cell);
}

static bool compare_tree(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    for (; b; b = b->next) {
        if (!compare_status(w, b) || !compare_cell(w, tree, b) || !compare_data(w, tree, b) ||
            !compare_tree(w, tree, b->first))
            return false;
    }
    return true;
}

/* ---- Objects ------------------------------------------------------------------------------- */

static const char *const conditions[] = {"free", "offloaded", "corrupt",
                                         "lost", "stranded",  "free"};

static uint8_t mark_bit(const char *name)
{
    for (uint8_t i = 0; i < chimney_spec.mark_count; i++) {
        if (strcmp(chimney_spec.marks[i].name, name) == 0)
            return (uint8_t)(1u << i);
    }
    return 0;
}

static bool compare_state(struct world *w, const struct thing *t, const struct flue_object *o)
{
    const char *state = chimney_spec.kinds[t->kind].states[o->state].name;
    if (strcmp(state, conditions[t->state]) == 0)
        return true;
    snprintf(w->difference, sizeof(w->difference), "%s: state is %s, should be %s", thing_name(t),
             state, conditions[t->state]);
    return false;
}

static uint32_t index_of(const struct thing *t)
{
    return t ? host_index(t->host) : FLUE_NONE;
}

static bool compare_object(struct world *w, const struct thing *t)
{
    struct flue_target *target = &w->host.nic->target.flue;
    uint32_t index = host_index(t->host);
    if (!same(w, t, "a sensible index", true, index < w->model.capacity[t->kind]))
        return false;
    const struct flue_object *o = flue_object_at(target, t->kind, index);
    uint8_t marks =
        (uint8_t)((t->invalid ? mark_bit("invalid") : 0) | (t->broken ? mark_bit("broken") : 0));
    return compare_state(w, t, o) && same(w, t, "link", index_of(t->link), o->links[0].to) &&
           same(w, t, "new link", index_of(t->maybe), o->links[0].next) &&
           same(w, t, "dependents", dependents_of(&w->model, t), o->dependents) &&
           same(w, t, "marks", marks, o->marks & 0x0f) && same(w, t, "kind", t->kind, o->kind) &&
           same(w, t, "commands in flight", 0, o->in_flight) &&
           same(w, t, "stray commands", t->timeouts_outstanding, o->timeouts_outstanding) &&
           same(w, t, "flue's handle", host_handle(t->host),
                flue_object_handle(target, t->kind, index));
}

static bool compare_told(struct world *w, const struct thing *t)
{
    uint32_t retrieved = (t->told_invalid ? 1u << 9 : 0u) | (t->told_broken ? 1u << 11 : 0u);
    if (t->kind != CHIMNEY_TCP || t->just_ended)
        return true;
    return same(w, t, "reasons told to retrieve it", retrieved, t->host->retrieved) &&
           same(w, t, "aborts told", t->told_broken, t->host->aborted) &&
           same(w, t, "indications", (t->told_invalid ? 1u : 0u) + (t->told_broken ? 2u : 0u),
                t->host->told);
}

static bool compare_commands(struct world *w, const struct thing *t)
{
    for (uint8_t command = 0; command < COMMANDS && !w->by_calls; command++) {
        if (!same(w, t, sim_command_name(t->kind, command), t->expected[command], t->seen[command]))
            return false;
    }
    return true;
}

static bool compare_thing(struct world *w, const struct thing *t)
{
    bool held = t->state == OFFLOADED || t->state == CORRUPT || t->state == LOST;
    return (!held || compare_object(w, t)) && compare_commands(w, t) && compare_hardware(w, t) &&
           compare_told(w, t);
}

/* ---- All ----------------------------------------------------------------------------------- */

static bool compare_kind(struct world *w, uint8_t kind)
{
    uint32_t present = 0;
    for (uint32_t i = 0; i < w->model.count[kind]; i++) {
        if (!compare_thing(w, &w->model.things[kind][i]))
            return false;
        present += w->model.things[kind][i].hardware.present;
    }
    const struct flue_pool *pool = &w->host.nic->target.flue.pools[kind];
    return same(w, NULL, "entries the device has in use", present,
                sim_entries(w->host.nic, kind)) &&
           same(w, &w->model.things[kind][0], "objects of the kind in use", in_use(&w->model, kind),
                pool->in_use);
}

static bool compare_counts(struct world *w)
{
    const struct host_record *r = &w->host.record;
    const struct flue_target *target = &w->host.nic->target.flue;
    struct sim_counters counters;
    sim_counters(w->host.nic, &counters);
    return same(w, NULL, "trees outstanding", 0, atomic_load(&r->outstanding)) &&
           same(w, NULL, "unexpected completions", 0, r->unexpected) &&
           same(w, NULL, "completions by the wrong call", 0, r->wrong) &&
           same(w, NULL, "nodes without a status", 0, r->unwritten) &&
           same(w, NULL, "nodes with an unknown status", 0, r->unknown) &&
           same(w, NULL, "senseless commands", 0, counters.nonsense) &&
           same(w, NULL, "slots in quarantine", w->model.lost, target->quarantined) &&
           same(w, NULL, "free slots", target->config.ring_entries,
                target->free_slots + target->quarantined);
}

bool compare(struct world *w)
{
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        if (!compare_tree(w, &w->model.trees[i], w->model.trees[i].root))
            return false;
    }
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        if (!compare_kind(w, kind))
            return false;
    }
    return compare_counts(w);
}
