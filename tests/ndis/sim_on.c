/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The software NIC's functions for time and life, where the NIC is below a driver under the mocks:
 * a test that is written for drivers/sim runs through the driver then, unchanged. sim_on_ndis.c is
 * for flue_chimney.sys alone, sim_on_im.c for flue_im.sys above two of it.
 */
#include "sim_on.h"

static void put(const char *key, uint32_t value)
{
    mock_registry(key, value);
}

void sim_on_config(const struct sim_config *config)
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

bool sim_service(struct sim_nic *nic)
{
    (void)nic;
    return mock_run_one();
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
