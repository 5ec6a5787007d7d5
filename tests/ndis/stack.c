/* SPDX-License-Identifier: BSD-2-Clause */
#include "stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"

#define UPLOADING CHIMNEY_STATUS_UPLOAD_IN_PROGRESS

enum { MOST_WRONG = 10, MOST_HELD = 128, MOST_MS = 5000, HEADER = 20 };

struct connection ends[2];
struct tally tally;
bool stack_refuses, stack_reads, stack_resets;
uint32_t stack_brings;
enum stack_mode stack_mode;

static void *held[MOST_HELD];
static unsigned held_count;
/* Sequence numbers of the first byte of each stream: the first comes round soon. */
static const uint32_t first[2] = {0xfffff000, 0x10000};

void must(bool is, const char *what)
{
    if (is)
        return;
    printf("    WRONG: %s\n", what);
    if (++wrong == MOST_WRONG)
        exit(1);
}

uint32_t stack_sequence(const struct connection *c, uint64_t offset)
{
    return first[c - ends] + (uint32_t)offset;
}

/* ---- Bytes --------------------------------------------------------------------------------- */

uint8_t stack_byte(const struct stream *s, uint64_t offset)
{
    uint64_t z = s->seed + offset / 8 * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint8_t)((z ^ z >> 32) >> offset % 8 * 8);
}

struct writing {
    const struct stream *stream;
    uint64_t offset;
    const uint8_t *header; /* before it */
    uint32_t header_left;
};

static void write_bytes(void *context, uint8_t *at, uint32_t bytes)
{
    struct writing *w = context;
    for (; bytes && w->header_left; bytes--, w->header_left--)
        *at++ = *w->header++;
    for (; bytes; bytes--)
        *at++ = stack_byte(w->stream, w->offset++);
}

void stack_write(struct packet *p, const struct stream *stream, uint64_t offset)
{
    struct writing writing = {.stream = stream, .offset = offset};
    list_each(p, 0, p->bytes, write_bytes, &writing);
}

static void add_bytes(void *sha, uint8_t *at, uint32_t bytes)
{
    sha256_add(sha, at, bytes);
}

/* ---- Lists come back ----------------------------------------------------------------------- */

/* Bytes of a list, and the stream's from its offset on, are the peer's now. */
void stack_acknowledge(struct connection *c, struct packet *p, uint32_t from, uint32_t bytes)
{
    must(!bytes || p->offset == c->out.acked, "sent in order, each byte once");
    list_each(p, from, bytes, add_bytes, &c->out.sent);
    c->out.acked += bytes;
}

static void sent(struct connection *c, struct packet *p)
{
    const uint32_t moved = list_moved(p);
    const bool good = p->list.Status == CHIMNEY_STATUS_SUCCESS;
    must(!c->cut || !moved, "at most one send is cut");
    stack_acknowledge(c, p, 0, moved);
    c->cut |= !good && !p->late;
    c->sends--;
    tally.sends += p->way == STACK_SEND;
    tally.disconnects += p->way == STACK_DISCONNECT;
    tally.sends_cut += !good && moved;
    tally.unsent += !good && !moved;
}

/* The application has it; what it had not got before came first. */
void stack_deliver(struct connection *c, uint32_t bytes)
{
    c->peer->out.received += bytes;
    c->undelivered -= bytes < c->undelivered ? bytes : c->undelivered;
}

static void received(struct connection *c, struct packet *p)
{
    const uint32_t moved = list_moved(p);
    list_each(p, 0, moved, add_bytes, &c->peer->out.got);
    stack_deliver(c, moved);
    c->receives--;
    tally.receives++;
    if (p->list.Status != CHIMNEY_STATUS_SUCCESS)
        *(moved ? &tally.receives_cut : &tally.unfilled) += 1;
}

/* The host of the peer, which is not offloaded, hears how much of it was new. */
static void forwarded(struct connection *c, struct packet *p)
{
    struct connection *sender = c->peer;
    const uint32_t moved = list_moved(p);
    const uint32_t old = HEADER + (uint32_t)(sender->out.acked - p->offset);
    const uint32_t more = moved > old ? moved - old : 0;
    if (more)
        sender->out.taken = p->offset + moved - HEADER;
    tally.forwarded_bytes += more;
    c->forwards--;
    tally.forwards++;
    if (below(4) == 0)
        return; /* the acknowledgement is lost */
    p->offset = sender->out.acked;
    stack_acknowledge(sender, p, old, more);
    sender->tcp.SndUna = sender->tcp.SndNxt = sender->tcp.SndMax =
        stack_sequence(sender, sender->out.acked);
}

static void back(unsigned way, void *list)
{
    struct packet *p = list;
    struct connection *c = p->of;
    for (unsigned i = 0; i < sizeof p->list.ProtocolReserved / sizeof(PVOID); i++)
        must(p->list.ProtocolReserved[i] == p,
             "words of a list that are the host's are as they were");
    if (p->list.Status != CHIMNEY_STATUS_SUCCESS)
        c->status = c->statuses[p->way] = p->list.Status;
    must(!c->moving || stack_resets || p->late || p->list.Status == CHIMNEY_STATUS_SUCCESS ||
             p->list.Status == UPLOADING,
         "what a terminate leaves has NDIS_STATUS_UPLOAD_IN_PROGRESS");
    if (way == STACK_RECEIVE)
        received(c, p);
    else if (way == STACK_FORWARD)
        forwarded(c, p);
    else
        sent(c, p);
    list_home(p);
}

/* ---- Data that nobody has asked for -------------------------------------------------------- */

static int32_t take(struct connection *c, NET_BUFFER *b, uint32_t bytes, uint32_t *consumed)
{
    const uint8_t *at = (const uint8_t *)b->CurrentMdl->MappedSystemVa + b->CurrentMdlOffset;
    sha256_add(&c->peer->out.got, at, bytes);
    stack_deliver(c, bytes);
    *consumed = bytes;
    return CHIMNEY_STATUS_SUCCESS;
}

static int32_t indicated(void *object_handle, void *list, uint32_t *consumed)
{
    struct connection *c = object_handle == &ends[0].object ? &ends[0] : &ends[1];
    NET_BUFFER *b = ((NET_BUFFER_LIST *)list)->FirstNetBuffer;
    const uint32_t roll = stack_refuses ? 5 : below(10);
    must(c->offloaded && object_handle == &c->object, "data of one that is offloaded");
    must(!c->refused && b->DataLength, "data, and none that was refused, before a receive");
    if (roll < 5 && held_count < MOST_HELD) {
        stack_hold(list);
        tally.indicated++;
        return take(c, b, b->DataLength, consumed);
    }
    c->refused = !c->receives; /* else one is on its way to the NIC */
    *consumed = 0;
    tally.refused += roll < 8 || b->DataLength == 1;
    if (roll < 8 || b->DataLength == 1)
        return NDIS_STATUS_OFFLOAD_DATA_NOT_ACCEPTED;
    tally.partly++;
    take(c, b, 1 + below(b->DataLength - 1), consumed);
    return NDIS_STATUS_OFFLOAD_DATA_PARTIALLY_ACCEPTED;
}

void stack_hold(void *list)
{
    must(held_count < MOST_HELD, "there is room for what the driver lends");
    held[held_count++] = list;
}

void stack_give_back(uint32_t percent)
{
    for (unsigned i = held_count; i-- > 0;)
        if (below(100) < percent) {
            mock_return(held[i]);
            held[i] = held[--held_count];
        }
}

/* ---- Handed over --------------------------------------------------------------------------- */

static void note(struct connection *c, struct packet *p, unsigned way)
{
    p->of = c;
    p->way = way;
    p->late = c->moving;
    tally.late += p->late;
}

static void hand_over(struct connection *c, struct packet *p, unsigned way, uint32_t flags)
{
    for (NET_BUFFER_LIST *list = &p->list; list; list = list->Next)
        note(c, (struct packet *)list, way);
    mock_packets(way, &c->object.handle.MiniportOffloadContext, p, flags);
}

bool stack_make_send(struct connection *c, struct packet **p, uint32_t bytes, unsigned buffers)
{
    *p = list_make(bytes, buffers);
    if (!*p)
        return false;
    (*p)->offset = c->out.next;
    stack_write(*p, &c->out, c->out.next);
    c->out.next += bytes;
    c->sends++;
    return true;
}

/* One list, or two in a chain. */
void stack_send(struct connection *c, uint32_t bytes)
{
    struct packet *one, *two;
    if (!stack_make_send(c, &one, bytes, 1 + below(LIST_BUFFERS)))
        return;
    if (below(4) == 0 && stack_make_send(c, &two, below(500), 1))
        one->list.Next = &two->list;
    hand_over(c, one, STACK_SEND, 0);
}

void stack_post(struct connection *c, uint32_t bytes)
{
    struct packet *p = list_make(bytes, 1);
    if (!p)
        return;
    p->list.NetBufferListInfo[TcpReceiveNoPush] =
        (PVOID)(uintptr_t)(stack_mode == BY_CHANCE ? below(3) == 0 : stack_mode == NO_PUSH);
    c->refused = false;
    c->receives++;
    hand_over(c, p, STACK_RECEIVE, 0);
}

void stack_close(struct connection *c, uint32_t flags)
{
    struct packet *p;
    if (!stack_make_send(c, &p, flags == TCP_DISCONNECT_GRACEFUL_CLOSE ? below(3000) : 0, 1))
        return;
    c->closed = true;
    hand_over(c, p, STACK_DISCONNECT, flags);
}

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

void stack_forward(struct connection *c, uint32_t bytes, uint32_t again)
{
    uint8_t header[HEADER] = {[12] = HEADER / 4 << 4, [13] = 0x10 /* ACK */};
    struct packet *p = list_make(HEADER + again + bytes, 1);
    if (!p)
        return;
    p->offset = c->out.acked - again;
    put32(header + 4, stack_sequence(c, p->offset));
    struct writing writing = {&c->out, p->offset, header, HEADER};
    list_each(p, 0, p->bytes, write_bytes, &writing);
    c->peer->forwards++;
    hand_over(c->peer, p, STACK_FORWARD, 0);
}

/* ---- Operations ---------------------------------------------------------------------------- */

static void open_arena(struct host_arena *arena)
{
    mock_guard(arena->memory, arena->bytes, false);
    host_arena_clear(arena);
}

static void submit(struct connection *c, uint8_t operation, struct chimney_node *root)
{
    c->moving = true;
    entries_pages = (struct entries_pages){c->arena.memory, c->arena.bytes};
    host_submit(&host, operation, root);
}

/* The addresses of one are those of the other, turned round. */
static void offload_path(struct connection *c, struct chimney_node *root)
{
    struct chimney_node *node = host_link(root, host_new_path(&ends[0].arena, c->path, 9, false));
    struct chimney_path_const *path = host_path_const(node);
    if (c == &ends[0])
        return;
    const void *source = path->SourceAddress;
    path->SourceAddress = path->DestinationAddress;
    path->DestinationAddress = source;
}

void stack_offload(struct connection *c, struct host_object *another)
{
    open_arena(&c->arena);
    struct chimney_node *root =
        host_reference(&c->arena, c->path, CHIMNEY_TYPE_PATH_IPV4_DELEGATED);
    struct chimney_node *node = host_link(root, host_new_tcp(&c->arena, &c->object, 1));
    host_tcp_const(node)->LocalPort = (uint16_t)(1000 + (c - ends));
    host_tcp_const(node)->RemotePort = (uint16_t)(1000 + (c->peer - ends));
    *host_tcp_delegated(node) = c->tcp;
    c->out.next = c->out.acked;
    c->cut = false;
    c->refused = c->undelivered;
    stack_bring_sends(c, node);
    stack_bring_buffered(c, node);
    if (another)
        host_link(root, host_new_tcp(&c->arena, another, 2));
    submit(c, CHIMNEY_INITIATE, root);
}

void stack_upload(struct connection *c)
{
    open_arena(&c->arena);
    submit(c, CHIMNEY_TERMINATE, host_reference(&c->arena, &c->object, CHIMNEY_TYPE_TCP_DELEGATED));
}

static void uploaded(struct connection *c, struct chimney_node *node)
{
    const struct chimney_tcp_delegated *now = host_tcp_delegated(node);
    must(!c->sends && !c->receives && !c->forwards, "all is back when a terminate completes");
    c->offloaded = false;
    tally.moves++;
    if (node->Status == CHIMNEY_STATUS_SUCCESS)
        stack_take_buffered(c, now->BufferedData);
    if (node->Status != CHIMNEY_STATUS_SUCCESS)
        return;
    c->tcp = *now;
    if (now->State == CHIMNEY_TCP_STATE_CLOSED)
        return; /* aborted */
    const uint32_t both = now->State == CHIMNEY_TCP_STATE_TIME_WAIT;
    const uint32_t fin = both || now->State == CHIMNEY_TCP_STATE_FIN_WAIT_2;
    const uint32_t fin_of_peer = both || now->State == CHIMNEY_TCP_STATE_CLOSE_WAIT;
    must(now->SndUna == now->SndNxt && now->SndNxt - now->SndUna <= now->SndMax - now->SndUna &&
             now->SndNxt == stack_sequence(c, c->out.acked + fin),
         "SndUna and SndNxt are behind what was acknowledged, and SndMax is not before them");
    must(now->RcvNxt ==
             stack_sequence(c->peer, c->peer->out.received + c->undelivered + fin_of_peer),
         "RcvNxt is behind what was received");
}

static void offloaded(struct connection *c, struct chimney_node *node)
{
    c->offloaded = node->Status == CHIMNEY_STATUS_SUCCESS;
    if (!c->offloaded)
        stack_keep_sends(node->NetBufferListChain);
    stack_free_buffered(c);
}

static void completed(void *context, uint8_t operation, struct chimney_node *root)
{
    (void)context;
    struct chimney_node *node = operation == CHIMNEY_INITIATE ? root->DependentBlockList : root;
    for (unsigned i = 0; i < 2; i++) {
        if (!node || node->NdisOffloadHandle != &ends[i].object.handle)
            continue;
        ends[i].moving = false;
        if (operation == CHIMNEY_TERMINATE)
            uploaded(&ends[i], node);
        else
            offloaded(&ends[i], node);
    }
}

void stack_settle(void)
{
    for (unsigned i = 0; i < MOST_MS && host.record.outstanding; i++)
        pass(1);
    must(host.record.outstanding == 0, "an operation completes");
}

static void open_connection(unsigned i, uint64_t seed)
{
    struct connection *c = &ends[i];
    const struct host_arena kept = c->arena;
    *c = (struct connection){.path = &paths[i], .peer = &ends[1 - i], .arena = kept};
    if (!kept.memory)
        c->arena = (struct host_arena){.memory = mock_pages(TREE_BYTES), .bytes = TREE_BYTES};
    c->tcp = (struct chimney_tcp_delegated){.State = CHIMNEY_TCP_STATE_ESTABLISHED,
                                            .RcvWnd = 65536,
                                            .SndWnd = 65536,
                                            .SndUna = first[i],
                                            .SndNxt = first[i],
                                            .SndMax = first[i],
                                            .RcvNxt = first[1 - i]};
    c->tcp.Header.Length = sizeof c->tcp;
    c->out.seed = seed + i;
    sha256_begin(&c->out.sent);
    sha256_begin(&c->out.got);
}

static void submit_routers(uint8_t operation, struct chimney_node *root)
{
    host.record.on_complete = NULL;
    entries_pages = (struct entries_pages){ends[0].arena.memory, ends[0].arena.bytes};
    host_submit(&host, operation, root);
    stack_settle();
    host.record.on_complete = completed;
}

void stack_offload_routers(void)
{
    open_arena(&ends[0].arena);
    struct chimney_node *root = host_new_neighbor(&ends[0].arena, &routers[0], 1);
    for (unsigned i = 0; i < 2; i++)
        offload_path(&ends[i], root);
    submit_routers(CHIMNEY_INITIATE, root);
}

void stack_take_routers_back(void)
{
    struct host_arena *a = &ends[0].arena;
    open_arena(a);
    struct chimney_node *root = host_reference(a, &routers[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    for (unsigned i = 0; i < 2; i++)
        host_link(root, host_reference(a, ends[i].path, CHIMNEY_TYPE_PATH_IPV4_DELEGATED));
    submit_routers(CHIMNEY_TERMINATE, root);
}

void stack_open(uint64_t seed)
{
    for (unsigned i = 0; i < 2; i++)
        open_connection(i, seed);
    stack_offload_routers();
    mock_on_packets(back, indicated);
    tally = (struct tally){0};
    stack_refuses = stack_reads = stack_resets = false;
    stack_brings = 0;
    stack_mode = BY_CHANCE;
}
