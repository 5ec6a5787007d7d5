/* SPDX-License-Identifier: BSD-2-Clause */
/* What needs no device: messages, orders, the ring's arithmetic, and registers that are files. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus.h"
#include "order.h"
#include "prng.h"
#include "ring.h"
#include "tlv.h"

static char directory[64];
static unsigned char *fake_bar[2];

static unsigned char *fake(const char *name, size_t bytes)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    ck_assert(file >= 0 && ftruncate(file, (off_t)bytes) == 0);
    unsigned char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ck_assert(memory != MAP_FAILED);
    close(file);
    return memory;
}

static unsigned char *config;

static void put32(unsigned char *at, uint32_t value)
{
    memcpy(at, &value, sizeof(value));
}

static uint32_t get32(const unsigned char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

/* A folder as Linux shows one for each device, with an MSI-X capability behind another one. */
static void setup(void)
{
    snprintf(directory, sizeof(directory), "/tmp/flue-bar-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    config = fake("config", 256);
    fake_bar[0] = fake("resource0", ROCKER_BAR_BYTES);
    fake_bar[1] = fake("resource1", ROCKER_BAR_BYTES);
    put32(config, ROCKER_PCI_ID);
    put32(config + 0x10, 0xf0000000);
    put32(config + 0x14, 0xf0002000);
    config[0x34] = 0x50;
    put32(config + 0x50, 0x00004009);
    put32(config + 0x40, 0x00090011);
}

static void teardown(void)
{
    static const char *const names[] = {"config", "resource0", "resource1"};
    char path[128];
    for (unsigned int i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        unlink(path);
    }
    rmdir(directory);
    munmap(config, 256);
    munmap(fake_bar[0], ROCKER_BAR_BYTES);
    munmap(fake_bar[1], ROCKER_BAR_BYTES);
}

START_TEST(sysfs_registers_are_memory)
{
    struct rocker_bus *bus = rocker_bus_sysfs(directory);
    ck_assert_ptr_nonnull(bus);
    bus->write32(bus, 0, ROCKER_TEST_REG, 0x11223344);
    ck_assert_uint_eq(get32(fake_bar[0] + ROCKER_TEST_REG), 0x11223344);
    bus->write64(bus, 0, ROCKER_ENABLE, UINT64_C(0x0102030405060708));
    ck_assert_uint_eq(fake_bar[0][ROCKER_ENABLE], 8);
    ck_assert_uint_eq(fake_bar[0][ROCKER_ENABLE + 7], 1);
    put32(fake_bar[0] + ROCKER_PORT_COUNT, 3);
    ck_assert_uint_eq(bus->read32(bus, 0, ROCKER_PORT_COUNT), 3);
    put32(fake_bar[0] + ROCKER_LINK, 14);
    ck_assert_uint_eq(bus->read64(bus, 0, ROCKER_LINK), 14);
    bus->close(bus);
}
END_TEST

START_TEST(sysfs_device_is_probed)
{
    struct rocker_bus *bus = rocker_bus_sysfs(directory);
    ck_assert(rocker_pci_probe(bus));
    ck_assert_uint_eq(bus->base[0], 0xf0000000); /* as the machine gave them */
    ck_assert_uint_eq(get32(config + 0x10), 0xf0000000);
    ck_assert_uint_eq(config[4] & 6, 6);
    ck_assert_uint_eq(get32(config + 0x40), 0x80090011);
    rocker_pci_vector(bus, 1, UINT64_C(0x500001000), 77);
    ck_assert_uint_eq(get32(fake_bar[1] + 16), 0x1000);
    ck_assert_uint_eq(get32(fake_bar[1] + 20), 5);
    ck_assert_uint_eq(get32(fake_bar[1] + 24), 77);
    rocker_pci_master(bus, false);
    ck_assert_uint_eq(config[4] & 6, 2);
    bus->close(bus);
}
END_TEST

START_TEST(what_is_no_such_device_is_refused)
{
    put32(config, 0x10001af4);
    struct rocker_bus *bus = rocker_bus_sysfs(directory);
    ck_assert(!rocker_pci_probe(bus));
    bus->close(bus);
    ck_assert_ptr_null(rocker_bus_sysfs("/nonexistent"));
}
END_TEST

START_TEST(capabilities_in_a_circle_end)
{
    put32(config + 0x50, 0x00005009);
    struct rocker_bus *bus = rocker_bus_sysfs(directory);
    ck_assert(!rocker_pci_probe(bus));
    bus->close(bus);
}
END_TEST

START_TEST(a_nested_message_is_read_back)
{
    uint8_t bytes[64];
    const uint16_t type = 7;
    const uint64_t cookie = UINT64_C(0x1122334455667788);
    struct rocker_tlv info, tlv;
    struct rocker_tlv_writer w = rocker_tlv_writer(bytes, sizeof(bytes));
    rocker_tlv_put(&w, ROCKER_TLV_TYPE, &type, sizeof(type));
    size_t begun = rocker_tlv_begin(&w, ROCKER_TLV_INFO);
    rocker_tlv_put(&w, ROCKER_COOKIE, &cookie, sizeof(cookie));
    rocker_tlv_end(&w, begun);
    ck_assert(!w.overflow);
    ck_assert_uint_eq(w.length, 16 + 8 + 16);
    const uint8_t head[] = {1, 0, 0, 0, 10, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 24, 0};
    ck_assert_mem_eq(bytes, head, sizeof(head));
    ck_assert(rocker_tlv_find(bytes, w.length, ROCKER_TLV_INFO, &info));
    ck_assert(rocker_tlv_find(info.payload, info.length, ROCKER_COOKIE, &tlv));
    ck_assert_uint_eq(rocker_tlv_number(&tlv), cookie);
}
END_TEST

START_TEST(what_does_not_fit_is_left_out)
{
    uint8_t bytes[40];
    uint8_t payload[16] = {0};
    memset(bytes, 0xee, sizeof(bytes));
    struct rocker_tlv_writer w = rocker_tlv_writer(bytes, 24);
    rocker_tlv_put(&w, 1, payload, 16);
    ck_assert(!w.overflow);
    rocker_tlv_put(&w, 2, payload, 1);
    ck_assert(w.overflow);
    ck_assert_uint_eq(w.length, 24);
    ck_assert_uint_eq(bytes[24], 0xee);
}
END_TEST

/* Whatever a device writes, the reader stays inside. */
START_TEST(bad_messages_end)
{
    struct rocker_tlv tlv;
    uint64_t random = 42;
    for (unsigned int round = 0; round < 20000; round++) {
        uint8_t bytes[48];
        for (unsigned int i = 0; i < sizeof(bytes); i++) {
            bytes[i] = (uint8_t)prng_below(&random, 16);
        }
        size_t length = round % (sizeof(bytes) + 1);
        unsigned int steps = 0;
        for (size_t at = 0; rocker_tlv_next(bytes, length, &at, &tlv); steps++) {
            ck_assert(tlv.payload + tlv.length <= bytes + length);
            ck_assert_uint_lt(steps, sizeof(bytes) / 8);
        }
    }
}
END_TEST

START_TEST(an_order_has_its_attributes_and_no_other)
{
    uint8_t bytes[256];
    const uint8_t address[4] = {10, 2, 0, 1};
    struct rocker_order order = rocker_order_route(ROCKER_FLOW_ADD, 5, address, 0x20000001);
    struct rocker_tlv info, tlv;
    size_t length = rocker_order_encode(&order, bytes, sizeof(bytes));
    unsigned int count = 0;
    ck_assert(rocker_tlv_find(bytes, length, ROCKER_TLV_INFO, &info));
    for (size_t at = 0; rocker_tlv_next(info.payload, info.length, &at, &tlv);)
        count++;
    ck_assert_uint_eq(count, 9);
    ck_assert(rocker_tlv_find(info.payload, info.length, ROCKER_ETHERTYPE, &tlv));
    ck_assert_uint_eq(tlv.payload[0], 8); /* in network order */
    ck_assert(rocker_tlv_find(info.payload, info.length, ROCKER_DST_IP_MASK, &tlv));
    ck_assert_uint_eq(rocker_tlv_number(&tlv), UINT32_MAX);
    ck_assert_uint_eq(rocker_order_encode(&order, bytes, 64), 0);
}
END_TEST

START_TEST(a_ring_is_never_overfilled)
{
    static _Alignas(4096) uint8_t memory[16384];
    struct rocker_dma dma = {memory, 0x1000, sizeof(memory)};
    struct rocker_bus *bus = rocker_bus_sysfs(directory);
    struct rocker_ring ring;
    ck_assert(rocker_ring_open(&ring, bus, 0, 8, 64, &dma));
    rocker_ring_start(&ring);
    ck_assert_uint_eq(get32(fake_bar[0] + ROCKER_RING + ROCKER_RING_SIZE), 8);
    for (unsigned int round = 0; round < 20; round++) {
        for (uint64_t cookie = 0; cookie < 7; cookie++)
            rocker_ring_post(&ring, cookie, 8);
        ck_assert_uint_eq(rocker_ring_room(&ring), 0);
        ck_assert_uint_eq(rocker_ring_ready(&ring), 0);
        rocker_ring_doorbell(&ring);
        /* The device does the fifth and the last of them, and passes over the others. */
        ring.descriptors[(ring.next + 4) % 8].completion = ROCKER_DONE;
        ck_assert_uint_eq(rocker_ring_ready(&ring), 5);
        ring.descriptors[(ring.next + 6) % 8].completion = ROCKER_DONE | ROCKER_EINVAL;
        for (uint64_t cookie = 0; cookie < 7; cookie++) {
            struct rocker_done done = rocker_ring_take(&ring);
            ck_assert_uint_eq(done.cookie, cookie);
            ck_assert_int_eq(done.lost, cookie != 4 && cookie != 6);
            ck_assert_uint_eq(done.error, cookie == 6 ? ROCKER_EINVAL : 0);
        }
        ck_assert_uint_eq(rocker_ring_room(&ring), 7);
    }
    bus->close(bus);
}
END_TEST

int main(void)
{
    return RUN_TESTS("bytes", setup, teardown, sysfs_registers_are_memory, sysfs_device_is_probed,
                     what_is_no_such_device_is_refused, capabilities_in_a_circle_end,
                     a_nested_message_is_read_back, what_does_not_fit_is_left_out, bad_messages_end,
                     an_order_has_its_attributes_and_no_other, a_ring_is_never_overfilled);
}
