/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing waits without bound: rings that stay full, slots that are all lost, who goes first. */

#include "suite.h"
#include "world.h"

#include "flue/priv/slot.h"

enum {
    LONGEST_TIMEOUT = 100
}; /* ticks: the longest timeout of chimney, in ticks of a millisecond */

static uint64_t now;

static void tick(uint64_t ticks)
{
    flue_tick(target(), now += ticks);
    scripted_poll(w->s);
}

static void room_setup(void)
{
    world_setup();
    now = 0;
}

static void open_with(uint32_t ring, uint32_t reserved, uint32_t limit)
{
    struct flue_config config = scripted_config();
    config.ring_entries = ring;
    config.reserved_entries = reserved;
    config.quarantine_limit = limit;
    config.running_requests = 64;
    world_close(w);
    w = world_open(&config);
    now = 0;
}

static struct chimney_node *timer_update(unsigned tcp, uint32_t ka_timeout)
{
    struct chimney_node *node = host_new_tcp(&w->arena, &(struct host_object){0}, tcp);
    struct chimney_node *asked = host_reference(&w->arena, &w->tcp[tcp], CHIMNEY_TYPE_TCP_CACHED);
    *host_tcp_cached(asked) = *host_tcp_cached(node);
    host_tcp_cached(asked)->KaTimeout = ka_timeout;
    return asked;
}

static struct chimney_node *query(unsigned tcp)
{
    return host_reference(&w->arena, &w->tcp[tcp], CHIMNEY_TYPE_TCP_DELEGATED);
}

static struct chimney_node *submit(entry_point *operation, struct chimney_node *root)
{
    root->Status = 0x5a5a5a5a;
    operation(w->s, root);
    scripted_poll(w->s);
    return root;
}

static bool open_still(const struct chimney_node *root)
{
    return root->Status == 0x5a5a5a5a;
}

/* ---- Rings --------------------------------------------------------------------------------- */

START_TEST(a_full_ring_keeps_only_those_who_need_it)
{
    w->s->full = "write_timers";
    struct chimney_node *stuck = submit(chimney_update, timer_update(0, 1000));
    struct chimney_node *mac = submit(chimney_update, mac_update(w, 0, 9));
    struct chimney_node *asked = submit(chimney_query, query(1));
    struct chimney_node *ended = submit(chimney_terminate, query(2));
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac read_tcp remove_tcp");
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(mac, CHIMNEY_STATUS_SUCCESS);
    expect_status(asked, CHIMNEY_STATUS_SUCCESS);
    expect_status(ended, CHIMNEY_STATUS_SUCCESS);
    ck_assert(open_still(stuck));
    w->s->full = NULL;
    tick(1);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(stuck, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_full_ring_is_asked_once_a_tick_and_once_after_answers)
{
    w->s->full = "write_timers";
    submit(chimney_update, timer_update(0, 1000));
    submit(chimney_update, timer_update(1, 1000));
    ck_assert_uint_eq(w->s->refused, 1);
    for (unsigned i = 0; i < 10; i++)
        scripted_poll(w->s);
    ck_assert_uint_eq(w->s->refused, 1);
    for (unsigned i = 2; i < 20; i++) {
        tick(1);
        ck_assert_uint_eq(w->s->refused, i);
    }
    submit(chimney_query, query(2));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->refused, 20);
    w->s->full = NULL;
    tick(1);
}
END_TEST

START_TEST(what_waits_for_a_full_ring_fails_in_time)
{
    w->s->full = "write_timers";
    struct chimney_node *stuck[3];
    for (unsigned i = 0; i < 3; i++)
        stuck[i] = submit(chimney_update, timer_update(i, 1000));
    tick(LONGEST_TIMEOUT - 1);
    for (unsigned i = 0; i < 3; i++)
        ck_assert(open_still(stuck[i]));
    ck_assert_uint_eq(w->s->resets_wanted, 0);
    tick(1);
    for (unsigned i = 0; i < 3; i++) {
        expect_status(stuck[i], CHIMNEY_STATUS_FAILURE);
        ck_assert_str_eq(state_of(w, &w->tcp[i]), "offloaded"); /* nothing was to be undone */
    }
    ck_assert_uint_eq(w->s->command_count, 0);
    ck_assert_uint_eq(target()->quarantined, 0);
    ck_assert_uint_eq(stats()->unsent, 3);
    ck_assert_uint_eq(stats()->timeouts, 0);
    ck_assert_uint_eq(w->s->resets_wanted, 1);
}
END_TEST

/* Of a line that is stuck and empty no tick is work, so that who waits for quiet is not kept. */
START_TEST(a_stuck_line_in_which_nobody_stands_is_quiet)
{
    w->s->full = "write_timers";
    struct chimney_node *stuck = submit(chimney_update, timer_update(0, 1000));
    tick(LONGEST_TIMEOUT);
    expect_status(stuck, CHIMNEY_STATUS_FAILURE);
    tick(2 * LONGEST_TIMEOUT);
    flue_tick(target(), 10 * LONGEST_TIMEOUT);
    ck_assert(flue_target_quiet(target()));
}
END_TEST

/* One try a tick; who comes in between need not wait to learn what is known. */
START_TEST(a_stuck_ring_fails_at_once_until_it_takes_one_again)
{
    w->s->full = "write_timers";
    submit(chimney_update, timer_update(0, 1000));
    tick(LONGEST_TIMEOUT);
    unsigned refused = w->s->refused;
    for (unsigned i = 0; i < 50; i++)
        expect_status(submit(chimney_update, timer_update(0, 1000)), CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->refused, refused);
    ck_assert_uint_eq(w->s->resets_wanted, 1);
    tick(1);
    expect_status(submit(chimney_update, timer_update(0, 1000)), CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->refused, refused + 1);
    w->s->full = NULL;
    tick(1);
    run(w, chimney_update, timer_update(0, 1000));
    expect_status(w->s->completions[w->s->completion_count - 1].root, CHIMNEY_STATUS_SUCCESS);
    /* What was wrong has passed by itself; should it come again, the driver is asked again. */
    w->s->full = "write_timers";
    submit(chimney_update, timer_update(0, 2000));
    tick(LONGEST_TIMEOUT);
    ck_assert_uint_eq(w->s->resets_wanted, 2);
}
END_TEST

START_TEST(order_is_kept_within_a_command)
{
    enum { COUNT = 6 };
    w->s->full = "write_timers";
    for (unsigned i = COUNT; i-- > 0;)
        submit(chimney_update, timer_update(i, 1000));
    w->s->full = NULL;
    w->s->room = 2;
    tick(1);
    w->s->room = UINT32_MAX;
    tick(1);
    ck_assert_uint_eq(w->s->command_count, COUNT);
    for (unsigned i = 0; i < COUNT; i++)
        ck_assert_uint_eq(w->s->commands[i].index, host_index(&w->tcp[COUNT - 1 - i]));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

/* Of three in line the one in the middle leaves: its other command has failed. */
START_TEST(who_leaves_the_middle_of_a_line_leaves_the_others_in_order)
{
    struct chimney_node *node[3];
    w->s->full = "write_buffers";
    for (unsigned i = 0; i < 3; i++) {
        node[i] = timer_update(i, 1000);
        host_tcp_cached(node[i])->InitialRcvWnd++;
        submit(chimney_update, node[i]);
    }
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers write_timers write_timers");
    scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 3;
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 3), "write_timers"); /* is written back */
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 2, CHIMNEY_RESULT_OK);
    w->s->full = NULL;
    tick(1);
    ck_assert_str_eq(scripted_names(w->s, 4), "write_buffers write_buffers");
    ck_assert_uint_eq(w->s->commands[4].index, host_index(&w->tcp[0]));
    ck_assert_uint_eq(w->s->commands[5].index, host_index(&w->tcp[2]));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node[0], CHIMNEY_STATUS_SUCCESS);
    expect_status(node[1], CHIMNEY_STATUS_FAILURE);
    expect_status(node[2], CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* Half of a plan went out: that half is undone. */
START_TEST(what_was_sent_of_a_plan_is_undone)
{
    struct chimney_node *node = timer_update(0, 1000);
    host_tcp_cached(node)->InitialRcvWnd++;
    w->s->full = "write_buffers";
    submit(chimney_update, node);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert(open_still(node));
    tick(LONGEST_TIMEOUT);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers write_timers");
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->tcp[0]), "offloaded");
}
END_TEST

/* An undo that finds no room has failed, too; its other half is tried all the same. */
START_TEST(an_undo_waits_no_longer_than_others)
{
    struct chimney_node *node = timer_update(0, 1000);
    host_tcp_cached(node)->InitialRcvWnd++;
    host_tcp_cached(node)->UserPriority ^= 1;
    submit(chimney_update, node);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers write_buffers write_header");
    w->s->full = "write_timers";
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 2, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 3;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 3);
    tick(LONGEST_TIMEOUT);
    ck_assert_str_eq(strstr(scripted_names(w->s, 3), "write_buffers"),
                     "write_buffers write_header");
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_ne(state_of(w, &w->tcp[0]), "offloaded");
}
END_TEST

/* A reset is no time to wait in: it begins anew when the hardware is back. */
START_TEST(a_restore_that_finds_no_room_ends_in_time)
{
    w->s->full = "add_neighbor";
    flue_reset_begin(target());
    tick(5 * LONGEST_TIMEOUT);
    flue_reset_end(target());
    scripted_poll(w->s);
    tick(LONGEST_TIMEOUT - 1);
    ck_assert_uint_eq(target()->restores, 1); /* it goes no further than there is room */
    for (unsigned i = 0; i < 3; i++)
        tick(LONGEST_TIMEOUT);
    ck_assert_uint_eq(target()->restores, 0);
    ck_assert_uint_eq(w->s->command_count, 0);
    ck_assert(flue_target_quiet(target()));
    ck_assert_uint_eq(w->s->resets_wanted, 1);
}
END_TEST

/* ---- Slots --------------------------------------------------------------------------------- */

/* As configured behind the runtime's back: lost answers take all slots, and no reset is asked. */
START_TEST(slots_that_are_all_lost_keep_nobody_waiting)
{
    open_with(16, 12, 0);
    target()->config.quarantine_limit = 1000;
    struct chimney_node *node[CONNECTIONS];
    for (unsigned i = 0; i < CONNECTIONS; i++)
        node[i] = submit(chimney_update, timer_update(i, 1000));
    ck_assert_uint_eq(w->s->command_count, 4);
    w->s->answered = 4; /* never */
    for (unsigned i = 0; i < 4; i++)
        tick(LONGEST_TIMEOUT);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        expect_status(node[i], CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->resets_wanted, 1);
    world_forget_log(w);
    ck_assert_uint_lt(target()->free_slots, 13);
    run(w, chimney_terminate, query(7));
    expect_status(w->s->completions[0].root, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_terminate_is_sent_while_everything_else_waits)
{
    open_with(8, 2, 1);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        submit(chimney_update, mtu_update(w, i % PATHS, 1000 + i));
    submit(chimney_update, mac_update(w, 0, 9));
    submit(chimney_update, mac_update(w, 1, 9));
    submit(chimney_query, query(0));
    unsigned before = w->s->command_count;
    ck_assert_uint_eq(before, 6);
    struct chimney_node *ended = submit(chimney_terminate, query(7));
    ck_assert_str_eq(scripted_names(w->s, before), "remove_tcp");
    scripted_answer(w->s, before, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    expect_status(ended, CHIMNEY_STATUS_SUCCESS);
    for (unsigned i = 0; i < before; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    w->s->answered = before + 1;
}
END_TEST

/* Lines take turns at slots: a long one is no wall in front of the others. */
START_TEST(lines_take_turns)
{
    open_with(3, 1, 1);
    submit(chimney_query, query(0));
    submit(chimney_query, query(1)); /* these have the slots */
    for (unsigned i = 2; i < CONNECTIONS; i++)
        submit(chimney_update, timer_update(i, 1000));
    submit(chimney_update, mac_update(w, 0, 9));
    ck_assert_uint_eq(w->s->command_count, 2);
    for (unsigned i = 0; i < 3; i++) {
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
        scripted_poll(w->s);
    }
    w->s->answered = 3;
    ck_assert_ptr_nonnull(strstr(scripted_names(w->s, 2), "write_mac"));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

/* ---- Budgets and ticks --------------------------------------------------------------------- */

START_TEST(a_tick_is_not_swallowed_by_a_poll_without_budget)
{
    w->s->room = 0;
    struct chimney_node *node = submit(chimney_update, mac_update(w, 0, 9));
    w->s->room = UINT32_MAX;
    flue_tick(target(), ++now);
    for (unsigned i = 0; i < 3; i++)
        ck_assert(flue_poll(target(), 0));
    ck_assert_uint_eq(w->s->command_count, 0);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 1);
    flue_tick(target(), now += LONGEST_TIMEOUT);
    ck_assert(flue_poll(target(), 0));
    ck_assert_uint_eq(stats()->timeouts, 0);
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->timeouts, 1);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

/* Brought by one call or by many, in time or late: a step each, in their order. */
static void answer_by(unsigned count, unsigned calls)
{
    static struct flue_answer answers[SCRIPTED_MOST];
    for (unsigned i = 0; i < count; i++)
        answers[i] = (struct flue_answer){w->s->commands[i].cookie, CHIMNEY_RESULT_OK};
    for (unsigned i = 0, each = count / calls; i < count; i += each)
        flue_commands_done(target(), answers + i, each < count - i ? each : count - i);
    w->s->answered = count;
}

START_TEST(a_budget_bounds_the_answers_of_a_poll)
{
    enum { COUNT = 200 };
    static struct host_object neighbors[COUNT];
    static const uint32_t budgets[] = {1, 7, 63, 64, 65, 100, 1000};
    struct flue_config config = scripted_config();
    config.capacity[0] = COUNT;
    config.ring_entries = 512;
    config.running_requests = 256;
    for (unsigned b = 0; b < 2 * sizeof budgets / sizeof *budgets; b++) {
        world_close(w);
        w = world_empty(&config);
        for (unsigned i = 0; i < COUNT; i++)
            submit(chimney_initiate, host_new_neighbor(&w->arena, &neighbors[i], i));
        answer_by(COUNT, b % 2 ? COUNT : 1);
        for (uint64_t taken = 0; flue_poll(target(), budgets[b / 2]); taken = stats()->answers)
            ck_assert_uint_le(stats()->answers - taken, budgets[b / 2]);
        scripted_poll(w->s);
        ck_assert_uint_eq(w->s->completion_count, COUNT);
        for (unsigned i = 0; i < COUNT; i++)
            ck_assert_ptr_eq(((struct chimney_node *)w->s->completions[i].root)->NdisOffloadHandle,
                             &neighbors[i]);
        memset(neighbors, 0, sizeof neighbors);
    }
}
END_TEST

START_TEST(a_budget_bounds_late_answers_and_timeouts)
{
    enum { COUNT = 40 };
    open_with(512, 8, 400);
    for (unsigned i = 0; i < COUNT; i++)
        submit(chimney_query, query(i % CONNECTIONS));
    unsigned under_way = w->s->command_count;
    ck_assert_uint_eq(under_way, CONNECTIONS); /* the others wait for these */
    flue_tick(target(), now += LONGEST_TIMEOUT);
    for (unsigned lost = 0; lost < CONNECTIONS; lost = (unsigned)stats()->timeouts) {
        ck_assert(flue_poll(target(), 2));
        ck_assert_uint_le(stats()->timeouts - lost, 2);
    }
    answer_by(under_way, 1);
    for (unsigned late = CONNECTIONS; late; late = target()->quarantined) {
        flue_poll(target(), 2);
        ck_assert_uint_le(late - target()->quarantined, 2);
    }
    w->s->answered = under_way;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

/* Slots are looked at a few a step, and a round that is under way misses nothing. */
START_TEST(a_round_over_many_slots_is_spread)
{
    open_with(1u << 16, 8, 10);
    struct chimney_node *node = submit(chimney_query, query(0));
    flue_tick(target(), now += LONGEST_TIMEOUT);
    unsigned polls = 1;
    while (flue_poll(target(), 1))
        polls++;
    ck_assert_uint_ge(polls, 1000);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

static unsigned reaps;
static size_t reap_nothing(void *adapter, struct flue_answer *answers, size_t room)
{
    (void)adapter, (void)answers, (void)room;
    reaps++;
    return 0;
}

START_TEST(nothing_is_reaped_without_a_budget)
{
    struct chimney_node *node = submit(chimney_query, query(0));
    target()->config.reap = reap_nothing;
    flue_tick(target(), now += LONGEST_TIMEOUT);
    reaps = 0;
    ck_assert(flue_poll(target(), 0));
    ck_assert_uint_eq(reaps, 0);
    scripted_poll(w->s);
    ck_assert_uint_ne(reaps, 0);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    target()->config.reap = NULL;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

/* What a timeout sends (an undo) is rung for in the same poll. */
START_TEST(a_doorbell_follows_whatever_was_issued)
{
    struct chimney_node *node = submit(chimney_update, mac_update(w, 0, 9));
    unsigned bells = w->s->doorbells;
    ck_assert_uint_eq(bells, 1);
    flue_tick(target(), now += LONGEST_TIMEOUT);
    for (unsigned i = 0; w->s->command_count == 1; i++) {
        ck_assert_uint_lt(i, 1000);
        flue_poll(target(), 1);
    }
    ck_assert_uint_eq(w->s->doorbells, bells + 1);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "room", room_setup, world_teardown, a_full_ring_keeps_only_those_who_need_it,
        a_full_ring_is_asked_once_a_tick_and_once_after_answers,
        what_waits_for_a_full_ring_fails_in_time, a_stuck_line_in_which_nobody_stands_is_quiet,
        a_stuck_ring_fails_at_once_until_it_takes_one_again, order_is_kept_within_a_command,
        who_leaves_the_middle_of_a_line_leaves_the_others_in_order,
        what_was_sent_of_a_plan_is_undone, an_undo_waits_no_longer_than_others,
        a_restore_that_finds_no_room_ends_in_time, slots_that_are_all_lost_keep_nobody_waiting,
        a_terminate_is_sent_while_everything_else_waits, lines_take_turns,
        a_tick_is_not_swallowed_by_a_poll_without_budget, a_budget_bounds_the_answers_of_a_poll,
        a_budget_bounds_late_answers_and_timeouts, a_round_over_many_slots_is_spread,
        nothing_is_reaped_without_a_budget, a_doorbell_follows_whatever_was_issued);
}
