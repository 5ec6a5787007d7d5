/* SPDX-License-Identifier: BSD-2-Clause */
/* Neighbors and paths: what each command of flue's becomes on the device. */
#include "nic.h"

#include <string.h>

enum flue_issued rocker_in_software(struct rocker_nic *nic, flue_cookie cookie,
                                    enum chimney_result result)
{
    nic->counters.software++;
    chimney_done(&nic->target, cookie, result);
    return FLUE_ISSUED;
}

uint32_t rocker_ticks_since(const struct rocker_nic *nic, uint64_t moment)
{
    uint64_t age = nic->now - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX; /* or more; it never comes round */
}

static bool all_zero(const uint8_t *mac)
{
    static const uint8_t zero[ROCKER_MAC_BYTES];
    return memcmp(mac, zero, sizeof(zero)) == 0;
}

static enum flue_issued one_order(struct rocker_nic *nic, flue_cookie cookie, uint8_t kind,
                                  uint8_t command, uint32_t index, struct rocker_order order,
                                  uint16_t tolerated)
{
    struct rocker_job *job = rocker_job_begin(nic, cookie, kind, command, index, 1);
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

static enum flue_issued add_neighbor(void *adapter, flue_cookie cookie,
                                     const struct chimney_add_neighbor_args *args)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_interface *i = interface_of(nic, args->vlan_id);
    if (!i)
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_VLAN_MISMATCH);
    /* To the device an address of zeros means: leave the frame's own. */
    if (all_zero(args->destination_mac))
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_FAILURE);
    struct rocker_job *job = rocker_job_begin(nic, cookie, CHIMNEY_NEIGHBOR,
                                              CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, args->index, 2);
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

static enum flue_issued write_mac(void *adapter, flue_cookie cookie,
                                  const struct chimney_write_mac_args *args)
{
    struct rocker_nic *nic = adapter;
    if (all_zero(args->destination_mac))
        return rocker_in_software(nic, cookie, CHIMNEY_RESULT_FAILURE);
    return one_order(nic, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC, args->index,
                     group(ROCKER_GROUP_MOD, args->index, nic->neighbors[args->index].interface,
                           args->destination_mac),
                     0);
}

static enum flue_issued read_neighbor(void *adapter, flue_cookie cookie,
                                      const struct chimney_read_neighbor_args *args)
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
static enum flue_issued block_neighbor(void *adapter, flue_cookie cookie,
                                       const struct chimney_block_neighbor_args *args)
{
    return one_order(adapter, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR,
                     args->index, rocker_order_group_del(ROCKER_GROUP_L3(args->index)),
                     ROCKER_ENOENT);
}

static enum flue_issued remove_neighbor(void *adapter, flue_cookie cookie,
                                        const struct chimney_remove_neighbor_args *args)
{
    struct rocker_nic *nic = adapter;
    const struct rocker_interface *i = nic->neighbors[args->index].interface;
    struct rocker_job *job = rocker_job_begin(nic, cookie, CHIMNEY_NEIGHBOR,
                                              CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, args->index, 2);
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

void rocker_neighbor_over(struct rocker_nic *nic, const struct rocker_job *job,
                          enum chimney_result result)
{
    bool undone = result != CHIMNEY_RESULT_OK && result != CHIMNEY_RESULT_UNSURE;
    bool never = job->command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR && undone;
    if (never || result == CHIMNEY_RESULT_GONE)
        count_neighbor(nic, job->index, false);
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

static enum flue_issued add_path(void *adapter, flue_cookie cookie,
                                 const struct chimney_add_path_args *args)
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

static enum flue_issued write_route(void *adapter, flue_cookie cookie,
                                    const struct chimney_write_route_args *args)
{
    struct rocker_nic *nic = adapter;
    return one_order(nic, cookie, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE, args->index,
                     rocker_order_route(ROCKER_FLOW_MOD, cookie_of_path(args->index),
                                        nic->paths[args->index].destination,
                                        ROCKER_GROUP_L3(args->neighbor)),
                     0);
}

static enum flue_issued write_mtu(void *adapter, flue_cookie cookie,
                                  const struct chimney_write_mtu_args *args)
{
    struct rocker_nic *nic = adapter;
    nic->paths[args->index].mtu = args->path_mtu;
    return rocker_in_software(nic, cookie, CHIMNEY_RESULT_OK);
}

static enum flue_issued block_path(void *adapter, flue_cookie cookie,
                                   const struct chimney_block_path_args *args)
{
    return one_order(adapter, cookie, CHIMNEY_PATH, CHIMNEY_PATH_BLOCK_PATH, args->index,
                     rocker_order_flow_del(cookie_of_path(args->index)), ROCKER_ENOENT);
}

static enum flue_issued remove_path(void *adapter, flue_cookie cookie,
                                    const struct chimney_remove_path_args *args)
{
    return one_order(adapter, cookie, CHIMNEY_PATH, CHIMNEY_PATH_REMOVE_PATH, args->index,
                     rocker_order_flow_del(cookie_of_path(args->index)), ROCKER_ENOENT);
}

void rocker_path_over(struct rocker_nic *nic, const struct rocker_job *job,
                      enum chimney_result result)
{
    bool gone = job->command == CHIMNEY_PATH_REMOVE_PATH && result == CHIMNEY_RESULT_OK;
    bool never = job->command == CHIMNEY_PATH_ADD_PATH && result != CHIMNEY_RESULT_OK &&
                 result != CHIMNEY_RESULT_UNSURE;
    if (gone || never || result == CHIMNEY_RESULT_GONE)
        nic->paths[job->index].taken = false;
}

/* ---- All ----------------------------------------------------------------------------------- */

static void doorbell(void *adapter)
{
    rocker_ring_commands(adapter);
}

const struct chimney_binding rocker_binding = {
    .add_neighbor = add_neighbor,
    .write_mac = write_mac,
    .read_neighbor = read_neighbor,
    .block_neighbor = block_neighbor,
    .remove_neighbor = remove_neighbor,
    .add_path = add_path,
    .write_route = write_route,
    .write_mtu = write_mtu,
    .block_path = block_path,
    .remove_path = remove_path,
    .add_tcp = rocker_add_tcp,
    .write_timers = rocker_write_timers,
    .write_buffers = rocker_write_buffers,
    .write_header = rocker_write_header,
    .restart = rocker_restart,
    .read_tcp = rocker_read_tcp,
    .block_tcp = rocker_block_tcp,
    .remove_tcp = rocker_remove_tcp,
    .doorbell = doorbell,
};
