/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queue pairs that are brought up step by step: what each step needs, and what it may have besides.
 */
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "verbs.h"

/* A device that answers at once; what it was told last is what it does. */
struct nic {
    struct verbs_target target;
    enum verbs_result answer; /* to the next order; after it all is well */
    bool made;
    uint8_t port, retry;
    uint32_t access, path;
    unsigned orders, completions;
};
VERBS_ADAPTER_BEGINS_WITH(struct nic, target);

static struct nic nic;
static void *memory;

static struct {
    struct verbs_node node;
    _Alignas(8) struct verbs_qp_const size;
    _Alignas(8) struct verbs_qp_cached attr;
} qp;

static struct {
    struct verbs_node node;
    _Alignas(8) struct verbs_qp_cached attr;
    _Alignas(8) struct verbs_qp_request step;
} change;

static bool take(flue_cookie cookie)
{
    enum verbs_result result = nic.answer;
    nic.answer = VERBS_RESULT_OK;
    nic.orders++;
    verbs_done(&nic.target, cookie, result);
    return result == VERBS_RESULT_OK;
}

static enum flue_issued make_qp(void *adapter, flue_cookie cookie,
                                const struct verbs_make_qp_args *args)
{
    (void)adapter, (void)args;
    nic.made = take(cookie);
    return FLUE_ISSUED;
}

static enum flue_issued write_port(void *adapter, flue_cookie cookie,
                                   const struct verbs_write_port_args *args)
{
    (void)adapter;
    if (take(cookie))
        nic.port = args->port;
    return FLUE_ISSUED;
}

static enum flue_issued write_access(void *adapter, flue_cookie cookie,
                                     const struct verbs_write_access_args *args)
{
    (void)adapter;
    if (take(cookie))
        nic.access = (args->may_read ? 1u : 0) | (args->may_write ? 2u : 0);
    return FLUE_ISSUED;
}

static enum flue_issued write_path(void *adapter, flue_cookie cookie,
                                   const struct verbs_write_path_args *args)
{
    (void)adapter;
    if (take(cookie)) {
        nic.path = args->path;
        nic.retry = args->retry;
    }
    return FLUE_ISSUED;
}

static enum flue_issued write_retry(void *adapter, flue_cookie cookie,
                                    const struct verbs_write_retry_args *args)
{
    (void)adapter;
    if (take(cookie))
        nic.retry = args->retry;
    return FLUE_ISSUED;
}

static enum flue_issued destroy_qp(void *adapter, flue_cookie cookie,
                                   const struct verbs_destroy_qp_args *args)
{
    (void)adapter, (void)args;
    nic.made &= !take(cookie);
    return FLUE_ISSUED;
}

static void completed(void *host_handle, struct verbs_node *root)
{
    (void)host_handle, (void)root;
    nic.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct verbs_binding binding = {.make_qp = make_qp,
                                             .write_port = write_port,
                                             .write_access = write_access,
                                             .write_path = write_path,
                                             .write_retry = write_retry,
                                             .destroy_qp = destroy_qp};
static const struct verbs_completions completions = {completed, completed, completed, completed};

static int run(void (*operation)(void *adapter, struct verbs_node *root), struct verbs_node *node)
{
    unsigned before = nic.completions;
    nic.orders = 0;
    operation(&nic, node);
    for (unsigned i = 0; i < 100 && nic.completions == before; i++)
        flue_poll(&nic.target.flue, 64);
    ck_assert_uint_eq(nic.completions, before + 1);
    return node->Status;
}

static void setup(void)
{
    struct flue_config config = {.capacity = {4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (verbs_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    memset(&nic, 0, sizeof nic);
    memset(&change, 0, sizeof change);
    ck_assert_int_eq(verbs_init(&nic.target, &config, &binding, &completions, NULL, memory, bytes),
                     FLUE_OK);
    nic.answer = VERBS_RESULT_OK;
    qp.node.Kind = VERBS_TYPE_QP_ALL;
    qp.node.Handle = 0;
    qp.size.Depth = 16;
    ck_assert_int_eq(run(verbs_create, &qp.node), VERBS_STATUS_DONE);
    change.node.Kind = VERBS_TYPE_QP_CACHED_REQUEST;
    change.node.Handle = qp.node.Handle;
}

static void teardown(void)
{
    free(memory);
}

static int step(uint8_t goal, uint32_t attr_mask)
{
    change.step = (struct verbs_qp_request){.Goal = goal, .AttrMask = attr_mask};
    return run(verbs_modify, &change.node);
}

enum {
    PORT = VERBS_QP_ATTR_MASK_NEW_PORT,
    ACCESS = VERBS_QP_ATTR_MASK_NEW_ACCESS,
    PATH = VERBS_QP_ATTR_MASK_NEW_PATH,
    RETRY = VERBS_QP_ATTR_MASK_NEW_RETRY,
};

static int initialize(uint32_t access)
{
    change.attr.Port = 1;
    change.attr.Access = access;
    return step(VERBS_STAGE_INIT, PORT | ACCESS);
}

START_TEST(a_step_needs_all_its_attributes_and_takes_no_other)
{
    for (uint32_t mask = 0; mask < 32; mask++) {
        if (mask == (PORT | ACCESS))
            continue;
        ck_assert_int_eq(step(VERBS_STAGE_INIT, mask), VERBS_STATUS_INVALID);
        ck_assert_uint_eq(nic.orders, 0);
    }
    ck_assert_int_eq(step(VERBS_STAGE_INIT, PORT | ACCESS | 1u << 31), VERBS_STATUS_INVALID);
    ck_assert_int_eq(step(VERBS_STAGE_READY, PORT | ACCESS), VERBS_STATUS_INVALID);
    ck_assert_int_eq(initialize(VERBS_QP_ACCESS_MAY_READ), VERBS_STATUS_DONE);
    ck_assert(nic.port == 1 && nic.access == VERBS_QP_ACCESS_MAY_READ && nic.path == 0);
}
END_TEST

START_TEST(what_must_not_be_named_is_refused_and_what_nobody_asks_for_is_not)
{
    ck_assert_int_eq(initialize(VERBS_QP_ACCESS_MAY_READ), VERBS_STATUS_DONE);
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH | PORT), VERBS_STATUS_INVALID);
    ck_assert_int_eq(step(VERBS_STAGE_READY, RETRY), VERBS_STATUS_INVALID);
    change.attr.Path = 7;
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH | 1u << 31), VERBS_STATUS_DONE);
    ck_assert_uint_eq(nic.path, 7);
}
END_TEST

/* Without rights of its own so far it has to be told some; and a failure leaves it as it was. */
START_TEST(bits_of_the_object_are_those_of_its_last_good_request)
{
    ck_assert_int_eq(initialize(0), VERBS_STATUS_DONE);
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH), VERBS_STATUS_INVALID);
    nic.answer = VERBS_RESULT_FAILURE;
    change.attr.Access = VERBS_QP_ACCESS_MAY_WRITE;
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH | ACCESS), VERBS_STATUS_BROKEN);
    ck_assert_uint_eq(nic.access, 0);
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH), VERBS_STATUS_INVALID);
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH | RETRY), VERBS_STATUS_DONE);
    ck_assert_uint_eq(nic.access, VERBS_QP_ACCESS_MAY_WRITE);
}
END_TEST

static int tune(uint32_t access, uint8_t retry)
{
    change.node.Kind = VERBS_TYPE_QP_CACHED;
    change.attr = (struct verbs_qp_cached){.Access = access, .Port = 9, .Path = 9};
    change.attr.Retry = retry & 7u;
    return run(verbs_tune, &change.node);
}

static void make_ready(void)
{
    ck_assert_int_eq(initialize(VERBS_QP_ACCESS_MAY_READ), VERBS_STATUS_DONE);
    change.attr.Path = 7;
    change.attr.Retry = 2;
    ck_assert_int_eq(step(VERBS_STAGE_READY, PATH), VERBS_STATUS_DONE);
}

/* What one plan tells by one command, another tells by another, and nothing that it has not. */
START_TEST(each_operation_sends_by_its_own_plan)
{
    make_ready();
    ck_assert(nic.path == 7 && nic.retry == 2);
    ck_assert_int_eq(tune(VERBS_QP_ACCESS_MAY_READ, 3), VERBS_STATUS_DONE);
    ck_assert_uint_eq(nic.orders, 1);
    ck_assert(nic.path == 7 && nic.retry == 3 && nic.port == 1);
    ck_assert_int_eq(tune(VERBS_QP_ACCESS_MAY_READ, 3), VERBS_STATUS_DONE);
    ck_assert_uint_eq(nic.orders, 0);
}
END_TEST

/* One copy of the values, whichever plan told them: what was before is taken back, once. */
START_TEST(a_plan_that_fails_is_taken_back_and_no_other)
{
    make_ready();
    nic.answer = VERBS_RESULT_FAILURE;
    ck_assert_int_eq(tune(VERBS_QP_ACCESS_MAY_WRITE, 3), VERBS_STATUS_BROKEN);
    ck_assert_uint_eq(nic.orders, 4); /* two, and two to take back what may have happened */
    ck_assert(nic.access == VERBS_QP_ACCESS_MAY_READ && nic.retry == 2 && nic.path == 7);
    ck_assert_int_eq(tune(VERBS_QP_ACCESS_MAY_WRITE, 2), VERBS_STATUS_DONE);
    ck_assert_uint_eq(nic.orders, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("verbs", setup, teardown, a_step_needs_all_its_attributes_and_takes_no_other,
                     what_must_not_be_named_is_refused_and_what_nobody_asks_for_is_not,
                     bits_of_the_object_are_those_of_its_last_good_request,
                     each_operation_sends_by_its_own_plan,
                     a_plan_that_fails_is_taken_back_and_no_other);
}
