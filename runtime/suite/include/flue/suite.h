/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/suite.h: what a generated suite says of a spec, and the Check program that drives it.
 *
 * The tables are names and numbers of the spec, written from the model before any machine is made
 * of it. suite.c arranges objects and questions, finds out by itself which arm they lead to, asks
 * the compiled machine, and compares.
 *
 *     example
 *     static const struct flue_suite suite = {.spec = &limiter_spec, .objects = objects};
 *     int main(void) { return flue_suite_main(&suite); }
 */
#ifndef FLUE_SUITE_H
#define FLUE_SUITE_H

#include "flue/priv/spec.h"

enum { SUITE_WORDS = 8, SUITE_ALWAYS = -1 };

enum suite_form {
    SUITE_DEPENDENTS, /* another object links to it */
    SUITE_MARKED,     /* one of `marks` is set here, or `along` links */
    SUITE_LINK,       /* what one of `links` leads to is unusable */
    SUITE_NEW_LINK,   /* what one of `links` is to lead to is unusable */
    SUITE_NEXT_LINK,  /* one of `links`: the new one, or where there is none what it leads to */
    SUITE_ASKED,      /* the node names class `of_class` */
    SUITE_BROUGHT,    /* the node's variable has one of `values` */
    SUITE_OLDER,      /* each of `ages` is more than the parameter says */
    SUITE_COMPARE,    /* `left` compares with `right` as `relation` says */
    SUITE_FLAGS,      /* `left` has all bits of `set`, none of `clear`, one of `one_of` if any */
    SUITE_RESULT,     /* the first command that failed did so with one of `results` */
    SUITE_NOT,        /* its one part does not hold */
    SUITE_ALL_OF,     /* all of `parts` hold */
    SUITE_ANY_OF,     /* one of `parts` holds */
};

/* Beside the classes: what lies in the object, its own or what it links to. */
enum { SUITE_OF_DEVICE = FLUE_CLASSES, SUITE_CLASSES };

struct suite_variable {
    uint8_t of_class;
    uint16_t at;    /* offset in the host's structure, or in the object */
    uint8_t bytes;  /* 1, 2, 4 or 8 */
    uint8_t low;    /* its lowest bit in these bytes */
    uint64_t ones;  /* all bits of its value */
    bool is_signed; /* these begin with its sign */
};

enum suite_relation { /* of the first to the second */
                      SUITE_EQUAL,
                      SUITE_NOT_EQUAL,
                      SUITE_BELOW,
                      SUITE_AT_MOST,
                      SUITE_AT_LEAST,
                      SUITE_ABOVE
};

/* What is compared: the node's value where an operation brings it, or else the object's own. */
struct suite_operand {
    enum {
        SUITE_VARIABLE,
        SUITE_OWN,
        SUITE_OF_LINK, /* of what `link` leads to after the operation */
        SUITE_PARAMETER,
        SUITE_NUMBER,
        SUITE_DATA, /* of the event of the device */
        SUITE_MORE  /* what the variable is that is set, and `number` */
    } sort;
    struct suite_variable variable;
    uint32_t brought_by; /* operations, as bits */
    uint8_t parameter, link;
    int64_t number;
};

struct suite_condition {
    const char *name;
    enum suite_form form;
    const char *marks[FLUE_MAX_MARKS + 1]; /* NULL ends them */
    const char *const *along; /* names of links along which they count, too; NULL ends them */
    uint8_t links;            /* as bits */
    uint8_t of_class;
    struct suite_variable brought;
    const int64_t *values, *others; /* those that make it true; some that do not, if there are */
    unsigned value_count, other_count;
    const struct suite_variable *ages;
    unsigned age_count;
    uint8_t parameter;
    struct suite_operand left, right;
    enum suite_relation relation;
    uint64_t set, clear, one_of;
    const char *const *results; /* NULL ends them */
    unsigned values_of; /* 1 + the one that gives `left` its `values`; 0: it does so itself */
    const unsigned char *parts; /* those of the object's that it is made of; they stand before it */
    unsigned part_count;
};

/* A variable that an arm sets, in the object, and to what. */
struct suite_setting {
    struct suite_variable variable;
    struct suite_operand to;
};

/* One arm; those of a pair stand together, in the order they are tried. */
struct suite_arm {
    const char *state, *event;
    int condition;             /* index into the object's, or SUITE_ALWAYS */
    const char *to;            /* NULL: the pair is impossible */
    const char *verb;          /* nothing, send, plan, undo or defer */
    const char *commands;      /* in alphabetical order, a comma between */
    const char *mark, *status; /* "" for none */
    unsigned line;             /* of the spec */
    bool by_default;           /* the line is the target's */
    const char *text;          /* the arm in words */
    unsigned call;             /* notifies the host by this of the object's calls; 0: no */
};

/* What one of them sets. */
struct suite_arm_sets {
    unsigned arm; /* index into the object's */
    const struct suite_setting *list;
    unsigned count;
};

#define SUITE_IMPOSSIBLE(in, on) .state = in, .event = on, .condition = SUITE_ALWAYS

struct suite_state {
    const char *name;
    bool unusable; /* nothing may be linked to an object in this state */
    bool together; /* but what is done together with it */
    bool host_has; /* an object in it, which has values then */
};

struct suite_object {
    const char *name, *file;
    const struct suite_variable *pointers; /* of its structures, those that are followed */
    unsigned pointer_count;
    uint8_t links_to[FLUE_MAX_LINKS]; /* indexes of objects */
    unsigned link_count;
    const struct suite_state *states;
    unsigned state_count;
    const struct suite_condition *conditions;
    unsigned condition_count;
    const char *const *events; /* of the device, in their order */
    unsigned event_count;
    const struct suite_arm_sets *sets; /* of those arms that set something */
    unsigned sets_count;
    const struct suite_arm *arms;
    unsigned arm_count;
};

/* A bit-field of the host's: C has no offset of it, so where it lies is seen when it is filled. */
struct suite_bits {
    const char *name;
    void (*fill)(void *structure); /* sets all of its bits */
    uint16_t bytes, at;            /* of the structure; of the storage unit in it */
    uint64_t mask;                 /* its bits in the unit */
};

struct flue_suite {
    const struct flue_spec *spec;
    const char *file; /* of the target */
    const struct suite_object *objects;
    unsigned object_count;
    const char *const *events; /* names, by number from 1 on */
    unsigned event_count;
    bool decides; /* and machines know commit and abort */
    const char *unusable_marks[FLUE_MAX_MARKS + 1];
    const char *const *unusable_along;
    const uint32_t *parameters;    /* what the driver sets them to */
    const struct suite_bits *bits; /* NULL if there are none */
    unsigned bits_count;
};

/* Runs the suite, prints the coverage; the exit status of a program. */
int flue_suite_main(const struct flue_suite *suite);

#endif
