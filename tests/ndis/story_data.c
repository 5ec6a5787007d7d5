/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_data.c: data through flue_chimney.sys. Two connections of the NIC are each other's peers;
 * each goes back to the host and to the NIC again, a thousand times, in the middle of it. What was
 * sent and what was received have the same SHA-256. Exit status as of story_miniport.c.
 *
 *     data.exe [MOVES [SEED [DRIVER]]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "flue_oid.h"
#include "story_data.h"

enum { PATIENCE = 5000, ENOUGH = 400, MOST_SENDS = 6, MOST_RECEIVES = 5 };

/* ---- Traffic ------------------------------------------------------------------------------- */

static bool only_before; /* a terminate: nothing is handed over behind it */

/* By chance; so much is posted and lent that at times nobody has asked for what comes. */
static void traffic(struct connection *c)
{
    if (!c->offloaded || (c->moving && (only_before || below(4))))
        return;
    if (!c->closed && c->sends < MOST_SENDS && below(2))
        stack_send(c, below(8) ? below(5000) : 0);
    if (c->receives < MOST_RECEIVES && below(3) == 0)
        stack_post(c, below(8) ? below(4000) : 0);
    stack_give_back(30);
}

static void some_steps(uint32_t most)
{
    for (uint32_t n = below(most + 1); n; n--) {
        traffic(&ends[below(2)]);
        mock_run_one();
    }
}

/* All that was handed over is with the peer's host. One whose last acknowledgement is lost asks. */
void drain(void)
{
    for (unsigned i = 0; i < 2; i++)
        if (ends[i].out.next < ends[i].out.taken)
            stack_send(&ends[i], (uint32_t)(ends[i].out.taken - ends[i].out.next));
    for (unsigned n = 0; n < PATIENCE && (ends[0].sends || ends[1].sends); n++) {
        for (unsigned i = 0; i < 2; i++)
            if (ends[i].offloaded && !ends[i].receives)
                stack_post(&ends[i], 4000);
        stack_give_back(100);
        pass(1);
    }
    must(!ends[0].sends && !ends[1].sends, "all that was sent arrives");
    stack_reads = true;
}

void offload_both(void)
{
    for (unsigned i = 0; i < 2; i++)
        stack_offload(&ends[i], NULL);
    stack_settle();
    expect("both connections are offloaded", ends[0].offloaded + ends[1].offloaded, 2);
}

void upload_both(void)
{
    for (unsigned i = 0; i < 2; i++)
        stack_upload(&ends[i]);
    stack_settle();
}

/* ---- What came of it ----------------------------------------------------------------------- */

static void compare(const char *name, struct stream *s)
{
    char sent[65], got[65];
    sha256_end(&s->sent, sent);
    sha256_end(&s->got, got);
    printf("    %s: %" PRIu64 " bytes\n        sent     %s\n        received %s\n", name, s->acked,
           sent, got);
    expect("bytes received", s->received, s->acked);
    expect("the SHA-256 is the same", strcmp(sent, got) == 0, 1);
}

void compare_both(void)
{
    compare("one way", &ends[0].out);
    compare("the other way", &ends[1].out);
    expect("lists that are not back", mock_packets_out() + lists_out(), 0);
    stack_give_back(100);
    pass(1);
    expect("lists of the driver's that are lent", mock_packets_lent(), 0);
}

void often(const char *what, uint64_t count, uint64_t least)
{
    printf("    %-52s %10" PRIu64 "%s\n", what, count, count < least ? "   WRONG: too few" : "");
    wrong += count < least;
}

/* ---- Without moves ------------------------------------------------------------------------- */

static void still(uint64_t seed)
{
    chapter("Two connections, each the other's peer");
    stack_open(seed);
    offload_both();
    for (unsigned n = 0; n < PATIENCE && tally.sends < ENOUGH; n++)
        some_steps(8), pass(1);
    drain();
    often("sends", tally.sends, 100);
    often("receives", tally.receives, 100);
    often("indications of what nobody had asked for", tally.indicated, 20);
    often("that the host refused, or took a part of", tally.refused + tally.partly, 20);
    upload_both();
    compare_both();
}

/* ---- A thousand moves ---------------------------------------------------------------------- */

/* While one is with its host, that host sends by itself; the other's hands it to the NIC. */
static void by_the_hosts(struct connection *c)
{
    const uint64_t sent = c->out.acked;
    if (!c->peer->offloaded || c->peer->moving || below(3))
        return;
    const uint32_t again = sent < 700 ? 0 : below(700);
    stack_forward(c, below(1400), again);
    some_steps(3);
    for (unsigned n = 0; n < PATIENCE && c->peer->forwards; n++) {
        if (!c->peer->receives)
            stack_post(c->peer, 2000);
        stack_give_back(100);
        pass(1);
    }
    must(!c->peer->forwards, "a segment that was forwarded is processed");
}

/* How soon the NIC answers, in which order, and whether from inside of the call. */
static void behave(bool well)
{
    const struct sim_behavior behavior = {.latency_max = well ? 0 : below(3),
                                          .inline_chance = well ? 0 : 500000 * below(2),
                                          .full_chance = well ? 0 : 200000 * below(2),
                                          .reorder = !well && below(2)};
    mock_oid(NdisRequestSetInformation, OID_FLUE_BEHAVIOR, (void *)(uintptr_t)&behavior,
             sizeof behavior, NULL);
}

static void move(struct connection *c)
{
    some_steps(6);
    behave(below(2));
    stack_upload(c);
    some_steps(3);
    stack_settle();
    by_the_hosts(c);
    some_steps(2);
    stack_offload(c, NULL);
    some_steps(2);
    stack_settle();
}

/* At the same time. */
static void move_both(void)
{
    some_steps(6);
    for (unsigned i = 0; i < 2; i++)
        stack_upload(&ends[i]), some_steps(1);
    stack_settle();
    for (unsigned i = 0; i < 2; i++)
        stack_exchange(&ends[i], below(3) ? below(8000) : 0);
    for (unsigned i = 0; i < 2; i++)
        stack_offload(&ends[i], NULL), some_steps(1);
    stack_settle();
}

static void moves(uint64_t seed, uint32_t count)
{
    printf("\n%u moves, back to the host and to the NIC again, while data is on its way\n", count);
    stack_open(seed);
    offload_both();
    while (tally.moves < count)
        if (below(5))
            move(&ends[below(2)]);
        else
            move_both();
    behave(true);
    drain();
    often("moves", tally.moves, count);
    often("sends", tally.sends, count);
    often("of these cut by a terminate, the rest went on", tally.sends_cut, count / 10);
    often("given back as they were", tally.unsent, count / 10);
    often("receives", tally.receives, count / 2);
    often("of these given back with some data", tally.receives_cut, count / 50);
    often("without", tally.unfilled, count / 10);
    often("lists that came while it was uploaded", tally.late, count / 20);
    often("indications", tally.indicated, count / 10);
    often("segments that were forwarded, new bytes of them", tally.forwarded_bytes, count);
    often("sends that an initiate brought", tally.brought, count);
    often("bytes received that an initiate brought", tally.buffered, count * 100);
    often("of these back with a terminate", tally.given, count * 10);
    upload_both();
    compare_both();
}

/* ---- Data comes before its operation has completed ------------------------------------------- */

static void waits(void)
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
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&slow, sizeof slow,
             NULL);
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

/* ---- Two processors -------------------------------------------------------------------------- */

/* Handlers are called while the DPC runs elsewhere: which does what first is left to chance. */
static void two_processors(void)
{
    const clock_t begun = clock();
    chapter("The DPC runs on another processor");
    stack_open(60);
    offload_both();
    only_before = true;
    mock_two_processors(true);
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
    mock_two_processors(false);
    only_before = false;
    drain();
    often("moves", tally.moves, 40);
    often("calls of the driver while the DPC ran", mock_overlaps(), 20);
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

static void reset(void)
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

static void closes(void)
{
    chapter("Disconnect");
    chance = 6; /* the same with each seed */
    stack_open(6);
    offload_both();
    stack_mode = NO_PUSH; /* what is begun is not full when the FIN comes */
    stack_send(&ends[0], 3000);
    stack_close(&ends[0], TCP_DISCONNECT_GRACEFUL_CLOSE);
    drain();
    pass(2);
    expect("the disconnect is completed", tally.disconnects, 1);
    expect("its peer's host hears of it", host.record.events[HOST_DISCONNECT], 1);
    expect("and has had all data before", ends[0].out.received, ends[0].out.acked);
    stack_send(&ends[1], 2000);
    drain();
    expect("receives that were posted before", ends[1].receives, 0);
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
static void pushes(void)
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

static void aborts(void)
{
    chapter("An abortive disconnect in the middle");
    open_in_transfer(7);
    stack_close(&ends[0], TCP_DISCONNECT_ABORTIVE_CLOSE);
    pass(2);
    expect("sends that are out", ends[0].sends + ends[1].sends, 0);
    expect("NDIS_STATUS_REQUEST_ABORTED", (uint32_t)ends[0].status,
           (uint32_t)NDIS_STATUS_REQUEST_ABORTED);
    expect("the peer's host hears of it", ends[1].object.aborted, 1);
    upload_both();
}

/* While the driver waits. */
static void give_back(void)
{
    stack_give_back(100);
}

static void halts(void)
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

int main(int count, char **arguments)
{
    const uint32_t how_many = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 0) : 1000;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 0) : 1;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Connections", 14);
    if (!mock_load(count > 3 ? arguments[3] : "flue_chimney.sys"))
        return 2;
    chance = seed;
    lists_open();
    open_adapter();
    still(seed);
    moves(seed, how_many);
    waits();
    tell_travel();
    reset();
    closes();
    pushes();
    aborts();
    two_processors();
    print_ledger();
    halts();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
