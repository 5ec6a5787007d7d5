/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of the device and of its target; options; reset. */
#include <string.h>

#include "device.h"

#define LINE 64 /* the target's memory is aligned to it */
#define LATE_STEPS 64

static size_t rounded(size_t bytes)
{
    return (bytes + LINE - 1) / LINE * LINE;
}

static void wake(void *adapter)
{
    struct flue_device *d = ((struct flue_device_adapter *)adapter)->device;
    atomic_store(&d->woken, true);
    device_ring_bell(&d->system);
}

static void want_reset(void *adapter)
{
    atomic_store(&((struct flue_device_adapter *)adapter)->device->reset_wanted, true);
}

static size_t largest_args(const struct flue_device_spec *spec)
{
    size_t largest = 0;
    for (unsigned k = 0; k < spec->spec->kind_count; k++)
        for (unsigned c = 0; c < spec->spec->kinds[k].command_count; c++)
            if (spec->kinds[k].commands[c].args_bytes > largest)
                largest = spec->kinds[k].commands[c].args_bytes;
    return largest;
}

static bool take_entries(struct flue_device *d, const struct flue_config *config)
{
    for (unsigned k = 0; k < d->spec->spec->kind_count; k++) {
        d->capacity[k] = config->capacity[k];
        d->entries[k] = device_zeroed(config->capacity[k], d->spec->kinds[k].entry_bytes);
        if (!d->entries[k])
            return false;
    }
    return true;
}

/* A slot: the command, its arguments, what it carries as an entry has it, the answer's data. */
static bool take_ring(struct flue_device *d, const struct flue_config *config)
{
    const size_t args = rounded(largest_args(d->spec));
    d->ring_entries = d->options.ring_entries ? d->options.ring_entries : config->ring_entries;
    d->image_at = rounded(sizeof(struct device_command) + args);
    d->data_at = d->image_at + rounded(d->spec->entry_bytes);
    d->slot_bytes = d->data_at + rounded(d->spec->spec->data_bytes);
    d->commands = device_zeroed(d->ring_entries, d->slot_bytes);
    d->order = device_zeroed(d->ring_entries, sizeof *d->order);
    d->outbox = device_zeroed(1, d->spec->spec->data_bytes + 1u);
    d->inline_data = device_zeroed(1, d->spec->spec->data_bytes + 1u);
    for (uint32_t i = 0; d->order && i < d->ring_entries; i++)
        d->order[i] = i;
    return d->commands && d->order && d->outbox && d->inline_data;
}

/* No number of a configuration is believed before flue_memory_bytes() has looked at it. */
static bool take_memory(struct flue_device *d, const struct flue_config *config)
{
    d->memory_bytes = flue_memory_bytes(d->spec->spec, config);
    if (!d->memory_bytes)
        return true;                                     /* the target's init says why */
    d->block = device_zeroed(1, d->memory_bytes + LINE); /* not every system aligns what it gives */
    d->memory = (void *)(((uintptr_t)d->block + LINE - 1) & ~(uintptr_t)(LINE - 1));
    return d->block && take_entries(d, config) && take_ring(d, config) && device_take_elements(d);
}

struct flue_device *flue_device_open(const struct flue_device_spec *spec,
                                     struct flue_device_adapter *adapter,
                                     struct flue_config *config,
                                     const struct flue_device_options *options)
{
    struct flue_device *d = device_zeroed(1, sizeof *d);
    if (!d)
        return NULL;
    d->spec = spec;
    d->adapter = adapter;
    d->ticks_per_second = config->ticks_per_second;
    if (options)
        d->options = *options;
    if (!d->options.late_steps)
        d->options.late_steps = LATE_STEPS;
    d->chance = d->options.seed;
    device_system_begin(&d->system);
    if (!config->wake)
        config->wake = wake;
    if (!config->reset_wanted)
        config->reset_wanted = want_reset;
    if (d->options.reaps)
        config->reap = device_reap;
    if (spec->spec->event_bytes > sizeof(uint64_t[DEVICE_EVENT_WORDS]) || !take_memory(d, config)) {
        flue_device_close(d);
        return NULL;
    }
    adapter->device = d;
    return d;
}

void *flue_device_memory(const struct flue_device *d, size_t *bytes)
{
    *bytes = d->memory_bytes;
    return d->memory;
}

void flue_device_close(struct flue_device *d)
{
    if (!d)
        return;
    for (unsigned k = 0; k < FLUE_MAX_KINDS; k++)
        device_free(d->entries[k]);
    device_free(d->elements);
    device_free(d->commands);
    device_free(d->order);
    device_free(d->outbox);
    device_free(d->inline_data);
    device_free(d->block);
    device_system_end(&d->system);
    device_free(d);
}

struct flue_device_options *flue_device_options(struct flue_device *d)
{
    return &d->options;
}

static void notify_of_all(const struct flue_device *d, uint8_t kind)
{
    for (uint32_t i = 0; d->options.changed && i < d->capacity[kind]; i++)
        if (device_entry(d, kind, i)->there)
            device_changed(d, kind, i, FLUE_NO_BYTE);
}

void flue_device_wipe(struct flue_device *d)
{
    device_lock(&d->system);
    for (uint8_t k = 0; k < d->spec->spec->kind_count; k++) {
        notify_of_all(d, k);
        memset(d->entries[k], 0, (size_t)d->capacity[k] * d->spec->kinds[k].entry_bytes);
        d->there[k] = 0;
        device_drop_elements(d, k, NULL);
    }
    for (; d->used; device_drop(d, d->used - 1))
        device_grow_old(d, device_slot(d, d->used - 1));
    d->counters.wiped++;
    device_unlock(&d->system);
}

void flue_device_reset(struct flue_device *d)
{
    struct flue_target *target = &d->adapter->target;
    flue_reset_begin(target);
    while (flue_target_phase(target) == FLUE_RUNNING)
        flue_poll(target, 0);
    flue_device_wipe(d);
    flue_dma_stopped(target);
    flue_reset_end(target);
}

bool flue_device_reset_wanted(struct flue_device *d)
{
    return atomic_exchange(&d->reset_wanted, false);
}
