/* SPDX-License-Identifier: BSD-2-Clause */
/* Registration, attributes, configuration, timers: what a miniport says and asks at its begin. */
#include <stdio.h>
#include <string.h>

#include "ndis.h"

enum { KEYS = 32 };

struct mock mock;
char mock_driver_handle, mock_adapter_handle;

static struct {
    char key[32];
    uint32_t value;
} registry[KEYS];
static unsigned keys;

typedef NTSTATUS DRIVER_ENTRY(PVOID driver_object, const UNICODE_STRING *registry_path);
static DRIVER_ENTRY *entry;

/* ---- The driver ---------------------------------------------------------------------------- */

static void check_header(const NDIS_OBJECT_HEADER *header, unsigned type, size_t bytes)
{
    if (header->Type != type || header->Revision < 1 || header->Size != bytes)
        mock_broken("header", "type %x, revision %u, %u bytes; not %x and %zu", header->Type,
                    header->Revision, header->Size, type, bytes);
}

static bool lacks(const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *d)
{
    return !d->InitializeHandlerEx || !d->HaltHandlerEx || !d->UnloadHandler || !d->PauseHandler ||
           !d->RestartHandler || !d->OidRequestHandler || !d->SendNetBufferListsHandler ||
           !d->ReturnNetBufferListsHandler || !d->CancelSendHandler ||
           !d->DevicePnPEventNotifyHandler || !d->ShutdownHandlerEx ||
           !d->CancelOidRequestHandler || (d->CheckForHangHandlerEx && !d->ResetHandlerEx);
}

NDIS_STATUS NdisMRegisterMiniportDriver(PVOID driver_object, const UNICODE_STRING *path,
                                        NDIS_HANDLE context,
                                        const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *characteristics,
                                        NDIS_HANDLE *driver)
{
    int before;
    (void)driver_object;
    (void)path;
    check_header(&characteristics->Header, NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS, 0x88);
    if (characteristics->MajorNdisVersion != 6 || lacks(characteristics))
        mock_broken("handlers", "NDIS %u, or a handler is missing",
                    characteristics->MajorNdisVersion);
    mock.driver = *characteristics;
    *driver = &mock_driver_handle;
    mock_enter(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = mock.driver.SetOptionsHandler(&mock_driver_handle, context);
    mock_leave(PASSIVE_LEVEL, before);
    return status;
}

void NdisMDeregisterMiniportDriver(NDIS_HANDLE driver)
{
    if (driver != &mock_driver_handle)
        mock_broken("handle", "of the driver");
    memset(&mock.driver, 0, sizeof mock.driver);
}

NDIS_STATUS NdisSetOptionalHandlers(NDIS_HANDLE driver, const void *characteristics)
{
    const NDIS_OBJECT_HEADER *header = characteristics;
    if (driver != &mock_driver_handle)
        mock_broken("handle", "of the driver");
    if (header->Type == NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS) {
        check_header(header, header->Type, sizeof mock.generic);
        memcpy(&mock.generic, characteristics, sizeof mock.generic);
    } else {
        check_header(header, NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS,
                     sizeof mock.tcp);
        memcpy(&mock.tcp, characteristics, sizeof mock.tcp);
    }
    return NDIS_STATUS_SUCCESS;
}

void mock_start(void)
{
    static char driver_object[0x150];
    const UNICODE_STRING registry_path = {0};
    memset(&mock, 0, sizeof mock);
    const NTSTATUS status = entry(driver_object, &registry_path);
    if (status != NDIS_STATUS_SUCCESS)
        mock_broken("handlers", "DriverEntry returned %08x", (unsigned)status);
    if (!mock.generic.UpdateOffloadHandler || !mock.tcp.TcpOffloadSendHandler)
        mock_broken("handlers", "those of chimney were not registered");
}

unsigned char *mock_load(const char *path)
{
    uintptr_t start;
    unsigned char *image = mock_image(path, &start);
    if (!image)
        return NULL;
    entry = (DRIVER_ENTRY *)start;
    mock_start();
    return image;
}

void mock_unload(void)
{
    int before;
    mock_enter(PASSIVE_LEVEL, &before);
    mock.driver.UnloadHandler(NULL);
    mock_leave(PASSIVE_LEVEL, before);
    if (mock.driver.UnloadHandler)
        mock_broken("leak", "the driver is still registered");
    mock_kernel_empty();
}

/* ---- An adapter's attributes --------------------------------------------------------------- */

static void set_context(const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES *attributes)
{
    check_header(&attributes->Header, NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
                 NDIS_SIZEOF_REGISTRATION_ATTRIBUTES);
    mock.context = attributes->MiniportAdapterContext;
    mock.registered = mock.context != NULL;
}

static void set_offload(const NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES *attributes)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *has = attributes->TcpConnectionOffloadHardwareCapabilities;
    check_header(&attributes->Header, NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES,
                 sizeof *attributes);
    check_header(&has->Header, NDIS_OBJECT_TYPE_DEFAULT, sizeof *has);
    mock.capabilities = *has;
    mock.offload = has->Encapsulation != 0 && has->TcpConnectionOffloadCapacity != 0;
}

NDIS_STATUS NdisMSetMiniportAttributes(NDIS_HANDLE adapter, const void *attributes)
{
    const NDIS_OBJECT_HEADER *header = attributes;
    if (adapter != &mock_adapter_handle)
        mock_broken("handle", "of the adapter");
    switch (header->Type) {
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
        set_context(attributes);
        return NDIS_STATUS_SUCCESS;
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
        check_header(header, header->Type, NDIS_SIZEOF_GENERAL_ATTRIBUTES);
        mock.general = mock.registered;
        return NDIS_STATUS_SUCCESS;
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES:
        set_offload(attributes);
        return NDIS_STATUS_SUCCESS;
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
}

NDIS_STATUS NdisMGetOffloadHandlers(NDIS_HANDLE adapter, int type,
                                    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS **handlers)
{
    if (adapter != &mock_adapter_handle)
        mock_broken("handle", "of the adapter");
    *handlers = &mock_event_handlers;
    return type == NdisTcpChimneyOffload ? NDIS_STATUS_SUCCESS : NDIS_STATUS_NOT_SUPPORTED;
}

uint32_t mock_capacity(void)
{
    return mock.capabilities.TcpConnectionOffloadCapacity;
}

/* ---- Configuration ------------------------------------------------------------------------- */

void mock_registry(const char *key, uint32_t value)
{
    unsigned i = 0;
    while (i < keys && strcmp(registry[i].key, key) != 0)
        i++;
    if (i == KEYS)
        mock_broken("registry", "%s is one key too many", key);
    keys += i == keys;
    snprintf(registry[i].key, sizeof registry[i].key, "%s", key);
    registry[i].value = value;
}

NDIS_STATUS NdisOpenConfigurationEx(const NDIS_CONFIGURATION_OBJECT *object,
                                    NDIS_HANDLE *configuration)
{
    if (object->NdisHandle != &mock_adapter_handle)
        mock_broken("handle", "of the adapter");
    *configuration = registry;
    return NDIS_STATUS_SUCCESS;
}

static bool same(const UNICODE_STRING *keyword, const char *key)
{
    const size_t length = strlen(key);
    bool equal = keyword->Length == 2 * length;
    for (size_t i = 0; equal && i < length; i++)
        equal = keyword->Buffer[i] == (unsigned char)key[i];
    return equal;
}

void NdisReadConfiguration(NDIS_STATUS *status, NDIS_CONFIGURATION_PARAMETER **parameter,
                           NDIS_HANDLE configuration, const UNICODE_STRING *keyword, int type)
{
    static NDIS_CONFIGURATION_PARAMETER found;
    (void)configuration;
    *status = NDIS_STATUS_FAILURE;
    for (unsigned i = 0; i < keys; i++)
        if (type == NdisParameterInteger && same(keyword, registry[i].key)) {
            found.ParameterData.IntegerData = registry[i].value;
            *parameter = &found;
            *status = NDIS_STATUS_SUCCESS;
        }
}

void NdisCloseConfiguration(NDIS_HANDLE configuration)
{
    (void)configuration;
}

/* ---- Timers -------------------------------------------------------------------------------- */

NDIS_STATUS NdisAllocateTimerObject(NDIS_HANDLE adapter, const NDIS_TIMER_CHARACTERISTICS *timer,
                                    NDIS_HANDLE *object)
{
    (void)adapter;
    check_header(&timer->Header, NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, sizeof *timer);
    struct mock_timer *t = mock_timer();
    if (!t)
        return NDIS_STATUS_RESOURCES;
    t->function = timer->TimerFunction;
    t->context = timer->FunctionContext;
    *object = t;
    return NDIS_STATUS_SUCCESS;
}

BOOLEAN NdisSetTimerObject(NDIS_HANDLE timer, int64_t due, int32_t period_ms, PVOID context)
{
    struct mock_timer *t = timer;
    t->due = mock_now() + (uint64_t)(-due / 10000);
    t->period_ms = (uint32_t)period_ms;
    t->context = context ? context : t->context;
    return 0;
}

BOOLEAN NdisCancelTimerObject(NDIS_HANDLE timer)
{
    const bool was = ((struct mock_timer *)timer)->due != 0;
    ((struct mock_timer *)timer)->due = 0;
    return was;
}

void NdisFreeTimerObject(NDIS_HANDLE timer)
{
    if (((struct mock_timer *)timer)->due)
        mock_broken("timer", "freed, and still set");
    ((struct mock_timer *)timer)->used = false;
}

void NdisGetSystemUpTimeEx(int64_t *ms)
{
    *ms = (int64_t)mock_now();
}
