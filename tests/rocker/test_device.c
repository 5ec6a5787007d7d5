/* SPDX-License-Identifier: BSD-2-Clause */
/* The device itself: registers, DMA, interrupts, events, and every error it answers. */
#include "suite.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"
#include "tlv.h"

static struct rig *rig;
static struct rocker_bus *bus;

static void setup(void)
{
    rig = rig_open(NULL);
    bus = rocker_bus(rig->nic);
}

static void teardown(void)
{
    rig_close(rig);
}

START_TEST(test_registers_answer)
{
    bus->write32(bus, 0, ROCKER_TEST_REG, 21);
    ck_assert_uint_eq(bus->read32(bus, 0, ROCKER_TEST_REG), 42);
    bus->write64(bus, 0, ROCKER_TEST_REG64, UINT64_C(0x4000000000));
    ck_assert_uint_eq(bus->read64(bus, 0, ROCKER_TEST_REG64), UINT64_C(0x8000000000));
    ck_assert_uint_eq(rocker_ports(rig->nic), QEMU_PORTS);
}
END_TEST

START_TEST(dma_reaches_mapped_memory)
{
    struct rocker_dma dma = qemu_dma(&rig->qemu);
    uint8_t *buffer = (uint8_t *)dma.memory + dma.bytes - 64;
    bus->write64(bus, 0, ROCKER_TEST_DMA_ADDRESS, dma.address + dma.bytes - 64);
    bus->write32(bus, 0, ROCKER_TEST_DMA_SIZE, 32);
    bus->write32(bus, 0, ROCKER_TEST_DMA_CONTROL, 2);
    ck_assert_uint_eq(buffer[0], 0x96);
    ck_assert_uint_eq(buffer[31], 0x96);
    ck_assert_uint_eq(buffer[32], 0);
    bus->write32(bus, 0, ROCKER_TEST_DMA_CONTROL, 4);
    ck_assert_uint_eq(buffer[0], 0x69);
}
END_TEST

START_TEST(interrupts_land_in_memory)
{
    const _Atomic uint32_t *vectors = qemu_dma(&rig->qemu).memory;
    ck_assert_uint_eq(vectors[ROCKER_VECTOR_TEST], 0);
    bus->write32(bus, 0, ROCKER_TEST_IRQ, ROCKER_VECTOR_TEST);
    ck_assert_uint_eq(vectors[ROCKER_VECTOR_TEST], 1);
}
END_TEST

static struct rocker_order group_order(uint16_t type, uint32_t id)
{
    struct rocker_order order = {.type = type,
                                 .has =
                                     ROCKER_HAS(ROCKER_GROUP_ID) | ROCKER_HAS(ROCKER_GROUP_LOWER),
                                 .group = id,
                                 .lower = ROCKER_GROUP_L2(2, 2)};
    return order;
}

static uint16_t now(struct rocker_order order)
{
    return rocker_order_now(rig->nic, &order);
}

START_TEST(errors_are_what_they_should_be)
{
    const uint8_t address[4] = {10, 2, 0, 9};
    struct rocker_order order = group_order(ROCKER_GROUP_ADD, ROCKER_GROUP_L3(1));
    ck_assert_uint_eq(now(order), 0);
    ck_assert_uint_eq(now(order), ROCKER_EEXIST);
    ck_assert_uint_eq(now(group_order(ROCKER_GROUP_MOD, ROCKER_GROUP_L3(2))), ROCKER_ENOENT);
    ck_assert_uint_eq(now(rocker_order_group_del(ROCKER_GROUP_L3(2))), ROCKER_ENOENT);
    ck_assert_uint_eq(now(rocker_order_flow_del(4711)), ROCKER_ENOENT);
    ck_assert_uint_eq(now(group_order(ROCKER_GROUP_ADD, 9u << 28)), ROCKER_ENOTSUP);
    ck_assert_uint_eq(now(group_order(ROCKER_GROUP_STATS, ROCKER_GROUP_L3(1))), ROCKER_ENOTSUP);
    spoil_missing_attribute(&order);
    order.group = ROCKER_GROUP_L3(3);
    ck_assert_uint_eq(now(order), ROCKER_EINVAL);
    ck_assert_uint_eq(now(rocker_order_route(ROCKER_FLOW_ADD, 5, address, 1u << 28)),
                      ROCKER_EINVAL);
    ck_assert_uint_eq(now(rocker_order_route(ROCKER_FLOW_MOD, 5, address, ROCKER_GROUP_L3(1))),
                      ROCKER_ENOENT);
    ck_assert_uint_eq(now(rocker_order_group_del(ROCKER_GROUP_L3(1))), 0);
}
END_TEST

/* A descriptor without a message, and one with no room for the answer: by hand, in the ring. */
START_TEST(errors_of_descriptors)
{
    static _Alignas(4096) struct rocker_ring ring;
    struct rocker_dma dma = qemu_dma(&rig->qemu);
    const uint16_t get_port = ROCKER_GET_PORT;
    const uint32_t port = 1;
    dma.memory = (uint8_t *)dma.memory + (4 << 20);
    dma.address += 4 << 20;
    dma.bytes -= 4 << 20;
    ck_assert(rocker_ring_open(&ring, bus, ROCKER_RING_COMMAND, 8, 256, &dma));
    rocker_ring_start(&ring);
    rocker_ring_post(&ring, 1, 0);
    ring.descriptors[0].buffer_bytes = 0;
    rocker_ring_doorbell(&ring);
    ck_assert_uint_eq(rocker_ring_take(&ring).error, ROCKER_ENXIO);
    struct rocker_tlv_writer w = rocker_tlv_writer(rocker_ring_buffer(&ring), 256);
    rocker_tlv_put(&w, ROCKER_TLV_TYPE, &get_port, sizeof(get_port));
    size_t begun = rocker_tlv_begin(&w, ROCKER_TLV_INFO);
    rocker_tlv_put(&w, ROCKER_PORT_NUMBER, &port, sizeof(port));
    rocker_tlv_end(&w, begun);
    rocker_ring_post(&ring, 2, w.length);
    ring.descriptors[1].buffer_bytes = (uint16_t)w.length;
    rocker_ring_doorbell(&ring);
    ck_assert_uint_eq(rocker_ring_take(&ring).error, ROCKER_EMSGSIZE);
    ck_assert(rocker_reset(rig->nic)); /* the driver's own ring again */
}
END_TEST

START_TEST(ports_have_addresses)
{
    uint8_t mac[6] = {0}, other[6] = {0};
    ck_assert(rocker_port_mac(rig->nic, 1, mac));
    ck_assert(rocker_port_mac(rig->nic, 3, other));
    ck_assert_mem_ne(mac, other, 6);
}
END_TEST

START_TEST(an_interface_without_an_address_takes_the_ports)
{
    uint8_t mac[6];
    struct host_object router;
    struct rocker_config config = rig_config();
    memset(config.interfaces[1].mac, 0, 6);
    rig_close(rig);
    rig = rig_open(&config);
    ck_assert(rocker_port_mac(rig->nic, 2, mac));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, rig_neighbor(rig, &router, 2, 7)));
    ck_assert_mem_eq(tables_group(rig_tables(rig), rig_group_of(&router))->src_mac, mac, 6);
}
END_TEST

static void set_link(const char *name, bool up)
{
    json_decref(qmp_ask(&rig->qemu, "set_link", json_pack("{s:s, s:b}", "name", name, "up", up)));
}

START_TEST(links_that_go_and_come_are_seen)
{
    rig_step(rig); /* they came up when the ports were enabled */
    uint64_t before = rocker_counters(rig->nic).links_changed;
    for (uint32_t round = 0; round < 200; round++) { /* more often than the ring has places */
        set_link("wire2", false);
        rig_step(rig);
        ck_assert(!rocker_link_up(rig->nic, 2));
        set_link("wire2", true);
        rig_step(rig);
        ck_assert(rocker_link_up(rig->nic, 2));
        ck_assert(rocker_link_up(rig->nic, 1));
    }
    ck_assert_uint_eq(rocker_counters(rig->nic).links_changed - before, 400);
}
END_TEST

/* The policy table takes an entry for a connection, but keeps neither addresses nor ports of it. */
START_TEST(the_policy_table_knows_no_connections)
{
    struct rocker_order order = {.type = ROCKER_FLOW_ADD,
                                 .has = ROCKER_HAS(ROCKER_TABLE_ID) | ROCKER_HAS(ROCKER_PRIORITY) |
                                        ROCKER_HAS(ROCKER_HARD_TIME) | ROCKER_HAS(ROCKER_COOKIE) |
                                        ROCKER_HAS(ROCKER_IN_PORT) | ROCKER_HAS(ROCKER_ETHERTYPE) |
                                        ROCKER_HAS(ROCKER_VLAN) | ROCKER_HAS(ROCKER_VLAN_MASK) |
                                        ROCKER_HAS(ROCKER_DST_IP) | ROCKER_HAS(ROCKER_DST_IP_MASK) |
                                        ROCKER_HAS(ROCKER_GROUP_ID),
                                 .table = ROCKER_TABLE_ACL,
                                 .priority = 1,
                                 .cookie = 1000,
                                 .in_port = 1,
                                 .ethertype = 0x0800,
                                 .vlan = 1,
                                 .vlan_mask = UINT16_MAX,
                                 .dst_ip = {10, 2, 0, 1},
                                 .dst_ip_mask = {255, 255, 255, 255},
                                 .group = ROCKER_GROUP_L3(1)};
    json_t *flow;
    size_t i;
    bool found = false;
    ck_assert_uint_eq(now(order), 0);
    json_t *flows = qmp_flows(&rig->qemu);
    json_array_foreach(flows, i, flow)
    {
        json_t *key = json_object_get(flow, "key");
        if (json_integer_value(json_object_get(flow, "cookie")) != 1000)
            continue;
        found = true;
        ck_assert_ptr_nonnull(json_object_get(key, "eth-type"));
        ck_assert_ptr_null(json_object_get(key, "ip-dst"));
    }
    json_decref(flows);
    ck_assert(found);
}
END_TEST

/* A process that is killed takes its QEMU along. */
START_TEST(a_killed_owner_leaves_no_qemu)
{
    int pipes[2];
    pid_t qemu = -1;
    char end;
    ck_assert_int_eq(pipe(pipes), 0);
    pid_t owner = fork();
    if (owner == 0) {
        static struct qemu q;
        close(pipes[0]);
        bool good = qemu_start(&q);
        if (!good || write(pipes[1], &q.pid, sizeof(q.pid)) != sizeof(q.pid))
            _exit(1);
        pause();
    }
    ck_assert_int_eq(read(pipes[0], &qemu, sizeof(qemu)), sizeof(qemu));
    ck_assert_int_eq(kill(qemu, 0), 0);
    close(pipes[1]);
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
    /* The other end of the pipe is QEMU's too: it ends when the last of them does. */
    ck_assert_int_eq(read(pipes[0], &end, 1), 0);
    close(pipes[0]);
}
END_TEST

START_TEST(a_qemu_that_died_breaks_the_bus_and_nothing_else)
{
    struct host_object router;
    struct chimney_node *root = rig_neighbor(rig, &router, 2, 7);
    kill(rig->qemu.pid, SIGKILL);
    rig_submit(rig, CHIMNEY_INITIATE, root);
    ck_assert(rig_run(rig));
    ck_assert(bus->broken);
    ck_assert_int_eq(root->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert(!rocker_reset(rig->nic));
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    return RUN_TESTS(
        "device", setup, teardown, test_registers_answer, dma_reaches_mapped_memory,
        interrupts_land_in_memory, errors_are_what_they_should_be, errors_of_descriptors,
        ports_have_addresses, an_interface_without_an_address_takes_the_ports,
        links_that_go_and_come_are_seen, the_policy_table_knows_no_connections,
        a_killed_owner_leaves_no_qemu, a_qemu_that_died_breaks_the_bus_and_nothing_else);
}
