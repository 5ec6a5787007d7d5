/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A target with so many connections that lists of dependents are walked side by side: everything
 * comes out as on the slow path, whatever the hardware does and whatever is wrong with the tree.
 */
#include "flue/priv/object.h"
#include "host.h"
#include "suite.h"

enum { PATHS = 70, EACH = 80, CONNECTIONS = PATHS * EACH };

static struct host host;
static struct host_arena arena;
static struct host_object neighbor, path[PATHS], tcp[CONNECTIONS];

static struct chimney_node *tree(struct chimney_node *(*leaf)(uint32_t i),
                                 struct chimney_node *leaves[CONNECTIONS])
{
    struct chimney_node *root = host_reference(&arena, &neighbor, CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *node = host_reference(&arena, &path[p], CHIMNEY_TYPE_PATH_IPV4_CONST);
        host_link(root, node);
        for (uint32_t i = p; i < CONNECTIONS; i += PATHS)
            host_link(node, leaves[i] = leaf(i));
    }
    return root;
}

static void setup(void)
{
    ck_assert_uint_gt(CONNECTIONS, FLUE_CACHE_RESIDENT_OBJECTS);
    struct sim_config config = sim_config_default();
    config.flue.capacity[CHIMNEY_PATH] = PATHS;
    config.flue.capacity[CHIMNEY_TCP] = CONNECTIONS;
    config.seed = 4711;
    config.behavior = (struct sim_behavior){
        .latency_max = 3, .inline_chance = 100000, .full_chance = 20000, .reorder = true};
    ck_assert(host_open(&host, &config));
    ck_assert(host_arena_open(&arena, 16u << 20));
    memset(tcp, 0, sizeof tcp);
    struct chimney_node *root = host_new_neighbor(&arena, &neighbor, 1);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *node = host_link(root, host_new_path(&arena, &path[p], p, false));
        for (uint32_t i = p; i < CONNECTIONS; i += PATHS)
            host_link(node, host_new_tcp(&arena, &tcp[i], i));
    }
    ck_assert(host_do(&host, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
    host_arena_clear(&arena);
}

static void teardown(void)
{
    host_arena_close(&arena);
    host_close(&host);
}

static uint32_t round_number;

/* Every third is as it was, the others get another TTL, every fifth another interval, too. */
static struct chimney_node *changed(uint32_t i)
{
    struct chimney_node *node = host_reference(&arena, &tcp[i], CHIMNEY_TYPE_TCP_CACHED);
    struct chimney_tcp_cached *now = host_tcp_cached(node);
    struct chimney_node *first = host_new_tcp(&arena, &(struct host_object){0}, i);
    *now = *host_tcp_cached(first);
    now->TtlOrHopLimit = (uint8_t)(i % 3 ? 100 + round_number : now->TtlOrHopLimit);
    now->KaInterval += i % 5 ? 0 : round_number;
    return node;
}

static void expect_hardware_as_flue(void)
{
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        struct sim_tcp held;
        struct chimney_node *query = host_reference(&arena, &tcp[i], CHIMNEY_TYPE_TCP_CACHED);
        ck_assert(sim_tcp(host.nic, host_index(&tcp[i]), &held));
        ck_assert(host_do(&host, CHIMNEY_QUERY, query));
        ck_assert_uint_eq(held.holds.ttl_or_hop_limit, host_tcp_cached(query)->TtlOrHopLimit);
        ck_assert_uint_eq(held.holds.ka_interval, host_tcp_cached(query)->KaInterval);
    }
}

START_TEST(updates_all_succeed)
{
    static struct chimney_node *leaves[CONNECTIONS];
    for (round_number = 1; round_number < 4; round_number++) {
        struct chimney_node *root = tree(changed, leaves);
        ck_assert(host_do(&host, CHIMNEY_UPDATE, root));
        for (uint32_t i = 0; i < CONNECTIONS; i++)
            ck_assert_int_eq(leaves[i]->Status, CHIMNEY_STATUS_SUCCESS);
        ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
    }
    expect_hardware_as_flue();
}
END_TEST

/* Some writes fail, and the device keeps the bad value all the same: hardware has the old again. */
START_TEST(failures_are_undone)
{
    static struct chimney_node *leaves[CONNECTIONS];
    ck_assert(sim_fault_add(host.nic, &(struct sim_fault){.what = SIM_FAULT_FAIL_KEPT,
                                                          .kind = CHIMNEY_TCP,
                                                          .command = CHIMNEY_TCP_WRITE_HEADER,
                                                          .chance = 90000,
                                                          .result = CHIMNEY_RESULT_FAILURE}));
    round_number = 7;
    struct chimney_node *root = tree(changed, leaves);
    ck_assert(host_do(&host, CHIMNEY_UPDATE, root));
    sim_faults_clear(host.nic);
    uint32_t failed = 0;
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        struct sim_tcp held;
        bool good = leaves[i]->Status == CHIMNEY_STATUS_SUCCESS;
        ck_assert(good || leaves[i]->Status == CHIMNEY_STATUS_FAILURE);
        failed += !good;
        ck_assert(sim_tcp(host.nic, host_index(&tcp[i]), &held));
        if (i % 3 &&
            strcmp(chimney_state_name(CHIMNEY_TCP, flue_object_at(&host.nic->target.flue,
                                                                  CHIMNEY_TCP, host_index(&tcp[i]))
                                                       ->state),
                   "offloaded") == 0)
            ck_assert_int_eq(held.holds.ttl_or_hop_limit == 107, good);
    }
    ck_assert_uint_gt(failed, 100);
    ck_assert_uint_lt(failed, CONNECTIONS / 2);
}
END_TEST

/* Other layers, stale handles and bare references among the others. */
START_TEST(what_is_unlike_takes_the_slow_path)
{
    static struct chimney_node *leaves[CONNECTIONS];
    round_number = 9;
    struct chimney_node *root = tree(changed, leaves);
    struct host_object gone = tcp[5];
    gone.handle.MiniportOffloadContext = (void *)(uintptr_t)(host_handle(&tcp[5]) + (1ull << 36));
    struct chimney_node *stale = host_reference(&arena, &gone, CHIMNEY_TYPE_TCP_CACHED);
    struct chimney_node *deep = host_reference(&arena, &path[4], CHIMNEY_TYPE_PATH_IPV4_CONST);
    leaves[70]->NextBlock = (stale->NextBlock = leaves[70]->NextBlock, stale);
    deep->NextBlock = leaves[71]->NextBlock;
    leaves[71]->NextBlock = deep;
    leaves[72]->Header.Type = CHIMNEY_TYPE_TCP_CONST;
    host_tcp_cached(leaves[73])->Header.Length++;
    ck_assert(host_do(&host, CHIMNEY_UPDATE, root));
    ck_assert_int_eq(stale->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_int_eq(deep->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_int_eq(leaves[72]->Status, CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(leaves[73]->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_int_eq(leaves[CONNECTIONS - 2]->Status, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* The walk stands before the node when it is submitted: it is no node of two requests. */
START_TEST(a_node_that_is_submitted_before_its_walk_comes_to_it)
{
    round_number = 11;
    struct chimney_node *first = changed(1), *second = changed(2);
    first->NextBlock = second;
    host_submit(&host, CHIMNEY_UPDATE, first);
    ck_assert(flue_poll(&host.nic->target.flue, 1));
    host_submit(&host, CHIMNEY_UPDATE, second);
    ck_assert(host_run(&host, 1000));
    ck_assert_int_eq(first->Status, CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(second->Status, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(host.nic->target.flue.stats.bad_trees, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("interleaved", setup, teardown, updates_all_succeed, failures_are_undone,
                     what_is_unlike_takes_the_slow_path,
                     a_node_that_is_submitted_before_its_walk_comes_to_it);
}
