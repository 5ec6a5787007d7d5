/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's policies, as packets meet them: the one of the lowest number counts. A policy that
 * goes by no SA lets none of its packets pass, neither out nor in.
 */
#include "nic.h"

/* Links of a policy, in the order of the spec; the port is the first. */
enum { IN_SA = 1, OUT_SA = 2 };

struct match {
    struct nic_ip ip;
    u8 direction;
    bool found;
    u32 priority, sa;
    u8 action;
};

/* Of IPv4 the last bytes of what is mapped. */
static bool within(const struct in6_addr *address, u8 family, const u8 *net, u8 bits)
{
    const u8 *a = address->s6_addr + (family == AF_INET ? 12 : 0);
    const u8 bytes = bits / 8, rest = bits % 8;

    return !memcmp(a, net, bytes) && (!rest || (a[bytes] ^ net[bytes]) >> (8 - rest) == 0);
}

/* Of another direction is what goes by an SA of that. */
static bool fits(const struct ipsec_device_policy *e, const struct match *m)
{
    const struct nic_ip *p = &m->ip;
    const u32 other = e->flue.links[m->direction == IPSEC_DIRECTION_IN ? OUT_SA : IN_SA];

    return other == FLUE_NONE && e->family == p->family &&
           within(&p->source, p->family, e->source, e->source_bits) &&
           within(&p->destination, p->family, e->destination, e->destination_bits) &&
           (!e->protocol || e->protocol == p->protocol) &&
           (!e->source_port || (__force __be16)e->source_port == htons(p->ports[0])) &&
           (!e->destination_port || (__force __be16)e->destination_port == htons(p->ports[1]));
}

static bool look(void *context, struct flue_device_entry *entry)
{
    const struct ipsec_device_policy *e = container_of(entry, struct ipsec_device_policy, flue);
    struct match *m = context;

    if (!fits(e, m) || (m->found && m->priority <= e->priority))
        return true;
    m->found = true;
    m->priority = e->priority;
    m->action = e->action;
    m->sa = e->flue.links[m->direction == IPSEC_DIRECTION_IN ? IN_SA : OUT_SA];
    return true;
}

enum nic_verdict nic_match(struct flue_nic *nic, const struct sk_buff *skb, u8 direction, u32 *sa)
{
    struct match m = {.direction = direction};
    u32 index;

    if (bitmap_empty(nic->guarded, NIC_POLICIES) || !nic_read_ip(skb, &m.ip))
        return NIC_ALLOWS;
    for_each_set_bit(index, nic->guarded, NIC_POLICIES)
        flue_device_with(nic_device(&nic->ipsec), IPSEC_POLICY, index, look, &m);
    if (!m.found || m.action == IPSEC_ACTION_ALLOW)
        return NIC_ALLOWS;
    if (m.action == IPSEC_ACTION_BLOCK || m.sa == FLUE_NONE)
        return NIC_BLOCKS;
    *sa = m.sa;
    return NIC_PROTECTS;
}
