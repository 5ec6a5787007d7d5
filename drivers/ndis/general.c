/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each miniport driver must answer. Of what it is asked here, NDIS answers no part itself; no
 * frame moves, so counters of frames are 0.
 */
#include "general.h"

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

static NDIS_STATUS take(NDIS_OID_REQUEST *request, ULONG *number)
{
    if (request->DATA.INFORMATION.InformationBufferLength < sizeof *number)
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(number, request->DATA.INFORMATION.InformationBuffer, sizeof *number);
    request->DATA.INFORMATION.BytesDone = sizeof *number;
    return NDIS_STATUS_SUCCESS;
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
    case OID_OFFLOAD_ENCAPSULATION: /* there is one only */
        break;
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    request->DATA.INFORMATION.BytesDone = bytes;
    return NDIS_STATUS_SUCCESS;
}
