/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hardware holds, command by command, and what it answers. */
#include <string.h>

#include "model.h"

typedef bool act(struct model *m, struct thing *t, struct order *order);

static bool linked_to(const struct model *m, const struct thing *t)
{
    uint8_t above = (uint8_t)(t->kind + 1);
    for (uint32_t i = 0; above < CHIMNEY_KINDS && i < m->count[above]; i++) {
        const struct thing *other = &m->things[above][i];
        if (other->hardware.present && other->hardware.link == t)
            return true;
    }
    return false;
}

static bool add(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    t->hardware = (struct hardware){.present = true, .link = order->link, .holds = *order->facts};
    return true;
}

static bool block(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    (void)order;
    t->hardware.blocked = true;
    return true;
}

static bool read_it(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    if (order->read)
        *order->read = t->hardware.holds;
    return true;
}

/* What is linked to stays. */
static bool take_away(struct model *m, struct thing *t, struct order *order)
{
    if (t->hardware.present && linked_to(m, t))
        return false;
    if (order->read)
        *order->read = t->hardware.holds;
    t->hardware.present = false;
    return true;
}

static bool write_mac(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    memcpy(t->hardware.holds.cached.neighbor.DlDestinationAddress,
           order->facts->cached.neighbor.DlDestinationAddress, 32);
    return true;
}

static bool write_route(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    t->hardware.link = order->link;
    return true;
}

static bool write_mtu(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    t->hardware.holds.cached.path.PathMtu = order->facts->cached.path.PathMtu;
    return true;
}

#define WRITE(member) t->hardware.holds.cached.tcp.member = order->facts->cached.tcp.member

static void write_flag(struct thing *t, struct order *order, unsigned int flag)
{
    struct chimney_tcp_cached *holds = &t->hardware.holds.cached.tcp;
    unsigned int kept = holds->Flags & ~flag, told = order->facts->cached.tcp.Flags & flag;
    holds->Flags = (uint16_t)(kept | told);
}

static bool write_timers(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    write_flag(t, order, 1);
    WRITE(KaProbeCount);
    WRITE(KaTimeout);
    WRITE(KaInterval);
    WRITE(MaxRT);
    return true;
}

static bool write_buffers(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    write_flag(t, order, 2);
    WRITE(InitialRcvWnd);
    WRITE(RcvIndicationSize);
    return true;
}

static bool write_header(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    WRITE(FlowLabel);
    WRITE(TtlOrHopLimit);
    WRITE(TosOrTrafficClass);
    WRITE(UserPriority);
    return true;
}

/* Each effect as the contract tells it of the update that asks for it. */
static bool restart(struct model *m, struct thing *t, struct order *order)
{
    (void)m;
    struct chimney_tcp_delegated *d = &t->hardware.holds.delegated.tcp;
    const struct chimney_tcp_cached *c = &t->hardware.holds.cached.tcp;
    if (order->effects & CLEAR_PROBE_COUNT)
        d->KeepAlive.ProbeCount = 0;
    if (order->effects & REARM_KEEPALIVE)
        d->KeepAlive.TimeoutDelta = c->KaTimeout;
    if (order->effects & CLEAR_TOTAL_RT)
        d->TotalRT = 0;
    if ((order->effects & ADVERTISE) && d->RcvWnd != c->InitialRcvWnd) {
        d->RcvWnd = c->InitialRcvWnd;
        t->hardware.windows_advertised++;
    }
    return true;
}

static act *const acts[CHIMNEY_KINDS][COMMANDS] = {
    [CHIMNEY_NEIGHBOR] = {[CHIMNEY_NEIGHBOR_ADD_NEIGHBOR] = add,
                          [CHIMNEY_NEIGHBOR_WRITE_MAC] = write_mac,
                          [CHIMNEY_NEIGHBOR_READ_NEIGHBOR] = read_it,
                          [CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR] = block,
                          [CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR] = take_away},
    [CHIMNEY_PATH] = {[CHIMNEY_PATH_ADD_PATH] = add,
                      [CHIMNEY_PATH_WRITE_ROUTE] = write_route,
                      [CHIMNEY_PATH_WRITE_MTU] = write_mtu,
                      [CHIMNEY_PATH_BLOCK_PATH] = block,
                      [CHIMNEY_PATH_REMOVE_PATH] = take_away},
    [CHIMNEY_TCP] = {[CHIMNEY_TCP_ADD_TCP] = add,
                     [CHIMNEY_TCP_WRITE_TIMERS] = write_timers,
                     [CHIMNEY_TCP_WRITE_BUFFERS] = write_buffers,
                     [CHIMNEY_TCP_WRITE_HEADER] = write_header,
                     [CHIMNEY_TCP_RESTART] = restart,
                     [CHIMNEY_TCP_READ_TCP] = read_it,
                     [CHIMNEY_TCP_BLOCK_TCP] = block,
                     [CHIMNEY_TCP_REMOVE_TCP] = take_away},
};

static const uint8_t adds[CHIMNEY_KINDS] = {CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, CHIMNEY_PATH_ADD_PATH,
                                            CHIMNEY_TCP_ADD_TCP};

bool was_next(const struct thing *t, uint8_t command)
{
    return t->log_at < t->logged && t->log[t->log_at] == command;
}

uint8_t hardware_do(struct model *m, struct thing *t, struct order *order)
{
    struct verdict v = outcome_of(m, t, order->command, ++t->expected[order->command]);
    if (was_next(t, order->command))
        t->log_at++;
    bool lost = v.outcome == LOSE_COMMAND || v.outcome == LOSE_ANSWER;
    if (lost) {
        t->timeouts_outstanding++;
        m->lost++;
    }
    if (v.outcome == LOSE_COMMAND)
        return CHIMNEY_RESULT_TIMEOUT;
    if (v.outcome == FAIL)
        return v.result;
    bool gone = !t->hardware.present && order->command != adds[t->kind];
    bool done = acts[t->kind][order->command](m, t, order);
    if (lost || v.outcome == LATE)
        return CHIMNEY_RESULT_TIMEOUT;
    if (v.outcome == KEPT)
        return v.result;
    if (gone)
        return CHIMNEY_RESULT_GONE;
    return done ? CHIMNEY_RESULT_OK : CHIMNEY_RESULT_FAILURE;
}
