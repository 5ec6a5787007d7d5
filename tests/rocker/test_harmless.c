/* SPDX-License-Identifier: BSD-2-Clause */
/* Five inputs bring the device down. None of them is ever sent, whatever the host asks. */
#include "suite.h"

#include <string.h>

#include "prng.h"
#include "rig.h"
#include "tlv.h"

enum { ROUNDS = 1500 };

static struct rig *rig;
static uint64_t random_state = 20;
static uint32_t seen;

static uint32_t draw(uint32_t below)
{
    return prng_below(&random_state, below);
}

static bool has(const struct rocker_order *o, uint32_t attribute)
{
    return (o->has & ROCKER_HAS(attribute)) != 0;
}

/* Written from the list of what the device cannot bear, not from the driver's own check. */
static void watch(void *context, const struct rocker_order *o)
{
    bool adds_group = o->type == ROCKER_GROUP_ADD || o->type == ROCKER_GROUP_MOD;
    bool adds_flow = o->type == ROCKER_FLOW_ADD || o->type == ROCKER_FLOW_MOD;
    (void)context;
    seen++;
    ck_assert(o->type != ROCKER_GET_PORT && o->type != ROCKER_SET_PORT);
    if (adds_group && o->group >> 28 == 0) {
        ck_assert_uint_ge(o->group & 0xffff, 1);
        ck_assert_uint_le(o->group & 0xffff, QEMU_PORTS);
        ck_assert_uint_ge(o->out_port, 1);
        ck_assert_uint_le(o->out_port, QEMU_PORTS);
    }
    if (adds_group)
        ck_assert(o->group >> 28 == 0 || o->group >> 28 == 2);
    if (adds_flow && has(o, ROCKER_VLAN) && o->vlan != 0)
        ck_assert(has(o, ROCKER_VLAN_MASK) && o->vlan_mask != 0);
}

static void setup(void)
{
    rig = rig_open(NULL);
    rig->shim.watch = watch;
}

static void teardown(void)
{
    rig_close(rig);
}

static void any_bytes(void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)draw(256);
}

/* Every VLAN, every address, every MTU, either IP version. */
static struct chimney_node *any_tree(struct host_object *neighbor, struct host_object *path)
{
    uint32_t vlan = draw(2) ? draw(6) : draw(4096);
    struct chimney_node *root = rig_neighbor(rig, neighbor, vlan, draw(65536));
    struct chimney_node *node =
        host_link(root, host_new_path(&rig->arena, path, draw(65536), draw(3) == 0));
    if (draw(2))
        any_bytes(host_neighbor_cached(root)->DlDestinationAddress, 32);
    if (draw(8) == 0)
        memset(host_neighbor_cached(root)->DlDestinationAddress, 0, 32);
    if (draw(2))
        any_bytes(host_neighbor_const(root)->DlSourceAddress, 32);
    if (!path->ipv6 && draw(2)) {
        uint8_t *address = host_alloc(&rig->arena, 4);
        any_bytes(address, 4);
        host_path_const(node)->DestinationAddress = address;
    }
    any_bytes(&host_path_cached(node)->PathMtu, 4);
    return root;
}

START_TEST(whatever_the_host_asks)
{
    struct host_object neighbor, path;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        host_arena_clear(&rig->arena);
        struct chimney_node *root = any_tree(&neighbor, &path);
        ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
        rig_send(rig, draw(65536), round);
        if (root->Status == CHIMNEY_STATUS_SUCCESS || host_handle(&neighbor)) {
            struct chimney_node *update = rig_new_mac(rig, &neighbor, draw(65536));
            any_bytes(host_neighbor_cached(update)->DlDestinationAddress, 32);
            ck_assert(rig_do(rig, CHIMNEY_UPDATE, update));
            struct chimney_node *end = rig_name(rig, &neighbor);
            if (host_handle(&path))
                host_link(end, rig_name(rig, &path));
            ck_assert(rig_do(rig, CHIMNEY_TERMINATE, end));
            ck_assert_int_eq(end->Status, CHIMNEY_STATUS_SUCCESS);
        }
    }
    ck_assert_uint_gt(seen, ROUNDS);
    ck_assert(!rocker_bus(rig->nic)->broken);
    ck_assert_uint_eq(rig_tables(rig)->group_count, 0);
}
END_TEST

START_TEST(absent_ports_are_not_asked_for)
{
    uint8_t mac[6];
    static const uint32_t absent[] = {0, QEMU_PORTS + 1, 62, 63, 64, UINT32_MAX};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        ck_assert(!rocker_port_mac(rig->nic, absent[i], mac));
    ck_assert(!rocker_bus(rig->nic)->broken);
}
END_TEST

START_TEST(interfaces_on_absent_ports_do_not_open)
{
    static const struct rocker_interface absent[] = {{.vlan = 4, .port = 0},
                                                     {.vlan = 4, .port = QEMU_PORTS + 1},
                                                     {.vlan = 4, .port = 65536 + 1},
                                                     {.vlan = 0, .port = 1},
                                                     {.vlan = 4095, .port = 1}};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        struct rocker_config config = rig_config();
        config.interfaces[config.interface_count++] = absent[i];
        ck_assert_ptr_null(rig_try_open(&config));
    }
}
END_TEST

/* The last line: orders that a mistake of ours might make. */
START_TEST(harmful_orders_are_refused)
{
    struct rocker_order flood = {.type = ROCKER_GROUP_ADD, .group = 4u << 28};
    struct rocker_order absent = rocker_order_interface_group(9, QEMU_PORTS + 1);
    struct rocker_order other = rocker_order_interface_group(9, 1);
    struct rocker_order unmasked = rocker_order_vlan(1, 1, 1);
    struct rocker_order port = {.type = ROCKER_GET_PORT};
    uint64_t refused = rocker_counters(rig->nic).refused;
    other.out_port = QEMU_PORTS + 1;
    unmasked.vlan = 5;
    ck_assert_uint_eq(rocker_order_now(rig->nic, &flood), ROCKER_EINVAL);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &absent), ROCKER_EINVAL);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &other), ROCKER_EINVAL);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &unmasked), ROCKER_EINVAL);
    unmasked.has |= ROCKER_HAS(ROCKER_VLAN_MASK);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &unmasked), ROCKER_EINVAL);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &port), ROCKER_EINVAL);
    ck_assert_uint_eq(rocker_counters(rig->nic).refused, refused + 6);
    ck_assert(!wire_send(&rig->qemu, 1, "short", 5));
    ck_assert_uint_eq(rig->qemu.frames_refused, 1);
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    return RUN_TESTS("harmless", setup, teardown, whatever_the_host_asks,
                     absent_ports_are_not_asked_for, interfaces_on_absent_ports_do_not_open,
                     harmful_orders_are_refused);
}
