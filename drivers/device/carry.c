/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a command does to its entry, and what its answer brings.
 *
 * A command that no runtime sends is carried out as far as that makes sense, and counted: a test
 * looks at the count. To remove what is not there is no nonsense where it is in doubt; that it is
 * gone is the answer.
 */
#include <string.h>

#include "device.h"

static const struct flue_device_kind *kind_of(const struct flue_device *d, uint8_t kind)
{
    return &d->spec->kinds[kind];
}

static const unsigned char *args_of(const struct device_command *c)
{
    return (const unsigned char *)(c + 1);
}

/* A number that the device chose, of this object or of what it links to, is to be the right one. */
static void compare_number(struct flue_device *d, const struct device_command *c,
                           const struct flue_device_field *f, uint8_t kind, uint32_t index)
{
    const struct flue_device_variable *v = &kind_of(d, kind)->variables[f->variable];
    const struct flue_device_entry *e = device_entry(d, kind, index);
    if (!e || !e->there || e->doubt)
        return;
    if (memcmp((const unsigned char *)e + v->at, args_of(c) + f->at, v->bytes) != 0)
        device_wrong(d, FLUE_DEVICE_OTHER_NUMBER, c, v->name);
}

/*
 * What never changes is, in a command that takes the entry away, what it was added with. Where an
 * operation does not have it the command carries 0, and a device sees no operations.
 */
static void compare_const(struct flue_device *d, const struct device_command *c,
                          const struct flue_device_field *f)
{
    const struct flue_device_variable *v = &kind_of(d, c->kind)->variables[f->variable];
    const struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    if (device_command_spec(d, c)->hardware != FLUE_DEVICE_HAS_NOT || !v->fixed || !e ||
        !e->there || e->name != c->name)
        return;
    if (memcmp((const unsigned char *)e + v->at, (const unsigned char *)device_image(d, c) + v->at,
               v->bytes) != 0)
        device_wrong(d, FLUE_DEVICE_OTHER_VALUE, c, v->name);
}

static void check_numbers(struct flue_device *d, const struct device_command *c)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    const struct flue_kind *kind = &d->spec->spec->kinds[c->kind];
    for (unsigned i = 0; i < s->carry_count; i++) {
        const struct flue_device_field *f = &s->carries[i];
        if (f->link != FLUE_NO_BYTE)
            compare_number(d, c, f, kind->links[f->link].to, c->links[f->link]);
        else if (kind_of(d, c->kind)->variables[f->variable].klass == FLUE_CLASSES)
            compare_number(d, c, f, c->kind, c->index);
        else
            compare_const(d, c, f);
    }
}

/*
 * It is told of nothing that is to stand on what the device does not have. A removal may say what
 * its entry stood on.
 */
static void check_links(struct flue_device *d, const struct device_command *c)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    const struct flue_kind *kind = &d->spec->spec->kinds[c->kind];
    for (unsigned l = 0; s->hardware != FLUE_DEVICE_HAS_NOT && l < kind->link_count; l++) {
        if (!s->link_at[l] || c->links[l] == FLUE_NONE || !kind_of(d, c->kind)->links_hold)
            continue;
        const struct flue_device_entry *to = device_entry(d, kind->links[l].to, c->links[l]);
        const bool unheard = to && (c->serial <= to->excused || (c->unheard >> l & 1));
        if (!to || (!to->there && !to->doubt && !unheard))
            device_wrong(d, FLUE_DEVICE_NO_LINK, c, kind->links[l].name);
    }
}

static void take_values(struct flue_device *d, const struct device_command *c,
                        struct flue_device_entry *e)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    const bool half = c->fault == FLUE_DEVICE_HALF_DONE && s->hardware == FLUE_DEVICE_KEEPS;
    for (unsigned i = 0; i < s->carry_count; i++) {
        const struct flue_device_field *f = &s->carries[i];
        const struct flue_device_variable *v = &kind_of(d, c->kind)->variables[f->variable];
        if (f->link != FLUE_NO_BYTE || v->klass == FLUE_CLASSES || (half && device_below(d, 2)))
            continue;
        memcpy((unsigned char *)e + v->at, (const unsigned char *)device_image(d, c) + v->at,
               v->bytes);
    }
    for (unsigned l = 0; l < FLUE_MAX_LINKS; l++)
        if (s->link_at[l] && !(half && device_below(d, 2)))
            e->links[l] = c->links[l];
}

static void take_effects(struct flue_device *d, const struct device_command *c,
                         struct flue_device_entry *e)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    for (unsigned i = 0; i < s->effect_count; i++) {
        const struct flue_device_effect *x = &s->effects[i];
        const struct flue_device_variable *v = &kind_of(d, c->kind)->variables[x->sets];
        const struct flue_device_variable *from = &kind_of(d, c->kind)->variables[x->from];
        if (!args_of(c)[x->at])
            continue;
        if (x->to == FLUE_DEVICE_FULL)
            device_choose(d, v, e); /* how long its full time is only the device knows */
        else if (x->to == FLUE_DEVICE_NUMBER)
            device_put((unsigned char *)e + v->at, v->element, (uint64_t)x->number);
        else
            device_put((unsigned char *)e + v->at, v->element,
                       device_number((unsigned char *)e + from->at, from->element,
                                     from->sort == FLUE_DEVICE_SIGNED));
    }
}

static bool is_carried(const struct flue_device_command *s, unsigned variable)
{
    for (unsigned i = 0; i < s->carry_count; i++)
        if (s->carries[i].link == FLUE_NO_BYTE && s->carries[i].variable == variable)
            return true;
    return false;
}

/* A number that it chose, or what is its own to change: that changes by itself unless asked not. */
static bool is_devices_own(const struct flue_device *d, const struct flue_device_variable *v)
{
    if (v->klass == FLUE_CLASSES)
        return true;
    return v->klass >= FLUE_DELEGATED && v->klass != FLUE_REQUEST && !d->options.steady;
}

/* What a new entry has that nobody told it: its numbers, and what is the device's to change. */
static void begin_entry(struct flue_device *d, const struct device_command *c,
                        struct flue_device_entry *e)
{
    const struct flue_device_kind *kind = kind_of(d, c->kind);
    e->variant = c->variant;
    for (unsigned i = 0; i < kind->variable_count; i++)
        if (is_devices_own(d, &kind->variables[i]) && !is_carried(device_command_spec(d, c), i))
            device_choose(d, &kind->variables[i], e);
}

/* Time has gone by since what is read was looked at last. */
static void change_by_itself(struct flue_device *d, const struct device_command *c,
                             struct flue_device_entry *e)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    for (unsigned i = 0; i < s->return_count && !d->options.steady; i++) {
        const unsigned variable = s->returns[i].variable;
        if (!is_carried(s, variable) && device_below(d, 2))
            device_choose(d, &kind_of(d, c->kind)->variables[variable], e);
    }
}

static uint8_t add(struct flue_device *d, const struct device_command *c,
                   struct flue_device_entry *e)
{
    const uint32_t room = d->options.entries[c->kind];
    if (e->there && !e->doubt)
        device_wrong(d, FLUE_DEVICE_ADDED_TWICE, c, NULL);
    if (room && !e->there && d->there[c->kind] >= room)
        return device_command_spec(d, c)->full;
    check_links(d, c);
    check_numbers(d, c);
    device_add(d, c->kind, e, c->name);
    begin_entry(d, c, e);
    take_values(d, c, e);
    take_effects(d, c, e);
    return FLUE_RESULT_OK;
}

/*
 * Whether the entry is that of the command's object; else it is gone. One that was never added may
 * be removed: the runtime gave the add up before it was sent, and the spec is unsure.
 */
static bool finds(struct flue_device *d, const struct device_command *c,
                  const struct flue_device_entry *e)
{
    const bool removes = device_command_spec(d, c)->hardware == FLUE_DEVICE_HAS_NOT;
    if (e->there && e->name == c->name)
        return true;
    if (!e->doubt && c->serial > e->excused && (!removes || e->there || e->name == c->name))
        device_wrong(d, e->there ? FLUE_DEVICE_OTHER_LIFE : FLUE_DEVICE_NOT_THERE, c, NULL);
    return false;
}

static uint8_t carry_out(struct flue_device *d, struct device_command *c)
{
    const uint8_t hardware = device_command_spec(d, c)->hardware;
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    d->counters.carried_out++;
    if (!e) {
        device_wrong(d, FLUE_DEVICE_OUT_OF_RANGE, c, NULL);
        return FLUE_RESULT_UNSURE;
    }
    if (hardware == FLUE_DEVICE_HAS)
        return add(d, c, e);
    if (!finds(d, c, e))
        return FLUE_RESULT_GONE;
    check_links(d, c);
    check_numbers(d, c);
    take_values(d, c, e);
    take_effects(d, c, e);
    change_by_itself(d, c, e);
    if (hardware == FLUE_DEVICE_HAS_NOT) {
        if (!e->doubt && kind_of(d, c->kind)->stays && device_stood_on(d, c->kind, c->index, true))
            device_wrong(d, FLUE_DEVICE_STOOD_ON, c, NULL);
        device_remove(d, c->kind, e);
    }
    return FLUE_RESULT_OK;
}

uint8_t device_carry_out(struct flue_device *d, struct device_command *c)
{
    const uint8_t result = carry_out(d, c);
    if (result == FLUE_RESULT_OK)
        device_entry(d, c->kind, c->index)->carried_out |= UINT32_C(1) << c->command;
    if (result == FLUE_RESULT_OK)
        device_changed(d, c->kind, c->index, c->command);
    return result;
}

/* What the answer brings, as the device has it now. */
void device_fill(const struct flue_device *d, const struct device_command *c)
{
    const struct flue_device_command *s = device_command_spec(d, c);
    const struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    for (unsigned i = 0; e && i < s->return_count; i++) {
        const struct flue_device_variable *v =
            &kind_of(d, c->kind)->variables[s->returns[i].variable];
        memcpy(device_data(d, c) + s->returns[i].at, (const unsigned char *)e + v->at, v->bytes);
    }
}
