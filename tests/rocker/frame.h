/* SPDX-License-Identifier: BSD-2-Clause */
/* frame.h: UDP packets as the tests send them, with a number inside, and what became of them. */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_BYTES = 64, FRAME_TEXT = 160 };

struct frame {
    uint8_t dst_mac[6], src_mac[6];
    uint16_t ethertype;
    uint8_t src_ip[4], dst_ip[4];
    uint8_t ttl, protocol;
    uint32_t number; /* in the payload */
};

/* Returns FRAME_BYTES. */
size_t frame_write(const struct frame *frame, uint8_t bytes[FRAME_BYTES]);
/* False for what is no IPv4 packet of ours. */
bool frame_read(const uint8_t *bytes, size_t length, struct frame *frame);
/* One line for a person, without its end. */
const char *frame_text(const struct frame *frame, char text[FRAME_TEXT]);
const char *mac_text(const uint8_t *mac, char text[18]);

#endif
