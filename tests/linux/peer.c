/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE 65536
#define NEVER_MS 120000 /* nothing moves for so long: it is broken, not slow */

uint8_t peer_pattern(uint64_t at)
{
    uint64_t x = (at / 8 + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint8_t)(x >> 8 * (at % 8));
}

static void fill(uint8_t *bytes, uint64_t at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = peer_pattern(at + i);
}

/* ---- The server ------------------------------------------------------------------------------ */

static bool write_all(int fd, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static void send_pattern(int fd, uint64_t total)
{
    static uint8_t bytes[PIECE];
    for (uint64_t at = 0; at < total;) {
        size_t piece = total - at < PIECE ? (size_t)(total - at) : PIECE;
        fill(bytes, at, piece);
        if (!write_all(fd, bytes, piece))
            return;
        at += piece;
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, bytes, sizeof(bytes)) > 0)
        ;
}

static void send_back(int fd)
{
    static uint8_t bytes[PIECE];
    for (;;) {
        ssize_t got = read(fd, bytes, sizeof(bytes));
        if (got <= 0 || !write_all(fd, bytes, (size_t)got))
            return;
    }
}

static void serve(int listener, uint64_t bytes)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pid_t pid = fd < 0 ? -1 : fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            if (bytes)
                send_pattern(fd, bytes);
            else
                send_back(fd);
            _exit(EXIT_SUCCESS);
        }
        close(fd);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

static int listen_at(uint16_t port)
{
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const int off = 0, on = 1;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    return bind(fd, (const void *)&at, sizeof(at)) == 0 && listen(fd, 1024) == 0 ? fd : -1;
}

pid_t peer_start(const struct net *net, uint16_t port, uint64_t bytes)
{
    int ready[2];
    char one;
    if (pipe(ready) != 0)
        return -1;
    pid_t pid = net_fork(net, NET_SERVER);
    if (pid == 0) {
        int listener = listen_at(port);
        if (listener < 0 || write(ready[1], "", 1) != 1)
            _exit(EXIT_FAILURE);
        close(ready[0]);
        close(ready[1]);
        serve(listener, bytes);
    }
    close(ready[1]);
    bool listens = pid > 0 && read(ready[0], &one, 1) == 1;
    close(ready[0]);
    return listens ? pid : -1;
}

void peer_stop(pid_t server)
{
    if (server <= 0)
        return;
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

/* ---- The client ------------------------------------------------------------------------------ */

static bool would_block(ssize_t count)
{
    return count < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool flow_send(struct flow *flow, int fd)
{
    uint8_t bytes[4096];
    while (!flow->only_receive && flow->sent < flow->total) {
        uint64_t left = flow->total - flow->sent;
        size_t piece = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
        fill(bytes, flow->sent, piece);
        ssize_t sent = send(fd, bytes, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            return would_block(sent);
        flow->sent += (uint64_t)sent;
    }
    return true;
}

static bool flow_receive(struct flow *flow, int fd, uint64_t until)
{
    static uint8_t bytes[PIECE];
    while (flow->received < until && !flow->ended) {
        uint64_t left = until - flow->received;
        size_t room = left < PIECE ? (size_t)left : PIECE;
        ssize_t got = recv(fd, bytes, room, MSG_DONTWAIT);
        if (got < 0)
            return would_block(got);
        for (ssize_t i = 0; i < got; i++)
            flow->wrong += bytes[i] != peer_pattern(flow->received + (uint64_t)i);
        flow->received += (uint64_t)got;
        flow->ended = got == 0;
    }
    return true;
}

bool flow_run(struct flow *flow, int fd, uint64_t until)
{
    while (flow_send(flow, fd) && flow_receive(flow, fd, until)) {
        bool sends = !flow->only_receive && flow->sent < flow->total;
        struct pollfd waiting = {fd, (short)(sends ? POLLIN | POLLOUT : POLLIN), 0};
        if (flow->received >= until || flow->ended)
            return true;
        if (poll(&waiting, 1, NEVER_MS) <= 0)
            return false;
    }
    return false;
}
