/* SPDX-License-Identifier: BSD-2-Clause */
/* The ledger: three parties counted on their own, and must agree. */
#include <stdio.h>
#include <string.h>

#include "demo.h"

#define NOT_COUNTED UINT64_MAX

struct column {
    uint64_t host, flue, nic; /* NOT_COUNTED where a party does not see it */
};

static const char *cell(uint64_t value)
{
    return value == NOT_COUNTED ? "-" : number(value);
}

static void line(struct demo *d, const char *what, struct column c)
{
    uint64_t any = c.host != NOT_COUNTED ? c.host : c.flue;
    bool ok = (c.host == NOT_COUNTED || c.host == any) &&
              (c.flue == NOT_COUNTED || c.flue == any) && (c.nic == NOT_COUNTED || c.nic == any);
    printf("    %-34s %10s %10s %10s   %s\n", what, cell(c.host), cell(c.flue), cell(c.nic),
           ok ? "ok" : "WRONG");
    d->wrong += !ok;
}

static void line_zero(struct demo *d, const char *what, uint64_t value)
{
    printf("    %-34s %10s %10s %10s   %s\n", what, "", number(value), "", value ? "WRONG" : "ok");
    d->wrong += value != 0;
}

static void print_heading(const char *title)
{
    printf("\n    %-34s %10s %10s %10s\n", title, "host", "flue", "NIC");
}

static void print_requests(struct demo *d, const struct flue_stats *flue)
{
    const struct host_record *host = &d->host.record;
    char what[64];
    uint64_t nodes = 0;
    print_heading("requests");
    for (uint8_t op = 0; op < chimney_spec.operation_count; op++) {
        const char *name = chimney_spec.operations[op].name;
        snprintf(what, sizeof(what), "%s: called", name);
        line(d, what, (struct column){host->requests[op], flue->requests[op], NOT_COUNTED});
        snprintf(what, sizeof(what), "%s: completed", name);
        line(d, what, (struct column){host->completions[op], flue->completions[op], NOT_COUNTED});
        snprintf(what, sizeof(what), "%s: called = completed", name);
        line(d, what, (struct column){host->requests[op], flue->completions[op], NOT_COUNTED});
        nodes += host->nodes[op];
    }
    line(d, "nodes", (struct column){nodes, flue->nodes, NOT_COUNTED});
}

static void print_statuses(struct demo *d, const struct flue_stats *flue)
{
    print_heading("statuses");
    for (uint8_t s = 0; s < chimney_spec.status_count; s++) {
        uint64_t host = 0;
        for (uint8_t op = 0; op < chimney_spec.operation_count; op++)
            host += d->host.record.statuses[op][s];
        if (host != 0 || flue->statuses[s] != 0)
            line(d, chimney_spec.statuses[s].name,
                 (struct column){host, flue->statuses[s], NOT_COUNTED});
    }
}

static void print_commands(struct demo *d, const struct flue_stats *flue,
                           const struct sim_counters *nic)
{
    print_heading("commands");
    line(d, "issued", (struct column){NOT_COUNTED, flue->commands, nic->all.seen});
    line(d, "answered", (struct column){NOT_COUNTED, flue->answers, nic->all.good + nic->all.bad});
    line(d, "badly", (struct column){NOT_COUNTED, flue->bad_answers, nic->all.bad});
    line(d, "issued = answered",
         (struct column){NOT_COUNTED, flue->commands, nic->all.good + nic->all.bad});
    line(d, "had to wait for a slot or for room",
         (struct column){NOT_COUNTED, flue->ring_full, NOT_COUNTED});
    line(d, "doorbells", (struct column){NOT_COUNTED, flue->doorbells, nic->doorbells});
    printf("\n    %-34s %10s %10s %10s\n", "each command, as the NIC saw it", "seen", "good",
           "bad");
    for (uint8_t kind = 0; kind < chimney_spec.kind_count; kind++) {
        for (uint8_t c = 0; c < chimney_spec.kinds[kind].command_count; c++) {
            const struct sim_tally *of = &nic->of[kind][c];
            if (of->seen != 0)
                printf("    %-34s %10s %10s %10s   %s\n", sim_command_name(kind, c),
                       number(of->seen), number(of->good), number(of->bad),
                       of->seen == of->good + of->bad ? "ok" : "WRONG");
            d->wrong += of->seen != of->good + of->bad;
        }
    }
}

static void print_never(struct demo *d, const struct flue_stats *flue,
                        const struct sim_counters *nic)
{
    const struct flue_shared_stats *shared = flue_target_shared_stats(&d->host.nic->target.flue);
    printf("\n    what must not happen\n");
    line_zero(d, "nodes without a status", d->host.record.unwritten);
    line_zero(d, "nodes with an unknown status", d->host.record.unknown);
    line_zero(d, "completions twice or unasked", d->host.record.unexpected);
    line_zero(d, "completions by the wrong call", d->host.record.wrong);
    line_zero(d, "requests not completed", d->host.record.outstanding);
    line_zero(d, "commands that timed out", flue->timeouts);
    line_zero(d, "answers nobody waited for", nic->answers_stray);
    line_zero(d, "answers too late", shared->late_answers);
    line_zero(d, "commands that made no sense", nic->nonsense);
    line_zero(d, "commands left in the NIC", !sim_idle(d->host.nic));
    line_zero(d, "work left in flue", !flue_target_quiet(&d->host.nic->target.flue));
}

void print_ledger(struct demo *d)
{
    const struct flue_stats *flue = flue_target_stats(&d->host.nic->target.flue);
    struct sim_counters nic;
    sim_counters(d->host.nic, &nic);
    printf("\nThe ledger: what the host counted, what flue counted, what the NIC counted\n");
    print_requests(d, flue);
    print_statuses(d, flue);
    print_commands(d, flue, &nic);
    print_never(d, flue, &nic);
}
