/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.h: four hosts in network namespaces of this process: nothing of them has a name, and the
 * kernel takes them away with their last process, also after a crash; or, where data of connections
 * is still to be sent then, when it has given these up (two minutes).
 *
 *                      +-- A --+
 *     host (if2, if3) -+       +- server
 *                      +-- B --+
 *
 * The host is 10.1.0.1 and fd00:1::1, the server 10.2.0.1 to 10.2.0.255 and fd00:2::1.
 *
 *     example
 *     struct net net;
 *     if (!net_open(&net)) // says why on stderr
 *         return NET_SKIP;
 *     net_ip(&net, NET_A, "link set server mtu 1400\n");
 *     net_close(&net);
 */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define NET_SKIP 77

enum net_place { NET_HOST, NET_A, NET_B, NET_SERVER, NET_PLACES };

struct net {
    int places[NET_PLACES]; /* descriptors of namespaces */
    int before;             /* the namespace that this process was in */
};

/* This thread is at the host's then. False, with the reason, where it is not permitted. */
bool net_open(struct net *net);
/* The host's place alone, with nothing in it but the loopback. */
bool net_open_alone(struct net *net);
void net_close(struct net *net);
/* Whether this process may open one; if not, the reason has been said. */
bool net_is_permitted(void);
/* The calling thread goes there; children and sockets are where their thread was. */
bool net_enter(const struct net *net, enum net_place place);

/* Lines for `ip -batch`, carried out there. False, and what it said, if one failed. */
bool net_ip(const struct net *net, enum net_place place, const char *lines);
/* Runs a shell's command there, waits, and returns its exit status. */
int net_run(const struct net *net, enum net_place place, const char *command);
/* A process of its own there, which dies with this one. The child: 0; it must exit. */
pid_t net_fork(const struct net *net, enum net_place place);
/* A program there, its output to a descriptor (or -1). */
pid_t net_spawn(const struct net *net, enum net_place place, const char *const argv[], int output);

/* What a path's frames are sent to: the address of a router at the host's side. */
void net_router_mac(const struct net *net, enum net_place router, uint8_t mac[6]);

#endif
