/* SPDX-License-Identifier: BSD-2-Clause */
#include "tlv.h"

#include <string.h>

#define HEADER 8u /* type, length with this header, padding */
#define PADDED(length) (((length) + 7u) & ~(size_t)7u)

struct rocker_tlv_writer rocker_tlv_writer(void *bytes, size_t room)
{
    return (struct rocker_tlv_writer){.bytes = bytes, .room = room};
}

static void write_header(uint8_t *at, uint32_t type, size_t length)
{
    const uint16_t with_header = (uint16_t)(length + HEADER);
    memcpy(at, &type, sizeof(type));
    memcpy(at + 4, &with_header, sizeof(with_header));
    memset(at + 6, 0, 2);
}

void rocker_tlv_put(struct rocker_tlv_writer *w, uint32_t type, const void *payload, size_t length)
{
    size_t whole = HEADER + PADDED(length);
    if (w->overflow || length > UINT16_MAX - HEADER || whole > w->room - w->length) {
        w->overflow = true;
        return;
    }
    uint8_t *at = w->bytes + w->length;
    memset(at, 0, whole);
    write_header(at, type, length);
    if (length)
        memcpy(at + HEADER, payload, length);
    w->length += whole;
}

size_t rocker_tlv_begin(struct rocker_tlv_writer *w, uint32_t type)
{
    size_t begun = w->length;
    rocker_tlv_put(w, type, NULL, 0);
    return begun;
}

void rocker_tlv_end(struct rocker_tlv_writer *w, size_t begun)
{
    uint32_t type;
    if (w->overflow || w->length - begun > UINT16_MAX) {
        w->overflow = true;
        return;
    }
    memcpy(&type, w->bytes + begun, sizeof(type));
    write_header(w->bytes + begun, type, w->length - begun - HEADER);
}

bool rocker_tlv_next(const void *message, size_t length, size_t *at, struct rocker_tlv *tlv)
{
    uint16_t with_header;
    if (*at > length || length - *at < HEADER)
        return false;
    const uint8_t *element = (const uint8_t *)message + *at;
    memcpy(&tlv->type, element, sizeof(tlv->type));
    memcpy(&with_header, element + 4, sizeof(with_header));
    if (with_header < HEADER || with_header > length - *at)
        return false;
    tlv->length = with_header - HEADER;
    tlv->payload = element + HEADER;
    *at += PADDED((size_t)with_header);
    return true;
}

bool rocker_tlv_find(const void *message, size_t length, uint32_t type, struct rocker_tlv *tlv)
{
    for (size_t at = 0; rocker_tlv_next(message, length, &at, tlv);) {
        if (tlv->type == type)
            return true;
    }
    return false;
}

uint64_t rocker_tlv_number(const struct rocker_tlv *tlv)
{
    uint64_t value = 0;
    if (tlv->length <= sizeof(value))
        memcpy(&value, tlv->payload, tlv->length);
    return value;
}
