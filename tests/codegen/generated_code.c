/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated functions do with values: comparison, copies, commands, answers, indications.
 * Compiled and run by test_generated_c.py against the generated chimney and rich targets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chimney_objects.h"
#include "rich_objects.h"

#define CHECK(condition)                                   \
    do {                                                   \
        if (!(condition)) {                                \
            printf("line %d: %s\n", __LINE__, #condition); \
            exit(1);                                       \
        }                                                  \
    } while (0)

static struct flue_target target;
static struct chimney_binding binding;
static union {
    struct chimney_add_neighbor_args add_neighbor;
    struct chimney_add_path_args add_path;
    struct chimney_add_tcp_args add_tcp;
    struct chimney_write_timers_args write_timers;
    struct chimney_write_header_args write_header;
    struct chimney_restart_args restart;
    struct rich_add_flow_args add_flow;
} seen;

#define SEES(command, prefix)                                                           \
    static enum flue_issued see_##command(void *adapter, flue_cookie cookie,            \
                                          const struct prefix##_##command##_args *args) \
    {                                                                                   \
        CHECK(adapter == &target && cookie == 77);                                      \
        seen.command = *args;                                                           \
        return FLUE_ISSUED;                                                             \
    }
SEES(add_neighbor, chimney)
SEES(add_path, chimney)
SEES(add_tcp, chimney)
SEES(write_timers, chimney)
SEES(write_header, chimney)
SEES(restart, chimney)
SEES(add_flow, rich)

static struct flue_guard_context question(struct flue_object *object)
{
    return (struct flue_guard_context){
        .target = &target, .object = object, .new_links = {FLUE_NONE}, .operation = FLUE_NO_BYTE};
}

static void issue(enum flue_issued (*function)(const struct flue_issue *),
                  struct flue_guard_context q, unsigned command)
{
    const struct flue_issue i = {.q = q,
                                 .adapter = &target,
                                 .cookie = 77,
                                 .name = 5,
                                 .old = true,
                                 .command = (uint8_t)command};
    memset(&seen, 0xee, sizeof seen);
    CHECK(function(&i) == FLUE_ISSUED);
}

static void tcp_changes(void)
{
    struct chimney_tcp tcp = {.flue.variant = CHIMNEY_VARIANT_IPV4};
    struct chimney_tcp_cached node = {.Header = {44, 0}};
    struct flue_guard_context q = question(&tcp.flue);
    CHECK(chimney_tcp_changed(&q) == 0);
    q.state[FLUE_CACHED] = &node;
    CHECK(chimney_tcp_changed(&q) == 0);
    node.FlowLabel = 1; /* IPv6 only */
    CHECK(chimney_tcp_changed(&q) == 0);
    tcp.flue.variant = CHIMNEY_VARIANT_IPV6;
    CHECK(chimney_tcp_changed(&q) == 1u << CHIMNEY_TCP_WRITE_HEADER);
    node.Flags = CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON;
    CHECK(chimney_tcp_changed(&q) ==
          (1u << CHIMNEY_TCP_WRITE_HEADER | 1u << CHIMNEY_TCP_WRITE_TIMERS));
    node.FlowLabel = 0;
    node.Flags = CHIMNEY_TCP_SETTINGS_NAGLE_ON;
    CHECK(chimney_tcp_changed(&q) == 1u << CHIMNEY_TCP_WRITE_BUFFERS);
    node.Flags = 0x8000; /* no flag of the spec */
    CHECK(chimney_tcp_changed(&q) == 0);
}

static void tcp_pulses(void)
{
    struct chimney_tcp tcp = {.cached.KaTimeout = 10, .cached.KaProbeCount = 3};
    struct chimney_tcp_cached node = {.KaTimeout = 20, .KaProbeCount = 3};
    struct flue_guard_context q = question(&tcp.flue);
    q.state[FLUE_CACHED] = &node;
    CHECK(chimney_tcp_changed(&q) == 1u << CHIMNEY_TCP_WRITE_TIMERS);
    node.Flags = CHIMNEY_TCP_SETTINGS_RESTART_MAX_RT;
    CHECK(chimney_tcp_changed(&q) == (1u << CHIMNEY_TCP_WRITE_TIMERS | 1u << CHIMNEY_TCP_RESTART));
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_RESTART);
    CHECK(seen.restart.index == 5 && !seen.restart.clear_probe_count);
    CHECK(seen.restart.rearm_keepalive && seen.restart.clear_total_rt);
    CHECK(!seen.restart.advertise_window);
    node.Flags = CHIMNEY_TCP_SETTINGS_UPDATE_RECEIVE_WINDOW | CHIMNEY_TCP_SETTINGS_NAGLE_ON;
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_RESTART);
    CHECK(seen.restart.advertise_window && !seen.restart.rearm_keepalive);
    chimney_tcp_store(&q, &tcp.flue, FLUE_CLASS_BIT(FLUE_CACHED));
    CHECK(tcp.cached.Flags == CHIMNEY_TCP_SETTINGS_NAGLE_ON && tcp.cached.KaTimeout == 20);
    CHECK(chimney_tcp_changed(&q) == 1u << CHIMNEY_TCP_RESTART);
    node.KaTimeout = 30;
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_WRITE_TIMERS);
    CHECK(seen.write_timers.ka_timeout == 30);
    q.state[FLUE_CACHED] = NULL; /* a rollback */
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_WRITE_TIMERS);
    CHECK(seen.write_timers.ka_timeout == 20 && seen.write_timers.ka_probe_count == 3);
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_RESTART);
    CHECK(!seen.restart.advertise_window && !seen.restart.clear_total_rt);
}

static void tcp_add(void)
{
    struct chimney_tcp tcp = {.flue = {.variant = CHIMNEY_VARIANT_IPV6, .links = {{9, FLUE_NONE}}}};
    struct chimney_tcp_const constant = {.Flags = CHIMNEY_TCP_OPTIONS_SACK, .RcvWindScale = 9};
    struct chimney_tcp_cached cached = {.FlowLabel = 0xabcde, .UserPriority = 5};
    struct chimney_tcp_delegated delegated = {.State = CHIMNEY_TCP_STATE_ESTABLISHED};
    struct flue_guard_context q = question(&tcp.flue);
    q.state[FLUE_CONST] = &constant;
    q.state[FLUE_CACHED] = &cached;
    q.state[FLUE_DELEGATED] = &delegated;
    delegated.KeepAlive.TimeoutDelta = UINT32_MAX;
    delegated.SendDataHead = &delegated;
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_ADD_TCP);
    CHECK(seen.add_tcp.index == 5 && seen.add_tcp.path == 9);
    CHECK(seen.add_tcp.variant == CHIMNEY_VARIANT_IPV6);
    CHECK(seen.add_tcp.sack && !seen.add_tcp.timestamps && seen.add_tcp.rcv_wind_scale == 9);
    CHECK(seen.add_tcp.flow_label == 0xabcde && seen.add_tcp.user_priority == 5);
    CHECK(seen.add_tcp.state == CHIMNEY_TCP_STATE_ESTABLISHED);
    CHECK(seen.add_tcp.keepalive_timeout_delta == UINT32_MAX);
    CHECK(seen.add_tcp.send_data_head == &delegated);
    tcp.flue.variant = CHIMNEY_VARIANT_IPV4;
    issue(chimney_tcp_issue, q, CHIMNEY_TCP_ADD_TCP);
    CHECK(seen.add_tcp.flow_label == 0);
}

static void tcp_takes(void)
{
    struct chimney_tcp tcp = {0};
    struct chimney_tcp_delegated node = {.Header = {128, 3}, .SendDataHead = &node};
    struct chimney_read_tcp_data data = {.state = 8, .send_backlog_size = 4096, .dwnd = 7};
    struct chimney_remove_tcp_data last = {.rcv_nxt = 6, .send_data_tail = &tcp};
    struct flue_guard_context q = question(&tcp.flue);
    chimney_tcp_deliver(&q, CHIMNEY_TCP_READ_TCP, &data); /* nobody asked: goes nowhere */
    q.state[FLUE_DELEGATED] = &node;
    chimney_tcp_deliver(&q, CHIMNEY_TCP_READ_TCP, &data);
    CHECK(node.State == 8 && node.SendBacklogSize == 4096 && node.DWnd == 7);
    CHECK(node.Header.Length == 128 && node.Header.RecognizedOptions == 3);
    chimney_tcp_deliver(&q, CHIMNEY_TCP_REMOVE_TCP, &last);
    CHECK(node.RcvNxt == 6 && node.SendDataHead == NULL && node.SendDataTail == &tcp);
}

static void neighbor_ages(void)
{
    struct chimney_neighbor neighbor = {0};
    struct chimney_neighbor_cached cached = {.Header = {44, 0}, .HostReachabilityDelta = 30};
    struct chimney_neighbor_delegated delegated = {.Header = {12, 0}, .NicReachabilityDelta = 200};
    struct chimney_read_neighbor_data data = {.nic_reachability_delta = 2};
    struct flue_guard_context q = question(&neighbor.flue);
    q.state[FLUE_CACHED] = &cached;
    q.state[FLUE_DELEGATED] = &delegated;
    target.now = 100;
    chimney_neighbor_store(&q, &neighbor.flue, FLUE_ALL_CLASSES);
    CHECK(neighbor.host_reachability_delta_at == 70); /* the moment */
    CHECK(neighbor.nic_reachability_delta_at == (uint64_t)-100);
    target.now = 150;
    issue(chimney_neighbor_issue, q, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR);
    CHECK(seen.add_neighbor.host_reachability_delta == 30); /* as the node has it */
    q.state[FLUE_CACHED] = q.state[FLUE_DELEGATED] = NULL;
    issue(chimney_neighbor_issue, q, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR);
    CHECK(seen.add_neighbor.host_reachability_delta == 80);
    CHECK(seen.add_neighbor.nic_reachability_delta == 250);
    cached = (struct chimney_neighbor_cached){.Header = {44, 9}};
    q.state[FLUE_CACHED] = &cached;
    q.state[FLUE_DELEGATED] = &delegated;
    chimney_neighbor_load(&q, FLUE_CLASS_BIT(FLUE_CACHED));
    CHECK(cached.HostReachabilityDelta == 80 && cached.Header.RecognizedOptions == 9);
    chimney_neighbor_deliver(&q, CHIMNEY_NEIGHBOR_READ_NEIGHBOR, &data);
    CHECK(delegated.NicReachabilityDelta == 2);
    CHECK(neighbor.nic_reachability_delta_at == 148);
    cached.HostReachabilityDelta = 0; /* software only: no command */
    CHECK(chimney_neighbor_changed(&q) == 0);
    cached.DlDestinationAddress[31] = 1;
    CHECK(chimney_neighbor_changed(&q) == 1u << CHIMNEY_NEIGHBOR_WRITE_MAC);
}

static void path_pointers(void)
{
    uint8_t from[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, to[16] = {21};
    struct chimney_path path = {
        .flue = {.variant = CHIMNEY_VARIANT_IPV4, .links = {{9, FLUE_NONE}}}};
    struct chimney_path_const constant = {.SourceAddress = from, .DestinationAddress = to};
    struct flue_guard_context q = question(&path.flue);
    q.state[FLUE_CONST] = &constant;
    issue(chimney_path_issue, q, CHIMNEY_PATH_ADD_PATH);
    CHECK(seen.add_path.source_address == from && seen.add_path.neighbor == 9);
    chimney_path_store(&q, &path.flue, FLUE_CLASS_BIT(FLUE_CONST));
    CHECK(path.source_address[3] == 4 && path.source_address[4] == 0);
    CHECK(path.constant.SourceAddress == path.source_address);
    path.flue.variant = CHIMNEY_VARIANT_IPV6;
    chimney_path_store(&q, &path.flue, FLUE_CLASS_BIT(FLUE_CONST));
    CHECK(memcmp(path.source_address, from, 16) == 0 && path.destination_address[0] == 21);
    constant = (struct chimney_path_const){.Header = {24, 0}};
    chimney_path_load(&q, FLUE_CLASS_BIT(FLUE_CONST));
    CHECK(constant.SourceAddress == path.source_address && constant.Header.Length == 24);
    q.new_links[0] = 3;
    CHECK(chimney_path_changed(&q) == 1u << CHIMNEY_PATH_WRITE_ROUTE);
}

static void flow_shares_memory(void)
{
    struct rich_flow flow = {0};
    struct rich_flow_delegated node = {.Oldest = 11, .Phase = 2};
    struct rich_read_flow_data data = {.queued = 99, .count = 4};
    struct rich_binding table = {.add_flow = see_add_flow};
    struct flue_guard_context q = question(&flow.flue);
    q.state[FLUE_DELEGATED] = &node;
    q.operation = RICH_INITIATE;
    rich_flow_store(&q, &flow.flue, FLUE_ALL_CLASSES);
    q.operation = RICH_QUERY;
    node.Oldest = 0;
    rich_flow_deliver(&q, RICH_FLOW_READ_FLOW, &data);
    rich_flow_load(&q, FLUE_CLASS_BIT(FLUE_DELEGATED));
    CHECK(node.Queued == 99 && node.Probe.Count == 4 && node.Phase == (int32_t)data.phase);
    CHECK(flow.delegated.Oldest == 11 && flow.delegated.Probe.Count == 4);
    q.state[FLUE_DELEGATED] = NULL; /* a restore sends what the object was brought */
    q.operation = FLUE_NO_BYTE;
    target.config.binding = &table;
    issue(rich_flow_issue, q, RICH_FLOW_ADD_FLOW);
    CHECK(seen.add_flow.oldest == 11);
    target.config.binding = &binding;
}

static uint32_t told[4];
static void tcp_event(void *handle, uint32_t code, uint32_t detail)
{
    CHECK(handle == &told);
    told[0]++, told[1] = code, told[2] = detail;
}

static void node_event(void *handle, struct chimney_node *node, uint32_t code)
{
    struct chimney_neighbor_const *constant = chimney_state_behind(node);
    unsigned char *next = (unsigned char *)constant + CHIMNEY_STATE_STRIDE(*constant);
    struct chimney_neighbor_cached *cached = (struct chimney_neighbor_cached *)(void *)next;
    CHECK(handle == &binding && code == 2 && node->Header.Type == CHIMNEY_TYPE_NEIGHBOR_ALL);
    CHECK(node->Header.Revision == 1 && node->Header.Size == 152 && node->Status == 0);
    CHECK(constant->Header.Length == 44 && cached->Header.Length == 44);
    CHECK(cached->HostReachabilityDelta == 1000);
    cached->HostReachabilityDelta = 1; /* the host answers in place */
}

static void indications(void)
{
    const struct chimney_indications table = {.NdisTcpOffloadEventHandler = tcp_event,
                                              .NdisMOffloadEventIndicate = node_event};
    struct chimney_tcp tcp = {.flue = {.host_handle = &told, .state = CHIMNEY_TCP_OFFLOADED}};
    struct chimney_neighbor neighbor = {.flue.state = CHIMNEY_NEIGHBOR_OFFLOADED};
    struct flue_guard_context q = question(&tcp.flue);
    target.config.indications = &table;
    target.config.host_handle = &binding;
    CHECK(chimney_tcp_indicate(&q, CHIMNEY_INDICATION_RETRIEVE, CHIMNEY_RETRIEVE_SMALL_IO));
    CHECK(told[0] == 1 && told[1] == 3 && told[2] == 3);
    tcp.flue.state = CHIMNEY_TCP_TERMINATING;
    CHECK(!chimney_tcp_indicate(&q, CHIMNEY_INDICATION_ABORT, 0) && told[0] == 1);
    chimney_tcp_notify(&q, 1u << CHIMNEY_MARK_BROKEN);
    CHECK(told[0] == 3 && told[1] == 4 && told[2] == 0);
    target.now = 1000;
    target.config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 1000;
    q.object = &neighbor.flue;
    CHECK(!chimney_neighbor_indicate(&q, CHIMNEY_INDICATION_REACHABILITY_QUERY, 0));
    target.config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 999;
    CHECK(chimney_neighbor_indicate(&q, CHIMNEY_INDICATION_REACHABILITY_QUERY, 0));
    CHECK(neighbor.host_reachability_delta_at == 999);
}

int main(void)
{
    binding = (struct chimney_binding){.add_neighbor = see_add_neighbor,
                                       .add_path = see_add_path,
                                       .add_tcp = see_add_tcp,
                                       .write_timers = see_write_timers,
                                       .write_header = see_write_header,
                                       .restart = see_restart};
    target.config.binding = &binding;
    tcp_changes();
    tcp_pulses();
    tcp_add();
    tcp_takes();
    neighbor_ages();
    path_pointers();
    flow_shares_memory();
    indications();
    printf("good\n");
    return 0;
}
