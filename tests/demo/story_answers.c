/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that are bad, late, missing or doubled: the documentation's own example, and worse. */
#include <stdio.h>

#include "demo.h"

/* The example's objects, as its tree is drawn: Neighbor1(Path1(TCP1, TCP2), Path2(TCP3)). */
enum { NEIGHBOR1, PATH1, TCP1, TCP2, PATH2, TCP3 };
#define TIMEOUT_TICKS 100 /* of every command; a tick is a millisecond */

static void fault(struct demo *d, struct sim_fault f)
{
    sim_faults_clear(d->host.nic);
    if (!sim_fault_add(d->host.nic, &f))
        d->wrong++;
}

static struct chimney_node *new_path(struct demo *d, uint32_t which)
{
    return host_new_path(&d->arena, &d->example[which], which, false);
}

static struct chimney_node *new_tcp(struct demo *d, uint32_t which)
{
    return host_new_tcp(&d->arena, &d->example[which], which);
}

/* ---- Initiate ------------------------------------------------------------------------------ */

static void example(struct demo *d)
{
    static const char *const names[] = {"Neighbor1", "  Path1", "    TCP1",
                                        "    TCP2",  "  Path2", "    TCP3"};
    static const int32_t documented[] = {
        CHIMNEY_STATUS_PARTIAL_SUCCESS, CHIMNEY_STATUS_PARTIAL_SUCCESS, CHIMNEY_STATUS_SUCCESS,
        CHIMNEY_STATUS_RESOURCES,       CHIMNEY_STATUS_FAILURE,         CHIMNEY_STATUS_FAILURE};
    struct chimney_node *node[EXAMPLES];
    struct sim_fault second_path = {.what = SIM_FAULT_FAIL,
                                    .kind = CHIMNEY_PATH,
                                    .command = CHIMNEY_PATH_ADD_PATH,
                                    .nth = 2,
                                    .result = CHIMNEY_RESULT_FAILURE};
    chapter(d, "8. The documentation's example",
            "The NIC has no room for the second connection and will not have the second path.");
    host_arena_clear(&d->arena);
    fault(d, (struct sim_fault){.what = SIM_FAULT_FAIL,
                                .kind = CHIMNEY_TCP,
                                .command = CHIMNEY_TCP_ADD_TCP,
                                .nth = 2,
                                .result = CHIMNEY_RESULT_RESOURCES});
    sim_fault_add(d->host.nic, &second_path);
    node[NEIGHBOR1] = host_new_neighbor(&d->arena, &d->example[NEIGHBOR1], 3);
    node[PATH1] = host_link(node[NEIGHBOR1], new_path(d, PATH1));
    node[TCP1] = host_link(node[PATH1], new_tcp(d, TCP1));
    node[TCP2] = host_link(node[PATH1], new_tcp(d, TCP2));
    node[PATH2] = host_link(node[NEIGHBOR1], new_path(d, PATH2));
    node[TCP3] = host_link(node[PATH2], new_tcp(d, TCP3));
    ask(d, CHIMNEY_INITIATE, node[NEIGHBOR1]);
    chapter_end(d);
    for (uint32_t i = 0; i < EXAMPLES; i++)
        expect_status(d, names[i], node[i], documented[i]);
    expect(d, "connections the NIC was asked for: TCP3 was not tried",
           commands_seen(d, CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP), 2);
    expect(d, "contexts written for what is not offloaded",
           (host_handle(&d->example[TCP2]) | host_handle(&d->example[PATH2]) |
            host_handle(&d->example[TCP3])) != 0,
           0);
}

static void rest_of_example(struct demo *d)
{
    chapter(d, "   ... and the rest of it", "There is room again; what is there is only named.");
    host_arena_clear(&d->arena);
    sim_faults_clear(d->host.nic);
    struct chimney_node *neighbor1 = name_it(d, &d->example[NEIGHBOR1], BRING_NAME);
    struct chimney_node *path1 = host_link(neighbor1, name_it(d, &d->example[PATH1], BRING_NAME));
    host_link(path1, new_tcp(d, TCP2));
    host_link(host_link(neighbor1, new_path(d, PATH2)), new_tcp(d, TCP3));
    ask(d, CHIMNEY_INITIATE, neighbor1);
    chapter_end(d);
    expect_status(d, "linker Neighbor1", neighbor1, CHIMNEY_STATUS_SUCCESS);
    expect(d, "commands", commands_seen(d, SIM_ANY, SIM_ANY), 3);
}

/* ---- Update -------------------------------------------------------------------------------- */

struct route {
    uint32_t neighbor, mtu;
};

/* What the NIC holds of a path, printed as a row. */
static struct route row(struct demo *d, const char *when, uint32_t which)
{
    struct sim_path held = {0};
    sim_path(d->host.nic, host_index(&d->example[which]), &held);
    printf("    %-40s %9s %8s\n", when, number(held.holds.neighbor), number(held.holds.path_mtu));
    return (struct route){held.holds.neighbor, held.holds.path_mtu};
}

static void print_heading(void)
{
    printf("    %-40s %9s %8s\n", "the path in the NIC's table", "neighbor", "MTU");
}

/* Let time pass until the NIC's table has the new MTU. */
static void until_mtu(struct demo *d, uint32_t which, uint32_t mtu)
{
    struct sim_path held = {0};
    for (uint32_t i = 0; i < TIMEOUT_TICKS && held.holds.path_mtu != mtu; i++) {
        host_tick(&d->host);
        sim_path(d->host.nic, host_index(&d->example[which]), &held);
    }
}

static void half_failed(struct demo *d)
{
    chapter(d, "9. Half a failure",
            "A path gets a new router and a new MTU. The NIC refuses the MTU, but keeps it.");
    host_arena_clear(&d->arena);
    ask(d, CHIMNEY_INITIATE, tree(d, 1, BRING_NEW, BRING_NOTHING, BRING_NOTHING));
    fault(d, (struct sim_fault){.what = SIM_FAULT_FAIL_KEPT,
                                .kind = CHIMNEY_PATH,
                                .command = CHIMNEY_PATH_WRITE_MTU,
                                .nth = 1,
                                .result = CHIMNEY_RESULT_FAILURE});
    print_heading();
    struct route before = row(d, "before", PATH1);
    struct chimney_node *root = name_it(d, &d->routers[1], BRING_NAME);
    struct chimney_node *path = host_link(root, name_it(d, &d->example[PATH1], BRING_VALUES));
    host_path_cached(path)->PathMtu = 1280;
    host_submit(&d->host, CHIMNEY_UPDATE, root);
    until_mtu(d, PATH1, 1280);
    struct route amid = row(d, "while the answers are on their way", PATH1);
    finish(d);
    struct route after = row(d, "when the update is complete", PATH1);
    chapter_end(d);
    expect_status(d, "the path", path, CHIMNEY_STATUS_FAILURE);
    expect(d, "router of the path amid it all", amid.neighbor, host_index(&d->routers[1]));
    expect(d, "router of the path, as before", after.neighbor, before.neighbor);
    expect(d, "MTU of the path, as before", after.mtu, before.mtu);
    expect(d, "commands sent to take it back", SINCE(d, undone), 2);
}

static void late_answer(struct demo *d)
{
    chapter(d, "10. An answer that is late",
            "Time is up after 100 ms; the NIC's good answer comes 50 ms after that.");
    host_arena_clear(&d->arena);
    fault(d, (struct sim_fault){.what = SIM_FAULT_DELAY,
                                .kind = CHIMNEY_PATH,
                                .command = CHIMNEY_PATH_WRITE_MTU,
                                .nth = 1,
                                .steps = TIMEOUT_TICKS + 50});
    print_heading();
    struct route before = row(d, "before", PATH1);
    struct chimney_node *path = name_it(d, &d->example[PATH1], BRING_VALUES);
    host_path_cached(path)->PathMtu = 1400;
    host_submit(&d->host, CHIMNEY_UPDATE, path);
    until_mtu(d, PATH1, 1400);
    row(d, "while the answer is missing", PATH1);
    finish(d);
    row(d, "when the update is complete", PATH1);
    expect(d, "late answers so far", late_since(d), 0);
    wait_ticks(d, 2 * TIMEOUT_TICKS);
    struct route after = row(d, "when the late answer has come", PATH1);
    chapter_end(d);
    expect_status(d, "the path", path, CHIMNEY_STATUS_FAILURE);
    expect(d, "commands that timed out", SINCE(d, timeouts), 1);
    expect(d, "late answers", late_since(d), 1);
    expect(d, "MTU of the path, as before", after.mtu, before.mtu);
}

static void lost_answer(struct demo *d)
{
    struct sim_neighbor held = {0};
    chapter(d, "    ... and one that never comes",
            "The NIC takes the router's new MAC address and does not say so.");
    host_arena_clear(&d->arena);
    fault(d, (struct sim_fault){.what = SIM_FAULT_LOSE_ANSWER,
                                .kind = CHIMNEY_NEIGHBOR,
                                .command = CHIMNEY_NEIGHBOR_WRITE_MAC,
                                .nth = 1});
    sim_neighbor(d->host.nic, host_index(&d->routers[1]), &held);
    uint8_t before = held.holds.destination_mac[5];
    struct chimney_node *node = name_it(d, &d->routers[1], BRING_VALUES);
    host_neighbor_cached(node)->DlDestinationAddress[5] = 99;
    ask(d, CHIMNEY_UPDATE, node);
    sim_neighbor(d->host.nic, host_index(&d->routers[1]), &held);
    chapter_end(d);
    expect_status(d, "the router", node, CHIMNEY_STATUS_FAILURE);
    expect(d, "commands that timed out", SINCE(d, timeouts), 1);
    expect(d, "last byte of the MAC in the NIC, as before", held.holds.destination_mac[5], before);
}

static struct chimney_node *new_timers(struct demo *d, uint32_t ka_timeout)
{
    static const uint32_t which[] = {TCP1, TCP2, TCP3};
    struct chimney_node *root = NULL;
    for (uint32_t i = 0; i < 3; i++) {
        struct chimney_node *node = name_it(d, &d->example[which[i]], BRING_VALUES);
        set_timer(d, node, ka_timeout);
        if (root)
            host_chain(root, node);
        else
            root = node;
    }
    return root;
}

static void doubled(struct demo *d)
{
    struct sim_tcp held = {0};
    chapter(d, "11. Answers that come twice",
            "The second ones come while the next update waits for its own.");
    host_arena_clear(&d->arena);
    fault(d, (struct sim_fault){.what = SIM_FAULT_DUPLICATE,
                                .kind = CHIMNEY_TCP,
                                .command = CHIMNEY_TCP_WRITE_TIMERS,
                                .steps = 2});
    ask(d, CHIMNEY_UPDATE, new_timers(d, 60000));
    ask(d, CHIMNEY_UPDATE, new_timers(d, 30000));
    wait_ticks(d, 10);
    sim_tcp(d->host.nic, host_index(&d->example[TCP1]), &held);
    chapter_end(d);
    expect(d, "answers flue had no use for", stray_since(d), 6);
    expect(d, "time before a probe, in the NIC", held.holds.ka_timeout, 30000);
    sim_faults_clear(d->host.nic);
}

static void give_back(struct demo *d)
{
    chapter(d, "    ... and the example is over", "Its objects go back to the host.");
    host_arena_clear(&d->arena);
    struct chimney_node *root = name_it(d, &d->example[NEIGHBOR1], BRING_ROOM);
    struct chimney_node *path1 = host_link(root, name_it(d, &d->example[PATH1], BRING_ROOM));
    host_link(path1, name_it(d, &d->example[TCP1], BRING_ROOM));
    host_link(path1, name_it(d, &d->example[TCP2], BRING_ROOM));
    struct chimney_node *path2 = host_link(root, name_it(d, &d->example[PATH2], BRING_ROOM));
    host_link(path2, name_it(d, &d->example[TCP3], BRING_ROOM));
    host_chain(root, name_it(d, &d->routers[1], BRING_ROOM));
    ask(d, CHIMNEY_TERMINATE, root);
    chapter_end(d);
    expect_empty_nic(d);
}

void tell_bad_answers(struct demo *d)
{
    part("Part two: what goes wrong with a command",
         "Neighbor1(Path1(TCP1, TCP2), Path2(TCP3)), and a NIC that is not at its best.");
    example(d);
    rest_of_example(d);
    half_failed(d);
    late_answer(d);
    lost_answer(d);
    doubled(d);
    give_back(d);
}
