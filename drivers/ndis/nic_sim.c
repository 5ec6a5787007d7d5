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

uint32_t nic_established(const struct sim_nic *nic, uint8_t variant)
{
    const struct sim_device *d = nic->device;
    uint32_t found = 0;
    for (uint32_t i = 0; i < d->capacity[CHIMNEY_TCP]; i++) {
        const struct chimney_add_tcp_args *tcp = &d->tcps[i].holds;
        found += sim_present(d, CHIMNEY_TCP, i) && tcp->variant == variant &&
                 (tcp->state == CHIMNEY_TCP_STATE_ESTABLISHED ||
                  tcp->state == CHIMNEY_TCP_STATE_CLOSE_WAIT);
    }
    return found;
}

/* The NIC has no thread of its own here. */
void sim_stop(struct sim_nic *nic)
{
    nic->device->threads = false;
}
