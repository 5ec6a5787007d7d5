/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's time: a timer in hard interrupt steps it while it has commands, so that answers come
 * as a card's would. It stands still while engines are made, and while a test holds it.
 */
#include "nic.h"

void nic_clock_start(struct flue_nic *nic)
{
    if (!hrtimer_is_queued(&nic->clock))
        hrtimer_start(&nic->clock, ns_to_ktime((u64)READ_ONCE(nic->delay_us) * NSEC_PER_USEC),
                      HRTIMER_MODE_REL);
}

static enum hrtimer_restart step(struct hrtimer *timer)
{
    struct flue_nic *nic = container_of(timer, struct flue_nic, clock);
    bool left;

    if (READ_ONCE(nic->held) || READ_ONCE(nic->preparing))
        return HRTIMER_NORESTART; /* who ends that starts it */
    left = flue_device_step(nic->device.device);
    if (READ_ONCE(nic->preparing))
        queue_work(nic->queue, &nic->prepare);
    else if (left)
        nic_clock_start(nic);
    return HRTIMER_NORESTART;
}

/* After each batch of commands. */
static void ring(void *adapter)
{
    nic_clock_start(adapter);
}

struct ipsec_binding nic_binding; /* the device's own, with this doorbell */

void nic_clock_begin(struct flue_nic *nic)
{
    nic_binding = ipsec_device_binding;
    nic_binding.doorbell = ring;
    hrtimer_init(&nic->clock, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
    nic->clock.function = step;
    nic->delay_us = 100;
}

/* The device forgets all, what it was asked and what it has, and its keys. From a task. */
void nic_clock_wipe(struct flue_nic *nic)
{
    hrtimer_cancel(&nic->clock);
    flue_device_wipe(nic->device.device);
    queue_work(nic->queue, &nic->prepare);
    flush_work(&nic->prepare);
}

/* It has no thread: the timer steps it. */
void flue_device_stop(struct flue_device *d)
{
}
