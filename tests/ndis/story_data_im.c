/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_data_im.c: data through flue_im.sys, above two adapters of flue_chimney.sys: what
 * story_data.c has, and failovers in the middle of it. Exit status as of story_miniport.c.
 *
 *     data_im.exe [MOVES [SEED [DRIVER]]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "flue_oid.h"
#include "im_oid.h"
#include "story_data.h"

enum { FAILOVERS = 20, PAUSE = 0x40020001, UPLOAD_ALL = 0x40020002, RESUME };
enum { MOST_STEPS = 5000 };

static struct im_state look(void)
{
    struct im_state state = {0};
    mock_oid(NdisRequestQueryInformation, OID_FLUE_IM_STATE, &state, sizeof state, NULL);
    return state;
}

/* The lower driver that has both connections. */
static unsigned holder(void)
{
    const struct im_state state = look();
    const uint32_t first = state.entries[0][CHIMNEY_TCP], second = state.entries[1][CHIMNEY_TCP];
    must(first + second == 2 && first * second == 0, "one lower driver has both connections");
    return first ? 0 : 1;
}

static void until(int32_t status)
{
    for (unsigned n = 0; n < MOST_STEPS && host.record.last_status_indication != status; n++) {
        some_steps(2);
        pass(1);
    }
    must(host.record.last_status_indication == status, "the host hears of a failover");
}

/* Its port has no link, say: it pauses, asks for all, and some time later is well again. */
static void fail(unsigned lower)
{
    const uint32_t any = 1;
    mock_select(1 + lower);
    mock_pause();
    mock_oid(NdisRequestSetInformation, OID_FLUE_UPLOAD, (void *)(uintptr_t)&any, sizeof any, NULL);
    mock_select(0);
}

static void recover(unsigned lower)
{
    mock_select(1 + lower);
    mock_restart();
    mock_select(0);
}

/* In the middle: nobody has waited for what is on its way. */
static void fail_over(void)
{
    const unsigned from = holder();
    some_steps(20);
    behave(below(2));
    fail(from);
    until(UPLOAD_ALL);
    some_steps(6);
    for (unsigned i = 0; i < 2; i++)
        stack_upload(&ends[i]), some_steps(3);
    stack_settle();
    stack_exchange(&ends[below(2)], below(3000));
    stack_take_routers_back();
    until(RESUME);
    stack_offload_routers();
    for (unsigned i = 0; i < 2; i++)
        stack_offload(&ends[i], NULL), some_steps(2);
    stack_settle();
    must(holder() == 1 - from, "the other lower driver has them then");
    recover(from);
    some_steps(6);
}

static void failovers(uint64_t seed)
{
    chapter("Failovers, while data is on its way");
    stack_open(seed);
    offload_both();
    for (unsigned n = 0; n < FAILOVERS; n++)
        fail_over();
    behave(true);
    drain();
    expect("failovers", look().failovers, FAILOVERS);
    often("sends", tally.sends, FAILOVERS);
    often("of these cut by a terminate, the rest went on", tally.sends_cut, FAILOVERS / 4);
    often("given back as they were", tally.unsent, FAILOVERS);
    often("lists that came while it was uploaded", tally.late, FAILOVERS / 4);
    often("indications", tally.indicated, FAILOVERS / 2);
    often("sends that an initiate brought", tally.brought, FAILOVERS);
    upload_both();
    compare_both();
}

/* The lower driver's initiate is over before the host's: what it says then is said again. */
static void early(void)
{
    chapter("Data comes before the host knows that the connection is offloaded");
    stack_open(12);
    stack_offload(&ends[0], NULL);
    stack_settle();
    stack_send(&ends[0], 3000);
    stack_offload(&ends[1], NULL);
    stack_settle();
    pass(20);
    expect("nobody has posted a receive", tally.receives, 0);
    often("indications all the same", tally.indicated + tally.refused + tally.partly, 1);
    drain();
    upload_both();
    compare_both();
}

static struct host_object others[2];

/* One that the first NIC takes long for; the connection is offloaded meanwhile. */
static void another_initiate(struct host_object *router, uint32_t number)
{
    const struct sim_fault slow = {.what = SIM_FAULT_DELAY,
                                   .kind = CHIMNEY_NEIGHBOR,
                                   .command = CHIMNEY_NEIGHBOR_ADD_NEIGHBOR,
                                   .limit = 1,
                                   .steps = 40};
    mock_select(1);
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&slow, sizeof slow,
             NULL);
    mock_select(0);
    host_submit(&host, CHIMNEY_INITIATE, host_new_neighbor(&arena, router, number));
    stack_offload(&ends[1], NULL);
    while (!ends[1].offloaded)
        mock_run_one();
    must(host.record.outstanding == 1, "another initiate is under way");
}

/* What an initiate has brought waits for all of them; but nothing else may come before it. */
static void waits(void)
{
    chapter("An initiate is over, and another is not");
    stack_open(13);
    stack_brings = 3;
    stack_offload(&ends[0], NULL);
    stack_settle();
    another_initiate(&others[0], 2);
    stack_send(&ends[1], 1000);
    stack_settle();
    drain();
    stack_upload(&ends[1]);
    stack_settle();
    another_initiate(&others[1], 3);
    const uint64_t unsent = tally.unsent;
    stack_upload(&ends[1]);
    while (ends[1].moving)
        mock_run_one();
    expect("an initiate is under way", host.record.outstanding, 1);
    often("sends that are back before a terminate", tally.unsent - unsent, 3);
    stack_settle();
    drain();
    upload_both();
    compare_both();
    host_arena_clear(&arena);
}

int main(int count, char **arguments)
{
    const uint32_t how_many = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 0) : 300;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 0) : 1;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Connections", 14);
    if (!mock_load("flue_chimney.sys") || !mock_load(count > 3 ? arguments[3] : "flue_im.sys"))
        return 2;
    chance = seed;
    first_nic = 1;
    last_nic = 2;
    lists_open();
    begin_tree();
    open_adapter();
    pass(1);
    tell_still(seed);
    stack_take_routers_back(); /* a failover is over when nothing is left */
    tell_moves(seed, how_many);
    stack_take_routers_back();
    failovers(seed);
    stack_take_routers_back();
    early();
    stack_take_routers_back();
    waits();
    tell_reset();
    tell_closes();
    tell_aborts();
    print_ledger();
    tell_halts();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
