/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig.h: four hosts, the driver on one of them, and a host stack that hands it its connections.
 * Time is virtual: a tick for each round of the pump.
 *
 *     example
 *     struct rig *rig = rig_open(NULL); // ends the program with 77 where it is not permitted
 *     rig_offload(rig); // routers A and B, paths to the server by A
 *     struct rig_connection c;
 *     rig_connect(&c, false, 1, 80);
 *     rig_initiate(rig, &c);
 *     rig_terminate(rig, &c);
 *     rig_close(rig);
 */
#ifndef RIG_H
#define RIG_H

#include "host.h"
#include "linux.h"
#include "net.h"
#include "shim.h"

enum { RIG_VLAN_A = 2, RIG_VLAN_B = 3, RIG_NARROW = 65536 };

struct rig {
    struct net net;
    struct linux_guard *guard;
    struct linux_nic *nic;
    struct host host; /* its NIC is this adapter, by its address only */
    struct host_arena arena;
    struct shim shim;
    struct host_object a, b;    /* neighbors: the routers */
    struct host_object path[2]; /* to the server: IPv4, IPv6 */
    uint64_t now;
};

/* A connection of the host's: in a socket of its own, or offloaded. */
struct rig_connection {
    struct host_object object;
    int fd; /* the host's own socket, or the driver's */
    bool offloaded, ipv6;
    struct linux_connection state; /* as it was exported last */
    bool guarded;                  /* not exported yet */
    struct linux_tuple tuple;      /* as it is guarded */
};

struct rig *rig_open(const struct linux_config *config);
struct linux_config rig_config(void);
void rig_close(struct rig *rig);

void rig_step(struct rig *rig);
/* Until nothing is outstanding. */
bool rig_run(struct rig *rig);
/* The root's status. */
int32_t rig_ask(struct rig *rig, uint8_t operation, struct chimney_node *root);
struct chimney_node *rig_name(struct rig *rig, struct host_object *object);
/* A node to name the path's new neighbor, with the path below. */
struct chimney_node *rig_relink(struct rig *rig, struct host_object *path,
                                struct host_object *neighbor);

struct chimney_node *rig_new_router(struct rig *rig, struct host_object *object,
                                    enum net_place router);
struct chimney_node *rig_new_path(struct rig *rig, struct host_object *object, bool ipv6,
                                  uint8_t last);
/* Both routers, and a path for each version of IP by A. All must succeed. */
void rig_offload(struct rig *rig);

/* The host connects, as any program would. False: it cannot. */
bool rig_connect(struct rig_connection *c, bool ipv6, uint8_t last, uint16_t port);
/* With a window that never, wherever it is, holds more than twice RIG_NARROW bytes. */
bool rig_connect_narrow(struct rig_connection *c, bool ipv6, uint8_t last, uint16_t port);
/* Before the export of many: then linux_guard_wait(), once. False: it cannot be exported. */
bool rig_guard(struct rig *rig, struct rig_connection *c);
/*
 * Out of its socket, into a node that asks for it: guarded, and with its data. NULL, and the host
 * goes on with it, if it cannot be exported.
 */
struct chimney_node *rig_export(struct rig *rig, struct rig_connection *c);
/* After an initiate: the driver's socket, or, if that failed, one of the host's own again. */
void rig_initiated(struct rig *rig, struct rig_connection *c, struct chimney_node *node);
/*
 * After a terminate: into a socket of the host's. 0, or an errno if the kernel refuses. What is
 * closed gets no socket; its unread data stays in `state`.
 */
int rig_import(struct rig *rig, struct rig_connection *c, struct chimney_node *node);

/* One connection, on the path of its version; the status. */
int32_t rig_initiate(struct rig *rig, struct rig_connection *c);
int32_t rig_terminate(struct rig *rig, struct rig_connection *c);
int32_t rig_query(struct rig *rig, struct rig_connection *c, struct chimney_tcp_delegated *into);
/* A node with the cached variables as the host has them: change what is new. */
struct chimney_node *rig_cached(struct rig *rig, struct rig_connection *c);
/* It is over, wherever it is. */
void rig_end(struct rig *rig, struct rig_connection *c);

#endif
