/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame has of IP: IPv4, or IPv6 with what may stand before that which it carries. A
 * fragment has no ports.
 */
#include <linux/ip.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"

static bool read_ipv4(const struct sk_buff *skb, struct nic_ip *p)
{
    const struct iphdr *ip = (const void *)(skb->data + ETH_HLEN);

    if (skb_headlen(skb) < ETH_HLEN + sizeof *ip)
        return false;
    p->family = AF_INET;
    p->protocol = ip->protocol;
    p->fragment = ip_is_fragment(ip);
    p->at = ETH_HLEN + ip->ihl * 4;
    p->end = ETH_HLEN + ntohs(ip->tot_len);
    ipv6_addr_set_v4mapped(ip->saddr, &p->source);
    ipv6_addr_set_v4mapped(ip->daddr, &p->destination);
    return true;
}

static bool read_ipv6(const struct sk_buff *skb, struct nic_ip *p)
{
    const struct ipv6hdr *ip = (const void *)(skb->data + ETH_HLEN);
    __be16 fragment;
    int at;

    if (skb_headlen(skb) < ETH_HLEN + sizeof *ip)
        return false;
    p->family = AF_INET6;
    p->protocol = ip->nexthdr;
    at = ipv6_skip_exthdr(skb, ETH_HLEN + sizeof *ip, &p->protocol, &fragment);
    if (at < 0)
        return false;
    p->fragment = fragment != 0;
    p->at = (u32)at;
    p->end = ETH_HLEN + sizeof *ip + ntohs(ip->payload_len);
    p->source = ip->saddr;
    p->destination = ip->daddr;
    return true;
}

bool nic_read_ip(const struct sk_buff *skb, struct nic_ip *p)
{
    const struct ethhdr *eth = (const void *)skb->data;

    memset(p, 0, sizeof *p);
    if (!(eth->h_proto == htons(ETH_P_IP)     ? read_ipv4(skb, p)
          : eth->h_proto == htons(ETH_P_IPV6) ? read_ipv6(skb, p)
                                              : false))
        return false;
    if ((p->protocol != IPPROTO_TCP && p->protocol != IPPROTO_UDP) || p->fragment ||
        skb_headlen(skb) < p->at + sizeof p->ports)
        return true;
    for (unsigned int i = 0; i < ARRAY_SIZE(p->ports); i++)
        p->ports[i] = get_unaligned_be16(skb->data + p->at + i * sizeof(u16));
    return true;
}

bool nic_read_esp(const struct sk_buff *skb, struct nic_ip *p)
{
    return nic_read_ip(skb, p) && p->protocol == IPPROTO_ESP && !p->fragment &&
           p->end <= skb_headlen(skb) &&
           p->end >= p->at + sizeof(struct ip_esp_hdr) + NIC_IV + NIC_ICV;
}

bool nic_is_plain(const struct sk_buff *skb, const struct nic_ip *p)
{
    return !p->fragment && p->at <= p->end && p->end <= skb_headlen(skb) &&
           (p->family == AF_INET || p->at == ETH_HLEN + sizeof(struct ipv6hdr));
}

void nic_write_ip(struct sk_buff *skb, const struct nic_ip *p, u8 protocol)
{
    skb_set_network_header(skb, ETH_HLEN);
    skb_set_transport_header(skb, p->at);
    if (p->family == AF_INET) {
        ip_hdr(skb)->protocol = protocol;
        ip_hdr(skb)->tot_len = htons(skb->len - ETH_HLEN);
        ip_send_check(ip_hdr(skb));
    } else {
        ipv6_hdr(skb)->nexthdr = protocol;
        ipv6_hdr(skb)->payload_len = htons(skb->len - p->at);
    }
}
