/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many histories, in several processes; a failing one is made smaller, and shown. What the program
 * takes stands in `usage`.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "flue/recorder.h"
#include "history.h"
#include "number.h"

enum { MOST_JOBS = 64, LEAST = 50, PRINT_AFTER = 2 };

static const char usage[] =
    "usage: %s [--seeds N] [--first N] [--seconds S] [--jobs N] [--arms] [--json]\n"
    "       %s --seed N [--trace] [--trace-file FILE] [--shrink FILE]\n"
    "       %s --history FILE [--trace] [--trace-file FILE]\n"
    "  --seeds N    so many histories, at least 1; 1000 if nothing is said\n"
    "  --first N    the seed to begin with; 0 if nothing is said\n"
    "  --seconds S  no more are begun after so long, at least 1, but for the first 50\n"
    "  --jobs N     processes at a time, up to 64\n"
    "  --arms       say at the end how many arms of the machines were tried\n"
    "  --seed N     only this one; if it fails: the fewest decisions that do, as a timeline\n"
    "  --trace      with --seed: the whole history as a timeline\n"
    "  --trace-file FILE  with --seed: what the runtime did, for `flue trace`\n"
    "  --shrink FILE  with --seed: if it fails, the fewest decisions go to this file\n"
    "  --history FILE  what such a file says, as it is or edited\n"
    "  --json       the result as JSON\n"
    "Exit status: 0 all is well, 1 a history fails, 2 wrong usage.\n";

struct wish {
    uint64_t seeds, first, seconds, jobs, seed;
    bool one, trace, arms, json;
    const char *trace_file, *shrink, *history;
};

/* Shared by the processes: where each is, and what it saw. */
struct progress {
    struct job {
        pid_t process;
        uint64_t seed, done, good, completed, checked, elements;
        char why[400]; /* it failed */
    } of[MOST_JOBS];
    uint8_t met[ARMS]; /* nobody ever takes a 1 away */
};

/* Words that have no number behind them, and files. */
static bool takes(struct wish *w, const char *word, const char *next, int *at)
{
    const struct {
        const char *name;
        bool *to;
    } flags[] = {{"--trace", &w->trace}, {"--arms", &w->arms}, {"--json", &w->json}};
    const struct {
        const char *name, **to;
    } files[] = {
        {"--trace-file", &w->trace_file}, {"--shrink", &w->shrink}, {"--history", &w->history}};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(flags[i].name, word) == 0)
            return *flags[i].to = true;
        if (next && strcmp(files[i].name, word) == 0) {
            *files[i].to = next;
            ++*at;
            return true;
        }
    }
    return false;
}

/* What is about one history, and what about many. */
static bool fits(const struct wish *w)
{
    const bool of_one = w->trace || w->trace_file || w->shrink;
    return !(w->one && w->history) && (w->one || w->history || !of_one) && !(w->json && w->trace) &&
           !(w->shrink && (w->trace || w->history));
}

static bool wrong_usage(const char *program)
{
    fprintf(stderr, usage, program, program, program);
    return false;
}

static bool words(int count, char **word, struct wish *w)
{
    for (int i = 1; i < count; i++) {
        if (takes(w, word[i], i + 1 < count ? word[i + 1] : NULL, &i))
            continue;
        const struct {
            const char *name;
            uint64_t *to, least, most;
        } numbers[] = {
            {"--seeds", &w->seeds, 1, NUMBER_MANY}, {"--first", &w->first, 0, UINT64_MAX},
            {"--jobs", &w->jobs, 1, MOST_JOBS},     {"--seconds", &w->seconds, 1, NUMBER_MANY},
            {"--seed", &w->seed, 0, UINT64_MAX},    {NULL, NULL, 0, 0}};
        unsigned n = 0;
        while (numbers[n].name && strcmp(numbers[n].name, word[i]) != 0)
            n++;
        if (!numbers[n].name || i + 1 == count)
            return wrong_usage(word[0]);
        if (!number_given(word[i], word[i + 1], numbers[n].least, numbers[n].most, numbers[n].to))
            return false;
        i++;
        w->one |= n == 4;
    }
    return fits(w) || wrong_usage(word[0]);
}

/* In a process of its own: what an assertion of the runtime ends is a failure like any other. */
static bool plays(const struct simulate_target *target, const struct plan *plan)
{
    static struct history h;
    int status = EXIT_FAILURE;
    fflush(NULL);
    const pid_t process = fork();
    if (process == 0) {
        setvbuf(stdout, NULL, _IOLBF, 0); /* the timeline is whole where it ends */
        exit(play(target, plan, &h) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (process < 0 || waitpid(process, &status, 0) != process)
        return false;
    if (WIFSIGNALED(status))
        printf("seed %" PRIu64
               ": ended by signal %d (%s): an assertion of the runtime, or memory\n",
               plan->seed, WTERMSIG(status), strsignal(WTERMSIG(status)));
    return status == 0;
}

/* ---- Recorded ------------------------ */

enum { RECORDS = 1 << 16 };

/* Shared with the process that plays: what that kept is there when it has been ended. */
struct recording {
    struct flue_recorder recorder;
    struct flue_record records[RECORDS];
};

static struct recording *recording_of(const struct wish *w)
{
    if (!w->trace_file)
        return NULL;
    struct recording *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? NULL : shared;
}

/* The same as plays(); what was kept of the time before is forgotten. */
static bool plays_recorded(const struct simulate_target *target, struct plan plan,
                           struct recording *shared)
{
    if (shared && flue_recorder_init(&shared->recorder, shared->records, sizeof shared->records,
                                     NULL, NULL, TICKS_PER_SECOND))
        plan.recorder = &shared->recorder;
    return plays(target, &plan);
}

/* ---- One ------------------------ */

static unsigned left_of(const struct plan *plan)
{
    unsigned left = 0;
    for (unsigned i = 0; i < plan->actions; i++)
        left += !plan->of[i].out;
    return left;
}

static int show(const struct simulate_target *target, const struct wish *w, struct plan plan,
                struct recording *shared)
{
    const unsigned trials = shrink(target, &plan), left = left_of(&plan);
    if (w->shrink && !plan_write(target, &plan, w->shrink)) {
        fprintf(stderr, "%s: cannot be written\n", w->shrink);
        return 2;
    }
    if (w->json) {
        printf("{\"target\": \"%s\", \"seed\": %" PRIu64 ", \"good\": false, \"decisions\": %u,"
               " \"needed\": %u, \"trials\": %u}\n",
               target->spec->name, plan.seed, plan.actions, left, trials);
        return EXIT_FAILURE;
    }
    printf("%u of its %u decisions are needed (%u trials); faults %x, events %d, resets %d,"
           " hostile %d\n",
           left, plan.actions, trials, (unsigned)plan.faults, plan.events, plan.resets,
           plan.hostile);
    plan.trace = true;
    return plays_recorded(target, plan, shared) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool planned(const struct simulate_target *target, const struct wish *w, struct plan *plan)
{
    if (!w->history) {
        *plan = plan_of(w->seed, w->trace);
        return true;
    }
    FILE *in = fopen(w->history, "r");
    const unsigned line = in ? plan_read(target, plan, in) : 0;
    if (!in)
        fprintf(stderr, "%s: cannot be read\n", w->history);
    else if (line)
        fprintf(stderr, "%s:%u: not a line of a history of %s\n", w->history, line,
                target->spec->name);
    plan->trace = w->trace;
    return in && fclose(in) == 0 && !line;
}

static int one(const struct simulate_target *target, const struct wish *w)
{
    struct recording *shared = recording_of(w);
    static struct plan plan;
    if (!planned(target, w, &plan))
        return 2;
    int status = plays_recorded(target, plan, shared) ? EXIT_SUCCESS : EXIT_FAILURE;
    if (status && !w->trace)
        status = show(target, w, plan, shared);
    else if (w->json)
        printf("{\"target\": \"%s\", \"seed\": %" PRIu64 ", \"good\": true, \"decisions\": %u}\n",
               target->spec->name, plan.seed, left_of(&plan));
    if (!w->trace_file)
        return status;
    const struct flue_recorder *recorder = shared ? &shared->recorder : NULL;
    return record_write(recorder, target->spec, w->trace_file) ? status : 2;
}

/* ---- Many ------------------------ */

/* Time is a bound, but for a least number: a busy machine is slow, and not red. */
static int work(const struct simulate_target *target, const struct wish *w, unsigned number,
                struct progress *shared)
{
    static struct history h;
    struct job *job = &shared->of[number];
    const uint64_t until = seconds_now() + w->seconds;
    for (uint64_t i = number; i < w->seeds; i += w->jobs) {
        if (w->seconds && i >= LEAST && seconds_now() >= until)
            break;
        struct plan plan = plan_of(w->first + i, false);
        plan.met = shared->met;
        job->seed = plan.seed;
        if (!play(target, &plan, &h)) {
            memcpy(job->why, h.why, sizeof job->why);
            return EXIT_FAILURE;
        }
        job->done++;
        job->good += h.good;
        job->completed += h.completed;
        job->checked += h.checked;
        job->elements += h.elements_back;
    }
    return EXIT_SUCCESS;
}

static struct job sum_of(const struct wish *w, const struct progress *shared)
{
    struct job sum = {0};
    for (unsigned j = 0; j < w->jobs; j++) {
        sum.done += shared->of[j].done;
        sum.good += shared->of[j].good;
        sum.completed += shared->of[j].completed;
        sum.checked += shared->of[j].checked;
        sum.elements += shared->of[j].elements;
    }
    return sum;
}

/* On a terminal one line that is written anew; in a log lines, each after twice the time. */
static void print_progress(const struct simulate_target *target, const struct wish *w,
                           const struct progress *shared, uint64_t passed)
{
    const bool terminal = progress_redraws();
    const struct job sum = sum_of(w, shared);
    fprintf(stderr, "%s%s: %" PRIu64 " of %" PRIu64 " histories, %" PRIu64 " s%s",
            terminal ? "\r" : "", target->spec->name, sum.done, w->seeds, passed,
            terminal ? "" : "\n");
}

struct arms {
    unsigned all, tried;
};

static struct arms arms_of(const struct flue_spec *spec, const uint8_t *met)
{
    struct arms arms = {0};
    for (unsigned k = 0; k < spec->kind_count; k++)
        for (unsigned a = 1; a < spec->kinds[k].arm_count; a++, arms.all++)
            arms.tried += met[story_arm(spec, k, a)];
    return arms;
}

/* Histories in which no operation of an object went well would show nothing. */
static bool shown(const struct job *sum, const struct job *failed)
{
    return !failed && sum->good;
}

/* As a string of JSON. */
static void print_quoted(const char *text)
{
    putchar('"');
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text < ' ')
            printf("\\u%04x", (unsigned)*text);
        else
            putchar(*text);
    putchar('"');
}

static void print_json(const struct simulate_target *target, const struct job *sum,
                       const struct arms *arms, const struct job *failed)
{
    printf("{\"target\": \"%s\", \"histories\": %" PRIu64 ", \"completed\": %" PRIu64
           ", \"good_operations\": %" PRIu64 ", \"places_compared\": %" PRIu64
           ", \"elements_back\": %" PRIu64 ", \"arms\": %u, \"arms_tried\": %u, \"good\": %s",
           target->spec->name, sum->done, sum->completed, sum->good, sum->checked, sum->elements,
           arms->all, arms->tried, shown(sum, failed) ? "true" : "false");
    if (failed) {
        printf(", \"seed\": %" PRIu64 ", \"why\": ", failed->seed);
        print_quoted(failed->why[0] ? failed->why : "ended by a signal");
    }
    printf("}\n");
}

static int report(const struct simulate_target *target, const struct wish *w,
                  const struct progress *shared, const struct job *failed)
{
    const struct job sum = sum_of(w, shared);
    const struct arms arms = arms_of(target->spec, shared->met);
    const bool good = shown(&sum, failed);
    if (w->json) {
        print_json(target, &sum, &arms, failed);
        return good ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    printf("%s: %" PRIu64 " histories, %" PRIu64 " requests completed, %" PRIu64
           " operations of objects good, %" PRIu64 " places compared",
           target->spec->name, sum.done, sum.completed, sum.good, sum.checked);
    if (target->transfers)
        printf(", %" PRIu64 " elements of transfers back", sum.elements);
    printf("\n");
    if (w->arms)
        printf("%s: %u of %u arms tried\n", target->spec->name, arms.tried, arms.all);
    if (failed)
        printf("%s: seed %" PRIu64 " fails; --seed %" PRIu64 " shows how\n", target->spec->name,
               failed->seed, failed->seed);
    else if (!good)
        printf("%s: no operation went well, so nothing is shown; play more\n", target->spec->name);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Waits for all of them; ends them when one has failed, and returns that one. */
static struct job *await(const struct simulate_target *target, const struct wish *w,
                         struct progress *shared)
{
    struct job *failed = NULL;
    const uint64_t since = seconds_now();
    uint64_t next = PRINT_AFTER;
    for (unsigned left = (unsigned)w->jobs; left;) {
        int status = 0;
        const uint64_t passed = seconds_now() - since;
        if (passed >= next) {
            print_progress(target, w, shared, passed);
            next = progress_redraws() ? passed + PRINT_AFTER : 2 * next;
        }
        const pid_t ended = waitpid(-1, &status, WNOHANG);
        for (unsigned j = 0; ended > 0 && j < w->jobs; j++) {
            struct job *job = &shared->of[j];
            if (job->process == ended) {
                left--;
                job->process = 0;
                failed = status && !failed ? job : failed;
            } else if (status && job->process)
                kill(job->process, SIGTERM);
        }
        if (ended < 0)
            break;
        if (ended == 0)
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    if (progress_redraws() && next != PRINT_AFTER)
        fprintf(stderr, "\n");
    return failed;
}

static int many(const struct simulate_target *target, const struct wish *w)
{
    struct progress *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    fflush(NULL);
    for (unsigned j = 0; j < w->jobs; j++) {
        const pid_t process = fork();
        if (process == 0)
            exit(work(target, w, j, shared));
        if (process < 0)
            return 2;
        shared->of[j].process = process; /* by the parent only: the child would write 0 */
    }
    return report(target, w, shared, await(target, w, shared));
}

int simulate_main(const struct simulate_target *target, int count, char **word)
{
    struct wish w = {.seeds = 1000, .jobs = 1};
    for (int i = 1; i < count; i++)
        if (strcmp(word[i], "--help") == 0 || strcmp(word[i], "-h") == 0) {
            printf(usage, word[0], word[0], word[0]);
            return EXIT_SUCCESS;
        }
    if (!words(count, word, &w))
        return 2;
    return w.one || w.history ? one(target, &w) : many(target, &w);
}
