/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbors and paths as the kernel takes them. A neighbor's nexthop has a gateway that nobody has:
 * fe80::666c:<index>, with a permanent entry for the router's MAC; it serves IPv4 and IPv6 alike.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "nic.h"

#define UNKNOWN_REQUEST 0xfff0 /* the kernel knows no such type */
#define RULE_PRIORITY 102      /* behind that of the table of local addresses */
#define BLOCKED_PRIORITY 101

static void gateway_of(uint32_t index, uint8_t gateway[16])
{
    const uint8_t begin[12] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x66, 0x6c, 0x75, 0x65};
    uint32_t number = htonl(index + 1);
    memcpy(gateway, begin, sizeof(begin));
    memcpy(gateway + sizeof(begin), &number, sizeof(number));
}

static uint32_t nexthop_of(const struct linux_nic *nic, uint32_t neighbor)
{
    return nic->config.first_nexthop + 1 + neighbor;
}

/* The first id is a blackhole's, for paths that are blocked. */
static uint32_t blackhole(const struct linux_nic *nic)
{
    return nic->config.first_nexthop;
}

static struct nlmsghdr *begin(struct linux_nic *nic, uint16_t type, uint16_t flags)
{
    return linux_netlink_begin(&nic->worker.netlink, type, flags);
}

/* ---- Neighbors ------------------------------------------------------------------------------- */

static struct nlmsghdr *nexthop(struct linux_nic *nic, uint16_t type, uint16_t flags, uint32_t id)
{
    struct nlmsghdr *message = begin(nic, type, flags);
    struct nhmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    header->nh_family = type == RTM_DELNEXTHOP ? AF_UNSPEC : AF_INET6;
    header->nh_protocol = type == RTM_DELNEXTHOP ? 0 : LINUX_PROTOCOL;
    mnl_attr_put_u32(message, NHA_ID, id);
    return message;
}

static void gateway_nexthop(struct linux_nic *nic, const struct linux_order *order)
{
    uint8_t gateway[16];
    struct nlmsghdr *message =
        nexthop(nic, RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL, nexthop_of(nic, order->index));
    gateway_of(order->index, gateway);
    mnl_attr_put_u32(message, NHA_OIF, order->neighbor.interface);
    mnl_attr_put(message, NHA_GATEWAY, sizeof(gateway), gateway);
}

static void neighbor(struct linux_nic *nic, uint16_t type, uint16_t flags, uint32_t index,
                     uint32_t interface, const uint8_t *mac)
{
    uint8_t gateway[16];
    struct nlmsghdr *message = begin(nic, type, flags);
    struct ndmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    header->ndm_family = AF_INET6;
    header->ndm_ifindex = (int)interface;
    header->ndm_state = mac ? NUD_PERMANENT : 0;
    gateway_of(index, gateway);
    mnl_attr_put(message, NDA_DST, sizeof(gateway), gateway);
    if (mac)
        mnl_attr_put(message, NDA_LLADDR, 6, mac);
}

static uint32_t request_neighbor(struct linux_nic *nic, const struct linux_order *order)
{
    uint32_t id = nexthop_of(nic, order->index);
    uint32_t interface = nic->worker.hops[order->index].interface;
    switch (order->command) {
    case CHIMNEY_NEIGHBOR_ADD_NEIGHBOR:
        gateway_nexthop(nic, order);
        neighbor(nic, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, order->index,
                 order->neighbor.interface, order->neighbor.mac);
        return 2;
    case CHIMNEY_NEIGHBOR_WRITE_MAC:
        neighbor(nic, RTM_NEWNEIGH, NLM_F_REPLACE, order->index, interface, order->neighbor.mac);
        return 1;
    case CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR:
        mnl_attr_put(nexthop(nic, RTM_NEWNEXTHOP, NLM_F_REPLACE, id), NHA_BLACKHOLE, 0, NULL);
        return 1;
    default:
        nexthop(nic, RTM_DELNEXTHOP, 0, id);
        neighbor(nic, RTM_DELNEIGH, 0, order->index, interface, NULL);
        return 2;
    }
}

/* ---- Paths ----------------------------------------------------------------------------------- */

static struct rtmsg *route(struct linux_nic *nic, uint16_t type, uint16_t flags, bool ipv6,
                           struct nlmsghdr **message)
{
    *message = begin(nic, type, flags);
    struct rtmsg *header = mnl_nlmsg_put_extra_header(*message, sizeof(*header));
    header->rtm_family = ipv6 ? AF_INET6 : AF_INET;
    header->rtm_table = RT_TABLE_UNSPEC;
    header->rtm_protocol = LINUX_PROTOCOL;
    header->rtm_type = RTN_UNICAST;
    return header;
}

static void write_route(struct linux_nic *nic, uint16_t type, uint16_t flags,
                        const struct linux_route *r)
{
    struct nlmsghdr *message;
    size_t bytes = r->ipv6 ? 16 : 4;
    struct rtmsg *header = route(nic, type, flags, r->ipv6, &message);
    header->rtm_dst_len = (uint8_t)(8 * bytes);
    mnl_attr_put_u32(message, RTA_TABLE, nic->config.table);
    mnl_attr_put(message, RTA_DST, bytes, r->destination);
    if (type == RTM_DELROUTE)
        return;
    mnl_attr_put(message, RTA_PREFSRC, bytes, r->source);
    mnl_attr_put_u32(message, RTA_NH_ID, r->nexthop);
    struct nlattr *metrics = mnl_attr_nest_start(message, RTA_METRICS);
    mnl_attr_put_u32(message, RTAX_MTU, r->mtu);
    mnl_attr_nest_end(message, metrics);
}

/* The route as it is to be after the order. */
static struct linux_route route_after(const struct linux_nic *nic, const struct linux_order *order)
{
    struct linux_route r = nic->worker.routes[order->index];
    switch (order->command) {
    case CHIMNEY_PATH_ADD_PATH:
        r = (struct linux_route){.ipv6 = order->path.ipv6, .mtu = order->path.mtu};
        memcpy(r.source, order->path.source, sizeof(r.source));
        memcpy(r.destination, order->path.destination, sizeof(r.destination));
        r.nexthop = nexthop_of(nic, order->target);
        break;
    case CHIMNEY_PATH_WRITE_ROUTE:
        r.nexthop = nexthop_of(nic, order->target);
        break;
    case CHIMNEY_PATH_WRITE_MTU:
        r.mtu = order->path.mtu;
        break;
    case CHIMNEY_PATH_BLOCK_PATH:
        r.nexthop = blackhole(nic);
        break;
    default:
        r.present = false;
        return r;
    }
    r.present = true;
    return r;
}

static uint32_t request_path(struct linux_nic *nic, const struct linux_order *order)
{
    struct linux_route r = route_after(nic, order);
    if (!r.present)
        write_route(nic, RTM_DELROUTE, 0, &nic->worker.routes[order->index]);
    else if (order->command == CHIMNEY_PATH_ADD_PATH)
        write_route(nic, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &r);
    else
        write_route(nic, RTM_NEWROUTE, NLM_F_REPLACE, &r);
    return 1;
}

uint32_t linux_request(struct linux_nic *nic, const struct linux_order *order)
{
    if (order->spoilt) {
        begin(nic, UNKNOWN_REQUEST, 0);
        return 1;
    }
    return order->kind == CHIMNEY_NEIGHBOR ? request_neighbor(nic, order)
                                           : request_path(nic, order);
}

/* ---- Results --------------------------------------------------------------------------------- */

static bool adds(const struct linux_order *order)
{
    return order->kind == CHIMNEY_NEIGHBOR ? order->command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR
                                           : order->command == CHIMNEY_PATH_ADD_PATH;
}

static bool removes(const struct linux_order *order)
{
    return order->kind == CHIMNEY_NEIGHBOR ? order->command == CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR
                                           : order->command == CHIMNEY_PATH_REMOVE_PATH;
}

static bool not_there(int error)
{
    return error == ENOENT || error == ESRCH || error == ENODEV;
}

/*
 * A failed add has to leave nothing behind: where a half of it was done, or something of that name
 * is there, nobody knows, and flue takes it away. A path whose address has a route is refused: it
 * is another path's.
 */
static enum chimney_result result_of_add(const struct linux_order *order, int error, bool half)
{
    if (half || error == LINUX_NO_ANSWER)
        return CHIMNEY_RESULT_UNSURE;
    if (error == EEXIST)
        return order->kind == CHIMNEY_PATH ? CHIMNEY_RESULT_PATH_ENTRIES : CHIMNEY_RESULT_UNSURE;
    if (error == ENOMEM || error == ENOSPC || error == ENOBUFS)
        return CHIMNEY_RESULT_RESOURCES;
    return CHIMNEY_RESULT_FAILURE;
}

static enum chimney_result result_of(const struct linux_order *order, int error, bool half)
{
    if (error == 0)
        return CHIMNEY_RESULT_OK;
    if (adds(order))
        return result_of_add(order, error, half);
    if (error == LINUX_NO_ANSWER)
        return CHIMNEY_RESULT_UNSURE;
    return not_there(error) ? CHIMNEY_RESULT_GONE : CHIMNEY_RESULT_FAILURE;
}

static void note(struct linux_nic *nic, const struct linux_order *order, enum chimney_result result)
{
    struct linux_worker *w = &nic->worker;
    bool may_be = result == CHIMNEY_RESULT_OK || result == CHIMNEY_RESULT_UNSURE;
    if (order->kind == CHIMNEY_NEIGHBOR) {
        if (adds(order))
            w->hops[order->index].interface = order->neighbor.interface;
    } else if (may_be) {
        w->routes[order->index] = route_after(nic, order);
    }
}

enum chimney_result linux_requested(struct linux_nic *nic, const struct linux_order *order,
                                    uint32_t first, uint32_t count, int *error)
{
    uint32_t bad = 0;
    *error = 0;
    for (uint32_t i = first; i < first + count; i++) {
        int one = linux_netlink_answer(&nic->worker.netlink, i);
        if (one == 0 || (removes(order) && not_there(one)))
            continue;
        bad++;
        if (*error == 0)
            *error = one;
    }
    enum chimney_result result = result_of(order, *error, bad < count);
    note(nic, order, result);
    return result;
}

/* ---- The table as a whole -------------------------------------------------------------------- */

static void rule(struct linux_nic *nic, uint16_t type, bool ipv6, bool blocked)
{
    uint16_t flags = type == RTM_NEWRULE ? NLM_F_CREATE | NLM_F_EXCL : 0;
    struct nlmsghdr *message = begin(nic, type, flags);
    struct fib_rule_hdr *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    header->family = ipv6 ? AF_INET6 : AF_INET;
    header->action = blocked ? FR_ACT_BLACKHOLE : FR_ACT_TO_TBL;
    mnl_attr_put_u32(message, FRA_PRIORITY, blocked ? BLOCKED_PRIORITY : RULE_PRIORITY);
    mnl_attr_put_u32(message, FRA_FWMARK, nic->config.mark + blocked);
    mnl_attr_put_u32(message, FRA_FWMASK, UINT32_MAX);
    if (!blocked)
        mnl_attr_put_u32(message, FRA_TABLE, nic->config.table);
}

/* What is in no path's route goes nowhere: never by the host's own routes. */
static void last_resort(struct linux_nic *nic, uint16_t type, bool ipv6)
{
    struct nlmsghdr *message;
    uint16_t flags = type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0;
    route(nic, type, flags, ipv6, &message)->rtm_type = RTN_BLACKHOLE;
    mnl_attr_put_u32(message, RTA_TABLE, nic->config.table);
}

static int first_error(struct linux_nic *nic)
{
    uint32_t count = nic->worker.netlink.count;
    linux_netlink_flush(&nic->worker.netlink);
    for (uint32_t i = 0; i < count; i++) {
        if (linux_netlink_answer(&nic->worker.netlink, i) != 0)
            return linux_netlink_answer(&nic->worker.netlink, i);
    }
    return 0;
}

static void all_of_it(struct linux_nic *nic, bool there)
{
    for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
        last_resort(nic, there ? RTM_NEWROUTE : RTM_DELROUTE, ipv6);
        rule(nic, there ? RTM_NEWRULE : RTM_DELRULE, ipv6, true);
        rule(nic, there ? RTM_NEWRULE : RTM_DELRULE, ipv6, false);
    }
}

int linux_table_open(struct linux_nic *nic)
{
    all_of_it(nic, true);
    mnl_attr_put(nexthop(nic, RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL, blackhole(nic)),
                 NHA_BLACKHOLE, 0, NULL);
    return first_error(nic);
}

/* Routes go with their nexthops. */
void linux_table_wipe(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_PATH]; i++) {
        if (w->routes[i].present)
            write_route(nic, RTM_DELROUTE, 0, &w->routes[i]);
        w->routes[i].present = false;
        if (linux_netlink_room(&w->netlink) < 2)
            linux_netlink_flush(&w->netlink);
    }
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_NEIGHBOR]; i++) {
        if (linux_netlink_room(&w->netlink) < 2)
            linux_netlink_flush(&w->netlink);
        if (w->hops[i].interface == 0)
            continue;
        nexthop(nic, RTM_DELNEXTHOP, 0, nexthop_of(nic, i));
        neighbor(nic, RTM_DELNEIGH, 0, i, w->hops[i].interface, NULL);
        w->hops[i].interface = 0;
    }
    linux_netlink_flush(&w->netlink);
}

void linux_table_close(struct linux_nic *nic)
{
    linux_table_wipe(nic);
    nexthop(nic, RTM_DELNEXTHOP, 0, blackhole(nic));
    all_of_it(nic, false);
    linux_netlink_flush(&nic->worker.netlink);
}
