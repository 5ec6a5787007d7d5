/* SPDX-License-Identifier: BSD-2-Clause */
/* A host that sleeps on the driver's descriptor hears of all that it would find by looking. */
#include "suite.h"

#include <poll.h>
#include <sys/socket.h>

#include "peer.h"
#include "rig.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define PORT 80
#define NEVER_MS 120000

static struct rig *rig;
static pid_t server;
static struct rig_connection c;

static void setup(void)
{
    struct flow flow = {.total = 1000};
    struct linux_config config = rig_config();
    config.flue.indication_entries = 1;
    rig = rig_open(&config);
    rig_offload(rig);
    server = peer_start(&rig->net, PORT, 0);
    ck_assert_int_gt(server, 0);
    ck_assert(rig_connect(&c, false, 1, PORT));
    ck_assert(flow_run(&flow, c.fd, flow.total));
}

static void teardown(void)
{
    rig_end(rig, &c);
    ck_assert_uint_eq(rig->host.record.outstanding, 0);
    peer_stop(server);
    rig_close(rig);
}

static bool readable(int timeout_ms)
{
    struct pollfd waiting = {linux_descriptor(rig->nic), POLLIN, 0};
    return poll(&waiting, 1, timeout_ms) == 1;
}

static void service(void)
{
    while (linux_service(rig->nic))
        ;
}

/* Nothing is left to do, and the descriptor says so. */
static void quiet(void)
{
    for (int i = 0; i < 1000 && readable(0); i++)
        service();
    ck_assert(!readable(0));
}

/* No looking but when it was woken, and no time passes. */
static void sleep_until(const uint64_t *count, uint64_t wanted)
{
    while (*count < wanted) {
        ck_assert(readable(NEVER_MS));
        service();
    }
    quiet();
}

static void offload(void)
{
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    quiet();
}

START_TEST(an_answer_wakes)
{
    struct chimney_node *root = rig_name(rig, &rig->a);
    quiet();
    uint64_t before = rig->host.record.completions[CHIMNEY_QUERY];
    host_submit(&rig->host, CHIMNEY_QUERY, root);
    sleep_until(&rig->host.record.completions[CHIMNEY_QUERY], before + 1);
    ck_assert_int_eq(root->Status, SUCCESS);
    before = rig->host.record.completions[CHIMNEY_INVALIDATE];
    root = rig_name(rig, &rig->b);
    host_submit(&rig->host, CHIMNEY_INVALIDATE, root);
    sleep_until(&rig->host.record.completions[CHIMNEY_INVALIDATE], before + 1);
    ck_assert_int_eq(root->Status, SUCCESS);
}
END_TEST

/* Its kernel closes for it, as all is acknowledged and read; what is sent then is reset. */
START_TEST(ends_and_resets_wake)
{
    offload();
    peer_stop(server);
    sleep_until(&rig->host.record.events[HOST_DISCONNECT], 1);
    ck_assert_int_eq(send(c.fd, "x", 1, MSG_NOSIGNAL), 1);
    sleep_until(&rig->host.record.events[HOST_ABORT], 1);
    ck_assert_uint_eq(c.object.aborted, 1);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    linux_connection_free(&c.state);
}
END_TEST

START_TEST(interfaces_that_go_wake)
{
    static const char *const gone[] = {"link del if2\n", "link set dev if2 down\n"};
    offload();
    ck_assert(net_ip(&rig->net, NET_HOST, gone[_i]));
    while (linux_counters(rig->nic).links_gone == 0) {
        ck_assert(readable(NEVER_MS));
        service();
    }
    quiet();
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    ck_assert(net_ip(&rig->net, NET_HOST, "route add 10.2.0.0/16 via 192.168.3.2 src 10.1.0.1\n"));
}
END_TEST

/* Flue has room for one indication, and all are to be asked back: none is forgotten. */
START_TEST(all_of_a_crowd_are_asked_back)
{
    struct rig_connection others[10];
    offload();
    for (int i = 0; i < 10; i++) {
        ck_assert(rig_connect(&others[i], i & 1, 1, PORT));
        ck_assert_int_eq(rig_initiate(rig, &others[i]), SUCCESS);
    }
    quiet();
    ck_assert(net_ip(&rig->net, NET_HOST, "link set dev if2 down\n"));
    sleep_until(&rig->host.record.events[HOST_RETRIEVE], 11);
    ck_assert_uint_eq(rig->host.record.events[HOST_RETRIEVE], 11);
    ck_assert(net_ip(&rig->net, NET_HOST,
                     "route add 10.2.0.0/16 via 192.168.3.2 src 10.1.0.1\n"
                     "route add fd00:2::/64 via fd00:51::2 src fd00:1::1\n"));
    for (int i = 0; i < 10; i++)
        rig_end(rig, &others[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wakes");
    TCase *cases = tcase_create("wakes");
    if (!net_is_permitted())
        return NET_SKIP;
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, an_answer_wakes);
    tcase_add_test(cases, ends_and_resets_wake);
    tcase_add_loop_test(cases, interfaces_that_go_wake, 0, 2);
    tcase_add_test(cases, all_of_a_crowd_are_asked_back);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
