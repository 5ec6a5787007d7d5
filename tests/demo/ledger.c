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

/* What the NIC did in time is what its driver could hand over; the rest of its answers are late. */
static void print_answers(struct demo *d, const struct flue_stats *flue,
                          const struct sim_counters *nic)
{
    const struct flue_shared_stats *shared = flue_target_shared_stats(&d->host.nic->target.flue);
    uint64_t late = shared->late_answers, stray = shared->stray_answers;
    uint64_t first = nic->all.good + nic->all.bad;
    print_heading("commands and answers");
    line(d, "commands issued", (struct column){NOT_COUNTED, flue->commands, nic->all.seen});
    line(d, "answers",
         (struct column){NOT_COUNTED, flue->answers + late + stray, first + nic->duplicates});
    line(d, "... in time", (struct column){NOT_COUNTED, flue->answers, nic->answers_taken});
    line(d, "... of these bad",
         (struct column){NOT_COUNTED, flue->bad_answers - flue->timeouts, nic->all.bad});
    line(d, "... too late", (struct column){NOT_COUNTED, late, first - nic->answers_taken});
    line(d, "... once more", (struct column){NOT_COUNTED, stray, nic->duplicates});
    line(d, "commands never answered",
         (struct column){NOT_COUNTED, flue->commands - flue->answers - late,
                         nic->all.lost + nic->all.forgotten});
    line(d, "commands over their time", (struct column){NOT_COUNTED, flue->timeouts, NOT_COUNTED});
    line(d, "commands sent to take others back",
         (struct column){NOT_COUNTED, flue->undone, NOT_COUNTED});
    line(d, "waits for a slot or for room",
         (struct column){NOT_COUNTED, flue->ring_full, NOT_COUNTED});
    line(d, "doorbells", (struct column){NOT_COUNTED, flue->doorbells, nic->doorbells});
}

static bool adds_up(const struct sim_tally *of)
{
    return of->seen == of->good + of->bad + of->lost + of->forgotten;
}

static void print_each_command(struct demo *d, const struct sim_counters *nic)
{
    printf("\n    %-27s %9s %9s %5s %5s %9s\n", "each command, as the NIC saw it", "seen", "good",
           "bad", "lost", "forgotten");
    for (uint8_t kind = 0; kind < chimney_spec.kind_count; kind++) {
        for (uint8_t c = 0; c < chimney_spec.kinds[kind].command_count; c++) {
            const struct sim_tally *of = &nic->of[kind][c];
            if (of->seen == 0)
                continue;
            printf("    %-31s %9s %9s %5s %5s %9s   %s\n", sim_command_name(kind, c),
                   number(of->seen), number(of->good), number(of->bad), number(of->lost),
                   number(of->forgotten), adds_up(of) ? "ok" : "WRONG");
            d->wrong += !adds_up(of);
        }
    }
}

static void print_indications(struct demo *d, const struct flue_stats *flue)
{
    const struct host_record *host = &d->host.record;
    uint64_t failed = host->retrieves[CHIMNEY_RETRIEVE_HARDWARE_FAILURE];
    uint64_t by_flue = host->retrieves[CHIMNEY_RETRIEVE_INVALID_STATE] + failed;
    uint64_t by_nic = host->events[HOST_SEND_BACKLOG_CHANGE] + host->events[HOST_DISCONNECT] +
                      host->events[HOST_RETRIEVE] - by_flue + host->reachability_asked;
    print_heading("indications");
    line(d, "connections told they are hit",
         (struct column){by_flue, flue->marks_notified, NOT_COUNTED});
    line(d, "... aborted after it", (struct column){host->events[HOST_ABORT], failed, NOT_COUNTED});
    line(d, "asked for by the NIC",
         (struct column){NOT_COUNTED, flue->indicated + flue->not_raised, d->raised});
    line(d, "... and made", (struct column){by_nic, flue->indicated, NOT_COUNTED});
}

static void print_never(struct demo *d, const struct sim_counters *nic)
{
    struct flue_target *target = &d->host.nic->target.flue;
    printf("\n    what must not happen\n");
    line_zero(d, "nodes without a status", d->host.record.unwritten);
    line_zero(d, "nodes with an unknown status", d->host.record.unknown);
    line_zero(d, "completions twice or unasked", d->host.record.unexpected);
    line_zero(d, "completions by the wrong call", d->host.record.wrong);
    line_zero(d, "requests not completed", d->host.record.outstanding);
    line_zero(d, "commands that made no sense", nic->nonsense);
    line_zero(d, "commands left in the NIC", !sim_idle(d->host.nic));
    line_zero(d, "work left in flue", !flue_target_quiet(target));
    uint64_t left = 0;
    for (uint8_t kind = 0; kind < chimney_spec.kind_count; kind++)
        left += target->pools[kind].in_use;
    line_zero(d, "objects left in flue", left);
}

void print_ledger(struct demo *d)
{
    const struct flue_stats *flue = flue_target_stats(&d->host.nic->target.flue);
    struct sim_counters nic;
    sim_counters(d->host.nic, &nic);
    printf("\nThe ledger: what the host counted, what flue counted, what the NIC counted\n");
    print_requests(d, flue);
    print_statuses(d, flue);
    if (!d->only_first) {
        print_answers(d, flue, &nic);
        print_each_command(d, &nic);
        print_indications(d, flue);
    }
    print_never(d, &nic);
}
