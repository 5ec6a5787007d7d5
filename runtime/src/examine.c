/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * examine.c: what a visit finds wrong with a node: its type, its object, the layer, the link, the
 * ways on. No status is written here: it is a verdict, given when the node's turn comes.
 */

#include "internal.h"

uint8_t flue_misuse(const struct flue_target *t, uint64_t *counter)
{
    ++*counter;
    return t->spec->stale_handle;
}

static bool is_placeholder(const struct flue_target *t, const void *node)
{
    return (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_PLACEHOLDER;
}

/* The kind's link to the object of the node above, or NULL. */
static const struct flue_link_spec *link_above(const struct flue_kind *kind)
{
    return kind->link_count && kind->links[0].by == FLUE_NO_BYTE ? &kind->links[0] : NULL;
}

/* The layer fits: the node above is an object this kind links to, or says nothing. */
static bool layer_fits(const struct flue_target *t, const struct flue_kind *kind, const void *above,
                       bool must_link)
{
    const struct flue_link_spec *link = link_above(kind);
    if (!above || is_placeholder(t, above))
        return !link || link->optional || !must_link;
    const struct flue_object *o = flue_node_object(t, above);
    return o ? link && o->kind == link->to : !must_link;
}

/* The operation is not about objects of this kind, and their machines know nothing of it. */
static bool is_others(const struct flue_operation *op, uint8_t kind)
{
    return op->others >> kind & 1;
}

static uint8_t examine_new(struct flue_target *t, struct flue_request *r, void *node,
                           const void *above)
{
    const struct flue_operation *op = &t->spec->operations[r->operation];
    const struct flue_type_code *type = flue_type_code(t, node);
    if (!op->reaches_new)
        return flue_misuse(t, &t->stats.bad_trees);
    if (type->kind == FLUE_NO_BYTE)
        return flue_misuse(t, &t->stats.bad_types);
    if (is_others(op, type->kind))
        return op->others_status;
    const struct flue_kind *kind = &t->spec->kinds[type->kind];
    if (!flue_node_fits(t, node, kind, op))
        return flue_misuse(t, &t->stats.bad_types);
    unsigned over = above ? flue_node_flags(t, above) : 0;
    /* Which node gets an object must not depend on answers: only what needs none counts. */
    if ((over & FLUE_NODE_OWN_DONE) && !(over & FLUE_NODE_ASKED) &&
        !t->spec->statuses[(over & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT].good)
        return op->parent_failed;
    if (!layer_fits(t, kind, above, true))
        return flue_misuse(t, &t->stats.bad_trees);
    struct flue_object *o = flue_object_allocate(t, type->kind);
    if (!o)
        return kind->full_status;
    o->variant = kind->variant_from_link ? flue_node_object(t, above)->variant : type->variant;
    o->touched = r->serial; /* until it is started; see unreachable.c */
    flue_node_set_object(t, node, o);
    return FLUE_STATUS_NONE;
}

/* A link that this operation cannot move must be as the tree says. */
static bool link_fits(const struct flue_target *t, const struct flue_request *r,
                      const struct flue_object *o, const void *above)
{
    const struct flue_link_spec *link = link_above(kind_of(t, o));
    if (!t->spec->operations[r->operation].brings_link || !link ||
        (link->operations >> r->operation & 1) || !above || is_placeholder(t, above))
        return true;
    const struct flue_object *linked = flue_node_object(t, above);
    return linked && flue_object_index(t, linked) == flue_links(o)[0].to;
}

static uint8_t examine_reference(struct flue_target *t, struct flue_request *r, void *node,
                                 const void *above)
{
    const struct flue_operation *op = &t->spec->operations[r->operation];
    struct flue_object *o = flue_object_find(t, flue_node_handle(t, node));
    if (!o)
        return flue_misuse(t, &t->stats.stale);
    if (is_others(op, o->kind) && !op->reaches_new)
        return op->others_status;
    const struct flue_type_code *type = flue_type_code(t, node);
    const struct flue_kind *kind = kind_of(t, o);
    if (type->kind != o->kind || (type->variant != FLUE_NO_BYTE && type->variant != o->variant) ||
        !flue_node_fits(t, node, kind, op))
        return flue_misuse(t, &t->stats.bad_types);
    if (!layer_fits(t, kind, above, false) || !link_fits(t, r, o, above))
        return flue_misuse(t, &t->stats.bad_trees);
    flue_node_set_object(t, node, o);
    return op->reaches_new ? t->spec->success : FLUE_STATUS_NONE;
}

/* A tree is a tree: the ways on from this node lead to nodes not seen yet. */
static bool ways_lead_on(const struct flue_target *t, const void *node)
{
    const void *dependents = flue_node_dependents(t, node), *next = flue_node_next(t, node);
    return !(dependents && flue_node_stamped(t, dependents)) &&
           !(next && flue_node_stamped(t, next));
}

/* What reaches dependents has one node: those that it reaches are no part of the host's tree. */
static bool is_alone(const struct flue_target *t, const struct flue_request *r, const void *node)
{
    return node == r->root && !flue_node_next(t, node) && !flue_node_dependents(t, node) &&
           (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_REFERENCE;
}

uint8_t flue_examine(struct flue_target *t, struct flue_request *r, void *node, const void *above)
{
    unsigned role = flue_node_flags(t, node) & FLUE_NODE_ROLE;
    if (!ways_lead_on(t, node) || (flue_reaches_dependents(t, r) && !is_alone(t, r, node)))
        return flue_misuse(t, &t->stats.bad_trees);
    if (role == FLUE_PLACEHOLDER)
        return t->spec->success;
    return role == FLUE_NEW ? examine_new(t, r, node, above) : examine_reference(t, r, node, above);
}
