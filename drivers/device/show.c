/* SPDX-License-Identifier: BSD-2-Clause */
/* What the device holds, by name and as text. */
#include <string.h>

#include "device.h"

static struct device_system *system_of(const struct flue_device *d)
{
    return &((struct flue_device *)(uintptr_t)d)->system;
}

const struct flue_device_entry *flue_device_entry(const struct flue_device *d, uint8_t kind,
                                                  uint32_t index)
{
    return device_entry(d, kind, index);
}

bool flue_device_with(struct flue_device *d, uint8_t kind, uint32_t index,
                      bool (*use)(void *context, struct flue_device_entry *entry), void *context)
{
    device_lock(&d->system);
    struct flue_device_entry *e = device_entry(d, kind, index);
    const bool good = e && e->there && use(context, e);
    device_unlock(&d->system);
    return good;
}

uint32_t flue_device_count(const struct flue_device *d, uint8_t kind)
{
    device_lock(system_of(d));
    const uint32_t there = kind < d->spec->spec->kind_count ? d->there[kind] : 0;
    device_unlock(system_of(d));
    return there;
}

static const struct flue_device_variable *variable_named(const struct flue_device *d, uint8_t kind,
                                                         const char *name)
{
    const struct flue_device_kind *k = &d->spec->kinds[kind];
    for (unsigned i = 0; i < k->variable_count; i++)
        if (strcmp(k->variables[i].name, name) == 0)
            return &k->variables[i];
    return NULL;
}

static bool is_number(const struct flue_device_variable *v)
{
    return v->sort != FLUE_DEVICE_ARRAY && v->sort != FLUE_DEVICE_NAMED;
}

static uint64_t number_of(const struct flue_device_variable *v, const struct flue_device_entry *e)
{
    return device_number((const unsigned char *)e + v->at, v->element,
                         v->sort == FLUE_DEVICE_SIGNED);
}

static bool get(const struct flue_device *d, uint8_t kind, const struct flue_device_entry *e,
                const char *name, uint64_t *value)
{
    const struct flue_kind *k = &d->spec->spec->kinds[kind];
    const struct flue_device_variable *v = variable_named(d, kind, name);
    if (v && is_number(v)) {
        *value = number_of(v, e);
        return true;
    }
    for (unsigned l = 0; l < k->link_count; l++)
        if (strcmp(k->links[l].name, name) == 0) {
            *value = e->links[l];
            return true;
        }
    return false;
}

bool flue_device_get(const struct flue_device *d, uint8_t kind, uint32_t index, const char *name,
                     uint64_t *value)
{
    device_lock(system_of(d));
    const struct flue_device_entry *e = device_entry(d, kind, index);
    const bool found = e && e->there && get(d, kind, e, name, value);
    device_unlock(system_of(d));
    return found;
}

size_t flue_device_bytes(const struct flue_device *d, uint8_t kind, uint32_t index,
                         const char *name, void *to, size_t room)
{
    size_t bytes = 0;
    device_lock(system_of(d));
    const struct flue_device_entry *e = device_entry(d, kind, index);
    const struct flue_device_variable *v = e && e->there ? variable_named(d, kind, name) : NULL;
    if (v && !is_number(v)) {
        bytes = v->bytes;
        if (v->sort == FLUE_DEVICE_NAMED)
            bytes = v->variant_bytes[e->variant == FLUE_NO_BYTE ? 0 : e->variant];
        memcpy(to, (const unsigned char *)e + v->at, bytes < room ? bytes : room);
    }
    device_unlock(system_of(d));
    return bytes;
}

struct text {
    char *at;
    size_t length, room;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int more = vsnprintf(t->room > t->length ? t->at + t->length : NULL,
                               t->room > t->length ? t->room - t->length : 0, format, arguments);
    va_end(arguments);
    t->length += more > 0 ? (size_t)more : 0;
}

static void say_value(struct text *t, const struct flue_device_variable *v,
                      const struct flue_device_entry *e)
{
    say(t, " %s ", v->name);
    if (v->secret)
        say(t, "(secret)");
    else if (v->sort == FLUE_DEVICE_SIGNED)
        say(t, "%" PRId64, (int64_t)number_of(v, e));
    else if (is_number(v))
        say(t, "%" PRIu64, number_of(v, e));
    else
        for (unsigned i = 0; i < v->bytes; i++)
            say(t, "%02x", ((const unsigned char *)e)[v->at + i]);
}

/* A value that a command carries: of its object, or of one that this stands on. */
static void say_carried(struct text *t, const struct flue_device *d, const struct device_command *c,
                        const struct flue_device_field *f)
{
    const struct flue_kind *k = &d->spec->spec->kinds[c->kind];
    const struct flue_device_kind *of =
        &d->spec->kinds[f->link == FLUE_NO_BYTE ? c->kind : k->links[f->link].to];
    const struct flue_device_variable *v = &of->variables[f->variable];
    const unsigned char *args = (const unsigned char *)(c + 1);
    if (f->link == FLUE_NO_BYTE)
        say_value(t, v, device_image(d, c));
    else
        say(t, " %s.%s %" PRIu64, k->links[f->link].name, v->name,
            device_number(args + f->at, v->element, false));
}

void device_taken(struct flue_device *d, const struct device_command *c)
{
    char line[1000];
    struct text t = {.at = line, .room = sizeof line};
    const struct flue_device_command *s = device_command_spec(d, c);
    const struct flue_kind *k = &d->spec->spec->kinds[c->kind];
    if (!d->options.taken)
        return;
    say(&t, "%s of %s %u:", s->name, k->name, (unsigned)c->index);
    for (unsigned l = 0; l < k->link_count; l++)
        if (s->link_at[l] && c->links[l] != FLUE_NONE)
            say(&t, " %s %u", k->links[l].name, (unsigned)c->links[l]);
    for (unsigned i = 0; i < s->carry_count; i++)
        say_carried(&t, d, c, &s->carries[i]);
    d->options.taken(d->options.taken_context, line);
}

/* Whether commands tell it to the entry, change it there, or read it; others it does not have. */
static bool is_held(const struct flue_device *d, uint8_t kind, unsigned variable)
{
    for (unsigned c = 0; c < d->spec->spec->kinds[kind].command_count; c++) {
        const struct flue_device_command *s = &d->spec->kinds[kind].commands[c];
        for (unsigned i = 0; i < s->carry_count + s->return_count; i++) {
            const struct flue_device_field *f =
                i < s->carry_count ? &s->carries[i] : &s->returns[i - s->carry_count];
            if (f->link == FLUE_NO_BYTE && f->variable == variable)
                return true;
        }
        for (unsigned i = 0; i < s->effect_count; i++)
            if (s->effects[i].sets == variable)
                return true;
    }
    return false;
}

static void say_entry(struct text *t, const struct flue_device *d, uint8_t kind,
                      const struct flue_device_entry *e)
{
    const struct flue_kind *k = &d->spec->spec->kinds[kind];
    for (unsigned l = 0; l < k->link_count; l++)
        if (e->links[l] != FLUE_NONE)
            say(t, " %s %u", k->links[l].name, (unsigned)e->links[l]);
    for (unsigned i = 0; i < d->spec->kinds[kind].variable_count; i++)
        if (!d->spec->kinds[kind].variables[i].pulse && is_held(d, kind, i))
            say_value(t, &d->spec->kinds[kind].variables[i], e);
}

size_t flue_device_text(const struct flue_device *d, uint8_t kind, uint32_t index, char *text,
                        size_t bytes)
{
    struct text t = {.at = text, .room = bytes};
    device_lock(system_of(d));
    const struct flue_device_entry *e = device_entry(d, kind, index);
    if (e) {
        say(&t, "%s %u:", d->spec->spec->kinds[kind].name, (unsigned)index);
        if (e->there)
            say_entry(&t, d, kind, e);
        else
            say(&t, " none");
    }
    device_unlock(system_of(d));
    if (bytes && t.length >= bytes)
        t.length = bytes - 1;
    if (bytes)
        text[t.length] = '\0';
    return t.length;
}

void flue_device_counters(const struct flue_device *d, struct flue_device_counters *copy)
{
    device_lock(system_of(d));
    *copy = d->counters;
    device_unlock(system_of(d));
}
