/* SPDX-License-Identifier: BSD-2-Clause */
/* tables.h: what the device holds, as QEMU tells it on another way than the driver's. */
#ifndef TABLES_H
#define TABLES_H

#include "qemu.h"

enum { TABLES_MOST = 4096 };

struct table_route {
    uint32_t path; /* index, from the cookie */
    uint32_t group;
    uint8_t destination[4];
    bool masked; /* by 32 bits */
};

struct table_group {
    uint32_t id;
    uint32_t lower; /* of L3 unicast groups */
    uint32_t port;  /* of L2 interface groups */
    uint8_t dst_mac[6], src_mac[6];
};

struct tables {
    struct table_route routes[TABLES_MOST];
    struct table_group groups[TABLES_MOST];
    uint32_t route_count, group_count;
    uint32_t other_flows; /* those of the interfaces */
};

/* False if QEMU does not answer, or holds more than fits. */
bool tables_read(struct qemu *q, struct tables *tables);
const struct table_route *tables_route(const struct tables *tables, uint32_t path);
const struct table_group *tables_group(const struct tables *tables, uint32_t id);

#endif
