/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two threads of the host hand pieces over, one of the device answers, one polls, while the lane is
 * closed and opened again. Each piece comes back once; what was handed over before `close` was
 * called, before it completes.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "suite.h"
#include "works.h"

enum { HOSTS = 2, PIECES = 20000, RING = 64 };

struct works_item {
    uint64_t host_first, words[2];
    void *link;
    struct works_item *next;
    int32_t status;
    atomic_int back;
    uint32_t thread, number;
};

static struct works_target target; /* the adapter */
static struct works_item pieces[HOSTS][PIECES];
static _Atomic uint64_t lane, answer; /* the name that is answered, */
static _Atomic uint32_t position;     /* and up to where */
static atomic_uint back, ordered;
static _Atomic uint32_t handed_over[HOSTS];
static uint32_t before_close[HOSTS], looked_at[HOSTS];
static atomic_bool stop;
static flue_cookie order;

static enum flue_issued command(void *adapter, flue_cookie cookie)
{
    (void)adapter;
    order = cookie;
    return FLUE_ISSUED;
}

static enum flue_issued add(void *a, flue_cookie c, const struct works_add_lane_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued tune(void *a, flue_cookie c, const struct works_tune_lane_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued drop(void *a, flue_cookie c, const struct works_remove_lane_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued no_tap(void *a, flue_cookie c, const struct works_add_tap_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued no_tune(void *a, flue_cookie c, const struct works_tune_tap_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued no_drop(void *a, flue_cookie c, const struct works_remove_tap_args *args)
{
    (void)args;
    return command(a, c);
}

static enum flue_issued take(void *adapter, const struct flue_taken *taken)
{
    (void)adapter;
    atomic_store(&answer, taken->name);
    atomic_store(&position, taken->position);
    return FLUE_ISSUED;
}

static void written(void *host, struct works_item *chain)
{
    (void)host;
    for (struct works_item *next; chain; chain = next) {
        next = chain->next;
        if (atomic_exchange(&chain->back, 1))
            abort();
        atomic_fetch_add(&back, 1);
    }
}

static void completed(void *host, struct works_node *node)
{
    (void)host;
    (void)node;
    atomic_fetch_add(&ordered, 1);
}

static void lane_closed(void *host, struct works_node *node)
{
    for (unsigned i = 0; i < HOSTS; i++)
        for (; looked_at[i] < before_close[i]; looked_at[i]++)
            if (!atomic_load(&pieces[i][looked_at[i]].back))
                abort();
    completed(host, node);
}

static void wake(void *adapter)
{
    (void)adapter;
}

static void *hand_over(void *argument)
{
    struct works_item *mine = argument;
    const unsigned host = mine != pieces[0];
    for (uint32_t i = 0; i < PIECES; i++) {
        uint64_t handle = atomic_load(&lane);
        works_transfer_lane_write(&target, &handle, &mine[i]);
        atomic_store(&handed_over[host], i + 1);
        if (i % RING == 0)
            sched_yield();
    }
    return NULL;
}

static void *do_work(void *argument)
{
    (void)argument;
    while (!atomic_load(&stop)) {
        works_transfer_lane_write_done(&target, atomic_load(&answer), atomic_load(&position));
        sched_yield();
    }
    return NULL;
}

static void operate(void (*operation)(void *, struct works_node *), struct works_node *node)
{
    unsigned before = atomic_load(&ordered);
    order = 0;
    operation(&target, node);
    while (atomic_load(&ordered) == before) {
        flue_poll(&target.flue, 32);
        if (order)
            works_done(&target, order, WORKS_RESULT_OK);
        order = 0;
    }
}

static void open_target(void **memory)
{
    static const struct works_binding binding = {
        .add_tap = no_tap,
        .tune_tap = no_tune,
        .remove_tap = no_drop,
        .add_lane = add,
        .tune_lane = tune,
        .remove_lane = drop,
    };
    static const struct works_completions completions = {completed, completed, lane_closed};
    static const struct works_transfers transfers = {
        .take_tap_watch = take,
        .tap_watch = written,
        .take_lane_write = take,
        .lane_write = written,
        .take_lane_barrier = take,
        .lane_barrier = written,
        .take_lane_loan = take,
        .take_lane_read = take,
        .lane_read = written,
    };
    const struct flue_config config = {.capacity = {1, 2},
                                       .ring_entries = 4,
                                       .running_requests = 2,
                                       .ticks_per_second = 1000,
                                       .transfers = &transfers,
                                       .wake = wake};
    size_t bytes = works_memory_bytes(&config);
    *memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(works_init(&target, &config, &binding, &completions, NULL, *memory, bytes),
                     FLUE_OK);
}

START_TEST(each_comes_back_once)
{
    static struct {
        struct works_node node;
        uint32_t states[4];
    } r;
    pthread_t hosts[HOSTS], device;
    void *memory;
    open_target(&memory);
    pthread_create(&device, NULL, do_work, NULL);
    for (unsigned i = 0; i < HOSTS; i++)
        pthread_create(&hosts[i], NULL, hand_over, pieces[i]);
    unsigned lives = 0;
    while (atomic_load(&back) < HOSTS * PIECES) {
        r.node = (struct works_node){.Kind = WORKS_TYPE_LANE_ALL};
        operate(works_open, &r.node);
        atomic_store(&lane, r.node.Object);
        for (unsigned i = 0; i < 200; i++)
            flue_poll(&target.flue, 64);
        r.node.Kind = WORKS_TYPE_LANE_CACHED;
        for (unsigned i = 0; i < HOSTS; i++)
            before_close[i] = atomic_load(&handed_over[i]);
        operate(works_close, &r.node);
        lives++;
    }
    atomic_store(&stop, true);
    for (unsigned i = 0; i < HOSTS; i++)
        pthread_join(hosts[i], NULL);
    pthread_join(device, NULL);
    const struct flue_stats *s = flue_target_stats(&target.flue);
    ck_assert_uint_eq(s->transfers, HOSTS * PIECES);
    ck_assert_uint_eq(s->transfers_done + s->transfers_returned + s->transfers_refused,
                      HOSTS * PIECES);
    ck_assert_uint_gt(lives, 1);
    free(memory);
}
END_TEST

int main(void)
{
    return RUN_TESTS("transfers_threads", NULL, NULL, each_comes_back_once);
}
