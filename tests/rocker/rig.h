/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig.h: QEMU, the driver, and a host stack that counts, on one table.
 *
 * Three interfaces: VLAN n at port n, router's address 02:00:00:00:00:0n. Time is virtual: a tick
 * for each round of the pump; nothing waits for a clock.
 *
 *     example
 *     struct rig *rig = rig_open(NULL);
 *     rig_do(rig, CHIMNEY_INITIATE, rig_neighbor(rig, &router, 2, 7));
 *     rig_close(rig);
 */
#ifndef RIG_H
#define RIG_H

#include "frame.h"
#include "host.h"
#include "qemu.h"
#include "rocker.h"
#include "shim.h"
#include "tables.h"

struct rig {
    struct qemu qemu;
    struct rocker_nic *nic;
    struct host host; /* its NIC is this adapter, by its address only */
    struct host_arena arena;
    struct shim shim;
    struct tables tables;
    uint64_t now;
};

/* NULL arguments mean the default configuration. Ends the program with 77 where QEMU is missing. */
struct rig *rig_open(const struct rocker_config *config);
struct rocker_config rig_config(void);
/* The host is somebody else's: completions and indications go to this record. */
struct rig *rig_open_for(const struct rocker_config *config, void *host_record);
/* NULL, with a line on stderr, instead of ending the program. */
struct rig *rig_try_open(const struct rocker_config *config);
void rig_close(struct rig *rig);

/* One tick, and all the work there is. */
void rig_step(struct rig *rig);
/* Until nothing is outstanding; false if it does not come to that within a million ticks. */
bool rig_run(struct rig *rig);
void rig_submit(struct rig *rig, uint8_t operation, struct chimney_node *root);
bool rig_do(struct rig *rig, uint8_t operation, struct chimney_node *root);

/* New objects: a neighbor on an interface with MAC 02:aa:00:00:00:`mac`; path to 10.2.x.y. */
struct chimney_node *rig_neighbor(struct rig *rig, struct host_object *object, uint32_t vlan,
                                  uint32_t mac);
struct chimney_node *rig_path(struct rig *rig, struct host_object *object, uint32_t number);
void rig_mac(uint8_t *bytes, uint32_t mac);
void rig_router_mac(uint8_t *bytes, uint32_t port);

/* Updates, as trees. */
struct chimney_node *rig_new_mac(struct rig *rig, struct host_object *neighbor, uint32_t mac);
struct chimney_node *rig_relink(struct rig *rig, struct host_object *path,
                                struct host_object *neighbor);
struct chimney_node *rig_name(struct rig *rig, struct host_object *object);

/* A packet to the path's address goes in at port 1. */
bool rig_send(struct rig *rig, uint32_t path_number, uint32_t number);
/* The next packet at a port; false if none comes within `ms`. */
bool rig_receive(struct rig *rig, uint32_t port, struct frame *frame, int ms);

/* Fresh tables from QEMU, or the test ends. */
const struct tables *rig_tables(struct rig *rig);
uint32_t rig_group_of(const struct host_object *neighbor);

#endif
