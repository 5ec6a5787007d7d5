/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shim.h: misfortune between driver and worker. Orders may be spoilt on their way out, so that the
 * kernel refuses them; answers may be lost, held back, changed or given twice on their way in.
 *
 *     example
 *     shim_rule(&shim, (struct shim_rule){.what = SHIM_LOSE, .kind = CHIMNEY_PATH,
 *                                         .command = CHIMNEY_PATH_WRITE_ROUTE, .limit = 1});
 */
#ifndef SHIM_H
#define SHIM_H

#include "linux.h"

enum shim_what {
    SHIM_SPOIL,  /* the kernel gets a request that it does not know */
    SHIM_ANSWER, /* done, but the answer says failure */
    SHIM_LOSE,   /* done, never answered */
    SHIM_HOLD,   /* done, answered by shim_release() */
    SHIM_REPEAT, /* answered, and by shim_release() once more */
    SHIM_MISFORTUNES
};

/* The first rule that fits strikes. */
struct shim_rule {
    enum shim_what what;
    bool any; /* kind and command do not matter */
    uint8_t kind, command;
    uint32_t nth;   /* only each nth that fits; 0: each */
    uint32_t limit; /* strikes at most so often; 0: no limit */
};

enum { SHIM_RULES = 8, SHIM_MOST = 4096 };

struct shim {
    struct linux_shim hooks; /* for the driver's configuration */
    struct linux_nic *nic;   /* set when it is open */
    struct shim_rule rules[SHIM_RULES];
    uint32_t fitted[SHIM_RULES], struck[SHIM_RULES];
    uint32_t rule_count;
    struct {
        flue_cookie cookie;
        enum shim_what what;
    } marked[SHIM_MOST];
    uint32_t marked_count;
    struct linux_answer held[SHIM_MOST];
    uint32_t held_count;
};

void shim_open(struct shim *shim);
void shim_rule(struct shim *shim, struct shim_rule rule);
/* No more rules. What is held stays held. */
void shim_clear(struct shim *shim);
uint32_t shim_struck(const struct shim *shim);
/* Give what is held to the driver. */
void shim_release(struct shim *shim);

#endif
