/* SPDX-License-Identifier: BSD-2-Clause */
/* Random contents of objects, every variable of them, and random changes. */
#include <string.h>

#include "model.h"
#include "prng.h"

static void scramble(struct model *m, void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)memory)[i] = (unsigned char)prng_next(&m->random);
}

static void invent_neighbor(struct model *m, const struct thing *t, struct facts *f)
{
    struct chimney_neighbor_const *c = &f->constant.neighbor;
    scramble(m, c->DlSourceAddress, sizeof(c->DlSourceAddress));
    c->DlSourceAddress[31] = t->number; /* by this the device tells whose commands they are */
    c->VlanId = below(m, 4096) & 0xfff;
    scramble(m, f->cached.neighbor.DlDestinationAddress, 32);
    f->cached.neighbor.HostReachabilityDelta = below(m, 2000);
    f->delegated.neighbor.NicReachabilityDelta = below(m, 2000);
}

static void invent_path(struct model *m, const struct thing *t, struct facts *f)
{
    size_t length = t->ipv6 ? 16 : 4;
    scramble(m, f->source, length);
    scramble(m, f->destination, length);
    f->destination[3] = t->number;
    f->cached.path.PathMtu = 576 + below(m, 9000);
}

static int32_t invent_state(struct model *m)
{
    return (int32_t)(percent(m, 4) ? below(m, 11) : CHIMNEY_TCP_STATE_ESTABLISHED + below(m, 6));
}

static void invent_delegated(struct model *m, struct chimney_tcp_delegated *d)
{
    struct chimney_state_header header = d->Header;
    scramble(m, d, sizeof(*d));
    d->Header = header;
    d->State = invent_state(m);
    d->TsRecentAge = below(m, 2000);
#ifdef _WIN32 /* beneath is who takes them for what they point to: tests/ndis */
    d->SendDataHead = d->SendDataTail = d->BufferedData = NULL;
#endif
}

static void invent_tcp(struct model *m, const struct thing *t, struct facts *f)
{
    struct chimney_tcp_const *c = &f->constant.tcp;
    struct chimney_tcp_cached *k = &f->cached.tcp;
    scramble(m, (char *)c + sizeof(c->Header), sizeof(*c) - sizeof(c->Header));
    c->Flags &= 7;
    c->HashValue = (c->HashValue & ~0xffu) | t->number;
    scramble(m, (char *)k + sizeof(k->Header), sizeof(*k) - sizeof(k->Header));
    k->Flags &= 0x1f;
    invent_delegated(m, &f->delegated.tcp);
    if (percent(m, 50))
        f->delegated.tcp.RcvWnd = k->InitialRcvWnd;
}

void invent(struct model *m, struct thing *t, struct facts *facts)
{
    static void (*const of_kind[])(struct model *, const struct thing *,
                                   struct facts *) = {invent_neighbor, invent_path, invent_tcp};
    memset(facts, 0, sizeof(*facts));
    of_kind[t->kind](m, t, facts);
}

static void mutate_tcp(struct model *m, struct chimney_tcp_cached *k)
{
    uint32_t dice = below(m, 1u << 13);
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
void mutate(struct model *m, const struct thing *t, struct facts *facts)
{
    bool same_again = percent(m, 20);
    if (t->kind == CHIMNEY_NEIGHBOR) {
        facts->cached.neighbor.HostReachabilityDelta = below(m, 2000);
        if (!same_again)
            scramble(m, facts->cached.neighbor.DlDestinationAddress, percent(m, 50) ? 32 : 1);
    } else if (t->kind == CHIMNEY_PATH && !same_again) {
        facts->cached.path.PathMtu = 576 + below(m, 9000);
    } else if (t->kind == CHIMNEY_TCP && !same_again) {
        mutate_tcp(m, &facts->cached.tcp);
    }
    if (t->kind == CHIMNEY_TCP && percent(m, 40))
        facts->cached.tcp.Flags |= (uint16_t)(below(m, 8) << 2);
}
