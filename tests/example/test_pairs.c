/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What follows depends on how a command ended, and on what its answer brought: what the hardware
 * refused leaves the pair where it was, what was lost does not. A look leads back to where it was.
 */
#include <stdlib.h>
#include <string.h>

#include "pairs.h"
#include "suite.h"

enum { SILENCE = 255, ORDERS = 64 };

/* Hardware that answers at once, as it was told to; what it does not refuse it does. */
struct nic {
    struct pairs_target target;
    char orders[ORDERS];      /* a letter each, as they came */
    uint8_t answers['z' + 1]; /* to the next of each; then it does again as it is told */
    uint8_t times['z' + 1];   /* so often beside */
    uint8_t next;             /* to the one after it */
    flue_cookie cookies['z' + 1];
    bool made, sends, full;
    uint32_t rate, credit;
    struct pairs_read_pair_data seen;
    unsigned completions;
    uint64_t now;
};
PAIRS_ADAPTER_BEGINS_WITH(struct nic, target);

static struct nic nic;
static void *memory;

static struct pair {
    struct pairs_node node;
    struct pairs_pair_const place;
    _Alignas(8) struct pairs_pair_cached limits;
} pair;

static struct change {
    struct pairs_node node;
    _Alignas(8) struct pairs_pair_cached limits;
} change;

static struct seen {
    struct pairs_node node;
    _Alignas(8) struct pairs_pair_delegated values;
} seen;

/* Whether the order is carried out. Silence is no refusal: it was done, and nobody is told. */
static bool take(char letter, flue_cookie cookie)
{
    uint8_t answer = nic.answers[(unsigned char)letter];
    nic.orders[strlen(nic.orders)] = letter;
    nic.cookies[(unsigned char)letter] = cookie;
    if (nic.times[(unsigned char)letter])
        nic.times[(unsigned char)letter]--;
    else
        nic.answers[(unsigned char)letter] = nic.next;
    nic.next = PAIRS_RESULT_OK;
    if (answer == PAIRS_RESULT_OK && letter == 'l')
        pairs_read_pair_done(&nic.target, cookie, answer, &nic.seen);
    else if (answer != SILENCE)
        pairs_done(&nic.target, cookie, answer);
    return answer == PAIRS_RESULT_OK || answer == SILENCE;
}

static enum flue_issued make_pair(void *adapter, flue_cookie cookie,
                                  const struct pairs_make_pair_args *args)
{
    (void)adapter;
    if (take('m', cookie)) {
        nic.made = true;
        nic.rate = args->rate;
        nic.credit = args->credit;
    }
    return FLUE_ISSUED;
}

static enum flue_issued start_pair(void *adapter, flue_cookie cookie,
                                   const struct pairs_start_pair_args *args)
{
    (void)adapter, (void)args;
    nic.sends |= take('s', cookie);
    return FLUE_ISSUED;
}

static enum flue_issued read_pair(void *adapter, flue_cookie cookie,
                                  const struct pairs_read_pair_args *args)
{
    (void)adapter, (void)args;
    take('l', cookie);
    return FLUE_ISSUED;
}

static enum flue_issued write_rate(void *adapter, flue_cookie cookie,
                                   const struct pairs_write_rate_args *args)
{
    (void)adapter;
    if (take('r', cookie))
        nic.rate = args->rate;
    return FLUE_ISSUED;
}

static enum flue_issued write_credit(void *adapter, flue_cookie cookie,
                                     const struct pairs_write_credit_args *args)
{
    (void)adapter;
    if (nic.full)
        return FLUE_RING_FULL;
    if (take('c', cookie))
        nic.credit = args->credit;
    return FLUE_ISSUED;
}

static enum flue_issued remove_pair(void *adapter, flue_cookie cookie,
                                    const struct pairs_remove_pair_args *args)
{
    (void)adapter, (void)args;
    if (take('d', cookie))
        nic.made = nic.sends = false;
    return FLUE_ISSUED;
}

static void completed(void *host_handle, struct pairs_node *root)
{
    (void)host_handle, (void)root;
    nic.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct pairs_binding binding = {.make_pair = make_pair,
                                             .start_pair = start_pair,
                                             .read_pair = read_pair,
                                             .write_rate = write_rate,
                                             .write_credit = write_credit,
                                             .remove_pair = remove_pair};
static const struct pairs_completions completions = {completed, completed, completed, completed,
                                                     completed};

static void setup(void)
{
    struct flue_config config = {.capacity = {4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (pairs_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(pairs_init(&nic.target, &config, &binding, &completions, NULL, memory, bytes),
                     FLUE_OK);
    nic.seen = (struct pairs_read_pair_data){.does = PAIRS_MODE_RUNNING, .sent = 5};
    pair.node.Kind = PAIRS_TYPE_PAIR_ALL;
    pair.limits = (struct pairs_pair_cached){.Rate = 7, .Credit = 3};
}

static void teardown(void)
{
    free(memory);
}

static void answer(char letter, uint8_t result)
{
    nic.answers[(unsigned char)letter] = result;
}

/* The status of the operation, and in nic.orders what the hardware was told for it. */
static int run(void (*operation)(void *adapter, struct pairs_node *root), struct pairs_node *node)
{
    unsigned before = nic.completions;
    memset(nic.orders, 0, sizeof nic.orders);
    operation(&nic, node);
    for (unsigned i = 0; i < 100 && nic.completions == before; i++) {
        flue_poll(&nic.target.flue, 64);
        nic.now += 10;
        flue_tick(&nic.target.flue, nic.now);
    }
    ck_assert_uint_eq(nic.completions, before + 1);
    return node->Status;
}

static int modify(uint32_t rate, uint32_t credit)
{
    change.node.Kind = PAIRS_TYPE_PAIR_CACHED;
    change.node.Handle = pair.node.Handle;
    change.limits = (struct pairs_pair_cached){.Rate = rate, .Credit = credit};
    return run(pairs_modify, &change.node);
}

static void made(void)
{
    pair.node.Handle = 0;
    ck_assert_int_eq(run(pairs_create, &pair.node), PAIRS_STATUS_DONE);
    ck_assert(nic.made);
}

static void poll_at(uint64_t now)
{
    flue_tick(&nic.target.flue, now);
    for (unsigned i = 0; i < 10; i++)
        flue_poll(&nic.target.flue, 64);
}

/* It is tried again twice. */
static void refuse(uint8_t times)
{
    answer('s', PAIRS_RESULT_REFUSED);
    nic.times['s'] = (uint8_t)(times - 1);
}

START_TEST(what_is_refused_leaves_the_pair_where_it_was)
{
    made();
    refuse(3);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_AGAIN);
    ck_assert_str_eq(nic.orders, "sss");
    ck_assert(!nic.sends);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE);
    ck_assert_str_eq(nic.orders, "s");
    ck_assert(nic.sends);
}
END_TEST

START_TEST(what_is_refused_is_tried_again)
{
    made();
    refuse(2);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE);
    ck_assert_str_eq(nic.orders, "sss");
    ck_assert(nic.sends);
}
END_TEST

/* What counts is how it ended the last time. */
static void the_second_ends(uint8_t result, int status)
{
    made();
    answer('s', PAIRS_RESULT_REFUSED);
    pairs_ready(&nic, &pair.node);
    nic.next = result;
    poll_at(nic.now);
    poll_at(nic.now += 30);
    ck_assert_str_eq(nic.orders, "mss");
    ck_assert_int_eq(pair.node.Status, status);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR); /* it is in_error */
}

START_TEST(what_fails_in_another_way_then_is_not)
{
    the_second_ends(PAIRS_RESULT_FAILURE, PAIRS_STATUS_BROKEN);
}
END_TEST

START_TEST(what_is_lost_then_is_not)
{
    the_second_ends(SILENCE, PAIRS_STATUS_LOST);
}
END_TEST

START_TEST(a_reset_ends_it)
{
    made();
    answer('s', PAIRS_RESULT_REFUSED);
    pairs_ready(&nic, &pair.node);
    nic.next = SILENCE;
    poll_at(nic.now);
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    flue_reset_end(&nic.target.flue);
    poll_at(nic.now);
    ck_assert_str_eq(nic.orders, "mss");
    ck_assert_int_eq(pair.node.Status, PAIRS_STATUS_BROKEN);
}
END_TEST

static void start_ends(uint8_t result, int status)
{
    made();
    answer('s', result);
    ck_assert_int_eq(run(pairs_ready, &pair.node), status);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR); /* it is in_error */
    ck_assert_int_eq(run(pairs_withdraw, &pair.node), PAIRS_STATUS_DONE);
}

START_TEST(what_failed_in_another_way_does_not)
{
    start_ends(PAIRS_RESULT_FAILURE, PAIRS_STATUS_BROKEN);
}
END_TEST

START_TEST(what_is_lost_does_not)
{
    start_ends(SILENCE, PAIRS_STATUS_LOST);
    ck_assert(!pairs_done(&nic.target, nic.cookies['s'], PAIRS_RESULT_REFUSED));
}
END_TEST

START_TEST(an_add_that_was_refused_is_not_taken_back)
{
    answer('m', PAIRS_RESULT_REFUSED);
    ck_assert_int_eq(run(pairs_create, &pair.node), PAIRS_STATUS_AGAIN);
    ck_assert_str_eq(nic.orders, "m");
    answer('m', PAIRS_RESULT_NO_SPACE);
    ck_assert_int_eq(run(pairs_create, &pair.node), PAIRS_STATUS_FULL);
    ck_assert_str_eq(nic.orders, "m");
    ck_assert_uint_eq(nic.target.flue.pools[0].in_use, 0);
}
END_TEST

START_TEST(an_add_that_was_lost_is)
{
    answer('m', SILENCE);
    ck_assert_int_eq(run(pairs_create, &pair.node), PAIRS_STATUS_LOST);
    ck_assert_str_eq(nic.orders, "md");
    ck_assert(!nic.made);
}
END_TEST

START_TEST(an_add_of_which_the_driver_knows_nothing_is_too)
{
    answer('m', PAIRS_RESULT_UNSURE);
    ck_assert_int_eq(run(pairs_create, &pair.node), PAIRS_STATUS_LOST);
    ck_assert_str_eq(nic.orders, "md");
}
END_TEST

/* Both writes are out; the second is answered first; what counts is the first that was sent. */
static void both_fail(uint8_t rate, uint8_t credit, int status)
{
    made();
    answer('r', SILENCE);
    answer('c', SILENCE);
    unsigned before = nic.completions;
    change.node.Kind = PAIRS_TYPE_PAIR_CACHED;
    change.node.Handle = pair.node.Handle;
    change.limits = (struct pairs_pair_cached){.Rate = 8, .Credit = 4};
    pairs_modify(&nic, &change.node);
    flue_poll(&nic.target.flue, 64);
    ck_assert(pairs_done(&nic.target, nic.cookies['c'], credit));
    ck_assert(pairs_done(&nic.target, nic.cookies['r'], rate));
    poll_at(nic.now);
    ck_assert_uint_eq(nic.completions, before + 1);
    ck_assert_int_eq(change.node.Status, status);
}

START_TEST(of_several_the_first_that_was_sent_counts)
{
    both_fail(PAIRS_RESULT_REFUSED, PAIRS_RESULT_FAILURE, PAIRS_STATUS_AGAIN);
    ck_assert_uint_eq(nic.credit, 3);
}
END_TEST

START_TEST(of_several_the_second_does_not_count_for_the_first)
{
    both_fail(PAIRS_RESULT_UNSURE, PAIRS_RESULT_REFUSED, PAIRS_STATUS_BROKEN);
    ck_assert(nic.rate == 7 && nic.credit == 3);
}
END_TEST

/* Its second write waits behind another pair's, and is given up with it. */
START_TEST(of_one_that_was_sent_and_one_that_was_not_the_first_counts)
{
    static struct pair other;
    other = pair;
    made();
    ck_assert_int_eq(run(pairs_create, &other.node), PAIRS_STATUS_DONE);
    uint64_t begin = nic.now;
    nic.full = true;
    change.node.Kind = PAIRS_TYPE_PAIR_CACHED;
    change.node.Handle = other.node.Handle;
    change.limits = (struct pairs_pair_cached){.Rate = 7, .Credit = 4};
    static struct change second;
    second = change;
    second.node.Handle = pair.node.Handle;
    second.limits.Rate = 8;
    pairs_modify(&nic, &change.node);
    poll_at(begin);
    answer('r', SILENCE);
    flue_tick(&nic.target.flue, begin + 15);
    pairs_modify(&nic, &second.node);
    poll_at(begin + 15);
    poll_at(begin + 25);
    ck_assert_uint_eq(nic.target.flue.stats.unsent, 2);
    ck_assert(pairs_done(&nic.target, nic.cookies['r'], PAIRS_RESULT_REFUSED));
    poll_at(begin + 25);
    ck_assert_int_eq(change.node.Status, PAIRS_STATUS_BROKEN);
    ck_assert_int_eq(second.node.Status, PAIRS_STATUS_AGAIN);
}
END_TEST

START_TEST(a_result_is_asked_for_after_the_undo_too)
{
    made();
    answer('c', PAIRS_RESULT_REFUSED);
    ck_assert_int_eq(modify(8, 4), PAIRS_STATUS_AGAIN);
    ck_assert_uint_eq(nic.rate, 7);
    answer('c', PAIRS_RESULT_FAILURE);
    ck_assert_int_eq(modify(8, 4), PAIRS_STATUS_BROKEN);
    ck_assert_uint_eq(nic.rate, 7);
}
END_TEST

static void sending(void)
{
    made();
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE);
    seen.node.Kind = PAIRS_TYPE_PAIR_DELEGATED;
    seen.node.Handle = pair.node.Handle;
}

START_TEST(what_an_answer_brings_decides_what_follows)
{
    sending();
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_uint_eq(seen.values.Sent, 5);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR); /* it is sending */
    nic.seen.does = PAIRS_MODE_IDLE;
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE); /* it was in init */
}
END_TEST

START_TEST(what_a_former_answer_brought_does_not)
{
    sending();
    nic.seen.does = PAIRS_MODE_IDLE;
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE);
    answer('l', PAIRS_RESULT_FAILURE);
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_BROKEN);
    nic.seen.does = PAIRS_MODE_RUNNING;
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR);
}
END_TEST

START_TEST(a_look_leads_back_to_where_the_pair_was)
{
    made();
    seen.node.Kind = PAIRS_TYPE_PAIR_DELEGATED;
    seen.node.Handle = pair.node.Handle;
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_str_eq(nic.orders, "l");
    answer('l', SILENCE);
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_LOST);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_DONE); /* it was in init */
    answer('l', PAIRS_RESULT_FAILURE);
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_BROKEN);
    ck_assert_int_eq(run(pairs_look, &seen.node), PAIRS_STATUS_DONE);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR); /* it is sending */
}
END_TEST

START_TEST(a_reset_during_a_look_leads_where_all_resets_do)
{
    sending();
    answer('l', SILENCE);
    pairs_look(&nic, &seen.node);
    flue_poll(&nic.target.flue, 64);
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    nic.made = nic.sends = false;
    flue_reset_end(&nic.target.flue);
    poll_at(nic.now);
    ck_assert_int_eq(seen.node.Status, PAIRS_STATUS_BROKEN);
    ck_assert_int_eq(run(pairs_ready, &pair.node), PAIRS_STATUS_NO_PAIR);
    ck_assert_int_eq(run(pairs_withdraw, &pair.node), PAIRS_STATUS_DONE);
    ck_assert_str_eq(nic.orders, "");
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "pairs", setup, teardown, what_is_refused_leaves_the_pair_where_it_was,
        what_is_refused_is_tried_again, what_fails_in_another_way_then_is_not,
        what_is_lost_then_is_not, a_reset_ends_it, what_failed_in_another_way_does_not,
        what_is_lost_does_not, an_add_that_was_refused_is_not_taken_back, an_add_that_was_lost_is,
        an_add_of_which_the_driver_knows_nothing_is_too, of_several_the_first_that_was_sent_counts,
        of_several_the_second_does_not_count_for_the_first,
        of_one_that_was_sent_and_one_that_was_not_the_first_counts,
        a_result_is_asked_for_after_the_undo_too, what_an_answer_brings_decides_what_follows,
        what_a_former_answer_brought_does_not, a_look_leads_back_to_where_the_pair_was,
        a_reset_during_a_look_leads_where_all_resets_do);
}
