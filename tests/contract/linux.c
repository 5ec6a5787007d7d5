/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel of this machine under the contract, in a network namespace that has no name. What a
 * path's packets leave with is seen on frames that come out; entries are counted in the kernel's
 * own dumps.
 */
#include "linux.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_packet.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contract.h"
#include "net.h"
#include "shim.h"

#define MOST_SERVICES 100000
#define FRAME_BYTES 2048
#define PORT 9
#define SOON_MS 20000 /* a frame that was sent is sure to come */
#define PROTOCOL 0x66

static struct net net;
static struct shim shim;
static struct linux_config config;
static int peers[2];
static uint32_t number;

static int packet_socket(const char *name)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    at.sll_ifindex = (int)if_nametoindex(name);
    if (fd >= 0 && bind(fd, (const void *)&at, sizeof(at)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool build_net(void)
{
    return net_open_alone(&net) && net_ip(&net, NET_HOST,
                                          "addr add 10.1.0.1/32 dev lo\n"
                                          "link add name if2 type veth peer name peer2\n"
                                          "link add name if3 type veth peer name peer3\n"
                                          "link set dev if2 up\nlink set dev if3 up\n"
                                          "link set dev peer2 up\nlink set dev peer3 up\n");
}

static void *open_nic(const struct flue_config *flue)
{
    int error;
    if (!build_net())
        return NULL;
    peers[0] = packet_socket("peer2");
    peers[1] = packet_socket("peer3");
    config = linux_config_default();
    config.flue = *flue;
    config.interfaces[0] = (struct linux_interface){.vlan = 2, .name = "if2"};
    config.interfaces[1] = (struct linux_interface){.vlan = 3, .name = "if3"};
    config.interface_count = 2;
    config.guard = linux_guard_open("flue", &error);
    shim_open(&shim);
    config.shim = &shim.hooks;
    shim.nic = config.guard ? linux_open(&config, NULL) : NULL;
    return shim.nic;
}

static void close_nic(void *adapter)
{
    linux_close(adapter);
    linux_guard_close(config.guard);
    close(peers[0]);
    close(peers[1]);
    net_close(&net);
}

static void step_nic(void *adapter, uint64_t now)
{
    linux_tick(adapter, now);
    linux_wait(adapter);
    for (uint32_t i = 0; i < MOST_SERVICES && linux_service(adapter); i++)
        linux_wait(adapter);
}

static void make_progress(void *adapter)
{
    linux_service(adapter);
    linux_wait(adapter);
}

static void reset(void *adapter)
{
    linux_reset(adapter);
}

static void fault(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command)
{
    static const enum shim_what kinds[] = {
        [CONTRACT_FAIL] = SHIM_SPOIL,   [CONTRACT_FAIL_KEPT] = SHIM_ANSWER,
        [CONTRACT_LOSE] = SHIM_LOSE,    [CONTRACT_LATE] = SHIM_HOLD,
        [CONTRACT_TWICE] = SHIM_REPEAT,
    };
    bool adds = (kind == CHIMNEY_NEIGHBOR && command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR) ||
                (kind == CHIMNEY_PATH && command == CHIMNEY_PATH_ADD_PATH);
    struct shim_rule rule = {.what = kinds[what], .kind = kind, .command = command, .limit = 1};
    (void)adapter;
    /* A refused add leaves nothing behind. */
    if (adds && what == CONTRACT_FAIL_KEPT)
        rule.what = SHIM_SPOIL;
    shim_clear(&shim);
    shim_rule(&shim, rule);
}

static void settle(void *adapter)
{
    (void)adapter;
    shim.rule_count = 0;
    shim_release(&shim, 0);
}

/* ---- Frames ---------------------------------------------------------------------------------- */

/* By the routes of what is offloaded. False: the kernel says there is no way. */
static bool send_numbered(const uint8_t *destination)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(&to.sin_addr, destination, 4);
    number++;
    bool sent =
        setsockopt(fd, SOL_SOCKET, SO_MARK, &config.mark, sizeof(config.mark)) == 0 &&
        sendto(fd, &number, sizeof(number), 0, (const void *)&to, sizeof(to)) == sizeof(number);
    close(fd);
    return sent;
}

static bool is_ours(const uint8_t *frame, ssize_t bytes)
{
    const ssize_t at = 14 + 20 + 8; /* behind Ethernet, IP and UDP */
    return bytes >= at + (ssize_t)sizeof(number) &&
           memcmp(frame + at, &number, sizeof(number)) == 0;
}

static bool way(void *adapter, uint32_t path, uint8_t mac[6])
{
    struct pollfd waiting[2] = {{peers[0], POLLIN, 0}, {peers[1], POLLIN, 0}};
    bool ipv6;
    const uint8_t *destination = linux_destination(adapter, path, &ipv6);
    if (!destination || !send_numbered(destination))
        return false;
    while (poll(waiting, 2, SOON_MS) > 0) {
        for (int i = 0; i < 2; i++) {
            uint8_t frame[FRAME_BYTES];
            ssize_t bytes = recv(peers[i], frame, sizeof(frame), MSG_DONTWAIT);
            if (!is_ours(frame, bytes))
                continue;
            memcpy(mac, frame, 6);
            return true;
        }
    }
    return false;
}

/* ---- Dumps ----------------------------------------------------------------------------------- */

static int count_nexthop(const struct nlmsghdr *message, void *count)
{
    const struct nhmsg *header = mnl_nlmsg_get_payload(message);
    *(uint32_t *)count += header->nh_protocol == PROTOCOL;
    return MNL_CB_OK;
}

static int count_route(const struct nlmsghdr *message, void *count)
{
    const struct rtmsg *header = mnl_nlmsg_get_payload(message);
    *(uint32_t *)count += header->rtm_protocol == PROTOCOL && header->rtm_dst_len == 32;
    return MNL_CB_OK;
}

static uint32_t dump(uint16_t type, size_t header_bytes, uint8_t family, mnl_cb_t count_one)
{
    _Alignas(struct nlmsghdr) unsigned char room[16384];
    uint32_t count = 0;
    struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
    struct nlmsghdr *message = mnl_nlmsg_put_header(room);
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    *(uint8_t *)mnl_nlmsg_put_extra_header(message, header_bytes) = family;
    mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID);
    mnl_socket_sendto(socket, message, message->nlmsg_len);
    for (int more = MNL_CB_OK; more > MNL_CB_STOP;) {
        ssize_t bytes = mnl_socket_recvfrom(socket, room, sizeof(room));
        more = bytes <= 0 ? MNL_CB_ERROR
                          : mnl_cb_run(room, (size_t)bytes, 0, mnl_socket_get_portid(socket),
                                       count_one, &count);
    }
    mnl_socket_close(socket);
    return count;
}

/* One nexthop is the driver's own, of paths that are blocked. */
static uint32_t entries(void *adapter, uint8_t kind)
{
    (void)adapter;
    if (kind == CHIMNEY_NEIGHBOR)
        return dump(RTM_GETNEXTHOP, sizeof(struct nhmsg), AF_UNSPEC, count_nexthop) - 1;
    return dump(RTM_GETROUTE, sizeof(struct rtmsg), AF_INET, count_route);
}

const struct contract_driver *contract_driver(void)
{
    static const struct contract_driver driver = {
        .name = "contract, Linux",
        .open = open_nic,
        .close = close_nic,
        .step = step_nic,
        .make_progress = make_progress,
        .reset = reset,
        .fault = fault,
        .settle = settle,
        .way = way,
        .entries = entries,
    };
    return net_is_permitted() ? &driver : NULL;
}
