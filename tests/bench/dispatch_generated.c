/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_generated.c: the machine that was compiled from the spec, with its source in sight. */

#include "chimney_tcp.c"

#include "dispatch_loop.h"

static inline uint8_t generated(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                                uint16_t *arm)
{
    return (uint8_t)chimney_tcp_next(q, state, event, arm);
}

DISPATCH_LOOP(dispatch_generated, generated)
DISPATCH_CALLED(dispatch_generated_called, chimney_tcp_step)
