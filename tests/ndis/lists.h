/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lists.h: NET_BUFFER_LISTs as a host has them: in pages of their own that nobody may touch while
 * they are at home; of several NET_BUFFERs, MDLs of any length and offset, mapped or not.
 */
#ifndef NDIS_LISTS_H
#define NDIS_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#define IMPORT extern
#define NDIS6_IS_HERE
#include "ndis6.h"

enum { LISTS = 128, LIST_BYTES = 8192, LIST_BUFFERS = 3, LIST_MDLS = 9, MORE_INFO = 29 };

struct connection;

/* The list comes first. */
struct packet {
    NET_BUFFER_LIST list;
    PVOID more_info[MORE_INFO];
    NET_BUFFER buffers[LIST_BUFFERS];
    MDL mdls[LIST_MDLS];
    struct connection *of;
    unsigned way;
    bool late;                 /* handed over while its connection was uploaded */
    uint64_t offset;           /* in the stream, of what is sent */
    uint32_t bytes, mdl_count; /* of data, or of room */
    uint32_t at[LIST_BUFFERS]; /* where the data of each NET_BUFFER begins */
    uint32_t bytes_of[LIST_BUFFERS];
    uint8_t data[LIST_BYTES];
};

extern uint64_t chance;
uint32_t below(uint32_t limit);

/* The host's memory for all of them. */
void lists_open(void);
/* One with so much data or room, in `buffers` NET_BUFFERs; NULL: all are out. */
struct packet *list_make(uint32_t bytes, unsigned buffers);
/* Bytes of it, from its first on: to be written, or read. */
void list_each(struct packet *p, uint32_t from, uint32_t bytes,
               void (*use)(void *context, uint8_t *at, uint32_t bytes), void *context);
static inline uint32_t list_moved(const struct packet *p)
{
    return (uint32_t)(uintptr_t)p->list.NetBufferListInfo[TcpOffloadBytesTransferred];
}
/* It is back. */
void list_home(struct packet *p);
uint32_t lists_out(void);

#endif
