/* SPDX-License-Identifier: BSD-2-Clause */
/* What the operations have in common, and the three short ones: query, invalidate, terminate. */
#include <string.h>

#include "model.h"

struct span age_to_moment(const struct tree *tree, uint32_t age)
{
    return (struct span){tree->from - age, tree->to - age};
}

void moments(const struct tree *tree, uint8_t kind, struct facts *facts)
{
    if (kind == CHIMNEY_NEIGHBOR) {
        facts->host_confirmed = age_to_moment(tree, facts->cached.neighbor.HostReachabilityDelta);
        facts->nic_confirmed = age_to_moment(tree, facts->delegated.neighbor.NicReachabilityDelta);
    } else if (kind == CHIMNEY_TCP) {
        facts->ts_recent = age_to_moment(tree, facts->delegated.tcp.TsRecentAge);
    }
}

static bool exists(const struct thing *t)
{
    return t->state == OFFLOADED || t->state == CORRUPT || t->state == LOST || t->state == STRANDED;
}

uint32_t dependents_of(const struct model *m, const struct thing *t)
{
    uint8_t above = (uint8_t)(t->kind + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; above < CHIMNEY_KINDS && i < m->count[above]; i++) {
        const struct thing *other = &m->things[above][i];
        count += exists(other) && other->link == t;
        count += exists(other) && other->maybe == t;
    }
    return count;
}

uint32_t in_use(const struct model *m, uint8_t kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->count[kind]; i++)
        count += exists(&m->things[kind][i]) || m->things[kind][i].state == DRAINING;
    return count;
}

/* A mark is seen from above; that hardware does not have it (for sure) counts for itself only. */
bool unusable(const struct thing *t)
{
    if (t->state != OFFLOADED)
        return true;
    for (; t; t = t->link) {
        if (t->invalid || t->broken)
            return true;
    }
    return false;
}

/* Its place comes free, unless answers about it are still missing. */
void end_thing(struct thing *t)
{
    t->state = t->timeouts_outstanding ? DRAINING : OFF;
    t->invalid = t->broken = false;
    t->link = t->maybe = NULL;
    t->just_ended = true;
}

typedef bool serve(struct model *m, struct tree *tree, struct tree_spec *b);

/* The hardware failed at a query, an invalidate or a terminate. */
static bool corrupt(struct thing *t)
{
    t->state = CORRUPT;
    t->broken = true;
    return false;
}

static bool query(struct model *m, struct tree *tree, struct tree_spec *b)
{
    struct thing *t = b->thing;
    uint8_t classes = classes_of(b->type);
    struct order order = {.read = &b->gives};
    if (t->state != OFFLOADED)
        return false;
    order.command =
        t->kind == CHIMNEY_TCP ? (int)CHIMNEY_TCP_READ_TCP : (int)CHIMNEY_NEIGHBOR_READ_NEIGHBOR;
    if ((classes & DELEGATED) && t->kind != CHIMNEY_PATH &&
        hardware_do(m, t, &order) != CHIMNEY_RESULT_OK)
        return corrupt(t);
    /* Flue's copy may be renewed by this; the answer's way adds to what it says. */
    if ((classes & DELEGATED) && t->kind == CHIMNEY_NEIGHBOR)
        t->facts.nic_confirmed.to = t->hardware.holds.nic_confirmed.to + tree->to - tree->from;
    b->gives.constant = t->facts.constant;
    b->gives.cached = t->facts.cached;
    b->gives.host_confirmed = t->facts.host_confirmed;
    memcpy(b->gives.source, t->facts.source, sizeof(t->facts.source));
    memcpy(b->gives.destination, t->facts.destination, sizeof(t->facts.destination));
    b->given = classes;
    return true;
}

static bool invalidate(struct model *m, struct tree *tree, struct tree_spec *b)
{
    static const uint8_t blocks[] = {CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR, CHIMNEY_PATH_BLOCK_PATH,
                                     CHIMNEY_TCP_BLOCK_TCP};
    (void)tree;
    struct thing *t = b->thing;
    struct order order = {.command = blocks[t->kind]};
    t->invalid = true;
    if (t->state != OFFLOADED) /* the hardware has forgotten it, or cannot be told */
        return true;
    return hardware_do(m, t, &order) == CHIMNEY_RESULT_OK || corrupt(t);
}

static bool terminate(struct model *m, struct tree *tree, struct tree_spec *b)
{
    static const uint8_t removes[] = {CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, CHIMNEY_PATH_REMOVE_PATH,
                                      CHIMNEY_TCP_REMOVE_TCP};
    (void)tree;
    struct thing *t = b->thing;
    struct order order = {.command = removes[t->kind], .read = &b->gives};
    if (dependents_of(m, t) != 0)
        return false;
    uint8_t result = t->state == LOST ? CHIMNEY_RESULT_GONE : hardware_do(m, t, &order);
    if (result == CHIMNEY_RESULT_GONE) {
        end_thing(t);
        return t->kind == CHIMNEY_PATH; /* it has nothing delegated that could be lost */
    }
    if (result != CHIMNEY_RESULT_OK)
        return corrupt(t);
    b->given = classes_of(b->type) == DELEGATED ? DELEGATED : NO_CLASS;
    end_thing(t);
    return true;
}

static void judge_node(struct model *m, struct tree *tree, struct tree_spec *b, serve *serve_it)
{
    bool still_there = b->thing && b->thing->state != OFF && b->thing->state != DRAINING;
    b->good = b->what == PLACEHOLDER || (b->what == HELD && still_there && serve_it(m, tree, b));
    b->expected = b->good ? CHIMNEY_STATUS_SUCCESS : CHIMNEY_STATUS_FAILURE;
}

static void below_first(struct model *m, struct tree *tree, struct tree_spec *b, serve *serve_it)
{
    for (; b; b = b->next) {
        judge_node(m, tree, b, serve_it);
        below_first(m, tree, b->first, serve_it);
    }
}

static void above_first(struct model *m, struct tree *tree, struct tree_spec *b)
{
    for (; b; b = b->next) {
        above_first(m, tree, b->first);
        judge_node(m, tree, b, terminate);
    }
}

void predict_query(struct model *m, struct tree *tree)
{
    below_first(m, tree, tree->root, query);
}

void predict_invalidate(struct model *m, struct tree *tree)
{
    below_first(m, tree, tree->root, invalidate);
}

void predict_terminate(struct model *m, struct tree *tree)
{
    above_first(m, tree, tree->root);
}

void predict(struct model *m, struct tree *tree)
{
    static void (*const operations[])(struct model *, struct tree *) = {
        [CHIMNEY_INITIATE] = predict_initiate,   [CHIMNEY_UPDATE] = predict_update,
        [CHIMNEY_QUERY] = predict_query,         [CHIMNEY_INVALIDATE] = predict_invalidate,
        [CHIMNEY_TERMINATE] = predict_terminate,
    };
    operations[tree->operation](m, tree);
}

/* A connection is told of a mark once, be it its own or that of what it links to. */
void predict_told(struct model *m)
{
    for (uint32_t i = 0; i < m->count[CHIMNEY_TCP]; i++) {
        struct thing *t = &m->things[CHIMNEY_TCP][i];
        for (struct thing *below = t; exists(t) && t->state != STRANDED && below;
             below = below->link) {
            t->told_invalid |= below->invalid;
            t->told_broken |= below->broken;
        }
    }
}
