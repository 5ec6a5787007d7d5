/* SPDX-License-Identifier: BSD-2-Clause */
/* The device and its driver in threads of their own; a tick is a millisecond. */
#include <errno.h>
#include <time.h>

#include "device.h"

#define NS_PER_MS 1000000
#define NS_PER_S 1000000000
#define SERVICES_PER_TICK 64

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / NS_PER_MS;
}

/* Wait for a bell, a millisecond at most, and swallow what else it rang. */
static void wait_for(sem_t *bell)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += NS_PER_MS;
    if (until.tv_nsec >= NS_PER_S) {
        until.tv_nsec -= NS_PER_S;
        until.tv_sec++;
    }
    while (sem_timedwait(bell, &until) != 0 && errno == EINTR)
        ;
    while (sem_trywait(bell) == 0)
        ;
}

static void *run_device(void *context)
{
    struct sim_nic *nic = context;
    while (!atomic_load(&nic->device->stopping)) {
        wait_for(&nic->device->device_bell);
        if (sim_device_step(nic))
            sem_post(&nic->device->driver_bell); /* the interrupt */
    }
    return NULL;
}

static void *run_driver(void *context)
{
    struct sim_nic *nic = context;
    while (!atomic_load(&nic->device->stopping)) {
        bool more = true;
        sim_tick(nic, now_ms());
        for (uint32_t i = 0; i < SERVICES_PER_TICK && more; i++)
            more = sim_service(nic);
        if (!more)
            wait_for(&nic->device->driver_bell);
    }
    return NULL;
}

bool sim_start(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    if (d->threads)
        return true;
    atomic_store(&d->stopping, false);
    d->threads = true;
    if (pthread_create(&d->device_thread, NULL, run_device, nic) != 0) {
        d->threads = false;
        return false;
    }
    if (pthread_create(&d->driver_thread, NULL, run_driver, nic) != 0) {
        atomic_store(&d->stopping, true);
        pthread_join(d->device_thread, NULL);
        d->threads = false;
        return false;
    }
    return true;
}

void sim_stop(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    if (!d->threads)
        return;
    atomic_store(&d->stopping, true);
    sem_post(&d->device_bell);
    sem_post(&d->driver_bell);
    pthread_join(d->device_thread, NULL);
    pthread_join(d->driver_thread, NULL);
    d->threads = false;
}
