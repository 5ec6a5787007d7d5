/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which connections the adapter offers to take: of IPv4, of IPv6. The registry says so first, then
 * OID_TCP_OFFLOAD_PARAMETERS. A change is what the documentation makes of it: the host is asked to
 * wait, and to take back what it has offloaded; then to go on, by what is offered now.
 */
#include "adapter.h"

static bool is_valid(const NDIS_OFFLOAD_PARAMETERS *says)
{
    const NDIS_OFFLOAD_PARAMETERS most = {
        .IPv4Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .TCPIPv4Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .UDPIPv4Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .TCPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .UDPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .LsoV1 = NDIS_OFFLOAD_PARAMETERS_LSOV1_ENABLED,
        .IPsecV1 = NDIS_OFFLOAD_PARAMETERS_IPSECV1_AH_AND_ESP_ENABLED,
        .LsoV2IPv4 = NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED,
        .LsoV2IPv6 = NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED,
        .TcpConnectionIPv4 = NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_ENABLED,
        .TcpConnectionIPv6 = NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_ENABLED,
    };
    enum { FIRST = offsetof(NDIS_OFFLOAD_PARAMETERS, IPv4Checksum) };
    for (size_t i = FIRST; i <= offsetof(NDIS_OFFLOAD_PARAMETERS, TcpConnectionIPv6); i++)
        if (((const UCHAR *)says)[i] > ((const UCHAR *)&most)[i])
            return false;
    return true;
}

static void offer(struct adapter *a, uint8_t variant, UCHAR asked)
{
    const bool enabled = asked == NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_ENABLED;
    if (asked == NDIS_OFFLOAD_PARAMETERS_NO_CHANGE || a->offers[variant] == enabled)
        return;
    a->offers[variant] = enabled;
    a->change = OFFERS_CHANGED;
}

void offers_capabilities(struct adapter *a)
{
    a->capabilities = a->hardware;
    a->capabilities.SupportIPv4 = a->offers[CHIMNEY_VARIANT_IPV4] != 0;
    a->capabilities.SupportIPv6 = a->offers[CHIMNEY_VARIANT_IPV6] != 0;
}

/* What it says of tasks is for NICs that have some: nothing changes. */
NDIS_STATUS offers_set(struct adapter *a, NDIS_OID_REQUEST *request)
{
    const NDIS_OFFLOAD_PARAMETERS *says = request->DATA.INFORMATION.InformationBuffer;
    const NDIS_STATUS status = general_check(request, NDIS_OBJECT_TYPE_DEFAULT, sizeof *says);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!is_valid(says))
        return NDIS_STATUS_INVALID_DATA;
    offer(a, CHIMNEY_VARIANT_IPV4, says->TcpConnectionIPv4);
    offer(a, CHIMNEY_VARIANT_IPV6, says->TcpConnectionIPv6);
    offers_capabilities(a);
    poll_soon(a);
    return NDIS_STATUS_SUCCESS;
}

/* Those that are on their way count, too. */
static bool has_connections(struct adapter *a)
{
    const struct flue_stats *stats = flue_target_stats(&a->nic->target.flue);
    bool any = stats->requests[CHIMNEY_INITIATE] != stats->completions[CHIMNEY_INITIATE];
    for (uint32_t i = 0; !any && i < a->nic->target.flue.config.capacity[CHIMNEY_TCP]; i++)
        any = nic_connection(a->nic, i).present;
    return any;
}

bool offers_change(struct adapter *a)
{
    if (a->change == OFFERS_STAND)
        return false;
    if (!a->host_waits) /* what it takes back it might offload at once */
        return true;
    if (!has_connections(a))
        a->change = OFFERS_STAND;
    else if (a->change == OFFERS_CHANGED && chimney_upload_all(&a->nic->target))
        a->change = OFFERS_UPLOADED;
    return a->change != OFFERS_STAND;
}
