/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ndis.h: what the files of the mock ndis.sys share.
 *
 *     image.c     a driver's file
 *     registry.c  registration, attributes, configuration, timers
 *     offload.c   the five operations and their completion calls
 *     indications.c  what a miniport says unasked
 *     packets.c   packets, a ledger of them
 *     memory.c    their memory
 *     adapter.c   begin, end and states of an adapter; requests; packets
 *     objects.c   what an intermediate driver has offloaded to its lower drivers
 *     binding.c   the protocol's edge of an intermediate driver
 */
#ifndef MOCK_NDIS_H
#define MOCK_NDIS_H

#define IMPORT __declspec(dllexport)
#define NDIS6_IS_HERE /* and not in the kernel */
#include "ndis6_im.h"

#include "mock.h"

enum { DRIVERS = 3, LOWERS = 2, ADAPTERS = 1 + LOWERS };

/* A driver that is loaded; its address is its handle. One that is intermediate has both edges. */
struct driver {
    NDIS_STATUS (*entry)(PVOID driver_object, const UNICODE_STRING *registry_path);
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS miniport;
    NDIS_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS generic;
    NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS tcp;
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS protocol; /* its address is the protocol's handle */
    NDIS_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS client;
    NDIS_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS client_tcp;
    bool associated;
};

/* An adapter, and what is bound to it: host or intermediate driver. Its address is a handle. */
struct adapter {
    struct driver *driver;                             /* NULL: there is no such adapter */
    NDIS_TCP_CONNECTION_OFFLOAD capabilities, current; /* of the hardware; as it is configured */
    uint32_t capabilities_told;                        /* how often by a status */
    void *context;                                     /* as the miniport gave it */
    struct mock_host host;
    bool bound;                        /* by an intermediate driver, */
    void *bound_context;               /* which calls the binding so */
    bool registered, general, offload; /* attributes that were set, and some of them: */
    ULONG flags, oid_bytes;
    const ULONG *oids;
    uint64_t mac;
    bool pausing, resetting, host_waits;
    NDIS_OID_REQUEST *request; /* waits for its completion */
    bool from_above;           /* it is an intermediate driver's */
    NDIS_STATUS request_status, reset_status;
};

extern struct driver mock_drivers[DRIVERS];
extern unsigned mock_driver_count;
/* The first is the host's; below it are those of an intermediate driver, if there is one. */
extern struct adapter mock_adapters[ADAPTERS];
/* That which the harness speaks to. */
extern struct adapter *mock_at;

/* By their handles; any other breaks a rule. */
struct driver *mock_driver_of(NDIS_HANDLE handle, const char *what);
struct adapter *mock_adapter_of(NDIS_HANDLE handle, const char *what);
static inline bool mock_is_lower(const struct adapter *a)
{
    return a != &mock_adapters[0];
}
/* The driver with two edges; NULL: there is none. */
struct driver *mock_intermediate(void);

/* The device name of its virtual adapter, as the protocol's key in the registry has it. */
extern const UNICODE_STRING mock_upper_binding;

/* Loads an image; where it is, and its entry point. */
unsigned char *mock_image(const char *path, uintptr_t *start);
/* What a lower adapter has, as it says to the driver above. */
NDIS_TCP_CONNECTION_OFFLOAD mock_says(const struct adapter *a);
/* A call of the miniport, at a level; what it returns must come back there. */
void mock_enter(struct adapter *a, int irql, int *before);
void mock_leave(struct adapter *a, int irql, int before);
/* The same of a driver that has no adapter yet. Meanwhile there is no turn. */
void mock_raise_to(int irql, int *before);
void mock_lower_from(int irql, int before);
/* A call of NDIS by the miniport: at DISPATCH_LEVEL at most, and from no call of the miniport. */
void mock_called(const struct adapter *a, const char *name);
/* A call of NDIS that may wait. */
void mock_called_passive(const char *name);

extern const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_event_handlers, mock_lower_event_handlers;

/* ---- objects.c ----------------------------------------------------------------------------- */

/* Before the call of a lower miniport, and after its completion. */
void objects_down(struct adapter *a, struct chimney_node *root, uint8_t operation);
void objects_up(struct adapter *a, struct chimney_node *root, uint8_t operation);
struct adapter *objects_adapter(const void *handle, const char *what);
/* A lower driver has said that a connection is lost. */
void objects_aborted(const void *handle);
/* Nothing of it is offloaded any more. */
void objects_closed(const struct adapter *a);

/* ---- offload.c ----------------------------------------------------------------------------- */

void mock_each(struct chimney_node *root, void (*visit)(struct chimney_node *, uint8_t),
               uint8_t operation);
/* A terminate of that object is out. */
bool mock_is_terminating(const struct adapter *a, const void *object);
uint32_t mock_outstanding_of(const struct adapter *a);

/* ---- packets.c ----------------------------------------------------------------------------- */

void mock_send_complete(NDIS_HANDLE driver, NET_BUFFER_LIST *lists);
void mock_receive_complete(NDIS_HANDLE driver, NET_BUFFER_LIST *lists);
void mock_disconnect_complete(NDIS_HANDLE driver, NET_BUFFER_LIST *lists);
void mock_forward_complete(NDIS_HANDLE driver, NET_BUFFER_LIST *lists);
NDIS_STATUS mock_received(void *object_handle, NET_BUFFER_LIST *list, NDIS_STATUS status,
                          ULONG *consumed);
NDIS_STATUS mock_lower_received(void *object_handle, NET_BUFFER_LIST *list, NDIS_STATUS status,
                                ULONG *consumed);
/* A terminate of it completes: all that was handed over for it is back. */
void mock_packets_ended(const struct adapter *a, const void *connection);
/* What an initiate brings, when it begins and has completed; what a terminate takes along. */
void mock_packets_travel(const struct chimney_node *node);
void mock_packets_arrived(const struct chimney_node *node, bool good);
void mock_packets_given(const struct adapter *a, const struct chimney_node *node,
                        const struct chimney_tcp_delegated *tcp);
/* The adapter has halted: all that it had is back, and what it had made is freed. */
void mock_packets_lost(const struct adapter *a);
void mock_packets_unmade(const struct adapter *a);

/* What a miniport makes is in a ledger, too. */
void *mock_make(const struct adapter *adapter, size_t bytes, const char *name);
void mock_unmake(void *what, const char *name);
const struct adapter *mock_maker(const void *what);

/* ---- adapter.c ----------------------------------------------------------------------------- */

bool mock_initialize_adapter(struct adapter *a, struct driver *driver);
void mock_halt_adapter(struct adapter *a);
void mock_check_header(const NDIS_OBJECT_HEADER *header, unsigned type, size_t bytes);

#endif
