/* SPDX-License-Identifier: BSD-2-Clause */
/* ndis6_requests.h: requests of NDIS, a part of ndis6.h. */
#ifndef NDIS6_REQUESTS_H
#define NDIS6_REQUESTS_H

enum {
    NdisRequestQueryInformation,
    NdisRequestSetInformation,
    NdisRequestQueryStatistics,
    NdisRequestMethod = 12
};

struct NDIS_OID_REQUEST {
    NDIS_OBJECT_HEADER Header;
    int RequestType;
    ULONG PortNumber, Timeout;
    PVOID RequestId;
    NDIS_HANDLE RequestHandle;
    union {
        struct {
            ULONG Oid;
            PVOID InformationBuffer;
            ULONG InformationBufferLength, BytesDone, BytesNeeded;
        } INFORMATION; /* of a query, written; of a set, read */
        struct {
            ULONG Oid;
            PVOID InformationBuffer;
            ULONG InputBufferLength, OutputBufferLength, MethodId, BytesWritten, BytesRead,
                BytesNeeded;
        } METHOD_INFORMATION;
    } DATA;
    UCHAR NdisReserved[16 * sizeof(void *)], MiniportReserved[2 * sizeof(void *)];
    UCHAR SourceReserved[2 * sizeof(void *)], SupportedRevision, Reserved1;
    USHORT Reserved2;
};
_Static_assert(offsetof(NDIS_OID_REQUEST, DATA) == 32, "DATA");

enum {
    OID_GEN_VENDOR_DESCRIPTION = 0x0001010d,
    OID_GEN_CURRENT_PACKET_FILTER = 0x0001010e,
    OID_GEN_CURRENT_LOOKAHEAD = 0x0001010f,
    OID_GEN_TRANSMIT_BUFFER_SPACE = 0x00010108,
    OID_GEN_RECEIVE_BUFFER_SPACE = 0x00010109,
    OID_GEN_TRANSMIT_BLOCK_SIZE = 0x0001010a,
    OID_GEN_RECEIVE_BLOCK_SIZE = 0x0001010b,
    OID_GEN_VENDOR_ID = 0x0001010c,
    OID_GEN_MAXIMUM_TOTAL_SIZE = 0x00010111,
    OID_GEN_VENDOR_DRIVER_VERSION = 0x00010116,
    OID_GEN_LINK_PARAMETERS = 0x00010208,
    OID_GEN_INTERRUPT_MODERATION = 0x00010209,
    OID_GEN_XMIT_OK = 0x00020101,
    OID_GEN_RCV_OK = 0x00020102,
    OID_GEN_STATISTICS = 0x00020106,
    OID_802_3_MULTICAST_LIST = 0x01010103,
    OID_OFFLOAD_ENCAPSULATION = 0x0101010a
};
#define OID_TCP4_OFFLOAD_STATS 0xfc010207u
#define OID_TCP6_OFFLOAD_STATS 0xfc010208u
#define OID_IP4_OFFLOAD_STATS 0xfc010209u
#define OID_IP6_OFFLOAD_STATS 0xfc01020au
#define OID_TCP_OFFLOAD_PARAMETERS 0xfc01020cu
#define OID_TCP_CONNECTION_OFFLOAD_PARAMETERS 0xfc030201u

/* Of offloaded connections and what they use only. */
typedef struct {
    uint64_t InSegments, OutSegments;
    ULONG CurrentlyEstablished, ResetEstablished, RetransmittedSegments, InErrors, OutResets;
} TCP_OFFLOAD_STATS;
_Static_assert(sizeof(TCP_OFFLOAD_STATS) == 40, "statistics of TCP");

typedef struct {
    uint64_t InReceives, InOctets, InDelivers, OutRequests, OutOctets;
    ULONG InHeaderErrors, InTruncatedPackets, InDiscards, OutDiscards, OutNoRoutes;
} IP_OFFLOAD_STATS;
_Static_assert(sizeof(IP_OFFLOAD_STATS) == 64, "statistics of IP");

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG SupportedStatistics;
    uint64_t ifInDiscards, ifInErrors, ifHCInOctets, ifHCInUcastPkts, ifHCInMulticastPkts,
        ifHCInBroadcastPkts, ifHCOutOctets, ifHCOutUcastPkts, ifHCOutMulticastPkts,
        ifHCOutBroadcastPkts, ifOutErrors, ifOutDiscards, ifHCInUcastOctets, ifHCInMulticastOctets,
        ifHCInBroadcastOctets, ifHCOutUcastOctets, ifHCOutMulticastOctets, ifHCOutBroadcastOctets;
} NDIS_STATISTICS_INFO;
/* Frames and bytes received and sent, and what was received in vain. */
enum { NDIS_STATISTICS_OF_FRAMES = 0x3ff };

typedef struct {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    int InterruptModeration;
} NDIS_INTERRUPT_MODERATION_PARAMETERS;
enum { NdisInterruptModerationNotSupported = 1 };

typedef struct {
    NDIS_OBJECT_HEADER Header;
    struct {
        ULONG Enabled, EncapsulationType, HeaderSize;
    } IPv4, IPv6;
} NDIS_OFFLOAD_ENCAPSULATION;
_Static_assert(sizeof(NDIS_OFFLOAD_ENCAPSULATION) == 28, "encapsulation");
enum { NDIS_OFFLOAD_SET_NO_CHANGE, NDIS_OFFLOAD_SET_ON, NDIS_OFFLOAD_SET_OFF };

/* As of NDIS 6.0, which settings of 6.1 may follow. */
typedef struct {
    NDIS_OBJECT_HEADER Header;
    UCHAR IPv4Checksum, TCPIPv4Checksum, UDPIPv4Checksum, TCPIPv6Checksum, UDPIPv6Checksum, LsoV1,
        IPsecV1, LsoV2IPv4, LsoV2IPv6, TcpConnectionIPv4, TcpConnectionIPv6;
    ULONG Flags;
} NDIS_OFFLOAD_PARAMETERS;
_Static_assert(sizeof(NDIS_OFFLOAD_PARAMETERS) == 20, "offloads");
enum {
    NDIS_OFFLOAD_PARAMETERS_NO_CHANGE,
    NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_DISABLED,
    NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_ENABLED,
    NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED = 4,
    NDIS_OFFLOAD_PARAMETERS_IPSECV1_AH_AND_ESP_ENABLED = 4,
    NDIS_OFFLOAD_PARAMETERS_LSOV1_ENABLED = 2,
    NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED = 2
};

/* As of NDIS 6.0: without the CongestionAlgorithm of 6.1, which may follow. */
typedef struct {
    NDIS_OBJECT_HEADER Header;
    NDIS_OFFLOAD_ENCAPSULATION Encapsulation;
    ULONG TicksPerSecond;
    UCHAR TcpAckFrequency, TcpDelayedAckTicks, TcpMaximumRetransmissions,
        TcpDoubtReachabilityRetransmissions;
    ULONG TcpSwsPreventionTicks, TcpDuplicateAckThreshold, TcpPushTicks, NceStaleTicks;
} NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS;
_Static_assert(sizeof(NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS) == 56, "offload parameters");

#endif
