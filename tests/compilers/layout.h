/* SPDX-License-Identifier: BSD-2-Clause */
/* layout.h: where the members of a target lie, asked of a C and of a C++ compiler. */
#ifndef TEST_LAYOUT_H
#define TEST_LAYOUT_H

#include "limiter.h"

/* Atomic members, what comes behind each, and the ends. */
static const size_t layout[] = {
    offsetof(struct flue_target, inbox),
    offsetof(struct flue_target, answered),
    offsetof(struct flue_target, token),
    offsetof(struct flue_target, pause_wanted),
    offsetof(struct flue_target, epoch_wanted),
    offsetof(struct flue_target, removal_wanted),
    offsetof(struct flue_target, now),
    offsetof(struct flue_target, deadline),
    offsetof(struct flue_target, lines_due),
    offsetof(struct flue_target, spare),
    offsetof(struct flue_target, life),
    offsetof(struct flue_target, shared),
    offsetof(struct flue_target, life_began),
    offsetof(struct flue_target, phase),
    offsetof(struct flue_target, paused),
    offsetof(struct flue_target, serials),
    offsetof(struct flue_target, stats),
    sizeof(struct flue_shared_stats),
    offsetof(struct flue_shared_stats, submitted),
    offsetof(struct flue_shared_stats, wakes),
    sizeof(struct flue_stats),
    sizeof(struct flue_config),
    sizeof(struct flue_target),
    sizeof(struct limiter_target),
    sizeof(FLUE_ATOMIC(uint8_t)),
    sizeof(FLUE_ATOMIC(void *)),
};

#ifdef __cplusplus
extern "C"
#endif
    const size_t *
    layout_in_c(void);

#endif
