/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fewer decisions, and smaller ones, as long as the history fails. Each trial is a process of its
 * own, since the way to fail may be a trap or a report of a sanitizer.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "history.h"

enum { SECONDS_A_TRIAL = 10 };

static unsigned trials;
static uint64_t since, shown; /* seconds */

/* Each second but the first, on a terminal. */
static void print_progress(void)
{
    const uint64_t now = seconds_now();
    if (!progress_redraws() || now <= shown)
        return;
    fprintf(stderr, "\r\033[Kcut to what is needed: %u trials, %u s", trials,
            (unsigned)(now - since));
    shown = now;
}

static bool fails(const struct simulate_target *target, const struct plan *plan)
{
    static struct history h;
    int status = 0;
    if (trials++)
        print_progress();
    fflush(NULL); /* else each trial writes it once more */
    const pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
            _exit(0);
        alarm(SECONDS_A_TRIAL);
        _exit(play(target, plan, &h) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

static bool try(const struct simulate_target *target, struct plan *plan, const struct plan *less)
{
    const bool is = fails(target, less);
    if (is)
        *plan = *less;
    return is;
}

/* What is not needed at all: sorts of faults, events, resets, hostile trees. */
static void leave_out_sorts(const struct simulate_target *target, struct plan *plan)
{
    for (unsigned f = 1; f < FLUE_DEVICE_FAULTS; f++) {
        struct plan less = *plan;
        less.faults &= ~(UINT32_C(1) << f);
        if (less.faults != plan->faults)
            try(target, plan, &less);
    }
    for (unsigned i = 0; i < 3; i++) {
        struct plan less = *plan;
        less.events &= i != 0;
        less.resets &= i != 1;
        less.hostile &= i != 2;
        try(target, plan, &less);
    }
}

/* What a step of shrinking does to a decision; false: it is so already. */
static bool left_out(struct decision *d)
{
    const bool was = d->out;
    d->out = true;
    return !was;
}

static bool made_faultless(struct decision *d)
{
    const bool was = d->faultless || d->out;
    d->faultless = true;
    return !was;
}

static bool of_fewer_nodes(struct decision *d)
{
    if (d->out || d->nodes <= 1)
        return false;
    d->nodes = (uint16_t)(d->nodes / 2);
    return true;
}

/* Halves, quarters and so on down to single decisions. True if any of them could be changed. */
static bool change(const struct simulate_target *target, struct plan *plan,
                   bool (*how)(struct decision *d))
{
    bool changed = false;
    for (unsigned size = plan->actions / 2; size; size /= 2)
        for (unsigned at = 0; at < plan->actions; at += size) {
            struct plan less = *plan;
            bool other = false;
            for (unsigned i = at; i < at + size && i < plan->actions; i++)
                other |= how(&less.of[i]);
            changed |= other && try(target, plan, &less);
        }
    return changed;
}

static void faultless_rests(const struct simulate_target *target, struct plan *plan)
{
    struct plan less = *plan;
    less.faultless_rests = UINT32_MAX;
    if (try(target, plan, &less))
        return;
    for (unsigned i = 0; i < 32; i++) {
        less = *plan;
        less.faultless_rests |= UINT32_C(1) << i;
        try(target, plan, &less);
    }
}

/* The number of trials; 0: it does not fail. */
unsigned shrink(const struct simulate_target *target, struct plan *plan)
{
    trials = 0;
    shown = (since = seconds_now()) + 1;
    if (!fails(target, plan))
        return 0;
    leave_out_sorts(target, plan);
    faultless_rests(target, plan);
    while (change(target, plan, left_out))
        ;
    change(target, plan, made_faultless);
    while (change(target, plan, of_fewer_nodes))
        ;
    while (change(target, plan, left_out))
        ;
    if (shown > since + 1)
        fprintf(stderr, "\r\033[K");
    return trials;
}
