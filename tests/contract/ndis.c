/* SPDX-License-Identifier: BSD-2-Clause */
/* flue_chimney.sys under the contract. */
#include "ndis_nics.h"

static void *open_nic(const struct flue_config *flue)
{
    static const struct ndis_nics one = {.first = 0, .count = 1};
    return nics_open(&one, flue);
}

static bool way(void *adapter, uint32_t index, uint8_t mac[6])
{
    (void)adapter;
    return nics_next_hop(0, index, mac);
}

static uint32_t entries(void *adapter, uint8_t kind)
{
    (void)adapter;
    return nics_entries(0, kind);
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, flue_chimney.sys",
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
