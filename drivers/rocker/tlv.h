/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tlv.h: the device's messages: type, length, payload, nested.
 *
 *     example
 *     struct rocker_tlv_writer w = rocker_tlv_writer(buffer, sizeof(buffer));
 *     rocker_tlv_put(&w, ROCKER_TLV_TYPE, &type, sizeof(type));
 *     size_t info = rocker_tlv_begin(&w, ROCKER_TLV_INFO);
 *     rocker_tlv_put(&w, ROCKER_COOKIE, &cookie, sizeof(cookie));
 *     rocker_tlv_end(&w, info);
 *     bool good = !w.overflow;         // w.length bytes are the message
 */
#ifndef ROCKER_TLV_H
#define ROCKER_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rocker_tlv_writer {
    uint8_t *bytes;
    size_t room, length;
    bool overflow; /* something did not fit, and was left out */
};

struct rocker_tlv_writer rocker_tlv_writer(void *bytes, size_t room);
void rocker_tlv_put(struct rocker_tlv_writer *w, uint32_t type, const void *payload, size_t length);
/* Everything between begin and end becomes the payload of one element. */
size_t rocker_tlv_begin(struct rocker_tlv_writer *w, uint32_t type);
void rocker_tlv_end(struct rocker_tlv_writer *w, size_t begun);

struct rocker_tlv {
    uint32_t type;
    size_t length; /* of the payload */
    const uint8_t *payload;
};

/* The element at `*at`, which moves behind it. False at the end, and where it does not fit. */
bool rocker_tlv_next(const void *message, size_t length, size_t *at, struct rocker_tlv *tlv);
/* The first element of a type. */
bool rocker_tlv_find(const void *message, size_t length, uint32_t type, struct rocker_tlv *tlv);
/* A little endian payload of 1 to 8 bytes; 0 for any other length. */
uint64_t rocker_tlv_number(const struct rocker_tlv *tlv);

#endif
