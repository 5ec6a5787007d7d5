/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host. It keeps to the rules: no two trees of a phase concern one object, or objects that
 * stand on each other; an object that it has no handle of is not named.
 */
#include <stdlib.h>
#include <string.h>

#include "flue/priv/object.h"
#include "pace.h"

struct cell {
    struct grid_node node;
    uint64_t state[2]; /* const and cached, 8 bytes each at the most */
    uint32_t name;
};

static const uint8_t all_of[KINDS] = {GRID_TYPE_PORT_ALL, GRID_TYPE_ROUTE_ALL, GRID_TYPE_FLOW_ALL};
static const uint8_t cached_of[KINDS] = {GRID_TYPE_PORT_CACHED, GRID_TYPE_ROUTE_CACHED,
                                         GRID_TYPE_FLOW_CACHED};
static const uint8_t const_of[KINDS] = {GRID_TYPE_PORT_CONST, GRID_TYPE_ROUTE_CONST,
                                        GRID_TYPE_FLOW_CONST};

static struct cell *cell_of(struct grid_node *node)
{
    return (struct cell *)(void *)node;
}

static struct grid_node *node_of(struct world *w, uint32_t name, uint8_t type)
{
    struct cell *c = calloc(1, sizeof(*c));
    if (!c)
        abort();
    c->name = name;
    c->node.Kind = type;
    c->node.Place = &w->things[name].cell;
    c->node.Cookie = &w->things[name];
    c->node.Status = 1;
    return &c->node;
}

static struct grid_node *hang(struct grid_node *above, struct grid_node *node)
{
    struct grid_node **at = &above->Dependents;
    while (*at)
        at = &(*at)->Next;
    return *at = node;
}

/* A node about what the host has, for this phase's operation. */
static struct grid_node *about(struct world *w, uint64_t *dice, uint32_t name)
{
    uint8_t kind = w->things[name].kind;
    bool values = w->operation == GRID_CHANGE && prng_below(dice, 3);
    struct grid_node *node = node_of(w, name, values ? cached_of[kind] : const_of[kind]);
    for (unsigned i = 0; values && i < 2; i++)
        memcpy((char *)cell_of(node)->state + i * sizeof(uint32_t),
               &(uint32_t){prng_below(dice, 4)}, sizeof(uint32_t));
    return node;
}

static uint32_t new_name(struct world *w, uint8_t kind)
{
    if (w->names == MOST - 1)
        return 0;
    w->things[++w->names] = (struct thing){.kind = kind};
    return w->names;
}

static struct grid_node *fresh(struct world *w, uint64_t *dice, uint8_t kind)
{
    uint32_t name = new_name(w, kind);
    struct grid_node *node = node_of(w, name, all_of[kind]);
    uint32_t values[4] = {name, 0, prng_below(dice, 4), prng_below(dice, 4)};
    memcpy(cell_of(node)->state, values, sizeof(values));
    return node;
}

static void fresh_below(struct world *w, uint64_t *dice, struct grid_node *above, uint8_t kind)
{
    uint32_t count = 1 + prng_below(dice, kind == GRID_FLOW ? 8 : 4);
    while (count-- && w->names < MOST - 1) {
        struct grid_node *node = hang(above, fresh(w, dice, kind));
        if (kind + 1 < KINDS)
            fresh_below(w, dice, node, (uint8_t)(kind + 1));
    }
}

static bool stands_on(const struct world *w, uint32_t name, uint32_t link)
{
    return w->things[name].held && w->things[name].link == link;
}

/* New ones below a port that is new, or that is there; below a route of that one, too. */
static struct grid_node *creation(struct world *w, uint64_t *dice, uint32_t port)
{
    struct grid_node *root = port ? about(w, dice, port) : fresh(w, dice, GRID_PORT);
    for (uint32_t name = 1, last = w->names; port && name <= last; name++)
        if (stands_on(w, name, port) && prng_below(dice, 2))
            fresh_below(w, dice, hang(root, about(w, dice, name)), GRID_FLOW);
    if (!port || prng_below(dice, 2))
        fresh_below(w, dice, root, GRID_ROUTE);
    return root;
}

/* What stands on the port and is not left out; routes of `other` move to the port. */
static struct grid_node *selection(struct world *w, uint64_t *dice, uint32_t port, uint32_t other)
{
    struct grid_node *root = about(w, dice, port);
    uint32_t few = 2 + prng_below(dice, 3);
    if (other)
        root->Kind = GRID_TYPE_PORT_CONST;
    for (uint32_t route = 1; route <= w->names; route++) {
        if (!stands_on(w, route, other ? other : port) || !prng_below(dice, few))
            continue;
        struct grid_node *node = hang(root, about(w, dice, route));
        for (uint32_t flow = 1; flow <= w->names; flow++)
            if (stands_on(w, flow, route) && prng_below(dice, few))
                hang(node, about(w, dice, flow));
    }
    return root;
}

/* Without what is above it, now and then: only some of the routes, as roots in a row. */
static struct grid_node *without_port(struct grid_node *root)
{
    struct grid_node *rest = root->Dependents;
    if (!rest)
        return root;
    free(root);
    return rest;
}

void ask(struct world *w, uint64_t *dice, uint32_t port, uint32_t other)
{
    struct tree *tree = calloc(1, sizeof(*tree)), **last = &w->trees;
    if (!tree)
        abort();
    tree->operation = w->operation;
    tree->root =
        w->operation == GRID_CREATE ? creation(w, dice, port) : selection(w, dice, port, other);
    if (w->operation != GRID_CREATE && !other && prng_below(dice, 3))
        tree->root = without_port(tree->root);
    while (*last)
        last = &(*last)->next;
    *last = tree;
    w->submitted++;
    flue_submit(&w->target.flue, tree->operation, tree->root);
}

/* ---- What comes back ----------------------------------------------------------------------- */

static void learn_node(struct world *w, const struct tree *tree, struct grid_node *node,
                       uint32_t above)
{
    uint32_t name = cell_of(node)->name;
    struct thing *t = &w->things[name];
    note(w, "phase %u, operation %u, %u below %u: %d\n", w->phase, tree->operation, name, above,
         node->Status);
    if (node->Status != GRID_STATUS_SUCCESS)
        return;
    if (tree->operation == GRID_CREATE)
        t->held = true;
    if ((tree->operation == GRID_CREATE || tree->operation == GRID_CHANGE) && above)
        t->link = above;
    if (tree->operation == GRID_DESTROY)
        t->held = false;
}

static void learn_list(struct world *w, const struct tree *tree, struct grid_node *node,
                       uint32_t above)
{
    while (node) {
        struct grid_node *next = node->Next;
        learn_node(w, tree, node, above);
        learn_list(w, tree, node->Dependents, cell_of(node)->name);
        free(node);
        node = next;
    }
}

void learn(struct world *w)
{
    while (w->trees) {
        struct tree *tree = w->trees;
        w->trees = tree->next;
        learn_list(w, tree, tree->root, 0);
        free(tree);
    }
}

static void completed(void *host_handle, struct grid_node *root)
{
    (void)root;
    ((struct world *)host_handle)->completed++;
}

const struct grid_completions host_completions = {completed, completed, completed, completed,
                                                  completed};

static void told(void *handle, uint32_t code)
{
    ((struct thing *)handle)->told[code]++;
}

const struct grid_indications host_indications = {told};

void host_print(struct world *w)
{
    for (uint32_t name = 1; name <= w->names; name++) {
        const struct thing *t = &w->things[name];
        const struct flue_object *o =
            flue_object_at(&w->target.flue, t->kind, (uint32_t)(uintptr_t)t->cell);
        note(w, "host has %u: %s, marks %x, told %u %u %u\n", name,
             !t->held ? "nothing" : w->target.flue.spec->kinds[t->kind].states[o->state].name,
             t->held ? o->marks & 15u : 0u, t->told[1] + t->told[3], t->told[2] + t->told[4],
             t->told[5]);
    }
}
