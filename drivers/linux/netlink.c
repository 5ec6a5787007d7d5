/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests are written one behind the other, sent at once, and known by their numbers again. */
#include "netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#define RECEIVE_BYTES (4 << 20) /* the default holds some 256 answers, the rest would be lost */
#define TAKEN_AT_ONCE 16384

static void enlarge(struct mnl_socket *socket)
{
    const int bytes = RECEIVE_BYTES, on = 1;
    int fd = mnl_socket_get_fd(socket);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, (void *)(uintptr_t)&on, sizeof(on));
}

static int open_socket(struct linux_netlink *netlink, int bus)
{
    netlink->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
    if (!netlink->socket || mnl_socket_bind(netlink->socket, 0, MNL_SOCKET_AUTOPID) != 0)
        return errno;
    enlarge(netlink->socket);
    return 0;
}

int linux_netlink_open(struct linux_netlink *netlink, int bus, uint32_t most)
{
    *netlink = (struct linux_netlink){.most = most, .sequence = 1};
    netlink->out = malloc((size_t)most * LINUX_MESSAGE_BYTES);
    netlink->answers = calloc(most, sizeof(*netlink->answers));
    int error = !netlink->out || !netlink->answers ? ENOMEM : open_socket(netlink, bus);
    if (error)
        linux_netlink_close(netlink);
    return error;
}

void linux_netlink_close(struct linux_netlink *netlink)
{
    if (netlink->socket)
        mnl_socket_close(netlink->socket);
    free(netlink->out);
    free(netlink->answers);
    *netlink = (struct linux_netlink){0};
}

/* The length of the one before is known only now. */
static void end_last(struct linux_netlink *netlink)
{
    if (netlink->count == 0)
        return;
    const struct nlmsghdr *last = (const void *)(netlink->out + netlink->used);
    netlink->used += (last->nlmsg_len + MNL_ALIGNTO - 1u) / MNL_ALIGNTO * MNL_ALIGNTO;
}

struct nlmsghdr *linux_netlink_begin(struct linux_netlink *netlink, uint16_t type, uint16_t flags)
{
    if (netlink->count == netlink->most)
        abort();
    end_last(netlink);
    struct nlmsghdr *message = mnl_nlmsg_put_header(netlink->out + netlink->used);
    message->nlmsg_type = type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    message->nlmsg_seq = netlink->sequence + netlink->count++;
    return message;
}

static void take_one(struct linux_netlink *netlink, const struct nlmsghdr *message)
{
    const struct nlmsgerr *answer = mnl_nlmsg_get_payload(message);
    uint32_t nth = message->nlmsg_seq - netlink->sequence;
    if (message->nlmsg_type != NLMSG_ERROR || nth >= netlink->count)
        return;
    /*
     * One that refuses all of a batch is followed by answers to its members: the first one counts.
     */
    if (netlink->answers[nth] == LINUX_NO_ANSWER)
        netlink->answers[nth] = -answer->error;
}

static void take_all(struct linux_netlink *netlink)
{
    _Alignas(struct nlmsghdr) unsigned char in[TAKEN_AT_ONCE];
    for (;;) {
        ssize_t bytes = recv(mnl_socket_get_fd(netlink->socket), in, sizeof(in), MSG_DONTWAIT);
        if (bytes < 0 && (errno == EINTR || errno == ENOBUFS))
            continue; /* what is lost has no answer, and the rest is behind it */
        if (bytes <= 0)
            return;
        int left = (int)bytes;
        for (const struct nlmsghdr *m = (const void *)in; mnl_nlmsg_ok(m, left);
             m = mnl_nlmsg_next(m, &left))
            take_one(netlink, m);
    }
}

void linux_netlink_flush(struct linux_netlink *netlink)
{
    end_last(netlink);
    for (uint32_t i = 0; i < netlink->count; i++)
        netlink->answers[i] = LINUX_NO_ANSWER;
    ssize_t sent =
        netlink->count == 0 ? 0 : mnl_socket_sendto(netlink->socket, netlink->out, netlink->used);
    int refused = sent < 0 ? errno : 0;
    take_all(netlink);
    for (uint32_t i = 0; i < netlink->count; i++) {
        if (netlink->answers[i] == LINUX_NO_ANSWER && refused)
            netlink->answers[i] = refused; /* nothing of it reached the kernel */
        netlink->lost += netlink->answers[i] == LINUX_NO_ANSWER;
    }
    netlink->sequence += netlink->count;
    netlink->count = 0;
    netlink->used = 0;
}

int linux_netlink_answer(const struct linux_netlink *netlink, uint32_t nth)
{
    return netlink->answers[nth];
}
