/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FLUE_ASSERT_RUNS_IN() is asked where the specs give a context: when an operation is asked for, an
 * answer given, an event told; when a command is issued and a request completed. The generated code
 * is compiled once more for that, with contexts.h before it.
 */
#include "suite.h"
#include "world.h"

int level;
unsigned asserted, violated;

static struct chimney_node *update; /* under way, its command is not answered */

static void setup(void)
{
    level = DISPATCH_LEVEL;
    world_setup();
    ck_assert_uint_eq(violated, 0);
    update = mac_update(w, 0, 7);
}

/* The assertions that failed since the last time, of those that were made at all. */
static unsigned failed(void)
{
    const unsigned count = violated;
    ck_assert_uint_gt(asserted, 0);
    asserted = violated = 0;
    return count;
}

static void submit(void)
{
    chimney_update(w->s, update);
}

static void poll_all(void)
{
    while (flue_poll(target(), 64))
        ;
}

static bool answer(void)
{
    return chimney_done(&w->s->target, w->s->commands[0].cookie, CHIMNEY_RESULT_OK);
}

/* One step after the other, each of them at the level of a device once. */
static void story(int at_submit, int at_poll, int at_answer, int at_end)
{
    level = at_submit;
    submit();
    level = at_poll;
    poll_all();
    level = at_answer;
    ck_assert(answer());
    level = at_end;
    poll_all();
    level = DISPATCH_LEVEL;
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(update, CHIMNEY_STATUS_SUCCESS);
}

START_TEST(all_is_well_up_to_dispatch_level)
{
    story(PASSIVE_LEVEL, DISPATCH_LEVEL, PASSIVE_LEVEL, DISPATCH_LEVEL);
    ck_assert_uint_eq(failed(), 0);
}
END_TEST

START_TEST(operation_above)
{
    story(DEVICE_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL);
    ck_assert_uint_eq(failed(), 1);
}
END_TEST

START_TEST(command_above)
{
    story(DISPATCH_LEVEL, DEVICE_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL);
    ck_assert_uint_ge(failed(), 1);
}
END_TEST

START_TEST(answer_above)
{
    story(DISPATCH_LEVEL, DISPATCH_LEVEL, DEVICE_LEVEL, DISPATCH_LEVEL);
    ck_assert_uint_eq(failed(), 1);
}
END_TEST

START_TEST(completion_above)
{
    story(DISPATCH_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL, DEVICE_LEVEL);
    ck_assert_uint_ge(failed(), 1);
}
END_TEST

START_TEST(event_above)
{
    level = DEVICE_LEVEL;
    chimney_upload_all(&w->s->target);
    level = DISPATCH_LEVEL;
    ck_assert_uint_eq(failed(), 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("contexts", setup, world_teardown, all_is_well_up_to_dispatch_level,
                     operation_above, command_above, answer_above, completion_above, event_above);
}
