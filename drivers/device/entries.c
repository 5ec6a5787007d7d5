/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of entries, and what stands on what. */
#include <string.h>

#include "device.h"

struct flue_device_entry *device_entry(const struct flue_device *d, uint8_t kind, uint32_t index)
{
    if (kind >= d->spec->spec->kind_count || index >= d->capacity[kind])
        return NULL;
    return (struct flue_device_entry *)(void *)(d->entries[kind] +
                                                (size_t)index * d->spec->kinds[kind].entry_bytes);
}

/* Whoever wants to know is told; FLUE_NO_BYTE: by no command. */
void device_changed(const struct flue_device *d, uint8_t kind, uint32_t index, uint8_t command)
{
    if (d->options.changed)
        d->options.changed(d->options.changed_context, kind, index, command);
}

/* A new entry has nothing of what was at its place before. */
void device_add(struct flue_device *d, uint8_t kind, struct flue_device_entry *e, flue_name name)
{
    unsigned char *values = (unsigned char *)e + sizeof *e;
    if (!e->there)
        d->there[kind]++;
    memset(values, 0, d->spec->kinds[kind].entry_bytes - sizeof *e);
    e->there = true;
    e->name = name;
    e->carried_out = 0;
    for (unsigned i = 0; i < FLUE_MAX_LINKS; i++)
        e->links[i] = FLUE_NONE;
}

/* What it holds of transfers for an entry that is gone; NULL: for all of a kind. */
void device_drop_elements(struct flue_device *d, uint8_t kind, const struct flue_device_entry *e)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->element_count; i++) {
        const struct flue_taken t = d->elements[i];
        if (d->spec->spec->transfers[t.transfer].kind != kind ||
            (e && device_entry(d, kind, t.index) != e))
            d->elements[kept++] = t;
    }
    d->element_count = kept;
}

/* What it had stays to be looked at: what a removal brings was the device's. */
void device_remove(struct flue_device *d, uint8_t kind, struct flue_device_entry *e)
{
    if (!e->there)
        return;
    d->there[kind]--;
    e->there = false;
    device_drop_elements(d, kind, e);
    device_free_numbers(d, kind, e);
}

/* Whether other entries stand on one; surely: and it is in no doubt that these are there. */
bool device_stood_on(const struct flue_device *d, uint8_t kind, uint32_t index, bool surely)
{
    for (uint8_t k = kind; k < d->spec->spec->kind_count; k++) {
        const struct flue_kind *above = &d->spec->spec->kinds[k];
        for (unsigned l = 0; l < above->link_count; l++)
            for (uint32_t i = 0; above->links[l].to == kind && i < d->capacity[k]; i++) {
                const struct flue_device_entry *e = device_entry(d, k, i);
                if (e->there && e->links[l] == index && !(surely && e->doubt))
                    return true;
            }
    }
    return false;
}
