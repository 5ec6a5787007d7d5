/* SPDX-License-Identifier: BSD-2-Clause */
/* What an adapter says of itself; numbers from its key in the registry. */
#include "registration.h"

#include "general.h"

enum {
    MEDIUM_802_3 = 0,
    PHYSICAL_MEDIUM_802_3 = 14,
    CONNECTED = 1,
    FULL_DUPLEX = 2,
    ACCESS_BROADCAST = 2,
    DIRECTION_BOTH = 0,
    CONNECTION_DEDICATED = 1,
    IF_ETHERNET = 6,
    FILTERS = 0xf, /* directed, multicast, all multicast, broadcast */
    PAUSE_UNSUPPORTED = 1,
    MTU = 1500,
    TICKS_PER_SECOND = 1000, /* as NDIS tells the time, and the default of the host */
    MAC_BYTES = 6
};
#define LINK_SPEED 10000000000u

NDIS_STATUS registration_context(NDIS_HANDLE adapter, NDIS_HANDLE context)
{
    const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES, 1,
                   NDIS_SIZEOF_REGISTRATION_ATTRIBUTES},
        .MiniportAdapterContext = context,
        .AttributeFlags =
            NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK | NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
    };
    return NdisMSetMiniportAttributes(adapter, &attributes);
}

NDIS_STATUS registration_general(NDIS_HANDLE adapter, UCHAR last_of_mac, const ULONG *oids,
                                 ULONG oid_bytes)
{
    const UCHAR mac[MAC_BYTES] = {0x02, 0xf1, 0x0e, 0, 0, last_of_mac};
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES, 1,
                   NDIS_SIZEOF_GENERAL_ATTRIBUTES},
        .MediaType = MEDIUM_802_3,
        .PhysicalMediumType = PHYSICAL_MEDIUM_802_3,
        .MtuSize = MTU,
        .MaxXmitLinkSpeed = LINK_SPEED,
        .XmitLinkSpeed = LINK_SPEED,
        .MaxRcvLinkSpeed = LINK_SPEED,
        .RcvLinkSpeed = LINK_SPEED,
        .MediaConnectState = CONNECTED,
        .MediaDuplexState = FULL_DUPLEX,
        .LookaheadSize = MTU,
        .SupportedPacketFilters = FILTERS,
        .MaxMulticastListSize = 32,
        .MacAddressLength = MAC_BYTES,
        .AccessType = ACCESS_BROADCAST,
        .DirectionType = DIRECTION_BOTH,
        .ConnectionType = CONNECTION_DEDICATED,
        .IfType = IF_ETHERNET,
        .IfConnectorPresent = 0,
        .SupportedStatistics = NDIS_STATISTICS_OF_FRAMES,
        .SupportedPauseFunctions = PAUSE_UNSUPPORTED,
        .SupportedOidList = oids,
        .SupportedOidListLength = oid_bytes,
    };
    for (unsigned i = 0; i < MAC_BYTES; i++)
        attributes.PermanentMacAddress[i] = attributes.CurrentMacAddress[i] = mac[i];
    return NdisMSetMiniportAttributes(adapter, &attributes);
}

void registration_capabilities(NDIS_TCP_CONNECTION_OFFLOAD *capabilities, uint32_t connections)
{
    *capabilities = (NDIS_TCP_CONNECTION_OFFLOAD){
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof *capabilities},
        .Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3,
        .SupportIPv4 = NDIS_OFFLOAD_SUPPORTED,
        .SupportIPv6 = NDIS_OFFLOAD_SUPPORTED,
        .SupportSack = NDIS_OFFLOAD_SUPPORTED,
        .TcpConnectionOffloadCapacity = connections,
    };
}

NDIS_STATUS registration_offered(NDIS_HANDLE adapter, const NDIS_TCP_CONNECTION_OFFLOAD *hardware,
                                 const NDIS_TCP_CONNECTION_OFFLOAD *offered)
{
    const NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES, 1, sizeof attributes},
        .DefaultTcpConnectionOffloadConfiguration = offered,
        .TcpConnectionOffloadHardwareCapabilities = hardware,
    };
    return NdisMSetMiniportAttributes(adapter, &attributes);
}

NDIS_STATUS registration_offload(NDIS_HANDLE adapter, NDIS_TCP_CONNECTION_OFFLOAD *capabilities,
                                 uint32_t connections)
{
    registration_capabilities(capabilities, connections);
    return registration_offered(adapter, capabilities, capabilities);
}

NDIS_STATUS registration_parameters(NDIS_OID_REQUEST *request, uint32_t *nce_stale_ticks)
{
    const NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS *says =
        request->DATA.INFORMATION.InformationBuffer;
    const NDIS_STATUS status = general_check(request, NDIS_OBJECT_TYPE_DEFAULT, sizeof *says);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (says->TicksPerSecond != TICKS_PER_SECOND)
        return NDIS_STATUS_INVALID_DATA;
    *nce_stale_ticks = says->NceStaleTicks;
    return NDIS_STATUS_SUCCESS;
}

void registration_number(NDIS_HANDLE configuration, UNICODE_STRING keyword, uint32_t least,
                         uint32_t most, uint32_t *value)
{
    NDIS_CONFIGURATION_PARAMETER *parameter;
    NDIS_STATUS status;
    NdisReadConfiguration(&status, &parameter, configuration, &keyword, NdisParameterInteger);
    if (status != NDIS_STATUS_SUCCESS || parameter->ParameterType != NdisParameterInteger)
        return;
    if (parameter->ParameterData.IntegerData >= least &&
        parameter->ParameterData.IntegerData <= most)
        *value = parameter->ParameterData.IntegerData;
}
