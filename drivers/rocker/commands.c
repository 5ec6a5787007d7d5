/* SPDX-License-Identifier: BSD-2-Clause */
/* Neighbors and paths: what each command of flue's becomes on the device. */
#include "nic.h"

#include <string.h>

static bool all_zero(const uint8_t *mac)
{
    static const uint8_t zero[ROCKER_MAC_BYTES];
    return memcmp(mac, zero, sizeof(zero)) == 0;
}

/* ---- Accounts: what the device cannot tell ------------------------------------------------- */

static uint32_t *neighbors_of(struct rocker_nic *nic, const struct rocker_interface *interface)
{
    return &nic->neighbors_of[interface - nic->config.interfaces];
}

static void count_neighbor(struct rocker_nic *nic, uint32_t index, bool counted)
{
    struct rocker_neighbor *n = &nic->neighbors[index];
    if (n->counted == counted)
        return;
    n->counted = counted;
    *neighbors_of(nic, n->interface) += counted ? 1u : UINT32_MAX;
}

static void neighbor_over(struct rocker_nic *nic, const struct rocker_job *job,
                          enum chimney_result result)
{
    bool undone = result != CHIMNEY_RESULT_OK && result != CHIMNEY_RESULT_UNSURE;
    bool never = job->command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR && undone;
    if (never || result == CHIMNEY_RESULT_GONE)
        count_neighbor(nic, job->index, false);
}

static void path_over(struct rocker_nic *nic, const struct rocker_job *job,
                      enum chimney_result result)
{
    bool gone = job->command == CHIMNEY_PATH_REMOVE_PATH && result == CHIMNEY_RESULT_OK;
    bool never = job->command == CHIMNEY_PATH_ADD_PATH && result != CHIMNEY_RESULT_OK &&
                 result != CHIMNEY_RESULT_UNSURE;
    if (gone || never || result == CHIMNEY_RESULT_GONE)
        nic->paths[job->index].taken = false;
}

/* A job of a neighbor or path, which keeps account when it is over. */
static struct rocker_job *begin(struct rocker_nic *nic, flue_cookie cookie, uint8_t kind,
                                uint8_t command, uint32_t index, uint8_t parts)
{
    struct rocker_job *job = rocker_job_begin(nic, cookie, kind, command, index, parts);
    if (job)
        job->over = kind == CHIMNEY_NEIGHBOR ? neighbor_over : path_over;
    return job;
}

static enum flue_issued one_order(struct rocker_nic *nic, flue_cookie cookie, uint8_t kind,
                                  uint8_t command, uint32_t index, struct rocker_order order,
                                  uint16_t tolerated)
{
    struct rocker_job *job = begin(nic, cookie, kind, command, index, 1);
    if (!job)
        return FLUE_RING_FULL;
    rocker_job_order(nic, job, order, tolerated);
    rocker_job_end(nic, job);
    return FLUE_ISSUED;
}

/* ---- Neighbors ----------------------------------------------------------------------------- */

static const struct rocker_interface *interface_of(const struct rocker_nic *nic, uint32_t vlan)
{
    for (uint32_t i = 0; i < nic->config.interface_count; i++) {
        if (nic->config.interfaces[i].vlan == vlan)
            return &nic->config.interfaces[i];
    }
    return NULL;
}

static struct rocker_order group(uint16_t type, uint32_t index, const struct rocker_interface *i,
                                 const uint8_t *dst_mac)
{
    struct rocker_order o = {.type = type,
                             .has = ROCKER_HAS(ROCKER_GROUP_ID) | ROCKER_HAS(ROCKER_GROUP_LOWER) |
                                    ROCKER_HAS(ROCKER_DST_MAC),
                             .group = ROCKER_GROUP_L3(index),
                             .lower = ROCKER_GROUP_L2(i->vlan, i->port)};
    memcpy(o.dst_mac, dst_mac, sizeof(o.dst_mac));
    return o;
}

static struct rocker_order new_group(const struct chimney_add_neighbor_args *args,
                                     const struct rocker_interface *i)
{
    struct rocker_order o = group(ROCKER_GROUP_ADD, args->index, i, args->destination_mac);
    const uint8_t *source = all_zero(args->source_mac) ? i->mac : args->source_mac;
    o.has |= ROCKER_HAS(ROCKER_SRC_MAC) | ROCKER_HAS(ROCKER_VLAN) | ROCKER_HAS(ROCKER_TTL_CHECK);
    memcpy(o.src_mac, source, sizeof(o.src_mac));
    o.vlan = i->vlan;
    o.ttl_check = 1;
    return o;
}

ROCKER_COMMAND(add_neighbor)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_interface *i = interface_of(nic, args->vlan_id);
    if (!i)
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_VLAN_MISMATCH);
    /* To the device an address of zeros means: leave the frame's own. */
    if (all_zero(args->destination_mac))
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_FAILURE);
    struct rocker_job *job =
        begin(nic, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, args->index, 2);
    if (!job)
        return FLUE_RING_FULL;
    nic->neighbors[args->index] = (struct rocker_neighbor){
        .interface = i, .confirmed_at = nic->now - args->nic_reachability_delta};
    count_neighbor(nic, args->index, true);
    rocker_job_order(nic, job, rocker_order_interface_group(i->vlan, i->port), ROCKER_EEXIST);
    rocker_job_order(nic, job, new_group(args, i), 0);
    rocker_job_end(nic, job);
    return FLUE_ISSUED;
}

ROCKER_COMMAND(write_mac)
{
    struct rocker_nic *nic = adapter;
    if (all_zero(args->destination_mac))
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_FAILURE);
    return one_order(nic, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC, args->index,
                     group(ROCKER_GROUP_MOD, args->index, nic->neighbors[args->index].interface,
                           args->destination_mac),
                     0);
}

ROCKER_COMMAND(read_neighbor)
{
    struct rocker_nic *nic = adapter;
    const struct chimney_read_neighbor_data data = {
        .nic_reachability_delta =
            rocker_ticks_since(nic, nic->neighbors[args->index].confirmed_at)};
    nic->counters.software++;
    chimney_read_neighbor_done(&nic->target, cookie, CHIMNEY_RESULT_OK, &data);
    return FLUE_ISSUED;
}

/* Routes to a group that is not there drop, so blocking is taking the group away. */
ROCKER_COMMAND(block_neighbor)
{
    return one_order(adapter, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR,
                     args->index, rocker_order_group_del(ROCKER_GROUP_L3(args->index)),
                     ROCKER_ENOENT);
}

ROCKER_COMMAND(remove_neighbor)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_interface *i = nic->neighbors[args->index].interface;
    struct rocker_job *job =
        begin(nic, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, args->index, 2);
    if (!job)
        return FLUE_RING_FULL;
    rocker_job_order(nic, job, rocker_order_group_del(ROCKER_GROUP_L3(args->index)), ROCKER_ENOENT);
    if (i) {
        count_neighbor(nic, args->index, false);
        /* The last neighbor of an interface takes the interface's group along. */
        if (*neighbors_of(nic, i) == 0)
            rocker_job_order(nic, job, rocker_order_group_del(ROCKER_GROUP_L2(i->vlan, i->port)),
                             ROCKER_ENOENT);
    }
    rocker_job_end(nic, job);
    return FLUE_ISSUED;
}

/* ---- Paths --------------------------------------------------------------------------------- */

static uint64_t cookie_of_path(uint32_t index)
{
    return (uint64_t)index + 1;
}

/* The device would take a second route to the same address, and use any of the two. */
static bool destination_taken(const struct rocker_nic *nic, uint32_t index, const uint8_t *address)
{
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_PATH]; i++) {
        if (i != index && nic->paths[i].taken && memcmp(nic->paths[i].destination, address, 4) == 0)
            return true;
    }
    return false;
}

ROCKER_COMMAND(add_path)
{
    struct rocker_nic *nic = adapter;
    struct rocker_path *path = &nic->paths[args->index];
    if (args->variant != CHIMNEY_VARIANT_IPV4)
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_IP_ADDRESS_ENTRIES);
    if (destination_taken(nic, args->index, args->destination_address))
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_PATH_ENTRIES);
    *path = (struct rocker_path){.taken = true, .mtu = args->path_mtu};
    memcpy(path->destination, args->destination_address, sizeof(path->destination));
    enum flue_issued issued =
        one_order(nic, cookie, CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH, args->index,
                  rocker_order_route(ROCKER_FLOW_ADD, cookie_of_path(args->index),
                                     path->destination, ROCKER_GROUP_L3(args->neighbor)),
                  0);
    if (issued == FLUE_RING_FULL)
        path->taken = false;
    return issued;
}

ROCKER_COMMAND(write_route)
{
    struct rocker_nic *nic = adapter;
    return one_order(nic, cookie, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE, args->index,
                     rocker_order_route(ROCKER_FLOW_MOD, cookie_of_path(args->index),
                                        nic->paths[args->index].destination,
                                        ROCKER_GROUP_L3(args->neighbor)),
                     0);
}

ROCKER_COMMAND(write_mtu)
{
    struct rocker_nic *nic = adapter;
    nic->paths[args->index].mtu = args->path_mtu;
    return rocker_in_software(nic, cookie, CHIMNEY_RESULT_OK);
}

ROCKER_COMMAND(block_path)
{
    return one_order(adapter, cookie, CHIMNEY_PATH, CHIMNEY_PATH_BLOCK_PATH, args->index,
                     rocker_order_flow_del(cookie_of_path(args->index)), ROCKER_ENOENT);
}

ROCKER_COMMAND(remove_path)
{
    return one_order(adapter, cookie, CHIMNEY_PATH, CHIMNEY_PATH_REMOVE_PATH, args->index,
                     rocker_order_flow_del(cookie_of_path(args->index)), ROCKER_ENOENT);
}
