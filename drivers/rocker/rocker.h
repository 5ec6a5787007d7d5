/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rocker.h: a driver of the chimney target for QEMU's emulated switch.
 *
 *     example
 *     struct rocker_config config = rocker_config_default();
 *     config.bus = rocker_bus_qtest(socket);
 *     config.dma = (struct rocker_dma){memory, 0x1000000, 4 << 20};
 *     config.interfaces[0] = (struct rocker_interface){.vlan = 1, .port = 1};
 *     config.interface_count = 1;
 *     config.flue.completions = &my_completions;
 *     config.flue.indications = &my_indications;
 *     struct rocker_nic *nic = rocker_open(&config, &error);
 *     chimney_initiate(nic, root);
 *     while (!completed)
 *         rocker_service(nic);
 *     rocker_close(nic);
 *
 * A neighbor is an L3 unicast group (with the L2 interface group of its VLAN and port below it), a
 * path is a unicast route to such a group. What the device cannot do is in README.md.
 *
 * Threads: the host's entry points from any; the functions here from one at a time.
 */
#ifndef ROCKER_H
#define ROCKER_H

#include <stdatomic.h>

#include "bus.h"
#include "chimney.h"
#include "order.h"
#include "ring.h"

#define ROCKER_MAX_INTERFACES 16

/*
 * Where a VLAN is: frames of it go in and out, untagged, at one port. A router's address of all
 * zeros is replaced by the port's own, which the device tells.
 */
struct rocker_interface {
    uint16_t vlan; /* 1..4094; the same as a neighbor's VlanId */
    uint32_t port;
    uint8_t mac[ROCKER_MAC_BYTES];
};

/* One answer of the device to one order. */
struct rocker_answer {
    uint64_t cookie;
    uint16_t error;
};

/* Between driver and ring, for tests: what goes out may be changed, what comes back held. */
struct rocker_shim {
    void (*order)(void *context, uint64_t cookie, struct rocker_order *order);
    /* True: kept from the driver; rocker_deliver() may be called for it later, or twice. */
    bool (*answer)(void *context, const struct rocker_answer *answer);
    void *context;
};

struct rocker_config {
    struct flue_config flue;
    struct rocker_bus *bus; /* becomes the driver's, also if opening fails */
    struct rocker_dma dma;
    uint32_t ring_entries; /* of the command ring; a power of two, above twice flue's */
    uint32_t poll_budget;  /* of one flue_poll(): bounds what one doorbell covers */
    struct rocker_interface interfaces[ROCKER_MAX_INTERFACES];
    uint32_t interface_count;
    const struct rocker_shim *shim; /* NULL but in tests */
};

struct rocker_counters {
    uint64_t orders;          /* put into the command ring */
    uint64_t doorbells;       /* of the command ring */
    uint64_t answers;         /* taken from it */
    uint64_t bad;             /* with an errno that matters */
    uint64_t lost;            /* the device went past them and said nothing */
    uint64_t stray_answers;   /* to commands that nobody waits for: duplicates, of before a reset */
    uint64_t late;            /* the driver had its answer, flue did not want it any more */
    uint64_t interrupts;      /* vectors found written */
    uint64_t lost_interrupts; /* answers found without one */
    uint64_t ring_full;
    uint64_t refused;  /* orders that would have brought the device down */
    uint64_t software; /* commands answered without the device */
    uint64_t links_changed, macs_seen;
    uint16_t last_error; /* the device's errno in the last bad answer */
};

struct rocker_nic; /* begins with its struct chimney_target: its address is the adapter's */

/* 64 neighbors, 1024 paths and connections, 512 commands under way, a ring of 2048. */
struct rocker_config rocker_config_default(void);

/* NULL if it is impossible, or there is no device, or one of the ports is not there. */
struct rocker_nic *rocker_open(const struct rocker_config *config, enum flue_error *error);
/* The target must be quiet, or its host gone. What was set up for the interfaces is taken back. */
void rocker_close(struct rocker_nic *nic);

/* What interrupt and poll do: take answers and events, poll flue if it asked. True: more to do. */
bool rocker_service(struct rocker_nic *nic);
/* Tell the time, in ticks. Also looks for answers whose interrupt was lost. */
void rocker_tick(struct rocker_nic *nic, uint64_t now);
/* flue_reset_begin(), a reset of the device, flue_reset_end(). False: the device stays away. */
bool rocker_reset(struct rocker_nic *nic);
/* Flue has asked for one since the last. */
bool rocker_reset_wanted(const struct rocker_nic *nic);

/* The address the device has for a port. False: no such port, or commands are under way. */
bool rocker_port_mac(struct rocker_nic *nic, uint32_t port, uint8_t mac[ROCKER_MAC_BYTES]);
bool rocker_link_up(const struct rocker_nic *nic, uint32_t port);
uint32_t rocker_ports(const struct rocker_nic *nic);

/* ---- For tests ----------------------------------------------------------------------------- */

/* Hand over an answer that the shim kept. */
void rocker_deliver(struct rocker_nic *nic, const struct rocker_answer *answer);
/* One order, and its answer: the device's errno; ENOBUFS while commands are under way. */
uint16_t rocker_order_now(struct rocker_nic *nic, const struct rocker_order *order);
struct rocker_counters rocker_counters(const struct rocker_nic *nic);
struct chimney_target *rocker_target(struct rocker_nic *nic);
struct rocker_bus *rocker_bus(struct rocker_nic *nic);
/* Orders given and not answered. */
uint32_t rocker_under_way(const struct rocker_nic *nic);

#endif
