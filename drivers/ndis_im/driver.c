/* SPDX-License-Identifier: BSD-2-Clause */
/* What Windows loads: registers the driver at both edges, and puts them together. */
#include "im.h"

NDIS_HANDLE driver_handle, protocol_handle;

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
    lower_unregister();
    NdisMDeregisterMiniportDriver(driver_handle);
}

NTSTATUS DriverEntry(PVOID driver_object, const UNICODE_STRING *registry_path);

NTSTATUS DriverEntry(PVOID driver_object, const UNICODE_STRING *registry_path)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS, 1, sizeof characteristics},
        .MajorNdisVersion = 6,
        .MinorDriverVersion = 1,
        .Flags = NDIS_INTERMEDIATE_DRIVER,
        .SetOptionsHandler = set_options,
        .InitializeHandlerEx = adapter_initialize,
        .HaltHandlerEx = adapter_halt,
        .UnloadHandler = unload,
    };
    upper_handlers(&characteristics);
    NDIS_STATUS status = NdisMRegisterMiniportDriver(driver_object, registry_path, NULL,
                                                     &characteristics, &driver_handle);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = lower_register();
    if (status != NDIS_STATUS_SUCCESS)
        NdisMDeregisterMiniportDriver(driver_handle);
    return status;
}
