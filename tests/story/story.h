/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story.h: what stories on the software NIC share, whatever the target: a host's counts, time,
 * expectations that are printed, and a ledger of host, flue and NIC.
 *
 * A target's own part (ipsec_host.c) makes nodes, submits them and counts completions by these
 * functions; ipsec_demo.c is the story itself.
 */
#ifndef STORY_H
#define STORY_H

#include "flue_device.h"

#define STORY_CODES 16

struct story {
    struct flue_target *target;
    struct flue_device *device;
    uint64_t now; /* in ticks */

    /* The host's own counts. */
    uint64_t asked[FLUE_MAX_OPERATIONS], completed[FLUE_MAX_OPERATIONS];
    uint64_t statuses[64], unknown_statuses;
    uint64_t told[STORY_CODES]; /* by code */
    uint64_t wrong;             /* expectations that were not met */
};

void story_open(struct story *s, struct flue_target *target, struct flue_device *device);

/* ---- The host ------------------------ */

void story_asks(struct story *s, unsigned operation);
void story_completed(struct story *s, unsigned operation);
void story_status(struct story *s, int32_t value);
void story_told(struct story *s, uint32_t code);
uint64_t story_outstanding(const struct story *s);

/* ---- Time ------------------------ */

/* One step of the device with the polls that follow, and the time that passes meanwhile. */
void story_step(struct story *s);
/* Until each request is completed and nothing is left to do; that this never comes is WRONG. */
void story_run(struct story *s);

/* ---- What is seen ------------------------ */

void story_chapter(const char *title, const char *about);
void story_expect(struct story *s, const char *what, uint64_t is, uint64_t should);
/* Any but 0 will do. */
void story_expect_some(struct story *s, const char *what, uint64_t is);
/* How often bytes stand in the memory that the target is made of. */
uint64_t story_traces(const struct story *s, const void *bytes, size_t count);
/* Prints the ledger; 0 if it balances and no expectation was missed, else 1. */
int story_ledger(struct story *s);

#endif
