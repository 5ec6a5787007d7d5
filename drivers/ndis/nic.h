/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h: the software NIC beneath, by what the driver asks of it. There are two: that of
 * drivers/sim, written by hand, and the device that is generated of the spec (drivers/device). A
 * build has one of them; both are called by the names of the first: sim_tick(), sim_step(),
 * sim_service() ..., and these.
 */
#ifndef NDIS_NIC_H
#define NDIS_NIC_H

#ifdef FLUE_NIC_OF_SPEC
#include "nic_of_spec.h"
#else
#include "device.h"
#endif

/* From here on its bells ring, by calls with the owner. */
void nic_own(struct sim_nic *nic, void (*ring)(void *owner), void *owner);
void *nic_owner(const struct sim_nic *nic);
/* What it has at an index of its table of connections. */
struct nic_connection {
    bool present;
    uint8_t variant;
    int32_t state;
};
static inline bool nic_is_established(int32_t state)
{
    return state == CHIMNEY_TCP_STATE_ESTABLISHED || state == CHIMNEY_TCP_STATE_CLOSE_WAIT;
}
struct nic_connection nic_connection(const struct sim_nic *nic, uint32_t index);

#endif
