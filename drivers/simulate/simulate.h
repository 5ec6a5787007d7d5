/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simulate.h: a host for any spec, and histories over the device of drivers/device.
 *
 * `flue simulate` and flue_add_target(... SIMULATE) write the tables and this main program:
 *
 *     example
 *     static const struct simulate_target target = {.spec = &limiter_spec};
 *     int main(int count, char **words)
 *     {
 *         return simulate_main(&target, count, words);
 *     }
 *
 * The tables say where the host's structures have their values, what the hardware is told of, what
 * a state claims, and with which statuses an operation may end: as the spec says it, not as the
 * runtime's tables do. simulate_main() returns the program's exit status.
 */
#ifndef SIMULATE_H
#define SIMULATE_H

#include "flue_device.h"

enum simulate_sort {
    SIMULATE_NUMBER,
    SIMULATE_FLAG,
    SIMULATE_ARRAY,
    SIMULATE_NAMED, /* a pointer to bytes, as long as the variant says */
    SIMULATE_HANDLE /* of what a link leads to */
};

/* A variable, or a flag of one, in a structure of the host's. */
struct simulate_variable {
    uint16_t entry; /* its number among the device's variables; of a handle the link's */
    uint8_t klass, sort;
    uint16_t at, bytes; /* of the unit that it lies in, or of the whole array */
    uint8_t shift;
    uint64_t mask;       /* its bits in the unit */
    uint32_t operations; /* in which it is there, as bits */
    uint8_t only;        /* variant, or FLUE_NO_BYTE */
    bool known;          /* the hardware has it whenever it has the object */
    bool kept;           /* a query gives it back as the host brought it */
    bool set;            /* by arms of the machine: the object has it otherwise than the host */
};

/* A variable of the machine's own, in the object. */
struct simulate_noted {
    const char *name;
    uint32_t at;
    uint8_t bytes;
    bool negative; /* it has a sign */
};

enum simulate_claim { SIMULATE_HAS, SIMULATE_HAS_NOT, SIMULATE_UNSURE, SIMULATE_BUSY };

struct simulate_state {
    const char *name;
    uint8_t claim; /* of the hardware */
    bool host_has;
    uint16_t transfers; /* of which the hardware takes elements, as bits */
};

/* What the host hands over for objects of a kind; statuses as the host reads them. */
struct simulate_transfer {
    const char *name;
    uint8_t kind, queue; /* those of one queue keep their order */
    bool lent, passes;   /* the elements are the driver's own; a number goes along */
    int32_t good, refused, ending, returned, reset;
    uint64_t statuses; /* bad ones that the hardware may say, as bits */
    /* The generated entry point. False: it says that the chain is not accepted. */
    bool (*post)(void *adapter, const void *context, void *chain, uint32_t number);
};

/* By this call, with these numbers, the host is notified of a mark. */
struct simulate_seen {
    const char *call;
    uint32_t code, detail;
    uint8_t mark;
    bool once; /* in each life: the mark ends with its object, and nothing else is told by it */
};

/* By this call, with this code, the host gets the number that the driver passed. */
struct simulate_detailed {
    const char *call;
    uint32_t code;
};

struct simulate_kind {
    uint16_t variable_count;
    const struct simulate_variable *variables;
    uint8_t state_count;
    const struct simulate_state *states;
    const struct simulate_seen *seen;
    uint8_t seen_count, detailed_count;
    const struct simulate_detailed *detailed;
    uint32_t copy_at[FLUE_CLASSES]; /* of the object's own values, in it; 0: it keeps none */
    const struct simulate_noted *noted;
    uint8_t noted_count;
    uint8_t known_links; /* that the hardware is told of, as bits */
    uint32_t stays;      /* in operations that take others away, as bits */
};

struct simulate_checks;

struct simulate_target {
    const struct flue_spec *spec;
    const struct flue_device_spec *device;
    const struct simulate_kind *kinds;
    const uint64_t *statuses; /* by operation: those that it may end with, as bits */
    uint32_t together;        /* operations that are done for all of their nodes or none, as bits */
    const struct simulate_transfer *transfers; /* NULL if there are none */
    uint16_t transfer_count;
    const void *handed; /* of a configuration: their functions, of the device and of the host */
    const struct simulate_checks *checks; /* of its own (simulate_checks.h), or NULL */
    /* Opens the target: completions call simulate_completed(), indications simulate_notified(). */
    enum flue_error (*open)(struct flue_device_adapter *nic, const struct flue_config *config,
                            const struct flue_device_options *options);
    void (*close)(struct flue_device_adapter *nic);
};

/*
 * For the generated completions and indications: the host's function, the host's own pointer to the
 * object (NULL: of none), with which code and detail (0: it passes none), and what an event of the
 * device brought (NULL: nothing goes along). Whoever has another simulate_main() has these, too
 * (drivers/play).
 */
void simulate_completed(void *host, uint8_t operation, void *root);
void simulate_notified(const char *call, const void *object, uint32_t code, uint32_t detail,
                       const void *data);
/* The same for transfers: a chain of one of them is back. */
void simulate_returned(void *host, uint8_t transfer, void *chain);

int simulate_main(const struct simulate_target *target, int count, char **words);

#endif
