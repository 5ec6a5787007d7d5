/* SPDX-License-Identifier: BSD-2-Clause */
/* The tests: what the host asks, and what hardware and statuses must then say. */
#include "suite.h"

#include <string.h>

#include "bench.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define FAILURE CHIMNEY_STATUS_FAILURE

/* ---- Without faults ------------------------------------------------------------------------ */

START_TEST(all_of_it_goes_and_comes_back)
{
    offload_all();
    check_ways(1);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 2);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_PATH), PATHS);
    struct chimney_node *node = name(&tcps[3]);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, node), SUCCESS);
    ck_assert_int_eq(host_tcp_delegated(node)->State, CHIMNEY_TCP_STATE_ESTABLISHED);
    ck_assert_uint_eq(host_tcp_delegated(node)->RcvNxt, 1000003);
    ck_assert_uint_eq(host_tcp_delegated(node)->SndNxt, 2000003);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&tcps[3])), FAILURE); /* its handle is stale */
    terminate_all();
    check_empty();
}
END_TEST

START_TEST(full_pools_are_partial_success)
{
    static struct host_object more[TCPS]; /* a driver that is closed may still say they are lost */
    memset(more, 0, sizeof more);
    offload_all();
    struct chimney_node *root = name(&paths[0]);
    for (uint32_t t = 0; t < TCPS; t++)
        host_link(root, host_new_tcp(&arena, &more[t], 100 + t));
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_PARTIAL_SUCCESS);
    struct chimney_node *node = root->DependentBlockList;
    for (uint32_t t = 0; t < TCPS; t++, node = node->NextBlock)
        ck_assert_int_eq(node->Status,
                         t < CAPACITY_TCPS - TCPS ? SUCCESS : CHIMNEY_STATUS_TCP_ENTRIES);
}
END_TEST

START_TEST(a_new_mac_is_one_command)
{
    offload_all();
    uint64_t before = commands_issued();
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, 4)), SUCCESS);
    ck_assert_uint_eq(commands_issued(), before + 1);
    check_ways(4);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, 4)), SUCCESS);
    ck_assert_uint_eq(commands_issued(), before + 1);
}
END_TEST

START_TEST(failover_moves_every_path)
{
    offload_all();
    uint64_t before = commands_issued();
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&near)), SUCCESS);
    check_ways(0);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink(&far, 0, PATHS)), SUCCESS);
    check_ways(9);
    ck_assert_uint_eq(commands_issued(), before + 1 + PATHS);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&near)), SUCCESS);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 1);
    check_ways(9);
}
END_TEST

START_TEST(what_is_invalid_stays_so)
{
    offload_all();
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&paths[2])), SUCCESS);
    ck_assert_uint_eq(way(2), 0);
    struct chimney_node *root = relink(&far, 2, 1);
    asked(CHIMNEY_UPDATE, root);
    ck_assert_int_eq(root->DependentBlockList->Status, FAILURE);
    ck_assert_uint_eq(way(2), 0);
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&far)), SUCCESS);
    root = relink(&far, 1, 1);
    asked(CHIMNEY_UPDATE, root);
    ck_assert_int_eq(root->DependentBlockList->Status, FAILURE);
    ck_assert_uint_eq(way(1), 1);
}
END_TEST

START_TEST(nothing_goes_with_dependents)
{
    offload_all();
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&near)), FAILURE);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&paths[0])), FAILURE);
    check_ways(1);
    terminate_all();
    check_empty();
}
END_TEST

START_TEST(queries_tell)
{
    offload_all();
    for (uint32_t i = 0; i < 50; i++)
        step();
    struct chimney_node *node = host_reference(&arena, &near, CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    ck_assert_int_eq(asked(CHIMNEY_QUERY, node), SUCCESS);
    ck_assert_uint_ge(host_neighbor_delegated(node)->NicReachabilityDelta, 70);
    node = host_reference(&arena, &paths[1], CHIMNEY_TYPE_PATH_IPV4_ALL);
    ck_assert_int_eq(asked(CHIMNEY_QUERY, node), SUCCESS);
    ck_assert_uint_eq(host_path_cached(node)->PathMtu, 1500);
    ck_assert_uint_eq(((const uint8_t *)host_path_const(node)->DestinationAddress)[3], 1);
    node = host_reference(&arena, &tcps[5], CHIMNEY_TYPE_TCP_DELEGATED);
    ck_assert_int_eq(asked(CHIMNEY_QUERY, node), SUCCESS);
    ck_assert_uint_eq(host_tcp_delegated(node)->SndUna, 2000005);
    ck_assert_uint_ge(host_tcp_delegated(node)->TsRecentAge, 100);
}
END_TEST

static void ask_more(void *context, uint8_t operation, struct chimney_node *root)
{
    uint32_t *left = context;
    (void)operation;
    (void)root;
    if ((*left)-- > 0)
        host_submit(&host, CHIMNEY_UPDATE, new_mac(&near, (uint8_t)(10 + *left)));
}

START_TEST(completions_may_ask_more)
{
    uint32_t left = 20;
    offload_all();
    host.record.on_complete = ask_more;
    host.record.context = &left;
    host_submit(&host, CHIMNEY_UPDATE, new_mac(&near, 5));
    ck_assert(run());
    host.record.on_complete = NULL;
    ck_assert_uint_eq(host.record.completions[CHIMNEY_UPDATE], 21);
    check_ways(10);
}
END_TEST

/* ---- With faults --------------------------------------------------------------------------- */

static void fault(enum contract_fault what, uint8_t kind, uint8_t command)
{
    driver->fault(host.nic, what, kind, command);
}

static const enum contract_fault bad[] = {CONTRACT_FAIL, CONTRACT_FAIL_KEPT, CONTRACT_LOSE,
                                          CONTRACT_LATE};

START_TEST(a_failed_mac_is_the_old_one)
{
    offload_all();
    fault(bad[_i], CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, 6)), FAILURE);
    check_ways(1);
    driver->settle(host.nic);
    step();
    check_ways(1);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, 7)), SUCCESS);
    check_ways(7);
}
END_TEST

START_TEST(a_failed_relink_is_the_old_one)
{
    offload_all();
    fault(bad[_i], CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE);
    asked(CHIMNEY_UPDATE, relink(&far, 0, PATHS));
    uint32_t failed = 0;
    for (uint32_t p = 0; p < PATHS; p++)
        failed += way(p) == 1;
    ck_assert_uint_eq(failed, 1);
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_UPDATE, FAILURE), 1);
    driver->settle(host.nic);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink(&far, 0, PATHS)), SUCCESS);
    check_ways(9);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&near)), SUCCESS);
}
END_TEST

/* The root's own new MAC fails; the paths move to it all the same. */
START_TEST(a_relink_does_not_need_the_roots_update)
{
    offload_all();
    fault(CONTRACT_FAIL_KEPT, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC);
    struct chimney_node *root = new_mac(&far, 33);
    host_link(root, name(&paths[0]));
    asked(CHIMNEY_UPDATE, root);
    ck_assert_int_eq(root->Status, FAILURE);
    ck_assert_int_eq(root->DependentBlockList->Status, SUCCESS);
    ck_assert_uint_eq(way(0), 9);
}
END_TEST

START_TEST(a_failed_add_leaves_nothing)
{
    struct host_object other, path;
    offload_all();
    fault(bad[_i], CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR);
    struct chimney_node *root = new_router(&other, 2, 20);
    host_link(root, host_new_path(&arena, &path, 99, false));
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), FAILURE);
    ck_assert_int_eq(root->DependentBlockList->Status, FAILURE);
    ck_assert_uint_eq(host_handle(&other), 0);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 2);
    driver->settle(host.nic);
    step();
    fault(bad[_i], CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH);
    root = name(&near);
    host_link(root, host_new_path(&arena, &path, 99, false));
    asked(CHIMNEY_INITIATE, root);
    ck_assert_int_eq(root->DependentBlockList->Status, FAILURE);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_PATH), PATHS);
}
END_TEST

START_TEST(a_failed_remove_may_be_repeated)
{
    offload_all();
    fault(bad[_i], CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&far)), FAILURE);
    driver->settle(host.nic);
    step();
    /* What the hardware knew of it is lost with the first answer, unless the driver keeps it. */
    bool lost = driver->forgets && bad[_i] != CONTRACT_FAIL;
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&far)), lost ? FAILURE : SUCCESS);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 1);
    const struct flue_target *target = (const void *)host.nic; /* the adapter begins with it */
    ck_assert_uint_eq(flue_name_index(target, CHIMNEY_NEIGHBOR, host_handle(&far)), FLUE_NONE);
    check_ways(1);
}
END_TEST

START_TEST(an_answer_counts_once)
{
    offload_all();
    for (uint8_t round = 10; round < 30; round++) {
        fault(CONTRACT_TWICE, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC);
        ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, round)), SUCCESS);
        fault(CONTRACT_TWICE, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE);
        host_submit(&host, CHIMNEY_UPDATE, relink(round % 2 ? &near : &far, 0, PATHS));
        driver->settle(host.nic);
        ck_assert(run());
        check_ways(round % 2 ? round : 9);
    }
    ck_assert_uint_eq(host_statuses(&host, CHIMNEY_UPDATE, FAILURE), 0);
}
END_TEST

/* ---- Reset and removal --------------------------------------------------------------------- */

static void settle(void)
{
    ck_assert(run());
    for (uint32_t i = 0; i < 20; i++)
        step();
}

START_TEST(a_reset_restores)
{
    offload_all();
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, new_mac(&near, 8)), SUCCESS);
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&paths[3])), SUCCESS);
    driver->reset(host.nic);
    settle();
    for (uint32_t p = 0; p < PATHS; p++)
        ck_assert_uint_eq(way(p), p == 3 ? 0 : 8);
    for (uint32_t t = 0; t < TCPS; t++)
        ck_assert_uint_ne(tcps[t].retrieved, 0);
    terminate_all();
    check_empty();
}
END_TEST

/* The path stands on a router that is not put back; its own mark is good for the next reset. */
START_TEST(what_is_invalidated_while_lost_is_not_put_back)
{
    offload_all();
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&near)), SUCCESS);
    driver->reset(host.nic);
    settle();
    check_ways(0);
    for (uint32_t p = 0; p < PATHS; p++)
        ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&paths[p])), SUCCESS);
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&near)), SUCCESS);
    driver->reset(host.nic);
    settle();
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_NEIGHBOR), 1);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_PATH), 0);
    terminate_all();
    check_empty();
}
END_TEST

/* Their router is not put back; when they are moved to one that is there, they are. */
START_TEST(paths_that_are_lost_are_put_back_by_a_relink)
{
    offload_all();
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, name(&near)), SUCCESS);
    driver->reset(host.nic);
    settle();
    check_ways(0);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink(&far, 0, PATHS)), SUCCESS);
    settle();
    check_ways(9);
    ck_assert_uint_eq(driver->entries(host.nic, CHIMNEY_PATH), PATHS);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, name(&near)), FAILURE); /* its state is lost */
    terminate_all();
    check_empty();
}
END_TEST

/* Whatever had been done when the reset came: status and hardware agree, path by path. */
START_TEST(a_reset_amid_updates)
{
    offload_all();
    struct chimney_node *root = relink(&far, 0, PATHS);
    host_submit(&host, CHIMNEY_UPDATE, root);
    for (int i = 0; i < _i; i++)
        driver->make_progress(host.nic);
    driver->reset(host.nic);
    settle();
    struct chimney_node *node = root->DependentBlockList;
    for (uint32_t p = 0; p < PATHS; p++, node = node->NextBlock)
        ck_assert_uint_eq(way(p), node->Status == SUCCESS ? 9 : 1);
    terminate_all();
    check_empty();
}
END_TEST

START_TEST(removal_completes_everything)
{
    struct flue_target *target = (struct flue_target *)(void *)host.nic;
    offload_all();
    for (uint32_t p = 0; p < PATHS; p++)
        host_submit(&host, CHIMNEY_UPDATE, relink(&far, p, 1));
    driver->make_progress(host.nic);
    flue_remove(target);
    flue_dma_stopped(target);
    ck_assert(run());
    struct host_object other;
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, new_router(&other, 2, 40)), FAILURE);
    terminate_all();
    ck_assert(flue_target_quiet(target));
}
END_TEST

int main(void)
{
    const int ways_to_fail = (int)(sizeof(bad) / sizeof(bad[0]));
    driver = contract_driver();
    if (!driver)
        return 77;
    Suite *suite = suite_create(driver->name);
    TCase *cases = tcase_create("contract");
    tcase_add_checked_fixture(cases, bench_setup, bench_teardown);
    tcase_add_test(cases, all_of_it_goes_and_comes_back);
    tcase_add_test(cases, full_pools_are_partial_success);
    tcase_add_test(cases, a_new_mac_is_one_command);
    tcase_add_test(cases, failover_moves_every_path);
    tcase_add_test(cases, what_is_invalid_stays_so);
    tcase_add_test(cases, nothing_goes_with_dependents);
    tcase_add_test(cases, queries_tell);
    tcase_add_test(cases, completions_may_ask_more);
    tcase_add_loop_test(cases, a_failed_mac_is_the_old_one, 0, ways_to_fail);
    tcase_add_loop_test(cases, a_failed_relink_is_the_old_one, 0, ways_to_fail);
    tcase_add_test(cases, a_relink_does_not_need_the_roots_update);
    tcase_add_loop_test(cases, a_failed_add_leaves_nothing, 0, ways_to_fail);
    tcase_add_loop_test(cases, a_failed_remove_may_be_repeated, 0, ways_to_fail);
    tcase_add_test(cases, an_answer_counts_once);
    tcase_add_test(cases, a_reset_restores);
    tcase_add_test(cases, what_is_invalidated_while_lost_is_not_put_back);
    tcase_add_test(cases, paths_that_are_lost_are_put_back_by_a_relink);
    tcase_add_loop_test(cases, a_reset_amid_updates, 0, 5);
    tcase_add_test(cases, removal_completes_everything);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
