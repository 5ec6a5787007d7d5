/* SPDX-License-Identifier: BSD-2-Clause */
/* Data that travels with an initiate or a terminate, as the host has it. */
#include "stack.h"

void stack_read(struct connection *c)
{
    for (; c->undelivered; stack_deliver(c, 1)) {
        uint8_t byte = stack_byte(&c->peer->out, c->peer->out.received);
        sha256_add(&c->peer->out.got, &byte, 1);
    }
}

void stack_exchange(struct connection *c, uint32_t bytes)
{
    struct connection *sender = c->peer;
    struct packet *p;
    sender->out.next = sender->out.acked;
    if (!stack_make_send(sender, &p, bytes, 1))
        return;
    sender->sends--;
    stack_acknowledge(sender, p, 0, bytes);
    sender->tcp.SndUna = sender->tcp.SndNxt = sender->tcp.SndMax =
        stack_sequence(sender, sender->out.acked);
    c->tcp.RcvNxt += bytes;
    c->undelivered += bytes;
    list_home(p);
}

/* Of what it has to send, some was sent already, and nobody knows whether it has arrived. */
void stack_bring_sends(struct connection *c, struct chimney_node *node)
{
    struct chimney_tcp_delegated *tcp = host_tcp_delegated(node);
    NET_BUFFER_LIST **last = (NET_BUFFER_LIST **)&node->NetBufferListChain;
    for (uint32_t n = stack_brings + below(4); n; n--) {
        struct packet *p;
        if (!stack_make_send(c, &p, below(8) ? below(3000) : 0, 1))
            break;
        p->of = c;
        p->way = STACK_SEND;
        *last = &p->list;
        last = &p->list.Next;
        tcp->SendDataTail = p;
        tally.brought++;
    }
    tcp->SendDataHead = node->NetBufferListChain;
    tcp->SndNxt = tcp->SndMax = tcp->SndUna + below((uint32_t)(c->out.next - c->out.acked) + 1);
}

void stack_bring_buffered(struct connection *c, struct chimney_node *node)
{
    NET_BUFFER_LIST **last = &c->buffered;
    for (uint32_t at = 0; at < c->undelivered;) {
        const uint32_t left = c->undelivered - at, most = left < 5000 ? left : 5000;
        const uint32_t bytes = left < 100 || below(3) == 0 ? most : below(most + 1);
        struct packet *p = list_make(bytes, 1);
        must(p, "there are lists for what was received");
        if (!p)
            break;
        stack_write(p, &c->peer->out, c->peer->out.received + at);
        *last = &p->list;
        last = &p->list.Next;
        at += bytes;
    }
    host_tcp_delegated(node)->BufferedData = c->buffered;
    tally.buffered += c->undelivered;
}

/* The host frees them, whatever the driver keeps. */
void stack_free_buffered(struct connection *c)
{
    while (c->buffered) {
        NET_BUFFER_LIST *next = c->buffered->Next;
        list_home((struct packet *)c->buffered);
        c->buffered = next;
    }
}

/* They have failed with the initiate: its host has them still. */
void stack_keep_sends(NET_BUFFER_LIST *lists)
{
    for (NET_BUFFER_LIST *list = lists, *next; list; list = next) {
        next = list->Next;
        ((struct packet *)list)->of->sends--;
        list_home((struct packet *)list);
    }
}

/* What the driver has not delivered the application gets now, or when somebody has it again. */
void stack_take_buffered(struct connection *c, NET_BUFFER_LIST *lists)
{
    const bool now = stack_reads || below(2);
    uint32_t bytes = 0;
    for (NET_BUFFER_LIST *list = lists, *next; list; list = next) {
        const NET_BUFFER *b = list->FirstNetBuffer;
        const uint8_t *at = (const uint8_t *)b->CurrentMdl->MappedSystemVa + b->CurrentMdlOffset;
        for (uint32_t i = 0; i < b->DataLength; i++)
            must(at[i] == stack_byte(&c->peer->out, c->peer->out.received + (now ? i : bytes + i)),
                 "what goes with a terminate is what was received");
        bytes += b->DataLength;
        if (now) {
            sha256_add(&c->peer->out.got, at, b->DataLength);
            stack_deliver(c, b->DataLength);
        }
        next = list->Next;
        list->Next = NULL; /* they go back one by one */
        stack_hold(list);
    }
    tally.given += bytes;
    must(c->undelivered == (now ? 0 : bytes), "all that was not delivered goes with a terminate");
}
