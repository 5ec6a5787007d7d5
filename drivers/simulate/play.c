/* SPDX-License-Identifier: BSD-2-Clause */
/* One decision after the other; then all is given back, and nothing may be left. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { SETTLING = 4000, IN_TIME = 1500, TICKS = 4, MANY = 84, LATE = 200, LAST = 30 };
_Static_assert(2 + MANY <= THINGS, "every object of a kind has a place on the host");

/* What a host does in its completion call: memory goes, another request comes. */
static void after(struct history *h, struct request *r)
{
    const uint64_t echo = r->echo, chance = h->chance;
    if (r->frees)
        tree_free(h, r);
    if (!echo || h->removed || h->echoes)
        return;
    h->chance = echo;
    h->echoes = true;
    tree_submit(h, (uint8_t)below(h, h->target->spec->operation_count));
    h->echoes = false;
    h->chance = chance;
}

void simulate_completed(void *host, uint8_t operation, void *root)
{
    struct history *h = host;
    for (unsigned i = 0; i < REQUESTS; i++) {
        struct request *r = &h->requests[i];
        if (!r->in_use || r->done || r->nodes[0].memory != root)
            continue;
        if (r->operation != operation)
            fail(h, "%s is completed as another operation",
                 h->target->spec->operations[r->operation].name);
        if (h->reset == RESET_BEGUN)
            fail(h, "a completion while the device may still touch memory");
        r->done = true;
        h->under_way--;
        h->completed++;
        judge(h, r);
        after(h, r);
        return;
    }
    fail(h, "a completion of what is not under way: nobody asked for it, or it was completed");
}

/* ---- The way a history goes ------------------------ */

/* From here on what is left to chance follows from a number, and not from what was before. */
static void chances(struct history *h, unsigned number, bool faultless)
{
    struct flue_device_options *o = flue_device_options(h->nic->device);
    h->chance = (h->plan.seed + 1) * UINT64_C(0x2545f4914f6cdd1d) ^ (uint64_t)number << 40;
    flue_device_chance(h->nic->device, chance(h));
    for (unsigned f = 0; f < FLUE_DEVICE_FAULTS; f++)
        o->chance[f] = faultless || h->good_device ? 0 : h->chances[f];
    o->event_chance = o->indication_chance = faultless || h->good_device ? 0 : h->event_chance;
}

static void decide(struct history *h)
{
    const struct decision *d = &h->plan.of[h->at];
    h->moment++;
    if (d->out)
        return;
    chances(h, h->at, d->faultless);
    h->nodes = d->nodes;
    act(h);
    check_step(h);
}

static bool is_quiet(struct history *h)
{
    return flue_device_idle(h->nic->device) && flue_target_quiet(&h->nic->target) && !h->under_way;
}

/* All goes well from here on, and at once. */
static void be_good(struct history *h)
{
    struct flue_device_options *o = flue_device_options(h->nic->device);
    flue_device_be_good(h->nic->device);
    o->latency_max = o->answer_max = 0;
}

/* So many at a time that whoever waits for the longest timeout does so for 25 times at most. */
static uint32_t ticks_at_rest(const struct history *h)
{
    uint32_t longest = 0;
    for (unsigned k = 0; k < h->target->spec->kind_count; k++)
        for (unsigned c = 0; c < h->target->spec->kinds[k].command_count; c++) {
            const uint32_t ms = h->target->spec->kinds[k].commands[c].timeout_ms;
            longest = ms > longest ? ms : longest;
        }
    return longest / 25 > TICKS ? longest / 25 : TICKS;
}

/*
 * As long as time goes on and the driver obeys, every request completes, faults or none: it waits
 * for those before it at its objects, each of them for a few commands and what takes them back, and
 * these for room and for answers, as long as the longest timeout at a time.
 */
static void check_in_time(struct history *h, unsigned rounds, uint32_t ticks)
{
    if (rounds == IN_TIME && h->under_way)
        fail(h, "%u requests are not completed after %u ticks", h->under_way, rounds * ticks);
}

/* Until nothing is under way. What the device never answers ends by time, or by a reset. */
static void settle(struct history *h)
{
    const unsigned rest = h->rests++;
    chances(h, MOMENTS + rest, h->plan.faultless_rests >> (rest < 31 ? rest : 31) & 1);
    if (h->paused)
        pause_or_resume(h);
    while (h->reset)
        driver_reset(h);
    const uint32_t ticks = ticks_at_rest(h);
    for (unsigned i = 0, rounds = 0; i < SETTLING; i++, rounds++) {
        h->moment++;
        driver_step(h);
        poll_some(h, 16);
        check_step(h);
        if (is_quiet(h))
            break;
        tick(h, ticks);
        check_in_time(h, rounds, ticks);
        if (i == SETTLING / 2)
            be_good(h); /* or one reset leads to the next */
        if (driver_wants_reset(h) && !h->removed) {
            rounds = 0;
            do
                driver_reset(h);
            while (h->reset);
        }
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
            for (unsigned i = 0; h->target->spec->operations[o].ends && i < h->thing_count; i++)
                if (h->things[i].alive && h->things[i].kind == k && tree_end(h, &h->things[i], o)) {
                    settle(h);
                    if (h->plan.crowd) /* that was all of them */
                        break;
                }
}

static bool has_things(const struct history *h)
{
    for (unsigned i = 0; i < h->thing_count; i++)
        if (h->things[i].alive)
            return true;
    return false;
}

/*
 * With a device that does all well and a host that asks properly, everything goes; what nobody was
 * sure of goes with a reset.
 */
static void end(struct history *h)
{
    be_good(h);
    h->good_device = true;
    h->plan.events = h->plan.hostile = false;
    for (unsigned i = 0; i < 4 && (i < 2 || has_things(h)); i++) {
        retire_all(h);
        while (!h->removed && (driver_reset(h), h->reset))
            ;
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
    struct flue_config c = {.ticks_per_second = TICKS_PER_SECOND, .host_handle = h};
    const unsigned kinds = h->target->spec->kind_count;
    for (unsigned k = 0; k < kinds; k++)
        c.capacity[k] = h->plan.many ? 2 + below(h, MANY / kinds) : 1 + below(h, 6);
    for (unsigned k = 0, most = CROWD + 1; h->plan.crowd && k < kinds; k++, most = most / 42 + 1)
        c.capacity[kinds - 1 - k] += most;
    for (unsigned p = 0; p < FLUE_MAX_PARAMETERS; p++)
        c.parameters[p] = perhaps(h, 50) ? below(h, 5) : below(h, 1000);
    c.ring_entries = h->plan.crowd  ? 64u << below(h, 3)
                     : h->plan.many ? 16 + below(h, 100)
                                    : 2 + below(h, 15);
    c.reserved_entries = below(h, 2);
    c.running_requests = 1u << below(h, 4);
    c.quarantine_limit = below(h, c.ring_entries - c.reserved_entries);
    c.indication_entries = 1u << below(h, 7);
    c.cache_resident_objects = below(h, 3);
    c.key = below(h, 1000);
    c.recorder = h->plan.recorder;
    c.transfers = h->target->handed;
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
    o.reaps = h->plan.reaps;
    o.offered = transfers_offered;
    o.offered_context = h;
    for (unsigned f = 1; f < FLUE_DEVICE_FAULTS; f++)
        if ((h->plan.faults >> f & 1) && perhaps(h, 40))
            h->chances[f] = 1000 + below(h, 120000);
    if (h->plan.trace) {
        o.story = o.wrong = story_device;
        o.story_context = o.wrong_context = h;
    }
    if (h->plan.events)
        h->event_chance = below(h, 40000);
    if ((h->plan.faults >> FLUE_DEVICE_REFUSED & 1))
        for (unsigned k = 0; k < h->target->spec->kind_count; k++)
            o.entries[k] = perhaps(h, 20) ? 1 + below(h, 3) : 0;
    if (h->target->handed)
        o.elements = perhaps(h, 30) ? 1 + below(h, 6) : 0;
    return o;
}

/* Nothing goes wrong until it is there. */
static void begin_crowd(struct history *h)
{
    h->good_device = true;
    tree_crowd(h);
    settle(h);
    h->good_device = false;
}

static void history(struct history *h)
{
    const unsigned removed = h->plan.seed % 10 == 7 ? 1 + below(h, LAST) : 0; /* before its end */
    if (h->plan.crowd)
        begin_crowd(h);
    for (h->at = 0; h->at < h->plan.actions; h->at++) {
        if (h->at + removed == h->plan.actions)
            remove_target(h);
        decide(h);
        if ((h->at + 1) % (h->plan.actions / ROUNDS) == 0)
            settle(h);
    }
    end(h);
    if (h->submitted != h->completed)
        fail(h, "%llu requests, %llu completions", (unsigned long long)h->submitted,
             (unsigned long long)h->completed);
}

static void clean_up(struct history *h)
{
    for (unsigned i = 0; i < REQUESTS; i++) {
        if (h->requests[i].in_use)
            tree_free(h, &h->requests[i]);
        free(h->requests[i].nodes);
    }
    for (unsigned i = 0; i < h->thing_count; i++)
        images_end(&h->things[i]);
    transfers_free(h);
    free(h->checks_memory);
    h->checks_memory = NULL;
    driver_close(h);
}

struct plan plan_of(uint64_t seed, bool trace)
{
    struct plan p = {.seed = seed,
                     .actions = 60 + (unsigned)(seed * 7919 % (MOMENTS - 60 + 1)),
                     .faults = seed % 8 ? ~UINT32_C(0) : 0,
                     .events = seed % 3 != 0,
                     .resets = seed % 5 != 0,
                     .hostile = seed % 4 != 0,
                     .trace = trace,
                     .traced = seed % 2 == 0,
                     .reaps = seed % 7 < 3,
                     .many = seed % 16 == 9,
                     .crowd = seed % 512 == 41};
    for (unsigned i = 0; i < MOMENTS; i++)
        p.of[i].nodes = p.crowd ? CROWD / 4 : p.many ? NODES : FEW_NODES;
    return p;
}

bool play(const struct simulate_target *target, const struct plan *plan, struct history *h)
{
    memset(h, 0, offsetof(struct history, things));
    h->thing_count = plan->crowd ? MOST_THINGS : THINGS;
    memset(h->things, 0, h->thing_count * sizeof *h->things);
    h->target = target;
    h->plan = *plan;
    h->chance = plan->seed * UINT64_C(0x2545f4914f6cdd1d);
    h->nodes = plan->of[0].nodes;
    h->now = plan->seed % 3 == 0 ? UINT32_MAX - LATE : 0; /* ages are counted in fewer bits */
    const struct flue_config config = configuration(h);
    const struct flue_device_options with = options(h);
    if (driver_open(h, &config, &with) != FLUE_OK)
        return false;
    h->hands_over = h->target->handed && h->nic->target.config.transfers == h->target->handed;
    if (getenv("FLUE_SLOW_PATH"))
        memset(h->nic->target.fast_paths, 0, sizeof h->nic->target.fast_paths);
    if (setjmp(h->failed)) {
        clean_up(h);
        return false;
    }
    checks_begin(h);
    tick(h, 1);
    history(h);
    clean_up(h);
    return true;
}
