/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.h: a plain server at the other end, in a process of its own, and what a client must see.
 *
 *     example
 *     pid_t server = peer_start(&net, 80, 0); // echoes
 *     struct flow flow = {.total = 1 << 20};
 *     bool good = flow_run(&flow, fd, 1 << 19) && flow_run(&flow, other_fd, flow.total);
 *     peer_stop(server);
 */
#ifndef PEER_H
#define PEER_H

#include "net.h"

/*
 * Listens at all addresses, IPv4 and IPv6. `bytes` is 0: sends back what it gets, and closes after
 * its client. Else: sends so many bytes of the pattern, closes, and waits for its client to close.
 */
pid_t peer_start(const struct net *net, uint16_t port, uint64_t bytes);
void peer_stop(pid_t server);

/* Each byte of the pattern, by its place: what is lost, doubled or swapped is seen. */
uint8_t peer_pattern(uint64_t at);

struct flow {
    uint64_t total; /* bytes to be received; of an echo as many are sent */
    bool only_receive;
    uint64_t sent, received, wrong;
    bool ended; /* the server's end came */
};

/* Sends and receives until so many are received, or the end came. False: an error, or a halt. */
bool flow_run(struct flow *flow, int fd, uint64_t until);

#endif
