/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adapter.h: what the files of flue_chimney.sys share. Each calls only what stands before it here:
 *
 *     kernel/      what the software NIC needs of a C library, from the kernel
 *     config.c     numbers from the registry
 *     packet.c     the bytes of a NET_BUFFER_LIST
 *     lent.c       buffers that are lent to the host
 *     ends.c       connections: queues, peers
 *     wire.c       moves the data of connections
 *     data.c       packets: what takes them, each comes back once
 *     nic.h        the software NIC beneath: nic_sim.c, or nic_of_spec.c
 *     private.c    requests that look into the software NIC, or set faults
 *     general.c    requests that each miniport driver must answer; also of ndis_im/
 *     offers.c     which connections it offers to take
 *     oid.c        requests of NDIS
 *     poll.c       the DPC and the timer: all of the work; ends of pauses, resets, halts
 *     state.c      pause, restart, reset, removal, shutdown
 *     adapter.c    an adapter's begin and end
 *     driver.c     DriverEntry; the handlers and the completion table
 *
 * The host's five operations are in none of them: the entry points that were generated of the specs
 * are NDIS's handlers, and NDIS's five completion calls are the target's table. It is the same with
 * what is handed over for connections: five handlers, four completion calls.
 */
#ifndef NDIS_ADAPTER_H
#define NDIS_ADAPTER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "general.h"
#include "ndis6.h"
#include "nic.h"
#include "wire.h"

/*
 * The context that NDIS has of an adapter is its target's address, which is the NIC's; the NIC's
 * bell leads here.
 */
struct adapter {
    struct sim_nic *nic;
    struct wire *wire;
    NDIS_HANDLE handle; /* NDIS's, of the adapter */
    NDIS_HANDLE timer;
    KDPC dpc;
    KEVENT halted;
    struct chimney_completions completions; /* the addresses in ndis.sys */
    struct chimney_indications indications;
    struct chimney_transfers transfers;
    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp;
    NDIS_TCP_CONNECTION_OFFLOAD hardware, capabilities; /* what the NIC can; what is offered */
    uint32_t offers[2];                                 /* connections of IPv4 and IPv6: 0 or 1 */
    enum { OFFERS_STAND, OFFERS_CHANGED, OFFERS_UPLOADED } change; /* the last, and the host */
    _Atomic(NET_BUFFER_LIST *) frames;   /* chains, to be given back, the last first */
    _Atomic(NDIS_OID_REQUEST *) request; /* waits for the DPC; NDIS sends one at a time */
    atomic_bool pausing, resetting, removed, halting, reset_wanted;
    atomic_bool shut_down; /* the DPC is to do nothing any more */
    atomic_bool paused;    /* by NDIS */
    bool host_waits;       /* it was asked not to begin anything */
    struct general general;
};

extern NDIS_HANDLE driver_handle;

static inline struct adapter *adapter_of(NDIS_HANDLE context)
{
    return nic_owner(context);
}

/* ---- config.c ------------------------------------------------------------------------------ */

/* What the registry has of an adapter; what it does not have, or nobody can do, is by default. */
struct sim_config config_read(NDIS_HANDLE adapter, uint32_t offers[2]);

/* ---- data.c -------------------------------------------------------------------------------- */

extern const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS data_handlers;
void data_send(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG port, ULONG flags);
void data_return(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG flags);
void data_cancel(NDIS_HANDLE context, PVOID id);
/* What takes the lists of connections; and NDIS's functions that they go back by. */
struct chimney_transfers data_transfers(const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp);
/* All frames that wait go back; in the DPC. */
void data_refuse(struct adapter *a);

/* ---- private.c ----------------------------------------------------------------------------- */

/* A request of flue_oid.h; in the DPC. */
NDIS_STATUS private_request(struct adapter *a, NDIS_OID_REQUEST *request);

/* ---- offers.c ------------------------------------------------------------------------------ */

/* What is offered, of what the hardware can. */
void offers_capabilities(struct adapter *a);
/* A set request of OID_TCP_OFFLOAD_PARAMETERS; in the DPC. */
NDIS_STATUS offers_set(struct adapter *a, NDIS_OID_REQUEST *request);
/* In each DPC. True: the host is to wait. */
bool offers_change(struct adapter *a);

/* ---- oid.c --------------------------------------------------------------------------------- */

extern const ULONG oid_list[];
extern const ULONG oid_list_bytes;
NDIS_STATUS oid_request(NDIS_HANDLE context, NDIS_OID_REQUEST *request);
void oid_cancel(NDIS_HANDLE context, PVOID id);
/* What has waited for the DPC. */
void oid_answer(struct adapter *a);

/* ---- poll.c -------------------------------------------------------------------------------- */

void poll_soon(void *adapter);
KDEFERRED_ROUTINE poll_dpc;
NDIS_TIMER_FUNCTION poll_timer;
void poll_status(void *driver, struct chimney_status_indication *indication);

/* ---- state.c ------------------------------------------------------------------------------- */

NDIS_STATUS state_pause(NDIS_HANDLE context, PVOID parameters);
NDIS_STATUS state_restart(NDIS_HANDLE context, PVOID parameters);
NDIS_STATUS state_reset(NDIS_HANDLE context, BOOLEAN *addressing_reset);
BOOLEAN state_hangs(NDIS_HANDLE context);
void state_event(NDIS_HANDLE context, NET_DEVICE_PNP_EVENT *event);
void state_shutdown(NDIS_HANDLE context, int action);
/* The adapter is gone; the DPC does the rest. */
void state_remove(struct adapter *a);
/* For the flue_config. */
void state_reset_wanted(void *nic);

/* ---- adapter.c ----------------------------------------------------------------------------- */

NDIS_STATUS adapter_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PVOID parameters);
void adapter_halt(NDIS_HANDLE context, int action);

#endif
