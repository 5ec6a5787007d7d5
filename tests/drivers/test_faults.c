/* SPDX-License-Identifier: BSD-2-Clause */
/* Each fault of the software NIC, and that the same seed brings the same misfortune. */
#include "bench.h"
#include "suite.h"

static void fault(struct sim_fault fault)
{
    ck_assert(sim_fault_add(nic, &fault));
}

static void open_with_neighbor(void)
{
    ck_assert_uint_eq(do_add_neighbor(0), CHIMNEY_RESULT_OK);
}

/* Issue write_mac, step so often, and say whether an answer came. */
static bool answered_after(flue_cookie cookie, uint8_t last_byte, uint32_t steps)
{
    struct sim_answer answer;
    ck_assert(issue_write_mac(cookie, 0, last_byte));
    ring_doorbell();
    sim_step(nic, steps);
    return take(&answer) && answer.cookie == cookie;
}

START_TEST(a_failure_changes_nothing)
{
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_FAIL,
                             .kind = SIM_ANY,
                             .command = SIM_ANY,
                             .result = CHIMNEY_RESULT_RESOURCES});
    ck_assert_uint_eq(do_write_mac(0, 0x66), CHIMNEY_RESULT_RESOURCES);
    ck_assert_uint_eq(last_mac_byte(0), 6);
    ck_assert_uint_eq(counted().all.bad, 1);
    ck_assert_uint_eq(sim_faults_struck(nic), 1);
}
END_TEST

START_TEST(a_failure_may_keep_the_value)
{
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_FAIL_KEPT,
                             .kind = CHIMNEY_NEIGHBOR,
                             .command = CHIMNEY_NEIGHBOR_WRITE_MAC,
                             .result = CHIMNEY_RESULT_FAILURE});
    ck_assert_uint_eq(do_write_mac(0, 0x66), CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(last_mac_byte(0), 0x66);
}
END_TEST

START_TEST(only_the_named_command_is_struck)
{
    fault((struct sim_fault){.what = SIM_FAULT_FAIL,
                             .kind = CHIMNEY_NEIGHBOR,
                             .command = CHIMNEY_NEIGHBOR_WRITE_MAC,
                             .result = CHIMNEY_RESULT_FAILURE});
    open_with_neighbor();
    ck_assert_uint_eq(do_add_path(0, 0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_write_mac(0, 1), CHIMNEY_RESULT_FAILURE);
}
END_TEST

START_TEST(only_the_nth_is_struck)
{
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_FAIL,
                             .kind = CHIMNEY_NEIGHBOR,
                             .command = SIM_ANY,
                             .result = CHIMNEY_RESULT_FAILURE,
                             .nth = 3});
    for (unsigned int i = 1; i <= 5; i++)
        ck_assert_uint_eq(do_write_mac(0, 1), i == 3 ? CHIMNEY_RESULT_FAILURE : CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(a_limit_ends_it)
{
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_FAIL,
                             .kind = SIM_ANY,
                             .command = SIM_ANY,
                             .result = CHIMNEY_RESULT_FAILURE,
                             .limit = 2});
    for (unsigned int i = 1; i <= 4; i++)
        ck_assert_uint_eq(do_write_mac(0, 1), i <= 2 ? CHIMNEY_RESULT_FAILURE : CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(clearing_ends_it)
{
    struct sim_fault any = {.what = SIM_FAULT_FAIL, .kind = SIM_ANY, .command = SIM_ANY};
    any.result = CHIMNEY_RESULT_FAILURE;
    open_with_neighbor();
    for (unsigned int i = 0; i < SIM_MAX_FAULTS; i++)
        ck_assert(sim_fault_add(nic, &any));
    ck_assert(!sim_fault_add(nic, &any));
    ck_assert_uint_eq(do_write_mac(0, 1), CHIMNEY_RESULT_FAILURE);
    sim_faults_clear(nic);
    ck_assert_uint_eq(sim_faults_struck(nic), 0);
    ck_assert_uint_eq(do_write_mac(0, 1), CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(a_lost_command_was_never_done)
{
    open_with_neighbor();
    fault((struct sim_fault){
        .what = SIM_FAULT_LOSE_COMMAND, .kind = SIM_ANY, .command = SIM_ANY, .limit = 1});
    ck_assert(!answered_after(50, 0x66, 10));
    ck_assert_uint_eq(last_mac_byte(0), 6);
    ck_assert_uint_eq(counted().all.lost, 1);
    ck_assert(sim_idle(nic));
    ck_assert_uint_eq(do_write_mac(0, 0x66), CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(a_lost_answer_is_of_a_command_that_was_done)
{
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_LOSE_ANSWER, .kind = SIM_ANY, .command = SIM_ANY});
    ck_assert(!answered_after(50, 0x66, 10));
    ck_assert_uint_eq(last_mac_byte(0), 0x66);
    ck_assert_uint_eq(counted().of[CHIMNEY_NEIGHBOR][CHIMNEY_NEIGHBOR_WRITE_MAC].lost, 1);
}
END_TEST

START_TEST(a_duplicate_is_answered_twice)
{
    struct sim_answer answer;
    open_with_neighbor();
    fault((struct sim_fault){
        .what = SIM_FAULT_DUPLICATE, .kind = SIM_ANY, .command = SIM_ANY, .steps = 4});
    ck_assert(answered_after(50, 1, 1));
    sim_step(nic, 3);
    ck_assert(!take(&answer));
    sim_step(nic, 1);
    ck_assert(take(&answer));
    ck_assert_uint_eq(answer.cookie, 50);
    ck_assert_uint_eq(counted().duplicates, 1);
    ck_assert_uint_eq(counted().all.good, 2); /* add_neighbor and the first of the two */
}
END_TEST

START_TEST(a_delay_holds_back_one_answer_only)
{
    struct sim_answer answer;
    open_with_neighbor();
    fault((struct sim_fault){
        .what = SIM_FAULT_DELAY, .kind = SIM_ANY, .command = SIM_ANY, .limit = 1, .steps = 9});
    ck_assert(!answered_after(50, 1, 1));
    ck_assert(answered_after(51, 2, 1));
    sim_step(nic, 7);
    ck_assert(!take(&answer));
    sim_step(nic, 1);
    ck_assert(take(&answer));
    ck_assert_uint_eq(answer.cookie, 50);
}
END_TEST

START_TEST(latency_is_counted_in_steps)
{
    struct sim_answer answer;
    struct sim_behavior behavior = {.latency_min = 3, .latency_max = 3};
    open_with_neighbor();
    sim_behavior_set(nic, &behavior);
    ck_assert(!answered_after(50, 1, 3));
    sim_step(nic, 1);
    ck_assert(take(&answer));
}
END_TEST

/* Eight commands, and the order in which their answers come. */
static void order_of_answers(uint64_t seed, bool reorder, unsigned int order[8])
{
    struct sim_config config = bench_config();
    struct sim_answer answer;
    unsigned int count = 0;
    config.seed = seed;
    config.behavior = (struct sim_behavior){.latency_min = 0, .latency_max = 4, .reorder = reorder};
    bench_reopen(&config);
    for (unsigned int i = 0; i < 8; i++)
        ck_assert(issue_write_mac(100 + i, 0, 0));
    ring_doorbell();
    for (unsigned int step = 0; step < 10; step++) {
        sim_step(nic, 1);
        while (take(&answer))
            order[count++] = (unsigned int)answer.cookie - 100;
    }
    ck_assert_uint_eq(count, 8);
}

START_TEST(answers_keep_their_order)
{
    unsigned int order[8];
    for (uint64_t seed = 0; seed < 20; seed++) {
        order_of_answers(seed, false, order);
        for (unsigned int i = 0; i < 8; i++)
            ck_assert_uint_eq(order[i], i);
    }
}
END_TEST

START_TEST(answers_overtake_each_other_by_seed)
{
    unsigned int first[8], again[8], other[8];
    bool in_order = true;
    order_of_answers(7, true, first);
    order_of_answers(7, true, again);
    order_of_answers(8, true, other);
    ck_assert_mem_eq(first, again, sizeof(first));
    ck_assert_mem_ne(first, other, sizeof(first));
    for (unsigned int i = 0; i < 8; i++)
        in_order = in_order && first[i] == i;
    ck_assert(!in_order);
}
END_TEST

START_TEST(chance_is_about_right)
{
    unsigned int failed = 0;
    open_with_neighbor();
    fault((struct sim_fault){.what = SIM_FAULT_FAIL,
                             .kind = SIM_ANY,
                             .command = SIM_ANY,
                             .result = CHIMNEY_RESULT_FAILURE,
                             .chance = 250000});
    for (unsigned int i = 0; i < 4000; i++)
        failed += do_write_mac(0, 1) == CHIMNEY_RESULT_FAILURE;
    ck_assert_uint_gt(failed, 850);
    ck_assert_uint_lt(failed, 1150);
}
END_TEST

START_TEST(forgetting_wipes_tables_and_work)
{
    struct sim_answer answer;
    struct sim_behavior behavior = {.latency_min = 5, .latency_max = 5};
    open_with_neighbor();
    sim_behavior_set(nic, &behavior);
    ck_assert(!answered_after(50, 1, 1)); /* at work */
    ck_assert(issue_write_mac(51, 0, 2)); /* in the ring, behind the doorbell */
    sim_forget(nic);
    sim_step(nic, 20);
    ck_assert(!take(&answer));
    ck_assert(sim_idle(nic));
    ck_assert_uint_eq(sim_entries(nic, CHIMNEY_NEIGHBOR), 0);
    struct sim_counters c = counted();
    ck_assert_uint_eq(c.all.forgotten, 2);
    ck_assert_uint_eq(c.all.seen, c.all.good + c.all.bad + c.all.lost + c.all.forgotten);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "faults", bench_open, bench_close, a_failure_changes_nothing, a_failure_may_keep_the_value,
        only_the_named_command_is_struck, only_the_nth_is_struck, a_limit_ends_it, clearing_ends_it,
        a_lost_command_was_never_done, a_lost_answer_is_of_a_command_that_was_done,
        a_duplicate_is_answered_twice, a_delay_holds_back_one_answer_only,
        latency_is_counted_in_steps, answers_keep_their_order, answers_overtake_each_other_by_seed,
        chance_is_about_right, forgetting_wipes_tables_and_work);
}
