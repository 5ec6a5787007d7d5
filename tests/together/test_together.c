/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_together.c: what is asked for together is done for all nodes of a request or for none, with
 * a fault at every order, duplicates, relinks, others that wait, and resets in its midst.
 */
#include <string.h>

#include "suite.h"
#include "world.h"

enum { POLICIES = 6, THINGS = 4 + POLICIES };

static struct world w;
static struct thing things[THINGS];
static struct thing *const port = &things[0], *const sa = &things[1], *const other = &things[2],
                           *const third = &things[3], *const policies = &things[4];

static void setup(void)
{
    world_open(&w, WORLD_PLACES);
    for (unsigned i = 0; i < THINGS; i++)
        things[i] = (struct thing){.kind = i == 0 ? FLEET_PORT : i < 4 ? FLEET_SA : FLEET_POLICY};
}

static void teardown(void)
{
    world_close(&w);
}

/* A port with three associations. */
static struct thing *port_tree(void)
{
    world_put(port, NULL, 1500, 0, true);
    for (unsigned i = 1; i < 4; i++) {
        world_put(&things[i], NULL, 10 * i, 1, true);
        world_hang(port, &things[i]);
    }
    return port;
}

/* All policies, side by side; new ones, or others as a rekey wants them. */
static struct thing *all_policies(const struct thing *on, uint32_t priority, bool new)
{
    for (unsigned i = 0; i < POLICIES; i++) {
        world_put(&policies[i], on, priority, 0, new);
        if (i)
            world_chain(policies, &policies[i]);
    }
    return policies;
}

static void install_all(void)
{
    world_submit(&w, port_tree(), FLEET_INSTALL);
    world_settle(&w);
    world_submit(&w, all_policies(sa, 1, true), FLEET_INSTALL);
    world_settle(&w);
    ck_assert_uint_eq(w.completions, 2);
    for (unsigned i = 0; i < THINGS; i++)
        ck_assert(world_same(&w, &things[i]));
}

/* Polls, and answers order after order; the one that is `bad` as said. Returns how many came. */
static unsigned play(unsigned bad, enum fleet_result result, bool done)
{
    unsigned count = 0;
    for (;;) {
        world_poll(&w);
        if (!w.order_count)
            return count;
        bool now = count++ == bad;
        world_answer(&w, 0, now ? result : FLEET_RESULT_OK, !now || done);
    }
}

static unsigned count_status(const struct thing *root, int32_t status)
{
    unsigned count = 0;
    for (const struct thing *t = root; t; t = world_next(root, t))
        count += t->node.status == status;
    return count;
}

static unsigned in_hardware(uint8_t kind)
{
    unsigned count = 0;
    for (unsigned p = 0; p < WORLD_PLACES; p++)
        count += w.entries[kind][p].has;
    return count;
}

static unsigned in_state(const char *name)
{
    unsigned count = 0;
    for (unsigned i = 0; i < POLICIES; i++)
        count += strcmp(world_state(&w, &policies[i]), name) == 0;
    return count;
}

START_TEST(nothing_is_said_before_all_is_done)
{
    install_all();
    world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
    world_poll(&w);
    ck_assert_uint_eq(w.order_count, 2 * POLICIES);
    for (unsigned i = 1; i < 2 * POLICIES; i++) {
        world_answer(&w, 0, FLEET_RESULT_OK, true);
        world_poll(&w);
        ck_assert_uint_eq(w.completions, 2);
    }
    ck_assert_uint_eq(in_state("rekeyed"), POLICIES - 1);
    world_answer(&w, 0, FLEET_RESULT_OK, true);
    world_poll(&w);
    ck_assert_uint_eq(w.completions, 3);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), POLICIES);
    for (unsigned i = 0; i < POLICIES; i++)
        ck_assert(world_same(&w, &policies[i]));
    ck_assert_uint_eq(flue_object_at(&w.target.flue, FLEET_SA, 0)->dependents, 0);
}
END_TEST

/* Of the orders of a rekey each fails once, in three ways. */
START_TEST(a_fault_at_any_order_takes_all_back)
{
    static const struct {
        enum fleet_result result;
        bool done;
        int32_t status;
    } ways[] = {{FLEET_RESULT_IO_ERROR, false, FLEET_STATUS_IO_ERROR},
                {FLEET_RESULT_UNSURE, false, FLEET_STATUS_TIMEOUT},
                {FLEET_RESULT_UNSURE, true, FLEET_STATUS_TIMEOUT}};
    install_all();
    for (unsigned way = 0; way < 3; way++)
        for (unsigned bad = 0; bad < 2 * POLICIES; bad++) {
            world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
            play(bad, ways[way].result, ways[way].done);
            ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), 0);
            ck_assert_uint_eq(count_status(policies, ways[way].status), 1);
            ck_assert_uint_eq(count_status(policies, FLEET_STATUS_CANCELED), POLICIES - 1);
            for (unsigned i = 0; i < POLICIES; i++) {
                ck_assert(world_same(&w, &policies[i]));
                ck_assert_str_eq(world_state(&w, &policies[i]), "ready");
            }
            /* The links are as before, too. */
            ck_assert_uint_eq(flue_object_at(&w.target.flue, FLEET_SA, 0)->dependents, POLICIES);
            ck_assert_uint_eq(flue_object_at(&w.target.flue, FLEET_SA, 1)->dependents, 0);
        }
}
END_TEST

/* An order that nobody answers is a fault, too; all others have been good for long. */
START_TEST(a_lost_answer_takes_all_back)
{
    install_all();
    world_submit(&w, all_policies(sa, 7, false), FLEET_REKEY);
    world_poll(&w);
    while (w.order_count > 1)
        world_answer(&w, 1, FLEET_RESULT_OK, true);
    w.order_count = 0;
    world_poll(&w);
    flue_tick(&w.target.flue, 1000);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(w.completions, 3);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_TIMEOUT), 1);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_CANCELED), POLICIES - 1);
    for (unsigned i = 0; i < POLICIES; i++)
        ck_assert(world_same(&w, &policies[i]));
}
END_TEST

/* What could not be taken back says so, by its status and its state. */
START_TEST(an_undo_that_fails_is_told)
{
    install_all();
    world_submit(&w, all_policies(sa, 7, false), FLEET_REKEY);
    world_poll(&w);
    world_answer(&w, 0, FLEET_RESULT_IO_ERROR, false);
    while (w.order_count)
        world_answer(&w, 0, FLEET_RESULT_OK, true);
    world_poll(&w);
    ck_assert_uint_eq(w.order_count, POLICIES - 1);
    world_answer(&w, 0, FLEET_RESULT_IO_ERROR, false);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_IO_ERROR), 2);
    unsigned unsure = 0;
    for (unsigned i = 0; i < POLICIES; i++)
        if (strcmp(world_state(&w, &policies[i]), "unsure") == 0)
            unsure++;
        else
            ck_assert(world_same(&w, &policies[i]));
    ck_assert_uint_eq(unsure, 1);
}
END_TEST

/* Each of the orders by which a tree is installed fails once: nothing of it stays. */
START_TEST(a_tree_is_installed_whole_or_not_at_all)
{
    for (unsigned bad = 0; bad < 4; bad++) {
        world_submit(&w, port_tree(), FLEET_INSTALL);
        play(bad, FLEET_RESULT_IO_ERROR, false);
        ck_assert_uint_eq(w.completions, bad + 1);
        ck_assert_uint_eq(count_status(port, FLEET_STATUS_SUCCESS), 0);
        ck_assert_uint_eq(count_status(port, FLEET_STATUS_IO_ERROR), 1);
        for (unsigned i = 0; i < 4; i++)
            ck_assert_uint_eq(things[i].node.handle, 0);
        ck_assert_uint_eq(in_hardware(FLEET_PORT) + in_hardware(FLEET_SA), 0);
        ck_assert_uint_eq(w.target.flue.pools[FLEET_PORT].in_use, 0);
        ck_assert_uint_eq(w.target.flue.pools[FLEET_SA].in_use, 0);
    }
    world_submit(&w, port_tree(), FLEET_INSTALL);
    play(4, FLEET_RESULT_IO_ERROR, false);
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_SUCCESS), 4);
}
END_TEST

/* What stands on others is taken back before them, however answers come. */
START_TEST(dependents_are_taken_back_first)
{
    world_submit(&w, port_tree(), FLEET_INSTALL);
    world_poll(&w);
    world_answer(&w, 0, FLEET_RESULT_OK, true);
    world_poll(&w);
    ck_assert_uint_eq(w.order_count, 3);
    world_answer(&w, 2, FLEET_RESULT_IO_ERROR, false);
    world_answer(&w, 1, FLEET_RESULT_OK, true);
    world_poll(&w);
    for (unsigned i = 0; i < w.order_count; i++)
        ck_assert_uint_ne(w.orders[i].kind, FLEET_PORT);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true); /* the device fails what comes too soon */
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_CANCELED), 3);
    ck_assert_uint_eq(in_hardware(FLEET_PORT) + in_hardware(FLEET_SA), 0);
}
END_TEST

/* What has not begun when another fails does not begin: no order goes out for it. */
START_TEST(what_has_not_begun_does_not_begin)
{
    install_all();
    unsigned before = w.orders_taken;
    world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
    policies[0].node.handle ^= UINT64_C(1) << 60; /* stale */
    uint64_t handle = policies[0].node.handle ^ UINT64_C(1) << 60;
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    policies[0].node.handle = handle;
    ck_assert_int_eq(policies[0].node.status, FLEET_STATUS_BAD_VALUE);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_CANCELED), POLICIES - 1);
    ck_assert_uint_eq(w.orders_taken, before);
}
END_TEST

/* The second node of an object is misuse; it would wait for the first for ever. */
START_TEST(an_object_is_named_once)
{
    static struct thing again;
    install_all();
    again = policies[1];
    all_policies(other, 7, false);
    world_put(&again, other, 8, 0, false);
    world_chain(policies, &again);
    again.node.handle = policies[1].node.handle;
    world_submit(&w, policies, FLEET_REKEY);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(w.completions, 3);
    ck_assert_int_eq(again.node.status, FLEET_STATUS_BAD_VALUE);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_CANCELED), POLICIES);
    for (unsigned i = 0; i < POLICIES; i++)
        ck_assert(world_same(&w, &policies[i]));
    /* And no claim is left, should the number of a request come again. */
    w.target.flue.serial -= w.target.flue.config.running_requests;
    for (unsigned i = 0; i < POLICIES; i++)
        memset(policies[i].node.work, 0, sizeof policies[i].node.work);
    world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), POLICIES);
}
END_TEST

/* Two requests for the same objects in opposite order: neither waits for what the other holds. */
START_TEST(two_that_meet_do_not_wait_in_a_ring)
{
    static struct thing turned[POLICIES];
    install_all();
    all_policies(other, 7, false);
    for (unsigned i = 0; i < POLICIES; i++) {
        turned[i] = policies[POLICIES - 1 - i];
        world_put(&turned[i], third, 9, 0, false);
        if (i)
            world_chain(turned, &turned[i]);
    }
    world_submit(&w, policies, FLEET_REKEY);
    world_submit(&w, turned, FLEET_REKEY);
    world_poll(&w);
    ck_assert_uint_eq(w.order_count, 2 * POLICIES); /* of the first only */
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(w.completions, 4);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), POLICIES);
    ck_assert_uint_eq(count_status(turned, FLEET_STATUS_SUCCESS), POLICIES);
    for (unsigned i = 0; i < POLICIES; i++)
        ck_assert(world_same(&w, &turned[i]));
}
END_TEST

/* Others wait for an object until the whole request is done; of those that are free none waits. */
START_TEST(others_wait_for_the_end_of_all)
{
    static struct thing second;
    install_all();
    world_put(port, NULL, 9000, 0, false);
    world_submit(&w, all_policies(sa, 7, false), FLEET_REKEY);
    world_poll(&w);
    while (w.order_count > 1)
        world_answer(&w, 1, FLEET_RESULT_OK, true);
    second = policies[1];
    memset(second.node.work, 0, sizeof second.node.work); /* it is a node of its own */
    world_put(&second, sa, 8, 0, false);
    world_submit(&w, &second, FLEET_MODIFY);
    world_submit(&w, port, FLEET_MODIFY);
    world_poll(&w);
    ck_assert_uint_eq(w.order_count, 2); /* of the first policy, and of the port */
    ck_assert(second.asked);
    world_answer(&w, 1, FLEET_RESULT_OK, true);
    world_poll(&w);
    ck_assert(!port->asked && second.asked && policies->asked);
    world_answer(&w, 0, FLEET_RESULT_IO_ERROR, false);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert(!second.asked && !policies->asked);
    ck_assert_int_eq(second.node.status, FLEET_STATUS_SUCCESS);
    ck_assert(world_same(&w, &second));
}
END_TEST

/* A reset before the end: nobody's values are new. */
START_TEST(a_reset_before_the_end_undoes_it_for_all)
{
    install_all();
    world_submit(&w, all_policies(sa, 7, false), FLEET_REKEY);
    world_poll(&w);
    while (w.order_count > 1)
        world_answer(&w, 0, FLEET_RESULT_OK, true);
    world_poll(&w);
    world_reset(&w);
    world_settle(&w);
    ck_assert_uint_eq(w.completions, 3);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), 0);
    for (unsigned i = 0; i < THINGS; i++)
        ck_assert(world_same(&w, &things[i])); /* restored, with the old values */
}
END_TEST

/* Dependents that were to begin when the one above waited are not begun twice. */
START_TEST(a_reset_between_a_parent_and_its_dependents)
{
    world_submit(&w, port_tree(), FLEET_INSTALL);
    world_poll(&w);
    world_answer(&w, 0, FLEET_RESULT_OK, true);
    while (strcmp(world_state(&w, port), "installed") != 0)
        flue_poll(&w.target.flue, 1);
    ck_assert_uint_eq(w.order_count, 0); /* none of them has had its turn */
    world_reset(&w);
    world_settle(&w);
    ck_assert_uint_eq(w.completions, 1);
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_IO_ERROR), 1);
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_CANCELED), 3);
    ck_assert_uint_eq(w.target.flue.pools[FLEET_SA].in_use, 0);
}
END_TEST

/* A reset while some have heard the commit: it is the last step of all of them. */
START_TEST(a_reset_in_a_commit_lets_it_end)
{
    install_all();
    world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
    world_poll(&w);
    while (w.order_count)
        world_answer(&w, 0, FLEET_RESULT_OK, true);
    while (in_state("ready") == 0)
        flue_poll(&w.target.flue, 1);
    ck_assert_uint_eq(in_state("rekeyed"), POLICIES - 1);
    world_reset(&w);
    world_settle(&w);
    ck_assert_uint_eq(w.completions, 3);
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), POLICIES);
    for (unsigned i = 0; i < THINGS; i++)
        ck_assert(world_same(&w, &things[i])); /* restored, with the new ones */
}
END_TEST

/* What the hardware does not have waits for the others all the same. */
START_TEST(what_is_lost_waits_with_the_others)
{
    install_all();
    world_reset(&w); /* nothing is put back before a poll */
    world_poll(&w);
    while (w.order_count) /* the port comes back, of the associations none */
        world_answer(&w, 0, w.orders[0].kind == FLEET_PORT ? FLEET_RESULT_OK : FLEET_RESULT_GONE,
                     w.orders[0].kind == FLEET_PORT),
            world_poll(&w);
    ck_assert_str_eq(world_state(&w, port), "ready");
    world_put(port, NULL, 9000, 0, false);
    world_put(sa, NULL, 99, 9, false);
    world_chain(port, sa);
    world_submit(&w, port, FLEET_REKEY);
    play(0, FLEET_RESULT_IO_ERROR, false);
    ck_assert_int_eq(port->node.status, FLEET_STATUS_IO_ERROR);
}
END_TEST

/* A step of a poll each: a request of many nodes keeps nobody waiting. */
START_TEST(commits_and_aborts_are_steps_of_a_budget)
{
    install_all();
    for (unsigned bad = 0; bad < 2; bad++) {
        world_submit(&w, all_policies(other, 7, false), FLEET_REKEY);
        world_poll(&w);
        while (w.order_count > 1)
            world_answer(&w, 0, FLEET_RESULT_OK, true);
        world_poll(&w);
        world_answer(&w, 0, bad ? FLEET_RESULT_OK : FLEET_RESULT_IO_ERROR, bad);
        unsigned waits, before = POLICIES;
        do {
            flue_poll(&w.target.flue, 1);
            if (w.order_count) /* what takes back */
                world_answer(&w, 0, FLEET_RESULT_OK, true);
            waits = in_state("rekeyed");
            ck_assert(waits + 1 >= before || before == POLICIES);
            before = waits;
        } while (waits);
        play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    }
    ck_assert_uint_eq(count_status(policies, FLEET_STATUS_SUCCESS), POLICIES);
}
END_TEST

/* The pool is full in the midst of a tree: what was made of it is taken away again. */
START_TEST(a_full_pool_takes_the_tree_back)
{
    world_close(&w);
    world_open(&w, 2);
    world_submit(&w, port_tree(), FLEET_INSTALL);
    play(WORLD_ORDERS, FLEET_RESULT_OK, true);
    ck_assert_uint_eq(w.completions, 1);
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_NO_MEMORY), 1);
    ck_assert_uint_eq(count_status(port, FLEET_STATUS_CANCELED), 3);
    ck_assert_uint_eq(in_hardware(FLEET_PORT) + in_hardware(FLEET_SA), 0);
    ck_assert_uint_eq(w.target.flue.pools[FLEET_SA].in_use, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS("together", setup, teardown, nothing_is_said_before_all_is_done,
                     a_fault_at_any_order_takes_all_back, a_lost_answer_takes_all_back,
                     an_undo_that_fails_is_told, a_tree_is_installed_whole_or_not_at_all,
                     dependents_are_taken_back_first, what_has_not_begun_does_not_begin,
                     an_object_is_named_once, two_that_meet_do_not_wait_in_a_ring,
                     others_wait_for_the_end_of_all, a_reset_before_the_end_undoes_it_for_all,
                     a_reset_between_a_parent_and_its_dependents, a_reset_in_a_commit_lets_it_end,
                     what_is_lost_waits_with_the_others, commits_and_aborts_are_steps_of_a_budget,
                     a_full_pool_takes_the_tree_back);
}
