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
#include "number.h"
#include "story_failover.h"

enum { FAILOVERS = 20, MOST_STEPS = 20 };

static void failovers(uint64_t seed)
{
    chapter("Failovers, while data is on its way");
    stack_open(seed);
    offload_both();
    for (unsigned n = 0; n < FAILOVERS; n++)
        story_fail_over();
    behave(true);
    drain();
    expect("failovers", story_look().failovers, FAILOVERS);
    often("sends", tally.sends, FAILOVERS);
    often("of these cut by a terminate, the rest went on", tally.sends_cut, FAILOVERS / 4);
    often("given back as they were", tally.unsent, FAILOVERS);
    often("lists that came while it was uploaded", tally.late, FAILOVERS / 10);
    often("indications", tally.indicated, FAILOVERS / 2);
    often("sends that an initiate brought", tally.brought, FAILOVERS);
    upload_both();
    compare_both();
}

/* The lower driver's initiate is over before the host's: what it says then is said again. */
static void early(void)
{
    chapter("Data comes before the host knows that the connection is offloaded");
    chance = 12; /* the same with each seed */
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

/* The same, where the connection has succeeded, and another of its tree takes long. */
static void early_in_a_tree(void)
{
    const struct sim_fault slow = {.what = SIM_FAULT_DELAY,
                                   .kind = CHIMNEY_TCP,
                                   .command = CHIMNEY_TCP_ADD_TCP,
                                   .limit = 1,
                                   .steps = 200};
    chapter("Data comes before another connection of its tree is offloaded");
    stack_open(15);
    mock_select(1); /* in which the other connection is */
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&slow, sizeof slow,
             NULL);
    mock_select(0);
    stack_offload(&ends[1], &tcps[0]);
    pass(5);
    stack_offload(&ends[0], NULL);
    pass(5);
    stack_send(&ends[0], 3000);
    pass(20);
    expect("the operation is not over", ends[1].offloaded, 0);
    expect("indications", tally.indicated + tally.refused + tally.partly, 0);
    stack_settle();
    pass(20);
    often("indications then", tally.indicated + tally.refused + tally.partly, 1);
    drain();
    upload_both();
    compare_both();
    ask(CHIMNEY_TERMINATE, name(&tcps[0]));
    open_tree();
}

/* Received data is on its way up, at each of the steps that it takes, when a reset begins. */
static void resets_behind_a_terminate(void)
{
    chapter("A reset behind a terminate that takes received data along");
    uint64_t with = 0, without = 0;
    for (unsigned steps = 0; steps < MOST_STEPS; steps++) {
        stack_open(14);
        stack_resets = true;
        stack_exchange(&ends[0], 3000);
        stack_offload(&ends[0], NULL);
        stack_settle();
        stack_upload(&ends[0]);
        for (unsigned n = 0; n < steps; n++)
            mock_run_one();
        mock_reset();
        stack_settle();
        pass(20);
        *(tally.given ? &with : &without) += 1;
        stack_give_back(100);
        stack_take_routers_back();
    }
    often("the host has got it", with, 1);
    often("it was lost", without, 1);
    pass(1);
    expect("lists that a lower driver has lent", story_look().lent, 0);
}

int main(int count, char **arguments)
{
    uint64_t how_many = 300, seed = 1;
    if ((count > 1 && !number_given("MOVES", arguments[1], 1, UINT32_MAX, &how_many)) ||
        (count > 2 && !number_given("SEED", arguments[2], 0, UINT64_MAX, &seed)))
        return 2;
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
    tell_moves(seed, (uint32_t)how_many);
    stack_take_routers_back();
    failovers(seed);
    stack_take_routers_back();
    early();
    stack_take_routers_back();
    early_in_a_tree();
    stack_take_routers_back();
    waits();
    stack_take_routers_back();
    tell_initiates_without_end();
    stack_take_routers_back();
    resets_behind_a_terminate();
    tell_reset();
    tell_closes();
    tell_aborts();
    print_ledger();
    tell_halts();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
