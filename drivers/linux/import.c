/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection into a socket: the order of the steps is the kernel's, not a matter of taste. */
#include <errno.h>
#include <linux/in6.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"
#include "states.h"

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif

#define ON_THE_SAFE_SIDE_MS 2u
#define ROOM_BYTES (1u << 20) /* beyond what is put back at once */
#define PIECE_BYTES 32768u
#define PLAIN_BYTES (2 * 212992) /* the usual limit of SO_RCVBUF and SO_SNDBUF, doubled */
#define SEGMENT_BYTES 65536u     /* the kernel's own, before they are cut */
#define SEGMENT_COST 1024u       /* what each takes of the buffer beside its data */
#define MOST_OPTIONS 4
#define MOST_INJECTIONS 10
#define MOST_LOOKS 100
#define BETWEEN_LOOKS_US 1000
#define MSS_OPTION 2u
#define WINDOW_OPTION 3u
#define SACK_OPTION 4u
#define TIMESTAMP_OPTION 8u

struct import {
    const struct linux_connection *c;
    int fd;
    uint32_t rcv_seq, snd_seq; /* of the first byte of each queue */
    const char *step;
    bool unguarded, live;
};

static int set(struct import *im, const char *step, int level, int option, int value)
{
    im->step = step;
    return setsockopt(im->fd, level, option, &value, sizeof(value)) == 0 ? 0 : errno;
}

static int set_tcp(struct import *im, const char *step, int option, int value)
{
    return set(im, step, IPPROTO_TCP, option, value);
}

/* Where force is not permitted, the plain option has a limit, and would take away what is above. */
static void room(struct import *im, int forced, int plain, uint32_t bytes)
{
    int there = 0;
    socklen_t size = sizeof(there);
    if (set(im, "force", SOL_SOCKET, forced, (int)bytes) == 0)
        return;
    if (getsockopt(im->fd, SOL_SOCKET, plain, &there, &size) == 0 && there < PLAIN_BYTES &&
        (uint32_t)there < bytes)
        set(im, "plain", SOL_SOCKET, plain, (int)bytes);
}

static int buffers(struct import *im)
{
    uint32_t receive = linux_data_bytes(im->c->receive) + im->c->rcv_wnd;
    room(im, SO_RCVBUFFORCE, SO_RCVBUF, receive + ROOM_BYTES);
    room(im, SO_SNDBUFFORCE, SO_SNDBUF, 2 * linux_data_bytes(im->c->send) + ROOM_BYTES);
    /* For the time of the import: a limit of unsent data is one for what an application adds. */
    set_tcp(im, "TCP_NOTSENT_LOWAT", TCP_NOTSENT_LOWAT, -1);
    setsockopt(im->fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5); /* or what there is */
    return 0;
}

static int name(struct import *im, bool remote, int call(int, const struct sockaddr *, socklen_t))
{
    const struct linux_tuple *t = &im->c->tuple;
    struct sockaddr_in ip = {.sin_family = AF_INET,
                             .sin_port = remote ? t->remote_port : t->local_port};
    struct sockaddr_in6 ip6 = {.sin6_family = AF_INET6, .sin6_port = ip.sin_port};
    memcpy(&ip.sin_addr, remote ? t->remote : t->local, 4);
    memcpy(&ip6.sin6_addr, remote ? t->remote : t->local, 16);
    if (remote)
        ip6.sin6_flowinfo = htonl(im->c->settings.flow_label & 0xfffff);
    im->step = remote ? "connect" : "bind";
    int failed = t->ipv6 ? call(im->fd, (const void *)&ip6, sizeof(ip6))
                         : call(im->fd, (const void *)&ip, sizeof(ip));
    return failed ? errno : 0;
}

static int sequence(struct import *im, int queue, uint32_t number)
{
    int error = set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, queue);
    return error ? error : set_tcp(im, "TCP_QUEUE_SEQ", TCP_QUEUE_SEQ, (int)number);
}

/* Before connect: what the first segments go by. */
static int before(struct import *im)
{
    const struct linux_connection *c = im->c;
    int error = set_tcp(im, "TCP_REPAIR", TCP_REPAIR, 1);
    if (!error) {
        im->step = "header";
        error = linux_set_header(im->fd, c->tuple.ipv6, &c->settings);
    }
    if (!error)
        error = set_tcp(im, "TCP_MAXSEG", TCP_MAXSEG, c->mss);
    if (!error && c->tuple.ipv6 && c->settings.flow_label)
        error = set(im, "IPV6_FLOWINFO_SEND", IPPROTO_IPV6, IPV6_FLOWINFO_SEND, 1);
    if (!error)
        error = name(im, false, bind);
    if (!error)
        error = sequence(im, TCP_RECV_QUEUE, im->rcv_seq);
    if (!error)
        error = sequence(im, TCP_SEND_QUEUE, im->snd_seq);
    return error ? error : name(im, true, connect);
}

static int options(struct import *im)
{
    const struct linux_connection *c = im->c;
    struct tcp_repair_opt list[MOST_OPTIONS];
    socklen_t count = 0;
    list[count++] = (struct tcp_repair_opt){MSS_OPTION, c->mss};
    if (c->sack)
        list[count++] = (struct tcp_repair_opt){SACK_OPTION, 0};
    if (c->window_scaling)
        list[count++] = (struct tcp_repair_opt){
            WINDOW_OPTION, c->snd_wind_scale | (uint32_t)c->rcv_wind_scale << 16};
    if (c->timestamps)
        list[count++] = (struct tcp_repair_opt){TIMESTAMP_OPTION, 0};
    im->step = "TCP_REPAIR_OPTIONS";
    socklen_t bytes = count * (socklen_t)sizeof(list[0]);
    if (setsockopt(im->fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, list, bytes) != 0)
        return errno;
    if (!c->timestamps)
        return 0;
    /* Forward only, or the peer takes our segments for old ones; even: it counts milliseconds. */
    uint32_t moment = (c->ts_time & ~1u) + ON_THE_SAFE_SIDE_MS;
    return set_tcp(im, "TCP_TIMESTAMP", TCP_TIMESTAMP, (int)moment);
}

/* `skip` bytes of the chain are passed over, then `bytes` go into the socket. */
static int put(struct import *im, const char *step, const struct linux_data *chain, uint32_t skip,
               uint32_t bytes)
{
    im->step = step;
    for (; chain && bytes > 0; chain = chain->next) {
        uint32_t at = skip < chain->bytes ? skip : chain->bytes;
        skip -= at;
        while (at < chain->bytes && bytes > 0) {
            uint32_t piece = chain->bytes - at;
            piece = piece < bytes ? piece : bytes;
            piece = piece < PIECE_BYTES ? piece : PIECE_BYTES;
            ssize_t sent = send(im->fd, chain->data + at, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent <= 0)
                return errno == EAGAIN ? ENOBUFS : errno;
            at += (uint32_t)sent;
            bytes -= (uint32_t)sent;
        }
    }
    return bytes == 0 ? 0 : EINVAL; /* less data than the numbers say */
}

static uint32_t sent_bytes(const struct linux_connection *c)
{
    uint32_t sent = c->snd_nxt - c->snd_una, all = linux_data_bytes(c->send);
    return sent < all ? sent : all; /* one more is a FIN */
}

static int refill(struct import *im)
{
    const struct linux_connection *c = im->c;
    int error = set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, TCP_RECV_QUEUE);
    if (!error)
        error = put(im, "receive queue", c->receive, 0, linux_data_bytes(c->receive));
    if (!error)
        error = set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
    return error ? error : put(im, "send queue", c->send, 0, sent_bytes(c));
}

static int window(struct import *im)
{
    const struct linux_connection *c = im->c;
    uint32_t fin = linux_state_fin_received(c->state);
    struct tcp_repair_window w = {.snd_wl1 = c->send_wl1,
                                  .snd_wnd = c->snd_wnd,
                                  .max_window = c->max_snd_wnd,
                                  .rcv_wnd = c->rcv_wnd + fin,
                                  .rcv_wup = c->rcv_nxt - fin};
    im->step = "TCP_REPAIR_WINDOW";
    return setsockopt(im->fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &w, sizeof(w)) == 0 ? 0 : errno;
}

static int settings(struct import *im)
{
    im->step = "settings";
    set(im, "SO_BUF_LOCK", SOL_SOCKET, SO_BUF_LOCK, 0); /* the kernel may fit buffers again */
    int error = linux_set_timers(im->fd, &im->c->settings);
    return error ? error : linux_set_buffers(im->fd, &im->c->settings);
}

static bool came(const struct import *im, uint8_t wanted)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof(info);
    return getsockopt(im->fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) == 0 &&
           linux_state_of(info.tcpi_state) == wanted;
}

/*
 * A segment in the peer's name, until it is seen to have come: on a busy machine it may wait on its
 * way through the loopback, or find no room there.
 */
static int inject(struct import *im, uint32_t sequence, uint32_t acknowledged, bool fin,
                  uint8_t wanted)
{
    im->step = "inject";
    for (int i = 0; i < MOST_INJECTIONS; i++) {
        int error = linux_inject(&im->c->tuple, sequence, acknowledged, fin, 0xffff);
        if (error && error != ENOBUFS)
            return error;
        for (int look = 0; look < MOST_LOOKS; look++) {
            if (came(im, wanted))
                return 0;
            usleep(BETWEEN_LOOKS_US);
        }
    }
    return ETIMEDOUT;
}

/* A FIN of ours that was sent, and what the peer says to it and to its own. */
static int fins(struct import *im)
{
    const struct linux_connection *c = im->c;
    bool ours = linux_state_fin_sent(c->state), theirs = linux_state_fin_received(c->state);
    bool unsent = linux_data_bytes(c->send) > sent_bytes(c);
    bool first_theirs = c->state != LINUX_CLOSING; /* whose FIN came before it had ours */
    int error = set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
    if (!error && theirs && first_theirs)
        error = inject(im, c->rcv_nxt - 1, c->snd_una, true, LINUX_CLOSE_WAIT);
    if (!error && ours && !unsent && shutdown(im->fd, SHUT_WR) != 0) {
        im->step = "shutdown";
        error = errno;
    }
    if (!error && theirs && !first_theirs)
        error =
            inject(im, c->rcv_nxt - 1, c->snd_una, true, unsent ? LINUX_CLOSE_WAIT : LINUX_CLOSING);
    if (!error && c->state == LINUX_FIN_WAIT_2)
        error = inject(im, c->rcv_nxt, c->snd_nxt, false, LINUX_FIN_WAIT_2);
    return error;
}

/* What is unsent goes in when there is no way back: whether it fits has to be known before. */
static int room_for_unsent(struct import *im)
{
    const struct linux_connection *c = im->c;
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t bytes = sizeof(memory);
    uint64_t unsent = linux_data_bytes(c->send) - sent_bytes(c);
    uint32_t whole = c->max_snd_wnd / 2 < SEGMENT_BYTES ? c->max_snd_wnd / 2 : SEGMENT_BYTES;
    uint32_t segment = whole > 2u * c->mss ? whole - c->mss : c->mss;
    im->step = "room for unsent data";
    if (unsent == 0)
        return 0;
    if (getsockopt(im->fd, SOL_SOCKET, SO_MEMINFO, memory, &bytes) != 0)
        return errno;
    uint64_t needed = memory[SK_MEMINFO_WMEM_QUEUED] + unsent +
                      (unsent / (segment ? segment : 1) + 1) * SEGMENT_COST;
    return needed <= memory[SK_MEMINFO_SNDBUF] ? 0 : ENOBUFS;
}

static int move_in(struct import *im)
{
    int error = buffers(im);
    error = error ? error : before(im);
    error = error ? error : options(im);
    error = error ? error : refill(im);
    error = error ? error : set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
    error = error ? error : window(im);
    error = error ? error : settings(im);
    error = error ? error : room_for_unsent(im);
    return error ? error : fins(im);
}

/* From here on it lives: the peer may be answered, what is unsent goes out. */
static int set_going(struct import *im, struct linux_guard *guard)
{
    const struct linux_connection *c = im->c;
    uint32_t sent = sent_bytes(c), all = linux_data_bytes(c->send);
    int error = set_tcp(im, "TCP_REPAIR_QUEUE", TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
    if (!error) {
        im->step = "guard";
        error = linux_guard_remove(guard, &c->tuple);
        im->unguarded = error == 0;
        error = error == ENOENT ? 0 : error; /* the host does not guard: its risk */
    }
    if (!error)
        error = set_tcp(im, "TCP_REPAIR", TCP_REPAIR, 0);
    if (error)
        return error;
    im->live = true;
    set(im, "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1);
    error = put(im, "unsent data", c->send, sent, all - sent);
    set_tcp(im, "unsent data", TCP_NOTSENT_LOWAT, 0);
    if (!error && all > sent && linux_state_fin_queued(c->state) && shutdown(im->fd, SHUT_WR) != 0)
        error = errno;
    return error;
}

int linux_prepare(const struct linux_connection *connection, uint32_t mark, int *fd,
                  const char **step)
{
    bool theirs = linux_state_fin_received(connection->state);
    bool ours_acknowledged = connection->state == LINUX_FIN_WAIT_2;
    struct import im = {.c = connection, .step = "socket"};
    int family = connection->tuple.ipv6 ? AF_INET6 : AF_INET;
    im.rcv_seq = connection->rcv_nxt - linux_data_bytes(connection->receive) - theirs;
    im.snd_seq = connection->snd_una - ours_acknowledged;
    im.fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = im.fd < 0 ? errno : 0;
    if (!error && mark)
        error = set(&im, "SO_MARK", SOL_SOCKET, SO_MARK, (int)mark);
    if (!error)
        error = move_in(&im);
    if (step)
        *step = im.step;
    if (error && im.fd >= 0)
        linux_abandon(im.fd);
    *fd = error ? -1 : im.fd;
    return error;
}

int linux_start(const struct linux_connection *connection, struct linux_guard *guard, int fd,
                const char **step)
{
    struct import im = {.c = connection, .fd = fd, .step = "start"};
    int error = set_going(&im, guard);
    if (error && im.live)
        error = ECONNRESET; /* the peer was faster than the first segment */
    else if (error && im.unguarded)
        linux_guard_add(guard, &connection->tuple);
    if (step)
        *step = im.step;
    return error;
}

int linux_import(const struct linux_connection *connection, struct linux_guard *guard,
                 uint32_t mark, int *fd, const char **step)
{
    int error = linux_prepare(connection, mark, fd, step);
    if (error)
        return error;
    error = linux_start(connection, guard, *fd, step);
    if (error)
        linux_abandon(*fd);
    return error;
}
