/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_processors_im.c: flue_im.sys above two drivers like flue_chimney.sys, with a processor for
 * the DPC of each of the three, and one for the host: which of them does what first is left to
 * chance. Exit status as of story_miniport.c.
 *
 *     processors_im.exe [TIMES [SEED [DRIVER]]]
 *
 * TIMES is how often each of failovers, unbinds and resets happens.
 */
#include <stdio.h>
#include <stdlib.h>

#include "number.h"
#include "story_failover.h"

enum { DPCS = 3 };
static uint32_t times = 4;

static void failovers(void)
{
    chapter("Failovers, by a pause and by an unbind, while data is on its way");
    stack_open(1);
    offload_both();
    mock_processors(DPCS);
    for (unsigned n = 0; n < times; n++) {
        story_fail_over();
        story_unbind();
    }
    mock_processors(0);
    behave(true);
    drain();
    expect("failovers", story_look().failovers, 2 * times);
    often("sends", tally.sends, times);
    often("cut, or given back as they were", tally.sends_cut + tally.unsent, times / 2);
    often("sends that an initiate brought", tally.brought, times / 2);
    upload_both();
    compare_both();
    stack_take_routers_back();
}

static void reset_now(void)
{
    mock_reset();
    mock_run();
}

/* The lower driver has the connection until it has the list, too. */
static void slow_handler(void)
{
    chapter("A reset, while a handler is in its middle");
    stack_open(20);
    offload_both();
    mock_processors(DPCS);
    mock_on_way(reset_now);
    stack_send(&ends[0], 100);
    expect("the reset waits for it", mock_resetting(), 1);
    pass(20);
    mock_processors(0);
    expect("and is completed", mock_resetting(), 0);
    expect("lists that are not back", mock_packets_out(), 0);
    upload_both();
    stack_take_routers_back();
}

/* Lists of both sides are wherever they happen to be. */
static void reset_once(unsigned n)
{
    stack_open(100 + n);
    offload_both();
    mock_processors(DPCS);
    some_steps(40);
    stack_resets = true;
    if (n % 4 == 0)
        stack_upload(&ends[n / 4 % 2]);
    mock_reset();
    for (unsigned ms = 0; ms < 100 && mock_resetting(); ms++) {
        some_steps(40);
        pass(1);
    }
    must(!mock_resetting(), "a reset is completed");
    stack_settle();
    mock_run();
    must(mock_packets_out() == 0, "all lists are back");
    upload_both();
    stack_give_back(100);
    stack_take_routers_back();
    mock_processors(0);
    pass(1);
    must(mock_packets_lent() == 0, "and those that were lent");
}

static void resets(void)
{
    chapter("Resets in the middle");
    for (unsigned n = 0; n < times; n++)
        reset_once(n);
    expect("expectations that were not met", wrong, 0);
}

int main(int count, char **arguments)
{
    uint64_t seed = 1, rounds = times;
    if ((count > 1 && !number_given("TIMES", arguments[1], 1, UINT32_MAX, &rounds)) ||
        (count > 2 && !number_given("SEED", arguments[2], 0, UINT64_MAX, &seed)))
        return 2;
    times = (uint32_t)rounds;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Connections", 14);
    if (!mock_load("flue_chimney.sys") || !mock_load("flue_chimney_other.sys") ||
        !mock_load(count > 3 ? arguments[3] : "flue_im.sys"))
        return 2;
    chance = seed;
    first_nic = 1;
    last_nic = 2;
    lists_open();
    begin_tree();
    open_adapter();
    pass(1);
    only_before =
        true; /* nothing is handed over behind a terminate: that is forbidden, and races */
    slow_handler();
    resets();
    failovers();
    tell_processors(DPCS);
    print_ledger();
    mock_processors(DPCS);
    tell_halts();
    mock_processors(0);
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
