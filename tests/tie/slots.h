/* SPDX-License-Identifier: BSD-2-Clause */
/* slots.h: what happens to one slot, a few commands long, in the words of model C. */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdio.h>

#include "flue/priv/slot.h"

/* A history begins. */
void slots_begin(void);
/* The runtime's trace hook; `target` gives the one that is traced. */
void slots_watch(const struct flue_target *t, const struct flue_trace *step);
/* Somebody is about to answer a command, or has: `taken` tells whether flue said it waited. */
struct slot_look {
    uint64_t late;
    bool expected;
};
struct slot_look slots_look(const struct flue_target *t, flue_cookie cookie);
void slots_answer(const struct flue_target *t, flue_cookie cookie, struct slot_look before,
                  bool taken);
/* Answers that the target takes from the driver's hands: what becomes of them is foreseen. */
void slots_reaped(const struct flue_target *t, const struct flue_answer *answers, size_t count);
/* All histories of slots that differ, a line each: how often, and the words. */
void slots_print(FILE *out);

#endif
