/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * While dependents are reached: what is new waits, what moves waits, what leaves is not counted,
 * what stands below stays; resets come; others reach dependents, too.
 */
#include "suite.h"
#include "world.h"

static struct world w;
static uint64_t table, other, hop, flow;

/* The flow stands on the table, and by way of the hop. */
static void open(void)
{
    world_open(&w, WORLD_PLACES);
    table = world_made(&w, FWD_TABLE, 0, 0);
    other = world_made(&w, FWD_TABLE, 0, 0);
    hop = world_made(&w, FWD_HOP, table, 0);
    flow = world_made(&w, FWD_FLOW, other, hop);
}

static void close(void)
{
    world_settle(&w);
    world_check(&w);
    world_close(&w);
}

static void poll(void)
{
    while (flue_poll(&w.target.flue, 64))
        ;
}

static struct item *flushes(uint64_t handle)
{
    struct item *i = world_ask(&w, FWD_FLUSH, handle);
    poll();
    ck_assert_uint_eq(i->completed, 0);
    return i;
}

static void answer(uint64_t handle)
{
    world_answer(&w, world_order_of(&w, handle), FWD_RESULT_OK, true);
    poll();
}

static unsigned flushed(uint64_t handle)
{
    return world_entry(&w, handle)->flushed;
}

START_TEST(what_is_new_on_it_waits_until_it_is_done)
{
    struct item *i = flushes(table);
    struct item *direct = world_create(&w, FWD_FLOW, table, 0);
    struct item *through = world_create(&w, FWD_FLOW, other, hop);
    struct item *aside = world_create(&w, FWD_FLOW, other, 0);
    poll();
    ck_assert_uint_eq(w.order_count, 4);
    answer(aside->node.handle);
    ck_assert_uint_eq(aside->root->completed, 1);
    ck_assert_uint_eq(direct->node.handle | through->node.handle, 0);
    answer(flow), answer(hop);
    ck_assert_uint_eq(i->completed, 0);
    answer(table);
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 2);
    world_settle(&w);
    ck_assert_int_eq(direct->node.status, FWD_STATUS_SUCCESS);
    ck_assert_int_eq(through->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(flushed(direct->node.handle) + flushed(through->node.handle), 0);
}
END_TEST

START_TEST(what_would_move_away_or_come_is_reached_or_waits)
{
    struct item *i = flushes(table);
    uint64_t elsewhere = world_made(&w, FWD_FLOW, other, 0);
    i = flushes(table);
    struct item *away = world_modify(&w, flow, 0, 1);
    struct item *under = world_modify(&w, hop, other, 1);
    struct item *to = world_modify(&w, elsewhere, hop, 1);
    poll();
    ck_assert_uint_eq(w.order_count, 3);
    answer(flow), answer(hop);
    ck_assert_uint_eq(away->completed + under->completed + to->completed, 0);
    ck_assert_uint_eq(w.order_count, 1);
    answer(table);
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 2);
    world_settle(&w);
    ck_assert_uint_eq(away->completed + under->completed + to->completed, 3);
    ck_assert_uint_eq(world_entry(&w, flow)->links[1], FLUE_NONE);
    ck_assert_uint_eq(world_entry(&w, hop)->links[0], (uint32_t)other);
    ck_assert_uint_eq(world_entry(&w, elsewhere)->links[1], (uint32_t)hop);
}
END_TEST

/* The later of two values is the last, though the earlier request had to wait. */
START_TEST(who_comes_to_an_object_behind_one_that_waits_waits_too)
{
    flushes(table);
    answer(flow);
    struct item *first = world_modify(&w, flow, 0, 1);
    poll();
    struct item *second = world_modify(&w, flow, 0, 2);
    poll();
    ck_assert_uint_eq(first->completed + second->completed, 0);
    ck_assert(!world_has_order(&w, flow));
    world_settle(&w);
    ck_assert_uint_eq(first->completed + second->completed, 2);
    ck_assert_uint_eq(world_entry(&w, flow)->value, 2);
}
END_TEST

/* A move that came before is done before: who has moved away by then is not reached. */
START_TEST(what_moves_already_is_waited_for)
{
    struct item *move = world_modify(&w, hop, other, 7);
    poll();
    ck_assert_uint_eq(w.order_count, 1);
    struct item *i = flushes(table);
    ck_assert_uint_eq(w.order_count, 2);
    answer(table);
    ck_assert_uint_eq(i->completed, 0);
    answer(hop);
    ck_assert_uint_eq(move->completed, 1);
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 0);
    ck_assert_uint_eq(flushed(flow) + flushed(hop), 0);
}
END_TEST

START_TEST(a_move_that_fails_leaves_all_to_be_reached)
{
    world_modify(&w, hop, other, 7);
    poll();
    struct item *i = flushes(table);
    world_answer(&w, world_order_of(&w, hop), FWD_RESULT_IO_ERROR, false);
    world_settle(&w);
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(flushed(flow), 1);
}
END_TEST

/* Who is on its way to it counts, once it is there. */
START_TEST(who_was_being_made_when_it_came_is_reached)
{
    struct item *new = world_create(&w, FWD_FLOW, table, 0);
    poll();
    struct item *i = flushes(table);
    answer(table);
    ck_assert_uint_eq(w.order_count, 1);
    world_settle(&w);
    ck_assert_uint_eq(i->node.reached, 3);
    ck_assert_uint_eq(flushed(new->node.handle), 1);
}
END_TEST

START_TEST(what_leaves_before_it_is_reached_is_not_counted)
{
    struct item *gone = world_ask(&w, FWD_DESTROY, flow);
    poll();
    struct item *i = flushes(table);
    answer(flow);
    ck_assert_uint_eq(gone->completed, 1);
    world_settle(&w);
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 1);
}
END_TEST

/* Also when its own part is over, and all that stands on it has gone. */
START_TEST(the_object_itself_is_not_taken_away_meanwhile)
{
    struct item *i = flushes(table);
    answer(table);
    struct item *end = world_ask(&w, FWD_DESTROY, table);
    poll();
    answer(flow);
    world_ask(&w, FWD_DESTROY, flow);
    poll();
    answer(flow);
    struct item *under = world_ask(&w, FWD_DESTROY, hop);
    poll();
    ck_assert_uint_eq(i->completed + end->completed + under->completed, 0);
    answer(hop);
    ck_assert_uint_eq(i->completed, 1);
    world_settle(&w);
    ck_assert_uint_eq(end->completed + under->completed, 2);
    ck_assert_int_eq(under->node.status, FWD_STATUS_SUCCESS);
    ck_assert_int_eq(end->node.status, FWD_STATUS_IN_USE);
    end = world_ask(&w, FWD_DESTROY, table);
    world_settle(&w);
    ck_assert_int_eq(end->node.status, FWD_STATUS_SUCCESS);
}
END_TEST

/* Each is reached by each; what one has under way the others wait for. */
START_TEST(more_at_once_than_there_is_room_for_reach_all)
{
    struct item *flush[FLUE_REACHES + 2];
    for (unsigned n = 0; n < FLUE_REACHES + 2; n++)
        flush[n] = world_ask(&w, FWD_FLUSH, n % 2 ? hop : table);
    poll();
    ck_assert_uint_eq(w.target.flue.reaching, FLUE_REACHES);
    world_settle(&w);
    for (unsigned n = 0; n < FLUE_REACHES + 2; n++) {
        ck_assert_uint_eq(flush[n]->completed, 1);
        ck_assert_uint_eq(flush[n]->node.reached, n % 2 ? 1 : 2);
    }
    ck_assert_uint_eq(flushed(flow), FLUE_REACHES + 2);
}
END_TEST

/* Of two that end an object the later one waits, and finds it gone. */
START_TEST(two_that_take_the_same_away_do_not_wait_for_each_other)
{
    struct item *first = world_ask(&w, FWD_PURGE, table), *second = world_ask(&w, FWD_PURGE, table);
    struct item *above = world_ask(&w, FWD_PURGE, hop);
    world_settle(&w);
    ck_assert_int_eq(first->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(first->completed + second->completed + above->completed, 3);
    ck_assert(!world_entry(&w, table)->has);
}
END_TEST

START_TEST(a_reset_in_its_midst_completes_it_once)
{
    for (unsigned n = 0; n < 60; n++)
        world_made(&w, FWD_FLOW, table, 0);
    struct item *i = flushes(table);
    struct item *new = world_create(&w, FWD_FLOW, table, 0);
    poll();
    for (unsigned n = 0; n < 10; n++)
        world_answer(&w, 0, FWD_RESULT_OK, true);
    world_reset(&w);
    world_settle(&w);
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 62);
    ck_assert_uint_ge(i->node.failed, FLUE_REACH_NODES - 10);
    ck_assert_uint_eq(new->root->completed, 1);
}
END_TEST

START_TEST(lost_answers_end_it_in_time)
{
    struct item *i = flushes(table);
    flue_tick(&w.target.flue, 60);
    poll();
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_int_eq(i->node.status, FWD_STATUS_TIMEOUT);
    ck_assert_uint_eq(i->node.failed, 2);
    while (w.order_count)
        fwd_done(&w.target, w.orders[--w.order_count].cookie, FWD_RESULT_OK);
}
END_TEST

START_TEST(when_the_device_is_taken_away_all_that_waits_ends)
{
    struct item *i = flushes(table), *new = world_create(&w, FWD_FLOW, table, 0);
    struct item *end = world_ask(&w, FWD_DESTROY, table);
    poll();
    flue_remove(&w.target.flue);
    poll();
    flue_dma_stopped(&w.target.flue);
    poll();
    w.order_count = 0;
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(new->root->completed, 1);
    ck_assert_uint_eq(end->completed, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("flush_meanwhile", open, close, what_is_new_on_it_waits_until_it_is_done,
                     what_would_move_away_or_come_is_reached_or_waits,
                     who_comes_to_an_object_behind_one_that_waits_waits_too,
                     what_moves_already_is_waited_for, a_move_that_fails_leaves_all_to_be_reached,
                     who_was_being_made_when_it_came_is_reached,
                     what_leaves_before_it_is_reached_is_not_counted,
                     the_object_itself_is_not_taken_away_meanwhile,
                     more_at_once_than_there_is_room_for_reach_all,
                     two_that_take_the_same_away_do_not_wait_for_each_other,
                     a_reset_in_its_midst_completes_it_once, lost_answers_end_it_in_time,
                     when_the_device_is_taken_away_all_that_waits_ends);
}
