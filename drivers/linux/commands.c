/* SPDX-License-Identifier: BSD-2-Clause */
/* Neighbors and paths: what each command of flue's is for the worker. */
#include <string.h>

#include "nic.h"

enum flue_issued linux_post(struct linux_nic *nic, struct linux_order *order)
{
    if (nic->config.shim && nic->config.shim->order)
        nic->config.shim->order(nic->config.shim->context, order->cookie, order);
    if (!linux_worker_post(nic, order)) {
        nic->counters.ring_full++;
        return FLUE_RING_FULL;
    }
    nic->counters.orders++;
    return FLUE_ISSUED;
}

enum flue_issued linux_refuse(struct linux_nic *nic, flue_cookie cookie, enum chimney_result result)
{
    nic->counters.refused++;
    chimney_done(&nic->target, cookie, result);
    return FLUE_ISSUED;
}

static bool all_zero(const uint8_t *mac)
{
    static const uint8_t zero[6];
    return memcmp(mac, zero, sizeof(zero)) == 0;
}

static struct linux_order order_of(flue_cookie cookie, uint8_t kind, uint8_t command,
                                   uint32_t index)
{
    return (struct linux_order){.cookie = cookie, .kind = kind, .command = command, .index = index};
}

/* ---- Neighbors ----------------------------------------------------------------------------- */

/* 0: that VLAN is nowhere, or its interface is gone. */
static uint32_t interface_of(const struct linux_nic *nic, uint32_t vlan)
{
    for (uint32_t i = 0; i < nic->config.interface_count; i++) {
        if (nic->config.interfaces[i].vlan == vlan)
            return nic->interfaces[i];
    }
    return 0;
}

LINUX_COMMAND(add_neighbor)
{
    struct linux_nic *nic = adapter;
    struct linux_order order =
        order_of(cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, args->index);
    order.neighbor.interface = interface_of(nic, args->vlan_id);
    if (order.neighbor.interface == 0)
        return linux_refuse(nic, cookie, CHIMNEY_RESULT_VLAN_MISMATCH);
    /* Frames leave with the interface's own address. */
    if (!all_zero(args->source_mac))
        return linux_refuse(nic, cookie, CHIMNEY_RESULT_HW_ADDRESS_ENTRIES);
    nic->neighbors[args->index] =
        (struct linux_neighbor){.interface = order.neighbor.interface,
                                .confirmed_at = nic->now - args->nic_reachability_delta};
    memcpy(order.neighbor.mac, args->destination_mac, sizeof(order.neighbor.mac));
    return linux_post(nic, &order);
}

LINUX_COMMAND(write_mac)
{
    struct linux_order order =
        order_of(cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC, args->index);
    memcpy(order.neighbor.mac, args->destination_mac, sizeof(order.neighbor.mac));
    return linux_post(adapter, &order);
}

/* The entry is permanent: the kernel looks for no proof, so the age is that of the host's. */
LINUX_COMMAND(read_neighbor)
{
    struct linux_nic *nic = adapter;
    const struct chimney_read_neighbor_data data = {
        .nic_reachability_delta = linux_ticks_since(nic, nic->neighbors[args->index].confirmed_at)};
    chimney_read_neighbor_done(&nic->target, cookie, CHIMNEY_RESULT_OK, &data);
    return FLUE_ISSUED;
}

LINUX_COMMAND(block_neighbor)
{
    struct linux_order order =
        order_of(cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR, args->index);
    return linux_post(adapter, &order);
}

LINUX_COMMAND(remove_neighbor)
{
    struct linux_order order =
        order_of(cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, args->index);
    return linux_post(adapter, &order);
}

/* ---- Paths --------------------------------------------------------------------------------- */

/* One route for each remote address. */
static bool destination_taken(const struct linux_nic *nic, const struct linux_path *path)
{
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_PATH]; i++) {
        const struct linux_path *other = &nic->paths[i];
        if (other != path && other->taken && other->ipv6 == path->ipv6 &&
            memcmp(other->destination, path->destination, sizeof(path->destination)) == 0)
            return true;
    }
    return false;
}

LINUX_COMMAND(add_path)
{
    struct linux_nic *nic = adapter;
    struct linux_path *path = &nic->paths[args->index];
    bool ipv6 = args->variant == CHIMNEY_VARIANT_IPV6;
    struct linux_order order = order_of(cookie, CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH, args->index);
    *path = (struct linux_path){.ipv6 = ipv6, .neighbor = args->neighbor};
    memcpy(path->source, args->source_address, ipv6 ? 16 : 4);
    memcpy(path->destination, args->destination_address, ipv6 ? 16 : 4);
    if (destination_taken(nic, path))
        return linux_refuse(nic, cookie, CHIMNEY_RESULT_PATH_ENTRIES);
    order.target = args->neighbor;
    order.path.ipv6 = ipv6;
    order.path.mtu = args->path_mtu;
    memcpy(order.path.source, path->source, sizeof(path->source));
    memcpy(order.path.destination, path->destination, sizeof(path->destination));
    path->taken = linux_post(nic, &order) == FLUE_ISSUED;
    return path->taken ? FLUE_ISSUED : FLUE_RING_FULL;
}

LINUX_COMMAND(write_route)
{
    struct linux_nic *nic = adapter;
    struct linux_order order =
        order_of(cookie, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE, args->index);
    order.target = args->neighbor;
    nic->paths[args->index].neighbor = args->neighbor; /* if it fails, the old one is written */
    return linux_post(nic, &order);
}

LINUX_COMMAND(write_mtu)
{
    struct linux_order order = order_of(cookie, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_MTU, args->index);
    order.path.mtu = args->path_mtu;
    return linux_post(adapter, &order);
}

LINUX_COMMAND(block_path)
{
    struct linux_order order = order_of(cookie, CHIMNEY_PATH, CHIMNEY_PATH_BLOCK_PATH, args->index);
    return linux_post(adapter, &order);
}

LINUX_COMMAND(remove_path)
{
    struct linux_order order =
        order_of(cookie, CHIMNEY_PATH, CHIMNEY_PATH_REMOVE_PATH, args->index);
    return linux_post(adapter, &order);
}
