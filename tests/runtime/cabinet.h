/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cabinet.h: hardware that chooses what its tables and entries are called, and a driver for it.
 *
 * No number is used twice, and none says whose it is; a command that names somebody else's entry,
 * or what was never told, is seen (`wrong`). What it does with the next command is set by a letter:
 * g good, b bad (nothing done), l lost before it was done, d lost after it was done, n (a change of
 * a table) the table is not there. Late answers are given when the test says so.
 *
 *     example
 *     cabinet_open(&cabinet);
 *     cabinet.manner = "d"; // the first command is done, and its answer is lost
 *     cabinet_run(&cabinet, numbers_put, &node);
 *     cabinet_close(&cabinet);
 */
#ifndef CABINET_H
#define CABINET_H

#include "numbers.h"
#include "prng.h"

enum { CABINET_THINGS = 1024, CABINET_LATE = 64 };

struct thing {
    bool there;
    flue_name owner;
    uint64_t id;    /* of a table: its bytes */
    uint16_t place; /* of an entry */
    uint32_t tag;
    uint64_t table; /* the id of the table that it lies in */
    uint32_t action;
    uint64_t hits, drops;
};

struct things {
    struct thing all[CABINET_THINGS]; /* since the last reset, also those that are gone */
    unsigned count;
};

struct cabinet {
    struct numbers_target target; /* first: the adapter begins with the target */
    void *memory;
    uint64_t now;
    const char *manner; /* for the next commands, a letter each; after that all are good */
    struct things tables, entries;
    uint32_t made; /* things of either sort, ever: the next numbers are of it */
    unsigned wrong;
    bool full; /* there is no room for the change of an entry */
    unsigned completions;
    char orders[64]; /* a letter each, as they came; the last ones */
    struct late {
        flue_cookie cookie;
        bool adds_entry;
        struct numbers_add_entry_data entry;
    } late[CABINET_LATE];
    unsigned late_count;
    struct numbers_halt_entry_args halted; /* the last ones */
};
NUMBERS_ADAPTER_BEGINS_WITH(struct cabinet, target);

void cabinet_open(struct cabinet *c);
void cabinet_close(struct cabinet *c);
void cabinet_poll(struct cabinet *c);  /* until nothing is left to do; what is lost times out */
void cabinet_reset(struct cabinet *c); /* it forgets everything */
void cabinet_late(struct cabinet *c);  /* all lost answers come */

/* The status of the operation on this tree. */
int cabinet_run(struct cabinet *c, void (*operation)(void *adapter, struct numbers_node *root),
                struct numbers_node *root);

#endif
