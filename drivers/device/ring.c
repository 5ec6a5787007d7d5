/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that were taken, in the order of issue, and the steps in which they are due. */
#include <string.h>

#include "flue/priv/slot.h"

#include "device.h"

static struct device_command *slot(const struct flue_device *d, uint32_t number)
{
    return (struct device_command *)(void *)(d->commands + (size_t)number * d->slot_bytes);
}

struct device_command *device_slot(const struct flue_device *d, uint32_t position)
{
    return slot(d, d->order[position]);
}

/* What the command carries, as an entry has it. */
struct flue_device_entry *device_image(const struct flue_device *d, const struct device_command *c)
{
    return (struct flue_device_entry *)(void *)((unsigned char *)(uintptr_t)c + d->image_at);
}

unsigned char *device_data(const struct flue_device *d, const struct device_command *c)
{
    return (unsigned char *)(uintptr_t)c + d->data_at;
}

struct device_command *device_push(struct flue_device *d)
{
    if (d->used == d->ring_entries)
        return NULL;
    struct device_command *c = device_slot(d, d->used++);
    memset(c, 0, d->slot_bytes);
    c->serial = ++d->serial;
    return c;
}

/* The order of those behind it stays. Nothing of what it carried does: it may be a secret. */
void device_drop(struct flue_device *d, uint32_t position)
{
    const uint32_t number = d->order[position];
    memset(slot(d, number), 0, d->slot_bytes);
    memmove(d->order + position, d->order + position + 1,
            (d->used - position - 1) * sizeof *d->order);
    d->order[--d->used] = number;
}

static uint32_t between(struct flue_device *d, uint32_t min, uint32_t max)
{
    return max > min ? min + device_below(d, max - min + 1) : min;
}

static bool moves(const struct flue_device *d, const struct device_command *c)
{
    return device_command_spec(d, c)->hardware != FLUE_DEVICE_KEEPS;
}

/* Those to one entry are carried out in the order of issue, whatever their latencies. */
void device_schedule(struct flue_device *d, struct device_command *c)
{
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    c->due = d->now + 1 + between(d, d->options.latency_min, d->options.latency_max);
    if (!e)
        return;
    if (c->due < e->due)
        c->due = e->due;
    e->due = c->due;
    /* One before it that adds or removes the entry is not answered: who knows what there is now. */
    if (e->moving)
        e->doubt = true;
    e->moving = (uint16_t)(e->moving + moves(d, c));
}

/* It was carried out, or never will be: its answer is due. */
void device_finish(struct flue_device *d, struct device_command *c)
{
    c->carried_out = true;
    c->due = d->now + between(d, d->options.answer_min, d->options.answer_max);
    if (c->fault == FLUE_DEVICE_LATE)
        c->due += d->options.late_steps;
}

/* No answer to it is to be believed from here on. */
void device_grow_old(struct flue_device *d, const struct device_command *c)
{
    d->old[d->old_count++ % DEVICE_OLD] =
        (struct device_old){c->cookie, c->index, c->kind, c->command};
}

/* Its answer is given, or never will be. */
void device_release(struct flue_device *d, struct device_command *c)
{
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    if (e && moves(d, c) && !c->released)
        e->moving--;
    c->released = true;
}

/* The runtime has a command of this cookie, in such a state of its slot. */
bool device_waits_for(const struct flue_device *d, flue_cookie cookie, uint8_t state)
{
    const struct flue_target *t = &d->adapter->target;
    const uint32_t index = (uint32_t)cookie;
    return index < t->config.ring_entries &&
           atomic_load(&t->slots[index].word) == flue_slot_word((uint32_t)(cookie >> 32), state);
}
