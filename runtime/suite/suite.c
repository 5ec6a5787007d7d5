/* SPDX-License-Identifier: BSD-2-Clause */
/* suite.c: each pair of state and event, in every situation that its conditions tell apart. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "situation.h"

enum { WORDS = 768, MOST_WRONG = 20, MANY = 1 << 16 };

static const struct flue_suite *suite;
static struct suite_world world;
static struct suite_situation situation;
static unsigned long steps, wrong, impossible, refused;
static bool *hit[FLUE_MAX_KINDS]; /* arms of an object */

static void setup(void)
{
    ck_assert(suite_world_open(&world, suite));
}

static void teardown(void)
{
    suite_world_close(&world);
}

/* ---- What is expected, and what came of it, in the same words ------------------------ */

static bool goes_nowhere(const struct suite_arm *arm)
{
    return arm->to == NULL;
}

static void describe_expected(const struct suite_object *object, const struct suite_arm *arm,
                              char *text)
{
    if (goes_nowhere(arm))
        snprintf(text, WORDS, "impossible");
    else
        snprintf(text, WORDS, "to %s, %s [%s], mark [%s], status [%s], call %u, by %s:%u", arm->to,
                 arm->verb, arm->commands, arm->mark, arm->status, arm->call,
                 arm->by_default ? suite->file : object->file, arm->line);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void name_commands(const struct flue_kind *kind, uint32_t commands, char *text)
{
    const char *names[FLUE_MAX_COMMANDS];
    size_t count = 0, used = 0;
    for (unsigned c = 0; c < kind->command_count; c++)
        if (commands & 1u << c)
            names[count++] = kind->commands[c].name;
    qsort(names, count, sizeof *names, by_name);
    text[0] = '\0';
    for (size_t i = 0; i < count && used < WORDS; i++)
        used += (size_t)snprintf(text + used, WORDS - used, "%s%s", i ? "," : "", names[i]);
}

static const char *status_name(const struct flue_arm *arm)
{
    if (arm->status == FLUE_STATUS_FROM_COMMAND)
        return "from_command";
    return arm->status == FLUE_STATUS_NONE ? "" : suite->spec->statuses[arm->status].name;
}

static void describe_got(const struct flue_kind *kind, uint8_t next, uint16_t number, char *text)
{
    static const char *const verbs[] = {"nothing", "send", "plan", "undo", "defer"};
    const struct flue_arm *arm = &kind->arms[number];
    const char *mark = "", *cleared = "";
    char commands[WORDS];
    if (next == 0 || number == 0) {
        snprintf(text, WORDS, "impossible");
        return;
    }
    for (unsigned m = 0; m < suite->spec->mark_count; m++) {
        if (arm->marks & 1u << m)
            mark =
                (arm->marks & ~FLUE_ARM_SETS) == 1u << m ? suite->spec->marks[m].name : "several";
        if (arm->clears & 1u << m)
            cleared = arm->clears == 1u << m ? suite->spec->marks[m].name : "several";
    }
    name_commands(kind, arm->commands, commands);
    snprintf(text, WORDS,
             "to %.64s, %s [%.300s], mark [%.32s%s%.32s], status [%.32s], call %u, by %.32s:%u",
             kind->states[next].name, verbs[arm->verb], commands, mark, *cleared ? " no " : "",
             cleared, status_name(arm), arm->notify,
             arm->by_default ? suite->spec->file : kind->file, arm->line);
}

/* ---- One step ------------------------ */

static uint8_t event_number(const struct suite_object *object, const char *name)
{
    for (unsigned e = 0; e < object->event_count; e++)
        if (strcmp(object->events[e], name) == 0)
            return (uint8_t)(FLUE_EVENT_DEVICE + e);
    for (unsigned e = 1; e < suite->event_count; e++)
        if (strcmp(suite->events[e], name) == 0)
            return (uint8_t)e;
    if (suite->decides && strcmp(name, "commit") == 0)
        return FLUE_EVENT_COMMIT;
    if (suite->decides && strcmp(name, "abort") == 0)
        return FLUE_EVENT_ABORT;
    ck_abort_msg("no event %s", name);
    return 0;
}

static unsigned expected_arm(const struct suite_object *object, unsigned first)
{
    for (;; first++) {
        int condition = object->arms[first].condition;
        if (condition == SUITE_ALWAYS || suite_holds(&situation, &object->conditions[condition]))
            return first;
    }
}

static void say_what_holds(const struct suite_object *object, char *text)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < object->condition_count && used < WORDS; i++)
        used += (size_t)snprintf(text + used, WORDS - used, " %s=%d", object->conditions[i].name,
                                 suite_holds(&situation, &object->conditions[i]));
}

static const struct suite_arm_sets *sets_of(const struct suite_object *object, unsigned arm)
{
    for (unsigned i = 0; i < object->sets_count; i++)
        if (object->sets[i].arm == arm)
            return &object->sets[i];
    return NULL;
}

/* What is set in an object as it is now is what the spec says. The object is as before then. */
static bool sets_the_values(const struct suite_arm_sets *said, const struct flue_kind *kind,
                            uint8_t list, struct flue_guard_context *q, struct flue_object *o)
{
    static unsigned char before[SUITE_STATE_BYTES], data[SUITE_STATE_BYTES];
    bool good = true;
    for (unsigned i = 0; i < suite->spec->event_bytes; i++)
        data[i] = (unsigned char)(41 + 7 * i);
    memcpy(before, o, kind->object_bytes);
    kind->set(q, o, list, data);
    for (unsigned i = 0; i < said->count; i++) {
        uint64_t wanted = suite_value_set(&situation, &said->list[i],
                                          (const struct flue_object *)(const void *)before, data);
        good &= wanted == suite_value_in(o, &said->list[i].variable);
    }
    memcpy(o, before, kind->object_bytes);
    return good;
}

/* What an arm sets; also where something that is counted has come to its end. */
static bool sets_what_is_said(const struct suite_arm_sets *said, const struct flue_kind *kind,
                              const struct flue_arm *arm, struct flue_guard_context *q)
{
    static unsigned char before[SUITE_STATE_BYTES];
    struct flue_object *o = (struct flue_object *)(uintptr_t)q->object;
    if (!said || !arm->sets)
        return !said && !arm->sets;
    bool good = sets_the_values(said, kind, arm->sets, q, o);
    memcpy(before, o, kind->object_bytes);
    for (unsigned i = 0; i < said->count; i++)
        if (suite_count_to_the_end(&said->list[i], o))
            good &= sets_the_values(said, kind, arm->sets, q, o);
    memcpy(o, before, kind->object_bytes);
    return good;
}

/* The arms of a pair begin at `first`. A step must not change the object. */
static void step(unsigned number, unsigned first)
{
    const struct suite_object *object = &suite->objects[number];
    const struct flue_kind *kind = &suite->spec->kinds[number];
    const struct suite_arm *pair = &object->arms[first];
    static unsigned char before[SUITE_STATE_BYTES];
    char expected[WORDS], got[WORDS], held[WORDS];
    struct flue_guard_context q;
    uint16_t arm = 0;

    suite_set_up(&situation, &world, &q);
    uint8_t event = event_number(object, pair->event),
            state = suite_state_number(kind, pair->state);
    q.operation = situation.operation;
    size_t bytes = kind->object_bytes < sizeof before ? kind->object_bytes : sizeof before;
    memcpy(before, q.object, bytes);
    uint8_t next = kind->step(&q, state, event, &arm);
    ck_assert_msg(arm < kind->arm_count, "%s: there is no arm %u", object->name, arm);
    unsigned wanted = expected_arm(object, first);
    describe_expected(object, &object->arms[wanted], expected);
    describe_got(kind, next, arm, got);
    say_what_holds(object, held);
    bool said = strcmp(expected, got) == 0, left = memcmp(before, q.object, bytes) == 0;
    bool set = !said || sets_what_is_said(sets_of(object, wanted), kind, &kind->arms[arm], &q);
    bool good = said && left && set;
    if (!good && wrong++ < MOST_WRONG)
        printf("wrong: %s %s, %s,%s:\n  expected %s\n  got      %s%s\n", object->name, pair->state,
               pair->event, held, expected, got,
               !left  ? ", and the object was changed"
               : !set ? ", and other values are set"
                      : "");
    hit[number][wanted] |= good;
    steps++;
}

/* ---- Every situation of a pair ------------------------ */

/*
 * The conditions that are arranged for a pair: those that its arms ask, those that these are made
 * of, and those that give a variable its values which one of them compares. Each stands before it.
 */
static bool arranged[UINT8_MAX + 1];

static void find_arranged(const struct suite_object *object, unsigned first, unsigned count)
{
    memset(arranged, 0, sizeof arranged);
    for (unsigned i = first; i < first + count; i++)
        if (object->arms[i].condition >= 0)
            arranged[object->arms[i].condition] = true;
    for (unsigned c = object->condition_count; c-- > 0;) {
        const struct suite_condition *condition = &object->conditions[c];
        for (unsigned p = 0; arranged[c] && p < condition->part_count; p++)
            arranged[condition->parts[p]] = true;
        if (arranged[c] && condition->values_of)
            arranged[condition->values_of - 1] = true;
    }
}

/* The operation whose node there is: the one that arrives, or the one under way. */
static uint8_t operation_of(unsigned number, const struct suite_arm *pair)
{
    const struct flue_kind *kind = &suite->spec->kinds[number];
    uint8_t event = event_number(&suite->objects[number], pair->event);
    if (event >= FLUE_EVENT_DEVICE)
        return FLUE_NO_BYTE;
    if (event >= FLUE_EVENT_OPERATION && event < FLUE_EVENT_COMMIT)
        return (uint8_t)(event - FLUE_EVENT_OPERATION);
    return kind->states[suite_state_number(kind, pair->state)].operation;
}

static void arrange_others(const struct suite_object *object)
{
    for (unsigned c = 0; c < object->condition_count; c++)
        if (!arranged[c]) {
            unsigned ways = suite_ways(&situation, &object->conditions[c]);
            suite_arrange(&situation, &object->conditions[c], (unsigned)(steps % ways));
        }
}

typedef void arrangement(struct suite_situation *, const struct suite_condition *, unsigned way);

/* Way `n` of all ways of the conditions of a pair. */
static void arrange(const struct suite_object *object, unsigned long n, arrangement *one)
{
    for (unsigned c = 0; c < object->condition_count; c++)
        if (arranged[c]) {
            unsigned ways = suite_ways(&situation, &object->conditions[c]);
            one(&situation, &object->conditions[c], (unsigned)(n % ways));
            n /= ways;
        }
}

/*
 * What is asked through links, and of them, can be in millions of ways: each link in each state,
 * with each mark and each value. Of so many one in some is arranged, by a prime that none of the
 * conditions has as a factor of its ways: so each way of each condition has its turn.
 */
static unsigned long stride(const struct suite_object *object, unsigned long product)
{
    static const unsigned long primes[] = {37, 41, 43, 47, 53};
    unsigned p = 0;
    bool through = false;
    for (unsigned c = 0; c < object->condition_count; c++)
        through |= arranged[c] && suite_asks_through_link(&object->conditions[c]);
    while (p + 1 < sizeof primes / sizeof *primes && product % primes[p] == 0)
        p++;
    return through && product > MANY ? primes[p] : 1;
}

/*
 * All ways of the conditions that the pair names, with each other. Those it does not name are
 * arranged in one way after the other before, which must not matter.
 */
static void every_situation(unsigned number, unsigned first, unsigned count)
{
    const struct suite_object *object = &suite->objects[number];
    unsigned long product = 1;
    suite_clear(&situation, suite, number);
    find_arranged(object, first, count);
    for (unsigned c = 0; c < object->condition_count; c++)
        if (arranged[c])
            product *= suite_ways(&situation, &object->conditions[c]);
    unsigned long each = stride(object, product);
    for (unsigned long n = 0; n < product; n += each) {
        suite_clear(&situation, suite, number);
        situation.operation = operation_of(number, &object->arms[first]);
        suite_give_sources(&situation);
        arrange_others(object);
        situation.led = 0;
        arrange(object, n, suite_set_apart);
        arrange(object, n, suite_arrange);
        step(number, first);
    }
}

static unsigned arms_of_pair(const struct suite_object *object, unsigned first)
{
    const struct suite_arm *arms = object->arms;
    unsigned count = 1;
    while (first + count < object->arm_count &&
           strcmp(arms[first + count].state, arms[first].state) == 0 &&
           strcmp(arms[first + count].event, arms[first].event) == 0)
        count++;
    return count;
}

/* ---- The tests ------------------------ */

START_TEST(tables_name_what_the_specs_name)
{
    const struct flue_spec *spec = suite->spec;
    ck_assert_uint_eq(spec->kind_count, suite->object_count);
    ck_assert_uint_eq(spec->operation_count + FLUE_EVENT_OPERATION, suite->event_count);
    for (unsigned e = FLUE_EVENT_OPERATION; e < suite->event_count; e++)
        ck_assert_str_eq(spec->operations[e - FLUE_EVENT_OPERATION].name, suite->events[e]);
    for (unsigned k = 0; k < spec->kind_count; k++) {
        const struct suite_object *object = &suite->objects[k];
        const struct flue_kind *kind = &spec->kinds[k];
        ck_assert_str_eq(kind->name, object->name);
        ck_assert_uint_eq(kind->state_count, object->state_count);
        ck_assert_uint_eq(kind->event_count, object->event_count);
        for (unsigned e = 0; e < object->event_count; e++)
            ck_assert_str_eq(kind->events[e].name, object->events[e]);
        ck_assert_str_eq(kind->states[kind->start].name, object->states[0].name);
        for (unsigned s = 0; s < object->state_count; s++)
            ck_assert_msg(suite_state_number(kind, object->states[s].name) != 0, "%s has no %s",
                          object->name, object->states[s].name);
    }
}
END_TEST

START_TEST(every_transition_of_an_object)
{
    const struct suite_object *object = &suite->objects[_i];
    for (unsigned first = 0; first < object->arm_count;) {
        unsigned count = arms_of_pair(object, first);
        every_situation((unsigned)_i, first, count);
        first += count;
    }
    ck_assert_msg(wrong == 0, "%lu steps are not as the specs say", wrong);
}
END_TEST

/* The runtime asserts that a step has both a state and an arm: nothing else may give both. */
START_TEST(what_is_no_event_leads_nowhere)
{
    const struct flue_kind *kind = &suite->spec->kinds[_i];
    struct flue_guard_context q;
    suite_clear(&situation, suite, (unsigned)_i);
    suite_set_up(&situation, &world, &q);
    for (unsigned state = 0; state <= kind->state_count; state++)
        for (unsigned letter = 0; letter < 256; letter++) {
            uint16_t arm = 0;
            bool event = letter != FLUE_EVENT_NONE && letter < suite->event_count;
            event |= letter >= FLUE_EVENT_DEVICE &&
                     letter < (unsigned)FLUE_EVENT_DEVICE + kind->event_count;
            event |= suite->decides && (letter == FLUE_EVENT_COMMIT || letter == FLUE_EVENT_ABORT);
            if (event && state != 0)
                continue;
            uint8_t next = kind->step(&q, (uint8_t)state, (uint8_t)letter, &arm);
            ck_assert_msg(next == 0 || arm == 0, "%s, state %u: letter %u leads to %u by arm %u",
                          kind->name, state, letter, next, arm);
        }
}
END_TEST

/* Byte by byte, the lowest first, as the host's compiler lays it out. */
START_TEST(bit_fields_lie_where_the_host_has_them)
{
    static unsigned char structure[UINT16_MAX], expected[UINT16_MAX];
    for (unsigned i = 0; i < suite->bits_count; i++) {
        const struct suite_bits *b = &suite->bits[i];
        memset(structure, 0, b->bytes);
        memset(expected, 0, b->bytes);
        for (unsigned byte = 0; byte < 8 && b->at + byte < b->bytes; byte++)
            expected[b->at + byte] = (unsigned char)(b->mask >> 8 * byte);
        b->fill(structure);
        ck_assert_msg(memcmp(structure, expected, b->bytes) == 0, "%s lies elsewhere", b->name);
    }
}
END_TEST

/* ---- Coverage ------------------------ */

static unsigned report_object(unsigned number, unsigned *all)
{
    const struct suite_object *object = &suite->objects[number];
    unsigned done = 0, total = 0;
    for (unsigned i = 0; i < object->arm_count; i++) {
        const struct suite_arm *arm = &object->arms[i];
        if (goes_nowhere(arm)) {
            impossible += hit[number][i];
            continue;
        }
        total++;
        done += hit[number][i];
        refused += hit[number][i] && strncmp(arm->text, "refuse", 6) == 0;
        refused += hit[number][i] && strstr(arm->text, ": refuse") != NULL;
        if (!hit[number][i])
            printf("missing: %s:%u: %s %s, %s: %s\n", arm->by_default ? suite->file : object->file,
                   arm->line, object->name, arm->state, arm->event, arm->text);
    }
    printf("%s: %u of %u transitions hit\n", object->name, done, total);
    *all += total;
    return done;
}

static bool report(void)
{
    unsigned all = 0, done = 0;
    for (unsigned k = 0; k < suite->object_count; k++)
        done += report_object(k, &all);
    printf("%s: %u of %u transitions hit, %.1f%%; %lu of them refuse; %lu impossible pairs asked"
           " for; %lu steps\n",
           suite->spec->name, done, all, all ? 100.0 * done / all : 100.0, refused, impossible,
           steps);
    return done == all;
}

/* In one process, so that what was hit is known in the end. */
int flue_suite_main(const struct flue_suite *given)
{
    Suite *checks = suite_create(given->spec->name);
    TCase *cases = tcase_create("transitions");
    int kinds = (int)given->object_count;
    suite = given;
    for (unsigned k = 0; k < suite->object_count; k++)
        hit[k] = calloc(suite->objects[k].arm_count, sizeof **hit);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, tables_name_what_the_specs_name);
    tcase_add_test(cases, bit_fields_lie_where_the_host_has_them);
    tcase_add_loop_test(cases, every_transition_of_an_object, 0, kinds);
    tcase_add_loop_test(cases, what_is_no_event_leads_nowhere, 0, kinds);
    suite_add_tcase(checks, cases);
    SRunner *runner = srunner_create(checks);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    bool complete = report();
    srunner_free(runner);
    for (unsigned k = 0; k < suite->object_count; k++)
        free(hit[k]);
    return failed || !complete ? EXIT_FAILURE : EXIT_SUCCESS;
}
