/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "demo.h"

#define NUMBERS 8
#define NUMBER_BYTES 32

const char *number(uint64_t value)
{
    static char texts[NUMBERS][NUMBER_BYTES];
    static unsigned int next;
    char digits[NUMBER_BYTES], *out = texts[next++ % NUMBERS], *at = out;
    int count = snprintf(digits, sizeof(digits), "%" PRIu64, value);
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = '\0';
    return out;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void part(const char *title, const char *about)
{
    printf("\n\n%s\n%s\n", title, about);
}

void chapter(struct demo *d, const char *title, const char *about)
{
    printf("\n%s\n    %s\n", title, about);
    const struct flue_target *target = &d->host.nic->target.flue;
    sim_counters(d->host.nic, &d->nic_before);
    d->flue_before = *flue_target_stats(target);
    d->late_before = flue_target_shared_stats(target)->late_answers;
    d->stray_before = flue_target_shared_stats(target)->stray_answers;
    memcpy(&d->host_before, &d->host.record, sizeof(d->host_before));
    d->tick_before = d->host.now;
    d->second_before = seconds();
}

static void print_asked(const struct demo *d)
{
    const struct host_record *now = &d->host.record, *then = &d->host_before;
    for (uint8_t op = 0; op < chimney_spec.operation_count; op++) {
        uint64_t requests = now->requests[op] - then->requests[op];
        uint64_t nodes = now->nodes[op] - then->nodes[op];
        if (requests == 0)
            continue;
        printf("    %-12s %s %s of %s %s:", chimney_spec.operations[op].name, number(requests),
               requests == 1 ? "call" : "calls", number(nodes), nodes == 1 ? "node" : "nodes");
        for (uint8_t s = 0; s < chimney_spec.status_count; s++) {
            uint64_t count = now->statuses[op][s] - then->statuses[op][s];
            if (count)
                printf(" %s %s", number(count), chimney_spec.statuses[s].name);
        }
        printf("\n");
    }
}

uint64_t commands_seen(struct demo *d, uint8_t kind, uint8_t command)
{
    struct sim_counters now;
    sim_counters(d->host.nic, &now);
    if (kind == SIM_ANY)
        return now.all.seen - d->nic_before.all.seen;
    return now.of[kind][command].seen - d->nic_before.of[kind][command].seen;
}

static void print_commands(struct demo *d)
{
    printf("    %-12s", "commands");
    if (commands_seen(d, SIM_ANY, SIM_ANY) == 0)
        printf(" none");
    for (uint8_t kind = 0; kind < chimney_spec.kind_count; kind++) {
        for (uint8_t c = 0; c < chimney_spec.kinds[kind].command_count; c++) {
            uint64_t seen = commands_seen(d, kind, c);
            if (seen)
                printf(" %s %s", number(seen), sim_command_name(kind, c));
        }
    }
    printf("\n");
}

static void print_one_told(uint64_t count, const char *what, const char *detail)
{
    if (count != 0)
        printf(" %s %s%s", number(count), what, detail);
}

static void print_told(const struct demo *d)
{
    static const char *const reasons[HOST_REASONS] = {
        [CHIMNEY_RETRIEVE_LOW_ACTIVITY] = " (low activity)",
        [CHIMNEY_RETRIEVE_INVALID_STATE] = " (invalid state)",
        [CHIMNEY_RETRIEVE_HARDWARE_FAILURE] = " (hardware failure)"};
    uint64_t told = TOLD_SINCE(d, reachability_asked) + TOLD_SINCE(d, status_indications);
    for (unsigned int code = 0; code < HOST_EVENTS; code++)
        told += TOLD_SINCE(d, events[code]);
    if (told == 0)
        return;
    printf("    %-12s", "told");
    print_one_told(TOLD_SINCE(d, events[HOST_DISCONNECT]), "disconnect", "");
    for (unsigned int reason = 0; reason < HOST_REASONS; reason++)
        print_one_told(TOLD_SINCE(d, retrieves[reason]), "retrieve",
                       reasons[reason] ? reasons[reason] : "");
    print_one_told(TOLD_SINCE(d, events[HOST_ABORT]), "abort", "");
    print_one_told(TOLD_SINCE(d, reachability_asked), "reachability query", "");
    print_one_told(TOLD_SINCE(d, status_indications), "of the whole NIC", "");
    printf("\n");
}

void chapter_end(struct demo *d)
{
    double spent = seconds() - d->second_before;
    print_asked(d);
    print_commands(d);
    print_told(d);
    printf("    %-12s %s ticks of the NIC's time, %.2f ms of ours\n", "took",
           number(d->host.now - d->tick_before), spent * 1000);
}

void expect_empty_nic(struct demo *d)
{
    uint64_t left = 0;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        left += sim_entries(d->host.nic, kind);
    expect(d, "neighbors, paths and connections left in the NIC", left, 0);
}

void expect(struct demo *d, const char *what, uint64_t is, uint64_t should)
{
    if (is == should) {
        printf("    %-7s %s: %s\n", "ok", what, number(is));
    } else {
        printf("    %-7s %s: %s instead of %s\n", "WRONG", what, number(is), number(should));
        d->wrong++;
    }
}

void expect_some(struct demo *d, const char *what, uint64_t is)
{
    printf("    %-7s %s: %s\n", is ? "ok" : "WRONG", what, number(is));
    d->wrong += is == 0;
}

void expect_status(struct demo *d, const char *what, const struct chimney_node *node,
                   int32_t should)
{
    if (node->Status == should) {
        printf("    %-7s %s: %s\n", "ok", what, chimney_status_name(should));
    } else {
        printf("    %-7s %s: %s instead of %s\n", "WRONG", what, chimney_status_name(node->Status),
               chimney_status_name(should));
        d->wrong++;
    }
}

uint64_t late_since(const struct demo *d)
{
    return flue_target_shared_stats(&d->host.nic->target.flue)->late_answers - d->late_before;
}

uint64_t stray_since(const struct demo *d)
{
    return flue_target_shared_stats(&d->host.nic->target.flue)->stray_answers - d->stray_before;
}

void print_compiled(void)
{
    printf("What was compiled, as it is linked into this program (target %s)\n\n",
           chimney_spec.name);
    printf("    %-10s %8s %12s %9s %14s\n", "object", "states", "transitions", "commands",
           "bytes each");
    for (uint8_t kind = 0; kind < chimney_spec.kind_count; kind++) {
        const struct flue_kind *k = &chimney_spec.kinds[kind];
        printf("    %-10s %8u %12u %9u %14u\n", k->name, k->state_count,
               k->arm_count - 1u, /* but for the impossible one */

               k->command_count, k->object_bytes);
    }
}
