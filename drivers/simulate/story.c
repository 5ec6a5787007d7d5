/* SPDX-License-Identifier: BSD-2-Clause */
/* Chance from a seed, failures, and what a history tells of itself. */
#include <inttypes.h>
#include <stdarg.h>

#include "history.h"

/* splitmix64, as the device has it, from another seed. */
uint64_t chance(struct history *h)
{
    uint64_t z = h->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t below(struct history *h, uint32_t limit)
{
    return limit ? (uint32_t)((chance(h) >> 32) % limit) : 0;
}

bool perhaps(struct history *h, uint32_t percent)
{
    return below(h, 100) < percent;
}

void fail(struct history *h, const char *format, ...)
{
    va_list arguments;
    fflush(stdout); /* the timeline, of which this is the end */
    va_start(arguments, format);
    vsnprintf(h->why, sizeof h->why, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s: seed %" PRIu64 ", moment %" PRIu64 ": %s\n", h->target->spec->name,
            h->plan.seed, h->moment, h->why);
    longjmp(h->failed, 1);
}

void say(struct history *h, const char *format, ...)
{
    va_list arguments;
    if (!h->plan.trace)
        return;
    va_start(arguments, format);
    printf("%5" PRIu64 "  ", h->moment);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
}

void story_device(void *context, const char *text)
{
    say(context, "        %s", text);
}

/* The number of an arm among those of all machines; a machine's first is that of nothing. */
unsigned story_arm(const struct flue_spec *spec, unsigned kind, unsigned arm)
{
    for (unsigned k = 0; k < kind; k++)
        arm += spec->kinds[k].arm_count;
    return arm < ARMS ? arm : 0;
}

void (*story_watch)(const struct flue_target *target, const struct flue_trace *step);

void story_trace(void *context, const struct flue_trace *step)
{
    char text[200];
    struct history *h = context;
    if (story_watch)
        story_watch(&h->nic->target, step);
    if (step->what == FLUE_TRACE_UNSENT &&
        h->target->device->kinds[step->kind].commands[step->command].hardware != FLUE_DEVICE_KEEPS)
        flue_device_unsent(h->nic->device, step->kind, step->index);
    if (step->what == FLUE_TRACE_STEP && h->plan.met)
        h->plan.met[story_arm(step->spec, step->kind, step->arm)] = 1;
    if (!h->plan.trace)
        return;
    flue_trace_text(step, text, sizeof text);
    say(context, "    %s", text);
}
