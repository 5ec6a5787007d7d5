/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol's edge of an intermediate driver: bindings to lower adapters; its own adapter. */
#include <string.h>

#include "ndis.h"

static struct adapter *binding; /* ProtocolBindAdapterEx runs for it */
static bool without_ipv6[LOWERS], refuses_requests[LOWERS];

void mock_lower_ipv6(unsigned lower, bool has)
{
    without_ipv6[lower] = !has;
}

void mock_lower_refuses(unsigned lower, bool refuses)
{
    refuses_requests[lower] = refuses;
}

NDIS_TCP_CONNECTION_OFFLOAD mock_says(const struct adapter *a)
{
    NDIS_TCP_CONNECTION_OFFLOAD says = a->capabilities;
    if (without_ipv6[a - &mock_adapters[1]])
        says.SupportIPv6 = 0;
    return says;
}

bool mock_bind(unsigned lower)
{
    struct driver *d = mock_intermediate();
    struct adapter *a = &mock_adapters[1 + lower];
    int before;
    mock_pool_close(false);
    bool good = mock_initialize_adapter(a, &mock_drivers[mock_driver_count == DRIVERS ? lower : 0]);
    if (good) {
        binding = a;
        mock_raise_to(PASSIVE_LEVEL, &before);
        good = d->protocol.BindAdapterHandlerEx(NULL, a, NULL) == NDIS_STATUS_SUCCESS;
        mock_lower_from(PASSIVE_LEVEL, before);
        binding = NULL;
        if (good != a->bound)
            mock_broken("binding", "bound: %d, and said: %d", a->bound, good);
        if (!good)
            mock_halt_adapter(a);
    }
    mock_pool_close(mock_adapters[0].context != NULL);
    return good;
}

void mock_unbind(unsigned lower)
{
    struct driver *d = mock_intermediate();
    struct adapter *a = &mock_adapters[1 + lower];
    int before;
    mock_raise_to(PASSIVE_LEVEL, &before);
    const NDIS_STATUS status = d->protocol.UnbindAdapterHandlerEx(a, a->bound_context);
    mock_lower_from(PASSIVE_LEVEL, before);
    if (status != NDIS_STATUS_SUCCESS || a->bound)
        mock_broken("binding", "still bound after ProtocolUnbindAdapterEx");
    mock_halt_adapter(a);
}

NDIS_STATUS NdisOpenAdapterEx(NDIS_HANDLE protocol, NDIS_HANDLE binding_context,
                              const NDIS_OPEN_PARAMETERS *parameters, NDIS_HANDLE bind,
                              NDIS_HANDLE *handle)
{
    MOCK_TURN;
    mock_called_passive("NdisOpenAdapterEx");
    mock_check_header(&parameters->Header, NDIS_OBJECT_TYPE_OPEN_PARAMETERS, sizeof *parameters);
    if (protocol != &mock_intermediate()->protocol || bind != binding)
        mock_broken("handle", "of a protocol, or of a bind");
    binding->bound = true;
    binding->bound_context = binding_context;
    *handle = binding;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS NdisCloseAdapterEx(NDIS_HANDLE handle)
{
    MOCK_TURN;
    struct adapter *a = mock_adapter_of(handle, "closed");
    mock_called_passive("NdisCloseAdapterEx");
    if (!a->bound)
        mock_broken("binding", "closed, and was not open");
    if (mock_outstanding_of(a) || a->from_above)
        mock_broken("binding", "closed, and %u calls or a request are out", mock_outstanding_of(a));
    objects_closed(a);
    a->bound = false;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS NdisIMInitializeDeviceInstanceEx(NDIS_HANDLE driver, const UNICODE_STRING *instance,
                                             NDIS_HANDLE context)
{
    MOCK_TURN;
    struct driver *d = mock_driver_of(driver, "an instance");
    (void)context;
    mock_called_passive("NdisIMInitializeDeviceInstanceEx");
    if (!d->associated || mock_adapters[0].driver ||
        instance->Length != mock_upper_binding.Length ||
        memcmp(instance->Buffer, mock_upper_binding.Buffer, instance->Length) != 0)
        mock_broken("binding", "not associated, another's name, or one instance too many");
    return mock_initialize_adapter(&mock_adapters[0], d) ? NDIS_STATUS_SUCCESS
                                                         : NDIS_STATUS_FAILURE;
}

static NDIS_STATUS pass_down(struct adapter *a, NDIS_OID_REQUEST *request)
{
    int before;
    if (a->request)
        mock_broken("busy", "two requests of one adapter");
    a->request = request;
    a->from_above = true;
    mock_enter(a, DISPATCH_LEVEL, &before);
    const NDIS_STATUS status = a->driver->miniport.OidRequestHandler(a->context, request);
    mock_leave(a, DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING) {
        a->request = NULL;
        a->from_above = false;
    }
    return status;
}

/* What NDIS knows of a lower adapter it answers itself. */
NDIS_STATUS NdisOidRequest(NDIS_HANDLE handle, NDIS_OID_REQUEST *request)
{
    MOCK_TURN;
    struct adapter *a = mock_adapter_of(handle, "a request");
    mock_check_header(&request->Header, NDIS_OBJECT_TYPE_OID_REQUEST, sizeof *request);
    if (!a->bound)
        mock_broken("handle", "a request by what is no binding");
    if (request->RequestType != NdisRequestQueryInformation ||
        request->DATA.INFORMATION.Oid != OID_TCP_CONNECTION_OFFLOAD_HARDWARE_CAPABILITIES)
        return refuses_requests[a - &mock_adapters[1]] ? NDIS_STATUS_FAILURE
                                                       : pass_down(a, request);
    const NDIS_TCP_CONNECTION_OFFLOAD says = mock_says(a);
    if (request->DATA.INFORMATION.InformationBufferLength < sizeof says)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    memcpy(request->DATA.INFORMATION.InformationBuffer, &says, sizeof says);
    request->DATA.INFORMATION.BytesDone = sizeof says;
    return NDIS_STATUS_SUCCESS;
}

void *mock_context(void)
{
    return mock_at->context;
}
