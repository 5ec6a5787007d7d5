/* SPDX-License-Identifier: BSD-2-Clause */
/* Random contents of objects, every variable of them, and random changes. */
#include <string.h>

#include "oracle.h"

static void scramble(struct world *w, void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)memory)[i] = (unsigned char)draw(&w->random);
}

static void invent_neighbor(struct world *w, const struct thing *t, struct facts *f)
{
    struct chimney_neighbor_const *c = &f->constant.neighbor;
    scramble(w, c->DlSourceAddress, sizeof(c->DlSourceAddress));
    c->DlSourceAddress[31] = t->number; /* by this the device tells whose commands they are */
    c->VlanId = below(w, 4096) & 0xfff;
    scramble(w, f->cached.neighbor.DlDestinationAddress, 32);
    f->cached.neighbor.HostReachabilityDelta = below(w, 2000);
    f->delegated.neighbor.NicReachabilityDelta = below(w, 2000);
}

static void invent_path(struct world *w, const struct thing *t, struct facts *f)
{
    size_t length = t->ipv6 ? 16 : 4;
    scramble(w, f->source, length);
    scramble(w, f->destination, length);
    f->destination[3] = t->number;
    f->cached.path.PathMtu = 576 + below(w, 9000);
}

static int32_t invent_state(struct world *w)
{
    return (int32_t)(percent(w, 4) ? below(w, 11) : CHIMNEY_TCP_STATE_ESTABLISHED + below(w, 6));
}

static void invent_delegated(struct world *w, struct chimney_tcp_delegated *d)
{
    struct chimney_state_header header = d->Header;
    scramble(w, d, sizeof(*d));
    d->Header = header;
    d->State = invent_state(w);
    d->TsRecentAge = below(w, 2000);
}

static void invent_tcp(struct world *w, const struct thing *t, struct facts *f)
{
    struct chimney_tcp_const *c = &f->constant.tcp;
    struct chimney_tcp_cached *k = &f->cached.tcp;
    scramble(w, (char *)c + sizeof(c->Header), sizeof(*c) - sizeof(c->Header));
    c->Flags &= 7;
    c->HashValue = (c->HashValue & ~0xffu) | t->number;
    scramble(w, (char *)k + sizeof(k->Header), sizeof(*k) - sizeof(k->Header));
    k->Flags &= 0x1f;
    invent_delegated(w, &f->delegated.tcp);
    if (percent(w, 50))
        f->delegated.tcp.RcvWnd = k->InitialRcvWnd;
}

void invent(struct world *w, struct thing *t, struct facts *facts)
{
    static void (*const of_kind[])(struct world *, const struct thing *,
                                   struct facts *) = {invent_neighbor, invent_path, invent_tcp};
    memset(facts, 0, sizeof(*facts));
    of_kind[t->kind](w, t, facts);
}

static void mutate_tcp(struct world *w, struct chimney_tcp_cached *k)
{
    uint32_t dice = below(w, 1u << 13);
    k->Flags = (uint16_t)(k->Flags ^ (dice & 1) ^ (dice >> 4 & 2));
    k->KaProbeCount = (uint8_t)(k->KaProbeCount + (dice >> 1 & 1));
    k->KaTimeout += dice >> 2 & 1;
    k->KaInterval += dice >> 3 & 1 & (dice >> 2);
    k->MaxRT += (dice >> 4 & 3) == 0;
    k->InitialRcvWnd += (dice >> 6 & 3) == 0;
    k->RcvIndicationSize ^= (dice >> 7 & 3) == 0;
    k->FlowLabel = k->FlowLabel ^ ((dice >> 8 & 3) == 0);
    k->TtlOrHopLimit ^= (dice >> 9 & 3) == 0;
    k->TosOrTrafficClass ^= (dice >> 10 & 3) == 0;
    k->UserPriority = (k->UserPriority ^ ((dice >> 11 & 3) == 0)) & 7;
}

/* New cached values for what an object holds; now and then the old ones. */
void mutate(struct world *w, const struct thing *t, struct facts *facts)
{
    bool same_again = percent(w, 20);
    if (t->kind == CHIMNEY_NEIGHBOR) {
        facts->cached.neighbor.HostReachabilityDelta = below(w, 2000);
        if (!same_again)
            scramble(w, facts->cached.neighbor.DlDestinationAddress, percent(w, 50) ? 32 : 1);
    } else if (t->kind == CHIMNEY_PATH && !same_again) {
        facts->cached.path.PathMtu = 576 + below(w, 9000);
    } else if (t->kind == CHIMNEY_TCP && !same_again) {
        mutate_tcp(w, &facts->cached.tcp);
    }
    if (t->kind == CHIMNEY_TCP && percent(w, 40))
        facts->cached.tcp.Flags |= (uint16_t)(below(w, 8) << 2);
}
