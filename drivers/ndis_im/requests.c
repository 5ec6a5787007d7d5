/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests that the lower drivers answer: statistics of what they have, which are summed; and what
 * is set in all of them. Each is asked at the same time; NDIS sends the next one to this driver
 * when it has completed the last.
 */
#include <string.h>

#include "im.h"

/* Of a structure of statistics: so many numbers of 8 bytes, then so many of 4. */
struct shape {
    uint8_t longs, shorts;
    ULONG bytes;
};

static struct shape shape_of(ULONG oid)
{
    switch (oid) {
    case OID_TCP4_OFFLOAD_STATS:
    case OID_TCP6_OFFLOAD_STATS:
        return (struct shape){2, 5, sizeof(TCP_OFFLOAD_STATS)};
    case OID_IP4_OFFLOAD_STATS:
    case OID_IP6_OFFLOAD_STATS:
        return (struct shape){5, 5, sizeof(IP_OFFLOAD_STATS)};
    default:
        return (struct shape){0};
    }
}

/* ---- Down ---------------------------------------------------------------------------------- */

static void ask(struct lower *lower, const NDIS_OID_REQUEST *above, const struct shape *shape)
{
    NDIS_OID_REQUEST *request = &lower->request;
    *request = (NDIS_OID_REQUEST){.Header = {NDIS_OBJECT_TYPE_OID_REQUEST, 1, sizeof *request},
                                  .RequestType = above->RequestType};
    request->DATA.INFORMATION = above->DATA.INFORMATION;
    request->DATA.INFORMATION.BytesDone = request->DATA.INFORMATION.BytesNeeded = 0;
    if (above->RequestType != NdisRequestSetInformation) {
        request->DATA.INFORMATION.InformationBuffer = &lower->statistics;
        request->DATA.INFORMATION.InformationBufferLength = shape->bytes;
    }
    memset(&lower->statistics, 0, sizeof lower->statistics);
    atomic_store(&lower->asked, true);
    const NDIS_STATUS status = NdisOidRequest(lower->binding, request);
    if (status != NDIS_STATUS_PENDING)
        requests_answered(lower, status);
}

bool requests_begin(struct im *im, NDIS_OID_REQUEST *request)
{
    const ULONG oid = request->DATA.INFORMATION.Oid;
    const struct shape shape = shape_of(oid);
    const bool sets = request->RequestType == NdisRequestSetInformation;
    if (request->RequestType == NdisRequestMethod ||
        (!shape.bytes && !(sets && oid == OID_TCP_CONNECTION_OFFLOAD_PARAMETERS)))
        return false;
    im->waiting = request;
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct lower *lower = &im->lowers[l];
        lower->takes_part =
            atomic_load(&lower->bound) && atomic_load(&lower->unbinding) == UNBIND_NOT;
        if (lower->takes_part)
            ask(lower, request, &shape);
    }
    return true;
}

/* ---- Up ------------------------------------------------------------------------------------ */

void requests_answered(struct lower *lower, NDIS_STATUS status)
{
    lower->answer = status;
    atomic_store(&lower->asked, false);
    poll_soon(lower->im);
}

static void add(union statistics *sum, const union statistics *more, const struct shape *shape)
{
    uint32_t *to = (uint32_t *)&sum->longs[shape->longs];
    const uint32_t *from = (const uint32_t *)&more->longs[shape->longs];
    for (unsigned i = 0; i < shape->longs; i++)
        sum->longs[i] += more->longs[i];
    for (unsigned i = 0; i < shape->shorts; i++)
        to[i] += from[i];
}

/* What is set must be so in all of them; of statistics, one that has none adds none. */
static NDIS_STATUS sum_up(struct im *im, NDIS_OID_REQUEST *request)
{
    const struct shape shape = shape_of(request->DATA.INFORMATION.Oid);
    union statistics sum = {0};
    NDIS_STATUS bad = NDIS_STATUS_SUCCESS;
    bool any = false;
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct lower *lower = &im->lowers[l];
        const bool good = lower->answer == NDIS_STATUS_SUCCESS;
        if (!lower->takes_part)
            continue;
        any |= good;
        if (good)
            add(&sum, &lower->statistics, &shape);
        else
            bad = lower->answer;
    }
    if (request->RequestType != NdisRequestSetInformation)
        return any || !bad ? general_fill(request, &sum, shape.bytes) : bad;
    request->DATA.INFORMATION.BytesDone =
        bad ? 0 : request->DATA.INFORMATION.InformationBufferLength;
    return bad;
}

void requests_follow(struct im *im)
{
    NDIS_OID_REQUEST *request = im->waiting;
    for (uint8_t l = 0; l < LOWERS; l++)
        if (atomic_load(&im->lowers[l].asked))
            return;
    if (!request)
        return;
    im->waiting = NULL;
    NdisMOidRequestComplete(im->handle, request, sum_up(im, request));
}
