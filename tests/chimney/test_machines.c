/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every step of every machine, once: each state, each event, each combination of guards' answers.
 *
 * What is expected is read from the specs by steps.py, which shares nothing with the compiler. A
 * step is asked of the compiled machine, and its arm is looked up in the compiled tables.
 */
#include <stdio.h>
#include <string.h>

#include "flue/priv/object.h"
#include "named.h"
#include "suite.h"
#include "world.h"

#define WORDS 128
#define STALE_TICKS 1000

struct expected {
    char kind[32], state[32], event[32], guards[WORDS];
    char next[32], verb[32], commands[WORDS], mark[32], status[32];
};

/* What a step is asked about; guards' answers are made true or false in it. */
static struct flue_object *object;
static struct flue_guard_context question;
static struct chimney_tcp_delegated brought;

static void setup(void)
{
    struct flue_config config = scripted_config();
    config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = STALE_TICKS;
    w = world_open(&config);
}

/* ---- Guards -------------------------------------------------------------------------------- */

static void has_dependents(bool answer)
{
    object->dependents = answer;
}

static void is_invalid(bool answer)
{
    object->marks = answer ? 1u << CHIMNEY_MARK_INVALID : 0;
}

/* Object 0 below is offloaded; the last one of the pool is unused, so nothing may link to it. */
static uint32_t link_to(bool unusable)
{
    uint8_t below = chimney_spec.kinds[object->kind].links->to;
    return unusable ? w->s->target.flue.pools[below].capacity - 1 : 0;
}

static void link_unusable(bool answer)
{
    object->links[0].to = link_to(answer);
}

static void new_link_unusable(bool answer)
{
    question.new_links[0] = link_to(answer);
}

static void asks_delegated(bool answer)
{
    question.asked = answer ? FLUE_CLASS_BIT(FLUE_DELEGATED) : 0;
}

static void not_offloadable(bool answer)
{
    brought.State = answer ? CHIMNEY_TCP_STATE_SYN_SENT : CHIMNEY_TCP_STATE_ESTABLISHED;
}

/* Both moments of a new neighbor are 0, so the time that went by since is the clock's. */
static void stale(bool answer)
{
    flue_tick(&w->s->target.flue, answer ? 2 * STALE_TICKS : STALE_TICKS);
}

static const struct guard {
    const char *name;
    void (*answer)(bool answer);
} guards[] = {{"has_dependents", has_dependents},
              {"is_invalid", is_invalid},
              {"link_unusable", link_unusable},
              {"new_link_unusable", new_link_unusable},
              {"asks_delegated", asks_delegated},
              {"not_offloadable", not_offloadable},
              {"stale", stale}};

static void answer_guard(const char *text)
{
    size_t length = strcspn(text, "=");
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        if (strlen(guards[i].name) == length && strncmp(guards[i].name, text, length) == 0) {
            guards[i].answer(text[length + 1] == '1');
            return;
        }
    ck_abort_msg("this test does not know the condition %s", text);
}

/* ---- One step ------------------------------------------------------------------------------ */

/* An object of its own, so that what other tests know of the world stays true. */
static void ask_about(uint8_t kind, char *with)
{
    static union {
        _Alignas(64) struct flue_object object; /* as in a pool */
        unsigned char bytes[1024];
    } place;
    memset(&place, 0, sizeof place);
    object = &place.object;
    object->kind = kind;
    object->links[0].to = object->links[0].next = FLUE_NONE;
    brought.State = CHIMNEY_TCP_STATE_ESTABLISHED;
    question = (struct flue_guard_context){
        .target = &w->s->target.flue, .object = object, .new_links = {FLUE_NONE}};
    if (kind == CHIMNEY_TCP)
        question.state[FLUE_DELEGATED] = &brought;
    for (char *guard = strtok(with, ","); guard; guard = strtok(NULL, ","))
        if (strcmp(guard, "-") != 0)
            answer_guard(guard);
}

static void name_commands(const struct flue_kind *kind, uint32_t commands, char *text, size_t bytes)
{
    const char *names[FLUE_MAX_COMMANDS];
    unsigned count = 0;
    for (unsigned c = 0; c < kind->command_count; c++) {
        if (!(commands & 1u << c))
            continue;
        unsigned at = count++;
        for (; at > 0 && strcmp(names[at - 1], kind->commands[c].name) > 0; at--)
            names[at] = names[at - 1];
        names[at] = kind->commands[c].name;
    }
    snprintf(text, bytes, "-");
    for (size_t i = 0, used = 0; i < count; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%s", i ? "," : "", names[i]);
}

static const char *status_of(const struct flue_arm *arm)
{
    if (arm->status == FLUE_STATUS_FROM_COMMAND)
        return "from_command";
    return arm->status == FLUE_STATUS_NONE ? "-" : chimney_spec.statuses[arm->status].name;
}

static const char *mark_of(const struct flue_arm *arm)
{
    for (unsigned m = 0; m < chimney_spec.mark_count; m++)
        if (arm->marks == 1u << m)
            return chimney_spec.marks[m].name;
    return arm->marks ? "?" : "-";
}

/* The same words that steps.py prints. */
static void describe(const struct flue_kind *kind, uint8_t next, uint16_t number, char *text,
                     size_t bytes)
{
    static const char *const verbs[] = {"nothing", "send", "plan", "undo", "defer"};
    const struct flue_arm *arm = &kind->arms[number];
    char commands[WORDS];
    if (next == 0 || number == 0) {
        snprintf(text, bytes, "impossible - - - -");
        return;
    }
    name_commands(kind, arm->commands, commands, sizeof commands);
    snprintf(text, bytes, "%s %s %s %s %s", kind->states[next].name, verbs[arm->verb], commands,
             mark_of(arm), status_of(arm));
}

static void check_step(struct expected *e)
{
    uint8_t number = kind_named(e->kind);
    uint8_t event = event_named(e->event);
    const struct flue_kind *kind = &chimney_spec.kinds[number];
    char given[WORDS], expected[512], got[512];
    uint16_t arm = 0;
    snprintf(given, sizeof given, "%s", e->guards);
    ask_about(number, e->guards);
    uint8_t next = kind->step(&question, state_named(number, e->state), event, &arm);
    describe(kind, next, arm, got, sizeof got);
    snprintf(expected, sizeof expected, "%s %s %s %s %s", e->next, e->verb, e->commands, e->mark,
             e->status);
    ck_assert_msg(strcmp(got, expected) == 0, "%s %s, %s, with %s:\n  expected %s\n  got      %s",
                  e->kind, e->state, e->event, given, expected, got);
}

/* ---- The tests ----------------------------------------------------------------------------- */

START_TEST(every_step_is_as_the_specs_say)
{
    FILE *file = fopen(STEPS, "r");
    char line[512];
    unsigned steps = 0;
    ck_assert_ptr_nonnull(file);
    for (; fgets(line, sizeof line, file); steps++) {
        struct expected e;
        ck_assert_int_eq(sscanf(line, "%31s %31s %31s %127s %31s %31s %127s %31s %31s", e.kind,
                                e.state, e.event, e.guards, e.next, e.verb, e.commands, e.mark,
                                e.status),
                         9);
        check_step(&e);
    }
    fclose(file);
    unsigned pairs = 0;
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        pairs +=
            chimney_spec.kinds[k].state_count * (FLUE_EVENT_OPERATION - 1 + CHIMNEY_OPERATIONS);
    ck_assert_uint_ge(steps, pairs);
}
END_TEST

/* The runtime asserts that a step has both a state and an arm: no other letter gives both. */
START_TEST(what_is_no_event_is_impossible)
{
    for (uint8_t k = 0; k < CHIMNEY_KINDS; k++)
        for (uint8_t state = 0; state <= chimney_spec.kinds[k].state_count; state++)
            for (unsigned letter = 0; letter < 256; letter++) {
                bool event = letter > FLUE_EVENT_NONE &&
                             letter < FLUE_EVENT_OPERATION + (int)CHIMNEY_OPERATIONS;
                uint16_t arm = 0;
                if (event && state != 0)
                    continue;
                ask_about(k, (char[]){"-"});
                uint8_t next = chimney_spec.kinds[k].step(&question, state, (uint8_t)letter, &arm);
                ck_assert_msg(next == 0 || arm == 0, "%s, %s: letter %u leads to %u by arm %u",
                              chimney_kind_name(k), chimney_state_name(k, state), letter, next,
                              arm);
            }
}
END_TEST

static uint8_t indication_named(const char *name)
{
    static const struct {
        const char *name;
        uint8_t number;
    } all[] = {{"reachability_query", CHIMNEY_INDICATION_REACHABILITY_QUERY},
               {"send_backlog_change", CHIMNEY_INDICATION_SEND_BACKLOG_CHANGE},
               {"disconnect", CHIMNEY_INDICATION_DISCONNECT},
               {"retrieve", CHIMNEY_INDICATION_RETRIEVE},
               {"abort", CHIMNEY_INDICATION_ABORT}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].number;
    ck_abort_msg("this test does not know the indication %s", name);
    return 0;
}

/* True: the host was told. */
static bool raised(uint8_t kind, uint8_t state, const char *indication, char *guard, bool answer)
{
    unsigned told = w->s->indication_count;
    ask_about(kind, (char[]){"-"});
    object->state = state;
    if (strcmp(guard, "-") != 0) {
        char text[WORDS];
        snprintf(text, sizeof text, "%s=%d", guard, answer);
        answer_guard(text);
    }
    bool said = chimney_spec.kinds[kind].indicate(&question, indication_named(indication), 1);
    ck_assert_uint_eq(w->s->indication_count - told, said);
    return said;
}

/* Each line of the list, with what its guard says. A guard that says no lets nothing through. */
static void raise_all(bool guards_say)
{
    FILE *file = fopen(RAISES, "r");
    char line[512], kind[32], state[32], indication[32], guard[32], answer[8];
    unsigned lines = 0;
    ck_assert_ptr_nonnull(file);
    for (; fgets(line, sizeof line, file); lines++) {
        ck_assert_int_eq(
            sscanf(line, "%31s %31s %31s %31s %7s", kind, state, indication, guard, answer), 5);
        uint8_t k = kind_named(kind);
        bool allowed = strcmp(answer, "yes") == 0 && (guards_say || strcmp(guard, "-") == 0);
        ck_assert_msg(raised(k, state_named(k, state), indication, guard, guards_say) == allowed,
                      "%s(guards say %d)", line, guards_say);
    }
    fclose(file);
    ck_assert_uint_gt(lines, 0);
}

/* Time does not go back, so nothing is stale in the first round. */
START_TEST(only_what_the_specs_allow_is_raised)
{
    raise_all(false);
    raise_all(true);
}
END_TEST

/* Numbers that no table has: nothing is issued, taken, told or completed by them. */
START_TEST(what_no_table_names_is_not_done)
{
    for (uint8_t k = 0; k < CHIMNEY_KINDS; k++) {
        const struct flue_kind *kind = &chimney_spec.kinds[k];
        ask_about(k, (char[]){"-"});
        struct flue_issue issue = {.q = question, .adapter = w->s, .command = FLUE_MAX_COMMANDS};
        ck_assert_int_eq(kind->issue(&issue), FLUE_RING_FULL);
        kind->deliver(&question, FLUE_MAX_COMMANDS, NULL);
        ck_assert(!kind->indicate || !kind->indicate(&question, FLUE_NO_BYTE, 0));
    }
    chimney_spec.complete(&w->s->target.flue, CHIMNEY_OPERATIONS, NULL);
    chimney_spec.indicate(&w->s->target.flue, FLUE_NO_BYTE, 0);
    ck_assert_uint_eq(w->s->command_count + w->s->completion_count + w->s->indication_count, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS("machines", setup, world_teardown, every_step_is_as_the_specs_say,
                     what_is_no_event_is_impossible, only_what_the_specs_allow_is_raised,
                     what_no_table_names_is_not_done);
}
