/* SPDX-License-Identifier: BSD-2-Clause */
/* The five operations, each tree in pages that are closed when its completion call returns. */
#include "story.h"

#include <stdio.h>

#define SUCCESS CHIMNEY_STATUS_SUCCESS

static void set_mac(struct chimney_node *router, uint8_t last)
{
    host_neighbor_cached(router)->DlDestinationAddress[5] = last;
}

/* Two routers; one with all paths, and two connections on each. */
static void offload(void)
{
    begin_tree();
    struct chimney_node *root = host_new_neighbor(&arena, &routers[0], 1);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *path = host_link(root, host_new_path(&arena, &paths[p], p, p % 2));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, host_new_tcp(&arena, &tcps[t], t));
    }
    expect("status of the first router", (uint32_t)ask(CHIMNEY_INITIATE, root), SUCCESS);
    begin_tree();
    root = host_new_neighbor(&arena, &routers[1], 2);
    expect("status of the second", (uint32_t)ask(CHIMNEY_INITIATE, root), SUCCESS);
    expect("objects offloaded", host_statuses(&host, CHIMNEY_INITIATE, SUCCESS),
           ROUTERS + PATHS + TCPS);
}

/* More connections than the adapter said it takes. */
static void overfill(void)
{
    struct host_object more[TCPS] = {0};
    begin_tree();
    struct chimney_node *root = name(&paths[0]);
    for (uint32_t t = 0; t < TCPS; t++)
        host_link(root, host_new_tcp(&arena, &more[t], 100 + t));
    expect("a path with more connections than fit", (uint32_t)ask(CHIMNEY_INITIATE, root),
           CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect("the last of them", (uint32_t)status_of(TCPS), (uint32_t)CHIMNEY_STATUS_TCP_ENTRIES);
    begin_tree();
    root = name(&paths[0]);
    for (uint32_t t = 0; t < 14 - TCPS; t++)
        host_link(root, name(&more[t]));
    ask(CHIMNEY_TERMINATE, root);
    expect("those that fit are given back", (uint32_t)status_of(1), SUCCESS);
}

/* The seed: a new MAC and paths that move, in one tree. */
static void update(void)
{
    begin_tree();
    struct chimney_node *root = host_reference(&arena, &routers[1], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    set_mac(root, 77);
    for (uint32_t p = 0; p < PATHS; p++)
        host_link(root, name(&paths[p]));
    const void *at = root;
    expect("a new MAC, and all paths to it", (uint32_t)ask(CHIMNEY_UPDATE, root), SUCCESS);
    printf("    root %p: host -> flue_chimney.sys -> NdisMUpdateOffloadComplete -> host\n", at);
    for (uint32_t p = 0; p < PATHS; p++)
        expect("path", (uint32_t)status_of(1 + p), SUCCESS);
}

static void query(void)
{
    begin_tree();
    struct chimney_node *node = host_reference(&arena, &tcps[3], CHIMNEY_TYPE_TCP_DELEGATED);
    expect("a connection is asked for its state", (uint32_t)ask(CHIMNEY_QUERY, node), SUCCESS);
    open_tree();
    expect("its next sequence number", host_tcp_delegated(node)->SndNxt, 2000003);
}

static void invalidate_and_terminate(void)
{
    begin_tree();
    expect("a router goes down", (uint32_t)ask(CHIMNEY_INVALIDATE, name(&routers[1])), SUCCESS);
    pass(100);
    uint32_t asked_for = 0;
    for (uint32_t t = 0; t < TCPS; t++)
        asked_for += tcps[t].retrieved != 0;
    expect("connections that the host was asked to take back", asked_for, TCPS);
    begin_tree();
    struct chimney_node *root = name(&routers[1]);
    for (uint32_t p = 0; p < PATHS; p++) {
        struct chimney_node *path = host_link(root, name(&paths[p]));
        for (uint32_t t = p; t < TCPS; t += PATHS)
            host_link(path, name(&tcps[t]));
    }
    expect("all that stands on it is terminated", (uint32_t)ask(CHIMNEY_TERMINATE, root), SUCCESS);
    begin_tree();
    expect("and the other router", (uint32_t)ask(CHIMNEY_TERMINATE, name(&routers[0])), SUCCESS);
}

void tell_operations(void)
{
    chapter("Five operations");
    offload();
    overfill();
    update();
    query();
    invalidate_and_terminate();
    chapter("The ledger");
    print_ledger();
}
