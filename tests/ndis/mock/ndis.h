/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ndis.h: what the files of the mock ndis.sys share.
 *
 *     image.c     the driver's file
 *     registry.c  registration, attributes, configuration, timers
 *     offload.c   the five operations and their completion calls; indications
 *     adapter.c   begin, end and states of the adapter; requests; packets
 */
#ifndef MOCK_NDIS_H
#define MOCK_NDIS_H

#define IMPORT __declspec(dllexport)
#define NDIS6_IS_HERE /* and not in the kernel */
#include "ndis6.h"

#include "mock.h"

struct mock {
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS driver;
    NDIS_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS generic;
    NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS tcp;
    NDIS_TCP_CONNECTION_OFFLOAD capabilities;
    void *context; /* the adapter's, as the miniport gave it */
    struct mock_host host;
    bool registered, general, offload; /* attributes that were set */
    bool pausing, resetting;
    NDIS_OID_REQUEST *request; /* waits for its completion */
    NDIS_STATUS request_status;
    unsigned depth; /* calls of the miniport that run */
};

extern struct mock mock;
/* Their addresses are handles. */
extern char mock_driver_handle, mock_adapter_handle;

/* Loads an image; where it is, and its entry point. */
unsigned char *mock_image(const char *path, uintptr_t *start);
/* A call of the miniport, at a level; what it returns must come back there. */
void mock_enter(int irql, int *before);
void mock_leave(int irql, int before);
/* A call of NDIS by the miniport: at DISPATCH_LEVEL at most, and from no call of the miniport. */
void mock_called(const char *name);

extern const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_event_handlers;

#endif
