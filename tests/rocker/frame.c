/* SPDX-License-Identifier: BSD-2-Clause */
#include "frame.h"

#include <stdio.h>
#include <string.h>

enum { IPV4 = 0x0800, UDP = 17, IP_AT = 14, IP_BYTES = 20, UDP_AT = 34, NUMBER_AT = 42 };

static void put16(uint8_t *at, unsigned int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static unsigned int get16(const uint8_t *at)
{
    return (unsigned int)at[0] << 8 | at[1];
}

static unsigned int checksum(const uint8_t *bytes, size_t length)
{
    unsigned int sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
        sum += get16(bytes + i);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~(sum + (sum >> 16)) & 0xffff;
}

size_t frame_write(const struct frame *frame, uint8_t bytes[FRAME_BYTES])
{
    uint8_t *ip = bytes + IP_AT, *udp = bytes + UDP_AT;
    memset(bytes, 0, FRAME_BYTES);
    memcpy(bytes, frame->dst_mac, 6);
    memcpy(bytes + 6, frame->src_mac, 6);
    put16(bytes + 12, IPV4);
    ip[0] = 0x45;
    put16(ip + 2, FRAME_BYTES - IP_AT);
    ip[8] = 64;
    ip[9] = UDP;
    memcpy(ip + 12, frame->src_ip, 4);
    memcpy(ip + 16, frame->dst_ip, 4);
    put16(ip + 10, checksum(ip, IP_BYTES));
    put16(udp, 4000);
    put16(udp + 2, 5000);
    put16(udp + 4, FRAME_BYTES - UDP_AT);
    memcpy(bytes + NUMBER_AT, &frame->number, sizeof(frame->number));
    return FRAME_BYTES;
}

bool frame_read(const uint8_t *bytes, size_t length, struct frame *frame)
{
    if (length < NUMBER_AT + sizeof(frame->number))
        return false;
    memcpy(frame->dst_mac, bytes, 6);
    memcpy(frame->src_mac, bytes + 6, 6);
    frame->ethertype = (uint16_t)get16(bytes + 12);
    frame->ttl = bytes[IP_AT + 8];
    frame->protocol = bytes[IP_AT + 9];
    memcpy(frame->src_ip, bytes + IP_AT + 12, 4);
    memcpy(frame->dst_ip, bytes + IP_AT + 16, 4);
    memcpy(&frame->number, bytes + NUMBER_AT, sizeof(frame->number));
    return frame->ethertype == IPV4 && frame->protocol == UDP;
}

const char *mac_text(const uint8_t *mac, char text[18])
{
    snprintf(text, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
             mac[5]);
    return text;
}

const char *frame_text(const struct frame *frame, char text[FRAME_TEXT])
{
    char from[18], to[18];
    const uint8_t *s = frame->src_ip, *d = frame->dst_ip;
    snprintf(text, FRAME_TEXT, "%s > %s  IPv4 %u.%u.%u.%u > %u.%u.%u.%u  UDP  number %u",
             mac_text(frame->src_mac, from), mac_text(frame->dst_mac, to), s[0], s[1], s[2], s[3],
             d[0], d[1], d[2], d[3], frame->number);
    return text;
}
