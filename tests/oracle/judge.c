/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's side of outcomes: whose command it is, and what the model says becomes of it. */
#include "oracle.h"

/* What the host put into one variable of every object, so that its commands tell whose they are. */
static int number_told(uint8_t kind, uint8_t command, const void *args)
{
    if (kind == CHIMNEY_NEIGHBOR && command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR)
        return ((const struct chimney_add_neighbor_args *)args)->source_mac[31];
    if (kind == CHIMNEY_PATH && command == CHIMNEY_PATH_ADD_PATH)
        return ((const struct chimney_add_path_args *)args)->destination_address[3];
    if (kind == CHIMNEY_TCP && command == CHIMNEY_TCP_ADD_TCP)
        return ((const struct chimney_add_tcp_args *)args)->hash_value & 0xff;
    return -1;
}

static void settle(struct world *w, struct thing *t, uint32_t index)
{
    for (uint32_t i = 0; i < MOST; i++) {
        if (w->at[t->kind][i] == t)
            w->at[t->kind][i] = NULL;
    }
    w->at[t->kind][index] = t;
}

static bool strike(const struct verdict *v, struct sim_fault *fault)
{
    static const enum sim_fault_kind kinds[] = {
        [TWICE] = SIM_FAULT_DUPLICATE,         [FAIL] = SIM_FAULT_FAIL,
        [KEPT] = SIM_FAULT_FAIL_KEPT,          [LOSE_COMMAND] = SIM_FAULT_LOSE_COMMAND,
        [LOSE_ANSWER] = SIM_FAULT_LOSE_ANSWER, [LATE] = SIM_FAULT_DELAY,
    };
    if (v->outcome == FINE)
        return false;
    fault->what = kinds[v->outcome];
    fault->result = v->result;
    fault->steps = v->steps;
    return true;
}

bool oracle_judge(void *context, uint8_t kind, uint8_t command, uint32_t index, const void *args,
                  struct sim_fault *fault)
{
    struct world *w = context;
    int number = number_told(kind, command, args);
    if (kind >= CHIMNEY_KINDS || command >= COMMANDS || index >= MOST)
        return false;
    if (number >= 0 && (uint32_t)number < w->model.count[kind])
        settle(w, &w->model.things[kind][number], index);
    struct thing *t = w->at[kind][index];
    if (!t)
        return false;
    t->seen[command]++;
    if (t->logged < LOG)
        t->log[t->logged++] = command;
    struct verdict v = outcome_of(&w->model, t, command, t->seen[command]);
    return strike(&v, fault);
}
