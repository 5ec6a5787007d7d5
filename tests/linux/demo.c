/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Live connections: curl gets a file from socat through a connection that is handed to the kernel
 * and taken back all the time; then many connections at once. Exit status 0 only if hashes and
 * ledger agree. With --short: fewer and smaller ones.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "look.h"
#include "peer.h"
#include "rig.h"

#define SUCCESS CHIMNEY_STATUS_SUCCESS
#define PIECE 65536
#define NEVER_MS 120000
#define WEB_PORT 8080

static struct rig *rig;
static uint32_t wrong;
static bool by_b; /* the router that serves */
static uint64_t file_bytes = 200u << 20;
static uint32_t rounds = 100, crowd = 1000;

static bool expect(bool met, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("    %-6s", met ? "ok" : "WRONG");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    fflush(stdout);
    wrong += !met;
    return met;
}

static void chapter(const char *title)
{
    printf("\n%s\n\n", title);
    host_arena_clear(&rig->arena);
}

/* ---- A file, and who serves it --------------------------------------------------------------- */

/* An answer as HTTP has it, in memory that has no name. */
static int make_file(char *sum, unsigned int bytes)
{
    char head[128], command[128];
    static uint8_t piece[PIECE];
    int length = snprintf(head, sizeof(head), "HTTP/1.0 200 OK\r\nContent-Length: %llu\r\n\r\n",
                          (unsigned long long)file_bytes);
    int fd = memfd_create("file", 0);
    bool good = fd >= 0 && write(fd, head, (size_t)length) == length;
    for (uint64_t at = 0; good && at < file_bytes; at += PIECE) {
        for (uint32_t i = 0; i < PIECE; i++)
            piece[i] = peer_pattern(at + i);
        good = write(fd, piece, PIECE) == PIECE;
    }
    snprintf(command, sizeof(command), "tail -c %llu /proc/%d/fd/%d | sha256sum",
             (unsigned long long)file_bytes, (int)getpid(), fd);
    good = good && look_first_word(&rig->net, NET_SERVER, command, sum, bytes);
    if (good)
        return fd;
    fprintf(stderr, "there is no memory for the file\n");
    exit(EXIT_FAILURE);
}

/* For one client: what it forked would not die with us. */
static pid_t serve_file(int file)
{
    char listen[64], system[64];
    snprintf(listen, sizeof(listen), "TCP6-LISTEN:%d,reuseaddr,ipv6only=0", WEB_PORT);
    snprintf(system, sizeof(system), "SYSTEM:read line; cat /proc/%d/fd/%d", (int)getpid(), file);
    const char *const argv[] = {"socat", listen, system, NULL};
    return net_spawn(&rig->net, NET_SERVER, argv, -1);
}

/* ---- A transfer, with curl at the near end -------------------------------------------------- */

struct relay {
    struct rig_connection c;
    int listener, local; /* where curl is */
    int sum;             /* what sha256sum says of what curl got */
    pid_t curl;
    uint64_t passed;
    bool ended;
    char held[PIECE]; /* on its way to curl */
    size_t held_at, held_bytes;
};

static void start_curl(struct relay *r)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *const argv[] = {"sh", "-c",
                                "curl -sS --max-time 3600 --abstract-unix-socket flue "
                                "http://server/file | sha256sum",
                                NULL};
    int ends[2];
    memcpy(at.sun_path + 1, "flue", 4); /* an abstract name: of this network namespace */
    r->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 5);
    if (bind(r->listener, (const void *)&at, bytes) != 0 || listen(r->listener, 1) != 0 ||
        pipe(ends) != 0)
        exit(EXIT_FAILURE);
    r->curl = net_spawn(&rig->net, NET_HOST, argv, ends[1]);
    close(ends[1]);
    r->sum = ends[0];
    r->local = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void pass_request(struct relay *r)
{
    char bytes[4096];
    ssize_t got = recv(r->local, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got > 0 && send(r->c.fd, bytes, (size_t)got, MSG_NOSIGNAL) != got)
        expect(false, "the request was cut");
}

static bool pass_answer(struct relay *r)
{
    if (r->held_at == r->held_bytes && !r->ended) {
        ssize_t got = recv(r->c.fd, r->held, sizeof(r->held), MSG_DONTWAIT);
        if (got < 0)
            return errno == EAGAIN;
        r->ended = got == 0;
        r->held_at = 0;
        r->held_bytes = (size_t)got;
        r->passed += (uint64_t)got;
    }
    if (r->held_at == r->held_bytes) /* it ended; curl, who knows the length, may be gone before */
        return true;
    ssize_t sent = send(r->local, r->held + r->held_at, r->held_bytes - r->held_at, MSG_NOSIGNAL);
    if (sent > 0)
        r->held_at += (size_t)sent;
    return sent >= 0 || errno == EAGAIN;
}

/* Until so many bytes have passed, or it ended. */
static void pass(struct relay *r, uint64_t until)
{
    while (r->passed < until && !(r->ended && r->held_at == r->held_bytes)) {
        bool holds = r->held_at < r->held_bytes;
        struct pollfd waiting[2] = {{r->local, (short)(holds ? POLLIN | POLLOUT : POLLIN), 0},
                                    {holds ? -1 : r->c.fd, POLLIN, 0}};
        if (poll(waiting, 2, NEVER_MS) <= 0 || !pass_answer(r)) {
            expect(false, "the transfer stands still at %llu bytes", (unsigned long long)r->passed);
            exit(EXIT_FAILURE);
        }
        if (waiting[0].revents & POLLIN)
            pass_request(r);
    }
}

/* ---- A round: offloaded, changed, asked, failed over, taken back ---------------------------- */

struct doings {
    uint64_t initiated, updated, queried, failed_over, terminated, refused;
};

static void count(struct doings *d, uint64_t *what, int32_t status)
{
    if (status == SUCCESS)
        (*what)++;
    else
        d->refused++;
}

static void update(struct relay *r, struct doings *d, uint32_t round)
{
    r->c.state.settings.keepalive_on = true;
    r->c.state.settings.ka_timeout_ms = 60000 + 1000 * (round % 60);
    r->c.state.settings.ttl = (uint8_t)(64 + round % 100);
    count(d, &d->updated, rig_ask(rig, CHIMNEY_UPDATE, rig_cached(rig, &r->c)));
}

/*
 * The router that is in use is gone, the other one serves; then the first is back as another one.
 */
static void fail_over(struct relay *r, struct doings *d)
{
    struct host_object *old = by_b ? &rig->b : &rig->a, *other = by_b ? &rig->a : &rig->b;
    int32_t status = rig_ask(rig, CHIMNEY_INVALIDATE, rig_name(rig, old));
    struct chimney_node *root = rig_relink(rig, &rig->path[r->c.ipv6], other);
    rig_ask(rig, CHIMNEY_UPDATE, root);
    host_link(root, rig_name(rig, &rig->path[!r->c.ipv6]));
    rig_ask(rig, CHIMNEY_UPDATE, root);
    if (root->DependentBlockList->Status != SUCCESS)
        status = root->DependentBlockList->Status;
    count(d, &d->failed_over, status);
    if (rig_ask(rig, CHIMNEY_TERMINATE, rig_name(rig, old)) != SUCCESS ||
        rig_ask(rig, CHIMNEY_INITIATE, rig_new_router(rig, old, by_b ? NET_B : NET_A)) != SUCCESS)
        d->refused++;
    by_b = !by_b;
}

static void show(const char *what)
{
    printf("    %s\n", what);
    net_run(&rig->net, NET_HOST,
            "ss -tinoH dport = :8080 | cut -c1-180 | sed 's/^/        /'; "
            "ip nexthop show | sed 's/^/        /'; "
            "ip route show table 26220 | sed 's/^/        /';"
            "ip -6 route show table 26220 | sed 's/^/        /'");
}

static void one_round(struct relay *r, struct doings *d, uint32_t round)
{
    struct chimney_tcp_delegated told;
    bool shown = round == 1;
    uint64_t slice = file_bytes / (rounds + 1) / 4, begun = r->passed;
    count(d, &d->initiated, rig_initiate(rig, &r->c));
    pass(r, begun + slice);
    if (shown)
        show("offloaded:");
    update(r, d, round);
    struct look_capture capture = {-1, -1};
    if (shown)
        capture = look_capture(&rig->net, NET_HOST, by_b ? "if3" : "if2",
                               "tcp and src port not 8080", "2");
    pass(r, begun + 2 * slice);
    if (shown) {
        printf("    its segments, with the new TTL (%u):\n", r->c.state.settings.ttl);
        look_captured(&capture);
    }
    count(d, &d->queried, rig_query(rig, &r->c, &told));
    fail_over(r, d);
    pass(r, begun + 3 * slice);
    if (shown)
        show("failed over to the other router:");
    count(d, &d->terminated, rig_terminate(rig, &r->c));
    if (shown)
        show("taken back by the host:");
    pass(r, begun + 4 * slice);
    host_arena_clear(&rig->arena);
}

static uint64_t everywhere(const char *counter)
{
    return look_counter(&rig->net, NET_HOST, counter) +
           look_counter(&rig->net, NET_SERVER, counter);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool connect_soon(struct relay *r, bool ipv6)
{
    for (int i = 0; i < 1000; i++) { /* until socat listens */
        if (rig_connect(&r->c, ipv6, 1, WEB_PORT))
            return true;
        close(r->c.fd);
        usleep(10000);
    }
    return false;
}

static void transfer(bool ipv6, const char *sum)
{
    static struct relay r;
    struct doings d = {0};
    char got[80] = "";
    uint64_t resent = everywhere("RetransSegs"), resets = everywhere("OutRsts");
    chapter(ipv6 ? "curl and socat, IPv6" : "curl and socat, IPv4");
    r = (struct relay){0};
    if (!expect(connect_soon(&r, ipv6), "connected"))
        return;
    start_curl(&r);
    resets = everywhere("OutRsts");
    double begun = seconds();
    pass(&r, 1);
    for (uint32_t round = 1; round <= rounds; round++)
        one_round(&r, &d, round);
    pass(&r, UINT64_MAX);
    double took = seconds() - begun;
    close(r.local);
    close(r.listener);
    ssize_t bytes = read(r.sum, got, sizeof(got) - 1);
    got[strcspn(got, " \n")] = 0;
    waitpid(r.curl, NULL, 0);
    close(r.sum);
    expect(bytes > 0 && strcmp(got, sum) == 0, "SHA-256 of what curl got:  %s", got);
    printf("          of what socat sent: %s\n", sum);
    expect(d.refused == 0 && d.initiated == rounds && d.terminated == rounds,
           "%llu initiates, %llu updates, %llu queries, %llu failovers, %llu terminates",
           (unsigned long long)d.initiated, (unsigned long long)d.updated,
           (unsigned long long)d.queried, (unsigned long long)d.failed_over,
           (unsigned long long)d.terminated);
    expect(everywhere("OutRsts") == resets, "no reset was sent");
    printf("          %llu bytes; %llu segments sent again; %.1f moves a second\n",
           (unsigned long long)r.passed, (unsigned long long)(everywhere("RetransSegs") - resent),
           2.0 * rounds / took);
    rig_end(rig, &r.c);
}

/* ---- The ledger ----------------------------------------------------------------------------- */

static void ledger(void)
{
    const struct host_record *record = &rig->host.record;
    struct linux_counters c = linux_counters(rig->nic);
    chapter("Ledger");
    for (uint8_t o = 0; o < chimney_spec.operation_count; o++) {
        uint64_t statuses = 0;
        for (uint8_t s = 0; s < chimney_spec.status_count; s++)
            statuses += record->statuses[o][s];
        expect(record->requests[o] == record->completions[o] && record->nodes[o] == statuses,
               "%-10s %8llu requests, as many completions; %8llu nodes, as many statuses",
               chimney_spec.operations[o].name, (unsigned long long)record->requests[o],
               (unsigned long long)record->nodes[o]);
    }
    expect(record->unexpected == 0 && record->wrong == 0 && record->unwritten == 0, "none twice");
    expect(c.moved_in == c.moved_out, "%llu connections moved in, as many moved out",
           (unsigned long long)c.moved_in);
    printf("          in their queues: %llu bytes in, %llu bytes out\n",
           (unsigned long long)c.bytes_in, (unsigned long long)c.bytes_out);
    printf("          %llu orders in %llu doorbells; variables not set: %llu, not read: %llu\n",
           (unsigned long long)c.orders, (unsigned long long)c.doorbells,
           (unsigned long long)c.not_set, (unsigned long long)c.not_read);
    expect(c.kernel_answers_lost == 0, "no answer of the kernel was lost");
}

static void open_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    char sum[80];
    if (argc > 1 && strcmp(argv[1], "--short") == 0) {
        file_bytes = 16u << 20;
        rounds = 5;
        crowd = 50;
    }
    if (!look_is_there("curl") || !look_is_there("socat") || !look_is_there("tcpdump")) {
        printf("skipped: needs curl, socat and tcpdump\n");
        return NET_SKIP;
    }
    open_files();
    rig = rig_open(NULL);
    printf("Four hosts: the host, routers A and B, the server; the kernel plays the NIC\n");
    rig_offload(rig);
    int file = make_file(sum, sizeof(sum));
    pid_t server = serve_file(file);
    transfer(false, sum);
    peer_stop(server);
    server = serve_file(file);
    transfer(true, sum);
    peer_stop(server);
    chapter("A path gets smaller: a router says so by ICMP");
    for (int ipv6 = 0; ipv6 <= 1; ipv6++)
        expect(crowd_mtu(rig, ipv6), "%s: the path's MTU is what the ICMP said, and data passes",
               ipv6 ? "IPv6" : "IPv4");
    chapter("Many connections at once");
    for (int ipv6 = 0; ipv6 <= 1; ipv6++)
        expect(crowd_run(rig, crowd, ipv6),
               "%s: %u connections in, failed over by one command, and out; no byte is wrong",
               ipv6 ? "IPv6" : "IPv4", crowd);
    ledger();
    rig_close(rig);
    printf("\n%s\n", wrong ? "WRONG: see above." : "Everything is as it should be.");
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
