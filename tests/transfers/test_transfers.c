/* SPDX-License-Identifier: BSD-2-Clause */
/* What is promised of transfers, each promise by itself. world.c keeps the ledger. */
#include "suite.h"
#include "world.h"

static struct world w;
static uint64_t lane;

static void setup(void)
{
    world_open(&w);
    lane = world_made(&w, WORKS_LANE);
}

static void teardown(void)
{
    world_close(&w);
}

/* One chain is handed over, and offered. */
static struct works_item *post(uint8_t transfer, unsigned count)
{
    struct works_item *first = world_post(&w, transfer, &lane, count);
    world_settle(&w);
    return first;
}

static void submit(uint8_t operation)
{
    world_ask(&w, operation, WORKS_LANE, lane);
    world_settle(&w);
}

static void reset_begin(void)
{
    flue_reset_begin(&w.target.flue);
    world_settle(&w);
}

static void reset_end(void)
{
    world_stop(&w);
    w.order_count = 0;
    flue_reset_end(&w.target.flue);
    world_settle(&w);
}

START_TEST(a_tick_is_work_for_what_waits_for_room)
{
    const struct flue_target *t = &w.target.flue;
    ck_assert_uint_gt(flue_next_tick(t), w.ticks + 1);
    w.room = 0;
    post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert_uint_eq(flue_next_tick(t), w.ticks + 1);
    w.room = 1;
    const unsigned wakes = w.wakes;
    flue_tick(&w.target.flue, ++w.ticks);
    ck_assert_uint_gt(w.wakes, wakes);
    world_settle(&w);
    ck_assert_uint_eq(w.held, 1);
    ck_assert_uint_gt(flue_next_tick(t), w.ticks + 1);
}
END_TEST

START_TEST(one_answer_is_for_all_before_it)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 3), *b = a->next, *c = b->next;
    ck_assert_uint_eq(w.held, 3);
    b->status = WORKS_STATUS_FAILED;
    ck_assert(world_work(&w, c, WORKS_STATUS_OK));
    world_settle(&w);
    ck_assert_uint_eq(w.back, 3);
    ck_assert_int_eq(a->status, WORKS_STATUS_OK);
    ck_assert_int_eq(b->status, WORKS_STATUS_FAILED);
    ck_assert_int_eq(c->status, WORKS_STATUS_OK);
}
END_TEST

START_TEST(said_again_it_is_nothing_new)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 2), *b = a->next;
    ck_assert(world_work(&w, b, WORKS_STATUS_OK));
    ck_assert(!world_claim(&w, a->transfer, a->name, b->position));
    ck_assert(!world_claim(&w, a->transfer, a->name, a->position));
    ck_assert(!world_claim(&w, a->transfer, a->name, b->position + 1));
    ck_assert(!world_claim(&w, a->transfer, 0, b->position));
    ck_assert(!world_claim(&w, 9, a->name, b->position));
    world_settle(&w);
    ck_assert_uint_eq(w.back, 2);
    ck_assert_uint_eq(flue_target_shared_stats(&w.target.flue)->stray_positions, 5);
}
END_TEST

START_TEST(transfers_of_one_order_share_positions)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 1);
    struct works_item *b = post(WORKS_TRANSFER_LANE_BARRIER, 1);
    struct works_item *c = post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert_uint_eq(b->position, a->position + 1);
    ck_assert_uint_eq(c->position, a->position + 2);
    ck_assert(world_work(&w, c, WORKS_STATUS_OK));
    world_settle(&w);
    ck_assert_uint_eq(w.back, 3);
}
END_TEST

START_TEST(what_finds_no_room_is_offered_again)
{
    w.room = 2;
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 4);
    ck_assert_uint_eq(w.held, 2);
    world_work(&w, a, WORKS_STATUS_OK);
    world_settle(&w);
    ck_assert_uint_eq(w.held, 2); /* by an answer */
    w.room = 3;
    world_settle(&w);
    ck_assert_uint_eq(w.held, 2);
    flue_tick(&w.target.flue, 1);
    world_settle(&w);
    ck_assert_uint_eq(w.held, 3); /* by a tick */
}
END_TEST

/* Reads go in `ready` alone; writes in `tuning`, too. */
START_TEST(they_wait_until_the_object_has_done_with_something_else)
{
    submit(WORKS_TUNE);
    ck_assert_uint_eq(w.order_count, 1);
    struct works_item *read = post(WORKS_TRANSFER_LANE_READ, 1);
    struct works_item *write = post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert(!read->taken && write->taken);
    world_answer_all(&w, WORKS_RESULT_OK);
    world_settle(&w);
    ck_assert(read->taken);
}
END_TEST

START_TEST(what_is_left_comes_back_before_the_end_of_the_object)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 2);
    w.room = w.held;
    struct works_item *untaken = post(WORKS_TRANSFER_LANE_WRITE, 1);
    struct works_item *read = post(WORKS_TRANSFER_LANE_READ, 1);
    submit(WORKS_CLOSE);
    struct works_item *late = post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert_int_eq(late->status, WORKS_STATUS_LEAVING);
    ck_assert_uint_eq(w.back, 1);
    world_work(&w, a, WORKS_STATUS_OK);
    world_answer_all(&w, WORKS_RESULT_OK);
    world_settle(&w);
    ck_assert_int_eq(a->status, WORKS_STATUS_OK);
    ck_assert_int_eq(untaken->status, WORKS_STATUS_GIVEN);
    ck_assert_int_eq(read->status, WORKS_STATUS_GIVEN);
    ck_assert_uint_eq(world_out(&w), 0);
    struct works_item *over = post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert_int_eq(over->status, WORKS_STATUS_INVALID);
}
END_TEST

/* What came before `close` was called is back before that completes, whatever is polled first. */
/* Of taps, whose pieces go back with one status, whenever the tap is closed. */
START_TEST(what_comes_while_the_object_ends_is_behind_the_rest)
{
    const uint64_t tap = world_made(&w, WORKS_TAP);
    const struct works_item *first = world_post(&w, WORKS_TRANSFER_TAP_WATCH, &tap, 2);
    world_settle(&w);
    world_ask(&w, WORKS_CLOSE, WORKS_TAP, tap);
    world_settle(&w);
    const struct works_item *late = world_post(&w, WORKS_TRANSFER_TAP_WATCH, &tap, 1);
    world_settle(&w);
    ck_assert(first->out && late->out && !late->taken);
    world_answer_all(&w, WORKS_RESULT_OK);
    while (flue_poll(&w.target.flue, 1))
        ck_assert(late->out || !first->out);
    ck_assert_uint_eq(world_out(&w), 0);
    ck_assert_int_eq(late->status, WORKS_STATUS_INVALID);
}
END_TEST

START_TEST(what_came_before_the_end_comes_back_before_it)
{
    for (unsigned offset = 0; offset < 16; offset++) {
        lane = world_made(&w, WORKS_LANE);
        submit(WORKS_CLOSE);
        world_post(&w, WORKS_TRANSFER_LANE_WRITE, &lane, 6);
        for (unsigned i = 0; i < offset; i++)
            flue_poll(&w.target.flue, 1);
        struct request *last = w.requests;
        while (!last->asked)
            last++;
        last->serial = ++w.serial; /* as if it had been asked after them */
        world_answer_all(&w, WORKS_RESULT_OK);
        while (flue_poll(&w.target.flue, 1))
            ;
        ck_assert_uint_eq(world_out(&w), 0);
    }
}
END_TEST

/* A chain more in each poll, as much as its budget takes apart. */
START_TEST(a_host_that_never_stops_keeps_no_close_waiting)
{
    post(WORKS_TRANSFER_LANE_WRITE, 4);
    const struct request *close = world_ask(&w, WORKS_CLOSE, WORKS_LANE, lane);
    world_settle(&w);
    world_post(&w, WORKS_TRANSFER_LANE_WRITE, &lane, 2);
    world_answer_all(&w, WORKS_RESULT_OK);
    for (unsigned polls = 0; close->asked; polls++) {
        ck_assert_uint_lt(polls, 100);
        ck_assert_ptr_nonnull(world_post(&w, WORKS_TRANSFER_LANE_WRITE, &lane, 1));
        flue_poll(&w.target.flue, 2);
    }
}
END_TEST

START_TEST(what_the_device_may_have_stays)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 2);
    submit(WORKS_CLOSE);
    world_answer_all(&w, WORKS_RESULT_UNSURE);
    world_settle(&w);
    ck_assert_uint_eq(world_out(&w), 2);
    reset_begin();
    ck_assert_uint_eq(world_out(&w), 2); /* it may still write to them */
    reset_end();
    ck_assert_uint_eq(world_out(&w), 0);
    ck_assert_int_eq(a->status, WORKS_STATUS_LOST);
}
END_TEST

START_TEST(after_a_reset_it_goes_on_where_the_spec_restores)
{
    struct works_item *a = post(WORKS_TRANSFER_LANE_WRITE, 2);
    world_work(&w, a, WORKS_STATUS_OK);
    reset_begin();
    struct works_item *meanwhile = post(WORKS_TRANSFER_LANE_WRITE, 1);
    reset_end();
    ck_assert_int_eq(a->status, WORKS_STATUS_OK);
    ck_assert_int_eq(meanwhile->status, WORKS_STATUS_LOST);
    struct works_item *restoring = post(WORKS_TRANSFER_LANE_WRITE, 1);
    ck_assert(restoring->out && !restoring->taken);
    world_answer_all(&w, WORKS_RESULT_OK);
    world_settle(&w);
    ck_assert(restoring->taken);
    ck_assert(!world_claim(&w, a->transfer, lane, restoring->position - 1));
    ck_assert(world_work(&w, restoring, WORKS_STATUS_OK));
}
END_TEST

START_TEST(a_status_that_nobody_declared_is_refused)
{
    world_work(&w, post(WORKS_TRANSFER_LANE_WRITE, 1), WORKS_STATUS_FULL);
    world_work(&w, post(WORKS_TRANSFER_LANE_READ, 1), WORKS_STATUS_FULL);
    world_work(&w, post(WORKS_TRANSFER_LANE_BARRIER, 1), 4711);
    world_settle(&w); /* world.c has compared them */
    ck_assert_uint_eq(w.back, 3);
}
END_TEST

START_TEST(what_was_lent_is_given_back_once)
{
    for (unsigned i = 0; i < 4; i++) {
        w.loans[i].out = true;
        w.loans[i].next = i < 3 ? &w.loans[i + 1] : NULL;
    }
    ck_assert(works_transfer_lane_loan(&w, &w.loans[0]));
    ck_assert_uint_eq(w.loans_back, 0);
    world_settle(&w);
    ck_assert_uint_eq(w.loans_back, 4);
}
END_TEST

START_TEST(a_budget_of_one_gets_it_done)
{
    struct works_item *first = world_post(&w, WORKS_TRANSFER_LANE_WRITE, &lane, 20), *last;
    unsigned polls = 0;
    for (last = first; last->next; last = last->next)
        ;
    while (flue_poll(&w.target.flue, 1))
        polls++;
    ck_assert_uint_eq(w.held, 20);
    ck_assert_uint_ge(polls, 20);
    world_work(&w, last, WORKS_STATUS_OK);
    for (polls = 1; flue_poll(&w.target.flue, 1); polls++)
        ck_assert_uint_le(w.back, polls);
    ck_assert_uint_eq(w.back, 20);
}
END_TEST

/* Also where there is no room: an offer a step. */
START_TEST(to_offer_again_costs_a_step)
{
    w.room = 0;
    for (unsigned lanes = 1;; lane = world_made(&w, WORKS_LANE), lanes++) {
        post(WORKS_TRANSFER_LANE_WRITE, 1);
        post(WORKS_TRANSFER_LANE_READ, 1);
        if (lanes == WORLD_PLACES)
            break;
    }
    const unsigned before = w.offers;
    flue_tick(&w.target.flue, 1);
    for (unsigned polls = 1, more = true; more; polls++) {
        more = flue_poll(&w.target.flue, 1);
        ck_assert_uint_le(w.offers - before, polls);
    }
    ck_assert_uint_eq(w.offers - before, 2 * WORLD_PLACES);
}
END_TEST

/* A table that lacks a function is refused; without one nothing is accepted. */
START_TEST(without_a_table_there_are_none)
{
    struct world other;
    struct works_transfers transfers =
        *(const struct works_transfers *)w.target.flue.config.transfers;
    struct flue_config config = w.target.flue.config;
    transfers.lane_read = NULL;
    ck_assert_str_eq(works_transfers_missing(&transfers), "transfers.lane_read");
    config.transfers = &transfers;
    ck_assert_int_eq(works_init(&other.target, &config, config.binding, config.completions, NULL,
                                w.memory, works_memory_bytes(&w.target.flue.config)),
                     FLUE_BAD_CONFIG);
    config.transfers = NULL;
    size_t bytes = works_memory_bytes(&config);
    ck_assert_uint_lt(bytes, works_memory_bytes(&w.target.flue.config));
    void *memory = aligned_alloc(64, bytes);
    works_init(&other.target, &config, config.binding, config.completions, NULL, memory, bytes);
    ck_assert_int_eq(works_transfer_lane_write(&other, &lane, &w.pieces[0]), WORKS_STATUS_INVALID);
    ck_assert(!works_transfer_lane_barrier(&other, &lane, &w.pieces[0], 1));
    ck_assert(!works_transfer_lane_write_done(&other.target, lane, 1));
    ck_assert_int_eq(works_transfer_lane_write(&w, &lane, NULL), WORKS_STATUS_INVALID);
    free(memory);
}
END_TEST

int main(void)
{
    return RUN_TESTS("transfers", setup, teardown, a_tick_is_work_for_what_waits_for_room,
                     one_answer_is_for_all_before_it, said_again_it_is_nothing_new,
                     transfers_of_one_order_share_positions, what_finds_no_room_is_offered_again,
                     they_wait_until_the_object_has_done_with_something_else,
                     what_is_left_comes_back_before_the_end_of_the_object,
                     what_comes_while_the_object_ends_is_behind_the_rest,
                     what_came_before_the_end_comes_back_before_it,
                     a_host_that_never_stops_keeps_no_close_waiting, what_the_device_may_have_stays,
                     after_a_reset_it_goes_on_where_the_spec_restores,
                     a_status_that_nobody_declared_is_refused, what_was_lent_is_given_back_once,
                     a_budget_of_one_gets_it_done, to_offer_again_costs_a_step,
                     without_a_table_there_are_none);
}
