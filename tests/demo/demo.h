/* SPDX-License-Identifier: BSD-2-Clause */
/* demo.h: what the parts of the demo share. */
#ifndef DEMO_H
#define DEMO_H

#include "host.h"

#define ROUTERS 2

struct demo {
    struct host host;
    struct host_arena arena;
    uint32_t path_count, tcp_count; /* connections are spread over the paths evenly */
    struct host_object routers[ROUTERS];
    struct host_object *paths, *tcps;
    uint32_t wrong; /* expectations that were not met */

    /* At the start of the chapter. */
    struct sim_counters nic_before;
    struct host_record host_before;
    uint64_t tick_before;
    double second_before;
};

/* ---- print.c: lines a person can read ------------------------------------------------------ */

/* A number with thousands separators, in one of a few static buffers. */
const char *number(uint64_t value);
/* Begin a chapter: a heading, a sentence, and the counters as they are now. */
void chapter(struct demo *d, const char *title, const char *about);
/* What the chapter cost: statuses, commands, time. */
void chapter_end(struct demo *d);
void expect(struct demo *d, const char *what, uint64_t is, uint64_t should);
/* Commands the device saw since the chapter began; SIM_ANY for all of them. */
uint64_t commands_seen(struct demo *d, uint8_t kind, uint8_t command);
void print_compiled(void);

/* ---- story.c, ledger.c --------------------------------------------------------------------- */

void tell_story(struct demo *d);
void print_ledger(struct demo *d);

#endif
