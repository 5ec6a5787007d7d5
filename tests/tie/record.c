/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays histories of the simulation and writes down the lives of all objects in them.
 *
 *     record --seeds 2000 --from 1 --out FILE
 *
 * What the simulation itself finds wrong is overlooked: a runtime with a bug on purpose goes on, so
 * that the models can be asked about it. Where such a runtime stops itself the history ends.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lives.h"
#include "simulation.h"

enum { SECONDS_A_HISTORY = 20 };

static struct play current;
static struct history history;
static sigjmp_buf out_of_it;
static uint64_t stopped;

static void watch(void *context, const struct flue_trace *step)
{
    lives_watch(target_of(context), step);
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

static void play_one(uint64_t seed)
{
    history_make(&history, seed);
    if (sigsetjmp(out_of_it, 1) != 0) {
        stopped++;
        return;
    }
    alarm(SECONDS_A_HISTORY);
    play(&current, &history, false);
}

int main(int count, char **arguments)
{
    uint64_t from = strtoull(option(count, arguments, "--from", "1"), NULL, 0);
    uint64_t seeds = strtoull(option(count, arguments, "--seeds", "100"), NULL, 0);
    FILE *out = fopen(option(count, arguments, "--out", "/dev/stdout"), "w");
    if (!out)
        return 2;
    static const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGALRM};
    for (unsigned int i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], stop);
    play_watch = watch;
    play_forgives = true;
    for (uint64_t seed = from; seed < from + seeds; seed++) {
        play_one(seed);
        lives_end();
    }
    lives_print(out, &chimney_spec);
    fclose(out);
    fprintf(stderr,
            "%" PRIu64 " histories, %" PRIu64 " stopped; %" PRIu64 " lives, %" PRIu64
            " words, %" PRIu64 " different; %" PRIu64 " cut, %" PRIu64
            " of them where more than %d requests met\n",
            seeds, stopped, lives_told.lives, lives_told.words, lives_told.kept, lives_told.cut,
            lives_told.full, LIFE_REQUESTS);
    return 0;
}
