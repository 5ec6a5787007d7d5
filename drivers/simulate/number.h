/* SPDX-License-Identifier: BSD-2-Clause */
/* number.h: a number of the command line. Every program of this tree that takes one asks here. */
#ifndef NUMBER_H
#define NUMBER_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER_MANY UINT64_C(1000000000000) /* of histories and seconds: nobody waits for more */

/* Decimal digits and nothing else, from `least` to `most`; else it says so: wrong usage. */
static inline bool number_given(const char *name, const char *text, uint64_t least, uint64_t most,
                                uint64_t *to)
{
    uint64_t number = 0;
    bool good = *text != 0;
    for (const char *at = text; *at && good; at++) {
        const unsigned digit = (unsigned)*at - '0';
        good = digit <= 9 && number <= (UINT64_MAX - digit) / 10;
        number = 10 * number + digit;
    }
    if (good && number >= least && number <= most) {
        *to = number;
        return true;
    }
    fprintf(stderr, "%s: %s is not a whole number from %" PRIu64 " to %" PRIu64 "\n", name, text,
            least, most);
    return false;
}

#endif
