/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * differential [--from SEED] [--seeds N] [--trace]: plays each history at many paces, and compares
 * what the host was told and what the hardware holds with the first of them.
 */
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "pace.h"

/* In one go, and in order: the pace that all others are compared with. */
static const struct pace plain = {.budget = 1000000,
                                  .ring = RING,
                                  .room = RING,
                                  .requests = 16,
                                  .polls = 1,
                                  .answers = RING,
                                  .way = ONE_BY_ONE};

static uint32_t one_of(uint64_t *dice, const uint32_t *values, uint32_t count)
{
    return values[prng_below(dice, count)];
}
#define ONE_OF(dice, ...)                           \
    one_of((dice), (const uint32_t[]){__VA_ARGS__}, \
           sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static struct pace any_pace(uint64_t *dice)
{
    struct pace p = {.budget = ONE_OF(dice, 1, 2, 3, 7, 30, 64, 300, 100000),
                     .ring = ONE_OF(dice, 3, 4, 9, 40, RING),
                     .reserved = ONE_OF(dice, 0, 1, 2),
                     .room = ONE_OF(dice, 1, 2, 5, RING, RING),
                     .requests = ONE_OF(dice, 1, 2, 4, 16),
                     .interleaved = prng_below(dice, 2),
                     .polls = ONE_OF(dice, 1, 1, 2, 5),
                     .answers = ONE_OF(dice, 1, 2, 10, RING)};
    p.way = prng_below(dice, 4);
    p.order = prng_below(dice, 3);
    return p;
}

static void print_pace(const struct pace *p)
{
    static const char *const ways[] = {"one by one", "in bursts", "reaped", "inline"};
    static const char *const orders[] = {"in order", "newest first", "in no order"};
    printf("budget %u, %u slots (%u reserved), room for %u, %u requests, lists %s, %u polls and %u "
           "answers a step, %s, %s\n",
           p->budget, p->ring, p->reserved, p->room, p->requests,
           p->interleaved ? "side by side" : "one by one", p->polls, p->answers, ways[p->way],
           orders[p->order]);
}

/* The first line that differs, with its number. */
static void print_difference(const char *one, const char *other)
{
    unsigned line = 1;
    const char *a = one, *b = other;
    for (size_t i = 0; one[i] && one[i] == other[i]; i++)
        if (one[i] == '\n') {
            line++;
            a = one + i + 1;
            b = other + i + 1;
        }
    printf("line %u is   %.*s\nshould be    %.*s\n", line, (int)strcspn(b, "\n"), b,
           (int)strcspn(a, "\n"), a);
}

static bool same(uint64_t seed, const struct world *first, const struct pace *pace, bool trace)
{
    struct world *w = play(seed, pace);
    bool equal = !strcmp(first->log, w->log);
    if (!equal) {
        printf("seed %llu: an outcome depends on the pace\n", (unsigned long long)seed);
        print_pace(pace);
        print_difference(first->log, w->log);
    }
    if (!equal && trace)
        printf("---- should be\n%s---- is\n%s", first->log, w->log);
    world_close(w);
    return equal;
}

struct sums {
    uint64_t worlds, statuses, told;
};

static bool history(uint64_t seed, unsigned paces, bool trace, struct sums *sums)
{
    struct world *first = play(seed, &plain);
    uint64_t dice = ~seed;
    bool good = true;
    for (unsigned i = 0; i < paces && good; i++) {
        struct pace pace = any_pace(&dice);
        good = same(seed, first, &pace, trace);
    }
    sums->worlds += paces + 1;
    sums->told += first->target.flue.stats.marks_notified;
    for (unsigned s = 0; s < GRID_STATUSES; s++)
        sums->statuses += first->target.flue.stats.statuses[s];
    world_close(first);
    return good;
}

struct wish {
    uint64_t from, seeds, paces;
    bool trace;
};

static bool words(int argc, char **argv, struct wish *w)
{
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        bool good = true;
        if (!strcmp(argv[i], "--trace"))
            w->trace = true;
        else if (!strcmp(argv[i], "--from"))
            good = number_given(argv[i++], next, 0, NUMBER_MANY, &w->from);
        else if (!strcmp(argv[i], "--seeds"))
            good = number_given(argv[i++], next, 1, NUMBER_MANY, &w->seeds);
        else if (!strcmp(argv[i], "--paces"))
            good = number_given(argv[i++], next, 1, 1000, &w->paces);
        else
            good = false;
        if (!good)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct wish w = {.from = 1, .seeds = 100, .paces = 8};
    if (!words(argc, argv, &w)) {
        fprintf(stderr, "usage: differential [--from SEED] [--seeds N] [--paces N] [--trace]\n");
        return 2;
    }
    struct sums sums = {0};
    for (uint64_t seed = w.from; seed < w.from + w.seeds; seed++)
        if (!history(seed, (unsigned)w.paces, w.trace, &sums))
            return 1;
    printf("%llu histories in %llu worlds: the same %llu statuses, and %llu objects told of\n",
           (unsigned long long)w.seeds, (unsigned long long)sums.worlds,
           (unsigned long long)sums.statuses, (unsigned long long)sums.told);
    if (sums.statuses < w.seeds * 60 || sums.told < w.seeds * 30)
        return fprintf(stderr, "too little happens in them\n"), 1;
    return 0;
}
