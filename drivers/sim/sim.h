/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim.h: a software NIC that binds the chimney target.
 *
 *     example
 *     struct sim_config config = sim_config_default();
 *     config.flue.completions = &my_completions;
 *     config.flue.indications = &my_indications;
 *     struct sim_nic *nic = sim_open(&config, &error);
 *     chimney_initiate(nic, root);           // the adapter is the target's address
 *     while (!completed)
 *         sim_step(nic, 1), sim_service(nic);
 *     sim_close(nic);
 *
 * It has two halves that share nothing but two rings, as a driver and its card would:
 *
 *     driver   nic.c, commands.c     binding functions write 64-byte descriptors into the command
 *                                    ring; sim_service() takes answers and polls flue
 *     device   device.c, execute.c,  fetches what the doorbell published, keeps tables, answers
 *              tables.c, faults.c    into the answer ring, sooner or later, rightly or wrongly
 *
 * The device runs when the test steps it (deterministic, from one seed), or in its own thread
 * between sim_start() and sim_stop(). Memory is taken by sim_open() only.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chimney.h"

struct sim_device;

/* The adapter. Its address is what the host passes to the entry points. */
struct sim_nic {
    struct chimney_target target;
    struct sim_device *device;
    void *memory; /* of the target */
};

/* How the device behaves when no fault is set. May be changed while it is stepped. */
struct sim_behavior {
    uint32_t latency_min, latency_max; /* steps from fetch to answer; 0 answers in the same step */
    uint32_t inline_chance;            /* per million: answered inside the issuing call */
    uint32_t full_chance;              /* per million: says ring full while others are under way */
    uint32_t full[CHIMNEY_KINDS];      /* commands that find no room at all, as bits */
    bool reorder;                      /* answers overtake each other */
};

struct sim_config {
    struct flue_config flue;         /* capacities are those of flue's pools */
    uint32_t entries[CHIMNEY_KINDS]; /* of the device's tables; 0: as many as the pool */
    uint32_t ring_entries;           /* of the command ring; a power of two */
    uint64_t seed;                   /* of everything that is left to chance */
    struct sim_behavior behavior;
};

/* 64 neighbors, 1024 paths, 1024 connections, 1000 ticks per second, no latency, no chance. */
struct sim_config sim_config_default(void);

/* NULL if the configuration is impossible; `error`, if given, says why. */
struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error);

/*
 * Why sim_open() refuses a configuration that looks right: the first function that this driver or
 * the tables of the configuration lack, as chimney_missing() names it. NULL: none.
 */
const char *sim_missing(const struct sim_config *config);

/* The target must be quiet, or its host gone. Stops the threads first if they run. */
void sim_close(struct sim_nic *nic);

/* ---- Time and work: stepped ---------------------------------------------------------------- */

/* Let the device do `steps` steps: fetch all that is published, answer all that is due. */
void sim_step(struct sim_nic *nic, uint32_t steps);

/*
 * What the driver's interrupt handler and poll function do: take the device's answers, then poll
 * flue, but only if flue asked by wake(). True if work is left: answers were ready, or flue wants
 * to be polled again.
 */
bool sim_service(struct sim_nic *nic);

/* Tell device and flue the time, in ticks. */
void sim_tick(struct sim_nic *nic, uint64_t now);

/* Nothing is in the rings and the device works on nothing. Says nothing about flue. */
bool sim_idle(struct sim_nic *nic);

/* ---- Time and work: threads ---------------------------------------------------------------- */

/* Start the device's thread and the driver's; a tick is a millisecond. False: no more threads. */
bool sim_start(struct sim_nic *nic);
void sim_stop(struct sim_nic *nic);

/* ---- Reset --------------------------------------------------------------------------------- */

/* Flue has asked for a reset since the last one. Needs no reset_wanted of the caller's own. */
bool sim_reset_wanted(struct sim_nic *nic);

/* The device forgets everything it holds and was told. Answers it has given already stay. */
void sim_forget(struct sim_nic *nic);

/* Stepped only: flue_reset_begin(), sim_forget(), flue_reset_end(), with the polls between. */
void sim_reset(struct sim_nic *nic);

/* ---- Faults -------------------------------------------------------------------------------- */

enum sim_fault_kind {
    SIM_FAULT_FAIL,         /* answer `result`, the tables stay as they were */
    SIM_FAULT_FAIL_KEPT,    /* answer `result`, although the tables took the new values */
    SIM_FAULT_LOSE_COMMAND, /* never done, never answered */
    SIM_FAULT_LOSE_ANSWER,  /* done, never answered */
    SIM_FAULT_DUPLICATE,    /* answered, and `steps` steps later once more */
    SIM_FAULT_DELAY,        /* answered `steps` steps later than it would have been */
    SIM_FAULT_VANISH        /* the entry is lost before, unless others link to it */
};

#define SIM_ANY 0xffu /* every kind, every command */
#define SIM_MAX_FAULTS 16

/* The first fault that fits a command when the device fetches it is the one that strikes. */
struct sim_fault {
    enum sim_fault_kind what;
    uint8_t kind;    /* enum chimney_kind, or SIM_ANY */
    uint8_t command; /* of that kind, or SIM_ANY */
    uint8_t result;  /* enum chimney_result, of the failing kinds */
    uint32_t chance; /* per million; 0: always */
    uint32_t nth;    /* only the nth fitting command, counted from 1; 0: each */
    uint32_t limit;  /* strikes at most so often; 0: no limit */
    uint32_t steps;  /* of the kinds that take some */
};

/* False if SIM_MAX_FAULTS are set already. */
bool sim_fault_add(struct sim_nic *nic, const struct sim_fault *fault);
/* How often the faults set since the last sim_faults_clear() struck. */
uint64_t sim_faults_struck(struct sim_nic *nic);
void sim_faults_clear(struct sim_nic *nic);

/*
 * A judge decides command by command, for tests that must know beforehand what is struck. It is
 * asked when the device fetches a command that no fault of the set strikes; true: it has filled in
 * what of `fault` matters, and that strikes. `args` is the command's struct chimney_..._args. It
 * runs under the device's lock and must not call the NIC.
 */
typedef bool sim_judge(void *context, uint8_t kind, uint8_t command, uint32_t index,
                       const void *args, struct sim_fault *fault);
void sim_judge_set(struct sim_nic *nic, sim_judge *judge, void *context);

void sim_behavior_set(struct sim_nic *nic, const struct sim_behavior *behavior);

/* ---- What the device holds ----------------------------------------------------------------- */

/* Each is a copy, as of now. `holds` is what was added, with every later write in it. */
struct sim_neighbor {
    struct chimney_add_neighbor_args holds;
    bool blocked;
    uint32_t paths; /* that link to it */
    uint64_t host_confirmed_at, nic_confirmed_at;
};

struct sim_path {
    struct chimney_add_path_args holds; /* its addresses point to the two below */
    uint8_t source[16], destination[16];
    bool blocked;
    uint32_t tcps; /* that link to it */
};

struct sim_tcp {
    struct chimney_add_tcp_args holds;
    bool blocked;
    uint64_t ts_recent_at;
    uint32_t windows_advertised;
};

/* False if there is no such entry. */
bool sim_neighbor(struct sim_nic *nic, uint32_t index, struct sim_neighbor *copy);
bool sim_path(struct sim_nic *nic, uint32_t index, struct sim_path *copy);
bool sim_tcp(struct sim_nic *nic, uint32_t index, struct sim_tcp *copy);

/* Entries in use. */
uint32_t sim_entries(struct sim_nic *nic, uint8_t kind);

/* As if the connection had sent and received so many bytes. False if there is no such entry. */
bool sim_traffic(struct sim_nic *nic, uint32_t tcp, uint32_t sent, uint32_t received);

/* ---- Counters ------------------------------------------------------------------------------ */

struct sim_tally {
    uint64_t seen;      /* fetched by the device */
    uint64_t good, bad; /* answers given, each command's first one */
    uint64_t lost;      /* commands that will never be answered */
    uint64_t forgotten; /* commands dropped by sim_forget() */
};

struct sim_counters {
    struct sim_tally of[CHIMNEY_KINDS][FLUE_MAX_COMMANDS];
    struct sim_tally all;
    uint64_t duplicates;    /* answers given once more */
    uint64_t doorbells;     /* rung */
    uint64_t ring_full;     /* commands not taken */
    uint64_t inline_calls;  /* answers given inside the issuing call */
    uint64_t answers_taken; /* by flue */
    uint64_t answers_stray; /* flue said: not waiting for it */
    uint64_t nonsense;      /* commands no sane driver sends: unknown index, absent link ... */
    uint64_t absent;        /* entries removed that were not there; answered gone */
};
void sim_counters(struct sim_nic *nic, struct sim_counters *copy);
const char *sim_command_name(uint8_t kind, uint8_t command);

#endif
