/* SPDX-License-Identifier: BSD-2-Clause */
/* cabinet.c: hardware that chooses numbers; see cabinet.h. */

#include "cabinet.h"

#include <stdlib.h>
#include <string.h>

/* A letter for the order, and what becomes of it: g, b, l or d. */
static char ordered(struct cabinet *c, char letter)
{
    size_t length = strlen(c->orders);
    if (length == sizeof c->orders - 1)
        memmove(c->orders, c->orders + 1, length--);
    c->orders[length] = letter;
    c->orders[length + 1] = 0;
    return *c->manner ? *c->manner++ : 'g';
}

static bool done(char how)
{
    return how == 'g' || how == 'd';
}

static struct late *lost(struct cabinet *c, flue_cookie cookie)
{
    struct late *late = &c->late[c->late_count++ % CABINET_LATE];
    *late = (struct late){.cookie = cookie};
    return late;
}

static void answer(struct cabinet *c, flue_cookie cookie, char how)
{
    if (how == 'l' || how == 'd')
        lost(c, cookie);
    else
        numbers_done(&c->target, cookie, how == 'g' ? NUMBERS_RESULT_OK : NUMBERS_RESULT_FAILURE);
}

static struct thing *fresh(struct cabinet *c, struct things *list, flue_name owner)
{
    if (list->count == CABINET_THINGS)
        abort();
    struct thing *x = &list->all[list->count++];
    c->made++;
    *x = (struct thing){.there = true,
                        .owner = owner,
                        .id = c->made * UINT64_C(0x9e3779b97f4a7c15),
                        .place = (uint16_t)(c->made * 40503u),
                        .tag = c->made * 2654435761u};
    return x;
}

static struct thing *table_called(struct cabinet *c, const uint8_t bytes[8])
{
    uint64_t id;
    memcpy(&id, bytes, sizeof id);
    for (struct thing *x = c->tables.all; x < c->tables.all + c->tables.count; x++)
        if (x->there && x->id == id)
            return x;
    return NULL;
}

/* Nobody names an entry of another's, nor one that never was; one may be named that is gone. */
static struct thing *entry_at(struct cabinet *c, uint16_t place, flue_name owner)
{
    for (struct thing *x = c->entries.all; x < c->entries.all + c->entries.count; x++)
        if (x->place == place) {
            c->wrong += x->owner != owner;
            return x->there ? x : NULL;
        }
    c->wrong++;
    return NULL;
}

#define COMMAND(name)                                               \
    static enum flue_issued name(void *adapter, flue_cookie cookie, \
                                 const struct numbers_##name##_args *args)

COMMAND(add_table)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'T');
    struct numbers_add_table_data data = {{0}};
    if (done(how)) {
        struct thing *x = fresh(c, &c->tables, args->name);
        memcpy(data.id, &x->id, sizeof data.id);
    }
    if (how == 'g')
        numbers_add_table_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    else
        answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(write_table)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'W');
    struct thing *x = table_called(c, args->id);
    c->wrong += x && x->owner != args->name;
    if (x && how == 'n')
        x->there = false;
    if (x && done(how))
        x->action = args->policy;
    if (how == 'n')
        numbers_done(&c->target, cookie, NUMBERS_RESULT_GONE);
    else
        answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(wipe_table)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'E');
    struct thing *x = table_called(c, args->id);
    c->wrong += x && x->owner != args->name;
    answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(remove_table)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'U');
    struct thing *x = table_called(c, args->id);
    c->wrong += x && x->owner != args->name;
    if (x && done(how))
        x->there = false;
    answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(add_entry)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'a');
    struct thing *table = table_called(c, args->table_id);
    struct numbers_add_entry_data data = {0};
    c->wrong += !table || (uint32_t)table->owner != args->table;
    if (done(how)) {
        struct thing *x = fresh(c, &c->entries, args->name);
        x->table = table ? table->id : 0;
        x->action = args->action;
        x->hits = args->hits;
        x->drops = args->drops + 100;
        data = (struct numbers_add_entry_data){.place = x->place, .tag = x->tag};
    }
    if (how == 'g') {
        numbers_add_entry_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    } else if (how == 'd') {
        struct late *late = lost(c, cookie);
        late->adds_entry = true;
        late->entry = data;
    } else {
        answer(c, cookie, how);
    }
    return FLUE_ISSUED;
}

COMMAND(write_entry)
{
    struct cabinet *c = adapter;
    if (c->full)
        return FLUE_RING_FULL;
    char how = ordered(c, 'w');
    struct thing *x = entry_at(c, args->place, args->name);
    struct thing *table = table_called(c, args->table_id);
    c->wrong += !table || (uint32_t)table->owner != args->table;
    if (x && table && done(how)) {
        x->action = args->action;
        x->table = table->id;
    }
    answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(read_entry)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'r');
    const struct thing *x = entry_at(c, args->place, args->name);
    if (x && how == 'g') {
        struct numbers_read_entry_data data = {.hits = x->hits, .drops = x->drops};
        numbers_read_entry_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    } else {
        answer(c, cookie, x ? how : 'b');
    }
    return FLUE_ISSUED;
}

COMMAND(count_drops)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'c');
    const struct thing *x = entry_at(c, args->place, args->name);
    if (x && how == 'g') {
        struct numbers_count_drops_data data = {.drops = x->drops};
        numbers_count_drops_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    } else {
        answer(c, cookie, x ? how : 'b');
    }
    return FLUE_ISSUED;
}

COMMAND(move_entry)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'm');
    struct thing *x = entry_at(c, args->place, args->name);
    c->wrong += x && x->tag != args->tag;
    if (x && done(how))
        x->place = (uint16_t)(++c->made * 40503u);
    if (x && how == 'g') {
        struct numbers_move_entry_data data = {.place = x->place};
        numbers_move_entry_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    } else {
        answer(c, cookie, x ? how : 'b');
    }
    return FLUE_ISSUED;
}

COMMAND(halt_entry)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'h');
    const struct thing *x = entry_at(c, args->place, args->name);
    c->wrong += x && x->tag != args->tag;
    c->halted = *args;
    answer(c, cookie, how);
    return FLUE_ISSUED;
}

COMMAND(remove_entry)
{
    struct cabinet *c = adapter;
    char how = ordered(c, 'R');
    struct thing *x = entry_at(c, args->place, args->name);
    struct numbers_remove_entry_data data = {0};
    c->wrong += x && x->tag != args->tag;
    if (x && done(how)) {
        data = (struct numbers_remove_entry_data){.hits = x->hits, .drops = x->drops};
        x->there = false;
    }
    if (how == 'g')
        numbers_remove_entry_done(&c->target, cookie, NUMBERS_RESULT_OK, &data);
    else
        answer(c, cookie, how);
    return FLUE_ISSUED;
}

static const struct numbers_binding binding = {.add_table = add_table,
                                               .write_table = write_table,
                                               .wipe_table = wipe_table,
                                               .remove_table = remove_table,
                                               .add_entry = add_entry,
                                               .write_entry = write_entry,
                                               .read_entry = read_entry,
                                               .count_drops = count_drops,
                                               .move_entry = move_entry,
                                               .halt_entry = halt_entry,
                                               .remove_entry = remove_entry};

static struct cabinet *open;

static void completed(void *host_handle, struct numbers_node *root)
{
    (void)host_handle, (void)root;
    open->completions++;
}

static const struct numbers_completions completions = {completed, completed, completed,
                                                       completed, completed, completed};

static void wake(void *adapter)
{
    (void)adapter;
}

void cabinet_open(struct cabinet *c)
{
    struct flue_config config = {.capacity = {8, 32},
                                 .ring_entries = 64,
                                 .running_requests = 4,
                                 .quarantine_limit = 60,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (numbers_memory_bytes(&config) + 63) / 64 * 64;
    *c = (struct cabinet){.manner = "", .now = 1000};
    open = c;
    c->memory = aligned_alloc(64, bytes);
    if (!c->memory || numbers_init(&c->target, &config, &binding, &completions, NULL, c->memory,
                                   bytes) != FLUE_OK)
        abort();
}

void cabinet_close(struct cabinet *c)
{
    free(c->memory);
}

void cabinet_poll(struct cabinet *c)
{
    for (int i = 0; i < 8; i++) { /* what is lost has failed after 20 ticks */
        while (flue_poll(&c->target.flue, 64))
            ;
        if (!c->late_count)
            break;
        flue_tick(&c->target.flue, c->now += 25);
    }
}

void cabinet_reset(struct cabinet *c)
{
    flue_reset_begin(&c->target.flue);
    c->tables.count = c->entries.count = 0;
    c->late_count = 0; /* what it had to say is of another life */
    flue_dma_stopped(&c->target.flue);
    flue_reset_end(&c->target.flue);
    cabinet_poll(c);
}

void cabinet_late(struct cabinet *c)
{
    unsigned count = c->late_count < CABINET_LATE ? c->late_count : CABINET_LATE;
    c->late_count = 0;
    for (struct late *late = c->late; late < c->late + count; late++)
        if (late->adds_entry)
            c->wrong +=
                numbers_add_entry_done(&c->target, late->cookie, NUMBERS_RESULT_OK, &late->entry);
        else
            c->wrong += numbers_done(&c->target, late->cookie, NUMBERS_RESULT_FAILURE);
    cabinet_poll(c);
}

int cabinet_run(struct cabinet *c, void (*operation)(void *adapter, struct numbers_node *root),
                struct numbers_node *root)
{
    unsigned before = c->completions;
    operation(c, root);
    cabinet_poll(c);
    if (c->completions == before)
        abort();
    return root->Status;
}
