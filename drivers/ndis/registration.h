/* SPDX-License-Identifier: BSD-2-Clause */
/* registration.h: what each adapter of ours says of itself to NDIS, and asks of the registry. */
#ifndef NDIS_REGISTRATION_H
#define NDIS_REGISTRATION_H

#include "ndis6.h"

NDIS_STATUS registration_context(NDIS_HANDLE adapter, NDIS_HANDLE context);
NDIS_STATUS registration_general(NDIS_HANDLE adapter, UCHAR last_of_mac, const ULONG *oids,
                                 ULONG oid_bytes);
void registration_capabilities(NDIS_TCP_CONNECTION_OFFLOAD *capabilities, uint32_t connections);
/* What is offered at first, of what the hardware can; they live as long as the adapter. */
NDIS_STATUS registration_offered(NDIS_HANDLE adapter, const NDIS_TCP_CONNECTION_OFFLOAD *hardware,
                                 const NDIS_TCP_CONNECTION_OFFLOAD *offered);
/* The same where all of it is offered for ever. */
NDIS_STATUS registration_offload(NDIS_HANDLE adapter, NDIS_TCP_CONNECTION_OFFLOAD *capabilities,
                                 uint32_t connections);

/*
 * What a set request of OID_TCP_CONNECTION_OFFLOAD_PARAMETERS says. Of TCP itself nothing is read,
 * since no data moves.
 */
NDIS_STATUS registration_parameters(NDIS_OID_REQUEST *request, uint32_t *nce_stale_ticks);

/* A number that is in the registry and in its range replaces what stands there. */
void registration_number(NDIS_HANDLE configuration, UNICODE_STRING keyword, uint32_t least,
                         uint32_t most, uint32_t *value);
/* The same, of a key like u"Connections". */
#define REGISTRATION_NUMBER(from, key, least, most, value)                                       \
    registration_number((from),                                                                  \
                        (UNICODE_STRING){sizeof(key) - 2, sizeof(key), (const uint16_t *)(key)}, \
                        (least), (most), (value))

#endif
