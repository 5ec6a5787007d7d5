/* SPDX-License-Identifier: BSD-2-Clause */
/* The binding's side: a command and what it carries go into the ring; or are answered at once. */
#include <string.h>

#include "flue/priv/slot.h"

#include "device.h"

/* Pointers are followed here: what they name is there during the call only. */
static void copy_values(struct flue_device *d, struct device_command *c, const unsigned char *args)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    const struct flue_device_kind *kind = &d->spec->kinds[c->kind];
    for (unsigned i = 0; i < s->carry_count; i++) {
        const struct flue_device_field *f = &s->carries[i];
        if (f->link != FLUE_NO_BYTE)
            continue;
        const struct flue_device_variable *v = &kind->variables[f->variable];
        unsigned char *to = (unsigned char *)device_image(d, c) + v->at;
        if (v->sort != FLUE_DEVICE_NAMED) {
            memcpy(to, args + f->at, v->bytes);
            continue;
        }
        const void *named;
        memcpy(&named, args + f->at, sizeof named);
        if (named)
            memcpy(to, named, v->variant_bytes[c->variant == FLUE_NO_BYTE ? 0 : c->variant]);
    }
}

static void copy_args(struct flue_device *d, struct device_command *c, const unsigned char *args)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    memcpy(&c->name, args, sizeof c->name);
    c->index = (uint32_t)c->name;
    c->variant = s->variant_at ? args[s->variant_at] : FLUE_NO_BYTE;
    for (unsigned l = 0; l < FLUE_MAX_LINKS; l++) {
        c->links[l] = FLUE_NONE;
        if (s->link_at[l])
            memcpy(&c->links[l], args + s->link_at[l], sizeof c->links[l]);
    }
    memcpy(c + 1, args, s->args_bytes);
    copy_values(d, c, args);
}

/* An answer that was given is still in the runtime's hands. */
static bool waits(const struct flue_device *d, flue_cookie cookie)
{
    return cookie && (device_waits_for(d, cookie, FLUE_SLOT_ANSWERED) ||
                      device_waits_for(d, cookie, FLUE_SLOT_ISSUED)); /* it is being reaped */
}

/* Links to what the runtime may still take for present. */
static uint8_t unheard(const struct flue_device *d, const struct device_command *c)
{
    const struct flue_kind *kind = &d->spec->spec->kinds[c->kind];
    uint8_t found = 0;
    for (unsigned l = 0; l < kind->link_count; l++) {
        const struct flue_device_entry *to = device_entry(d, kind->links[l].to, c->links[l]);
        if (to && waits(d, to->gone_by))
            found |= (uint8_t)(1u << l);
    }
    return found;
}

/* The answer is given after the lock is: it may wake whoever polls. */
static void answer_inline(struct flue_device *d, struct device_command *c)
{
    const uint16_t bytes = d->spec->spec->kinds[c->kind].commands[c->command].data_bytes;
    const flue_cookie cookie = c->cookie;
    const uint8_t result = c->result = device_carry_out(d, c);
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    device_fill(d, c);
    memcpy(d->inline_data, device_data(d, c), bytes);
    if (e && device_command_spec(d, c)->hardware != FLUE_DEVICE_KEEPS) {
        e->settled = c->serial;
        e->doubt = false;
    }
    d->counters.answered++;
    device_say(d, c, "is answered at once");
    device_grow_old(d, c);
    device_drop(d, d->used - 1);
    device_unlock(&d->system);
    const bool brings = result == FLUE_RESULT_OK && bytes;
    flue_command_done_with(&d->adapter->target, cookie, result, brings ? d->inline_data : NULL,
                           brings ? bytes : 0);
}

/* What is before it to the same entry is still to be carried out. */
static bool must_wait(const struct flue_device *d, const struct device_command *c)
{
    const struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    return !e || e->due > d->now || e->moving;
}

enum flue_issued flue_device_take(struct flue_device *d, uint8_t kind, uint8_t command,
                                  flue_cookie cookie, const void *args)
{
    device_lock(&d->system);
    struct device_command *c = device_push(d);
    if (c) {
        c->cookie = cookie;
        c->kind = kind;
        c->command = command;
        copy_args(d, c, args);
        c->unheard = unheard(d, c);
        device_decide(d, c);
    }
    const bool full = d->options.full[kind] >> command & 1;
    if (!c || full || c->fault == FLUE_DEVICE_NO_ROOM) {
        if (c)
            device_drop(d, d->used - 1);
        d->counters.ring_full++;
        device_unlock(&d->system);
        return FLUE_RING_FULL;
    }
    d->counters.taken++;
    device_taken(d, c);
    if (c->fault == FLUE_DEVICE_INLINE && !must_wait(d, c)) {
        answer_inline(d, c);
        return FLUE_ISSUED;
    }
    device_schedule(d, c);
    device_ring_bell(&d->system);
    device_unlock(&d->system);
    return FLUE_ISSUED;
}
