/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_histories.c: random requests, together and one by one, with answers of all sorts and resets.
 * At each completion of what is done together the device has all that was asked for, or nothing.
 */
#include <stdio.h>

#include "prng.h"
#include "suite.h"
#include "world.h"

enum { THINGS = 14, STEPS = 400, SEEDS = 150, PORTS = 2, SAS = 5 };
#define NO_WORD (-1000) /* no status of any node: what is cut off gets none */

static struct world w;
static uint64_t chance;
static struct thing things[THINGS];
static uint64_t whole, taken_back, cut_off;

/* What a host did to a tree, which it must not: a way on that it took away. */
static struct cut {
    struct thing *root;
    struct fleet_node **way, *led_to;
} cut;
static uint64_t cuts;

static uint32_t below(uint32_t limit)
{
    return prng_below(&chance, limit);
}

static bool in_state(const struct thing *t, const char *name)
{
    return strcmp(world_state(&w, t), name) == 0;
}

/* Until a reset has ended the hardware has nothing, whatever a request ended with. */
static bool comparable(const struct thing *t)
{
    const struct flue_target *target = &w.target.flue;
    uint64_t handle = t->node.handle;
    return flue_target_phase(target) == FLUE_RUNNING && handle &&
           flue_object_handle(target, t->kind, (uint32_t)handle) == handle &&
           !in_state(t, "unsure") && !in_state(t, "lost") && !in_state(t, "restoring");
}

/* The way leads on again, since the tree is the host's. */
static void mend(const struct thing *root)
{
    if (cut.root != root)
        return;
    *cut.way = cut.led_to;
    for (struct thing *t = cut.root; t; t = world_next(root, t))
        cut_off += t->node.status == NO_WORD;
    cut.root = NULL;
}

/* All nodes end well, or none; and the device has what they ended with. */
static void all_or_nothing(struct world *world, struct thing *root, uint8_t operation)
{
    unsigned good = 0, bad = 0;
    mend(root);
    if (!world->target.flue.spec->operations[operation].together)
        return;
    for (struct thing *t = root; t; t = world_next(root, t)) {
        good += t->node.status == FLEET_STATUS_SUCCESS;
        bad += t->node.status != FLEET_STATUS_SUCCESS && t->node.status != NO_WORD;
    }
    ck_assert_msg(!good || !bad, "%u nodes are done and %u are not", good, bad);
    whole += good != 0;
    taken_back += bad != 0;
    for (struct thing *t = root; t; t = world_next(root, t)) {
        struct entry known = t->known;
        if (t->node.status == FLEET_STATUS_SUCCESS)
            t->known = t->wanted;
        if (comparable(t))
            ck_assert_msg(world_same(world, t), "the device has neither old nor new");
        t->known = known;
    }
}

static struct thing *any(unsigned first, unsigned count)
{
    return &things[first + below(count)];
}

static bool there(const struct thing *t)
{
    return t->node.handle && !t->asked;
}

/* A node, if the thing is free. */
static bool put(struct thing *t, bool new)
{
    if (t->asked || (t->node.handle != 0) == new)
        return false;
    const struct thing *on = any(PORTS, SAS);
    world_put(t, on->node.handle || !below(8) ? on : NULL, below(3), below(3), new);
    t->node.status = NO_WORD;
    return true;
}

static void install(void)
{
    struct thing *root = any(0, PORTS);
    if (below(2) || !put(root, true)) {
        root = any(PORTS + SAS, THINGS - PORTS - SAS);
        if (!put(root, true))
            return;
        for (unsigned i = PORTS + SAS; i < THINGS; i++)
            if (&things[i] != root && below(2) && put(&things[i], true))
                world_chain(root, &things[i]);
    } else {
        for (unsigned i = PORTS; i < PORTS + SAS; i++)
            if (below(3) && put(&things[i], true))
                world_hang(root, &things[i]);
    }
    world_submit(&w, root, FLEET_INSTALL);
}

/* Beside the others, or an association below its port. */
static void rekey(void)
{
    struct thing *root = NULL;
    unsigned turned = below(2);
    for (unsigned n = 0; n < THINGS; n++) {
        struct thing *t = &things[turned ? THINGS - 1 - n : n];
        if (!there(t) || !below(3) || !put(t, false))
            continue;
        if (root && root->kind == FLEET_PORT && t->kind == FLEET_SA && below(2))
            world_hang(root, t);
        else if (root)
            world_chain(root, t);
        else
            root = t;
    }
    if (root)
        world_submit(&w, root, FLEET_REKEY);
}

static void alone(uint8_t operation)
{
    struct thing *t = any(0, THINGS);
    if (!there(t) || !put(t, false))
        return;
    if (operation == FLEET_DESTROY)
        t->node.kind = (uint16_t)(t->node.kind - 1);
    world_submit(&w, t, operation);
}

/* Somewhere in a tree that is under way all behind a node, or below it, is taken away. */
static void cut_a_tree(void)
{
    struct thing *root = any(0, PORTS), *t = root;
    if (cut.root || !root->asked || !root->node.dependents)
        return;
    for (unsigned n = below(4); n && world_next(root, t); n--)
        t = world_next(root, t);
    struct fleet_node **way = below(2) ? &t->node.dependents : &t->node.next;
    if (!*way)
        return;
    cut = (struct cut){root, way, *way};
    *way = NULL;
    cuts++;
}

static void answer(void)
{
    static const enum fleet_result results[] = {
        FLEET_RESULT_OK, FLEET_RESULT_OK,       FLEET_RESULT_OK,
        FLEET_RESULT_OK, FLEET_RESULT_OK,       FLEET_RESULT_OK,
        FLEET_RESULT_OK, FLEET_RESULT_IO_ERROR, FLEET_RESULT_UNSURE};
    if (!w.order_count)
        return;
    enum fleet_result result = results[below(9)];
    bool done = result == FLEET_RESULT_OK || (result == FLEET_RESULT_UNSURE && below(2));
    world_answer(&w, below(w.order_count), result, done);
}

static void step(void)
{
    uint32_t dice = below(100);
    if (dice < 8)
        install();
    else if (dice < 18)
        rekey();
    else if (dice < 28)
        alone(below(5) ? FLEET_MODIFY : FLEET_DESTROY);
    else if (dice < 70)
        answer();
    else if (dice < 73)
        cut_a_tree();
    else if (dice < 99 || below(2))
        flue_poll(&w.target.flue, 1 + below(40));
    else
        world_reset(&w);
}

static void history(uint64_t seed)
{
    chance = seed;
    world_open(&w, WORLD_PLACES);
    w.completed = all_or_nothing;
    uint64_t cuts_before = cuts;
    for (unsigned i = 0; i < THINGS; i++)
        things[i] = (struct thing){.kind = i < PORTS         ? FLEET_PORT
                                           : i < PORTS + SAS ? FLEET_SA
                                                             : FLEET_POLICY};
    for (unsigned n = 0; n < STEPS; n++)
        step();
    world_settle(&w);
    ck_assert_uint_le(w.target.flue.stats.bad_trees, cuts - cuts_before);
    for (unsigned i = 0; i < THINGS; i++) {
        ck_assert(!things[i].asked);
        ck_assert(!comparable(&things[i]) || world_same(&w, &things[i]));
    }
    world_close(&w);
}

START_TEST(the_device_has_all_or_nothing)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        printf("seed %u\r", (unsigned)seed);
        history(seed);
    }
    printf("%lu whole, %lu taken back; %lu trees cut, %lu nodes without a word\n",
           (unsigned long)whole, (unsigned long)taken_back, (unsigned long)cuts,
           (unsigned long)cut_off);
    ck_assert_uint_gt(whole, 2 * SEEDS);
    ck_assert_uint_gt(taken_back, 2 * SEEDS);
    ck_assert_uint_gt(cut_off, SEEDS / 2);
}
END_TEST

int main(void)
{
    return RUN_TESTS("together_histories", NULL, NULL, the_device_has_all_or_nothing);
}
