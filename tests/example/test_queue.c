/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests that are judged by values: those they bring, the object's own, the driver's limits.
 */
#include <stdlib.h>
#include <string.h>

#include "queue.h"
#include "suite.h"

/* A port that answers at once; what it was told last is what it does. */
struct port {
    struct queue_target target;
    enum queue_result answer; /* to everything but a removal */
    bool made;
    uint32_t rate;
    uint8_t service;
    struct queue_drain_queue_args drained; /* the last order of that kind */
    unsigned orders, completions;
};
QUEUE_ADAPTER_BEGINS_WITH(struct port, target);

static struct port port;
static void *memory;

static struct {
    struct queue_node node;
    _Alignas(8) struct queue_line_const place;
    _Alignas(8) struct queue_line_cached limits;
} line;

static struct {
    struct queue_node node;
    _Alignas(8) struct queue_line_cached limits;
    _Alignas(8) struct queue_line_request asked;
} change;

static struct {
    struct queue_node node;
    _Alignas(8) struct queue_line_request asked;
} drain;

static bool take(flue_cookie cookie, enum queue_result result)
{
    port.orders++;
    queue_done(&port.target, cookie, result);
    return result == QUEUE_RESULT_OK;
}

static enum flue_issued add(void *adapter, flue_cookie cookie,
                            const struct queue_add_queue_args *args)
{
    (void)adapter;
    if (take(cookie, port.answer)) {
        port.made = true;
        port.rate = args->rate;
        port.service = args->service;
    }
    return FLUE_ISSUED;
}

static enum flue_issued write_rate(void *adapter, flue_cookie cookie,
                                   const struct queue_write_rate_args *args)
{
    (void)adapter;
    if (take(cookie, port.answer)) {
        port.rate = args->rate;
        port.service = args->service;
    }
    port.answer = QUEUE_RESULT_OK; /* it takes back what it refused */
    return FLUE_ISSUED;
}

/* It has no room for the first order after `full` was set: that waits. */
static bool full;

static enum flue_issued drain_queue(void *adapter, flue_cookie cookie,
                                    const struct queue_drain_queue_args *args)
{
    (void)adapter;
    if (full)
        return FLUE_RING_FULL;
    port.drained = *args;
    take(cookie, port.answer);
    return FLUE_ISSUED;
}

static enum flue_issued remove_queue(void *adapter, flue_cookie cookie,
                                     const struct queue_remove_queue_args *args)
{
    (void)adapter, (void)args;
    port.made &= !take(cookie, QUEUE_RESULT_OK);
    return FLUE_ISSUED;
}

static void completed(void *host_handle, struct queue_node *root)
{
    (void)host_handle, (void)root;
    port.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct queue_binding binding = {.add_queue = add,
                                             .write_rate = write_rate,
                                             .drain_queue = drain_queue,
                                             .remove_queue = remove_queue};
static const struct queue_completions completions = {completed, completed, completed, completed};

static void setup(void)
{
    struct flue_config config = {.capacity = {4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    config.parameters[QUEUE_PARAMETER_MOST_KBPS] = 5000;
    config.parameters[QUEUE_PARAMETER_MOST_DEEP] = 12;
    size_t bytes = (queue_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(queue_init(&port.target, &config, &binding, &completions, NULL, memory, bytes),
                     FLUE_OK);
    port.answer = QUEUE_RESULT_OK;
    full = false;
    line.node.Kind = QUEUE_TYPE_LINE_ALL;
    line.node.Handle = 0;
    line.place = (struct queue_line_const){.Port = 1, .Depth = 8, .Fastest = 4000};
    line.limits = (struct queue_line_cached){.Rate = 1000, .Burst = 1500};
}

static void teardown(void)
{
    free(memory);
}

static int run(void (*operation)(void *adapter, struct queue_node *root), struct queue_node *node)
{
    unsigned before = port.completions;
    port.orders = 0;
    operation(&port, node);
    for (unsigned i = 0; i < 100 && port.completions == before; i++)
        flue_poll(&port.target.flue, 64);
    ck_assert_uint_eq(port.completions, before + 1);
    return node->Status;
}

static int modify_asking(uint32_t rate, uint8_t service, int16_t early, uint8_t left)
{
    change.node.Kind = QUEUE_TYPE_LINE_CACHED_REQUEST;
    change.node.Handle = line.node.Handle;
    change.asked.Left = left;
    change.limits =
        (struct queue_line_cached){.Rate = rate, .Burst = 1500, .Service = service, .Early = early};
    return run(queue_modify, &change.node);
}

static int modify(uint32_t rate, uint8_t service, int16_t early)
{
    return modify_asking(rate, service, early, 8);
}

static int drain_to(uint8_t left, uint8_t haste)
{
    drain.node.Kind = QUEUE_TYPE_LINE_REQUEST;
    drain.node.Handle = line.node.Handle;
    drain.asked = (struct queue_line_request){.Left = left, .Haste = haste};
    return run(queue_drain, &drain.node);
}

START_TEST(a_new_object_is_judged_by_what_it_brings)
{
    line.limits.Rate = 5001; /* more than the driver lets any have */
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_INVALID);
    line.limits.Rate = 4001; /* more than its port can do */
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_INVALID);
    line.limits.Rate = 4000;
    line.place.Depth = 12; /* as deep as no queue may be */
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_INVALID);
    ck_assert_uint_eq(port.orders, 0);
    line.place.Depth = 11;
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert(port.made && port.rate == 4000);
}
END_TEST

/* The node of an update has no const variables: they are the object's own. */
START_TEST(a_const_variable_is_asked_where_no_node_brings_it)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert_int_eq(modify(4001, QUEUE_SERVICE_BULK, 0), QUEUE_STATUS_INVALID);
    ck_assert_uint_eq(port.orders, 0);
    ck_assert_int_eq(modify(4000, QUEUE_SERVICE_BULK, 0), QUEUE_STATUS_DONE);
    ck_assert_uint_eq(port.rate, 4000);
}
END_TEST

START_TEST(what_is_brought_is_held_against_what_was)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert_int_eq(modify(1001, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_INVALID);
    ck_assert_int_eq(modify(1000, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_DONE);
    ck_assert_int_eq(modify(2000, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_DONE);
    ck_assert(port.rate == 2000 && port.service == QUEUE_SERVICE_URGENT);
}
END_TEST

START_TEST(numbers_below_nothing_are_small)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert_int_eq(modify(1000, QUEUE_SERVICE_BULK, -1000), QUEUE_STATUS_INVALID);
    ck_assert_int_eq(modify(1000, QUEUE_SERVICE_BULK, -999), QUEUE_STATUS_DONE);
}
END_TEST

/* What a failed update brought is nobody's: the questions after it are about the old values. */
START_TEST(a_failure_leaves_the_values_that_are_asked_for)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    port.answer = QUEUE_RESULT_FAILURE;
    ck_assert_int_eq(modify(900, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_BROKEN);
    ck_assert_uint_eq(port.orders, 2);
    ck_assert(port.rate == 1000 && port.service == QUEUE_SERVICE_BULK);
    ck_assert_int_eq(drain_to(8, 0), QUEUE_STATUS_DONE); /* it is not urgent */
    ck_assert_int_eq(modify(1001, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_INVALID);
    ck_assert_int_eq(modify(900, QUEUE_SERVICE_URGENT, 0), QUEUE_STATUS_DONE);
    ck_assert_int_eq(drain_to(8, 0), QUEUE_STATUS_INVALID);
}
END_TEST

/* Its arguments are the request's own: nothing of an earlier one is left, nor in the object. */
START_TEST(a_request_is_judged_and_carried_out_by_what_it_says)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert_int_eq(drain_to(9, QUEUE_SERVICE_BULK), QUEUE_STATUS_INVALID);
    ck_assert_int_eq(drain_to(8, QUEUE_SERVICE_NORMAL), QUEUE_STATUS_INVALID);
    ck_assert_uint_eq(port.orders, 0);
    ck_assert_int_eq(drain_to(8, QUEUE_SERVICE_BULK), QUEUE_STATUS_DONE);
    ck_assert_uint_eq(port.drained.left, 8);
    ck_assert_int_eq(drain_to(3, QUEUE_SERVICE_BULK), QUEUE_STATUS_DONE);
    ck_assert_uint_eq(port.drained.left, 3);
    port.answer = QUEUE_RESULT_FAILURE;
    ck_assert_int_eq(drain_to(2, QUEUE_SERVICE_BULK), QUEUE_STATUS_BROKEN);
    ck_assert_uint_eq(port.drained.left, 2);
}
END_TEST

START_TEST(an_update_may_have_arguments_beside_its_values)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    ck_assert_int_eq(modify_asking(900, QUEUE_SERVICE_NORMAL, 0, 9), QUEUE_STATUS_INVALID);
    ck_assert_uint_eq(port.rate, 1000);
    ck_assert_int_eq(modify_asking(900, QUEUE_SERVICE_NORMAL, 0, 8), QUEUE_STATUS_DONE);
    ck_assert(port.rate == 900 && port.service == QUEUE_SERVICE_NORMAL);
    ck_assert_int_eq(drain_to(8, QUEUE_SERVICE_NORMAL), QUEUE_STATUS_DONE);
}
END_TEST

/* As long as an order waits for room, so does its request, and with it what it says. */
START_TEST(an_order_that_waits_keeps_its_arguments)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    drain.node.Kind = QUEUE_TYPE_LINE_REQUEST;
    drain.node.Handle = line.node.Handle;
    drain.asked = (struct queue_line_request){.Left = 5};
    full = true;
    unsigned before = port.completions;
    queue_drain(&port, &drain.node);
    for (unsigned i = 0; i < 3; i++)
        flue_poll(&port.target.flue, 64);
    ck_assert_uint_eq(port.completions, before);
    full = false;
    flue_tick(&port.target.flue, 1);
    for (unsigned i = 0; i < 100 && port.completions == before; i++)
        flue_poll(&port.target.flue, 64);
    ck_assert_int_eq(drain.node.Status, QUEUE_STATUS_DONE);
    ck_assert_uint_eq(port.drained.left, 5);
}
END_TEST

/* A node without the arguments is none that the operation can serve. */
START_TEST(a_request_without_its_arguments_is_refused)
{
    ck_assert_int_eq(run(queue_create, &line.node), QUEUE_STATUS_DONE);
    change.node.Kind = QUEUE_TYPE_LINE_CACHED;
    change.node.Handle = line.node.Handle;
    ck_assert_int_eq(run(queue_drain, &change.node), QUEUE_STATUS_NO_QUEUE);
    ck_assert_int_eq(run(queue_modify, &change.node), QUEUE_STATUS_NO_QUEUE);
    ck_assert_uint_eq(port.orders, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "queue", setup, teardown, a_new_object_is_judged_by_what_it_brings,
        a_const_variable_is_asked_where_no_node_brings_it, what_is_brought_is_held_against_what_was,
        numbers_below_nothing_are_small, a_failure_leaves_the_values_that_are_asked_for,
        a_request_is_judged_and_carried_out_by_what_it_says,
        an_update_may_have_arguments_beside_its_values, an_order_that_waits_keeps_its_arguments,
        a_request_without_its_arguments_is_refused);
}
