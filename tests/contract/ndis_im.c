/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_im.sys under the contract, above two adapters of flue_chimney.sys: host -> intermediate
 * driver -> two miniports. Faults strike the second of them, where that can be; what the hardware
 * has is what both have, and they must agree.
 */
#include <string.h>

#include "contract.h"
#include "flue_oid.h"
#include "im_oid.h"
#include "mock/mock.h"

#define LATE_STEPS 1000 /* beyond every timeout of a lower driver */
#define STEP_MS 10      /* of the drivers' timers */

enum { QUERY = 0, SET = 1, METHOD = 12 }; /* enum NDIS_REQUEST_TYPE */
enum { TOP, LOWERS = 2 };

static uint64_t begin; /* what the clock was when the adapter was opened */

static void set(unsigned lower, uint32_t oid, const void *data, uint32_t bytes)
{
    mock_select(1 + lower);
    if (mock_oid(SET, oid, (void *)(uintptr_t)data, bytes, NULL) != 0)
        mock_broken("request", "%08x", oid);
    mock_select(TOP);
}

static bool load(const struct flue_config *flue)
{
    static bool loaded;
    if (!loaded) {
        mock_registry("Neighbors", flue->capacity[CHIMNEY_NEIGHBOR]);
        mock_registry("Paths", flue->capacity[CHIMNEY_PATH]);
        mock_registry("Connections", flue->capacity[CHIMNEY_TCP]);
        loaded = mock_load("flue_chimney.sys") && mock_load("flue_im.sys");
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
    for (unsigned l = 0; l < LOWERS; l++)
        set(l, OID_FLUE_BEHAVIOR, &behavior, sizeof behavior);
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
    mock_time(begin + now * STEP_MS); /* a step is a beat of the drivers' timers */
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
    mock_reset();
    for (unsigned i = 0; mock_resetting() && i < 10000; i++)
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
    set(LOWERS - 1, OID_FLUE_SETTLE, &none, sizeof none);
    set(LOWERS - 1, OID_FLUE_FAULT, &one, sizeof one);
}

static void settle(void *adapter)
{
    const uint32_t steps = LATE_STEPS + 10;
    (void)adapter;
    for (unsigned l = 0; l < LOWERS; l++)
        set(l, OID_FLUE_SETTLE, &steps, sizeof steps);
}

/* By what a lower driver calls an object of the intermediate one: its index in that driver. */
static bool lower_index(unsigned lower, uint8_t kind, uint32_t index, uint32_t *found)
{
    struct im_context about = {.lower = lower, .kind = kind, .index = index};
    mock_select(TOP);
    if (mock_oid(METHOD, OID_FLUE_IM_CONTEXT, &about, sizeof about, NULL) != 0)
        mock_broken("request", "%08x", OID_FLUE_IM_CONTEXT);
    *found = (uint32_t)about.context;
    return about.context != 0;
}

static bool look(unsigned lower, uint32_t oid, uint32_t index, void *entry, uint32_t bytes)
{
    memcpy(entry, &index, sizeof index);
    mock_select(1 + lower);
    const bool found = mock_oid(METHOD, oid, entry, bytes, NULL) == 0;
    mock_select(TOP);
    return found;
}

static bool way_of(unsigned lower, uint32_t path_index, uint8_t mac[6])
{
    struct sim_path path;
    struct sim_neighbor neighbor;
    uint32_t index;
    if (!lower_index(lower, CHIMNEY_PATH, path_index, &index) ||
        !look(lower, OID_FLUE_PATH, index, &path, sizeof path) || path.blocked ||
        !look(lower, OID_FLUE_NEIGHBOR, path.holds.neighbor, &neighbor, sizeof neighbor) ||
        neighbor.blocked)
        return false;
    memcpy(mac, neighbor.holds.destination_mac, 6);
    return true;
}

static bool way(void *adapter, uint32_t index, uint8_t mac[6])
{
    uint8_t other[6];
    (void)adapter;
    const bool first = way_of(0, index, mac), second = way_of(1, index, other);
    if (first != second || (first && memcmp(mac, other, sizeof other) != 0))
        mock_broken("agree", "a path leads elsewhere in the other lower driver");
    return first;
}

static uint32_t entries(void *adapter, uint8_t kind)
{
    uint32_t numbers[LOWERS][CHIMNEY_KINDS] = {{0}};
    (void)adapter;
    for (unsigned l = 0; l < LOWERS; l++) {
        mock_select(1 + l);
        if (mock_oid(QUERY, OID_FLUE_ENTRIES, numbers[l], sizeof numbers[l], NULL) != 0)
            mock_broken("request", "%08x", OID_FLUE_ENTRIES);
    }
    mock_select(TOP);
    if (numbers[0][kind] != numbers[1][kind])
        mock_broken("agree", "%u and %u entries in the lower drivers", numbers[0][kind],
                    numbers[1][kind]);
    return numbers[0][kind];
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, flue_im.sys above two flue_chimney.sys",
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
