/* SPDX-License-Identifier: BSD-2-Clause */
/* The software NIC of drivers/sim, as a miniport driver has it beneath. */
#include "nic.h"

void nic_own(struct sim_nic *nic, void (*ring)(void *owner), void *owner)
{
    struct sim_device *d = nic->device;
    d->device_bell = d->driver_bell = (sem_t){ring, owner};
    d->threads = true;
}

void *nic_owner(const struct sim_nic *nic)
{
    return nic->device->driver_bell.owner;
}

struct nic_connection nic_connection(const struct sim_nic *nic, uint32_t index)
{
    const struct chimney_add_tcp_args *tcp = &nic->device->tcps[index].holds;
    return (struct nic_connection){sim_present(nic->device, CHIMNEY_TCP, index), tcp->variant,
                                   tcp->state};
}

/* The NIC has no thread of its own here. */
void sim_stop(struct sim_nic *nic)
{
    nic->device->threads = false;
}
