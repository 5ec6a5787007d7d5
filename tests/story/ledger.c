/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: host, flue and NIC counted on their own, and must agree. */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>

#define NOT_SEEN UINT64_MAX

static void cell(uint64_t value)
{
    if (value == NOT_SEEN)
        printf(" %10s", "-");
    else
        printf(" %10" PRIu64, value);
}

static void line(struct story *s, const char *what, uint64_t host, uint64_t flue, uint64_t nic)
{
    const uint64_t any = host != NOT_SEEN ? host : flue;
    const bool ok = (host == NOT_SEEN || host == any) && (flue == NOT_SEEN || flue == any) &&
                    (nic == NOT_SEEN || nic == any);
    printf("    %-34s", what);
    cell(host), cell(flue), cell(nic);
    printf("   %s\n", ok ? "ok" : "WRONG");
    s->wrong += !ok;
}

static void none(struct story *s, const char *what, uint64_t count)
{
    printf("    %-34s %10s %10" PRIu64 " %10s   %s\n", what, "", count, "", count ? "WRONG" : "ok");
    s->wrong += count != 0;
}

static void heading(const char *title)
{
    printf("\n    %-34s %10s %10s %10s\n", title, "host", "flue", "NIC");
}

static void requests(struct story *s, const struct flue_stats *flue)
{
    const struct flue_spec *spec = s->target->spec;
    char what[64];
    heading("requests");
    for (unsigned op = 0; op < spec->operation_count; op++) {
        snprintf(what, sizeof what, "%s: asked for", spec->operations[op].name);
        line(s, what, s->asked[op], flue->requests[op], NOT_SEEN);
        snprintf(what, sizeof what, "%s: completed", spec->operations[op].name);
        line(s, what, s->completed[op], flue->completions[op], NOT_SEEN);
        line(s, "... of those asked for", s->completed[op], flue->requests[op], NOT_SEEN);
    }
    heading("statuses of nodes");
    for (unsigned i = 0; i < spec->status_count; i++)
        if (s->statuses[i] || flue->statuses[i])
            line(s, spec->statuses[i].name, s->statuses[i], flue->statuses[i], NOT_SEEN);
}

static void commands(struct story *s, const struct flue_stats *flue,
                     const struct flue_device_counters *nic)
{
    const struct flue_shared_stats *shared = flue_target_shared_stats(s->target);
    const uint64_t refused = shared->late_answers + shared->stray_answers;
    heading("commands, answers, events");
    line(s, "commands", NOT_SEEN, flue->commands, nic->taken);
    line(s, "answers in time", NOT_SEEN, flue->answers, nic->answered - nic->refused_answers);
    line(s, "answers too late, or once more", NOT_SEEN, refused, nic->refused_answers);
    line(s, "commands without an answer in time", NOT_SEEN, flue->timeouts, NOT_SEEN);
    line(s, "commands that take others back", NOT_SEEN, flue->undone, NOT_SEEN);
    line(s, "events of the device, seen", NOT_SEEN, flue->events, NOT_SEEN);
    line(s, "... raised", NOT_SEEN, nic->events, nic->events);
    line(s, "resets", NOT_SEEN, flue->resets, nic->wiped);
    for (unsigned fault = 1; fault < FLUE_DEVICE_FAULTS; fault++)
        if (nic->struck[fault])
            printf("    %-34s %10s %10s %10" PRIu64 "\n", flue_device_fault_name(fault), "", "",
                   nic->struck[fault]);
}

static void nothing_left(struct story *s, const struct flue_device_counters *nic)
{
    uint64_t objects = 0, entries = 0;
    for (unsigned kind = 0; kind < s->target->spec->kind_count; kind++) {
        objects += s->target->pools[kind].in_use;
        entries += flue_device_count(s->device, (uint8_t)kind);
    }
    printf("\n    what must not be\n");
    none(s, "requests that are not completed", story_outstanding(s));
    none(s, "nodes with an unknown status", s->unknown_statuses);
    none(s, "commands that made no sense", nic->wrongs);
    none(s, "work left in flue", !flue_target_quiet(s->target));
    none(s, "objects left in flue", objects);
    none(s, "entries left in the NIC", entries);
    if (flue_device_complaint(s->device))
        printf("    the NIC complains: %s\n", flue_device_complaint(s->device));
}

int story_ledger(struct story *s)
{
    struct flue_device_counters nic;
    flue_device_counters(s->device, &nic);
    printf("\nThe ledger: what the host counted, what flue counted, what the NIC counted\n");
    requests(s, flue_target_stats(s->target));
    commands(s, flue_target_stats(s->target), &nic);
    nothing_left(s, &nic);
    if (s->wrong)
        printf("\n%" PRIu64 " WRONG: the ledger does not balance.\n", s->wrong);
    else
        printf("\nThe ledger balances.\n");
    return s->wrong != 0;
}
