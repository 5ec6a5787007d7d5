/* SPDX-License-Identifier: BSD-2-Clause */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TICKS_PER_STEP 10
#define MOST_STEPS 200000u

void story_open(struct story *s, struct flue_target *target, struct flue_device *device)
{
    *s = (struct story){.target = target, .device = device};
    flue_tick(target, s->now);
}

void story_asks(struct story *s, unsigned operation)
{
    s->asked[operation]++;
}

void story_completed(struct story *s, unsigned operation)
{
    s->completed[operation]++;
}

void story_status(struct story *s, int32_t value)
{
    const struct flue_spec *spec = s->target->spec;
    for (unsigned i = 0; i < spec->status_count; i++) {
        if (spec->statuses[i].value == value) {
            s->statuses[i]++;
            return;
        }
    }
    s->unknown_statuses++;
}

void story_told(struct story *s, uint32_t code)
{
    s->told[code < STORY_CODES ? code : 0]++;
}

uint64_t story_outstanding(const struct story *s)
{
    uint64_t left = 0;
    for (unsigned op = 0; op < s->target->spec->operation_count; op++)
        left += s->asked[op] - s->completed[op];
    return left;
}

void story_step(struct story *s)
{
    flue_device_work(s->device);
    flue_tick(s->target, s->now += TICKS_PER_STEP);
}

void story_run(struct story *s)
{
    for (uint32_t i = 0; i < MOST_STEPS; i++) {
        bool left = flue_device_work(s->device);
        if (!left && story_outstanding(s) == 0 && flue_target_quiet(s->target))
            return;
        flue_tick(s->target, s->now += TICKS_PER_STEP);
    }
    story_expect(s, "requests that are never completed", story_outstanding(s), 0);
}

void story_chapter(const char *title, const char *about)
{
    printf("\n%s\n    %s\n", title, about);
}

static void expectation(struct story *s, const char *what, uint64_t is, bool met)
{
    printf("    %-66s %10" PRIu64 "   %s\n", what, is, met ? "ok" : "WRONG");
    s->wrong += !met;
}

void story_expect(struct story *s, const char *what, uint64_t is, uint64_t should)
{
    expectation(s, what, is, is == should);
    if (is != should)
        printf("    %-66s %10" PRIu64 "\n", "... should be", should);
}

void story_expect_some(struct story *s, const char *what, uint64_t is)
{
    expectation(s, what, is, is != 0);
}

uint64_t story_traces(const struct story *s, const void *bytes, size_t count)
{
    size_t size;
    const unsigned char *memory = flue_device_memory(s->device, &size);
    uint64_t found = 0;
    for (size_t at = 0; at + count <= size; at++)
        found += memory[at] == *(const unsigned char *)bytes && !memcmp(memory + at, bytes, count);
    return found;
}
