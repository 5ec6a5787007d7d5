/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chance, and the fate of every command: a hash of what both sides know, so that the oracle says
 * beforehand what the device will do, whenever the command comes.
 */
#include "oracle.h"

uint64_t draw(uint64_t *random)
{
    uint64_t z = *random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t below(struct world *w, uint32_t limit)
{
    return (uint32_t)(draw(&w->random) >> 32) % limit;
}

bool percent(struct world *w, uint32_t chance)
{
    return below(w, 100) < chance;
}

static const uint8_t neighbor_answers[] = {
    CHIMNEY_RESULT_FAILURE,          CHIMNEY_RESULT_RESOURCES,
    CHIMNEY_RESULT_NEIGHBOR_ENTRIES, CHIMNEY_RESULT_HW_ADDRESS_ENTRIES,
    CHIMNEY_RESULT_VLAN_ENTRIES,     CHIMNEY_RESULT_VLAN_MISMATCH};
static const uint8_t path_answers[] = {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_RESOURCES,
                                       CHIMNEY_RESULT_PATH_ENTRIES,
                                       CHIMNEY_RESULT_IP_ADDRESS_ENTRIES};
static const uint8_t tcp_answers[] = {CHIMNEY_RESULT_FAILURE,
                                      CHIMNEY_RESULT_RESOURCES,
                                      CHIMNEY_RESULT_TCP_ENTRIES,
                                      CHIMNEY_RESULT_TCP_XMIT_BUFFER,
                                      CHIMNEY_RESULT_TCP_RCV_BUFFER,
                                      CHIMNEY_RESULT_TCP_RCV_WINDOW,
                                      CHIMNEY_RESULT_CONNECTION_REJECTED};

static uint8_t a_bad_result(uint8_t kind, uint8_t command, uint32_t number)
{
    if (number % 5 == 4) /* the device itself does not know */
        return CHIMNEY_RESULT_UNSURE;
    if (kind == CHIMNEY_NEIGHBOR && command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR)
        return neighbor_answers[number % sizeof(neighbor_answers)];
    if (kind == CHIMNEY_PATH && command == CHIMNEY_PATH_ADD_PATH)
        return path_answers[number % sizeof(path_answers)];
    if (kind == CHIMNEY_TCP && command == CHIMNEY_TCP_ADD_TCP)
        return tcp_answers[number % sizeof(tcp_answers)];
    return CHIMNEY_RESULT_FAILURE;
}

/* These are declared to leave the hardware as it was when they fail, or have nothing to keep. */
static bool never_keeps(uint8_t kind, uint8_t command)
{
    switch (kind) {
    case CHIMNEY_NEIGHBOR:
        return command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR ||
               command == CHIMNEY_NEIGHBOR_READ_NEIGHBOR;
    case CHIMNEY_PATH:
        return command == CHIMNEY_PATH_ADD_PATH;
    default:
        return command == CHIMNEY_TCP_ADD_TCP || command == CHIMNEY_TCP_READ_TCP ||
               command == CHIMNEY_TCP_RESTART;
    }
}

static bool spared(const struct world *w, const struct thing *t, uint8_t command, uint8_t nth)
{
    return w->loose || (w->spare_neighbors && t->kind == CHIMNEY_NEIGHBOR &&
                        command == CHIMNEY_NEIGHBOR_WRITE_MAC && nth > 1);
}

struct verdict fate_of(const struct world *w, const struct thing *t, uint8_t command, uint8_t nth)
{
    uint64_t random = w->seed * 0x100000001b3u + w->round;
    random = draw(&random) ^
             ((uint64_t)t->kind << 24 | (uint64_t)t->number << 16 | (uint64_t)command << 8 | nth);
    uint32_t dice = (uint32_t)(draw(&random) % 100), more = (uint32_t)(draw(&random) >> 33);
    struct verdict v = {.fate = FINE, .result = CHIMNEY_RESULT_OK, .steps = more % 7};
    if (spared(w, t, command, nth))
        return v;
    if (dice < w->lost_percent) {
        static const enum fate lost[] = {LOSE_COMMAND, LOSE_ANSWER, LATE};
        v.fate = lost[more % 3];
        v.steps = 250;
    } else if (dice < w->lost_percent + w->bad_percent) {
        v.result = a_bad_result(t->kind, command, more / 3);
        bool keeps = v.result == CHIMNEY_RESULT_UNSURE || !never_keeps(t->kind, command);
        v.fate = more % 3 == 0 && keeps ? KEPT : FAIL;
    } else if (dice > 90) {
        v.fate = TWICE;
    }
    return v;
}

/* ---- The device's side --------------------------------------------------------------------- */

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
    if (v->fate == FINE)
        return false;
    fault->what = kinds[v->fate];
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
    if (number >= 0 && (uint32_t)number < w->count[kind])
        settle(w, &w->things[kind][number], index);
    struct thing *t = w->at[kind][index];
    if (!t)
        return false;
    t->seen[command]++;
    if (t->logged < LOG)
        t->log[t->logged++] = command;
    struct verdict v = fate_of(w, t, command, t->seen[command]);
    return strike(&v, fault);
}
