/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole way on the software NIC: a story told by real calls, then a ledger.
 *
 *     demo            one router, 1,000 paths, 100,000 connections
 *     demo --short    the same with 20 paths and 500 connections
 *     demo --first    of that the first part: what a target that is no single NIC can be asked, too
 *
 * Three parts: what goes well, what goes wrong with a command, what goes wrong with the NIC. All of
 * it happens on one NIC, so that one ledger can be drawn up at the end.
 *
 * Exit status 0 only if every expectation is met and the ledger balances.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"

#define BYTES_PER_TCP 512 /* of a tree: node, state, and room for paths and routers */
#define SPARE_BYTES 65536

static struct sim_config config_of(const struct demo *d)
{
    struct sim_config config = sim_config_default();
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 16;
    config.flue.capacity[CHIMNEY_PATH] = d->path_count + 1; /* and one that comes late */
    config.flue.capacity[CHIMNEY_TCP] = d->tcp_count + 1;
    config.flue.ring_entries = 1024;
    config.flue.reserved_entries = 64;
    config.ring_entries = 1024;
    config.behavior = (struct sim_behavior){.latency_min = 1, .latency_max = 3, .reorder = true};
    return config;
}

static bool prepare(struct demo *d, bool in_short)
{
    d->path_count = in_short ? 20 : 1000;
    d->tcp_count = in_short ? 500 : 100000;
    size_t nodes = (size_t)d->tcp_count + d->path_count;
    d->paths = calloc(d->path_count, sizeof(*d->paths));
    d->tcps = calloc(d->tcp_count, sizeof(*d->tcps));
    struct sim_config config = config_of(d);
    d->host.error = FLUE_BAD_MEMORY;
    return d->paths && d->tcps && host_arena_open(&d->arena, nodes * BYTES_PER_TCP + SPARE_BYTES) &&
           host_open(&d->host, &config);
}

static void clean_up(struct demo *d)
{
    host_close(&d->host);
    host_arena_close(&d->arena);
    free(d->paths);
    free(d->tcps);
}

int main(int argc, char **argv)
{
    static struct demo d;
    d.only_first = argc == 2 && strcmp(argv[1], "--first") == 0;
    bool in_short = d.only_first || (argc == 2 && strcmp(argv[1], "--short") == 0);
    if (argc > 2 || (argc == 2 && !in_short)) {
        fprintf(stderr, "usage: demo [--short | --first]\n");
        return 2;
    }
    if (!prepare(&d, in_short)) {
        fprintf(stderr, "demo: cannot open the NIC: %s%s%s\n", flue_error_text(d.host.error),
                d.host.missing ? "; missing: " : "", d.host.missing ? d.host.missing : "");
        clean_up(&d);
        return 1;
    }
    print_compiled();
    tell_what_goes_well(&d);
    if (!d.only_first) {
        tell_bad_answers(&d);
        tell_bad_days(&d);
    }
    print_ledger(&d);
    if (d.wrong == 0)
        printf("\nThe ledger balances.\n");
    else
        printf("\n%s WRONG: the ledger does not balance.\n", number(d.wrong));
    clean_up(&d);
    return d.wrong == 0 ? 0 : 1;
}
