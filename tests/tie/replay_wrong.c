/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the models require, asked of the C: of runtime and objects, of the hardware's entries, of
 * the statuses that the host read. The names are those of backends/promela/properties.py.
 */
#include <string.h>

#include "replay.h"

/* Noted when it happened, since nothing tells of it afterwards. */
enum note { MARKED, RESTORED, ADDED_TWICE, TOLD_NOTHING, DEPENDENTS, UNLINKED, STATUS, NOTES };
static const char *const notes[NOTES] = {
    "marked", "restored", "added-twice", "told-nothing", "dependents", "unlinked", "status",
};
static bool noted[THINGS][NOTES];
static bool reset_since[THINGS];

static const struct flue_kind *kind_at(uint8_t thing)
{
    return &replay_tables.spec->kinds[world.things[thing].kind];
}

static bool takes_away(const struct flue_kind *kind, const struct flue_arm *arm)
{
    for (uint32_t left = arm->verb == FLUE_DO_SEND ? arm->commands : 0; left; left &= left - 1) {
        if (kind->commands[__builtin_ctz(left)].takes_away)
            return true;
    }
    return false;
}

void wrong_step(uint8_t thing, const struct flue_trace *step)
{
    const struct flue_kind *kind = kind_at(thing);
    const struct flue_object *o = world.things[thing].object;
    const struct flue_arm *arm = &kind->arms[step->arm];
    bool *note = noted[thing], asks = step->event >= FLUE_EVENT_OPERATION;
    bool begins = arm->verb == FLUE_DO_SEND || arm->verb == FLUE_DO_PLAN;
    const struct flue_operation *op =
        asks ? &replay_tables.spec->operations[step->event - FLUE_EVENT_OPERATION] : NULL;
    if (begins)
        world.things[thing].undone = reset_since[thing] = false;
    world.things[thing].undone |= arm->verb == FLUE_DO_UNDO;
    reset_since[thing] |= step->event == FLUE_EVENT_RESET;
    note[MARKED] |= begins && op && !op->reaches_new &&
                    (op->brings & FLUE_CLASS_BIT(FLUE_CACHED)) &&
                    (o->marks & replay_tables.unusable);
    note[RESTORED] |=
        begins && step->event == FLUE_EVENT_RESTORE && (o->marks & replay_tables.lasting);
    bool leaves = step->state == kind->start && step->old_state != kind->start;
    if (o->dependents && (leaves || (asks && takes_away(kind, arm))))
        note[DEPENDENTS] = true;
}

void wrong_command(const struct flue_object *o, uint8_t command, const void *args)
{
    const struct replay_command *c = &replay_tables.kinds[o->kind].commands[command];
    bool *note = noted[thing_of(o)];
    note[ADDED_TWICE] |= c->has == 1 && entry_of(o)->has;
    note[TOLD_NOTHING] |= c->has == 2 && !entry_of(o)->has && !world.things[thing_of(o)].fell;
    const struct replay_field *f = c->fields;
    for (uint32_t left = c->links; left; left &= left - 1, f++) {
        uint32_t below = FLUE_NONE;
        memcpy(&below, (const char *)args + f->at, sizeof below);
        uint8_t kind = replay_tables.spec->kinds[o->kind].links[__builtin_ctz(left)].to;
        note[UNLINKED] |= below != FLUE_NONE && !world.entries[kind][below % OBJECTS].has;
    }
}

void wrong_status(const struct replay_node *n)
{
    uint64_t allowed = replay_tables.allowed[n->operation];
    noted[n->thing][STATUS] |= !(allowed >> n->own & 1);
}

const char *wrong_noted(void)
{
    for (unsigned int i = 0; i < THINGS * NOTES; i++) {
        if (noted[i / NOTES][i % NOTES])
            return notes[i % NOTES];
    }
    return NULL;
}

/* ---- At rest ------------------------------------------------------------------------------- */

static bool in(uint64_t states, const struct flue_object *o)
{
    return o && (states >> o->state & 1);
}

static bool is_resting(uint8_t thing)
{
    const struct flue_object *o = world.things[thing].object;
    return !o || kind_at(thing)->states[o->state].sort == FLUE_RESTING;
}

static bool state_host_has(uint8_t thing)
{
    const struct flue_object *o = world.things[thing].object;
    return o && kind_at(thing)->states[o->state].host_has;
}

/* The hardware links it to another object than its own link does. */
static bool leads_elsewhere(const struct flue_object *o, const struct entry *e)
{
    const struct flue_kind *kind = &replay_tables.spec->kinds[o->kind];
    for (uint8_t l = 0; l < kind->link_count; l++) {
        if ((e->linked >> l & 1) && e->link[l] != flue_links(o)[l].to)
            return true;
    }
    return false;
}

static bool rest_is_wrong(uint8_t thing, const char *name)
{
    const struct thing *x = &world.things[thing];
    const struct flue_object *o = x->object;
    const struct replay_kind *kind = &replay_tables.kinds[x->kind];
    const struct entry none = {0}, *e = o ? entry_of(o) : &none;
    uint8_t marks = o ? o->marks & 15 : 0;
    if (strcmp(name, "has") == 0)
        return in(kind->claims_has, o) && !e->has && !x->fell;
    if (strcmp(name, "values") == 0)
        return in(kind->claims_has, o) && e->has && !world_agrees(o);
    if (strcmp(name, "elsewhere") == 0)
        return in(kind->claims_has, o) && e->has && leads_elsewhere(o, e);
    if (strcmp(name, "has-not") == 0)
        return in(kind->claims_not, o) && e->has;
    if (strcmp(name, "host-has") == 0)
        return state_host_has(thing) && !x->host_has;
    if (strcmp(name, "host-has-not") == 0)
        return !state_host_has(thing) && x->host_has;
    if (strcmp(name, "blocked") == 0)
        return in(kind->claims_has, o) && e->blocked && !(marks & replay_tables.outlive);
    if (strcmp(name, "told") == 0)
        return in(kind->claims_not, o) && state_host_has(thing) && !(marks & replay_tables.sees);
    if (strcmp(name, "undone") == 0)
        return o && kind_at(thing)->states[o->state].hardware == FLUE_HARDWARE_UNSURE &&
               !x->undone && !reset_since[thing];
    stop(3, "whether `%s` is so cannot be seen in the C", name);
}

/* ---- Trees --------------------------------------------------------------------------------- */

static bool good(uint8_t status)
{
    return replay_tables.spec->statuses[status].good;
}

static bool tree_is_wrong(uint8_t thing, const char *name)
{
    for (unsigned int i = 1; i < NODES; i++) {
        const struct replay_node *n = &world.nodes[i];
        bool some_bad = false;
        if (!n->final_known || n->thing != thing)
            continue;
        for (unsigned int k = 1; k < NODES; k++)
            some_bad |= world.nodes[k].final_known && world.nodes[k].above == i &&
                        !good(world.nodes[k].final);
        if (strcmp(name, "good-day") == 0 && !world.bad_answer && !good(n->final))
            return true;
        if (strcmp(name, "roll-up-own") == 0 && n->role == FLUE_NEW &&
            good(n->own) != good(n->final))
            return true;
        if (strcmp(name, "roll-up-hidden") == 0 && some_bad && good(n->own) && n->final == n->own)
            return true;
    }
    return false;
}

bool wrong_seen(uint8_t thing, const char *name)
{
    for (unsigned int i = 0; i < NOTES; i++) {
        if (strcmp(name, notes[i]) == 0)
            return noted[thing][i];
    }
    if (strcmp(name, "good-day") == 0 || strncmp(name, "roll-up", 7) == 0)
        return tree_is_wrong(thing, name);
    return is_resting(thing) && rest_is_wrong(thing, name);
}
