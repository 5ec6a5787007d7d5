/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h: what all measurements share: memory on huge pages, a clock, rounds, records.
 *
 *     example
 *     struct contender them[] = {{.name = "flue", .run = run_flue, .prepare = flip, .arg = world},
 *                                {.name = "hand", .run = run_hand, .prepare = flip, .arg = world}};
 *     rounds(them, 2, 9);                  // flue, hand, flue, hand, ...: min and median of each
 *     record(&(struct record){.scenario = "update", .objects = n}, &them[0]);
 *
 * Everything is single-threaded and pinned to one CPU unless its comment says otherwise. A failure
 * to set up or a wrong result ends the program: what measures errors is worse than nothing.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_MAX_ROUNDS = 64 };

/* One line of a cache, and what prefetching and padding go by. */
#define BENCH_LINE 64

/* Ends the program with a message. */
_Noreturn void bench_stop(const char *message, ...) __attribute__((format(printf, 1, 2)));

/* Zeroed memory, on 2 MB pages if the system gives them; touched, so that no fault is timed. */
void *bench_memory(size_t bytes);
void bench_memory_free(void *memory, size_t bytes);
/* Kilobytes of this process that are on huge pages now; 0 where it cannot be told. */
unsigned long bench_huge_kb(void);

/* Run on the last CPU only. Returns its number, or -1. */
int bench_pin(void);
/* Let threads run anywhere again. */
void bench_unpin(void);
/* Nanoseconds of a clock that never goes back. */
uint64_t bench_now(void);

/* A reproducible shuffle: `order` gets 0..n-1; in that order if `shuffled` is false. */
void bench_order(uint32_t *order, uint32_t n, bool shuffled, uint64_t seed);

/* Something that is timed, round by round, between its preparations, which are not. */
struct contender {
    const char *name;
    void (*prepare)(void *arg); /* may be NULL */
    void (*run)(void *arg);
    void *arg;
    unsigned count; /* rounds done */
    double ns[BENCH_MAX_ROUNDS];
};

/*
 * Calls `run` once. Never inlined, so that callgrind can be told to count in here only:
 * --toggle-collect=bench_measured.
 */
void bench_measured(struct contender *c);

/* Each in its turn, `count` times round. */
void rounds(struct contender *them, unsigned many, unsigned count);
double contender_min(const struct contender *c);
double contender_median(const struct contender *c);
/* Median over rounds of a's time by b's time in the same round. */
double contender_ratio(const struct contender *a, const struct contender *b);

/* One result, printed as one line of JSON. Members that do not apply stay 0 or NULL. */
struct record {
    const char *scenario;
    const char *variant; /* order of memory, number of threads, ... */
    const char *changed;
    uint64_t objects; /* times are divided by it */
    const struct contender *against;
};
void record(const struct record *r, const struct contender *c);
/* A result that is one number. */
void record_number(const char *scenario, const char *what, double number, const char *unit);

#endif
