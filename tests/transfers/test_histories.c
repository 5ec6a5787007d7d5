/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histories by chance: any piece for any object, also for those that are over; a device that takes
 * what it likes, works in any order and of any success, says things twice, too late, of others, of
 * positions that never were; commands that fail or are never answered; resets. world.c sees to the
 * ledger.
 */
#include <stdio.h>

#include "prng.h"
#include "suite.h"
#include "world.h"

#ifndef SEEDS
#define SEEDS 250
#endif

enum { STEPS = 900, KNOWN = 8, LONGEST_CHAIN = 4 };

static struct world w;
static uint64_t chance;
static uint32_t budget;                    /* the largest of a history */
static uint64_t known[WORKS_KINDS][KNOWN]; /* handles, some of them over */
static enum { RUNS, BEGUN, STOPPED } reset;

static uint32_t below(uint32_t limit)
{
    return prng_below(&chance, limit);
}

static void learn(void)
{
    if (w.handle)
        known[w.handle >> 32 & 15][below(KNOWN)] = w.handle;
    w.handle = 0;
}

static void ask(void)
{
    uint8_t kind = (uint8_t)below(WORKS_KINDS), operation = (uint8_t)below(WORKS_OPERATIONS);
    uint64_t handle = known[kind][below(KNOWN)];
    if (operation == WORKS_OPEN)
        world_ask(&w, WORKS_OPEN, kind, 0);
    else if (handle)
        world_ask(&w, operation, kind, handle);
}

static void post(void)
{
    static const uint8_t transfers[] = {WORKS_TRANSFER_TAP_WATCH, WORKS_TRANSFER_LANE_WRITE,
                                        WORKS_TRANSFER_LANE_WRITE, WORKS_TRANSFER_LANE_BARRIER,
                                        WORKS_TRANSFER_LANE_READ};
    uint8_t transfer = transfers[below(5)];
    uint8_t kind = transfer == WORKS_TRANSFER_TAP_WATCH ? WORKS_TAP : WORKS_LANE;
    if (below(30) == 0)
        kind = (uint8_t)below(WORKS_KINDS);
    const uint64_t *handle = &known[kind][below(KNOWN)];
    for (unsigned tries = 0; !*handle && tries < KNOWN; tries++)
        handle = &known[kind][below(KNOWN)];
    world_post(&w, transfer, below(40) ? handle : NULL, 1 + below(LONGEST_CHAIN));
}

static void work(void)
{
    static const int32_t says[] = {WORKS_STATUS_OK,     WORKS_STATUS_OK,   WORKS_STATUS_OK,
                                   WORKS_STATUS_FAILED, WORKS_STATUS_FULL, 4711};
    struct works_item *p = &w.pieces[below(WORLD_PIECES)];
    if (p->taken)
        world_work(&w, p, says[below(6)]);
}

static void lie(void)
{
    const struct works_item *p = &w.pieces[below(WORLD_PIECES)];
    uint64_t name = below(2) ? p->name : known[below(WORKS_KINDS)][below(KNOWN)];
    static const uint32_t wild[] = {0, UINT32_MAX, 0x80000000u, 1};
    uint32_t position = below(4) ? p->position + below(5) - 2 : wild[below(4)];
    world_claim(&w, (uint8_t)below(6), name, position);
}

static void answer(void)
{
    static const enum works_result results[] = {WORKS_RESULT_OK,   WORKS_RESULT_OK,
                                                WORKS_RESULT_OK,   WORKS_RESULT_FULL,
                                                WORKS_RESULT_GONE, WORKS_RESULT_UNSURE};
    if (!w.order_count)
        return;
    unsigned number = below(w.order_count);
    if (below(20) == 0)
        w.orders[number] = w.orders[--w.order_count]; /* never */
    else
        world_answer(&w, number, results[below(below(3) ? 3 : 6)]);
}

static void step_reset(void)
{
    if (reset == RUNS) {
        if (below(6))
            return;
        flue_reset_begin(&w.target.flue);
        reset = BEGUN;
    } else if (reset == BEGUN && flue_target_phase(&w.target.flue) != FLUE_RUNNING) {
        world_stop(&w);
        w.order_count = 0;
        flue_dma_stopped(&w.target.flue);
        reset = STOPPED;
    } else if (reset == STOPPED) {
        flue_reset_end(&w.target.flue);
        reset = RUNS;
    }
}

/* Any kind of the owner's work may come first, and end anywhere. */
static void poll_some(void)
{
    for (uint32_t polls = 1 + 16 / budget; polls; polls--) {
        if (below(2))
            w.target.flue.stage = (uint8_t)below(w.target.flue.stages);
        flue_poll(&w.target.flue, 1 + below(budget));
    }
}

static void step(void)
{
    uint32_t dice = below(100);
    if (dice < 8)
        ask();
    else if (dice < 26)
        post();
    else if (dice < 44)
        work();
    else if (dice < 52)
        lie();
    else if (dice < 64)
        answer();
    else if (dice < 67)
        step_reset();
    else if (dice < 71)
        flue_tick(&w.target.flue, w.ticks += below(40));
    else if (dice < 74)
        w.room = below(3) ? WORLD_PIECES : below(6);
    else
        poll_some();
    learn();
}

START_TEST(each_piece_comes_back_once)
{
    uint64_t taken = 0, returned = 0, refused = 0, done = 0, strays = 0;
    static const uint32_t budgets[] = {1, 2, 3, 8, 40};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        chance = seed;
        budget = budgets[seed % 5];
        reset = RUNS;
        world_open(&w);
        for (unsigned k = 0; k < WORKS_KINDS; k++)
            for (unsigned i = 0; i < KNOWN; i++)
                known[k][i] = 0;
        for (unsigned i = 0; i < STEPS; i++)
            step();
        const struct flue_stats *s = flue_target_stats(&w.target.flue);
        world_close(&w);
        taken += s->transfers_taken;
        done += s->transfers_done;
        returned += s->transfers_returned;
        refused += s->transfers_refused;
        strays += flue_target_shared_stats(&w.target.flue)->stray_positions;
    }
    /* Histories in which little happens show little. */
    printf("%llu taken, %llu done, %llu returned, %llu refused, %llu strays\n",
           (unsigned long long)taken, (unsigned long long)done, (unsigned long long)returned,
           (unsigned long long)refused, (unsigned long long)strays);
    ck_assert_uint_gt(done, 10 * SEEDS);
    ck_assert_uint_gt(returned, 5 * SEEDS);
    ck_assert_uint_gt(refused, 5 * SEEDS);
    ck_assert_uint_gt(strays, 10 * SEEDS);
}
END_TEST

int main(void)
{
    return RUN_TESTS("transfers_histories", NULL, NULL, each_piece_comes_back_once);
}
