/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tc says of a flower, as the device has it; or why it has not. The device compares whole
 * addresses and ports of IPv4 and IPv6, or none of them; what fits is dropped, goes on to this
 * host, or goes back onto the wire, perhaps with other addresses, into a VLAN, and limited to a
 * rate.
 */
#include <linux/if_vlan.h>
#include <net/pkt_cls.h>

#include "nic.h"

#define BITS_PER_KILOBIT 1000
/* flower has addresses of IPv4 and IPv6 at one place, and names both; the protocol says which. */
#define KEYS                                                                           \
    (BIT_ULL(FLOW_DISSECTOR_KEY_CONTROL) | BIT_ULL(FLOW_DISSECTOR_KEY_BASIC) |         \
     BIT_ULL(FLOW_DISSECTOR_KEY_IPV4_ADDRS) | BIT_ULL(FLOW_DISSECTOR_KEY_IPV6_ADDRS) | \
     BIT_ULL(FLOW_DISSECTOR_KEY_PORTS))

/* An Ethernet header's addresses, as pedit writes them: words with masks of what stays. */
struct rewrite {
    u8 to[2 * ETH_ALEN], written[2 * ETH_ALEN];
};

static bool is_all(u64 mask, unsigned int bits)
{
    return mask == 0 || mask == GENMASK_ULL(bits - 1, 0);
}

static bool is_ipv6(const struct flow_rule *rule)
{
    struct flow_match_basic basic;

    flow_rule_match_basic(rule, &basic);
    return basic.key->n_proto == htons(ETH_P_IPV6);
}

static const char *match_basic(const struct flow_rule *rule, struct nic_flower *f)
{
    struct flow_match_basic basic;
    struct flow_match_control control;

    if (!flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_BASIC))
        return "IPv4 and IPv6 only";
    flow_rule_match_basic(rule, &basic);
    if ((basic.key->n_proto != htons(ETH_P_IP) && !is_ipv6(rule)) ||
        basic.mask->n_proto != htons(U16_MAX))
        return "IPv4 and IPv6 only";
    if (!is_all(basic.mask->ip_proto, 8))
        return "a protocol, or any";
    f->match.protocol = basic.key->ip_proto & basic.mask->ip_proto;
    if (!flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_CONTROL))
        return NULL;
    flow_rule_match_control(rule, &control);
    return control.mask->flags ? "fragments are not told apart" : NULL;
}

/* As IPv6 has them; any is all zeros. */
static void map_address(u8 *to, __be32 address, __be32 mask)
{
    if (!mask)
        return;
    put_unaligned_be16(U16_MAX, to + 10);
    put_unaligned_be32(ntohl(address), to + 12);
}

static bool is_whole(const struct in6_addr *mask)
{
    return !memchr_inv(mask, 0, sizeof *mask) || !memchr_inv(mask, 0xff, sizeof *mask);
}

/* A rule without addresses is one of IPv4. */
static const char *match_ipv6(const struct flow_rule *rule, struct nic_flower *f)
{
    struct flow_match_ipv6_addrs a;

    if (!flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_IPV6_ADDRS))
        return "of IPv6 with an address only";
    flow_rule_match_ipv6_addrs(rule, &a);
    if (!is_whole(&a.mask->src) || !is_whole(&a.mask->dst))
        return "whole addresses, or any";
    for (unsigned int i = 0; i < sizeof a.key->src; i++) {
        f->match.source_address[i] = a.key->src.s6_addr[i] & a.mask->src.s6_addr[i];
        f->match.destination_address[i] = a.key->dst.s6_addr[i] & a.mask->dst.s6_addr[i];
    }
    return NULL;
}

static const char *match_ipv4(const struct flow_rule *rule, struct nic_flower *f)
{
    struct flow_match_ipv4_addrs a;

    if (!flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_IPV4_ADDRS))
        return NULL;
    flow_rule_match_ipv4_addrs(rule, &a);
    if (!is_all(ntohl(a.mask->src), 32) || !is_all(ntohl(a.mask->dst), 32))
        return "whole addresses, or any";
    map_address(f->match.source_address, a.key->src, a.mask->src);
    map_address(f->match.destination_address, a.key->dst, a.mask->dst);
    return NULL;
}

static const char *match_ports(const struct flow_rule *rule, struct nic_flower *f)
{
    struct flow_match_ports p;

    if (!flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_PORTS))
        return NULL;
    flow_rule_match_ports(rule, &p);
    if (!is_all(ntohs(p.mask->src), 16) || !is_all(ntohs(p.mask->dst), 16))
        return "a port or any, and no ranges of ports";
    f->match.source_port = ntohs(p.key->src & p.mask->src);
    f->match.destination_port = ntohs(p.key->dst & p.mask->dst);
    return NULL;
}

static const char *match(const struct flow_rule *rule, struct nic_flower *f)
{
    const char *why;

    if (rule->match.dissector->used_keys & ~KEYS)
        return "addresses, ports and the protocol only";
    why = match_basic(rule, f);
    if (!why)
        why = is_ipv6(rule) ? match_ipv6(rule, f) : match_ipv4(rule, f);
    return why ? why : match_ports(rule, f);
}

static const char *rewrite(const struct flow_action_entry *act, struct rewrite *r)
{
    const u32 written = ~act->mangle.mask, to = act->mangle.val & written;
    const u32 at = act->mangle.offset;

    if (act->mangle.htype != FLOW_ACT_MANGLE_HDR_TYPE_ETH || at % 4 || at > sizeof r->to - 4)
        return "other addresses of Ethernet only";
    for (unsigned int i = 0; i < sizeof to; i++) {
        r->to[at + i] |= ((const u8 *)&to)[i];
        r->written[at + i] |= ((const u8 *)&written)[i];
    }
    return NULL;
}

/* All of an address or nothing. */
static const char *read_rewrite(const struct rewrite *r, struct flow_hop_cached *hop)
{
    for (unsigned int at = 0; at < sizeof r->to; at += ETH_ALEN)
        if (!is_zero_ether_addr(r->written + at) && !is_broadcast_ether_addr(r->written + at))
            return "whole addresses of Ethernet";
    ether_addr_copy(hop->destination_mac, r->to);
    ether_addr_copy(hop->source_mac, r->to + ETH_ALEN);
    return NULL;
}

static const char *limit(const struct flow_action_entry *act, struct nic_flower *f)
{
    const u64 kbps = div_u64(act->police.rate_bytes_ps * BITS_PER_BYTE, BITS_PER_KILOBIT);

    if (f->limited || !kbps || kbps > U32_MAX || act->police.rate_pkt_ps ||
        act->police.peakrate_bytes_ps || act->police.avrate || act->police.overhead)
        return "one rate of bytes";
    if (act->police.exceed.act_id != FLOW_ACTION_DROP ||
        (act->police.notexceed.act_id != FLOW_ACTION_PIPE &&
         act->police.notexceed.act_id != FLOW_ACTION_ACCEPT))
        return "what exceeds the rate is dropped, the rest goes on";
    f->limited = true;
    f->police = act->hw_index;
    f->meter.rate_kbps = (u32)kbps;
    f->meter.burst_bytes = act->police.burst;
    return NULL;
}

static const char *put_into_vlan(const struct flow_action_entry *act, struct nic_flower *f)
{
    if (f->hop.vlan || !act->vlan.vid || act->vlan.prio || act->vlan.proto != htons(ETH_P_8021Q))
        return "one VLAN, without a priority";
    f->hop.vlan = act->vlan.vid & VLAN_VID_MASK;
    return NULL;
}

/* `ends`: what is done with the packet at last. */
static const char *act_on(const struct flue_nic *nic, const struct flow_action_entry *act,
                          struct nic_flower *f, struct rewrite *r, bool *ends)
{
    switch (act->id) {
    case FLOW_ACTION_VLAN_PUSH:
        return put_into_vlan(act, f);
    case FLOW_ACTION_MANGLE:
        return rewrite(act, r);
    case FLOW_ACTION_POLICE:
        *ends = act->police.notexceed.act_id == FLOW_ACTION_ACCEPT;
        return limit(act, f);
    case FLOW_ACTION_DROP:
        *ends = f->drops = true;
        return NULL;
    case FLOW_ACTION_ACCEPT:
        *ends = true;
        return NULL;
    case FLOW_ACTION_REDIRECT:
        *ends = true;
        f->hop.port = NIC_PORT_WIRE;
        return act->dev == nic->dev ? NULL : "back onto this device's own wire only";
    default:
        return "no such action";
    }
}

static const char *act(const struct flue_nic *nic, struct flow_rule *rule, struct nic_flower *f)
{
    const struct flow_action_entry *entry;
    struct rewrite r = {};
    bool ends = false;
    unsigned int i;

    f->hop.port = NIC_PORT_HOST;
    flow_action_for_each(i, entry, &rule->action)
    {
        const char *why = ends ? "nothing after that" : act_on(nic, entry, f, &r, &ends);

        if (why)
            return why;
    }
    return ends ? read_rewrite(&r, &f->hop) : "drop, pass or redirect";
}

int nic_parse(const struct flue_nic *nic, struct flow_cls_offload *cls, struct nic_flower *f)
{
    struct netlink_ext_ack *extack = cls->common.extack;
    struct flow_rule *rule = flow_cls_offload_flow_rule(cls);
    const char *why;

    if (!tc_cls_can_offload_and_chain0(nic->dev, &cls->common) ||
        !flow_action_basic_hw_stats_check(&rule->action, extack))
        return -EOPNOTSUPP;
    f->match.priority = cls->common.prio;
    why = match(rule, f);
    if (!why)
        why = act(nic, rule, f);
    if (!why)
        return 0;
    nic_explain(nic->dev, extack, why);
    return -EOPNOTSUPP;
}
