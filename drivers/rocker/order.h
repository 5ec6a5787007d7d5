/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order.h: what the device is told in one descriptor, before it is bytes.
 *
 *     example
 *     struct rocker_order order = {.type = ROCKER_GROUP_DEL, .group = ROCKER_GROUP_L3(index)};
 *     order.has = ROCKER_HAS(ROCKER_GROUP_ID);
 *     size_t bytes = rocker_order_encode(&order, buffer, sizeof(buffer));
 */
#ifndef ROCKER_ORDER_H
#define ROCKER_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registers.h"

#define ROCKER_HAS(attribute) (UINT64_C(1) << (attribute))
#define ROCKER_MAC_BYTES 6

/* Numbers are in the host's byte order, addresses in the network's. */
struct rocker_order {
    uint16_t type; /* enum rocker_command_type */
    uint64_t has;  /* the attributes that are sent, ROCKER_HAS() of each */
    uint64_t cookie;
    uint32_t priority, hard_time;
    uint32_t in_port, in_port_mask, out_port;
    uint32_t group, lower;
    uint16_t table, go_to;
    uint16_t vlan, vlan_mask, new_vlan, ethertype;
    uint8_t dst_mac[ROCKER_MAC_BYTES], dst_mac_mask[ROCKER_MAC_BYTES], src_mac[ROCKER_MAC_BYTES];
    uint8_t dst_ip[4], dst_ip_mask[4];
    uint8_t pop_vlan, ttl_check;
};

/* Length of the message; 0 if it does not fit. */
size_t rocker_order_encode(const struct rocker_order *order, void *bytes, size_t room);

/*
 * The last check before anything is sent: false for what brings the device down, be it now or with
 * the next frame. No request of a host comes that far; what is refused here is counted.
 */
bool rocker_order_harmless(const struct rocker_order *order, uint32_t ports);

/* Orders with all the attributes that they need. */
struct rocker_order rocker_order_flow_del(uint64_t cookie);
struct rocker_order rocker_order_group_del(uint32_t group);
struct rocker_order rocker_order_interface_group(uint16_t vlan, uint32_t port);
/* Untagged frames that come in at a port belong to a VLAN. */
struct rocker_order rocker_order_vlan(uint64_t cookie, uint32_t port, uint16_t vlan);
/* IPv4 packets of this port and VLAN that are sent to the router's address are routed. */
struct rocker_order rocker_order_termination(uint64_t cookie, uint32_t port, uint16_t vlan,
                                             const uint8_t *mac);
/* `type` tells whether it is added or changed. */
struct rocker_order rocker_order_route(uint16_t type, uint64_t cookie, const uint8_t *address,
                                       uint32_t group);

#endif
