/* SPDX-License-Identifier: BSD-2-Clause */
/* Measured from the host's call to its completion: requests, machines, rings, QEMU, and back. */
#include "costs.h"

#include <stdlib.h>
#include <time.h>

#include "rig.h"

enum { PATHS = 1000, ROUNDS = 10 };

static struct host_object hops[2], *paths;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct rig *open_rig(uint32_t under_way)
{
    struct rocker_config config = rig_config();
    config.flue.ring_entries = under_way;
    config.flue.quarantine_limit = (under_way - config.flue.reserved_entries) / 2;
    config.ring_entries = 4096;
    struct rig *rig = rig_open(&config);
    struct chimney_node *root = rig_neighbor(rig, &hops[0], 2, 1);
    for (uint32_t p = 0; p < PATHS; p++)
        host_link(root, rig_path(rig, &paths[p], p));
    bool good = rig_do(rig, CHIMNEY_INITIATE, root) &&
                rig_do(rig, CHIMNEY_INITIATE, rig_neighbor(rig, &hops[1], 3, 2));
    if (!good || root->Status != CHIMNEY_STATUS_SUCCESS)
        exit(EXIT_FAILURE);
    return rig;
}

static void move_all(struct rig *rig, uint32_t round)
{
    struct chimney_node *root = rig_name(rig, &hops[(round + 1) % 2]);
    for (uint32_t p = 0; p < PATHS; p++)
        host_link(root, rig_name(rig, &paths[p]));
    rig_do(rig, CHIMNEY_UPDATE, root);
}

static void move_each(struct rig *rig, uint32_t round)
{
    for (uint32_t p = 0; p < PATHS; p++)
        rig_do(rig, CHIMNEY_UPDATE, rig_relink(rig, &paths[p], &hops[(round + 1) % 2]));
}

static void measure(const char *how, uint32_t under_way,
                    void (*move)(struct rig *rig, uint32_t round))
{
    struct rig *rig = open_rig(under_way);
    struct rocker_counters before = rocker_counters(rig->nic);
    double begun = seconds();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        host_arena_clear(&rig->arena);
        move(rig, round);
    }
    double spent = seconds() - begun;
    struct rocker_counters after = rocker_counters(rig->nic);
    printf("    %-42s %12.0f %14.1f\n", how, (double)(after.orders - before.orders) / spent,
           (double)(after.doorbells - before.doorbells) / (double)ROUNDS);
    rig_close(rig);
}

void print_costs(void)
{
    paths = calloc(PATHS, sizeof(*paths));
    if (!paths)
        exit(EXIT_FAILURE);
    printf("\n8. What it costs\n    From the host's call to its completion.\n");
    printf("\n    %-42s %12s %14s\n", "relinks of 1,000 paths", "commands", "doorbells per");
    printf("    %-42s %12s %14s\n", "", "a second", "1,000 updates");
    measure("one by one, each awaited", 512, move_each);
    measure("one request, 64 commands under way", 64, move_all);
    measure("one request, 512 commands under way", 512, move_all);
    measure("one request, 1,100 commands under way", 1100, move_all);
    free(paths);
}
