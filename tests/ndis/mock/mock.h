/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mock.h: how a harness drives the mock kernel (ntoskrnl.exe) and the mock NDIS (ndis.sys), which
 * load flue_chimney.sys in a console program; and flue_im.sys above two adapters of it.
 *
 * One processor, one thread, virtual time: DPCs and timers run when the harness says so, so that a
 * run is the same each time. With more, each of the others has a thread that runs its share of the
 * DPCs, and the harness is one: only drivers run at the same time, all else has a turn. What NDIS
 * and Driver Verifier forbid, as far as that is public, ends the program with exit status 3 and a
 * line "rule NAME is broken: ...". mutants.py has the names, and a driver that breaks each.
 */
#ifndef MOCK_H
#define MOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chimney.h"

#ifdef MOCK_KERNEL
#define MOCK_KERNEL_API __declspec(dllexport)
#else
#define MOCK_KERNEL_API __declspec(dllimport)
#endif
#ifdef MOCK_NDIS
#define MOCK_NDIS_API __declspec(dllexport)
#else
#define MOCK_NDIS_API __declspec(dllimport)
#endif

enum { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, DEVICE_LEVEL = 5 };

/* ---- ntoskrnl.exe -------------------------------------------------------------------------- */

MOCK_KERNEL_API void mock_broken(const char *rule, const char *format, ...)
    __attribute__((format(gnu_printf, 2, 3), noreturn));
/* What is done now, for that line. */
MOCK_KERNEL_API void mock_work(const char *what);
MOCK_KERNEL_API int mock_irql(void);
/* The level before. */
MOCK_KERNEL_API int mock_raise(int irql);
MOCK_KERNEL_API void mock_lower(int irql);

MOCK_KERNEL_API uint64_t mock_now(void); /* ms */
/* It is `now`, later or earlier; while no timer is set. */
MOCK_KERNEL_API void mock_clock(uint64_t now);
/* It is `now`: timers that are due run, each a DPC. */
MOCK_KERNEL_API void mock_time(uint64_t now);
/* The first DPC of the queue; false: there is none. */
MOCK_KERNEL_API bool mock_run_one(void);
MOCK_KERNEL_API bool mock_dpc_waits(void);
/*
 * So many other processors, three at most, run DPCs from here on, all of a driver's the same one;
 * 0: none does any more. mock_run() waits for them meanwhile.
 */
MOCK_KERNEL_API void mock_processors(unsigned processors);
/* How often a driver was called, or a DPC began, while a DPC ran elsewhere. */
MOCK_KERNEL_API uint32_t mock_overlaps(void);
/* The mocks and the harness have a turn; in a driver nobody has one. */
MOCK_KERNEL_API bool mock_turn_begins(void);
MOCK_KERNEL_API void mock_turn_ends(const bool *is);
/* First of all in a function that drivers call: a turn until it returns. */
#define MOCK_TURN \
    __attribute__((cleanup(mock_turn_ends), unused)) const bool mock_turn = mock_turn_begins()
/* A driver is called, and has returned. */
MOCK_KERNEL_API void mock_driver_begins(void);
MOCK_KERNEL_API void mock_driver_ends(void);
/* All, and those that they queue. */
MOCK_KERNEL_API void mock_run(void);
MOCK_KERNEL_API uint32_t mock_dpcs_run(void);
/* Called while a driver waits, as if on another processor; NULL: nothing. */
MOCK_KERNEL_API void mock_meanwhile(void (*function)(void));

struct mock_timer {
    void (*function)(void *, void *context, void *, void *);
    void *context;
    uint64_t due;       /* 0: is not set */
    uint32_t period_ms; /* 0: once */
    bool used;
};
MOCK_KERNEL_API struct mock_timer *mock_timer(void);

/* No allocation from here on, or again. */
MOCK_KERNEL_API void mock_pool_close(bool closed);
/* What was freed may be given out again. */
MOCK_KERNEL_API void mock_pool_forget(void);
/* Nothing may be left: memory, timers, DPCs in the queue. */
MOCK_KERNEL_API void mock_kernel_empty(void);
/* Whoever touches it breaks a rule, until it is open again. Whole pages. */
MOCK_KERNEL_API void mock_guard(void *memory, size_t bytes, bool closed);
MOCK_KERNEL_API void *mock_pages(size_t bytes);

/* ---- ndis.sys ------------------------------------------------------------------------------ */

struct mock_host {
    const struct chimney_completions *completions;
    const struct chimney_indications *indications;
    void *handle;
};

/*
 * The image, moved to where there is room; then its DriverEntry. Where it is; NULL: there is none.
 * An intermediate driver is loaded after that which is to be below it, or after the two.
 */
MOCK_NDIS_API unsigned char *mock_load(const char *path);
/* DriverEntry, and in it MiniportSetOptions; of all. Again after mock_unload(). */
MOCK_NDIS_API void mock_start(void);
MOCK_NDIS_API void mock_unload(void);
/* What the registry has of the adapter. */
MOCK_NDIS_API void mock_registry(const char *key, uint32_t value);
/*
 * MiniportInitializeEx, MiniportRestart; the adapter's context. NULL: it does not want to. Below an
 * intermediate driver two adapters are initialized and bound, and its own in the first bind.
 */
MOCK_NDIS_API void *mock_initialize(const struct mock_host *host);
MOCK_NDIS_API void mock_halt(void);
/* A lower adapter comes, or goes: initialized and bound; unbound, which takes time, and halted. */
MOCK_NDIS_API bool mock_bind(unsigned lower);
MOCK_NDIS_API void mock_unbind(unsigned lower);
/* What follows is asked of that adapter: 0 the host's, 1 and 2 the lower ones. */
MOCK_NDIS_API void mock_select(unsigned adapter);
MOCK_NDIS_API void *mock_context(void);
MOCK_NDIS_API void mock_pause(void);
/* MiniportPause; then whether it was completed. */
MOCK_NDIS_API void mock_pause_begin(void);
MOCK_NDIS_API bool mock_pausing(void);
MOCK_NDIS_API void mock_restart(void);
/* MiniportResetEx; then whether it was completed. */
MOCK_NDIS_API void mock_reset(void);
MOCK_NDIS_API bool mock_resetting(void);
MOCK_NDIS_API int32_t mock_reset_status(void);
MOCK_NDIS_API bool mock_hangs(void);
/* MiniportDevicePnPEventNotify, of any event; of a surprise removal. */
MOCK_NDIS_API void mock_event(int code);
MOCK_NDIS_API void mock_surprise(void);
MOCK_NDIS_API void mock_shutdown(void);
/* A request; DPCs run until it is completed. Its status; `done`: bytes read or written. */
MOCK_NDIS_API int32_t mock_oid(int type, uint32_t oid, void *buffer, uint32_t bytes,
                               uint32_t *done);
/* BytesNeeded of the last. */
MOCK_NDIS_API uint32_t mock_oid_needs(void);

/*
 * One of the five operations, at DISPATCH_LEVEL. With memory, which is all pages of the tree, that
 * is closed when the completion call returns.
 */
MOCK_NDIS_API void mock_submit(uint8_t operation, struct chimney_node *root, void *memory,
                               size_t bytes);
MOCK_NDIS_API uint32_t mock_outstanding(void);
MOCK_NDIS_API const void *mock_handler(uint8_t operation);
/* The same of a transfer of connections. */
MOCK_NDIS_API const void *mock_transfer_handler(uint8_t transfer);
/* What NdisMGetOffloadHandlers gives for it; none for the return of what was received. */
MOCK_NDIS_API const void *mock_transfer_completion(uint8_t transfer);
MOCK_NDIS_API uint32_t mock_capacity(void);
/* What its hardware can, how often a status said that, and whether it is configured so. */
struct mock_offer {
    uint32_t connections, ipv4, ipv6, sack, told, is_current;
};
MOCK_NDIS_API struct mock_offer mock_offer(void);
/* A lower adapter says that it has no IPv6, or has it: by each request and RESUME from here on. */
MOCK_NDIS_API void mock_lower_ipv6(unsigned lower, bool has);
/* It refuses requests from above with NDIS_STATUS_FAILURE, or takes them again. */
MOCK_NDIS_API void mock_lower_refuses(unsigned lower, bool refuses);
/* What its attributes say: requests it answers, its address if it is so twice, what it stands. */
MOCK_NDIS_API bool mock_supports(uint32_t oid);
MOCK_NDIS_API uint64_t mock_mac(void);
MOCK_NDIS_API bool mock_may_be_surprised(void);
/* Connections that it can and offers to take, 1 of IPv4, 2 of IPv6; at first, or since resumed. */
MOCK_NDIS_API uint32_t mock_offered(void);

/*
 * Packets on a way: frames, or a connection's sends, receives, disconnects and forwards. One chain;
 * the connection's context; flags of a disconnect. How many have come back, and are out.
 */
MOCK_NDIS_API void mock_packets(unsigned way, void *offload_context, void *lists, uint32_t flags);
MOCK_NDIS_API uint32_t mock_packets_back(unsigned way);
MOCK_NDIS_API uint32_t mock_packets_out(void);
/* Called for each that is back; and for data that nobody asked for: an NDIS_STATUS. */
typedef void mock_packet_back(unsigned way, void *list);
typedef int32_t mock_packet_received(void *object_handle, void *list, uint32_t *consumed);
MOCK_NDIS_API void mock_on_packets(mock_packet_back *back, mock_packet_received *received);
/* Called once, when an intermediate driver hands something down: its handler takes long. */
MOCK_NDIS_API void mock_on_way(void (*function)(void));
/* What was indicated goes back to the driver; how many have not. */
MOCK_NDIS_API void mock_return(void *list);
MOCK_NDIS_API uint32_t mock_packets_lent(void);

#endif
