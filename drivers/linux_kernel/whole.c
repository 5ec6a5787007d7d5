/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet offload: the device puts ESP around a packet, numbers it, and takes it off again, in
 * transport mode. The host sees plain packets only. What was seen before, or is too old, is
 * dropped; so is of IPv6 what has headers before that which it carries.
 */
#include "packet.h"

#define ADDED (sizeof(struct ip_esp_hdr) + NIC_IV)
#define WINDOW 64 /* numbers, at most, that the device remembers */

/* Room for ESP's header, and its trailer, which says what is within. Returns the bytes to seal. */
static u32 wrap(struct sk_buff *skb, const struct nic_ip *ip)
{
    const u32 length = ip->end - ip->at, padding = -(length + 2) & 3;
    u8 *end;

    skb_trim(skb, ip->end);
    end = skb_put_zero(skb, padding + 2 + NIC_ICV);
    for (u32 i = 0; i < padding; i++)
        end[i] = (u8)(i + 1);
    end[padding] = (u8)padding;
    end[padding + 1] = ip->protocol;
    skb_push(skb, ADDED);
    memmove(skb->data, skb->data + ADDED, ip->at);
    skb_reset_mac_header(skb);
    nic_write_ip(skb, ip, IPPROTO_ESP);
    return length + padding + 2 + NIC_ICV;
}

/* False: what was sealed is no packet. */
static bool unwrap(struct sk_buff *skb, const struct nic_ip *ip, u32 bytes)
{
    const u32 body = bytes - NIC_ICV;
    const u8 *end = skb->data + ip->at + ADDED + body;
    const u8 protocol = end[-1], padding = end[-2];

    if (body < padding + 2u)
        return false;
    memmove(skb->data + ADDED, skb->data, ip->at);
    skb_pull(skb, ADDED);
    skb_reset_mac_header(skb);
    skb_trim(skb, ip->at + body - padding - 2);
    nic_write_ip(skb, ip, protocol);
    return true;
}

static bool number_packet(void *context, struct flue_device_entry *entry)
{
    struct ipsec_device_sa *sa = container_of(entry, struct ipsec_device_sa, flue);
    struct nic_packet *t = context;

    if (entry->name != t->engine->name || sa->direction != IPSEC_DIRECTION_OUT ||
        sa->offload != IPSEC_OFFLOAD_PACKET)
        return false;
    t->extended = sa->numbers == IPSEC_NUMBERS_EXTENDED;
    if (!t->extended && sa->packets >= U32_MAX)
        return false;
    if (!nic_carries(sa, t))
        return false;
    t->number = (u32)t->packets;
    t->high = (u32)(t->packets >> 32);
    return true;
}

bool nic_seal_whole(struct flue_nic *nic, struct sk_buff *skb, u32 index)
{
    struct nic_packet t = {};
    struct ip_esp_hdr *esp;
    struct nic_ip ip;
    __be64 iv;

    t.engine = index < NIC_SAS ? rcu_dereference(nic->engines[index]) : NULL;
    if (!t.engine || !nic_read_ip(skb, &ip) || !nic_is_plain(skb, &ip))
        return false;
    t.bytes = wrap(skb, &ip);
    if (!flue_device_with(nic_device(&nic->ipsec), IPSEC_SA, index, number_packet, &t))
        return false;
    esp = (void *)(skb->data + ip.at);
    esp->spi = t.engine->spi;
    esp->seq_no = htonl(t.number);
    iv = cpu_to_be64((u64)t.high << 32 | t.number);
    memcpy(esp + 1, &iv, sizeof iv);
    if (nic_cipher(&t, esp, t.high, t.bytes, true))
        return false;
    nic_tally(nic, NIC_SEALED);
    nic_raise_events(nic, &t);
    return true;
}

/* The number of all 64 bits that is next to the newest one. */
static u64 whole_number(const struct nic_engine *e, const struct nic_packet *t)
{
    const u64 near = (e->newest & ~(u64)U32_MAX) | t->number;

    if (!t->extended)
        return t->number;
    if (near + NIC_HALF < e->newest)
        return near + BIT_ULL(32);
    return near > e->newest + NIC_HALF && near >= BIT_ULL(32) ? near - BIT_ULL(32) : near;
}

static bool is_new(const struct nic_engine *e, u64 number, u32 window)
{
    if (!window || number > e->newest)
        return true;
    return e->newest - number < min_t(u32, window, WINDOW) &&
           !(e->seen & BIT_ULL(e->newest - number));
}

static void remember(struct nic_engine *e, u64 number)
{
    if (number > e->newest) {
        const u64 steps = number - e->newest;

        e->seen = steps < WINDOW ? e->seen << steps | 1 : 1;
        e->newest = number;
    } else if (e->newest - number < WINDOW) {
        e->seen |= BIT_ULL(e->newest - number);
    }
}

static bool look_at(void *context, struct flue_device_entry *entry)
{
    struct ipsec_device_sa *sa = container_of(entry, struct ipsec_device_sa, flue);
    struct nic_packet *t = context;
    u64 number;

    if (entry->name != t->engine->name)
        return false;
    t->extended = sa->numbers == IPSEC_NUMBERS_EXTENDED;
    number = whole_number(t->engine, t);
    t->high = (u32)(number >> 32);
    if (is_new(t->engine, number, sa->replay_window))
        return true;
    sa->replayed++;
    return false;
}

/* Its tag is good: now it counts. Another one of this number may have come meanwhile. */
static bool count_good(void *context, struct flue_device_entry *entry)
{
    struct ipsec_device_sa *sa = container_of(entry, struct ipsec_device_sa, flue);
    struct nic_packet *t = context;
    const u64 number = (u64)t->high << 32 | t->number;

    if (!look_at(context, entry) || !nic_carries(sa, t))
        return false;
    remember(t->engine, number);
    return true;
}

bool nic_open_whole(struct flue_nic *nic, struct sk_buff *skb, const struct nic_ip *ip,
                    struct nic_packet *t)
{
    struct flue_device *d = nic_device(&nic->ipsec);
    struct ip_esp_hdr *esp = (void *)(skb->data + ip->at);

    if (!flue_device_with(d, IPSEC_SA, t->engine->index, look_at, t))
        return false;
    if (nic_cipher(t, esp, t->high, t->bytes, false)) {
        flue_device_with(d, IPSEC_SA, t->engine->index, nic_count_bad, NULL);
        nic_tally(nic, NIC_BAD_TAG);
        return false;
    }
    if (!flue_device_with(d, IPSEC_SA, t->engine->index, count_good, t) ||
        !unwrap(skb, ip, t->bytes))
        return false;
    nic_tally(nic, NIC_OPENED);
    nic_raise_events(nic, t);
    return true;
}
