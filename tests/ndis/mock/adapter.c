/* SPDX-License-Identifier: BSD-2-Clause */
/* The adapter's states, and requests: what NDIS calls, and what must be completed how. */
#include <string.h>

#include "ndis.h"

void mock_enter(int irql, int *before)
{
    *before = mock_raise(irql);
    mock.depth++;
}

void mock_leave(int irql, int before)
{
    if (mock_irql() != irql)
        mock_broken("level", "a call at %d returned at %d", irql, mock_irql());
    mock.depth--;
    mock_lower(before);
}

void mock_called(const char *name)
{
    if (mock.depth)
        mock_broken("inline", "%s from inside a call of the miniport", name);
    if (mock_irql() > DISPATCH_LEVEL)
        mock_broken("level", "%s at %d", name, mock_irql());
}

static void check_adapter(NDIS_HANDLE adapter, bool *waits, const char *name)
{
    mock_called(name);
    if (adapter != &mock_adapter_handle)
        mock_broken("handle", "%s with another than the adapter's", name);
    if (!*waits)
        mock_broken("twice", "%s, and none was asked for", name);
    *waits = false;
}

/* DPCs and time, until it is so. */
static void wait_for(const bool *waits, const char *name)
{
    for (unsigned ms = 0; *waits; ms++) {
        if (ms == 60000)
            mock_broken("late", "%s is not completed in a minute", name);
        mock_run();
        if (*waits)
            mock_time(mock_now() + 1);
    }
}

/* ---- Begin and end ------------------------------------------------------------------------- */

void *mock_initialize(const struct mock_host *host)
{
    int before;
    mock.host = *host;
    mock_pool_forget();
    mock_pool_close(false);
    mock_enter(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.InitializeHandlerEx(&mock_adapter_handle, NULL, NULL);
    mock_leave(PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_SUCCESS) {
        mock_kernel_empty();
        return NULL;
    }
    if (!mock.registered || !mock.general || !mock.offload)
        mock_broken("attributes", "of the adapter are missing");
    mock_pool_close(true);
    mock_restart();
    return mock.context;
}

/* The wait inside is the miniport's own; completions may be made meanwhile. */
void mock_halt(void)
{
    mock.driver.HaltHandlerEx(mock.context, 0);
    if (mock_irql() != PASSIVE_LEVEL)
        mock_broken("level", "MiniportHaltEx returned at %d", mock_irql());
    if (mock_outstanding())
        mock_broken("late", "%u requests are out after the halt", mock_outstanding());
    mock_kernel_empty();
    mock.context = NULL;
    mock.registered = mock.general = mock.offload = false;
}

/* ---- States -------------------------------------------------------------------------------- */

void mock_pause(void)
{
    int before;
    mock.pausing = true;
    mock_enter(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.PauseHandler(mock.context, NULL);
    mock_leave(PASSIVE_LEVEL, before);
    if (status == NDIS_STATUS_SUCCESS)
        mock.pausing = false;
    wait_for(&mock.pausing, "a pause");
}

void NdisMPauseComplete(NDIS_HANDLE adapter)
{
    check_adapter(adapter, &mock.pausing, "NdisMPauseComplete");
}

void mock_restart(void)
{
    int before;
    mock_enter(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.RestartHandler(mock.context, NULL);
    mock_leave(PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_SUCCESS)
        mock_broken("handlers", "MiniportRestart returned %08x", (unsigned)status);
}

void mock_reset(void)
{
    BOOLEAN addressing;
    int before;
    mock.resetting = true;
    mock_enter(DISPATCH_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.ResetHandlerEx(mock.context, &addressing);
    mock_leave(DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock.resetting = false;
}

bool mock_resetting(void)
{
    return mock.resetting;
}

void NdisMResetComplete(NDIS_HANDLE adapter, NDIS_STATUS status, BOOLEAN addressing_reset)
{
    (void)status;
    (void)addressing_reset;
    check_adapter(adapter, &mock.resetting, "NdisMResetComplete");
}

bool mock_hangs(void)
{
    int before;
    mock_enter(DISPATCH_LEVEL, &before);
    const bool hangs = mock.driver.CheckForHangHandlerEx(mock.context);
    mock_leave(DISPATCH_LEVEL, before);
    return hangs;
}

void mock_surprise(void)
{
    int before;
    NET_DEVICE_PNP_EVENT event = {.Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof event},
                                  .DevicePnPEvent = NdisDevicePnPEventSurpriseRemoved};
    mock_enter(PASSIVE_LEVEL, &before);
    mock.driver.DevicePnPEventNotifyHandler(mock.context, &event);
    mock_leave(PASSIVE_LEVEL, before);
}

void mock_shutdown(void)
{
    int before;
    mock_enter(DEVICE_LEVEL, &before);
    mock.driver.ShutdownHandlerEx(mock.context, 0 /* power off */);
    mock_leave(DEVICE_LEVEL, before);
}

/* ---- Requests ------------------------------------------------------------------------------ */

int32_t mock_oid(int type, uint32_t oid, void *buffer, uint32_t bytes, uint32_t *done)
{
    int before;
    NDIS_OID_REQUEST request = {.Header = {NDIS_OBJECT_TYPE_OID_REQUEST, 1, sizeof request},
                                .RequestType = type};
    if (type == NdisRequestMethod) {
        request.DATA.METHOD_INFORMATION.Oid = oid;
        request.DATA.METHOD_INFORMATION.InformationBuffer = buffer;
        request.DATA.METHOD_INFORMATION.InputBufferLength = bytes;
        request.DATA.METHOD_INFORMATION.OutputBufferLength = bytes;
    } else {
        request.DATA.INFORMATION.Oid = oid;
        request.DATA.INFORMATION.InformationBuffer = buffer;
        request.DATA.INFORMATION.InformationBufferLength = bytes;
    }
    mock.request = &request;
    mock_enter(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.OidRequestHandler(mock.context, &request);
    mock_leave(PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock.request_status = status, mock.request = NULL;
    for (unsigned runs = 0; mock.request; runs++)
        if (runs == 1000 || !mock_run_one())
            mock_broken("late", "request %08x is not completed", oid);
    if (done)
        *done = type == NdisRequestMethod ? request.DATA.METHOD_INFORMATION.BytesWritten
                                          : request.DATA.INFORMATION.BytesDone;
    return mock.request_status;
}

void NdisMOidRequestComplete(NDIS_HANDLE adapter, NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    bool waits = request == mock.request && request;
    check_adapter(adapter, &waits, "NdisMOidRequestComplete");
    mock.request_status = status;
    mock.request = NULL;
}
