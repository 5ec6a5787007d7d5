/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ndis6.h: what this driver uses of NDIS 6 and of the kernel, as the public documentation has it.
 *
 * Debian's mingw-w64 has no NDIS 6 header that compiles. Names are those of the documentation; what
 * chimney hands over (nodes, state, statuses) is generated from the specs instead. Sizes that are
 * known are asserted here, those that mingw-w64 does know are compared by tests/ndis/layout.c.
 */
#ifndef NDIS6_H
#define NDIS6_H

#include <stddef.h>
#include <stdint.h>

#ifndef IMPORT /* those who are ndis.sys or ntoskrnl.exe define it otherwise */
#define IMPORT __declspec(dllimport)
#endif

typedef int32_t NDIS_STATUS;
typedef int32_t NTSTATUS;
typedef uint32_t ULONG;
typedef uint16_t USHORT;
typedef uint8_t UCHAR, BOOLEAN;
typedef void *NDIS_HANDLE, *PVOID;

enum {
    NDIS_STATUS_SUCCESS = 0,
    NDIS_STATUS_PENDING = 0x103,
    NDIS_STATUS_OFFLOAD_RESUME = 0x40020003,
    NDIS_STATUS_FAILURE = (int32_t)0xc0000001,
    NDIS_STATUS_RESOURCES = (int32_t)0xc000009a,
    NDIS_STATUS_NOT_SUPPORTED = (int32_t)0xc00000bb,
    NDIS_STATUS_REQUEST_ABORTED = (int32_t)0xc001000c,
    NDIS_STATUS_INVALID_PARAMETER = (int32_t)0xc000000d,
    NDIS_STATUS_INVALID_STATE = (int32_t)0xc0000184,
    NDIS_STATUS_INVALID_LENGTH = (int32_t)0xc0010014,
    NDIS_STATUS_INVALID_DATA = (int32_t)0xc0010015,
    NDIS_STATUS_BUFFER_TOO_SHORT = (int32_t)0xc0010016,
    NDIS_STATUS_BAD_VERSION = (int32_t)0xc0010004,
    NDIS_STATUS_OFFLOAD_DATA_NOT_ACCEPTED = (int32_t)0xc023100e,
    NDIS_STATUS_OFFLOAD_DATA_PARTIALLY_ACCEPTED = (int32_t)0xc0231010
};

typedef struct {
    UCHAR Type, Revision;
    USHORT Size;
} NDIS_OBJECT_HEADER;

enum {
    NDIS_OBJECT_TYPE_DEFAULT = 0x80,
    NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS = 0x8a,
    NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS = 0x8f,
    NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS = 0x94,
    NDIS_OBJECT_TYPE_OID_REQUEST = 0x96,
    NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS = 0x97,
    NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES = 0x9e,
    NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES = 0x9f,
    NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES = 0xa0,
    NDIS_OBJECT_TYPE_OFFLOAD_ENCAPSULATION = 0xa8,
    NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT = 0xa9
};

/* ---- Packets ------------------------------------------------------------------------------- */

/* Pages that are locked; MappedSystemVa is one when the flags say so. */
typedef struct MDL {
    struct MDL *Next;
    int16_t Size, MdlFlags;
    PVOID Process, MappedSystemVa, StartVa;
    ULONG ByteCount, ByteOffset;
} MDL;
enum { MDL_MAPPED_TO_SYSTEM_VA = 1, MDL_PAGES_LOCKED = 2, MDL_SOURCE_IS_NONPAGED_POOL = 4 };

/* CurrentMdl and its offset are where the data begins, DataOffset is the same from MdlChain on. */
typedef struct NET_BUFFER {
    struct NET_BUFFER *Next;
    MDL *CurrentMdl;
    ULONG CurrentMdlOffset;
    _Alignas(8) ULONG DataLength;
    MDL *MdlChain;
    ULONG DataOffset;
    _Alignas(8) USHORT ChecksumBias;
    USHORT Reserved;
    NDIS_HANDLE NdisPoolHandle;
    _Alignas(16) PVOID NdisReserved[2];
    _Alignas(16) PVOID ProtocolReserved[6];
    _Alignas(16) PVOID MiniportReserved[4];
    uint64_t DataPhysicalAddress;
} NET_BUFFER;
_Static_assert(offsetof(NET_BUFFER, DataLength) == 0x18, "DataLength");
_Static_assert(offsetof(NET_BUFFER, DataOffset) == 0x28, "DataOffset");
_Static_assert(offsetof(NET_BUFFER, MiniportReserved) == 0x80, "MiniportReserved of NET_BUFFER");
_Static_assert(sizeof(NET_BUFFER) == 0xb0, "NET_BUFFER");

enum { TcpOffloadBytesTransferred = 0, TcpReceiveNoPush = 2, INFO_WORDS };

/* More words of information follow, as many as the version has. */
typedef struct _NET_BUFFER_LIST {
    struct _NET_BUFFER_LIST *Next;
    NET_BUFFER *FirstNetBuffer;
    PVOID Context;
    struct _NET_BUFFER_LIST *ParentNetBufferList;
    NDIS_HANDLE NdisPoolHandle;
    _Alignas(16) PVOID NdisReserved[2];
    PVOID ProtocolReserved[4], MiniportReserved[2], Scratch;
    NDIS_HANDLE SourceHandle;
    ULONG NblFlags;
    int32_t ChildRefCount;
    ULONG Flags;
    NDIS_STATUS Status;
    PVOID NetBufferListInfo[INFO_WORDS];
} NET_BUFFER_LIST;
_Static_assert(offsetof(NET_BUFFER_LIST, MiniportReserved) == 0x60, "MiniportReserved");
_Static_assert(offsetof(NET_BUFFER_LIST, Status) == 0x8c, "Status");
_Static_assert(offsetof(NET_BUFFER_LIST, NetBufferListInfo) == 0x90, "NetBufferListInfo");

typedef struct {
    NDIS_OBJECT_HEADER Header;
    UCHAR ProtocolId;
    BOOLEAN fAllocateNetBuffer;
    USHORT ContextSize;
    ULONG PoolTag, DataSize;
} NET_BUFFER_LIST_POOL_PARAMETERS;
_Static_assert(sizeof(NET_BUFFER_LIST_POOL_PARAMETERS) == 16, "pool parameters");

/* ---- The driver and its handlers ----------------------------------------------------------- */

typedef struct NDIS_OID_REQUEST NDIS_OID_REQUEST;
/* NET_DEVICE_PNP_EVENT. */
typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG PortNumber;
    int DevicePnPEvent;
    PVOID InformationBuffer;
    ULONG InformationBufferLength;
    UCHAR NdisReserved[2 * sizeof(void *)];
} NET_DEVICE_PNP_EVENT;
enum { NdisDevicePnPEventSurpriseRemoved = 2 }; /* two older events come before it */

typedef struct {
    NDIS_OBJECT_HEADER Header;
    UCHAR MajorNdisVersion, MinorNdisVersion, MajorDriverVersion, MinorDriverVersion;
    ULONG Flags;
    NDIS_STATUS (*SetOptionsHandler)(NDIS_HANDLE driver, NDIS_HANDLE context);
    NDIS_STATUS (*InitializeHandlerEx)(NDIS_HANDLE adapter, NDIS_HANDLE context, PVOID parameters);
    void (*HaltHandlerEx)(NDIS_HANDLE context, int action);
    void (*UnloadHandler)(PVOID driver_object);
    NDIS_STATUS (*PauseHandler)(NDIS_HANDLE context, PVOID parameters);
    NDIS_STATUS (*RestartHandler)(NDIS_HANDLE context, PVOID parameters);
    NDIS_STATUS (*OidRequestHandler)(NDIS_HANDLE context, NDIS_OID_REQUEST *request);
    void (*SendNetBufferListsHandler)(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG port,
                                      ULONG flags);
    void (*ReturnNetBufferListsHandler)(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG flags);
    void (*CancelSendHandler)(NDIS_HANDLE context, PVOID id);
    BOOLEAN (*CheckForHangHandlerEx)(NDIS_HANDLE context);
    NDIS_STATUS (*ResetHandlerEx)(NDIS_HANDLE context, BOOLEAN *addressing_reset);
    void (*DevicePnPEventNotifyHandler)(NDIS_HANDLE context, NET_DEVICE_PNP_EVENT *event);
    void (*ShutdownHandlerEx)(NDIS_HANDLE context, int action);
    void (*CancelOidRequestHandler)(NDIS_HANDLE context, PVOID id);
} NDIS_MINIPORT_DRIVER_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_MINIPORT_DRIVER_CHARACTERISTICS) == 0x88, "revision 1");

struct chimney_node;

typedef void (*CHIMNEY_HANDLER)(void *context, struct chimney_node *root);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    CHIMNEY_HANDLER InitiateOffloadHandler, TerminateOffloadHandler, UpdateOffloadHandler,
        InvalidateOffloadHandler, QueryOffloadHandler;
} NDIS_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_PROVIDER_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS) == 0x30, "generic");

typedef NDIS_STATUS (*TCP_OFFLOAD_HANDLER)(NDIS_HANDLE context, PVOID offload_context,
                                           NET_BUFFER_LIST *lists);
typedef NDIS_STATUS (*TCP_DISCONNECT_HANDLER)(NDIS_HANDLE context, PVOID offload_context,
                                              NET_BUFFER_LIST *lists, ULONG flags);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    int OffloadType;
    TCP_OFFLOAD_HANDLER TcpOffloadSendHandler, TcpOffloadReceiveHandler;
    TCP_DISCONNECT_HANDLER TcpOffloadDisconnectHandler;
    TCP_OFFLOAD_HANDLER TcpOffloadForwardHandler;
    NDIS_STATUS (*TcpOffloadReceiveReturnHandler)(NDIS_HANDLE context, NET_BUFFER_LIST *lists);
} NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS) == 0x38, "tcp");
enum { NdisTcpChimneyOffload = 1 };

enum { TCP_DISCONNECT_GRACEFUL_CLOSE = 1, TCP_DISCONNECT_ABORTIVE_CLOSE = 2 };

/* Data that nobody has asked for; how much of it the host has taken. */
typedef NDIS_STATUS (*TCP_OFFLOAD_RECEIVE_INDICATE)(NDIS_HANDLE object_handle,
                                                    NET_BUFFER_LIST *list, NDIS_STATUS status,
                                                    ULONG *bytes_consumed);

/* Its completions, each for one list of packets at least. */
typedef void (*TCP_OFFLOAD_COMPLETE)(NDIS_HANDLE driver, NET_BUFFER_LIST *lists);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    void (*NdisTcpOffloadEventHandler)(void *object_handle, uint32_t code, uint32_t detail);
    TCP_OFFLOAD_RECEIVE_INDICATE NdisTcpOffloadReceiveHandler;
    TCP_OFFLOAD_COMPLETE NdisTcpOffloadSendComplete, NdisTcpOffloadReceiveComplete,
        NdisTcpOffloadDisconnectComplete, NdisTcpOffloadForwardComplete;
} NDIS_TCP_OFFLOAD_EVENT_HANDLERS;

/* ---- Attributes of an adapter -------------------------------------------------------------- */

typedef struct {
    NDIS_OBJECT_HEADER Header;
    NDIS_HANDLE MiniportAdapterContext;
    ULONG AttributeFlags, CheckForHangTimeInSeconds;
    int InterfaceType;
} NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES;
#define NDIS_SIZEOF_REGISTRATION_ATTRIBUTES 28
enum { NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK = 4, NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM = 2 };

enum { NDIS_MAX_PHYS_ADDRESS_LENGTH = 32 };

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    int MediaType, PhysicalMediumType;
    ULONG MtuSize;
    uint64_t MaxXmitLinkSpeed, XmitLinkSpeed, MaxRcvLinkSpeed, RcvLinkSpeed;
    int MediaConnectState, MediaDuplexState;
    ULONG LookaheadSize;
    PVOID PowerManagementCapabilities;
    ULONG MacOptions, SupportedPacketFilters, MaxMulticastListSize;
    USHORT MacAddressLength;
    UCHAR PermanentMacAddress[NDIS_MAX_PHYS_ADDRESS_LENGTH];
    UCHAR CurrentMacAddress[NDIS_MAX_PHYS_ADDRESS_LENGTH];
    PVOID RecvScaleCapabilities;
    int AccessType, DirectionType, ConnectionType;
    USHORT IfType;
    BOOLEAN IfConnectorPresent;
    ULONG SupportedStatistics, SupportedPauseFunctions, DataBackFillSize, ContextBackFillSize;
    const ULONG *SupportedOidList;
    ULONG SupportedOidListLength, AutoNegotiationFlags;
} NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
#define NDIS_SIZEOF_GENERAL_ATTRIBUTES \
    (offsetof(NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES, AutoNegotiationFlags) + sizeof(ULONG))

/* NDIS_TCP_CONNECTION_OFFLOAD, revision 1. */
typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Encapsulation;
    ULONG SupportIPv4 : 2, SupportIPv6 : 2, SupportIPv6ExtensionHeaders : 2, SupportSack : 2,
        CongestionAlgorithm : 4, : 20;
    ULONG TcpConnectionOffloadCapacity;
    ULONG Flags;
} NDIS_TCP_CONNECTION_OFFLOAD;
_Static_assert(sizeof(NDIS_TCP_CONNECTION_OFFLOAD) == 20, "connection offload");
enum { NDIS_ENCAPSULATION_IEEE_802_3 = 2, NDIS_OFFLOAD_SUPPORTED = 1 };

typedef struct {
    NDIS_OBJECT_HEADER Header;
    PVOID DefaultOffloadConfiguration, HardwareOffloadCapabilities;
    const NDIS_TCP_CONNECTION_OFFLOAD *DefaultTcpConnectionOffloadConfiguration,
        *TcpConnectionOffloadHardwareCapabilities;
} NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES;
_Static_assert(sizeof(NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES) == 40, "offload attributes");

#include "ndis6_requests.h"

/* ---- Configuration ------------------------------------------------------------------------- */

typedef struct {
    NDIS_OBJECT_HEADER Header;
    NDIS_HANDLE NdisHandle;
    ULONG Flags;
} NDIS_CONFIGURATION_OBJECT;

typedef struct {
    USHORT Length, MaximumLength;
    const uint16_t *Buffer;
} UNICODE_STRING;

typedef struct {
    int ParameterType;
    union {
        ULONG IntegerData;
        UNICODE_STRING StringData;
    } ParameterData;
} NDIS_CONFIGURATION_PARAMETER;
enum { NdisParameterInteger = 0, NdisParameterString = 2 };

typedef void NDIS_TIMER_FUNCTION(PVOID specific1, PVOID context, PVOID specific2, PVOID specific3);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG AllocationTag;
    NDIS_TIMER_FUNCTION *TimerFunction;
    PVOID FunctionContext;
} NDIS_TIMER_CHARACTERISTICS;

/* ---- ndis.sys ------------------------------------------------------------------------------ */

struct chimney_status_indication;

IMPORT NDIS_STATUS NdisMRegisterMiniportDriver(
    PVOID driver_object, const UNICODE_STRING *path, NDIS_HANDLE context,
    const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *characteristics, NDIS_HANDLE *driver);
IMPORT void NdisMDeregisterMiniportDriver(NDIS_HANDLE driver);
IMPORT NDIS_STATUS NdisSetOptionalHandlers(NDIS_HANDLE driver, const void *characteristics);
IMPORT NDIS_STATUS NdisMSetMiniportAttributes(NDIS_HANDLE adapter, const void *attributes);
IMPORT NDIS_STATUS NdisMGetOffloadHandlers(NDIS_HANDLE adapter, int type,
                                           const NDIS_TCP_OFFLOAD_EVENT_HANDLERS **handlers);
IMPORT NDIS_STATUS NdisOpenConfigurationEx(const NDIS_CONFIGURATION_OBJECT *object,
                                           NDIS_HANDLE *configuration);
IMPORT void NdisReadConfiguration(NDIS_STATUS *status, NDIS_CONFIGURATION_PARAMETER **parameter,
                                  NDIS_HANDLE configuration, const UNICODE_STRING *keyword,
                                  int type);
IMPORT void NdisCloseConfiguration(NDIS_HANDLE configuration);
IMPORT NDIS_STATUS NdisAllocateTimerObject(NDIS_HANDLE adapter,
                                           const NDIS_TIMER_CHARACTERISTICS *timer,
                                           NDIS_HANDLE *object);
IMPORT BOOLEAN NdisSetTimerObject(NDIS_HANDLE timer, int64_t due, int32_t period_ms, PVOID context);
IMPORT BOOLEAN NdisCancelTimerObject(NDIS_HANDLE timer);
IMPORT void NdisFreeTimerObject(NDIS_HANDLE timer);
IMPORT void NdisGetSystemUpTimeEx(int64_t *ms);
IMPORT NDIS_HANDLE NdisAllocateNetBufferListPool(NDIS_HANDLE adapter,
                                                 const NET_BUFFER_LIST_POOL_PARAMETERS *says);
IMPORT void NdisFreeNetBufferListPool(NDIS_HANDLE pool);
IMPORT NET_BUFFER_LIST *NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE pool, USHORT context_size,
                                                              USHORT context_backfill, MDL *chain,
                                                              ULONG data_offset, size_t bytes);
IMPORT void NdisFreeNetBufferList(NET_BUFFER_LIST *list);
IMPORT MDL *NdisAllocateMdl(NDIS_HANDLE adapter, PVOID memory, ULONG bytes);
IMPORT void NdisFreeMdl(MDL *mdl);
IMPORT void NdisAdvanceNetBufferDataStart(NET_BUFFER *buffer, ULONG bytes, BOOLEAN free_mdl,
                                          PVOID free_mdl_handler);
IMPORT void NdisMOidRequestComplete(NDIS_HANDLE adapter, NDIS_OID_REQUEST *request,
                                    NDIS_STATUS status);
IMPORT void NdisMPauseComplete(NDIS_HANDLE adapter);
IMPORT void NdisMResetComplete(NDIS_HANDLE adapter, NDIS_STATUS status, BOOLEAN addressing_reset);
IMPORT void NdisMSendNetBufferListsComplete(NDIS_HANDLE adapter, NET_BUFFER_LIST *lists,
                                            ULONG flags);
IMPORT void NdisMIndicateStatusEx(NDIS_HANDLE adapter,
                                  struct chimney_status_indication *indication);
IMPORT void NdisMOffloadEventIndicate(void *driver, struct chimney_node *node, uint32_t code);
IMPORT void NdisMInitiateOffloadComplete(void *driver, struct chimney_node *root);
IMPORT void NdisMUpdateOffloadComplete(void *driver, struct chimney_node *root);
IMPORT void NdisMQueryOffloadStateComplete(void *driver, struct chimney_node *root);
IMPORT void NdisMInvalidateOffloadComplete(void *driver, struct chimney_node *root);
IMPORT void NdisMTerminateOffloadComplete(void *driver, struct chimney_node *root);

#ifndef NDIS6_IS_HERE
/* ---- ntoskrnl.exe -------------------------------------------------------------------------- */

/* Opaque; of the right size and alignment for x64. */
typedef struct {
    uint64_t Words[8];
} KDPC;
typedef struct {
    uint64_t Words[3];
} KEVENT;
typedef void KDEFERRED_ROUTINE(KDPC *dpc, PVOID context, PVOID argument1, PVOID argument2);

enum { MmCached = 1, NormalPagePriority = 16 };
enum { NonPagedPool = 0, NotificationEvent = 0, Executive = 0, KernelMode = 0 };

IMPORT PVOID ExAllocatePoolWithTag(int type, size_t bytes, ULONG tag);
IMPORT void ExFreePoolWithTag(PVOID memory, ULONG tag);
IMPORT PVOID MmMapLockedPagesSpecifyCache(MDL *mdl, signed char mode, int caching, PVOID address,
                                          ULONG bug_check, ULONG priority);
IMPORT void KeInitializeDpc(KDPC *dpc, KDEFERRED_ROUTINE *routine, PVOID context);
IMPORT void KeSetTargetProcessorDpc(KDPC *dpc, signed char number);
IMPORT BOOLEAN KeInsertQueueDpc(KDPC *dpc, PVOID argument1, PVOID argument2);
IMPORT BOOLEAN KeRemoveQueueDpc(KDPC *dpc);
IMPORT void KeFlushQueuedDpcs(void);
IMPORT void KeInitializeEvent(KEVENT *event, int type, BOOLEAN state);
IMPORT int32_t KeSetEvent(KEVENT *event, int32_t increment, BOOLEAN wait);
IMPORT NTSTATUS KeWaitForSingleObject(PVOID object, int reason, signed char mode, BOOLEAN alertable,
                                      const int64_t *timeout);

#endif

#endif
