/* SPDX-License-Identifier: BSD-2-Clause */
/* A device made of spec/example: entries are what it was told, each fault is what it says. */
#include <string.h>

#include "limiter_device.h"
#include "suite.h"

enum { METERS = 4, TICKS_PER_TIMEOUT = 60 };

struct meter {
    struct limiter_node node;
    struct limiter_meter_const port;
    _Alignas(8) struct limiter_meter_cached limits;
    _Alignas(8) struct limiter_meter_delegated count;
};

/* What follows a node that brings limits only, or asks for the count only. */
struct limits {
    struct limiter_node node;
    struct limiter_meter_cached limits;
};
struct count {
    struct limiter_node node;
    struct limiter_meter_delegated count;
};

static struct limiter_device nic;
static struct meter meters[METERS];
static unsigned completions;
static uint64_t now;

static void completed(void *host, struct limiter_node *root)
{
    (void)host, (void)root;
    completions++;
}

static const struct limiter_completions calls = {completed, completed, completed, completed};
static const struct flue_config config = {
    .capacity = {METERS}, .ring_entries = 8, .running_requests = 4, .ticks_per_second = 1000};

static void open_with(const struct flue_device_options *options)
{
    ck_assert_int_eq(limiter_device_open(&nic, &config, options, &calls, NULL), FLUE_OK);
    completions = 0;
    now = 0;
}

static void setup(void)
{
    memset(meters, 0, sizeof meters);
    open_with(NULL);
}

static void teardown(void)
{
    ck_assert_ptr_null(flue_device_complaint(nic.device));
    limiter_device_close(&nic);
}

static void finish(void)
{
    const unsigned before = completions;
    for (unsigned i = 0; i < 1000 && completions == before; i++) {
        while (flue_device_work(nic.device))
            ;
        flue_tick(&nic.target.flue, now += TICKS_PER_TIMEOUT);
    }
    ck_assert_uint_eq(completions, before + 1);
}

static int32_t create(unsigned i, uint32_t rate)
{
    struct meter *m = &meters[i];
    m->node.Kind = LIMITER_TYPE_METER_ALL;
    m->port.Port = 100 + i;
    m->limits = (struct limiter_meter_cached){.RateKbps = rate, .BurstBytes = 9, .Owner = 5};
    limiter_create(&nic, &m->node);
    finish();
    return m->node.Status;
}

static int32_t modify(unsigned i, uint32_t rate)
{
    struct limits l = {.node = {.Kind = LIMITER_TYPE_METER_CACHED, .Meter = meters[i].node.Meter}};
    l.limits = (struct limiter_meter_cached){.RateKbps = rate, .BurstBytes = 9, .Owner = 5};
    limiter_modify(&nic, &l.node);
    finish();
    return l.node.Status;
}

static int32_t ask(unsigned i, void (*operation)(void *, struct limiter_node *), uint64_t *dropped)
{
    struct count c = {
        .node = {.Kind = LIMITER_TYPE_METER_DELEGATED, .Meter = meters[i].node.Meter}};
    operation(&nic, &c.node);
    finish();
    *dropped = c.count.DroppedPackets;
    return c.node.Status;
}

static uint32_t place(unsigned i)
{
    return (uint32_t)meters[i].node.Meter;
}

/* The counters of a device that is still open. */
static struct flue_device_counters counted(void)
{
    struct flue_device_counters c;
    flue_device_counters(nic.device, &c);
    return c;
}

static void strike(enum flue_device_fault fault, uint8_t result)
{
    ck_assert(flue_device_strike(nic.device, FLUE_NO_BYTE, FLUE_NO_BYTE, fault, result));
}

START_TEST(what_is_added_is_there_by_name)
{
    uint64_t value;
    char text[200];
    ck_assert_int_eq(create(0, 1000), LIMITER_STATUS_SUCCESS);
    ck_assert(limiter_device_get(&nic, LIMITER_METER, place(0), "port", &value));
    ck_assert_uint_eq(value, 100);
    ck_assert(limiter_device_get(&nic, LIMITER_METER, place(0), "rate_kbps", &value));
    ck_assert_uint_eq(value, 1000);
    /* The hardware is not told of the owner. */
    ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->owner, 0);
    ck_assert(!limiter_device_get(&nic, LIMITER_METER, place(0), "colour", &value));
    flue_device_text(nic.device, LIMITER_METER, place(0), text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, " port 100 rate_kbps 1000 burst_bytes 9 "));
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 1);
}
END_TEST

START_TEST(what_is_written_is_there_and_what_is_removed_is_not)
{
    uint64_t dropped;
    create(0, 1000);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->rate_kbps, 70);
    ck_assert_int_eq(ask(0, limiter_withdraw, &dropped), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 0);
    ck_assert_ptr_null(limiter_device_meter(&nic, place(0)));
}
END_TEST

START_TEST(what_is_read_is_what_the_device_has_and_it_changes)
{
    uint64_t first, dropped = 0;
    unsigned changes = 0;
    create(0, 1000);
    ask(0, limiter_inspect, &first);
    for (unsigned i = 0; i < 20; i++) {
        ck_assert_int_eq(ask(0, limiter_inspect, &dropped), LIMITER_STATUS_SUCCESS);
        ck_assert_uint_eq(dropped, limiter_device_meter(&nic, place(0))->dropped_packets);
        changes += dropped != first;
    }
    ck_assert_uint_gt(changes, 0);
    const struct flue_device_entry *e = flue_device_entry(nic.device, LIMITER_METER, place(0));
    ask(0, limiter_withdraw, &dropped);
    ck_assert_uint_eq(dropped,
                      ((const struct limiter_device_meter *)(const void *)e)->dropped_packets);
}
END_TEST

START_TEST(a_refused_command_changes_nothing)
{
    create(0, 1000);
    strike(FLUE_DEVICE_REFUSED, FLUE_NO_BYTE);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_IO_ERROR);
    ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->rate_kbps, 1000);
    strike(FLUE_DEVICE_REFUSED, LIMITER_RESULT_BUSY_PORT);
    ck_assert_int_eq(create(1, 5), LIMITER_STATUS_BUSY_PORT);
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 1);
}
END_TEST

START_TEST(what_half_happened_is_written_back)
{
    create(0, 1000);
    for (unsigned i = 0; i < 10; i++) {
        strike(FLUE_DEVICE_HALF_DONE, FLUE_NO_BYTE);
        ck_assert_int_eq(modify(0, 70 + i), LIMITER_STATUS_IO_ERROR);
        ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->rate_kbps, 1000);
    }
    ck_assert_uint_eq(counted().struck[FLUE_DEVICE_HALF_DONE], 10);
}
END_TEST

/* Each of them leaves the runtime without an answer, or with one that it cannot use. */
START_TEST(an_add_without_an_answer_is_taken_back)
{
    static const enum flue_device_fault faults[] = {FLUE_DEVICE_NOT_DONE, FLUE_DEVICE_NO_ANSWER,
                                                    FLUE_DEVICE_UNSURE_DONE,
                                                    FLUE_DEVICE_UNSURE_NOT};
    static const int32_t statuses[] = {LIMITER_STATUS_TIMEOUT, LIMITER_STATUS_TIMEOUT,
                                       LIMITER_STATUS_TIMEOUT, LIMITER_STATUS_TIMEOUT};
    for (unsigned i = 0; i < 4; i++) {
        strike(faults[i], FLUE_NO_BYTE);
        ck_assert_int_eq(create(0, 8), statuses[i]);
        ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 0);
        ck_assert_uint_eq(counted().struck[faults[i]], 1);
    }
}
END_TEST

START_TEST(late_and_repeated_answers_are_nobodys)
{
    create(0, 1000);
    flue_device_options(nic.device)->late_steps = 3;
    strike(FLUE_DEVICE_TWICE, FLUE_NO_BYTE);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_SUCCESS);
    ck_assert(flue_device_idle(nic.device));
    ck_assert_uint_eq(counted().refused_answers, 1);
    strike(FLUE_DEVICE_LATE, FLUE_NO_BYTE);
    struct limits l = {.node = {.Kind = LIMITER_TYPE_METER_CACHED, .Meter = meters[0].node.Meter}};
    l.limits = (struct limiter_meter_cached){.RateKbps = 90, .BurstBytes = 9, .Owner = 5};
    limiter_modify(&nic, &l.node);
    flue_device_work(nic.device);
    flue_tick(&nic.target.flue, now += TICKS_PER_TIMEOUT);
    finish();
    ck_assert_int_eq(l.node.Status, LIMITER_STATUS_TIMEOUT);
    ck_assert_uint_eq(counted().refused_answers, 2);
    ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->rate_kbps, 70);
}
END_TEST

START_TEST(inline_answers_and_a_full_ring_are_no_faults_of_the_outcome)
{
    uint64_t dropped;
    create(0, 1000);
    strike(FLUE_DEVICE_INLINE, FLUE_NO_BYTE);
    ck_assert_int_eq(ask(0, limiter_inspect, &dropped), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(dropped, limiter_device_meter(&nic, place(0))->dropped_packets);
    strike(FLUE_DEVICE_NO_ROOM, FLUE_NO_BYTE);
    ck_assert_int_eq(modify(0, 3), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(counted().ring_full, 1);
    ck_assert_uint_eq(limiter_device_meter(&nic, place(0))->rate_kbps, 3);
}
END_TEST

START_TEST(what_the_device_lost_is_gone)
{
    uint64_t dropped;
    create(0, 1000);
    ck_assert(flue_device_lose(nic.device, LIMITER_METER, place(0)));
    ck_assert(!flue_device_lose(nic.device, LIMITER_METER, place(0)));
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_IO_ERROR);
    ck_assert_int_eq(ask(0, limiter_withdraw, &dropped), LIMITER_STATUS_IO_ERROR);
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 0);
}
END_TEST

START_TEST(a_table_that_is_full_says_so)
{
    flue_device_options(nic.device)->entries[LIMITER_METER] = 1;
    ck_assert_int_eq(create(0, 1), LIMITER_STATUS_SUCCESS);
    ck_assert_int_eq(create(1, 1), LIMITER_STATUS_NO_SPACE);
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 1);
}
END_TEST

START_TEST(a_reset_leaves_nothing)
{
    uint64_t dropped;
    create(0, 1);
    flue_device_reset(nic.device);
    ck_assert_uint_eq(flue_device_count(nic.device, LIMITER_METER), 0);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_BAD_VALUE);
    ck_assert_int_eq(ask(0, limiter_withdraw, &dropped), LIMITER_STATUS_IO_ERROR);
    ck_assert_int_eq(create(1, 1), LIMITER_STATUS_SUCCESS);
}
END_TEST

/* What a runtime that broke its promises would send, by the binding itself. */
START_TEST(what_no_runtime_sends_is_counted_and_told)
{
    create(0, 1000);
    const uint32_t other = place(0) ? 0 : 1;
    const struct limiter_add_meter_args add = {.name = meters[0].node.Meter};
    const struct limiter_write_limits_args other_life = {.name = (UINT64_C(1) << 50) ^ add.name},
                                           nobody = {.name = other}, nowhere = {.name = METERS};
    limiter_device_binding.write_limits(&nic, 1, &nobody);
    while (flue_device_step(nic.device))
        ;
    ck_assert_ptr_nonnull(strstr(flue_device_complaint(nic.device), ": not there"));
    limiter_device_binding.write_limits(&nic, 3, &other_life);
    limiter_device_binding.write_limits(&nic, 4, &nowhere);
    limiter_device_binding.add_meter(&nic, 2, &add);
    while (flue_device_step(nic.device))
        ;
    ck_assert_uint_eq(counted().wrong[FLUE_DEVICE_NOT_THERE], 1);
    ck_assert_uint_eq(counted().wrong[FLUE_DEVICE_OUT_OF_RANGE], 1);
    ck_assert_uint_eq(counted().wrong[FLUE_DEVICE_ADDED_TWICE], 1);
    ck_assert_uint_eq(counted().wrong[FLUE_DEVICE_OTHER_LIFE], 1);
    ck_assert_uint_eq(counted().wrongs, 4);
    limiter_device_close(&nic);
    open_with(NULL);
}
END_TEST

START_TEST(an_answer_given_again_is_nobodys)
{
    ck_assert(!flue_device_answer_again(nic.device, 0));
    create(0, 1000);
    ck_assert(flue_device_answer_again(nic.device, 0));
    limiter_device_binding.add_meter(&nic, 77, &(struct limiter_add_meter_args){.name = 1});
    flue_device_wipe(nic.device);
    ck_assert(flue_device_answer_again(nic.device, 1));
    ck_assert_uint_eq(counted().wrongs, 0);
}
END_TEST

START_TEST(a_ring_of_one_command_is_full_until_it_is_not)
{
    struct meter *m = &meters[0];
    flue_device_options(nic.device)->full[LIMITER_METER] = 1u << LIMITER_METER_ADD_METER;
    m->node.Kind = LIMITER_TYPE_METER_ALL;
    limiter_create(&nic, &m->node);
    for (unsigned i = 0; i < 20; i++, flue_tick(&nic.target.flue, now += 1))
        while (flue_device_work(nic.device))
            ;
    ck_assert_uint_eq(completions, 0);
    ck_assert_uint_eq(counted().taken, 0);
    flue_device_be_good(nic.device);
    finish();
    ck_assert_int_eq(m->node.Status, LIMITER_STATUS_SUCCESS);
}
END_TEST

START_TEST(it_polls_only_who_has_asked_for_it)
{
    struct meter *m = &meters[0];
    ck_assert(!flue_device_woken(nic.device) && !flue_device_poll(nic.device, 100));
    m->node.Kind = LIMITER_TYPE_METER_ALL;
    limiter_create(&nic, &m->node);
    ck_assert(flue_device_woken(nic.device));
    while (flue_device_poll(nic.device, 1))
        ;
    ck_assert(!flue_device_woken(nic.device));
    ck_assert_uint_eq(counted().taken, 1);
    finish();
}
END_TEST

/* Nothing is answered but in a poll; what brings data, too; and by calls once it does not ask. */
START_TEST(a_runtime_that_asks_gets_the_answers_in_its_polls)
{
    const struct flue_device_options options = {.reaps = true};
    struct meter *m = &meters[0];
    uint64_t dropped;
    limiter_device_close(&nic);
    open_with(&options);
    m->node.Kind = LIMITER_TYPE_METER_ALL;
    limiter_create(&nic, &m->node);
    while (flue_device_poll(nic.device, 100))
        ;
    flue_device_step(nic.device);
    flue_device_step(nic.device);
    ck_assert(flue_device_woken(nic.device) && !flue_device_idle(nic.device));
    ck_assert_uint_eq(counted().answered, 0);
    flue_device_poll(nic.device, 100);
    ck_assert(flue_device_idle(nic.device));
    ck_assert_uint_eq(counted().answered, 1);
    ck_assert_uint_eq(completions, 1);
    ck_assert_int_eq(m->node.Status, LIMITER_STATUS_SUCCESS);
    ck_assert_int_eq(ask(0, limiter_inspect, &dropped), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(dropped, limiter_device_meter(&nic, place(0))->dropped_packets);
    strike(FLUE_DEVICE_REFUSED, FLUE_NO_BYTE);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_IO_ERROR);
    flue_device_options(nic.device)->late_steps = 3;
    strike(FLUE_DEVICE_TWICE, FLUE_NO_BYTE);
    ck_assert_int_eq(modify(0, 70), LIMITER_STATUS_SUCCESS);
    while (!flue_device_idle(nic.device))
        flue_device_work(nic.device);
    ck_assert_uint_eq(counted().refused_answers, 1);
}
END_TEST

static unsigned changes;
static uint8_t last_change;

static void changed(void *context, uint8_t kind, uint32_t index, uint8_t command)
{
    ck_assert_ptr_eq(context, &changes);
    ck_assert_uint_eq(kind, LIMITER_METER);
    ck_assert_uint_eq(index, place(0));
    changes++;
    last_change = command;
}

static bool add_dropped(void *context, struct flue_device_entry *entry)
{
    struct limiter_device_meter *m = (struct limiter_device_meter *)(void *)entry;
    m->dropped_packets += *(uint64_t *)context;
    return m->dropped_packets < 100;
}

START_TEST(a_program_does_with_entries_what_a_device_does)
{
    const struct flue_device_options options = {
        .steady = true, .changed = changed, .changed_context = &changes};
    uint64_t dropped, more = 42;
    limiter_device_close(&nic);
    open_with(&options);
    changes = 0;
    create(0, 1000);
    ck_assert_uint_eq(changes, 1);
    ck_assert_uint_eq(last_change, LIMITER_METER_ADD_METER);
    ck_assert_int_eq(ask(0, limiter_inspect, &dropped), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(dropped, 0);
    ck_assert(flue_device_with(nic.device, LIMITER_METER, place(0), add_dropped, &more));
    ck_assert_int_eq(ask(0, limiter_inspect, &dropped), LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(dropped, 42);
    more = 58;
    ck_assert(!flue_device_with(nic.device, LIMITER_METER, place(0), add_dropped, &more));
    ck_assert(!flue_device_with(nic.device, LIMITER_METER, METERS, add_dropped, &more));
    ck_assert(flue_device_lose(nic.device, LIMITER_METER, place(0)));
    ck_assert_uint_eq(last_change, FLUE_NO_BYTE);
    ck_assert(!flue_device_with(nic.device, LIMITER_METER, place(0), add_dropped, &more));
    changes = 0;
    flue_device_wipe(nic.device);
    ck_assert_uint_eq(changes, 0); /* it had none any more */
}
END_TEST

START_TEST(a_late_answer_waits_until_it_is_called)
{
    const struct flue_device_options options = {.late_steps = UINT32_MAX / 2};
    limiter_device_close(&nic);
    open_with(&options);
    strike(FLUE_DEVICE_LATE, FLUE_NO_BYTE);
    meters[0].node.Kind = LIMITER_TYPE_METER_ALL;
    limiter_create(&nic, &meters[0].node);
    for (unsigned i = 0; i < 100; i++)
        flue_device_work(nic.device);
    ck_assert_uint_eq(counted().answered, 0);
    flue_device_hurry(nic.device);
    flue_device_work(nic.device);
    ck_assert_uint_eq(counted().answered, 1);
    ck_assert_uint_eq(completions, 1);
    ck_assert_int_eq(meters[0].node.Status, LIMITER_STATUS_SUCCESS);
}
END_TEST

START_TEST(its_own_thread_does_the_same)
{
    const struct flue_device_options options = {.seed = 3, .latency_max = 2, .answer_max = 3};
    limiter_device_close(&nic);
    open_with(&options);
    struct meter *m = &meters[0];
    m->node.Kind = LIMITER_TYPE_METER_ALL;
    m->node.Status = 77;
    ck_assert(flue_device_start(nic.device));
    limiter_create(&nic, &m->node);
    while (flue_device_count(nic.device, LIMITER_METER) == 0)
        ;
    flue_device_stop(nic.device);
    while (flue_device_work(nic.device))
        ;
    ck_assert_int_eq(m->node.Status, LIMITER_STATUS_SUCCESS);
    ck_assert_uint_eq(completions, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "device_meters", setup, teardown, what_is_added_is_there_by_name,
        what_is_written_is_there_and_what_is_removed_is_not,
        what_is_read_is_what_the_device_has_and_it_changes, a_refused_command_changes_nothing,
        what_half_happened_is_written_back, an_add_without_an_answer_is_taken_back,
        late_and_repeated_answers_are_nobodys,
        inline_answers_and_a_full_ring_are_no_faults_of_the_outcome, what_the_device_lost_is_gone,
        a_table_that_is_full_says_so, a_reset_leaves_nothing, an_answer_given_again_is_nobodys,
        a_ring_of_one_command_is_full_until_it_is_not, it_polls_only_who_has_asked_for_it,
        what_no_runtime_sends_is_counted_and_told, a_program_does_with_entries_what_a_device_does,
        a_late_answer_waits_until_it_is_called, its_own_thread_does_the_same,
        a_runtime_that_asks_gets_the_answers_in_its_polls);
}
