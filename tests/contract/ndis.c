/* SPDX-License-Identifier: BSD-2-Clause */
/* flue_chimney.sys under the contract; its NIC is looked at, and its faults set, by requests. */
#include <string.h>

#include "contract.h"
#include "flue_oid.h"
#include "mock/mock.h"

#define LATE_STEPS 1000 /* beyond every timeout */
#define STEP_MS 10      /* of the driver's timer */

enum { QUERY = 0, SET = 1, METHOD = 12 }; /* enum NDIS_REQUEST_TYPE */

static uint64_t begin; /* what the clock was when the adapter was opened */

static void set(uint32_t oid, const void *data, uint32_t bytes)
{
    if (mock_oid(SET, oid, (void *)(uintptr_t)data, bytes, NULL) != 0)
        mock_broken("request", "%08x", oid);
}

static bool load(const struct flue_config *flue)
{
    static bool loaded;
    if (!loaded) {
        mock_registry("Neighbors", flue->capacity[CHIMNEY_NEIGHBOR]);
        mock_registry("Paths", flue->capacity[CHIMNEY_PATH]);
        mock_registry("Connections", flue->capacity[CHIMNEY_TCP]);
        loaded = mock_load("flue_chimney.sys") != NULL;
    }
    return loaded;
}

static void *open_nic(const struct flue_config *flue)
{
    const struct sim_behavior behavior = {.latency_min = 1, .latency_max = 3, .reorder = true};
    const struct mock_host host = {flue->completions, flue->indications, flue->host_handle};
    if (!load(flue))
        return NULL;
    void *adapter = mock_initialize(&host);
    set(OID_FLUE_BEHAVIOR, &behavior, sizeof behavior);
    begin = mock_now();
    return adapter;
}

static void close_nic(void *adapter)
{
    (void)adapter;
    mock_halt();
}

static void step_nic(void *adapter, uint64_t now)
{
    (void)adapter;
    mock_time(begin + now * STEP_MS); /* a step is a beat of the driver's timer */
    mock_run();
}

static void make_progress(void *adapter)
{
    (void)adapter;
    if (mock_run_one())
        return;
    begin += STEP_MS;
    mock_time(mock_now() + STEP_MS);
    mock_run_one();
}

static void reset(void *adapter)
{
    (void)adapter;
    mock_reset();
    for (unsigned i = 0; mock_resetting() && i < 1000; i++)
        make_progress(adapter);
}

static void fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command)
{
    static const enum sim_fault_kind kinds[] = {
        [CONTRACT_FAIL] = SIM_FAULT_FAIL,        [CONTRACT_FAIL_KEPT] = SIM_FAULT_FAIL_KEPT,
        [CONTRACT_LOSE] = SIM_FAULT_LOSE_ANSWER, [CONTRACT_LATE] = SIM_FAULT_DELAY,
        [CONTRACT_TWICE] = SIM_FAULT_DUPLICATE,
    };
    const bool adds = (kind == CHIMNEY_NEIGHBOR && command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR) ||
                      (kind == CHIMNEY_PATH && command == CHIMNEY_PATH_ADD_PATH);
    const uint32_t none = 0;
    struct sim_fault one = {.what = kinds[what],
                            .kind = kind,
                            .command = command,
                            .result = CHIMNEY_RESULT_FAILURE,
                            .limit = 1,
                            .steps = what == CONTRACT_LATE ? LATE_STEPS : 2};
    (void)adapter;
    /* A refused add has left nothing behind: hardware has to promise that. */
    if (adds && what == CONTRACT_FAIL_KEPT)
        one.what = SIM_FAULT_FAIL;
    set(OID_FLUE_SETTLE, &none, sizeof none);
    set(OID_FLUE_FAULT, &one, sizeof one);
}

static void settle(void *adapter)
{
    const uint32_t steps = LATE_STEPS + 10;
    (void)adapter;
    set(OID_FLUE_SETTLE, &steps, sizeof steps);
}

static bool look(uint32_t oid, uint32_t index, void *entry, uint32_t bytes)
{
    memcpy(entry, &index, sizeof index);
    return mock_oid(METHOD, oid, entry, bytes, NULL) == 0;
}

static bool way(void *adapter, uint32_t index, uint8_t mac[6])
{
    struct sim_path path;
    struct sim_neighbor neighbor;
    (void)adapter;
    if (!look(OID_FLUE_PATH, index, &path, sizeof path) || path.blocked ||
        !look(OID_FLUE_NEIGHBOR, path.holds.neighbor, &neighbor, sizeof neighbor) ||
        neighbor.blocked)
        return false;
    memcpy(mac, neighbor.holds.destination_mac, 6);
    return true;
}

static uint32_t entries(void *adapter, uint8_t kind)
{
    uint32_t numbers[CHIMNEY_KINDS] = {0};
    (void)adapter;
    if (mock_oid(QUERY, OID_FLUE_ENTRIES, numbers, sizeof numbers, NULL) != 0)
        mock_broken("request", "%08x", OID_FLUE_ENTRIES);
    return numbers[kind];
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, flue_chimney.sys",
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
