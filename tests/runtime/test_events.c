/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of the device: when machines see them, with which data, and what becomes of the rest. */
#include "gates.h"

#include <string.h>

#include "flue/priv/spec.h"
#include "suite.h"

static struct gates gates;

static void setup(void)
{
    gates_open(&gates, 4);
}

static void teardown(void)
{
    gates_close(&gates);
}

static const struct flue_stats *stats(void)
{
    return flue_target_stats(&gates.target.flue);
}

static uint64_t ended(void)
{
    return flue_target_shared_stats(&gates.target.flue)->events_ended;
}

static void offload(unsigned i)
{
    gates_ask(&gates, i, rich_initiate);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, i, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, i), RICH_GATE_THERE);
}

static void withdraw(unsigned i)
{
    gates_ask(&gates, i, rich_terminate);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, i, RICH_RESULT_OK));
    gates_poll(&gates);
}

START_TEST(one_moves_an_object_and_the_host_gets_its_data)
{
    offload(0);
    ck_assert(gates_raise(&gates, 0, UINT64_C(0xfedcba9876543210)));
    ck_assert_uint_eq(gates.gate[0].told, 0);
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_uint_eq(gates.gate[0].last.pieces, UINT64_C(0xfedcba9876543210));
    ck_assert_uint_eq(gates.gate[0].last.octets, ~UINT64_C(0xfedcba9876543210));
    ck_assert_uint_eq(stats()->events, 1);
    ck_assert_uint_eq(stats()->indicated, 1);
    withdraw(0);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_FREE);
}
END_TEST

/* The order is that of the calls: the answer has taken effect when the event is seen. */
START_TEST(one_after_the_answer_to_an_add_is_seen_after_it)
{
    gates_ask(&gates, 0, rich_initiate);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    ck_assert(gates_raise(&gates, 0, 5));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_waited, 0);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_int_eq(gates.gate[0].node.Status, RICH_STATUS_GOOD);
}
END_TEST

START_TEST(one_before_the_answer_waits_and_is_seen_before_all_else)
{
    gates_ask(&gates, 0, rich_initiate);
    gates_poll(&gates);
    ck_assert(gates_raise(&gates, 0, 5));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_waited, 1);
    ck_assert_uint_eq(stats()->events, 0);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 5);
    ck_assert_uint_eq(gates.gate[0].completions, 1);
}
END_TEST

/* An update that waits for the gate as well comes behind it, and finds what it has become. */
START_TEST(one_that_waits_comes_before_operations_that_wait)
{
    static struct gate update;
    offload(0);
    gates.gate[0].cached.Address[0] = 7;
    gates_ask(&gates, 0, rich_update);
    gates_poll(&gates);
    ck_assert_int_eq(gates.gate[0].command, 'w');
    update = gates.gate[0];
    memset(update.node.Work, 0, sizeof update.node.Work);
    memset(update.node.MoreWork, 0, sizeof update.node.MoreWork);
    update.node.Context = &gates.gate[0].cell;
    rich_update(&gates.target, &update.node);
    ck_assert(gates_raise(&gates, 0, 1));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->deferred, 1);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_int_eq(gates.gate[0].node.Status, RICH_STATUS_GOOD);
    ck_assert_int_eq(update.node.Status, RICH_STATUS_BAD);
    ck_assert_uint_eq(gates.gate[0].told, 1);
}
END_TEST

/* The gate rests and is in line to be served, where it must not become busy by something else. */
START_TEST(of_an_object_in_line_it_waits_for_its_turn_and_comes_first_then)
{
    static struct gate update;
    offload(0);
    gates.gate[0].cached.Address[0] = 7;
    gates_ask(&gates, 0, rich_update);
    gates_poll(&gates);
    update = gates.gate[0];
    memset(update.node.Work, 0, sizeof update.node.Work);
    memset(update.node.MoreWork, 0, sizeof update.node.MoreWork);
    update.node.Context = &gates.gate[0].cell;
    rich_update(&gates.target, &update.node);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    ck_assert(gates_raise(&gates, 0, 1));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
    ck_assert_uint_eq(stats()->events_waited, 1);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_int_eq(gates.gate[0].node.Status, RICH_STATUS_GOOD);
    ck_assert_int_eq(update.node.Status, RICH_STATUS_BAD);
}
END_TEST

START_TEST(raised_again_it_is_one_with_the_last_data_and_seen_once_more)
{
    offload(0);
    for (uint64_t pieces = 1; pieces <= 1000; pieces++)
        ck_assert(gates_raise(&gates, 0, pieces));
    gates_poll(&gates);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 1000);
    ck_assert_uint_eq(stats()->events, 2);
    ck_assert_uint_eq(stats()->events_dropped, 0);
}
END_TEST

/* The second one came after the answer: lost in the first, nobody would see it in `there`. */
START_TEST(raised_on_both_sides_of_an_answer_it_is_seen_on_both)
{
    offload(1);
    gates_ask(&gates, 0, rich_initiate);
    gates_poll(&gates);
    ck_assert(gates_raise(&gates, 0, 1));
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    ck_assert(gates_raise(&gates, 0, 2));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_waited, 1);
    ck_assert_uint_eq(stats()->events, 2);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 2);
}
END_TEST

START_TEST(of_an_object_that_has_ended_it_is_dropped)
{
    offload(0);
    flue_name old = atomic_load(&gates.gate[0].name);
    const struct rich_gate_spent_data data = {9, ~UINT64_C(9)};
    gates_ask(&gates, 0, rich_terminate);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    ck_assert(gates_raise(&gates, 0, 1)); /* behind the answer that ends it */
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_dropped, 1);
    offload(0);
    ck_assert_uint_eq((uint32_t)old, (uint32_t)atomic_load(&gates.gate[0].name));
    ck_assert(!rich_gate_spent(&gates.target, old, &data));
    ck_assert_uint_eq(ended(), 1);
    gates_poll(&gates);
    ck_assert_uint_eq(gates.gate[0].told, 0);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_THERE);
}
END_TEST

/*
 * An event of the last life is still queued when the next one has its first: that is not seen where
 * the other one stands, before the answer to its own add. Those of other gates keep the owner busy
 * meanwhile, a step in each round of its work.
 */
START_TEST(of_the_next_life_it_is_not_seen_in_the_place_of_the_last)
{
    bool asked = false, raised = false;
    for (unsigned i = 0; i < GATES; i++)
        offload(i);
    flue_name old = atomic_load(&gates.gate[0].name);
    gates_ask(&gates, 0, rich_terminate);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    for (unsigned i = GATES; i-- > 0;)
        ck_assert(gates_raise(&gates, i, 1));
    gates.answers = true;
    while (flue_poll(&gates.target.flue, 1)) {
        if (gates.gate[0].completions == 2 && !asked)
            gates_ask(&gates, 0, rich_initiate), asked = true;
        if (atomic_load(&gates.gate[0].name) != old && !raised) {
            ck_assert_uint_eq(stats()->events_dropped, 0);
            ck_assert(gates_raise(&gates, 0, 2));
            raised = true;
        }
    }
    ck_assert(raised && (uint32_t)old == (uint32_t)atomic_load(&gates.gate[0].name));
    ck_assert_uint_eq(stats()->events_dropped, 1);
    ck_assert_uint_eq(stats()->events_waited, 0);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 2);
}
END_TEST

START_TEST(a_reset_drops_what_is_pending_and_what_waits)
{
    offload(0);
    gates_ask(&gates, 1, rich_initiate);
    gates_poll(&gates);
    ck_assert(gates_raise(&gates, 1, 1)); /* waits for the add */
    gates_poll(&gates);
    ck_assert(gates_raise(&gates, 0, 1)); /* in the queue */
    flue_reset_begin(&gates.target.flue);
    ck_assert(!gates_raise(&gates, 0, 2));
    flue_dma_stopped(&gates.target.flue);
    gates_poll(&gates);
    gates.answers = true;
    flue_reset_end(&gates.target.flue);
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events, 0);
    ck_assert_uint_eq(stats()->events_dropped, 2);
    ck_assert_uint_eq(ended(), 1);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_THERE); /* restored */
    ck_assert(gates_raise(&gates, 0, 3));
    gates_poll(&gates);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 3);
}
END_TEST

static void reset(void)
{
    flue_reset_begin(&gates.target.flue);
    flue_dma_stopped(&gates.target.flue);
    gates_poll(&gates);
    flue_reset_end(&gates.target.flue);
    gates_poll(&gates);
}

/* The first gate is to be added again, which waits for room; meanwhile an event of it is seen. */
static void an_event_before_the_add(void)
{
    offload(0);
    gates.full = true;
    reset();
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_RESTORING);
    ck_assert(gates_raise(&gates, 0, 1));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_waited, 1);
    gates.full = false;
    flue_tick(&gates.target.flue, 2);
    gates_poll(&gates);
    ck_assert_int_eq(gates.gate[0].command, 'a');
}

/* It was about what the hardware had before, and it must not be taken to be about what it gets. */
START_TEST(what_waits_claims_nothing_of_a_new_entry)
{
    an_event_before_the_add();
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_THERE);
    ck_assert_uint_eq(stats()->events_dropped, 1);
    ck_assert_uint_eq(gates.gate[0].told, 0);
}
END_TEST

START_TEST(what_the_new_entry_raises_is_seen_though_one_before_it_waits)
{
    an_event_before_the_add();
    ck_assert(gates_raise(&gates, 0, 2));
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
    ck_assert_uint_eq(stats()->events_dropped, 1);
    ck_assert_uint_eq(stats()->events, 1);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 2);
}
END_TEST

START_TEST(what_was_raised_twice_before_claims_nothing_either)
{
    offload(0);
    gates.full = true;
    reset();
    for (uint64_t pieces = 1; pieces <= 2; pieces++) {
        ck_assert(gates_raise(&gates, 0, pieces));
        gates_poll(&gates);
    }
    gates.full = false;
    flue_tick(&gates.target.flue, 2);
    gates_poll(&gates);
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_THERE);
    ck_assert_uint_eq(stats()->events, 0);
}
END_TEST

/* The same machine, with an event that says nothing of what the hardware has. */
START_TEST(what_claims_nothing_waits_for_the_new_entry)
{
    struct flue_spec spec = *gates.target.flue.spec;
    struct flue_kind kinds[FLUE_MAX_KINDS];
    struct flue_device_event event = spec.kinds[RICH_GATE].events[0];
    memcpy(kinds, spec.kinds, spec.kind_count * sizeof *kinds);
    event.claims = false;
    kinds[RICH_GATE].events = &event;
    spec.kinds = kinds;
    gates.target.flue.spec = &spec;
    an_event_before_the_add();
    ck_assert(gates_answer(&gates, 0, RICH_RESULT_OK));
    gates_poll(&gates);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
    ck_assert_uint_eq(stats()->events_dropped, 0);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 1);
    gates_close(&gates); /* while it has this spec */
    gates_open(&gates, 4);
}
END_TEST

START_TEST(a_removed_device_has_no_events)
{
    offload(0);
    ck_assert(gates_raise(&gates, 0, 1));
    flue_remove(&gates.target.flue);
    flue_dma_stopped(&gates.target.flue);
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_dropped, 1);
    ck_assert_uint_eq(gates.gate[0].told, 0);
}
END_TEST

START_TEST(its_guards_are_asked_when_it_is_seen)
{
    offload(0);
    gates.answers = true;
    gates_ask(&gates, 0, rich_invalidate);
    ck_assert(gates_raise(&gates, 0, 1));
    gates_poll(&gates);
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events, 1);
    ck_assert_uint_eq(gates_state(&gates, 0), RICH_GATE_CORRUPT);
}
END_TEST

static void raise_from_inside(struct gates *g, struct gate *gate)
{
    if (gate->told == 1)
        gates_raise(g, (unsigned)(gate - g->gate), 77);
}

/* From inside of what tells of it: the machine has moved, so it is another one. */
START_TEST(raised_from_inside_the_call_it_comes_next)
{
    offload(0);
    gates.tells = raise_from_inside;
    ck_assert(gates_raise(&gates, 0, 1));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events, 2);
    ck_assert_uint_eq(gates.gate[0].told, 1); /* it stays in `corrupt` */
}
END_TEST

/* Without data, and of nothing that is there. */
START_TEST(no_data_is_zeros_and_odd_names_are_refused)
{
    offload(0);
    gates.gate[0].last.pieces = 1;
    ck_assert(rich_gate_spent(&gates.target, atomic_load(&gates.gate[0].name), NULL));
    gates_poll(&gates);
    ck_assert_uint_eq(gates.gate[0].told, 1);
    ck_assert_uint_eq(gates.gate[0].last.pieces, 0);
    ck_assert(!flue_raise(&gates.target.flue, RICH_GATE, 0, 0, NULL));
    ck_assert(!flue_raise(&gates.target.flue, 99, 1, 0, NULL));
    ck_assert(!flue_raise(&gates.target.flue, RICH_FLOW,
                          flue_object_handle(&gates.target.flue, RICH_FLOW, 0), 0, NULL));
    ck_assert(
        !flue_raise(&gates.target.flue, RICH_GATE, atomic_load(&gates.gate[0].name), 1, NULL));
    ck_assert_uint_eq(ended(), 4);
}
END_TEST

/* A name is known before its first command: what is not in use has no state to see it in. */
START_TEST(of_an_object_that_is_not_in_use_it_is_dropped)
{
    flue_name next = flue_object_handle(&gates.target.flue, RICH_GATE, 3);
    ck_assert(flue_raise(&gates.target.flue, RICH_GATE, next, 0, NULL));
    gates_poll(&gates);
    ck_assert_uint_eq(stats()->events_dropped, 1);
}
END_TEST

/* One pending of each object: no more are needed, and all of them fit. */
START_TEST(every_object_may_have_one_pending)
{
    for (unsigned i = 0; i < GATES; i++)
        offload(i);
    for (unsigned round = 0; round < 100; round++)
        for (unsigned i = 0; i < GATES; i++)
            ck_assert(gates_raise(&gates, i, 100 * i + round));
    while (flue_poll(&gates.target.flue, 1))
        ;
    ck_assert_uint_eq(flue_target_shared_stats(&gates.target.flue)->events_full, 0);
    for (unsigned i = 0; i < GATES; i++) {
        ck_assert_uint_eq(gates.gate[i].told, 1);
        ck_assert_uint_eq(gates.gate[i].last.pieces, 100 * i + 99);
    }
    ck_assert_uint_eq(stats()->events, 2 * GATES);
}
END_TEST

START_TEST(a_step_of_one_has_its_name_in_a_trace)
{
    const struct flue_trace step = {.spec = gates.target.flue.spec,
                                    .what = FLUE_TRACE_STEP,
                                    .operation = FLUE_NO_BYTE,
                                    .kind = RICH_GATE,
                                    .event = FLUE_EVENT_DEVICE,
                                    .old_state = RICH_GATE_THERE,
                                    .state = RICH_GATE_CORRUPT,
                                    .arm = 1};
    char text[128];
    flue_trace_text(&step, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "gate 0 spent: "));
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "events", setup, teardown, one_moves_an_object_and_the_host_gets_its_data,
        one_after_the_answer_to_an_add_is_seen_after_it,
        one_before_the_answer_waits_and_is_seen_before_all_else,
        one_that_waits_comes_before_operations_that_wait,
        of_an_object_in_line_it_waits_for_its_turn_and_comes_first_then,
        raised_again_it_is_one_with_the_last_data_and_seen_once_more,
        raised_on_both_sides_of_an_answer_it_is_seen_on_both,
        of_an_object_that_has_ended_it_is_dropped,
        of_the_next_life_it_is_not_seen_in_the_place_of_the_last,
        a_reset_drops_what_is_pending_and_what_waits, what_waits_claims_nothing_of_a_new_entry,
        what_the_new_entry_raises_is_seen_though_one_before_it_waits,
        what_was_raised_twice_before_claims_nothing_either,
        what_claims_nothing_waits_for_the_new_entry, a_removed_device_has_no_events,
        its_guards_are_asked_when_it_is_seen, raised_from_inside_the_call_it_comes_next,
        no_data_is_zeros_and_odd_names_are_refused, of_an_object_that_is_not_in_use_it_is_dropped,
        every_object_may_have_one_pending, a_step_of_one_has_its_name_in_a_trace);
}
