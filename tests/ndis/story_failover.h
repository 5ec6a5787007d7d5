/* SPDX-License-Identifier: BSD-2-Clause */
/* story_failover.h: both connections move from one lower driver of flue_im.sys to the other. */
#ifndef NDIS_STORY_FAILOVER_H
#define NDIS_STORY_FAILOVER_H

#include "im_oid.h"
#include "story_data.h"

struct im_state story_look(void);
void story_fail_over(void);
/* The lower driver that has them is unbound, and bound again. */
void story_unbind(void);

#endif
