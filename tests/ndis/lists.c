/* SPDX-License-Identifier: BSD-2-Clause */
#include "lists.h"

#include <string.h>

#include "mock/mock.h"
#include "prng.h"

enum { PAGE = 4096 };

uint64_t chance = 1;
static struct packet *lists[LISTS];
static bool at_home[LISTS]; /* whose pages may not be read */

uint32_t below(uint32_t limit)
{
    return prng_below(&chance, limit);
}

void lists_open(void)
{
    for (unsigned i = 0; i < LISTS; i++) {
        lists[i] = mock_pages(sizeof *lists[i]);
        mock_guard(lists[i], sizeof *lists[i], true);
        at_home[i] = true;
    }
}

/* The next bytes of the packet's memory; the system has mapped them, or the driver has to. */
static MDL *add_mdl(struct packet *p, uint32_t at, uint32_t bytes)
{
    MDL *mdl = &p->mdls[p->mdl_count++];
    const uintptr_t address = (uintptr_t)(p->data + at);
    mdl->StartVa = (PVOID)(address & ~(uintptr_t)(PAGE - 1));
    mdl->ByteOffset = (ULONG)(address & (PAGE - 1));
    mdl->ByteCount = bytes;
    mdl->MdlFlags = MDL_PAGES_LOCKED;
    if (below(2)) {
        mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
        mdl->MappedSystemVa = (PVOID)address;
    }
    return mdl;
}

/* Up to three MDLs, some perhaps of no bytes, with something before the data and behind it. */
static uint32_t build(struct packet *p, unsigned number, uint32_t at, uint32_t bytes)
{
    NET_BUFFER *b = &p->buffers[number];
    const uint32_t front = below(40), whole = front + bytes + below(8);
    uint32_t from = 0;
    MDL **last = &b->MdlChain;
    for (unsigned i = below(3); i < 3; i++) {
        const uint32_t some = i == 2 ? whole - from : below(whole - from + 1);
        *last = add_mdl(p, at + from, some);
        last = &(*last)->Next;
        from += some;
    }
    b->CurrentMdl = b->MdlChain;
    b->DataOffset = b->CurrentMdlOffset = front;
    while (b->CurrentMdl->Next && b->CurrentMdlOffset >= b->CurrentMdl->ByteCount) {
        b->CurrentMdlOffset -= b->CurrentMdl->ByteCount;
        b->CurrentMdl = b->CurrentMdl->Next;
    }
    b->DataLength = bytes;
    p->at[number] = at + front;
    p->bytes_of[number] = bytes;
    return at + whole;
}

struct packet *list_make(uint32_t bytes, unsigned buffers)
{
    unsigned i = 0;
    while (i < LISTS && !at_home[i])
        i++;
    if (i == LISTS)
        return NULL;
    struct packet *p = lists[i];
    mock_guard(p, sizeof *p, false);
    at_home[i] = false;
    memset(p, 0, offsetof(struct packet, data));
    p->bytes = bytes;
    p->list.FirstNetBuffer = p->buffers;
    for (unsigned i = 0; i < sizeof p->list.ProtocolReserved / sizeof(PVOID); i++)
        p->list.ProtocolReserved[i] = p;
    p->list.MiniportReserved[0] = p->list.MiniportReserved[1] = p->list.Scratch = p;
    uint32_t at = 0, left = bytes;
    for (unsigned n = 0; n < buffers; n++) {
        const uint32_t some = n + 1 == buffers ? left : below(left + 1);
        at = build(p, n, at, some);
        left -= some;
        p->buffers[n].Next = n + 1 < buffers ? &p->buffers[n + 1] : NULL;
    }
    return p;
}

void list_each(struct packet *p, uint32_t from, uint32_t bytes,
               void (*use)(void *context, uint8_t *at, uint32_t bytes), void *context)
{
    for (unsigned n = 0; n < LIST_BUFFERS && bytes; n++) {
        if (from >= p->bytes_of[n]) {
            from -= p->bytes_of[n];
            continue;
        }
        const uint32_t left = p->bytes_of[n] - from, some = left < bytes ? left : bytes;
        use(context, p->data + p->at[n] + from, some);
        bytes -= some;
        from = 0;
    }
}

void list_home(struct packet *p)
{
    for (unsigned i = 0; i < LISTS; i++)
        at_home[i] |= lists[i] == p;
    mock_guard(p, sizeof *p, true);
}

uint32_t lists_out(void)
{
    uint32_t out = 0;
    for (unsigned i = 0; i < LISTS; i++)
        out += !at_home[i];
    return out;
}
