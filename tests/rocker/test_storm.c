/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Updates under traffic: whatever comes out carries one of the valid (port, MAC) pairs, and all
 * that goes in comes out.
 */
#include "suite.h"

#include <pthread.h>
#include <string.h>

#include "prng.h"
#include "rig.h"

enum { PATHS = 16, HOPS = 4, ROUNDS = 2500, BURST = 8, MACS = 1000, PATIENCE_MS = 20000 };

static struct rig *rig;
static struct host_object hops[HOPS], paths[PATHS];
static uint32_t sent, received, updates, failed;
static uint8_t got[ROUNDS * BURST];
static uint64_t random_state = 7;

static uint32_t draw(uint32_t below)
{
    return prng_below(&random_state, below);
}

/* Hop h is at port 2 or 3, and has MACs h * 1000 and up. */
static uint32_t port_of(uint32_t hop)
{
    return 2 + hop % 2;
}

static void setup(void)
{
    rig = rig_open(NULL);
    for (uint32_t h = 0; h < HOPS; h++)
        ck_assert(
            rig_do(rig, CHIMNEY_INITIATE, rig_neighbor(rig, &hops[h], port_of(h), h * MACS + 1)));
    struct chimney_node *root = rig_name(rig, &hops[0]);
    for (uint32_t p = 0; p < PATHS; p++)
        host_link(root, rig_path(rig, &paths[p], p));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
}

static void teardown(void)
{
    rig_close(rig);
}

static void check_frame(uint32_t port, const struct frame *frame)
{
    uint32_t mac = (uint32_t)frame->dst_mac[4] << 8 | frame->dst_mac[5];
    uint8_t expected[6];
    rig_mac(expected, mac);
    ck_assert_mem_eq(frame->dst_mac, expected, 6);
    ck_assert_uint_lt(mac / MACS, HOPS);
    ck_assert_uint_ge(mac % MACS, 1);
    ck_assert_uint_eq(port_of(mac / MACS), port);
    rig_router_mac(expected, port);
    ck_assert_mem_eq(frame->src_mac, expected, 6);
    ck_assert_uint_lt(frame->number, sent);
    got[frame->number]++;
    received++;
}

static void drain(int ms)
{
    struct frame frame;
    for (uint32_t port = 2; port <= 3; port++) {
        while (rig_receive(rig, port, &frame, ms))
            check_frame(port, &frame);
    }
}

/* Never more on the way than the wires hold. */
static void traffic(void)
{
    for (uint32_t i = 0; i < BURST; i++) {
        while (!rig_send(rig, draw(PATHS), sent))
            drain(1);
        sent++;
    }
    drain(0);
}

static void submit_update(void)
{
    uint32_t hop = draw(HOPS);
    struct chimney_node *root = rig_new_mac(rig, &hops[hop], hop * MACS + 1 + draw(MACS - 1));
    if (draw(2)) {
        root = rig_name(rig, &hops[hop]);
        for (uint32_t p = draw(3); p < PATHS; p += 1 + draw(3))
            host_link(root, rig_name(rig, &paths[p]));
    }
    rig_submit(rig, CHIMNEY_UPDATE, root);
    updates++;
}

START_TEST(nothing_is_lost_and_nothing_is_wrong)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (rig->host.record.outstanding == 0)
            host_arena_clear(&rig->arena);
        submit_update();
        traffic();
        rig_step(rig);
    }
    ck_assert(rig_run(rig));
    for (uint32_t i = 0; i < PATIENCE_MS && received < sent; i++)
        drain(1);
    ck_assert_uint_eq(received, sent);
    for (uint32_t i = 0; i < sent; i++)
        ck_assert_uint_eq(got[i], 1);
    failed = (uint32_t)host_statuses(&rig->host, CHIMNEY_UPDATE, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(failed, 0);
    ck_assert_uint_eq(updates, rig->host.record.completions[CHIMNEY_UPDATE]);
    printf("%u updates of %llu commands, %u frames in, %u out\n", updates,
           (unsigned long long)rocker_counters(rig->nic).orders, sent, received);
}
END_TEST

/* The host calls from a thread of its own, while another one serves the device. */
static void *call(void *done)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t hop = draw(HOPS);
        rig_submit(rig, CHIMNEY_UPDATE,
                   rig_new_mac(rig, &hops[hop], hop * MACS + 1 + i % (MACS - 1)));
    }
    atomic_store((atomic_bool *)done, true);
    return NULL;
}

START_TEST(the_host_calls_from_any_thread)
{
    pthread_t host;
    atomic_bool done = false;
    ck_assert_int_eq(pthread_create(&host, NULL, call, &done), 0);
    while (!atomic_load(&done) || atomic_load(&rig->host.record.outstanding) != 0)
        rig_step(rig);
    pthread_join(host, NULL);
    ck_assert_uint_eq(rig->host.record.completions[CHIMNEY_UPDATE], ROUNDS);
    ck_assert_uint_eq(host_statuses(&rig->host, CHIMNEY_UPDATE, CHIMNEY_STATUS_SUCCESS), ROUNDS);
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    return RUN_TESTS("storm", setup, teardown, nothing_is_lost_and_nothing_is_wrong,
                     the_host_calls_from_any_thread);
}
