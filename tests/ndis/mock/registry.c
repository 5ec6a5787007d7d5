/* SPDX-License-Identifier: BSD-2-Clause */
/* Registration, attributes, configuration, timers: what a miniport says and asks at its begin. */
#include <stdio.h>
#include <string.h>

#include "ndis.h"

enum { KEYS = 32 };

struct driver mock_drivers[DRIVERS];
unsigned mock_driver_count;
struct adapter mock_adapters[ADAPTERS], *mock_at = &mock_adapters[0];

static struct {
    char key[32];
    uint32_t value;
} registry[KEYS];
static unsigned keys;
static const uint16_t upper_binding[] = u"\\DEVICE\\{9F1E0000-0000-4000-8000-0000000000FF}";
const UNICODE_STRING mock_upper_binding = {sizeof upper_binding - 2, sizeof upper_binding,
                                           upper_binding};

static struct driver *starting; /* its DriverEntry runs */

struct driver *mock_driver_of(NDIS_HANDLE handle, const char *what)
{
    for (unsigned i = 0; i < mock_driver_count; i++)
        if (handle == &mock_drivers[i])
            return &mock_drivers[i];
    mock_broken("handle", "%s with another than the driver's", what);
}

struct adapter *mock_adapter_of(NDIS_HANDLE handle, const char *what)
{
    for (unsigned i = 0; i < ADAPTERS; i++)
        if (handle == &mock_adapters[i] && mock_adapters[i].driver)
            return &mock_adapters[i];
    mock_broken("handle", "%s with another than the adapter's", what);
}

struct driver *mock_intermediate(void)
{
    for (unsigned i = 0; i < mock_driver_count; i++)
        if (mock_drivers[i].miniport.Flags & NDIS_INTERMEDIATE_DRIVER)
            return &mock_drivers[i];
    return NULL;
}

/* ---- The driver ---------------------------------------------------------------------------- */

void mock_check_header(const NDIS_OBJECT_HEADER *header, unsigned type, size_t bytes)
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
    MOCK_TURN;
    int before;
    (void)driver_object;
    (void)path;
    mock_check_header(&characteristics->Header, NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
                      0x88);
    if (characteristics->MajorNdisVersion != 6 || lacks(characteristics))
        mock_broken("handlers", "NDIS %u, or a handler is missing",
                    characteristics->MajorNdisVersion);
    starting->miniport = *characteristics;
    *driver = starting;
    mock_raise_to(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = characteristics->SetOptionsHandler(starting, context);
    mock_lower_from(PASSIVE_LEVEL, before);
    return status;
}

void NdisMDeregisterMiniportDriver(NDIS_HANDLE driver)
{
    MOCK_TURN;
    struct driver *d = mock_driver_of(driver, "deregistered");
    memset(&d->miniport, 0, sizeof d->miniport);
}

/* What a driver offers at an edge, whose handle it has. */
static void take_options(const void *characteristics, void *to, size_t bytes)
{
    const NDIS_OBJECT_HEADER *header = characteristics;
    mock_check_header(header, header->Type, bytes);
    memcpy(to, characteristics, bytes);
}

NDIS_STATUS NdisSetOptionalHandlers(NDIS_HANDLE handle, const void *characteristics)
{
    MOCK_TURN;
    const NDIS_OBJECT_HEADER *header = characteristics;
    struct driver *d = starting;
    const bool protocol = d && handle == &d->protocol;
    if (!protocol && handle != d)
        mock_broken("handle", "options with another than the driver's or the protocol's");
    if (!protocol &&
        header->Type == NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS)
        take_options(characteristics, &d->generic, sizeof d->generic);
    else if (!protocol &&
             header->Type == NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS)
        take_options(characteristics, &d->tcp, sizeof d->tcp);
    else if (protocol &&
             header->Type == NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS)
        take_options(characteristics, &d->client, sizeof d->client);
    else if (protocol &&
             header->Type == NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS)
        take_options(characteristics, &d->client_tcp, sizeof d->client_tcp);
    else
        mock_broken("header", "options of type %x at this edge", header->Type);
    return NDIS_STATUS_SUCCESS;
}

/* ---- A protocol ---------------------------------------------------------------------------- */

NDIS_STATUS NdisRegisterProtocolDriver(NDIS_HANDLE context,
                                       const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *p,
                                       NDIS_HANDLE *protocol)
{
    MOCK_TURN;
    int before;
    mock_check_header(&p->Header, NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS, sizeof *p);
    if (p->MajorNdisVersion != 6 || !p->SetOptionsHandler || !p->BindAdapterHandlerEx ||
        !p->UnbindAdapterHandlerEx || !p->OpenAdapterCompleteHandlerEx ||
        !p->CloseAdapterCompleteHandlerEx || !p->NetPnPEventHandler ||
        !p->OidRequestCompleteHandler || !p->StatusHandlerEx || !p->ReceiveNetBufferListsHandler ||
        !p->SendNetBufferListsCompleteHandler || p->Name.Length == 0)
        mock_broken("handlers", "a protocol's handler or its name is missing");
    starting->protocol = *p;
    *protocol = &starting->protocol;
    mock_raise_to(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = p->SetOptionsHandler(&starting->protocol, context);
    mock_lower_from(PASSIVE_LEVEL, before);
    return status;
}

void NdisDeregisterProtocolDriver(NDIS_HANDLE protocol)
{
    MOCK_TURN;
    struct driver *d = mock_intermediate();
    if (!d || protocol != &d->protocol)
        mock_broken("handle", "of the protocol");
    memset(&d->protocol, 0, sizeof d->protocol);
}

void NdisIMAssociateMiniport(NDIS_HANDLE driver, NDIS_HANDLE protocol)
{
    MOCK_TURN;
    struct driver *d = mock_driver_of(driver, "associated");
    if (protocol != &d->protocol)
        mock_broken("handle", "of the protocol");
    d->associated = true;
}

/* ---- Start and unload ---------------------------------------------------------------------- */

static void start(struct driver *d)
{
    static char driver_object[0x150];
    const UNICODE_STRING registry_path = {0};
    NDIS_STATUS (*const entry)(PVOID, const UNICODE_STRING *) = d->entry;
    memset(d, 0, sizeof *d);
    d->entry = entry;
    starting = d;
    mock_driver_begins();
    const NTSTATUS status = entry(driver_object, &registry_path);
    mock_driver_ends();
    starting = NULL;
    if (status != NDIS_STATUS_SUCCESS)
        mock_broken("handlers", "DriverEntry returned %08x", (unsigned)status);
    if (!d->generic.UpdateOffloadHandler || !d->tcp.TcpOffloadSendHandler)
        mock_broken("handlers", "those of chimney were not registered");
    if ((d->miniport.Flags & NDIS_INTERMEDIATE_DRIVER) &&
        (!d->protocol.SetOptionsHandler || !d->client.UpdateOffloadCompleteHandler ||
         !d->client.IndicateOffloadEventHandler || !d->client_tcp.TcpOffloadEventHandler))
        mock_broken("handlers", "the protocol's of chimney were not registered");
    if ((d->miniport.Flags & NDIS_INTERMEDIATE_DRIVER) && !d->associated)
        mock_broken("handlers", "miniport and protocol were not associated");
}

void mock_start(void)
{
    for (unsigned i = 0; i < mock_driver_count; i++)
        start(&mock_drivers[i]);
}

unsigned char *mock_load(const char *path)
{
    uintptr_t at;
    if (mock_driver_count == DRIVERS)
        mock_broken("image", "%d are loaded", DRIVERS);
    unsigned char *image = mock_image(path, &at);
    if (!image)
        return NULL;
    struct driver *d = &mock_drivers[mock_driver_count++];
    d->entry = (NDIS_STATUS(*)(PVOID, const UNICODE_STRING *))at;
    start(d);
    return image;
}

void mock_unload(void)
{
    int before;
    for (unsigned i = mock_driver_count; i-- > 0;) {
        struct driver *d = &mock_drivers[i];
        mock_raise_to(PASSIVE_LEVEL, &before);
        d->miniport.UnloadHandler(NULL);
        mock_lower_from(PASSIVE_LEVEL, before);
        if (d->miniport.UnloadHandler || d->protocol.SetOptionsHandler)
            mock_broken("leak", "the driver is still registered");
    }
    mock_kernel_empty();
}

/* ---- An adapter's attributes --------------------------------------------------------------- */

static void set_context(struct adapter *a,
                        const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES *attributes)
{
    mock_check_header(&attributes->Header,
                      NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
                      NDIS_SIZEOF_REGISTRATION_ATTRIBUTES);
    a->context = attributes->MiniportAdapterContext;
    a->registered = a->context != NULL;
    a->flags = attributes->AttributeFlags;
}

static void set_general(struct adapter *a,
                        const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *attributes)
{
    mock_check_header(&attributes->Header, NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
                      NDIS_SIZEOF_GENERAL_ATTRIBUTES);
    a->general = a->registered;
    a->oids = attributes->SupportedOidList;
    a->oid_bytes = attributes->SupportedOidListLength;
    a->mac = 0;
    for (unsigned i = 0; i < attributes->MacAddressLength; i++)
        a->mac =
            a->mac << 8 | (attributes->CurrentMacAddress[i] & attributes->PermanentMacAddress[i]);
}

bool mock_supports(uint32_t oid)
{
    for (unsigned i = 0; i < mock_at->oid_bytes / sizeof *mock_at->oids; i++)
        if (mock_at->oids[i] == oid)
            return true;
    return false;
}

uint64_t mock_mac(void)
{
    return mock_at->mac;
}

bool mock_may_be_surprised(void)
{
    return mock_at->flags & NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK;
}

static void set_offload(struct adapter *a,
                        const NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES *attributes)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *has = attributes->TcpConnectionOffloadHardwareCapabilities,
                                      *is = attributes->DefaultTcpConnectionOffloadConfiguration;
    mock_check_header(&attributes->Header, NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES,
                      sizeof *attributes);
    mock_check_header(&has->Header, NDIS_OBJECT_TYPE_DEFAULT, sizeof *has);
    mock_check_header(&is->Header, NDIS_OBJECT_TYPE_DEFAULT, sizeof *is);
    a->capabilities = *has;
    a->current = *is;
    a->offload = has->Encapsulation != 0 && has->TcpConnectionOffloadCapacity != 0;
}

NDIS_STATUS NdisMSetMiniportAttributes(NDIS_HANDLE adapter, const void *attributes)
{
    MOCK_TURN;
    const NDIS_OBJECT_HEADER *header = attributes;
    struct adapter *a = mock_adapter_of(adapter, "attributes");
    switch (header->Type) {
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
        set_context(a, attributes);
        return NDIS_STATUS_SUCCESS;
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
        set_general(a, attributes);
        return NDIS_STATUS_SUCCESS;
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES:
        set_offload(a, attributes);
        return NDIS_STATUS_SUCCESS;
    default:
        return NDIS_STATUS_NOT_SUPPORTED;
    }
}

NDIS_STATUS NdisMGetOffloadHandlers(NDIS_HANDLE adapter, int type,
                                    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS **handlers)
{
    MOCK_TURN;
    const struct adapter *a = mock_adapter_of(adapter, "handlers");
    *handlers = mock_is_lower(a) ? &mock_lower_event_handlers : &mock_event_handlers;
    return type == NdisTcpChimneyOffload ? NDIS_STATUS_SUCCESS : NDIS_STATUS_NOT_SUPPORTED;
}

uint32_t mock_capacity(void)
{
    return mock_at->capabilities.TcpConnectionOffloadCapacity;
}

struct mock_offer mock_offer(void)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *has = &mock_at->capabilities, *is = &mock_at->current;
    return (struct mock_offer){.connections = has->TcpConnectionOffloadCapacity,
                               .ipv4 = has->SupportIPv4,
                               .ipv6 = has->SupportIPv6,
                               .sack = has->SupportSack,
                               .told = mock_at->capabilities_told,
                               .is_current = memcmp(has, is, sizeof *has) == 0};
}

uint32_t mock_offered(void)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *can = &mock_at->capabilities, *does = &mock_at->current;
    return (can->SupportIPv4 & does->SupportIPv4) | (can->SupportIPv6 & does->SupportIPv6) << 1;
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
    MOCK_TURN;
    const struct driver *d = mock_intermediate();
    const bool protocol = d && object->NdisHandle == &d->protocol;
    if (!protocol)
        mock_adapter_of(object->NdisHandle, "configuration");
    *configuration = protocol ? (void *)upper_binding : registry;
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
    MOCK_TURN;
    static NDIS_CONFIGURATION_PARAMETER found;
    *status = NDIS_STATUS_FAILURE;
    if (configuration == upper_binding && type == NdisParameterString &&
        same(keyword, "UpperBindings")) {
        found = (NDIS_CONFIGURATION_PARAMETER){type, {.StringData = mock_upper_binding}};
        *parameter = &found;
        *status = NDIS_STATUS_SUCCESS;
    }
    for (unsigned i = 0; configuration == registry && i < keys; i++)
        if (type == NdisParameterInteger && same(keyword, registry[i].key)) {
            found = (NDIS_CONFIGURATION_PARAMETER){type, {.IntegerData = registry[i].value}};
            *parameter = &found;
            *status = NDIS_STATUS_SUCCESS;
        }
}

void NdisCloseConfiguration(NDIS_HANDLE configuration)
{
    MOCK_TURN;
    (void)configuration;
}

/* ---- Timers -------------------------------------------------------------------------------- */

NDIS_STATUS NdisAllocateTimerObject(NDIS_HANDLE adapter, const NDIS_TIMER_CHARACTERISTICS *timer,
                                    NDIS_HANDLE *object)
{
    MOCK_TURN;
    (void)adapter;
    mock_check_header(&timer->Header, NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, sizeof *timer);
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
    MOCK_TURN;
    struct mock_timer *t = timer;
    t->due = mock_now() + (uint64_t)(-due / 10000);
    t->period_ms = (uint32_t)period_ms;
    t->context = context ? context : t->context;
    return 0;
}

BOOLEAN NdisCancelTimerObject(NDIS_HANDLE timer)
{
    MOCK_TURN;
    const bool was = ((struct mock_timer *)timer)->due != 0;
    ((struct mock_timer *)timer)->due = 0;
    return was;
}

void NdisFreeTimerObject(NDIS_HANDLE timer)
{
    MOCK_TURN;
    if (((struct mock_timer *)timer)->due)
        mock_broken("timer", "freed, and still set");
    ((struct mock_timer *)timer)->used = false;
}

void NdisGetSystemUpTimeEx(int64_t *ms)
{
    MOCK_TURN;
    *ms = (int64_t)mock_now();
}
