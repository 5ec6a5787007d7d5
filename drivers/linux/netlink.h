/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netlink.h: several requests to the kernel in one call, each with its own answer.
 *
 * The kernel does the work inside the call that sends, so all answers are there when it returns.
 */
#ifndef LINUX_NETLINK_H
#define LINUX_NETLINK_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINUX_MESSAGE_BYTES 1024 /* the longest request */
#define LINUX_NO_ANSWER (-1)     /* in place of an errno: the kernel's answer was lost (ENOBUFS) */

struct linux_netlink {
    struct mnl_socket *socket;
    unsigned char *out;
    int *answers; /* an errno for each request of the last flush */
    uint32_t most, count;
    size_t used;
    uint32_t sequence; /* of the first request that is not flushed */
    uint64_t lost;     /* answers */
};

/* `most` requests in one flush; their answers fit into the socket. 0 or an errno. */
int linux_netlink_open(struct linux_netlink *netlink, int bus, uint32_t most);
void linux_netlink_close(struct linux_netlink *netlink);

/* A further request, with NLM_F_REQUEST and NLM_F_ACK; there must be room. Fill it at once. */
struct nlmsghdr *linux_netlink_begin(struct linux_netlink *netlink, uint16_t type, uint16_t flags);
static inline uint32_t linux_netlink_room(const struct linux_netlink *netlink)
{
    return netlink->most - netlink->count;
}
/* Send what was begun, and take the answers. */
void linux_netlink_flush(struct linux_netlink *netlink);
/* The nth of the last flush: 0, an errno, or LINUX_NO_ANSWER. */
int linux_netlink_answer(const struct linux_netlink *netlink, uint32_t nth);

#endif
