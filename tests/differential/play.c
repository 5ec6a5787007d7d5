/* SPDX-License-Identifier: BSD-2-Clause */
/* Phases: the host asks, waits for its completions, and asks again; now and then all is reset. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pace.h"

void note(struct world *w, const char *format, ...)
{
    va_list list;
    if (w->room_for_log - w->logged < 256) {
        w->room_for_log = w->room_for_log * 2 + 4096;
        w->log = realloc(w->log, w->room_for_log);
        if (!w->log)
            abort();
    }
    va_start(list, format);
    w->logged += (size_t)vsnprintf(w->log + w->logged, 256, format, list);
    va_end(list);
}

static void wake(void *adapter)
{
    (void)adapter;
}

static struct world *open_world(uint64_t seed, const struct pace *pace)
{
    struct flue_config config = {.capacity = {PORTS, ROUTES, FLOWS},
                                 .ring_entries = pace->ring,
                                 .reserved_entries = pace->reserved,
                                 .running_requests = pace->requests,
                                 .cache_resident_objects = pace->interleaved ? 1 : 0,
                                 .ticks_per_second = 1000000,
                                 .key = 7,
                                 .wake = wake,
                                 .reap = pace->way == REAPED ? device_reap : NULL};
    struct world *w = calloc(1, (sizeof(*w) + 63) / 64 * 64);
    size_t bytes = (grid_memory_bytes(&config) + 63) / 64 * 64;
    if (!w || !(w->memory = aligned_alloc(64, bytes)))
        abort();
    config.host_handle = w;
    w->pace = *pace;
    w->seed = seed;
    w->dice = seed ^ (uint64_t)pace->budget << 32;
    if (grid_init(&w->target, &config, &device_binding, &host_completions, &host_indications,
                  w->memory, bytes) != FLUE_OK)
        abort();
    return w;
}

void world_close(struct world *w)
{
    free(w->memory);
    free(w->log);
    free(w);
}

/* The hardware answers, time goes on, the target is polled; true if there may be more to do. */
static bool step(struct world *w)
{
    bool more = w->waits != 0;
    device_answer(w);
    flue_tick(&w->target.flue, ++w->now);
    for (uint32_t i = 0; i < w->pace.polls; i++)
        more |= flue_poll(&w->target.flue, w->pace.budget);
    return more || w->waits;
}

static void stop(const struct world *w, const char *what)
{
    fprintf(stderr, "seed %llu, phase %u: %s\n", (unsigned long long)w->seed, w->phase, what);
    abort();
}

static bool restoring(const struct world *w)
{
    const struct flue_target *t = &w->target.flue;
    return t->phase != FLUE_RUNNING || t->restore_kind != FLUE_NO_BYTE || t->restores;
}

static void until_restored(struct world *w)
{
    for (uint32_t i = 0; restoring(w); i++) {
        step(w);
        if (i == 1000000)
            stop(w, "nothing comes back after a reset");
    }
}

static void until_completed(struct world *w)
{
    for (uint32_t i = 0; w->completed != w->submitted; i++) {
        step(w);
        if (i == 1000000)
            stop(w, "a request is never completed");
    }
    learn(w);
}

static void until_quiet(struct world *w)
{
    for (uint32_t i = 0; step(w) || !flue_target_quiet(&w->target.flue); i++)
        if (i == 1000000)
            stop(w, "it is never quiet");
}

static void reset(struct world *w)
{
    w->resets++;
    flue_reset_begin(&w->target.flue);
    while (flue_target_phase(&w->target.flue) == FLUE_RUNNING)
        flue_poll(&w->target.flue, w->pace.budget);
    device_forget(w);
    flue_reset_end(&w->target.flue);
}

static void report(struct world *w)
{
    until_quiet(w);
    host_print(w);
    device_print(w);
}

/* Trees about ports that have nothing to do with each other; 0 stands for one yet to come. */
static void ask_all(struct world *w, uint64_t *dice)
{
    uint32_t ports[8] = {0}, count = 1;
    for (uint32_t name = 1; name <= w->names && count < 8; name++)
        if (w->things[name].kind == GRID_PORT && w->things[name].held)
            ports[count++] = name;
    for (uint32_t i = count < 6 ? 0 : 1; i < count; i++) {
        bool alone = w->operation != GRID_CHANGE || i + 1 == count || !i || prng_below(dice, 2);
        if ((!i && w->operation != GRID_CREATE) || (count > 2 && !prng_below(dice, 4)))
            continue;
        ask(w, dice, ports[i], alone ? 0 : ports[i + 1]);
        i += !alone;
    }
}

static uint8_t operation_of_phase(uint64_t *dice, uint32_t phase)
{
    static const uint8_t often[] = {GRID_CREATE, GRID_CHANGE,   GRID_CHANGE,
                                    GRID_CHANGE, GRID_WITHDRAW, GRID_WITHDRAW,
                                    GRID_REPAIR, GRID_REPAIR,   GRID_DESTROY};
    return phase < 2 ? GRID_CREATE : often[prng_below(dice, sizeof(often))];
}

/* What is done between two phases, or not: the search for whom to tell may still be on its way. */
static void between(struct world *w, uint64_t *dice)
{
    uint32_t what = prng_below(dice, 12);
    if (what == 0)
        report(w);
    if (!what || what > 3)
        return;
    until_restored(w); /* what the hardware forgets is what it has got back from the reset before */
    for (uint32_t resets = 1 + prng_below(dice, 2); resets; resets--)
        reset(w);
}

struct world *play(uint64_t seed, const struct pace *pace)
{
    struct world *w = open_world(seed, pace);
    uint64_t dice = seed;
    uint32_t phases = 6 + prng_below(&dice, 12);
    for (w->phase = 0; w->phase < phases; w->phase++) {
        uint8_t operation = operation_of_phase(&dice, w->phase);
        /* What is withdrawn, or fails for good, keeps out what stands on it and had no turn. */
        if (operation != GRID_CREATE && operation != GRID_DESTROY)
            until_restored(w);
        w->operation = operation;
        ask_all(w, &dice);
        until_completed(w);
        between(w, &dice);
    }
    report(w);
    return w;
}
