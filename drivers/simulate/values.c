/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of an object: an image has them as an entry of the device, structures as the host does. */
#include <stdlib.h>
#include <string.h>

#include "history.h"

static const struct simulate_kind *kind_of(const struct history *h, uint8_t kind)
{
    return &h->target->kinds[kind];
}

static const struct flue_device_variable *device_variable(const struct history *h, uint8_t kind,
                                                          const struct simulate_variable *v)
{
    return &h->target->device->kinds[kind].variables[v->entry];
}

struct flue_device_entry *entry_of(unsigned char *image)
{
    return (struct flue_device_entry *)(void *)image;
}

/* As many as nodes that name one object: room for twice as many, each time it is used up. */
struct image *image_new(struct history *h, struct thing *t)
{
    const unsigned count = t->image_count;
    if (!(count & (count - 1))) {
        struct image *more = realloc(t->images, (count ? 2 * count : 1) * sizeof *more);
        if (!more)
            fail(h, "no memory");
        t->images = more;
    }
    t->images[count] = (struct image){0};
    return &t->images[t->image_count++];
}

void images_end(struct thing *t)
{
    while (t->image_count)
        free(t->images[--t->image_count].entry);
    free(t->images);
    t->images = NULL;
}

unsigned char *value_new(struct history *h, uint8_t kind)
{
    unsigned char *image = calloc(1, h->target->device->kinds[kind].entry_bytes);
    if (!image)
        fail(h, "no memory");
    for (unsigned l = 0; l < FLUE_MAX_LINKS; l++)
        entry_of(image)->links[l] = FLUE_NONE;
    return image;
}

static bool is_there(const struct simulate_variable *v, uint8_t operation, uint8_t variant)
{
    return (v->operations >> operation & 1) && (v->only == FLUE_NO_BYTE || v->only == variant);
}

static bool overlap(const struct simulate_variable *v, const struct simulate_variable *w)
{
    return v->klass == w->klass && v->at < w->at + w->bytes && w->at < v->at + v->bytes;
}

/*
 * Whether a byte of a structure is of a variable that exists in this operation, or lies beside one
 * in a union, or is of none. One of another variant may hold what the host brought there itself.
 */
bool value_is_there(const struct history *h, const struct node *n, uint8_t operation, uint8_t klass,
                    size_t at)
{
    const struct simulate_kind *k = kind_of(h, n->kind);
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct simulate_variable *v = &k->variables[i];
        bool there = v->klass != klass || at < v->at || at >= (size_t)v->at + v->bytes;
        for (unsigned w = 0; w < k->variable_count && !there; w++)
            there = overlap(v, &k->variables[w]) && (k->variables[w].operations >> operation & 1);
        if (!there)
            return false;
    }
    return true;
}

/* Small numbers mostly, so that values are the same again, and now and then any. */
static uint64_t any(struct history *h, const struct flue_device_variable *d)
{
    if (d->value_count && perhaps(h, 95))
        return (uint64_t)d->values[below(h, d->value_count)] & d->ones;
    return (perhaps(h, 70) ? below(h, 4) : chance(h)) & d->ones;
}

static void put(void *at, unsigned bytes, uint64_t number)
{
    memcpy(at, &number, bytes); /* hosts are little endian */
}

static uint64_t get(const void *at, unsigned bytes)
{
    uint64_t number = 0;
    memcpy(&number, at, bytes);
    return number;
}

/* A half of them anew; of a new object all. */
void value_choose(struct history *h, uint8_t kind, uint8_t variant, uint8_t classes,
                  unsigned char *image)
{
    for (unsigned i = 0; i < kind_of(h, kind)->variable_count; i++) {
        const struct simulate_variable *v = &kind_of(h, kind)->variables[i];
        if (v->sort == SIMULATE_HANDLE || !(classes >> v->klass & 1) || perhaps(h, 40))
            continue;
        const struct flue_device_variable *d = device_variable(h, kind, v);
        const unsigned length = v->sort != SIMULATE_NAMED ? d->bytes
                                : variant == FLUE_NO_BYTE ? d->variant_bytes[0]
                                                          : d->variant_bytes[variant];
        for (unsigned at = 0; at + d->element <= length; at += d->element)
            put(image + d->at + at, d->element, any(h, d));
    }
}

static void write_named(struct history *h, struct node *n, const struct flue_device_variable *d,
                        unsigned char *to)
{
    const unsigned length = d->variant_bytes[n->variant == FLUE_NO_BYTE ? 0 : n->variant];
    unsigned char *bytes = NULL;
    if (n->named_count < sizeof n->named_bytes / sizeof *n->named_bytes && length)
        bytes = n->named_bytes[n->named_count++] = malloc(length);
    if (bytes)
        memcpy(bytes, n->image + d->at, length);
    memcpy(to, &bytes, sizeof bytes);
    (void)h;
}

/* What the node brings goes into the host's structure; the other bits of a unit stay. */
void value_write(struct history *h, struct node *n, uint8_t operation, uint8_t klass,
                 unsigned char *structure)
{
    for (unsigned i = 0; i < kind_of(h, n->kind)->variable_count; i++) {
        const struct simulate_variable *v = &kind_of(h, n->kind)->variables[i];
        if (v->klass != klass || !is_there(v, operation, n->variant))
            continue;
        unsigned char *to = structure + v->at;
        const struct flue_device_variable *d = device_variable(h, n->kind, v);
        if (v->sort == SIMULATE_HANDLE)
            put(to, v->bytes, n->handles[v->entry]);
        else if (v->sort == SIMULATE_ARRAY)
            memcpy(to, n->image + d->at, v->bytes);
        else if (v->sort == SIMULATE_NAMED)
            write_named(h, n, d, to);
        else {
            const uint64_t number = get(n->image + d->at, d->element);
            const uint64_t bits =
                v->sort == SIMULATE_FLAG ? (number ? v->mask : 0) : number << v->shift & v->mask;
            put(to, v->bytes, (get(to, v->bytes) & ~v->mask) | bits);
        }
    }
}

/* The first value that the hardware has otherwise than the host brought it; NULL: none. */
const char *value_differs(const struct history *h, uint8_t kind, uint8_t variant,
                          const unsigned char *image, const unsigned char *entry)
{
    for (unsigned i = 0; i < kind_of(h, kind)->variable_count; i++) {
        const struct simulate_variable *v = &kind_of(h, kind)->variables[i];
        if (!v->known || (v->only != FLUE_NO_BYTE && v->only != variant))
            continue;
        const struct flue_device_variable *d = device_variable(h, kind, v);
        if (memcmp(image + d->at, entry + d->at, d->bytes) != 0)
            return d->name;
    }
    return NULL;
}

/* A number or a flag, as the host brought it. */
bool value_by_name(const struct history *h, uint8_t kind, uint8_t variant,
                   const unsigned char *image, const char *name, uint64_t *value)
{
    for (unsigned i = 0; i < kind_of(h, kind)->variable_count; i++) {
        const struct simulate_variable *v = &kind_of(h, kind)->variables[i];
        if ((v->sort != SIMULATE_NUMBER && v->sort != SIMULATE_FLAG) ||
            (v->only != FLUE_NO_BYTE && v->only != variant))
            continue;
        const struct flue_device_variable *d = device_variable(h, kind, v);
        if (strcmp(d->name, name) != 0)
            continue;
        *value = get(image + d->at, d->element);
        return true;
    }
    return false;
}

/* Numbers that the hardware is to have, for a look. */
void value_text(const struct history *h, uint8_t kind, const unsigned char *image, char *text,
                size_t bytes)
{
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < kind_of(h, kind)->variable_count && length < bytes; i++) {
        const struct simulate_variable *v = &kind_of(h, kind)->variables[i];
        const struct flue_device_variable *d = device_variable(h, kind, v);
        if (v->known && v->sort != SIMULATE_ARRAY && v->sort != SIMULATE_NAMED)
            length += (size_t)snprintf(text + length, bytes - length, " %s %llu", d->name,
                                       (unsigned long long)get(image + d->at, d->element));
    }
}

static bool is_as_brought(const struct simulate_variable *v, const struct flue_device_variable *d,
                          const unsigned char *image, const unsigned char *at)
{
    const uint64_t number = v->sort == SIMULATE_ARRAY ? 0 : get(image + d->at, d->element);
    return v->sort == SIMULATE_ARRAY ? !memcmp(at, image + d->at, v->bytes)
           : v->sort == SIMULATE_FLAG
               ? !(get(at, v->bytes) & v->mask) == !number
               : (get(at, v->bytes) & v->mask) == (number << v->shift & v->mask);
}

/* The first value that the object's own copy has otherwise than the host brought it; NULL: none. */
const char *value_of_object(const struct history *h, uint8_t kind, uint8_t variant,
                            const unsigned char *image, const unsigned char *object)
{
    const struct simulate_kind *k = kind_of(h, kind);
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct simulate_variable *v = &k->variables[i];
        if (!v->known || !v->kept || (v->only != FLUE_NO_BYTE && v->only != variant) ||
            !k->copy_at[v->klass])
            continue;
        const struct flue_device_variable *d = device_variable(h, kind, v);
        if (!is_as_brought(v, d, image, object + k->copy_at[v->klass] + v->at))
            return d->name;
    }
    return NULL;
}

/* The first value in a structure that is not what it should be given back as. */
const char *value_returned(const struct history *h, const struct node *n, uint8_t operation,
                           uint8_t klass, const unsigned char *image,
                           const unsigned char *structure)
{
    for (unsigned i = 0; i < kind_of(h, n->kind)->variable_count; i++) {
        const struct simulate_variable *v = &kind_of(h, n->kind)->variables[i];
        if (v->klass != klass || !v->kept || !is_there(v, operation, n->variant))
            continue;
        const struct flue_device_variable *d = device_variable(h, n->kind, v);
        if (!is_as_brought(v, d, image, structure + v->at))
            return d->name;
    }
    return NULL;
}

static size_t aligned(size_t bytes, size_t align)
{
    return (bytes + align - 1) / align * align;
}

/* Where a class of a node lies in its memory; NULL: it has none. */
unsigned char *structure_of(const struct history *h, const struct node *n, uint8_t klass)
{
    const struct flue_node_layout *layout = h->target->spec->node;
    size_t at = layout->bytes;
    if (!(n->used >> klass & 1))
        return NULL;
    for (unsigned c = 0; c < klass; c++)
        if (n->used >> c & 1)
            at += aligned(h->target->spec->kinds[n->kind].class_bytes[c], layout->states_align);
    return n->memory + at;
}

/* As far as the target's words and its own reach. */
size_t chain_bytes(const struct flue_chain_layout *c)
{
    size_t bytes = c->status + sizeof(uint32_t);
    const size_t ends[] = {c->next + sizeof(void *), c->words[0] + sizeof(void *),
                           c->words[1] + sizeof(uint64_t), c->words[2] + sizeof(uint64_t)};
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        bytes = ends[i] > bytes ? ends[i] : bytes;
    return bytes;
}
