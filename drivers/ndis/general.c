/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each miniport driver must answer. Of what it is asked here, NDIS answers no part itself; no
 * frame moves, so counters of frames are 0.
 */
#include "general.h"

#include <stdbool.h>
#include <string.h>

enum { FRAME_BYTES = 1514, ADDRESS_BYTES = 6, NO_VENDOR = 0xffffff, VERSION = 1 /* 0.1 */ };

/* Numbers that never change. */
static const struct {
    ULONG oid, number;
} numbers[] = {
    {OID_GEN_MAXIMUM_TOTAL_SIZE, FRAME_BYTES},
    {OID_GEN_TRANSMIT_BUFFER_SPACE, FRAME_BYTES},
    {OID_GEN_RECEIVE_BUFFER_SPACE, FRAME_BYTES},
    {OID_GEN_TRANSMIT_BLOCK_SIZE, FRAME_BYTES},
    {OID_GEN_RECEIVE_BLOCK_SIZE, FRAME_BYTES},
    {OID_GEN_VENDOR_ID, NO_VENDOR},
    {OID_GEN_VENDOR_DRIVER_VERSION, VERSION},
    {OID_GEN_XMIT_OK, 0},
    {OID_GEN_RCV_OK, 0},
};

NDIS_STATUS general_fill(NDIS_OID_REQUEST *request, const void *data, ULONG bytes)
{
    if (request->DATA.INFORMATION.InformationBufferLength < bytes) {
        request->DATA.INFORMATION.BytesNeeded = bytes;
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    }
    memcpy(request->DATA.INFORMATION.InformationBuffer, data, bytes);
    request->DATA.INFORMATION.BytesDone = bytes;
    return NDIS_STATUS_SUCCESS;
}

static ULONG length(const char *text)
{
    ULONG bytes = 0;
    while (text[bytes])
        bytes++;
    return bytes;
}

static NDIS_STATUS query_number(NDIS_OID_REQUEST *request)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].oid == request->DATA.INFORMATION.Oid)
            return general_fill(request, &numbers[i].number, sizeof numbers[i].number);
    return NDIS_STATUS_NOT_SUPPORTED;
}

NDIS_STATUS general_query(const struct general *g, const char *vendor, NDIS_OID_REQUEST *request)
{
    static const NDIS_STATISTICS_INFO statistics = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof statistics},
        .SupportedStatistics = NDIS_STATISTICS_OF_FRAMES,
    };
    static const NDIS_INTERRUPT_MODERATION_PARAMETERS moderation = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof moderation},
        .InterruptModeration = NdisInterruptModerationNotSupported,
    };
    switch (request->DATA.INFORMATION.Oid) {
    case OID_GEN_CURRENT_PACKET_FILTER:
        return general_fill(request, &g->packet_filter, sizeof g->packet_filter);
    case OID_GEN_CURRENT_LOOKAHEAD:
        return general_fill(request, &g->lookahead, sizeof g->lookahead);
    case OID_GEN_VENDOR_DESCRIPTION:
        return general_fill(request, vendor, length(vendor) + 1);
    case OID_GEN_STATISTICS:
        return general_fill(request, &statistics, sizeof statistics);
    case OID_GEN_INTERRUPT_MODERATION:
        return general_fill(request, &moderation, sizeof moderation);
    default:
        return query_number(request);
    }
}

/* It brings so many bytes at least, and no more of them are read. */
static bool has(NDIS_OID_REQUEST *request, ULONG bytes)
{
    const bool enough = request->DATA.INFORMATION.InformationBufferLength >= bytes;
    if (enough)
        request->DATA.INFORMATION.BytesDone = bytes;
    else
        request->DATA.INFORMATION.BytesNeeded = bytes;
    return enough;
}

static NDIS_STATUS take(NDIS_OID_REQUEST *request, ULONG *number)
{
    if (!has(request, sizeof *number))
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(number, request->DATA.INFORMATION.InformationBuffer, sizeof *number);
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS general_check(NDIS_OID_REQUEST *request, UCHAR type, ULONG bytes)
{
    const NDIS_OBJECT_HEADER *header = request->DATA.INFORMATION.InformationBuffer;
    if (!has(request, bytes))
        return NDIS_STATUS_INVALID_LENGTH;
    return header->Type == type && header->Revision >= 1 && header->Size >= bytes
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_INVALID_DATA;
}

/* Chimney is offered in frames of one kind; nothing else is. */
static bool is_offered(ULONG enabled, ULONG encapsulation)
{
    return enabled == NDIS_OFFLOAD_SET_ON ? encapsulation == NDIS_ENCAPSULATION_IEEE_802_3
                                          : enabled <= NDIS_OFFLOAD_SET_OFF;
}

static NDIS_STATUS encapsulate(NDIS_OID_REQUEST *request)
{
    const NDIS_OFFLOAD_ENCAPSULATION *says = request->DATA.INFORMATION.InformationBuffer;
    const NDIS_STATUS status =
        general_check(request, NDIS_OBJECT_TYPE_OFFLOAD_ENCAPSULATION, sizeof *says);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    return is_offered(says->IPv4.Enabled, says->IPv4.EncapsulationType) &&
                   is_offered(says->IPv6.Enabled, says->IPv6.EncapsulationType)
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_INVALID_PARAMETER;
}

NDIS_STATUS general_set(struct general *g, NDIS_OID_REQUEST *request)
{
    const ULONG bytes = request->DATA.INFORMATION.InformationBufferLength;
    switch (request->DATA.INFORMATION.Oid) {
    case OID_GEN_CURRENT_PACKET_FILTER:
        return take(request, &g->packet_filter);
    case OID_GEN_CURRENT_LOOKAHEAD:
        return take(request, &g->lookahead);
    case OID_GEN_INTERRUPT_MODERATION: /* there is no interrupt, */
    case OID_GEN_LINK_PARAMETERS:      /* and one speed */
        return NDIS_STATUS_INVALID_DATA;
    case OID_802_3_MULTICAST_LIST: /* no frame comes from any of them */
        if (bytes % ADDRESS_BYTES != 0)
            return NDIS_STATUS_INVALID_LENGTH;
        break;
    case OID_OFFLOAD_ENCAPSULATION:
        return encapsulate(request);
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    request->DATA.INFORMATION.BytesDone = bytes;
    return NDIS_STATUS_SUCCESS;
}
