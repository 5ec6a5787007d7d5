/* SPDX-License-Identifier: BSD-2-Clause */
/* What a miniport says unasked, to the host or to the driver above. */
#include "ndis.h"

enum {
    ABORT = 4,
    PAUSE = 0x40020001,
    UPLOAD_ALL = 0x40020002,
    RESUME = 0x40020003,
    HARDWARE_CAPABILITIES = 0x4002000b
};

/* ---- Indications --------------------------------------------------------------------------- */

void NdisMOffloadEventIndicate(void *driver, struct chimney_node *node, uint32_t code)
{
    MOCK_TURN;
    const struct driver *d = mock_driver_of(driver, "an event");
    if (mock_adapters[0].driver == d) {
        mock_called(&mock_adapters[0], "NdisMOffloadEventIndicate");
        const struct mock_host *host = &mock_adapters[0].host;
        host->indications->NdisMOffloadEventIndicate(host->handle, node, code);
        return;
    }
    const struct adapter *a = objects_adapter(node->NdisOffloadHandle, "an event");
    mock_called(a, "NdisMOffloadEventIndicate");
    mock_driver_begins();
    mock_intermediate()->client.IndicateOffloadEventHandler(a->bound_context, (void *)node, code);
    mock_driver_ends();
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

/* It is configured as it resumes; what its hardware can, only one above others may say later. */
static void keep_capabilities(struct adapter *a, const struct chimney_status_indication *indication)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *says = indication->StatusBuffer;
    if (!says || indication->StatusBufferSize != sizeof *says)
        mock_broken("header", "capabilities of %u bytes", indication->StatusBufferSize);
    mock_check_header(&says->Header, NDIS_OBJECT_TYPE_DEFAULT, sizeof *says);
    if (indication->StatusCode == RESUME) {
        a->current = *says;
        return;
    }
    if (!a->host_waits)
        mock_broken("order", "other capabilities, and the host does not wait");
    a->capabilities = *says;
    a->capabilities_told++;
}

/* One that was changed by the harness says so. */
static void indicate_below(struct adapter *a, struct chimney_status_indication *indication)
{
    NDIS_TCP_CONNECTION_OFFLOAD says = mock_says(a);
    if (indication->StatusCode == RESUME) {
        indication->StatusBuffer = &says;
        indication->StatusBufferSize = sizeof says;
    }
    mock_driver_begins();
    mock_intermediate()->protocol.StatusHandlerEx(a->bound_context, indication);
    mock_driver_ends();
}

void NdisMIndicateStatusEx(NDIS_HANDLE adapter, struct chimney_status_indication *indication)
{
    MOCK_TURN;
    struct adapter *a = mock_adapter_of(adapter, "a status is indicated");
    mock_called(a, "NdisMIndicateStatusEx");
    if (indication->SourceHandle != adapter)
        mock_broken("handle", "a status is indicated with another than the adapter's");
    check_order(a, indication->StatusCode);
    if (indication->StatusCode == HARDWARE_CAPABILITIES ||
        (indication->StatusCode == RESUME && indication->StatusBuffer))
        keep_capabilities(a, indication);
    if (!mock_is_lower(a) && indication->StatusCode != HARDWARE_CAPABILITIES) {
        a->host.indications->NdisMIndicateStatusEx(a->host.handle, indication);
    } else if (a->bound) {
        indicate_below(a, indication);
    }
}

static void tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    MOCK_TURN;
    mock_called(&mock_adapters[0], "NdisTcpOffloadEventHandler");
    mock_adapters[0].host.indications->NdisTcpOffloadEventHandler(object_handle, code, detail);
}

static void lower_tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    MOCK_TURN;
    mock_called(objects_adapter(object_handle, "an event"), "NdisTcpOffloadEventHandler");
    if (code == ABORT)
        objects_aborted(object_handle);
    mock_driver_begins();
    mock_intermediate()->client_tcp.TcpOffloadEventHandler(object_handle, code, detail);
    mock_driver_ends();
}

#define HANDLERS(event, received)                                                          \
    {                                                                                      \
        .Header = {NdisTcpChimneyOffload, 1, sizeof mock_event_handlers},                  \
        .NdisTcpOffloadEventHandler = (event), .NdisTcpOffloadReceiveHandler = (received), \
        .NdisTcpOffloadSendComplete = mock_send_complete,                                  \
        .NdisTcpOffloadReceiveComplete = mock_receive_complete,                            \
        .NdisTcpOffloadDisconnectComplete = mock_disconnect_complete,                      \
        .NdisTcpOffloadForwardComplete = mock_forward_complete,                            \
    }
const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_event_handlers = HANDLERS(tcp_event, mock_received);
const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_lower_event_handlers =
    HANDLERS(lower_tcp_event, mock_lower_received);
