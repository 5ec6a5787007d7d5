/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes wrong in the kernel, on the wire and at the peer: the host is told, and never a lie. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "look.h"
#include "nic.h"
#include "peer.h"
#include "rig.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define FAILURE CHIMNEY_STATUS_FAILURE
#define PORT 80
#define BYTES (1u << 20)

static struct rig *rig;
static pid_t server;
static struct rig_connection c;
static struct flow flow;

static void setup(void)
{
    rig = rig_open(NULL);
    rig_offload(rig);
    server = peer_start(&rig->net, PORT, 0);
    ck_assert_int_gt(server, 0);
    ck_assert(rig_connect(&c, false, 1, PORT));
    flow = (struct flow){.total = BYTES};
    ck_assert(flow_run(&flow, c.fd, BYTES / 8));
}

static void teardown(void)
{
    shim_clear(&rig->shim);
    rig_end(rig, &c);
    ck_assert_uint_eq(rig->host.record.unexpected, 0);
    ck_assert_uint_eq(rig->host.record.unwritten, 0);
    ck_assert_uint_eq(rig->host.record.outstanding, 0);
    peer_stop(server);
    rig_close(rig);
}

static void goes_on(void)
{
    ck_assert_int_ge(c.fd, 0);
    ck_assert(flow_run(&flow, c.fd, BYTES));
    ck_assert_uint_eq(flow.wrong, 0);
    ck_assert_uint_eq(look_counter(&rig->net, NET_HOST, "OutRsts"), 0);
}

static void misfortune(enum shim_what what, uint8_t command)
{
    shim_rule(&rig->shim, (struct shim_rule){
                              .what = what, .kind = CHIMNEY_TCP, .command = command, .limit = 1});
}

/* The kernel refuses the window when queues are filled already: nothing of it is left. */
START_TEST(an_import_that_fails_half_way_is_the_hosts_again)
{
    struct chimney_node *root = rig_name(rig, &rig->path[0]), *node = rig_export(rig, &c);
    ck_assert_ptr_nonnull(node);
    host_link(root, node);
    host_tcp_delegated(node)->SendWL1 += 1u << 30;
    rig_ask(rig, CHIMNEY_INITIATE, root);
    ck_assert_int_eq(node->Status, CHIMNEY_STATUS_CONNECTION_REJECTED);
    ck_assert_str_eq(linux_counters(rig->nic).last_step, "TCP_REPAIR_WINDOW");
    ck_assert_int_eq(linux_counters(rig->nic).last_error, EINVAL);
    rig_initiated(rig, &c, node);
    ck_assert(!c.offloaded);
    goes_on();
}
END_TEST

/*
 * The kernel has it, but nobody says so, in time or at all: the host is told a failure, and goes
 * on with what it has. So nothing may have been sent or acknowledged there meanwhile.
 */
START_TEST(an_initiate_without_an_answer_has_done_nothing)
{
    static const enum shim_what whats[] = {SHIM_LOSE, SHIM_HOLD, SHIM_SPOIL};
    misfortune(whats[_i], CHIMNEY_TCP_ADD_TCP);
    ck_assert_int_ne(rig_initiate(rig, &c), SUCCESS);
    shim_release(&rig->shim, 0);
    rig_step(rig);
    ck_assert(!c.offloaded);
    ck_assert_uint_eq(linux_counters(rig->nic).moved_in, 0);
    goes_on();
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
}
END_TEST

/* The connection has left its socket, and the answer with it is lost: the next one brings it. */
START_TEST(a_terminate_without_an_answer_may_be_repeated)
{
    static const enum shim_what whats[] = {SHIM_LOSE, SHIM_HOLD, SHIM_SPOIL};
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    ck_assert(flow_run(&flow, c.fd, BYTES / 4));
    misfortune(whats[_i], CHIMNEY_TCP_REMOVE_TCP);
    ck_assert_int_eq(rig_terminate(rig, &c), FAILURE);
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_HARDWARE_FAILURE);
    shim_release(&rig->shim, 0);
    rig_step(rig);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    goes_on();
}
END_TEST

START_TEST(answers_given_twice_count_once)
{
    struct chimney_tcp_delegated d;
    for (uint8_t command = 0; command < CHIMNEY_TCP_COMMANDS; command++)
        misfortune(SHIM_REPEAT, command);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
        shim_release(&rig->shim, 0);
        ck_assert_int_eq(rig_query(rig, &c, &d), SUCCESS);
        shim_release(&rig->shim, 0);
        ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
        shim_release(&rig->shim, 0);
    }
    ck_assert_uint_eq(linux_counters(rig->nic).late, 3);
    goes_on();
}
END_TEST

/* ---- The peer ------------------------------------------------------------------------------ */

/* It is open, and all that was sent is acknowledged. */
static bool says_nothing(int fd)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof(info);
    ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes), 0);
    bool open = info.tcpi_state == TCP_ESTABLISHED || info.tcpi_state == TCP_CLOSE_WAIT;
    return open && info.tcpi_unacked == 0;
}

/*
 * Nobody looks at the error, which would take it away: a byte is sent, and answered by a reset. A
 * peer that is about to die may still acknowledge one; so there is another then.
 */
static void hear_abort(bool knows)
{
    while (!knows && rig->host.record.events[HOST_ABORT] == 0 &&
           rig->host.record.events[HOST_DISCONNECT] == 0)
        rig_step(rig);
    while (rig->host.record.events[HOST_ABORT] == 0) {
        if (says_nothing(c.fd))
            send(c.fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        rig_step(rig);
    }
}

START_TEST(a_peer_that_dies_is_an_abort)
{
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    peer_stop(server);
    hear_abort(false);
    ck_assert_uint_eq(c.object.aborted, 1);
    ck_assert_uint_eq(linux_counters(rig->nic).resets_by_peer, 1);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    ck_assert_uint_eq(c.state.state, CHIMNEY_TCP_STATE_CLOSED);
    linux_connection_free(&c.state);
}
END_TEST

/*
 * Its reset comes while no socket has the connection: it is lost there, and found by the next
 * data.
 */
START_TEST(a_peer_that_dies_amid_a_move_is_an_abort)
{
    struct chimney_node *root = rig_name(rig, &rig->path[0]), *node = rig_export(rig, &c);
    ck_assert_ptr_nonnull(node);
    peer_stop(server);
    host_link(root, node);
    rig_ask(rig, CHIMNEY_INITIATE, root);
    ck_assert_int_eq(node->Status, SUCCESS);
    rig_initiated(rig, &c, node);
    hear_abort(true);
    ck_assert_uint_eq(c.object.aborted, 1);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    linux_connection_free(&c.state);
}
END_TEST

/* ---- The kernel ---------------------------------------------------------------------------- */

/* Routes and nexthops go with it; the connection comes back, and goes on by another interface. */
START_TEST(an_interface_that_goes_takes_no_connection_along)
{
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    ck_assert(flow_run(&flow, c.fd, BYTES / 4));
    ck_assert(net_ip(&rig->net, NET_HOST, "link del if2\n"));
    while (linux_counters(rig->nic).links_gone == 0)
        rig_step(rig);
    rig_step(rig);
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    ck_assert(net_ip(&rig->net, NET_HOST, "route add 10.2.0.0/16 via 192.168.3.2 src 10.1.0.1\n"));
    ck_assert(
        net_ip(&rig->net, NET_SERVER, "route replace 10.1.0.0/16 via 192.168.13.1 src 10.2.0.1\n"));
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    goes_on();
    struct chimney_node *node = rig_name(rig, &rig->a);
    host_link(node, rig_name(rig, &rig->path[0]));
    host_link(node, rig_name(rig, &rig->path[1]));
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_TERMINATE, node), SUCCESS);
    struct host_object other;
    node = rig_new_router(rig, &other, NET_A);
    ck_assert_int_eq(rig_ask(rig, CHIMNEY_INITIATE, node), CHIMNEY_STATUS_VLAN_MISMATCH);
}
END_TEST

/* The connection's node, which the kernel has; its answer is still to be released. */
static struct chimney_node *initiate_held(void)
{
    struct chimney_node *root = rig_name(rig, &rig->path[0]), *node = rig_export(rig, &c);
    ck_assert_ptr_nonnull(node);
    misfortune(SHIM_HOLD, CHIMNEY_TCP_ADD_TCP);
    host_link(root, node);
    host_submit(&rig->host, CHIMNEY_INITIATE, root);
    while (rig->shim.held_count == 0) { /* no tick: the answer is not late */
        linux_wait(rig->nic);
        linux_service(rig->nic);
    }
    return node;
}

/* It goes while the worker's answer is under way: the connection is offloaded, and asked back. */
START_TEST(an_interface_that_goes_amid_a_move_asks_the_connection_back)
{
    struct chimney_node *node = initiate_held();
    ck_assert(net_ip(&rig->net, NET_HOST, _i ? "link set dev if2 down\n" : "link del if2\n"));
    while (linux_counters(rig->nic).links_gone == 0)
        linux_service(rig->nic);
    shim_release(&rig->shim, 0);
    ck_assert(rig_run(rig));
    ck_assert_int_eq(node->Status, SUCCESS);
    rig_initiated(rig, &c, node);
    rig_step(rig);
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    ck_assert(net_ip(&rig->net, NET_HOST, "route add 10.2.0.0/16 via 192.168.3.2 src 10.1.0.1\n"));
    ck_assert(
        net_ip(&rig->net, NET_SERVER, "route replace 10.1.0.0/16 via 192.168.13.1 src 10.2.0.1\n"));
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    goes_on();
}
END_TEST

/* Down is down: what else changes of it meanwhile is no news, until it has been up. */
START_TEST(an_interface_that_is_down_goes_once)
{
    static const char *const changes[] = {"link set dev if2 down\n", "link set dev if2 mtu 1450\n",
                                          "link set dev if2 mtu 1500\n", "link set dev if2 up\n",
                                          "link set dev if2 down\n"};
    static const uint64_t gone[] = {1, 1, 1, 1, 2};
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    for (unsigned int i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
        ck_assert(net_ip(&rig->net, NET_HOST, changes[i]));
        rig_step(rig);
        ck_assert_uint_eq(linux_counters(rig->nic).links_gone, gone[i]);
    }
    ck_assert_uint_eq(rig->host.record.events[HOST_RETRIEVE], 2);
    ck_assert(net_ip(&rig->net, NET_HOST,
                     "link set dev if2 up\nroute add 10.2.0.0/16 via 192.168.2.2 src 10.1.0.1\n"));
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    goes_on();
}
END_TEST

/* More is told of interfaces than there is room for: what is lost is looked up. */
START_TEST(an_interface_that_goes_unheard_is_found)
{
    static const char *const gone[] = {"link del if2\n", "link set dev if2 down\n"};
    ck_assert_int_eq(rig_initiate(rig, &c), SUCCESS);
    ck_assert_int_eq(net_run(&rig->net, NET_HOST,
                             "for i in $(seq 1000); do echo link set dev lo mtu $((60000 + i)); "
                             "done | ip -batch -"),
                     0);
    ck_assert(net_ip(&rig->net, NET_HOST, gone[_i]));
    rig_step(rig);
    rig_step(rig);
    ck_assert_uint_eq(linux_counters(rig->nic).links_gone, 1);
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    ck_assert(net_ip(&rig->net, NET_HOST, "route add 10.2.0.0/16 via 192.168.3.2 src 10.1.0.1\n"));
}
END_TEST

/* A right that this thread has in its user namespace, or has not. */
static void may(uint32_t capability, bool yes)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    ck_assert_int_eq(syscall(SYS_capget, &header, sets), 0);
    if (yes)
        sets[CAP_TO_INDEX(capability)].effective |= CAP_TO_MASK(capability);
    else
        sets[CAP_TO_INDEX(capability)].effective &= ~CAP_TO_MASK(capability);
    ck_assert_int_eq(syscall(SYS_capset, &header, sets), 0);
}

/*
 * Flue has taken the answer, and the kernel will not let it start: the host is asked to take it
 * back, and the driver says why.
 */
START_TEST(a_connection_that_cannot_start_is_asked_back)
{
    struct chimney_node *node = initiate_held();
    may(CAP_NET_ADMIN, false);
    shim_release(&rig->shim, 0);
    may(CAP_NET_ADMIN, true);
    ck_assert(rig_run(rig));
    ck_assert_int_eq(node->Status, SUCCESS);
    struct linux_counters counters = linux_counters(rig->nic);
    ck_assert_int_eq(counters.last_error, EPERM);
    ck_assert_str_eq(counters.last_step, "guard");
    ck_assert_uint_eq(counters.bad, 1);
    rig_initiated(rig, &c, node);
    ck_assert_uint_eq(c.object.retrieved, 1u << CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    ck_assert_int_eq(rig_terminate(rig, &c), SUCCESS);
    goes_on();
}
END_TEST

/* A path whose source address is nobody's: the kernel refuses the route, and nothing is left. */
START_TEST(an_error_of_netlink_is_a_failure)
{
    struct host_object path;
    struct chimney_node *root = rig_name(rig, &rig->b);
    struct chimney_node *node = rig_new_path(rig, &path, false, 77);
    static const uint8_t nobody[4] = {10, 99, 0, 1};
    host_path_const(node)->SourceAddress = (void *)(uintptr_t)nobody;
    host_link(root, node);
    rig_ask(rig, CHIMNEY_INITIATE, root);
    ck_assert_int_eq(node->Status, FAILURE);
    ck_assert_int_eq(linux_counters(rig->nic).last_error, EINVAL);
    ck_assert_uint_eq(host_handle(&path), 0);
    goes_on();
}
END_TEST

/* What the kernel says to the opening, not a guess. */
START_TEST(a_bus_that_cannot_be_opened_says_why)
{
    struct linux_netlink netlink;
    ck_assert_int_eq(linux_netlink_open(&netlink, MAX_LINKS - 1, 1), EPROTONOSUPPORT);
    ck_assert_ptr_null(netlink.socket);
}
END_TEST

/* Answers that find no room are told to be lost, one by one; what they answer was done. */
START_TEST(lost_answers_of_the_kernel_are_counted)
{
    struct linux_netlink netlink;
    const int small = 1;
    uint32_t lost = 0;
    ck_assert_int_eq(linux_netlink_open(&netlink, NETLINK_ROUTE, 256), 0);
    int fd = mnl_socket_get_fd(netlink.socket);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    for (uint32_t i = 0; i < 256; i++) {
        struct nlmsghdr *message = linux_netlink_begin(&netlink, RTM_NEWLINK, 0);
        struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
        link->ifi_index = 1;
    }
    linux_netlink_flush(&netlink);
    for (uint32_t i = 0; i < 256; i++) {
        int answer = linux_netlink_answer(&netlink, i);
        ck_assert(answer == 0 || answer == LINUX_NO_ANSWER);
        lost += answer == LINUX_NO_ANSWER;
    }
    ck_assert_uint_gt(lost, 0);
    ck_assert_uint_eq(netlink.lost, lost);
    linux_netlink_close(&netlink);
}
END_TEST

static uint32_t routes(void)
{
    char text[32];
    ck_assert(look_first_word(&rig->net, NET_HOST,
                              "ip route show table 26220 | grep -c ^10.2.0. || true", text,
                              sizeof(text)));
    return (uint32_t)strtoul(text, NULL, 10);
}

/*
 * The kernel does all that is asked for in one call, and has room for a few of the answers. What is
 * not answered is unsure, and taken away again: the host has as many paths as the kernel.
 */
START_TEST(requests_whose_answers_are_lost_leave_nothing_behind)
{
    struct host_object paths[100];
    struct chimney_node *root = rig_name(rig, &rig->b), *node;
    int fd = mnl_socket_get_fd(rig->nic->worker.netlink.socket);
    const int small = 1, large = 1 << 20;
    uint32_t good = 0, before = routes();
    for (unsigned int i = 0; i < 100; i++) {
        node = rig_new_path(rig, &paths[i], false, (uint8_t)(i + 2));
        host_link(root, node);
    }
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    host_submit(&rig->host, CHIMNEY_INITIATE, root);
    linux_service(rig->nic);
    linux_wait(rig->nic);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large)), 0);
    ck_assert_uint_gt(linux_counters(rig->nic).kernel_answers_lost, 0);
    ck_assert_uint_eq(routes(), before + 100);
    ck_assert(rig_run(rig));
    for (node = root->DependentBlockList; node; node = node->NextBlock)
        good += node->Status == SUCCESS;
    ck_assert_uint_lt(good, 100);
    ck_assert_uint_eq(routes(), before + good);
    for (unsigned int i = 0; i < 100; i++)
        good -= host_handle(&paths[i]) != 0;
    ck_assert_uint_eq(good, 0);
    goes_on();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("faults");
    TCase *cases = tcase_create("faults");
    if (!net_is_permitted())
        return NET_SKIP;
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, an_import_that_fails_half_way_is_the_hosts_again);
    tcase_add_loop_test(cases, an_initiate_without_an_answer_has_done_nothing, 0, 3);
    tcase_add_loop_test(cases, a_terminate_without_an_answer_may_be_repeated, 0, 3);
    tcase_add_test(cases, answers_given_twice_count_once);
    tcase_add_test(cases, a_peer_that_dies_is_an_abort);
    tcase_add_test(cases, a_peer_that_dies_amid_a_move_is_an_abort);
    tcase_add_test(cases, an_interface_that_goes_takes_no_connection_along);
    tcase_add_loop_test(cases, an_interface_that_goes_amid_a_move_asks_the_connection_back, 0, 2);
    tcase_add_test(cases, an_interface_that_is_down_goes_once);
    tcase_add_test(cases, a_connection_that_cannot_start_is_asked_back);
    tcase_add_test(cases, a_bus_that_cannot_be_opened_says_why);
    tcase_add_loop_test(cases, an_interface_that_goes_unheard_is_found, 0, 2);
    tcase_add_test(cases, an_error_of_netlink_is_a_failure);
    tcase_add_test(cases, lost_answers_of_the_kernel_are_counted);
    tcase_add_test(cases, requests_whose_answers_are_lost_leave_nothing_behind);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
