/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's life: memory, opening, interrupt service, time, reset. */
#include "nic.h"

#include <stdlib.h>
#include <string.h>

CHIMNEY_ADAPTER_BEGINS_WITH(struct rocker_nic, target);

#define COMMAND_BUFFER_BYTES 256
#define EVENT_BUFFER_BYTES 128
#define EVENT_ENTRIES 64
#define VECTOR_BYTES 4096
#define MAX_RING_ENTRIES 65536u

struct rocker_config rocker_config_default(void)
{
    struct rocker_config config = {.ring_entries = 2048, .poll_budget = 4096};
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 64;
    config.flue.capacity[CHIMNEY_PATH] = 1024;
    config.flue.capacity[CHIMNEY_TCP] = 1024;
    config.flue.ring_entries = 512;
    config.flue.reserved_entries = 16;
    config.flue.running_requests = 16;
    config.flue.quarantine_limit = 64;
    config.flue.ticks_per_second = 1000;
    config.flue.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    config.flue.key = 0x0c0e;
    return config;
}

static void wake(void *adapter)
{
    atomic_store(&((struct rocker_nic *)adapter)->woken, true);
}

static void want_reset(void *adapter)
{
    ((struct rocker_nic *)adapter)->reset_wanted = true;
}

static bool open_tables(struct rocker_nic *nic)
{
    const uint32_t *capacity = nic->config.flue.capacity;
    nic->neighbors = calloc(capacity[CHIMNEY_NEIGHBOR], sizeof(*nic->neighbors));
    nic->paths = calloc(capacity[CHIMNEY_PATH], sizeof(*nic->paths));
    nic->tcps = calloc(capacity[CHIMNEY_TCP], sizeof(*nic->tcps));
    return nic->neighbors && nic->paths && nic->tcps && rocker_jobs_open(nic);
}

static bool open_rings(struct rocker_nic *nic)
{
    struct rocker_dma dma = nic->config.dma;
    if (dma.bytes < VECTOR_BYTES)
        return false;
    nic->vectors = dma.memory;
    nic->vectors_address = dma.address;
    dma.memory = (uint8_t *)dma.memory + VECTOR_BYTES;
    dma.address += VECTOR_BYTES;
    dma.bytes -= VECTOR_BYTES;
    return rocker_ring_open(&nic->events, nic->bus, ROCKER_RING_EVENT, EVENT_ENTRIES,
                            EVENT_BUFFER_BYTES, &dma) &&
           rocker_ring_open(&nic->commands, nic->bus, ROCKER_RING_COMMAND, nic->config.ring_entries,
                            COMMAND_BUFFER_BYTES, &dma);
}

static enum flue_error open_target(struct rocker_nic *nic)
{
    struct flue_config flue = nic->config.flue;
    size_t bytes = chimney_memory_bytes(&flue);
    if (bytes == 0)
        return FLUE_BAD_CONFIG;
    nic->memory = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    if (!nic->memory)
        return FLUE_BAD_MEMORY;
    flue.wake = wake;
    if (!flue.reset_wanted)
        flue.reset_wanted = want_reset;
    return chimney_init(&nic->target, &flue, &rocker_binding, flue.completions, flue.indications,
                        nic->memory, bytes);
}

static bool possible(const struct rocker_config *config)
{
    uint32_t entries = config->ring_entries;
    return entries <= MAX_RING_ENTRIES && (entries & (entries - 1)) == 0 &&
           entries > ROCKER_MAX_PARTS * config->flue.ring_entries &&
           config->interface_count <= ROCKER_MAX_INTERFACES && config->poll_budget > 0;
}

static void give_up(struct rocker_nic *nic)
{
    if (!nic)
        return;
    nic->bus->close(nic->bus);
    free(nic->neighbors);
    free(nic->paths);
    free(nic->tcps);
    free(nic->jobs);
    free(nic->memory);
    free(nic);
}

static struct rocker_nic *allocate(const struct rocker_config *config)
{
    struct rocker_nic *nic = aligned_alloc(64, (sizeof(*nic) + 63) & ~(size_t)63);
    if (!nic) {
        config->bus->close(config->bus);
        return NULL;
    }
    memset(nic, 0, sizeof(*nic));
    nic->config = *config;
    nic->bus = config->bus;
    return nic;
}

static enum flue_error open_all(struct rocker_nic *nic)
{
    if (!possible(&nic->config))
        return FLUE_BAD_CONFIG;
    if (!open_tables(nic) || !open_rings(nic))
        return FLUE_BAD_MEMORY;
    enum flue_error error = open_target(nic);
    if (error != FLUE_OK)
        return error;
    return rocker_pci_probe(nic->bus) && rocker_set_up(nic) ? FLUE_OK : FLUE_BAD_CONFIG;
}

struct rocker_nic *rocker_open(const struct rocker_config *config, enum flue_error *error)
{
    enum flue_error ignored;
    struct rocker_nic *nic = allocate(config);
    error = error ? error : &ignored;
    *error = nic ? open_all(nic) : FLUE_BAD_MEMORY;
    if (*error == FLUE_OK)
        return nic;
    give_up(nic);
    return NULL;
}

void rocker_close(struct rocker_nic *nic)
{
    if (!nic)
        return;
    rocker_take_answers(nic);
    rocker_take_back(nic);
    give_up(nic);
}

static bool interrupted(struct rocker_nic *nic, unsigned int vector)
{
    /* Cleared before the ring is looked at: what comes meanwhile interrupts again. */
    bool was = atomic_exchange(&nic->vectors[vector], 0) != 0;
    nic->counters.interrupts += was;
    return was;
}

bool rocker_service(struct rocker_nic *nic)
{
    if (interrupted(nic, ROCKER_VECTOR_COMMAND))
        rocker_take_answers(nic);
    if (interrupted(nic, ROCKER_VECTOR_EVENT))
        rocker_events_take(nic);
    if (atomic_exchange(&nic->woken, false) &&
        flue_poll(&nic->target.flue, nic->config.poll_budget))
        atomic_store(&nic->woken, true);
    return atomic_load(&nic->woken) || atomic_load(&nic->vectors[ROCKER_VECTOR_COMMAND]) != 0 ||
           atomic_load(&nic->vectors[ROCKER_VECTOR_EVENT]) != 0;
}

void rocker_tick(struct rocker_nic *nic, uint64_t now)
{
    nic->now = now;
    if (atomic_load(&nic->vectors[ROCKER_VECTOR_COMMAND]) == 0 &&
        rocker_ring_ready(&nic->commands) > 0) {
        nic->counters.lost_interrupts++;
        rocker_take_answers(nic);
    }
    flue_tick(&nic->target.flue, now);
}

bool rocker_reset(struct rocker_nic *nic)
{
    struct flue_target *target = &nic->target.flue;
    flue_reset_begin(target);
    while (flue_target_phase(target) == FLUE_RUNNING)
        flue_poll(target, 0);
    rocker_jobs_forget(nic);
    nic->reset_wanted = false;
    if (!rocker_set_up(nic)) {
        flue_remove(target);
        flue_dma_stopped(target);
        return false;
    }
    flue_reset_end(target);
    return true;
}

bool rocker_reset_wanted(const struct rocker_nic *nic)
{
    return nic->reset_wanted;
}

bool rocker_link_up(const struct rocker_nic *nic, uint32_t port)
{
    return port <= nic->ports && (nic->links >> port & 1) != 0;
}

uint32_t rocker_ports(const struct rocker_nic *nic)
{
    return nic->ports;
}

struct rocker_counters rocker_counters(const struct rocker_nic *nic)
{
    return nic->counters;
}

struct chimney_target *rocker_target(struct rocker_nic *nic)
{
    return &nic->target;
}

struct rocker_bus *rocker_bus(struct rocker_nic *nic)
{
    return nic->bus;
}
