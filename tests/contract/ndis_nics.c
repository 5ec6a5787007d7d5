/* SPDX-License-Identifier: BSD-2-Clause */
/* The adapters of flue_chimney.sys under the contract. */
#include "ndis_nics.h"

#define LATE_STEPS 1000 /* beyond every timeout */
#define STEP_MS 10      /* of the drivers' timers */

static const struct ndis_nics *nics;
static uint64_t begin; /* what the clock was when the adapter was opened */

/* ---- Requests ------------------------------------------------------------------------------ */

static int32_t ask(unsigned nic, int type, uint32_t oid, void *data, uint32_t bytes)
{
    mock_select(nics->first + nic);
    const int32_t status = mock_oid(type, oid, data, bytes, NULL);
    mock_select(0);
    return status;
}

static void set(unsigned nic, uint32_t oid, const void *data, uint32_t bytes)
{
    if (ask(nic, SET, oid, (void *)(uintptr_t)data, bytes) != 0)
        mock_broken("request", "%08x", oid);
}

bool nics_look(unsigned nic, uint32_t oid, uint32_t index, void *entry, uint32_t bytes)
{
    memcpy(entry, &index, sizeof index);
    return ask(nic, METHOD, oid, entry, bytes) == 0;
}

uint32_t nics_entries(unsigned nic, uint8_t kind)
{
    uint32_t numbers[CHIMNEY_KINDS] = {0};
    if (ask(nic, QUERY, OID_FLUE_ENTRIES, numbers, sizeof numbers) != 0)
        mock_broken("request", "%08x", OID_FLUE_ENTRIES);
    return numbers[kind];
}

bool nics_next_hop(unsigned nic, uint32_t index, uint8_t mac[6])
{
    struct sim_path path;
    struct sim_neighbor neighbor;
    if (!nics_look(nic, OID_FLUE_PATH, index, &path, sizeof path) || path.blocked ||
        !nics_look(nic, OID_FLUE_NEIGHBOR, path.holds.neighbor, &neighbor, sizeof neighbor) ||
        neighbor.blocked)
        return false;
    memcpy(mac, neighbor.holds.destination_mac, 6);
    return true;
}

/* ---- Begin, end, time ---------------------------------------------------------------------- */

static bool load(const struct flue_config *flue)
{
    static bool loaded;
    if (!loaded) {
        mock_registry("Neighbors", flue->capacity[CHIMNEY_NEIGHBOR]);
        mock_registry("Paths", flue->capacity[CHIMNEY_PATH]);
        mock_registry("Connections", flue->capacity[CHIMNEY_TCP]);
        loaded = mock_load("flue_chimney.sys") && (!nics->above || mock_load(nics->above));
    }
    return loaded;
}

void *nics_open(const struct ndis_nics *these, const struct flue_config *flue)
{
    const struct sim_behavior behavior = {.latency_min = 1, .latency_max = 3, .reorder = true};
    const struct mock_host host = {flue->completions, flue->indications, flue->host_handle};
    nics = these;
    if (!load(flue))
        return NULL;
    void *adapter = mock_initialize(&host);
    for (unsigned nic = 0; nic < nics->count; nic++)
        set(nic, OID_FLUE_BEHAVIOR, &behavior, sizeof behavior);
    begin = mock_now();
    return adapter;
}

void nics_close(void *adapter)
{
    (void)adapter;
    mock_halt();
}

void nics_step(void *adapter, uint64_t now)
{
    (void)adapter;
    mock_time(begin + now * STEP_MS); /* a step is a beat of the drivers' timers */
    mock_run();
}

void nics_make_progress(void *adapter)
{
    (void)adapter;
    if (mock_run_one())
        return;
    begin += STEP_MS;
    mock_time(mock_now() + STEP_MS);
    mock_run_one();
}

void nics_reset(void *adapter)
{
    mock_reset();
    for (unsigned i = 0; mock_resetting() && i < 10000; i++)
        nics_make_progress(adapter);
}

/* ---- Faults -------------------------------------------------------------------------------- */

void nics_fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command)
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
    set(nics->count - 1, OID_FLUE_SETTLE, &none, sizeof none);
    set(nics->count - 1, OID_FLUE_FAULT, &one, sizeof one);
}

void nics_settle(void *adapter)
{
    const uint32_t steps = LATE_STEPS + 10;
    (void)adapter;
    for (unsigned nic = 0; nic < nics->count; nic++)
        set(nic, OID_FLUE_SETTLE, &steps, sizeof steps);
}
