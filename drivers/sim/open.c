/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and init of both halves, and their end; above all other files. */
#include <stdlib.h>
#include <string.h>

#include "device.h"

CHIMNEY_ADAPTER_BEGINS_WITH(struct sim_nic, target);

#define MAX_RING_ENTRIES (1u << 20)

struct sim_config sim_config_default(void)
{
    struct sim_config config = {.ring_entries = 256, .seed = 1};
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 64;
    config.flue.capacity[CHIMNEY_PATH] = 1024;
    config.flue.capacity[CHIMNEY_TCP] = 1024;
    config.flue.ring_entries = 256;
    config.flue.reserved_entries = 16;
    config.flue.running_requests = 16;
    config.flue.quarantine_limit = 64;
    config.flue.ticks_per_second = 1000;
    config.flue.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    config.flue.key = 0x5eed;
    return config;
}

static void want_reset(void *adapter)
{
    atomic_store(&((struct sim_nic *)adapter)->device->reset_wanted, true);
}

static bool open_rings(struct sim_device *d, uint32_t entries)
{
    d->commands.entries = entries;
    d->answers.entries = 2 * entries;
    d->work_limit = 2 * entries;
    d->descriptors = aligned_alloc(64, entries * sizeof(*d->descriptors));
    d->buffers = calloc(entries, sizeof(*d->buffers));
    d->answer_slots = calloc(d->answers.entries, sizeof(*d->answer_slots));
    d->work = calloc(d->work_limit, sizeof(*d->work));
    return d->descriptors && d->buffers && d->answer_slots && d->work;
}

static void close_device(struct sim_device *d)
{
    if (!d)
        return;
    sim_tables_close(d);
    free(d->descriptors);
    free(d->buffers);
    free(d->answer_slots);
    free(d->work);
    sem_destroy(&d->device_bell);
    sem_destroy(&d->driver_bell);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

static struct sim_device *open_device(const struct sim_config *config)
{
    struct sim_device *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    pthread_mutex_init(&d->lock, NULL);
    sem_init(&d->device_bell, 0, 0);
    sem_init(&d->driver_bell, 0, 0);
    atomic_flag_clear(&d->serving);
    d->random = config->seed;
    d->driver_random = ~config->seed;
    d->behavior = config->behavior;
    atomic_store(&d->inline_chance, config->behavior.inline_chance);
    atomic_store(&d->full_chance, config->behavior.full_chance);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        atomic_store(&d->full[kind], config->behavior.full[kind]);
        d->capacity[kind] = config->flue.capacity[kind];
        d->entries[kind] = config->entries[kind] ? config->entries[kind] : d->capacity[kind];
    }
    if (!sim_tables_open(d) || !open_rings(d, config->ring_entries)) {
        close_device(d);
        return NULL;
    }
    return d;
}

static enum flue_error open_target(struct sim_nic *nic, const struct flue_config *flue)
{
    size_t bytes = chimney_memory_bytes(flue);
    if (bytes == 0)
        return FLUE_BAD_CONFIG;
    nic->memory = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    if (!nic->memory)
        return FLUE_BAD_MEMORY;
    return chimney_init(&nic->target, flue, &sim_binding, flue->completions, flue->indications,
                        nic->memory, bytes);
}

const char *sim_missing(const struct sim_config *config)
{
    return chimney_missing(&sim_binding, config->flue.completions, config->flue.indications);
}

static bool possible(const struct sim_config *config)
{
    uint32_t entries = config->ring_entries;
    return entries >= 2 && entries <= MAX_RING_ENTRIES && (entries & (entries - 1)) == 0 &&
           config->behavior.latency_min <= config->behavior.latency_max;
}

struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error)
{
    enum flue_error ignored;
    struct flue_config flue = config->flue;
    error = error ? error : &ignored;
    *error = FLUE_BAD_CONFIG;
    if (!possible(config))
        return NULL;
    struct sim_nic *nic = aligned_alloc(64, (sizeof(*nic) + 63) & ~(size_t)63);
    if (!nic) {
        *error = FLUE_BAD_MEMORY;
        return NULL;
    }
    memset(nic, 0, sizeof(*nic));
    nic->device = open_device(config);
    flue.wake = sim_wake;
    if (!flue.reset_wanted)
        flue.reset_wanted = want_reset;
    *error = nic->device ? open_target(nic, &flue) : FLUE_BAD_MEMORY;
    if (*error == FLUE_OK)
        return nic;
    close_device(nic->device);
    free(nic->memory);
    free(nic);
    return NULL;
}

void sim_close(struct sim_nic *nic)
{
    if (!nic)
        return;
    sim_stop(nic);
    close_device(nic->device);
    free(nic->memory);
    free(nic);
}
