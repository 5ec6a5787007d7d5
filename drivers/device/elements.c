/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of transfers: held from the offer until they are done, or their entry is gone. */
#include "device.h"

#define MILLION 1000000

static const struct flue_transfer *transfer_of(const struct flue_device *d,
                                               const struct flue_taken *t)
{
    return &d->spec->spec->transfers[t->transfer];
}

static bool of_one_order(const struct flue_device *d, const struct flue_taken *a,
                         const struct flue_taken *b)
{
    const struct flue_transfer *x = transfer_of(d, a), *y = transfer_of(d, b);
    return x->kind == y->kind && x->queue == y->queue && a->index == b->index;
}

static bool is_behind(const struct flue_taken *a, const struct flue_taken *b)
{
    return (int32_t)(a->position - b->position) > 0;
}

bool device_take_elements(struct flue_device *d)
{
    const uint16_t any = d->spec->spec->transfer_count;
    d->elements = device_zeroed(any ? FLUE_DEVICE_ELEMENTS : 1, sizeof *d->elements);
    return d->elements;
}

/*
 * Its entry is there; or that it is gone is not clear to the runtime, or is an answer among others
 * that it still waits for. And it comes in order.
 */
static bool is_expected(struct flue_device *d, const struct flue_taken *taken)
{
    const struct flue_device_entry *e = device_entry(d, transfer_of(d, taken)->kind, taken->index);
    if (!e || !e->there || e->name != taken->name) {
        if (!e || !(e->doubt || e->gone_by))
            device_wrong_element(d, FLUE_DEVICE_NO_ENTRY, taken);
        return false;
    }
    for (uint32_t i = 0; i < d->element_count; i++)
        if (of_one_order(d, &d->elements[i], taken) && !is_behind(taken, &d->elements[i]))
            device_wrong_element(d, FLUE_DEVICE_OUT_OF_ORDER, taken);
    return true;
}

static bool has_room(struct flue_device *d)
{
    const uint32_t most = d->options.elements ? d->options.elements : FLUE_DEVICE_ELEMENTS;
    const uint32_t chance = d->options.chance[FLUE_DEVICE_NO_ROOM];
    return d->element_count < most && !(chance && device_below(d, MILLION) < chance);
}

enum flue_issued flue_device_take_element(void *adapter, const struct flue_taken *taken)
{
    struct flue_device *d = ((struct flue_device_adapter *)adapter)->device;
    device_lock(&d->system);
    const bool lent = transfer_of(d, taken)->kind == FLUE_NO_BYTE;
    const bool held = !lent && is_expected(d, taken) && has_room(d);
    if (held)
        d->elements[d->element_count++] = *taken;
    device_unlock(&d->system);
    const enum flue_issued issued = lent || held ? FLUE_ISSUED : FLUE_RING_FULL;
    if (d->options.offered)
        d->options.offered(d->options.offered_context, taken, issued);
    return issued;
}

uint32_t flue_device_elements(const struct flue_device *d)
{
    struct flue_device *mine = (struct flue_device *)(uintptr_t)d;
    device_lock(&mine->system);
    const uint32_t count = d->element_count;
    device_unlock(&mine->system);
    return count;
}

bool flue_device_element(const struct flue_device *d, uint32_t which, struct flue_taken *taken)
{
    struct flue_device *mine = (struct flue_device *)(uintptr_t)d;
    device_lock(&mine->system);
    const bool is = which < d->element_count;
    if (is)
        *taken = d->elements[which];
    device_unlock(&mine->system);
    return is;
}

/* It touches none of them any more when the runtime hears of it. */
bool flue_device_element_done(struct flue_device *d, uint32_t which, int32_t status)
{
    struct flue_taken done;
    uint32_t kept = 0;
    if (!flue_device_element(d, which, &done))
        return false;
    device_lock(&d->system);
    device_put((unsigned char *)done.element + d->spec->spec->chain->status, sizeof status,
               (uint32_t)status);
    for (uint32_t i = 0; i < d->element_count; i++)
        if (!of_one_order(d, &d->elements[i], &done) || is_behind(&d->elements[i], &done))
            d->elements[kept++] = d->elements[i];
    d->element_count = kept;
    device_unlock(&d->system);
    return flue_transfer_done(&d->adapter->target, done.transfer, done.name, done.position);
}
