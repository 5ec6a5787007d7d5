/* SPDX-License-Identifier: BSD-2-Clause */
/* Random trees, by operation. */
#include "grow.h"

static const uint8_t one_class[] = {CONST, CACHED, DELEGATED, ALL};

static uint8_t any_class(struct model *m)
{
    return one_class[below(m, 4)];
}

/* ---- Initiate ------------------------------------------------------------------------------ */

static void initiate_below(struct model *m, struct tree *tree, struct tree_spec *up);

static void initiate_new(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    struct thing *t = pick_off(m, tree, kind);
    if (!t)
        return;
    if (kind == CHIMNEY_TCP)
        t->ipv6 = up && up->thing && up->thing->ipv6;
    struct tree_spec *b = hang_thing(m, tree, up, NEW, t, ALL);
    if (b)
        initiate_below(m, tree, b);
}

/* A linker stands where its link is, or where nothing is said of it. */
static void initiate_linker(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    struct thing *t = up && up->what == HELD          ? pick_linked(m, tree, up->thing)
                      : up && up->what != PLACEHOLDER ? NULL
                                                      : pick_held(m, tree, kind);
    struct tree_spec *b = t ? hang_thing(m, tree, up, HELD, t, any_class(m)) : NULL;
    if (b)
        initiate_below(m, tree, b);
}

static void initiate_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    uint32_t dice = below(m, 100), linkers = kind == CHIMNEY_TCP ? 8 : 35;
    if (dice < linkers) {
        initiate_linker(m, tree, up, kind);
    } else if (dice < 85) {
        initiate_new(m, tree, up, kind);
    } else if (dice < 95 && kind != CHIMNEY_TCP) {
        struct tree_spec *b = hang(m, tree, up, PLACEHOLDER, kind);
        if (b)
            initiate_below(m, tree, b);
    } else if (dice >= 97) {
        struct tree_spec *b = hang_wrong(m, tree, up, kind);
        if (b && kind != CHIMNEY_TCP && b->kind == kind)
            initiate_below(m, tree, b);
    }
}

static void initiate_below(struct model *m, struct tree *tree, struct tree_spec *up)
{
    uint8_t kind = (uint8_t)(up->kind + 1);
    uint32_t many = kind < CHIMNEY_KINDS ? below(m, 5) : 0;
    for (uint32_t i = 0; i < many; i++)
        initiate_node(m, tree, up, kind);
}

void grow_initiate(struct model *m, struct tree *tree)
{
    uint32_t roots = 1 + below(m, 3);
    for (uint32_t i = 0; i < roots; i++)
        initiate_node(m, tree, NULL,
                      percent(m, 85) ? (uint8_t)CHIMNEY_NEIGHBOR : (uint8_t)below(m, 3));
}

/* ---- Update -------------------------------------------------------------------------------- */

static void update_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind);

static struct thing *update_thing(struct model *m, struct tree *tree, const struct tree_spec *up,
                                  uint8_t kind)
{
    bool own = up && up->what == HELD && percent(m, kind == CHIMNEY_TCP ? 90 : 35);
    struct thing *t = own ? pick_linked(m, tree, up->thing) : pick_held(m, tree, kind);
    return t && m->interleaved && t->used ? NULL : t; /* then order would matter */
}

static void update_below(struct model *m, struct tree *tree, struct tree_spec *up)
{
    uint8_t kind = (uint8_t)(up->kind + 1);
    uint32_t many = kind < CHIMNEY_KINDS ? below(m, 4) : 0;
    for (uint32_t i = 0; i < many; i++)
        update_node(m, tree, up, kind);
    if (up->kind == CHIMNEY_NEIGHBOR && up->what == HELD && up->first)
        m->spare_neighbors = true;
}

static void update_new(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    struct thing *t = pick_off(m, tree, kind);
    struct tree_spec *b = t ? hang_thing(m, tree, up, NEW, t, ALL) : NULL;
    if (b && tree->operation == CHIMNEY_UPDATE)
        update_below(m, tree, b);
}

static void update_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    uint32_t dice = below(m, 100);
    struct thing *t = dice < 84 ? update_thing(m, tree, up, kind) : NULL;
    struct tree_spec *b = NULL;
    if (t)
        b = hang_thing(m, tree, up, HELD, t, percent(m, 70) ? (uint8_t)CACHED : any_class(m));
    else if (dice >= 84 && dice < 94)
        b = hang(m, tree, up, PLACEHOLDER, kind);
    else if (dice >= 94 && dice < 97)
        hang_wrong(m, tree, up, kind);
    else if (dice >= 97)
        update_new(m, tree, up, kind);
    if (b)
        update_below(m, tree, b);
}

void grow_update(struct model *m, struct tree *tree)
{
    uint32_t roots = 1 + below(m, 3);
    for (uint32_t i = 0; i < roots; i++)
        update_node(m, tree, NULL,
                    percent(m, 70) ? (uint8_t)CHIMNEY_NEIGHBOR : (uint8_t)below(m, 3));
}

/* ---- Query, invalidate --------------------------------------------------------------------- */

static void look_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    uint32_t dice = below(m, 100);
    struct thing *t = dice < 84 ? update_thing(m, tree, up, kind) : NULL;
    struct tree_spec *b = NULL;
    if (t)
        b = hang_thing(m, tree, up, HELD, t, any_class(m));
    else if (dice >= 84 && dice < 95)
        b = hang(m, tree, up, PLACEHOLDER, kind);
    else if (dice >= 95 && dice < 98)
        hang_wrong(m, tree, up, kind);
    else if (dice >= 98)
        update_new(m, tree, up, kind);
    uint32_t many = b && kind != CHIMNEY_TCP ? below(m, 3) : 0;
    for (uint32_t i = 0; i < many; i++)
        look_node(m, tree, b, (uint8_t)(kind + 1));
}

void grow_look(struct model *m, struct tree *tree)
{
    uint32_t roots = 1 + below(m, tree->operation == CHIMNEY_INVALIDATE ? 2 : 4);
    for (uint32_t i = 0; i < roots; i++)
        look_node(m, tree, NULL, (uint8_t)below(m, 3));
}

/* ---- Terminate ----------------------------------------------------------------------------- */

/*
 * What is named outside of the tree of what it links to goes at its own time. So what it links to
 * must not be in the tree at all.
 */
static struct tree_spec *terminate_thing(struct model *m, struct tree *tree, struct tree_spec *up,
                                         struct thing *t)
{
    bool in_place = t->link && up && up->thing == t->link;
    if (t->avoid || (t->link && t->link->used && !in_place) || (t->maybe && t->maybe->used))
        return NULL;
    if (t->link && !in_place)
        t->link->avoid = true;
    if (t->maybe)
        t->maybe->avoid = true;
    return hang_thing(m, tree, up, HELD, t, percent(m, 60) ? (uint8_t)DELEGATED : any_class(m));
}

static void terminate_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind);

static void terminate_below(struct model *m, struct tree *tree, struct tree_spec *up)
{
    uint8_t kind = (uint8_t)(up->kind + 1);
    uint32_t many = kind < CHIMNEY_KINDS ? below(m, 6) : 0;
    for (uint32_t i = 0; i < many; i++)
        terminate_node(m, tree, up, kind);
    for (struct thing *t; up->what == HELD && kind < CHIMNEY_KINDS && percent(m, 85) &&
                          (t = pick_linked(m, tree, up->thing));) {
        struct tree_spec *b = terminate_thing(m, tree, up, t);
        if (!b)
            return;
        terminate_below(m, tree, b);
    }
}

static void terminate_node(struct model *m, struct tree *tree, struct tree_spec *up, uint8_t kind)
{
    uint32_t dice = below(m, 100);
    struct thing *t = NULL;
    struct tree_spec *b = NULL;
    if (dice < 84)
        t = up && up->what == HELD && dice < 75 ? pick_linked(m, tree, up->thing)
                                                : pick_held(m, tree, kind);
    if (t)
        b = terminate_thing(m, tree, up, t);
    else if (dice >= 84 && dice < 95)
        b = hang(m, tree, up, PLACEHOLDER, kind);
    else if (dice >= 97)
        hang_wrong(m, tree, up, kind);
    if (b)
        terminate_below(m, tree, b);
}

void grow_terminate(struct model *m, struct tree *tree)
{
    uint32_t roots = 1 + below(m, 2);
    for (uint32_t i = 0; i < roots; i++)
        terminate_node(m, tree, NULL, (uint8_t)below(m, 3));
}
