/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_device_spec.h: the tables by which a device knows the commands of a target.
 *
 * Written by `flue device`, read by the device of flue_device.h; nobody else needs them. All of it
 * is constant data: where a value lies in the arguments of a command, in the data of its answer and
 * in an entry, and what the entry becomes.
 *
 *     example
 *     static const struct flue_device_command commands[] = {
 *         {.name = "remove_meter", .args_bytes = 8, .hardware = FLUE_DEVICE_HAS_NOT},
 *     };
 */
#ifndef FLUE_DEVICE_SPEC_H
#define FLUE_DEVICE_SPEC_H

#include "flue/flue.h"
#include "flue/priv/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a variable lies in an entry. */
enum flue_device_sort {
    FLUE_DEVICE_UNSIGNED,
    FLUE_DEVICE_SIGNED,
    FLUE_DEVICE_FLAG,  /* a bool: a flag of a variable with flags, or a pulse of the last command */
    FLUE_DEVICE_ARRAY, /* of numbers, `element` bytes each */
    FLUE_DEVICE_NAMED, /* the bytes that a pointer named; in an argument it is that pointer */
    FLUE_DEVICE_POINTER /* handed through and never followed */
};

/* A value that an entry has. */
struct flue_device_variable {
    const char *name;
    uint16_t at, bytes; /* in the entry */
    uint8_t klass;      /* enum flue_class; FLUE_CLASSES for a number that the device chooses */
    uint8_t sort;       /* enum flue_device_sort */
    uint8_t element;    /* bytes of a number */
    bool pulse;         /* acts once: an entry keeps what it was told last */
    bool secret;        /* is not printed */
    bool fixed;         /* what takes the entry away tells it as it was added */
    uint64_t ones;      /* the bits that a number may have */
    uint8_t value_count;
    const int64_t *values;         /* that it may have, if its type has names for them */
    const uint16_t *variant_bytes; /* NAMED: its length, by variant */
};

/* Where a command or an answer has one of them. */
struct flue_device_field {
    uint16_t at;       /* in the arguments or the data */
    uint16_t variable; /* of the kind, or of what `link` leads to */
    uint8_t link;      /* FLUE_NO_BYTE: the object's own */
};

enum flue_device_to { FLUE_DEVICE_NUMBER, FLUE_DEVICE_VARIABLE, FLUE_DEVICE_FULL };

/* What a command changes in a delegated variable, where a bool of its arguments says so. */
struct flue_device_effect {
    uint16_t at;   /* of the bool in the arguments */
    uint16_t sets; /* variable */
    uint8_t to;    /* enum flue_device_to */
    uint16_t from; /* variable */
    int64_t number;
};

enum flue_device_hardware {
    FLUE_DEVICE_KEEPS,
    FLUE_DEVICE_HAS,
    FLUE_DEVICE_HAS_NOT,
    FLUE_DEVICE_UNSURE
};

struct flue_device_command {
    const char *name;
    uint16_t args_bytes;
    uint16_t variant_at;              /* in the arguments; 0: the kind has none */
    uint16_t link_at[FLUE_MAX_LINKS]; /* likewise; 0: it does not tell of this link */
    uint8_t hardware;                 /* enum flue_device_hardware: afterwards */
    uint8_t full;                     /* result where a table has no entry left */
    uint16_t carry_count, return_count;
    uint8_t effect_count;
    const struct flue_device_field *carries, *returns;
    const struct flue_device_effect *effects;
};

/* What the device does by itself. Its data are numbers. */
struct flue_device_happening {
    const char *name;
    uint8_t hardware; /* enum flue_device_hardware: what it has afterwards */
};

/* An indication of an object that a driver may raise. */
struct flue_device_raise {
    const char *name;
    uint8_t indication;
    uint8_t reason_count; /* 0: the detail is any number, or nothing */
    const uint32_t *reasons;
};

struct flue_device_kind {
    uint32_t entry_bytes; /* struct flue_device_entry first */
    uint16_t variable_count;
    uint8_t event_count, raise_count;
    bool stays;      /* the spec asks for dependents before it has an entry removed */
    bool links_hold; /* the spec lets none be told of a link to what the hardware does not have */
    const struct flue_device_variable *variables;
    const struct flue_device_command *commands; /* as many as the kind of the target has */
    const struct flue_device_happening *events;
    const struct flue_device_raise *raises;
};

struct flue_device_spec {
    const struct flue_spec *spec;
    const struct flue_device_kind *kinds;
    uint32_t entry_bytes; /* of the largest */
};

#ifdef __cplusplus
}
#endif

#endif
