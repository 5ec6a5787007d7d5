/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host is offered: of each service what all lower drivers have, and the least of their
 * capacities, since a connection may move from any to any other. It changes when a lower driver
 * comes, goes, or resumes with other capabilities. Then the host is paused, told, and resumed;
 * nothing is taken back, since a lower driver is used only from a moment on at which nothing is
 * offloaded.
 */
#include "im.h"

enum { IPV4 = 1, IPV6 = 2, IPV6_EXTENSIONS = 4, SACK = 8 };
enum { STATUS_HARDWARE_CAPABILITIES = 0x4002000b, ALL = 0xffff };

/* ---- Below --------------------------------------------------------------------------------- */

static struct offer offer_of(const NDIS_TCP_CONNECTION_OFFLOAD *has)
{
    return (struct offer){
        .connections = has->TcpConnectionOffloadCapacity,
        .encapsulation = (uint16_t)has->Encapsulation,
        .services =
            (has->SupportIPv4 == NDIS_OFFLOAD_SUPPORTED ? IPV4 : 0) |
            (has->SupportIPv6 == NDIS_OFFLOAD_SUPPORTED ? IPV6 : 0) |
            (has->SupportIPv6ExtensionHeaders == NDIS_OFFLOAD_SUPPORTED ? IPV6_EXTENSIONS : 0) |
            (has->SupportSack == NDIS_OFFLOAD_SUPPORTED ? SACK : 0),
    };
}

NDIS_STATUS capabilities_ask(struct lower *lower)
{
    NDIS_TCP_CONNECTION_OFFLOAD has = {0};
    NDIS_OID_REQUEST request = {.Header = {NDIS_OBJECT_TYPE_OID_REQUEST, 1, sizeof request},
                                .RequestType = NdisRequestQueryInformation};
    request.DATA.INFORMATION.Oid = OID_TCP_CONNECTION_OFFLOAD_HARDWARE_CAPABILITIES;
    request.DATA.INFORMATION.InformationBuffer = &has;
    request.DATA.INFORMATION.InformationBufferLength = sizeof has;
    NDIS_STATUS status = NdisOidRequest(lower->binding, &request);
    if (status == NDIS_STATUS_PENDING) {
        KeWaitForSingleObject(&lower->event, Executive, KernelMode, 0, NULL);
        status = lower->status;
    }
    if (status != NDIS_STATUS_SUCCESS || !has.TcpConnectionOffloadCapacity)
        return NDIS_STATUS_NOT_SUPPORTED;
    atomic_store(&lower->has, offer_of(&has));
    return NDIS_STATUS_SUCCESS;
}

void capabilities_heard(struct lower *lower, const struct chimney_status_indication *indication)
{
    const NDIS_TCP_CONNECTION_OFFLOAD *has = indication->StatusBuffer;
    if (has && indication->StatusBufferSize >= sizeof *has)
        atomic_store(&lower->has, offer_of(has));
}

void capabilities_forget(struct lower *lower)
{
    atomic_store(&lower->has, (struct offer){0});
}

/* ---- Above --------------------------------------------------------------------------------- */

static void narrow(struct offer *all, struct offer has)
{
    if (has.connections < all->connections)
        all->connections = has.connections;
    all->encapsulation &= has.encapsulation;
    all->services &= has.services;
}

/* One that is about to leave does not count; without any, there is nothing to offer. */
static struct offer offer(const struct im *im)
{
    struct offer all = {im->capacity[CHIMNEY_TCP], ALL, ALL};
    bool any = false;
    for (uint8_t l = 0; l < LOWERS; l++) {
        const struct lower *lower = &im->lowers[l];
        const struct offer has = atomic_load(&lower->has);
        if (!has.connections || atomic_load(&lower->unbinding) != UNBIND_NOT)
            continue;
        narrow(&all, has);
        any = true;
    }
    return any ? all : (struct offer){0};
}

void capabilities_offer(const struct im *im, NDIS_TCP_CONNECTION_OFFLOAD *offered)
{
    const struct offer all = offer(im);
    *offered = (NDIS_TCP_CONNECTION_OFFLOAD){
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof *offered},
        .Encapsulation = all.encapsulation,
        .SupportIPv4 = all.services & IPV4 ? NDIS_OFFLOAD_SUPPORTED : 0,
        .SupportIPv6 = all.services & IPV6 ? NDIS_OFFLOAD_SUPPORTED : 0,
        .SupportIPv6ExtensionHeaders = all.services & IPV6_EXTENSIONS ? NDIS_OFFLOAD_SUPPORTED : 0,
        .SupportSack = all.services & SACK ? NDIS_OFFLOAD_SUPPORTED : 0,
        .TcpConnectionOffloadCapacity = all.connections,
    };
}

static void indicate(struct im *im)
{
    struct chimney_status_indication indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, 1, sizeof indication},
        .SourceHandle = im->handle,
        .StatusCode = STATUS_HARDWARE_CAPABILITIES,
        .StatusBuffer = &im->capabilities,
        .StatusBufferSize = sizeof im->capabilities,
    };
    NdisMIndicateStatusEx(im->handle, &indication);
}

bool capabilities_changed(struct im *im)
{
    const struct offer all = offer(im), known = offer_of(&im->capabilities);
    if (all.connections == known.connections && all.encapsulation == known.encapsulation &&
        all.services == known.services)
        return false;
    if (!im->host_waits)
        return true;
    capabilities_offer(im, &im->capabilities);
    indicate(im);
    return false;
}
