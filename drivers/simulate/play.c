/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens next: the host asks, the device works, time goes by, the hardware is reset. */
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { BUDGET = 6, SETTLING = 4000, ROUNDS = 3, TICKS = 4 };

void simulate_completed(void *host, uint8_t operation, void *root)
{
    struct history *h = host;
    for (unsigned i = 0; i < REQUESTS; i++) {
        struct request *r = &h->requests[i];
        if (!r->in_use || r->nodes[0].memory != root)
            continue;
        if (r->done || r->operation != operation)
            fail(h, "%s is completed twice, or as another operation",
                 h->target->spec->operations[r->operation].name);
        if (h->phase == 1)
            fail(h, "a completion while the device may still touch memory");
        r->done = true;
        h->under_way--;
        h->completed++;
        judge(h, r);
        return;
    }
    fail(h, "a completion of what nobody asked for");
}

/* ---- The way a history goes ------------------------ */

static void poll_some(struct history *h, unsigned times)
{
    while (times-- && flue_poll(&h->nic.target, 1 + below(h, BUDGET)))
        ;
}

static void tick(struct history *h, uint32_t ticks)
{
    h->now += ticks;
    flue_tick(&h->nic.target, h->now);
}

static void wipe(struct history *h)
{
    h->wiped++;
    flue_device_wipe(h->nic.device);
}

/* A reset in three calls, with whatever happens between them. */
static void reset_step(struct history *h)
{
    struct flue_target *t = &h->nic.target;
    switch (h->phase) {
    case 0:
        say(h, "reset begins");
        flue_reset_begin(t);
        while (flue_target_phase(t) == FLUE_RUNNING)
            flue_poll(t, 0);
        h->phase = 1;
        break;
    case 1:
        say(h, "no DMA any more");
        wipe(h);
        h->phase = 2;
        flue_dma_stopped(t);
        break;
    default:
        say(h, "reset ends");
        wipe(h); /* what was issued before it began may have come later */
        flue_reset_end(t);
        h->phase = 0;
    }
}

static void remove_target(struct history *h)
{
    say(h, "removed");
    flue_remove(&h->nic.target);
    flue_poll(&h->nic.target, 0);
    wipe(h);
    flue_dma_stopped(&h->nic.target);
    h->removed = true;
    h->phase = 0;
}

static void something_of_the_device(struct history *h)
{
    const uint8_t kind = (uint8_t)below(h, h->target->spec->kind_count);
    const uint32_t index = below(h, h->nic.target.config.capacity[kind]);
    const struct flue_device_kind *k = &h->target->device->kinds[kind];
    if (perhaps(h, 40) && k->raise_count)
        flue_device_indicate(h->nic.device, kind, index, (uint8_t)below(h, k->raise_count));
    else if (k->event_count)
        flue_device_event(h->nic.device, kind, index, (uint8_t)below(h, k->event_count));
    else if (h->plan.faults >> FLUE_DEVICE_VANISHED & 1 && perhaps(h, 20))
        flue_device_lose(h->nic.device, kind, index);
}

static void something_of_the_host(struct history *h)
{
    tree_submit(h, (uint8_t)below(h, h->target->spec->operation_count));
}

static void pause_or_resume(struct history *h)
{
    h->paused = !h->paused;
    (h->paused ? flue_pause : flue_resume)(&h->nic.target);
}

static void act(struct history *h)
{
    h->moment++;
    const uint32_t what = below(h, 100);
    if (what < 30)
        something_of_the_host(h);
    else if (what < 60)
        flue_device_step(h->nic.device);
    else if (what < 88)
        poll_some(h, 1 + below(h, 4));
    else if (what < 94)
        tick(h, perhaps(h, 90) ? below(h, TICKS) : below(h, 200));
    else if (what < 97 && h->plan.events)
        something_of_the_device(h);
    else if (what < 98 && perhaps(h, 30))
        pause_or_resume(h);
    else if (h->plan.resets && (h->phase || perhaps(h, 25)))
        reset_step(h);
}

static bool is_quiet(struct history *h)
{
    return flue_device_idle(h->nic.device) && flue_target_quiet(&h->nic.target) && !h->under_way;
}

/* All goes well from here on, and at once. */
static void be_good(struct history *h)
{
    struct flue_device_options *o = flue_device_options(h->nic.device);
    flue_device_be_good(h->nic.device);
    o->latency_max = o->answer_max = 0;
}

/* Until nothing is under way. What the device never answers ends by time, or by a reset. */
static void settle(struct history *h)
{
    if (h->paused)
        pause_or_resume(h);
    while (h->phase)
        reset_step(h);
    for (unsigned i = 0; i < SETTLING; i++) {
        h->moment++;
        flue_device_step(h->nic.device);
        poll_some(h, 16);
        if (is_quiet(h))
            break;
        tick(h, TICKS);
        if (i == SETTLING / 2)
            be_good(h); /* or one reset leads to the next */
        if (flue_device_reset_wanted(h->nic.device) && !h->removed)
            do
                reset_step(h);
            while (h->phase);
    }
    if (!is_quiet(h))
        fail(h, "%u requests do not end", h->under_way);
    check_quiet(h);
}

/* Every object is given back, the highest layers first, by any operation that ends objects. */
static void retire_all(struct history *h)
{
    for (uint8_t k = h->target->spec->kind_count; k-- > 0;)
        for (uint8_t o = 0; o < h->target->spec->operation_count; o++)
            for (unsigned i = 0; h->target->spec->operations[o].ends && i < THINGS; i++)
                if (h->things[i].alive && h->things[i].kind == k && tree_end(h, &h->things[i], o))
                    settle(h);
}

static bool has_things(const struct history *h)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (h->things[i].alive)
            return true;
    return false;
}

/* With a device that does all well, everything goes; what nobody was sure of goes with a reset. */
static void end(struct history *h)
{
    be_good(h);
    h->plan.events = false;
    for (unsigned i = 0; i < 4 && (i < 2 || has_things(h)); i++) {
        retire_all(h);
        do
            reset_step(h);
        while (h->phase);
        settle(h);
    }
    if (!has_things(h))
        check_empty(h);
    else
        fail(h, "an object cannot be given back");
}

/* ---- A history ------------------------ */

static struct flue_config configuration(struct history *h)
{
    struct flue_config c = {.ticks_per_second = 1000, .host_handle = h};
    for (unsigned k = 0; k < h->target->spec->kind_count; k++)
        c.capacity[k] = 1 + below(h, 6);
    for (unsigned p = 0; p < FLUE_MAX_PARAMETERS; p++)
        c.parameters[p] = perhaps(h, 50) ? below(h, 5) : below(h, 1000);
    c.ring_entries = 2 + below(h, 15);
    c.reserved_entries = below(h, 2);
    c.running_requests = 1u << below(h, 4);
    c.quarantine_limit = below(h, c.ring_entries - c.reserved_entries);
    c.cache_resident_objects = below(h, 3);
    c.key = below(h, 1000);
    if (h->plan.traced) {
        c.trace = story_trace;
        c.trace_context = h;
    }
    return c;
}

static struct flue_device_options options(struct history *h)
{
    struct flue_device_options o = {.seed = chance(h)};
    o.latency_max = below(h, 3) * below(h, 6);
    o.answer_max = below(h, 3) * below(h, 6);
    o.late_steps = 1 + below(h, 60);
    for (unsigned f = 1; f < FLUE_DEVICE_FAULTS; f++)
        if ((h->plan.faults >> f & 1) && perhaps(h, 40))
            o.chance[f] = 1000 + below(h, 120000);
    if (h->plan.trace) {
        o.story = o.wrong = story_device;
        o.story_context = o.wrong_context = h;
    }
    if (h->plan.events)
        o.event_chance = o.indication_chance = below(h, 40000);
    if ((h->plan.faults >> FLUE_DEVICE_REFUSED & 1))
        for (unsigned k = 0; k < h->target->spec->kind_count; k++)
            o.entries[k] = perhaps(h, 20) ? 1 + below(h, 3) : 0;
    return o;
}

static void history(struct history *h)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < h->plan.actions / ROUNDS; i++)
            act(h);
        settle(h);
    }
    if (perhaps(h, 10)) {
        for (unsigned i = 0; i < h->plan.actions / ROUNDS; i++)
            act(h);
        remove_target(h);
        settle(h);
    } else
        end(h);
    if (h->submitted != h->completed)
        fail(h, "%llu requests, %llu completions", (unsigned long long)h->submitted,
             (unsigned long long)h->completed);
}

static void clean_up(struct history *h)
{
    for (unsigned i = 0; i < REQUESTS; i++)
        if (h->requests[i].in_use)
            tree_free(&h->requests[i]);
    for (unsigned i = 0; i < THINGS; i++)
        while (h->things[i].image_count)
            free(h->things[i].images[--h->things[i].image_count].entry);
    h->target->close(&h->nic);
}

bool play(const struct simulate_target *target, const struct plan *plan, struct history *h)
{
    memset(h, 0, sizeof *h);
    h->target = target;
    h->plan = *plan;
    h->chance = plan->seed * UINT64_C(0x2545f4914f6cdd1d);
    const struct flue_config config = configuration(h);
    const struct flue_device_options with = options(h);
    if (target->open(&h->nic, &config, &with) != FLUE_OK)
        return false;
    if (getenv("FLUE_SLOW_PATH"))
        memset(h->nic.target.fast_paths, 0, sizeof h->nic.target.fast_paths);
    if (setjmp(h->failed)) {
        clean_up(h);
        return false;
    }
    history(h);
    clean_up(h);
    return true;
}
