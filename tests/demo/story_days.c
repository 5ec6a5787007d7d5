/* SPDX-License-Identifier: BSD-2-Clause */
/* Bad days of a NIC: its ring is full, it wants a rest, it forgets everything, it is gone. */
#include <stdio.h>

#include "demo.h"

#define NCE_STALE_TICKS 30000 /* as sim_config_default() sets it */
#define ENTRIES(d, kind) sim_entries((d)->host.nic, kind)

static struct flue_target *flue_of(struct demo *d)
{
    return &d->host.nic->target.flue;
}

static void behavior(struct demo *d, uint32_t full_chance)
{
    sim_behavior_set(d->host.nic, &(struct sim_behavior){.latency_min = 1,
                                                         .latency_max = 3,
                                                         .reorder = true,
                                                         .full_chance = full_chance});
}

static void full_ring(struct demo *d)
{
    struct sim_counters nic;
    chapter(d, "12. A ring that is full",
            "All is offloaded again. Every other time the NIC has no room for a command.");
    host_arena_clear(&d->arena);
    behavior(d, 500000);
    ask(d, CHIMNEY_INITIATE, tree(d, 0, BRING_NEW, BRING_NEW, BRING_NEW));
    behavior(d, 0);
    sim_counters(d->host.nic, &nic);
    chapter_end(d);
    expect_some(d, "commands that the NIC did not take", nic.ring_full - d->nic_before.ring_full);
    expect(d, "commands the NIC saw, each once", commands_seen(d, SIM_ANY, SIM_ANY),
           1 + (uint64_t)d->path_count + d->tcp_count);
    expect(d, "connections in the NIC", ENTRIES(d, CHIMNEY_TCP), d->tcp_count);
}

static bool told_last(const struct demo *d, int32_t code)
{
    return d->host.record.last_status_indication == code;
}

static void pause_it(struct demo *d)
{
    struct sim_path held = {0};
    chapter(d, "13. A pause", "The NIC asks for a rest: what is new waits, the rest goes on.");
    host_arena_clear(&d->arena);
    flue_pause(flue_of(d));
    wait_ticks(d, 1);
    expect(d, "the host was told to pause", told_last(d, 0x40020001), 1);
    struct chimney_node *root = name_it(d, &d->routers[0], BRING_NAME);
    struct chimney_node *path =
        host_link(root, host_new_path(&d->arena, &d->late_path, d->path_count, false));
    host_link(path, host_new_tcp(&d->arena, &d->late_tcp, d->tcp_count));
    host_submit(&d->host, CHIMNEY_INITIATE, root);
    struct chimney_node *mtu = name_it(d, &d->paths[0], BRING_VALUES);
    host_path_cached(mtu)->PathMtu = 1280;
    host_submit(&d->host, CHIMNEY_UPDATE, mtu);
    wait_ticks(d, 50);
    expect(d, "updates completed", TOLD_SINCE(d, completions[CHIMNEY_UPDATE]), 1);
    expect(d, "initiates completed", TOLD_SINCE(d, completions[CHIMNEY_INITIATE]), 0);
    flue_resume(flue_of(d));
    finish(d);
    chapter_end(d);
    expect(d, "the host was told to go on", told_last(d, 0x40020003), 1);
    expect(d, "initiates completed", TOLD_SINCE(d, completions[CHIMNEY_INITIATE]), 1);
    expect_status(d, "the connection that waited", path->DependentBlockList,
                  CHIMNEY_STATUS_SUCCESS);
    sim_path(d->host.nic, host_index(&d->paths[0]), &held);
    expect(d, "MTU of the first path in the NIC", held.holds.path_mtu, 1280);
}

static void unasked(struct demo *d)
{
    struct chimney_target *target = &d->host.nic->target;
    flue_name router = host_handle(&d->routers[0]), tcp = host_handle(&d->late_tcp);
    chapter(d, "14. What the NIC says unasked",
            "A peer closes; an idle connection should go back; is the router still there?");
    host_arena_clear(&d->arena);
    d->raised += chimney_disconnect(target, tcp);
    d->raised += chimney_retrieve(target, tcp, CHIMNEY_RETRIEVE_LOW_ACTIVITY);
    d->raised += chimney_reachability_query(target, router);
    wait_ticks(d, 1);
    expect(d, "asked of the router: it is known to be there", TOLD_SINCE(d, reachability_asked), 0);
    d->host.now += NCE_STALE_TICKS;
    d->raised += chimney_reachability_query(target, router);
    wait_ticks(d, 1);
    expect(d, "asked of it half a minute later", TOLD_SINCE(d, reachability_asked), 1);
    struct chimney_node *node = name_it(d, &d->late_tcp, BRING_ROOM);
    ask(d, CHIMNEY_TERMINATE, node);
    ask(d, CHIMNEY_TERMINATE, name_it(d, &d->late_path, BRING_ROOM));
    chapter_end(d);
    expect(d, "state of the idle connection, back at the host",
           host_tcp_delegated(node)->State == CHIMNEY_TCP_STATE_ESTABLISHED, 1);
}

/* A new timer for every connection, and time enough for some of the commands only. */
static void begin_updates(struct demo *d, uint32_t ka_timeout)
{
    struct chimney_node *root = tree(d, 0, BRING_NAME, BRING_NAME, BRING_VALUES);
    for (struct chimney_node *path = root->DependentBlockList; path; path = path->NextBlock) {
        for (struct chimney_node *tcp = path->DependentBlockList; tcp; tcp = tcp->NextBlock)
            set_timer(d, tcp, ka_timeout);
    }
    host_submit(&d->host, CHIMNEY_UPDATE, root);
    wait_ticks(d, 3);
    expect_some(d, "commands given to the NIC", commands_seen(d, SIM_ANY, SIM_ANY));
    expect_some(d, "... and answered", SINCE(d, answers));
}

static void reset(struct demo *d)
{
    struct sim_path held = {0};
    chapter(d, "15. A reset",
            "It comes amid an update of all connections. The NIC forgets everything.");
    host_arena_clear(&d->arena);
    begin_updates(d, 60000);
    sim_reset(d->host.nic);
    finish(d);
    wait_ticks(d, 50);
    chapter_end(d);
    expect(d, "routers in the NIC again", ENTRIES(d, CHIMNEY_NEIGHBOR), 1);
    expect(d, "paths in the NIC again", ENTRIES(d, CHIMNEY_PATH), d->path_count);
    sim_path(d->host.nic, host_index(&d->paths[0]), &held);
    expect(d, "MTU of the first path, as last set", held.holds.path_mtu, 1280);
    expect(d, "connections in the NIC: their state was there only", ENTRIES(d, CHIMNEY_TCP), 0);
    expect(d, "connections the host was told of: hardware failure",
           TOLD_SINCE(d, retrieves[CHIMNEY_RETRIEVE_HARDWARE_FAILURE]), d->tcp_count);
    expect(d, "... and that they are aborted", TOLD_SINCE(d, events[HOST_ABORT]), d->tcp_count);
}

/* All connections and nothing else: a node without an object carries them. */
static struct chimney_node *all_tcps(struct demo *d)
{
    struct chimney_node *root = host_node(&d->arena, NULL, CHIMNEY_TYPE_TCP_CONST);
    for (uint32_t i = 0; i < d->tcp_count; i++)
        host_link(root, name_it(d, &d->tcps[i], BRING_ROOM));
    return root;
}

static void after_reset(struct demo *d)
{
    chapter(d, "    ... and after it",
            "The host gives the lost connections up and offloads new ones on the same paths.");
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_TERMINATE, all_tcps(d));
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_INITIATE, tree(d, 0, BRING_NAME, BRING_NAME, BRING_NEW));
    chapter_end(d);
    expect(d, "lost connections given up with FAILURE: nothing came back",
           TOLD_SINCE(d, statuses[CHIMNEY_TERMINATE][host_status_index(CHIMNEY_STATUS_FAILURE)]),
           d->tcp_count);
    expect(d, "commands: one for each new connection", commands_seen(d, SIM_ANY, SIM_ANY),
           d->tcp_count);
    expect(d, "connections in the NIC", ENTRIES(d, CHIMNEY_TCP), d->tcp_count);
}

static void removal(struct demo *d)
{
    chapter(d, "16. The NIC is gone", "Somebody pulls it out amid an update of all connections.");
    host_arena_clear(&d->arena);
    begin_updates(d, 30000);
    uint64_t issued = flue_target_stats(flue_of(d))->commands;
    flue_remove(flue_of(d));
    flue_dma_stopped(flue_of(d));
    sim_forget(d->host.nic);
    finish(d);
    expect(d, "updates completed", TOLD_SINCE(d, completions[CHIMNEY_UPDATE]), 1);
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_INITIATE,
        host_new_neighbor(&d->arena, &(struct host_object){0}, 7)); /* the host has not heard yet */
    ask(d, CHIMNEY_TERMINATE, tree(d, 0, BRING_ROOM, BRING_ROOM, BRING_ROOM));
    chapter_end(d);
    expect(d, "commands issued since it is gone", flue_target_stats(flue_of(d))->commands - issued,
           0);
    expect(d, "work left in flue: its memory may go", !flue_target_quiet(flue_of(d)), 0);
}

void tell_bad_days(struct demo *d)
{
    part("Part three: what goes wrong with the NIC",
         "The router, its paths and connections again.");
    full_ring(d);
    pause_it(d);
    unasked(d);
    reset(d);
    after_reset(d);
    removal(d);
}
