/* SPDX-License-Identifier: BSD-2-Clause */
/* demo.h: what the parts of the demo share. */
#ifndef DEMO_H
#define DEMO_H

#include "host.h"

#define ROUTERS 2
#define EXAMPLES 6 /* objects of the documentation's example */

struct demo {
    struct host host;
    struct host_arena arena;
    uint32_t path_count, tcp_count; /* connections are spread over the paths evenly */
    struct host_object routers[ROUTERS];
    struct host_object *paths, *tcps;
    struct host_object example[EXAMPLES];
    struct host_object late_path, late_tcp; /* offloaded while the target pauses */
    uint64_t raised;                        /* indications that the NIC's driver asked for */
    uint32_t wrong;                         /* expectations that were not met */
    bool only_first; /* the first part, in short: of a target that is no single NIC */

    /* At the start of the chapter. */
    struct sim_counters nic_before;
    struct flue_stats flue_before;
    struct host_record host_before;
    uint64_t late_before, stray_before;
    uint64_t tick_before;
    double second_before;
};

/* ---- print.c: lines a person can read ------------------------------------------------------ */

/* A number with thousands separators, in one of a few static buffers. */
const char *number(uint64_t value);
void part(const char *title, const char *about);
/* Begin a chapter: a heading, a sentence, and the counters as they are now. */
void chapter(struct demo *d, const char *title, const char *about);
/* What the chapter cost: statuses, commands, indications, time. */
void chapter_end(struct demo *d);
void expect(struct demo *d, const char *what, uint64_t is, uint64_t should);
void expect_empty_nic(struct demo *d);
/* Any number but 0 will do. */
void expect_some(struct demo *d, const char *what, uint64_t is);
void expect_status(struct demo *d, const char *what, const struct chimney_node *node,
                   int32_t should);
/* Commands the device saw since the chapter began; SIM_ANY for all of them. */
uint64_t commands_seen(struct demo *d, uint8_t kind, uint8_t command);
/* The chapter's part of a counter of flue's or of the host's. */
#define SINCE(d, member) \
    (flue_target_stats(&(d)->host.nic->target.flue)->member - (d)->flue_before.member)
#define TOLD_SINCE(d, member) ((d)->host.record.member - (d)->host_before.member)
uint64_t late_since(const struct demo *d);
uint64_t stray_since(const struct demo *d);
void print_compiled(void);

/* ---- trees.c: what the host asks for ------------------------------------------------------- */

/* What a layer's nodes bring. */
enum bring { BRING_NEW, BRING_NAME, BRING_VALUES, BRING_ROOM, BRING_NOTHING };

struct host_object *tcp_of(const struct demo *d, uint32_t path, uint32_t i);
uint32_t tcps_per_path(const struct demo *d);
/* A node that names an object and brings nothing, new values, or room for what is returned. */
struct chimney_node *name_it(struct demo *d, struct host_object *object, enum bring bring);
/* A router, its paths and their connections; BRING_NOTHING leaves a layer (and those on it) out. */
struct chimney_node *tree(struct demo *d, uint32_t router, enum bring routers, enum bring paths,
                          enum bring tcps);
/* The values every connection is offloaded with, but for the idle time before a probe. */
void set_timer(struct demo *d, struct chimney_node *tcp, uint32_t ka_timeout);
/* Submit, run, and say so if it does not end. */
void ask(struct demo *d, uint8_t operation, struct chimney_node *root);
/* Run until all that was submitted is completed. */
void finish(struct demo *d);
void wait_ticks(struct demo *d, uint32_t ticks);

/* ---- The story, in parts; the ledger ------------------------------------------------------- */

void tell_what_goes_well(struct demo *d); /* story.c */
void tell_bad_answers(struct demo *d);    /* story_answers.c */
void tell_bad_days(struct demo *d);       /* story_days.c */
void print_ledger(struct demo *d);

#endif
