/* SPDX-License-Identifier: BSD-2-Clause */
/* Random trees: what all operations need, and which trees run side by side. */
#include <string.h>

#include "grow.h"
#include "prng.h"

static void attach(struct tree *tree, struct tree_spec *up, struct tree_spec *b)
{
    b->up = up;
    if (up) {
        if (up->last)
            up->last->next = b;
        else
            up->first = b;
        up->last = b;
        return;
    }
    struct tree_spec **end = &tree->root;
    while (*end)
        end = &(*end)->next;
    *end = b;
}

struct tree_spec *hang(struct model *m, struct tree *tree, struct tree_spec *up, enum what what,
                       uint8_t kind)
{
    if (m->spec_count == SPECS)
        return NULL;
    struct tree_spec *b = &m->specs[m->spec_count++];
    memset(b, 0, sizeof(*b));
    b->what = what;
    b->kind = kind;
    b->type = (uint8_t)below(m, 256); /* of a placeholder it is not significant */
    attach(tree, up, b);
    return b;
}

struct tree_spec *hang_thing(struct model *m, struct tree *tree, struct tree_spec *up,
                             enum what what, struct thing *t, uint8_t classes)
{
    struct tree_spec *b = hang(m, tree, up, what, t->kind);
    if (!b)
        return NULL;
    b->thing = t;
    b->type = type_of(t->kind, t->ipv6, classes);
    b->says = t->facts;
    t->used = true;
    if (what == NEW) {
        invent(m, t, &b->says);
    } else if (classes == CACHED) {
        mutate(m, t, &b->says);
    }
    return b;
}

static uint64_t bad_handle(struct model *m)
{
    uint32_t dice = below(m, 4);
    if (dice == 0 || m->dead_count == 0)
        return prng_next(&m->random) | 1;
    if (dice == 1)
        return 1 + below(m, 64);
    return m->dead[below(m, m->dead_count < MOST ? m->dead_count : MOST)];
}

static void spoil_type(struct model *m, struct tree_spec *b)
{
    uint8_t kind = b->kind;
    do {
        b->type = (uint8_t)below(m, 256);
    } while (kind_of_type(b->type) == kind);
}

static struct tree_spec *hang_stale(struct model *m, struct tree *tree, struct tree_spec *up,
                                    uint8_t kind)
{
    struct tree_spec *b = hang(m, tree, up, STALE, kind);
    if (b) {
        b->type = type_of(kind, percent(m, 50), CONST);
        b->handle = bad_handle(m);
    }
    return b;
}

static struct tree_spec *hang_bad_layer(struct model *m, struct tree *tree, struct tree_spec *up)
{
    uint8_t kind = (uint8_t)below(m, CHIMNEY_KINDS);
    struct thing *t = kind != up->kind + 1 ? pick_held(m, tree, kind) : NULL;
    return t ? hang_thing(m, tree, up, BAD_LAYER, t, CACHED) : NULL;
}

static struct tree_spec *hang_bad_length(struct model *m, struct tree *tree, struct tree_spec *up,
                                         struct thing *t)
{
    static const uint32_t lengths[] = {0, 4, 7, 0xffffffff, 11};
    uint8_t classes = (uint8_t)(1u << below(m, 3));
    if (tree->operation != CHIMNEY_QUERY)
        classes = tree->operation == CHIMNEY_UPDATE ? CACHED : DELEGATED;
    struct tree_spec *b = hang_thing(m, tree, up, BAD_LENGTH, t, classes);
    if (b)
        b->length = lengths[below(m, 5)];
    return b;
}

struct tree_spec *hang_wrong(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    bool looks = tree->operation == CHIMNEY_UPDATE || tree->operation == CHIMNEY_QUERY ||
                 tree->operation == CHIMNEY_TERMINATE;
    if (up && up->what == HELD && percent(m, 25))
        return hang_bad_layer(m, tree, up);
    struct thing *t = percent(m, 50) ? pick_held(m, tree, kind) : NULL;
    if (!t)
        return hang_stale(m, tree, up, kind);
    if (looks && percent(m, 50))
        return hang_bad_length(m, tree, up, t);
    struct tree_spec *b = hang_thing(m, tree, up, BAD_TYPE, t, CACHED);
    if (b)
        spoil_type(m, b);
    return b;
}

bool is_held(const struct thing *t)
{
    return t->state == OFFLOADED || t->state == CORRUPT || t->state == LOST;
}

typedef bool wanted(const struct thing *t, const struct tree *tree, const struct thing *below);

static struct thing *pick(struct model *m, const struct tree *tree, uint8_t kind, wanted *want,
                          const struct thing *lower)
{
    if (kind >= CHIMNEY_KINDS)
        return NULL;
    uint32_t first = below(m, m->count[kind]);
    for (uint32_t i = 0; i < m->count[kind]; i++) {
        struct thing *t = &m->things[kind][(first + i) % m->count[kind]];
        if ((t->tree == ANY_TREE || t->tree == (uint8_t)(tree - m->trees)) && want(t, tree, lower))
            return t;
    }
    return NULL;
}

/* A tree that terminates names each object once: else the order of answers would count. */
static bool once(const struct thing *t, const struct tree *tree)
{
    return !t->used || tree->operation != CHIMNEY_TERMINATE;
}

static bool want_held(const struct thing *t, const struct tree *tree, const struct thing *lower)
{
    (void)lower;
    return is_held(t) && once(t, tree);
}

static bool want_linked(const struct thing *t, const struct tree *tree, const struct thing *lower)
{
    return is_held(t) && once(t, tree) && t->link == lower;
}

static bool want_off(const struct thing *t, const struct tree *tree, const struct thing *lower)
{
    (void)tree;
    (void)lower;
    return t->state == OFF && !t->used;
}

struct thing *pick_held(struct model *m, const struct tree *tree, uint8_t kind)
{
    return pick(m, tree, kind, want_held, NULL);
}

struct thing *pick_linked(struct model *m, const struct tree *tree, const struct thing *lower)
{
    return pick(m, tree, (uint8_t)(lower->kind + 1), want_linked, lower);
}

struct thing *pick_off(struct model *m, const struct tree *tree, uint8_t kind)
{
    return pick(m, tree, kind, want_off, NULL);
}

/* ---- Several trees at once ------------------------------------------------------------------ */

static const struct thing *bottom(const struct thing *t)
{
    while (t->link)
        t = t->link;
    return t;
}

/* Deal the things out to the trees, so that no two trees meet: each takes whole neighbors. */
static void deal(struct model *m)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < m->count[kind]; i++) {
            struct thing *t = &m->things[kind][i];
            t->used = t->avoid = false;
            t->tree = (uint8_t)(bottom(t)->number % m->tree_count);
        }
    }
}

static bool any_maybe(const struct model *m)
{
    for (uint32_t i = 0; i < m->count[CHIMNEY_PATH]; i++) {
        if (m->things[CHIMNEY_PATH][i].maybe)
            return true;
    }
    return false;
}

static uint8_t any_operation(struct model *m)
{
    static const uint8_t operations[] = {CHIMNEY_INITIATE,  CHIMNEY_INITIATE,  CHIMNEY_INITIATE,
                                         CHIMNEY_UPDATE,    CHIMNEY_UPDATE,    CHIMNEY_UPDATE,
                                         CHIMNEY_UPDATE,    CHIMNEY_QUERY,     CHIMNEY_TERMINATE,
                                         CHIMNEY_TERMINATE, CHIMNEY_INVALIDATE};
    return operations[below(m, sizeof(operations))];
}

/* Who gets the last place must not depend on time: one tree offloads, and then none gives back. */
static uint8_t next_operation(struct model *m, uint32_t i)
{
    uint8_t operation = any_operation(m);
    if (i == 0 || m->trees[0].operation != CHIMNEY_INITIATE)
        return i != 0 && operation == CHIMNEY_INITIATE ? (uint8_t)CHIMNEY_QUERY : operation;
    bool clashes = operation == CHIMNEY_INITIATE || operation == CHIMNEY_TERMINATE;
    return clashes ? (uint8_t)CHIMNEY_UPDATE : operation;
}

void grow_tree(struct model *m, struct tree *tree)
{
    static void (*const growers[])(struct model *, struct tree *) = {
        [CHIMNEY_INITIATE] = grow_initiate,   [CHIMNEY_UPDATE] = grow_update,
        [CHIMNEY_QUERY] = grow_look,          [CHIMNEY_INVALIDATE] = grow_look,
        [CHIMNEY_TERMINATE] = grow_terminate,
    };
    growers[tree->operation](m, tree);
    if (!tree->root)
        hang(m, tree, NULL, PLACEHOLDER, CHIMNEY_NEIGHBOR);
}

void grow(struct model *m)
{
    m->spare_neighbors = false;
    m->spec_count = 0;
    m->tree_count = !m->loose && percent(m, 25) && !any_maybe(m) ? 1 + below(m, 4) : 1;
    deal(m);
    for (uint32_t i = 0; i < m->tree_count; i++) {
        m->trees[i] = (struct tree){.operation = next_operation(m, i)};
        grow_tree(m, &m->trees[i]);
    }
}
