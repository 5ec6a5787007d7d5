/* SPDX-License-Identifier: BSD-2-Clause */
/* What NDIS has for the memory of packets. */
#include "ndis.h"

NDIS_HANDLE NdisAllocateNetBufferListPool(NDIS_HANDLE adapter,
                                          const NET_BUFFER_LIST_POOL_PARAMETERS *says)
{
    MOCK_TURN;
    mock_called_passive("NdisAllocateNetBufferListPool");
    mock_check_header(&says->Header, NDIS_OBJECT_TYPE_DEFAULT, sizeof *says);
    if (!says->fAllocateNetBuffer || says->DataSize)
        mock_broken("header", "of a pool: its lists have no NET_BUFFER, or data of their own");
    return mock_make(mock_adapter_of(adapter, "a pool"), 1, "a pool of lists");
}

void NdisFreeNetBufferListPool(NDIS_HANDLE pool)
{
    MOCK_TURN;
    mock_unmake(pool, "a pool of lists");
}

MDL *NdisAllocateMdl(NDIS_HANDLE adapter, PVOID memory, ULONG bytes)
{
    MOCK_TURN;
    MDL *mdl = mock_make(mock_adapter_of(adapter, "an MDL"), sizeof *mdl, "an MDL");
    mdl->MdlFlags = MDL_SOURCE_IS_NONPAGED_POOL;
    mdl->MappedSystemVa = memory;
    mdl->ByteCount = bytes;
    return mdl;
}

void NdisFreeMdl(MDL *mdl)
{
    MOCK_TURN;
    mock_unmake(mdl, "an MDL");
}

/* As many words of information as the newest version has. */
enum { MOST_INFO = 32 };

NET_BUFFER_LIST *NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE pool, USHORT context_size,
                                                       USHORT context_backfill, MDL *chain,
                                                       ULONG data_offset, size_t bytes)
{
    MOCK_TURN;
    struct {
        NET_BUFFER_LIST list;
        PVOID info[MOST_INFO];
        NET_BUFFER buffer;
    } *both = mock_make(mock_maker(pool), sizeof *both, "a list");
    if (context_size || context_backfill || data_offset)
        mock_broken("header", "of a list: the mock has neither context nor offset");
    both->list.FirstNetBuffer = &both->buffer;
    both->list.NdisPoolHandle = both->buffer.NdisPoolHandle = pool;
    both->buffer.MdlChain = both->buffer.CurrentMdl = chain;
    both->buffer.DataLength = (ULONG)bytes;
    return &both->list;
}

void NdisFreeNetBufferList(NET_BUFFER_LIST *list)
{
    MOCK_TURN;
    mock_unmake(list, "a list");
}

void NdisAdvanceNetBufferDataStart(NET_BUFFER *buffer, ULONG bytes, BOOLEAN free_mdl,
                                   PVOID free_mdl_handler)
{
    MOCK_TURN;
    if (bytes > buffer->DataLength || free_mdl || free_mdl_handler)
        mock_broken("advance", "over %u bytes, of %u", bytes, buffer->DataLength);
    buffer->DataOffset += bytes;
    buffer->DataLength -= bytes;
    ULONG offset = buffer->DataOffset;
    MDL *mdl = buffer->MdlChain;
    while (mdl->Next && offset >= mdl->ByteCount) {
        offset -= mdl->ByteCount;
        mdl = mdl->Next;
    }
    buffer->CurrentMdl = mdl;
    buffer->CurrentMdlOffset = offset;
}
