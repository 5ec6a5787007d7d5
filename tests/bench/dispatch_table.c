/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_table.c: the machine of a TCP connection as a table of function pointers. */

#include "dispatch_actions.h"
#include "dispatch_loop.h"

typedef uint8_t transition(const struct flue_guard_context *q, uint16_t *arm);

#define GO(name, to, action)                                               \
    static uint8_t name(const struct flue_guard_context *q, uint16_t *arm) \
    {                                                                      \
        (void)q;                                                           \
        *arm = action;                                                     \
        return to;                                                         \
    }

static uint8_t impossible(const struct flue_guard_context *q, uint16_t *arm)
{
    (void)q, (void)arm;
    return CHIMNEY_TCP_IMPOSSIBLE;
}

static uint8_t add(const struct flue_guard_context *q, uint16_t *arm)
{
    bool refused = flue_guard_new_link_unusable(q, 0) || not_offloadable(q);
    *arm = refused ? ACTION_REFUSE : ACTION_ADD;
    return refused ? CHIMNEY_TCP_FREE : CHIMNEY_TCP_OFFLOADING;
}

static uint8_t plan(const struct flue_guard_context *q, uint16_t *arm)
{
    bool refused = flue_guard_marked(q, 1u << CHIMNEY_MARK_INVALID, false);
    *arm = refused ? ACTION_REFUSE : ACTION_PLAN;
    return refused ? CHIMNEY_TCP_OFFLOADED : CHIMNEY_TCP_UPDATING;
}

static uint8_t read_state(const struct flue_guard_context *q, uint16_t *arm)
{
    bool reads = flue_guard_asked(q, FLUE_CLASS_BIT(FLUE_DELEGATED));
    *arm = reads ? ACTION_READ : ACTION_SUCCEED;
    return reads ? CHIMNEY_TCP_QUERYING : CHIMNEY_TCP_OFFLOADED;
}

GO(succeed, CHIMNEY_TCP_OFFLOADED, ACTION_SUCCEED)
GO(withdraw, CHIMNEY_TCP_WITHDRAWING, ACTION_UNDO)
GO(fail_free, CHIMNEY_TCP_FREE, ACTION_FAIL)
GO(result_free, CHIMNEY_TCP_FREE, ACTION_RESULT)
GO(strand, CHIMNEY_TCP_STRANDED, ACTION_RESULT)
GO(lose, CHIMNEY_TCP_LOST, ACTION_MARK_BROKEN)
GO(lose_and_fail, CHIMNEY_TCP_LOST, ACTION_MARK_BROKEN_AND_FAIL)
GO(rest, CHIMNEY_TCP_OFFLOADED, ACTION_STAY)
GO(block, CHIMNEY_TCP_INVALIDATING, ACTION_BLOCK)
GO(remove_it, CHIMNEY_TCP_TERMINATING, ACTION_REMOVE)
GO(revert, CHIMNEY_TCP_REVERTING, ACTION_UNDO)
GO(fail, CHIMNEY_TCP_OFFLOADED, ACTION_FAIL)
GO(corrupt, CHIMNEY_TCP_CORRUPT, ACTION_FAIL)
GO(corrupt_marked, CHIMNEY_TCP_CORRUPT, ACTION_MARK_BROKEN_AND_FAIL)
GO(freed, CHIMNEY_TCP_FREE, ACTION_SUCCEED)
GO(stranded_stay, CHIMNEY_TCP_STRANDED, ACTION_STAY)
GO(stranded_freed, CHIMNEY_TCP_FREE, ACTION_STAY)

#define DEFERS(name, state)               \
    GO(name##_defer, state, ACTION_DEFER) \
    GO(name##_mark, state, ACTION_MARK_INVALID_AND_DEFER)
#define REFUSES(name, state)            \
    GO(name##_stay, state, ACTION_STAY) \
    GO(name##_refuse, state, ACTION_REFUSE)

DEFERS(updating, CHIMNEY_TCP_UPDATING)
DEFERS(reverting, CHIMNEY_TCP_REVERTING)
DEFERS(querying, CHIMNEY_TCP_QUERYING)
DEFERS(invalidating, CHIMNEY_TCP_INVALIDATING)
DEFERS(terminating, CHIMNEY_TCP_TERMINATING)
REFUSES(corrupt, CHIMNEY_TCP_CORRUPT)
REFUSES(lost, CHIMNEY_TCP_LOST)

/* In the order of events: none, done, failed, reset, restore, then the operations. */
#define NO impossible
#define COMING(done, failed)                                \
    {                                                       \
        NO, done, failed, fail_free, NO, NO, NO, NO, NO, NO \
    }
#define BUSY(name, done, failed, reset)                                                        \
    {                                                                                          \
        NO, done, failed, reset, NO, NO, name##_defer, name##_defer, name##_mark, name##_defer \
    }
#define BROKEN(name, terminate)                                                                   \
    {                                                                                             \
        NO, NO, NO, lose, name##_stay, NO, name##_refuse, name##_refuse, name##_refuse, terminate \
    }

static transition *const table[][CHIMNEY_EVENT_TERMINATE + 1] = {
    [CHIMNEY_TCP_FREE] = {NO, NO, NO, NO, NO, add, NO, NO, NO, NO},
    [CHIMNEY_TCP_OFFLOADING] = COMING(succeed, withdraw),
    [CHIMNEY_TCP_WITHDRAWING] = COMING(result_free, strand),
    [CHIMNEY_TCP_OFFLOADED] = {NO, NO, NO, lose, rest, NO, plan, read_state, block, remove_it},
    [CHIMNEY_TCP_UPDATING] = BUSY(updating, succeed, revert, lose_and_fail),
    [CHIMNEY_TCP_REVERTING] = BUSY(reverting, fail, corrupt, lose_and_fail),
    [CHIMNEY_TCP_QUERYING] = BUSY(querying, succeed, corrupt_marked, lose_and_fail),
    [CHIMNEY_TCP_INVALIDATING] = BUSY(invalidating, succeed, corrupt_marked, lose_and_fail),
    [CHIMNEY_TCP_TERMINATING] = BUSY(terminating, freed, corrupt_marked, fail_free),
    [CHIMNEY_TCP_CORRUPT] = BROKEN(corrupt, remove_it),
    [CHIMNEY_TCP_LOST] = BROKEN(lost, fail_free),
    [CHIMNEY_TCP_STRANDED] = {NO, NO, NO, stranded_freed, stranded_stay, NO, NO, NO, NO, NO},
};

static inline uint8_t by_table(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                               uint16_t *arm)
{
    return table[state][event](q, arm);
}

DISPATCH_LOOP(dispatch_table, by_table)
