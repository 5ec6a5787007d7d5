/* SPDX-License-Identifier: BSD-2-Clause */
/* Decisions: drawn from a seed, written as lines of text, read back. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "prng.h"
#include "simulation.h"

static const char *const names[HAPPENINGS] = {
    [WORLD] = "world",
    [SUBMIT] = "submit",
    [ECHO] = "submit_and_echo",
    [TWICE_IN] = "submit_again",
    [CROWD] = "crowd",
    [POLL] = "poll",
    [DELIVER] = "deliver",
    [STEP] = "step",
    [TICK] = "tick",
    [FAULT] = "fault",
    [STALE_ANSWER] = "stale_answer",
    [BEHAVIOR] = "behavior",
    [RESET_BEGIN] = "reset_begin",
    [DMA_STOPPED] = "dma_stopped",
    [RESET_END] = "reset_end",
    [PAUSE] = "pause",
    [RESUME] = "resume",
    [INDICATE] = "indicate",
    [SETTLE] = "settle",
    [REMOVE] = "remove",
};

const char *happening_name(uint8_t what)
{
    return what < HAPPENINGS ? names[what] : "?";
}

/* How often what is decided, in a history of each temper. */
static const uint8_t weights[][HAPPENINGS] = {
    {0, 14, 2, 1, 4, 22, 14, 16, 5, 6, 2, 1, 0, 1, 1, 1, 2, 2, 2, 0},
    {0, 12, 3, 2, 4, 20, 16, 16, 10, 12, 3, 2, 1, 2, 2, 1, 2, 2, 1, 0},
    {0, 20, 4, 2, 6, 12, 10, 10, 8, 8, 3, 2, 2, 3, 3, 1, 2, 3, 1, 0},
};

static uint8_t draw_what(uint64_t *random, const uint8_t weight[HAPPENINGS])
{
    uint32_t sum = 0, dice;
    for (unsigned int i = 0; i < HAPPENINGS; i++)
        sum += weight[i];
    dice = prng_below(random, sum);
    for (uint8_t i = 0; i < HAPPENINGS; i++) {
        if (dice < weight[i])
            return i;
        dice -= weight[i];
    }
    return POLL;
}

void history_make(struct history *h, uint64_t seed)
{
    uint64_t random = seed * 0x2545f4914f6cdd1du + 7;
    const uint8_t *weight = weights[prng_next(&random) % 3];
    *h = (struct history){.seed = seed, .count = 60 + (uint32_t)(prng_next(&random) % 180)};
    for (uint32_t i = 0; i < h->count; i++) {
        struct decision *d = &h->of[i];
        d->what = i ? draw_what(&random, weight) : (uint8_t)WORLD;
        d->a = (uint32_t)(prng_next(&random) >> 32);
        d->b = prng_below(&random, 64);
        d->c = prng_below(&random, 64);
    }
    if (prng_next(&random) % 8 == 0)
        h->of[h->count - 1 - prng_next(&random) % 30].what = REMOVE;
}

void history_print(FILE *out, const struct history *h)
{
    fprintf(out, "# seed %" PRIu64 ", %u decisions\n", h->seed, h->count);
    for (uint32_t i = 0; i < h->count; i++)
        fprintf(out, "%s %u %u %u\n", happening_name(h->of[i].what), h->of[i].a, h->of[i].b,
                h->of[i].c);
}

static bool read_line(struct history *h, const char *line)
{
    char name[32];
    struct decision d = {0};
    if (line[0] == '#' || line[0] == '\n')
        return true;
    if (h->count == DECISIONS || sscanf(line, "%31s %u %u %u", name, &d.a, &d.b, &d.c) != 4)
        return false;
    for (d.what = 0; d.what < HAPPENINGS; d.what++) {
        if (strcmp(names[d.what], name) == 0) {
            h->of[h->count++] = d;
            return true;
        }
    }
    return false;
}

bool history_read(struct history *h, const char *file)
{
    char line[128];
    FILE *in = fopen(file, "r");
    bool good = in != NULL;
    *h = (struct history){0};
    while (good && fgets(line, sizeof(line), in))
        good = read_line(h, line);
    if (in)
        fclose(in);
    return good && h->count != 0 && h->of[0].what == WORLD;
}
