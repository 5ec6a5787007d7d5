/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * contract.h: what a host may rely on, whatever the hardware. One source, run for each driver that
 * gives a table of functions; a driver of your own needs one file like sim.c or rocker.c beside it.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include "host.h"

/* Strikes the next command of that kind, once. */
enum contract_fault {
    CONTRACT_FAIL,      /* refused; nothing was changed */
    CONTRACT_FAIL_KEPT, /* refused, but the hardware took the new values */
    CONTRACT_LOSE,      /* done, never answered */
    CONTRACT_LATE,      /* done, answered when the test calls settle() */
    CONTRACT_TWICE      /* answered, and once more when the test calls settle() */
};

struct contract_driver {
    const char *name;
    bool forgets; /* what it removed it does not know any more, when it is to remove it again */
    /* The adapter; `flue` has capacities, host's tables and ring sizes. NULL: cannot. */
    void *(*open)(const struct flue_config *flue);
    void (*close)(void *adapter);
    /* It is `now`: let hardware and driver do all they can. */
    void (*step)(void *adapter, uint64_t now);
    /* Let hardware and driver work as little as they can, so that a test may stop amid things. */
    void (*make_progress)(void *adapter);
    void (*reset)(void *adapter);
    void (*fault)(void *adapter, enum contract_fault what, uint8_t kind, uint8_t command);
    /* No more faults; what is late comes now. */
    void (*settle)(void *adapter);
    /* By the hardware's own tables: the MAC a path's packets leave with. False: they do not. */
    bool (*way)(void *adapter, uint32_t path, uint8_t mac[6]);
    /* Entries in the hardware's tables, of neighbors or paths. */
    uint32_t (*entries)(void *adapter, uint8_t kind);
};

/* Given by the one file that is compiled beside the suite. Returns NULL where it cannot run. */
const struct contract_driver *contract_driver(void);

#endif
