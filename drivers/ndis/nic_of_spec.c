/* SPDX-License-Identifier: BSD-2-Clause */
/* The device that is generated of the spec, as a miniport driver has it beneath. */
#include <stdlib.h>

#include "adapter.h"

#define POLL_BUDGET 256

_Static_assert(offsetof(struct sim_nic, device) == offsetof(struct chimney_device, device),
               "a NIC begins as the device's adapter does");

static struct chimney_device *device_of(struct sim_nic *nic)
{
    return (struct chimney_device *)(void *)nic;
}

struct sim_config sim_config_default(void)
{
    struct sim_config config = {.seed = 1};
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 64;
    config.flue.capacity[CHIMNEY_PATH] = 1024;
    config.flue.capacity[CHIMNEY_TCP] = 1024;
    config.flue.ticks_per_second = 1000;
    config.flue.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    return config;
}

static void wake(void *adapter)
{
    struct sim_nic *nic = adapter;
    atomic_store(&nic->woken, true);
    if (nic->ring)
        nic->ring(nic->owner);
}

struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error)
{
    struct flue_config flue = config->flue;
    struct flue_device_options options = {.seed = config->seed,
                                          .ring_entries = config->ring_entries};
    struct sim_nic *nic = aligned_alloc(64, sizeof *nic);
    if (!nic)
        return NULL;
    *nic = (struct sim_nic){.budget = POLL_BUDGET};
    flue.wake = wake;
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        options.entries[k] = config->entries[k];
    const enum flue_error opened =
        chimney_device_open(device_of(nic), &flue, &options, flue.completions, flue.indications);
    if (error)
        *error = opened;
    if (opened == FLUE_OK)
        return nic;
    free(nic);
    return NULL;
}

void sim_close(struct sim_nic *nic)
{
    if (nic)
        chimney_device_close(device_of(nic));
    free(nic);
}

void sim_tick(struct sim_nic *nic, uint64_t now)
{
    flue_tick(&nic->target.flue, now);
}

void sim_step(struct sim_nic *nic, uint32_t steps)
{
    while (steps--)
        flue_device_step(nic->device);
}

/* The device asks for polls, too, where the runtime is to ask it for answers. */
bool sim_service(struct sim_nic *nic)
{
    const bool more = flue_device_poll(nic->device, nic->budget);
    if (atomic_exchange(&nic->woken, false) && flue_poll(&nic->target.flue, nic->budget))
        atomic_store(&nic->woken, true);
    return more || atomic_load(&nic->woken) || !flue_device_idle(nic->device);
}

void sim_forget(struct sim_nic *nic)
{
    flue_device_wipe(nic->device);
}

/* It has no thread here. */
void flue_device_stop(struct flue_device *d)
{
    (void)d;
}

void nic_own(struct sim_nic *nic, void (*ring)(void *owner), void *owner)
{
    nic->ring = ring;
    nic->owner = owner;
}

void *nic_owner(const struct sim_nic *nic)
{
    return nic->owner;
}

struct nic_connection nic_connection(const struct sim_nic *nic, uint32_t index)
{
    const struct chimney_device_tcp *tcp =
        chimney_device_tcp((const struct chimney_device *)(const void *)nic, index);
    return tcp ? (struct nic_connection){true, tcp->flue.variant, tcp->state}
               : (struct nic_connection){0};
}

/* Nobody looks into it from outside. */
NDIS_STATUS private_request(struct adapter *a, NDIS_OID_REQUEST *request)
{
    (void)a;
    (void)request;
    return NDIS_STATUS_NOT_SUPPORTED;
}
