/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection with bytes on it, to the kernel and back: nothing lost, doubled or swapped. */
#include "suite.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "rig.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define PORT 80
#define BYTES (4u << 20)
#define MOVES 20
/* Of what is marked as LINUX_INJECTED. */
#define NFT "PATH=$PATH:/usr/sbin nft "
#define LOSES_EACH_FIRST                                                               \
    NFT "'add table inet misfortune; add chain inet misfortune in "                    \
        "{ type filter hook prerouting priority -400; }; add rule inet misfortune in " \
        "meta mark 0x666c7565 numgen inc mod 2 == 0 drop'"

static struct rig *rig;
static pid_t server;
static struct rig_connection c;

static void setup(void)
{
    rig = rig_open(NULL);
    rig_offload(rig);
}

static void teardown(void)
{
    rig_end(rig, &c);
    ck_assert_uint_eq(rig->host.record.unexpected, 0);
    ck_assert_uint_eq(rig->host.record.unwritten, 0);
    ck_assert_uint_eq(rig->host.record.outstanding, 0);
    peer_stop(server);
    rig_close(rig);
}

static void start(bool ipv6, uint64_t bytes)
{
    server = peer_start(&rig->net, PORT, bytes);
    ck_assert_int_gt(server, 0);
    ck_assert(rig_connect(&c, ipv6, 1, PORT));
}

/* A peer that cannot have sent its end before the most of it is read, however long a move takes. */
static void start_narrow(bool ipv6, uint64_t bytes)
{
    server = peer_start(&rig->net, PORT, bytes);
    ck_assert_int_gt(server, 0);
    ck_assert(rig_connect_narrow(&c, ipv6, 1, PORT));
    ck_assert_uint_gt(bytes, 4 * (uint64_t)RIG_NARROW);
}

static int option(int level, int name)
{
    int value = -1;
    socklen_t bytes = sizeof(value);
    ck_assert_int_eq(getsockopt(c.fd, level, name, &value, &bytes), 0);
    return value;
}

static void move(void)
{
    int32_t status = c.offloaded ? rig_terminate(rig, &c) : rig_initiate(rig, &c);
    ck_assert_int_eq(status, SUCCESS);
    ck_assert_int_ge(c.fd, 0);
    host_arena_clear(&rig->arena);
}

/* Both ways at once: there is always data in both queues, and on the wire. */
START_TEST(bytes_survive_moves)
{
    struct flow flow = {.total = BYTES};
    start(_i == 1, 0);
    for (uint32_t m = 1; m <= MOVES; m++) {
        ck_assert(flow_run(&flow, c.fd, (uint64_t)m * BYTES / (MOVES + 1)));
        move();
    }
    ck_assert(flow_run(&flow, c.fd, BYTES));
    ck_assert_uint_eq(flow.sent, BYTES);
    ck_assert_uint_eq(flow.wrong, 0);
    struct linux_counters counters = linux_counters(rig->nic);
    ck_assert_uint_eq(counters.moved_in, MOVES / 2);
    ck_assert_uint_eq(counters.moved_out, MOVES / 2);
    ck_assert_uint_gt(counters.bytes_in + counters.bytes_out, 0);
    ck_assert_uint_eq(counters.resets_by_peer, 0);
}
END_TEST

START_TEST(a_query_tells_and_changes_nothing)
{
    struct chimney_tcp_delegated d;
    struct flow flow = {.total = BYTES};
    start(_i == 1, 0);
    move();
    for (uint32_t q = 1; q <= 10; q++) {
        ck_assert(flow_run(&flow, c.fd, (uint64_t)q * BYTES / 10));
        ck_assert_int_eq(rig_query(rig, &c, &d), SUCCESS);
        ck_assert_int_eq(d.State, CHIMNEY_TCP_STATE_ESTABLISHED);
        ck_assert_uint_le(d.SndNxt - d.SndUna, d.SendBacklogSize);
        ck_assert_uint_ge(d.CWnd, 1);
    }
    ck_assert_uint_eq(flow.wrong, 0);
    ck_assert_uint_eq(d.SndNxt, d.SndMax);
    ck_assert_uint_eq(d.ReceiveBacklogSize, 0);
}
END_TEST

START_TEST(updates_are_options)
{
    start(_i == 1, 0);
    move();
    c.state.settings.keepalive_on = true;
    c.state.settings.ka_timeout_ms = 77000;
    c.state.settings.ka_interval_ms = 1500; /* the kernel has seconds */
    c.state.settings.ka_probe_count = 5;
    c.state.settings.max_rt_ms = 66000;
    c.state.settings.nagle_on = false;
    c.state.settings.ttl = 17;
    c.state.settings.tos = 0x20;
    c.state.settings.priority = 3;
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_UPDATE, rig_cached(rig, &c)), SUCCESS);
    for (int there = 0; there < 3; there++) { /* at the driver, at the host, and there again */
        ck_assert_int_eq(option(SOL_SOCKET, SO_KEEPALIVE), 1);
        ck_assert_int_eq(option(IPPROTO_TCP, TCP_KEEPIDLE), 77);
        ck_assert_int_eq(option(IPPROTO_TCP, TCP_KEEPINTVL), 2);
        ck_assert_int_eq(option(IPPROTO_TCP, TCP_KEEPCNT), 5);
        ck_assert_int_eq(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 66000);
        ck_assert_int_eq(option(IPPROTO_TCP, TCP_NODELAY), 1);
        ck_assert_int_eq(option(SOL_SOCKET, SO_PRIORITY), 3);
        ck_assert_int_eq(_i ? option(IPPROTO_IPV6, IPV6_UNICAST_HOPS) : option(IPPROTO_IP, IP_TTL),
                         17);
        ck_assert_int_eq(_i ? option(IPPROTO_IPV6, IPV6_TCLASS) : option(IPPROTO_IP, IP_TOS), 0x20);
        move();
    }
}
END_TEST

/* A value that the kernel refuses: the update fails, and what was set with it is as it was. */
START_TEST(an_update_that_is_refused_is_taken_back)
{
    start(false, 0);
    move();
    c.state.settings.ka_timeout_ms = 60000;
    c.state.settings.keepalive_on = true;
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_UPDATE, rig_cached(rig, &c)), SUCCESS);
    struct linux_settings old = c.state.settings;
    c.state.settings.ka_timeout_ms = 40000 * 1000; /* seconds above what it takes */
    c.state.settings.max_rt_ms = 5000;
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_UPDATE, rig_cached(rig, &c)), CHIMNEY_STATUS_FAILURE);
    ck_assert_int_eq(linux_counters(rig->nic).last_error, EINVAL);
    ck_assert_int_eq(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
    ck_assert_int_eq(option(IPPROTO_TCP, TCP_USER_TIMEOUT), (int)old.max_rt_ms);
    c.state.settings = old;
}
END_TEST

/* The router is gone, the other one takes over: the transfer goes on from where it was. */
START_TEST(a_connection_fails_over)
{
    struct flow flow = {.total = BYTES};
    start(_i == 1, 0);
    move();
    ck_assert(flow_run(&flow, c.fd, BYTES / 4));
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_INVALIDATE, rig_name(rig, &rig->a)), SUCCESS);
    struct chimney_node *root = rig_relink(rig, &rig->path[c.ipv6], &rig->b);
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_UPDATE, root), SUCCESS);
    ck_assert_int_eq(root->DependentBlockList->Status, SUCCESS);
    ck_assert(flow_run(&flow, c.fd, BYTES / 2));
    move();
    ck_assert(flow_run(&flow, c.fd, BYTES));
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/* ---- Ends ------------------------------------------------------------------------------------ */

static uint8_t state(void)
{
    struct linux_connection look;
    ck_assert_int_eq(linux_look(c.fd, &look), 0);
    return look.state;
}

static void wait_for(uint8_t wanted)
{
    while (state() != wanted)
        usleep(1000);
}

/* The peer has closed, and its last data is not read: both come along, twice. */
START_TEST(a_peer_that_closed_stays_closed)
{
    struct flow flow = {.total = 30000, .only_receive = true};
    start(_i == 1, flow.total);
    wait_for(CHIMNEY_TCP_STATE_CLOSE_WAIT);
    ck_assert(flow_run(&flow, c.fd, 1000));
    for (int i = 0; i < 3; i++) {
        move();
        ck_assert_uint_eq(state(), CHIMNEY_TCP_STATE_CLOSE_WAIT);
    }
    ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
    ck_assert(flow.ended);
    ck_assert_uint_eq(flow.received, flow.total);
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/*
 * The ends of a connection are put in by segments in the peer's name: here each first of them is
 * lost on the loopback, as on a machine that has too much to do. They are sent again.
 */
START_TEST(ends_are_put_back_though_segments_are_lost)
{
    struct flow flow = {.total = BYTES, .only_receive = true};
    start_narrow(_i == 1, flow.total);
    ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
    wait_for(CHIMNEY_TCP_STATE_FIN_WAIT_2);
    ck_assert_int_eq(net_run(&rig->net, NET_HOST, LOSES_EACH_FIRST), 0);
    for (int i = 0; i < 2; i++) {
        move();
        ck_assert_uint_eq(state(), CHIMNEY_TCP_STATE_FIN_WAIT_2);
    }
    ck_assert_int_eq(net_run(&rig->net, NET_HOST, NFT "delete table inet misfortune"), 0);
    ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
    ck_assert_uint_eq(flow.received, flow.total);
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/* We have closed, the peer has not: it has heard of it, and what it sends still comes. */
START_TEST(we_that_closed_stay_closed)
{
    struct flow flow = {.total = BYTES, .only_receive = true};
    start_narrow(_i == 1, flow.total);
    ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
    wait_for(CHIMNEY_TCP_STATE_FIN_WAIT_2);
    for (uint64_t m = 1; m <= 4; m++) {
        move();
        ck_assert_uint_eq(state(), CHIMNEY_TCP_STATE_FIN_WAIT_2);
        ck_assert(flow_run(&flow, c.fd, m * flow.total / 10));
    }
    ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
    ck_assert(flow.ended);
    ck_assert_uint_eq(flow.received, flow.total);
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/* It ended while it was away: the host gets what is unread, and the truth. */
START_TEST(what_is_over_comes_back_with_its_data)
{
    const uint32_t unread = 30000;
    struct flow flow = {.total = BYTES, .only_receive = true};
    start_narrow(_i == 1, flow.total);
    move();
    ck_assert(flow_run(&flow, c.fd, flow.total - unread));
    wait_for(CHIMNEY_TCP_STATE_CLOSE_WAIT);
    rig_step(rig);
    ck_assert_uint_eq(rig->host.record.events[HOST_DISCONNECT], 1);
    ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
    wait_for(CHIMNEY_TCP_STATE_CLOSED);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    ck_assert_uint_eq(c.state.state, CHIMNEY_TCP_STATE_CLOSED);
    ck_assert_uint_eq(linux_data_bytes(c.state.receive), unread);
    for (uint32_t i = 0; i < unread; i++)
        ck_assert_uint_eq(c.state.receive->data[i], peer_pattern(flow.received + i));
    ck_assert_uint_eq(flow.wrong, 0);
    linux_connection_free(&c.state);
}
END_TEST

static void router_a(bool forwards)
{
    const char *const command = forwards ? "ip rule del pref 1; ip -6 rule del pref 1"
                                         : "ip rule add pref 1 blackhole && "
                                           "ip -6 rule add pref 1 blackhole";
    ck_assert_int_eq(net_run(&rig->net, NET_A, command), 0);
}

/* Nothing gets through any more, and the queue is full: the most of it is not sent. */
static void fill_up(struct flow *flow)
{
    const int room = 1 << 20; /* doubled, it fits into any other socket, too */
    struct linux_connection look;
    *flow = (struct flow){.total = 65536};
    ck_assert(flow_run(flow, c.fd, flow->total));
    router_a(false);
    ck_assert_int_eq(setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)), 0);
    flow->total = UINT64_MAX;
    ck_assert(flow_run(flow, c.fd, 0));
    flow->total = flow->sent;
    ck_assert_int_eq(linux_look(c.fd, &look), 0);
    ck_assert_uint_gt(look.send_backlog, look.snd_nxt - look.snd_una);
}

/* We have closed behind data that is not sent yet: it goes first, then the end. */
START_TEST(an_end_that_is_not_sent_comes_behind_the_data)
{
    struct flow flow;
    start(_i == 1, 0);
    fill_up(&flow);
    ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
    for (int m = 0; m < 3; m++) {
        move();
        ck_assert_uint_eq(state(), CHIMNEY_TCP_STATE_FIN_WAIT_1);
    }
    router_a(true);
    ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
    ck_assert(flow.ended);
    ck_assert_uint_eq(flow.received, flow.total);
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/* A limit of what an application may add is none of what the host brings. */
START_TEST(unsent_data_is_put_back_whatever_an_application_may_have)
{
    struct flow flow;
    start(_i == 1, 0);
    fill_up(&flow);
    ck_assert_int_eq(
        net_run(&rig->net, NET_HOST, "echo 4096 > /proc/sys/net/ipv4/tcp_notsent_lowat"), 0);
    for (int m = 0; m < 3; m++)
        move();
    ck_assert_uint_eq(rig->host.record.events[HOST_ABORT], 0);
    ck_assert_int_eq(option(IPPROTO_TCP, TCP_NOTSENT_LOWAT), 0); /* as the namespace has it */
    router_a(true);
    ck_assert(flow_run(&flow, c.fd, flow.total));
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

/* What cannot fit is refused before anything is sent: the host has it still. */
START_TEST(unsent_data_that_does_not_fit_is_refused)
{
    struct flow flow;
    start(_i == 1, 0);
    fill_up(&flow);
    struct chimney_node *root = rig_name(rig, &rig->path[c.ipv6]), *node = rig_export(rig, &c);
    ck_assert_ptr_nonnull(node);
    /* Small segments: what each costs is more than the buffer has. */
    host_tcp_const(node)->RemoteMss = 88;
    host_tcp_delegated(node)->SndWnd = host_tcp_delegated(node)->MaxSndWnd = 1;
    host_link(root, node);
    rig_ask(rig, CHIMNEY_INITIATE, root);
    ck_assert_int_eq(node->Status, CHIMNEY_STATUS_RESOURCES);
    ck_assert_str_eq(linux_counters(rig->nic).last_step, "room for unsent data");
    rig_initiated(rig, &c, node);
    ck_assert(!c.offloaded);
    router_a(true);
    ck_assert(flow_run(&flow, c.fd, flow.total));
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moves");
    TCase *cases = tcase_create("moves");
    if (!net_is_permitted())
        return NET_SKIP;
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, bytes_survive_moves, 0, 2);
    tcase_add_loop_test(cases, a_query_tells_and_changes_nothing, 0, 2);
    tcase_add_loop_test(cases, updates_are_options, 0, 2);
    tcase_add_test(cases, an_update_that_is_refused_is_taken_back);
    tcase_add_loop_test(cases, a_connection_fails_over, 0, 2);
    tcase_add_loop_test(cases, a_peer_that_closed_stays_closed, 0, 2);
    tcase_add_loop_test(cases, ends_are_put_back_though_segments_are_lost, 0, 2);
    tcase_add_loop_test(cases, we_that_closed_stay_closed, 0, 2);
    tcase_add_loop_test(cases, an_end_that_is_not_sent_comes_behind_the_data, 0, 2);
    tcase_add_loop_test(cases, unsent_data_is_put_back_whatever_an_application_may_have, 0, 2);
    tcase_add_loop_test(cases, unsent_data_that_does_not_fit_is_refused, 0, 2);
    tcase_add_loop_test(cases, what_is_over_comes_back_with_its_data, 0, 2);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
