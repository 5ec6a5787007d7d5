/* SPDX-License-Identifier: BSD-2-Clause */
/* The software NIC under the contract. */
#include <stdlib.h>
#include <string.h>

#include "contract.h"

#define MOST_SERVICES 100000
#define LATE_STEPS 1000 /* beyond every timeout */

static void *open_nic(const struct flue_config *flue)
{
    struct sim_config config = sim_config_default();
    config.flue = *flue;
    config.ring_entries = 64;
    config.behavior = (struct sim_behavior){.latency_min = 1, .latency_max = 3, .reorder = true};
    return sim_open(&config, NULL);
}

static void close_nic(void *adapter)
{
    sim_close(adapter);
}

static void step_nic(void *adapter, uint64_t now)
{
    sim_tick(adapter, now);
    sim_step(adapter, 1);
    for (uint32_t i = 0; i < MOST_SERVICES && sim_service(adapter); i++)
        ;
}

static void make_progress(void *adapter)
{
    sim_service(adapter);
    sim_step(adapter, 1);
}

static void reset(void *adapter)
{
    sim_reset(adapter);
}

static void fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command)
{
    static const enum sim_fault_kind kinds[] = {
        [CONTRACT_FAIL] = SIM_FAULT_FAIL,        [CONTRACT_FAIL_KEPT] = SIM_FAULT_FAIL_KEPT,
        [CONTRACT_LOSE] = SIM_FAULT_LOSE_ANSWER, [CONTRACT_LATE] = SIM_FAULT_DELAY,
        [CONTRACT_TWICE] = SIM_FAULT_DUPLICATE,
    };
    bool adds = (kind == CHIMNEY_NEIGHBOR && command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR) ||
                (kind == CHIMNEY_PATH && command == CHIMNEY_PATH_ADD_PATH);
    struct sim_fault one = {.what = kinds[what],
                            .kind = kind,
                            .command = command,
                            .result = CHIMNEY_RESULT_FAILURE,
                            .limit = 1,
                            .steps = what == CONTRACT_LATE ? LATE_STEPS : 2};
    /* A refused add has left nothing behind: hardware has to promise that. */
    if (adds && what == CONTRACT_FAIL_KEPT)
        one.what = SIM_FAULT_FAIL;
    sim_faults_clear(adapter);
    sim_fault_add(adapter, &one);
}

static void settle(void *adapter)
{
    sim_faults_clear(adapter);
    sim_step(adapter, LATE_STEPS + 10);
}

static bool way(void *adapter, uint32_t index, uint8_t mac[6])
{
    struct sim_path path;
    struct sim_neighbor neighbor;
    if (!sim_path(adapter, index, &path) || path.blocked ||
        !sim_neighbor(adapter, path.holds.neighbor, &neighbor) || neighbor.blocked)
        return false;
    memcpy(mac, neighbor.holds.destination_mac, 6);
    return true;
}

static uint32_t entries(void *adapter, uint8_t kind)
{
    return sim_entries(adapter, kind);
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, software NIC",
        .forgets = true,
        .open = open_nic,
        .close = close_nic,
        .step = step_nic,
        .make_progress = make_progress,
        .reset = reset,
        .fault = fault,
        .settle = settle,
        .way = way,
        .entries = entries,
    };
    return &driver;
}
