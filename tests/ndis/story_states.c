/* SPDX-License-Identifier: BSD-2-Clause */
/* What NDIS asks of a miniport beside the five operations. */
#include <string.h>

#define IMPORT extern
#define NDIS6_IS_HERE
#include "general.h"

#include "story.h"

#include "flue_oid.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS

static int32_t offload_router(uint32_t number)
{
    begin_tree();
    return ask(CHIMNEY_INITIATE, host_new_neighbor(&arena, &routers[number], number + 1));
}

static int32_t give_back(uint32_t number)
{
    begin_tree();
    return ask(CHIMNEY_TERMINATE, name(&routers[number]));
}

/* ---- States -------------------------------------------------------------------------------- */

static void pause_and_restart(void)
{
    const uint64_t said = host.record.status_indications;
    mock_pause();
    pass(1);
    expect("status indications of a pause", host.record.status_indications - said, 1);
    expect("NDIS_STATUS_OFFLOAD_PAUSE", (uint32_t)host.record.last_status_indication, 0x40020001);
    begin_tree();
    host_submit(&host, CHIMNEY_INITIATE, host_new_neighbor(&arena, &routers[0], 1));
    pass(50);
    expect("an initiate waits meanwhile", mock_outstanding(), 1);
    mock_restart();
    run();
    expect("and is completed after the restart", mock_outstanding(), 0);
    expect("NDIS_STATUS_OFFLOAD_RESUME", (uint32_t)host.record.last_status_indication, 0x40020003);
}

static void lose_an_answer(uint8_t command)
{
    const struct sim_fault lost = {
        .what = SIM_FAULT_LOSE_ANSWER, .kind = CHIMNEY_NEIGHBOR, .command = command, .limit = 1};
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&lost, sizeof lost,
             NULL);
}

/* In its middle: an update whose answer is lost. */
static void reset(void)
{
    lose_an_answer(CHIMNEY_NEIGHBOR_WRITE_MAC);
    begin_tree();
    struct chimney_node *node = host_reference(&arena, &routers[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    host_neighbor_cached(node)->DlDestinationAddress[5] = 9;
    host_submit(&host, CHIMNEY_UPDATE, node);
    pass(2);
    expect("an update is under way", mock_outstanding(), 1);
    mock_reset();
    expect("the reset is completed later", mock_resetting(), 1);
    run();
    pass(20);
    expect("then it is", mock_resetting(), 0);
    expect("NdisMResetComplete", (uint32_t)mock_reset_status(), SUCCESS);
    expect("the update is completed", (uint32_t)node->Status, (uint32_t)CHIMNEY_STATUS_FAILURE);
    uint32_t entries[CHIMNEY_KINDS] = {0};
    mock_oid(NdisRequestQueryInformation, OID_FLUE_ENTRIES, entries, sizeof entries, NULL);
    expect("the router is in the NIC again", entries[CHIMNEY_NEIGHBOR], 1);
    expect("the adapter does not ask for another reset", mock_hangs(), 0);
    expect("the router is given back", (uint32_t)give_back(0), SUCCESS);
}

/* What is under way is completed; the host takes the rest back; then the adapter halts. */
static void removal(void)
{
    enum { POWER_PROFILE_CHANGED = 3 };
    expect("the adapter stands a surprise removal", mock_may_be_surprised(), 1);
    mock_event(POWER_PROFILE_CHANGED);
    pass(2);
    expect("after another event a router is offloaded", (uint32_t)offload_router(0), SUCCESS);
    begin_tree();
    struct chimney_node *node = host_new_neighbor(&arena, &routers[1], 2);
    host_submit(&host, CHIMNEY_INITIATE, node);
    mock_surprise();
    run();
    expect("an initiate in a removal fails", (uint32_t)node->Status,
           (uint32_t)CHIMNEY_STATUS_FAILURE);
    mock_reset();
    pass(20);
    expect("a reset of what was removed is completed", mock_resetting(), 0);
    expect("what was offloaded is lost", (uint32_t)give_back(0), (uint32_t)CHIMNEY_STATUS_FAILURE);
    print_ledger();
    mock_halt();
}

/* Requests that are under way are completed by the halt itself. */
static void halt(void)
{
    open_adapter();
    lose_an_answer(CHIMNEY_NEIGHBOR_ADD_NEIGHBOR);
    begin_tree();
    host_submit(&host, CHIMNEY_INITIATE, host_new_neighbor(&arena, &routers[0], 1));
    pass(2);
    expect("an initiate is under way when it halts", mock_outstanding(), 1);
    mock_halt();
    expect("and after it", mock_outstanding(), 0);
    print_ledger();
}

void tell_states(void)
{
    chapter("Pause, restart");
    pause_and_restart();
    chapter("Reset");
    reset();
    chapter("Surprise removal, halt");
    removal();
    chapter("Halt with a request under way");
    halt();
}

/* ---- Requests, packets, indications -------------------------------------------------------- */

static void statistics(void)
{
    struct {
        uint64_t in, out;
        uint32_t established, rest[5];
    } tcp = {0};
    uint32_t bytes = 0, list[64];
    expect(
        "OID_TCP4_OFFLOAD_STATS",
        (uint32_t)mock_oid(NdisRequestQueryInformation, OID_TCP4_OFFLOAD_STATS, &tcp, 40, &bytes),
        SUCCESS);
    expect("connections established", tcp.established, 1);
    mock_oid(NdisRequestQueryInformation, OID_TCP6_OFFLOAD_STATS, &tcp, 40, NULL);
    expect("of IPv6", tcp.established, 0);
    expect("bytes", bytes, 40);
    expect("without room for it",
           (uint32_t)mock_oid(NdisRequestQueryInformation, OID_TCP6_OFFLOAD_STATS, &tcp, 8, NULL),
           (uint32_t)NDIS_STATUS_BUFFER_TOO_SHORT);
    expect("BytesNeeded", mock_oid_needs(), 40);
    expect("an unknown request",
           (uint32_t)mock_oid(NdisRequestQueryInformation, 0x12345678, list, sizeof list, NULL),
           (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
}

static void packets(void)
{
    static NET_BUFFER_LIST lists[5][3];
    for (unsigned way = 0; way < 5; way++) {
        lists[way][0].Next = way == 3 ? NULL : &lists[way][1];
        mock_packets(way, &tcps[0].handle, &lists[way][0], TCP_DISCONNECT_GRACEFUL_CLOSE);
        mock_packets(way, NULL, &lists[way][2], TCP_DISCONNECT_GRACEFUL_CLOSE);
    }
    pass(20);
    for (unsigned way = 0; way < 5; way++)
        expect("packets that come back on a way", mock_packets_back(way), way == 3 ? 2 : 3);
}

static uint32_t set(uint32_t oid, uint32_t bytes)
{
    uint32_t data[3] = {256};
    return (uint32_t)mock_oid(NdisRequestSetInformation, oid, data, bytes, NULL);
}

static void set_others(void)
{
    uint32_t is = 0;
    expect("a lookahead is set", set(OID_GEN_CURRENT_LOOKAHEAD, 4), SUCCESS);
    mock_oid(NdisRequestQueryInformation, OID_GEN_CURRENT_LOOKAHEAD, &is, sizeof is, NULL);
    expect("and is so", is, 256);
    expect("two multicast addresses", set(OID_802_3_MULTICAST_LIST, 12), SUCCESS);
    expect("one and a part", set(OID_802_3_MULTICAST_LIST, 7),
           (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    expect("OID_GEN_LINK_PARAMETERS", set(OID_GEN_LINK_PARAMETERS, 12),
           (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect("OID_GEN_INTERRUPT_MODERATION", set(OID_GEN_INTERRUPT_MODERATION, 12),
           (uint32_t)NDIS_STATUS_INVALID_DATA);
}

static void mandatory(void)
{
    static const uint32_t asked[] = {GENERAL_OIDS};
    uint32_t answered = 0, listed = 0;
    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        uint8_t answer[512];
        uint32_t done = 0;
        listed += mock_supports(asked[i]);
        answered += mock_oid(NdisRequestQueryInformation, asked[i], answer, sizeof answer, &done) ==
                        NDIS_STATUS_SUCCESS &&
                    done != 0;
    }
    expect("mandatory requests that are answered", answered, 14); /* the others are set */
    expect("in the adapter's list", listed, sizeof asked / sizeof *asked);
    expect("and those of chimney",
           mock_supports(OID_TCP4_OFFLOAD_STATS) + mock_supports(OID_TCP6_OFFLOAD_STATS) +
               mock_supports(OID_IP4_OFFLOAD_STATS) + mock_supports(OID_IP6_OFFLOAD_STATS) +
               mock_supports(OID_TCP_OFFLOAD_PARAMETERS) +
               mock_supports(OID_TCP_CONNECTION_OFFLOAD_PARAMETERS),
           6);
    expect("its address", mock_mac(), 0x02f10e000001);
    uint32_t filter = 1, is = 0;
    expect("a packet filter is set",
           (uint32_t)mock_oid(NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
                              sizeof filter, NULL),
           SUCCESS);
    mock_oid(NdisRequestQueryInformation, OID_GEN_CURRENT_PACKET_FILTER, &is, sizeof is, NULL);
    expect("and is so", is, 1);
    set_others();
    mock_oid(NdisRequestQueryInformation, OID_GEN_CURRENT_PACKET_FILTER, &is, sizeof is, NULL);
    expect("and stays so", is, 1);
}

static uint32_t set_stale(uint32_t ticks, uint32_t ticks_per_second, uint32_t bytes)
{
    NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS says = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof says},
        .TicksPerSecond = ticks_per_second,
        .NceStaleTicks = ticks,
    };
    return (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP_CONNECTION_OFFLOAD_PARAMETERS,
                              &says, bytes, NULL);
}

static void parameters(void)
{
    const uint32_t bytes = sizeof(NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS);
    expect("OID_TCP_CONNECTION_OFFLOAD_PARAMETERS", set_stale(50000, 1000, bytes), SUCCESS);
    expect("of another clock", set_stale(1, 100, bytes), (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect("without its end", set_stale(1, 1000, bytes - 4), (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    expect("BytesNeeded", mock_oid_needs(), bytes);
}

/* ---- What is offloaded in which frames ------------------------------------------------------ */

static uint32_t encapsulate(const NDIS_OFFLOAD_ENCAPSULATION *says, uint32_t bytes)
{
    return (uint32_t)mock_oid(NdisRequestSetInformation, OID_OFFLOAD_ENCAPSULATION,
                              (void *)(uintptr_t)says, bytes, NULL);
}

static void encapsulation(void)
{
    enum { LLC_SNAP_ROUTED = 0x10 };
    const uint32_t invalid = (uint32_t)NDIS_STATUS_INVALID_PARAMETER;
    NDIS_OFFLOAD_ENCAPSULATION says = {
        .Header = {NDIS_OBJECT_TYPE_OFFLOAD_ENCAPSULATION, 1, sizeof says},
        .IPv4 = {NDIS_OFFLOAD_SET_ON, NDIS_ENCAPSULATION_IEEE_802_3, 14},
    };
    expect("OID_OFFLOAD_ENCAPSULATION of IPv4", encapsulate(&says, sizeof says), SUCCESS);
    says.IPv6 = says.IPv4;
    says.IPv4.Enabled = NDIS_OFFLOAD_SET_OFF;
    expect("of IPv6, and no more of IPv4", encapsulate(&says, sizeof says), SUCCESS);
    says.IPv6.EncapsulationType = LLC_SNAP_ROUTED;
    expect("in frames that no offload is for", encapsulate(&says, sizeof says), invalid);
    says.IPv6.Enabled = NDIS_OFFLOAD_SET_OFF + 1;
    expect("neither on nor off", encapsulate(&says, sizeof says), invalid);
    says.IPv4 = says.IPv6;
    says.IPv6.Enabled = NDIS_OFFLOAD_SET_NO_CHANGE;
    expect("of IPv4, too", encapsulate(&says, sizeof says), invalid);
    says.IPv4.Enabled = NDIS_OFFLOAD_SET_NO_CHANGE;
    expect("no change", encapsulate(&says, sizeof says), SUCCESS);
    expect("without its end", encapsulate(&says, sizeof says - 1),
           (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    expect("BytesNeeded", mock_oid_needs(), sizeof says);
    expect("of nothing", encapsulate(NULL, 0), (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    says.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    expect("of another type", encapsulate(&says, sizeof says), (uint32_t)NDIS_STATUS_INVALID_DATA);
    says.Header.Type = NDIS_OBJECT_TYPE_OFFLOAD_ENCAPSULATION;
    says.Header.Size--;
    expect("of another size", encapsulate(&says, sizeof says), (uint32_t)NDIS_STATUS_INVALID_DATA);
}

/* ---- What is offered ------------------------------------------------------------------------ */

enum { PAUSE = 0x40020001, UPLOAD_ALL, RESUME };
enum { NOT = NDIS_OFFLOAD_PARAMETERS_CONNECTION_OFFLOAD_DISABLED };

static uint32_t set_offers(uint8_t ipv4, uint8_t ipv6, uint8_t lso)
{
    NDIS_OFFLOAD_PARAMETERS says = {.Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof says},
                                    .LsoV2IPv6 = lso,
                                    .TcpConnectionIPv4 = ipv4,
                                    .TcpConnectionIPv6 = ipv6};
    return (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP_OFFLOAD_PARAMETERS, &says,
                              sizeof says, NULL);
}

/* The second of the path's connections; what becomes of it. */
static int32_t offload_another(void)
{
    begin_tree();
    struct chimney_node *root = name(&routers[0]);
    host_link(host_link(root, name(&paths[0])), host_new_tcp(&arena, &tcps[1], 1));
    ask(CHIMNEY_INITIATE, root);
    return status_of(2);
}

static void wrong_offers(void)
{
    const uint64_t said = host.record.status_indications;
    uint8_t more[20] = {0};
    expect("neither on nor off", set_offers(0, 3, 0), (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect("LSO neither on nor off", set_offers(NOT, NOT, 3), (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect("of no type",
           (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP_OFFLOAD_PARAMETERS, more,
                              sizeof more, NULL),
           (uint32_t)NDIS_STATUS_INVALID_DATA);
    expect(
        "without its end",
        (uint32_t)mock_oid(NdisRequestSetInformation, OID_TCP_OFFLOAD_PARAMETERS, more, 19, NULL),
        (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    expect("BytesNeeded", mock_oid_needs(), 20);
    expect("a query of it",
           (uint32_t)mock_oid(NdisRequestQueryInformation, OID_TCP_OFFLOAD_PARAMETERS, more,
                              sizeof more, NULL),
           (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    expect("what is so already", set_offers(2, 0, 1), SUCCESS);
    pass(20);
    expect("status indications", host.record.status_indications, said);
}

/* A connection of IPv4 is in the NIC. */
static void offers(void)
{
    wrong_offers();
    expect("what is offered", mock_offered(), 3);
    const uint64_t said = host.record.status_indications;
    expect("OID_TCP_OFFLOAD_PARAMETERS: no IPv4", set_offers(NOT, 0, 0), SUCCESS);
    pass(20);
    expect("NDIS_STATUS_OFFLOAD_PAUSE, UPLOAD_ALL", host.record.status_indications - said, 2);
    expect("of which the last", (uint32_t)host.record.last_status_indication, UPLOAD_ALL);
    begin_tree();
    expect("the host takes it back", (uint32_t)ask(CHIMNEY_TERMINATE, name(&tcps[0])), SUCCESS);
    pass(20);
    expect("NDIS_STATUS_OFFLOAD_RESUME", (uint32_t)host.record.last_status_indication, RESUME);
    expect("what is offered", mock_offered(), 2);
    expect("NDIS_STATUS_OFFLOAD_CONNECTION_REJECTED", (uint32_t)offload_another(),
           (uint32_t)CHIMNEY_STATUS_CONNECTION_REJECTED);
    expect("no IPv6, but IPv4 again", set_offers(2, NOT, 0), SUCCESS);
    pass(20);
    expect("what is offered", mock_offered(), 1);
    expect("the connection is taken", (uint32_t)offload_another(), SUCCESS);
    expect("status indications in all", host.record.status_indications - said, 5);
}

static void ask_whether_stale(uint32_t asked)
{
    uint32_t index = host_index(&routers[0]);
    mock_oid(NdisRequestSetInformation, OID_FLUE_STALE, &index, sizeof index, NULL);
    pass(2);
    expect("NeighborReachabilityQuery", host.record.reachability_asked, asked);
}

/* Not yet by what the host has set; then it sets less. */
static void reachability(void)
{
    pass(40000);
    ask_whether_stale(0);
    set_stale(30000, 1000, sizeof(NDIS_TCP_CONNECTION_OFFLOAD_PARAMETERS));
    ask_whether_stale(1);
}

void tell_requests(void)
{
    chapter("Requests, packets, indications");
    open_adapter();
    expect("a router is offloaded", (uint32_t)offload_router(0), SUCCESS);
    begin_tree();
    struct chimney_node *root = name(&routers[0]);
    host_link(host_link(root, host_new_path(&arena, &paths[0], 0, false)),
              host_new_tcp(&arena, &tcps[0], 0));
    expect("with a path and a connection", (uint32_t)ask(CHIMNEY_INITIATE, root), SUCCESS);
    statistics();
    mandatory();
    parameters();
    encapsulation();
    packets();
    reachability();
    offers();
    print_ledger();
    mock_halt();
    mock_registry("*TCPConnectionOffloadIPv4", 0);
    open_adapter();
    expect("what is offered, by the registry", mock_offered(), 2);
    mock_registry("*TCPConnectionOffloadIPv4", 1);
    mock_halt();
}

/* The last: a system that goes down halts nothing, and unloads nothing. */
void tell_shutdown(void)
{
    chapter("Loaded again; shutdown");
    open_adapter();
    mock_shutdown();
    begin_tree();
    host_submit(&host, CHIMNEY_INITIATE, host_new_neighbor(&arena, &routers[0], 1));
    pass(100);
    expect("nothing is completed any more", mock_outstanding(), 1);
}
