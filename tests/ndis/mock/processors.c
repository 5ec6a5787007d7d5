/* SPDX-License-Identifier: BSD-2-Clause */
/* Two processors: the first has a thread that runs DPCs, the harness is the second. */
#include <windows.h>

#include "processors.h"

enum { YIELDS = 10 };

volatile bool mock_dpc_runs;
static CRITICAL_SECTION turn;
static HANDLE first; /* NULL: there is one processor for all */
static volatile bool stopping;
static __thread bool is_first;
static uint32_t overlaps;

/* A DPC loses its turn at each call of NDIS, so that much comes while it runs. */
void mock_hold(void)
{
    if (!first)
        return;
    for (unsigned i = 0; is_first && i < YIELDS; i++)
        SwitchToThread();
    EnterCriticalSection(&turn);
}

void mock_release(void)
{
    if (first)
        LeaveCriticalSection(&turn);
}

bool mock_is_second(void)
{
    return first && !is_first;
}

void mock_driver_begins(void)
{
    if (!mock_is_second())
        return;
    overlaps += mock_dpc_runs;
    LeaveCriticalSection(&turn);
}

void mock_driver_ends(void)
{
    if (mock_is_second())
        EnterCriticalSection(&turn);
}

void mock_let_run(void)
{
    LeaveCriticalSection(&turn);
    SwitchToThread();
    EnterCriticalSection(&turn);
}

uint32_t mock_overlaps(void)
{
    return overlaps;
}

static unsigned long WINAPI run(void *none)
{
    (void)none;
    is_first = true;
    while (!stopping) {
        EnterCriticalSection(&turn);
        const bool ran = mock_run_one();
        LeaveCriticalSection(&turn);
        if (!ran)
            SwitchToThread();
    }
    return 0;
}

void mock_two_processors(bool two)
{
    if (two) {
        InitializeCriticalSection(&turn);
        EnterCriticalSection(&turn);
        stopping = false;
        first = CreateThread(NULL, 0, run, NULL, 0, NULL);
        return;
    }
    stopping = true;
    LeaveCriticalSection(&turn);
    WaitForSingleObject(first, INFINITE);
    CloseHandle(first);
    first = NULL;
}
