/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many meters at once: what the runtime does for large requests, on a target that is not chimney
 * and whose nodes hold their handles themselves.
 */
#include <stdlib.h>

#include "limiter.h"
#include "suite.h"

enum { METERS = 5000, RING = 64 };
_Static_assert(METERS > FLUE_CACHE_RESIDENT_OBJECTS, "more than the runtime takes for few");

struct all {
    struct limiter_node node;
    struct limiter_meter_const port;
    _Alignas(8) struct limiter_meter_cached limits;
    _Alignas(8) struct limiter_meter_delegated count;
};
struct limits {
    struct limiter_node node;
    struct limiter_meter_cached limits;
};
struct count {
    struct limiter_node node;
    struct limiter_meter_delegated count;
};

/* A NIC that takes RING commands and answers them when it is asked to. */
struct nic {
    struct limiter_target target;
    uint32_t rate[METERS];
    flue_cookie asked[RING];
    uint8_t results[RING];
    bool brings_count[RING];
    unsigned waiting, refuse_every, written, completions;
};
LIMITER_ADAPTER_BEGINS_WITH(struct nic, target);

static struct nic nic;
static void *memory;
static struct all meter[METERS];
static struct limits change[METERS];
static struct count back[METERS];

static enum flue_issued take(flue_cookie cookie, uint8_t result, bool brings_count)
{
    if (nic.waiting == RING)
        return FLUE_RING_FULL;
    nic.asked[nic.waiting] = cookie;
    nic.brings_count[nic.waiting] = brings_count;
    nic.results[nic.waiting++] = result;
    return FLUE_ISSUED;
}

static enum flue_issued add_meter(void *adapter, flue_cookie cookie,
                                  const struct limiter_add_meter_args *args)
{
    (void)adapter;
    nic.rate[args->index] = args->rate_kbps;
    return take(cookie, LIMITER_RESULT_OK, false);
}

/* Every so often the limits are taken and the answer is bad all the same. */
static enum flue_issued write_limits(void *adapter, flue_cookie cookie,
                                     const struct limiter_write_limits_args *args)
{
    (void)adapter;
    bool refuse =
        nic.refuse_every && args->rate_kbps >= 2000 && args->index % nic.refuse_every == 0;
    enum flue_issued issued =
        take(cookie, refuse ? LIMITER_RESULT_FAILURE : LIMITER_RESULT_OK, false);
    if (issued == FLUE_ISSUED) {
        nic.rate[args->index] = args->rate_kbps;
        nic.written++;
    }
    return issued;
}

static enum flue_issued read_count(void *adapter, flue_cookie cookie,
                                   const struct limiter_read_count_args *args)
{
    (void)adapter, (void)args;
    return take(cookie, LIMITER_RESULT_OK, true);
}

static enum flue_issued remove_meter(void *adapter, flue_cookie cookie,
                                     const struct limiter_remove_meter_args *args)
{
    (void)adapter;
    nic.rate[args->index] = 0;
    return take(cookie, LIMITER_RESULT_OK, true);
}

static void completed(void *host_handle, struct limiter_node *root)
{
    (void)host_handle, (void)root;
    nic.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct limiter_binding binding = {.add_meter = add_meter,
                                               .write_limits = write_limits,
                                               .read_count = read_count,
                                               .remove_meter = remove_meter};
static const struct limiter_completions completions = {completed, completed, completed, completed};

static void answer_all(void)
{
    static const struct limiter_remove_meter_data removed = {.dropped_packets = 7};
    for (; nic.waiting; nic.waiting--) {
        unsigned i = nic.waiting - 1;
        if (nic.brings_count[i])
            limiter_remove_meter_done(&nic.target, nic.asked[i], LIMITER_RESULT_OK, &removed);
        else
            limiter_done(&nic.target, nic.asked[i], (enum limiter_result)nic.results[i]);
    }
}

static void run(void (*operation)(void *adapter, struct limiter_node *root),
                struct limiter_node *root)
{
    unsigned before = nic.completions;
    operation(&nic, root);
    for (unsigned i = 0; i < 100000 && nic.completions == before; i++) {
        flue_poll(&nic.target.flue, 1000);
        answer_all();
    }
    ck_assert_uint_eq(nic.completions, before + 1);
}

static void setup(void)
{
    struct flue_config config = {.capacity = {METERS},
                                 .ring_entries = RING,
                                 .reserved_entries = 4,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (limiter_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(
        limiter_init(&nic.target, &config, &binding, &completions, NULL, memory, bytes), FLUE_OK);
    for (unsigned i = 0; i < METERS; i++) {
        meter[i].node.Kind = LIMITER_TYPE_METER_ALL;
        meter[i].node.Next = i + 1 < METERS ? &meter[i + 1].node : NULL;
        meter[i].port.Port = i;
        meter[i].limits.RateKbps = 1000;
    }
    run(limiter_create, &meter[0].node);
}

/* One that names a meter; the one after it in its array is the next in the list. */
static void name(struct limiter_node *node, size_t stride, unsigned i, uint8_t kind)
{
    void *next = i + 1 < METERS ? (char *)node + stride : NULL;
    *node = (struct limiter_node){.Kind = kind, .Meter = meter[i].node.Meter, .Next = next};
}

static void teardown(void)
{
    for (unsigned i = 0; i < METERS; i++)
        name(&back[i].node, sizeof back[i], i, LIMITER_TYPE_METER_DELEGATED);
    run(limiter_withdraw, &back[0].node);
    for (unsigned i = 0; i < METERS; i++)
        ck_assert_uint_eq(back[i].count.DroppedPackets, 7);
    ck_assert_uint_eq(nic.target.flue.pools[0].in_use, 0);
    ck_assert(flue_target_quiet(&nic.target.flue));
    free(memory);
}

static struct limiter_node *changes(uint32_t rate_kbps)
{
    for (unsigned i = 0; i < METERS; i++) {
        name(&change[i].node, sizeof change[i], i, LIMITER_TYPE_METER_CACHED);
        change[i].limits = meter[i].limits;
        change[i].limits.RateKbps = rate_kbps;
    }
    return &change[0].node;
}

START_TEST(all_are_changed_by_one_command_each)
{
    nic.written = 0;
    run(limiter_modify, changes(2000));
    ck_assert_uint_eq(nic.written, METERS);
    for (unsigned i = 0; i < METERS; i++) {
        ck_assert_int_eq(change[i].node.Status, LIMITER_STATUS_SUCCESS);
        ck_assert_uint_eq(nic.rate[i], 2000);
    }
    run(limiter_modify, changes(2000));
    ck_assert_uint_eq(nic.written, METERS);
}
END_TEST

START_TEST(some_are_refused_and_keep_the_old_values)
{
    nic.refuse_every = 7;
    run(limiter_modify, changes(3000));
    nic.refuse_every = 0;
    for (unsigned i = 0; i < METERS; i++) {
        uint32_t index = (uint32_t)(uintptr_t)meter[i].node.Meter;
        bool refused = index % 7 == 0;
        ck_assert_int_eq(change[i].node.Status,
                         refused ? LIMITER_STATUS_IO_ERROR : LIMITER_STATUS_SUCCESS);
        ck_assert_uint_eq(nic.rate[index], refused ? 1000 : 3000);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS("many", setup, teardown, all_are_changed_by_one_command_each,
                     some_are_refused_and_keep_the_old_values);
}
