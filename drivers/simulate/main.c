/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many histories, in several processes; a failing one is made smaller, and shown.
 *
 *     PROGRAM [--seeds N] [--first N] [--seconds S] [--jobs N]
 *     PROGRAM --seed N [--trace]
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "history.h"

enum { ACTIONS = 360, MOST_JOBS = 64, LEAST = 50 };

struct wish {
    uint64_t seeds, first, seconds, jobs, seed;
    bool one, trace;
};

/* Shared by the processes: where each is, and what it saw. */
struct progress {
    struct {
        uint64_t seed, done, good, completed, checked;
        bool failed;
    } of[MOST_JOBS];
};

static struct plan plan_of(uint64_t seed, bool trace)
{
    return (struct plan){.seed = seed,
                         .actions = ACTIONS,
                         .faults = seed % 8 ? ~UINT32_C(0) : 0,
                         .events = seed % 3 != 0,
                         .resets = seed % 5 != 0,
                         .hostile = seed % 4 != 0,
                         .trace = trace,
                         .traced = seed % 2 == 0};
}

static bool words(int count, char **word, struct wish *w)
{
    for (int i = 1; i < count; i++) {
        const struct {
            const char *name;
            uint64_t *to;
        } numbers[] = {{"--seeds", &w->seeds},     {"--first", &w->first}, {"--jobs", &w->jobs},
                       {"--seconds", &w->seconds}, {"--seed", &w->seed},   {NULL, NULL}};
        unsigned n = 0;
        while (numbers[n].name && strcmp(numbers[n].name, word[i]) != 0)
            n++;
        if (strcmp(word[i], "--trace") == 0)
            w->trace = true;
        else if (!numbers[n].name || i + 1 == count)
            return false;
        else
            *numbers[n].to = strtoull(word[++i], NULL, 10);
        w->one |= n == 4 && numbers[n].name;
    }
    return w->jobs >= 1 && w->jobs <= MOST_JOBS;
}

/* ---- A smaller history that fails as well ------------------------ */

/* In a process of its own, for it may end by a signal; silent. */
static bool fails(const struct simulate_target *target, const struct plan *plan)
{
    static struct history h;
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        alarm(60);
        _exit(play(target, plan, &h) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

static void shrink(const struct simulate_target *target, struct plan *plan)
{
    for (unsigned f = 1; f < FLUE_DEVICE_FAULTS; f++) {
        struct plan less = *plan;
        less.faults &= ~(UINT32_C(1) << f);
        *plan = fails(target, &less) ? less : *plan;
    }
    for (unsigned i = 0; i < 3; i++) {
        struct plan less = *plan;
        less.events &= i != 0;
        less.resets &= i != 1;
        less.hostile &= i != 2;
        *plan = fails(target, &less) ? less : *plan;
    }
    for (unsigned step = plan->actions / 2; step >= 3; step /= 2)
        for (struct plan less = *plan; less.actions > step; *plan = less) {
            less.actions -= step;
            if (!fails(target, &less))
                break;
        }
}

static int show(const struct simulate_target *target, struct plan plan)
{
    static struct history h;
    shrink(target, &plan);
    printf("smallest that fails: %u actions, faults %x, events %d, resets %d, hostile %d\n",
           plan.actions, (unsigned)plan.faults, plan.events, plan.resets, plan.hostile);
    plan.trace = true;
    fflush(NULL);
    return play(target, &plan, &h) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- Many ------------------------ */

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec;
}

/* Time is a bound, but for a least number: a busy machine is slow, and not red. */
static void work(const struct simulate_target *target, const struct wish *w, unsigned job,
                 struct progress *shared)
{
    static struct history h;
    const uint64_t until = now() + w->seconds;
    for (uint64_t i = job; i < w->seeds; i += w->jobs) {
        if (w->seconds && i >= LEAST && now() >= until)
            break;
        const struct plan plan = plan_of(w->first + i, false);
        shared->of[job].seed = plan.seed;
        if (!play(target, &plan, &h)) {
            shared->of[job].failed = true;
            return;
        }
        shared->of[job].done++;
        shared->of[job].good += h.good;
        shared->of[job].completed += h.completed;
        shared->of[job].checked += h.checked;
    }
}

static int report(const struct simulate_target *target, const struct wish *w,
                  const struct progress *shared)
{
    uint64_t done = 0, good = 0, completed = 0, checked = 0;
    for (unsigned j = 0; j < w->jobs; j++) {
        done += shared->of[j].done;
        good += shared->of[j].good;
        completed += shared->of[j].completed;
        checked += shared->of[j].checked;
    }
    printf("%s: %" PRIu64 " histories, %" PRIu64 " requests completed, %" PRIu64
           " operations of objects good, %" PRIu64 " places compared\n",
           target->spec->name, done, completed, good, checked);
    for (unsigned j = 0; j < w->jobs; j++)
        if (shared->of[j].failed) {
            printf("%s: seed %" PRIu64 " fails; --seed %" PRIu64 " shows how\n", target->spec->name,
                   shared->of[j].seed, shared->of[j].seed);
            return EXIT_FAILURE;
        }
    return done && !good ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int many(const struct simulate_target *target, const struct wish *w)
{
    pid_t child[MOST_JOBS];
    int status;
    struct progress *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    fflush(NULL);
    for (unsigned j = 0; j < w->jobs; j++) {
        child[j] = fork();
        if (child[j] == 0) {
            work(target, w, j, shared);
            exit(shared->of[j].failed ? EXIT_FAILURE : EXIT_SUCCESS);
        }
    }
    for (unsigned j = 0; j < w->jobs; j++)
        if (child[j] < 0 || waitpid(child[j], &status, 0) != child[j] || status != 0)
            shared->of[j].failed = true;
    return report(target, w, shared);
}

int simulate_main(const struct simulate_target *target, int count, char **word)
{
    struct wish w = {.seeds = 1000, .jobs = 1};
    if (!words(count, word, &w)) {
        fprintf(stderr,
                "usage: %s [--seeds N] [--first N] [--seconds S] [--jobs N] |"
                " --seed N [--trace]\n",
                word[0]);
        return 2;
    }
    if (!w.one)
        return many(target, &w);
    static struct history h;
    const struct plan plan = plan_of(w.seed, w.trace);
    if (play(target, &plan, &h))
        return EXIT_SUCCESS;
    return w.trace ? EXIT_FAILURE : show(target, plan);
}
