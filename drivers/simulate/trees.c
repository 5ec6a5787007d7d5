/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests: trees for any node layout, with handles, links and values, legal and hostile. */
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { UNWRITTEN = 0x5ca1ab1e };

static const struct flue_spec *spec_of(const struct history *h)
{
    return h->target->spec;
}

static const struct flue_operation *operation_of(const struct history *h, const struct request *r)
{
    return &spec_of(h)->operations[r->operation];
}

static const struct flue_link_spec *link_above(const struct history *h, uint8_t kind)
{
    const struct flue_kind *k = &spec_of(h)->kinds[kind];
    return k->link_count && k->links[0].by == FLUE_NO_BYTE ? &k->links[0] : NULL;
}

static uint8_t classes_of(const struct history *h, uint8_t kind)
{
    uint8_t classes = 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (spec_of(h)->kinds[kind].class_bytes[c])
            classes |= FLUE_CLASS_BIT(c);
    return classes;
}

struct thing *thing_of(struct history *h, uint8_t kind)
{
    const unsigned from = below(h, THINGS);
    for (unsigned i = 0; i < THINGS; i++) {
        struct thing *t = &h->things[(from + i) % THINGS];
        if (t->alive && t->kind == kind)
            return t;
    }
    return NULL;
}

struct thing *thing_at(const struct history *h, uint8_t kind, uint32_t index)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (h->things[i].alive && h->things[i].kind == kind &&
            (uint32_t)h->things[i].handle == index)
            return (struct thing *)(uintptr_t)&h->things[i];
    return NULL;
}

/* ---- What a node says ------------------------ */

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

/* The code that the operation wants to see, or now and then another of the same kind. */
static uint32_t type_code(struct history *h, struct request *r, struct node *n)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    const struct flue_operation *op = operation_of(h, r);
    const uint8_t all = classes_of(h, n->kind);
    const bool any = n->role != FLUE_NEW && (op->state_used == FLUE_USES_ANY || perhaps(h, 8));
    const uint8_t wanted =
        n->role == FLUE_NEW ? all & FLUE_ALL_CLASSES : (uint8_t)(op->state_used & all);
    const unsigned from = below(h, layout->type_code_count);
    uint32_t found = UINT32_MAX;
    for (unsigned i = 0; i < layout->type_code_count; i++) {
        const uint32_t code = (from + i) % layout->type_code_count;
        const struct flue_type_code *c = &layout->type_codes[code];
        if (c->kind != n->kind ||
            (n->variant != FLUE_NO_BYTE && c->variant != FLUE_NO_BYTE && c->variant != n->variant))
            continue;
        if (found == UINT32_MAX || c->classes == wanted)
            found = code;
        if (any || c->classes == wanted)
            break;
    }
    return found;
}

/* A new object's variant: that of the object above, or what its code says. */
void tree_variant(struct history *h, struct request *r, struct node *n)
{
    if (n->thing)
        n->variant = n->thing->variant;
    else if (spec_of(h)->kinds[n->kind].variant_from_link && n->above >= 0)
        n->variant = r->nodes[n->above].variant;
}

static void choose_handles(struct history *h, struct node *n)
{
    const struct flue_kind *k = &spec_of(h)->kinds[n->kind];
    for (unsigned l = 0; l < k->link_count; l++) {
        struct thing *t =
            k->links[l].by == FLUE_NO_BYTE || perhaps(h, k->links[l].optional ? 25 : 3)
                ? NULL
                : thing_of(h, k->links[l].to);
        n->handles[l] = t ? t->handle : 0;
        if (h->plan.hostile && k->links[l].by != FLUE_NO_BYTE && perhaps(h, 4))
            n->handles[l] = chance(h) >> below(h, 40);
    }
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

static void fill(struct history *h, struct request *r, struct node *n)
{
    n->image = value_new(h, n->kind);
    if (n->thing && n->thing->image_count)
        memcpy(n->image, n->thing->images[0].entry, h->target->device->kinds[n->kind].entry_bytes);
    choose_handles(h, n);
    value_choose(h, n->kind, n->variant, n->brings, n->image);
    tree_links(h, r, n);
    tree_write(h, r, n);
}

void tree_classes(struct history *h, struct request *r, struct node *n, uint32_t code)
{
    const struct flue_operation *op = operation_of(h, r);
    const uint8_t named = spec_of(h)->node->type_codes[code].classes;
    const uint8_t wanted = (uint8_t)(op->state_used & classes_of(h, n->kind));
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

static void lay_out(struct history *h, struct request *r, struct node *n)
{
    tree_variant(h, r, n);
    uint32_t code = type_code(h, r, n);
    const uint8_t classes = spec_of(h)->node->type_codes[code].classes;
    if (n->variant == FLUE_NO_BYTE)
        n->variant = spec_of(h)->node->type_codes[code].variant;
    tree_classes(h, r, n, code);
    n->bytes = tree_bytes(h, n, n->role == FLUE_PLACEHOLDER ? 0 : classes);
    n->memory = calloc(1, n->bytes);
    n->before = malloc(n->bytes);
    if (!n->memory || !n->before)
        fail(h, "no memory");
    fill(h, r, n);
    if (h->plan.hostile && n->role != FLUE_PLACEHOLDER && perhaps(h, 2)) {
        code = spec_of(h)->node->type_code_count + below(h, 3);
        n->hostile = true;
    }
    tree_members(h, r, n, code);
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

/* ---- Which nodes ------------------------ */

/* A handle that names nothing, or something else. */
static void spoil(struct history *h, struct node *n)
{
    struct thing *other = &h->things[below(h, THINGS)];
    if (!h->plan.hostile || !perhaps(h, 4))
        return;
    if (other->handle && (!other->alive || other->kind != n->kind) && !other->ending)
        n->named = other->handle;
    else
        n->named = chance(h) | 1u << 31;
    n->thing = NULL;
    n->hostile = true;
}

static int refer(struct history *h, struct request *r, struct thing *t, int above)
{
    const int at = (int)r->count;
    struct node *n = tree_node(r, t->kind, FLUE_REFERENCE, above);
    n->thing = t;
    n->named = t->handle;
    spoil(h, n);
    return at;
}

static bool has_placeholders(const struct history *h)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    return layout->context_points && layout->role[0][0] == FLUE_PLACEHOLDER;
}

/* The node that another one is to hang below; -1 for none. */
static int parent(struct history *h, struct request *r, uint8_t kind, struct thing *child)
{
    const struct flue_link_spec *link = link_above(h, kind);
    const bool creates = operation_of(h, r)->reaches_new;
    if (!link || r->count + 3 > NODES || (!creates && perhaps(h, 50)))
        return -1;
    if (has_placeholders(h) && (!creates || link->optional || perhaps(h, 3)) && perhaps(h, 30)) {
        tree_node(r, link->to, FLUE_PLACEHOLDER, -1);
        return (int)r->count - 1;
    }
    struct thing *t = child && child->image_count && perhaps(h, 60)
                          ? thing_at(h, link->to, entry_of(child->images[0].entry)->links[0])
                          : thing_of(h, link->to);
    if (creates && (!t || perhaps(h, 40))) {
        const int above = parent(h, r, link->to, NULL);
        tree_node(r, link->to, FLUE_NEW, above);
        return (int)r->count - 1;
    }
    return t ? refer(h, r, t, parent(h, r, link->to, t)) : -1;
}

/* Others that depend on a node, below it. */
static void children(struct history *h, struct request *r, int above, unsigned depth)
{
    for (uint8_t k = 0; k < spec_of(h)->kind_count && depth; k++) {
        const struct flue_link_spec *link = link_above(h, k);
        for (unsigned i = 0; link && link->to == r->nodes[above].kind && i < 2; i++) {
            if (r->count >= NODES || !perhaps(h, 35))
                continue;
            struct thing *t = thing_of(h, k);
            const int at = (int)r->count;
            if (operation_of(h, r)->reaches_new && perhaps(h, 80))
                tree_node(r, k, FLUE_NEW, above);
            else if (t)
                refer(h, r, t, above);
            if ((int)r->count > at)
                children(h, r, at, depth - 1);
        }
    }
}

static void plant(struct history *h, struct request *r)
{
    const uint8_t kind = (uint8_t)below(h, spec_of(h)->kind_count);
    const int at = (int)r->count;
    if (operation_of(h, r)->reaches_new) {
        const int above = parent(h, r, kind, NULL);
        if (r->count < NODES)
            tree_node(r, kind, FLUE_NEW, above);
    } else {
        struct thing *t = thing_of(h, kind);
        const int above = t ? parent(h, r, kind, t) : -1;
        if (t && r->count < NODES)
            refer(h, r, t, above);
    }
    if ((int)r->count > at)
        children(h, r, (int)r->count - 1, 2);
}

/* Where all places are taken, that of one that is completed; its memory is looked at first. */
static struct request *free_request(struct history *h)
{
    for (unsigned i = 0; i < REQUESTS; i++)
        if (!h->requests[i].in_use)
            return &h->requests[i];
    for (unsigned i = 0; i < REQUESTS; i++)
        if (h->requests[i].done) {
            tree_check(h, &h->requests[i]);
            tree_free(h, &h->requests[i]);
            return &h->requests[i];
        }
    return NULL;
}

static void count_use(struct request *r)
{
    for (unsigned i = 0; i < r->count; i++) {
        struct node *n = &r->nodes[i];
        if (!n->thing)
            continue;
        n->alone = n->thing->uses == 0;
        n->thing->uses++;
        n->asked = ++n->thing->asked;
    }
}

static void say_request(struct history *h, const struct request *r)
{
    say(h, "host: %s, %u nodes", operation_of(h, r)->name, r->count);
    for (unsigned i = 0; i < r->count; i++) {
        const struct node *n = &r->nodes[i];
        static const char *const roles[LAYOUT_ROLES] = {"placeholder", "new", "reference"};
        say(h, "    node %u below %d: %s %s %llx%s", i, n->above, roles[n->role],
            spec_of(h)->kinds[n->kind].name, (unsigned long long)n->named,
            n->hostile ? ", hostile" : "");
        if (n->brings) {
            char text[600];
            value_text(h, n->kind, n->image, text, sizeof text);
            say(h, "        brings%s", text);
        }
    }
}

static void submit(struct history *h, struct request *r)
{
    for (unsigned i = 0; i < r->count; i++)
        lay_out(h, r, &r->nodes[i]);
    tree_connect(h, r);
    count_use(r);
    r->in_use = true;
    r->submitted = h->moment;
    r->wiped = h->wiped;
    h->under_way++;
    h->submitted++;
    say_request(h, r);
    flue_submit(&h->nic.target, r->operation, r->nodes[0].memory);
    /* Once more while it is under way: nothing comes of it. */
    if (h->plan.hostile && !r->done && perhaps(h, 3))
        flue_submit(&h->nic.target, r->operation, r->nodes[0].memory);
}

/* The first so many; those below them fall off. Nodes stand behind those above them. */
static void prune(struct request *r, unsigned nodes)
{
    if (r->count > nodes)
        r->count = nodes;
    for (unsigned i = 0; i < r->count; i++)
        if (r->nodes[i].first >= (int)r->count)
            r->nodes[i].first = -1;
}

/* Nodes that stand before their parents in the array would be next of nobody: roots come first. */
struct request *tree_submit(struct history *h, uint8_t operation)
{
    struct request *r = free_request(h);
    if (!r)
        return NULL;
    memset(r, 0, sizeof *r);
    r->operation = operation;
    for (unsigned i = 1 + below(h, 2); i && r->count + 4 < NODES; i--)
        plant(h, r);
    prune(r, h->nodes);
    if (!r->count)
        return NULL;
    r->frees = perhaps(h, 25);
    r->echo = !h->echoes && perhaps(h, 10) ? chance(h) | 1 : 0;
    submit(h, r);
    return r;
}

/* One node for one object, as a host does that gives all back. */
bool tree_end(struct history *h, struct thing *t, uint8_t operation)
{
    struct request *r = free_request(h);
    if (!r)
        return false;
    memset(r, 0, sizeof *r);
    r->operation = operation;
    struct node *n = tree_node(r, t->kind, FLUE_REFERENCE, -1);
    n->thing = t;
    n->named = t->handle;
    submit(h, r);
    return true;
}

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
    r->in_use = r->done = false;
}
