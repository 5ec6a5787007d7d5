/* SPDX-License-Identifier: BSD-2-Clause */
/* The story: a server behind a router, and what happens to its offloaded connections. */
#include <stdio.h>
#include <string.h>

#include "demo.h"

static void offload(struct demo *d)
{
    chapter(d, "1. Offload", "A router, the paths through it, the connections on them: one call.");
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_INITIATE, tree(d, 0, BRING_NEW, BRING_NEW, BRING_NEW));
    chapter_end(d);
    expect(d, "neighbors in the NIC", sim_entries(d->host.nic, CHIMNEY_NEIGHBOR), 1);
    expect(d, "paths in the NIC", sim_entries(d->host.nic, CHIMNEY_PATH), d->path_count);
    expect(d, "connections in the NIC", sim_entries(d->host.nic, CHIMNEY_TCP), d->tcp_count);
}

static void new_mac(struct demo *d)
{
    static const uint8_t mac[6] = {0x02, 0xca, 0xfe, 0x00, 0x00, 0x07};
    struct sim_neighbor held = {0};
    chapter(d, "2. ARP", "The router answers from another network card: its MAC address is new.");
    host_arena_clear(&d->arena);
    struct chimney_node *node = name_it(d, &d->routers[0], BRING_VALUES);
    memcpy(host_neighbor_cached(node)->DlDestinationAddress, mac, sizeof(mac));
    ask(d, CHIMNEY_UPDATE, node);
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 1);
    sim_neighbor(d->host.nic, host_index(&d->routers[0]), &held);
    expect(d, "last byte of the MAC in the NIC", held.holds.destination_mac[5], 7);

    chapter(d, "   ... and once more", "The same address again: nothing to tell the NIC.");
    ask(d, CHIMNEY_UPDATE, node);
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 0);
}

static void new_mtu(struct demo *d)
{
    struct sim_path held = {0};
    struct host_object *path = &d->paths[0];
    chapter(d, "3. Path MTU", "An ICMP message says that one path takes 1,280 bytes only.");
    host_arena_clear(&d->arena);
    struct chimney_node *node = name_it(d, path, BRING_VALUES);
    host_path_cached(node)->PathMtu = 1280;
    ask(d, CHIMNEY_UPDATE, node);
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 1);
    sim_path(d->host.nic, host_index(path), &held);
    expect(d, "MTU in the NIC", held.holds.path_mtu, 1280);
}

static void keepalive(struct demo *d)
{
    struct sim_tcp held = {0};
    struct host_object *tcp = tcp_of(d, 0, 0);
    chapter(d, "4. Socket options",
            "A program turns keepalive on and wants probes after a minute.");
    host_arena_clear(&d->arena);
    struct chimney_node *node = name_it(d, tcp, BRING_VALUES);
    set_timer(d, node, 60000);
    host_tcp_cached(node)->Flags |=
        CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON | CHIMNEY_TCP_SETTINGS_RESTART_KEEPALIVE;
    ask(d, CHIMNEY_UPDATE, node);
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 2);
    sim_tcp(d->host.nic, host_index(tcp), &held);
    expect(d, "keepalive in the NIC", held.holds.keepalive_on, 1);
    expect(d, "time until the first probe", held.holds.keepalive_timeout_delta, 60000);
}

static uint64_t paths_through(struct demo *d, const struct host_object *router)
{
    struct sim_neighbor held = {0};
    sim_neighbor(d->host.nic, host_index(router), &held);
    return held.paths;
}

static void failover(struct demo *d)
{
    chapter(d, "5. The router dies", "Nothing may be sent by it any more; one call, one command.");
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_INVALIDATE, name_it(d, &d->routers[0], BRING_NAME));
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 1);

    chapter(d, "   ... another takes over", "It is offloaded, and all paths are moved to it.");
    ask(d, CHIMNEY_INITIATE, tree(d, 1, BRING_NEW, BRING_NOTHING, BRING_NOTHING));
    ask(d, CHIMNEY_UPDATE, tree(d, 1, BRING_NAME, BRING_NAME, BRING_NOTHING));
    chapter_end(d);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 1 + (uint64_t)d->path_count);
    expect(d, "paths through the old router", paths_through(d, &d->routers[0]), 0);
    expect(d, "paths through the new router", paths_through(d, &d->routers[1]), d->path_count);
    expect(d, "connections in the NIC, none of them touched", sim_entries(d->host.nic, CHIMNEY_TCP),
           d->tcp_count);

    chapter(d, "   ... and the dead one is given up", "Nothing depends on it any more.");
    ask(d, CHIMNEY_TERMINATE, name_it(d, &d->routers[0], BRING_ROOM));
    chapter_end(d);
    expect(d, "neighbors in the NIC", sim_entries(d->host.nic, CHIMNEY_NEIGHBOR), 1);
}

static void query(struct demo *d)
{
    struct host_object *tcp = tcp_of(d, d->path_count - 1, 0);
    chapter(d, "6. Traffic, and a query",
            "A connection sends 100,000 bytes; the host asks for it.");
    host_arena_clear(&d->arena);
    sim_traffic(d->host.nic, host_index(tcp), 100000, 5000);
    struct chimney_node *node = name_it(d, tcp, BRING_ROOM);
    ask(d, CHIMNEY_QUERY, node);
    chapter_end(d);
    expect(d, "sent and acknowledged up to", host_tcp_delegated(node)->SndUna,
           2100000 + tcp->number);
    expect(d, "received up to", host_tcp_delegated(node)->RcvNxt, 1005000 + tcp->number);
}

static void terminate(struct demo *d)
{
    uint64_t returned = 0;
    chapter(d, "7. Terminate", "All goes back to the host, connections first: one call.");
    host_arena_clear(&d->arena);
    struct chimney_node *root = tree(d, 1, BRING_ROOM, BRING_ROOM, BRING_ROOM);
    ask(d, CHIMNEY_TERMINATE, root);
    chapter_end(d);
    for (struct chimney_node *path = root->DependentBlockList; path; path = path->NextBlock) {
        for (struct chimney_node *tcp = path->DependentBlockList; tcp; tcp = tcp->NextBlock)
            returned += host_tcp_delegated(tcp)->State == CHIMNEY_TCP_STATE_ESTABLISHED;
    }
    expect(d, "connections returned, established", returned, d->tcp_count);
    expect_empty_nic(d);
}

void tell_what_goes_well(struct demo *d)
{
    part("Part one: what goes well", "A server behind a router, and its offloaded connections.");
    offload(d);
    new_mac(d);
    new_mtu(d);
    keepalive(d);
    failover(d);
    query(d);
    terminate(d);
}
