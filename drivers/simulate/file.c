/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A history in a file: its seed, what of it may happen, and a line for each decision that is not
 * left out. Whoever edits it takes lines away, or has a decision's request have other nodes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

bool plan_write(const struct simulate_target *target, const struct plan *plan, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return false;
    fprintf(out, "target %s\nseed %" PRIu64 "\nfaults %" PRIu32 "\nfaultless_rests %" PRIu32,
            target->spec->name, plan->seed, plan->faults, plan->faultless_rests);
    fprintf(out, "\nevents %d\nresets %d\nhostile %d\n", plan->events, plan->resets, plan->hostile);
    for (unsigned i = 0; i < plan->actions; i++)
        if (!plan->of[i].out)
            fprintf(out, "decision %u nodes %u%s\n", i, plan->of[i].nodes,
                    plan->of[i].faultless ? " faultless" : "");
    return fclose(out) == 0;
}

/* ---- Back ------------------------ */

/* The seed comes before what changes what follows from it; no decision stays but by its line. */
static void begin(struct plan *plan, uint64_t seed)
{
    *plan = plan_of(seed, false);
    for (unsigned i = 0; i < MOMENTS; i++)
        plan->of[i].out = true;
}

static bool read_decision(struct plan *plan, const char *line)
{
    char faultless[16] = "";
    unsigned at, nodes;
    const int found = sscanf(line, "decision %u nodes %u %15s", &at, &nodes, faultless);
    const bool is = strcmp(faultless, "faultless") == 0;
    if (found < 2 || at >= plan->actions || nodes > plan->of[at].nodes || (found == 3 && !is))
        return false;
    plan->of[at] = (struct decision){.faultless = is, .nodes = (uint16_t)nodes};
    return true;
}

static bool read_number(struct plan *plan, const char *word, uint64_t number)
{
    if (strcmp(word, "seed") == 0)
        begin(plan, number);
    else if (strcmp(word, "faults") == 0)
        plan->faults = (uint32_t)number;
    else if (strcmp(word, "faultless_rests") == 0)
        plan->faultless_rests = (uint32_t)number;
    else if (strcmp(word, "events") == 0)
        plan->events = number;
    else if (strcmp(word, "resets") == 0)
        plan->resets = number;
    else if (strcmp(word, "hostile") == 0)
        plan->hostile = number;
    else
        return false;
    return true;
}

static bool read_line(const struct simulate_target *target, struct plan *plan, const char *line)
{
    char word[32], name[32];
    uint64_t number;
    if (line[0] == '#' || line[0] == '\n')
        return true;
    if (sscanf(line, "target %31s", name) == 1)
        return strcmp(name, target->spec->name) == 0;
    if (strncmp(line, "decision ", 9) == 0)
        return read_decision(plan, line);
    return sscanf(line, "%31s %" SCNu64, word, &number) == 2 && read_number(plan, word, number);
}

/* The number of the first line that it cannot be; 0: it is all right. */
unsigned plan_read(const struct simulate_target *target, struct plan *plan, FILE *in)
{
    char line[128];
    unsigned number = 0;
    *plan = (struct plan){0};
    while (fgets(line, sizeof line, in)) {
        number++;
        if (!read_line(target, plan, line))
            return number;
    }
    return plan->actions ? 0 : number + 1;
}
