/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.h: the world of the contract's tests: two routers, some paths, connections on them. */
#ifndef CONTRACT_BENCH_H
#define CONTRACT_BENCH_H

#include <check.h>

#include "contract.h"

enum { PATHS = 6, TCPS = 12, CAPACITY_TCPS = 14 };

extern struct host host; /* its NIC is the driver's adapter, by its address only */
extern struct host_arena arena;
extern struct host_object near, far, paths[PATHS], tcps[TCPS];
extern const struct contract_driver *driver;

void bench_setup(void);
void bench_teardown(void);

void step(void);
/* Submit, and step until it is completed; the root's status. */
int32_t asked(uint8_t operation, struct chimney_node *root);
bool run(void);

/* A router on VLAN 2 (near) or 3 (far), with MAC 02:aa:00:00:00:`mac`. */
struct chimney_node *new_router(struct host_object *router, uint32_t vlan, uint8_t mac);
struct chimney_node *name(struct host_object *object);
struct chimney_node *new_mac(struct host_object *router, uint8_t mac);
struct chimney_node *relink(struct host_object *router, uint32_t first, uint32_t count);
/* near with all paths and connections, and far: all with success. */
void offload_all(void);
void terminate_all(void);
/* Last byte of the MAC that packets of a path leave with; 0: they do not. */
uint8_t way(uint32_t path);
void check_ways(uint8_t mac);
void check_empty(void);
uint64_t commands_issued(void);

#endif
