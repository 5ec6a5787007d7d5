/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects: what the host has of each, and what the hardware. */
#include <string.h>

#include "flue/priv/object.h"

#include "play.h"

static void say_links(const struct session *s, struct text *t, const struct thing *of,
                      const struct flue_device_entry *e)
{
    const struct flue_kind *k = &s->h.target->spec->kinds[of->kind];
    for (unsigned l = 0; l < k->link_count; l++)
        for (unsigned i = 0; e->links[l] != FLUE_NONE && i < THINGS; i++) {
            const struct thing *other = &s->h.things[i];
            if (other->alive && other->kind == k->links[l].to &&
                (uint32_t)other->handle == e->links[l])
                say_to(t, " %s %s", k->links[l].name, s->objects[i].name);
        }
}

/* What arms have set is in the object's own copy. */
static void say_set(const struct session *s, struct text *t, const struct thing *of,
                    const struct simulate_variable *v, const struct flue_device_variable *d)
{
    const struct simulate_kind *k = &s->h.target->kinds[of->kind];
    const unsigned char *o =
        (const unsigned char *)flue_object_at(&s->h.nic->target, of->kind, (uint32_t)of->handle);
    uint64_t number = 0;
    memcpy(&number, o + k->copy_at[v->klass] + v->at, v->bytes);
    number = (number & v->mask) >> v->shift;
    if (v->sort == SIMULATE_FLAG)
        number = number != 0;
    say_value(t, d, (const unsigned char *)&number);
}

/* What the machine notes for itself, and nobody is told. */
static void say_noted(const struct session *s, struct text *t, const struct thing *of)
{
    const struct simulate_kind *k = &s->h.target->kinds[of->kind];
    const unsigned char *o =
        (const unsigned char *)flue_object_at(&s->h.nic->target, of->kind, (uint32_t)of->handle);
    for (unsigned i = 0; i < k->noted_count; i++) {
        const struct simulate_noted *v = &k->noted[i];
        const struct flue_device_variable as = {.name = v->name,
                                                .sort = v->negative ? FLUE_DEVICE_SIGNED
                                                                    : FLUE_DEVICE_UNSIGNED,
                                                .element = v->bytes,
                                                .bytes = v->bytes};
        say_to(t, "%s", i ? "" : "\n    machine:");
        say_value(t, &as, o + v->at);
    }
}

/* What the host brought last with success, and what arms have set. */
static void say_host(const struct session *s, struct text *t, const struct thing *of)
{
    const unsigned char *image = of->images[0].entry;
    const struct simulate_kind *k = &s->h.target->kinds[of->kind];
    say_links(s, t, of, (const struct flue_device_entry *)(const void *)image);
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct simulate_variable *v = &k->variables[i];
        const struct flue_device_variable *d =
            &s->h.target->device->kinds[of->kind].variables[v->entry];
        const bool there = v->only == FLUE_NO_BYTE || v->only == of->variant;
        if ((v->klass != FLUE_CONST && v->klass != FLUE_CACHED) || !there ||
            v->sort == SIMULATE_HANDLE || d->pulse)
            continue;
        if (v->set && k->copy_at[v->klass])
            say_set(s, t, of, v, d);
        else
            say_value(t, d, image + d->at);
    }
}

static void say_hardware(const struct session *s, struct text *t, uint8_t kind, uint32_t index)
{
    char entry[PLAY_TEXT / 2];
    flue_device_text(s->h.nic->device, kind, index, entry, sizeof entry);
    const char *values = strchr(entry, ':');
    say_to(t, "hardware:%s", values ? values + 1 : " ?");
}

static const char *state_of(const struct session *s, const struct thing *t)
{
    const struct flue_object *o = flue_object_at(&s->h.nic->target, t->kind, (uint32_t)t->handle);
    return s->h.target->spec->kinds[t->kind].states[o->state].name;
}

static bool host_has(const struct session *s, const struct thing *t)
{
    const struct simulate_kind *k = &s->h.target->kinds[t->kind];
    for (unsigned i = 0; i < k->state_count; i++)
        if (strcmp(k->states[i].name, state_of(s, t)) == 0)
            return k->states[i].host_has || k->states[i].claim == SIMULATE_BUSY;
    return false;
}

/* Its handle names nothing any more. */
static void look_whether_it_ended(struct session *s, unsigned i)
{
    struct thing *t = &s->h.things[i];
    const bool named =
        flue_name_index(&s->h.nic->target, t->kind, t->handle) == (uint32_t)t->handle;
    if (t->alive && (!named || !host_has(s, t))) {
        t->alive = false;
        line(s, "%s has ended", s->objects[i].name);
    }
}

static void show_object(struct session *s, unsigned i, bool all)
{
    struct text t = {.length = 0};
    const struct thing *thing = &s->h.things[i];
    struct object *o = &s->objects[i];
    const char *kind = s->h.target->spec->kinds[thing->kind].name;
    if (thing->alive) {
        say_to(&t, "%s = %s %u, %s:", o->name, kind, (unsigned)thing->handle, state_of(s, thing));
        say_host(s, &t, thing);
        say_noted(s, &t, thing);
        say_to(&t, "\n    ");
        say_hardware(s, &t, thing->kind, (uint32_t)thing->handle);
        hand_say(s, &t, thing);
    }
    if (thing->alive && (all || strcmp(t.at, o->shown) != 0))
        line(s, "%s", t.at);
    memcpy(o->shown, t.at, sizeof o->shown);
}

static bool is_somebodys(const struct session *s, uint8_t kind, uint32_t index)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (s->h.things[i].alive && s->h.things[i].kind == kind &&
            (uint32_t)s->h.things[i].handle == index)
            return true;
    return false;
}

/* Entries of the hardware that the host knows nothing of. */
static void show_others(struct session *s)
{
    for (uint8_t k = 0; k < s->h.target->spec->kind_count; k++)
        for (uint32_t i = 0; i < s->h.nic->target.config.capacity[k]; i++) {
            const struct flue_device_entry *e = flue_device_entry(s->h.nic->device, k, i);
            struct text t = {.length = 0};
            if (!e->there || is_somebodys(s, k, i))
                continue;
            say_hardware(s, &t, k, i);
            line(s, "nobody's %s %u, %s\n    %s", s->h.target->spec->kinds[k].name, (unsigned)i,
                 s->h.target->spec->kinds[k]
                     .states[flue_object_at(&s->h.nic->target, k, i)->state]
                     .name,
                 t.at);
        }
}

void show(struct session *s, bool all)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (s->objects[i].known) {
            look_whether_it_ended(s, i);
            show_object(s, i, all);
        }
    show_others(s);
    hand_show_others(s);
}
