/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's flow rules, as packets meet them: of all that fit, the one of the lowest number
 * counts. What it says is done from what the device has of its meter and its next hop, so a rule
 * that is wrong there is a packet that passes, or does not.
 *
 * A rule that no packet met for its timeout has aged: the device tells, once until it is met again.
 */
#include <linux/if_vlan.h>

#include "nic.h"

/* Links of a rule, in the order of the spec; the table is the first. */
enum { HOP = 1, METER = 2 };

#define BITS_PER_KILOBIT 1000

struct steer {
    struct flue_nic *nic;
    struct nic_ip ip;
    u32 bytes;
    bool found;
    u32 index, priority, hop, meter;
    struct flow_hop_cached to;
};

static u64 now_ms(void)
{
    return ktime_to_ms(ktime_get());
}

static struct flow_device_rule *rule_of(struct flue_device_entry *entry)
{
    return container_of(entry, struct flow_device_rule, flue);
}

/* All zeros stand for any. */
static bool is_any(const u8 *address)
{
    return !memchr_inv(address, 0, sizeof(struct in6_addr));
}

static bool is(const u8 *address, const struct in6_addr *of_packet)
{
    return is_any(address) || !memcmp(address, of_packet, sizeof *of_packet);
}

/* One without addresses is of IPv4. */
static bool fits(const struct flow_device_rule *e, const struct nic_ip *p)
{
    return (p->family == AF_INET || !is_any(e->source_address) ||
            !is_any(e->destination_address)) &&
           (!e->protocol || e->protocol == p->protocol) && is(e->source_address, &p->source) &&
           is(e->destination_address, &p->destination) &&
           (!e->source_port || e->source_port == p->ports[0]) &&
           (!e->destination_port || e->destination_port == p->ports[1]);
}

static bool look(void *context, struct flue_device_entry *entry)
{
    const struct flow_device_rule *e = rule_of(entry);
    struct steer *s = context;

    if (!fits(e, &s->ip) || (s->found && s->priority <= e->priority))
        return false;
    s->found = true;
    s->priority = e->priority;
    s->hop = entry->links[HOP];
    s->meter = entry->links[METER];
    return true;
}

static bool count(void *context, struct flue_device_entry *entry)
{
    struct flow_device_rule *e = rule_of(entry);
    const struct steer *s = context;

    e->packets++;
    e->bytes += s->bytes;
    s->nic->used_ms[s->index] = now_ms();
    if (e->timeout && test_and_clear_bit(s->index, s->nic->idle))
        mod_timer(&s->nic->ageing, jiffies + msecs_to_jiffies(e->timeout));
    return true;
}

/* False: too much at once. */
static bool limit(void *context, struct flue_device_entry *entry)
{
    struct flow_device_meter *e = container_of(entry, struct flow_device_meter, flue);
    struct steer *s = context;
    struct nic_bucket *b = &s->nic->buckets[s->meter];
    const u64 now = ktime_get_ns(), rate = (u64)e->rate_kbps * BITS_PER_KILOBIT / BITS_PER_BYTE;

    b->bytes += mul_u64_u64_div_u64(now - b->at_ns, rate, NSEC_PER_SEC);
    b->bytes = min_t(u64, b->bytes, e->burst_bytes);
    b->at_ns = now;
    if (b->bytes < s->bytes) {
        e->dropped_packets++;
        return false;
    }
    b->bytes -= s->bytes;
    e->passed_packets++;
    return true;
}

static bool read_hop(void *context, struct flue_device_entry *entry)
{
    const struct flow_device_hop *e = container_of(entry, struct flow_device_hop, flue);
    struct steer *s = context;

    s->to.port = e->port;
    s->to.vlan = e->vlan;
    memcpy(s->to.source_mac, e->source_mac, ETH_ALEN);
    memcpy(s->to.destination_mac, e->destination_mac, ETH_ALEN);
    return true;
}

/* Addresses of all zeros stay as they are. */
static void rewrite(struct sk_buff *skb, const struct flow_hop_cached *to)
{
    struct ethhdr *eth = (void *)skb->data;

    if (!is_zero_ether_addr(to->source_mac))
        ether_addr_copy(eth->h_source, to->source_mac);
    if (!is_zero_ether_addr(to->destination_mac))
        ether_addr_copy(eth->h_dest, to->destination_mac);
}

/* False: there is no memory for it; then the packet is as it was. */
static bool put_into_vlan(struct sk_buff *skb, u16 vlan)
{
    return !__vlan_insert_tag(skb, htons(ETH_P_8021Q), vlan);
}

static enum nic_way drop(struct flue_nic *nic)
{
    nic_tally(nic, NIC_DROPPED);
    return NIC_DROPS;
}

static enum nic_way go(struct steer *s, struct sk_buff *skb)
{
    struct flue_device *d = nic_device(&s->nic->flow);

    if (s->meter != FLUE_NONE && !flue_device_with(d, FLOW_METER, s->meter, limit, s))
        return drop(s->nic);
    if (s->hop == FLUE_NONE || !flue_device_with(d, FLOW_HOP, s->hop, read_hop, s))
        return drop(s->nic);
    rewrite(skb, &s->to);
    if (s->to.vlan && !put_into_vlan(skb, s->to.vlan))
        return drop(s->nic);
    if (s->to.port == NIC_PORT_HOST)
        return NIC_PASSES;
    nic_tally(s->nic, NIC_HAIRPINNED);
    return NIC_HAIRPINS;
}

enum nic_way nic_steer(struct flue_nic *nic, struct sk_buff *skb)
{
    struct flue_device *d = nic_device(&nic->flow);
    struct steer s = {.nic = nic, .bytes = skb->len};
    u32 index;

    if (bitmap_empty(nic->ruled, NIC_RULES) || !nic_read_ip(skb, &s.ip))
        return NIC_PASSES;
    for_each_set_bit(index, nic->ruled, NIC_RULES)
    {
        if (flue_device_with(d, FLOW_RULE, index, look, &s))
            s.index = index;
    }
    if (!s.found || !flue_device_with(d, FLOW_RULE, s.index, count, &s))
        return NIC_PASSES;
    return go(&s, skb);
}

/* ---- Ageing ------------------------ */

struct age {
    struct flue_nic *nic;
    u32 index;
    u64 now, next; /* ms; when the next one ages */
    struct flow_rule_aged_data data;
};

/* True: it has aged, and was not told of before. */
static bool is_aged(void *context, struct flue_device_entry *entry)
{
    const struct flow_device_rule *e = rule_of(entry);
    struct age *a = context;
    const u64 due = a->nic->used_ms[a->index] + e->timeout;

    if (!e->timeout || test_bit(a->index, a->nic->idle))
        return false;
    if (due > a->now) {
        a->next = min(a->next, due);
        return false;
    }
    set_bit(a->index, a->nic->idle);
    a->data.packets = e->packets;
    a->data.bytes = e->bytes;
    return true;
}

static void grow_old(struct timer_list *timer)
{
    struct flue_nic *nic = from_timer(nic, timer, ageing);
    struct flue_device *d = nic_device(&nic->flow);
    struct age a = {.nic = nic, .now = now_ms(), .next = U64_MAX};

    for_each_set_bit(a.index, nic->ruled, NIC_RULES)
    {
        if (flue_device_with(d, FLOW_RULE, a.index, is_aged, &a))
            flue_device_event_with(d, FLOW_RULE, a.index, FLOW_RULE_EVENT_AGED, &a.data);
    }
    if (a.next != U64_MAX)
        mod_timer(&nic->ageing, jiffies + msecs_to_jiffies(a.next - a.now) + 1);
}

/* With the device locked: the entry may be written. */
static struct flow_device_rule *locked_rule(struct flue_nic *nic, u32 index)
{
    const struct flue_device_entry *e = flue_device_entry(nic_device(&nic->flow), FLOW_RULE, index);

    return rule_of((struct flue_device_entry *)(uintptr_t)e);
}

static void begin(struct flue_nic *nic, u32 index)
{
    const u32 timeout = locked_rule(nic, index)->timeout;

    nic->used_ms[index] = now_ms();
    clear_bit(index, nic->idle);
    set_bit(index, nic->ruled);
    if (timeout)
        mod_timer(&nic->ageing, jiffies + msecs_to_jiffies(timeout));
}

/* Under the device's lock, perhaps in hard interrupt: before the answer is filled. */
void nic_rule_changed(void *context, uint8_t kind, uint32_t index, uint8_t command)
{
    struct flue_nic *nic = context;

    if (kind == FLOW_METER && command == FLOW_METER_ADD_METER)
        nic->buckets[index] = (struct nic_bucket){U32_MAX, ktime_get_ns()};
    if (kind != FLOW_RULE)
        return;
    if (command == FLOW_RULE_ADD_RULE || command == FLOW_RULE_WRITE_RULE)
        begin(nic, index);
    else if (command == FLOW_RULE_READ_RULE || command == FLOW_RULE_REMOVE_RULE)
        locked_rule(nic, index)->last_used = (u32)(now_ms() - nic->used_ms[index]);
}

void nic_steer_begin(struct flue_nic *nic)
{
    timer_setup(&nic->ageing, grow_old, 0);
}

/* Neither packets nor commands come any more. */
void nic_steer_end(struct flue_nic *nic)
{
    del_timer_sync(&nic->ageing);
}
