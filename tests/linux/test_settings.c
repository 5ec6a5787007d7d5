/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections of other kinds than this kernel's usual ones, moved with bytes on them. */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "look.h"
#include "peer.h"
#include "rig.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define PORT 80
#define BYTES (1u << 20)
#define MOVES 8
#define IPV4 "/proc/sys/net/ipv4/"

static struct rig *rig;
static pid_t server;
static struct rig_connection c;

/* Of both ends, before they connect. */
static const char *const settings[] = {
    "echo 0 > " IPV4 "tcp_timestamps",
    "echo 0 > " IPV4 "tcp_sack",
    "echo 1 > " IPV4 "tcp_ecn",
    "echo 0 > " IPV4 "tcp_window_scaling",
    "echo 0 > " IPV4 "tcp_timestamps; echo 0 > " IPV4 "tcp_sack; "
    "echo 0 > " IPV4 "tcp_window_scaling",
    "echo 4096 8192 16384 > " IPV4 "tcp_rmem; echo 4096 8192 16384 > " IPV4 "tcp_wmem",
    "for i in if2 if3 a b; do ip link set dev $i mtu 1280 2>/dev/null; done; true",
    "for i in if2 if3 a b; do ip link set dev $i gso_max_segs 1 gso_max_size 2048 "
    "gro_max_size 2048 2>/dev/null; done; true",
    "echo reno > " IPV4 "tcp_congestion_control",
    "echo 4096 > " IPV4 "tcp_notsent_lowat",
    "echo 1 > " IPV4 "tcp_shrink_window",
    "echo 2 > " IPV4 "tcp_mtu_probing; echo 600 > " IPV4 "tcp_base_mss",
};
#define SETTINGS ((int)(sizeof(settings) / sizeof(settings[0])))

static void setup(void)
{
    rig = rig_open(NULL);
    rig_offload(rig);
}

static void teardown(void)
{
    rig_end(rig, &c);
    ck_assert_uint_eq(rig->host.record.unexpected, 0);
    ck_assert_uint_eq(rig->host.record.outstanding, 0);
    peer_stop(server);
    rig_close(rig);
}

/* What both ends agreed on when they connected is what they go by. */
static void still_agreed(const struct linux_connection *before, const char *setting)
{
    struct linux_connection now;
    ck_assert_int_eq(linux_look(c.fd, &now), 0);
    ck_assert_msg(now.timestamps == before->timestamps && now.sack == before->sack, "%s", setting);
    ck_assert_msg(now.window_scaling == before->window_scaling &&
                      now.snd_wind_scale == before->snd_wind_scale &&
                      now.rcv_wind_scale == before->rcv_wind_scale && now.mss == before->mss,
                  "%s", setting);
}

START_TEST(bytes_survive_whatever_the_ends_agreed_on)
{
    const char *setting = settings[_i / 2];
    struct flow flow = {.total = BYTES};
    struct linux_connection first;
    ck_assert_int_eq(net_run(&rig->net, NET_HOST, setting), 0);
    ck_assert_int_eq(net_run(&rig->net, NET_SERVER, setting), 0);
    server = peer_start(&rig->net, PORT, 0);
    ck_assert_int_gt(server, 0);
    ck_assert(rig_connect(&c, _i & 1, 1, PORT));
    ck_assert_int_eq(linux_look(c.fd, &first), 0);
    for (uint32_t m = 1; m <= MOVES; m++) {
        ck_assert_msg(flow_run(&flow, c.fd, (uint64_t)m * BYTES / (MOVES + 1)), "%s", setting);
        int32_t status = c.offloaded ? rig_terminate(rig, &c) : rig_initiate(rig, &c);
        ck_assert_msg(status == SUCCESS && c.fd >= 0, "%s: %08x: %s, %s", setting,
                      (unsigned int)status, linux_counters(rig->nic).last_step,
                      strerror(linux_counters(rig->nic).last_error));
        still_agreed(&first, setting);
    }
    ck_assert_msg(flow_run(&flow, c.fd, BYTES), "%s", setting);
    ck_assert_msg(flow.received == BYTES && flow.wrong == 0, "%s", setting);
    ck_assert_uint_eq(look_counter(&rig->net, NET_HOST, "OutRsts"), 0);
    ck_assert_uint_eq(look_counter(&rig->net, NET_SERVER, "OutRsts"), 0);
}
END_TEST

/* ---- Ends in the same moment ----------------------------------------------------------------- */

#define PEERS 24

/* It is over, and the kernel has kept what is unread: that is all of the rest. */
static void take_the_rest(struct flow *flow)
{
    const struct linux_data *rest = c.state.receive;
    for (uint32_t i = 0; rest && i < rest->bytes; i++)
        flow->wrong += rest->data[i] != peer_pattern(flow->received + i);
    flow->received += linux_data_bytes(rest);
    linux_connection_free(&c.state);
    flow->ended = true;
}

/* True: go on moving. What is over already is no connection that a host could hand over. */
static bool move_if_it_lives(struct flow *flow)
{
    bool offloaded = c.offloaded;
    int32_t status = offloaded ? rig_terminate(rig, &c) : rig_initiate(rig, &c);
    if (status == SUCCESS && c.fd < 0)
        take_the_rest(flow);
    else if (status != SUCCESS)
        ck_assert(!offloaded && c.fd >= 0);
    return status == SUCCESS && c.fd >= 0;
}

/*
 * Peers that send, and end while their connection is moved again and again; each second of the
 * connections is ended here, too, sooner or later. Nothing is lost, and nobody is reset who has
 * something to say: a segment sent twice may find both ends closed, and is answered with a reset.
 */
START_TEST(peers_end_amid_moves)
{
    const uint32_t total = 100000;
    server = peer_start(&rig->net, PORT, total);
    ck_assert_int_gt(server, 0);
    for (uint32_t n = 0; n < PEERS; n++) {
        struct flow flow = {.total = total, .only_receive = true};
        bool lives = true;
        ck_assert(rig_connect(&c, _i == 1, 1, PORT));
        for (uint32_t m = 0; lives && m < 8; m++) {
            if (n & 1 && m == n / 2 % 8)
                ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
            if (m % 3 == n % 3)
                ck_assert(flow_run(&flow, c.fd, flow.received + 10000));
            lives = move_if_it_lives(&flow);
        }
        if (c.fd >= 0)
            ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
        ck_assert(flow.ended);
        ck_assert_uint_eq(flow.received, total);
        ck_assert_uint_eq(flow.wrong, 0);
        ck_assert_uint_eq(look_counter(&rig->net, NET_SERVER, "EstabResets"), 0);
        rig_end(rig, &c);
        host_arena_clear(&rig->arena);
    }
    ck_assert_uint_eq(rig->host.record.events[HOST_ABORT], 0);
}
END_TEST

/* Over between the host's look and its export: what is unread stays in the socket. */
START_TEST(what_is_over_goes_on_being_read)
{
    struct flow flow = {.total = 30000, .only_receive = true};
    struct linux_connection over = {.state = CHIMNEY_TCP_STATE_ESTABLISHED};
    server = peer_start(&rig->net, PORT, flow.total);
    ck_assert(rig_connect(&c, _i == 1, 1, PORT));
    ck_assert_int_eq(shutdown(c.fd, SHUT_WR), 0);
    while (over.state != CHIMNEY_TCP_STATE_CLOSED)
        ck_assert_int_eq(linux_look(c.fd, &over), 0);
    ck_assert_int_eq(linux_export(c.fd, &over), 0);
    ck_assert_uint_eq(over.state, CHIMNEY_TCP_STATE_CLOSED);
    ck_assert_uint_eq(linux_data_bytes(over.receive), flow.total);
    linux_connection_free(&over);
    ck_assert_int_eq(linux_resume(c.fd), 0);
    ck_assert(flow_run(&flow, c.fd, UINT64_MAX));
    ck_assert(flow.ended);
    ck_assert_uint_eq(flow.received, flow.total);
    ck_assert_uint_eq(flow.wrong, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *cases = tcase_create("settings");
    if (!net_is_permitted())
        return NET_SKIP;
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, bytes_survive_whatever_the_ends_agreed_on, 0, 2 * SETTINGS);
    tcase_add_loop_test(cases, peers_end_amid_moves, 0, 2);
    tcase_add_loop_test(cases, what_is_over_goes_on_being_read, 0, 2);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
