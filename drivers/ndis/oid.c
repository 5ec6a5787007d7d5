/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of NDIS. NDIS answers those about chimney's capabilities itself, from the adapter's
 * attributes. The rest waits for the DPC, since only that may look at NIC and target.
 */
#include <string.h>

#include "adapter.h"
#include "flue_oid.h"
#include "registration.h"

const ULONG oid_list[] = {
    GENERAL_OIDS,
    OID_TCP4_OFFLOAD_STATS,
    OID_TCP6_OFFLOAD_STATS,
    OID_IP4_OFFLOAD_STATS,
    OID_IP6_OFFLOAD_STATS,
    OID_TCP_CONNECTION_OFFLOAD_PARAMETERS,
    OID_TCP_OFFLOAD_PARAMETERS,
    OID_FLUE_BEHAVIOR,
    OID_FLUE_FAULT,
    OID_FLUE_SETTLE,
    OID_FLUE_NEIGHBOR,
    OID_FLUE_PATH,
    OID_FLUE_ENTRIES,
    OID_FLUE_COUNTERS,
    OID_FLUE_QUIET,
    OID_FLUE_STALE,
    OID_FLUE_UPLOAD,
};
const ULONG oid_list_bytes = sizeof oid_list;

static uint32_t established(const struct sim_nic *nic, uint8_t variant)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < nic->target.flue.config.capacity[CHIMNEY_TCP]; i++) {
        const struct nic_connection tcp = nic_connection(nic, i);
        found += tcp.present && tcp.variant == variant && nic_is_established(tcp.state);
    }
    return found;
}

/* Where the numbers of a request are, if it is one for statistics. */
static bool is_counted(struct adapter *a, ULONG oid, void **numbers, ULONG *bytes)
{
    const bool ipv6 = oid == OID_TCP6_OFFLOAD_STATS || oid == OID_IP6_OFFLOAD_STATS;
    const bool ip = oid == OID_IP4_OFFLOAD_STATS || oid == OID_IP6_OFFLOAD_STATS;
    const uint8_t variant = ipv6 ? CHIMNEY_VARIANT_IPV6 : CHIMNEY_VARIANT_IPV4;
    struct counted *c = wire_counted(a->wire, variant);
    if (!ipv6 && !ip && oid != OID_TCP4_OFFLOAD_STATS)
        return false;
    c->tcp.CurrentlyEstablished = established(a->nic, variant);
    *numbers = ip ? (void *)&c->ip : (void *)&c->tcp;
    *bytes = ip ? sizeof c->ip : sizeof c->tcp;
    return true;
}

static NDIS_STATUS query(struct adapter *a, NDIS_OID_REQUEST *request)
{
    void *numbers;
    ULONG bytes;
    if (is_counted(a, request->DATA.INFORMATION.Oid, &numbers, &bytes))
        return general_fill(request, numbers, bytes);
    return general_query(&a->general, "flue: TCP chimney offload on a software NIC", request);
}

static NDIS_STATUS set(struct adapter *a, NDIS_OID_REQUEST *request)
{
    void *numbers;
    ULONG bytes;
    if (is_counted(a, request->DATA.INFORMATION.Oid, &numbers, &bytes)) { /* to zero */
        memset(numbers, 0, bytes);
        request->DATA.INFORMATION.BytesDone = request->DATA.INFORMATION.InformationBufferLength;
        return NDIS_STATUS_SUCCESS;
    }
    switch (request->DATA.INFORMATION.Oid) {
    case OID_TCP_OFFLOAD_PARAMETERS:
        return offers_set(a, request);
    case OID_TCP_CONNECTION_OFFLOAD_PARAMETERS: /* the DPC is the one that reads them */
        return registration_parameters(
            request, &a->nic->target.flue.config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS]);
    default:
        return general_set(&a->general, request);
    }
}

/* NDIS sends the next only when this one is completed. */
NDIS_STATUS oid_request(NDIS_HANDLE context, NDIS_OID_REQUEST *request)
{
    struct adapter *a = adapter_of(context);
    atomic_store(&a->request, request);
    poll_soon(a);
    return NDIS_STATUS_PENDING;
}

/* What waits is answered soon. */
void oid_cancel(NDIS_HANDLE context, PVOID id)
{
    (void)context;
    (void)id;
}

void oid_answer(struct adapter *a)
{
    NDIS_OID_REQUEST *request = atomic_exchange(&a->request, NULL);
    if (!request)
        return;
    NDIS_STATUS status = NDIS_STATUS_NOT_SUPPORTED;
    if (request->RequestType == NdisRequestSetInformation)
        status = set(a, request);
    else if (request->RequestType != NdisRequestMethod)
        status = query(a, request);
    if (status == NDIS_STATUS_NOT_SUPPORTED)
        status = private_request(a, request);
    NdisMOidRequestComplete(a->handle, request, status);
}
