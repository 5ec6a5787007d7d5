/* SPDX-License-Identifier: BSD-2-Clause */
/* story_data.h: what the parts of the story of data share. */
#ifndef NDIS_STORY_DATA_H
#define NDIS_STORY_DATA_H

#include "stack.h"

/* Both connections; all that was handed over is with the peer's host; back to their hosts. */
void offload_both(void);
void drain(void);
void upload_both(void);
/* What was sent and what was received is the same, and nobody has what is another's. */
void compare_both(void);
/* How often something happened; too seldom, the story shows nothing. */
void often(const char *what, uint64_t count, uint64_t least);

/* Something is asked of these NICs, 0 that of the adapter itself; below another driver 1 and 2. */
extern unsigned first_nic, last_nic;
void set_nics(uint32_t oid, const void *value, uint32_t bytes);

/* story_moves.c */
extern bool only_before; /* a terminate: nothing is handed over behind it */
void some_steps(uint32_t most);
/* Whether the NIC answers at once and in order, or by chance. */
void behave(bool well);
void tell_still(uint64_t seed);
void tell_moves(uint64_t seed, uint32_t count);

/* story_ends.c */
void tell_waits(void);
void tell_processors(unsigned dpcs);
void tell_initiates_without_end(void);
void tell_reset(void);
void tell_closes(void);
void tell_pushes(void);
void tell_aborts(void);
void tell_halts(void);

void tell_travel(void); /* story_travel.c */

#endif
