/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver of a history: what it does for its target and its device, by flue's calls. A test that
 * plays histories through a driver of its own has that in this file's place (tests/ndis).
 */
#include "history.h"

enum flue_error driver_open(struct history *h, const struct flue_config *config,
                            const struct flue_device_options *options)
{
    h->nic = &h->own;
    return h->target->open(h->nic, config, options);
}

void driver_close(struct history *h)
{
    h->target->close(h->nic);
}

void driver_submit(struct history *h, uint8_t operation, void *root)
{
    flue_submit(&h->nic->target, operation, root);
}

bool driver_poll(struct history *h, uint32_t budget)
{
    h->polls++;
    return flue_device_poll(h->nic->device, budget);
}

bool driver_woken(const struct history *h)
{
    return flue_device_woken(h->nic->device);
}

void driver_step(struct history *h)
{
    flue_device_step(h->nic->device);
}

void driver_time(struct history *h)
{
    flue_tick(&h->nic->target, h->now);
}

void driver_pause(struct history *h)
{
    (h->paused ? flue_pause : flue_resume)(&h->nic->target);
}

/* Whatever kept a queue full, a reset mends it. */
static void wipe(struct history *h)
{
    struct flue_device_options *o = flue_device_options(h->nic->device);
    h->wiped++;
    flue_device_wipe(h->nic->device);
    for (unsigned k = 0; k < FLUE_MAX_KINDS; k++)
        o->full[k] = 0;
}

/* The device may touch memory still. What it answered until now may have been believed. */
static void begun(struct history *h)
{
    struct flue_device_counters c;
    flue_device_counters(h->nic->device, &c);
    h->believed = c.answered - c.refused_answers;
    h->reset = RESET_BEGUN;
}

bool driver_wants_reset(struct history *h)
{
    return flue_device_reset_wanted(h->nic->device);
}

static void begin_reset(struct history *h)
{
    struct flue_target *t = &h->nic->target;
    say(h, "reset begins");
    flue_reset_begin(t);
    while (flue_target_phase(t) == FLUE_RUNNING)
        flue_poll(t, 0);
    begun(h);
}

static void stop_dma(struct history *h)
{
    wipe(h);
    h->reset = h->removed ? NO_RESET : RESET_STOPPED;
    if (!h->removed && perhaps(h, 20)) {
        say(h, "reset ends, of which nobody said that DMA has stopped");
        h->reset = NO_RESET;
        flue_reset_end(&h->nic->target);
        return;
    }
    say(h, "no DMA any more");
    flue_dma_stopped(&h->nic->target);
}

static void end_reset(struct history *h)
{
    say(h, "reset ends");
    wipe(h); /* what was issued before it began may have come later */
    flue_reset_end(&h->nic->target);
    h->reset = NO_RESET;
}

/* In three calls, with whatever happens between them. */
void driver_reset(struct history *h)
{
    if (h->reset == NO_RESET)
        begin_reset(h);
    else if (h->reset == RESET_BEGUN)
        stop_dma(h);
    else
        end_reset(h);
}

void driver_remove(struct history *h)
{
    flue_remove(&h->nic->target);
    flue_poll(&h->nic->target, 0);
    begun(h);
}
