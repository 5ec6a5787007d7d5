/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests by chance: which nodes, below which, legal and hostile; and how they are submitted. */
#include <stdlib.h>
#include <string.h>

#include "history.h"

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

/* ---- What a node says ------------------------ */

/* The code that the operation wants to see, or now and then another of the same kind. */
static uint32_t type_code(struct history *h, struct request *r, struct node *n)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    const struct flue_operation *op = operation_of(h, r);
    const uint8_t all = tree_has(h, n->kind);
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

/* A structure that says to be shorter than it is. */
static void shorten(struct history *h, struct node *n)
{
    const uint32_t length = below(h, 8);
    for (uint8_t c = 0; c < FLUE_CLASSES && spec_of(h)->node->length != FLUE_NO_MEMBER; c++) {
        unsigned char *structure = structure_of(h, n, c);
        if (!structure)
            continue;
        memcpy(structure + spec_of(h)->node->length, &length, sizeof length);
        n->hostile = true;
    }
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
    if (h->plan.hostile && n->role == FLUE_REFERENCE && n->used && perhaps(h, 4))
        shorten(h, n);
    if (h->plan.hostile && n->role != FLUE_PLACEHOLDER && perhaps(h, 2)) {
        code = spec_of(h)->node->type_code_count + below(h, 3);
        n->hostile = true;
    }
    tree_members(h, r, n, code);
}

/* ---- Which nodes ------------------------ */

/* A handle that names nothing, or something else. */
static void spoil(struct history *h, struct node *n)
{
    struct thing *other = &h->things[below(h, h->thing_count)];
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
    if (!link || r->count + 3 > h->nodes || (!creates && perhaps(h, 50)))
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

static bool is_named(const struct request *r, const struct thing *t)
{
    for (unsigned i = 0; i < r->count; i++)
        if (r->nodes[i].thing == t)
            return true;
    return false;
}

/* One that stands on the object of a node, mostly; else any, which is to move there. */
static struct thing *thing_below(struct history *h, const struct request *r,
                                 const struct node *above, uint8_t kind)
{
    const unsigned from = below(h, h->thing_count);
    const bool stays = perhaps(h, 70);
    for (unsigned i = 0; i < h->thing_count && above->thing && stays; i++) {
        struct thing *t = &h->things[(from + i) % h->thing_count];
        if (t->alive && t->kind == kind && t->image_count &&
            entry_of(t->images[0].entry)->links[0] == (uint32_t)above->thing->handle &&
            !is_named(r, t))
            return t;
    }
    return thing_of(h, kind);
}

/* One of which the node above is not what it stands on, and of which the operation is. */
static void misplace(struct history *h, struct request *r, int above)
{
    const uint8_t kind = (uint8_t)below(h, spec_of(h)->kind_count);
    const struct flue_link_spec *link = link_above(h, kind);
    struct thing *t = thing_of(h, kind);
    if (!t || (link && link->to == r->nodes[above].kind) || !r->nodes[above].thing ||
        r->count >= h->nodes || (operation_of(h, r)->others >> kind & 1))
        return;
    r->nodes[refer(h, r, t, above)].misplaced = true;
}

/* Others that depend on a node, below it. */
static void children(struct history *h, struct request *r, int above, unsigned depth)
{
    if (h->plan.hostile && perhaps(h, 3))
        misplace(h, r, above);
    const unsigned most = h->plan.many ? 1 + below(h, h->plan.crowd ? 40 : 12) : 2;
    for (uint8_t k = 0; k < spec_of(h)->kind_count && depth; k++) {
        const struct flue_link_spec *link = link_above(h, k);
        for (unsigned i = 0; link && link->to == r->nodes[above].kind && i < most; i++) {
            if (r->count >= h->nodes || !perhaps(h, h->plan.many ? 80 : 35))
                continue;
            struct thing *t = thing_below(h, r, &r->nodes[above], k);
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
        if (r->count < h->nodes)
            tree_node(r, kind, FLUE_NEW, above);
    } else if (h->plan.hostile && perhaps(h, 3)) { /* what is not there can be created only */
        tree_node(r, kind, FLUE_NEW, -1)->hostile = true;
        return;
    } else {
        struct thing *t = thing_of(h, kind);
        const int above = t ? parent(h, r, kind, t) : -1;
        if (t && r->count < h->nodes)
            refer(h, r, t, above);
    }
    if ((int)r->count > at)
        children(h, r, (int)r->count - 1, 2);
}

/* All that stand on one object, as far as there is room; or all that stand on none. */
static void row(struct history *h, struct request *r, uint8_t kind)
{
    const struct flue_link_spec *link = link_above(h, kind);
    struct thing *first = thing_of(h, kind);
    const uint32_t on = first && first->image_count && link
                            ? entry_of(first->images[0].entry)->links[0]
                            : FLUE_NONE;
    struct thing *above = on != FLUE_NONE && perhaps(h, 80) ? thing_at(h, link->to, on) : NULL;
    const int at = above ? refer(h, r, above, -1) : -1;
    for (unsigned i = 0; first && i < h->thing_count && r->count < h->nodes; i++) {
        struct thing *t = &h->things[i];
        if (t->alive && t->kind == kind && t->image_count &&
            (!link || entry_of(t->images[0].entry)->links[0] == on))
            refer(h, r, t, at);
    }
}

/* ---- Out they go ------------------------ */

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

/*
 * Lists that lead back, or into another branch. Of one variant: a pointer below another object may
 * name fewer bytes.
 */
static void bend(struct history *h, struct request *r)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    for (unsigned i = 0; i < r->count; i++)
        if (r->nodes[i].variant != r->nodes[0].variant)
            return;
    r->bent = true;
    for (unsigned bends = 1 + below(h, 3); bends; bends--) {
        struct node *n = &r->nodes[below(h, r->count)];
        const void *other = r->nodes[perhaps(h, 40) ? 0 : below(h, r->count)].memory;
        memcpy(n->memory + (perhaps(h, 50) ? layout->next : layout->dependents), &other,
               sizeof other);
        memcpy(n->before, n->memory, n->bytes);
    }
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
    say(h, "host: %s, %u nodes%s", operation_of(h, r)->name, r->count,
        r->bent ? ", lists that lead back" : "");
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
    if (h->plan.hostile && r->count > 1 && perhaps(h, 4))
        bend(h, r);
    count_use(r);
    r->in_use = true;
    r->submitted = h->moment;
    r->wiped = h->wiped;
    h->under_way++;
    h->submitted++;
    say_request(h, r);
    driver_submit(h, r->operation, r->nodes[0].memory);
    /* Once more while it is under way: nothing comes of it. */
    if (h->plan.hostile && !r->done && perhaps(h, 3))
        driver_submit(h, r->operation, r->nodes[0].memory);
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
    tree_begin(h, r, operation);
    if (!operation_of(h, r)->reaches_new && perhaps(h, 20))
        row(h, r, (uint8_t)below(h, spec_of(h)->kind_count));
    for (unsigned i = r->count ? 0 : 1 + below(h, 2); i && r->count + 4 < h->nodes; i--)
        plant(h, r);
    prune(r, h->nodes);
    if (!r->count)
        return NULL;
    r->frees = perhaps(h, 25);
    r->echo = !h->echoes && perhaps(h, 10) ? chance(h) | 1 : 0;
    submit(h, r);
    return r;
}

static struct thing *next_of_kind(struct history *h, struct thing *t)
{
    for (struct thing *next = t + 1; next < h->things + h->thing_count; next++)
        if (next->alive && next->kind == t->kind)
            return next;
    return NULL;
}

/* One node for one object, as a host does that gives all back; of a crowd all in one request. */
bool tree_end(struct history *h, struct thing *t, uint8_t operation)
{
    struct request *r = free_request(h);
    if (!r)
        return false;
    tree_begin(h, r, operation);
    for (; r->count == 0 || (h->plan.crowd && r->count < MOST_NODES && t); t = next_of_kind(h, t)) {
        struct node *n = tree_node(r, t->kind, FLUE_REFERENCE, -1);
        n->thing = t;
        n->named = t->handle;
    }
    submit(h, r);
    return true;
}

/* ---- A crowd ------------------------ */

/* So many new ones of a kind, on fewer of what they stand on; the first of them. */
static int stand(struct history *h, struct request *r, uint8_t kind, unsigned count)
{
    const struct flue_link_spec *link = link_above(h, kind);
    const unsigned below_them = 1 + count / 42;
    const int above = link ? stand(h, r, link->to, below_them) : -1;
    const int first = (int)r->count;
    for (unsigned i = 0; i < count && r->count < MOST_NODES; i++)
        tree_node(r, kind, FLUE_NEW, link ? above + (int)(i % below_them) : -1);
    return first;
}

/* Thousands of the kind that nothing stands on, if there is an operation that makes objects. */
void tree_crowd(struct history *h)
{
    const struct flue_spec *spec = spec_of(h);
    uint8_t operation = 0, kind = (uint8_t)(spec->kind_count - 1);
    while (operation < spec->operation_count && !spec->operations[operation].reaches_new)
        operation++;
    struct request *r = operation < spec->operation_count ? free_request(h) : NULL;
    if (!r)
        return;
    tree_begin(h, r, operation);
    stand(h, r, kind, CROWD);
    submit(h, r);
}
