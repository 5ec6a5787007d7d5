/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fewer decisions, and smaller ones, as long as the history fails. Each trial is a process of its
 * own, since the way to fail may be a trap or a report of a sanitizer.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "simulation.h"

enum { SECONDS_A_TRIAL = 10 };

static uint32_t trials;

static bool fails(const struct history *h)
{
    static struct play p;
    trials++;
    fflush(NULL); /* else each trial writes it once more */
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
            _exit(0);
        alarm(SECONDS_A_TRIAL);
        _exit(play(&p, h, false) ? 0 : 1);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

static struct history without(const struct history *h, uint32_t from, uint32_t count)
{
    struct history less = *h;
    memmove(&less.of[from], &less.of[from + count], (h->count - from - count) * sizeof(less.of[0]));
    less.count -= count;
    return less;
}

/* Halves, quarters and so on down to single decisions. True if any could be left out. */
static bool leave_out(struct history *h)
{
    bool shorter = false;
    for (uint32_t size = h->count / 2; size > 0; size /= 2) {
        for (uint32_t at = h->count; at > size;) {
            at = at > size ? at - size : 1;
            struct history less = without(h, at, at + size <= h->count ? size : h->count - at);
            if (less.count < h->count && fails(&less)) {
                *h = less;
                shorter = true;
            }
            at = at < h->count ? at : h->count;
        }
    }
    return shorter;
}

/* Trees of fewer nodes: `b` of a submission is how many there may be. */
static void make_smaller(struct history *h)
{
    for (uint32_t i = 1; i < h->count; i++) {
        struct decision *d = &h->of[i];
        bool grows = d->what == SUBMIT || d->what == ECHO || d->what == CROWD;
        for (uint32_t size = 0; grows && size < d->b; size = 2 * size + 1) {
            struct history smaller = *h;
            smaller.of[i].b = size;
            if (fails(&smaller)) {
                *h = smaller;
                break;
            }
        }
    }
}

uint32_t shrink(struct history *h)
{
    trials = 0;
    if (!fails(h))
        return trials;
    while (leave_out(h))
        ;
    make_smaller(h);
    while (leave_out(h))
        ;
    return trials;
}
