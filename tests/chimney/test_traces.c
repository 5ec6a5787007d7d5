/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines alone, as lists of events: what is accepted, what is refused, what cannot be.
 *
 * A trace is a line of steps, each "event:state" or "event:state/status"; states of the marks and
 * counts that guards ask for are set by hand. The machine is pure, so nothing else is needed.
 */
#include <stdio.h>
#include <string.h>

#include "chimney.h"
#include "flue/priv/object.h"
#include "named.h"
#include "suite.h"

/* Most traces leave most of it at nothing. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct trace {
    const char *kind, *from, *steps;
    uint8_t marks;       /* of the object */
    uint32_t dependents; /* of the object */
    bool asks_delegated;
    bool link_gone; /* the link asked for is not there */
};

static const char *outcome(const struct flue_arm *arm)
{
    if (arm->verb == FLUE_DO_DEFER)
        return "defer";
    if (arm->status == FLUE_STATUS_FROM_COMMAND)
        return "from_command";
    return arm->status == FLUE_STATUS_NONE ? "" : chimney_spec.statuses[arm->status].name;
}

/* One step of a trace, "update:updating" or "done:offloaded/success"; returns the new state. */
static uint8_t step(const struct trace *t, const struct flue_guard_context *q, uint8_t state,
                    const char *text)
{
    char event[32], expected[64], got[64];
    ck_assert_int_eq(sscanf(text, "%31[^:]:%63s", event, expected), 2);
    const struct flue_kind *kind = &chimney_spec.kinds[q->object->kind];
    uint16_t arm = 0;
    uint8_t next = kind->step(q, state, event_named(event), &arm);
    if (next == 0) {
        snprintf(got, sizeof got, "impossible");
    } else {
        const char *what = outcome(&kind->arms[arm]);
        snprintf(got, sizeof got, "%s%s%s", kind->states[next].name, *what ? "/" : "", what);
    }
    ck_assert_msg(strcmp(got, expected) == 0, "%s in %s, %s: expected %s, got %s", t->kind,
                  kind->states[state].name, event, expected, got);
    return next;
}

static void follow(const struct trace *t)
{
    uint8_t kind = kind_named(t->kind), state = state_named(kind, t->from);
    static struct flue_target target;
    target.spec = &chimney_spec;
    struct flue_object object = {.kind = kind,
                                 .marks = t->marks,
                                 .dependents = t->dependents,
                                 .links = {{FLUE_NONE, FLUE_NONE}}};
    /* An established connection, as every initiate of these traces brings it. */
    static struct chimney_tcp_delegated delegated = {.State = 4};
    struct flue_guard_context q = {.target = &target,
                                   .object = &object,
                                   .new_links = {t->link_gone ? FLUE_LINK_GONE : FLUE_NONE}};
    if (kind == CHIMNEY_TCP)
        q.state[FLUE_DELEGATED] = &delegated;
    if (t->asks_delegated)
        q.asked = FLUE_CLASS_BIT(FLUE_DELEGATED);
    char text[512];
    ck_assert_uint_lt((size_t)snprintf(text, sizeof text, "%s", t->steps), sizeof text);
    for (char *word = strtok(text, " "); word && state; word = strtok(NULL, " "))
        state = step(t, &q, state, word);
}

#define FOLLOW(...)                                                 \
    do {                                                            \
        const struct trace traces[] = {__VA_ARGS__};                \
        for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) \
            follow(&traces[i]);                                     \
    } while (0)

#define INVALID (1u << CHIMNEY_MARK_INVALID)

START_TEST(a_life)
{
    FOLLOW({"neighbor", "free",
            "initiate:offloading done:offloaded/success update:updating done:offloaded/success "
            "query:offloaded/success invalidate:invalidating done:offloaded/success "
            "terminate:terminating done:free/success"},
           {"path", "free",
            "initiate:offloading done:offloaded/success update:updating done:offloaded/success "
            "query:offloaded/success invalidate:invalidating done:offloaded/success "
            "terminate:terminating done:free/success"},
           {"tcp", "free",
            "initiate:offloading done:offloaded/success update:updating done:offloaded/success "
            "query:offloaded/success invalidate:invalidating done:offloaded/success "
            "terminate:terminating done:free/success"});
}
END_TEST

START_TEST(a_query_of_delegated_state_asks_the_hardware)
{
    FOLLOW(
        {"neighbor", "offloaded", "query:querying done:offloaded/success", .asks_delegated = true},
        {"neighbor", "offloaded", "query:querying failed:corrupt/failure", .asks_delegated = true},
        {"tcp", "offloaded", "query:querying done:offloaded/success", .asks_delegated = true},
        {"tcp", "offloaded", "query:querying failed:corrupt/failure", .asks_delegated = true},
        {"path", "offloaded", "query:offloaded/success", .asks_delegated = true});
}
END_TEST

START_TEST(an_add_that_fails_is_taken_back)
{
    static const char *const kinds[] = {"neighbor", "path", "tcp"};
    for (unsigned i = 0; i < 3; i++)
        FOLLOW({kinds[i], "free", "initiate:offloading failed:withdrawing done:free/from_command"},
               {kinds[i], "free",
                "initiate:offloading failed:withdrawing failed:stranded/from_command reset:free"},
               {kinds[i], "free", "initiate:offloading reset:free/failure"},
               {kinds[i], "free", "initiate:offloading failed:withdrawing reset:free/failure"});
}
END_TEST

START_TEST(an_update_that_fails_is_reverted)
{
    static const char *const kinds[] = {"neighbor", "path", "tcp"};
    for (unsigned i = 0; i < 3; i++)
        FOLLOW({kinds[i], "offloaded", "update:updating failed:reverting done:offloaded/failure"},
               {kinds[i], "offloaded",
                "update:updating failed:reverting failed:corrupt/failure terminate:terminating "
                "failed:corrupt/failure terminate:terminating done:free/success"});
}
END_TEST

START_TEST(guards_refuse)
{
    FOLLOW({"neighbor", "offloaded", "update:offloaded/failure", .marks = INVALID},
           {"path", "offloaded", "update:offloaded/failure", .marks = INVALID},
           {"tcp", "offloaded", "update:offloaded/failure", .marks = INVALID},
           {"neighbor", "offloaded", "terminate:offloaded/failure", .dependents = 1},
           {"path", "offloaded", "terminate:offloaded/failure", .dependents = 7},
           {"path", "offloaded", "update:offloaded/failure", .link_gone = true},
           {"path", "free", "initiate:free/failure", .link_gone = true},
           {"tcp", "free", "initiate:free/failure", .link_gone = true},
           {"neighbor", "corrupt", "terminate:corrupt/failure", .dependents = 1},
           {"neighbor", "lost", "terminate:lost/failure", .dependents = 1});
}
END_TEST

START_TEST(what_comes_while_busy_waits)
{
    static const char *const busy[] = {"updating", "reverting", "invalidating", "terminating"};
    static const char *const kinds[] = {"neighbor", "path", "tcp"};
    for (unsigned k = 0; k < 3; k++)
        for (unsigned b = 0; b < 4; b++) {
            char steps[200];
            snprintf(steps, sizeof steps,
                     "update:%s/defer query:%s/defer invalidate:%s/defer terminate:%s/defer",
                     busy[b], busy[b], busy[b], busy[b]);
            FOLLOW({kinds[k], busy[b], steps});
        }
}
END_TEST

START_TEST(a_reset_ends_everything)
{
    FOLLOW({"neighbor", "offloaded", "reset:lost restore:restoring done:offloaded"},
           {"neighbor", "updating", "reset:lost/failure restore:restoring failed:corrupt"},
           {"path", "reverting", "reset:lost/failure"},
           {"path", "invalidating", "reset:lost/failure"}, {"neighbor", "restoring", "reset:lost"},
           {"neighbor", "corrupt", "reset:lost"},
           {"tcp", "offloaded", "reset:lost restore:lost terminate:free/failure"},
           {"tcp", "terminating", "reset:free/failure"},
           {"neighbor", "lost", "restore:lost", .marks = INVALID},
           {"neighbor", "lost", "update:lost/failure query:lost/failure invalidate:lost/success"},
           {"path", "corrupt", "query:corrupt/failure invalidate:corrupt/success"},
           {"path", "lost", "update:lost/success", .marks = 0},
           {"path", "lost", "update:lost/failure", .marks = INVALID},
           {"path", "lost", "update:lost/failure", .link_gone = true});
}
END_TEST

START_TEST(what_cannot_be_is_impossible)
{
    static const char *const kinds[] = {"neighbor", "path", "tcp"};
    for (unsigned i = 0; i < 3; i++)
        FOLLOW({kinds[i], "free", "done:impossible"}, {kinds[i], "free", "failed:impossible"},
               {kinds[i], "free", "update:impossible"}, {kinds[i], "free", "terminate:impossible"},
               {kinds[i], "offloaded", "initiate:impossible"},
               {kinds[i], "offloaded", "done:impossible"},
               {kinds[i], "updating", "initiate:impossible"},
               {kinds[i], "updating", "restore:impossible"},
               {kinds[i], "offloading", "query:impossible"});
}
END_TEST

/* States of a connection that the host may not hand over. */
START_TEST(only_live_connections_are_offloaded)
{
    static const bool may[] = {
        [4] = true, [5] = true, [6] = true, [7] = true, [8] = true, [9] = true, [10] = false};
    for (int state = 0; state <= 10; state++) {
        struct chimney_tcp_delegated delegated = {.State = state};
        struct flue_target target = {.spec = &chimney_spec};
        struct flue_object object = {.kind = CHIMNEY_TCP, .links = {{FLUE_NONE, FLUE_NONE}}};
        struct flue_guard_context q = {
            .target = &target, .object = &object, .new_links = {FLUE_NONE}};
        q.state[FLUE_DELEGATED] = &delegated;
        uint16_t arm = 0;
        uint8_t next = chimney_spec.kinds[CHIMNEY_TCP].step(&q, state_named(CHIMNEY_TCP, "free"),
                                                            event_named("initiate"), &arm);
        ck_assert_str_eq(chimney_state_name(CHIMNEY_TCP, next), may[state] ? "offloading" : "free");
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS("traces", NULL, NULL, a_life, a_query_of_delegated_state_asks_the_hardware,
                     an_add_that_fails_is_taken_back, an_update_that_fails_is_reverted,
                     guards_refuse, what_comes_while_busy_waits, a_reset_ends_everything,
                     what_cannot_be_is_impossible, only_live_connections_are_offloaded);
}
