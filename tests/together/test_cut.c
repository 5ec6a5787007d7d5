/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cut.c: the host cuts off nodes of a tree while it is under way, which it must not. Whatever
 * waits for them is over all the same, and nothing of the request is left.
 */
#include "suite.h"
#include "world.h"

static struct world w;
static struct thing things[5];
static struct thing *const port = &things[0], *const sa = &things[1], *const third = &things[3],
                           *const policy = &things[4];

static void setup(void)
{
    static const uint8_t kinds[] = {FLEET_PORT, FLEET_SA, FLEET_SA, FLEET_SA, FLEET_POLICY};
    world_open(&w, WORLD_PLACES);
    for (unsigned i = 0; i < 5; i++)
        things[i] = (struct thing){.kind = kinds[i]};
}

static void teardown(void)
{
    world_close(&w);
}

/* A port with three associations. */
static void port_tree(uint32_t value, bool new)
{
    world_put(port, NULL, value, 0, new);
    for (unsigned i = 1; i < 4; i++) {
        world_put(&things[i], NULL, value + i, 1, new);
        world_hang(port, &things[i]);
    }
}

static unsigned in_hardware(void)
{
    unsigned count = 0;
    for (unsigned kind = 0; kind < FLEET_KINDS; kind++)
        for (unsigned p = 0; p < WORLD_PLACES; p++)
            count += w.entries[kind][p].has;
    return count;
}

/* What the host takes away from under a node that waits, which it must not. */
enum { NOTHING_LEFT, ONE_LEFT, BELOW_THOSE_BELOW, CUTS };

static void cut_tree(unsigned cut)
{
    port_tree(1500, true);
    world_put(policy, NULL, 1, 0, true); /* of the wrong layer: refused, had it its turn */
    if (cut == BELOW_THOSE_BELOW)
        world_hang(third, policy);
    world_submit(&w, port, FLEET_INSTALL);
    world_poll(&w);
    if (cut == NOTHING_LEFT)
        port->node.dependents = NULL;
    else if (cut == ONE_LEFT)
        sa->node.next = NULL;
    else
        third->node.dependents = NULL;
}

/* The nodes that are cut off are promised nothing, all else is as with any that fails. */
static void nothing_is_left_of_the_tree(void)
{
    ck_assert_uint_eq(w.completions, 1);
    ck_assert_uint_eq(in_hardware(), 0);
    for (unsigned k = 0; k < FLEET_KINDS; k++)
        ck_assert_uint_eq(w.target.flue.pools[k].in_use, 0);
    ck_assert(flue_target_quiet(&w.target.flue));
    teardown();
    setup();
}

START_TEST(what_the_host_cuts_off_is_not_waited_for)
{
    for (unsigned cut = 0; cut < CUTS; cut++) {
        cut_tree(cut);
        world_settle(&w); /* the device fails what comes too soon */
        ck_assert_int_eq(port->node.status, FLEET_STATUS_BAD_VALUE);
        nothing_is_left_of_the_tree();
    }
}
END_TEST

/* By steps of a budget, an answer at any time, in any order. */
START_TEST(a_cut_tree_is_taken_back_by_steps)
{
    for (unsigned round = 0; round < 16 * CUTS; round++) {
        cut_tree(round % CUTS);
        for (unsigned n = 0; n < 1000; n++) {
            flue_poll(&w.target.flue, 1);
            if (w.order_count && n % (1 + round / CUTS) == 0)
                world_answer(&w, round % w.order_count, FLEET_RESULT_OK, true);
        }
        nothing_is_left_of_the_tree();
    }
}
END_TEST

/* A reset at any step of that ends it, too, once. */
START_TEST(a_reset_while_a_cut_tree_is_taken_back)
{
    for (unsigned round = 0; round < 60 * CUTS; round++) {
        cut_tree(round % CUTS);
        for (unsigned n = 0; n < round / CUTS; n++) {
            flue_poll(&w.target.flue, 1);
            if (w.order_count && n % 2)
                world_answer(&w, 0, FLEET_RESULT_OK, true);
        }
        world_reset(&w);
        world_settle(&w);
        ck_assert_int_ne(port->node.status, FLEET_STATUS_SUCCESS);
        nothing_is_left_of_the_tree();
    }
}
END_TEST

/* Objects that were named by nodes which are cut off can be named again. */
START_TEST(what_was_cut_off_is_free_for_others)
{
    port_tree(1500, true);
    world_submit(&w, port, FLEET_INSTALL);
    world_settle(&w);
    for (unsigned round = 0; round < 2; round++) {
        port_tree(50 + round, false);
        world_submit(&w, port, FLEET_REKEY);
        world_poll(&w);
        if (round == 0)
            port->node.dependents = NULL;
        world_settle(&w);
        ck_assert_uint_eq(w.completions, 2 + round);
        ck_assert_int_eq(port->node.status, round ? FLEET_STATUS_SUCCESS : FLEET_STATUS_BAD_VALUE);
        for (unsigned i = 0; i < 4; i++)
            ck_assert(world_same(&w, &things[i]));
    }
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(things[i].node.status, FLEET_STATUS_SUCCESS);
    ck_assert_uint_eq(w.target.flue.stats.bad_trees, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("together_cut", setup, teardown, what_the_host_cuts_off_is_not_waited_for,
                     a_cut_tree_is_taken_back_by_steps, a_reset_while_a_cut_tree_is_taken_back,
                     what_was_cut_off_is_free_for_others);
}
