/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 20)
#define MOST_TICKS 5000

struct host host;
struct host_arena arena;
struct host_object near, far, paths[PATHS], tcps[TCPS];
const struct contract_driver *driver;

static struct flue_config flue_config(void)
{
    struct flue_config config = {.ring_entries = 64,
                                 .reserved_entries = 4,
                                 .running_requests = 8,
                                 .quarantine_limit = 16,
                                 .ticks_per_second = 1000,
                                 .key = 77,
                                 .completions = &host_completions,
                                 .indications = &host_indications,
                                 .host_handle = &host.record};
    config.capacity[CHIMNEY_NEIGHBOR] = 4;
    config.capacity[CHIMNEY_PATH] = 16;
    config.capacity[CHIMNEY_TCP] = CAPACITY_TCPS;
    config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    return config;
}

void bench_setup(void)
{
    struct flue_config config = flue_config();
    memset(&host, 0, sizeof(host));
    ck_assert(host_arena_open(&arena, ARENA_BYTES));
    host.nic = driver->open(&config);
    ck_assert_ptr_nonnull(host.nic);
}

void bench_teardown(void)
{
    ck_assert_uint_eq(host.record.unexpected, 0);
    ck_assert_uint_eq(host.record.wrong, 0);
    ck_assert_uint_eq(host.record.unwritten, 0);
    ck_assert_uint_eq(host.record.unknown, 0);
    ck_assert_uint_eq(host.record.outstanding, 0);
    driver->close(host.nic);
    host_arena_close(&arena);
}

void step(void)
{
    driver->step(host.nic, ++host.now);
}

bool run(void)
{
    for (uint32_t i = 0; i < MOST_TICKS && host.record.outstanding != 0; i++)
        step();
    return host.record.outstanding == 0;
}

int32_t asked(uint8_t operation, struct chimney_node *root)
{
    host_submit(&host, operation, root);
    ck_assert(run());
    return root->Status;
}

static void set_mac(uint8_t *bytes, uint8_t last)
{
    const uint8_t mac[6] = {0x02, 0xaa, 0, 0, 0, last};
    memset(bytes, 0, 32);
    memcpy(bytes, mac, sizeof(mac));
}

struct chimney_node *new_router(struct host_object *router, uint32_t vlan, uint8_t mac)
{
    struct chimney_node *node = host_new_neighbor(&arena, router, mac);
    host_neighbor_const(node)->VlanId = vlan & 0xfff;
    set_mac(host_neighbor_cached(node)->DlDestinationAddress, mac);
    return node;
}

struct chimney_node *name(struct host_object *object)
{
    static const uint8_t types[CHIMNEY_KINDS] = {CHIMNEY_TYPE_NEIGHBOR_DELEGATED,
                                                 CHIMNEY_TYPE_PATH_IPV4_DELEGATED,
                                                 CHIMNEY_TYPE_TCP_DELEGATED};
    return host_reference(&arena, object, types[object->kind]);
}

struct chimney_node *new_mac(struct host_object *router, uint8_t mac)
{
    struct chimney_node *node = host_reference(&arena, router, CHIMNEY_TYPE_NEIGHBOR_CACHED);
    set_mac(host_neighbor_cached(node)->DlDestinationAddress, mac);
    return node;
}

struct chimney_node *relink(struct host_object *router, uint32_t first, uint32_t count)
{
    struct chimney_node *root = name(router);
    for (uint32_t p = first; p < first + count; p++)
        host_link(root, name(&paths[p]));
    return root;
}

void offload_all(void)
{
    struct chimney_node *root = new_router(&near, 2, 1);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *path = host_link(root, host_new_path(&arena, &paths[p], p, false));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, host_new_tcp(&arena, &tcps[t], t));
    }
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, new_router(&far, 3, 9)), CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_INITIATE, CHIMNEY_STATUS_SUCCESS),
                      2 + PATHS + TCPS);
}

void terminate_all(void)
{
    struct chimney_node *root = name(&near);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *path = host_link(root, name(&paths[p]));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, name(&tcps[t]));
    }
    asked(CHIMNEY_TERMINATE, root);
    asked(CHIMNEY_TERMINATE, name(&far));
}

uint8_t way(uint32_t path)
{
    uint8_t mac[6] = {0}, expected[32];
    if (!driver->way(host.nic, host_index(&paths[path]), mac))
        return 0;
    set_mac(expected, mac[5]);
    ck_assert_mem_eq(mac, expected, 6);
    return mac[5];
}

void check_ways(uint8_t mac)
{
    for (uint32_t p = 0; p < PATHS; p++)
        ck_assert_uint_eq(way(p), mac);
}

void check_empty(void)
{
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 0);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_PATH), 0);
    ck_assert(flue_target_quiet((struct flue_target *)(void *)host.nic));
}

uint64_t commands_issued(void)
{
    return flue_target_stats((struct flue_target *)(void *)host.nic)->commands;
}
