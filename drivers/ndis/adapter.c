/* SPDX-License-Identifier: BSD-2-Clause */
/* An adapter's begin and end. Both at PASSIVE_LEVEL; all memory is taken and given back here. */
#include <stdlib.h>

#include "adapter.h"

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
    TIMER_MS = 10, /* a tenth of the shortest time that a command is given */
    MAC_BYTES = 6
};
#define LINK_SPEED 10000000000u
#define TIMER_FIRST (-TIMER_MS * INT64_C(10000)) /* relative, in 100 ns */

static NDIS_STATUS register_context(struct adapter *a)
{
    const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES, 1,
                   NDIS_SIZEOF_REGISTRATION_ATTRIBUTES},
        .MiniportAdapterContext = a->nic,
        .AttributeFlags =
            NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK | NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
    };
    return NdisMSetMiniportAttributes(a->handle, &attributes);
}

static NDIS_STATUS register_general(const struct adapter *a)
{
    static const UCHAR mac[MAC_BYTES] = {0x02, 0xf1, 0x0e, 0, 0, 1};
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
        .SupportedPauseFunctions = PAUSE_UNSUPPORTED,
        .SupportedOidList = oid_list,
        .SupportedOidListLength = oid_list_bytes,
    };
    for (unsigned i = 0; i < MAC_BYTES; i++)
        attributes.PermanentMacAddress[i] = attributes.CurrentMacAddress[i] = mac[i];
    return NdisMSetMiniportAttributes(a->handle, &attributes);
}

static NDIS_STATUS register_offload(struct adapter *a, uint32_t connections)
{
    a->capabilities = (NDIS_TCP_CONNECTION_OFFLOAD){
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof a->capabilities},
        .Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3,
        .SupportIPv4 = NDIS_OFFLOAD_SUPPORTED,
        .SupportIPv6 = NDIS_OFFLOAD_SUPPORTED,
        .SupportSack = NDIS_OFFLOAD_SUPPORTED,
        .TcpConnectionOffloadCapacity = connections,
    };
    const NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES, 1, sizeof attributes},
        .DefaultTcpConnectionOffloadConfiguration = &a->capabilities,
        .TcpConnectionOffloadHardwareCapabilities = &a->capabilities,
    };
    return NdisMSetMiniportAttributes(a->handle, &attributes);
}

/* Nothing of ours stands between: what the target calls are NDIS's own functions. */
static NDIS_STATUS make_tables(struct adapter *a)
{
    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp;
    a->completions = (struct chimney_completions){
        .initiate = NdisMInitiateOffloadComplete,
        .update = NdisMUpdateOffloadComplete,
        .query = NdisMQueryOffloadStateComplete,
        .invalidate = NdisMInvalidateOffloadComplete,
        .terminate = NdisMTerminateOffloadComplete,
    };
    if (NdisMGetOffloadHandlers(a->handle, NdisTcpChimneyOffload, &tcp) != NDIS_STATUS_SUCCESS ||
        tcp->Header.Type != NdisTcpChimneyOffload || tcp->Header.Size < sizeof a->tcp)
        return NDIS_STATUS_NOT_SUPPORTED;
    a->tcp = *tcp;
    a->indications = (struct chimney_indications){
        .NdisTcpOffloadEventHandler = tcp->NdisTcpOffloadEventHandler,
        .NdisMOffloadEventIndicate = NdisMOffloadEventIndicate,
        .NdisMIndicateStatusEx = poll_status,
    };
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS open_nic(struct adapter *a, struct sim_config *config)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    config->flue.key = (uint32_t)now ^ (uint32_t)((uintptr_t)a >> 4);
    config->flue.completions = &a->completions;
    config->flue.indications = &a->indications;
    config->flue.host_handle = driver_handle;
    config->flue.reset_wanted = state_reset_wanted;
    a->nic = sim_open(config, NULL);
    if (!a->nic)
        return NDIS_STATUS_RESOURCES;
    struct sim_device *d = a->nic->device;
    d->device_bell = d->driver_bell = (sem_t){poll_soon, a};
    d->threads = true; /* from here on the bells ring */
    sim_tick(a->nic, (uint64_t)now);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS open_timer(struct adapter *a)
{
    const NDIS_TIMER_CHARACTERISTICS timer = {
        .Header = {NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, 1, sizeof timer},
        .AllocationTag = 0x65756c66u,
        .TimerFunction = poll_timer,
        .FunctionContext = a,
    };
    return NdisAllocateTimerObject(a->handle, &timer, &a->timer);
}

/* The NIC has no thread of its own here. */
void sim_stop(struct sim_nic *nic)
{
    nic->device->threads = false;
}

/* Whatever of it there is. */
static void give_up(struct adapter *a)
{
    if (a->timer)
        NdisFreeTimerObject(a->timer);
    sim_close(a->nic);
    free(a);
}

/* The one that succeeds last is the first that makes anything run. */
static NDIS_STATUS open_adapter(struct adapter *a)
{
    struct sim_config config = config_read(a->handle);
    NDIS_STATUS status = make_tables(a);
    if (status == NDIS_STATUS_SUCCESS)
        status = open_nic(a, &config);
    if (status == NDIS_STATUS_SUCCESS)
        status = register_context(a);
    if (status == NDIS_STATUS_SUCCESS)
        status = register_general(a);
    if (status == NDIS_STATUS_SUCCESS)
        status = register_offload(a, config.flue.capacity[CHIMNEY_TCP]);
    return status == NDIS_STATUS_SUCCESS ? open_timer(a) : status;
}

NDIS_STATUS adapter_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PVOID parameters)
{
    (void)context;
    (void)parameters;
    struct adapter *a = calloc(1, sizeof *a);
    if (!a)
        return NDIS_STATUS_RESOURCES;
    a->handle = handle;
    KeInitializeDpc(&a->dpc, poll_dpc, a);
    KeSetTargetProcessorDpc(&a->dpc, 0);
    KeInitializeEvent(&a->halted, NotificationEvent, 0);
    const NDIS_STATUS status = open_adapter(a);
    if (status == NDIS_STATUS_SUCCESS)
        NdisSetTimerObject(a->timer, TIMER_FIRST, TIMER_MS, a);
    else
        give_up(a);
    return status;
}

/*
 * All that is under way is completed by the DPC. Then the timer must not queue it again: its own
 * DPC may still run, so the first flush is for that one, the second for ours, which does nothing
 * any more.
 */
void adapter_halt(NDIS_HANDLE context, int action)
{
    struct adapter *a = adapter_of(context);
    (void)action;
    flue_remove(&a->nic->target.flue);
    flue_dma_stopped(&a->nic->target.flue);
    atomic_store(&a->halting, true);
    poll_soon(a);
    KeWaitForSingleObject(&a->halted, Executive, KernelMode, 0, NULL);
    atomic_store(&a->shut_down, true);
    NdisCancelTimerObject(a->timer);
    KeFlushQueuedDpcs();
    KeRemoveQueueDpc(&a->dpc);
    KeFlushQueuedDpcs();
    give_up(a);
}
