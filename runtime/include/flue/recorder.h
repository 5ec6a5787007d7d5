/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/recorder.h: a trace in memory, to be read when something has gone wrong.
 *
 * A target keeps each of its steps as a record of 32 bytes in memory of the caller's, the newest
 * over the oldest; that costs a few instructions for each. What is written to a file `flue trace`
 * shows as text, JSON, for Chrome and Perfetto, and as a page.
 *
 *     example
 *     static struct flue_record records[4096];
 *     static struct flue_recorder recorder;
 *
 *     void my_open(struct flue_config *config)
 *     {
 *         flue_recorder_init(&recorder, records, sizeof records, my_clock, NULL, 1000000000);
 *         config->recorder = &recorder; // before the target's init
 *     }
 *
 *     void my_dump(struct my_adapter *a)
 *     {
 *         flue_recorder_write(&recorder, a->target.flue.spec, my_write, my_file);
 *     }
 *
 * One target writes to a recorder. Any thread may read what it has, at any time.
 */
#ifndef FLUE_RECORDER_H
#define FLUE_RECORDER_H

#include "flue/flue.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A step. Word 0 is the time, 1 the name of the object (0: of none). 2 is the cookie of a command;
 * of a machine's step, from the lowest bits, u8 event, old state, state, u8 0, u16 arm. 3 is, from
 * the lowest bits, u32 serial of the request, u8 enum flue_traced, u8 operation, u8 command, status
 * or phase, u8 result.
 */
struct flue_record {
    FLUE_ATOMIC(uint64_t) word[4];
};

/* Members belong to the library. */
struct flue_recorder {
    struct flue_record *records;
    uint64_t (*clock)(void *context);
    void *clock_context;
    uint64_t per_second;        /* units of the clock */
    uint32_t mask;              /* how many records there is room for, less 1 */
    FLUE_ATOMIC(uint64_t) kept; /* since the beginning */
};

/* In place of a record that was written over while it was read: the same part of its word 3. */
#define FLUE_RECORD_LOST 255u

/*
 * Room for as many records as fit into `bytes`, rounded down to a power of two; one of them is the
 * next to be written, so that one less can be read. The clock is asked for each record, on the
 * owner's thread; NULL: the last flue_tick() is the time. `per_second` is its unit, or that of the
 * ticks. False, and nothing is set: no room for two records, not aligned to 8 bytes, or
 * `per_second` is 0.
 */
bool flue_recorder_init(struct flue_recorder *recorder, void *memory, size_t bytes,
                        uint64_t (*clock)(void *context), void *context, uint64_t per_second);

/* How many steps were kept since the beginning, those written over included. Any thread. */
uint64_t flue_recorder_count(const struct flue_recorder *recorder);

/*
 * Give a file to `write`, piece by piece: a head with the target's names, the records that are
 * there at the call, oldest first, and a sum. Records written over before say so by the number of
 * the first one; those written over meanwhile by FLUE_RECORD_LOST. False: `write` returned that.
 * Any thread, also while the target goes on, or of a target that is no more.
 */
bool flue_recorder_write(const struct flue_recorder *recorder, const struct flue_spec *spec,
                         bool (*write)(void *context, const void *data, size_t bytes),
                         void *context);

#ifdef __cplusplus
}
#endif

#endif
