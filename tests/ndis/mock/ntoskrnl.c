/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel, as far as a miniport of ours needs one: levels, DPCs, timers, events, memory. */
#include <windows.h>

#include <stdarg.h>
#include <stdio.h>

#include "processors.h"

enum {
    DPCS = 64,
    ROUTINES = 4,
    TIMERS = 8,
    REGIONS = 4096,
    MOST_RUNS = 1000000,
    WAIT_MS = 60000,
    PAGE = 4096
};

typedef void routine(void *dpc, void *context, void *argument1, void *argument2);

struct dpc {
    routine *routine;
    void *context;
    uint64_t queued, number;
};

enum what { IS_OPEN, IS_POOL, IS_FREED, IS_CLOSED };

struct region {
    unsigned char *pages; /* as they were reserved */
    size_t bytes;
    void *memory; /* what the caller has */
    enum what what;
};

static __thread int irql; /* each thread is a processor */
static uint64_t now = 1;
static struct dpc *queue[DPCS];
static volatile unsigned queued;
static uint32_t runs;
static struct mock_timer timers[TIMERS];
static struct region regions[REGIONS];
static unsigned region_count;
static bool pool_closed;
static void (*meanwhile)(void);

static const char *work;

void mock_work(const char *what)
{
    work = what;
}

void mock_broken(const char *rule, const char *format, ...)
{
    va_list arguments;
    printf("rule %s is broken: ", rule);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf(work ? " (%s)\n" : "\n", work);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 3);
    for (;;)
        ;
}

/* ---- Levels -------------------------------------------------------------------------------- */

int mock_irql(void)
{
    return irql;
}

int mock_raise(int level)
{
    const int before = irql;
    if (level < irql)
        mock_broken("level", "raised from %d to %d", irql, level);
    irql = level;
    return before;
}

void mock_lower(int level)
{
    if (level > irql)
        mock_broken("level", "lowered from %d to %d", irql, level);
    irql = level;
}

__declspec(dllexport) unsigned char KfRaiseIrql(unsigned char level)
{
    return (unsigned char)mock_raise(level);
}

__declspec(dllexport) void KeLowerIrql(unsigned char level)
{
    mock_lower(level);
}

__declspec(dllexport) unsigned char KeGetCurrentIrql(void)
{
    return (unsigned char)irql;
}

/* Of a checked build: where it was called, at which level. */
__declspec(dllexport) void KeBugCheckEx(uint32_t code, uintptr_t where, uintptr_t level,
                                        uintptr_t what, uintptr_t allowed)
{
    mock_broken("bugcheck", "%x: %s at %d, %d is allowed (%d)", code, (const char *)where,
                (int)level, (int)allowed, (int)what);
}

/* ---- DPCs and timers ----------------------------------------------------------------------- */

/* All DPCs of a driver are bound to one processor, and a driver has one routine. */
static uint64_t number_of(routine *run)
{
    static routine *known[ROUTINES];
    unsigned i = 0;
    while (i < ROUTINES && known[i] && known[i] != run)
        i++;
    if (i == ROUTINES)
        mock_broken("dpc", "more than %d drivers", ROUTINES);
    known[i] = run;
    return i;
}

__declspec(dllexport) void KeInitializeDpc(struct dpc *dpc, routine *run, void *context)
{
    MOCK_TURN;
    *dpc = (struct dpc){run, context, 0, number_of(run)};
}

__declspec(dllexport) void KeSetTargetProcessorDpc(struct dpc *dpc, signed char number)
{
    (void)dpc;
    if (number != 0)
        mock_broken("processor", "there is no processor %d", number);
}

__declspec(dllexport) unsigned char KeInsertQueueDpc(struct dpc *dpc, void *argument1,
                                                     void *argument2)
{
    (void)argument1;
    (void)argument2;
    MOCK_TURN;
    const bool is_new = !dpc->queued;
    if (is_new && queued == DPCS)
        mock_broken("dpc", "%d are queued", DPCS);
    if (is_new)
        queue[queued++] = dpc;
    dpc->queued = 1;
    return is_new;
}

static struct dpc *take_dpc(unsigned i)
{
    struct dpc *dpc = queue[i];
    memmove(queue + i, queue + i + 1, (--queued - i) * sizeof *queue);
    dpc->queued = 0;
    return dpc;
}

__declspec(dllexport) unsigned char KeRemoveQueueDpc(struct dpc *dpc)
{
    MOCK_TURN;
    for (unsigned i = 0; dpc->queued && i < queued; i++)
        if (queue[i] == dpc) {
            take_dpc(i);
            return 1;
        }
    return 0;
}

/* The first that is to run on this processor. */
static struct dpc *take_first(void)
{
    for (unsigned i = 0; i < queued; i++)
        if (mock_runs_here(queue[i]->number))
            return take_dpc(i);
    return NULL;
}

bool mock_run_one(void)
{
    if (mock_is_harness()) {
        mock_let_run();
        return queued || mock_dpcs_running;
    }
    struct dpc *dpc = take_first();
    if (!dpc)
        return false;
    const int before = mock_raise(DISPATCH_LEVEL);
    runs++;
    mock_dpcs_running++;
    mock_driver_begins();
    dpc->routine(dpc, dpc->context, NULL, NULL);
    mock_driver_ends();
    mock_dpcs_running--;
    if (irql != DISPATCH_LEVEL)
        mock_broken("level", "a DPC returned at %d", irql);
    mock_lower(before);
    return true;
}

bool mock_dpc_waits(void)
{
    return queued != 0;
}

void mock_run(void)
{
    const uint64_t begun = GetTickCount64();
    for (unsigned i = 0; mock_run_one(); i++)
        if (mock_is_harness() ? GetTickCount64() - begun > WAIT_MS : i == MOST_RUNS)
            mock_broken("dpc", "one queues itself without end");
}

uint32_t mock_dpcs_run(void)
{
    return runs;
}

__declspec(dllexport) void KeFlushQueuedDpcs(void)
{
    MOCK_TURN;
    if (irql != PASSIVE_LEVEL)
        mock_broken("wait", "KeFlushQueuedDpcs at %d", irql);
    mock_run();
}

struct mock_timer *mock_timer(void)
{
    for (unsigned i = 0; i < TIMERS; i++)
        if (!timers[i].used) {
            timers[i] = (struct mock_timer){.used = true};
            return &timers[i];
        }
    return NULL;
}

uint64_t mock_now(void)
{
    return now;
}

void mock_clock(uint64_t time)
{
    now = time;
}

static void fire(struct mock_timer *t)
{
    const int before = mock_raise(DISPATCH_LEVEL);
    t->due = t->period_ms ? now + t->period_ms : 0;
    mock_driver_begins();
    t->function(NULL, t->context, NULL, NULL);
    mock_driver_ends();
    mock_lower(before);
}

void mock_time(uint64_t time)
{
    now = time;
    for (unsigned i = 0; i < TIMERS; i++)
        if (timers[i].used && timers[i].due && timers[i].due <= now)
            fire(&timers[i]);
}

/* ---- Events -------------------------------------------------------------------------------- */

struct event {
    uint64_t type, state, reserved;
};

__declspec(dllexport) void KeInitializeEvent(struct event *event, int type, unsigned char state)
{
    MOCK_TURN;
    *event = (struct event){(uint64_t)type, state, 0};
}

__declspec(dllexport) int32_t KeSetEvent(struct event *event, int32_t increment, unsigned char wait)
{
    MOCK_TURN;
    const int32_t before = (int32_t)event->state;
    (void)increment;
    (void)wait;
    event->state = 1;
    return before;
}

void mock_meanwhile(void (*function)(void))
{
    meanwhile = function;
}

/* The processor is free meanwhile: DPCs run, time goes by. */
__declspec(dllexport) int32_t
    KeWaitForSingleObject(struct event *event, int reason, signed char mode,
                          unsigned char alertable, const int64_t *timeout)
{
    MOCK_TURN;
    (void)reason;
    (void)mode;
    (void)alertable;
    (void)timeout;
    if (irql >= DISPATCH_LEVEL)
        mock_broken("wait", "at %d", irql);
    for (unsigned ms = 0; !event->state; ms++) {
        if (ms == WAIT_MS)
            mock_broken("hang", "waited for a minute");
        mock_run();
        if (meanwhile && !event->state)
            meanwhile();
        if (!event->state)
            mock_time(now + 1);
    }
    return 0;
}

/* ---- Memory -------------------------------------------------------------------------------- */

static void close_pages(const struct region *r, DWORD protection)
{
    DWORD before;
    if (!VirtualProtect(r->pages, r->bytes, protection, &before))
        mock_broken("memory", "cannot protect %zu bytes", r->bytes);
}

static struct region *region_of(const void *memory)
{
    for (unsigned i = region_count; i-- > 0;)
        if (regions[i].memory == memory)
            return &regions[i];
    return NULL;
}

static size_t whole(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

static struct region *take_region(size_t bytes)
{
    if (region_count == REGIONS)
        mock_broken("memory", "%d regions are in use", REGIONS);
    struct region *r = &regions[region_count++];
    *r = (struct region){.bytes = whole(bytes)};
    r->pages = VirtualAlloc(NULL, r->bytes + PAGE, MEM_RESERVE, PAGE_NOACCESS);
    if (!r->pages || !VirtualAlloc(r->pages, r->bytes, MEM_COMMIT, PAGE_READWRITE))
        mock_broken("memory", "none left");
    return r;
}

/* What is smaller than a page ends where the next begins, which nobody may touch. */
__declspec(dllexport) void *ExAllocatePoolWithTag(int type, size_t bytes, uint32_t tag)
{
    MOCK_TURN;
    (void)type;
    (void)tag;
    if (pool_closed)
        mock_broken("memory", "%zu bytes are allocated after the adapter was initialized", bytes);
    if (irql > DISPATCH_LEVEL)
        mock_broken("level", "memory is allocated at %d", irql);
    struct region *r = take_region(bytes);
    r->what = IS_POOL;
    r->memory = bytes >= PAGE ? r->pages : r->pages + r->bytes - (bytes + 15) / 16 * 16;
    memset(r->pages, 0xd5, r->bytes);
    return r->memory;
}

__declspec(dllexport) void ExFreePoolWithTag(void *memory, uint32_t tag)
{
    MOCK_TURN;
    (void)tag;
    struct region *r = region_of(memory);
    if (!r || r->what != IS_POOL)
        mock_broken("memory", "freed, and was not allocated");
    r->what = IS_FREED;
    close_pages(r, PAGE_NOACCESS);
}

/* An MDL, as far as it is not opaque. */
struct mdl {
    struct mdl *next;
    int16_t size, flags;
    void *process, *mapped, *start;
    uint32_t bytes, offset;
};

__declspec(dllexport) void *MmMapLockedPagesSpecifyCache(struct mdl *mdl, signed char mode,
                                                         int caching, void *address,
                                                         uint32_t bug_check, uint32_t priority)
{
    (void)caching;
    (void)priority;
    if (irql > DISPATCH_LEVEL)
        mock_broken("level", "an MDL is mapped at %d", irql);
    if (mode != 0 || address || bug_check || !(mdl->flags & 2) || (mdl->flags & 5))
        mock_broken("mapping", "of an MDL that is not locked, or mapped; or not for the kernel");
    mdl->flags |= 1;
    return mdl->mapped = (unsigned char *)mdl->start + mdl->offset;
}

void mock_pool_close(bool closed)
{
    pool_closed = closed;
}

void mock_pool_forget(void)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < region_count; i++)
        if (regions[i].what != IS_FREED)
            regions[kept++] = regions[i];
        else
            VirtualFree(regions[i].pages, 0, MEM_RELEASE);
    region_count = kept;
}

void mock_kernel_empty(void)
{
    for (unsigned i = 0; i < region_count; i++)
        if (regions[i].what == IS_POOL)
            mock_broken("leak", "memory of %zu bytes or less", regions[i].bytes);
    for (unsigned i = 0; i < TIMERS; i++)
        if (timers[i].used)
            mock_broken("leak", "a timer");
    if (queued)
        mock_broken("leak", "a DPC is still queued");
}

void *mock_pages(size_t bytes)
{
    struct region *r = take_region(bytes);
    r->what = IS_OPEN;
    return r->memory = r->pages;
}

void mock_guard(void *memory, size_t bytes, bool closed)
{
    struct region *r = region_of(memory);
    (void)bytes;
    if (!r)
        mock_broken("memory", "not pages of mock_pages()");
    r->what = closed ? IS_CLOSED : IS_OPEN;
    close_pages(r, closed ? PAGE_NOACCESS : PAGE_READWRITE);
}

static LONG CALLBACK on_fault(EXCEPTION_POINTERS *fault)
{
    const EXCEPTION_RECORD *record = fault->ExceptionRecord;
    const unsigned char *at = (const unsigned char *)record->ExceptionInformation[1];
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    for (unsigned i = 0; i < region_count; i++) {
        const struct region *r = &regions[i];
        if (at < r->pages || at >= r->pages + r->bytes + PAGE)
            continue;
        if (r->what == IS_CLOSED)
            mock_broken("touched", "a tree at byte %u after its completion call",
                        (unsigned)(at - r->pages));
        mock_broken("freed", "memory is touched that is %s",
                    r->what == IS_FREED ? "freed" : "beyond what was allocated");
    }
    mock_broken("fault", "address %p, by %p", (const void *)at, record->ExceptionAddress);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        AddVectoredExceptionHandler(1, on_fault);
    return TRUE;
}
