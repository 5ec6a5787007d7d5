/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_of_spec.h: the device that is generated of the spec, where the driver looks for the software
 * NIC of drivers/sim: what it calls and reads of that, by the same names.
 */
#ifndef NDIS_NIC_OF_SPEC_H
#define NDIS_NIC_OF_SPEC_H

#include <stdatomic.h>

#include "chimney_device.h"

struct sim_nic {
    struct chimney_target target; /* these two as struct chimney_device has them */
    struct flue_device *device;
    atomic_bool woken;
    uint32_t budget; /* of a poll; tests make it small */
    void (*ring)(void *owner);
    void *owner;
};

struct sim_config {
    struct flue_config flue;
    uint32_t ring_entries;
    uint32_t entries[CHIMNEY_KINDS];
    uint64_t seed;
};

struct sim_config sim_config_default(void);
struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error);
void sim_close(struct sim_nic *nic);
void sim_tick(struct sim_nic *nic, uint64_t now);
void sim_step(struct sim_nic *nic, uint32_t steps);
/* Polls if somebody has asked for it; true: there is more to do. */
bool sim_service(struct sim_nic *nic);
void sim_forget(struct sim_nic *nic);

#endif
