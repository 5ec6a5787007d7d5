/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lives.h: what can be seen of an object from where it is taken until it is free again, in the
 * words of model A. Two objects to which the same happened have lived the same life.
 */
#ifndef LIVES_H
#define LIVES_H

#include <stdbool.h>
#include <stdio.h>

#include "flue/priv/node.h"

enum word_sort {
    ASKED = 1, /* request, operation: a node comes to the object */
    STEPPED,   /* state, arm */
    SENT,      /* command, whether with the values the object has */
    ANSWERED,  /* command, result */
    PAID,      /* request, status: the node's own part is over */
    PHASE,     /* of the target */
};

struct word {
    uint8_t sort, a, b;
};

enum { LIFE_WORDS = 600, LIFE_REQUESTS = 4 };

struct life {
    bool open;
    bool cut; /* it went on, but nobody looked */
    bool due; /* the hardware is back, and it has not been offered to it yet */
    uint8_t kind;
    uint16_t length;
    const void *nodes[LIFE_REQUESTS]; /* of requests under way, by their number */
    uint8_t order[LIFE_REQUESTS];     /* in which they came */
    uint8_t waiting;
    struct life *next_ended;
    struct word words[LIFE_WORDS];
};

struct lives_told {
    uint64_t lives, words, cut, full; /* full: more requests at a time than LIFE_REQUESTS */
    uint64_t kept;                    /* different ones */
};

/* The runtime's trace hook; `target` gives the one that is traced. */
void lives_watch(const struct flue_target *t, const struct flue_trace *step);
/* A history ended: whatever lives still is written as far as it was seen. */
void lives_end(void);
/* All lives that differ, a line each: how often, kind, whole or cut, and its words. */
void lives_print(FILE *out, const struct flue_spec *spec);
extern struct lives_told lives_told;

#endif
