/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol's edge: lower drivers that come and go, and what they say of themselves. */
#include "im.h"

enum {
    MEDIUM_802_3 = 0,
    STATUS_PAUSE = 0x40020001,
    STATUS_UPLOAD_ALL = 0x40020002,
    STATUS_RESUME = 0x40020003
};

/* The name of the service in the .inf, too: NDIS wants one name for both. */
static const uint16_t protocol_name[] = u"flue_im", upper_bindings[] = u"UpperBindings";
#define NAME(text)                             \
    {                                          \
        sizeof(text) - 2, sizeof(text), (text) \
    }

/* ---- Bind, unbind -------------------------------------------------------------------------- */

static NDIS_STATUS open_binding(struct lower *lower, NDIS_HANDLE bind)
{
    static const int media[] = {MEDIUM_802_3};
    const UNICODE_STRING name = {0};
    uint32_t selected;
    const NDIS_OPEN_PARAMETERS parameters = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, 1, sizeof parameters},
        .AdapterName = &name,
        .MediumArray = media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &selected,
    };
    KeInitializeEvent(&lower->event, NotificationEvent, 0);
    NDIS_STATUS status =
        NdisOpenAdapterEx(protocol_handle, lower, &parameters, bind, &lower->binding);
    if (status == NDIS_STATUS_PENDING) {
        KeWaitForSingleObject(&lower->event, Executive, KernelMode, 0, NULL);
        status = lower->status;
    }
    if (status != NDIS_STATUS_SUCCESS)
        lower->binding = NULL;
    return status;
}

static void close_binding(struct lower *lower)
{
    KeInitializeEvent(&lower->event, NotificationEvent, 0);
    if (NdisCloseAdapterEx(lower->binding) == NDIS_STATUS_PENDING)
        KeWaitForSingleObject(&lower->event, Executive, KernelMode, 0, NULL);
    capabilities_forget(lower);
    lower->binding = NULL;
}

/* The virtual adapter's device name is made when it is installed, and put into the registry. */
static NDIS_STATUS initialize(struct im *im)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, 1, sizeof object},
        .NdisHandle = protocol_handle};
    const UNICODE_STRING key = NAME(upper_bindings);
    NDIS_CONFIGURATION_PARAMETER *name;
    NDIS_HANDLE from;
    if (im->handle)
        return NDIS_STATUS_SUCCESS;
    NDIS_STATUS status = NdisOpenConfigurationEx(&object, &from);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    NdisReadConfiguration(&status, &name, from, &key, NdisParameterString);
    if (status == NDIS_STATUS_SUCCESS)
        status =
            NdisIMInitializeDeviceInstanceEx(driver_handle, &name->ParameterData.StringData, im);
    NdisCloseConfiguration(from);
    return status;
}

static NDIS_STATUS bind_adapter(NDIS_HANDLE context, NDIS_HANDLE bind,
                                const NDIS_BIND_PARAMETERS *parameters)
{
    struct im *im = adapter_open();
    uint8_t l = 0;
    (void)context;
    (void)parameters;
    while (im && l < LOWERS && im->lowers[l].binding)
        l++;
    if (!im || l == LOWERS)
        return NDIS_STATUS_RESOURCES;
    struct lower *lower = &im->lowers[l];
    lower->im = im;
    atomic_store(&lower->paused, false);
    atomic_store(&lower->failed, false);
    NDIS_STATUS status = open_binding(lower, bind);
    if (status == NDIS_STATUS_SUCCESS) {
        status = capabilities_ask(lower);
        if (status == NDIS_STATUS_SUCCESS)
            status = initialize(im);
        if (status != NDIS_STATUS_SUCCESS)
            close_binding(lower);
    }
    atomic_store(&lower->bound, status == NDIS_STATUS_SUCCESS);
    if (status == NDIS_STATUS_SUCCESS)
        poll_soon(im);
    else
        adapter_close();
    return status;
}

/* The DPC sees that the host takes back what it has; this one waits for it, at PASSIVE_LEVEL. */
static NDIS_STATUS unbind_adapter(NDIS_HANDLE unbind, NDIS_HANDLE binding_context)
{
    struct lower *lower = binding_context;
    struct im *im = lower->im;
    (void)unbind;
    if (im->handle) {
        KeInitializeEvent(&lower->event, NotificationEvent, 0);
        atomic_store(&lower->unbinding, UNBIND_ASKED);
        atomic_store(&lower->failed, true);
        poll_soon(im);
        KeWaitForSingleObject(&lower->event, Executive, KernelMode, 0, NULL);
    }
    atomic_store(&lower->bound, false);
    close_binding(lower);
    atomic_store(&lower->unbinding, UNBIND_NOT);
    adapter_close();
    return NDIS_STATUS_SUCCESS;
}

/* What could not be given back goes with the binding. */
void lower_follow(struct im *im)
{
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct lower *lower = &im->lowers[l];
        if (atomic_load(&lower->unbinding) != UNBIND_ASKED || lower->member || lower->calls ||
            im->orphans || atomic_load(&lower->lent) || atomic_load(&lower->asked))
            continue;
        entries_forget(im, l);
        atomic_store(&lower->unbinding, UNBIND_ANSWERED); /* once: the event is used again */
        KeSetEvent(&lower->event, 0, 0);
    }
}

static void opened(NDIS_HANDLE binding_context, NDIS_STATUS status)
{
    struct lower *lower = binding_context;
    lower->status = status;
    KeSetEvent(&lower->event, 0, 0);
}

static void closed(NDIS_HANDLE binding_context)
{
    KeSetEvent(&((struct lower *)binding_context)->event, 0, 0);
}

static void asked(NDIS_HANDLE binding_context, NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    struct lower *lower = binding_context;
    if (request == &lower->request)
        requests_answered(lower, status);
    else
        opened(binding_context, status);
}

/* ---- What a lower driver says -------------------------------------------------------------- */

static void completed(NDIS_HANDLE binding_context, struct chimney_node_protocol *root)
{
    calls_completed(((struct lower *)binding_context)->im, root);
}

static void status(NDIS_HANDLE binding_context, struct chimney_status_indication *indication)
{
    struct lower *lower = binding_context;
    switch (indication->StatusCode) {
    case STATUS_PAUSE:
        atomic_store(&lower->paused, true);
        break;
    case STATUS_UPLOAD_ALL:
        atomic_store(&lower->failed, true);
        break;
    case STATUS_RESUME:
        capabilities_heard(lower, indication);
        atomic_store(&lower->paused, false);
        atomic_store(&lower->failed, atomic_load(&lower->unbinding) != UNBIND_NOT);
        break;
    default:
        return;
    }
    poll_soon(lower->im);
}

/* ---- Registration -------------------------------------------------------------------------- */

static NDIS_STATUS net_event(NDIS_HANDLE binding_context, NET_PNP_EVENT_NOTIFICATION *event)
{
    (void)binding_context;
    (void)event;
    return NDIS_STATUS_SUCCESS;
}

/* Frames: nothing was sent, nothing is kept. */
static void received(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists, ULONG port, ULONG count,
                     ULONG flags)
{
    (void)binding_context;
    (void)lists;
    (void)port;
    (void)count;
    (void)flags;
}

static void sent(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)binding_context;
    (void)lists;
    (void)flags;
}

static NDIS_STATUS set_options(NDIS_HANDLE protocol, NDIS_HANDLE context)
{
    static const NDIS_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS generic = {
        .Header = {NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS, 1,
                   sizeof generic},
        .InitiateOffloadCompleteHandler = completed,
        .TerminateOffloadCompleteHandler = completed,
        .UpdateOffloadCompleteHandler = completed,
        .InvalidateOffloadCompleteHandler = completed,
        .QueryOffloadCompleteHandler = completed,
        .IndicateOffloadEventHandler = events_of_neighbor,
    };
    static const NDIS_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS tcp = {
        .Header = {NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS, 1, sizeof tcp},
        .OffloadType = NdisTcpChimneyOffload,
        .TcpOffloadSendCompleteHandler = data_sent,
        .TcpOffloadReceiveCompleteHandler = data_filled,
        .TcpOffloadDisconnectCompleteHandler = data_disconnected,
        .TcpOffloadForwardCompleteHandler = data_forwarded,
        .TcpOffloadEventHandler = events_of_tcp,
        .TcpOffloadReceiveIndicateHandler = data_received,
    };
    (void)context;
    const NDIS_STATUS first = NdisSetOptionalHandlers(protocol, &generic);
    return first == NDIS_STATUS_SUCCESS ? NdisSetOptionalHandlers(protocol, &tcp) : first;
}

NDIS_STATUS lower_register(void)
{
    const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS, 1, sizeof characteristics},
        .MajorNdisVersion = 6,
        .MinorDriverVersion = 1,
        .Name = NAME(protocol_name),
        .SetOptionsHandler = set_options,
        .BindAdapterHandlerEx = bind_adapter,
        .UnbindAdapterHandlerEx = unbind_adapter,
        .OpenAdapterCompleteHandlerEx = opened,
        .CloseAdapterCompleteHandlerEx = closed,
        .NetPnPEventHandler = net_event,
        .OidRequestCompleteHandler = asked,
        .StatusHandlerEx = status,
        .ReceiveNetBufferListsHandler = received,
        .SendNetBufferListsCompleteHandler = sent,
    };
    const NDIS_STATUS status_of =
        NdisRegisterProtocolDriver(NULL, &characteristics, &protocol_handle);
    if (status_of == NDIS_STATUS_SUCCESS)
        NdisIMAssociateMiniport(driver_handle, protocol_handle);
    return status_of;
}

void lower_unregister(void)
{
    NdisDeregisterProtocolDriver(protocol_handle);
}
