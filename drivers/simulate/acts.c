/* SPDX-License-Identifier: BSD-2-Clause */
/* What may happen in a moment, and how often: the host asks, the device works, time goes by. */
#include "flue/priv/slot.h"

#include "history.h"

enum { BUDGET = 6, GREAT_BUDGET = 256, TICKS = 4, LONG = 200, TEMPERS = 3 };

void poll_some(struct history *h, unsigned times)
{
    while (times-- && driver_poll(h, 1 + below(h, h->plan.crowd ? GREAT_BUDGET : BUDGET)))
        ;
}

void tick(struct history *h, uint32_t ticks)
{
    h->now += ticks;
    driver_time(h);
}

void remove_target(struct history *h)
{
    say(h, "removed");
    driver_remove(h);
    h->removed = true;
}

void pause_or_resume(struct history *h)
{
    h->paused = !h->paused;
    say(h, h->paused ? "paused" : "resumed");
    driver_pause(h);
}

/* ---- What may happen ------------------------ */

static void the_host(struct history *h)
{
    tree_submit(h, (uint8_t)below(h, h->target->spec->operation_count));
}

static void the_device(struct history *h)
{
    driver_step(h);
}

static void polls(struct history *h)
{
    poll_some(h, 1 + below(h, 4));
}

static void time_goes_by(struct history *h)
{
    tick(h, perhaps(h, 90) ? below(h, TICKS) : below(h, LONG));
}

static void by_itself(struct history *h)
{
    const uint8_t kind = (uint8_t)below(h, h->target->spec->kind_count);
    const uint32_t index = below(h, h->nic->target.config.capacity[kind]);
    const struct flue_device_kind *k = &h->target->device->kinds[kind];
    if (!h->plan.events)
        return;
    if (perhaps(h, 40) && k->raise_count)
        flue_device_indicate(h->nic->device, kind, index, (uint8_t)below(h, k->raise_count));
    else if (k->event_count)
        flue_device_event(h->nic->device, kind, index, (uint8_t)below(h, k->event_count));
    else if (h->plan.faults >> FLUE_DEVICE_VANISHED & 1 && perhaps(h, 20))
        flue_device_lose(h->nic->device, kind, index);
}

/* An event or an indication of an object that has ended: nobody is to hear of it. */
static void of_the_ended(struct history *h)
{
    static const uint64_t nothing[64];
    const struct thing *t = &h->things[below(h, h->thing_count)];
    const struct flue_device_kind *k = &h->target->device->kinds[t->kind];
    if (!h->plan.events || t->alive || !t->handle ||
        flue_name_index(&h->nic->target, t->kind, t->handle) != FLUE_NONE)
        return; /* or it is the hardware's still, for all that is known */
    if (k->event_count &&
        flue_raise(&h->nic->target, t->kind, t->handle, (uint8_t)below(h, k->event_count), nothing))
        fail(h, "an event of an object that has ended was taken");
    if (k->raise_count && flue_indicate(&h->nic->target, t->kind, t->handle,
                                        k->raises[below(h, k->raise_count)].indication, 0))
        fail(h, "an indication of an object that has ended was taken");
}

/* An answer to a command that never was. */
static void answered_nobody(struct history *h)
{
    struct flue_target *t = &h->nic->target;
    const uint32_t slot = below(h, t->config.ring_entries);
    const flue_cookie cookie = (chance(h) >> 32 << 32) | slot;
    if (t->slots[slot].word >> 32 != cookie >> 32 && flue_command_done(t, cookie, FLUE_RESULT_OK))
        fail(h, "an answer to a command that never was is taken");
}

static void answered_again(struct history *h)
{
    if (h->plan.faults >> FLUE_DEVICE_TWICE & 1 && perhaps(h, 15))
        answered_nobody(h);
    else if (h->plan.faults >> FLUE_DEVICE_TWICE & 1)
        flue_device_answer_again(h->nic->device, below(h, 8) ? below(h, 8) : below(h, 64));
}

/* The ring of one command is full until a reset, or until it is not. */
static void full_ring(struct history *h)
{
    const uint8_t kind = (uint8_t)below(h, h->target->spec->kind_count);
    uint32_t *full = &flue_device_options(h->nic->device)->full[kind];
    if (!(h->plan.faults >> FLUE_DEVICE_NO_ROOM & 1) || !perhaps(h, 20) ||
        h->plan.of[h->at].faultless)
        return;
    *full = *full ? 0 : UINT32_C(1) << below(h, h->target->spec->kinds[kind].command_count);
    say(h, "full rings of %s: %x", h->target->spec->kinds[kind].name, (unsigned)*full);
}

static void other_latencies(struct history *h)
{
    struct flue_device_options *o = flue_device_options(h->nic->device);
    o->latency_max = below(h, 3) * below(h, 6);
    o->answer_max = below(h, 3) * below(h, 6);
}

static void pauses(struct history *h)
{
    if (h->paused || perhaps(h, 30))
        pause_or_resume(h);
}

static void resets(struct history *h)
{
    if (h->removed ? h->reset : h->plan.resets && (h->reset || perhaps(h, 25)))
        driver_reset(h);
}

/* A root that is under way is submitted again, as any operation: nothing comes of it. */
static void asked_again(struct history *h)
{
    const struct request *r = &h->requests[below(h, REQUESTS)];
    if (h->plan.hostile && r->in_use && !r->done)
        driver_submit(h, (uint8_t)below(h, h->target->spec->operation_count), r->nodes[0].memory);
}

static const struct {
    void (*happens)(struct history *h);
    uint8_t weight[TEMPERS];
} happenings[] = {
    {the_host, {30, 24, 38}},
    {the_device, {29, 28, 20}},
    {polls, {26, 28, 18}},
    {time_goes_by, {6, 10, 8}},
    {by_itself, {3, 4, 4}},
    {of_the_ended, {1, 1, 2}},
    {answered_again, {1, 1, 2}},
    {full_ring, {1, 1, 2}},
    {other_latencies, {1, 1, 1}},
    {pauses, {1, 1, 2}},
    {resets, {1, 1, 3}},
    {asked_again, {1, 1, 2}},
    /* where there are transfers */
    {hand_over, {9, 12, 9}},
    {finish_elements, {11, 9, 8}},
    {finish_others, {1, 1, 2}},
};
enum { HAPPENINGS = sizeof happenings / sizeof *happenings, OF_TRANSFERS = 3 };

static uint64_t asked_of_the_device(const struct history *h)
{
    struct flue_device_counters c;
    flue_device_counters(h->nic->device, &c);
    return c.taken + c.ring_full;
}

/* Commands come from inside of a poll, whatever the host or the driver call meanwhile. */
void act(struct history *h)
{
    const unsigned temper = (unsigned)(h->plan.seed % TEMPERS);
    unsigned sum = 0, i = 0;
    for (unsigned n = 0; n < HAPPENINGS - (h->hands_over ? 0 : OF_TRANSFERS); n++)
        sum += happenings[n].weight[temper];
    for (unsigned dice = below(h, sum); dice >= happenings[i].weight[temper]; i++)
        dice -= happenings[i].weight[temper];
    const uint64_t asked = asked_of_the_device(h), polled = h->polls;
    happenings[i].happens(h);
    if (h->polls == polled && asked_of_the_device(h) != asked)
        fail(h, "a command was issued outside of a poll");
}
