/* SPDX-License-Identifier: BSD-2-Clause */
/* An operation reaches all that stands on an object, in its order, and tells the host how many. */
#include "flue/priv/request.h"
#include "suite.h"
#include "world.h"

static struct world w;

static void open(void)
{
    world_open(&w, WORLD_PLACES);
}

static void close(void)
{
    world_check(&w);
    world_close(&w);
}

static const struct item *settled(const struct item *i)
{
    world_settle(&w);
    ck_assert_uint_eq(i->completed, 1);
    return i;
}

static unsigned flushed(uint64_t handle)
{
    return world_entry(&w, handle)->flushed;
}

/* A flow stands on a table of its own, and by way of its hop on another. */
START_TEST(all_that_stands_on_it_is_reached_once_by_whatever_way)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), other = world_made(&w, FWD_TABLE, 0, 0);
    uint64_t hop = world_made(&w, FWD_HOP, table, 0), far = world_made(&w, FWD_HOP, other, 0);
    uint64_t direct = world_made(&w, FWD_FLOW, table, 0);
    uint64_t twice = world_made(&w, FWD_FLOW, table, hop);
    uint64_t through = world_made(&w, FWD_FLOW, other, hop);
    uint64_t none = world_made(&w, FWD_FLOW, other, far);
    const struct item *i = settled(world_ask(&w, FWD_FLUSH, table));
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 4);
    ck_assert_uint_eq(i->node.failed, 0);
    const uint64_t these[] = {table, hop, direct, twice, through};
    for (unsigned n = 0; n < 5; n++)
        ck_assert_uint_eq(flushed(these[n]), 1);
    ck_assert_uint_eq(flushed(other) + flushed(far) + flushed(none), 0);
    i = settled(world_ask(&w, FWD_FLUSH, hop));
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(flushed(through), 2);
    ck_assert_uint_eq(flushed(direct), 1);
}
END_TEST

START_TEST(of_nothing_that_stands_on_it_none_is_counted)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0);
    const struct item *i = settled(world_ask(&w, FWD_FLUSH, table));
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 0);
    ck_assert_uint_eq(flushed(table), 1);
}
END_TEST

/* More than can be under way at a time, with a budget of one step and few slots. */
START_TEST(a_few_at_a_time_reach_all_with_the_least_budget)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), flows[100];
    for (unsigned n = 0; n < 100; n++)
        flows[n] = world_made(&w, FWD_FLOW, table, 0);
    w.most_orders = 0;
    const struct item *i = world_ask(&w, FWD_FLUSH, table);
    world_settle_by(&w, 1);
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 100);
    for (unsigned n = 0; n < 100; n++)
        ck_assert_uint_eq(flushed(flows[n]), 1);
    i = world_ask(&w, FWD_FLUSH, table);
    while (flue_poll(&w.target.flue, 16))
        ;
    ck_assert_uint_eq(w.order_count, FLUE_REACH_NODES + 1);
    settled(i);
}
END_TEST

/* With all nodes under way the search stops at the next one, also behind one that is not meant. */
START_TEST(no_more_are_under_way_than_there_are_nodes)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), other = world_made(&w, FWD_TABLE, 0, 0);
    for (unsigned n = 0; n < FLUE_REACH_NODES; n++)
        world_made(&w, FWD_FLOW, table, 0);
    world_made(&w, FWD_FLOW, other, 0);
    uint64_t last = world_made(&w, FWD_FLOW, table, 0);
    const struct item *i = world_ask(&w, FWD_FLUSH, table);
    while (flue_poll(&w.target.flue, 64))
        ;
    ck_assert_uint_eq(w.target.flue.reaches[0].under_way, FLUE_REACH_NODES);
    ck_assert(!world_has_order(&w, last));
    settled(i);
    ck_assert_uint_eq(i->node.reached, FLUE_REACH_NODES + 1);
    ck_assert_uint_eq(flushed(last), 1);
}
END_TEST

/* A poll without a budget says what is left to do, of dependents and of who waited for them. */
START_TEST(a_poll_that_does_nothing_says_what_is_left)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0);
    for (unsigned n = 0; n < 5; n++)
        world_made(&w, FWD_FLOW, table, 0);
    const struct item *i = world_ask(&w, FWD_FLUSH, table);
    const struct item *later[3];
    for (unsigned n = 0; n < 3; n++)
        later[n] = world_create(&w, FWD_FLOW, table, 0);
    for (;; world_answer(&w, 0, FWD_RESULT_OK, true)) {
        while (flue_poll(&w.target.flue, 0))
            flue_poll(&w.target.flue, 1);
        unsigned orders = w.order_count, completions = w.completions;
        flue_poll(&w.target.flue, 64); /* there was nothing left, indeed */
        ck_assert_uint_eq(w.order_count, orders);
        ck_assert_uint_eq(w.completions, completions);
        if (!orders)
            break;
    }
    ck_assert_uint_eq(i->completed, 1);
    ck_assert_uint_eq(i->node.reached, 5);
    for (unsigned n = 0; n < 3; n++)
        ck_assert_uint_eq(later[n]->completed, 1);
}
END_TEST

/* What is kept is there afterwards, and is stood on again; whoever stood on it has gone. */
START_TEST(what_is_kept_stays_where_what_stands_on_it_is_taken_away)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    uint64_t through = world_made(&w, FWD_FLOW, table, hop);
    uint64_t direct = world_made(&w, FWD_FLOW, table, 0);
    const struct item *i = settled(world_ask(&w, FWD_DRAIN, hop));
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 1);
    ck_assert(!world_object(&w, through) && !world_entry(&w, through)->has);
    ck_assert(world_entry(&w, hop)->has && world_entry(&w, direct)->has);
    ck_assert_uint_eq(flushed(hop), 1);
    uint64_t again = world_made(&w, FWD_FLOW, table, hop);
    i = settled(world_ask(&w, FWD_DRAIN, table));
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 3);
    ck_assert(!world_object(&w, again) && !world_object(&w, direct));
    ck_assert(world_entry(&w, table)->has && world_entry(&w, hop)->has);
    ck_assert_uint_eq(world_object(&w, table)->dependents, 1);
    ck_assert_int_eq(settled(world_ask(&w, FWD_DRAIN, direct))->node.status, FWD_STATUS_BAD_VALUE);
}
END_TEST

/* One that cannot be taken away stays, and the host hears of it. */
START_TEST(what_cannot_be_taken_away_is_counted_and_what_is_kept_stays)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    uint64_t stuck = world_made(&w, FWD_FLOW, table, hop);
    uint64_t gone = world_made(&w, FWD_FLOW, table, hop);
    const struct item *i = world_ask(&w, FWD_DRAIN, hop);
    while (flue_poll(&w.target.flue, 64))
        ;
    world_answer(&w, world_order_of(&w, stuck), FWD_RESULT_IO_ERROR, false);
    settled(i);
    ck_assert_int_eq(i->node.status, FWD_STATUS_PARTIAL);
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(i->node.failed, 1);
    ck_assert(world_object(&w, stuck) && !world_object(&w, gone));
    ck_assert_uint_eq(world_object(&w, hop)->dependents, 1);
}
END_TEST

START_TEST(one_that_fails_is_counted_and_told)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    uint64_t flow = world_made(&w, FWD_FLOW, table, hop);
    const struct item *i = world_ask(&w, FWD_FLUSH, table);
    flue_poll(&w.target.flue, 64);
    ck_assert_uint_eq(w.order_count, 3);
    world_answer(&w, world_order_of(&w, flow), FWD_RESULT_IO_ERROR, false);
    settled(i);
    ck_assert_int_eq(i->node.status, FWD_STATUS_PARTIAL);
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(i->node.failed, 1);
}
END_TEST

/* What the object itself comes to does not keep its dependents from being asked. */
START_TEST(in_any_order_dependents_are_reached_though_the_object_fails)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    const struct item *i = world_ask(&w, FWD_FLUSH, table);
    flue_poll(&w.target.flue, 64);
    world_answer(&w, world_order_of(&w, table), FWD_RESULT_IO_ERROR, false);
    settled(i);
    ck_assert_int_eq(i->node.status, FWD_STATUS_IO_ERROR);
    ck_assert_uint_eq(i->node.reached, 1);
    ck_assert_uint_eq(flushed(hop), 1);
}
END_TEST

START_TEST(parents_first_goes_down_to_up_layer_by_layer)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    uint64_t flow = world_made(&w, FWD_FLOW, table, hop);
    const struct item *i = world_ask(&w, FWD_BLOCK, table);
    const uint64_t order[] = {table, hop, flow};
    for (unsigned n = 0; n < 3; n++) {
        while (flue_poll(&w.target.flue, 64))
            ;
        ck_assert_uint_eq(w.order_count, 1);
        world_answer(&w, world_order_of(&w, order[n]), FWD_RESULT_OK, true);
    }
    settled(i);
    ck_assert_uint_eq(i->node.reached, 2);
}
END_TEST

START_TEST(under_an_object_that_failed_parents_first_nobody_is_reached)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    const struct item *i = world_ask(&w, FWD_BLOCK, table);
    flue_poll(&w.target.flue, 64);
    world_answer(&w, 0, FWD_RESULT_IO_ERROR, false);
    settled(i);
    ck_assert_int_eq(i->node.status, FWD_STATUS_IO_ERROR);
    ck_assert_uint_eq(i->node.reached, 0);
    ck_assert_uint_eq(world_entry(&w, hop)->blocked, 0);
}
END_TEST

START_TEST(dependents_first_takes_all_away_from_the_top)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    for (unsigned n = 0; n < 40; n++)
        world_made(&w, FWD_FLOW, table, n % 2 ? hop : 0);
    const struct item *i = settled(world_ask(&w, FWD_PURGE, table));
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->node.reached, 41);
    for (unsigned k = 0; k < FWD_KINDS; k++)
        ck_assert_uint_eq(w.target.flue.pools[k].in_use, 0);
    ck_assert(!world_entry(&w, table)->has && !world_entry(&w, hop)->has);
}
END_TEST

/* A flow that stays keeps its hop and its table; both say so. */
START_TEST(what_cannot_be_taken_away_keeps_what_it_stands_on)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    uint64_t flow = world_made(&w, FWD_FLOW, table, hop);
    const struct item *i = world_ask(&w, FWD_PURGE, table);
    flue_poll(&w.target.flue, 64);
    world_answer(&w, world_order_of(&w, flow), FWD_RESULT_IO_ERROR, false);
    settled(i);
    ck_assert_int_eq(i->node.status, FWD_STATUS_IN_USE);
    ck_assert_uint_eq(i->node.reached, 2);
    ck_assert_uint_eq(i->node.failed, 2);
    ck_assert(world_entry(&w, table)->has && world_entry(&w, hop)->has);
}
END_TEST

/* A mark is on it until it is cleared: nothing is laid there, nothing is changed. */
START_TEST(what_a_mark_forbids_is_allowed_when_it_is_cleared)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    settled(world_ask(&w, FWD_BLOCK, table));
    ck_assert_uint_eq(world_entry(&w, hop)->blocked, 1);
    struct item *new = world_create(&w, FWD_FLOW, table, 0);
    world_settle(&w);
    ck_assert_int_eq(new->node.status, FWD_STATUS_AGAIN);
    ck_assert_int_eq(settled(world_modify(&w, hop, table, 3))->node.status, FWD_STATUS_BAD_VALUE);
    struct item *i = world_ask(&w, FWD_UNBLOCK, table);
    flue_poll(&w.target.flue, 64);
    world_answer(&w, world_order_of(&w, hop), FWD_RESULT_OK, true);
    flue_poll(&w.target.flue, 64);
    world_answer(&w, world_order_of(&w, table), FWD_RESULT_IO_ERROR, false);
    ck_assert_int_eq(settled(i)->node.status, FWD_STATUS_IO_ERROR);
    ck_assert_uint_eq(world_object(&w, hop)->marks & 1u, 0);
    ck_assert_uint_eq(world_object(&w, table)->marks & 1u, 1);
}
END_TEST

START_TEST(all_may_pass_again_when_all_is_cleared)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    for (unsigned n = 1; n < 3; n++) {
        settled(world_ask(&w, FWD_BLOCK, table));
        ck_assert_uint_eq(world_object(&w, hop)->marks & 1u, 1);
        ck_assert_int_eq(settled(world_ask(&w, FWD_UNBLOCK, table))->node.status, 0);
        ck_assert_uint_eq(world_entry(&w, hop)->unblocked, n);
        world_made(&w, FWD_FLOW, table, hop);
        ck_assert_int_eq(settled(world_modify(&w, hop, table, n))->node.status, 0);
    }
}
END_TEST

/* It is not put back while it bears the mark, nor is what stands on it. */
START_TEST(a_mark_outlasts_a_reset)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0), hop = world_made(&w, FWD_HOP, table, 0);
    settled(world_ask(&w, FWD_BLOCK, table));
    world_reset(&w);
    world_settle(&w);
    ck_assert(!world_entry(&w, table)->has && !world_entry(&w, hop)->has);
    ck_assert_uint_eq(world_object(&w, table)->marks & 1u, 1);
}
END_TEST

static void refused(struct item *i)
{
    w.wrong = true;
    settled(i);
    w.wrong = false;
    ck_assert_int_eq(i->node.status, FWD_STATUS_BAD_VALUE);
    ck_assert_uint_eq(i->node.reached, 0);
}

START_TEST(a_tree_a_stale_handle_and_a_kind_it_is_not_about_are_refused)
{
    uint64_t table = world_made(&w, FWD_TABLE, 0, 0);
    uint64_t flow = world_made(&w, FWD_FLOW, table, 0);
    refused(world_ask(&w, FWD_FLUSH, flow));
    refused(world_ask(&w, FWD_FLUSH, table + (UINT64_C(16) << 32)));
    struct item more = {.node = {.handle = flow, .kind = 49, .cookie = &more}, .asked = true};
    struct item root = {.node = {.handle = table, .kind = 17, .cookie = &root}, .asked = true};
    more.root = root.root = &root;
    root.node.next = &more.node;
    fwd_flush(&w, &root.node);
    refused(&root);
    ck_assert_int_eq(more.node.status, FWD_STATUS_BAD_VALUE);
    root.asked = true, root.completed = 0;
    root.node.next = NULL, root.node.dependents = &more.node;
    fwd_flush(&w, &root.node);
    refused(&root);
    ck_assert_uint_eq(flushed(table) + flushed(flow), 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "flush", open, close, all_that_stands_on_it_is_reached_once_by_whatever_way,
        of_nothing_that_stands_on_it_none_is_counted,
        a_few_at_a_time_reach_all_with_the_least_budget, no_more_are_under_way_than_there_are_nodes,
        a_poll_that_does_nothing_says_what_is_left, one_that_fails_is_counted_and_told,
        what_is_kept_stays_where_what_stands_on_it_is_taken_away,
        what_cannot_be_taken_away_is_counted_and_what_is_kept_stays,
        in_any_order_dependents_are_reached_though_the_object_fails,
        parents_first_goes_down_to_up_layer_by_layer,
        under_an_object_that_failed_parents_first_nobody_is_reached,
        dependents_first_takes_all_away_from_the_top,
        what_cannot_be_taken_away_keeps_what_it_stands_on,
        what_a_mark_forbids_is_allowed_when_it_is_cleared, all_may_pass_again_when_all_is_cleared,
        a_mark_outlasts_a_reset, a_tree_a_stale_handle_and_a_kind_it_is_not_about_are_refused);
}
