/* SPDX-License-Identifier: BSD-2-Clause */
#include "host_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT ((size_t)16)
#define MAX_LAYERS 8

bool host_arena_open(struct host_arena *arena, size_t bytes)
{
    *arena = (struct host_arena){.memory = malloc(bytes), .bytes = bytes};
    return arena->memory != NULL;
}

void host_arena_close(struct host_arena *arena)
{
    free(arena->memory);
    *arena = (struct host_arena){0};
}

void host_arena_clear(struct host_arena *arena)
{
    arena->used = 0;
}

void *host_alloc(struct host_arena *arena, size_t bytes)
{
    bytes = (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (bytes > arena->bytes - arena->used) {
        fprintf(stderr, "the host's arena of %zu bytes is full\n", arena->bytes);
        abort();
    }
    void *memory = arena->memory + arena->used;
    arena->used += bytes;
    return memset(memory, 0, bytes);
}

uint32_t host_index(const struct host_object *object)
{
    uint64_t handle = host_handle(object);
    return handle ? (uint32_t)handle : UINT32_MAX;
}

static const struct flue_type_code *type_code(uint8_t type)
{
    const struct flue_node_layout *layout = chimney_spec.node;
    const struct flue_type_code *code = NULL;
    if (type < layout->type_code_count)
        code = &layout->type_codes[type];
    return code && code->kind != FLUE_NO_BYTE ? code : NULL;
}

static size_t stride(size_t bytes)
{
    size_t align = chimney_spec.node->states_align;
    return (bytes + align - 1) / align * align;
}

/* Distance from the node to the structure of a class, or, for FLUE_CLASSES, to behind them all. */
static size_t state_at(const struct flue_type_code *code, enum flue_class of_class)
{
    size_t at = stride(chimney_spec.node->bytes);
    for (unsigned int c = FLUE_CONST; code && c < (unsigned int)of_class; c++) {
        if (code->classes & FLUE_CLASS_BIT(c))
            at += stride(chimney_spec.kinds[code->kind].class_bytes[c]);
    }
    return at;
}

void *host_state(struct chimney_node *node, enum flue_class of_class)
{
    const struct flue_type_code *code = type_code(node->Header.Type);
    if (!code || !(code->classes & FLUE_CLASS_BIT(of_class)))
        return NULL;
    return (unsigned char *)node + state_at(code, of_class);
}

struct chimney_node *host_node(struct host_arena *arena, struct host_object *object, uint8_t type)
{
    const struct flue_type_code *code = type_code(type);
    struct chimney_node *node = host_alloc(arena, state_at(code, FLUE_CLASSES));
    node->Header.Type = type;
    node->Header.Revision = 1;
    node->Header.Size = sizeof(*node);
    if (object) {
        node->MiniportOffloadContext = &object->handle.MiniportOffloadContext;
        node->NdisOffloadHandle = &object->handle;
    }
    for (unsigned int c = FLUE_CONST; c < FLUE_CLASSES; c++) {
        struct chimney_state_header *header = host_state(node, (enum flue_class)c);
        if (header)
            header->Length = chimney_spec.kinds[code->kind].class_bytes[c];
    }
    return node;
}

struct chimney_node *host_reference(struct host_arena *arena, struct host_object *object,
                                    uint8_t type)
{
    return host_node(arena, object, type);
}

static void remember(struct host_object *object, uint8_t kind, uint32_t number, bool ipv6)
{
    *object = (struct host_object){.kind = kind, .number = number, .ipv6 = ipv6};
}

struct chimney_node *host_new_neighbor(struct host_arena *arena, struct host_object *object,
                                       uint32_t number)
{
    static const uint8_t local_mac[6] = {0x02, 0xf1, 0x0e, 0, 0, 0};
    remember(object, CHIMNEY_NEIGHBOR, number, false);
    struct chimney_node *node = host_node(arena, object, CHIMNEY_TYPE_NEIGHBOR_ALL);
    uint8_t *mac = host_neighbor_cached(node)->DlDestinationAddress;
    memcpy(mac, local_mac, sizeof(local_mac));
    memcpy(mac + 3, &number, 3);
    host_neighbor_const(node)->VlanId = number & 7;
    host_neighbor_cached(node)->HostReachabilityDelta = 10 + number % 100;
    host_neighbor_delegated(node)->NicReachabilityDelta = 20 + number % 100;
    return node;
}

/* 10.x.y.z or fd00::x:y:z, by number. */
static const uint8_t *address(struct host_arena *arena, uint32_t number, bool ipv6, uint8_t side)
{
    uint8_t *bytes = host_alloc(arena, 16);
    uint8_t *tail = bytes + (ipv6 ? 12 : 0);
    bytes[0] = ipv6 ? 0xfd : 10;
    bytes[1] = side;
    tail[ipv6 ? 0 : 1] = side;
    tail[2] = (uint8_t)(number >> 8);
    tail[3] = (uint8_t)number;
    return bytes;
}

struct chimney_node *host_new_path(struct host_arena *arena, struct host_object *object,
                                   uint32_t number, bool ipv6)
{
    uint8_t type = ipv6 ? CHIMNEY_TYPE_PATH_IPV6_ALL : CHIMNEY_TYPE_PATH_IPV4_ALL;
    remember(object, CHIMNEY_PATH, number, ipv6);
    struct chimney_node *node = host_node(arena, object, type);
    host_path_const(node)->SourceAddress = address(arena, 1, ipv6, 1);
    host_path_const(node)->DestinationAddress = address(arena, number, ipv6, 2);
    host_path_cached(node)->PathMtu = 1500;
    return node;
}

static void fill_tcp_delegated(struct chimney_tcp_delegated *d, uint32_t number)
{
    d->State = CHIMNEY_TCP_STATE_ESTABLISHED;
    d->RcvNxt = 1000000 + number;
    d->RcvWnd = 65536;
    d->SndUna = d->SndNxt = d->SndMax = 2000000 + number;
    d->SndWnd = d->MaxSndWnd = 131072;
    d->SendWL1 = d->RcvNxt;
    d->CWnd = 14600;
    d->SsThresh = 65535;
    d->SRtt = 80;
    d->RttVar = 20;
    d->TsRecent = number;
    d->TsRecentAge = 50;
    d->TotalRT = number % 7;
    d->KeepAlive.ProbeCount = (uint8_t)(number % 3);
    d->KeepAlive.TimeoutDelta = 1000;
    d->Retransmit.TimeoutDelta = UINT32_MAX;
}

struct chimney_node *host_new_tcp(struct host_arena *arena, struct host_object *object,
                                  uint32_t number)
{
    remember(object, CHIMNEY_TCP, number, false);
    struct chimney_node *node = host_node(arena, object, CHIMNEY_TYPE_TCP_ALL);
    struct chimney_tcp_const *constant = host_tcp_const(node);
    struct chimney_tcp_cached *cached = host_tcp_cached(node);
    constant->Flags = CHIMNEY_TCP_OPTIONS_TIMESTAMPS | CHIMNEY_TCP_OPTIONS_SACK;
    constant->RemotePort = 443;
    constant->LocalPort = (uint16_t)(1024 + number % 60000);
    constant->RcvWindScale = 7;
    constant->SndWindScale = 8;
    constant->RemoteMss = 1460;
    constant->HashValue = number * 2654435761u;
    cached->Flags = CHIMNEY_TCP_SETTINGS_NAGLE_ON;
    cached->InitialRcvWnd = 65536;
    cached->RcvIndicationSize = 4096;
    cached->KaProbeCount = 9;
    cached->KaTimeout = 7200000;
    cached->KaInterval = 75000;
    cached->MaxRT = 100000;
    cached->TtlOrHopLimit = 64;
    fill_tcp_delegated(host_tcp_delegated(node), number);
    return node;
}

/* ProtocolReserved is the host's own: a parent keeps its last dependent in the first word. */
struct chimney_node *host_link(struct chimney_node *parent, struct chimney_node *child)
{
    struct chimney_node *last = parent->ProtocolReserved[0];
    if (last)
        last->NextBlock = child;
    else
        parent->DependentBlockList = child;
    parent->ProtocolReserved[0] = child;
    return child;
}

void host_chain(struct chimney_node *root, struct chimney_node *next)
{
    while (root->NextBlock)
        root = root->NextBlock;
    root->NextBlock = next;
}

void host_each(struct chimney_node *root, void (*visit)(struct chimney_node *node, void *context),
               void *context)
{
    struct chimney_node *above[MAX_LAYERS];
    unsigned int depth = 0;
    for (struct chimney_node *node = root; node;) {
        struct chimney_node *sideways = node->NextBlock, *up = node->DependentBlockList;
        visit(node, context);
        if (up && depth < MAX_LAYERS) {
            above[depth++] = sideways;
            node = up;
            continue;
        }
        node = sideways;
        while (!node && depth > 0)
            node = above[--depth];
    }
}

static void count(struct chimney_node *node, void *context)
{
    (void)node;
    (*(uint64_t *)context)++;
}

uint64_t host_count(struct chimney_node *root)
{
    uint64_t nodes = 0;
    host_each(root, count, &nodes);
    return nodes;
}
