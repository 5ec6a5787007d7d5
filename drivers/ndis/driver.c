/* SPDX-License-Identifier: BSD-2-Clause */
/* What Windows loads: registers the driver and its handlers. */
#include "adapter.h"

NDIS_HANDLE driver_handle;

/* The entry points that were generated of the specs, as they are. */
static NDIS_STATUS set_options(NDIS_HANDLE driver, NDIS_HANDLE context)
{
    static const NDIS_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS generic = {
        .Header = {NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS, 1,
                   sizeof generic},
        .InitiateOffloadHandler = chimney_initiate,
        .TerminateOffloadHandler = chimney_terminate,
        .UpdateOffloadHandler = chimney_update,
        .InvalidateOffloadHandler = chimney_invalidate,
        .QueryOffloadHandler = chimney_query,
    };
    (void)context;
    const NDIS_STATUS status = NdisSetOptionalHandlers(driver, &generic);
    return status == NDIS_STATUS_SUCCESS ? NdisSetOptionalHandlers(driver, &data_handlers) : status;
}

static void unload(PVOID driver_object)
{
    (void)driver_object;
    NdisMDeregisterMiniportDriver(driver_handle);
}

NTSTATUS DriverEntry(PVOID driver_object, const UNICODE_STRING *registry_path);

NTSTATUS DriverEntry(PVOID driver_object, const UNICODE_STRING *registry_path)
{
    const NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS, 1, sizeof characteristics},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 0,
        .MajorDriverVersion = 0,
        .MinorDriverVersion = 1,
        .SetOptionsHandler = set_options,
        .InitializeHandlerEx = adapter_initialize,
        .HaltHandlerEx = adapter_halt,
        .UnloadHandler = unload,
        .PauseHandler = state_pause,
        .RestartHandler = state_restart,
        .OidRequestHandler = oid_request,
        .SendNetBufferListsHandler = data_send,
        .ReturnNetBufferListsHandler = data_return,
        .CancelSendHandler = data_cancel,
        .CheckForHangHandlerEx = state_hangs,
        .ResetHandlerEx = state_reset,
        .DevicePnPEventNotifyHandler = state_event,
        .ShutdownHandlerEx = state_shutdown,
        .CancelOidRequestHandler = oid_cancel,
    };
    return NdisMRegisterMiniportDriver(driver_object, registry_path, NULL, &characteristics,
                                       &driver_handle);
}
