/* SPDX-License-Identifier: BSD-2-Clause */
/* Private requests: a look into the software NIC, and faults of it. */
#include <string.h>

#include "adapter.h"
#include "flue_oid.h"
#include "general.h"

/* They are too many for a stack. */
static NDIS_STATUS fill_counters(struct adapter *a, NDIS_OID_REQUEST *request)
{
    if (request->DATA.INFORMATION.InformationBufferLength < sizeof(struct sim_counters))
        return general_fill(request, NULL, sizeof(struct sim_counters));
    sim_counters(a->nic, request->DATA.INFORMATION.InformationBuffer);
    request->DATA.INFORMATION.BytesDone = sizeof(struct sim_counters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS query(struct adapter *a, NDIS_OID_REQUEST *request)
{
    uint32_t numbers[CHIMNEY_KINDS];
    switch (request->DATA.INFORMATION.Oid) {
    case OID_FLUE_ENTRIES:
        for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
            numbers[kind] = sim_entries(a->nic, kind);
        return general_fill(request, numbers, sizeof numbers);
    case OID_FLUE_COUNTERS:
        return fill_counters(a, request);
    case OID_FLUE_QUIET:
        numbers[0] = flue_target_quiet(&a->nic->target.flue);
        return general_fill(request, numbers, sizeof numbers[0]);
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
}

static NDIS_STATUS set(struct adapter *a, NDIS_OID_REQUEST *request)
{
    const void *data = request->DATA.INFORMATION.InformationBuffer;
    const ULONG bytes = request->DATA.INFORMATION.InformationBufferLength;
    const ULONG oid = request->DATA.INFORMATION.Oid;
    if (bytes != (oid == OID_FLUE_BEHAVIOR ? sizeof(struct sim_behavior)
                  : oid == OID_FLUE_FAULT  ? sizeof(struct sim_fault)
                                           : sizeof(uint32_t)))
        return NDIS_STATUS_INVALID_LENGTH;
    request->DATA.INFORMATION.BytesDone = bytes;
    switch (oid) {
    case OID_FLUE_BEHAVIOR:
        sim_behavior_set(a->nic, data);
        return NDIS_STATUS_SUCCESS;
    case OID_FLUE_FAULT:
        return sim_fault_add(a->nic, data) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
    case OID_FLUE_SETTLE:
        sim_faults_clear(a->nic);
        sim_step(a->nic, *(const uint32_t *)data);
        return NDIS_STATUS_SUCCESS;
    case OID_FLUE_STALE:
        return chimney_reachability_query(&a->nic->target,
                                          flue_object_handle(&a->nic->target.flue, CHIMNEY_NEIGHBOR,
                                                             *(const uint32_t *)data))
                   ? NDIS_STATUS_SUCCESS
                   : NDIS_STATUS_FAILURE;
    case OID_FLUE_UPLOAD:
        return chimney_upload_all(&a->nic->target) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
}

/* An entry of the NIC's tables; the index is where the entry is to be. */
static NDIS_STATUS look(struct adapter *a, NDIS_OID_REQUEST *request)
{
    void *data = request->DATA.METHOD_INFORMATION.InformationBuffer;
    const bool neighbor = request->DATA.METHOD_INFORMATION.Oid == OID_FLUE_NEIGHBOR;
    const ULONG room = neighbor ? sizeof(struct sim_neighbor) : sizeof(struct sim_path);
    uint32_t index;
    if (!neighbor && request->DATA.METHOD_INFORMATION.Oid != OID_FLUE_PATH)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (request->DATA.METHOD_INFORMATION.InputBufferLength < sizeof index ||
        request->DATA.METHOD_INFORMATION.OutputBufferLength < room)
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(&index, data, sizeof index);
    if (neighbor ? !sim_neighbor(a->nic, index, data) : !sim_path(a->nic, index, data))
        return NDIS_STATUS_FAILURE;
    request->DATA.METHOD_INFORMATION.BytesRead = sizeof index;
    request->DATA.METHOD_INFORMATION.BytesWritten = room;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS private_request(struct adapter *a, NDIS_OID_REQUEST *request)
{
    switch (request->RequestType) {
    case NdisRequestQueryInformation:
    case NdisRequestQueryStatistics:
        return query(a, request);
    case NdisRequestSetInformation:
        return set(a, request);
    case NdisRequestMethod:
        return look(a, request);
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
}
