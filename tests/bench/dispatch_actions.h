/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_actions.h: what the machines that were written by hand say is to be done. */
#ifndef DISPATCH_ACTIONS_H
#define DISPATCH_ACTIONS_H

#include "chimney.h"
#include "flue/priv/object.h"

enum action {
    ACTION_NONE,
    ACTION_STAY,
    ACTION_REFUSE,
    ACTION_ADD,
    ACTION_REMOVE,
    ACTION_READ,
    ACTION_BLOCK,
    ACTION_PLAN,
    ACTION_UNDO,
    ACTION_DEFER,
    ACTION_MARK_INVALID_AND_DEFER,
    ACTION_MARK_BROKEN,
    ACTION_MARK_BROKEN_AND_FAIL,
    ACTION_SUCCEED,
    ACTION_FAIL,
    ACTION_RESULT
};

static inline bool not_offloadable(const struct flue_guard_context *q)
{
    const struct chimney_tcp_delegated *brought = q->state[FLUE_DELEGATED];
    return brought && (brought->State <= 3 || brought->State == 10);
}

#endif
