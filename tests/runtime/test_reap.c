/* SPDX-License-Identifier: BSD-2-Clause */
/* A target that asks its driver for answers: the same as answers brought to it, in all corners. */

#include "suite.h"
#include "world.h"

enum { WAITING = 256 };

/* What waits in the hardware, oldest first. */
static struct flue_answer waiting[WAITING];
static unsigned waiting_count, reaps;
static void (*on_reap)(void);
static bool gives;   /* by a call, since something else is behind them in the hardware's queue */
static bool endless; /* what hardware says that is gone: all ones, for ever */

static size_t reap(void *adapter, struct flue_answer *answers, size_t room)
{
    size_t count = waiting_count < room ? waiting_count : room;
    (void)adapter;
    reaps++;
    for (size_t i = 0; endless && i < room; i++)
        answers[i] = (struct flue_answer){UINT64_MAX, UINT8_MAX};
    if (endless)
        return room;
    if (gives)
        flue_commands_done(target(), waiting, count);
    else
        memcpy(answers, waiting, count * sizeof *waiting);
    waiting_count -= (unsigned)count;
    memmove(waiting, waiting + count, waiting_count * sizeof *waiting);
    if (on_reap)
        on_reap();
    return gives ? 0 : count;
}

static void reaping_setup(void)
{
    struct flue_config config = scripted_config();
    config.reap = reap;
    waiting_count = 0;
    on_reap = NULL;
    endless = gives = false;
    w = world_open(&config);
    reaps = 0;
}

static void hardware_answers(unsigned command, uint8_t result)
{
    waiting[waiting_count++] = (struct flue_answer){w->s->commands[command].cookie, result};
    w->s->answered = w->s->command_count;
}

static uint64_t stray(void)
{
    return atomic_load(&flue_target_shared_stats(target())->stray_answers);
}

START_TEST(a_burst_is_reaped_in_its_order)
{
    struct chimney_node *node[PATHS];
    for (unsigned i = 0; i < PATHS; i++)
        chimney_update(w->s, node[i] = mtu_update(w, i, 1300 + i));
    scripted_poll(w->s);
    for (unsigned i = PATHS; i-- > 0;)
        hardware_answers(i, CHIMNEY_RESULT_OK);
    unsigned wakes = w->s->wakes;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->wakes, wakes); /* who polls need not be told */
    for (unsigned i = 0; i < PATHS; i++) {
        expect_status(node[i], CHIMNEY_STATUS_SUCCESS);
        ck_assert_ptr_eq(w->s->completions[i].root, node[PATHS - 1 - i]);
    }
    ck_assert_uint_eq(stats()->answers, stats()->commands);
}
END_TEST

START_TEST(what_nobody_waits_for_is_only_counted)
{
    struct chimney_node *node = mtu_update(w, 0, 1300);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    waiting[waiting_count++] = (struct flue_answer){0, CHIMNEY_RESULT_OK};
    waiting[waiting_count++] = (struct flue_answer){UINT64_MAX, CHIMNEY_RESULT_OK};
    waiting[waiting_count++] = (struct flue_answer){(9ull << 32) | 1, CHIMNEY_RESULT_FAILURE};
    hardware_answers(0, CHIMNEY_RESULT_OK);
    hardware_answers(0, CHIMNEY_RESULT_OK);
    hardware_answers(0, CHIMNEY_RESULT_FAILURE);
    scripted_poll(w->s);
    ck_assert_uint_eq(stray(), 5);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(an_answer_to_what_the_slot_served_before_is_nobodys)
{
    struct chimney_node *node[2];
    for (unsigned i = 0; i < 2; i++) {
        chimney_update(w->s, node[i] = mtu_update(w, 0, 1300 + i));
        scripted_poll(w->s);
        ck_assert_uint_eq((uint32_t)w->s->commands[i].cookie, (uint32_t)w->s->commands[0].cookie);
        hardware_answers(0, CHIMNEY_RESULT_OK);
        scripted_poll(w->s);
        ck_assert_uint_eq(w->s->completion_count, 1);
        ck_assert_uint_eq(stray(), i);
    }
    hardware_answers(1, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    expect_status(node[1], CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_bad_answer_between_good_ones_is_its_own)
{
    struct chimney_node *node[3];
    for (unsigned i = 0; i < 3; i++)
        chimney_update(w->s, node[i] = mtu_update(w, i, 1300 + i));
    scripted_poll(w->s);
    for (unsigned i = 0; i < 3; i++)
        hardware_answers(i, i == 1 ? CHIMNEY_RESULT_FAILURE : CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    for (unsigned i = 3; i < w->s->command_count; i++)
        hardware_answers(i, CHIMNEY_RESULT_OK); /* what is written back */
    scripted_poll(w->s);
    for (unsigned i = 0; i < 3; i++)
        expect_status(node[i], i == 1 ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(an_answer_is_a_step_whosever_it_is)
{
    struct chimney_node *node = mtu_update(w, 0, 1300);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    for (unsigned i = 0; i < 200; i++)
        waiting[waiting_count++] = (struct flue_answer){(99ull << 32) | i, CHIMNEY_RESULT_OK};
    hardware_answers(0, CHIMNEY_RESULT_OK);
    ck_assert(flue_poll(target(), 70)); /* there is more */
    ck_assert_uint_eq(waiting_count, 131);
    scripted_poll(w->s);
    ck_assert_uint_eq(waiting_count, 0);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(an_endless_queue_does_not_keep_a_removal_from_taking_effect)
{
    struct chimney_node *node = mtu_update(w, 0, 1300);
    chimney_update(w->s, node);
    endless = true;
    for (unsigned i = 0; i < 10; i++)
        ck_assert(flue_poll(target(), 100));
    flue_tick(target(), 100000);
    flue_poll(target(), 100);
    flue_remove(target());
    flue_dma_stopped(target());
    ck_assert_int_eq(flue_target_phase(target()), FLUE_REMOVED);
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    endless = false;
    while (w->s->answered < w->s->command_count) /* too late, but slots come free */
        scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(what_waits_in_the_hardware_is_not_late)
{
    struct chimney_node *node = mac_update(w, 0, 0x77);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    hardware_answers(0, CHIMNEY_RESULT_OK);
    flue_tick(target(), 100000);
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->timeouts, 0);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(what_comes_after_its_time_ends_the_quarantine)
{
    struct chimney_node *node = mac_update(w, 0, 0x77);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    flue_tick(target(), 100000);
    scripted_poll(w->s);
    ck_assert_uint_eq(target()->quarantined, 1);
    hardware_answers(1, CHIMNEY_RESULT_OK); /* the old value is written back */
    hardware_answers(0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(target()->quarantined, 0);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

static void answer_with_data(void)
{
    static const struct chimney_read_tcp_data data = {.rcv_nxt = 4711};
    ck_assert(
        chimney_read_tcp_done(&w->s->target, w->s->commands[0].cookie, CHIMNEY_RESULT_OK, &data));
    on_reap = NULL;
}

START_TEST(answers_with_data_are_given_from_inside)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_query(w->s, node);
    scripted_poll(w->s);
    on_reap = answer_with_data;
    scripted_poll(w->s);
    w->s->answered = w->s->command_count;
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    const struct chimney_tcp_delegated *read = chimney_state_behind(node);
    ck_assert_uint_eq(read->RcvNxt, 4711);
}
END_TEST

START_TEST(nothing_is_reaped_while_the_hardware_is_reset)
{
    struct chimney_node *node = mac_update(w, 0, 0x77);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    hardware_answers(0, CHIMNEY_RESULT_OK);
    flue_reset_begin(target());
    unsigned before = reaps;
    scripted_poll(w->s);
    ck_assert_uint_eq(reaps, before);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    flue_reset_end(target());
    flue_poll(target(), 100);
    ck_assert_uint_eq(stray(), 1); /* of the old epoch */
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

static void say_something(void)
{
    on_reap = NULL;
    chimney_disconnect(&w->s->target, w->s->commands[w->s->command_count - 1].object);
}

/* A driver that finds an event behind answers gives these by a call before it raises the event. */
START_TEST(an_event_comes_after_the_answers_that_were_given_before_it)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]), *path = bare(w, &w->path[0]);
    host_link(root, path);
    host_link(path, host_new_tcp(&w->arena, &w->spare[0], 40));
    chimney_initiate(w->s, root);
    scripted_poll(w->s);
    hardware_answers(0, CHIMNEY_RESULT_OK);
    gives = true;
    on_reap = say_something;
    flue_poll(target(), 100);
    ck_assert_uint_eq(stats()->put_off, 0);
    ck_assert_uint_eq(w->s->indication_count, 1);
    ck_assert_ptr_eq(w->s->indications[0].handle, &w->spare[0].handle);
}
END_TEST

/* What is raised before the answers are handed over is told before they take effect. */
START_TEST(an_event_comes_before_the_answers_that_are_written_after_it)
{
    chimney_query(w->s, host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_CACHED));
    chimney_invalidate(w->s, bare(w, &w->tcp[0]));
    scripted_poll(w->s);
    unsigned before = w->s->completion_count;
    hardware_answers(w->s->command_count - 1, CHIMNEY_RESULT_OK);
    on_reap = say_something;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, before + 1);
    ck_assert_uint_eq(w->s->indications[0].code, 2); /* the mark is told later */
    ck_assert_uint_eq(w->s->indications[0].completions, before);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "reap", reaping_setup, world_teardown, a_burst_is_reaped_in_its_order,
        what_nobody_waits_for_is_only_counted, an_answer_to_what_the_slot_served_before_is_nobodys,
        a_bad_answer_between_good_ones_is_its_own, an_answer_is_a_step_whosever_it_is,
        an_endless_queue_does_not_keep_a_removal_from_taking_effect,
        what_waits_in_the_hardware_is_not_late, what_comes_after_its_time_ends_the_quarantine,
        answers_with_data_are_given_from_inside,
        an_event_comes_after_the_answers_that_were_given_before_it,
        an_event_comes_before_the_answers_that_are_written_after_it,
        nothing_is_reaped_while_the_hardware_is_reset);
}
