/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.c: memory, clock, rounds, records. */

#include "bench.h"
#include "prng.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define HUGE ((size_t)2 << 20)

void bench_stop(const char *message, ...)
{
    va_list list;
    va_start(list, message);
    fputs("bench: ", stderr);
    vfprintf(stderr, message, list);
    fputc('\n', stderr);
    va_end(list);
    exit(2);
}

static size_t huge(size_t bytes)
{
    return (bytes + HUGE - 1) & ~(HUGE - 1);
}

/* Mapped with room to spare, then cut, since a huge page must be aligned to its size. */
void *bench_memory(size_t bytes)
{
    size_t size = huge(bytes);
    char *map = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED)
        bench_stop("no memory for %zu bytes", bytes);
    char *at = (char *)huge((uintptr_t)map);
    if (at != map)
        munmap(map, (size_t)(at - map));
    munmap(at + size, HUGE - (size_t)(at - map));
    madvise(at, size, MADV_HUGEPAGE);
    memset(at, 0, size);
    return at;
}

void bench_memory_free(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, huge(bytes));
}

unsigned long bench_huge_kb(void)
{
    unsigned long total = 0, kb;
    char line[256];
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "AnonHugePages: %lu", &kb) == 1)
            total += kb;
    if (f)
        fclose(f);
    return total;
}

int bench_pin(void)
{
    long last = sysconf(_SC_NPROCESSORS_ONLN) - 1;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)last, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0 ? (int)last : -1;
}

void bench_unpin(void)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    sched_setaffinity(0, sizeof all, &all);
}

uint64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void bench_order(uint32_t *order, uint32_t n, bool shuffled, uint64_t seed)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; shuffled && i > 1; i--) {
        uint32_t j = (uint32_t)(prng_next(&seed) % i), other = order[j];
        order[j] = order[i - 1];
        order[i - 1] = other;
    }
}

__attribute__((noinline)) void bench_measured(struct contender *c)
{
    c->run(c->arg);
}

void rounds(struct contender *them, unsigned many, unsigned count)
{
    if (count > BENCH_MAX_ROUNDS)
        count = BENCH_MAX_ROUNDS;
    for (unsigned i = 0; i < count * many; i++) {
        struct contender *c = &them[i % many];
        if (c->prepare)
            c->prepare(c->arg);
        uint64_t begin = bench_now();
        bench_measured(c);
        c->ns[c->count++] = (double)(bench_now() - begin);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, unsigned count)
{
    double sorted[BENCH_MAX_ROUNDS];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_size);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

double contender_min(const struct contender *c)
{
    double least = c->ns[0];
    for (unsigned i = 1; i < c->count; i++)
        least = c->ns[i] < least ? c->ns[i] : least;
    return least;
}

double contender_median(const struct contender *c)
{
    return median(c->ns, c->count);
}

double contender_ratio(const struct contender *a, const struct contender *b)
{
    double ratios[BENCH_MAX_ROUNDS];
    unsigned count = a->count < b->count ? a->count : b->count;
    for (unsigned i = 0; i < count; i++)
        ratios[i] = a->ns[i] / b->ns[i];
    return median(ratios, count);
}

void record(const struct record *r, const struct contender *c)
{
    double n = (double)r->objects;
    printf("{\"scenario\": \"%s\", \"name\": \"%s\", \"objects\": %llu", r->scenario, c->name,
           (unsigned long long)r->objects);
    if (r->variant)
        printf(", \"variant\": \"%s\"", r->variant);
    if (r->changed)
        printf(", \"changed\": \"%s\"", r->changed);
    printf(", \"rounds\": %u, \"min_ns\": %.2f, \"median_ns\": %.2f", c->count,
           contender_min(c) / n, contender_median(c) / n);
    if (r->against && r->against != c)
        printf(", \"against\": \"%s\", \"ratio\": %.5f", r->against->name,
               contender_ratio(c, r->against));
    printf("}\n");
    fflush(stdout);
}

void record_number(const char *scenario, const char *what, double number, const char *unit)
{
    printf("{\"scenario\": \"%s\", \"name\": \"%s\", \"number\": %.3f, \"unit\": \"%s\"}\n",
           scenario, what, number, unit);
    fflush(stdout);
}
