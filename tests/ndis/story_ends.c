/* SPDX-License-Identifier: BSD-2-Clause */
/* How data waits, and ends: a slow operation, processors, reset, disconnects, removal, halt. */
#include <string.h>
#include <time.h>

#include "flue_oid.h"
#include "story_data.h"

/* ---- Data comes before its operation has completed ------------------------------------------- */

void tell_waits(void)
{
    const struct sim_fault slow = {.what = SIM_FAULT_DELAY,
                                   .kind = CHIMNEY_TCP,
                                   .command = CHIMNEY_TCP_ADD_TCP,
                                   .nth = 2,
                                   .steps = 6};
    chapter("Data for a connection of which the operation is not over");
    stack_open(4);
    stack_offload(&ends[0], NULL);
    stack_settle();
    stack_send(&ends[0], 3000);
    stack_post(&ends[0], 4000);
    stack_brings = 2;
    set_nics(OID_FLUE_FAULT, &slow, sizeof slow);
    stack_offload(&ends[1], &tcps[0]);
    for (unsigned n = 0; n < 5; n++)
        mock_run_one();
    expect("the operation waits for another connection", ends[1].offloaded, 0);
    expect("indications", tally.indicated + tally.refused + tally.partly, 0);
    stack_settle();
    pass(20);
    expect("the operation is over", ends[1].offloaded, 1);
    often("indications", tally.indicated + tally.refused + tally.partly, 1);
    drain();
    upload_both();
    compare_both();
}

/* ---- Initiates that never stop -------------------------------------------------------------- */

enum { CROWD = 50, BETWEEN_MS = 10, LONG_MS = 500, RESUME = 0x40020003 };

/* One begins before the last is over; when the host is asked to wait, what it sends then waits. */
static uint32_t crowd(void)
{
    static struct host_object others[CROWD];
    uint32_t idle = 0, begun = 0;
    memset(others, 0, sizeof others);
    for (unsigned ms = 0; ms < LONG_MS; ms++) {
        if (ms % BETWEEN_MS == 0)
            host_submit(&host, CHIMNEY_INITIATE,
                        host_new_neighbor(&arena, &others[begun], 10 + begun)),
                begun++;
        if (ms == 1)
            stack_offload(&ends[1], NULL);
        idle += !host.record.outstanding;
        pass(1);
    }
    often("indications all the same", tally.indicated + tally.refused + tally.partly, 1);
    stack_settle();
    for (unsigned n = 0; n < begun; n++)
        host_submit(&host, CHIMNEY_TERMINATE,
                    host_reference(&arena, &others[n], CHIMNEY_TYPE_NEIGHBOR_DELEGATED));
    stack_settle();
    host_arena_clear(&arena);
    return idle;
}

void tell_initiates_without_end(void)
{
    const struct sim_fault slow = {.what = SIM_FAULT_DELAY,
                                   .kind = CHIMNEY_NEIGHBOR,
                                   .command = CHIMNEY_NEIGHBOR_ADD_NEIGHBOR,
                                   .limit = CROWD,
                                   .steps = 12};
    chapter("Initiates that never stop");
    host.record.last_status_indication = 0;
    chance = 16; /* the same with each seed */
    stack_open(16);
    stack_offload(&ends[0], NULL);
    stack_settle();
    stack_send(&ends[0], 3000);
    mock_select(first_nic); /* below another driver the connections are in the last */
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&slow, sizeof slow,
             NULL);
    mock_select(0);
    expect("ms in which none was under way", crowd(), 0);
    expect("NDIS_STATUS_OFFLOAD_RESUME", (uint32_t)host.record.last_status_indication, RESUME);
    drain();
    upload_both();
    compare_both();
}

/* ---- More processors than one ---------------------------------------------------------------- */

/* Handlers are called while DPCs run elsewhere: which does what first is left to chance. */
void tell_processors(unsigned dpcs)
{
    const clock_t begun = clock();
    chapter(dpcs == 1 ? "The DPC runs on another processor"
                      : "DPCs run on processors of their own");
    stack_open(60);
    offload_both();
    only_before = true;
    mock_processors(dpcs);
    while (tally.moves < 40 || (mock_overlaps() < 500 && clock() - begun < CLOCKS_PER_SEC)) {
        struct connection *c = &ends[below(2)];
        some_steps(40);
        stack_upload(c);
        some_steps(5);
        stack_settle();
        stack_offload(c, NULL);
        some_steps(5);
        stack_settle();
    }
    const uint32_t overlaps = mock_overlaps();
    mock_processors(0);
    only_before = false;
    drain();
    often("moves", tally.moves, 40);
    often("calls of a driver while another processor was in one", overlaps, 20);
    upload_both();
    compare_both();
}

/* ---- Ends ---------------------------------------------------------------------------------- */

/* Nothing is received, so that all of it stays on its way. */
static void open_in_transfer(uint64_t seed)
{
    stack_open(seed);
    stack_refuses = true;
    offload_both();
    for (unsigned n = 0; n < 4; n++)
        stack_send(&ends[0], 4000);
    stack_post(&ends[1], 1000);
    stack_post(&ends[0], 1000);
    pass(2);
}

void tell_reset(void)
{
    chapter("A reset in the middle");
    open_in_transfer(5);
    expect("sends and receives that are out", ends[0].sends + ends[0].receives > 3, 1);
    mock_reset();
    pass(20);
    expect("the reset is completed", mock_resetting(), 0);
    expect("all are back", mock_packets_out(), 0);
    expect("NDIS_STATUS_REQUEST_ABORTED", (uint32_t)ends[0].status,
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    stack_send(&ends[0], 100);
    pass(2);
    expect("what comes after it is aborted, too", ends[0].sends, 0);
    expect("NDIS_STATUS_REQUEST_ABORTED", (uint32_t)ends[0].status,
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    upload_both();
}

/* ---- Counted ------------------------------------------------------------------------------- */

enum { HEADERS = 40, MSS = 1460 };

static TCP_OFFLOAD_STATS tcp_counted(void)
{
    TCP_OFFLOAD_STATS tcp = {0};
    mock_oid(NdisRequestQueryInformation, OID_TCP4_OFFLOAD_STATS, &tcp, sizeof tcp, NULL);
    return tcp;
}

static IP_OFFLOAD_STATS ip_counted(uint32_t oid)
{
    IP_OFFLOAD_STATS ip = {0};
    mock_oid(NdisRequestQueryInformation, oid, &ip, sizeof ip, NULL);
    return ip;
}

/* So many bytes, and segments without any; all were sent and received, none again. */
static void compare_counted(uint64_t bytes, uint32_t bare)
{
    const TCP_OFFLOAD_STATS tcp = tcp_counted();
    const IP_OFFLOAD_STATS ip = ip_counted(OID_IP4_OFFLOAD_STATS);
    often("OutSegments", tcp.OutSegments, bytes / MSS + bare);
    expect("InSegments", tcp.InSegments, tcp.OutSegments);
    expect("RetransmittedSegments", tcp.RetransmittedSegments, 0);
    expect("OutRequests", ip.OutRequests, tcp.OutSegments);
    expect("OutOctets", ip.OutOctets, bytes + HEADERS * tcp.OutSegments);
    expect("InReceives", ip.InReceives, ip.OutRequests);
    expect("InDelivers", ip.InDelivers, ip.OutRequests);
    expect("InOctets", ip.InOctets, ip.OutOctets);
    expect("OutRequests of IPv6", ip_counted(OID_IP6_OFFLOAD_STATS).OutRequests, 0);
}

/* Of IP it stays when that of TCP is set to zero. */
static void set_to_zero(void)
{
    uint8_t nothing[sizeof(TCP_OFFLOAD_STATS)] = {0};
    const uint64_t datagrams = ip_counted(OID_IP4_OFFLOAD_STATS).OutRequests;
    mock_oid(NdisRequestSetInformation, OID_TCP4_OFFLOAD_STATS, nothing, sizeof nothing, NULL);
    const TCP_OFFLOAD_STATS tcp = tcp_counted();
    expect("segments, set to zero", tcp.OutSegments + tcp.InSegments, 0);
    expect("and resets", tcp.ResetEstablished + tcp.OutResets, 0);
    expect("but not datagrams", ip_counted(OID_IP4_OFFLOAD_STATS).OutRequests, datagrams);
    mock_oid(NdisRequestSetInformation, OID_IP4_OFFLOAD_STATS, nothing, sizeof nothing, NULL);
    expect("then they, too", ip_counted(OID_IP4_OFFLOAD_STATS).OutRequests, 0);
}

/* ---- Ends, by a disconnect ------------------------------------------------------------------- */

void tell_closes(void)
{
    chapter("Disconnect");
    chance = 6; /* the same with each seed */
    stack_open(6);
    offload_both();
    set_to_zero();
    const uint64_t before = ends[0].out.acked + ends[1].out.acked;
    stack_mode = NO_PUSH; /* what is begun is not full when the FIN comes */
    stack_send(&ends[0], 3000);
    stack_close(&ends[0], TCP_DISCONNECT_GRACEFUL_CLOSE);
    drain();
    pass(2);
    expect("the disconnect is completed", tally.disconnects, 1);
    expect("its peer's host hears of it", host.record.events[HOST_DISCONNECT], 1);
    stack_send(&ends[0], 100);
    drain();
    expect("a send in FIN_WAIT_2", (uint32_t)ends[0].statuses[STACK_SEND],
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    expect("and has had all data before", ends[0].out.received, ends[0].out.acked);
    stack_send(&ends[1], 2000);
    drain();
    expect("receives that were posted before", ends[1].receives, 0);
    compare_counted(ends[0].out.acked + ends[1].out.acked - before, 1);
    expect("of which established, CLOSE_WAIT", tcp_counted().CurrentlyEstablished, 1);
    stack_post(&ends[1], 100);
    pass(2);
    expect("one that is posted then comes back", ends[1].receives, 0);
    expect("with NDIS_STATUS_INVALID_STATE", (uint32_t)ends[1].status,
           (uint32_t)NDIS_STATUS_INVALID_STATE);
    upload_both();
    expect("FIN_WAIT_2", (uint32_t)ends[0].tcp.State, CHIMNEY_TCP_STATE_FIN_WAIT_2);
    expect("CLOSE_WAIT", (uint32_t)ends[1].tcp.State, CHIMNEY_TCP_STATE_CLOSE_WAIT);
    compare_both();
}

/* Its sender is gone in the middle of a list: nobody pushes. */
void tell_pushes(void)
{
    chapter("The push timer");
    chance = 9;
    stack_open(9);
    offload_both();
    stack_mode = PUSH;
    for (unsigned n = 0; n < 30; n++)
        stack_post(&ends[1], LIST_BYTES - 100);
    for (unsigned n = 0; n < 12; n++)
        stack_send(&ends[0], 7000);
    while (!tally.receives)
        mock_run_one();
    stack_upload(&ends[0]);
    stack_settle();
    const uint64_t received = ends[0].out.received, done = tally.receives;
    expect("bytes that the application has not got", ends[0].out.acked > received, 1);
    pass(400);
    expect("receives that are done with meanwhile", tally.receives, done);
    pass(150);
    expect("then one is, with what there is", tally.receives, done + 1);
    expect("bytes received", ends[0].out.received, ends[0].out.acked);
    drain();
    upload_both();
}

void tell_aborts(void)
{
    chapter("An abortive disconnect in the middle");
    open_in_transfer(7);
    stack_post(&ends[0], 1000);
    stack_close(&ends[0], TCP_DISCONNECT_ABORTIVE_CLOSE);
    pass(2);
    expect("sends that are out", ends[0].sends + ends[1].sends, 0);
    expect("NDIS_STATUS_REQUEST_ABORTED", (uint32_t)ends[0].statuses[STACK_SEND],
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    expect("of a receive, too", (uint32_t)ends[0].statuses[STACK_RECEIVE],
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    expect("the peer's host hears of it", ends[1].object.aborted, 1);
    expect("ResetEstablished", tcp_counted().ResetEstablished, 2);
    expect("OutResets", tcp_counted().OutResets, 1);
    set_to_zero();
    upload_both();
    expect("both are CLOSED", (uint32_t)(ends[0].tcp.State + ends[1].tcp.State),
           CHIMNEY_TCP_STATE_CLOSED);
}

/* While the driver waits. */
static void give_back(void)
{
    stack_give_back(100);
}

void tell_halts(void)
{
    chapter("Removed, and halted, in the middle");
    open_in_transfer(8);
    stack_refuses = false;
    for (unsigned n = 0; n < 100 && !mock_packets_lent(); n++) {
        stack_post(&ends[1], 0);
        pass(1);
    }
    for (unsigned n = 0; n < 6; n++) /* more than one DPC moves */
        stack_post(&ends[1], 8000), stack_send(&ends[0], 8000);
    mock_run_one();
    mock_surprise();
    expect("nothing is back before the NIC has stopped", ends[0].sends > 0, 1);
    pass(2);
    expect("then all is", mock_packets_out(), 0);
    expect("but not what is lent", mock_packets_lent() > 0, 1);
    mock_meanwhile(give_back);
    mock_halt();
    expect("the adapter halts when it is", mock_packets_lent(), 0);
}
