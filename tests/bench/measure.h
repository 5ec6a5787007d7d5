/* SPDX-License-Identifier: BSD-2-Clause */
/* measure.h: the measurements, each of which prints records; and what callgrind counts of them. */
#ifndef MEASURE_H
#define MEASURE_H

#include "forest.h"

struct measure {
    uint32_t sizes[4]; /* connections */
    unsigned size_count;
    unsigned rounds;
    uint32_t most; /* connections, in the measurements of one size */
};

void measure_update(const struct measure *m);
void measure_life(const struct measure *m);
void measure_relink(const struct measure *m);
void measure_invalidate(const struct measure *m);
void measure_memory(const struct measure *m);
void measure_inbox(const struct measure *m);

void count_update(const char *who, uint32_t connections, enum change of);

#endif
