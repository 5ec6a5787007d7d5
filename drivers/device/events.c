/* SPDX-License-Identifier: BSD-2-Clause */
/* What the device does by itself: events of its spec, indications, entries that it loses. */
#include <string.h>

#include "device.h"

#define MILLION 1000000

/* Entry and name, if there is such an entry. */
static struct flue_device_entry *present(const struct flue_device *d, uint8_t kind, uint32_t index)
{
    struct flue_device_entry *e = device_entry(d, kind, index);
    return e && e->there ? e : NULL;
}

/* Who is told knows later, and no answer to what was issued before says it: until then, doubt. */
static void doubt(struct flue_device *d, struct flue_device_entry *e)
{
    e->doubt = true;
    e->settled = d->serial;
}

/* What the device has of the entry after an event. */
static void happen(struct flue_device *d, uint8_t kind, struct flue_device_entry *e,
                   uint8_t hardware)
{
    if (hardware == FLUE_DEVICE_KEEPS)
        return;
    doubt(d, e);
    if (hardware == FLUE_DEVICE_HAS_NOT || (hardware == FLUE_DEVICE_UNSURE && device_below(d, 2)))
        device_remove(d, kind, e);
    if (!e->there)
        device_changed(d, kind, (uint32_t)e->name, FLUE_NO_BYTE);
}

bool flue_device_event(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t event)
{
    return flue_device_event_with(d, kind, index, event, NULL);
}

bool flue_device_event_with(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t event,
                            const void *data)
{
    uint64_t chance[DEVICE_EVENT_WORDS];
    if (kind >= d->spec->spec->kind_count || event >= d->spec->kinds[kind].event_count)
        return false;
    device_lock(&d->system);
    struct flue_device_entry *e = present(d, kind, index);
    const flue_name name = e ? e->name : 0;
    for (unsigned i = 0; e && !data && i < DEVICE_EVENT_WORDS; i++)
        chance[i] = device_chance(d);
    if (e)
        happen(d, kind, e, d->spec->kinds[kind].events[event].hardware);
    d->counters.events += e != NULL;
    device_unlock(&d->system);
    return e && flue_raise(&d->adapter->target, kind, name, event, data ? data : chance);
}

uint32_t flue_device_detail(flue_name name)
{
    return (uint32_t)(name ^ name >> 32);
}

bool flue_device_indicate(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t raise)
{
    if (kind >= d->spec->spec->kind_count || raise >= d->spec->kinds[kind].raise_count)
        return false;
    const struct flue_device_raise *r = &d->spec->kinds[kind].raises[raise];
    device_lock(&d->system);
    const struct flue_device_entry *e = present(d, kind, index);
    const flue_name name = e ? e->name : 0;
    const uint32_t detail =
        r->reason_count ? r->reasons[device_below(d, r->reason_count)] : flue_device_detail(name);
    d->counters.indications += e != NULL;
    device_unlock(&d->system);
    return e && flue_indicate(&d->adapter->target, kind, name, r->indication, detail);
}

bool flue_device_lose(struct flue_device *d, uint8_t kind, uint32_t index)
{
    device_lock(&d->system);
    struct flue_device_entry *e = present(d, kind, index);
    const bool loses = e && !device_stood_on(d, kind, index, false);
    if (loses) {
        doubt(d, e);
        device_remove(d, kind, e);
        device_changed(d, kind, index, FLUE_NO_BYTE);
    }
    device_unlock(&d->system);
    return loses;
}

void flue_device_unsent(struct flue_device *d, uint8_t kind, uint32_t index)
{
    device_lock(&d->system);
    struct flue_device_entry *e = device_entry(d, kind, index);
    if (e)
        doubt(d, e);
    device_unlock(&d->system);
}

static bool strikes(struct flue_device *d, uint32_t chance)
{
    return chance && device_below(d, MILLION) < chance;
}

/* In each step: perhaps one of each, of any entry. */
void device_act(struct flue_device *d)
{
    device_lock(&d->system);
    const bool event = strikes(d, d->options.event_chance);
    const bool indication = strikes(d, d->options.indication_chance);
    const uint8_t kind =
        event || indication ? (uint8_t)device_below(d, d->spec->spec->kind_count) : 0;
    const uint32_t index = event || indication ? device_below(d, d->capacity[kind]) : 0;
    const struct flue_device_kind *k = &d->spec->kinds[kind];
    const uint8_t which = event ? (uint8_t)device_below(d, k->event_count) : 0;
    const uint8_t raise = indication ? (uint8_t)device_below(d, k->raise_count) : 0;
    device_unlock(&d->system);
    if (event)
        flue_device_event(d, kind, index, which);
    if (indication)
        flue_device_indicate(d, kind, index, raise);
}
