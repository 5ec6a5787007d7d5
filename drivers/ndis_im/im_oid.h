/* SPDX-License-Identifier: BSD-2-Clause */
/* Private requests of flue_im.sys, for tests. */
#ifndef NDIS_IM_OID_H
#define NDIS_IM_OID_H

#include <stdint.h>

#define OID_FLUE_IM_STATE 0xff464d01u   /* query: struct im_state */
#define OID_FLUE_IM_CONTEXT 0xff464d02u /* method: struct im_context */

struct im_state {
    uint32_t members[2], calls[2];
    uint32_t entries[2][3]; /* by lower driver and kind of object */
    uint32_t jobs_out, orphans, abandoned, failovers;
    uint32_t uploading, paused, lent;
};

/* What a lower driver calls an object of the intermediate one; 0: it does not have it. */
struct im_context {
    uint32_t lower, kind, index;
    uint64_t context;
};

#endif
