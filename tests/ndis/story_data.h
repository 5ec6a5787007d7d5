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

void tell_travel(void); /* story_travel.c */

#endif
