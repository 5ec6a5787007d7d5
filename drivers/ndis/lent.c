/* SPDX-License-Identifier: BSD-2-Clause */
#include "lent.h"

#include <stdlib.h>

/* Words of its NET_BUFFER. */
enum { BYTES, FROM };

/* A list with one NET_BUFFER, as each that is indicated must be. */
static NET_BUFFER_LIST *make(struct lent *lent, NDIS_HANDLE adapter, uint8_t *bytes)
{
    MDL *mdl = NdisAllocateMdl(adapter, bytes, LENT_BYTES);
    NET_BUFFER_LIST *list =
        mdl ? NdisAllocateNetBufferAndNetBufferList(lent->pool, 0, 0, mdl, 0, LENT_BYTES) : NULL;
    if (!list) {
        if (mdl)
            NdisFreeMdl(mdl);
        return NULL;
    }
    list->FirstNetBuffer->MiniportReserved[BYTES] = bytes;
    list->FirstNetBuffer->MiniportReserved[FROM] = lent;
    return list;
}

bool lent_open(struct lent *lent, NDIS_HANDLE adapter)
{
    const NET_BUFFER_LIST_POOL_PARAMETERS says = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof says},
        .fAllocateNetBuffer = 1,
        .PoolTag = 0x65756c66u,
    };
    lent->memory = calloc(LENT_BUFFERS, LENT_BYTES);
    lent->pool = NdisAllocateNetBufferListPool(adapter, &says);
    for (unsigned i = 0; lent->memory && lent->pool && i < LENT_BUFFERS; i++) {
        lent->lists[i] = make(lent, adapter, lent->memory + (size_t)i * LENT_BYTES);
        if (!lent->lists[i])
            break;
        lent->out++;
        lent_back(lent->lists[i]);
    }
    return lent->lists[LENT_BUFFERS - 1] != NULL;
}

void lent_close(struct lent *lent)
{
    for (unsigned i = 0; i < LENT_BUFFERS && lent->lists[i]; i++) {
        NdisFreeMdl(lent->lists[i]->FirstNetBuffer->MdlChain);
        NdisFreeNetBufferList(lent->lists[i]);
    }
    if (lent->pool)
        NdisFreeNetBufferListPool(lent->pool);
    free(lent->memory);
}

NET_BUFFER_LIST *lent_take(struct lent *lent)
{
    NET_BUFFER_LIST *list = lent->free;
    if (list) {
        lent->free = list->Next;
        list->Next = NULL;
        lent->out++;
    }
    return list;
}

uint8_t *lent_bytes(const NET_BUFFER_LIST *list)
{
    return list->FirstNetBuffer->MiniportReserved[BYTES];
}

void lent_fill(NET_BUFFER_LIST *list, uint32_t bytes)
{
    NET_BUFFER *buffer = list->FirstNetBuffer;
    buffer->CurrentMdl = buffer->MdlChain;
    buffer->CurrentMdlOffset = buffer->DataOffset = 0;
    buffer->DataLength = bytes;
    list->NetBufferListInfo[TcpOffloadBytesTransferred] = NULL;
}

void lent_back(NET_BUFFER_LIST *list)
{
    struct lent *lent = list->FirstNetBuffer->MiniportReserved[FROM];
    list->Next = lent->free;
    lent->free = list;
    lent->out--;
}

void lent_all_back(NET_BUFFER_LIST *lists)
{
    while (lists) {
        NET_BUFFER_LIST *next = lists->Next;
        lent_back(lists);
        lists = next;
    }
}
