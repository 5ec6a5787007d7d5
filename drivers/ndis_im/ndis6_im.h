/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ndis6_im.h: what an intermediate driver uses of NDIS 6 beside ndis6.h: a protocol's edge, and a
 * miniport without hardware of its own. As the public documentation has it; same names.
 */
#ifndef NDIS6_IM_H
#define NDIS6_IM_H

#include "ndis6.h"

enum {
    NDIS_OBJECT_TYPE_OPEN_PARAMETERS = 0x87,
    NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS = 0x8e,
    NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS = 0x93,
    NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS = 0x95,
    NDIS_OBJECT_TYPE_STATUS_INDICATION = 0x98
};
enum { NDIS_STATUS_PAUSED = (int32_t)0xc023002a };
enum { NDIS_INTERMEDIATE_DRIVER = 1 }; /* Flags of a miniport's characteristics */
#define OID_TCP_CONNECTION_OFFLOAD_HARDWARE_CAPABILITIES 0xfc01020fu

struct chimney_node_protocol;
struct chimney_offload_handle;
struct chimney_status_indication;
/* Opaque here. */
typedef struct NET_PNP_EVENT_NOTIFICATION NET_PNP_EVENT_NOTIFICATION;
typedef struct NDIS_BIND_PARAMETERS NDIS_BIND_PARAMETERS;

typedef struct {
    NDIS_OBJECT_HEADER Header;
    UCHAR MajorNdisVersion, MinorNdisVersion, MajorDriverVersion, MinorDriverVersion;
    ULONG Flags;
    UNICODE_STRING Name;
    NDIS_STATUS (*SetOptionsHandler)(NDIS_HANDLE driver, NDIS_HANDLE context);
    NDIS_STATUS(*BindAdapterHandlerEx)
    (NDIS_HANDLE context, NDIS_HANDLE bind, const NDIS_BIND_PARAMETERS *parameters);
    NDIS_STATUS (*UnbindAdapterHandlerEx)(NDIS_HANDLE unbind, NDIS_HANDLE binding_context);
    void (*OpenAdapterCompleteHandlerEx)(NDIS_HANDLE binding_context, NDIS_STATUS status);
    void (*CloseAdapterCompleteHandlerEx)(NDIS_HANDLE binding_context);
    NDIS_STATUS(*NetPnPEventHandler)
    (NDIS_HANDLE binding_context, NET_PNP_EVENT_NOTIFICATION *event);
    void (*UninstallHandler)(void);
    void (*OidRequestCompleteHandler)(NDIS_HANDLE binding_context, NDIS_OID_REQUEST *request,
                                      NDIS_STATUS status);
    void (*StatusHandlerEx)(NDIS_HANDLE binding_context,
                            struct chimney_status_indication *indication);
    void (*ReceiveNetBufferListsHandler)(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists,
                                         ULONG port, ULONG count, ULONG flags);
    void (*SendNetBufferListsCompleteHandler)(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists,
                                              ULONG flags);
} NDIS_PROTOCOL_DRIVER_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_PROTOCOL_DRIVER_CHARACTERISTICS) == 0x78, "protocol, revision 1");

typedef void (*CHIMNEY_COMPLETE_HANDLER)(NDIS_HANDLE binding_context,
                                         struct chimney_node_protocol *root);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    CHIMNEY_COMPLETE_HANDLER InitiateOffloadCompleteHandler, TerminateOffloadCompleteHandler,
        UpdateOffloadCompleteHandler, InvalidateOffloadCompleteHandler, QueryOffloadCompleteHandler;
    void (*IndicateOffloadEventHandler)(NDIS_HANDLE binding_context,
                                        struct chimney_node_protocol *node, ULONG code);
} NDIS_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS) == 0x38, "generic");

typedef void (*CHIMNEY_DATA_COMPLETE)(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists);

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    int OffloadType;
    CHIMNEY_DATA_COMPLETE TcpOffloadSendCompleteHandler, TcpOffloadReceiveCompleteHandler,
        TcpOffloadDisconnectCompleteHandler, TcpOffloadForwardCompleteHandler;
    void (*TcpOffloadEventHandler)(NDIS_HANDLE offload_context, ULONG code, ULONG detail);
    NDIS_STATUS(*TcpOffloadReceiveIndicateHandler)
    (NDIS_HANDLE offload_context, NET_BUFFER_LIST *lists, NDIS_STATUS status, ULONG *bytes);
} NDIS_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS;
_Static_assert(sizeof(NDIS_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS) == 0x40, "tcp");

typedef struct {
    NDIS_OBJECT_HEADER Header;
    const UNICODE_STRING *AdapterName;
    const int *MediumArray;
    uint32_t MediumArraySize;
    uint32_t *SelectedMediumIndex;
    const void *FrameTypeArray;
    uint32_t FrameTypeArraySize;
} NDIS_OPEN_PARAMETERS;
_Static_assert(sizeof(NDIS_OPEN_PARAMETERS) == 0x38, "open parameters");

IMPORT NDIS_STATUS NdisRegisterProtocolDriver(
    NDIS_HANDLE context, const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *characteristics,
    NDIS_HANDLE *protocol);
IMPORT void NdisDeregisterProtocolDriver(NDIS_HANDLE protocol);
IMPORT void NdisIMAssociateMiniport(NDIS_HANDLE driver, NDIS_HANDLE protocol);
IMPORT NDIS_STATUS NdisIMInitializeDeviceInstanceEx(NDIS_HANDLE driver,
                                                    const UNICODE_STRING *instance,
                                                    NDIS_HANDLE context);
IMPORT NDIS_STATUS NdisOpenAdapterEx(NDIS_HANDLE protocol, NDIS_HANDLE binding_context,
                                     const NDIS_OPEN_PARAMETERS *parameters, NDIS_HANDLE bind,
                                     NDIS_HANDLE *binding);
IMPORT NDIS_STATUS NdisCloseAdapterEx(NDIS_HANDLE binding);
IMPORT NDIS_STATUS NdisOidRequest(NDIS_HANDLE binding, NDIS_OID_REQUEST *request);
IMPORT void NdisInitiateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root);
IMPORT void NdisUpdateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root);
IMPORT void NdisQueryOffloadState(NDIS_HANDLE binding, struct chimney_node_protocol *root);
IMPORT void NdisInvalidateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root);
IMPORT void NdisTerminateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root);
IMPORT NDIS_STATUS NdisOffloadTcpSend(struct chimney_offload_handle *handle,
                                      NET_BUFFER_LIST *lists);
IMPORT NDIS_STATUS NdisOffloadTcpReceive(struct chimney_offload_handle *handle,
                                         NET_BUFFER_LIST *lists);
IMPORT NDIS_STATUS NdisOffloadTcpDisconnect(struct chimney_offload_handle *handle,
                                            NET_BUFFER_LIST *lists, ULONG flags);
IMPORT NDIS_STATUS NdisOffloadTcpForward(struct chimney_offload_handle *handle,
                                         NET_BUFFER_LIST *lists);
IMPORT void NdisOffloadTcpReceiveReturn(NDIS_HANDLE binding, NET_BUFFER_LIST *lists);

#endif
