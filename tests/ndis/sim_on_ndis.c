/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The NIC is that of flue_chimney.sys. Its other functions (faults, tables, counters) are linked as
 * they are, and work on the driver's memory.
 */
#include "sim_on.h"

struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error)
{
    static bool loaded;
    const struct mock_host host = {config->flue.completions, config->flue.indications,
                                   config->flue.host_handle};
    sim_on_config(config);
    loaded = loaded || mock_load("flue_chimney.sys");
    mock_clock(1); /* tests begin where they like */
    struct sim_nic *nic = loaded ? mock_initialize(&host) : NULL;
    if (nic)
        sim_behavior_set(nic, &config->behavior);
    if (error)
        *error = nic ? FLUE_OK : FLUE_BAD_CONFIG;
    return nic;
}

/* A step of the device is one of the driver's DPC. */
void sim_step(struct sim_nic *nic, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        sem_post(&nic->device->device_bell);
        mock_run_one();
    }
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
