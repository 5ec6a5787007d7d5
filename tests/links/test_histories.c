/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histories by chance: any operation on anything, handles of anything, answers in any order and of
 * any kind, resets. After each the counts are right; the device is told nothing wrong at any time.
 */
#include <stdio.h>

#include "prng.h"
#include "suite.h"
#include "world.h"

enum { THINGS = 14, STEPS = 400, SEEDS = 150 };

static struct world w;
static uint64_t chance;
static struct thing things[THINGS];

static uint32_t below(uint32_t limit)
{
    return prng_below(&chance, limit);
}

static struct thing *any(uint8_t kind)
{
    struct thing *t;
    do
        t = &things[below(THINGS)];
    while (t->kind != kind);
    return t;
}

/* Nearly always what fits; else anything, also what was a handle once. */
static uint64_t some_handle(uint8_t kind)
{
    static uint64_t old;
    uint32_t dice = below(16);
    if (dice == 0)
        return 0;
    if (dice == 1)
        return old;
    if (dice == 2)
        return things[below(THINGS)].node.handle;
    return old = any(kind)->node.handle;
}

static struct brought something(const struct thing *t)
{
    struct brought b = {.value = below(3)};
    b.links[0] = some_handle(VPN_SA);
    b.links[1] = some_handle(t->kind == VPN_SA ? VPN_KEY : VPN_SA);
    return b;
}

static void ask(void)
{
    struct thing *t = &things[below(THINGS)];
    if (t->asked)
        return;
    struct brought b = something(t);
    if (!t->node.handle) {
        struct thing *above = t->kind == VPN_SA ? any(VPN_PORT) : NULL;
        if (above && (above->asked || !above->node.handle))
            return;
        world_submit(&w, world_ask(t, above, &b, VPN_CREATE), VPN_CREATE);
        return;
    }
    static const uint8_t operations[] = {VPN_MODIFY,  VPN_MODIFY,  VPN_MODIFY,  VPN_REPAIR,
                                         VPN_INSPECT, VPN_DESTROY, VPN_WITHDRAW};
    uint8_t operation = operations[below(below(4) ? 6 : 7)];
    world_submit(&w, world_ask(t, NULL, &b, operation), operation);
}

static void answer(void)
{
    static const enum vpn_result results[] = {VPN_RESULT_OK,    VPN_RESULT_OK, VPN_RESULT_OK,
                                              VPN_RESULT_OK,    VPN_RESULT_OK, VPN_RESULT_IO_ERROR,
                                              VPN_RESULT_UNSURE};
    if (!w.order_count)
        return;
    enum vpn_result result = results[below(7)];
    bool done = result == VPN_RESULT_OK || (result == VPN_RESULT_UNSURE && below(2));
    world_answer(&w, below(w.order_count), result, done);
}

static void step(void)
{
    uint32_t dice = below(100);
    if (dice < 35)
        ask();
    else if (dice < 65)
        answer();
    else if (dice < 99)
        flue_poll(&w.target.flue, 1 + below(40));
    else
        world_reset(&w);
    world_check(&w);
}

/* What the host holds and the hardware has stands there on what it stands on here. */
static void compare(void)
{
    const struct flue_target *t = &w.target.flue;
    for (unsigned i = 0; i < THINGS; i++) {
        ck_assert(!things[i].asked);
        if (!things[i].node.handle)
            continue;
        const struct flue_object *o = world_object(&w, &things[i]);
        const char *state = t->spec->kinds[o->kind].states[o->state].name;
        if (strcmp(state, "ready") == 0)
            world_agrees(&w, &things[i]);
    }
}

static void history(uint64_t seed)
{
    static const uint8_t kinds[THINGS] = {VPN_PORT,   VPN_PORT,   VPN_KEY,    VPN_KEY,   VPN_SA,
                                          VPN_SA,     VPN_SA,     VPN_SA,     VPN_SA,    VPN_POLICY,
                                          VPN_POLICY, VPN_POLICY, VPN_POLICY, VPN_POLICY};
    chance = seed;
    world_open(&w);
    for (unsigned i = 0; i < THINGS; i++)
        things[i] = (struct thing){.kind = kinds[i]};
    for (unsigned n = 0; n < STEPS; n++)
        step();
    world_settle(&w);
    compare();
    world_close(&w);
}

START_TEST(counts_hold_and_the_device_is_told_nothing_wrong)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        printf("seed %u\r", (unsigned)seed);
        history(seed);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS("links_histories", NULL, NULL,
                     counts_hold_and_the_device_is_told_nothing_wrong);
}
