/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shim.h: misfortune between ring and driver. Orders may be spoiled on their way out, so that the
 * device refuses them; answers may be lost, held back, changed or given twice on their way in.
 *
 *     example
 *     shim_rule(&shim, (struct shim_rule){.what = SHIM_LOSE, .type = ROCKER_FLOW_MOD, .limit = 1});
 */
#ifndef SHIM_H
#define SHIM_H

#include "rocker.h"

enum shim_what {
    SHIM_SPOIL,  /* `spoil` changes the order; what the device then says is its own word */
    SHIM_ANSWER, /* done, but the answer says `error` */
    SHIM_LOSE,   /* done, never answered */
    SHIM_HOLD,   /* done, answered by shim_release() */
    SHIM_REPEAT  /* answered, and by shim_release() once more */
};

/* The first rule that fits strikes. */
struct shim_rule {
    enum shim_what what;
    uint16_t type;  /* enum rocker_command_type; 0: all */
    bool top_only;  /* of group orders, only those of L3 unicast groups */
    uint16_t error; /* SHIM_ANSWER */
    void (*spoil)(struct rocker_order *order);
    uint32_t nth;   /* only the nth that fits, counted from 1; 0: each */
    uint32_t limit; /* strikes at most so often; 0: no limit */
};

enum { SHIM_RULES = 8, SHIM_MOST = 8192 };

struct shim {
    struct rocker_shim hooks; /* for the driver's configuration */
    struct rocker_nic *nic;   /* set when it is open */
    struct shim_rule rules[SHIM_RULES];
    uint32_t fitted[SHIM_RULES], struck[SHIM_RULES];
    uint32_t rule_count;
    /* Answers that are awaited with something in store, and those that are held. */
    struct {
        uint64_t cookie;
        const struct shim_rule *rule;
    } marked[SHIM_MOST];
    uint32_t marked_count;
    struct rocker_answer held[SHIM_MOST];
    uint32_t held_count;
    /* Sees every order as it goes out. May be NULL. */
    void (*watch)(void *context, const struct rocker_order *order);
    void *context;
};

void shim_open(struct shim *shim);
void shim_rule(struct shim *shim, struct shim_rule rule);
/* No more rules. What is held stays held. */
void shim_clear(struct shim *shim);
uint32_t shim_struck(const struct shim *shim);
/* Give what is held to the driver: in order, or, with a seed, shuffled. */
void shim_release(struct shim *shim, uint64_t seed);

/* Ways to spoil an order, by what the device says to it. */
void spoil_wrong_group_type(struct rocker_order *order);  /* EINVAL, and the bad value stays */
void spoil_missing_attribute(struct rocker_order *order); /* EINVAL */
void spoil_group_of_no_kind(struct rocker_order *order);  /* ENOTSUP, of groups that are added */

#endif
