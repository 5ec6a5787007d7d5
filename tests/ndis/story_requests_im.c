/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host asks of flue_im.sys, and its lower drivers answer. */
#define IMPORT extern
#define NDIS6_IS_HERE
#include "ndis6.h"

#include "flue_oid.h"
#include "story.h"

enum { LOWERS = 2 };

static uint32_t established(unsigned adapter, uint32_t oid)
{
    TCP_OFFLOAD_STATS tcp = {0};
    uint32_t bytes = 0;
    mock_select(adapter);
    const int32_t status = mock_oid(NdisRequestQueryInformation, oid, &tcp, sizeof tcp, &bytes);
    mock_select(0);
    return status == NDIS_STATUS_SUCCESS && bytes == sizeof tcp ? tcp.CurrentlyEstablished
                                                                : UINT32_MAX;
}

static void statistics(uint32_t connections)
{
    static const uint32_t oids[] = {OID_TCP4_OFFLOAD_STATS, OID_TCP6_OFFLOAD_STATS};
    IP_OFFLOAD_STATS ip = {.InReceives = 1};
    uint32_t all = 0;
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t first = established(1, oids[i]), second = established(2, oids[i]);
        expect("connections of both lower drivers", established(0, oids[i]), first + second);
        all += first + second;
    }
    expect("that are all", all, connections);
    expect("OID_IP4_OFFLOAD_STATS",
           (uint32_t)mock_oid(NdisRequestQueryInformation, OID_IP4_OFFLOAD_STATS, &ip, sizeof ip,
                              NULL),
           NDIS_STATUS_SUCCESS);
    expect("datagrams", ip.InReceives, 0);
    expect("without room",
           (uint32_t)mock_oid(NdisRequestQueryInformation, OID_IP6_OFFLOAD_STATS, &ip, 8, NULL),
           (uint32_t)NDIS_STATUS_BUFFER_TOO_SHORT);
    expect("counters to zero",
           (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP4_OFFLOAD_STATS, &ip, 40, NULL),
           NDIS_STATUS_SUCCESS);
}

static uint32_t asked_of_tcp4(int type)
{
    TCP_OFFLOAD_STATS tcp = {.CurrentlyEstablished = UINT32_MAX};
    return (uint32_t)mock_oid(type, OID_TCP4_OFFLOAD_STATS, &tcp, sizeof tcp, NULL);
}

/* One that refuses adds nothing to what is summed, but what is set must be so in all of them. */
static void refusals(void)
{
    const uint32_t failure = (uint32_t)NDIS_STATUS_FAILURE;
    const uint32_t second = established(2, OID_TCP4_OFFLOAD_STATS);
    mock_lower_refuses(0, true);
    expect("the first refuses: those of the second", established(0, OID_TCP4_OFFLOAD_STATS),
           second);
    expect("counters to zero", asked_of_tcp4(NdisRequestSetInformation), failure);
    mock_lower_refuses(1, true);
    expect("both refuse", asked_of_tcp4(NdisRequestQueryInformation), failure);
    expect("counters to zero", asked_of_tcp4(NdisRequestSetInformation), failure);
    for (unsigned l = 0; l < LOWERS; l++)
        mock_lower_refuses(l, false);
    expect("neither does", asked_of_tcp4(NdisRequestQueryInformation), NDIS_STATUS_SUCCESS);
}

/* They go nowhere; in a pause they say so. */
static void frames(void)
{
    static NET_BUFFER_LIST lists[3][2];
    const uint32_t failure = (uint32_t)NDIS_STATUS_FAILURE, paused = 0xc023002a;
    const uint32_t statuses[] = {failure, paused, failure};
    for (unsigned i = 0; i < 3; i++) {
        if (i == 1)
            mock_pause();
        else if (i == 2)
            mock_restart();
        lists[i][0].Next = &lists[i][1];
        mock_packets(0, NULL, lists[i], 0);
        pass(20);
        expect(i == 1 ? "frames while it is paused" : "frames",
               (uint32_t)lists[i][0].Status == statuses[i] &&
                   (uint32_t)lists[i][1].Status == statuses[i],
               1);
    }
}

static uint32_t set(uint32_t ticks, uint32_t ticks_per_second)
{
    NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS says = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof says},
        .TicksPerSecond = ticks_per_second,
        .NceStaleTicks = ticks,
    };
    return (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP_CONNECTION_OFFLOAD_PARAMETERS,
                              &says, sizeof says, NULL);
}

/* How often the host is asked, when each lower driver doubts a neighbor. */
static uint64_t asked(void)
{
    const uint64_t before = host.record.reachability_asked;
    uint32_t index = 0;
    for (unsigned l = 0; l < LOWERS; l++) {
        mock_select(1 + l);
        mock_oid(NdisRequestSetInformation, OID_FLUE_STALE, &index, sizeof index, NULL);
        mock_select(0);
        pass(20);
    }
    return host.record.reachability_asked - before;
}

static void parameters(void)
{
    expect("the host is asked of a neighbor", asked(), 0);
    expect("of another clock", set(1, 100), (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect("NceStaleTicks is less", set(1, 1000), NDIS_STATUS_SUCCESS);
    expect("then both ask", asked(), LOWERS);
    set(30000, 1000);
}

void tell_requests_below(uint32_t connections)
{
    statistics(connections);
    refusals();
    parameters();
    frames();
}
