/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dispatch_switch.c: the machine of a TCP connection by hand, as a switch in a switch; and what the
 * loop costs without any machine.
 */

#include "dispatch_actions.h"
#include "dispatch_loop.h"

static inline uint8_t rest(const struct flue_guard_context *q, uint8_t event, uint16_t *arm)
{
    switch (event) {
    case FLUE_EVENT_RESET:
        *arm = ACTION_MARK_BROKEN;
        return CHIMNEY_TCP_LOST;
    case FLUE_EVENT_RESTORE:
        *arm = ACTION_STAY;
        return CHIMNEY_TCP_OFFLOADED;
    case CHIMNEY_EVENT_UPDATE:
        if (flue_guard_marked(q, 1u << CHIMNEY_MARK_INVALID, false)) {
            *arm = ACTION_REFUSE;
            return CHIMNEY_TCP_OFFLOADED;
        }
        *arm = ACTION_PLAN;
        return CHIMNEY_TCP_UPDATING;
    case CHIMNEY_EVENT_QUERY:
        if (flue_guard_asked(q, FLUE_CLASS_BIT(FLUE_DELEGATED))) {
            *arm = ACTION_READ;
            return CHIMNEY_TCP_QUERYING;
        }
        *arm = ACTION_SUCCEED;
        return CHIMNEY_TCP_OFFLOADED;
    case CHIMNEY_EVENT_INVALIDATE:
        *arm = ACTION_BLOCK;
        return CHIMNEY_TCP_INVALIDATING;
    case CHIMNEY_EVENT_TERMINATE:
        *arm = ACTION_REMOVE;
        return CHIMNEY_TCP_TERMINATING;
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

static inline uint8_t unused(const struct flue_guard_context *q, uint8_t event, uint16_t *arm)
{
    if (event != CHIMNEY_EVENT_INITIATE)
        return CHIMNEY_TCP_IMPOSSIBLE;
    if (flue_guard_new_link_unusable(q, 0) || not_offloadable(q)) {
        *arm = ACTION_REFUSE;
        return CHIMNEY_TCP_FREE;
    }
    *arm = ACTION_ADD;
    return CHIMNEY_TCP_OFFLOADING;
}

/* Offloading and withdrawing: the host does not have the object yet. */
static inline uint8_t coming(uint8_t event, uint16_t *arm, uint8_t done, uint16_t done_action,
                             uint8_t failed, uint16_t failed_action)
{
    switch (event) {
    case FLUE_EVENT_DONE:
        *arm = done_action;
        return done;
    case FLUE_EVENT_FAILED:
        *arm = failed_action;
        return failed;
    case FLUE_EVENT_RESET:
        *arm = ACTION_FAIL;
        return CHIMNEY_TCP_FREE;
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

/* Busy for the host: other operations wait. */
static inline uint8_t busy(uint8_t state, uint8_t event, uint16_t *arm, uint8_t done,
                           uint16_t done_action, uint8_t failed, uint16_t failed_action)
{
    switch (event) {
    case FLUE_EVENT_DONE:
        *arm = done_action;
        return done;
    case FLUE_EVENT_FAILED:
        *arm = failed_action;
        return failed;
    case FLUE_EVENT_RESET:
        *arm = state == CHIMNEY_TCP_TERMINATING ? ACTION_FAIL : ACTION_MARK_BROKEN_AND_FAIL;
        return state == CHIMNEY_TCP_TERMINATING ? CHIMNEY_TCP_FREE : CHIMNEY_TCP_LOST;
    case CHIMNEY_EVENT_INVALIDATE:
        *arm = ACTION_MARK_INVALID_AND_DEFER;
        return state;
    case CHIMNEY_EVENT_UPDATE:
    case CHIMNEY_EVENT_QUERY:
    case CHIMNEY_EVENT_TERMINATE:
        *arm = ACTION_DEFER;
        return state;
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

/* Corrupt and lost: nothing but terminate makes sense any more. */
static inline uint8_t broken(uint8_t state, uint8_t event, uint16_t *arm)
{
    switch (event) {
    case FLUE_EVENT_RESET:
        *arm = ACTION_MARK_BROKEN;
        return CHIMNEY_TCP_LOST;
    case FLUE_EVENT_RESTORE:
        *arm = ACTION_STAY;
        return state;
    case CHIMNEY_EVENT_UPDATE:
    case CHIMNEY_EVENT_QUERY:
    case CHIMNEY_EVENT_INVALIDATE:
        *arm = ACTION_REFUSE;
        return state;
    case CHIMNEY_EVENT_TERMINATE:
        *arm = state == CHIMNEY_TCP_LOST ? ACTION_FAIL : ACTION_REMOVE;
        return state == CHIMNEY_TCP_LOST ? CHIMNEY_TCP_FREE : CHIMNEY_TCP_TERMINATING;
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

static inline uint8_t stranded(uint8_t event, uint16_t *arm)
{
    switch (event) {
    case FLUE_EVENT_RESET:
        *arm = ACTION_STAY;
        return CHIMNEY_TCP_FREE;
    case FLUE_EVENT_RESTORE:
        *arm = ACTION_STAY;
        return CHIMNEY_TCP_STRANDED;
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

static inline uint8_t by_hand(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                              uint16_t *arm)
{
    switch (state) {
    case CHIMNEY_TCP_FREE:
        return unused(q, event, arm);
    case CHIMNEY_TCP_OFFLOADING:
        return coming(event, arm, CHIMNEY_TCP_OFFLOADED, ACTION_SUCCEED, CHIMNEY_TCP_WITHDRAWING,
                      ACTION_UNDO);
    case CHIMNEY_TCP_WITHDRAWING:
        return coming(event, arm, CHIMNEY_TCP_FREE, ACTION_RESULT, CHIMNEY_TCP_STRANDED,
                      ACTION_RESULT);
    case CHIMNEY_TCP_OFFLOADED:
        return rest(q, event, arm);
    case CHIMNEY_TCP_UPDATING:
        return busy(state, event, arm, CHIMNEY_TCP_OFFLOADED, ACTION_SUCCEED, CHIMNEY_TCP_REVERTING,
                    ACTION_UNDO);
    case CHIMNEY_TCP_REVERTING:
        return busy(state, event, arm, CHIMNEY_TCP_OFFLOADED, ACTION_FAIL, CHIMNEY_TCP_CORRUPT,
                    ACTION_FAIL);
    case CHIMNEY_TCP_QUERYING:
        return busy(state, event, arm, CHIMNEY_TCP_OFFLOADED, ACTION_SUCCEED, CHIMNEY_TCP_CORRUPT,
                    ACTION_MARK_BROKEN_AND_FAIL);
    case CHIMNEY_TCP_INVALIDATING:
        return busy(state, event, arm, CHIMNEY_TCP_OFFLOADED, ACTION_SUCCEED, CHIMNEY_TCP_CORRUPT,
                    ACTION_MARK_BROKEN_AND_FAIL);
    case CHIMNEY_TCP_TERMINATING:
        return busy(state, event, arm, CHIMNEY_TCP_FREE, ACTION_SUCCEED, CHIMNEY_TCP_CORRUPT,
                    ACTION_MARK_BROKEN_AND_FAIL);
    case CHIMNEY_TCP_CORRUPT:
    case CHIMNEY_TCP_LOST:
        return broken(state, event, arm);
    case CHIMNEY_TCP_STRANDED:
        return stranded(event, arm);
    default:
        return CHIMNEY_TCP_IMPOSSIBLE;
    }
}

DISPATCH_LOOP(dispatch_switch, by_hand)

static uint8_t by_hand_called(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                              uint16_t *arm)
{
    *arm = 0;
    return by_hand(q, state, event, arm);
}

DISPATCH_CALLED(dispatch_switch_called, by_hand_called)

static inline uint8_t no_machine(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                                 uint16_t *arm)
{
    (void)q;
    *arm = event;
    return state ^ event;
}

DISPATCH_LOOP(dispatch_touch, no_machine)

bool dispatch_is_invalid(const struct flue_guard_context *q)
{
    return flue_guard_marked(q, 1u << CHIMNEY_MARK_INVALID, false);
}

bool dispatch_refused(const struct flue_guard_context *q)
{
    return flue_guard_new_link_unusable(q, 0) || not_offloadable(q);
}
