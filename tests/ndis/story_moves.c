/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two connections of a NIC are each other's peers; each goes back to the host and to the NIC again,
 * in the middle of what they send. What was sent and what was received have the same SHA-256.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flue_oid.h"
#include "story_data.h"

enum { PATIENCE = 5000, ENOUGH = 400, MOST_SENDS = 6, MOST_RECEIVES = 5 };

/* ---- Traffic ------------------------------------------------------------------------------- */

bool only_before;

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

void some_steps(uint32_t most)
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

void tell_still(uint64_t seed)
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

unsigned first_nic, last_nic;

void set_nics(uint32_t oid, const void *value, uint32_t bytes)
{
    for (unsigned nic = first_nic; nic <= last_nic; nic++) {
        mock_select(nic);
        mock_oid(NdisRequestSetInformation, oid, (void *)(uintptr_t)value, bytes, NULL);
    }
    mock_select(0);
}

/* How soon the NIC answers, in which order, and whether from inside of the call. */
void behave(bool well)
{
    const struct sim_behavior behavior = {.latency_max = well ? 0 : below(3),
                                          .inline_chance = well ? 0 : 500000 * below(2),
                                          .full_chance = well ? 0 : 200000 * below(2),
                                          .reorder = !well && below(2)};
    set_nics(OID_FLUE_BEHAVIOR, &behavior, sizeof behavior);
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

void tell_moves(uint64_t seed, uint32_t count)
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
