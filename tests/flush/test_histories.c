/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histories by chance: any operation on anything, also those that reach dependents, answers in any
 * order and of any kind, resets. As each of those completes, all that stands on its object was
 * reached, each once, none that did not stand there; the counts are right; the device is told
 * nothing wrong at any time.
 */
#include <stdio.h>

#include "prng.h"
#include "suite.h"
#include "world.h"

enum { PLACES = 6, STEPS = 600, SEEDS = 120, MOST_RUNNING = 12 };

static struct world w;
static uint64_t chance;
static unsigned submitted;

static uint32_t below(uint32_t limit)
{
    return prng_below(&chance, limit);
}

/* Of what the host holds now, or of what it held; 0 where there is none. */
static uint64_t any(uint8_t kind)
{
    const struct flue_target *t = &w.target.flue;
    uint32_t place = below(PLACES);
    const struct flue_object *o = flue_object_at(t, kind, place);
    if (!t->spec->kinds[kind].states[o->state].host_has)
        return 0;
    return (uint64_t)o->tag << 32 | place;
}

static void create(void)
{
    uint8_t kind = (uint8_t)below(FWD_KINDS);
    uint64_t table = any(FWD_TABLE);
    if (kind != FWD_TABLE && !table)
        return;
    world_create(&w, kind, table, below(3) ? any(FWD_HOP) : 0);
    submitted++;
}

static void ask(void)
{
    static const uint8_t operations[] = {FWD_FLUSH, FWD_UNBLOCK, FWD_UNBLOCK, FWD_BLOCK,
                                         FWD_PURGE, FWD_DESTROY, FWD_DRAIN};
    uint8_t kind = (uint8_t)below(FWD_KINDS);
    uint64_t handle = any(kind);
    if (w.completions + MOST_RUNNING <= submitted || !handle)
        return;
    submitted++;
    if (below(3) == 0)
        world_modify(&w, handle, kind == FWD_FLOW ? any(FWD_HOP) : any(FWD_TABLE), below(3));
    else
        world_ask(&w, operations[below(below(4) ? 4 : 7)], handle);
}

static void answer(void)
{
    static const enum fwd_result results[] = {FWD_RESULT_OK,       FWD_RESULT_OK,
                                              FWD_RESULT_OK,       FWD_RESULT_OK,
                                              FWD_RESULT_IO_ERROR, FWD_RESULT_UNSURE};
    if (!w.order_count)
        return;
    enum fwd_result result = results[below(6)];
    bool done = result == FWD_RESULT_OK || (result == FWD_RESULT_UNSURE && below(2));
    world_answer(&w, below(w.order_count), result, done);
}

static void step(void)
{
    uint32_t dice = below(200);
    if (dice < 40 && w.completions + MOST_RUNNING > submitted)
        create();
    else if (dice < 70)
        ask();
    else if (dice < 120)
        answer();
    else if (dice < 199)
        flue_poll(&w.target.flue, 1 + below(20));
    else
        world_reset(&w);
    world_check(&w);
}

static unsigned history(uint64_t seed)
{
    chance = seed;
    submitted = 0;
    world_open(&w, PLACES);
    for (unsigned n = 0; n < STEPS; n++)
        step();
    world_settle(&w);
    world_check(&w);
    ck_assert_uint_eq(w.completions, submitted);
    world_close(&w);
    return w.compared;
}

START_TEST(all_that_stands_there_is_reached_once)
{
    unsigned compared = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        printf("seed %u\r", (unsigned)seed);
        compared += history(seed);
    }
    ck_assert_uint_gt(compared, 5 * SEEDS);
}
END_TEST

int main(void)
{
    return RUN_TESTS("flush_histories", NULL, NULL, all_that_stands_there_is_reached_once);
}
