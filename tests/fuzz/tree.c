/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.c: trees as a host builds them, and as no host should: wrong types and lengths, stale and
 * forged handles, loops, nodes of other trees. Each node has exactly the memory its type asks for,
 * and loses it in the completion call, so that whatever is touched beside or after is found.
 */
#include "fuzz.h"

static struct tree *tree_of(const struct chimney_node *node)
{
    return node->ProtocolReserved[0];
}

/* Requests under way with this node as their root. */
static uintptr_t pending(const struct chimney_node *node)
{
    return (uintptr_t)node->ProtocolReserved[1];
}

static void set_pending(struct chimney_node *node, uintptr_t count)
{
    node->ProtocolReserved[1] = (void *)count; /* NOLINT: the host's own word */
}

static void tree_free(struct tree *tree)
{
    for (unsigned i = 0; i < tree->count; i++)
        free(tree->nodes[i]);
    for (unsigned i = 0; i < tree->address_count; i++)
        free(tree->addresses[i]);
    *tree = (struct tree){.used = false};
}

void tree_free_all(struct world *w)
{
    for (unsigned i = 0; i < TREES; i++)
        if (w->trees[i].used)
            tree_free(&w->trees[i]);
}

static const struct flue_type_code *type_code(uint8_t type)
{
    const struct flue_node_layout *layout = chimney_spec.node;
    return type < layout->type_code_count && layout->type_codes[type].kind != FLUE_NO_BYTE
               ? &layout->type_codes[type]
               : NULL;
}

static const uint8_t *address(struct world *w, struct tree *tree, uint8_t variant)
{
    if (take(w) % 16 == 15)
        return NULL;
    size_t bytes = variant == CHIMNEY_VARIANT_IPV6 ? 16 : 4;
    uint8_t *at = malloc(bytes);
    REQUIRE(at, "no memory");
    memset(at, take(w), bytes);
    tree->addresses[tree->address_count++] = at;
    return at;
}

static void fill_state(struct world *w, struct tree *tree, const struct flue_type_code *code,
                       unsigned of_class, unsigned char *at)
{
    uint16_t bytes = chimney_spec.kinds[code->kind].class_bytes[of_class];
    uint8_t pattern = take(w);
    memset(at, pattern % 4 ? 0 : pattern, bytes);
    uint32_t length = pattern % 16 == 15 ? take(w) : bytes;
    if (code->kind == CHIMNEY_PATH && of_class == FLUE_CONST) {
        struct chimney_path_const *constant = (void *)at;
        constant->SourceAddress = address(w, tree, code->variant);
        constant->DestinationAddress = address(w, tree, code->variant);
    } else if (code->kind == CHIMNEY_TCP && of_class == FLUE_DELEGATED && pattern % 8) {
        ((struct chimney_tcp_delegated *)(void *)at)->State = CHIMNEY_TCP_STATE_ESTABLISHED;
    } else if (of_class == FLUE_CACHED && pattern % 4) {
        at[8 + pattern % (bytes - 8u)] = take(w);
    }
    memcpy(at, &length, sizeof length);
}

static size_t stride(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

static struct chimney_node *node_new(struct world *w, struct tree *tree, uint8_t type)
{
    const struct flue_type_code *code = type_code(type);
    size_t bytes = sizeof(struct chimney_node), last = 0;
    for (unsigned c = 0; code && c < FLUE_CLASSES; c++)
        if (code->classes & FLUE_CLASS_BIT(c)) {
            last = stride(bytes);
            bytes = last + chimney_spec.kinds[code->kind].class_bytes[c];
        }
    unsigned char *memory = malloc(bytes);
    REQUIRE(memory, "no memory");
    memset(memory, take(w) % 2 ? 0xff : 0, sizeof(struct chimney_node));
    struct chimney_node *node = (void *)memory;
    size_t at = sizeof *node;
    for (unsigned c = 0; code && c < FLUE_CLASSES; c++)
        if (code->classes & FLUE_CLASS_BIT(c)) {
            at = stride(at);
            fill_state(w, tree, code, c, memory + at);
            at += chimney_spec.kinds[code->kind].class_bytes[c];
        }
    node->Header.Type = type;
    node->NextBlock = node->DependentBlockList = NULL;
    node->Status = UNWRITTEN;
    node->MiniportOffloadContext = NULL;
    node->NdisOffloadHandle = node;
    node->NetBufferListChain = NULL;
    node->ProtocolReserved[0] = tree;
    set_pending(node, 0);
    tree->nodes[tree->count++] = node;
    return node;
}

/* The types of a kind that suit the operation, and now and then any. */
static uint8_t type_for(struct world *w, uint8_t kind, enum chimney_operation operation)
{
    static const uint8_t first[CHIMNEY_KINDS + 1] = {
        CHIMNEY_TYPE_NEIGHBOR_CONST, CHIMNEY_TYPE_PATH_IPV4_CONST, CHIMNEY_TYPE_TCP_CONST, 0};
    static const uint8_t suits[] = {[CHIMNEY_INITIATE] = 3,
                                    [CHIMNEY_UPDATE] = 1,
                                    [CHIMNEY_QUERY] = 2,
                                    [CHIMNEY_INVALIDATE] = 0,
                                    [CHIMNEY_TERMINATE] = 2};
    uint8_t how = take(w);
    if (how >= 248)
        return take(w);
    uint8_t ipv6 = kind == CHIMNEY_PATH && how % 8 == 7 ? 4 : 0;
    return (uint8_t)(first[kind] + ipv6 + (how % 16 == 15 ? how / 16 % 4 : suits[operation]));
}

/* A new node's layer follows from the one above, unless the byte says otherwise. */
static uint8_t kind_below(struct world *w, const struct chimney_node *above)
{
    const struct flue_type_code *code = above ? type_code(above->Header.Type) : NULL;
    uint8_t how = take(w);
    if (!code || how % 8 == 7)
        return how / 8 % CHIMNEY_KINDS;
    return code->kind + 1 < CHIMNEY_KINDS ? (uint8_t)(code->kind + 1) : code->kind;
}

static void hang(struct world *w, struct tree *tree, struct chimney_node *node, bool beside)
{
    struct chimney_node *parent = tree->nodes[choice(w, tree->count - 1)];
    if (beside || parent->DependentBlockList) {
        if (!beside)
            parent = parent->DependentBlockList;
        while (parent->NextBlock)
            parent = parent->NextBlock;
        parent->NextBlock = node;
    } else {
        parent->DependentBlockList = node;
    }
}

static void grow(struct world *w, struct tree *tree, unsigned nodes)
{
    const struct chimney_node *above = NULL;
    while (tree->count < nodes) {
        uint8_t kind = kind_below(w, above), how = take(w);
        struct chimney_node *node = node_new(w, tree, type_for(w, kind, tree->operation));
        if (how < 240) /* else it only carries dependents */
            node->MiniportOffloadContext = &w->cells[kind][how % CELLS];
        if (tree->count > 1)
            hang(w, tree, node, how / 16 % 4 == 3);
        above = how % 32 < 24 ? node : tree->nodes[0];
    }
}

/* A way on that leads anywhere in the tree, or into one that is under way. */
static void bend(struct world *w, struct tree *tree)
{
    struct tree *other = &w->trees[choice(w, TREES)];
    uint8_t how = take(w);
    if (how < 224 || !other->used)
        other = tree;
    if (other != tree) {
        w->keep_all = true;
        tree->crossed = other->crossed = true;
    }
    struct chimney_node *from = tree->nodes[choice(w, tree->count)];
    struct chimney_node *to = other->nodes[choice(w, other->count)];
    *(how % 2 ? &from->NextBlock : &from->DependentBlockList) = to;
}

static void (*const entries[])(void *adapter, struct chimney_node *root) = {
    [CHIMNEY_INITIATE] = chimney_initiate,   [CHIMNEY_UPDATE] = chimney_update,
    [CHIMNEY_QUERY] = chimney_query,         [CHIMNEY_INVALIDATE] = chimney_invalidate,
    [CHIMNEY_TERMINATE] = chimney_terminate,
};

static void submit(struct world *w, struct chimney_node *root, enum chimney_operation operation)
{
    const struct flue_shared_stats *shared = flue_target_shared_stats(&w->target.flue);
    uint64_t before = atomic_load(&shared->submitted);
    entries[operation](w, root);
    uint64_t accepted = atomic_load(&shared->submitted) - before;
    REQUIRE(accepted <= (root != NULL), "%u accepted", (unsigned)accepted);
    w->accepted += accepted;
    if (root)
        set_pending(root, pending(root) + accepted);
}

void tree_submit(struct world *w)
{
    unsigned i = 0;
    while (i < TREES && w->trees[i].used)
        i++;
    if (i == TREES)
        return;
    struct tree *tree = &w->trees[i];
    uint8_t how = take(w);
    *tree = (struct tree){.used = true, .operation = how % 5};
    grow(w, tree, how < 128 ? 1 + how / 5 % 8 : 1 + take(w) % TREE_NODES);
    for (uint8_t bends = how >= 250 ? take(w) % 4 : 0; bends > 0; bends--)
        bend(w, tree);
    submit(w, tree->nodes[0], tree->operation);
    REQUIRE(pending(tree->nodes[0]) == 1, "a new tree was not accepted");
}

/* NULL, the root of a tree that is under way, or a node in the middle of one. */
void tree_resubmit(struct world *w)
{
    struct tree *tree = &w->trees[choice(w, TREES)];
    uint8_t how = take(w);
    if (!tree->used) {
        submit(w, NULL, how % 5);
        return;
    }
    struct chimney_node *node = tree->nodes[how < 192 ? 0 : choice(w, tree->count)];
    if (node != tree->nodes[0]) {
        w->keep_all = true;
        tree->crossed = true;
        submit(w, node, how % 5);
        return;
    }
    uintptr_t before = pending(node);
    tree->crossed |= before == 0; /* it was kept after its completion */
    submit(w, node, how % 5);
    REQUIRE(tree->crossed || pending(node) == before, "a root under way was accepted again");
}

void tree_complete(struct world *w, enum chimney_operation operation, struct chimney_node *root)
{
    w->completed++;
    if (w->crowding)
        return; /* the crowd's */
    struct tree *tree = tree_of(root);
    REQUIRE(pending(root) > 0, "a completion that nobody waits for");
    set_pending(root, pending(root) - 1);
    if (!tree->crossed) {
        REQUIRE(tree->operation == operation, "completed as %d, not %d", operation,
                tree->operation);
        check_tree(tree, root);
    }
    if (!w->keep_all)
        tree_free(tree);
    mischief(w);
}

/* What the host keeps is not what it was given. */
void handle_spoil(struct world *w)
{
    void **cell = &w->cells[choice(w, CHIMNEY_KINDS)][choice(w, CELLS)];
    void **old = &w->old_handles[choice(w, OLD_HANDLES)];
    uint8_t how = take(w);
    switch (how % 5) {
    case 0:
        *old = *cell;
        break;
    case 1:
        *cell = *old; /* stale, of another kind, or named by two */
        break;
    case 2:
        *cell = NULL;
        break;
    case 3:
        *cell = (void *)((uintptr_t)*cell ^ (uintptr_t)1 << how / 5); /* NOLINT */
        break;
    default:
        *cell = (void *)((uintptr_t)how << 36 | (uintptr_t)take(w) << 28 | take(w)); /* NOLINT */
    }
}
