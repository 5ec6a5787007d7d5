/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's time: a timer in hard interrupt steps it while it has commands, so that answers come
 * as a card's would. It stands still while engines are made, and while a test holds it.
 */
#include "nic.h"

void nic_clock_start(struct nic_unit *unit)
{
    if (!hrtimer_is_queued(&unit->clock))
        hrtimer_start(&unit->clock, ns_to_ktime((u64)READ_ONCE(unit->delay_us) * NSEC_PER_USEC),
                      HRTIMER_MODE_REL);
}

static enum hrtimer_restart step(struct hrtimer *timer)
{
    struct nic_unit *unit = container_of(timer, struct nic_unit, clock);
    bool left;

    if (READ_ONCE(unit->held) || READ_ONCE(unit->preparing))
        return HRTIMER_NORESTART; /* who ends that starts it */
    left = flue_device_step(nic_device(unit));
    if (READ_ONCE(unit->preparing))
        queue_work(unit->nic->queue, &unit->nic->prepare);
    else if (left)
        nic_clock_start(unit);
    return HRTIMER_NORESTART;
}

/* After each batch of commands. */
void nic_clock_ring(void *adapter)
{
    nic_clock_start(adapter);
}

void nic_clock_begin(struct nic_unit *unit)
{
    hrtimer_init(&unit->clock, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
    unit->clock.function = step;
    unit->delay_us = 100;
}

/* The device forgets all, what it was asked and what it has. From a task. */
void nic_clock_wipe(struct nic_unit *unit)
{
    hrtimer_cancel(&unit->clock);
    flue_device_wipe(nic_device(unit));
}

/* It has no thread: the timer steps it. */
void flue_device_stop(struct flue_device *d)
{
}
