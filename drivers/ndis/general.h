/* SPDX-License-Identifier: BSD-2-Clause */
/* general.h: requests that each miniport driver must answer, whatever it offloads. */
#ifndef NDIS_GENERAL_H
#define NDIS_GENERAL_H

#include "ndis6.h"

struct general {
    ULONG packet_filter, lookahead; /* what NDIS set; no packet comes */
};

/* For the list of what a driver supports. */
#define GENERAL_OIDS                                                                           \
    OID_GEN_CURRENT_PACKET_FILTER, OID_GEN_CURRENT_LOOKAHEAD, OID_GEN_INTERRUPT_MODERATION,    \
        OID_GEN_LINK_PARAMETERS, OID_GEN_MAXIMUM_TOTAL_SIZE, OID_GEN_TRANSMIT_BUFFER_SPACE,    \
        OID_GEN_RECEIVE_BUFFER_SPACE, OID_GEN_TRANSMIT_BLOCK_SIZE, OID_GEN_RECEIVE_BLOCK_SIZE, \
        OID_GEN_VENDOR_ID, OID_GEN_VENDOR_DESCRIPTION, OID_GEN_VENDOR_DRIVER_VERSION,          \
        OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_STATISTICS, OID_802_3_MULTICAST_LIST,         \
        OID_OFFLOAD_ENCAPSULATION

/* NDIS_STATUS_NOT_SUPPORTED if it is none of these; `vendor` ends with 0. */
NDIS_STATUS general_query(const struct general *g, const char *vendor, NDIS_OID_REQUEST *request);
NDIS_STATUS general_set(struct general *g, NDIS_OID_REQUEST *request);
/*
 * A set request brings a structure of that type and size: NDIS_STATUS_INVALID_LENGTH with
 * BytesNeeded if it is shorter, NDIS_STATUS_INVALID_DATA if it is another.
 */
NDIS_STATUS general_check(NDIS_OID_REQUEST *request, UCHAR type, ULONG bytes);
/* The answer to a query, if there is room for it. */
NDIS_STATUS general_fill(NDIS_OID_REQUEST *request, const void *data, ULONG bytes);

#endif
