/* SPDX-License-Identifier: BSD-2-Clause */
#include "crowd.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define EACH (3u * 16384)
#define NEVER_MS 120000
#define SMALL_MTU 1400

struct crowd {
    struct rig *rig;
    uint32_t count;
    bool ipv6;
    struct rig_connection *c;
    struct flow *flows;
};

static bool connect_all(struct crowd *w, uint16_t port)
{
    bool good = true;
    for (uint32_t i = 0; good && i < w->count; i++) {
        w->flows[i] = (struct flow){.total = EACH};
        good = rig_connect(&w->c[i], w->ipv6, 1, port);
    }
    return good;
}

/* All send first, so that there is data everywhere; then each receives its part. */
static bool flow_all(struct crowd *w, uint64_t until)
{
    bool good = true;
    for (uint32_t i = 0; good && i < w->count; i++)
        good = flow_run(&w->flows[i], w->c[i].fd, w->flows[i].received);
    for (uint32_t i = 0; good && i < w->count; i++)
        good = flow_run(&w->flows[i], w->c[i].fd, until) && w->flows[i].wrong == 0;
    return good;
}

static bool hand_over(struct crowd *w)
{
    struct rig *rig = w->rig;
    struct chimney_node *root = rig_name(rig, &rig->path[w->ipv6]);
    bool good = true;
    for (uint32_t i = 0; good && i < w->count; i++)
        good = rig_guard(rig, &w->c[i]);
    linux_guard_wait();
    for (uint32_t i = 0; good && i < w->count; i++) {
        struct chimney_node *node = rig_export(rig, &w->c[i]);
        good = node != NULL;
        if (good)
            host_link(root, node);
    }
    if (!good || rig_ask(rig, CHIMNEY_INITIATE, root) != SUCCESS)
        return false;
    struct chimney_node *node = root->DependentBlockList;
    for (uint32_t i = 0; i < w->count; i++, node = node->NextBlock)
        rig_initiated(rig, &w->c[i], node);
    return true;
}

static bool take_back(struct crowd *w)
{
    struct rig *rig = w->rig;
    struct chimney_node *root = rig_name(rig, &w->c[0].object), *node = root;
    bool good = true;
    for (uint32_t i = 1; i < w->count; i++, node = node->NextBlock)
        node->NextBlock = rig_name(rig, &w->c[i].object);
    rig_ask(rig, CHIMNEY_TERMINATE, root);
    node = root;
    for (uint32_t i = 0; i < w->count; i++, node = node->NextBlock)
        good = good && node->Status == SUCCESS && rig_import(rig, &w->c[i], node) == 0;
    return good;
}

static bool to_the_other_router(struct crowd *w)
{
    struct rig *rig = w->rig;
    struct chimney_node *root = rig_relink(rig, &rig->path[w->ipv6], &rig->b);
    host_link(root, rig_name(rig, &rig->path[!w->ipv6]));
    return rig_ask(rig, CHIMNEY_INVALIDATE, rig_name(rig, &rig->a)) == SUCCESS &&
           rig_ask(rig, CHIMNEY_UPDATE, root) == SUCCESS &&
           root->DependentBlockList->Status == SUCCESS;
}

static bool back_to_the_first(struct crowd *w)
{
    struct rig *rig = w->rig;
    if (rig_ask(rig, CHIMNEY_TERMINATE, rig_name(rig, &rig->a)) != SUCCESS ||
        rig_ask(rig, CHIMNEY_INITIATE, rig_new_router(rig, &rig->a, NET_A)) != SUCCESS)
        return false;
    struct chimney_node *root = rig_relink(rig, &rig->path[0], &rig->a);
    host_link(root, rig_name(rig, &rig->path[1]));
    return rig_ask(rig, CHIMNEY_UPDATE, root) == SUCCESS;
}

static bool story(struct crowd *w, uint16_t port)
{
    bool good = connect_all(w, port) && flow_all(w, EACH / 4) && hand_over(w) &&
                flow_all(w, EACH / 2) && to_the_other_router(w) && flow_all(w, 3 * EACH / 4) &&
                take_back(w) && flow_all(w, EACH) && back_to_the_first(w);
    for (uint32_t i = 0; i < w->count; i++)
        rig_end(w->rig, &w->c[i]);
    return good;
}

bool crowd_run(struct rig *rig, uint32_t count, bool ipv6)
{
    struct crowd w = {.rig = rig, .count = count, .ipv6 = ipv6};
    uint16_t port = (uint16_t)(9000 + ipv6);
    host_arena_clear(&rig->arena);
    w.c = calloc(count, sizeof(*w.c));
    w.flows = calloc(count, sizeof(*w.flows));
    for (uint32_t i = 0; w.c && i < count; i++)
        w.c[i].fd = -1;
    pid_t server = peer_start(&rig->net, port, 0);
    bool good = w.c && w.flows && server > 0 && story(&w, port);
    peer_stop(server);
    free(w.c);
    free(w.flows);
    return good;
}

/* ---- MTU ------------------------------------------------------------------------------------ */

static int icmp_socket(bool ipv6)
{
    return ipv6 ? socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6)
                : socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
}

/* What the router says fits: "fragmentation needed", or "packet too big". 0: it says nothing. */
static uint32_t hear_mtu(int fd, bool ipv6)
{
    uint8_t bytes[2048];
    struct pollfd waiting = {fd, POLLIN, 0};
    while (poll(&waiting, 1, NEVER_MS) > 0) {
        ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
        const uint8_t *icmp = bytes + (ipv6 ? 0 : (bytes[0] & 0xf) * 4);
        if (got < (ipv6 ? 8 : 28))
            continue;
        if (ipv6 && icmp[0] == 2)
            return (uint32_t)icmp[6] << 8 | icmp[7];
        if (!ipv6 && icmp[0] == 3 && icmp[1] == 4)
            return (uint32_t)icmp[6] << 8 | icmp[7];
    }
    return 0;
}

static int32_t write_mtu(struct rig *rig, bool ipv6, uint32_t mtu)
{
    uint8_t type = ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CACHED : CHIMNEY_TYPE_PATH_IPV4_CACHED;
    struct chimney_node *node = host_reference(&rig->arena, &rig->path[ipv6], type);
    host_path_cached(node)->PathMtu = mtu;
    return rig_ask(rig, CHIMNEY_UPDATE, node);
}

/* Both ends of the cable: what is too long for the other end it drops without a word. */
static bool cable_mtu(struct rig *rig, uint32_t mtu)
{
    char here[48], there[48];
    snprintf(here, sizeof(here), "link set dev server mtu %u\n", mtu);
    snprintf(there, sizeof(there), "link set dev a mtu %u\n", mtu);
    return net_ip(&rig->net, NET_A, here) && net_ip(&rig->net, NET_SERVER, there);
}

static bool mtu_story(struct rig *rig, struct rig_connection *c, bool ipv6, int icmp)
{
    struct flow flow = {.total = 1000};
    if (!flow_run(&flow, c->fd, flow.total) || rig_initiate(rig, c) != SUCCESS ||
        !cable_mtu(rig, SMALL_MTU))
        return false;
    flow.total = 1u << 20; /* in segments that are too long now */
    if (!flow_run(&flow, c->fd, flow.total / 2))
        return false;
    uint32_t mtu = hear_mtu(icmp, ipv6);
    printf("        the router's ICMP: %u bytes fit\n", mtu);
    flow.total *= 2;
    return mtu == SMALL_MTU && write_mtu(rig, ipv6, mtu) == SUCCESS &&
           flow_run(&flow, c->fd, flow.total) && flow.wrong == 0 &&
           rig_terminate(rig, c) == SUCCESS;
}

bool crowd_mtu(struct rig *rig, bool ipv6)
{
    struct rig_connection c = {.fd = -1};
    uint16_t port = (uint16_t)(9100 + ipv6);
    int icmp = icmp_socket(ipv6);
    pid_t server = peer_start(&rig->net, port, 0);
    bool good =
        icmp >= 0 && server > 0 && rig_connect(&c, ipv6, 1, port) && mtu_story(rig, &c, ipv6, icmp);
    rig_end(rig, &c);
    if (icmp >= 0)
        close(icmp);
    peer_stop(server);
    return good && write_mtu(rig, ipv6, 1500) == SUCCESS && cable_mtu(rig, 1500);
}
