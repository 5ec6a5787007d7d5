/* SPDX-License-Identifier: BSD-2-Clause */
/* Host and hardware around the target: trees of nodes, commands and answers, entries and values. */
#include <stdlib.h>
#include <string.h>

#include "replay.h"

struct world world;

static const struct flue_spec *spec(void)
{
    return replay_tables.spec;
}

uint8_t thing_of(const struct flue_object *o)
{
    for (uint8_t i = 1; o && i < THINGS; i++) {
        if (world.things[i].object == o)
            return i;
    }
    return 0;
}

struct entry *entry_of(const struct flue_object *o)
{
    return &world.entries[o->kind][flue_object_index(world.target, o)];
}

/* ---- The hardware -------------------------------------------------------------------------- */

static const struct replay_command *table_of(uint8_t kind, uint8_t command)
{
    return &replay_tables.kinds[kind].commands[command];
}

static void carry_out(uint8_t kind, uint32_t index, uint8_t command, const unsigned char *args)
{
    const struct replay_command *c = table_of(kind, command);
    struct entry *e = &world.entries[kind][index];
    if (c->has != 2)
        *e = (struct entry){.has = c->has == 1};
    e->blocked |= c->blocks;
    for (uint16_t i = 0; i < c->count; i++)
        memcpy(e->values[c->fields[i].variable], args + c->fields[i].at, c->fields[i].bytes);
    const struct replay_field *f = c->fields;
    for (uint32_t left = c->links; left; left &= left - 1)
        memcpy(&e->link[__builtin_ctz(left)], args + f++->at, sizeof *e->link);
    e->linked |= c->links;
}

static void deliver(uint8_t kind, uint8_t command, flue_cookie cookie, uint8_t result)
{
    static const unsigned char data[4096];
    size_t bytes = spec()->kinds[kind].commands[command].data_bytes;
    if (result == FLUE_RESULT_OK && bytes)
        flue_command_done_with(world.target, cookie, result, data, bytes);
    else
        flue_command_done(world.target, cookie, result);
}

enum flue_issued replay_issued(uint8_t kind, uint8_t command, uint32_t index, flue_cookie cookie,
                               const void *args)
{
    const struct replay_command *table = table_of(kind, command);
    uint16_t bytes = 0;
    for (uint16_t i = 0; i < table->count; i++) {
        uint16_t end = (uint16_t)(table->fields[i].at + table->fields[i].bytes);
        bytes = end > bytes ? end : bytes;
    }
    if (world.probe) {
        memcpy(world.probe->args, args, bytes);
        return FLUE_RING_FULL;
    }
    const struct flue_object *o = flue_object_at(world.target, kind, index);
    uint8_t thing = thing_of(o);
    if (world.full[thing] && !world.alone)
        return FLUE_RING_FULL;
    wrong_command(o, command, args);
    struct command *c = &world.commands[kind][index][command];
    *c = (struct command){.flying = true, .cookie = cookie};
    memcpy(c->args, args, bytes);
    if (world.alone || !thing || world.things[thing].aside) {
        carry_out(kind, index, command, args);
        c->flying = false;
        deliver(kind, command, cookie, FLUE_RESULT_OK);
    }
    return FLUE_ISSUED;
}

static struct command *flying(uint8_t thing, uint8_t command)
{
    const struct flue_object *o = world.things[thing].object;
    if (!o)
        stop(1, "object %u is not there to be answered", thing);
    struct command *c = &world.commands[o->kind][flue_object_index(world.target, o)][command];
    if (!c->flying)
        stop(1, "the command to be answered is not under way");
    return c;
}

void world_answer(uint8_t thing, uint8_t command, uint8_t result, bool done)
{
    struct command *c = flying(thing, command);
    const struct flue_object *o = world.things[thing].object;
    struct flue_target *t = world.target;
    world.bad_answer |= result != FLUE_RESULT_OK;
    c->flying = false;
    if (done)
        carry_out(o->kind, flue_object_index(t, o), command, c->args);
    if (result == FLUE_RESULT_GONE || world.things[thing].fell)
        world.entries[o->kind][flue_object_index(t, o)] = (struct entry){0};
    if (result != FLUE_RESULT_TIMEOUT) {
        deliver(o->kind, command, c->cookie, result);
        return;
    }
    c->late = true; /* its time is over, and nobody else's */
    t->deadlines[(uint32_t)c->cookie] = ++world.now;
    atomic_store(&t->deadline, world.now);
    flue_tick(t, world.now);
}

/* There is room again for it; rings are asked at the next tick. */
void world_room(uint8_t thing)
{
    world.full[thing] = false;
    flue_tick(world.target, ++world.now);
}

/* None of those in line has gone on for too long, and there is no room still. */
void world_unsent(uint8_t thing)
{
    struct flue_target *t = world.target;
    uint8_t kind = world.things[thing].kind;
    uint64_t now = ++world.now;
    for (unsigned int c = 0; c < FLUE_MAX_COMMANDS; c++)
        t->lines[kind][c].moved = now - t->longest_timeout;
    atomic_store(&t->lines_due, now);
    flue_tick(t, now);
}

void world_late(uint8_t thing)
{
    const struct flue_object *o = world.things[thing].object;
    for (uint8_t c = 0; o && c < FLUE_MAX_COMMANDS; c++) {
        struct command *at = &world.commands[o->kind][flue_object_index(world.target, o)][c];
        if (!at->late)
            continue;
        at->late = false;
        deliver(o->kind, c, at->cookie, FLUE_RESULT_OK);
        return;
    }
}

bool world_raise(uint8_t thing, uint8_t event)
{
    const struct flue_object *o = world.things[thing].object;
    if (!o)
        return false;
    flue_name name = flue_object_handle(world.target, o->kind, flue_object_index(world.target, o));
    return flue_raise(world.target, o->kind, name, event, NULL);
}

void world_fell(uint8_t thing)
{
    const struct flue_object *o = world.things[thing].object;
    if (!o)
        stop(2, "no such object");
    memset(entry_of(o), 0, sizeof *entry_of(o));
    world.things[thing].fell = true;
}

void world_forget(void)
{
    memset(world.entries, 0, sizeof world.entries);
    memset(world.commands, 0, sizeof world.commands);
    memset(world.full, 0, sizeof world.full);
}

static bool same_values(const struct flue_object *o, uint8_t command, const unsigned char *args)
{
    const struct replay_command *c = table_of(o->kind, command);
    for (uint16_t i = 0; i < c->count; i++) {
        const struct replay_field *f = &c->fields[i];
        if (memcmp(entry_of(o)->values[f->variable], args + f->at, f->bytes) != 0)
            return false;
    }
    return true;
}

bool world_agrees(const struct flue_object *o)
{
    static struct command told;
    const struct flue_kind *kind = &spec()->kinds[o->kind];
    bool agrees = true;
    world.probe = &told;
    for (uint8_t c = 0; c < kind->command_count; c++) {
        struct flue_issue i = {
            .adapter = world.target,
            .name = flue_object_handle(world.target, o->kind, flue_object_index(world.target, o)),
            .old = true,
            .command = c};
        i.q = (struct flue_guard_context){.target = world.target,
                                          .object = o,
                                          .new_links = {FLUE_NONE, FLUE_NONE, FLUE_NONE, FLUE_NONE},
                                          .operation = FLUE_NO_BYTE};
        if (table_of(o->kind, c)->has == 0)
            continue;
        kind->issue(&i);
        agrees &= same_values(o, c, told.args);
    }
    world.probe = NULL;
    return agrees;
}

/* ---- The host ------------------------------------------------------------------------------ */

static uint8_t type_for(const struct replay_node *n)
{
    const struct flue_node_layout *layout = spec()->node;
    const struct flue_operation *op = &spec()->operations[n->operation];
    const struct thing *thing = &world.things[n->thing];
    const struct flue_kind *kind = &spec()->kinds[thing->kind];
    uint8_t all = 0, otherwise = 0;
    for (unsigned int c = 0; c < FLUE_CLASSES; c++)
        if (kind->class_bytes[c])
            all |= FLUE_CLASS_BIT(c);
    uint8_t wanted = n->role == FLUE_NEW ? all : (uint8_t)(op->state_used & all);
    if (op->state_used == FLUE_USES_ANY)
        wanted = n->asked ? FLUE_CLASS_BIT(FLUE_DELEGATED) : FLUE_CLASS_BIT(FLUE_CACHED);
    for (uint16_t code = 0; code < layout->type_code_count; code++) {
        const struct flue_type_code *t = &layout->type_codes[code];
        uint8_t variant = thing->object && n->role != FLUE_NEW ? thing->object->variant : 0;
        if (t->kind != thing->kind || (t->variant != FLUE_NO_BYTE && t->variant != variant))
            continue;
        if (t->classes == wanted)
            return (uint8_t)code;
        otherwise = (uint8_t)code;
    }
    return otherwise;
}

static void put(unsigned char *at, uint64_t value, uint16_t bytes)
{
    memcpy(at, &value, bytes > sizeof value ? sizeof value : bytes);
}

static void change(struct thing *thing, const struct replay_places *places, uint32_t which)
{
    for (uint32_t i = 0; i < places->count; i++) {
        const struct replay_place *p = &places->of[i];
        uint64_t value = 0;
        unsigned char *at = &thing->host[p->klass][p->at];
        memcpy(&value, at, p->bytes > sizeof value ? sizeof value : p->bytes);
        if ((which >> i & 1) && p->bytes)
            put(at, value ^ p->value, p->bytes);
    }
}

/* What a new object says of itself: zeros, but where the spec wants something else. */
static void make_new(struct thing *thing)
{
    static unsigned char named[64] = "what a pointer names";
    const struct flue_kind *kind = &spec()->kinds[thing->kind];
    const struct replay_places *news = &replay_tables.kinds[thing->kind].news;
    memset(thing->host, 0, sizeof thing->host);
    for (unsigned int c = 0; c < FLUE_CLASSES; c++) {
        if (spec()->node->length != FLUE_NO_MEMBER)
            put(&thing->host[c][spec()->node->length], kind->class_bytes[c], 4);
    }
    for (uint32_t i = 0; i < news->count; i++) {
        const struct replay_place *p = &news->of[i];
        put(&thing->host[p->klass][p->at], p->pointer ? (uintptr_t)named : p->value, p->bytes);
    }
}

static void write_state(struct replay_node *n, uint8_t classes)
{
    struct thing *thing = &world.things[n->thing];
    const struct flue_kind *kind = &spec()->kinds[thing->kind];
    size_t align = spec()->node->states_align;
    unsigned char *at = n->memory + spec()->node->bytes;
    for (unsigned int c = 0; c < FLUE_CLASSES; c++) {
        if (!(classes & FLUE_CLASS_BIT(c)))
            continue;
        memcpy(at, thing->host[c], kind->class_bytes[c]);
        at += (kind->class_bytes[c] + align - 1) / align * align;
    }
}

static void write_role(struct replay_node *n)
{
    const struct flue_node_layout *layout = spec()->node;
    struct thing *thing = &world.things[n->thing];
    unsigned char *member = n->memory + layout->context;
    if (n->role == FLUE_NEW)
        thing->handle = 0;
    bool place = layout->role[1][n->role == FLUE_REFERENCE] == n->role;
    if (layout->context_points)
        flue_store_pointer(member, place ? &thing->handle : NULL);
    else
        memcpy(member, &thing->handle, sizeof thing->handle);
    if (layout->host_handle != FLUE_NO_MEMBER)
        flue_store_pointer(n->memory + layout->host_handle, thing);
}

/* Where the host wants its links to lead: as the node says, or where they are. */
static void write_handles(struct replay_node *n)
{
    struct thing *thing = &world.things[n->thing];
    const struct flue_kind *kind = &spec()->kinds[thing->kind];
    for (uint8_t l = 0; l < kind->link_count; l++) {
        const struct flue_link_spec *link = &kind->links[l];
        uint8_t to = n->named >> l & 1 ? n->names[l] : thing->link[l];
        uint64_t handle = to ? world.things[to].handle : 0;
        if (link->by != FLUE_NO_BYTE)
            put(&thing->host[link->by][link->at], handle, sizeof handle);
    }
}

static void write_node(struct replay_node *n)
{
    const struct flue_node_layout *layout = spec()->node;
    struct thing *thing = &world.things[n->thing];
    const struct replay_kind *kind = &replay_tables.kinds[thing->kind];
    n->memory = calloc(1, layout->bytes + 4096u);
    if (!n->memory)
        stop(2, "no memory");
    write_role(n);
    if (n->role == FLUE_PLACEHOLDER)
        return;
    if (n->role == FLUE_NEW)
        make_new(thing);
    change(thing, &kind->lines, n->lines);
    change(thing, &kind->then, n->then);
    write_handles(n);
    uint8_t type = type_for(n);
    put(n->memory + layout->type, type, layout->type_bytes);
    write_state(n, layout->type_codes[type].classes);
    change(thing, &kind->then, n->then); /* pulses come and go */
}

/* What the host makes of a node's own status. */
void world_learn(struct replay_node *n)
{
    const struct flue_operation *op = &spec()->operations[n->operation];
    struct thing *thing = &world.things[n->thing];
    bool good = spec()->statuses[n->own].good;
    if (n->role == FLUE_PLACEHOLDER)
        return;
    if (n->role == FLUE_NEW)
        thing->host_has = good;
    else if (op->ends && good)
        thing->host_has = false;
    if (n->role == FLUE_NEW && good && !spec()->node->context_points)
        memcpy(&thing->handle, n->memory + spec()->node->context, sizeof thing->handle);
    if (!good)
        change(thing, &replay_tables.kinds[thing->kind].lines, n->lines);
    for (uint8_t l = 0; good && l < FLUE_MAX_LINKS; l++) {
        if (n->named >> l & 1)
            thing->link[l] = n->names[l];
    }
}

static void chain(uint32_t first, uint32_t end)
{
    const struct flue_node_layout *layout = spec()->node;
    for (uint32_t i = end; i-- > first;) {
        struct replay_node *n = &world.nodes[i];
        if (!n->memory || !n->above)
            continue;
        unsigned char *above = world.nodes[n->above].memory + layout->dependents;
        flue_store_pointer(n->memory + layout->next, flue_load_pointer(above));
        flue_store_pointer(above, n->memory);
    }
}

void world_submit(uint8_t operation, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        world.nodes[i].operation = operation;
        write_node(&world.nodes[i]);
    }
    chain(first, end);
    for (uint32_t i = first; i < end; i++)
        world.nodes[i].submitted = true;
    flue_submit(world.target, operation, world.nodes[first].memory);
}

void world_poll(uint32_t budget)
{
    flue_poll(world.target, budget);
}

/* ---- The beginning ------------------------------------------------------------------------- */

static void completed(struct flue_target *t, uint8_t operation, void *root)
{
    (void)t;
    (void)operation;
    (void)root;
    world.completions++;
}

static void nothing(struct flue_target *t)
{
    (void)t;
}

static void no_indication(struct flue_target *t, uint8_t indication, uint32_t detail)
{
    (void)t;
    (void)indication;
    (void)detail;
}

static void tell_nobody(const struct flue_guard_context *q, uint8_t marks)
{
    (void)q;
    (void)marks;
}

static void tell_nobody_of_event(const struct flue_guard_context *q, uint8_t call, const void *data)
{
    (void)q;
    (void)call;
    (void)data;
}

static void wake(void *adapter)
{
    (void)adapter;
}

void world_open(void (*watch)(void *context, const struct flue_trace *step))
{
    static struct flue_spec own;
    static struct flue_kind kinds[KINDS];
    static struct flue_target target;
    struct flue_config config = {.ring_entries = 32,
                                 .reserved_entries = 2,
                                 .running_requests = 4,
                                 .quarantine_limit = 29,
                                 .ticks_per_second = 1000000,
                                 .binding = replay_tables.binding,
                                 .completions = &own,
                                 .indications = &own,
                                 .wake = wake,
                                 .trace = watch};
    own = *replay_tables.spec;
    own.complete = completed;
    own.doorbell = nothing;
    own.indicate = no_indication;
    for (uint8_t k = 0; k < own.kind_count; k++) {
        kinds[k] = own.kinds[k];
        kinds[k].notify = kinds[k].notify ? tell_nobody : NULL;
        kinds[k].notify_event = kinds[k].notify_event ? tell_nobody_of_event : NULL;
        config.capacity[k] = OBJECTS;
    }
    own.kinds = kinds;
    for (unsigned int i = 0; i < own.parameter_count; i++)
        config.parameters[i] = 1000000;
    size_t bytes = flue_memory_bytes(&own, &config);
    void *memory = bytes ? aligned_alloc(64, (bytes + 63) / 64 * 64) : NULL;
    enum flue_error error = flue_target_init(&target, &own, &config, memory, bytes);
    if (error != FLUE_OK)
        stop(2, "no such target: %s", flue_error_text(error));
    world.target = &target;
    world.now = 1000;
    flue_tick(&target, world.now);
}

/* What the script only needs to be there: everything of it is answered at once, and well. */
void world_offload(uint8_t thing)
{
    uint8_t operation = 0, kind = world.things[thing].kind;
    const struct flue_link_spec *first = spec()->kinds[kind].links;
    uint8_t link = first && first->by == FLUE_NO_BYTE ? world.things[thing].link[0] : 0;
    while (!spec()->operations[operation].reaches_new ||
           (spec()->operations[operation].others >> kind & 1))
        operation++;
    struct replay_node *last = &world.nodes[NODES - 1];
    last[-1] = (struct replay_node){.thing = link, .role = FLUE_REFERENCE};
    last[0] = (struct replay_node){.thing = thing, .role = FLUE_NEW, .above = link ? NODES - 2 : 0};
    world.alone = true;
    world_submit(operation, link ? NODES - 2 : NODES - 1, NODES);
    for (unsigned int i = 0; i < 100; i++)
        world_poll(8);
    world.alone = false;
    const struct flue_object *o = world.things[thing].object;
    if (!o || !spec()->kinds[o->kind].states[o->state].host_has)
        stop(2, "object %u cannot be offloaded", thing);
    world.things[thing].host_has = true;
    last[-1] = last[0] = (struct replay_node){0};
}
