/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable of an entry: read as a number, written, chosen by chance. */
#include <string.h>

#include "device.h"

/* splitmix64: any seed is good, also 0. */
uint64_t device_chance(struct flue_device *d)
{
    uint64_t z = d->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t device_below(struct flue_device *d, uint32_t limit)
{
    return limit ? (uint32_t)((device_chance(d) >> 32) % limit) : 0;
}

/* Of 1, 2, 4 or 8 bytes, as the machine has them. */
uint64_t device_number(const void *at, unsigned bytes, bool is_signed)
{
    union {
        uint8_t one;
        uint16_t two;
        uint32_t four;
        uint64_t eight;
    } n = {.eight = 0};
    memcpy(&n, at, bytes < sizeof n ? bytes : sizeof n);
    switch (bytes) {
    case 1:
        return is_signed ? (uint64_t)(int64_t)(int8_t)n.one : n.one;
    case 2:
        return is_signed ? (uint64_t)(int64_t)(int16_t)n.two : n.two;
    case 4:
        return is_signed ? (uint64_t)(int64_t)(int32_t)n.four : n.four;
    default:
        return n.eight;
    }
}

void device_put(void *at, unsigned bytes, uint64_t number)
{
    const uint8_t one = (uint8_t)number;
    const uint16_t two = (uint16_t)number;
    const uint32_t four = (uint32_t)number;
    const void *from = bytes == 1   ? (const void *)&one
                       : bytes == 2 ? (const void *)&two
                       : bytes == 4 ? (const void *)&four
                                    : (const void *)&number;
    memcpy(at, from, bytes < sizeof number ? bytes : sizeof number);
}

/* Of a full list the oldest one is never given again. */
void device_free_numbers(struct flue_device *d, uint8_t kind, const struct flue_device_entry *e)
{
    const struct flue_device_kind *k = &d->spec->kinds[kind];
    for (unsigned i = 0; i < k->variable_count; i++) {
        const struct flue_device_variable *v = &k->variables[i];
        if (v->klass != FLUE_CLASSES)
            continue;
        if (d->freed_count == DEVICE_FREED)
            memmove(d->freed, d->freed + 1, --d->freed_count * sizeof *d->freed);
        d->freed[d->freed_count++] = (struct device_freed){
            v, device_number((const unsigned char *)e + v->at, v->element, false)};
    }
}

/*
 * The last one that was freed is given again at once, so that a number says as little of an object
 * as it may on any hardware: who keeps one too long names another's entry. Else one that the device
 * has not chosen before, of this width at least while there are any.
 */
static uint64_t next_number(struct flue_device *d, const struct flue_device_variable *v)
{
    for (unsigned i = d->freed_count; i-- > 0;)
        if (d->freed[i].variable == v) {
            const uint64_t again = d->freed[i].number;
            memmove(d->freed + i, d->freed + i + 1, (--d->freed_count - i) * sizeof *d->freed);
            return again;
        }
    const uint64_t n = ++d->number & v->ones;
    return n ? n : ++d->number & v->ones;
}

static uint64_t any_number(struct flue_device *d, const struct flue_device_variable *v)
{
    if (v->klass == FLUE_CLASSES)
        return next_number(d, v);
    if (v->value_count)
        return (uint64_t)v->values[device_below(d, v->value_count)];
    if (v->sort == FLUE_DEVICE_FLAG)
        return device_below(d, 2);
    return device_chance(d) & v->ones & (device_below(d, 2) ? UINT64_MAX : 0xffff);
}

/* What the device has of a variable from now on, by chance: time has gone by. */
void device_choose(struct flue_device *d, const struct flue_device_variable *v,
                   struct flue_device_entry *e)
{
    unsigned char *at = (unsigned char *)e + v->at;
    if (v->sort == FLUE_DEVICE_NAMED || v->sort == FLUE_DEVICE_POINTER)
        return; /* an answer brings none */
    for (unsigned i = 0; i + v->element <= v->bytes; i += v->element)
        device_put(at + i, v->element, any_number(d, v));
}
