/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histories by seed, several processes side by side.
 *
 *     simulate --seeds 2000 --from 1 --jobs 2   a range of seeds; the seed of a failure is printed
 *     simulate --seed 77 --trace                one of them, step by step
 *     simulate --seed 77 --shrink FILE          cut it to what is necessary, into a file
 *     simulate --history FILE --trace           what such a file says
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "simulation.h"

enum { MOST_JOBS = 256, SECONDS_A_HISTORY = 60 };

/* What a job tells of itself, in memory it shares. */
struct job {
    pid_t process;
    uint64_t seed, histories, steps, commands, completions;
    bool failed;
    char failure[600];
};

static struct job *jobs; /* shared */
static struct play current;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *option(int count, char **arguments, const char *name)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], name) == 0)
            return i + 1 < count ? arguments[i + 1] : "";
    }
    return NULL;
}

static uint64_t number(int count, char **arguments, const char *name, uint64_t otherwise)
{
    const char *text = option(count, arguments, name);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

/* ---- One history --------------------------------------------------------------------------- */

static int one_history(struct history *h, bool trace, const char *file)
{
    if (file) {
        uint32_t before = h->count, trials = shrink(h);
        FILE *out = fopen(file, "w");
        if (!out)
            return 2;
        history_print(out, h);
        fclose(out);
        printf("%u decisions of %u are necessary, after %u trials; see %s\n", h->count, before,
               trials, file);
        fflush(stdout);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(SECONDS_A_HISTORY);
    bool good = play(&current, h, trace);
    printf("%s: %" PRIu64 " steps, %" PRIu64 " completions\n", good ? "good" : current.failure,
           current.steps, current.completions);
    return good ? 0 : 1;
}

/* ---- Many ---------------------------------------------------------------------------------- */

static void run_job(struct job *job, uint64_t from, uint64_t end, uint32_t stride)
{
    static struct history h;
    for (uint64_t seed = from; seed < end; seed += stride) {
        job->seed = seed;
        history_make(&h, seed);
        alarm(SECONDS_A_HISTORY);
        bool good = play(&current, &h, false);
        job->histories++;
        job->steps += current.steps;
        job->completions += current.completions;
        if (!good) {
            memcpy(job->failure, current.failure, sizeof(job->failure));
            _exit(1);
        }
    }
    _exit(0);
}

static void print_progress(uint32_t count, uint64_t seeds, double since, const char *what)
{
    uint64_t histories = 0, steps = 0, completions = 0;
    for (uint32_t i = 0; i < count; i++) {
        histories += jobs[i].histories;
        steps += jobs[i].steps;
        completions += jobs[i].completions;
    }
    double passed = seconds() - since;
    printf("%s: %" PRIu64 " of %" PRIu64 " histories, %" PRIu64 " steps, %" PRIu64
           " completions, %.0f s, %.0f steps/s\n",
           what, histories, seeds, steps, completions, passed,
           (double)steps / (passed > 0 ? passed : 1));
    fflush(stdout);
}

/* Waits for all jobs; stops them when one has failed. Returns that one, or NULL. */
static struct job *await(uint32_t count, uint64_t seeds, double since)
{
    struct job *failed = NULL;
    double told = since;
    for (uint32_t left = count; left > 0;) {
        int status = 0;
        pid_t process = waitpid(-1, &status, WNOHANG);
        for (uint32_t i = 0; process > 0 && i < count; i++) {
            if (jobs[i].process != process)
                continue;
            left--;
            jobs[i].process = 0;
            if (status != 0 && !failed)
                failed = &jobs[i];
        }
        for (uint32_t i = 0; failed && process > 0 && i < count; i++) {
            if (jobs[i].process)
                kill(jobs[i].process, SIGTERM);
        }
        if (process == 0)
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        if (seconds() > told + 5) {
            print_progress(count, seeds, since, "so far");
            told = seconds();
        }
    }
    return failed;
}

static int report(const struct job *failed, bool shrinks)
{
    static struct history h;
    uint64_t seed = failed->seed;
    printf("seed %" PRIu64 " fails: %s\n", seed,
           failed->failure[0] ? failed->failure : "it ended in a trap, a report or by its time");
    printf("replay: ./dev simulate --seed %" PRIu64 " --trace\n", seed);
    if (!shrinks)
        return 1;
    history_make(&h, seed);
    uint32_t before = h.count, trials = shrink(&h);
    printf("%u of its %u decisions are necessary (%u trials):\n", h.count, before, trials);
    history_print(stdout, &h);
    return 1;
}

static int many(uint64_t from, uint64_t seeds, uint32_t count, bool shrinks)
{
    double since = seconds();
    fflush(stdout);
    for (uint32_t i = 0; i < count; i++) {
        pid_t process = fork();
        if (process == 0)
            run_job(&jobs[i], from + i, from + seeds, count);
        jobs[i].process = process; /* by the parent only: the child would write 0 */
    }
    const struct job *failed = await(count, seeds, since);
    print_progress(count, seeds, since, failed ? "until it failed" : "all is well");
    return failed ? report(failed, shrinks) : 0;
}

int main(int count, char **arguments)
{
    static struct history h;
    const char *file = option(count, arguments, "--history");
    bool trace = option(count, arguments, "--trace") != NULL;
    uint64_t seed = number(count, arguments, "--seed", 0);
    uint64_t job_count = number(count, arguments, "--jobs", 1);
    jobs = mmap(NULL, MOST_JOBS * sizeof(*jobs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    if (jobs == MAP_FAILED || job_count == 0 || job_count > MOST_JOBS)
        return 2;
    if (file && !history_read(&h, file)) {
        fprintf(stderr, "%s is no history\n", file);
        return 2;
    }
    if (!file && seed)
        history_make(&h, seed);
    if (h.count)
        return one_history(&h, trace, option(count, arguments, "--shrink"));
    return many(number(count, arguments, "--from", 1), number(count, arguments, "--seeds", 1000),
                (uint32_t)job_count, option(count, arguments, "--no-shrink") == NULL);
}
