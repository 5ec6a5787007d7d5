/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that is killed amid its work leaves nothing: with its last process the kernel takes its
 * namespaces away, and all that was in them; after the last of the connections that nobody holds
 * any more, of which the server's are given up soon here. It is seen at cables: one end is in a
 * namespace of the program's, the other at ours, which goes when the other does.
 */
#include "suite.h"

#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"
#include "rig.h"

#define PORT 80
#define GIVE_UP_SOON \
    "echo 1 > /proc/sys/net/ipv4/tcp_orphan_retries; echo 1 > /proc/sys/net/ipv4/tcp_fin_timeout"

static struct net ours;

static void setup(void)
{
    ck_assert(net_open_alone(&ours));
}

static void teardown(void)
{
    net_close(&ours);
}

/* The host's side with a connection that is offloaded, and another one that is in no socket. */
static void work_until_killed(int to_parent)
{
    struct rig_connection offloaded, guarded;
    struct rig *rig = rig_open(NULL);
    rig_offload(rig);
    bool good = peer_start(&rig->net, PORT, 1u << 20) > 0 &&
                rig_connect(&offloaded, false, 1, PORT) &&
                rig_initiate(rig, &offloaded) == CHIMNEY_STATUS_SUCCESS &&
                rig_connect(&guarded, true, 1, PORT) && rig_export(rig, &guarded);
    if (!good || write(to_parent, &rig->net, sizeof(rig->net)) != sizeof(rig->net))
        _exit(EXIT_FAILURE);
    for (;;)
        pause();
}

static pid_t start_program(struct net *its)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0)
        work_until_killed(ends[1]);
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], its, sizeof(*its)), sizeof(*its));
    close(ends[0]);
    return pid;
}

/* In a namespace of the program's. */
static bool runs(pid_t pid, const struct net *its, enum net_place place, const char *command)
{
    char line[256];
    snprintf(line, sizeof(line), "PATH=$PATH:/usr/sbin nsenter --net=/proc/%d/fd/%d sh -c '%s'",
             (int)pid, its->places[place], command);
    return net_run(&ours, NET_HOST, line) == 0;
}

static void lay_cables(pid_t pid, const struct net *its)
{
    char line[128];
    for (int place = 0; place < NET_PLACES; place++) {
        snprintf(line, sizeof(line),
                 "link add name to%d type veth peer name us netns /proc/%d/fd/%d\n", place,
                 (int)pid, its->places[place]);
        ck_assert(net_ip(&ours, NET_HOST, line));
    }
}

START_TEST(who_is_killed_leaves_nothing)
{
    struct net its;
    pid_t pid = start_program(&its);
    lay_cables(pid, &its);
    ck_assert(runs(pid, &its, NET_HOST, "ip nexthop show proto 102 | grep -q via"));
    ck_assert(runs(pid, &its, NET_HOST, "ip route show table 26220 | grep -q nhid"));
    ck_assert(runs(pid, &its, NET_HOST, "nft list set inet flue moving6 | grep -q elements"));
    for (int place = 0; place < NET_PLACES; place++)
        ck_assert(runs(pid, &its, (enum net_place)place, GIVE_UP_SOON));
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    for (int place = 0; place < NET_PLACES; place++) {
        char name[IF_NAMESIZE];
        snprintf(name, sizeof(name), "to%d", place);
        while (if_nametoindex(name) != 0) /* the kernel cleans up when it has time */
            usleep(10000);
    }
}
END_TEST

int main(void)
{
    if (!net_is_permitted())
        return NET_SKIP;
    return RUN_TESTS("crash", setup, teardown, who_is_killed_leaves_nothing);
}
