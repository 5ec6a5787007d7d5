/* SPDX-License-Identifier: BSD-2-Clause */
/* The adapter's states, and requests: what NDIS calls, and what must be completed how. */
#include <string.h>

#include "ndis.h"

enum { MOST_RUNS = 1000000 };

/* Calls of each miniport that run, on this processor. */
static __thread unsigned depth[ADAPTERS];

void mock_raise_to(int irql, int *before)
{
    *before = mock_raise(irql);
    mock_driver_begins();
}

void mock_lower_from(int irql, int before)
{
    mock_driver_ends();
    if (mock_irql() != irql)
        mock_broken("level", "a call at %d returned at %d", irql, mock_irql());
    mock_lower(before);
}

void mock_enter(struct adapter *a, int irql, int *before)
{
    mock_raise_to(irql, before);
    depth[a - mock_adapters]++;
}

void mock_leave(struct adapter *a, int irql, int before)
{
    mock_lower_from(irql, before);
    depth[a - mock_adapters]--;
}

void mock_called(const struct adapter *a, const char *name)
{
    if (depth[a - mock_adapters])
        mock_broken("inline", "%s from inside a call of the miniport", name);
    if (mock_irql() > DISPATCH_LEVEL)
        mock_broken("level", "%s at %d", name, mock_irql());
}

void mock_called_passive(const char *name)
{
    if (mock_irql() != PASSIVE_LEVEL)
        mock_broken("level", "%s at %d", name, mock_irql());
}

static struct adapter *check_adapter(NDIS_HANDLE adapter, const char *name)
{
    struct adapter *a = mock_adapter_of(adapter, name);
    mock_called(a, name);
    return a;
}

static void came_back(bool *waits, const char *name)
{
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

static void restart(struct adapter *a)
{
    int before;
    mock_enter(a, PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = a->driver->miniport.RestartHandler(a->context, NULL);
    mock_leave(a, PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_SUCCESS)
        mock_broken("handlers", "MiniportRestart returned %08x", (unsigned)status);
}

bool mock_initialize_adapter(struct adapter *a, struct driver *driver)
{
    int before;
    const struct mock_host host = a->host;
    *a = (struct adapter){.driver = driver, .host = host};
    mock_enter(a, PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = driver->miniport.InitializeHandlerEx(a, NULL, NULL);
    mock_leave(a, PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_SUCCESS) {
        mock_packets_unmade(a);
        a->driver = NULL;
        return false;
    }
    if (!a->registered || !a->general || !a->offload)
        mock_broken("attributes", "of the adapter are missing");
    restart(a);
    return true;
}

/* The wait inside is the miniport's own; completions may be made meanwhile. */
void mock_halt_adapter(struct adapter *a)
{
    mock_driver_begins();
    a->driver->miniport.HaltHandlerEx(a->context, 0);
    mock_driver_ends();
    if (mock_irql() != PASSIVE_LEVEL)
        mock_broken("level", "MiniportHaltEx returned at %d", mock_irql());
    if (mock_outstanding_of(a))
        mock_broken("late", "%u requests are out after the halt", mock_outstanding_of(a));
    mock_packets_lost(a);
    mock_packets_unmade(a);
    a->driver = NULL;
    a->context = NULL;
}

void *mock_initialize(const struct mock_host *host)
{
    mock_adapters[0].host = *host;
    mock_pool_forget();
    mock_pool_close(false);
    if (mock_intermediate()) {
        for (unsigned l = 0; l < LOWERS; l++)
            mock_bind(l);
    } else if (!mock_initialize_adapter(&mock_adapters[0], &mock_drivers[0])) {
        mock_kernel_empty();
    }
    mock_pool_close(true);
    return mock_adapters[0].context;
}

void mock_halt(void)
{
    mock_halt_adapter(&mock_adapters[0]);
    for (unsigned l = 0; l < LOWERS; l++)
        if (mock_adapters[1 + l].driver)
            mock_unbind(l);
    mock_kernel_empty();
}

void mock_select(unsigned adapter)
{
    mock_at = &mock_adapters[adapter];
}

/* ---- States -------------------------------------------------------------------------------- */

void mock_pause_begin(void)
{
    int before;
    mock_at->pausing = true;
    mock_enter(mock_at, PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock_at->driver->miniport.PauseHandler(mock_at->context, NULL);
    mock_leave(mock_at, PASSIVE_LEVEL, before);
    if (status == NDIS_STATUS_SUCCESS)
        mock_at->pausing = false;
}

bool mock_pausing(void)
{
    return mock_at->pausing;
}

void mock_pause(void)
{
    mock_pause_begin();
    wait_for(&mock_at->pausing, "a pause");
}

void NdisMPauseComplete(NDIS_HANDLE adapter)
{
    MOCK_TURN;
    came_back(&check_adapter(adapter, "NdisMPauseComplete")->pausing, "NdisMPauseComplete");
}

void mock_restart(void)
{
    restart(mock_at);
}

void mock_reset(void)
{
    BOOLEAN addressing;
    int before;
    mock_at->resetting = true;
    mock_enter(mock_at, DISPATCH_LEVEL, &before);
    const NDIS_STATUS status =
        mock_at->driver->miniport.ResetHandlerEx(mock_at->context, &addressing);
    mock_leave(mock_at, DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock_at->resetting = false;
}

bool mock_resetting(void)
{
    return mock_at->resetting;
}

void NdisMResetComplete(NDIS_HANDLE adapter, NDIS_STATUS status, BOOLEAN addressing_reset)
{
    MOCK_TURN;
    struct adapter *a = check_adapter(adapter, "NdisMResetComplete");
    (void)addressing_reset;
    a->reset_status = status;
    came_back(&a->resetting, "NdisMResetComplete");
}

int32_t mock_reset_status(void)
{
    return mock_at->reset_status;
}

bool mock_hangs(void)
{
    int before;
    mock_enter(mock_at, DISPATCH_LEVEL, &before);
    const bool hangs = mock_at->driver->miniport.CheckForHangHandlerEx(mock_at->context);
    mock_leave(mock_at, DISPATCH_LEVEL, before);
    return hangs;
}

void mock_event(int code)
{
    int before;
    NET_DEVICE_PNP_EVENT event = {.Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof event},
                                  .DevicePnPEvent = code};
    mock_enter(mock_at, PASSIVE_LEVEL, &before);
    mock_at->driver->miniport.DevicePnPEventNotifyHandler(mock_at->context, &event);
    mock_leave(mock_at, PASSIVE_LEVEL, before);
}

void mock_surprise(void)
{
    mock_event(NdisDevicePnPEventSurpriseRemoved);
}

void mock_shutdown(void)
{
    int before;
    mock_enter(mock_at, DEVICE_LEVEL, &before);
    mock_at->driver->miniport.ShutdownHandlerEx(mock_at->context, 0 /* power off */);
    mock_leave(mock_at, DEVICE_LEVEL, before);
}

/* ---- Requests ------------------------------------------------------------------------------ */

static uint32_t needed; /* by the last */

uint32_t mock_oid_needs(void)
{
    return needed;
}

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
    mock_at->request = &request;
    mock_enter(mock_at, PASSIVE_LEVEL, &before);
    const NDIS_STATUS status =
        mock_at->driver->miniport.OidRequestHandler(mock_at->context, &request);
    mock_leave(mock_at, PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock_at->request_status = status, mock_at->request = NULL;
    for (unsigned runs = 0; mock_at->request; runs++)
        if (runs == MOST_RUNS || (!mock_run_one() && mock_at->request))
            mock_broken("late", "request %08x is not completed", oid);
    needed = type == NdisRequestMethod ? request.DATA.METHOD_INFORMATION.BytesNeeded
                                       : request.DATA.INFORMATION.BytesNeeded;
    if (done)
        *done = type == NdisRequestMethod ? request.DATA.METHOD_INFORMATION.BytesWritten
                                          : request.DATA.INFORMATION.BytesDone;
    return mock_at->request_status;
}

void NdisMOidRequestComplete(NDIS_HANDLE adapter, NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    MOCK_TURN;
    struct adapter *a = check_adapter(adapter, "NdisMOidRequestComplete");
    bool waits = request == a->request && request;
    came_back(&waits, "NdisMOidRequestComplete");
    a->request_status = status;
    a->request = NULL;
    if (!a->from_above)
        return;
    a->from_above = false;
    mock_driver_begins();
    mock_intermediate()->protocol.OidRequestCompleteHandler(a->bound_context, request, status);
    mock_driver_ends();
}
