/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet is sealed or opened as the device's entry says, not as xfrm does: an SA that is wrong in
 * the device is a packet that the other end does not take. AES-GCM of RFC 4106; the packet
 * begins with its Ethernet header and lies in one piece.
 */
#include <crypto/aead.h>
#include <linux/scatterlist.h>

#include "packet.h"

/* Limits are those of the entry; what is beyond the hard one is not carried. */
bool nic_carries(struct ipsec_device_sa *sa, struct nic_packet *t)
{
    const u64 packets = sa->packets + 1, bytes = sa->bytes + t->bytes;

    if ((sa->hard_packets && sa->packets >= sa->hard_packets) ||
        (sa->hard_bytes && sa->bytes >= sa->hard_bytes))
        return false;
    if ((sa->hard_packets && packets >= sa->hard_packets) ||
        (sa->hard_bytes && bytes >= sa->hard_bytes))
        t->hard = true;
    else if (sa->soft_packets == packets ||
             (sa->soft_bytes && sa->bytes < sa->soft_bytes && bytes >= sa->soft_bytes))
        t->soft = true;
    sa->packets = packets;
    sa->bytes = bytes;
    t->packets = packets;
    t->all_bytes = bytes;
    return true;
}

/* The high half of a number whose low half is known: that of the window's bottom, or one more. */
static u32 high_half(const struct ipsec_device_sa *sa, u32 number)
{
    const bool wrapped = sa->window_bottom >= NIC_HALF && number < NIC_HALF;

    return sa->sequence_high + wrapped;
}

static bool take_packet(void *context, struct flue_device_entry *entry)
{
    struct ipsec_device_sa *sa = container_of(entry, struct ipsec_device_sa, flue);
    struct nic_packet *t = context;

    if (entry->name != t->engine->name || sa->direction != t->engine->direction)
        return false;
    t->extended = sa->numbers == IPSEC_NUMBERS_EXTENDED;
    t->high = high_half(sa, t->number);
    return nic_carries(sa, t);
}

bool nic_count_bad(void *context, struct flue_device_entry *entry)
{
    container_of(entry, struct ipsec_device_sa, flue)->bad_tags++;
    return true;
}

/* What is authenticated and not sealed: SPI, number, IV. */
static unsigned int begin_text(u8 *text, const struct ip_esp_hdr *esp, const struct nic_packet *t,
                               u32 high)
{
    const __be32 be_high = cpu_to_be32(high);
    unsigned int at = 0;

    memcpy(text, &esp->spi, 4);
    at += 4;
    if (t->extended) {
        memcpy(text + at, &be_high, 4);
        at += 4;
    }
    memcpy(text + at, &esp->seq_no, 4);
    at += 4;
    memcpy(text + at, (const u8 *)(esp + 1), NIC_IV);
    return at + NIC_IV;
}

/* In place: what is behind the IV, and the tag behind that. 0, or what the crypto says. */
int nic_cipher(const struct nic_packet *t, struct ip_esp_hdr *esp, u32 high, unsigned int length,
               bool seal)
{
    struct crypto_aead *aead = t->engine->aead;
    struct aead_request *request = aead_request_alloc(aead, GFP_ATOMIC);
    u8 *text = kmalloc(12 + NIC_IV, GFP_ATOMIC);
    u8 *body = (u8 *)(esp + 1) + NIC_IV;
    struct scatterlist parts[2];
    unsigned int front;
    int error = -ENOMEM;

    if (request && text) {
        front = begin_text(text, esp, t, high);
        sg_init_table(parts, ARRAY_SIZE(parts));
        sg_set_buf(&parts[0], text, front);
        sg_set_buf(&parts[1], body, length);
        aead_request_set_callback(request, 0, NULL, NULL);
        aead_request_set_ad(request, front);
        aead_request_set_crypt(request, parts, parts, seal ? length - NIC_ICV : length,
                               (u8 *)(esp + 1));
        error = seal ? crypto_aead_encrypt(request) : crypto_aead_decrypt(request);
    }
    kfree(text);
    aead_request_free(request);
    return error;
}

/* The device's events, at any level. */
void nic_raise_events(struct flue_nic *nic, const struct nic_packet *t)
{
    const struct ipsec_sa_soft_limit_data soft = {t->packets, t->all_bytes};
    const struct ipsec_sa_hard_limit_data hard = {t->packets, t->all_bytes};

    if (t->soft) {
        nic_tally(nic, NIC_SOFT);
        ipsec_sa_soft_limit(&nic->ipsec.ipsec.target, t->engine->name, &soft);
    }
    if (t->hard) {
        nic_tally(nic, NIC_HARD);
        ipsec_sa_hard_limit(&nic->ipsec.ipsec.target, t->engine->name, &hard);
    }
}

static unsigned int body_length(const struct nic_ip *ip)
{
    return ip->end - ip->at - sizeof(struct ip_esp_hdr) - NIC_IV;
}

/* The number is the IV, too: no two packets of one key have the same. */
bool nic_seal(struct flue_nic *nic, struct sk_buff *skb, u32 index, u32 high)
{
    struct nic_packet t = {};
    struct ip_esp_hdr *esp;
    struct nic_ip ip;
    __be64 iv;

    t.engine = index < NIC_SAS ? rcu_dereference(nic->engines[index]) : NULL;
    if (!t.engine || !nic_read_esp(skb, &ip))
        return false;
    esp = (void *)(skb->data + ip.at);
    if (t.engine->spi != esp->spi)
        return false;
    t.bytes = body_length(&ip);
    t.number = ntohl(esp->seq_no);
    if (!flue_device_with(nic_device(&nic->ipsec), IPSEC_SA, index, take_packet, &t))
        return false;
    iv = cpu_to_be64((u64)high << 32 | t.number);
    memcpy(esp + 1, &iv, sizeof iv);
    if (nic_cipher(&t, esp, high, t.bytes, true))
        return false;
    nic_tally(nic, NIC_SEALED);
    nic_raise_events(nic, &t);
    return true;
}

enum nic_opened nic_open(struct flue_nic *nic, struct sk_buff *skb, u32 *index)
{
    struct nic_packet t = {};
    struct ip_esp_hdr *esp;
    struct nic_ip ip;

    if (!nic_read_esp(skb, &ip))
        return NIC_IS_NOT_MINE;
    esp = (void *)(skb->data + ip.at);
    t.engine = nic_engine_find(nic, esp->spi, &ip.destination);
    if (!t.engine)
        return NIC_IS_NOT_MINE;
    t.bytes = body_length(&ip);
    t.number = ntohl(esp->seq_no);
    *index = t.engine->index;
    if (t.engine->whole)
        return nic_open_whole(nic, skb, &ip, &t) ? NIC_IS_OPEN : NIC_IS_DROPPED;
    if (!flue_device_with(nic_device(&nic->ipsec), IPSEC_SA, t.engine->index, take_packet, &t))
        return NIC_IS_NOT_MINE;
    if (nic_cipher(&t, esp, t.high, t.bytes, false)) {
        flue_device_with(nic_device(&nic->ipsec), IPSEC_SA, *index, nic_count_bad, NULL);
        nic_tally(nic, NIC_BAD_TAG);
        return NIC_IS_BAD;
    }
    nic_tally(nic, NIC_OPENED);
    nic_raise_events(nic, &t);
    return NIC_IS_OPEN;
}
