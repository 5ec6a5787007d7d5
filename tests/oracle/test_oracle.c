/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random trees on the software NIC, against the oracle.
 *
 *     test_oracle                          as CTest runs it: seeds from 1 until enough trees ran
 *     test_oracle --trees 1000000          more of them
 *     test_oracle --seed 77 --rounds 12    one world only; what a failure says
 *     test_oracle --seed 77 --noise 3    the same trees and outcomes, at other times
 *     test_oracle --seed 77 --trace 11     every step of one round
 *     test_oracle --trees 1000000 --all 1  go on after a failure
 *     test_oracle --interleaved 1          lists side by side; no update names an object twice
 *     test_oracle --by-calls 1             the hardware is other targets: only new objects fail
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "completions.h"
#include "number.h"
#include "oracle.h"
#include "prng.h"

enum { ROUNDS = 40, ENOUGH = 60000, MOST_TICKS = 100000, ARENA = 1 << 20 };

static struct world *current; /* for the handler of a failed assertion */

struct totals {
    uint64_t worlds, trees, nodes, commands;
    uint64_t noise; /* options */
    bool interleaved, by_calls;
    uint32_t traced_round;
};

/* ---- A world ------------------------------------------------------------------------------- */

static bool is_lossy(const struct world *w)
{
    return w->model.seed % 3 == 0 && !w->by_calls;
}

static void choose_config(struct world *w)
{
    struct sim_config *c = &w->config;
    *c = sim_config_default();
    w->model.capacity[CHIMNEY_NEIGHBOR] = 3 + below(&w->model, 3);
    w->model.capacity[CHIMNEY_PATH] = 4 + below(&w->model, 7);
    w->model.capacity[CHIMNEY_TCP] = 6 + below(&w->model, 14);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        c->flue.capacity[kind] = w->model.capacity[kind];
    /* Lost answers keep their slots until a reset: then there must be some left. */
    c->ring_entries = c->flue.ring_entries = is_lossy(w) ? 256 : 8u << below(&w->model, 4);
    c->flue.reserved_entries = 1 + below(&w->model, 3);
    c->flue.running_requests = 1u << below(&w->model, 4);
    c->flue.quarantine_limit = c->ring_entries - c->flue.reserved_entries - 1;
    c->flue.cache_resident_objects = w->model.interleaved ? 1 : 0;
    c->flue.key = (uint32_t)prng_next(&w->model.random);
    c->seed = prng_next(&w->model.random);
}

/* The host counts; only where there is no tree to be walked it does not. */
static void completed(void *host_handle, uint8_t operation, struct chimney_node *root)
{
    struct world *w = ((struct host_record *)host_handle)->context;
    if (w->model.loose)
        complete_loose(w, operation, root);
    else
        host_completed(host_handle, operation, root);
}

COMPLETION_CALLS(oracle_done, completed)
static const struct chimney_completions completions = COMPLETION_TABLE(oracle_done);

static void trace(void *context, const struct flue_trace *step)
{
    const struct world *w = context;
    char text[256];
    if (w->model.round != w->traced_round)
        return;
    flue_trace_text(step, text, sizeof(text));
    printf("%8" PRIu64 "  %s\n", w->host.now, text);
}

static bool open_world(struct world *w, uint64_t seed, const struct totals *totals)
{
    memset(w, 0, sizeof(*w));
    w->model.seed = w->model.random = seed;
    w->noise = ~seed ^ totals->noise << 32;
    w->traced_round = totals->traced_round;
    w->model.interleaved = totals->interleaved;
    w->by_calls = w->model.only_new_fail = totals->by_calls;
    choose_config(w);
    open_things(w);
    if (w->traced_round != UINT32_MAX) {
        w->config.flue.trace = trace;
        w->config.flue.trace_context = w;
    }
    w->config.flue.completions = &completions;
    w->config.flue.indications = &host_indications;
    w->config.flue.host_handle = &w->host.record;
    w->host.record.context = w;
    w->host.nic = sim_open(&w->config, NULL);
    if (!w->host.nic || !host_arena_open(&w->arena, ARENA))
        return false;
    w->host.now = percent(&w->model, 30) ? UINT32_MAX - 200 : 5000; /* ages are modular */
    sim_tick(w->host.nic, w->host.now);
    sim_judge_set(w->host.nic, oracle_judge, w);
    return true;
}

static void close_world(struct world *w)
{
    host_arena_close(&w->arena);
    host_close(&w->host);
}

/* ---- A round ------------------------------------------------------------------------------- */

static uint32_t noise(struct world *w, uint32_t limit)
{
    return prng_below(&w->noise, limit);
}

/* Nothing of this may matter to what comes out. */
static void choose_behavior(struct world *w)
{
    static const uint32_t chances[] = {0, 100000, 500000, 1000000};
    struct sim_behavior behavior = {.latency_min = noise(w, 3),
                                    .inline_chance = chances[noise(w, 4)],
                                    .full_chance = chances[noise(w, 3)],
                                    .reorder = noise(w, 2) == 0};
    behavior.latency_max = behavior.latency_min + noise(w, 12);
    sim_behavior_set(w->host.nic, &behavior);
}

static void choose_misfortune(struct world *w)
{
    static const uint32_t bad[] = {0, 5, 15, 40};
    w->model.bad_percent = bad[below(&w->model, 4)];
    w->model.lost_percent = is_lossy(w) && percent(&w->model, 30) ? 5 + below(&w->model, 20) : 0;
}

static bool settled(struct world *w)
{
    return atomic_load(&w->host.record.outstanding) == 0 && sim_idle(w->host.nic) &&
           flue_target_quiet(&w->host.nic->target.flue);
}

/* Until all is quiet; some of the polls have hardly any budget. */
bool run(struct world *w)
{
    uint32_t quiet = 0;
    for (uint32_t i = 0; i < MOST_TICKS && quiet < 3; i++) {
        for (uint32_t small = noise(w, 4); small-- > 0;)
            flue_poll(&w->host.nic->target.flue, 1 + noise(w, 3));
        host_tick(&w->host);
        quiet = settled(w) ? quiet + 1 : 0;
    }
    if (quiet == 3)
        return true;
    snprintf(w->difference, sizeof(w->difference), "it does not end");
    return false;
}

static void forget_round(struct world *w)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < w->model.count[kind]; i++) {
            struct thing *t = &w->model.things[kind][i];
            memset(t->expected, 0, sizeof(t->expected));
            memset(t->seen, 0, sizeof(t->seen));
            t->logged = t->log_at = 0;
            if (t->just_ended && host_handle(t->host))
                w->model.dead[w->model.dead_count++ % MOST] = host_handle(t->host);
            if (t->just_ended)
                t->host->handle.MiniportOffloadContext = NULL;
            t->just_ended = false;
        }
    }
    host_arena_clear(&w->arena);
}

static bool run_trees(struct world *w)
{
    grow(&w->model);
    for (uint32_t i = 0; i < w->model.tree_count; i++)
        build(w, &w->model.trees[i]);
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        w->model.trees[i].from = w->host.now;
        host_submit(&w->host, w->model.trees[i].operation, w->model.trees[i].root->node);
    }
    if (!run(w))
        return false;
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        w->model.trees[i].to = w->host.now;
        predict(&w->model, &w->model.trees[i]);
    }
    predict_told(&w->model);
    return compare(w);
}

/* The last of a world, since nobody knows what comes of it. */
static bool run_loose(struct world *w)
{
    grow_loose(w);
    submit_loose(w);
    return run(w) && compare_loose(w);
}

/* A moment that is handed on as an age is later by as long as that was under way. */
static void confirmed_later(struct world *w, uint64_t ticks)
{
    for (uint32_t i = 0; w->by_calls && i < w->model.count[CHIMNEY_NEIGHBOR]; i++) {
        struct facts *holds = &w->model.things[CHIMNEY_NEIGHBOR][i].hardware.holds;
        holds->host_confirmed.to += ticks;
        holds->nic_confirmed.to += ticks;
    }
}

static bool run_reset(struct world *w)
{
    const uint64_t from = w->host.now;
    w->model.tree_count = 0;
    w->model.spare_neighbors = false;
    sim_reset(w->host.nic);
    if (!run(w))
        return false;
    predict_reset(&w->model);
    confirmed_later(w, w->host.now - from);
    predict_told(&w->model);
    return compare(w);
}

static bool run_round(struct world *w, bool last)
{
    choose_behavior(w);
    choose_misfortune(w);
    bool reset = w->model.lost > w->config.ring_entries / 4 ||
                 (w->model.seed % 4 == 1 && percent(&w->model, 7));
    bool good = last && w->model.seed % 2 ? run_storm(w)
                : last                    ? run_loose(w)
                : reset                   ? run_reset(w)
                                          : run_trees(w);
    if (good)
        forget_round(w);
    return good;
}

/* ---- All ----------------------------------------------------------------------------------- */

static bool run_world(struct world *w, uint64_t seed, uint32_t rounds, struct totals *totals)
{
    struct sim_counters counters;
    if (!open_world(w, seed, totals)) {
        fprintf(stderr, "seed %" PRIu64 ": no world\n", seed);
        return false;
    }
    bool good = true;
    for (w->model.round = 0; good && w->model.round < rounds; w->model.round++) {
        bool last = w->model.round == ROUNDS - 1 - (uint32_t)(seed % (ROUNDS / 2));
        good = run_round(w, last);
        if (last)
            rounds = w->model.round;
        if (!good)
            print_world(w);
        totals->trees += w->model.tree_count;
    }
    sim_counters(w->host.nic, &counters);
    totals->commands += counters.all.seen;
    totals->nodes += w->nodes;
    totals->worlds++;
    close_world(w);
    return good;
}

static void assertion_failed(int signal_number)
{
    (void)signal_number;
    snprintf(current->difference, sizeof(current->difference), "an assertion failed");
    print_world(current);
    _Exit(1);
}

static uint64_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec;
}

static void print_totals(const char *what, const struct totals *t, uint64_t seed)
{
    printf("%s: %" PRIu64 " trees with %" PRIu64 " nodes and %" PRIu64 " commands in %" PRIu64
           " worlds, up to seed %" PRIu64 "\n",
           what, t->trees, t->nodes, t->commands, t->worlds, seed);
    fflush(stdout);
}

static uint64_t option(int count, char **arguments, const char *name, uint64_t otherwise)
{
    for (int i = 1; i + 1 < count; i++) {
        uint64_t number;
        if (strcmp(arguments[i], name) != 0)
            continue;
        if (!number_given(name, arguments[i + 1], 0, NUMBER_MANY, &number))
            exit(2);
        return number;
    }
    return otherwise;
}

int main(int count, char **arguments)
{
    uint64_t only = option(count, arguments, "--seed", 0);
    uint64_t trees = option(count, arguments, "--trees", only ? 1 : ENOUGH);
    uint32_t rounds = (uint32_t)option(count, arguments, "--rounds", ROUNDS);
    uint64_t seed = only ? only : option(count, arguments, "--from", 1), told = seconds();
    uint32_t failures = 0;
    struct totals totals = {.noise = option(count, arguments, "--noise", 0)};
    totals.interleaved = option(count, arguments, "--interleaved", 0) != 0;
    totals.by_calls = option(count, arguments, "--by-calls", 0) != 0;
    totals.traced_round = (uint32_t)option(count, arguments, "--trace", UINT32_MAX);
    current = calloc(1, sizeof(*current));
    if (!current)
        return 1;
    signal(SIGABRT, assertion_failed);
    signal(SIGILL, assertion_failed); /* how flue ends where there is no abort() */
    uint64_t worlds = option(count, arguments, "--worlds", UINT64_MAX);
    for (; totals.trees < trees && totals.worlds < worlds; seed++) {
        bool good = run_world(current, seed, rounds, &totals);
        failures += !good;
        if (!good && !option(count, arguments, "--all", 0))
            return 1;
        if (seconds() >= told + 2) {
            print_totals("so far", &totals, seed);
            told = seconds();
        }
    }
    print_totals("as the oracle says", &totals, seed - 1);
    free(current);
    return failures != 0 || totals.trees == 0;
}
