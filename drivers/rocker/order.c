/* SPDX-License-Identifier: BSD-2-Clause */
/* Orders and their encoding, from one table of attributes. */
#include "order.h"

#include <string.h>

#include "tlv.h"

#define PRIORITY 1 /* of all: among equals, the longest prefix wins */
#define IPV4 0x0800
#define MOST_BYTES 8
#define GROUP_TYPE(group) ((group) >> 28)

enum { GROUP_L2_INTERFACE = 0, GROUP_L2_MULTICAST = 3, GROUP_L2_FLOOD = 4 };

struct attribute {
    uint8_t attribute;
    uint8_t bytes;
    bool network; /* a number that travels in network byte order */
    uint16_t at;  /* in struct rocker_order */
};

#define ATTRIBUTE(name, member)                                  \
    {                                                            \
        name, sizeof(((struct rocker_order *)0)->member), false, \
            offsetof(struct rocker_order, member)                \
    }
#define NETWORK(name, member)                                   \
    {                                                           \
        name, sizeof(((struct rocker_order *)0)->member), true, \
            offsetof(struct rocker_order, member)               \
    }

static const struct attribute attributes[] = {
    ATTRIBUTE(ROCKER_TABLE_ID, table),
    ATTRIBUTE(ROCKER_PRIORITY, priority),
    ATTRIBUTE(ROCKER_HARD_TIME, hard_time),
    ATTRIBUTE(ROCKER_COOKIE, cookie),
    ATTRIBUTE(ROCKER_IN_PORT, in_port),
    ATTRIBUTE(ROCKER_IN_PORT_MASK, in_port_mask),
    ATTRIBUTE(ROCKER_OUT_PORT, out_port),
    ATTRIBUTE(ROCKER_GOTO, go_to),
    ATTRIBUTE(ROCKER_GROUP_ID, group),
    ATTRIBUTE(ROCKER_GROUP_LOWER, lower),
    NETWORK(ROCKER_VLAN, vlan),
    NETWORK(ROCKER_VLAN_MASK, vlan_mask),
    NETWORK(ROCKER_NEW_VLAN, new_vlan),
    NETWORK(ROCKER_ETHERTYPE, ethertype),
    ATTRIBUTE(ROCKER_DST_MAC, dst_mac),
    ATTRIBUTE(ROCKER_DST_MAC_MASK, dst_mac_mask),
    ATTRIBUTE(ROCKER_SRC_MAC, src_mac),
    ATTRIBUTE(ROCKER_DST_IP, dst_ip),
    ATTRIBUTE(ROCKER_DST_IP_MASK, dst_ip_mask),
    ATTRIBUTE(ROCKER_POP_VLAN, pop_vlan),
    ATTRIBUTE(ROCKER_TTL_CHECK, ttl_check),
};

static void put(struct rocker_tlv_writer *w, const struct rocker_order *order,
                const struct attribute *a)
{
    uint8_t bytes[MOST_BYTES], swapped[MOST_BYTES];
    memcpy(bytes, (const uint8_t *)order + a->at, a->bytes);
    for (unsigned int i = 0; i < a->bytes; i++)
        swapped[i] = bytes[a->network ? a->bytes - 1u - i : i];
    rocker_tlv_put(w, a->attribute, swapped, a->bytes);
}

size_t rocker_order_encode(const struct rocker_order *order, void *bytes, size_t room)
{
    struct rocker_tlv_writer w = rocker_tlv_writer(bytes, room);
    rocker_tlv_put(&w, ROCKER_TLV_TYPE, &order->type, sizeof(order->type));
    size_t info = rocker_tlv_begin(&w, ROCKER_TLV_INFO);
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (order->has & ROCKER_HAS(attributes[i].attribute))
            put(&w, order, &attributes[i]);
    }
    rocker_tlv_end(&w, info);
    return w.overflow ? 0 : w.length;
}

static bool port_exists(uint32_t port, uint32_t ports)
{
    return port >= 1 && port <= ports;
}

static bool group_harmless(const struct rocker_order *o, uint32_t ports)
{
    uint32_t type = GROUP_TYPE(o->group);
    /* A list of groups that is shorter than its count; the driver needs neither kind. */
    if (type == GROUP_L2_FLOOD || type == GROUP_L2_MULTICAST)
        return false;
    if (type != GROUP_L2_INTERFACE)
        return true;
    /* The device takes either number for a port, and looks it up with the first frame. */
    return port_exists(o->group & 0xffff, ports) &&
           (!(o->has & ROCKER_HAS(ROCKER_OUT_PORT)) || port_exists(o->out_port, ports));
}

static bool flow_harmless(const struct rocker_order *o)
{
    /* Without a mask, the first untagged frame brings the device down. */
    bool unmasked = !(o->has & ROCKER_HAS(ROCKER_VLAN_MASK)) || o->vlan_mask == 0;
    return !(o->has & ROCKER_HAS(ROCKER_VLAN)) || o->vlan == 0 || !unmasked;
}

bool rocker_order_harmless(const struct rocker_order *o, uint32_t ports)
{
    switch (o->type) {
    case ROCKER_GROUP_ADD:
    case ROCKER_GROUP_MOD:
        return group_harmless(o, ports);
    case ROCKER_FLOW_ADD:
    case ROCKER_FLOW_MOD:
        return flow_harmless(o);
    case ROCKER_GET_PORT:
    case ROCKER_SET_PORT:
        return false; /* never made of an order; see rocker_port_mac() */
    default:
        return true;
    }
}

/* ---- Orders -------------------------------------------------------------------------------- */

#define HAS_FLOW                                                                                \
    (ROCKER_HAS(ROCKER_TABLE_ID) | ROCKER_HAS(ROCKER_PRIORITY) | ROCKER_HAS(ROCKER_HARD_TIME) | \
     ROCKER_HAS(ROCKER_COOKIE) | ROCKER_HAS(ROCKER_GOTO))

static struct rocker_order flow(uint16_t type, uint16_t table, uint16_t go_to, uint64_t cookie)
{
    return (struct rocker_order){.type = type,
                                 .has = HAS_FLOW,
                                 .table = table,
                                 .priority = PRIORITY,
                                 .cookie = cookie,
                                 .go_to = go_to};
}

struct rocker_order rocker_order_flow_del(uint64_t cookie)
{
    return (struct rocker_order){
        .type = ROCKER_FLOW_DEL, .has = ROCKER_HAS(ROCKER_COOKIE), .cookie = cookie};
}

struct rocker_order rocker_order_group_del(uint32_t group)
{
    return (struct rocker_order){
        .type = ROCKER_GROUP_DEL, .has = ROCKER_HAS(ROCKER_GROUP_ID), .group = group};
}

struct rocker_order rocker_order_interface_group(uint16_t vlan, uint32_t port)
{
    return (struct rocker_order){.type = ROCKER_GROUP_ADD,
                                 .has = ROCKER_HAS(ROCKER_GROUP_ID) | ROCKER_HAS(ROCKER_OUT_PORT) |
                                        ROCKER_HAS(ROCKER_POP_VLAN),
                                 .group = ROCKER_GROUP_L2(vlan, port),
                                 .out_port = port,
                                 .pop_vlan = 1};
}

struct rocker_order rocker_order_vlan(uint64_t cookie, uint32_t port, uint16_t vlan)
{
    struct rocker_order o =
        flow(ROCKER_FLOW_ADD, ROCKER_TABLE_VLAN, ROCKER_TABLE_TERMINATION, cookie);
    o.has |= ROCKER_HAS(ROCKER_IN_PORT) | ROCKER_HAS(ROCKER_VLAN) | ROCKER_HAS(ROCKER_NEW_VLAN);
    o.in_port = port;
    o.new_vlan = vlan;
    return o;
}

struct rocker_order rocker_order_termination(uint64_t cookie, uint32_t port, uint16_t vlan,
                                             const uint8_t *mac)
{
    struct rocker_order o =
        flow(ROCKER_FLOW_ADD, ROCKER_TABLE_TERMINATION, ROCKER_TABLE_UNICAST, cookie);
    o.has |= ROCKER_HAS(ROCKER_IN_PORT) | ROCKER_HAS(ROCKER_IN_PORT_MASK) |
             ROCKER_HAS(ROCKER_ETHERTYPE) | ROCKER_HAS(ROCKER_DST_MAC) |
             ROCKER_HAS(ROCKER_DST_MAC_MASK) | ROCKER_HAS(ROCKER_VLAN) |
             ROCKER_HAS(ROCKER_VLAN_MASK);
    o.in_port = port;
    o.in_port_mask = UINT32_MAX;
    o.ethertype = IPV4;
    o.vlan = vlan;
    o.vlan_mask = UINT16_MAX;
    memcpy(o.dst_mac, mac, sizeof(o.dst_mac));
    memset(o.dst_mac_mask, 0xff, sizeof(o.dst_mac_mask));
    return o;
}

struct rocker_order rocker_order_route(uint16_t type, uint64_t cookie, const uint8_t *address,
                                       uint32_t group)
{
    /* Without going on to the policy table the route drops; without a mask it fits everything. */
    struct rocker_order o = flow(type, ROCKER_TABLE_UNICAST, ROCKER_TABLE_ACL, cookie);
    o.has |= ROCKER_HAS(ROCKER_ETHERTYPE) | ROCKER_HAS(ROCKER_DST_IP) |
             ROCKER_HAS(ROCKER_DST_IP_MASK) | ROCKER_HAS(ROCKER_GROUP_ID);
    o.ethertype = IPV4;
    memcpy(o.dst_ip, address, sizeof(o.dst_ip));
    memset(o.dst_ip_mask, 0xff, sizeof(o.dst_ip_mask));
    o.group = group;
    return o;
}
