/* SPDX-License-Identifier: BSD-2-Clause */
/* world.c: targets of several sizes, each made once and copied back for every run. */
#include "fuzz.h"

static void wake(void *adapter)
{
    struct world *w = adapter;
    REQUIRE(w->depth < 64, "calls within calls");
}

static void reset_wanted(void *adapter)
{
    mischief(adapter);
}

static void trace(void *context, const struct flue_trace *step)
{
    char text[200];
    size_t bytes = context ? 40 : sizeof text;
    REQUIRE(flue_trace_text(step, text, bytes) < bytes, "a line that is too long");
    if (!context)
        fprintf(stderr, "%s\n", text);
}

struct variant {
    struct flue_config config;
    uint32_t crowd; /* paths that are there from the start */
    size_t memory_bytes;
    void *memory, *copy;
    struct world *world, *saved; /* the target knows its address, so it stays where it is */
};

#define SMALL .running_requests = 1, .indication_entries = 2
#define ROOMY .running_requests = 4, .quarantine_limit = 3, .indication_entries = 8

static struct variant variants[] = {
    {.config = {.capacity = {2, 3, 4},
                .ring_entries = 2,
                .reserved_entries = 1,
                SMALL}}, /* one lost answer is too many */
    {.config = {.capacity = {3, 5, 8}, .ring_entries = 6, .reserved_entries = 2, ROOMY}},
    {.config =
         {.capacity = {3, 5, 8}, .ring_entries = 6, .reserved_entries = 0, .trace = trace, ROOMY}},
    {.config = {.capacity = {8, 16, 24}, .ring_entries = 64, .reserved_entries = 4, ROOMY}},
    {.config = {.capacity = {4, CROWD + 6, 8}, .ring_entries = 96, .reserved_entries = 2, ROOMY},
     .crowd = CROWD},
    {.config = {.capacity = {4, CROWD + 6, 8},
                .ring_entries = 40,
                .reserved_entries = 1,
                .quarantine_limit = 2,
                SMALL},
     .crowd = CROWD},
};

/* A neighbor and paths over it; the first ones are in the host's cells, the others in `spare`. */
static void fill(struct world *w, uint32_t crowd)
{
    static void *spare[CROWD];
    size_t stride = sizeof(struct chimney_node) + 24 + 16 + 8;
    unsigned char *memory = calloc(crowd + 1, stride + 8);
    struct chimney_node *base = calloc(1, 1024), *above = base;
    static const uint8_t address[4] = {10, 0, 0, 1};
    memset(spare, 0, sizeof spare);
    base->Header.Type = CHIMNEY_TYPE_NEIGHBOR_ALL;
    base->MiniportOffloadContext = &w->cells[CHIMNEY_NEIGHBOR][0];
    memcpy((char *)base + 152, &(uint32_t){44}, 4);
    memcpy((char *)base + 152 + 48, &(uint32_t){44}, 4);
    memcpy((char *)base + 152 + 96, &(uint32_t){12}, 4);
    for (uint32_t i = 0; i < crowd; i++) {
        struct chimney_node *node = (struct chimney_node *)(void *)(memory + i * (stride + 8));
        struct chimney_path_const *constant = (void *)((char *)node + 152);
        struct chimney_path_cached *cached = (void *)((char *)node + 176);
        node->Header.Type = CHIMNEY_TYPE_PATH_IPV4_ALL;
        node->MiniportOffloadContext = i < CELLS ? &w->cells[CHIMNEY_PATH][i] : &spare[i];
        constant->Header.Length = 24;
        constant->SourceAddress = constant->DestinationAddress = address;
        cached->Header.Length = 12;
        memcpy((char *)node + 192, &(uint32_t){8}, 4);
        *(above == base ? &above->DependentBlockList : &above->NextBlock) = node;
        above = node;
    }
    w->answers_inline = true;
    w->crowding = true;
    chimney_initiate(w, base);
    w->accepted++;
    while (flue_poll(&w->target.flue, 1000))
        ;
    REQUIRE(w->completed == 1 && base->Status == CHIMNEY_STATUS_SUCCESS, "%x", base->Status);
    free(base);
    free(memory);
}

static void make(struct variant *v)
{
    struct world *w = calloc(1, sizeof *w);
    v->config.ticks_per_second = 1000;
    v->config.trace_context = w;
    if (getenv("FUZZ_TRACE")) {
        v->config.trace = trace;
        v->config.trace_context = NULL;
    }
    v->config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 50;
    v->config.key = 0x5eed;
    v->config.wake = wake;
    v->config.host_handle = w;
    v->config.reset_wanted = reset_wanted;
    v->memory_bytes = (chimney_memory_bytes(&v->config) + 63) & ~(size_t)63;
    v->memory = aligned_alloc(64, v->memory_bytes);
    v->copy = malloc(v->memory_bytes);
    v->saved = malloc(sizeof *w);
    REQUIRE(w && v->memory && v->copy && v->saved, "no memory");
    memset(v->memory, 0xa5, v->memory_bytes);
    enum flue_error error = chimney_init(&w->target, &v->config, &fuzz_binding, &fuzz_completions,
                                         &fuzz_indications, v->memory, v->memory_bytes);
    REQUIRE(error == FLUE_OK, "%s", flue_error_text(error));
    w->room = UINT32_MAX;
    if (v->crowd)
        fill(w, v->crowd);
    w->answers_inline = w->crowding = false;
    w->command_count = w->unanswered = 0;
    memcpy(v->copy, v->memory, v->memory_bytes);
    memcpy(v->saved, w, sizeof *w);
    v->world = w;
}

struct world *world_of(uint8_t number)
{
    static const uint8_t shares[16] = {0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4};
    struct variant *v = &variants[shares[number % 16] + (number == 255)];
    if (!v->world)
        make(v);
    memcpy(v->world, v->saved, offsetof(struct world, commands));
    memcpy(v->memory, v->copy, v->memory_bytes);
    return v->world;
}
