/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's half of a move: a socket of its own becomes a node, a node becomes a socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"

static void put_const(const struct linux_connection *c, struct chimney_tcp_const *to)
{
    to->Flags = (uint16_t)((c->timestamps ? CHIMNEY_TCP_OPTIONS_TIMESTAMPS : 0) |
                           (c->sack ? CHIMNEY_TCP_OPTIONS_SACK : 0) |
                           (c->window_scaling ? CHIMNEY_TCP_OPTIONS_WINDOW_SCALING : 0));
    to->RemotePort = c->tuple.remote_port;
    to->LocalPort = c->tuple.local_port;
    to->SndWindScale = c->snd_wind_scale & 0xfu;
    to->RcvWindScale = c->rcv_wind_scale & 0xfu;
    to->RemoteMss = c->mss;
}

static void put_cached(const struct linux_connection *c, struct chimney_tcp_cached *to)
{
    const struct linux_settings *s = &c->settings;
    to->Flags = (uint16_t)((s->keepalive_on ? CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON : 0) |
                           (s->nagle_on ? CHIMNEY_TCP_SETTINGS_NAGLE_ON : 0));
    to->InitialRcvWnd = s->receive_window;
    to->KaProbeCount = s->ka_probe_count;
    to->KaTimeout = s->ka_timeout_ms;
    to->KaInterval = s->ka_interval_ms;
    to->MaxRT = s->max_rt_ms;
    to->FlowLabel = s->flow_label & 0xfffffu;
    to->TtlOrHopLimit = s->ttl;
    to->TosOrTrafficClass = s->tos;
    to->UserPriority = s->priority & 7u;
}

static void put_delegated(const struct linux_connection *c, struct chimney_tcp_delegated *to)
{
    to->State = c->state;
    to->RcvNxt = c->rcv_nxt;
    to->RcvWnd = c->rcv_wnd;
    to->SndUna = c->snd_una;
    to->SndNxt = to->SndMax = c->snd_nxt;
    to->SndWnd = c->snd_wnd;
    to->MaxSndWnd = c->max_snd_wnd;
    to->SendWL1 = c->send_wl1;
    to->CWnd = c->measured.cwnd;
    to->SsThresh = c->measured.ssthresh;
    to->TsTime = c->ts_time;
    to->KeepAlive.TimeoutDelta = to->Retransmit.TimeoutDelta = UINT32_MAX;
    to->SendDataHead = c->send;
    to->SendDataTail = linux_data_last(c->send);
    to->BufferedData = c->receive;
}

/* It may have ended since it was looked at: what is unread is read from its socket, as ever. */
static bool left_its_socket(struct rig_connection *c)
{
    if (linux_export(c->fd, &c->state) != 0)
        return false;
    if (c->state.state >= CHIMNEY_TCP_STATE_ESTABLISHED)
        return true;
    linux_connection_free(&c->state);
    linux_resume(c->fd);
    return false;
}

bool rig_guard(struct rig *rig, struct rig_connection *c)
{
    struct linux_connection look;
    c->guarded = linux_look(c->fd, &look) == 0 && look.state >= CHIMNEY_TCP_STATE_ESTABLISHED &&
                 linux_guard_add(rig->guard, &look.tuple) == 0;
    c->tuple = look.tuple;
    return c->guarded;
}

struct chimney_node *rig_export(struct rig *rig, struct rig_connection *c)
{
    bool waited = c->guarded;
    if (!waited && !rig_guard(rig, c))
        return NULL;
    if (!waited)
        linux_guard_wait();
    c->guarded = false;
    if (!left_its_socket(c)) {
        linux_guard_remove(rig->guard, &c->tuple);
        return NULL;
    }
    linux_abandon(c->fd);
    c->fd = -1;
    struct chimney_node *node = host_new_tcp(&rig->arena, &c->object, 0);
    memset(host_tcp_const(node), 0, sizeof(struct chimney_tcp_const));
    memset(host_tcp_cached(node), 0, sizeof(struct chimney_tcp_cached));
    memset(host_tcp_delegated(node), 0, sizeof(struct chimney_tcp_delegated));
    host_tcp_const(node)->Header.Length = sizeof(struct chimney_tcp_const);
    host_tcp_cached(node)->Header.Length = sizeof(struct chimney_tcp_cached);
    host_tcp_delegated(node)->Header.Length = sizeof(struct chimney_tcp_delegated);
    put_const(&c->state, host_tcp_const(node));
    put_cached(&c->state, host_tcp_cached(node));
    put_delegated(&c->state, host_tcp_delegated(node));
    return node;
}

/* What the host exported last is still what the connection is. */
static void go_on_at_the_host(struct rig *rig, struct rig_connection *c)
{
    const char *step = NULL;
    int error = linux_import(&c->state, rig->guard, 0, &c->fd, &step);
    if (error)
        fprintf(stderr, "the host cannot take it back: %s: %s\n", step, strerror(error));
}

void rig_initiated(struct rig *rig, struct rig_connection *c, struct chimney_node *node)
{
    c->offloaded = node->Status == CHIMNEY_STATUS_SUCCESS;
    if (c->offloaded)
        c->fd = linux_socket(rig->nic, host_index(&c->object));
    else
        go_on_at_the_host(rig, c);
    linux_connection_free(&c->state);
}

int rig_import(struct rig *rig, struct rig_connection *c, struct chimney_node *node)
{
    const struct chimney_tcp_delegated *d = host_tcp_delegated(node);
    struct linux_connection *s = &c->state;
    s->state = (uint8_t)d->State;
    s->rcv_nxt = d->RcvNxt;
    s->rcv_wnd = d->RcvWnd;
    s->snd_una = d->SndUna;
    s->snd_nxt = d->SndNxt;
    s->snd_wnd = d->SndWnd;
    s->max_snd_wnd = d->MaxSndWnd;
    s->send_wl1 = d->SendWL1;
    s->ts_time = d->TsTime;
    s->send = d->SendDataHead;
    s->receive = d->BufferedData;
    c->offloaded = false;
    c->fd = -1;
    if (s->state == CHIMNEY_TCP_STATE_CLOSED)
        return 0; /* there is data to read, and no socket any more */
    int error = linux_import(s, rig->guard, 0, &c->fd, NULL);
    linux_connection_free(s);
    return error;
}

int32_t rig_initiate(struct rig *rig, struct rig_connection *c)
{
    struct chimney_node *root = rig_name(rig, &rig->path[c->ipv6]);
    struct chimney_node *node = rig_export(rig, c);
    if (!node)
        return CHIMNEY_STATUS_FAILURE;
    host_link(root, node);
    rig_ask(rig, CHIMNEY_INITIATE, root);
    rig_initiated(rig, c, node);
    return node->Status;
}

int32_t rig_terminate(struct rig *rig, struct rig_connection *c)
{
    struct chimney_node *node = rig_name(rig, &c->object);
    int32_t status = rig_ask(rig, CHIMNEY_TERMINATE, node);
    if (status == CHIMNEY_STATUS_SUCCESS && rig_import(rig, c, node) != 0)
        fprintf(stderr, "the host cannot import what came back\n");
    return status;
}

int32_t rig_query(struct rig *rig, struct rig_connection *c, struct chimney_tcp_delegated *into)
{
    struct chimney_node *node = rig_name(rig, &c->object);
    int32_t status = rig_ask(rig, CHIMNEY_QUERY, node);
    *into = *host_tcp_delegated(node);
    return status;
}

struct chimney_node *rig_cached(struct rig *rig, struct rig_connection *c)
{
    struct chimney_node *node = host_reference(&rig->arena, &c->object, CHIMNEY_TYPE_TCP_CACHED);
    put_cached(&c->state, host_tcp_cached(node));
    return node;
}

void rig_end(struct rig *rig, struct rig_connection *c)
{
    if (c->offloaded)
        rig_terminate(rig, c);
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}
