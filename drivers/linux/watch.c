/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes unasked: peers that close or reset their connections, interfaces that go. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nic.h"

#define EVENTS 64
#define MOST_ROUNDS 64 /* of events taken in one call */
#define LINK_BYTES 16384

/* One descriptor for all that linux_service() looks at. */
static int gather(struct linux_nic *nic)
{
    const int all[] = {nic->worker.event, nic->watch, mnl_socket_get_fd(nic->links)};
    for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct epoll_event event = {.events = EPOLLIN};
        if (epoll_ctl(nic->readable, EPOLL_CTL_ADD, all[i], &event) != 0)
            return errno;
    }
    return 0;
}

int linux_watch_open(struct linux_nic *nic)
{
    nic->watch = epoll_create1(EPOLL_CLOEXEC);
    nic->readable = epoll_create1(EPOLL_CLOEXEC);
    nic->links = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (nic->watch < 0 || nic->readable < 0 || !nic->links ||
        mnl_socket_bind(nic->links, RTMGRP_LINK, MNL_SOCKET_AUTOPID) != 0)
        return errno;
    return gather(nic);
}

void linux_watch_close(struct linux_nic *nic)
{
    if (nic->watch >= 0)
        close(nic->watch);
    if (nic->readable >= 0)
        close(nic->readable);
    if (nic->links)
        mnl_socket_close(nic->links);
}

/*
 * The application may have taken the error itself, by sending; then it is over with data that
 * nobody acknowledged.
 */
static bool was_reset(const struct linux_nic *nic, const struct epoll_event *event)
{
    int left = 0;
    if (event->events & EPOLLERR)
        return true;
    return (event->events & EPOLLHUP) &&
           ioctl(linux_socket(nic, event->data.u32), SIOCOUTQ, &left) == 0 && left > 0;
}

static void report(struct linux_nic *nic, const struct epoll_event *event)
{
    uint32_t index = event->data.u32;
    bool reset = was_reset(nic, event);
    if (nic->lives[index].name == 0 || (!reset && !(event->events & EPOLLRDHUP)))
        return;
    nic->counters.resets_by_peer += reset;
    nic->counters.closed_by_peer += !reset;
    linux_announce(nic, index, reset ? LINUX_NEWS_ABORT : LINUX_NEWS_DISCONNECT);
}

static void watch_sockets(struct linux_nic *nic)
{
    struct epoll_event events[EVENTS];
    int count = EVENTS;
    for (int round = 0; round < MOST_ROUNDS && count == EVENTS; round++) {
        count = epoll_wait(nic->watch, events, EVENTS, 0);
        for (int i = 0; i < count; i++)
            report(nic, &events[i]);
    }
}

/*
 * The kernel took routes and nexthops away with the interface. The connections are there, and can
 * be taken back: the host is asked to.
 */
static void link_gone(struct linux_nic *nic, uint32_t interface)
{
    const uint32_t *capacity = nic->config.flue.capacity;
    nic->counters.links_gone++;
    for (uint32_t i = 0; i < capacity[CHIMNEY_TCP]; i++) {
        const struct linux_life *life = &nic->lives[i];
        if (life->name == 0)
            continue;
        const struct linux_path *path = &nic->paths[life->holds.path];
        if (nic->neighbors[path->neighbor].interface == interface)
            linux_announce(nic, i, LINUX_NEWS_WANTED_BACK);
    }
}

/* The kernel tells of each change of an interface that is down, and each time that it is down. */
static void see_interface(struct linux_nic *nic, uint32_t nth, bool gone, bool up)
{
    if (!up && !nic->down[nth])
        link_gone(nic, nic->interfaces[nth]);
    nic->down[nth] = !up;
    if (gone)
        nic->interfaces[nth] = 0;
}

static void take_link(struct linux_nic *nic, const struct nlmsghdr *message)
{
    const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
    bool gone = message->nlmsg_type == RTM_DELLINK;
    if (!gone && message->nlmsg_type != RTM_NEWLINK)
        return;
    for (uint32_t i = 0; i < nic->config.interface_count; i++) {
        if (link->ifi_index == (int)nic->interfaces[i] && nic->interfaces[i] != 0)
            see_interface(nic, i, gone, !gone && (link->ifi_flags & IFF_UP));
    }
}

/* What the kernel had no room to tell: each interface is looked at. */
static void look_at_links(struct linux_nic *nic)
{
    int fd = mnl_socket_get_fd(nic->links);
    for (uint32_t i = 0; i < nic->config.interface_count; i++) {
        struct ifreq request = {.ifr_ifindex = (int)nic->interfaces[i]};
        if (nic->interfaces[i] == 0)
            continue;
        bool gone = ioctl(fd, SIOCGIFNAME, &request) != 0;
        if (gone || ioctl(fd, SIOCGIFFLAGS, &request) == 0)
            see_interface(nic, i, gone, !gone && (request.ifr_flags & IFF_UP));
    }
}

static void watch_links(struct linux_nic *nic)
{
    _Alignas(struct nlmsghdr) unsigned char in[LINK_BYTES];
    bool lost = false;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        ssize_t bytes = recv(mnl_socket_get_fd(nic->links), in, sizeof(in), MSG_DONTWAIT);
        lost = lost || (bytes < 0 && errno == ENOBUFS);
        if (bytes == 0 || (bytes < 0 && errno != ENOBUFS && errno != EINTR))
            break;
        int left = (int)bytes;
        for (const struct nlmsghdr *m = (const void *)in; mnl_nlmsg_ok(m, left);
             m = mnl_nlmsg_next(m, &left))
            take_link(nic, m);
    }
    if (lost)
        look_at_links(nic);
}

void linux_watch(struct linux_nic *nic)
{
    watch_sockets(nic);
    watch_links(nic);
}
