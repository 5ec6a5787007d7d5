/* SPDX-License-Identifier: BSD-2-Clause */
/* Data that an initiate brings, and that goes with a terminate: also when these fail. */
#include <stdio.h>

#include "flue_oid.h"
#include "story_data.h"

/* Bytes of received data that the driver has room for. */
enum { ROOM = 64 * 2048 };

static void fault(enum sim_fault_kind what, uint8_t command, uint32_t nth)
{
    const struct sim_fault f = {.what = what,
                                .kind = CHIMNEY_TCP,
                                .command = command,
                                .result = CHIMNEY_RESULT_FAILURE,
                                .nth = nth,
                                .limit = 1,
                                .steps = 6};
    set_nics(OID_FLUE_FAULT, &f, sizeof f);
}

static void no_faults(void)
{
    const uint32_t steps = 0;
    set_nics(OID_FLUE_SETTLE, &steps, sizeof steps);
}

static void receive(struct connection *c, uint32_t bytes)
{
    for (; bytes > LIST_BYTES / 2; bytes -= LIST_BYTES / 2)
        stack_exchange(c, LIST_BYTES / 2);
    stack_exchange(c, bytes);
}

static uint64_t told(void)
{
    return tally.indicated + tally.refused + tally.partly;
}

static void brings(void)
{
    chapter("An initiate brings data, and a terminate takes it along");
    stack_open(11);
    stack_brings = 3;
    stack_refuses = true;
    receive(&ends[1], 6000);
    stack_offload(&ends[1], NULL);
    stack_settle();
    pass(5);
    expect("indications before a receive is posted", told(), 0);
    stack_post(&ends[1], 1000);
    pass(5);
    expect("receives that are done with", tally.receives, 1);
    expect("bytes of it", ends[1].peer->out.received >= 1000, 1);
    stack_upload(&ends[1]);
    stack_settle();
    often("bytes back with the terminate", tally.given, 1);
    often("sends back before it", tally.unsent, 3);
    stack_refuses = false;
    offload_both();
    drain();
    often("sends that were brought", tally.brought, 9);
    upload_both();
    compare_both();
}

static void fails(const char *how, enum sim_fault_kind what)
{
    chapter(how);
    stack_open(12 + what);
    stack_brings = 3;
    receive(&ends[0], 5000);
    fault(what, CHIMNEY_TCP_ADD_TCP, 1);
    stack_offload(&ends[0], NULL);
    stack_settle();
    expect("it is not offloaded", ends[0].offloaded, 0);
    expect("its sends are still the host's", ends[0].sends + mock_packets_out(), 0);
    no_faults();
    offload_both();
    drain();
    upload_both();
    compare_both();
}

/* Nobody has room for it; then somebody has, to the last buffer. */
static void overflows(void)
{
    chapter("An initiate brings more received data than there is room for");
    stack_open(20);
    receive(&ends[0], ROOM + 1);
    stack_offload(&ends[0], NULL);
    stack_settle();
    expect("it is not offloaded", ends[0].offloaded, 0);
    stack_read(&ends[0]);
    receive(&ends[0], ROOM);
    offload_both();
    drain();
    upload_both();
    compare_both();
}

/* One connection of the tree has been added when the NIC forgets all, or none. */
static void reset(uint32_t nth)
{
    chapter(nth == 1 ? "A reset before the NIC has answered to it"
                     : "A reset when one is offloaded, and its initiate is not over");
    stack_open(30 + nth);
    stack_brings = 2;
    receive(&ends[0], 5000);
    fault(SIM_FAULT_DELAY, CHIMNEY_TCP_ADD_TCP, nth);
    stack_offload(&ends[0], &tcps[0]);
    for (unsigned n = 0; n < 5; n++)
        mock_run_one();
    expect("the operation is under way", host.record.outstanding, 1);
    mock_reset();
    stack_settle();
    pass(20);
    expect("the reset is completed", mock_resetting(), 0);
    expect("it is offloaded, and lost", ends[0].offloaded, nth == 2);
    expect("all sends are back", ends[0].sends + mock_packets_out(), 0);
    expect("with NDIS_STATUS_REQUEST_ABORTED", (uint32_t)ends[0].status,
           nth == 2 ? (uint32_t)NDIS_STATUS_REQUEST_ABORTED : 0);
    no_faults();
    upload_both();
}

/* Who has what went with it? The driver, after the reset that the host then wants. */
static void loses_a_terminate(void)
{
    chapter("The answer to a terminate is lost");
    stack_open(40);
    stack_brings = 2;
    receive(&ends[0], ROOM);
    stack_offload(&ends[0], NULL);
    stack_settle();
    fault(SIM_FAULT_LOSE_ANSWER, CHIMNEY_TCP_REMOVE_TCP, 1);
    stack_upload(&ends[0]);
    stack_settle();
    expect("all sends are back", ends[0].sends + mock_packets_out(), 0);
    expect("nothing is lent", mock_packets_lent(), 0);
    no_faults();
    mock_reset();
    pass(20);
    stack_upload(&ends[0]);
    stack_settle();
    stack_open(41);
    receive(&ends[0], ROOM);
    offload_both();
    drain();
    upload_both();
    compare_both();
}

/* What the application has got is still lent to the host when the NIC forgets all. */
static void resets_what_is_lent(void)
{
    chapter("A reset when the host has what went with a terminate");
    stack_open(50);
    stack_reads = true;
    receive(&ends[0], ROOM);
    stack_offload(&ends[0], NULL);
    stack_settle();
    stack_upload(&ends[0]);
    stack_settle();
    expect("lists that are lent", mock_packets_lent(), ROOM / 2048);
    mock_reset();
    pass(20);
    receive(&ends[0], 1);
    stack_offload(&ends[0], NULL);
    stack_settle();
    expect("with one byte more it is not offloaded", ends[0].offloaded, 0);
    stack_give_back(100);
    offload_both();
    upload_both();
    compare_both();
}

void tell_travel(void)
{
    brings();
    fails("The NIC does not take it", SIM_FAULT_FAIL);
    fails("The NIC takes it, and does not say so", SIM_FAULT_LOSE_ANSWER);
    fails("The NIC never hears of it", SIM_FAULT_LOSE_COMMAND);
    overflows();
    reset(1);
    reset(2);
    loses_a_terminate();
    resets_what_is_lent();
}
