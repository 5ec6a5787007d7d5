/* SPDX-License-Identifier: BSD-2-Clause */
/* packet.h: what ip.c and seal.c, which knows the cipher, give to whole.c. */
#ifndef FLUE_NIC_PACKET_H
#define FLUE_NIC_PACKET_H

#include "nic.h"

#include <net/esp.h>

/* A packet, and what the entry of its SA says. */
struct nic_packet {
    struct nic_engine *engine;
    u32 bytes;
    u32 number; /* low half, of the packet */
    u32 high;   /* of one that comes in: as the entry has it */
    bool extended;
    bool soft, hard;        /* limits that it reached */
    u64 packets, all_bytes; /* that the SA has carried, with it */
};

/* ip.c. True: nothing stands between the IP header and what it carries, and all of that is here. */
bool nic_is_plain(const struct sk_buff *skb, const struct nic_ip *p);
/* It carries something else now, to the packet's end. */
void nic_write_ip(struct sk_buff *skb, const struct nic_ip *p, u8 protocol);

/* seal.c. The first two with the device locked. */
bool nic_carries(struct ipsec_device_sa *sa, struct nic_packet *t);
bool nic_count_bad(void *context, struct flue_device_entry *entry);
int nic_cipher(const struct nic_packet *t, struct ip_esp_hdr *esp, u32 high, unsigned int length,
               bool seal);
void nic_raise_events(struct flue_nic *nic, const struct nic_packet *t);

/* whole.c. False: the packet is dropped. */
bool nic_open_whole(struct flue_nic *nic, struct sk_buff *skb, const struct nic_ip *ip,
                    struct nic_packet *t);

#endif
