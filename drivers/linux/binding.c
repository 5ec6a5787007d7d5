/* SPDX-License-Identifier: BSD-2-Clause */
/* What flue calls: a function of commands.c or connections.c for each command, and the doorbell. */
#include "nic.h"

static void doorbell(void *adapter)
{
    linux_worker_ring(adapter);
}

const struct chimney_binding linux_binding = {
    .add_neighbor = linux_add_neighbor,
    .write_mac = linux_write_mac,
    .read_neighbor = linux_read_neighbor,
    .block_neighbor = linux_block_neighbor,
    .remove_neighbor = linux_remove_neighbor,
    .add_path = linux_add_path,
    .write_route = linux_write_route,
    .write_mtu = linux_write_mtu,
    .block_path = linux_block_path,
    .remove_path = linux_remove_path,
    .add_tcp = linux_add_tcp,
    .write_timers = linux_write_timers,
    .write_buffers = linux_write_buffers,
    .write_header = linux_write_header,
    .restart = linux_restart,
    .read_tcp = linux_read_tcp,
    .block_tcp = linux_block_tcp,
    .remove_tcp = linux_remove_tcp,
    .doorbell = doorbell,
};
