/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shim.h: misfortune between a driver and who does its work. Orders may be spoiled on their way
 * out, so that they are refused; answers may be lost, held back, changed or given twice on their
 * way in. What orders and answers are stands in the folder that compiles this: shim_kind.h.
 */
#ifndef SHIM_H
#define SHIM_H

#include "shim_kind.h"

enum shim_what {
    SHIM_SPOIL,  /* who gets the order refuses it, by his own word */
    SHIM_ANSWER, /* done, but the answer says failure */
    SHIM_LOSE,   /* done, never answered */
    SHIM_HOLD,   /* done, answered by shim_release() */
    SHIM_REPEAT  /* answered, and by shim_release() once more */
};

/* The first rule that fits strikes. */
struct shim_rule {
    enum shim_what what;
    SHIM_MEANT;     /* which orders, and details: members of the driver's own */
    uint32_t nth;   /* only the nth that fits, counted from 1; 0: each */
    uint32_t limit; /* strikes at most so often; 0: no limit */
};

enum { SHIM_RULES = 8, SHIM_MOST = 8192 };

struct shim {
    SHIM_HOOKS hooks; /* for the driver's configuration */
    SHIM_NIC *nic;    /* set when it is open */
    struct shim_rule rules[SHIM_RULES];
    uint32_t fitted[SHIM_RULES], struck[SHIM_RULES];
    uint32_t rule_count;
    /* Answers that are awaited with something in store, and those that are held. */
    struct {
        uint64_t cookie;
        const struct shim_rule *rule;
    } marked[SHIM_MOST];
    uint32_t marked_count;
    SHIM_REPLY held[SHIM_MOST];
    uint32_t held_count;
    /* Sees every order as it goes out. May be NULL. */
    void (*watch)(void *context, const SHIM_ORDER *order);
    void *context;
};

void shim_open(struct shim *shim);
void shim_rule(struct shim *shim, struct shim_rule rule);
/* No more rules, nothing in store. What is held stays held. */
void shim_clear(struct shim *shim);
uint32_t shim_struck(const struct shim *shim);
/* Give what is held to the driver: in order, or, with a seed, shuffled. */
void shim_release(struct shim *shim, uint64_t seed);

#endif
