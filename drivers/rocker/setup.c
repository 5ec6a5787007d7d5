/* SPDX-License-Identifier: BSD-2-Clause */
/* What has to be told to the device before the first command, and again after every reset. */
#include <string.h>

#include "nic.h"
#include "tlv.h"

#define SET_UP_COOKIE (UINT64_C(1) << 40) /* above those of all paths */
#define FLOWS 2                           /* of an interface */
#define PORT_MAC 5                        /* in the answer to GET_PORT */

bool rocker_port_mac(struct rocker_nic *nic, uint32_t port, uint8_t mac[ROCKER_MAC_BYTES])
{
    const uint16_t type = ROCKER_GET_PORT;
    struct rocker_tlv info, address;
    /* The device takes any number, and goes down with a wrong one. */
    if (port < 1 || port > nic->ports || rocker_under_way(nic) != 0) {
        nic->counters.refused++;
        return false;
    }
    struct rocker_tlv_writer w =
        rocker_tlv_writer(rocker_ring_buffer(&nic->commands), nic->commands.buffer_bytes);
    rocker_tlv_put(&w, ROCKER_TLV_TYPE, &type, sizeof(type));
    size_t begun = rocker_tlv_begin(&w, ROCKER_TLV_INFO);
    rocker_tlv_put(&w, ROCKER_PORT_NUMBER, &port, sizeof(port));
    rocker_tlv_end(&w, begun);
    nic->counters.orders++;
    rocker_ring_post(&nic->commands, ROCKER_NO_JOB, w.length);
    struct rocker_done done = rocker_wait_for_one(nic);
    if (done.error || !rocker_tlv_find(done.message, done.bytes, ROCKER_TLV_INFO, &info) ||
        !rocker_tlv_find(info.payload, info.length, PORT_MAC, &address) ||
        address.length != ROCKER_MAC_BYTES)
        return false;
    memcpy(mac, address.payload, ROCKER_MAC_BYTES);
    return true;
}

static void set_vectors(struct rocker_nic *nic)
{
    for (unsigned int v = ROCKER_VECTOR_COMMAND; v <= ROCKER_VECTOR_TEST; v++) {
        atomic_store(&nic->vectors[v], 0);
        rocker_pci_vector(nic->bus, v, nic->vectors_address + v * sizeof(*nic->vectors), 1);
    }
}

static uint64_t set_up_cookie(uint32_t interface, uint32_t flow)
{
    return SET_UP_COOKIE + (uint64_t)interface * FLOWS + flow;
}

/* Where the host gave no router's address, the port's own is taken. */
static bool address_interface(struct rocker_nic *nic, struct rocker_interface *i)
{
    static const uint8_t zero[ROCKER_MAC_BYTES];
    if (i->vlan == 0 || i->vlan > 4094 || i->port < 1 || i->port > nic->ports)
        return false;
    return memcmp(i->mac, zero, sizeof(zero)) != 0 || rocker_port_mac(nic, i->port, i->mac);
}

static bool set_up_interfaces(struct rocker_nic *nic)
{
    uint64_t enabled = 0;
    for (uint32_t n = 0; n < nic->config.interface_count; n++) {
        struct rocker_interface *i = &nic->config.interfaces[n];
        if (!address_interface(nic, i))
            return false;
        struct rocker_order vlan = rocker_order_vlan(set_up_cookie(n, 0), i->port, i->vlan);
        struct rocker_order termination =
            rocker_order_termination(set_up_cookie(n, 1), i->port, i->vlan, i->mac);
        if (rocker_order_now(nic, &vlan) != 0 || rocker_order_now(nic, &termination) != 0)
            return false;
        enabled |= UINT64_C(1) << i->port;
    }
    nic->bus->write64(nic->bus, 0, ROCKER_ENABLE, enabled);
    return !nic->bus->broken;
}

bool rocker_set_up(struct rocker_nic *nic)
{
    nic->bus->write32(nic->bus, 0, ROCKER_CONTROL, 1);
    nic->ports = nic->bus->read32(nic->bus, 0, ROCKER_PORT_COUNT);
    if (nic->bus->broken || nic->ports == 0 || nic->ports > ROCKER_MAX_PORTS)
        return false;
    memset(nic->neighbors_of, 0, sizeof(nic->neighbors_of));
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_NEIGHBOR]; i++)
        nic->neighbors[i].counted = false;
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_PATH]; i++)
        nic->paths[i].taken = false;
    set_vectors(nic);
    rocker_ring_start(&nic->commands);
    rocker_ring_start(&nic->events);
    rocker_events_start(nic);
    if (!set_up_interfaces(nic))
        return false;
    nic->links = nic->bus->read64(nic->bus, 0, ROCKER_LINK);
    return true;
}

void rocker_take_back(struct rocker_nic *nic)
{
    nic->bus->write64(nic->bus, 0, ROCKER_ENABLE, 0);
    for (uint32_t n = 0; n < nic->config.interface_count; n++) {
        for (uint32_t f = 0; f < FLOWS; f++) {
            struct rocker_order o = rocker_order_flow_del(set_up_cookie(n, f));
            rocker_order_now(nic, &o);
        }
    }
    rocker_pci_master(nic->bus, false);
}
