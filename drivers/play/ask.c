/* SPDX-License-Identifier: BSD-2-Clause */
/* A request: nodes with their values, as a host lays them out; and its completion. */
#include <stdlib.h>
#include <string.h>

#include "play.h"

static const struct flue_spec *spec_of(const struct session *s)
{
    return s->h.target->spec;
}

static struct node *last(struct session *s)
{
    return &s->request->nodes[s->request->count - 1];
}

static struct request *free_request(struct session *s)
{
    for (unsigned i = 0; i < REQUESTS; i++)
        if (!s->h.requests[i].in_use)
            return &s->h.requests[i];
    return NULL;
}

void ask_begin(struct session *s, unsigned operation)
{
    s->request = free_request(s);
    if (!s->request) {
        line(s, "!%u requests are under way, which is all that there can be", REQUESTS);
        return;
    }
    tree_begin(&s->h, s->request, (uint8_t)operation);
}

/* ---- What a node says ------------------------ */

/* Nothing, or where that is no value of its type, the first that is. */
static void begin_values(struct session *s, struct node *n)
{
    const struct flue_device_kind *k = &s->h.target->device->kinds[n->kind];
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct flue_device_variable *v = &k->variables[i];
        bool nothing = !v->value_count;
        for (unsigned x = 0; x < v->value_count; x++)
            nothing |= v->values[x] == 0;
        if (!nothing)
            memcpy(n->image + v->at, &v->values[0], v->element);
    }
}

static uint64_t handle_at(const struct session *s, uint8_t kind, uint32_t index)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (s->h.things[i].alive && s->h.things[i].kind == kind &&
            (uint32_t)s->h.things[i].handle == index)
            return s->h.things[i].handle;
    return 0;
}

/* What goes with a request is said anew by each; so is what acts once. */
static void forget_requests(struct session *s, struct node *n)
{
    const struct simulate_kind *k = &s->h.target->kinds[n->kind];
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct flue_device_variable *d =
            &s->h.target->device->kinds[n->kind].variables[k->variables[i].entry];
        if (k->variables[i].klass == FLUE_REQUEST || d->pulse)
            memset(n->image + d->at, 0, d->bytes);
    }
}

/* As the object is, until something else is said. */
static void begin_image(struct session *s, struct node *n)
{
    const struct flue_kind *k = &spec_of(s)->kinds[n->kind];
    const size_t bytes = s->h.target->device->kinds[n->kind].entry_bytes;
    n->image = value_new(&s->h, n->kind);
    if (n->role == FLUE_NEW || !n->thing->image_count)
        begin_values(s, n);
    else
        memcpy(n->image, n->thing->images[0].entry, bytes);
    forget_requests(s, n);
    for (unsigned l = 0; l < k->link_count; l++) {
        const uint32_t to = entry_of(n->image)->links[l];
        n->handles[l] = to == FLUE_NONE ? 0 : handle_at(s, k->links[l].to, to);
    }
}

static void refuse(struct session *s, const char *why, const char *name)
{
    for (unsigned i = 0; i < s->request->count; i++)
        free(s->request->nodes[i].image);
    s->request = NULL;
    line(s, "!%s%s", name, why);
}

void ask_node(struct session *s, unsigned object, const char *name, unsigned kind, int above,
              bool new, unsigned variant)
{
    struct thing *t = &s->h.things[object];
    if (!s->request)
        return;
    const char *wrong = s->request->count == NODES     ? ": a request has no room for more nodes"
                        : new && (t->alive || t->uses) ? " is there already"
                        : !new && !t->handle           ? " is not there: it was not made"
                                                       : NULL;
    if (wrong) {
        refuse(s, wrong, name);
        return;
    }
    snprintf(s->objects[object].name, PLAY_NAME, "%s", name);
    s->objects[object].known = true;
    struct node *n = tree_node(s->request, (uint8_t)kind, new ? FLUE_NEW : FLUE_REFERENCE, above);
    n->thing = t;
    n->named = new ? 0 : t->handle;
    if (new) {
        t->kind = (uint8_t)kind;
        t->variant = (uint8_t)variant;
    }
    begin_image(s, n);
}

static const struct simulate_variable *variable(struct session *s, unsigned number)
{
    return &s->h.target->kinds[last(s)->kind].variables[number];
}

static unsigned char *value_at(struct session *s, unsigned number,
                               const struct flue_device_variable **d)
{
    *d = &s->h.target->device->kinds[last(s)->kind].variables[variable(s, number)->entry];
    return last(s)->image + (*d)->at;
}

void ask_number(struct session *s, unsigned number, uint64_t value)
{
    const struct flue_device_variable *d;
    if (s->request) {
        unsigned char *at = value_at(s, number, &d);
        memcpy(at, &value, d->element);
    }
}

void ask_bytes(struct session *s, unsigned number, const char *hex)
{
    const struct flue_device_variable *d;
    if (!s->request)
        return;
    unsigned char *at = value_at(s, number, &d);
    memset(at, 0, d->bytes);
    for (unsigned i = 0; i < d->bytes && hex[2 * i] && hex[2 * i + 1]; i++) {
        const char byte[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        at[i] = (unsigned char)strtoul(byte, NULL, 16);
    }
}

void ask_link(struct session *s, unsigned link, int object)
{
    if (s->request)
        last(s)->handles[link] = object < 0 ? 0 : s->h.things[object].handle;
}

void ask_classes(struct session *s, unsigned classes)
{
    if (s->request)
        last(s)->asks = (uint8_t)classes;
}

/* ---- The host's memory ------------------------ */

/* The type by which all follows the node that this operation wants to see. */
static uint32_t type_code(const struct session *s, const struct node *n)
{
    const struct flue_node_layout *layout = spec_of(s)->node;
    const struct flue_operation *op = &spec_of(s)->operations[s->request->operation];
    const bool all = n->role == FLUE_NEW || op->state_used == FLUE_USES_ANY;
    uint32_t found = 0;
    unsigned best = 0;
    for (uint32_t code = 0; code < layout->type_code_count; code++) {
        const struct flue_type_code *c = &layout->type_codes[code];
        if (c->kind != n->kind ||
            (n->variant != FLUE_NO_BYTE && c->variant != FLUE_NO_BYTE && c->variant != n->variant))
            continue;
        const uint8_t wanted = n->asks ? n->asks : all ? FLUE_ALL_CLASSES : op->state_used;
        const unsigned fits =
            1 + 2 * (unsigned)__builtin_popcount(c->classes & wanted) + !(c->classes & ~wanted);
        if (fits > best) {
            best = fits;
            found = code;
        }
    }
    return found;
}

static void lay_out(struct session *s, struct node *n)
{
    const struct flue_node_layout *layout = spec_of(s)->node;
    if (n->role == FLUE_NEW && n->above >= 0 && spec_of(s)->kinds[n->kind].variant_from_link)
        n->thing->variant = s->request->nodes[n->above].variant;
    tree_variant(&s->h, s->request, n);
    const uint32_t code = type_code(s, n);
    if (n->variant == FLUE_NO_BYTE)
        n->variant = n->thing->variant = layout->type_codes[code].variant;
    tree_classes(&s->h, s->request, n, code);
    n->bytes = tree_bytes(&s->h, n, layout->type_codes[code].classes);
    n->memory = calloc(1, n->bytes);
    n->before = malloc(n->bytes);
    if (!n->memory || !n->before)
        fail(&s->h, "no memory");
    tree_links(&s->h, s->request, n);
    tree_write(&s->h, s->request, n);
    tree_members(&s->h, s->request, n, code);
    if (layout->host_handle != FLUE_NO_MEMBER) {
        const void *cookie = n->thing; /* stays where it is, as nodes do not */
        memcpy(n->memory + layout->host_handle, &cookie, sizeof cookie);
    }
}

void ask_send(struct session *s)
{
    struct request *r = s->request;
    if (!r || !r->count)
        return;
    for (unsigned i = 0; i < r->count; i++)
        lay_out(s, &r->nodes[i]);
    for (unsigned i = 0; i < r->count; i++)
        r->nodes[i].thing->uses++;
    tree_connect(&s->h, r);
    r->in_use = true;
    s->request = NULL;
    flue_submit(&s->h.nic->target, r->operation, r->nodes[0].memory);
    run(s);
}

/* ---- Completions ------------------------ */

static const struct flue_status *status_of(struct session *s, const struct request *r,
                                           const struct node *n)
{
    int32_t value;
    memcpy(&value, n->memory + spec_of(s)->node->status, sizeof value);
    for (unsigned i = 0; i < spec_of(s)->status_count; i++)
        if ((s->h.target->statuses[r->operation] >> i & 1) &&
            spec_of(s)->statuses[i].value == value)
            return &spec_of(s)->statuses[i];
    fail(&s->h, "a status that the operation may not have");
}

static void keep_image(struct session *s, struct request *r, struct node *n)
{
    struct thing *t = n->thing;
    if (n->above >= 0 && n->brings_link)
        entry_of(n->image)->links[0] = (uint32_t)r->nodes[n->above].cell;
    images_end(t);
    image_new(&s->h, t)->entry = n->image;
    n->image = NULL;
}

/* What the host learns of an object by its node. */
static void learn(struct session *s, struct request *r, struct node *n, bool good)
{
    const struct flue_node_layout *layout = spec_of(s)->node;
    if (!layout->context_points)
        memcpy(&n->cell, n->memory + layout->context, sizeof n->cell);
    if (n->role == FLUE_NEW) {
        n->thing->handle = n->cell;
        n->thing->alive = n->cell != 0;
    }
    if ((n->role == FLUE_NEW && n->cell) || (good && (n->brings || n->brings_link)))
        keep_image(s, r, n);
}

/* Where a value lies, or what a pointer names; a number is first taken out of its unit. */
static const unsigned char *returned_at(const struct simulate_variable *v,
                                        const unsigned char *structure, uint64_t *number)
{
    const unsigned char *named = structure + v->at;
    if (v->sort == SIMULATE_ARRAY)
        return named;
    if (v->sort == SIMULATE_NAMED) {
        memcpy(&named, structure + v->at, sizeof named);
        return named;
    }
    memcpy(number, named, v->bytes);
    *number = (*number & v->mask) >> v->shift;
    if (v->sort == SIMULATE_FLAG)
        *number = *number != 0;
    return (const unsigned char *)number;
}

/* Behind the status, in the same line. Of a secret or a handle nothing is said. */
static void say_returned(struct session *s, const struct request *r, const struct node *n,
                         struct text *text)
{
    const struct simulate_kind *k = &s->h.target->kinds[n->kind];
    const struct flue_device_variable *of = s->h.target->device->kinds[n->kind].variables;
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct simulate_variable *v = &k->variables[i];
        const unsigned char *structure =
            n->returns >> v->klass & 1 ? structure_of(&s->h, n, v->klass) : NULL;
        const bool there =
            v->operations >> r->operation & 1 && (v->only == FLUE_NO_BYTE || v->only == n->variant);
        if (!structure || !there || v->sort == SIMULATE_HANDLE || of[v->entry].secret)
            continue;
        uint64_t number = 0;
        const unsigned char *at = returned_at(v, structure, &number);
        if (at) {
            say_to(text, "%s", text->length ? "" : ";");
            say_value(text, &of[v->entry], at);
        }
    }
}

void simulate_completed(void *host, uint8_t operation, void *root)
{
    struct session *s = host;
    struct request *r = NULL;
    for (unsigned i = 0; i < REQUESTS; i++)
        if (s->h.requests[i].in_use && s->h.requests[i].nodes[0].memory == root)
            r = &s->h.requests[i];
    if (!r || r->operation != operation)
        fail(&s->h, "a completion of what nobody asked for");
    line(s, "=> %s is complete", spec_of(s)->operations[operation].name);
    for (unsigned i = 0; i < r->count; i++) {
        struct node *n = &r->nodes[i];
        const struct flue_status *status = status_of(s, r, n);
        struct text returned = {.length = 0};
        if (status->good)
            say_returned(s, r, n, &returned);
        line(s, "     %s: %s%s", name_of_thing(s, n->thing), status->name, returned.at);
        learn(s, r, n, status->good);
        n->thing->uses--;
    }
    tree_free(&s->h, r);
}
