/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pause, restart, reset, removal, shutdown. Each begins here, at the level of whoever calls, and
 * ends in the DPC: nothing is waited for, and nothing completed inside a call of NDIS.
 */
#include "adapter.h"

/* The host is asked to begin nothing; what is under way goes on. */
NDIS_STATUS state_pause(NDIS_HANDLE context, PVOID parameters)
{
    struct adapter *a = adapter_of(context);
    (void)parameters;
    atomic_store(&a->paused, true);
    atomic_store(&a->pausing, true);
    poll_soon(a);
    return NDIS_STATUS_PENDING;
}

/* Also after the adapter is initialized: then nobody has been asked to wait. */
NDIS_STATUS state_restart(NDIS_HANDLE context, PVOID parameters)
{
    struct adapter *a = adapter_of(context);
    (void)parameters;
    atomic_store(&a->paused, false);
    poll_soon(a);
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS state_reset(NDIS_HANDLE context, BOOLEAN *addressing_reset)
{
    struct adapter *a = adapter_of(context);
    *addressing_reset = 0;
    atomic_store(&a->resetting, true);
    atomic_store(&a->reset_wanted, false);
    poll_soon(a);
    return NDIS_STATUS_PENDING;
}

/* Inside of a poll, where nothing may be reset: NDIS is told when it asks. */
void state_reset_wanted(void *nic)
{
    atomic_store(&adapter_of(nic)->reset_wanted, true);
}

BOOLEAN state_hangs(NDIS_HANDLE context)
{
    return atomic_load(&adapter_of(context)->reset_wanted);
}

/* Data may be on its way in the DPC, on another processor: all of it is done there. */
void state_remove(struct adapter *a)
{
    atomic_store(&a->removed, true);
    poll_soon(a);
}

void state_event(NDIS_HANDLE context, NET_DEVICE_PNP_EVENT *event)
{
    struct adapter *a = adapter_of(context);
    if (event->DevicePnPEvent != NdisDevicePnPEventSurpriseRemoved)
        return;
    state_remove(a);
}

/* At any level, perhaps in a system that has crashed: nothing is told to anyone any more. */
void state_shutdown(NDIS_HANDLE context, int action)
{
    (void)action;
    atomic_store(&adapter_of(context)->shut_down, true);
}
