/* SPDX-License-Identifier: BSD-2-Clause */
/* A target's own checks: when they are called, and what they may see (simulate_checks.h). */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "flue/priv/object.h"

#include "history.h"
#include "simulate_checks.h"

static const struct history *history_of(const struct simulate_now *now)
{
    return (const struct history *)(const void *)now;
}

static struct simulate_now *now_of(struct history *h)
{
    return (struct simulate_now *)(void *)h;
}

static const struct flue_object *object_of(const struct simulate_now *now, uint8_t kind,
                                           uint32_t index)
{
    return flue_object_at(simulate_target_of(now), kind, index);
}

/* ---- When ------------------------ */

void checks_begin(struct history *h)
{
    const struct simulate_checks *checks = h->target->checks;
    if (!checks || !checks->bytes)
        return;
    h->checks_memory = calloc(1, checks->bytes);
    if (!h->checks_memory)
        fail(h, "no memory");
}

void checks_step(struct history *h)
{
    if (h->target->checks && h->target->checks->step)
        h->target->checks->step(now_of(h));
}

void checks_at_rest(struct history *h)
{
    if (h->target->checks && h->target->checks->at_rest)
        h->target->checks->at_rest(now_of(h));
}

void checks_completed(struct history *h, const struct request *r)
{
    static struct simulate_node nodes[MOST_NODES];
    if (!h->target->checks || !h->target->checks->completed)
        return;
    for (unsigned i = 0; i < r->count; i++) {
        const struct node *n = &r->nodes[i];
        nodes[i] = (struct simulate_node){.kind = n->kind,
                                          .role = n->role,
                                          .above = n->above,
                                          .status = n->status,
                                          .handle = n->cell,
                                          .names_nothing = n->hostile,
                                          .memory = n->memory};
    }
    const struct simulate_request request = {
        .operation = r->operation, .bent = r->bent, .count = r->count, .nodes = nodes};
    h->target->checks->completed(now_of(h), &request);
}

/* ---- What they see ------------------------ */

void simulate_wrong(struct simulate_now *now, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fail((struct history *)(void *)now, "%s", text);
}

void simulate_note(struct simulate_now *now, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say((struct history *)(void *)now, "%s", text);
}

void *simulate_memory(struct simulate_now *now)
{
    return history_of(now)->checks_memory;
}

const struct flue_target *simulate_target_of(const struct simulate_now *now)
{
    return &history_of(now)->nic->target;
}

const struct flue_device *simulate_device(const struct simulate_now *now)
{
    return history_of(now)->nic->device;
}

uint32_t simulate_capacity(const struct simulate_now *now, uint8_t kind)
{
    return simulate_target_of(now)->config.capacity[kind];
}

const char *simulate_state_name(const struct simulate_now *now, uint8_t kind, uint32_t index)
{
    const struct flue_kind *k = &history_of(now)->target->spec->kinds[kind];
    return k->states[object_of(now, kind, index)->state].name;
}

uint8_t simulate_marks(const struct simulate_now *now, uint8_t kind, uint32_t index, bool along)
{
    const struct flue_object *o = object_of(now, kind, index);
    return along ? flue_marks_along(simulate_target_of(now), o, FLUE_ALONG_ALL) : o->marks;
}

static const struct thing *held(const struct history *h, uint8_t kind, uint32_t index)
{
    const struct thing *t = thing_at(h, kind, index);
    return t && !t->ending ? t : NULL;
}

bool simulate_host_has(const struct simulate_now *now, uint8_t kind, uint32_t index,
                       struct simulate_object *object)
{
    const struct history *h = history_of(now);
    const struct thing *t = held(h, kind, index);
    if (!t)
        return false;
    const struct flue_object *o = object_of(now, kind, index);
    const struct flue_device_entry *e = flue_device_entry(h->nic->device, kind, index);
    const struct simulate_state *s = state_at((struct history *)(uintptr_t)h, kind, index);
    *object = (struct simulate_object){
        .handle = t->handle,
        .variant = t->variant,
        .at_rest = !t->uses && !o->deferred && !o->node &&
                   h->target->spec->kinds[kind].states[o->state].sort == FLUE_RESTING,
        .in_hardware = !e->doubt && !h->reset && !h->removed && s->claim == SIMULATE_HAS};
    return true;
}

bool simulate_host_value(const struct simulate_now *now, uint8_t kind, uint32_t index,
                         const char *name, uint64_t *value)
{
    const struct history *h = history_of(now);
    const struct thing *t = held(h, kind, index);
    if (!t || t->vague || t->image_count != 1 || t->images[0].links_only)
        return false;
    return value_by_name(h, kind, t->variant, t->images[0].entry, name, value);
}
