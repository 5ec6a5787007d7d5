/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ndis_nics.h: what the contract does with flue_chimney.sys, be it alone or below flue_im.sys. NICs
 * are looked at, and faults set, by requests to the adapters that have them.
 */
#ifndef NDIS_NICS_H
#define NDIS_NICS_H

#include <string.h>

#include "contract.h"
#include "flue_oid.h"
#include "mock/mock.h"

enum { QUERY = 0, SET = 1, METHOD = 12 }; /* enum NDIS_REQUEST_TYPE */

/* Numbers of the mock's adapters; faults strike the last. */
struct ndis_nics {
    unsigned first, count;
    const char *above; /* the driver above them; NULL: none */
};

void *nics_open(const struct ndis_nics *these, const struct flue_config *flue);
void nics_close(void *adapter);
void nics_step(void *adapter, uint64_t now);
void nics_make_progress(void *adapter);
void nics_reset(void *adapter);
void nics_fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command);
void nics_settle(void *adapter);
/* An entry of a NIC's table; `nic` from 0 on. */
bool nics_look(unsigned nic, uint32_t oid, uint32_t index, void *entry, uint32_t bytes);
uint32_t nics_entries(unsigned nic, uint8_t kind);
/* The next hop of a path, unless that, or the path, is blocked. */
bool nics_next_hop(unsigned nic, uint32_t path, uint8_t mac[6]);

#endif
