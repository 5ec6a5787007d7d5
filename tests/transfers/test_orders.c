/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever is polled first, and however far a budget goes: when an operation that ends an object
 * completes, all that was handed over before is back. Each way in which one ends is played
 * with each budget and from each kind of the owner's work, so that none is right by luck.
 * world.c looks at what is out in the completion call.
 */
#include "suite.h"
#include "world.h"

enum { WRITES = 4, READS = 2, LATE = 3, BUDGETS = WRITES + READS + LATE };
enum { ROOMS = 3, SHAPES = ROOMS * (WRITES + 1) * 2 };

enum way { CLOSED, RESET_WHILE_CLOSING, CLOSED_WHEN_FORGOTTEN, WAYS };

/* Only taps are not put back after a reset. */
static uint8_t kind_of(enum way way)
{
    return way == CLOSED_WHEN_FORGOTTEN ? WORKS_TAP : WORKS_LANE;
}

static uint8_t transfer_of(enum way way)
{
    return way == CLOSED_WHEN_FORGOTTEN ? WORKS_TRANSFER_TAP_WATCH : WORKS_TRANSFER_LANE_WRITE;
}

/* How it is before the object ends. */
struct order_of {
    enum way way;
    unsigned room; /* how many pieces the device takes */
    unsigned said; /* of how many writes it says that they are done */
    bool late;     /* a chain has come, and nobody has looked at it */
};

static struct world w;
static uint64_t object;
static unsigned closed;

static void setup(void)
{
    world_open(&w);
}

static void teardown(void)
{
    world_close(&w);
}

static struct works_item *hand_over(const struct order_of *o)
{
    w.room = o->room;
    struct works_item *write = world_post(&w, transfer_of(o->way), &object, WRITES);
    world_settle(&w);
    if (kind_of(o->way) == WORKS_LANE)
        world_post(&w, WORKS_TRANSFER_LANE_READ, &object, READS);
    world_settle(&w);
    return write;
}

static void forget(void)
{
    flue_reset_begin(&w.target.flue);
    world_stop(&w);
    w.order_count = 0;
    flue_dma_stopped(&w.target.flue);
}

/* The object's end is near: the next polls see it. */
static struct request *end(const struct order_of *o, struct works_item *write)
{
    struct request *close = NULL;
    if (o->way != CLOSED_WHEN_FORGOTTEN) {
        close = world_ask(&w, WORKS_CLOSE, kind_of(o->way), object);
        world_settle(&w);
        ck_assert_uint_eq(w.order_count, 1);
    }
    for (unsigned i = 0; i < o->said && write->taken; i++, write = write->next)
        ck_assert(world_work(&w, write, WORKS_STATUS_OK));
    if (o->late) {
        ck_assert_ptr_nonnull(world_post(&w, transfer_of(o->way), &object, LATE));
        if (close)
            close->serial = ++w.serial; /* as if it had been asked after them */
    }
    if (o->way == CLOSED)
        world_answer_all(&w, WORKS_RESULT_OK);
    else
        forget();
    if (o->way == CLOSED_WHEN_FORGOTTEN)
        flue_reset_end(&w.target.flue);
    if (!close)
        close = world_ask(&w, WORKS_CLOSE, kind_of(o->way), object);
    return close;
}

static void play(const struct order_of *o, unsigned budget, unsigned stage)
{
    unsigned polls = 0;
    object = world_made(&w, kind_of(o->way));
    const struct request *close = end(o, hand_over(o));
    w.target.flue.stage = (uint8_t)stage;
    while (flue_poll(&w.target.flue, budget) && polls < 1000)
        polls++;
    ck_assert_uint_lt(polls, 1000);
    ck_assert(!close->asked);
    ck_assert_uint_eq(world_out(&w), 0);
    closed++;
    if (o->way != RESET_WHILE_CLOSING)
        return;
    flue_reset_end(&w.target.flue);
    world_settle(&w);
}

START_TEST(no_order_of_work_ends_an_object_before_its_pieces_are_back)
{
    struct order_of o = {.way = (enum way)_i};
    const unsigned rooms[ROOMS] = {0, 2, WRITES + READS};
    for (unsigned shape = 0; shape < SHAPES; shape++) {
        o.late = shape % 2;
        o.room = rooms[shape / 2 % ROOMS];
        o.said = shape / 2 / ROOMS;
        for (unsigned budget = 1; budget <= BUDGETS; budget++)
            for (unsigned stage = 0; stage < w.target.flue.stages; stage++)
                play(&o, budget, stage);
    }
    ck_assert_uint_eq(closed, SHAPES * BUDGETS * w.target.flue.stages);
}
END_TEST

/* After a reset, too, of which the host need not know. */
START_TEST(what_comes_after_a_reset_comes_back_after_what_came_before)
{
    unsigned overlaps = 0;
    for (unsigned before = 0; before <= WRITES; before++)
        for (unsigned stage = 0; stage < w.target.flue.stages; stage++) {
            object = world_made(&w, WORKS_LANE);
            w.room = WRITES;
            world_post(&w, WORKS_TRANSFER_LANE_WRITE, &object, WRITES);
            world_settle(&w);
            forget();
            const unsigned back = w.back;
            for (unsigned n = 0; n < 100 && w.back - back < before; n++)
                flue_poll(&w.target.flue, 1);
            ck_assert_uint_eq(w.back - back, before);
            struct works_item *late = world_post(&w, WORKS_TRANSFER_LANE_WRITE, &object, 2);
            ck_assert_ptr_nonnull(late);
            w.target.flue.stage = (uint8_t)stage;
            for (unsigned n = 0; n < 100 && world_out(&w); n++)
                flue_poll(&w.target.flue, 1);
            ck_assert_uint_eq(world_out(&w), 0);
            overlaps += before && before < WRITES && late->status == WORKS_STATUS_LOST;
            flue_reset_end(&w.target.flue);
            world_settle(&w);
            world_ask(&w, WORKS_CLOSE, WORKS_LANE, object);
            world_settle(&w);
            world_answer_all(&w, WORKS_RESULT_OK);
            world_settle(&w);
        }
    ck_assert_uint_ge(overlaps, WRITES - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transfers_orders");
    TCase *cases = tcase_create("transfers_orders");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, no_order_of_work_ends_an_object_before_its_pieces_are_back, CLOSED,
                        WAYS);
    tcase_add_test(cases, what_comes_after_a_reset_comes_back_after_what_came_before);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
