/* SPDX-License-Identifier: BSD-2-Clause */
/* Each step of the story, told by real calls and seen in real frames. */
#include "suite.h"

#include <string.h>

#include "rig.h"

#define SOON 20000 /* milliseconds, for what is sure to come */

static struct rig *rig;
static struct host_object near, far, path, witness;

/* Two next hops, at ports 2 and 3; one path over the first, one that proves frames still flow. */
static void setup(void)
{
    rig = rig_open(NULL);
    struct chimney_node *root = rig_neighbor(rig, &near, 2, 1);
    host_link(root, rig_path(rig, &path, 1));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
    root = rig_neighbor(rig, &far, 3, 9);
    host_link(root, rig_path(rig, &witness, 99));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
}

static void teardown(void)
{
    rig_close(rig);
}

/* A packet to the path comes out there, with this MAC and the router's. */
static void check_way(uint32_t port, uint32_t mac)
{
    static uint32_t number;
    uint8_t expected[6], router[6];
    struct frame frame;
    rig_mac(expected, mac);
    rig_router_mac(router, port);
    ck_assert(rig_send(rig, 1, ++number));
    ck_assert(rig_receive(rig, port, &frame, SOON));
    ck_assert_uint_eq(frame.number, number);
    ck_assert_mem_eq(frame.dst_mac, expected, 6);
    ck_assert_mem_eq(frame.src_mac, router, 6);
}

/* Frames keep their order: when the witness is through, the packet before it went nowhere. */
static void check_no_way(void)
{
    struct frame frame;
    ck_assert(rig_send(rig, 1, 777));
    ck_assert(rig_send(rig, 99, 778));
    ck_assert(rig_receive(rig, 3, &frame, SOON));
    ck_assert_uint_eq(frame.number, 778);
    ck_assert(!rig_receive(rig, 2, &frame, 0));
}

static int32_t asked(uint8_t operation, struct chimney_node *root)
{
    ck_assert(rig_do(rig, operation, root));
    return root->Status;
}

START_TEST(a_frame_leaves_with_the_neighbors_mac)
{
    check_way(2, 1);
}
END_TEST

START_TEST(the_next_frame_after_the_completion_has_the_new_mac)
{
    for (uint32_t mac = 2; mac < 50; mac++) {
        ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, mac)),
                         CHIMNEY_STATUS_SUCCESS);
        check_way(2, mac);
    }
}
END_TEST

START_TEST(a_relink_moves_the_path)
{
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_relink(rig, &path, &far)), CHIMNEY_STATUS_SUCCESS);
    check_way(3, 9);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, rig_name(rig, &near)), CHIMNEY_STATUS_SUCCESS);
    check_way(3, 9);
}
END_TEST

START_TEST(an_invalid_path_sends_nothing)
{
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, rig_name(rig, &path)), CHIMNEY_STATUS_SUCCESS);
    check_no_way();
}
END_TEST

START_TEST(an_invalid_neighbor_sends_nothing_until_its_paths_move)
{
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, rig_name(rig, &near)), CHIMNEY_STATUS_SUCCESS);
    check_no_way();
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_relink(rig, &path, &far)), CHIMNEY_STATUS_SUCCESS);
    check_way(3, 9);
}
END_TEST

START_TEST(a_failed_relink_is_rolled_back)
{
    const struct table_route *route;
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_SPOIL,
                                             .type = ROCKER_FLOW_MOD,
                                             .spoil = spoil_wrong_group_type,
                                             .limit = 1});
    struct chimney_node *root = rig_relink(rig, &path, &far);
    ck_assert(rig_do(rig, CHIMNEY_UPDATE, root));
    ck_assert_uint_eq(shim_struck(&rig->shim), 1);
    ck_assert_uint_eq(rocker_counters(rig->nic).last_error, ROCKER_EINVAL);
    ck_assert_int_eq(root->DependentBlockList->Status, CHIMNEY_STATUS_FAILURE);
    route = tables_route(rig_tables(rig), host_index(&path));
    ck_assert_ptr_nonnull(route);
    ck_assert_uint_eq(route->group, rig_group_of(&near));
    check_way(2, 1);
}
END_TEST

/* What the step above relies on: the device refuses, and stores the bad value all the same. */
START_TEST(the_device_keeps_what_it_refused)
{
    const uint8_t address[4] = {10, 2, 0, 1};
    struct rocker_order order = rocker_order_route(ROCKER_FLOW_MOD, (uint64_t)host_index(&path) + 1,
                                                   address, ROCKER_GROUP_L3(5));
    spoil_wrong_group_type(&order);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &order), ROCKER_EINVAL);
    ck_assert_uint_eq(tables_route(rig_tables(rig), host_index(&path))->group, order.group);
}
END_TEST

START_TEST(mtu_and_connections_are_software)
{
    struct host_object tcp;
    uint64_t orders = rocker_counters(rig->nic).orders;
    struct chimney_node *node = host_reference(&rig->arena, &path, CHIMNEY_TYPE_PATH_IPV4_CACHED);
    host_path_cached(node)->PathMtu = 1280;
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, node), CHIMNEY_STATUS_SUCCESS);
    struct chimney_node *root = rig_name(rig, &path);
    struct chimney_node *connection = host_link(root, host_new_tcp(&rig->arena, &tcp, 5));
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(connection->Status, CHIMNEY_STATUS_SUCCESS);
    node = rig_name(rig, &tcp);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, node), CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(host_tcp_delegated(node)->RcvNxt, 1000005);
    ck_assert_uint_eq(host_tcp_delegated(node)->SndNxt, 2000005);
    ck_assert_uint_eq(rocker_counters(rig->nic).orders, orders);
}
END_TEST

START_TEST(what_the_device_cannot_do_has_a_status)
{
    struct host_object other;
    struct chimney_node *root = rig_name(rig, &near);
    struct chimney_node *ipv6 = host_link(root, host_new_path(&rig->arena, &other, 3, true));
    asked(CHIMNEY_INITIATE, root);
    ck_assert_int_eq(ipv6->Status, CHIMNEY_STATUS_IP_ADDRESS_ENTRIES);
    root = rig_name(rig, &near);
    struct chimney_node *same = host_link(root, rig_path(rig, &other, 1));
    asked(CHIMNEY_INITIATE, root);
    ck_assert_int_eq(same->Status, CHIMNEY_STATUS_PATH_ENTRIES);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 17, 5)),
                     CHIMNEY_STATUS_VLAN_MISMATCH);
    root = rig_neighbor(rig, &other, 2, 5);
    memset(host_neighbor_cached(root)->DlDestinationAddress, 0, 6);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_FAILURE);
}
END_TEST

/* Whichever places they get: an address that was given up may be offloaded again. */
START_TEST(addresses_come_free)
{
    struct host_object others[2];
    for (uint32_t round = 0; round < 4; round++) {
        struct chimney_node *root = rig_name(rig, &near);
        for (uint32_t i = 0; i < 2; i++)
            host_link(root, rig_path(rig, &others[i], 40 + i));
        ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_SUCCESS);
        for (uint32_t i = 0; i < 2; i++)
            ck_assert_int_eq(asked(CHIMNEY_TERMINATE, rig_name(rig, &others[(round + i) % 2])),
                             CHIMNEY_STATUS_SUCCESS);
    }
}
END_TEST

START_TEST(in_the_end_the_tables_are_empty)
{
    struct chimney_node *root = rig_name(rig, &near);
    host_link(root, rig_name(rig, &path));
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, root), CHIMNEY_STATUS_SUCCESS);
    root = rig_name(rig, &far);
    host_link(root, rig_name(rig, &witness));
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, root), CHIMNEY_STATUS_SUCCESS);
    const struct tables *tables = rig_tables(rig);
    ck_assert_uint_eq(tables->route_count, 0);
    ck_assert_uint_eq(tables->group_count, 0);
    ck_assert_uint_eq(tables->other_flows, 2 * QEMU_PORTS);
    rocker_close(rig->nic);
    rig->nic = NULL;
    tables = rig_tables(rig);
    ck_assert_uint_eq(tables->other_flows, 0);
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    return RUN_TESTS("story", setup, teardown, a_frame_leaves_with_the_neighbors_mac,
                     the_next_frame_after_the_completion_has_the_new_mac, a_relink_moves_the_path,
                     an_invalid_path_sends_nothing,
                     an_invalid_neighbor_sends_nothing_until_its_paths_move,
                     a_failed_relink_is_rolled_back, the_device_keeps_what_it_refused,
                     mtu_and_connections_are_software, what_the_device_cannot_do_has_a_status,
                     addresses_come_free, in_the_end_the_tables_are_empty);
}
