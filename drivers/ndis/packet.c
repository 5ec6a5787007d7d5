/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <string.h>

/* Where bytes are, and how many follow there. */
struct span {
    uint8_t *at;
    uint32_t bytes;
};

/* As MmGetSystemAddressForMdlSafe does it; NULL: there is no room for a mapping. */
static uint8_t *address_of(MDL *mdl)
{
    if (mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))
        return mdl->MappedSystemVa;
    return MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, 0, NormalPagePriority);
}

static bool buffer_begins(const NET_BUFFER *buffer)
{
    uint64_t bytes = 0;
    for (MDL *mdl = buffer->CurrentMdl; mdl; mdl = mdl->Next) {
        if (mdl->ByteCount && !address_of(mdl))
            return false;
        bytes += mdl->ByteCount;
    }
    return (uint64_t)buffer->CurrentMdlOffset + buffer->DataLength <= bytes;
}

bool packet_begin(NET_BUFFER_LIST *list)
{
    const NET_BUFFER *buffer = list->FirstNetBuffer;
    list->NetBufferListInfo[TcpOffloadBytesTransferred] = NULL;
    while (buffer && buffer_begins(buffer))
        buffer = buffer->Next;
    return !buffer;
}

/* The first that has bytes left. */
static NET_BUFFER *current(const NET_BUFFER_LIST *list)
{
    NET_BUFFER *buffer = list->FirstNetBuffer;
    while (buffer && !buffer->DataLength)
        buffer = buffer->Next;
    return buffer;
}

bool packet_is_empty(const NET_BUFFER_LIST *list)
{
    return !current(list);
}

uint64_t packet_bytes(const NET_BUFFER_LIST *list)
{
    uint64_t bytes = 0;
    for (const NET_BUFFER *buffer = list->FirstNetBuffer; buffer; buffer = buffer->Next)
        bytes += buffer->DataLength;
    return bytes;
}

static struct span span_at(MDL *mdl, uint32_t offset, uint32_t bytes)
{
    for (; offset >= mdl->ByteCount; mdl = mdl->Next)
        offset -= mdl->ByteCount;
    const uint32_t left = mdl->ByteCount - offset;
    return (struct span){address_of(mdl) + offset, left < bytes ? left : bytes};
}

static struct span span_of(const NET_BUFFER_LIST *list)
{
    const NET_BUFFER *buffer = current(list);
    return buffer ? span_at(buffer->CurrentMdl, buffer->CurrentMdlOffset, buffer->DataLength)
                  : (struct span){NULL, 0};
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void packet_advance(NET_BUFFER_LIST *list, uint32_t bytes)
{
    PVOID *moved = &list->NetBufferListInfo[TcpOffloadBytesTransferred];
    *moved = (PVOID)((uintptr_t)*moved + bytes);
    while (bytes) {
        NET_BUFFER *buffer = current(list);
        const uint32_t some = least(bytes, buffer->DataLength);
        NdisAdvanceNetBufferDataStart(buffer, some, 0, NULL);
        bytes -= some;
    }
}

uint32_t packet_move(NET_BUFFER_LIST *to, NET_BUFFER_LIST *from, uint32_t most)
{
    uint32_t moved = 0;
    while (moved < most) {
        const struct span source = span_of(from), room = span_of(to);
        const uint32_t bytes = least(least(source.bytes, room.bytes), most - moved);
        if (!bytes)
            break;
        memcpy(room.at, source.at, bytes);
        packet_advance(from, bytes);
        packet_advance(to, bytes);
        moved += bytes;
    }
    return moved;
}

uint32_t packet_peek(const NET_BUFFER_LIST *from, uint64_t skip, uint8_t *to, uint32_t most)
{
    uint32_t seen = 0;
    for (const NET_BUFFER *buffer = from->FirstNetBuffer; buffer; buffer = buffer->Next) {
        uint32_t at = skip < buffer->DataLength ? (uint32_t)skip : buffer->DataLength;
        skip -= at;
        while (at < buffer->DataLength && seen < most) {
            const struct span source =
                span_at(buffer->CurrentMdl, buffer->CurrentMdlOffset + at, buffer->DataLength - at);
            const uint32_t bytes = least(source.bytes, most - seen);
            memcpy(to + seen, source.at, bytes);
            seen += bytes;
            at += bytes;
        }
    }
    return seen;
}
