/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The miniport's edge, beside the five operations and data: states, requests, frames. Each begins
 * here, at the level of whoever calls, and ends in the DPC.
 */
#include "im.h"
#include "im_oid.h"
#include "registration.h"

/* ---- States -------------------------------------------------------------------------------- */

static NDIS_STATUS pause(NDIS_HANDLE context, PVOID parameters)
{
    struct im *im = context;
    (void)parameters;
    atomic_store(&im->paused_above, true);
    atomic_store(&im->pausing, true);
    poll_soon(im);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS restart(NDIS_HANDLE context, PVOID parameters)
{
    struct im *im = context;
    (void)parameters;
    atomic_store(&im->paused_above, false);
    poll_soon(im);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS reset(NDIS_HANDLE context, BOOLEAN *addressing_reset)
{
    struct im *im = context;
    *addressing_reset = 0;
    atomic_store(&im->resetting, true);
    atomic_store(&im->reset_wanted, false);
    poll_soon(im);
    return NDIS_STATUS_PENDING;
}

void upper_reset_wanted(void *im)
{
    atomic_store(&((struct im *)im)->reset_wanted, true);
}

static BOOLEAN hangs(NDIS_HANDLE context)
{
    return atomic_load(&((struct im *)context)->reset_wanted);
}

/* Lower drivers may have lists of the host's. */
static void event(NDIS_HANDLE context, NET_DEVICE_PNP_EVENT *event)
{
    struct im *im = context;
    if (event->DevicePnPEvent != NdisDevicePnPEventSurpriseRemoved)
        return;
    atomic_store(&im->removed, true);
    poll_soon(im);
}

static void shut_down(NDIS_HANDLE context, int action)
{
    (void)action;
    atomic_store(&((struct im *)context)->shut_down, true);
}

/* ---- Requests ------------------------------------------------------------------------------ */

const ULONG upper_oids[] = {
    GENERAL_OIDS,          OID_TCP4_OFFLOAD_STATS, OID_TCP6_OFFLOAD_STATS,
    OID_IP4_OFFLOAD_STATS, OID_IP6_OFFLOAD_STATS,  OID_TCP_CONNECTION_OFFLOAD_PARAMETERS,
    OID_FLUE_IM_STATE,     OID_FLUE_IM_CONTEXT,
};
const ULONG upper_oid_bytes = sizeof upper_oids;

static struct im_state state_of(const struct im *im)
{
    struct im_state state = {.jobs_out = im->jobs_out,
                             .orphans = im->orphans,
                             .abandoned = im->abandoned,
                             .failovers = (uint32_t)im->failovers,
                             .uploading = im->uploading,
                             .paused = im->paused};
    for (uint8_t l = 0; l < LOWERS; l++) {
        state.members[l] = im->lowers[l].member;
        state.calls[l] = im->lowers[l].calls;
        state.lent += atomic_load(&im->lowers[l].lent);
        for (uint32_t i = 0; i < im->entry_count; i++) {
            const struct entry *e = &im->entries[i];
            if (e->lower == l && (e->state == ENTRY_HELD || e->state == ENTRY_ADDING))
                state.entries[l][e->kind]++;
        }
    }
    return state;
}

static NDIS_STATUS query(struct im *im, NDIS_OID_REQUEST *request)
{
    if (request->DATA.INFORMATION.Oid != OID_FLUE_IM_STATE)
        return general_query(&im->general, "flue: TCP chimney offload through two adapters",
                             request);
    const struct im_state state = state_of(im);
    return general_fill(request, &state, sizeof state);
}

static NDIS_STATUS set(struct im *im, NDIS_OID_REQUEST *request)
{
    if (request->DATA.INFORMATION.Oid != OID_TCP_CONNECTION_OFFLOAD_PARAMETERS)
        return general_set(&im->general, request);
    return registration_parameters(
        request, &im->target.flue.config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS]);
}

/* What a lower driver wrote into the cell of an object's entry. */
static NDIS_STATUS look(struct im *im, NDIS_OID_REQUEST *request)
{
    struct im_context *about = request->DATA.METHOD_INFORMATION.InformationBuffer;
    if (request->DATA.METHOD_INFORMATION.Oid != OID_FLUE_IM_CONTEXT)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (request->DATA.METHOD_INFORMATION.InputBufferLength < sizeof *about ||
        about->lower >= LOWERS || about->kind >= CHIMNEY_KINDS ||
        about->index >= im->capacity[about->kind])
        return NDIS_STATUS_INVALID_LENGTH;
    const struct entry *e = entry_of(im, about->lower, about->kind, about->index);
    about->context = e ? (uintptr_t)e->handle.MiniportOffloadContext : 0;
    request->DATA.METHOD_INFORMATION.BytesWritten = sizeof *about;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS request_of(NDIS_HANDLE context, NDIS_OID_REQUEST *request)
{
    struct im *im = context;
    atomic_store(&im->request, request);
    poll_soon(im);
    return NDIS_STATUS_PENDING;
}

/* What waits is answered soon. */
static void cancel(NDIS_HANDLE context, PVOID id)
{
    (void)context;
    (void)id;
}

static void answer(struct im *im)
{
    NDIS_OID_REQUEST *request = atomic_exchange(&im->request, NULL);
    if (!request)
        return;
    const int type = request->RequestType;
    const NDIS_STATUS status = type == NdisRequestMethod           ? look(im, request)
                               : type == NdisRequestSetInformation ? set(im, request)
                                                                   : query(im, request);
    if ((status == NDIS_STATUS_SUCCESS || status == NDIS_STATUS_NOT_SUPPORTED) &&
        requests_begin(im, request))
        return;
    NdisMOidRequestComplete(im->handle, request, status);
}

/* ---- Packets ------------------------------------------------------------------------------- */

void upper_refuse(struct im *im, enum way way, NET_BUFFER_LIST *lists, NDIS_STATUS status)
{
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        list->Status = status;
    lists->MiniportReserved[1] = (PVOID)(uintptr_t)way;
    lists->MiniportReserved[0] = atomic_load(&im->refused);
    while (!atomic_compare_exchange_weak(&im->refused,
                                         (NET_BUFFER_LIST **)&lists->MiniportReserved[0], lists))
        ;
    poll_soon(im);
}

/* Frames go nowhere. */
static void send_frames(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG port, ULONG flags)
{
    struct im *im = context;
    (void)port;
    (void)flags;
    upper_refuse(im, WAY_FRAMES, lists,
                 atomic_load(&im->paused_above) ? NDIS_STATUS_PAUSED : NDIS_STATUS_FAILURE);
}

static void return_frames(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)context;
    (void)lists;
    (void)flags;
}

static void retire(struct im *im, NET_BUFFER_LIST *lists)
{
    const TCP_OFFLOAD_COMPLETE complete[] = {
        [WAY_SEND] = im->tcp.NdisTcpOffloadSendComplete,
        [WAY_RECEIVE] = im->tcp.NdisTcpOffloadReceiveComplete,
        [WAY_DISCONNECT] = im->tcp.NdisTcpOffloadDisconnectComplete,
        [WAY_FORWARD] = im->tcp.NdisTcpOffloadForwardComplete,
    };
    const uintptr_t way = (uintptr_t)lists->MiniportReserved[1];
    if (way == WAY_FRAMES)
        NdisMSendNetBufferListsComplete(im->handle, lists, 0);
    else
        complete[way](driver_handle, lists);
}

/* In the order in which they came. */
void upper_free(struct im *im)
{
    NET_BUFFER_LIST *last = atomic_exchange(&im->refused, NULL), *first = NULL, *next;
    for (; last; last = next) {
        next = last->MiniportReserved[0];
        last->MiniportReserved[0] = first;
        first = last;
    }
    for (; first; first = next) {
        next = first->MiniportReserved[0];
        retire(im, first);
    }
}

/* ---- What the DPC ends --------------------------------------------------------------------- */

void upper_follow(struct im *im)
{
    answer(im);
    requests_follow(im);
    if (atomic_exchange(&im->pausing, false))
        NdisMPauseComplete(im->handle);
}

void upper_handlers(NDIS_MINIPORT_DRIVER_CHARACTERISTICS *characteristics)
{
    characteristics->PauseHandler = pause;
    characteristics->RestartHandler = restart;
    characteristics->OidRequestHandler = request_of;
    characteristics->CancelOidRequestHandler = cancel;
    characteristics->SendNetBufferListsHandler = send_frames;
    characteristics->ReturnNetBufferListsHandler = return_frames;
    characteristics->CancelSendHandler = cancel;
    characteristics->CheckForHangHandlerEx = hangs;
    characteristics->ResetHandlerEx = reset;
    characteristics->DevicePnPEventNotifyHandler = event;
    characteristics->ShutdownHandlerEx = shut_down;
}
