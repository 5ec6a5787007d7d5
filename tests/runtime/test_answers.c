/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that come inline, late, twice, never, from nowhere; time, quarantine, reset, removal. */

#include "flue/priv/object.h"
#include "suite.h"
#include "world.h"

static uint64_t stray(void)
{
    return atomic_load(&flue_target_shared_stats(target())->stray_answers);
}

static uint64_t late(void)
{
    return atomic_load(&flue_target_shared_stats(target())->late_answers);
}

/* All commands of the script so far have been dealt with by hand. */
static void by_hand(void)
{
    w->s->answered = w->s->command_count;
}

START_TEST(a_duplicate_answer_is_only_counted)
{
    chimney_update(w->s, mac_update(w, 0, 1));
    scripted_poll(w->s);
    ck_assert(scripted_answer(w->s, 0, CHIMNEY_RESULT_OK));
    ck_assert(!scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE));
    scripted_poll(w->s);
    ck_assert(!scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE));
    by_hand();
    scripted_poll(w->s);
    ck_assert_uint_eq(stray(), 2);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(w->s->completions[0].root, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_burst_is_taken_as_its_answers_are_one_by_one)
{
    struct chimney_node *node[PATHS];
    struct flue_answer burst[PATHS + 3];
    for (unsigned i = 0; i < PATHS; i++)
        chimney_update(w->s, node[i] = mtu_update(w, i, 1300 + i));
    scripted_poll(w->s);
    for (unsigned i = 0; i < PATHS; i++)
        burst[i] = (struct flue_answer){w->s->commands[i].cookie, CHIMNEY_RESULT_OK};
    burst[1].result = CHIMNEY_RESULT_FAILURE;
    burst[PATHS] = burst[0]; /* twice */
    burst[PATHS + 1] = (struct flue_answer){12345, CHIMNEY_RESULT_OK};
    burst[PATHS + 2] = burst[1];
    unsigned wakes = w->s->wakes;
    ck_assert_uint_eq(flue_commands_done(target(), burst, PATHS + 3), PATHS);
    ck_assert_uint_eq(w->s->wakes, wakes + 1);
    ck_assert_uint_eq(flue_commands_done(target(), burst, 0), 0);
    ck_assert_uint_eq(stray(), 3);
    w->s->answered = PATHS;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    for (unsigned i = 0; i < PATHS; i++) {
        expect_status(node[i], i == 1 ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
        ck_assert_ptr_eq(w->s->completions[i < 1 ? 0 : i == 1 ? PATHS - 1 : i - 1].root, node[i]);
    }
}
END_TEST

/* Bursts of them wake nobody, and hide nothing that comes behind. */
START_TEST(whole_bursts_of_strangers_leave_nothing_behind)
{
    enum { STRANGERS = 130 };
    struct flue_answer burst[STRANGERS + 1];
    struct chimney_node *node = mac_update(w, 0, 1);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    for (unsigned i = 0; i < STRANGERS; i++)
        burst[i] = (struct flue_answer){12345 + i, CHIMNEY_RESULT_FAILURE};
    burst[STRANGERS] = (struct flue_answer){w->s->commands[0].cookie, CHIMNEY_RESULT_OK};
    unsigned wakes = w->s->wakes;
    ck_assert_uint_eq(flue_commands_done(target(), burst, STRANGERS), 0);
    ck_assert_uint_eq(w->s->wakes, wakes);
    ck_assert_uint_eq(flue_commands_done(target(), burst, STRANGERS + 1), 1);
    ck_assert_uint_eq(w->s->wakes, wakes + 1);
    ck_assert_uint_eq(stray(), 2 * STRANGERS);
    by_hand();
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(unknown_cookies_are_only_counted)
{
    const flue_cookie unknown[] = {
        0, 1, UINT64_MAX, 1ull << 32, (1ull << 32) | 127, (1ull << 32) | 128};
    for (unsigned i = 0; i < 6; i++)
        ck_assert(!flue_command_done(target(), unknown[i], CHIMNEY_RESULT_OK));
    ck_assert_uint_eq(stray(), 6);
}
END_TEST

START_TEST(a_lost_answer_times_out_and_is_undone)
{
    struct chimney_node *node = mac_update(w, 0, 0x77);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    unsigned wakes = w->s->wakes;
    ck_assert_uint_eq(flue_next_tick(target()), 100);
    flue_tick(target(), 99);
    ck_assert_uint_eq(w->s->wakes, wakes);
    flue_tick(target(), 100);
    ck_assert_uint_gt(w->s->wakes, wakes);
    scripted_poll(w->s);
    /* Nobody knows what the hardware has: the old value is written. */
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac write_mac");
    ck_assert_uint_ne(scripted_args(w->s, 1, write_mac)->destination_mac[0], 0x77);
    ck_assert(scripted_answer(w->s, 1, CHIMNEY_RESULT_OK));
    scripted_poll(w->s);
    by_hand();
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "offloaded");
    ck_assert_uint_eq(stats()->timeouts, 1);
    /* A timer that sleeps while nothing is to be timed has to wake once more, and no more. */
    ck_assert_uint_eq(flue_next_tick(target()), 200);
    flue_tick(target(), 200);
    scripted_poll(w->s);
    ck_assert_uint_eq(flue_next_tick(target()), UINT64_MAX);
    ck_assert_uint_eq(target()->quarantined, 1);
    /* The answer comes after all: it changes nothing but ends the quarantine. */
    ck_assert(!scripted_answer(w->s, 0, CHIMNEY_RESULT_OK));
    scripted_poll(w->s);
    ck_assert_uint_eq(late(), 1);
    ck_assert_uint_eq(target()->quarantined, 0);
    ck_assert_uint_eq(object_of(w, &w->neighbor[0])->timeouts_outstanding, 0);
}
END_TEST

START_TEST(an_index_in_quarantine_is_not_used_again)
{
    uint32_t index = host_index(&w->tcp[0]);
    chimney_terminate(w->s, bare(w, &w->tcp[0]));
    scripted_poll(w->s);
    flue_tick(target(), 1000);
    scripted_poll(w->s); /* timed out: corrupt */
    by_hand();
    run(w, chimney_terminate, bare(w, &w->tcp[0]));
    struct chimney_node *path = bare(w, &w->path[0]);
    host_link(path, host_new_tcp(&w->arena, &w->spare[0], 5));
    run(w, chimney_initiate, path);
    ck_assert_uint_ne(host_index(&w->spare[0]), index);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    path = bare(w, &w->path[0]);
    host_link(path, host_new_tcp(&w->arena, &w->spare[1], 6));
    run(w, chimney_initiate, path);
    ck_assert_uint_eq(host_index(&w->spare[1]), index);
}
END_TEST

START_TEST(too_many_lost_answers_ask_for_a_reset)
{
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        host_link(root, host_reference(&w->arena, &w->tcp[i], CHIMNEY_TYPE_TCP_DELEGATED));
    chimney_query(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->resets_wanted, 0);
    flue_tick(target(), 1000);
    scripted_poll(w->s);
    by_hand();
    ck_assert_uint_eq(w->s->resets_wanted, 1);
    ck_assert_uint_eq(target()->quarantined, CONNECTIONS);
    ck_assert_uint_eq(w->s->completion_count, 1);
    flue_reset_begin(target());
    flue_reset_end(target());
    ck_assert_uint_eq(target()->quarantined, 0);
}
END_TEST

START_TEST(an_answer_of_an_undeclared_result_is_malformed)
{
    struct chimney_node *node = mac_update(w, 0, 0x78);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    ck_assert(flue_command_done(target(), w->s->commands[0].cookie, 200));
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac write_mac");
    ck_assert_uint_eq(stats()->malformed_answers, 1);
    ck_assert_uint_eq(stats()->timeouts, 0);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

START_TEST(data_of_another_size_is_malformed)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_query(w->s, node);
    scripted_poll(w->s);
    unsigned char data[8] = {0};
    ck_assert(
        flue_command_done_with(target(), w->s->commands[0].cookie, CHIMNEY_RESULT_OK, data, 8));
    scripted_poll(w->s);
    by_hand();
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

START_TEST(read_data_reaches_the_node)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_query(w->s, node);
    scripted_poll(w->s);
    struct chimney_read_tcp_data data = {.snd_nxt = 77, .cwnd = 1460, .send_backlog_size = 9};
    ck_assert(
        chimney_read_tcp_done(&w->s->target, w->s->commands[0].cookie, CHIMNEY_RESULT_OK, &data));
    memset(&data, 0xff, sizeof data); /* ours again as soon as the call returned */
    scripted_poll(w->s);
    by_hand();
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(host_tcp_delegated(node)->SndNxt, 77);
    ck_assert_uint_eq(host_tcp_delegated(node)->CWnd, 1460);
    ck_assert_uint_eq(host_tcp_delegated(node)->SendBacklogSize, 9);
}
END_TEST

START_TEST(an_add_that_times_out_is_removed_again)
{
    struct chimney_node *node = host_new_neighbor(&w->arena, &w->spare[0], 9);
    chimney_initiate(w->s, node);
    scripted_poll(w->s);
    flue_tick(target(), 1000);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor remove_neighbor");
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(host_handle(&w->spare[0]), 0);
    ck_assert_uint_eq(target()->pools[CHIMNEY_NEIGHBOR].in_use, NEIGHBORS + 1);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(target()->pools[CHIMNEY_NEIGHBOR].in_use, NEIGHBORS);
}
END_TEST

START_TEST(what_may_still_be_in_hardware_holds_what_it_stands_on)
{
    struct chimney_node *n = host_new_neighbor(&w->arena, &w->spare[0], 60);
    run(w, chimney_initiate, n);
    struct chimney_node *root = bare(w, &w->spare[0]);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &w->spare[1], 60, false));
    world_forget_log(w);
    chimney_initiate(w->s, root);
    scripted_poll(w->s);
    flue_tick(target(), 1000); /* the add is lost ... */
    scripted_poll(w->s);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE); /* ... and the remove fails */
    by_hand();
    scripted_poll(w->s);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    struct chimney_node *terminate = bare(w, &w->spare[0]);
    run(w, chimney_terminate, terminate);
    expect_status(terminate, CHIMNEY_STATUS_FAILURE);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    run(w, chimney_terminate, terminate);
    expect_status(terminate, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_terminate_finds_room_when_updates_fill_the_ring)
{
    struct flue_config config = scripted_config();
    config.ring_entries = 4;
    config.reserved_entries = 1;
    config.quarantine_limit = 2;
    world_close(w);
    w = world_open(&config);
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    for (unsigned i = 0; i < PATHS; i++)
        host_link(root, mtu_update(w, i, 800 + i));
    chimney_update(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 3);
    chimney_terminate(w->s, bare(w, &w->tcp[0]));
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 3), "remove_tcp");
}
END_TEST

START_TEST(a_reset_completes_what_is_under_way)
{
    struct chimney_node *update = mac_update(w, 0, 0x55), *waits = mac_update(w, 0, 0x56);
    chimney_update(w->s, update);
    chimney_update(w->s, waits);
    scripted_poll(w->s);
    flue_reset_begin(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(flue_target_phase(target()), FLUE_RESETTING);
    ck_assert_uint_eq(w->s->completion_count, 0); /* the device may touch their memory still */
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(update, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 1);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK); /* of the old epoch */
    by_hand();
    scripted_poll(w->s);
    for (unsigned i = 0; i < PATHS; i++)
        ck_assert_str_eq(state_of(w, &w->path[i]), "lost");
    flue_reset_end(target());
    scripted_poll(w->s);
    /* Layer by layer, with the old values. */
    ck_assert_str_eq(scripted_names(w->s, 1), "add_neighbor add_neighbor");
    ck_assert_uint_ne(scripted_args(w->s, 1, add_neighbor)->destination_mac[0], 0x55);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    /* Who waited is served when the neighbor is back, and before its layer is. */
    ck_assert_str_eq(scripted_names(w->s, 3), "write_mac");
    scripted_answer(w->s, 2, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 4), "add_path add_path add_path add_path");
    w->s->answered = 3;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(waits, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "offloaded");
    ck_assert_str_eq(state_of(w, &w->path[3]), "offloaded");
    ck_assert_str_eq(state_of(w, &w->tcp[0]), "lost");
}
END_TEST

START_TEST(removal_completes_everything_and_issues_nothing)
{
    struct chimney_node *update = mac_update(w, 0, 0x55);
    struct chimney_node *begun = host_new_neighbor(&w->arena, &w->spare[0], 9);
    chimney_update(w->s, update);
    chimney_initiate(w->s, begun);
    scripted_poll(w->s);
    unsigned commands = w->s->command_count;
    flue_remove(target());
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert(flue_target_quiet(target()));
    expect_status(update, CHIMNEY_STATUS_FAILURE);
    expect_status(begun, CHIMNEY_STATUS_FAILURE);
    struct chimney_node *more = host_new_neighbor(&w->arena, &w->spare[1], 10);
    run(w, chimney_initiate, more);
    expect_status(more, CHIMNEY_STATUS_FAILURE);
    run(w, chimney_terminate, bare(w, &w->tcp[0]));
    run(w, chimney_query, bare(w, &w->path[0]));
    ck_assert_uint_eq(w->s->command_count, commands);
    by_hand();
}
END_TEST

START_TEST(an_invalid_neighbor_has_its_connections_told_of)
{
    run(w, chimney_invalidate, bare(w, &w->neighbor[0]));
    ck_assert_str_eq(scripted_names(w->s, 0), "block_neighbor");
    ck_assert_uint_eq(w->s->retrieves, CONNECTIONS / 2);
    /* Once. */
    run(w, chimney_invalidate, bare(w, &w->path[0]));
    ck_assert_uint_eq(w->s->retrieves, CONNECTIONS / 2);
    run(w, chimney_invalidate, bare(w, &w->path[1]));
    ck_assert_uint_eq(w->s->retrieves, CONNECTIONS / 2 + 2);
}
END_TEST

/* The search for whom to tell waits for all that ran when the mark was set, whosever turn it is. */
START_TEST(what_was_being_created_is_told_whoever_has_the_turn)
{
    struct chimney_node *path = bare(w, &w->path[0]);
    struct chimney_node *other = bare(w, &w->path[1]);
    other->NextBlock = host_reference(&w->arena, &w->tcp[1], CHIMNEY_TYPE_TCP_DELEGATED);
    host_link(path, host_new_tcp(&w->arena, &w->spare[0], 50));
    chimney_initiate(w->s, path);
    scripted_poll(w->s);
    chimney_invalidate(w->s, bare(w, &w->path[0]));
    scripted_poll(w->s);
    ck_assert(scripted_answer(w->s, 1, CHIMNEY_RESULT_OK));
    scripted_poll(w->s);
    chimney_query(w->s, other);
    ck_assert(flue_poll(target(), 1)); /* a step; the next poll begins with it */
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_tcp block_path read_tcp");
    ck_assert_uint_eq(w->s->retrieves, 0);
    ck_assert(scripted_answer(w->s, 0, CHIMNEY_RESULT_OK));
    ck_assert(scripted_answer(w->s, 2, CHIMNEY_RESULT_OK));
    by_hand();
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->retrieves, 3); /* two that were there, and the new one */
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "answers", world_setup, world_teardown, what_was_being_created_is_told_whoever_has_the_turn,
        a_duplicate_answer_is_only_counted, a_burst_is_taken_as_its_answers_are_one_by_one,
        whole_bursts_of_strangers_leave_nothing_behind, unknown_cookies_are_only_counted,
        a_lost_answer_times_out_and_is_undone, an_index_in_quarantine_is_not_used_again,
        too_many_lost_answers_ask_for_a_reset, an_answer_of_an_undeclared_result_is_malformed,
        data_of_another_size_is_malformed, read_data_reaches_the_node,
        an_add_that_times_out_is_removed_again,
        what_may_still_be_in_hardware_holds_what_it_stands_on,
        a_terminate_finds_room_when_updates_fill_the_ring, a_reset_completes_what_is_under_way,
        removal_completes_everything_and_issues_nothing,
        an_invalid_neighbor_has_its_connections_told_of);
}
