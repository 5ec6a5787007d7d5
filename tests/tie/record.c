/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays histories of a spec and writes down the lives of all objects in them, and what happens to
 * slots.
 *
 *     record --seeds 2000 --from 1 --out FILE
 *
 * What a history itself would find wrong is not looked at, or ends it: a mutant of the runtime goes
 * on, so that the models can be asked about it. Where such a runtime stops itself it ends, too.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "history.h"
#include "lives.h"
#include "number.h"
#include "slots.h"

enum { SECONDS_A_HISTORY = 20 };

static struct history history;
static sigjmp_buf out_of_it;
static uint64_t stopped;

static void watch(const struct flue_target *target, const struct flue_trace *step)
{
    slots_watch(target, step);
    lives_watch(target, step);
}

/* What comes from the driver, by the linker's --wrap. */
bool __real_flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result);
bool __wrap_flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result);
bool __real_flue_command_done_with(struct flue_target *t, flue_cookie cookie, uint8_t result,
                                   const void *data, size_t bytes);
bool __wrap_flue_command_done_with(struct flue_target *t, flue_cookie cookie, uint8_t result,
                                   const void *data, size_t bytes);
size_t __real_device_reap(void *adapter, struct flue_answer *answers, size_t room);
size_t __wrap_device_reap(void *adapter, struct flue_answer *answers, size_t room);

bool __wrap_flue_command_done(struct flue_target *t, flue_cookie cookie, uint8_t result)
{
    struct slot_look before = slots_look(t, cookie);
    bool taken = __real_flue_command_done(t, cookie, result);
    slots_answer(t, cookie, before, taken);
    return taken;
}

bool __wrap_flue_command_done_with(struct flue_target *t, flue_cookie cookie, uint8_t result,
                                   const void *data, size_t bytes)
{
    struct slot_look before = slots_look(t, cookie);
    bool taken = __real_flue_command_done_with(t, cookie, result, data, bytes);
    slots_answer(t, cookie, before, taken);
    return taken;
}

size_t __wrap_device_reap(void *adapter, struct flue_answer *answers, size_t room)
{
    size_t count = __real_device_reap(adapter, answers, room);
    slots_reaped(&((struct flue_device_adapter *)adapter)->target, answers, count);
    return count;
}

static void stop(int signal)
{
    siglongjmp(out_of_it, signal);
}

static const char *option(int count, char **arguments, const char *name, const char *otherwise)
{
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(arguments[i], name) == 0)
            return arguments[i + 1];
    }
    return otherwise;
}

static void play_one(const struct simulate_target *target, uint64_t seed)
{
    struct plan plan = plan_of(seed, false);
    plan.traced = plan.blind = true;
    if (sigsetjmp(out_of_it, 1) != 0) {
        stopped++;
        return;
    }
    alarm(SECONDS_A_HISTORY);
    play(target, &plan, &history);
}

int simulate_main(const struct simulate_target *target, int count, char **arguments)
{
    uint64_t from, seeds;
    if (!number_given("--from", option(count, arguments, "--from", "1"), 0, NUMBER_MANY, &from) ||
        !number_given("--seeds", option(count, arguments, "--seeds", "100"), 1, NUMBER_MANY,
                      &seeds))
        return 2;
    FILE *out = fopen(option(count, arguments, "--out", "/dev/stdout"), "w");
    if (!out)
        return 2;
    static const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGALRM};
    for (unsigned int i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], stop);
    story_watch = watch;
    for (uint64_t seed = from; seed < from + seeds; seed++) {
        slots_begin();
        play_one(target, seed);
        lives_end();
    }
    lives_print(out, target->spec);
    slots_print(out);
    fclose(out);
    fprintf(stderr,
            "%" PRIu64 " histories, %" PRIu64 " stopped; %" PRIu64 " lives, %" PRIu64
            " words, %" PRIu64 " different; %" PRIu64 " cut, %" PRIu64
            " of them where more than %d requests met\n",
            seeds, stopped, lives_told.lives, lives_told.words, lives_told.kept, lives_told.cut,
            lives_told.full, LIFE_REQUESTS);
    return 0;
}
