/* SPDX-License-Identifier: BSD-2-Clause */
/* Specs become the host's nodes, with garbage wherever the host may leave some. */
#include <string.h>

#include "oracle.h"
#include "prng.h"

void open_things(struct world *w)
{
    model_open(&w->model);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < w->model.count[kind]; i++)
            w->model.things[kind][i].host = &w->objects[kind][i];
    }
}

static void garbage(struct world *w, void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)memory)[i] = (unsigned char)prng_next(&w->model.random);
}

static const uint8_t *address(struct world *w, const uint8_t *bytes, bool ipv6)
{
    uint8_t *copy = host_alloc(&w->arena, 16);
    memset(copy, 0xcc, 16);
    memcpy(copy, bytes, ipv6 ? 16 : 4);
    return copy;
}

/* Put `bytes` behind the header of a structure that follows the node. */
static void behind(struct chimney_node *node, enum flue_class of_class, const void *from,
                   size_t bytes)
{
    const size_t header = sizeof(struct chimney_state_header);
    char *state = host_state(node, of_class);
    if (state)
        memcpy(state + header, (const char *)from + header, bytes - header);
}

static void say(struct world *w, const struct tree_spec *b)
{
    const struct facts *says = &b->says;
    struct facts path = *says;
    switch (b->kind) {
    case CHIMNEY_NEIGHBOR:
        behind(b->node, FLUE_CONST, &says->constant, sizeof(says->constant.neighbor));
        behind(b->node, FLUE_CACHED, &says->cached, sizeof(says->cached.neighbor));
        behind(b->node, FLUE_DELEGATED, &says->delegated, sizeof(says->delegated.neighbor));
        break;
    case CHIMNEY_PATH:
        path.constant.path.SourceAddress = address(w, says->source, b->thing->ipv6);
        path.constant.path.DestinationAddress = address(w, says->destination, b->thing->ipv6);
        behind(b->node, FLUE_CONST, &path.constant, sizeof(says->constant.path));
        behind(b->node, FLUE_CACHED, &says->cached, sizeof(says->cached.path));
        break;
    default:
        behind(b->node, FLUE_CONST, &says->constant, sizeof(says->constant.tcp));
        behind(b->node, FLUE_CACHED, &says->cached, sizeof(says->cached.tcp));
        behind(b->node, FLUE_DELEGATED, &says->delegated, sizeof(says->delegated.tcp));
        break;
    }
}

/* Where the target is to fill in, nothing useful may be there before. */
static void spoil(struct world *w, const struct tree_spec *b)
{
    static const size_t bytes[CHIMNEY_KINDS][FLUE_CLASSES] = {
        {44, 44, 12}, {24, 12, 8}, {24, 44, 128}};
    char filler[128];
    garbage(w, filler, sizeof(filler));
    for (unsigned int c = 0; c < FLUE_CLASSES; c++)
        behind(b->node, (enum flue_class)c, filler, bytes[b->kind][c]);
}

static void mark_reserved(struct chimney_node *node)
{
    memset(node->NdisReserved, 0xa1, sizeof(node->NdisReserved));
    memset(node->ImReserved, 0xa2, sizeof(node->ImReserved));
    node->SourceHandle = node->ImReserved;
    node->PortNumber = 0xa3a3a3a3;
    node->NetBufferListChain = node;
}

static void contents(struct world *w, struct tree *tree, struct tree_spec *b)
{
    if (!b->thing || kind_of_type(b->type) != b->kind)
        return;
    if (tree->operation == CHIMNEY_INITIATE || tree->operation == CHIMNEY_UPDATE)
        say(w, b);
    else
        spoil(w, b);
    for (unsigned int c = 0; b->what == BAD_LENGTH && c < FLUE_CLASSES; c++) {
        struct chimney_state_header *header = host_state(b->node, (enum flue_class)c);
        if (header)
            header->Length = b->length;
    }
}

static void begin_life(struct tree_spec *b)
{
    struct thing *t = b->thing;
    *t->host = (struct host_object){.kind = t->kind, .number = t->number, .ipv6 = t->ipv6};
    t->told_invalid = t->told_broken = false;
}

static struct chimney_node *build_node(struct world *w, struct tree *tree, struct tree_spec *b)
{
    if (b->what == NEW)
        begin_life(b);
    b->node = host_node(&w->arena, b->thing ? b->thing->host : NULL, b->type);
    if (w->model.loose)
        host_alloc(&w->arena, 512); /* for whatever its type is made to say */
    if (b->what == STALE) {
        struct chimney_offload_handle *cell = host_alloc(&w->arena, sizeof(*cell));
        cell->MiniportOffloadContext = (void *)(uintptr_t)b->handle;
        b->node->MiniportOffloadContext = &cell->MiniportOffloadContext;
    }
    b->cell =
        b->node->MiniportOffloadContext ? (uint64_t)(uintptr_t)*b->node->MiniportOffloadContext : 0;
    garbage(w, b->node->MiniportReserved, sizeof(b->node->MiniportReserved));
    garbage(w, b->node->Scratch, sizeof(b->node->Scratch));
    mark_reserved(b->node);
    contents(w, tree, b);
    w->nodes++;
    return b->node;
}

static void build_below(struct world *w, struct tree *tree, struct tree_spec *b)
{
    struct chimney_node *last = NULL;
    for (; b; b = b->next) {
        struct chimney_node *node = build_node(w, tree, b);
        if (last)
            last->NextBlock = node;
        else if (b->up)
            b->up->node->DependentBlockList = node;
        last = node;
        build_below(w, tree, b->first);
    }
}

void build(struct world *w, struct tree *tree)
{
    build_below(w, tree, tree->root);
}
