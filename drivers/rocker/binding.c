/* SPDX-License-Identifier: BSD-2-Clause */
/* What flue calls: a function of commands.c or connections.c for each command, and the doorbell. */
#include "nic.h"

static void doorbell(void *adapter)
{
    rocker_ring_commands(adapter);
}

const struct chimney_binding rocker_binding = {
    .add_neighbor = rocker_add_neighbor,
    .write_mac = rocker_write_mac,
    .read_neighbor = rocker_read_neighbor,
    .block_neighbor = rocker_block_neighbor,
    .remove_neighbor = rocker_remove_neighbor,
    .add_path = rocker_add_path,
    .write_route = rocker_write_route,
    .write_mtu = rocker_write_mtu,
    .block_path = rocker_block_path,
    .remove_path = rocker_remove_path,
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
