/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread of the device's own: steps, time and polls; it sleeps while there is nothing to do. */
#include <time.h>

#include "device.h"

#define NS_PER_MS 1000000
#define NS_PER_S 1000000000
#define MS_PER_S 1000

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

/* A millisecond at most: the time has to be told, too. */
static void sleep_until_called(struct flue_device *d)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += NS_PER_MS;
    if (until.tv_nsec >= NS_PER_S) {
        until.tv_nsec -= NS_PER_S;
        until.tv_sec++;
    }
    device_lock(&d->system);
    pthread_cond_timedwait(&d->system.bell, &d->system.lock, &until);
    device_unlock(&d->system);
}

static void *run(void *context)
{
    struct flue_device *d = context;
    const uint64_t ticks = d->ticks_per_second;
    while (!atomic_load(&d->stopping)) {
        flue_tick(&d->adapter->target, now_ms() * ticks / MS_PER_S);
        if (!flue_device_work(d))
            sleep_until_called(d);
    }
    return NULL;
}

bool flue_device_start(struct flue_device *d)
{
    if (d->running)
        return true;
    atomic_store(&d->stopping, false);
    d->running = pthread_create(&d->system.thread, NULL, run, d) == 0;
    return d->running;
}

void flue_device_stop(struct flue_device *d)
{
    if (!d->running)
        return;
    atomic_store(&d->stopping, true);
    pthread_join(d->system.thread, NULL);
    d->running = false;
}
