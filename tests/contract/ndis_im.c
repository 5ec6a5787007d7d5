/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_im.sys under the contract, above two adapters of flue_chimney.sys: host -> intermediate
 * driver -> two miniports. Faults strike the second of them, where that can be; what the hardware
 * has is what both have, and they must agree.
 */
#include "im_oid.h"
#include "ndis_nics.h"

static void *open_nic(const struct flue_config *flue)
{
    static const struct ndis_nics two = {.first = 1, .count = 2, .above = "flue_im.sys"};
    return nics_open(&two, flue);
}

/* By what a lower driver calls a path of the intermediate one: its index in that driver. */
static bool way_of(unsigned lower, uint32_t path, uint8_t mac[6])
{
    struct im_context about = {.lower = lower, .kind = CHIMNEY_PATH, .index = path};
    if (mock_oid(METHOD, OID_FLUE_IM_CONTEXT, &about, sizeof about, NULL) != 0)
        mock_broken("request", "%08x", OID_FLUE_IM_CONTEXT);
    return about.context != 0 && nics_next_hop(lower, (uint32_t)about.context, mac);
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
    const uint32_t two[] = {nics_entries(0, kind), nics_entries(1, kind)};
    (void)adapter;
    if (two[0] != two[1])
        mock_broken("agree", "%u and %u entries in the lower drivers", two[0], two[1]);
    return two[0];
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, flue_im.sys above two flue_chimney.sys",
        .forgets = true,
        .open = open_nic,
        .close = nics_close,
        .step = nics_step,
        .make_progress = nics_make_progress,
        .reset = nics_reset,
        .fault = nics_fault,
        .settle = nics_settle,
        .way = way,
        .entries = entries,
    };
    return &driver;
}
