/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: the benchmark's command line. `./dev bench` runs this and makes tables of what it prints.
 *
 *     bench measure [--quick | --tiny] [NAME...]     records, one line of JSON each
 *     bench count update WHO SIZE CHANGED            one run, for callgrind
 */

#include "measure.h"
#include "number.h"

#include <stdio.h>
#include <stdlib.h>

static const struct measure full = {
    .sizes = {1000, 100000, 1000000}, .size_count = 3, .rounds = 9, .most = 1000000};
static const struct measure quick = {
    .sizes = {1000, 100000}, .size_count = 2, .rounds = 3, .most = 100000};

/* To see that it runs, also under sanitizers. */
static const struct measure tiny = {.sizes = {1000}, .size_count = 1, .rounds = 1, .most = 1000};

static const struct {
    const char *name;
    void (*run)(const struct measure *m);
} measurements[] = {
    {"update", measure_update},         {"life", measure_life},     {"relink", measure_relink},
    {"invalidate", measure_invalidate}, {"memory", measure_memory}, {"inbox", measure_inbox},
};

enum { MEASUREMENTS = sizeof measurements / sizeof *measurements };

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 0;
}

static void tell_machine(void)
{
    size_t some = (size_t)64 << 20;
    void *memory = bench_memory(some);
    record_number("machine", "pinned", bench_pin(), "is the CPU's number");
    record_number("machine", "mapped", (double)bench_huge_kb() * 100 / (double)(some >> 10),
                  "% of what was tried is on huge pages");
    bench_memory_free(memory, some);
}

static int measure_all(int argc, char **argv)
{
    const struct measure *m = &full;
    if (argc > 0 && strcmp(argv[0], "--quick") == 0)
        m = &quick;
    else if (argc > 0 && strcmp(argv[0], "--tiny") == 0)
        m = &tiny;
    int options = m != &full;
    tell_machine();
    for (unsigned i = 0; i < MEASUREMENTS; i++)
        if (wanted(measurements[i].name, argc - options, argv + options))
            measurements[i].run(m);
    return 0;
}

static int count(int argc, char **argv)
{
    uint64_t size;
    if (argc == 4 && strcmp(argv[0], "update") == 0 &&
        number_given("SIZE", argv[2], 1, UINT32_MAX, &size))
        for (enum change of = CHANGE_NONE; of < CHANGES; of++)
            if (strcmp(argv[3], change_names[of]) == 0) {
                count_update(argv[1], (uint32_t)size, of);
                return 0;
            }
    return 2;
}

int main(int argc, char **argv)
{
    int status = 2;
    if (argc > 1 && strcmp(argv[1], "measure") == 0)
        status = measure_all(argc - 2, argv + 2);
    else if (argc > 1 && strcmp(argv[1], "count") == 0)
        status = count(argc - 2, argv + 2);
    if (status)
        fprintf(stderr, "usage: bench measure [--quick | --tiny] [NAME...]\n"
                        "       bench count update flue|queued|hand|recorded SIZE none|one|all\n");
    return status;
}
