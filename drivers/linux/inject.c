/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A segment in the peer's name, for what no option can set: that its FIN came, or that it
 * acknowledged ours. It goes through the loopback, past the guard, into the one socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

struct segment {
    union {
        struct iphdr ip;
        struct ip6_hdr ip6;
    } network;
    struct tcphdr tcp; /* put behind the header of either length */
};

static uint32_t sum(uint32_t so_far, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i + 1 < count; i += 2)
        so_far += (uint32_t)at[i] << 8 | at[i + 1];
    return so_far;
}

static uint16_t checksum(const struct linux_tuple *tuple, const struct tcphdr *tcp)
{
    size_t bytes = tuple->ipv6 ? 16 : 4;
    uint32_t total = IPPROTO_TCP + (uint32_t)sizeof(*tcp);
    total = sum(total, tuple->remote, bytes);
    total = sum(total, tuple->local, bytes);
    total = sum(total, tcp, sizeof(*tcp));
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return htons((uint16_t)~total);
}

static size_t put_network(const struct linux_tuple *tuple, struct segment *segment)
{
    if (!tuple->ipv6) {
        struct iphdr *ip = &segment->network.ip;
        *ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP};
        ip->tot_len = htons((uint16_t)(sizeof(*ip) + sizeof(struct tcphdr)));
        memcpy(&ip->saddr, tuple->remote, 4);
        memcpy(&ip->daddr, tuple->local, 4);
        return sizeof(*ip);
    }
    struct ip6_hdr *ip6 = &segment->network.ip6;
    ip6->ip6_flow = htonl(6u << 28);
    ip6->ip6_plen = htons((uint16_t)sizeof(struct tcphdr));
    ip6->ip6_nxt = IPPROTO_TCP;
    ip6->ip6_hlim = 64;
    memcpy(&ip6->ip6_src, tuple->remote, 16);
    memcpy(&ip6->ip6_dst, tuple->local, 16);
    return sizeof(*ip6);
}

static int send_raw(const struct linux_tuple *tuple, const void *bytes, size_t count)
{
    struct sockaddr_in to4 = {.sin_family = AF_INET};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6};
    const int on = 1;
    const uint32_t mark = LINUX_INJECTED;
    int fd = socket(tuple->ipv6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    if (fd < 0)
        return errno;
    memcpy(&to4.sin_addr, tuple->local, 4);
    memcpy(&to6.sin6_addr, tuple->local, 16);
    const struct sockaddr *to = tuple->ipv6 ? (const void *)&to6 : (const void *)&to4;
    socklen_t to_bytes = tuple->ipv6 ? sizeof(to6) : sizeof(to4);
    int error = 0;
    if (tuple->ipv6 && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)) != 0)
        error = errno;
    else if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) != 0 ||
             sendto(fd, bytes, count, 0, to, to_bytes) < 0)
        error = errno;
    close(fd);
    return error;
}

int linux_inject(const struct linux_tuple *tuple, uint32_t sequence, uint32_t acknowledged,
                 bool fin, uint32_t window)
{
    struct segment segment = {0};
    unsigned char bytes[sizeof(segment)];
    size_t at = put_network(tuple, &segment);
    struct tcphdr *tcp = &segment.tcp;
    tcp->source = tuple->remote_port;
    tcp->dest = tuple->local_port;
    tcp->seq = htonl(sequence);
    tcp->ack_seq = htonl(acknowledged);
    tcp->doff = sizeof(*tcp) / 4;
    tcp->ack = 1;
    tcp->fin = fin;
    tcp->window = htons((uint16_t)(window < 0xffff ? window : 0xffff));
    tcp->check = checksum(tuple, tcp);
    memcpy(bytes, &segment.network, at);
    memcpy(bytes + at, tcp, sizeof(*tcp));
    return send_raw(tuple, bytes, at + sizeof(*tcp));
}
