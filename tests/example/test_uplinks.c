/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a machine keeps for itself: how often training failed, what was asked for last, how many
 * errors an event told of. Each begins anew with each uplink, and stays through what fails.
 */
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "uplinks.h"

enum { PATIENCE = 500 };

/* Hardware that answers at once, as it was told to, or not at all. */
struct nic {
    struct uplinks_target target;
    uint8_t training, stopping; /* answers; SILENCE: none */
    unsigned trained, completions;
    flue_name name;
    flue_cookie unanswered;
    uint64_t now;
};
UPLINKS_ADAPTER_BEGINS_WITH(struct nic, target);

enum { SILENCE = 255 };

static struct nic nic;
static void *memory;

static struct uplink {
    struct uplinks_node node;
    struct uplinks_uplink_const place;
    _Alignas(8) struct uplinks_uplink_cached looks;
} uplink;

static struct wish {
    struct uplinks_node node;
    _Alignas(8) struct uplinks_uplink_request wish;
} wish;

static struct look {
    struct uplinks_node node;
    _Alignas(8) struct uplinks_uplink_cached looks;
} look;

static enum flue_issued answer(flue_cookie cookie, uint8_t result)
{
    if (result != SILENCE)
        uplinks_done(&nic.target, cookie, result);
    else
        nic.unanswered = cookie;
    return FLUE_ISSUED;
}

static enum flue_issued make_uplink(void *adapter, flue_cookie cookie,
                                    const struct uplinks_make_uplink_args *args)
{
    (void)adapter;
    nic.name = args->name;
    return answer(cookie, UPLINKS_RESULT_OK);
}

static enum flue_issued train_uplink(void *adapter, flue_cookie cookie,
                                     const struct uplinks_train_uplink_args *args)
{
    (void)adapter, (void)args;
    nic.trained++;
    return answer(cookie, nic.training);
}

static enum flue_issued stop_uplink(void *adapter, flue_cookie cookie,
                                    const struct uplinks_stop_uplink_args *args)
{
    (void)adapter, (void)args;
    return answer(cookie, nic.stopping);
}

static enum flue_issued remove_uplink(void *adapter, flue_cookie cookie,
                                      const struct uplinks_remove_uplink_args *args)
{
    (void)adapter, (void)args;
    return answer(cookie, UPLINKS_RESULT_OK);
}

static void completed(void *host_handle, struct uplinks_node *root)
{
    (void)host_handle, (void)root;
    nic.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct uplinks_binding binding = {.make_uplink = make_uplink,
                                               .train_uplink = train_uplink,
                                               .stop_uplink = stop_uplink,
                                               .remove_uplink = remove_uplink};
static const struct uplinks_completions completions = {completed, completed, completed, completed};

static void setup(void)
{
    struct flue_config config = {.capacity = {1},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .parameters = {[UPLINKS_PARAMETER_PATIENCE] = PATIENCE},
                                 .wake = wake};
    size_t bytes = (uplinks_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    memset(memory, 0xa5, bytes); /* what nobody set is seen */
    ck_assert_int_eq(
        uplinks_init(&nic.target, &config, &binding, &completions, NULL, memory, bytes), FLUE_OK);
}

static void teardown(void)
{
    free(memory);
    memset(&nic, 0, sizeof nic);
}

static void poll(void)
{
    for (unsigned i = 0; i < 10; i++)
        flue_poll(&nic.target.flue, 64);
}

static int run(void (*operation)(void *adapter, struct uplinks_node *root),
               struct uplinks_node *node)
{
    unsigned before = nic.completions;
    operation(&nic, node);
    for (unsigned i = 0; i < 100 && nic.completions == before; i++) {
        poll();
        flue_tick(&nic.target.flue, nic.now += 10);
    }
    ck_assert_uint_eq(nic.completions, before + 1);
    return node->Status;
}

static void make(void)
{
    uplink.node.Kind = UPLINKS_TYPE_UPLINK_ALL;
    uplink.node.Handle = 0;
    ck_assert_int_eq(run(uplinks_create, &uplink.node), UPLINKS_STATUS_DONE);
}

static int train(uint8_t mode)
{
    wish.node.Kind = UPLINKS_TYPE_UPLINK_REQUEST;
    wish.node.Handle = uplink.node.Handle;
    wish.wish.Wish = mode;
    return run(uplinks_train, &wish.node);
}

static struct uplinks_uplink_cached looked(void)
{
    look.node.Kind = UPLINKS_TYPE_UPLINK_CACHED;
    look.node.Handle = uplink.node.Handle;
    memset(&look.looks, 0xee, sizeof look.looks);
    ck_assert_int_eq(run(uplinks_look, &look.node), UPLINKS_STATUS_DONE);
    return look.looks;
}

static int withdraw(void)
{
    return run(uplinks_withdraw, &uplink.node);
}

static void errors(uint16_t a_second)
{
    struct uplinks_uplink_errors_data data = {.a_second = a_second, .bytes = UINT64_MAX};
    ck_assert(uplinks_uplink_errors(&nic.target, nic.name, &data));
    poll();
}

START_TEST(what_was_asked_for_is_what_it_does)
{
    make();
    ck_assert_uint_eq(looked().Does, UPLINKS_MODE_DOWN);
    ck_assert_uint_eq(looked().Rate, 0);
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_DONE);
    ck_assert_uint_eq(looked().Does, UPLINKS_MODE_FAST);
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_DONE); /* it does that */
    ck_assert_uint_eq(nic.trained, 1);
    ck_assert_int_eq(train(UPLINKS_MODE_SLOW), UPLINKS_STATUS_DONE);
    ck_assert_uint_eq(nic.trained, 2);
    ck_assert_uint_eq(looked().Does, UPLINKS_MODE_SLOW);
}
END_TEST

static void three_fail(uint8_t result)
{
    make();
    nic.training = result;
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_BROKEN);
    ck_assert_uint_eq(looked().Does, UPLINKS_MODE_DOWN);
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_WORN_OUT);
    ck_assert_uint_eq(nic.trained, 3);
}

START_TEST(what_failed_too_often_is_not_tried_again)
{
    three_fail(UPLINKS_RESULT_FAILURE);
    ck_assert_int_eq(withdraw(), UPLINKS_STATUS_DONE);
    nic.training = UPLINKS_RESULT_OK;
    make(); /* at the same place, and it begins anew */
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_DONE);
}
END_TEST

START_TEST(what_is_lost_counts_too)
{
    three_fail(SILENCE);
}
END_TEST

START_TEST(what_went_well_is_counted_from_there)
{
    make();
    for (unsigned i = 0; i < 5; i++) {
        nic.training = i % 2 ? UPLINKS_RESULT_FAILURE : UPLINKS_RESULT_OK;
        train(i % 2 ? UPLINKS_MODE_FAST : UPLINKS_MODE_SLOW);
    }
    ck_assert_uint_eq(looked().Does, UPLINKS_MODE_SLOW);
    ck_assert_uint_eq(nic.trained, 5);
}
END_TEST

/* The last data counts, of an event that came while it was busy, too; what it was lasts. */
START_TEST(what_an_event_brought_is_kept)
{
    make();
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_DONE);
    errors(7);
    ck_assert_uint_eq(looked().Rate, 7);
    nic.training = SILENCE;
    wish.wish.Wish = UPLINKS_MODE_SLOW;
    uplinks_train(&nic, &wish.node);
    poll();
    errors(PATIENCE + 1);
    ck_assert(uplinks_done(&nic.target, nic.unanswered, UPLINKS_RESULT_OK));
    poll();
    ck_assert_int_eq(wish.node.Status, UPLINKS_STATUS_DONE);
    ck_assert_uint_eq(looked().Rate, PATIENCE + 1);
    nic.training = UPLINKS_RESULT_FAILURE;
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_BROKEN);
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_WORN_OUT); /* too many errors */
    ck_assert_uint_eq(looked().Rate, PATIENCE + 1);
}
END_TEST

START_TEST(a_reset_sets_nothing)
{
    make();
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_DONE);
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    flue_reset_end(&nic.target.flue);
    poll();
    ck_assert_int_eq(train(UPLINKS_MODE_FAST), UPLINKS_STATUS_NO_UPLINK);
    ck_assert_int_eq(withdraw(), UPLINKS_STATUS_DONE);
}
END_TEST

int main(void)
{
    return RUN_TESTS("uplinks", setup, teardown, what_was_asked_for_is_what_it_does,
                     what_failed_too_often_is_not_tried_again, what_is_lost_counts_too,
                     what_went_well_is_counted_from_there, what_an_event_brought_is_kept,
                     a_reset_sets_nothing);
}
