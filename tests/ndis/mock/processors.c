/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More than one processor: the harness is one, the others have a thread each that runs DPCs. Who is
 * in the mocks or in the harness has the turn, a driver has none: so drivers alone run at the same
 * time. The turn is taken in the order in which it is asked for.
 */
#include <windows.h>

#include "processors.h"

enum { FEW = 10, MANY = 100 };

volatile unsigned mock_dpcs_running;
static HANDLE threads[MOCK_PROCESSORS];
static unsigned count; /* of them; 0: there is one processor for all */
static volatile LONG next_turn, turn;
static volatile bool stopping;
static __thread bool runs_dpcs;
static __thread unsigned number; /* of the processor that runs DPCs */
static __thread unsigned turns = 1;
static uint32_t overlaps;

static void take_turn(void)
{
    const LONG mine = InterlockedIncrement(&next_turn) - 1;
    while (turn != mine)
        SwitchToThread();
}

static void pass_turn(void)
{
    InterlockedIncrement(&turn);
}

/* A driver waits at each call of NDIS, and long now and then, so that much comes in its middle. */
static void dawdle(void)
{
    static __thread unsigned calls;
    for (unsigned left = ++calls % 16 ? FEW : MANY; left; left--)
        SwitchToThread();
}

bool mock_turn_begins(void)
{
    if (turns == 0 && count)
        dawdle();
    if (turns++ == 0 && count)
        take_turn();
    return true;
}

void mock_turn_ends(const bool *is)
{
    (void)is;
    if (--turns == 0 && count)
        pass_turn();
}

static void leave(void)
{
    if (turns != 1)
        mock_broken("turn", "a driver is called, and %u turns are taken", turns);
    turns = 0;
    if (count)
        pass_turn();
}

void mock_driver_begins(void)
{
    overlaps += mock_dpcs_running > runs_dpcs;
    leave();
}

void mock_driver_ends(void)
{
    if (turns != 0)
        mock_broken("turn", "a driver returns, and has %u turns", turns);
    turns = 1;
    if (count)
        take_turn();
}

bool mock_is_harness(void)
{
    return count && !runs_dpcs;
}

bool mock_runs_here(uint64_t dpc)
{
    return !count || dpc % count == number;
}

void mock_let_run(void)
{
    leave();
    SwitchToThread();
    mock_driver_ends();
}

uint32_t mock_overlaps(void)
{
    return overlaps;
}

static unsigned long WINAPI run(void *argument)
{
    runs_dpcs = true;
    number = (unsigned)(uintptr_t)argument;
    turns = 0;
    while (!stopping) {
        mock_turn_begins();
        const bool ran = mock_run_one();
        mock_turn_ends(NULL);
        if (!ran)
            SwitchToThread();
    }
    return 0;
}

/* The harness has the turn. */
static void begin(unsigned processors)
{
    stopping = false;
    turn = 0;
    next_turn = 1;
    overlaps = 0;
    count = processors;
    for (unsigned i = 0; i < processors; i++)
        threads[i] = CreateThread(NULL, 0, run, (void *)(uintptr_t)i, 0, NULL);
}

static void end(void)
{
    stopping = true;
    leave();
    WaitForMultipleObjects(count, threads, TRUE, INFINITE);
    for (unsigned i = 0; i < count; i++)
        CloseHandle(threads[i]);
    count = 0;
    turns = 1;
}

void mock_processors(unsigned processors)
{
    if (count)
        end();
    if (processors)
        begin(processors);
}
