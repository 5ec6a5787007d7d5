/* SPDX-License-Identifier: BSD-2-Clause */
/* The two rings: the doorbell, full rings, answers from inside the issuing call. */
#include "bench.h"
#include "suite.h"

START_TEST(nothing_happens_before_the_doorbell)
{
    struct sim_answer answer;
    ck_assert(issue_write_mac(50, 0, 1));
    sim_step(nic, 3);
    ck_assert(!take(&answer));
    ck_assert_uint_eq(counted().all.seen, 0);
    ring_doorbell();
    sim_step(nic, 1);
    ck_assert(take(&answer));
}
END_TEST

START_TEST(a_full_ring_takes_nothing)
{
    for (unsigned int i = 0; i < 8; i++)
        ck_assert(issue_write_mac(100 + i, 0, 1));
    ck_assert(!issue_write_mac(108, 0, 1));
    ck_assert_uint_eq(counted().ring_full, 1);
    ring_doorbell();
    sim_step(nic, 1);
    ck_assert(issue_write_mac(108, 0, 1)); /* fetched is room again */
}
END_TEST

START_TEST(unread_answers_make_the_device_wait)
{
    unsigned int answers = 0, issued = 0;
    struct sim_answer answer;
    for (unsigned int round = 0; round < 20; round++) {
        while (issue_write_mac(100 + issued, 0, 1))
            issued++;
        ring_doorbell();
        sim_step(nic, 1);
    }
    /* The ring of answers, the device's work and the ring of commands are all full now. */
    ck_assert_uint_lt(issued, 60);
    for (unsigned int round = 0; round < 20; round++) {
        while (take(&answer))
            ck_assert_uint_eq(answer.cookie, 100 + answers++);
        sim_step(nic, 1);
    }
    ck_assert_uint_eq(answers, issued);
    ck_assert(sim_idle(nic));
}
END_TEST

START_TEST(rings_go_round)
{
    ck_assert_uint_eq(do_add_neighbor(0), CHIMNEY_RESULT_OK);
    for (unsigned int i = 0; i < 1000; i++)
        ck_assert_uint_eq(do_write_mac(0, (uint8_t)i), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(last_mac_byte(0), (uint8_t)999);
}
END_TEST

START_TEST(counters_of_a_ring_may_overflow)
{
    struct sim_ring ring = {.entries = 4, .produced = UINT32_MAX - 1};
    atomic_store(&ring.head, UINT32_MAX - 1);
    atomic_store(&ring.tail, UINT32_MAX - 1);
    for (unsigned int i = 0; i < 10; i++) {
        ck_assert(sim_ring_empty(&ring));
        for (unsigned int j = 0; j < 4; j++) {
            ck_assert_uint_lt(sim_ring_space(&ring), 4);
            sim_ring_produce(&ring);
        }
        ck_assert_uint_eq(sim_ring_space(&ring), UINT32_MAX);
        sim_ring_publish(&ring);
        for (unsigned int j = 0; j < 4; j++) {
            ck_assert_uint_lt(sim_ring_next(&ring), 4);
            sim_ring_consume(&ring);
        }
    }
}
END_TEST

START_TEST(full_by_chance_only_while_something_is_under_way)
{
    struct sim_config config = bench_config();
    config.behavior.full_chance = 1000000;
    bench_reopen(&config);
    ck_assert(issue_write_mac(100, 0, 1)); /* idle: taken */
    ring_doorbell();
    ck_assert(!issue_write_mac(101, 0, 1));
    sim_step(nic, 1);
    ck_assert(!issue_write_mac(101, 0, 1)); /* the answer is still in the ring */
    struct sim_answer answer;
    ck_assert(take(&answer));
    ck_assert(issue_write_mac(101, 0, 1));
}
END_TEST

START_TEST(an_inline_answer_comes_before_the_call_returns)
{
    struct sim_config config = bench_config();
    config.behavior.inline_chance = 1000000;
    bench_reopen(&config);
    ck_assert(issue_write_mac(100, 0, 1));
    struct sim_counters c = counted();
    ck_assert_uint_eq(c.inline_calls, 1);
    ck_assert_uint_eq(c.all.bad, 1);       /* no such neighbor */
    ck_assert_uint_eq(c.answers_stray, 1); /* flue knows no such cookie */
    ck_assert_uint_eq(c.doorbells, 0);
    ck_assert(sim_idle(nic));
}
END_TEST

START_TEST(impossible_configurations_are_refused)
{
    enum flue_error error;
    struct sim_config config = bench_config();
    config.ring_entries = 24; /* no power of two */
    ck_assert_ptr_null(sim_open(&config, &error));
    ck_assert_int_eq(error, FLUE_BAD_CONFIG);
    config = bench_config();
    config.flue.running_requests = 0;
    ck_assert_ptr_null(sim_open(&config, &error));
    ck_assert_int_ne(error, FLUE_OK);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "rings", bench_open, bench_close, nothing_happens_before_the_doorbell,
        a_full_ring_takes_nothing, unread_answers_make_the_device_wait, rings_go_round,
        counters_of_a_ring_may_overflow, full_by_chance_only_while_something_is_under_way,
        an_inline_answer_comes_before_the_call_returns, impossible_configurations_are_refused);
}
