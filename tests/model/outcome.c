/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chance, and the outcome of every command: a hash of what both sides know, so that the oracle says
 * beforehand what the device will do, whenever the command comes.
 */
#include "model.h"
#include "prng.h"

uint32_t below(struct model *m, uint32_t limit)
{
    return prng_below(&m->random, limit);
}

bool percent(struct model *m, uint32_t chance)
{
    return below(m, 100) < chance;
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

static bool adds(uint8_t kind, uint8_t command)
{
    static const uint8_t first[CHIMNEY_KINDS] = {CHIMNEY_NEIGHBOR_ADD_NEIGHBOR,
                                                 CHIMNEY_PATH_ADD_PATH, CHIMNEY_TCP_ADD_TCP};
    return command == first[kind];
}

static uint8_t a_bad_result(const struct model *m, uint8_t kind, uint8_t command, uint32_t number)
{
    if (number % 5 == 4 && !m->only_new_fail) /* the device itself does not know */
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

static bool spared(const struct model *m, const struct thing *t, uint8_t command, uint8_t nth)
{
    return m->loose || (m->only_new_fail && !adds(t->kind, command)) ||
           (m->spare_neighbors && t->kind == CHIMNEY_NEIGHBOR &&
            command == CHIMNEY_NEIGHBOR_WRITE_MAC && nth > 1);
}

struct verdict outcome_of(const struct model *m, const struct thing *t, uint8_t command,
                          uint8_t nth)
{
    uint64_t random = m->seed * 0x100000001b3u + m->round;
    nth = m->only_new_fail ? 1 : nth;
    random = prng_next(&random) ^
             ((uint64_t)t->kind << 24 | (uint64_t)t->number << 16 | (uint64_t)command << 8 | nth);
    uint32_t dice = (uint32_t)(prng_next(&random) % 100),
             more = (uint32_t)(prng_next(&random) >> 33);
    struct verdict v = {.outcome = FINE, .result = CHIMNEY_RESULT_OK, .steps = more % 7};
    if (spared(m, t, command, nth))
        return v;
    if (dice < m->lost_percent) {
        static const enum outcome lost[] = {LOSE_COMMAND, LOSE_ANSWER, LATE};
        v.outcome = lost[more % 3];
        v.steps = 250;
    } else if (dice < m->lost_percent + m->bad_percent) {
        v.result = a_bad_result(m, t->kind, command, more / 3);
        bool keeps = v.result == CHIMNEY_RESULT_UNSURE || !never_keeps(t->kind, command);
        v.outcome = more % 3 == 0 && keeps ? KEPT : FAIL;
    } else if (dice > 90) {
        v.outcome = TWICE;
    }
    return v;
}
