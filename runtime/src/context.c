/* SPDX-License-Identifier: BSD-2-Clause */
/* context.c: what a node says: its type, the state structures behind it, the links it asks for. */

#include "internal.h"

static const struct flue_type_code no_type = {FLUE_NO_BYTE, FLUE_NO_BYTE, 0};

const struct flue_type_code *flue_type_code(const struct flue_target *t, const void *node)
{
    uint32_t type = flue_node_type(t, node);
    return type < t->spec->node->type_code_count ? &t->spec->node->type_codes[type] : &no_type;
}

static uint8_t classes_of(const struct flue_kind *kind)
{
    uint8_t classes = 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (kind->class_bytes[c])
            classes |= FLUE_CLASS_BIT(c);
    return classes;
}

/* Classes of state the operation uses behind a node: those its type names, or none of them. */
static uint8_t used_classes(const struct flue_target *t, const void *node,
                            const struct flue_kind *kind, const struct flue_operation *op)
{
    uint8_t named = flue_type_code(t, node)->classes;
    if (op->state_used == FLUE_USES_ANY)
        return named;
    return (op->state_used & classes_of(kind)) == named ? named : 0;
}

static size_t aligned(size_t bytes, size_t align)
{
    return (bytes + align - 1) & ~(align - 1);
}

/*
 * Each structure starts at the next multiple of states_align behind the one before it. There is
 * none so far: `state` has NULL for each.
 */
static void locate(const struct flue_target *t, const void *node, const struct flue_kind *kind,
                   uint8_t classes, void *state[FLUE_CLASSES])
{
    size_t align = t->spec->node->states_align;
    unsigned char *at = flue_node_at(node, t->spec->node->bytes);
    for (uint32_t left = classes; left; left &= left - 1) {
        unsigned c = lowest_bit(left);
        state[c] = at;
        at += aligned(kind->class_bytes[c], align);
    }
}

static bool lengths_fit(const struct flue_target *t, const struct flue_kind *kind, uint8_t used,
                        void *const state[FLUE_CLASSES])
{
    uint16_t length = t->spec->node->length;
    if (length == FLUE_NO_MEMBER)
        return true;
    for (uint32_t left = used; left; left &= left - 1) {
        unsigned c = lowest_bit(left);
        if (flue_load_u32(flue_node_at(state[c], length)) != kind->class_bytes[c])
            return false;
    }
    return true;
}

/* What a request says of itself is with it: nobody else could tell. */
static bool lacks_arguments(const struct flue_kind *kind, const struct flue_operation *op,
                            uint8_t used)
{
    uint8_t arguments = op->brings & FLUE_CLASS_BIT(FLUE_REQUEST);
    return arguments && kind->class_bytes[FLUE_REQUEST] && !(used & arguments);
}

/* A new object needs all its state; lengths must be the spec's, what is brought must be there. */
bool flue_node_fits(const struct flue_target *t, const void *node, const struct flue_kind *kind,
                    const struct flue_operation *op)
{
    struct flue_guard_context q = {.operation = (uint8_t)(op - t->spec->operations)};
    uint8_t used = used_classes(t, node, kind, op);
    if (op->reaches_new && (flue_node_flags(t, node) & FLUE_NODE_ROLE) == FLUE_NEW &&
        used != (classes_of(kind) & FLUE_ALL_CLASSES))
        return false;
    if (lacks_arguments(kind, op, used))
        return false;
    locate(t, node, kind, used, q.state);
    if (!lengths_fit(t, kind, used, q.state))
        return false;
    if (!kind->validate)
        return true;
    for (uint32_t left = used & ~(uint32_t)op->brings; left; left &= left - 1)
        q.state[lowest_bit(left)] = NULL;
    return kind->validate(&q);
}

/* The object a node names; looked up anew, since it may have gone while the node waited. */
static struct flue_object *named_object(const struct flue_target *t, const void *node)
{
    if ((flue_node_flags(t, node) & FLUE_NODE_ROLE) != FLUE_REFERENCE)
        return flue_node_object(t, node);
    return flue_object_find(t, flue_node_handle(t, node));
}

/* What the node above says of the link: its object; FLUE_NONE where it says nothing. */
static uint32_t linked_above(const struct flue_target *t, const void *node, uint8_t kind)
{
    const void *above = flue_node_above(t, node);
    if (!above || (flue_node_flags(t, above) & FLUE_NODE_ROLE) == FLUE_PLACEHOLDER)
        return FLUE_NONE;
    const struct flue_object *linked = named_object(t, above);
    return linked && linked->kind == kind ? flue_object_index(t, linked) : FLUE_LINK_GONE;
}

/* What the handle in a state structure says of the link. */
static uint32_t linked_by_handle(const struct flue_target *t, const struct flue_link_spec *link,
                                 const void *structure)
{
    if (!structure)
        return FLUE_NONE;
    uint64_t handle = flue_load_u64(flue_node_at(structure, link->at));
    if (!handle)
        return link->optional ? FLUE_LINK_NONE : FLUE_LINK_GONE;
    const struct flue_object *linked = flue_object_find(t, handle);
    return linked && linked->kind == link->to ? flue_object_index(t, linked) : FLUE_LINK_GONE;
}

/* Where the node asks a link to lead, if its operation may move it and it is not so already. */
static uint32_t wanted_link(const struct flue_guard_context *q, const void *node, unsigned link)
{
    const struct flue_target *t = q->target;
    const struct flue_link_spec *spec = &kind_of(t, q->object)->links[link];
    uint32_t to = flue_links(q->object)[link].to, wanted;
    if (!(spec->operations >> q->operation & 1))
        return FLUE_NONE;
    wanted = spec->by == FLUE_NO_BYTE ? linked_above(t, node, spec->to)
                                      : linked_by_handle(t, spec, q->state[spec->by]);
    return wanted == to || (wanted == FLUE_LINK_NONE && to == FLUE_NONE) ? FLUE_NONE : wanted;
}

void flue_guard_context_init(const struct flue_target *t, const struct flue_object *o,
                             const void *node, struct flue_guard_context *q)
{
    unsigned links = kind_of(t, o)->link_count;
    *q = (struct flue_guard_context){.target = t, .object = o, .operation = FLUE_NO_BYTE};
    for (unsigned l = 0; l < links; l++)
        q->new_links[l] = flue_links(o)[l].next;
    if (!node)
        return;
    const struct flue_operation *op = operation_of(t, node);
    q->operation = flue_node_request(t, node)->operation;
    q->asked = used_classes(t, node, kind_of(t, o), op);
    locate(t, node, kind_of(t, o), q->asked, q->state);
    for (unsigned l = 0; l < links && o->node != node; l++)
        q->new_links[l] = wanted_link(q, node, l);
}
