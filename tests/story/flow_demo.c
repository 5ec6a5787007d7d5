/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 10,000 flows in a table, on a NIC that is made of spec/flow: a next hop fails over, flows move to
 * another one, answers are lost, late and doubled, flows age, the NIC is reset, a hop is flushed;
 * and a ledger.
 */
#include <stdio.h>
#include <string.h>

#include "flow_device.h"
#include "story.h"

enum { FLOWS = 10000, FLUSHED = FLOWS / 2, HOPS = 2 };
enum { NO_ENTRY = -2, TIMED_OUT = -110 };
enum { FLOW_AGED_CODE = 1, LOST }; /* indications, as target.yaml numbers them */

struct rule {
    struct flow_node node;
    _Alignas(8) struct flow_rule_const match;
    _Alignas(8) struct flow_rule_cached actions;
    _Alignas(8) struct flow_rule_delegated counts;
};

static struct {
    struct flow_device nic;
    struct story story;
    struct {
        struct flow_node node;
        _Alignas(8) struct flow_table_const size;
        _Alignas(8) struct flow_table_cached miss;
    } table;
    struct {
        struct flow_node node;
        _Alignas(8) struct flow_hop_cached to;
    } hop[HOPS];
    struct rule rule[FLOWS];
    struct {
        struct flow_node node;
        _Alignas(8) struct flow_rule_cached actions;
    } move[FLOWS];
    struct {
        struct flow_node node;
        _Alignas(8) struct flow_rule_delegated counts;
    } end[FLOWS];
} h;

static void completed(enum flow_operation operation, struct flow_node *root)
{
    story_completed(&h.story, operation);
    for (struct flow_node *n = root; n; n = n->next) {
        story_status(&h.story, n->status);
        for (struct flow_node *d = n->dependents; d; d = d->next)
            story_status(&h.story, d->status);
    }
}

#define COMPLETED(name, operation)                       \
    static void name(void *host, struct flow_node *root) \
    {                                                    \
        (void)host;                                      \
        completed(operation, root);                      \
    }
COMPLETED(created, FLOW_CREATE)
COMPLETED(updated, FLOW_UPDATE)
COMPLETED(queried, FLOW_QUERY)
COMPLETED(destroyed, FLOW_DESTROY)

/* Of the flows that it reached the host knows how many; those that failed here timed out. */
static void flushed(void *host, struct flow_node *root)
{
    (void)host;
    completed(FLOW_FLUSH, root);
    for (uint32_t i = 0; i < root->reached; i++)
        story_status(&h.story, i < root->failed ? TIMED_OUT : 0);
}

static void event(void *object_handle, uint32_t code, const void *data)
{
    (void)object_handle;
    (void)data;
    story_told(&h.story, code);
}

static bool open_it(void)
{
    static const struct flow_completions completions = {created, updated, queried, destroyed,
                                                        flushed};
    static const struct flow_indications indications = {.flow_event = event};
    static const struct flue_device_options options = {
        .latency_max = 2, .answer_max = 2, .late_steps = 64};
    struct flue_config config = {.capacity = {1, HOPS, 1, FLOWS},
                                 .ring_entries = 64,
                                 .running_requests = 8,
                                 .ticks_per_second = 1000};
    if (flow_device_open(&h.nic, &config, &options, &completions, &indications) != FLUE_OK)
        return false;
    story_open(&h.story, &h.nic.target.flue, h.nic.device);
    return true;
}

static int32_t ask(enum flow_operation operation, struct flow_node *root)
{
    static void (*const calls[FLOW_OPERATIONS])(void *, struct flow_node *) = {
        flow_create, flow_update, flow_query, flow_destroy, flow_flush};
    story_asks(&h.story, operation);
    calls[operation](&h.nic, root);
    story_run(&h.story);
    return root->status;
}

static uint64_t commands(void)
{
    return flue_target_stats(&h.nic.target.flue)->commands;
}

/* How many flows the NIC sends by a hop. */
static uint64_t flows_by(unsigned hop)
{
    uint64_t count = 0, index;
    for (unsigned i = 0; i < FLOWS; i++)
        count +=
            flow_device_get(&h.nic, FLOW_RULE, (uint32_t)h.rule[i].node.handle, "hop", &index) &&
            index == (uint32_t)h.hop[hop].node.handle;
    return count;
}

static void begin(void)
{
    story_chapter("A table", "10,000 flows, made by one request, leave by one next hop.");
    for (unsigned i = 0; i < HOPS; i++) {
        h.hop[i].node.kind = FLOW_TYPE_HOP_CACHED;
        h.hop[i].to.port = (uint16_t)(1 + i);
        ask(FLOW_CREATE, &h.hop[i].node);
    }
    h.table.node.kind = FLOW_TYPE_TABLE_ALL;
    h.table.size.entries = FLOWS;
    for (unsigned i = FLOWS; i-- > 0;) {
        h.rule[i].node.kind = FLOW_TYPE_RULE_ALL;
        h.rule[i].match.priority = i;
        h.rule[i].match.protocol = FLOW_PROTOCOL_UDP;
        h.rule[i].actions = (struct flow_rule_cached){.hop = h.hop[0].node.handle, .timeout = 500};
        h.rule[i].node.next = h.table.node.dependents;
        h.table.node.dependents = &h.rule[i].node;
    }
    story_expect(&h.story, "status of the table", (uint64_t)ask(FLOW_CREATE, &h.table.node), 0);
    h.table.node.dependents = NULL;
    story_expect(&h.story, "flows in the NIC by the first hop", flows_by(0), FLOWS);
}

static void fail_over(void)
{
    story_chapter("A hop fails over", "All that stands on it leaves by another port.");
    const uint64_t before = commands();
    h.hop[0].to.port = 7;
    story_expect(&h.story, "status", (uint64_t)ask(FLOW_UPDATE, &h.hop[0].node), 0);
    story_expect(&h.story, "commands for 10,000 flows", commands() - before, 1);
}

static void move_first(unsigned count, unsigned hop)
{
    struct flow_node *next = NULL;
    for (unsigned i = count; i-- > 0;) {
        h.move[i].node = (struct flow_node){
            .handle = h.rule[i].node.handle, .kind = FLOW_TYPE_RULE_CACHED, .next = next};
        h.move[i].actions =
            (struct flow_rule_cached){.hop = h.hop[hop].node.handle, .timeout = 500};
        next = &h.move[i].node;
    }
    ask(FLOW_UPDATE, next);
}

static void move_to(unsigned hop)
{
    move_first(FLOWS, hop);
}

static void move_all(void)
{
    story_chapter("10,000 flows move", "By one request; once more, and nothing is to be told.");
    uint64_t before = commands();
    move_to(1);
    story_expect(&h.story, "commands", commands() - before, FLOWS);
    story_expect(&h.story, "flows by the second hop", flows_by(1), FLOWS);
    before = commands();
    move_to(1);
    story_expect(&h.story, "commands of the same again", commands() - before, 0);
    story_expect(&h.story, "a hop that flows stand on is busy",
                 (uint64_t)-ask(FLOW_DESTROY, &h.hop[1].node), 16);
}

static void bad_answers(void)
{
    static const enum flue_device_fault faults[] = {FLUE_DEVICE_NO_ANSWER, FLUE_DEVICE_LATE,
                                                    FLUE_DEVICE_TWICE};
    story_chapter("Answers that are lost, late and doubled", "While all move back.");
    for (unsigned i = 0; i < 3; i++)
        flue_device_strike(h.nic.device, FLOW_RULE, FLUE_NO_BYTE, faults[i], FLUE_NO_BYTE);
    move_to(0);
    uint64_t bad = 0;
    for (unsigned i = 0; i < FLOWS; i++)
        bad += h.move[i].node.status != 0;
    story_expect(&h.story, "flows by the first hop, and those that stayed", flows_by(0) + bad,
                 FLOWS);
    story_expect(&h.story, "flows that stayed are where they were", flows_by(1), bad);
    move_to(0);
    story_expect(&h.story, "flows by the first hop after another try", flows_by(0), FLOWS);
}

static void age_and_reset(void)
{
    story_chapter("Ageing, and a reset", "A flow ages and stays; then the NIC forgets everything.");
    flue_device_event(h.nic.device, FLOW_RULE, (uint32_t)h.rule[5].node.handle,
                      FLOW_RULE_EVENT_AGED);
    story_run(&h.story);
    story_expect(&h.story, "flows that aged", h.story.told[FLOW_AGED_CODE], 1);
    flue_device_reset(h.nic.device);
    story_run(&h.story);
    story_expect(&h.story, "flows that are back, by the first hop", flows_by(0), FLOWS);
    story_expect(&h.story, "flows that the host is told are lost", h.story.told[LOST], 0);
}

static void flush(void)
{
    story_chapter("A hop is flushed",
                  "Half of the flows go with it, by one node; one answer comes too late.");
    struct flow_node all = {.handle = h.hop[1].node.handle, .kind = FLOW_TYPE_HOP_CACHED};
    move_first(FLUSHED, 1);
    const uint64_t before = commands();
    flue_device_strike(h.nic.device, FLOW_RULE, FLUE_NO_BYTE, FLUE_DEVICE_LATE, FLUE_NO_BYTE);
    story_expect(&h.story, "a flow stayed, so the hop is busy", (uint64_t)-ask(FLOW_FLUSH, &all),
                 16);
    story_expect(&h.story, "flows that were reached", all.reached, FLUSHED);
    story_expect(&h.story, "of them such as failed", all.failed, 1);
    story_expect(&h.story, "commands", commands() - before, FLUSHED);
    story_expect(&h.story, "status of the second flush", (uint64_t)ask(FLOW_FLUSH, &all), 0);
    story_expect(&h.story, "flows that it reached", all.reached, 1);
    story_expect(&h.story, "flows that are left, by the first hop", flows_by(0), FLOWS - FLUSHED);
}

static void end(void)
{
    story_chapter("The end", "Flows with their last counts, then what they stood on.");
    struct flow_node *next = NULL;
    for (unsigned i = FLOWS; i-- > 0;) {
        h.end[i].node = (struct flow_node){
            .handle = h.rule[i].node.handle, .kind = FLOW_TYPE_RULE_DELEGATED, .next = next};
        next = &h.end[i].node;
    }
    ask(FLOW_DESTROY, next);
    uint64_t good = 0, unknown = 0;
    for (unsigned i = 0; i < FLOWS; i++) {
        good += h.end[i].node.status == 0;
        unknown += h.end[i].node.status == NO_ENTRY;
    }
    story_expect(&h.story, "flows that are destroyed", good, FLOWS - FLUSHED);
    story_expect(&h.story, "flows whose handles ended with the hop", unknown, FLUSHED);
    story_expect(&h.story, "the table", (uint64_t)ask(FLOW_DESTROY, &h.table.node), 0);
    story_expect(&h.story, "the hop that is left", (uint64_t)ask(FLOW_DESTROY, &h.hop[0].node), 0);
}

int main(void)
{
    if (!open_it())
        return 2;
    printf("Flows on a software NIC that is made of spec/flow\n");
    begin();
    fail_over();
    move_all();
    bad_answers();
    age_and_reset();
    flush();
    end();
    const int status = story_ledger(&h.story);
    flow_device_close(&h.nic);
    return status;
}
