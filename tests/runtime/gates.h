/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gates.h: a target of gates (tests/codegen/rich), whose device raises an event. The test answers.
 *
 *     example
 *     struct gates gates;
 *     gates_open(&gates, 8);
 *     gates_ask(&gates, 0, rich_initiate), gates_poll(&gates);
 *     gates_answer(&gates, 0, RICH_RESULT_OK);
 */
#ifndef GATES_H
#define GATES_H

#include "rich.h"

enum { GATES = 16 };

/* A gate as the host has it, and what of it the hardware has not answered. */
struct gate {
    struct rich_node node;
    struct rich_gate_const fixed;
    _Alignas(8) struct rich_gate_cached cached;
    _Alignas(8) struct rich_gate_delegated delegated;
    void *cell;
    _Atomic(flue_name) name; /* as the last add brought it */
    flue_cookie cookie;
    char command; /* a add, w write, r read, b block, d remove; 0: none is under way */
    unsigned completions, told;
    struct rich_gate_spent_data last;
};

struct gates {
    struct rich_target target; /* first: the adapter is the target */
    void *memory;
    struct gate gate[GATES];
    bool answers; /* the hardware does, in the binding function */
    bool full;    /* it has no room for commands */
    void (*tells)(struct gates *gates, struct gate *gate);
};

void gates_open(struct gates *gates, uint32_t indication_entries);
void gates_close(struct gates *gates);
/* Submit gate `i`, with the type and the length that the call wants. */
void gates_ask(struct gates *gates, unsigned i, void (*call)(void *, struct rich_node *));
/* Answer what is under way for gate `i`. */
bool gates_answer(struct gates *gates, unsigned i, enum rich_result result);
void gates_poll(struct gates *gates);
bool gates_raise(struct gates *gates, unsigned i, uint64_t pieces);
uint8_t gates_state(const struct gates *gates, unsigned i);

#endif
