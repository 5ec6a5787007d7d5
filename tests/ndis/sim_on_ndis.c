/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The software NIC's functions for time, work and life, where the NIC is that of flue_chimney.sys:
 * a test that is written for drivers/sim runs through the driver then, unchanged. Its other
 * functions (faults, tables, counters) are linked as they are, and work on the driver's memory.
 */
#define ENTRIES_ARE_HERE
#include <stdlib.h>

#include "device.h"
#include "entries.h"

static void put(const char *key, uint32_t value)
{
    mock_registry(key, value);
}

/* All that a test configures goes by the registry, as an administrator would do it. */
static void put_config(const struct sim_config *config)
{
    put("Neighbors", config->flue.capacity[CHIMNEY_NEIGHBOR]);
    put("Paths", config->flue.capacity[CHIMNEY_PATH]);
    put("Connections", config->flue.capacity[CHIMNEY_TCP]);
    put("NicNeighbors", config->entries[CHIMNEY_NEIGHBOR]);
    put("NicPaths", config->entries[CHIMNEY_PATH]);
    put("NicConnections", config->entries[CHIMNEY_TCP]);
    put("NicRingEntries", config->ring_entries);
    put("NicSeed", (uint32_t)config->seed);
    put("RingEntries", config->flue.ring_entries);
    put("ReservedEntries", config->flue.reserved_entries);
    put("RunningRequests", config->flue.running_requests);
    put("QuarantineLimit", config->flue.quarantine_limit);
    put("CacheResidentObjects", config->flue.cache_resident_objects);
    put("NceStaleTicks", config->flue.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS]);
}

struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error)
{
    static bool loaded;
    const struct mock_host host = {config->flue.completions, config->flue.indications,
                                   config->flue.host_handle};
    put_config(config);
    loaded = loaded || mock_load("flue_chimney.sys");
    mock_clock(1); /* tests begin where they like */
    struct sim_nic *nic = loaded ? mock_initialize(&host) : NULL;
    if (nic)
        sim_behavior_set(nic, &config->behavior);
    if (error)
        *error = nic ? FLUE_OK : FLUE_BAD_CONFIG;
    return nic;
}

void sim_close(struct sim_nic *nic)
{
    if (nic)
        mock_halt();
}

void sim_tick(struct sim_nic *nic, uint64_t now)
{
    (void)nic;
    mock_time(now);
}

/* A step of the device is one of the driver's DPC. */
void sim_step(struct sim_nic *nic, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        sem_post(&nic->device->device_bell);
        mock_run_one();
    }
}

bool sim_service(struct sim_nic *nic)
{
    (void)nic;
    return mock_run_one();
}

void sim_reset(struct sim_nic *nic)
{
    (void)nic;
    mock_reset();
    for (unsigned i = 0; mock_resetting() && i < 1000; i++)
        mock_run_one();
    if (mock_resetting())
        mock_broken("late", "a reset is not completed");
}

/* What the NIC's own functions for its life would call, which nobody calls here. */
void *aligned_alloc(size_t alignment, size_t bytes)
{
    mock_broken("fault", "the NIC is opened here: %d, %d", (int)alignment, (int)bytes);
}

void sim_stop(struct sim_nic *nic)
{
    (void)nic;
}
