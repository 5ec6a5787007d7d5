/* SPDX-License-Identifier: BSD-2-Clause */
/* status.c: a node's own part gets its status; finished nodes roll up into the one above. */

#include "internal.h"

static bool role_fits(const struct flue_roll_up *line, unsigned flags)
{
    return line->role == (flags & FLUE_NODE_ROLE);
}

static bool own_fits(const struct flue_roll_up *line, bool good)
{
    return line->own == FLUE_OWN_ANY || (line->own == FLUE_OWN_GOOD) == good;
}

static bool dependents_fit(const struct flue_roll_up *line, unsigned flags)
{
    bool some_good = (flags & FLUE_NODE_SOME_GOOD) != 0,
         some_bad = (flags & FLUE_NODE_SOME_BAD) != 0;
    switch (line->dependents) {
    case FLUE_DEPENDENTS_SOME_BAD:
        return some_bad;
    case FLUE_DEPENDENTS_ALL_GOOD:
        return !some_bad;
    case FLUE_DEPENDENTS_ALL_BAD:
        return some_bad && !some_good;
    default:
        return true;
    }
}

/* The first line of the operation's table that fits; the compiler saw to it that one does. */
static uint8_t rolled_up(const struct flue_target *t, const void *node, unsigned flags)
{
    const struct flue_operation *op = operation_of(t, node);
    uint8_t own = (uint8_t)((flags & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT);
    bool good = t->spec->statuses[own].good;
    for (unsigned i = 0; i < op->roll_up_count; i++) {
        const struct flue_roll_up *line = &op->roll_up[i];
        if (role_fits(line, flags) && own_fits(line, good) && dependents_fit(line, flags))
            return line->status == FLUE_STATUS_OWN ? own : line->status;
    }
    return own;
}

static bool finish(struct flue_target *t, void *node)
{
    const struct flue_operation *op = operation_of(t, node);
    uint8_t status = rolled_up(t, node, flue_node_flags(t, node));
    if (op->null_after != FLUE_NO_MEMBER)
        flue_store_pointer(flue_node_at(node, op->null_after), NULL);
    flue_step_status(t->spec->node, t, node, status, t->spec->statuses[status].value,
                     flue_traced(t));
    return t->spec->statuses[status].good;
}

/* A node is listed to be started; its request has something to do. */
static void make_ready(struct flue_target *t, struct flue_request *r, void *node, bool first)
{
    if (first)
        flue_node_list_push(t, &r->ready, node);
    else
        flue_node_list_append(t, &r->ready, node);
    flue_request_line_up(t, r);
}

/* One part of what the node waits for: dependents, its own part, the walk. True for the last. */
static bool complete_part(struct flue_target *t, void *node)
{
    uint32_t pending = flue_step_pending_dec(t->spec->node, node);
    if (pending != 1)
        return pending == 0;
    unsigned flags = flue_node_flags(t, node);
    if ((flags & FLUE_NODE_WAITING) && operation_of(t, node)->order == FLUE_DEPENDENTS_FIRST)
        make_ready(t, flue_node_request(t, node), node, false);
    else if (flags & FLUE_NODE_LAST)
        flue_together_last(t, node);
    return false;
}

/* Statuses from a node that waits for nothing up, as far as they are due; a long way in pieces. */
static void finish_up(struct flue_target *t, void *node)
{
    for (unsigned levels = FLUE_LEVELS; levels; levels--) {
        bool good = finish(t, node);
        if (operation_of(t, node)->reaches_dependents)
            flue_reach_finished(t, node, good);
        void *above = flue_node_above(t, node);
        if (!above) {
            flue_root_done(t, flue_node_request(t, node));
            return;
        }
        flue_step_fared(t->spec->node, above, good);
        if (!complete_part(t, above))
            return;
        node = above;
    }
    flue_node_request(t, node)->open++;
    flue_node_list_append(t, &t->finished, node);
}

void flue_node_release(struct flue_target *t, void *node)
{
    if (complete_part(t, node))
        finish_up(t, node);
}

bool flue_nodes_finish(struct flue_target *t)
{
    bool progress = false;
    for (void *node; t->budget && (node = flue_node_list_pop(t, &t->finished)) != NULL;
         t->budget--) {
        struct flue_request *r = flue_node_request(t, node);
        finish_up(t, node);
        r->open--;
        flue_request_look(t, r);
        progress = true;
    }
    return progress;
}

/* Dependents that waited for the node's own part come next, depth first. */
static void begin_dependents(struct flue_target *t, struct flue_request *r, void *node)
{
    void *first = flue_node_dependents(t, node);
    if (first && flue_node_visited(t, first, r->serial) && flue_node_above(t, first) == node &&
        (flue_node_flags(t, first) & FLUE_NODE_WAITING))
        make_ready(t, r, first, true);
}

/* The node's own part is over. */
void flue_node_settle(struct flue_target *t, void *node, uint8_t status)
{
    unsigned flags = flue_node_flags(t, node);
    FLUE_ASSERT(!(flags & FLUE_NODE_OWN_DONE));
    flags &= ~(unsigned)(FLUE_NODE_WAITING | FLUE_NODE_OWN_MASK);
    flags |= FLUE_NODE_OWN_DONE | (unsigned)status << FLUE_NODE_OWN_SHIFT;
    flue_node_set_flags(t, node, flags);
    struct flue_request *r = flue_node_request(t, node);
    if (__builtin_expect(r == t->together.request, 0))
        flue_together_settled(t, node, t->spec->statuses[status].good);
    if (t->spec->operations[r->operation].order == FLUE_PARENTS_FIRST) {
        if (!(flue_node_flags(t, node) & FLUE_NODE_PREPARED)) /* then they had their turn */
            begin_dependents(t, r, node);
        r->open--;
    }
    flue_node_release(t, node);
    flue_request_look(t, r);
}

/* All is done for the node's object, which waits for what becomes of the request. */
void flue_node_prepared(struct flue_target *t, void *node)
{
    struct flue_request *r = flue_node_request(t, node);
    flue_together_prepared(t, r, node);
    if (t->spec->operations[r->operation].order == FLUE_PARENTS_FIRST)
        begin_dependents(t, r, node);
    flue_request_look(t, r);
}
