/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/flue.h: the runtime as a driver sees it.
 *
 * The generated header of a target (chimney.h) wraps most of this in typed functions; a driver
 * uses those, and these for what is the same in every target:
 *
 *     example
 *     static void wake(void *adapter) { schedule_poll(adapter); }
 *
 *     void poll_work(struct my_adapter *a)
 *     {
 *         my_take_answers(a);                      // calls flue_command_done() for each
 *         while (flue_poll(&a->target.flue, 256))  // completions are made in here
 *             ;
 *     }
 *
 * Threads: every function here may be called from any thread unless its comment says otherwise.
 * None allocates, locks, sleeps or makes a system call. Completion and indication calls are made
 * only from inside flue_poll(), never from an entry point.
 */
#ifndef FLUE_FLUE_H
#define FLUE_FLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flue/priv/language.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Generated code and runtime must agree on this; the generated code checks it with #error. */
#define FLUE_ABI 14

/* Limits, each checked by the compiler. */
#define FLUE_MAX_KINDS 16
#define FLUE_MAX_OPERATIONS 16
#define FLUE_MAX_STATUSES 62
#define FLUE_MAX_COMMANDS 32 /* per kind */
#define FLUE_MAX_MARKS 4
#define FLUE_MAX_PARAMETERS 8
#define FLUE_MAX_EVENTS 16 /* of the device, per kind */
#define FLUE_MAX_TRANSFERS 16

/*
 * Contexts. Where a spec says in which one a function runs, the generated header says so in front
 * of it, for analyzers, and generated code asserts it: in debug builds, by what whoever embeds it
 * defines before this header comes (-include). `context` is the name that the host has for it; one
 * where more is allowed is good, too. Without such a definition nothing is asserted, at no cost.
 */
#ifndef FLUE_RUNS_IN
#ifdef _IRQL_requires_max_ /* of Microsoft's annotations */
#define FLUE_RUNS_IN(context) _IRQL_requires_max_(context)
#else
#define FLUE_RUNS_IN(context)
#endif
#endif
#ifndef FLUE_ASSERT_RUNS_IN
#define FLUE_ASSERT_RUNS_IN(context) ((void)0)
#endif

#define FLUE_NONE UINT32_MAX   /* no object, no link */
#define FLUE_NO_BYTE UINT8_MAX /* no kind, operation, variant, status, command */

/* Names one issued command until it is answered; never 0; again after 2^32 commands of a slot. */
typedef uint64_t flue_cookie;

/*
 * Names one life of one object: what a driver says when the hardware tells of the object. The low
 * half is its index, which the next object gets, too; above it are kind and generation, which it
 * does not. It is the handle that the host has, and ends with it. Never 0.
 */
typedef uint64_t flue_name;

struct flue_spec; /* the generated tables of a target */
struct flue_target;
struct flue_trace;
struct flue_recorder;

/*
 * Events of every machine: flue's own first, then the target's operations in spec order, then what
 * becomes of a request that is done together; from FLUE_EVENT_DEVICE on those that the device has
 * of this kind of object, in the order of its spec.
 */
enum flue_event {
    FLUE_EVENT_NONE,
    FLUE_EVENT_DONE,    /* all commands of the object are back and good */
    FLUE_EVENT_FAILED,  /* all are back, at least one is bad */
    FLUE_EVENT_RESET,   /* the hardware has forgotten everything */
    FLUE_EVENT_RESTORE, /* the hardware is back: offer it what rests here */
    FLUE_EVENT_OPERATION,
    FLUE_EVENT_COMMIT = FLUE_EVENT_OPERATION + FLUE_MAX_OPERATIONS, /* done for all nodes */
    FLUE_EVENT_ABORT, /* not for all: what was done here is to be taken back */
    FLUE_EVENT_DEVICE
};

/* Results of a command: flue's own first, then the spec's. */
enum flue_result {
    FLUE_RESULT_OK,
    FLUE_RESULT_TIMEOUT, /* no answer came in time; never an answer itself */
    FLUE_RESULT_RESET,   /* its answer can come no more; never an answer itself */
    FLUE_RESULT_GONE,    /* answered: the hardware does not have the object; nothing came with it */
    FLUE_RESULT_UNSURE,  /* answered: it may have had its effect, or not */
    FLUE_RESULT_SPEC
};

enum flue_issued {
    FLUE_ISSUED,   /* on its way: exactly one flue_command_done() follows, perhaps already made */
    FLUE_RING_FULL /* not taken, nothing happened; asked again after answers or a tick */
};

/* A command's answer without data. */
struct flue_answer {
    flue_cookie cookie;
    uint8_t result;
};

/* An element of a chain that the hardware is to take; see flue_transfer_done(). */
struct flue_taken {
    void *element;
    uint32_t index;    /* of its object */
    uint32_t position; /* in the order of its queue: one more each time */
    uint32_t number;   /* that the host passed along */
    uint8_t transfer;
    flue_name name; /* of this life of the object */
};

/*
 * What a driver decides about its target. Copied by init; what it points to must live on.
 * flue_config_problem() names the first member that is out of its range, in the words used here.
 */
struct flue_config {
    /* Objects of each kind, lowest layer first: 1 to 2^28; of a sixteenth kind 1 to 2^28 - 1. */
    uint32_t capacity[FLUE_MAX_KINDS];
    /* Commands under way at most: 2 to 2^20. */
    uint32_t ring_entries;
    /* Of those, kept for commands that give objects back: less than ring_entries. */
    uint32_t reserved_entries;
    /*
     * Requests walked side by side: a power of two, 1 to 2^16. The last is kept for operations that
     * end objects, if there are 2.
     */
    uint32_t running_requests;
    /*
     * Lost answers before reset_wanted is called: less than ring_entries without reserved_entries.
     */
    uint32_t quarantine_limit;
    /*
     * Indications that may wait, and threads that may raise events of the device at once: a power
     * of two, 1 to 2^20; or 0, which is 64.
     */
    uint32_t indication_entries;
    /*
     * How many objects of a kind stay in the cache: any number; 0 is 4096. With more objects lists
     * of dependents are walked side by side.
     */
    uint32_t cache_resident_objects;
    /* Unit of flue_tick(), of ages and of timeouts: 1 or more. */
    uint32_t ticks_per_second;
    /* Of the target, by its generated enum: any numbers. */
    uint32_t parameters[FLUE_MAX_PARAMETERS];
    /*
     * Where the first target of the program begins to count the lives that stamps in scratch words
     * are told apart by: any number, but another each time the program is loaded, so that what an
     * earlier one left is no stamp.
     */
    uint32_t key;
    const void *binding;     /* the generated binding table, set by the generated init */
    const void *completions; /* the same of the host's completion calls */
    const void *indications; /* the same of the host's indication calls */
    const void *transfers;   /* the generated table of transfers; NULL: none are made */
    void *host_handle;       /* passed to every completion call; may be NULL */
    /*
     * There is work: see that flue_poll() is called soon. Any thread; must not block; may poll. It
     * must be a function.
     */
    void (*wake)(void *adapter);
    /*
     * Write up to `room` answers that wait in the hardware and tell how many; asked again while it
     * fills the room and budget is left: flue_poll() is true if there may be more. Owner's thread,
     * while the target runs; not with a budget of 0. May be NULL. With it answers are given by the
     * owner alone, which spares an atomic exchange for each: here, or by flue_command_done() and
     * the like from inside this function and the binding's.
     */
    size_t (*reap)(void *adapter, struct flue_answer *answers, size_t room);
    /*
     * Too many answers are lost, or there was no room for a command for longer than any may take:
     * the hardware should be reset. Owner's thread. May be NULL.
     */
    void (*reset_wanted)(void *adapter);
    /* Sees every step while set. Owner's thread. May be NULL. */
    void (*trace)(void *context, const struct flue_trace *step);
    void *trace_context;
    /* Keeps every step; see flue/recorder.h, and what it must be before init. May be NULL. */
    struct flue_recorder *recorder;
};

enum flue_error {
    FLUE_OK,
    FLUE_BAD_SPEC,   /* made for another runtime, or over a limit of it */
    FLUE_BAD_CONFIG, /* a number out of range, a function missing */
    FLUE_BAD_MEMORY  /* too small, or not aligned to 64 bytes */
};
const char *flue_error_text(enum flue_error error);

/*
 * What is wrong with a configuration: the first member that is, and what it may be, such as
 * "ring_entries: 2 to 2^20". NULL: nothing. What is missing in the tables, the generated
 * ..._missing() tells.
 */
const char *flue_config_problem(const struct flue_spec *spec, const struct flue_config *config);

/* Bytes a target of this spec and configuration needs; 0 if the configuration is impossible. */
size_t flue_memory_bytes(const struct flue_spec *spec, const struct flue_config *config);

/*
 * Make a target of caller's memory (64-byte aligned, any contents, kept until flue_target_quiet()
 * after flue_remove()). `target` is the first member of the driver's adapter, so that the
 * adapter context is the target's address. Not to be called while anyone uses the target.
 */
enum flue_error flue_target_init(struct flue_target *target, const struct flue_spec *spec,
                                 const struct flue_config *config, void *memory, size_t bytes);

/*
 * A host's call: queue `root` for `operation`. Returns at once, completes later, exactly once. Not
 * accepted, only counted: NULL, and a root that is under way already.
 */
void flue_submit(struct flue_target *target, uint8_t operation, void *root);

/*
 * Do up to `budget` steps of the target's work, each of them small: a node visited, started or
 * finished, an answer, a completion call, an indication, an object looked at. True if work is left,
 * or may be, for the caller to come back for. The first caller owns the target. A call while it
 * is owned, also from inside a completion or a binding function, returns false at once: the owner
 * looks again before it lets go, or returns true itself. A budget of 0 does nothing but let a reset
 * or a removal take effect.
 */
bool flue_poll(struct flue_target *target, uint32_t budget);

/*
 * The hardware's answer to a command. May be called from inside the binding function that issues
 * it. False: the cookie's command was not waiting for it (late, duplicate, unknown); it is counted.
 * `data` (`bytes` long, as the command's data structure) is copied before the call returns; NULL
 * with 0 for a command that brings none or failed. A wrong size makes the answer a bad one.
 */
bool flue_command_done(struct flue_target *target, flue_cookie cookie, uint8_t result);
bool flue_command_done_with(struct flue_target *target, flue_cookie cookie, uint8_t result,
                            const void *data, size_t bytes);

/*
 * A burst of answers without data, as an interrupt handler finds them in its ring: the same as
 * flue_command_done() for each in their order, at one wake and one queueing for all. Returns how
 * many were waited for.
 */
size_t flue_commands_done(struct flue_target *target, const struct flue_answer *answers,
                          size_t count);

/*
 * Tell the time, in ticks that never go back; one call at a time. In the polls that follow,
 * commands over their timeout fail, rings that were full are asked again, and objects that waited
 * for room for too long give up.
 */
void flue_tick(struct flue_target *target, uint64_t now);

/*
 * The first tick that is work, for a driver whose timer sleeps while none is: UINT64_MAX says that
 * no command is out and nobody waits for room. Ask it after flue_poll(), which may have made it
 * sooner. Times are counted from the last tick: a driver that has slept calls flue_tick() before it
 * polls, or what it issues is over its time before it began. Any thread.
 */
uint64_t flue_next_tick(const struct flue_target *target);

/*
 * The hardware forgets everything. From begin to end no command is issued, every answer is dropped
 * and what is under way fails; but its memory is the host's again, by completion calls, only when
 * the device cannot touch it any more. So the order is:
 *
 *     flue_reset_begin   takes effect at once (phase RESETTING), unless another thread owns the
 *                        target; then when that looks next. The driver waits for the phase, then
 *                        quiesces DMA.
 *     flue_dma_stopped   completion calls may be made from here on.
 *     flue_reset_end     the hardware is back: what the spec can restore is issued again, layer by
 *                        layer. Says flue_dma_stopped, too, if that was not called.
 *
 * None of them completes, indicates or issues anything itself: flue_poll() does.
 */
void flue_reset_begin(struct flue_target *target);
void flue_dma_stopped(struct flue_target *target);
void flue_reset_end(struct flue_target *target);

/*
 * The hardware is gone, or is to be left alone: nothing is ever issued again, and everything
 * completes as soon as flue_dma_stopped() tells that the device touches no memory any more; after a
 * surprise removal that may be at once.
 */
void flue_remove(struct flue_target *target);

/*
 * Ask the host to wait: operations that the spec holds while paused wait from here until the
 * target is resumed (or removed); everything else goes on. The host is notified of both.
 */
void flue_pause(struct flue_target *target);
void flue_resume(struct flue_target *target);

/*
 * Queue an indication about an object, or about the target (kind FLUE_NO_BYTE, name 0). Answers and
 * indications have one order, that of the calls which gave them: it is made from inside
 * flue_poll(), after every answer given before it has taken effect and before any given later does,
 * so that all indications on an object have returned before it is given up. When its turn comes the
 * spec decides whether the object's state and condition allow it; if not, it is dropped and
 * counted. While it is open whether the hardware has the object (it is being added, or restored)
 * the indication waits until that is known, and then has its turn.
 *
 * False, and counted: the name is of an object that ended, or of none of this kind; or as many as
 * `indication_entries` wait already. Drivers call the generated, typed functions instead.
 */
bool flue_indicate(struct flue_target *target, uint8_t kind, flue_name name, uint8_t indication,
                   uint32_t detail);

/*
 * An event of the device has happened to an object: its machine makes a step. Events have one order
 * with answers and indications: the machine sees it after every answer given before it, and before
 * any given later. Where the spec defers it, it waits until the object rests, and is seen before
 * all else then. `data` is copied before the call returns; NULL is all zeros.
 *
 * What is raised again before the machine has seen it is one event with the last data, seen where
 * it was raised first, and once more behind all that is queued by then. So nothing overflows, and
 * nothing is lost. What was raised before a reset began, during one, or of an object that has ended
 * since, is dropped in its turn and counted.
 *
 * False, and counted: the name is of an object that ended, or of none of this kind; or as many
 * threads are inside this call as `indication_entries` says. Drivers call the generated, typed
 * functions instead. Any thread, at any level, also from inside a binding function.
 */
bool flue_raise(struct flue_target *target, uint8_t kind, flue_name name, uint8_t event,
                const void *data);

/*
 * Hand over a chain of elements for the object whose handle `context` leads to, as the member of a
 * node would. Each is offered to the driver's `take` function in order, and completes once: with
 * the status that the hardware gave it, or with one that the spec names when the object leaves the
 * hardware. Until then the words of it that the spec names are the target's. Nothing is allocated.
 * False: not accepted, and it is the caller's still, since the configuration has no table of
 * transfers, or the chain is NULL.
 */
bool flue_transfer(struct flue_target *target, uint8_t transfer, const void *context, void *chain,
                   uint32_t number);

/*
 * The hardware has done with all elements of a queue up to this position, as `take` was given it,
 * and touches none of them any more. Where one has failed, its status was written into it before;
 * else it stays the good one. So an answer says where the hardware is: the same one again, or an
 * earlier one, is nothing new. May be given from inside `take`. False, and counted: the name is
 * over, or the position is not that of an element which the hardware has.
 */
bool flue_transfer_done(struct flue_target *target, uint8_t transfer, flue_name name,
                        uint32_t position);

enum flue_phase { FLUE_RUNNING, FLUE_RESETTING, FLUE_REMOVED };
enum flue_phase flue_target_phase(const struct flue_target *target);

/*
 * True when nothing is under way or pending: no request, no command, no completion call running.
 * Any thread, outside of flue_poll(); false while another thread polls.
 * After flue_remove() the memory may then go, provided no thread can call in any more.
 */
bool flue_target_quiet(struct flue_target *target);

/*
 * Names, as the driver gets them and the host keeps them as handles. The name that an index has
 * now, which is the next object's if the index is free; 0 if there is no such index. The index of
 * the object that a name names, FLUE_NONE if it ended or is none of the kind. And the handle by
 * which the host wants to hear of that object, NULL if it ended or is not offloaded yet. Any
 * thread; what they say may be over when they return, unless the driver knows that the object does
 * not go.
 */
flue_name flue_object_handle(const struct flue_target *target, uint8_t kind, uint32_t index);
uint32_t flue_name_index(const struct flue_target *target, uint8_t kind, flue_name name);
void *flue_object_host_handle(const struct flue_target *target, uint8_t kind, flue_name name);

/* Counted by any thread. */
struct flue_shared_stats {
    FLUE_ATOMIC(uint64_t) submitted;     /* roots accepted */
    FLUE_ATOMIC(uint64_t) resubmitted;   /* roots not accepted: already under way */
    FLUE_ATOMIC(uint64_t) null_roots;    /* entry points called with NULL */
    FLUE_ATOMIC(uint64_t) late_answers;  /* to a command that had timed out or was reset */
    FLUE_ATOMIC(uint64_t) stray_answers; /* duplicate or unknown cookies */
    FLUE_ATOMIC(uint64_t) wakes;
    FLUE_ATOMIC(uint64_t) indications_full;  /* refused: too many wait */
    FLUE_ATOMIC(uint64_t) indications_ended; /* refused: of what ended, or of nothing */
    FLUE_ATOMIC(uint64_t) events_full;       /* refused: too many threads raise at once */
    FLUE_ATOMIC(uint64_t) events_ended;      /* refused: of what ended, or of nothing */
    FLUE_ATOMIC(uint64_t) stray_positions;   /* answers for what the hardware does not have */
};

/* Counted by the owner; read them on its thread, or when the target is quiet. */
struct flue_stats {
    uint64_t requests[FLUE_MAX_OPERATIONS];    /* walks begun */
    uint64_t completions[FLUE_MAX_OPERATIONS]; /* completion calls made */
    uint64_t statuses[64];                     /* written to nodes, by status */
    uint64_t nodes;                            /* visited */
    uint64_t commands;                         /* issued */
    uint64_t answers;                          /* good and bad */
    uint64_t bad_answers;       /* commands that ended badly: by an answer, or by their timeout */
    uint64_t malformed_answers; /* answers with a result nobody declared, or data of another size */
    uint64_t timeouts;
    uint64_t ring_full; /* a command had to wait for room */
    uint64_t unsent;    /* commands given up without being sent: no room for too long, or the
                           hardware does not have what they would name */
    uint64_t deferred;  /* operations that waited for a busy object */
    uint64_t doorbells;
    uint64_t undone;    /* commands sent to write old values back or to take a new object away */
    uint64_t stale;     /* handles that named no object */
    uint64_t bad_types; /* type codes or lengths that do not fit the node */
    uint64_t bad_trees; /* cycles, shared nodes, wrong layers, links that are not there */
    uint64_t resets;
    uint64_t indicated;  /* indications made for the driver */
    uint64_t not_raised; /* dropped, since the object's state or condition did not allow them */
    uint64_t put_off;    /* had to wait until it was known whether the hardware has the object */
    uint64_t marks_notified;
    uint64_t events;             /* of the device, that a machine has seen */
    uint64_t events_waited;      /* had to wait until the object rested */
    uint64_t events_dropped;     /* of what has ended: its object, the entry, or an epoch */
    uint64_t transfers;          /* elements that came */
    uint64_t transfers_taken;    /* by the hardware */
    uint64_t transfers_done;     /* of them, with the hardware's status */
    uint64_t transfers_returned; /* since their objects left the hardware */
    uint64_t transfers_refused;  /* where the hardware takes none */
};
const struct flue_stats *flue_target_stats(const struct flue_target *target);
const struct flue_shared_stats *flue_target_shared_stats(const struct flue_target *target);

enum flue_traced {
    FLUE_TRACE_REQUEST,  /* a walk begins */
    FLUE_TRACE_NODE,     /* a node is visited */
    FLUE_TRACE_STEP,     /* a machine made a transition */
    FLUE_TRACE_COMMAND,  /* a command was issued */
    FLUE_TRACE_ANSWER,   /* its result is in */
    FLUE_TRACE_UNSENT,   /* a command was given up before it was issued */
    FLUE_TRACE_STATUS,   /* a node got its status */
    FLUE_TRACE_COMPLETE, /* the completion call is about to be made */
    FLUE_TRACE_RESET     /* reset began, ended, or the target was removed (phase in `state`) */
};

/* One step, valid during the call; members that do not apply are 0 or FLUE_NO_BYTE. */
struct flue_trace {
    const struct flue_spec *spec;
    enum flue_traced what;
    uint32_t request; /* serial */
    uint8_t operation;
    uint8_t kind;   /* of the object */
    uint32_t index; /* of the object, or FLUE_NONE */
    flue_name name; /* of this life of the object, or 0 */
    uint8_t event;  /* STEP */
    uint8_t old_state, state;
    uint16_t arm;
    uint16_t line;      /* STEP: that decided; arms[arm].by_default tells in which file */
    uint8_t command;    /* COMMAND, ANSWER, UNSENT */
    uint8_t result;     /* ANSWER, UNSENT */
    uint8_t status;     /* STATUS */
    flue_cookie cookie; /* COMMAND, ANSWER */
    const void *node;
};

/* Write one step as a line of text, without the newline; returns its length, cut to `bytes`. */
size_t flue_trace_text(const struct flue_trace *step, char *text, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
