/* SPDX-License-Identifier: BSD-2-Clause */
/* target.c: a target is made of the caller's memory; what can be read of it. */

#include "flue/priv/transfer.h"
#include "internal.h"

_Static_assert(sizeof(struct flue_object) == (sizeof(void *) == 8 ? 64 : 52),
               "the common part of an object is one cache line");
_Static_assert(sizeof(void *) == 8 || sizeof(void *) == 4, "a scratch word holds a pointer");
_Static_assert(ATOMIC_POINTER_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2, "must be lock-free");
#if defined(FLUE_WORDS_BY_CALLS) /* the embedder has them: runtime/port */
#elif defined(__clang__) /* its macro is about any long long, which i686 aligns to 4 bytes */
_Static_assert(__c11_atomic_is_lock_free(sizeof(_Atomic uint64_t)), "64 bits must be lock-free");
#else
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "words of 64 bits must be lock-free");
#endif

#define LINE 64u /* pools begin on cache lines */

const char *flue_error_text(enum flue_error error)
{
    switch (error) {
    case FLUE_OK:
        return "ok";
    case FLUE_BAD_SPEC:
        return "the spec was compiled for another runtime, or exceeds one of its limits";
    case FLUE_BAD_CONFIG:
        return "the configuration: flue_config_problem() or the generated ..._missing() says what";
    case FLUE_BAD_MEMORY:
        return "the memory is too small, or not aligned to 64 bytes";
    }
    return "unknown error";
}

static bool power_of_two(uint32_t n)
{
    return n && !(n & (n - 1));
}

static bool spec_fits(const struct flue_spec *spec)
{
    return spec->abi == FLUE_ABI && spec->kind_count <= FLUE_MAX_KINDS &&
           spec->operation_count <= FLUE_MAX_OPERATIONS &&
           spec->status_count <= FLUE_MAX_STATUSES && spec->mark_count <= FLUE_MAX_MARKS &&
           spec->parameter_count <= FLUE_MAX_PARAMETERS &&
           spec->transfer_count <= FLUE_MAX_TRANSFERS;
}

static uint32_t indication_entries(const struct flue_config *c)
{
    return c->indication_entries ? c->indication_entries : 64;
}

static bool within(uint32_t n, uint32_t least, uint32_t most)
{
    return n >= least && n <= most;
}

/* Word 2 of a node names an object by kind and index, and by the last number of all none. */
static const char *capacity_problem(const struct flue_spec *spec, const struct flue_config *c)
{
#define CAPACITY(kind, most) "capacity[" #kind "]: 1 to " most
    static const char *const says[FLUE_MAX_KINDS] = {
        CAPACITY(0, "2^28"),  CAPACITY(1, "2^28"),  CAPACITY(2, "2^28"),  CAPACITY(3, "2^28"),
        CAPACITY(4, "2^28"),  CAPACITY(5, "2^28"),  CAPACITY(6, "2^28"),  CAPACITY(7, "2^28"),
        CAPACITY(8, "2^28"),  CAPACITY(9, "2^28"),  CAPACITY(10, "2^28"), CAPACITY(11, "2^28"),
        CAPACITY(12, "2^28"), CAPACITY(13, "2^28"), CAPACITY(14, "2^28"), CAPACITY(15, "2^28 - 1")};
#undef CAPACITY
    for (uint32_t k = 0; k < spec->kind_count; k++)
        if (!within(c->capacity[k], 1, (1u << FLUE_NODE_KIND_SHIFT) - (k == FLUE_MAX_KINDS - 1)))
            return says[k];
    return NULL;
}

/* In the order of the members; later ones may rely on those before. */
static const char *number_problem(const struct flue_config *c)
{
    if (!within(c->ring_entries, 2, 1u << 20))
        return "ring_entries: 2 to 2^20";
    if (c->reserved_entries >= c->ring_entries)
        return "reserved_entries: less than ring_entries";
    if (!power_of_two(c->running_requests) || c->running_requests > 1u << 16)
        return "running_requests: a power of two, 1 to 2^16";
    if (c->quarantine_limit >= c->ring_entries - c->reserved_entries)
        return "quarantine_limit: less than ring_entries without reserved_entries";
    if (!power_of_two(indication_entries(c)) || indication_entries(c) > 1u << 20)
        return "indication_entries: a power of two, 1 to 2^20; or 0";
    return c->ticks_per_second ? NULL : "ticks_per_second: 1 or more";
}

static size_t lines(size_t bytes)
{
    return (bytes + LINE - 1) & ~(size_t)(LINE - 1);
}

static size_t data_stride(const struct flue_spec *spec)
{
    return ((size_t)spec->data_bytes + 7) & ~(size_t)7;
}

/* So many pieces more, from a cache line on. False: more than can be addressed. */
static bool add(size_t *bytes, uint64_t count, size_t each)
{
    size_t more;
    return !__builtin_mul_overflow(count, each, &more) && more <= SIZE_MAX / 2 &&
           !__builtin_add_overflow(*bytes, lines(more), bytes) && *bytes <= SIZE_MAX / 2;
}

/* Events of the device: one for each of every object. */
static uint64_t event_entries(const struct flue_spec *spec, const struct flue_config *c)
{
    uint64_t entries = 0;
    for (unsigned k = 0; k < spec->kind_count; k++)
        entries += (uint64_t)c->capacity[k] * spec->kinds[k].event_count;
    return entries;
}

/* What they bring; a thread that raises one holds one more. */
static uint64_t raised_entries(const struct flue_spec *spec, const struct flue_config *c)
{
    uint64_t entries = event_entries(spec, c);
    return entries ? entries + indication_entries(c) : 0;
}

static size_t raised_stride(const struct flue_spec *spec)
{
    return sizeof(struct flue_raised) + (((size_t)spec->event_bytes + 7) & ~(size_t)7);
}

static bool reaches_dependents(const struct flue_spec *spec)
{
    for (unsigned o = 0; o < spec->operation_count; o++)
        if (spec->operations[o].reaches_dependents)
            return true;
    return false;
}

/* A node of the host's layout, and a cell for its handle. */
static size_t made_stride(const struct flue_spec *spec)
{
    return (((size_t)spec->node->bytes + 7) & ~(size_t)7) + sizeof(uint64_t);
}

static bool add_reaches(size_t *bytes, const struct flue_spec *spec)
{
    return !reaches_dependents(spec) ||
           (add(bytes, FLUE_REACHES, sizeof(struct flue_reach)) &&
            add(bytes, FLUE_REACHES * FLUE_REACH_NODES, made_stride(spec)));
}

/* Entries of all that may be queued are numbers of 32 bits. */
static bool add_events(size_t *bytes, const struct flue_spec *spec, const struct flue_config *c)
{
    bool fits = event_entries(spec, c) <= UINT32_MAX >> 1 &&
                add(bytes, event_entries(spec, c), sizeof(struct flue_pending)) &&
                add(bytes, raised_entries(spec, c), raised_stride(spec));
    for (unsigned k = 0; k < spec->kind_count; k++)
        if (spec->kinds[k].event_count)
            fits = fits && add(bytes, c->capacity[k], sizeof(struct flue_entry_list));
    return fits;
}

/* Queues are numbered from 1. */
static bool add_transfers(size_t *bytes, const struct flue_spec *spec, const struct flue_config *c)
{
    uint64_t queues = flue_transfer_queues(spec, c);
    return !c->transfers || (queues < UINT32_MAX && add(bytes, 1, sizeof(struct flue_transfers)) &&
                             add(bytes, queues, sizeof(struct flue_queue)));
}

static bool sum_up(const struct flue_spec *spec, const struct flue_config *c, size_t *bytes)
{
    bool fits = add(bytes, c->ring_entries, sizeof(struct flue_slot)) &&
                add(bytes, c->ring_entries, sizeof(uint64_t)) &&
                add(bytes, c->ring_entries, data_stride(spec)) &&
                add(bytes, c->running_requests, sizeof(struct flue_request)) &&
                add(bytes, c->running_requests, sizeof(uint32_t)) &&
                add(bytes, indication_entries(c), sizeof(struct flue_indication)) &&
                add(bytes, indication_entries(c), sizeof(uint32_t));
    for (unsigned k = 0; k < spec->kind_count; k++)
        fits = fits && add(bytes, c->capacity[k], spec->kinds[k].object_bytes) &&
               add(bytes, c->capacity[k], sizeof(struct flue_note));
    return fits && add_transfers(bytes, spec, c) && add_events(bytes, spec, c) &&
           add_reaches(bytes, spec);
}

/* What decides how much memory is needed. */
static const char *size_problem(const struct flue_spec *spec, const struct flue_config *c,
                                size_t *bytes)
{
    const char *problem = capacity_problem(spec, c);
    if (!problem)
        problem = number_problem(c);
    if (!problem && !sum_up(spec, c, bytes))
        problem = "capacity: less, so much memory cannot be addressed";
    return problem;
}

const char *flue_config_problem(const struct flue_spec *spec, const struct flue_config *c)
{
    size_t bytes = 0;
    const char *problem = size_problem(spec, c, &bytes);
    return problem || c->wake ? problem : "wake: a function";
}

size_t flue_memory_bytes(const struct flue_spec *spec, const struct flue_config *c)
{
    size_t bytes = 0;
    return spec_fits(spec) && !size_problem(spec, c, &bytes) ? bytes : 0;
}

static void make_pool(struct flue_target *t, uint8_t kind, unsigned char *at)
{
    struct flue_pool *pool = &t->pools[kind];
    uint32_t capacity = t->config.capacity[kind];
    *pool = (struct flue_pool){.objects = at, .capacity = capacity};
    pool->notes = (struct flue_note *)(void *)(at + lines((size_t)capacity *
                                                          t->spec->kinds[kind].object_bytes));
    memset(pool->notes, 0, capacity * sizeof *pool->notes);
    /* Linked from the end, so that objects are taken in the order of their indexes. */
    for (uint32_t i = pool->capacity; i-- > 0;) {
        struct flue_object *o = flue_object_at(t, kind, i);
        *o = (struct flue_object){.tag = 1u << FLUE_TAG_KIND_BITS | kind,
                                  .state = t->spec->kinds[kind].start,
                                  .kind = kind,
                                  .variant = FLUE_NO_BYTE,
                                  .next = pool->free};
        flue_links_clear(t, o);
        pool->free = o;
    }
}

static void make_slots(struct flue_target *t)
{
    for (uint32_t i = t->config.ring_entries; i-- > 0;) {
        struct flue_slot *slot = &t->slots[i];
        *slot = (struct flue_slot){.object = NULL};
        atomic_init(&slot->word, FLUE_SLOT_FREE);
        slot->next = t->free_slot;
        t->free_slot = i + 1;
    }
    t->free_slots = t->config.ring_entries;
}

/* What the hot path would else compute for every command. */
static void make_constants(struct flue_target *t, uint8_t kind)
{
    const struct flue_kind *k = &t->spec->kinds[kind];
    for (unsigned c = 0; c < k->command_count; c++) {
        t->timeout_ticks[kind][c] =
            ((uint64_t)k->commands[c].timeout_ms * t->config.ticks_per_second + 999) / 1000;
        if (t->timeout_ticks[kind][c] > t->longest_timeout)
            t->longest_timeout = t->timeout_ticks[kind][c];
        t->uses_reserve[kind] |= (uint32_t)k->commands[c].takes_away << c;
    }
}

static void make_requests(struct flue_target *t)
{
    for (uint32_t i = t->config.running_requests; i-- > 0;) {
        struct flue_request *r = &t->requests[i];
        *r = (struct flue_request){.next = t->free_request};
        atomic_init(&t->serials[i], 0);
        t->free_request = r;
    }
    t->free_requests = t->config.running_requests;
}

static void make_indications(struct flue_target *t)
{
    atomic_init(&t->spare, 0);
    for (uint32_t i = t->config.indication_entries; i-- > 0;) {
        t->put_off[i] = 0;
        atomic_init(&t->indications[i].spare, 0);
        flue_indication_put(t, t->config.ring_entries + 1 + i);
    }
}

/* Nodes that dependents are reached by: like the host's, with cells of their own for handles. */
static void make_reaches(struct flue_target *t, unsigned char *at)
{
    const struct flue_node_layout *n = t->spec->node;
    size_t stride = made_stride(t->spec);
    if (!reaches_dependents(t->spec))
        return;
    t->reaches = (struct flue_reach *)(void *)at;
    memset(t->reaches, 0, FLUE_REACHES * sizeof *t->reaches);
    at += lines(FLUE_REACHES * sizeof *t->reaches);
    memset(at, 0, FLUE_REACHES * FLUE_REACH_NODES * stride);
    for (unsigned i = 0; i < FLUE_REACHES * FLUE_REACH_NODES; i++, at += stride) {
        struct flue_reach *reach = &t->reaches[i % FLUE_REACHES];
        if (n->context_points)
            flue_store_pointer(at + n->context, at + stride - sizeof(uint64_t));
        flue_node_set_link(t, at, reach->spare);
        reach->spare = at;
    }
}

/* Returns where what comes next is. */
static unsigned char *make_events(struct flue_target *t, unsigned char *at)
{
    uint32_t entries = (uint32_t)event_entries(t->spec, &t->config), first = 0;
    t->pending = (struct flue_pending *)(void *)at;
    at += lines(entries * sizeof(struct flue_pending));
    t->raised = at;
    t->raised_stride = (uint32_t)raised_stride(t->spec);
    at += lines((size_t)raised_entries(t->spec, &t->config) * raised_stride(t->spec));
    for (uint32_t i = 0; i < entries; i++)
        atomic_init(&t->pending[i].word, 0);
    for (uint32_t i = (uint32_t)raised_entries(t->spec, &t->config); i > 0; i--)
        flue_raised_put(t, i);
    for (unsigned k = 0; k < t->spec->kind_count; k++) {
        uint32_t capacity = t->config.capacity[k], count = t->spec->kinds[k].event_count;
        t->pools[k].first_event = first;
        first += capacity * count;
        if (!count)
            continue;
        t->pools[k].put_off = (struct flue_entry_list *)(void *)at;
        memset(t->pools[k].put_off, 0, capacity * sizeof *t->pools[k].put_off);
        at += lines(capacity * sizeof *t->pools[k].put_off);
    }
    return at;
}

static void carve(struct flue_target *t, unsigned char *at)
{
    const struct flue_config *c = &t->config;
    for (uint8_t k = 0; k < t->spec->kind_count; k++) {
        make_pool(t, k, at);
        make_constants(t, k);
        at += lines((size_t)c->capacity[k] * t->spec->kinds[k].object_bytes) +
              lines((size_t)c->capacity[k] * sizeof(struct flue_note));
    }
    t->slots = (struct flue_slot *)(void *)at;
    at += lines(c->ring_entries * sizeof(struct flue_slot));
    t->deadlines = (uint64_t *)(void *)at;
    at += lines(c->ring_entries * sizeof(uint64_t));
    t->data = at;
    t->data_stride = (uint32_t)data_stride(t->spec);
    at += lines(c->ring_entries * data_stride(t->spec));
    t->requests = (struct flue_request *)(void *)at;
    at += lines(c->running_requests * sizeof(struct flue_request));
    t->serials = (_Atomic uint32_t *)(void *)at;
    at += lines(c->running_requests * sizeof(uint32_t));
    t->indications = (struct flue_indication *)(void *)at;
    at += lines(c->indication_entries * sizeof(struct flue_indication));
    t->put_off = (uint32_t *)(void *)at;
    at += lines(c->indication_entries * sizeof(uint32_t));
    if (c->transfers) {
        unsigned char *queues = at + lines(sizeof(struct flue_transfers));
        flue_transfers_make(t, at, queues);
        at = queues + lines((size_t)flue_transfer_queues(t->spec, c) * sizeof(struct flue_queue));
    }
    make_reaches(t, make_events(t, at));
    make_slots(t);
    flue_fast_paths_choose(t);
    flue_stages_choose(t);
    make_requests(t);
    make_indications(t);
}

enum flue_error flue_target_init(struct flue_target *t, const struct flue_spec *spec,
                                 const struct flue_config *config, void *memory, size_t bytes)
{
    if (!spec_fits(spec))
        return FLUE_BAD_SPEC;
    size_t needed = flue_memory_bytes(spec, config);
    if (!needed || flue_config_problem(spec, config) || !config->binding || !config->completions)
        return FLUE_BAD_CONFIG;
    if (!memory || bytes < needed || (uintptr_t)memory % LINE)
        return FLUE_BAD_MEMORY;
    memset(t, 0, sizeof *t);
    t->spec = spec;
    t->adapter = t;
    t->config = *config;
    t->traced = config->trace || config->recorder;
    t->config.indication_entries = indication_entries(config);
    if (!config->cache_resident_objects)
        t->config.cache_resident_objects = FLUE_CACHE_RESIDENT_OBJECTS;
    t->restore_kind = FLUE_NO_BYTE;
    t->sweeps = 1;
    atomic_init(&t->deadline, UINT64_MAX);
    atomic_init(&t->lines_due, UINT64_MAX);
    carve(t, memory);
    t->queued_life = flue_life_next(config->key);
    flue_life_renew(t);
    return FLUE_OK;
}

const struct flue_stats *flue_target_stats(const struct flue_target *t)
{
    return &t->stats;
}

const struct flue_shared_stats *flue_target_shared_stats(const struct flue_target *t)
{
    return &t->shared;
}
