/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crowd.h: chapters of the demo on plain sockets: many connections, and a path that gets smaller.
 */
#ifndef CROWD_H
#define CROWD_H

#include "rig.h"

/*
 * So many connections are handed over in one request, failed over by one, and taken back by one,
 * with data on each before, between and behind. False if a status or a byte is not what it should
 * be.
 */
bool crowd_run(struct rig *rig, uint32_t count, bool ipv6);

/* The router's far link takes less: the host hears it by ICMP, and updates the path. */
bool crowd_mtu(struct rig *rig, bool ipv6);

#endif
