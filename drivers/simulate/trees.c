/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a request, for any node layout: nodes, links, structures with values. */
#include <stdlib.h>
#include <string.h>

#include "flue/priv/object.h"

#include "history.h"

static const struct flue_spec *spec_of(const struct history *h)
{
    return h->target->spec;
}

static const struct flue_operation *operation_of(const struct history *h, const struct request *r)
{
    return &spec_of(h)->operations[r->operation];
}

/* That objects of a kind have. */
uint8_t tree_has(const struct history *h, uint8_t kind)
{
    uint8_t classes = 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (spec_of(h)->kinds[kind].class_bytes[c])
            classes |= FLUE_CLASS_BIT(c);
    return classes;
}

struct thing *thing_of(struct history *h, uint8_t kind)
{
    const unsigned from = below(h, h->thing_count);
    for (unsigned i = 0; i < h->thing_count; i++) {
        struct thing *t = &h->things[(from + i) % h->thing_count];
        if (t->alive && t->kind == kind)
            return t;
    }
    return NULL;
}

struct thing *thing_at(const struct history *h, uint8_t kind, uint32_t index)
{
    if (index >= MOST_THINGS || h->by_index[kind][index] >= h->thing_count)
        return NULL;
    const struct thing *t = &h->things[h->by_index[kind][index]];
    const bool is = t->alive && t->kind == kind && (uint32_t)t->handle == index;
    return is ? (struct thing *)(uintptr_t)t : NULL;
}

/* As the spec has it. */
const struct simulate_state *state_at(struct history *h, uint8_t kind, uint32_t index)
{
    const struct flue_object *o = flue_object_at(&h->nic->target, kind, index);
    const char *name = h->target->spec->kinds[kind].states[o->state].name;
    for (unsigned s = 0; s < h->target->kinds[kind].state_count; s++)
        if (strcmp(h->target->kinds[kind].states[s].name, name) == 0)
            return &h->target->kinds[kind].states[s];
    fail(h, "%s %u is in a state that the spec does not have: %s", spec_of(h)->kinds[kind].name,
         index, name);
}

/* ---- What a node says ------------------------ */

void tree_begin(struct history *h, struct request *r, uint8_t operation)
{
    free(r->nodes);
    memset(r, 0, sizeof *r);
    r->operation = operation;
    r->nodes = calloc(h->plan.crowd ? MOST_NODES : NODES, sizeof *r->nodes);
    if (!r->nodes)
        fail(h, "no memory");
}

struct node *tree_node(struct request *r, uint8_t kind, uint8_t role, int above)
{
    struct node *n = &r->nodes[r->count];
    *n = (struct node){.kind = kind, .role = role, .above = above, .first = -1, .last = -1};
    n->variant = FLUE_NO_BYTE;
    if (above >= 0 && r->nodes[above].first < 0)
        r->nodes[above].first = (int)r->count;
    r->count++;
    return n;
}

/* A new object's variant: that of the object above, or what its code says. */
void tree_variant(struct history *h, struct request *r, struct node *n)
{
    if (n->thing)
        n->variant = n->thing->variant;
    else if (spec_of(h)->kinds[n->kind].variant_from_link && n->above >= 0)
        n->variant = r->nodes[n->above].variant;
}

/* Where the links of a new image lead, by what the node brings. */
void tree_links(struct history *h, struct request *r, struct node *n)
{
    const struct flue_kind *k = &spec_of(h)->kinds[n->kind];
    for (unsigned l = 0; l < k->link_count; l++)
        if (k->links[l].by != FLUE_NO_BYTE && (n->brings >> k->links[l].by & 1) &&
            (k->links[l].operations >> r->operation & 1))
            entry_of(n->image)->links[l] = n->handles[l] ? (uint32_t)n->handles[l] : FLUE_NONE;
}

/* The structures behind the node; what it does not bring holds nothing of sense. */
void tree_write(struct history *h, struct request *r, struct node *n)
{
    const struct flue_kind *k = &spec_of(h)->kinds[n->kind];
    for (uint8_t c = 0; c < FLUE_CLASSES; c++) {
        unsigned char *structure = structure_of(h, n, c);
        if (!structure)
            continue;
        memset(structure, n->brings >> c & 1 ? 0 : 0xa5, k->class_bytes[c]);
        if (n->brings >> c & 1)
            value_write(h, n, r->operation, c, structure);
        uint32_t length = k->class_bytes[c];
        if (spec_of(h)->node->length != FLUE_NO_MEMBER)
            memcpy(structure + spec_of(h)->node->length, &length, sizeof length);
    }
}

void tree_classes(struct history *h, struct request *r, struct node *n, uint32_t code)
{
    const struct flue_operation *op = operation_of(h, r);
    const uint8_t named = spec_of(h)->node->type_codes[code].classes;
    const uint8_t wanted = (uint8_t)(op->state_used & tree_has(h, n->kind));
    n->used = op->state_used == FLUE_USES_ANY || named == wanted ? named : 0;
    if (n->role == FLUE_PLACEHOLDER)
        n->used = 0;
    n->brings = n->role == FLUE_PLACEHOLDER || (op->reaches_new && n->role != FLUE_NEW)
                    ? 0
                    : n->used & op->brings;
    n->returns = n->role == FLUE_PLACEHOLDER || op->reaches_new != (n->role == FLUE_NEW) ? 0
                 : op->returns == FLUE_RETURNS_ASKED ? n->used & FLUE_ALL_CLASSES
                                                     : n->used & op->returns;
    n->brings_link = op->brings_link;
}

/* ---- The host's memory ------------------------ */

static void store(unsigned char *at, const void *from, size_t bytes)
{
    memcpy(at, from, bytes);
}

static void set_role(const struct flue_node_layout *layout, struct node *n)
{
    for (unsigned p = 2; p-- > 0;)
        for (unsigned v = 0; v < 2; v++) {
            if (layout->role[p][v] != n->role || (v != 0) != (n->named != 0))
                continue;
            n->cell = n->named;
            const void *cell = p ? (const void *)&n->cell : NULL;
            if (layout->context_points)
                store(n->memory + layout->context, &cell, sizeof cell);
            else
                store(n->memory + layout->context, &n->named, sizeof n->named);
            return;
        }
}

static struct heard *heard_of_new(struct history *h, uint8_t kind)
{
    struct heard *heard = &h->heard[h->heard_count++ % HEARD];
    *heard = (struct heard){.history = h, .kind = kind};
    return heard;
}

void tree_members(struct history *h, struct request *r, struct node *n, uint32_t code)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    const uint32_t status = UNWRITTEN;
    store(n->memory + layout->status, &status, sizeof status);
    store(n->memory + layout->type, &code, layout->type_bytes);
    set_role(layout, n);
    if (layout->host_handle != FLUE_NO_MEMBER) {
        const bool creates = n->role == FLUE_NEW && operation_of(h, r)->reaches_new;
        n->heard = creates ? heard_of_new(h, n->kind) : n->thing ? n->thing->heard : NULL;
        const void *cookie = n->heard;
        store(n->memory + layout->host_handle, &cookie, sizeof cookie);
    }
    for (unsigned w = 0; w < 4 && perhaps(h, 50); w++)
        store(n->memory + layout->scratch[w], &h->scratch[w], sizeof h->scratch[w]);
}

size_t tree_bytes(const struct history *h, const struct node *n, uint8_t classes)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    size_t bytes = layout->bytes;
    for (unsigned c = 0; c < FLUE_CLASSES; c++) {
        const size_t more = spec_of(h)->kinds[n->kind].class_bytes[c];
        if (classes >> c & 1)
            bytes +=
                (more + layout->states_align - 1) / layout->states_align * layout->states_align;
    }
    return bytes;
}

/* Next and dependents, once every node has its place. */
void tree_connect(struct history *h, struct request *r)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    for (unsigned i = 0; i < r->count; i++) {
        struct node *n = &r->nodes[i];
        void *next = NULL, *first = n->first >= 0 ? r->nodes[n->first].memory : NULL;
        for (unsigned k = i + 1; k < r->count && !next; k++)
            if (r->nodes[k].above == n->above)
                next = r->nodes[k].memory;
        store(n->memory + layout->next, &next, sizeof next);
        store(n->memory + layout->dependents, &first, sizeof first);
        memcpy(n->before, n->memory, n->bytes);
    }
}

/* ---- Afterwards ------------------------ */

uint64_t tree_hash(const struct request *r)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (unsigned i = 0; i < r->count; i++) {
        for (size_t b = 0; b < r->nodes[i].bytes; b++)
            hash = (hash ^ r->nodes[i].memory[b]) * UINT64_C(0x100000001b3);
        hash = (hash ^ r->nodes[i].cell) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* What came back is the host's: nobody has written to it since. */
void tree_check(struct history *h, const struct request *r)
{
    if (tree_hash(r) != r->hash)
        fail(h, "the memory of %s was written to after its completion",
             h->target->spec->operations[r->operation].name);
}

void tree_free(struct history *h, struct request *r)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    for (unsigned w = 0; w < 4; w++)
        memcpy(&h->scratch[w], r->nodes[0].memory + layout->scratch[w], sizeof h->scratch[w]);
    for (unsigned i = 0; i < r->count; i++) {
        for (unsigned k = 0; k < r->nodes[i].named_count; k++)
            free(r->nodes[i].named_bytes[k]);
        free(r->nodes[i].memory);
        free(r->nodes[i].before);
        free(r->nodes[i].image);
    }
    free(r->nodes);
    r->nodes = NULL;
    r->in_use = r->done = false;
}
