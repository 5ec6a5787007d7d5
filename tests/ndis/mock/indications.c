/* SPDX-License-Identifier: BSD-2-Clause */
/* What a miniport says unasked, to the host or to the driver above; and packets. */
#include "ndis.h"

#define UNWRITTEN ((int32_t)0x7eadbeef)

enum { ABORT = 4, PAUSE = 0x40020001, UPLOAD_ALL = 0x40020002, RESUME = 0x40020003 };

/* ---- Indications --------------------------------------------------------------------------- */

void NdisMOffloadEventIndicate(void *driver, struct chimney_node *node, uint32_t code)
{
    const struct driver *d = mock_driver_of(driver, "an event");
    if (mock_adapters[0].driver == d) {
        mock_called(&mock_adapters[0], "NdisMOffloadEventIndicate");
        const struct mock_host *host = &mock_adapters[0].host;
        host->indications->NdisMOffloadEventIndicate(host->handle, node, code);
        return;
    }
    const struct adapter *a = objects_adapter(node->NdisOffloadHandle, "an event");
    mock_called(a, "NdisMOffloadEventIndicate");
    mock_intermediate()->client.IndicateOffloadEventHandler(a->bound_context, (void *)node, code);
}

/* A host that was not asked to wait offloads at once what it was asked to take back. */
static void check_order(struct adapter *a, int32_t code)
{
    const bool intermediate = a->driver->miniport.Flags & NDIS_INTERMEDIATE_DRIVER;
    if ((code == PAUSE && a->host_waits) || (code == RESUME && !a->host_waits) ||
        (code == UPLOAD_ALL && intermediate && !a->host_waits))
        mock_broken("order", "status %08x, %s", (unsigned)code,
                    a->host_waits ? "and the host waits already" : "and the host does not wait");
    if (code == PAUSE || code == RESUME)
        a->host_waits = code == PAUSE;
}

void NdisMIndicateStatusEx(NDIS_HANDLE adapter, struct chimney_status_indication *indication)
{
    struct adapter *a = mock_adapter_of(adapter, "a status is indicated");
    mock_called(a, "NdisMIndicateStatusEx");
    if (indication->SourceHandle != adapter)
        mock_broken("handle", "a status is indicated with another than the adapter's");
    check_order(a, indication->StatusCode);
    if (!mock_is_lower(a))
        a->host.indications->NdisMIndicateStatusEx(a->host.handle, indication);
    else if (a->bound)
        mock_intermediate()->protocol.StatusHandlerEx(a->bound_context, indication);
}

static void tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    mock_called(&mock_adapters[0], "NdisTcpOffloadEventHandler");
    mock_adapters[0].host.indications->NdisTcpOffloadEventHandler(object_handle, code, detail);
}

static void lower_tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    mock_called(objects_adapter(object_handle, "an event"), "NdisTcpOffloadEventHandler");
    if (code == ABORT)
        objects_aborted(object_handle);
    mock_intermediate()->client_tcp.TcpOffloadEventHandler(object_handle, code, detail);
}

/* ---- Packets ------------------------------------------------------------------------------- */

enum { WAYS = 5 };

static uint32_t packets_out[WAYS], packets_back[WAYS];

static void packets_came(unsigned way, NET_BUFFER_LIST *lists)
{
    mock_called(&mock_adapters[0], "a completion of packets");
    for (; lists; lists = lists->Next) {
        if (lists->Status == UNWRITTEN || packets_out[way] == 0)
            mock_broken("packets", "on way %u: %s", way,
                        packets_out[way] ? "no status" : "back, and not sent");
        lists->Status = UNWRITTEN;
        packets_out[way]--;
        packets_back[way]++;
    }
}

uint32_t mock_packets_back(unsigned way)
{
    return packets_back[way];
}

void mock_packets(unsigned way, void *offload_context, void *chain)
{
    int before;
    for (NET_BUFFER_LIST *list = chain; list; list = list->Next) {
        list->Status = UNWRITTEN;
        packets_out[way]++;
    }
    const TCP_OFFLOAD_HANDLER calls[WAYS] = {NULL, mock_at->driver->tcp.TcpOffloadSendHandler,
                                             mock_at->driver->tcp.TcpOffloadReceiveHandler, NULL,
                                             mock_at->driver->tcp.TcpOffloadForwardHandler};
    NDIS_STATUS status = NDIS_STATUS_PENDING;
    mock_enter(mock_at, DISPATCH_LEVEL, &before);
    if (way == 0)
        mock_at->driver->miniport.SendNetBufferListsHandler(mock_at->context, chain, 0, 0);
    else if (way == 3)
        status = mock_at->driver->tcp.TcpOffloadDisconnectHandler(mock_at->context, offload_context,
                                                                  chain, 0);
    else
        status = calls[way](mock_at->context, offload_context, chain);
    mock_leave(mock_at, DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock_broken("packets", "way %u returned %08x", way, (unsigned)status);
}

const void *mock_transfer_handler(uint8_t transfer)
{
    const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS *tcp = &mock_at->driver->tcp;
    const uintptr_t handlers[] = {
        [CHIMNEY_TRANSFER_TCP_SEND] = (uintptr_t)tcp->TcpOffloadSendHandler,
        [CHIMNEY_TRANSFER_TCP_DISCONNECT] = (uintptr_t)tcp->TcpOffloadDisconnectHandler,
        [CHIMNEY_TRANSFER_TCP_RECEIVE] = (uintptr_t)tcp->TcpOffloadReceiveHandler,
        [CHIMNEY_TRANSFER_TCP_FORWARD] = (uintptr_t)tcp->TcpOffloadForwardHandler,
        [CHIMNEY_TRANSFER_TCP_RECEIVE_RETURN] = (uintptr_t)tcp->TcpOffloadReceiveReturnHandler,
    };
    return (const void *)handlers[transfer];
}

void NdisMSendNetBufferListsComplete(NDIS_HANDLE adapter, NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)flags;
    mock_adapter_of(adapter, "packets");
    packets_came(0, lists);
}

#define PACKETS_COMPLETE(name, way)                              \
    static void name(NDIS_HANDLE driver, NET_BUFFER_LIST *lists) \
    {                                                            \
        mock_driver_of(driver, "packets");                       \
        packets_came(way, lists);                                \
    }
PACKETS_COMPLETE(send_complete, 1)
PACKETS_COMPLETE(receive_complete, 2)
PACKETS_COMPLETE(disconnect_complete, 3)
PACKETS_COMPLETE(forward_complete, 4)

#define HANDLERS(event)                                                                     \
    {                                                                                       \
        .Header = {NdisTcpChimneyOffload, 1, sizeof mock_event_handlers},                   \
        .NdisTcpOffloadEventHandler = (event), .NdisTcpOffloadSendComplete = send_complete, \
        .NdisTcpOffloadReceiveComplete = receive_complete,                                  \
        .NdisTcpOffloadDisconnectComplete = disconnect_complete,                            \
        .NdisTcpOffloadForwardComplete = forward_complete,                                  \
    }
const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_event_handlers = HANDLERS(tcp_event);
const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_lower_event_handlers = HANDLERS(lower_tcp_event);
