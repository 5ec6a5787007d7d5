/* SPDX-License-Identifier: BSD-2-Clause */
/* registers.h: the device's numbers. All registers are little endian, 4 or 8 bytes wide. */
#ifndef ROCKER_REGISTERS_H
#define ROCKER_REGISTERS_H

enum rocker_pci {
    ROCKER_PCI_ID = 0x00061b36, /* device and vendor */
    ROCKER_PCI_COMMAND = 0x04,
    ROCKER_PCI_BAR0 = 0x10,
    ROCKER_PCI_CAPABILITIES = 0x34,
    ROCKER_PCI_MEMORY = 2, /* bits of the command */
    ROCKER_PCI_MASTER = 4,
    ROCKER_BAR_BYTES = 0x2000,
    ROCKER_VECTOR_COMMAND = 0,
    ROCKER_VECTOR_EVENT = 1,
    ROCKER_VECTOR_TEST = 2
};

enum rocker_register {
    ROCKER_TEST_REG = 0x10,
    ROCKER_TEST_REG64 = 0x18,
    ROCKER_TEST_IRQ = 0x20,
    ROCKER_TEST_DMA_ADDRESS = 0x28,
    ROCKER_TEST_DMA_SIZE = 0x30,
    ROCKER_TEST_DMA_CONTROL = 0x34,
    ROCKER_CONTROL = 0x300,
    ROCKER_PORT_COUNT = 0x304,
    ROCKER_LINK = 0x310,   /* a bit for each port; ports count from 1 */
    ROCKER_ENABLE = 0x318, /* the same */
    ROCKER_RING = 0x1000,
    ROCKER_RING_STRIDE = 32,
    /* Of a ring: */
    ROCKER_RING_BASE = 0x0,
    ROCKER_RING_SIZE = 0x8,
    ROCKER_RING_HEAD = 0xc, /* the doorbell */
    ROCKER_RING_TAIL = 0x10,
    ROCKER_RING_CONTROL = 0x14,
    ROCKER_RING_CREDITS = 0x18
};

enum { ROCKER_RING_COMMAND = 0, ROCKER_RING_EVENT = 1, ROCKER_MAX_PORTS = 62 };

/* Completion word of a descriptor: done, and an errno of the device's. */
enum rocker_errno {
    ROCKER_DONE = 0x8000,
    ROCKER_ENOENT = 2,
    ROCKER_ENXIO = 6,
    ROCKER_ENOMEM = 12,
    ROCKER_EEXIST = 17,
    ROCKER_EINVAL = 22,
    ROCKER_ENOSPC = 28,
    ROCKER_EMSGSIZE = 90,
    ROCKER_ENOTSUP = 95,
    ROCKER_ENOBUFS = 105
};

/* What a command or an event is made of. */
enum rocker_tlv_message { ROCKER_TLV_TYPE = 1, ROCKER_TLV_INFO = 2 };

enum rocker_command_type {
    ROCKER_GET_PORT = 1,
    ROCKER_SET_PORT = 2,
    ROCKER_FLOW_ADD = 3,
    ROCKER_FLOW_MOD = 4,
    ROCKER_FLOW_DEL = 5,
    ROCKER_FLOW_STATS = 6,
    ROCKER_GROUP_ADD = 7,
    ROCKER_GROUP_MOD = 8,
    ROCKER_GROUP_DEL = 9,
    ROCKER_GROUP_STATS = 10
};

enum rocker_event_type { ROCKER_EVENT_LINK = 1, ROCKER_EVENT_MAC_SEEN = 2 };
enum rocker_event_link { ROCKER_EVENT_LINK_PORT = 1, ROCKER_EVENT_LINK_UP = 2 };

enum rocker_port_attribute { ROCKER_PORT_NUMBER = 1 };

enum rocker_attribute {
    ROCKER_TABLE_ID = 1,
    ROCKER_PRIORITY = 2,
    ROCKER_HARD_TIME = 3,
    ROCKER_COOKIE = 5,
    ROCKER_IN_PORT = 6,
    ROCKER_IN_PORT_MASK = 7,
    ROCKER_OUT_PORT = 8,
    ROCKER_GOTO = 9,
    ROCKER_GROUP_ID = 10,
    ROCKER_GROUP_LOWER = 11,
    ROCKER_VLAN = 14,
    ROCKER_VLAN_MASK = 15,
    ROCKER_NEW_VLAN = 19,
    ROCKER_ETHERTYPE = 23,
    ROCKER_DST_MAC = 24,
    ROCKER_DST_MAC_MASK = 25,
    ROCKER_SRC_MAC = 26,
    ROCKER_DST_IP = 36,
    ROCKER_DST_IP_MASK = 37,
    ROCKER_POP_VLAN = 59,
    ROCKER_TTL_CHECK = 60
};

enum rocker_table {
    ROCKER_TABLE_VLAN = 10,
    ROCKER_TABLE_TERMINATION = 20,
    ROCKER_TABLE_UNICAST = 30,
    ROCKER_TABLE_ACL = 60
};

#define ROCKER_GROUP_L2(vlan, port) ((uint32_t)(vlan) << 16 | (uint32_t)(port))
#define ROCKER_GROUP_L3(index) (2u << 28 | (uint32_t)(index))

#endif
