/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's emulated switch under the contract; its tables are read by QMP. */
#include <string.h>

#include "contract.h"
#include "rig.h"

static struct rig *rig;

static void *open_nic(const struct flue_config *flue)
{
    struct rocker_config config = rig_config();
    struct flue_config mine = *flue;
    config.flue = mine;
    rig = rig_open_for(&config, flue->host_handle);
    return rig->nic;
}

static void close_nic(void *adapter)
{
    (void)adapter;
    rig_close(rig);
}

static void step_nic(void *adapter, uint64_t now)
{
    (void)adapter;
    rig->now = now - 1;
    rig_step(rig);
}

static void make_progress(void *adapter)
{
    rocker_service(adapter);
}

static void reset(void *adapter)
{
    rocker_reset(adapter);
}

static uint16_t order_type(uint8_t kind, uint8_t command)
{
    static const uint16_t of_neighbor[] = {
        [CHIMNEY_NEIGHBOR_WRITE_MAC] = ROCKER_GROUP_MOD,
        [CHIMNEY_NEIGHBOR_ADD_NEIGHBOR] = ROCKER_GROUP_ADD,
        [CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR] = ROCKER_GROUP_DEL,
        [CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR] = ROCKER_GROUP_DEL,
    };
    static const uint16_t of_path[] = {
        [CHIMNEY_PATH_WRITE_ROUTE] = ROCKER_FLOW_MOD,
        [CHIMNEY_PATH_ADD_PATH] = ROCKER_FLOW_ADD,
        [CHIMNEY_PATH_BLOCK_PATH] = ROCKER_FLOW_DEL,
        [CHIMNEY_PATH_REMOVE_PATH] = ROCKER_FLOW_DEL,
    };
    return kind == CHIMNEY_NEIGHBOR ? of_neighbor[command] : of_path[command];
}

static void fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command)
{
    static const enum shim_what kinds[] = {
        [CONTRACT_FAIL] = SHIM_SPOIL,   [CONTRACT_FAIL_KEPT] = SHIM_ANSWER,
        [CONTRACT_LOSE] = SHIM_LOSE,    [CONTRACT_LATE] = SHIM_HOLD,
        [CONTRACT_TWICE] = SHIM_REPEAT,
    };
    uint16_t type = order_type(kind, command);
    struct shim_rule rule = {.what = kinds[what],
                             .type = type,
                             .top_only = true,
                             .error = ROCKER_EINVAL,
                             .spoil = spoil_missing_attribute,
                             .limit = 1};
    (void)adapter;
    /* This one the device does by itself: it stores what it refuses. */
    if (what == CONTRACT_FAIL_KEPT && type == ROCKER_FLOW_MOD) {
        rule.what = SHIM_SPOIL;
        rule.spoil = spoil_wrong_group_type;
    }
    /* A refused add leaves nothing behind. */
    if (what == CONTRACT_FAIL_KEPT && (type == ROCKER_FLOW_ADD || type == ROCKER_GROUP_ADD))
        rule.what = SHIM_SPOIL;
    shim_clear(&rig->shim);
    shim_rule(&rig->shim, rule);
}

static void settle(void *adapter)
{
    (void)adapter;
    rig->shim.rule_count = 0;
    shim_release(&rig->shim, 0);
}

static bool way(void *adapter, uint32_t index, uint8_t mac[6])
{
    const struct tables *tables = rig_tables(rig);
    const struct table_route *route = tables_route(tables, index);
    const struct table_group *group = route ? tables_group(tables, route->group) : NULL;
    (void)adapter;
    if (!group || !tables_group(tables, group->lower))
        return false;
    memcpy(mac, group->dst_mac, 6);
    return true;
}

static uint32_t entries(void *adapter, uint8_t kind)
{
    const struct tables *tables = rig_tables(rig);
    uint32_t groups = 0;
    (void)adapter;
    for (uint32_t i = 0; i < tables->group_count; i++)
        groups += tables->groups[i].id >> 28 == ROCKER_GROUP_L3(0) >> 28;
    return kind == CHIMNEY_NEIGHBOR ? groups : tables->route_count;
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, rocker",
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
    return qemu_available() ? &driver : NULL;
}
