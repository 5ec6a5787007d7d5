/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's half around the commands: interrupt service, time, reset, counters. */
#include "device.h"

#define POLL_BUDGET 256

void sim_wake(void *adapter)
{
    struct sim_device *d = ((struct sim_nic *)adapter)->device;
    atomic_store(&d->woken, true);
    if (d->threads)
        sem_post(&d->driver_bell);
}

/* Hand over what the device has answered; one at a time, like an interrupt that is masked. */
static void take_answers(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    if (atomic_flag_test_and_set(&d->serving))
        return;
    for (uint32_t i = 0; i < d->answers.entries; i++) {
        uint32_t entry = sim_ring_next(&d->answers);
        if (entry == UINT32_MAX)
            break;
        sim_deliver(nic, &d->answer_slots[entry]);
        sim_ring_consume(&d->answers);
    }
    atomic_flag_clear(&d->serving);
}

bool sim_service(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    take_answers(nic);
    if (atomic_exchange(&d->woken, false) && flue_poll(&nic->target.flue, POLL_BUDGET))
        atomic_store(&d->woken, true);
    return atomic_load(&d->woken) || !sim_ring_empty(&d->answers);
}

void sim_tick(struct sim_nic *nic, uint64_t now)
{
    pthread_mutex_lock(&nic->device->lock);
    nic->device->now = now;
    pthread_mutex_unlock(&nic->device->lock);
    flue_tick(&nic->target.flue, now);
}

bool sim_reset_wanted(struct sim_nic *nic)
{
    return atomic_load(&nic->device->reset_wanted);
}

void sim_reset(struct sim_nic *nic)
{
    struct flue_target *target = &nic->target.flue;
    flue_reset_begin(target);
    while (flue_target_phase(target) == FLUE_RUNNING)
        flue_poll(target, 0);
    sim_forget(nic);
    atomic_store(&nic->device->reset_wanted, false);
    flue_reset_end(target);
}

void sim_counters(struct sim_nic *nic, struct sim_counters *copy)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    *copy = d->counters;
    pthread_mutex_unlock(&d->lock);
    copy->doorbells = atomic_load(&d->doorbells);
    copy->ring_full = atomic_load(&d->ring_full);
    copy->inline_calls = atomic_load(&d->inline_calls);
    copy->answers_taken = atomic_load(&d->answers_taken);
    copy->answers_stray = atomic_load(&d->answers_stray);
}

const char *sim_command_name(uint8_t kind, uint8_t command)
{
    return chimney_command_name(kind, command);
}
