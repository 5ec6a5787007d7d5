/* SPDX-License-Identifier: BSD-2-Clause */
#include "net.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connection.h"

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return written;
}

/* Not root: root of a user namespace is good enough, for all that is inside of it. */
static bool become_root(void)
{
    char map[64];
    uid_t user = geteuid();
    gid_t group = getegid();
    if (user == 0)
        return true;
    if (unshare(CLONE_NEWUSER) != 0)
        return false;
    snprintf(map, sizeof(map), "0 %u 1", user);
    if (!write_file("/proc/self/uid_map", map) || !write_file("/proc/self/setgroups", "deny"))
        return false;
    snprintf(map, sizeof(map), "0 %u 1", group);
    return write_file("/proc/self/gid_map", map);
}

static int new_place(void)
{
    if (unshare(CLONE_NEWNET) != 0)
        return -1;
    /* Where this cannot be written, the values are Debian's, which are the same. */
    write_file("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
    write_file("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
    write_file("/proc/sys/net/ipv4/ip_forward", "1");
    write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
    write_file("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
    write_file("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
    write_file("/proc/sys/net/ipv4/nexthop_compat_mode", "0");
    /* Who may not force a buffer's size gets what these say; what is put back must fit. */
    write_file("/proc/sys/net/ipv4/tcp_rmem", "4096 33554432 33554432");
    write_file("/proc/sys/net/ipv4/tcp_wmem", "4096 8388608 16777216");
    return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

bool net_enter(const struct net *net, enum net_place place)
{
    return setns(net->places[place], CLONE_NEWNET) == 0;
}

pid_t net_fork(const struct net *net, enum net_place place)
{
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || !net_enter(net, place))
        _exit(EXIT_FAILURE);
    return 0;
}

pid_t net_spawn(const struct net *net, enum net_place place, const char *const argv[], int output)
{
    pid_t pid = net_fork(net, place);
    if (pid != 0)
        return pid;
    if (output >= 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
    }
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static int status_of(pid_t pid)
{
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int net_run(const struct net *net, enum net_place place, const char *command)
{
    const char *const argv[] = {"sh", "-c", command, NULL};
    fflush(NULL);
    return status_of(net_spawn(net, place, argv, -1));
}

bool net_ip(const struct net *net, enum net_place place, const char *lines)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    fflush(NULL);
    pid_t pid = net_fork(net, place);
    if (pid == 0) {
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        close(ends[1]);
        execlp("ip", "ip", "-batch", "-", (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    bool written = write(ends[1], lines, strlen(lines)) == (ssize_t)strlen(lines);
    close(ends[1]);
    return status_of(pid) == 0 && written;
}

/* A cable; its ends are called after where they lead, at the host if2 and if3. */
static bool cable(const struct net *net, enum net_place from, const char *name, enum net_place to,
                  const char *peer)
{
    char line[160];
    snprintf(line, sizeof(line), "link add name %s type veth peer name %s netns /proc/%d/fd/%d\n",
             name, peer, (int)getpid(), net->places[to]);
    return net_ip(net, from, line);
}

static bool set_up_routers(const struct net *net)
{
    char lines[1024];
    bool good = true;
    for (int r = NET_A; r <= NET_B; r++) {
        const int n = r == NET_A ? 2 : 3; /* the number of its interface at the host, and of nets */
        snprintf(lines, sizeof(lines),
                 "link set dev lo up\nlink set dev host up\nlink set dev server up\n"
                 "addr add 192.168.%d.2/24 dev host\naddr add 192.168.1%d.1/24 dev server\n"
                 "addr add fd00:%d::2/64 dev host nodad\naddr add fd00:1%d::1/64 dev server nodad\n"
                 "route add 10.1.0.0/16 via 192.168.%d.1\nroute add 10.2.0.0/16 via 192.168.1%d.2\n"
                 "route add fd00:1::/64 via fd00:%d::1\nroute add fd00:2::/64 via fd00:1%d::2\n",
                 n, n, 0x30 + n, 0x30 + n, n, n, 0x30 + n, 0x30 + n);
        good = good && net_ip(net, (enum net_place)r, lines);
    }
    return good;
}

static bool set_up_ends(const struct net *net)
{
    return net_ip(net, NET_HOST,
                  "link set dev lo up\nlink set dev if2 up\nlink set dev if3 up\n"
                  "addr add 10.1.0.1/32 dev lo\naddr add fd00:1::1/128 dev lo nodad\n"
                  "addr add 192.168.2.1/24 dev if2\naddr add 192.168.3.1/24 dev if3\n"
                  "addr add fd00:50::1/64 dev if2 nodad\naddr add fd00:51::1/64 dev if3 nodad\n"
                  "route add 10.2.0.0/16 via 192.168.2.2 src 10.1.0.1\n"
                  "route add fd00:2::/64 via fd00:50::2 src fd00:1::1\n") &&
           net_ip(net, NET_SERVER,
                  "link set dev lo up\nlink set dev a up\nlink set dev b up\n"
                  "addr add 192.168.12.2/24 dev a\naddr add 192.168.13.2/24 dev b\n"
                  "addr add fd00:150::2/64 dev a nodad\naddr add fd00:151::2/64 dev b nodad\n"
                  "addr add fd00:2::1/128 dev lo nodad\n"
                  "route add local 10.2.0.0/16 dev lo\naddr add 10.2.0.1/32 dev lo\n"
                  "route add 10.1.0.0/16 via 192.168.12.1 src 10.2.0.1\n"
                  "route add fd00:1::/64 via fd00:150::1 src fd00:2::1\n");
}

static bool set_up(struct net *net, int places)
{
    net->before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    for (int p = 0; p < places; p++) {
        net->places[p] = new_place();
        if (net->places[p] < 0)
            return false;
    }
    if (!net_enter(net, NET_HOST))
        return false;
    if (places == 1)
        return net_ip(net, NET_HOST, "link set dev lo up\n");
    return cable(net, NET_HOST, "if2", NET_A, "host") &&
           cable(net, NET_HOST, "if3", NET_B, "host") &&
           cable(net, NET_SERVER, "a", NET_A, "server") &&
           cable(net, NET_SERVER, "b", NET_B, "server") && set_up_routers(net) && set_up_ends(net);
}

static bool guard_permitted(void)
{
    int error;
    struct linux_guard *guard = linux_guard_open("probe", &error);
    linux_guard_close(guard);
    return guard != NULL;
}

static bool open_places(struct net *net, int places)
{
    *net = (struct net){.places = {-1, -1, -1, -1}, .before = -1};
    if (!become_root()) {
        fprintf(stderr, "skipped: no namespaces: not root, and no user namespace is permitted\n");
        return false;
    }
    if (set_up(net, places) && linux_repair_permitted() == 0 && guard_permitted())
        return true;
    fprintf(stderr, "skipped: network namespaces, veth, TCP_REPAIR, nftables: one of them is not "
                    "permitted, or there is no `ip` (Debian: iproute2)\n");
    net_close(net);
    return false;
}

bool net_open(struct net *net)
{
    return open_places(net, NET_PLACES);
}

bool net_open_alone(struct net *net)
{
    return open_places(net, 1);
}

void net_close(struct net *net)
{
    if (net->before >= 0) {
        setns(net->before, CLONE_NEWNET);
        close(net->before);
    }
    for (int p = 0; p < NET_PLACES; p++) {
        if (net->places[p] >= 0)
            close(net->places[p]);
    }
}

bool net_is_permitted(void)
{
    struct net net;
    if (!net_open_alone(&net))
        return false;
    net_close(&net);
    return true;
}

void net_router_mac(const struct net *net, enum net_place router, uint8_t mac[6])
{
    struct ifreq request = {0};
    memset(mac, 0, 6);
    if (!net_enter(net, router))
        return;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(request.ifr_name, sizeof(request.ifr_name), "host");
    if (fd >= 0 && ioctl(fd, SIOCGIFHWADDR, &request) == 0)
        memcpy(mac, request.ifr_hwaddr.sa_data, 6);
    if (fd >= 0)
        close(fd);
    net_enter(net, NET_HOST);
}
