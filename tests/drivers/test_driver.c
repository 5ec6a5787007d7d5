/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole way through flue and the NIC: behaviors, threads, full tables, reset. */
#include "bench.h"
#include "suite.h"

#define PATHS 8
#define TCPS 16
#define TICKS 20000

static struct host host;
static struct host_arena arena;
static struct host_object router, paths[PATHS], tcps[TCPS];

static void open_host(const struct sim_config *config)
{
    ck_assert(host_arena_open(&arena, 1 << 20));
    ck_assert(host_open(&host, config));
}

static void close_host(void)
{
    ck_assert_uint_eq(host.record.unexpected, 0);
    ck_assert_uint_eq(host.record.wrong, 0);
    ck_assert_uint_eq(host.record.unwritten, 0);
    ck_assert_uint_eq(host.record.unknown, 0);
    host_close(&host);
    host_arena_close(&arena);
}

static struct chimney_node *whole_tree(void)
{
    struct chimney_node *root = host_new_neighbor(&arena, &router, 1);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *path =
            host_link(root, host_new_path(&arena, &paths[p], p, (p & 1) != 0));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, host_new_tcp(&arena, &tcps[t], t));
    }
    return root;
}

static struct chimney_node *whole_termination(void)
{
    struct chimney_node *root = host_reference(&arena, &router, CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    for (uint32_t p = 0; p < PATHS; p++) {
        uint8_t type = paths[p].ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CONST : CHIMNEY_TYPE_PATH_IPV4_CONST;
        struct chimney_node *path = host_link(root, host_reference(&arena, &paths[p], type));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, host_reference(&arena, &tcps[t], CHIMNEY_TYPE_TCP_DELEGATED));
    }
    return root;
}

/* What the NIC holds is what the host asked for, entry by entry. */
static void check_hardware(void)
{
    for (uint32_t p = 0; p < PATHS; p++) {
        struct sim_path held;
        ck_assert(sim_path(host.nic, host_index(&paths[p]), &held));
        ck_assert_uint_eq(held.holds.neighbor, host_index(&router));
        ck_assert_uint_eq(held.destination[paths[p].ipv6 ? 15 : 3], p);
        ck_assert_uint_eq(held.tcps, TCPS / PATHS);
    }
    for (uint32_t t = 0; t < TCPS; t++) {
        struct sim_tcp held;
        ck_assert(sim_tcp(host.nic, host_index(&tcps[t]), &held));
        ck_assert_uint_eq(held.holds.path, host_index(&paths[t % PATHS]));
        ck_assert_uint_eq(held.holds.rcv_nxt, 1000000 + t);
    }
}

static void check_empty(void)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        ck_assert_uint_eq(sim_entries(host.nic, kind), 0);
    ck_assert(sim_idle(host.nic));
    ck_assert(flue_target_quiet(&host.nic->target.flue));
}

/* Offload all, terminate all, under a behavior; every seed must give the same end. */
static void there_and_back(struct sim_behavior behavior, uint64_t seed)
{
    struct sim_config config = bench_config();
    config.seed = seed;
    config.behavior = behavior;
    open_host(&config);
    struct chimney_node *root = whole_tree();
    host_submit(&host, CHIMNEY_INITIATE, root);
    ck_assert_msg(host_run(&host, TICKS), "initiate hangs with seed %llu",
                  (unsigned long long)seed);
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_INITIATE, CHIMNEY_STATUS_SUCCESS),
                      1 + PATHS + TCPS);
    check_hardware();
    host_submit(&host, CHIMNEY_TERMINATE, whole_termination());
    ck_assert_msg(host_run(&host, TICKS), "terminate hangs with seed %llu",
                  (unsigned long long)seed);
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_TERMINATE, CHIMNEY_STATUS_SUCCESS),
                      1 + PATHS + TCPS);
    check_empty();
    struct sim_counters c;
    sim_counters(host.nic, &c);
    ck_assert_uint_eq(c.nonsense, 0);
    ck_assert_uint_eq(c.all.seen, 2 * (1 + PATHS + TCPS));
    close_host();
}

START_TEST(at_once)
{
    there_and_back((struct sim_behavior){0}, 1);
}
END_TEST

START_TEST(late_and_out_of_order)
{
    for (uint64_t seed = 0; seed < 30; seed++)
        there_and_back((struct sim_behavior){.latency_max = 9, .reorder = true}, seed);
}
END_TEST

START_TEST(answered_inside_the_issuing_call)
{
    there_and_back((struct sim_behavior){.inline_chance = 1000000}, 1);
    for (uint64_t seed = 0; seed < 30; seed++)
        there_and_back((struct sim_behavior){.inline_chance = 500000, .latency_max = 3}, seed);
}
END_TEST

START_TEST(rings_full_by_chance)
{
    for (uint64_t seed = 0; seed < 30; seed++)
        there_and_back((struct sim_behavior){.full_chance = 300000, .latency_max = 3}, seed);
}
END_TEST

START_TEST(duplicates_are_stray)
{
    struct sim_config config = bench_config();
    struct sim_fault twice = {.what = SIM_FAULT_DUPLICATE, .kind = SIM_ANY, .command = SIM_ANY};
    struct sim_counters c;
    open_host(&config);
    ck_assert(sim_fault_add(host.nic, &twice));
    ck_assert(host_do(&host, CHIMNEY_INITIATE, whole_tree()));
    host_tick(&host);
    sim_counters(host.nic, &c);
    ck_assert_uint_eq(c.duplicates, 1 + PATHS + TCPS);
    ck_assert_uint_eq(c.answers_stray, c.duplicates);
    check_hardware();
    close_host();
}
END_TEST

START_TEST(full_tables_become_statuses)
{
    struct sim_config config = bench_config();
    config.entries[CHIMNEY_TCP] = 10;
    open_host(&config);
    struct chimney_node *root = whole_tree();
    ck_assert(host_do(&host, CHIMNEY_INITIATE, root));
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_INITIATE, CHIMNEY_STATUS_TCP_ENTRIES), 6);
    ck_assert_uint_eq(sim_entries(host.nic, CHIMNEY_TCP), 10);
    close_host();
}
END_TEST

START_TEST(what_fails_and_keeps_the_value_is_written_back)
{
    struct sim_config config = bench_config();
    struct sim_neighbor held;
    struct sim_fault fault = {.what = SIM_FAULT_FAIL_KEPT,
                              .kind = CHIMNEY_NEIGHBOR,
                              .command = CHIMNEY_NEIGHBOR_WRITE_MAC,
                              .result = CHIMNEY_RESULT_FAILURE,
                              .nth = 1};
    open_host(&config);
    ck_assert(host_do(&host, CHIMNEY_INITIATE, host_new_neighbor(&arena, &router, 1)));
    ck_assert(sim_fault_add(host.nic, &fault));
    struct chimney_node *node = host_reference(&arena, &router, CHIMNEY_TYPE_NEIGHBOR_CACHED);
    host_neighbor_cached(node)->DlDestinationAddress[5] = 0x66;
    ck_assert(host_do(&host, CHIMNEY_UPDATE, node));
    ck_assert_int_eq(node->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert(sim_neighbor(host.nic, host_index(&router), &held));
    ck_assert_uint_eq(held.holds.destination_mac[3], 1); /* as it was offloaded */
    ck_assert_uint_eq(held.holds.destination_mac[5], 0);
    close_host();
}
END_TEST

START_TEST(a_lost_add_times_out_and_leaves_nothing)
{
    struct sim_config config = bench_config();
    struct sim_fault fault = {.what = SIM_FAULT_LOSE_ANSWER,
                              .kind = CHIMNEY_NEIGHBOR,
                              .command = CHIMNEY_NEIGHBOR_ADD_NEIGHBOR};
    open_host(&config);
    ck_assert(sim_fault_add(host.nic, &fault));
    struct chimney_node *root = host_new_neighbor(&arena, &router, 1);
    ck_assert(host_do(&host, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(sim_entries(host.nic, CHIMNEY_NEIGHBOR), 0);
    ck_assert_uint_eq(host_handle(&router), 0);
    close_host();
}
END_TEST

START_TEST(a_reset_restores_what_it_can)
{
    struct sim_config config = bench_config();
    open_host(&config);
    ck_assert(host_do(&host, CHIMNEY_INITIATE, whole_tree()));
    sim_reset(host.nic);
    for (unsigned int i = 0; i < 50; i++)
        host_tick(&host);
    ck_assert_uint_eq(sim_entries(host.nic, CHIMNEY_NEIGHBOR), 1);
    ck_assert_uint_eq(sim_entries(host.nic, CHIMNEY_PATH), PATHS);
    ck_assert_uint_eq(sim_entries(host.nic, CHIMNEY_TCP), 0);
    ck_assert(tcps[0].retrieved != 0);
    ck_assert(host_do(&host, CHIMNEY_TERMINATE, whole_termination()));
    check_empty();
    close_host();
}
END_TEST

START_TEST(threads_come_to_the_same_end)
{
    struct sim_config config = bench_config();
    config.behavior =
        (struct sim_behavior){.latency_max = 2, .reorder = true, .inline_chance = 200000};
    config.flue.ticks_per_second = 1000000; /* no command is late, however busy the machine is */
    open_host(&config);
    ck_assert(sim_start(host.nic));
    host_submit(&host, CHIMNEY_INITIATE, whole_tree());
    ck_assert(host_wait(&host, 20000));
    check_hardware();
    for (unsigned int round = 0; round < 50; round++) {
        struct chimney_node *node =
            host_reference(&arena, &paths[0], CHIMNEY_TYPE_PATH_IPV4_CACHED);
        host_path_cached(node)->PathMtu = 1000 + round;
        host_submit(&host, CHIMNEY_UPDATE, node);
        host_submit(&host, CHIMNEY_QUERY,
                    host_reference(&arena, &tcps[round % TCPS], CHIMNEY_TYPE_TCP_DELEGATED));
    }
    ck_assert(host_wait(&host, 20000));
    host_submit(&host, CHIMNEY_TERMINATE, whole_termination());
    ck_assert(host_wait(&host, 20000));
    sim_stop(host.nic);
    ck_assert_uint_eq(host.record.completions[CHIMNEY_UPDATE], 50);
    ck_assert_uint_eq(host.record.completions[CHIMNEY_QUERY], 50);
    check_empty();
    close_host();
}
END_TEST

int main(void)
{
    return RUN_TESTS("driver", bench_open, bench_close, at_once, late_and_out_of_order,
                     answered_inside_the_issuing_call, rings_full_by_chance, duplicates_are_stray,
                     full_tables_become_statuses, what_fails_and_keeps_the_value_is_written_back,
                     a_lost_add_times_out_and_leaves_nothing, a_reset_restores_what_it_can,
                     threads_come_to_the_same_end);
}
