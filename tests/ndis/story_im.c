/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_im.c: flue_im.sys above two adapters of flue_chimney.sys, in a console program: the five
 * operations, then failovers of all connections. Exit status: 0 if all was as expected, 1 if not, 3
 * if a rule of the mock was broken.
 *
 *     story_im.exe [CONNECTIONS [DRIVER]]
 */
#include <stdio.h>
#include <stdlib.h>

#define IMPORT extern
#define NDIS6_IS_HERE
#include "ndis6.h"

#include "flue_oid.h"
#include "im_oid.h"
#include "number.h"
#include "story.h"

enum {
    LOWERS = 2,
    ON_ONE_PATH = 500,
    NODE_BYTES = 800, /* of a connection, in the trees of one failover */
    PAUSE = 0x40020001,
    UPLOAD_ALL = 0x40020002,
    RESUME = 0x40020003,
    CONST = 0,
    FIRST_ROUTER = 1
};
#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define FAILURE CHIMNEY_STATUS_FAILURE

static uint32_t connections = 200, path_count;
static struct host_object *way_objects, *tcp_objects, late;
static bool taken_back; /* the host has answered to UPLOAD_ALL */

/* ---- What the host asks -------------------------------------------------------------------- */

static struct im_state look(void)
{
    struct im_state state = {0};
    mock_select(0);
    mock_oid(NdisRequestQueryInformation, OID_FLUE_IM_STATE, &state, sizeof state, NULL);
    return state;
}

static uint64_t succeeded(uint8_t operation)
{
    return host_statuses(&host, operation, SUCCESS);
}

static void finish(const char *what)
{
    expect(what, run(), 1);
    host_arena_clear(&arena);
}

static struct chimney_node *one_path(uint32_t p, bool is_new)
{
    struct chimney_node *root = name(&way_objects[p]);
    for (uint32_t t = p; t < connections; t += path_count)
        host_link(root, is_new ? host_new_tcp(&arena, &tcp_objects[t], t) : name(&tcp_objects[t]));
    return root;
}

/* Both routers, the first with all paths; then the connections of each path. */
static void offload(void)
{
    const uint64_t before = succeeded(CHIMNEY_INITIATE);
    struct chimney_node *root = host_new_neighbor(&arena, &routers[0], FIRST_ROUTER);
    for (uint32_t p = 0; p < path_count; p++)
        host_link(root, host_new_path(&arena, &way_objects[p], p, p % 2));
    host_chain(root, host_new_neighbor(&arena, &routers[1], FIRST_ROUTER + 1));
    host_submit(&host, CHIMNEY_INITIATE, root);
    run();
    for (uint32_t p = 0; p < path_count; p++)
        host_submit(&host, CHIMNEY_INITIATE, one_path(p, true));
    finish("routers, paths and connections are initiated");
    expect("with success, and the paths as links again", succeeded(CHIMNEY_INITIATE) - before,
           ROUTERS + 2 * path_count + connections);
}

static void take_back(void)
{
    for (uint32_t p = 0; p < path_count; p++)
        host_submit(&host, CHIMNEY_TERMINATE, one_path(p, false));
}

static void take_routers_back(void)
{
    struct chimney_node *root = name(&routers[0]);
    host_chain(root, name(&routers[1]));
    host_submit(&host, CHIMNEY_TERMINATE, root);
}

/* The routers go when what stands on them has gone. */
static void react(void)
{
    static bool paths_gone;
    if (host.record.last_status_indication != UPLOAD_ALL)
        return;
    if (!taken_back) {
        take_back();
        taken_back = true;
        paths_gone = false;
    } else if (!paths_gone && host.record.requests[CHIMNEY_TERMINATE] ==
                                  host.record.completions[CHIMNEY_TERMINATE]) {
        take_routers_back();
        paths_gone = true;
    }
}

static void react_until_resumed(void)
{
    for (unsigned ms = 0; ms < 5000 && host.record.last_status_indication != RESUME; ms++) {
        pass(1);
        react();
    }
    expect("the host may go on: NDIS_STATUS_OFFLOAD_RESUME",
           (uint32_t)host.record.last_status_indication, RESUME);
    if (wrong) /* what follows would not mean anything */
        exit(1);
}

/* ---- What must be so ----------------------------------------------------------------------- */

static void expect_entries(uint32_t first, uint32_t second)
{
    const struct im_state s = look();
    const uint32_t members[LOWERS] = {first, second};
    uint32_t tcps_there = 0, used = first + second;
    for (unsigned l = 0; l < LOWERS; l++) {
        expect(l ? "neighbors in the second lower driver" : "neighbors in the first lower driver",
               s.entries[l][CHIMNEY_NEIGHBOR], members[l] * ROUTERS);
        expect("paths in it", s.entries[l][CHIMNEY_PATH], members[l] * path_count);
        tcps_there += s.entries[l][CHIMNEY_TCP];
        printf("    %-52s %10u\n", "connections in it", s.entries[l][CHIMNEY_TCP]);
        expect("a fair part, or all, or none",
               s.entries[l][CHIMNEY_TCP] * 3 >= members[l] * connections * (3 - used) &&
                   (members[l] || !s.entries[l][CHIMNEY_TCP]),
               1);
    }
    expect("connections in both", tcps_there, used ? connections : 0);
    expect("calls and orphans", s.jobs_out + s.orphans, 0);
}

static void expect_nothing(void)
{
    const struct im_state s = look();
    uint32_t left = 0;
    for (unsigned l = 0; l < LOWERS; l++)
        for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
            left += s.entries[l][k];
    expect("entries that are left", left, 0);
    expect("calls and orphans", s.jobs_out + s.orphans, 0);
}

static uint32_t entries_of(unsigned lower)
{
    uint32_t numbers[CHIMNEY_KINDS] = {0};
    mock_select(1 + lower);
    mock_oid(NdisRequestQueryInformation, OID_FLUE_ENTRIES, numbers, sizeof numbers, NULL);
    mock_select(0);
    return numbers[CHIMNEY_NEIGHBOR] + numbers[CHIMNEY_PATH] + numbers[CHIMNEY_TCP];
}

/* ---- Five operations ----------------------------------------------------------------------- */

static void update(void)
{
    struct chimney_node *root = host_reference(&arena, &routers[1], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    host_neighbor_cached(root)->DlDestinationAddress[5] = 77;
    for (uint32_t p = 0; p < path_count; p++)
        host_link(root, name(&way_objects[p]));
    host_submit(&host, CHIMNEY_UPDATE, root);
    finish("a new MAC, and all paths to it");
    expect("with success", succeeded(CHIMNEY_UPDATE), 1 + path_count);
}

/* Timers, and all that is done once with them: probes are counted anew. */
static void restart_timers(void)
{
    struct chimney_node *node = host_reference(&arena, &tcp_objects[1], CHIMNEY_TYPE_TCP_CACHED);
    struct chimney_tcp_cached *cached = host_tcp_cached(node);
    cached->KaProbeCount = 7;
    cached->KaTimeout = 12345;
    cached->Flags = CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON | CHIMNEY_TCP_SETTINGS_RESTART_MAX_RT;
    host_submit(&host, CHIMNEY_UPDATE, node);
    run();
    expect("timers are changed and started over", (uint32_t)node->Status, SUCCESS);
    node = host_reference(&arena, &tcp_objects[1], CHIMNEY_TYPE_TCP_DELEGATED);
    host_submit(&host, CHIMNEY_QUERY, node);
    run();
    expect("keepalive probes sent since then", host_tcp_delegated(node)->KeepAlive.ProbeCount, 0);
    expect("time spent retransmitting", host_tcp_delegated(node)->TotalRT, 0);
    expect("its next sequence number", host_tcp_delegated(node)->SndNxt, 2000001);
    host_arena_clear(&arena);
}

/* More than the entries of the intermediate driver: the status that a full lower driver has. */
static void overfill(void)
{
    struct host_object more[3] = {0};
    struct chimney_node *root = name(&way_objects[0]);
    for (uint32_t i = 0; i < 3; i++)
        host_link(root, host_new_tcp(&arena, &more[i], connections + i));
    host_submit(&host, CHIMNEY_INITIATE, root);
    run();
    expect("two connections too many: the path", (uint32_t)root->Status,
           CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect("the last", (uint32_t)root->DependentBlockList->NextBlock->NextBlock->Status,
           (uint32_t)CHIMNEY_STATUS_TCP_ENTRIES);
    host_submit(&host, CHIMNEY_TERMINATE, name(&more[0]));
    finish("the one that fitted is given back");
}

static void invalidate(void)
{
    uint32_t asked_for = 0;
    host_submit(&host, CHIMNEY_INVALIDATE, name(&routers[1]));
    finish("a router goes down");
    pass(100);
    for (uint32_t t = 0; t < connections; t++)
        asked_for += tcp_objects[t].retrieved == 1u << 9 && tcp_objects[t].told == 1;
    expect("connections that the host is asked for, once each", asked_for, connections);
}

static void tell_im_operations(void)
{
    chapter("Five operations: host -> flue_im.sys -> two of flue_chimney.sys");
    offload();
    expect_entries(1, 1);
    tell_requests_below(connections);
    update();
    restart_timers();
    overfill();
    invalidate();
    take_back();
    finish("all is terminated");
    take_routers_back();
    finish("and the routers");
    expect_nothing();
    expect("entries in both NICs", entries_of(0) + entries_of(1), 0);
}

/* ---- One lower driver alone ---------------------------------------------------------------- */

static void strike(unsigned lower, uint8_t kind, uint8_t command)
{
    const struct sim_fault fault = {.what = SIM_FAULT_FAIL,
                                    .kind = kind,
                                    .command = command,
                                    .result = CHIMNEY_RESULT_FAILURE,
                                    .limit = 1};
    mock_select(1 + lower);
    mock_oid(NdisRequestSetInformation, OID_FLUE_FAULT, (void *)(uintptr_t)&fault, sizeof fault,
             NULL);
    mock_select(0);
}

static int32_t asked(uint8_t operation, struct chimney_node *root)
{
    host_submit(&host, operation, root);
    run();
    return root->Status;
}

/* What the second refuses is not left in the first. */
static void tell_half(void)
{
    chapter("One of the lower drivers refuses");
    strike(1, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR);
    expect("a router that the second refuses",
           (uint32_t)asked(CHIMNEY_INITIATE, host_new_neighbor(&arena, &late, 3)),
           (uint32_t)FAILURE);
    expect("entries in both NICs", entries_of(0) + entries_of(1), 0);
    expect("the same once more",
           (uint32_t)asked(CHIMNEY_INITIATE, host_new_neighbor(&arena, &late, 3)), SUCCESS);
    strike(1, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR);
    expect("it is not given back by the second", (uint32_t)asked(CHIMNEY_TERMINATE, name(&late)),
           (uint32_t)FAILURE);
    expect("and then it is", (uint32_t)asked(CHIMNEY_TERMINATE, name(&late)), SUCCESS);
    expect("entries in both NICs", entries_of(0) + entries_of(1), 0);
    expect_nothing();
}

/* For a while; what it has stays there. */
static void tell_pause(void)
{
    chapter("One of the lower drivers pauses");
    offload();
    mock_select(2);
    mock_pause();
    mock_select(0);
    pass(1);
    expect("NDIS_STATUS_OFFLOAD_PAUSE", (uint32_t)host.record.last_status_indication, PAUSE);
    mock_select(2);
    mock_restart();
    mock_select(0);
    pass(1);
    expect("NDIS_STATUS_OFFLOAD_RESUME", (uint32_t)host.record.last_status_indication, RESUME);
}

/* Its connections are lost, and no other; entries are used again. */
static void tell_reset(void)
{
    const uint64_t good = succeeded(CHIMNEY_TERMINATE);
    uint32_t aborted = 0;
    chapter("A lower driver is reset");
    for (uint32_t t = 0; t < connections; t++)
        tcp_objects[t].aborted = 0;
    const uint32_t lost = look().entries[0][CHIMNEY_TCP];
    mock_select(1);
    mock_reset();
    for (unsigned ms = 0; ms < 100; ms++)
        pass(1);
    expect("its reset is completed", mock_resetting(), 0);
    mock_select(0);
    for (uint32_t t = 0; t < connections; t++)
        aborted += tcp_objects[t].aborted == 1;
    expect("connections that were said to be lost, once each", aborted, lost);
    take_back();
    finish("all is terminated, once");
    expect("with success, and paths", succeeded(CHIMNEY_TERMINATE) - good,
           connections - lost + path_count);
    take_routers_back();
    finish("and the routers");
    expect("entries in both NICs", entries_of(0) + entries_of(1), 0);
    expect("entries that the lower driver never gave back", look().abandoned, lost);
    for (unsigned round = 0; round < 2; round++) {
        offload();
        take_back();
        run();
        take_routers_back();
        finish("offloaded and terminated again");
    }
    if (lost > 64) /* as many are spare */
        expect("some of them were used again", look().abandoned < lost, 1);
}

/* ---- Failover ------------------------------------------------------------------------------ */

static void sum_up(uint64_t before_good, uint64_t before_bad, uint64_t lost)
{
    expect("connections and paths that came back with their state",
           succeeded(CHIMNEY_TERMINATE) - before_good, path_count + connections + ROUTERS - lost);
    expect("whose state is lost", host_statuses(&host, CHIMNEY_TERMINATE, FAILURE) - before_bad,
           lost);
}

static void say_upload(unsigned lower)
{
    const uint32_t any = 1;
    mock_select(1 + lower);
    mock_pause();
    mock_oid(NdisRequestSetInformation, OID_FLUE_UPLOAD, (void *)(uintptr_t)&any, sizeof any, NULL);
    mock_select(0);
}

/* A lower driver pauses and asks for all: its port has no link, say. */
static void fail_over(unsigned lower)
{
    const uint64_t good = succeeded(CHIMNEY_TERMINATE),
                   bad = host_statuses(&host, CHIMNEY_TERMINATE, FAILURE);
    taken_back = false;
    say_upload(lower);
    pass(1);
    expect("NDIS_STATUS_UPLOAD_ALL, after a PAUSE", (uint32_t)host.record.last_status_indication,
           UPLOAD_ALL);
    struct chimney_node *root = host_new_neighbor(&arena, &late, 7);
    host_submit(&host, CHIMNEY_INITIATE, root);
    pass(50);
    expect("an initiate waits meanwhile", root->Status == SUCCESS, 0);
    react_until_resumed();
    finish("all is taken back, and what waited is completed");
    sum_up(good, bad, 0);
    expect("entries in the NIC that failed", entries_of(lower), 0);
    host_submit(&host, CHIMNEY_TERMINATE, name(&late));
    finish("what waited went to the other NIC, and is given back");
}

/* It is pulled out: what it had is lost, and nothing else. */
static void pull_out(unsigned lower)
{
    const uint64_t good = succeeded(CHIMNEY_TERMINATE),
                   bad = host_statuses(&host, CHIMNEY_TERMINATE, FAILURE);
    const uint32_t lost = look().entries[lower][CHIMNEY_TCP];
    uint32_t aborted = 0;
    for (uint32_t t = 0; t < connections; t++)
        tcp_objects[t].aborted = tcp_objects[t].retrieved = 0;
    taken_back = false;
    mock_select(1 + lower);
    mock_surprise();
    mock_select(0);
    mock_meanwhile(react);
    mock_unbind(lower);
    mock_meanwhile(NULL);
    host.now = mock_now();
    react_until_resumed();
    finish("all is taken back while it is unbound");
    sum_up(good, bad, lost + ROUTERS); /* which are in no other */
    for (uint32_t t = 0; t < connections; t++)
        aborted += tcp_objects[t].aborted == 1 && tcp_objects[t].retrieved;
    expect("connections that were said to be lost, once each", aborted, lost);
    expect_nothing();
}

static void tell_failovers(void)
{
    const uint32_t before = look().failovers;
    chapter("Failover: the first lower driver asks for all");
    offload();
    expect_entries(1, 1);
    fail_over(0);
    offload();
    expect_entries(0, 1);
    chapter("It may be used again, and the second is pulled out");
    mock_select(1);
    mock_restart();
    mock_select(0);
    pass(20);
    expect_entries(0, 1); /* as long as something is offloaded */
    pull_out(1);
    offload();
    expect_entries(1, 0);
    chapter("Another is plugged in, and the first fails");
    expect("it is bound", mock_bind(1), 1);
    fail_over(0);
    offload();
    expect_entries(0, 1);
    expect("failovers", look().failovers - before, 3);
}

/* What lower drivers have is taken back by the halt, though nobody asks. */
static void tell_end(void)
{
    chapter("The ledger; then it halts with all that is offloaded");
    print_ledger();
    mock_halt();
    mock_unload();
    expect("requests that are not completed", mock_outstanding(), 0);
}

int main(int count, char **arguments)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    uint64_t wanted = connections;
    if (count > 1 && !number_given("CONNECTIONS", arguments[1], 1, 1u << 24, &wanted))
        return 2;
    connections = (uint32_t)wanted;
    path_count = connections / ON_ONE_PATH + 4;
    mock_registry("Neighbors", 4);
    mock_registry("Paths", path_count);
    mock_registry("Connections", connections + 1);
    mock_registry("RingEntries", connections > 1000 ? 1024 : 64);
    mock_registry("NicRingEntries", connections > 1000 ? 1024 : 64);
    way_objects = calloc(path_count, sizeof *way_objects);
    tcp_objects = calloc(connections, sizeof *tcp_objects);
    const size_t bytes = ((size_t)connections + path_count + 64) * NODE_BYTES;
    arena = (struct host_arena){.memory = mock_pages(bytes), .bytes = bytes};
    unsigned char *image = NULL;
    if (way_objects && tcp_objects && mock_load("flue_chimney.sys"))
        image = mock_load(count > 2 ? arguments[2] : "flue_im.sys");
    if (!image)
        return 2;
    chapter("An adapter above two");
    open_adapter();
    pass(1);
    expect("lower drivers that are used", look().members[0] + look().members[1], LOWERS);
    tell_capabilities_below(connections + 1);
    expect("lower drivers that are used", look().members[0] + look().members[1], LOWERS);
    tell_addresses("flue_im.sys", image);
    tell_im_operations();
    tell_half();
    tell_pause();
    tell_reset();
    tell_failovers();
    tell_end();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
