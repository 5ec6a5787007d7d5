/* SPDX-License-Identifier: BSD-2-Clause */
/* From the runtime's trace to lives of objects, and those that differ. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lives.h"

enum { OBJECTS = 4500, KINDS = 4, TABLE = 1 << 20 };

struct kept {
    uint64_t hash, count;
    uint8_t kind;
    bool cut;
    uint16_t length;
    struct word *words;
};

struct lives_told lives_told;
static struct life *living[KINDS][OBJECTS];
static struct kept table[TABLE];
static struct life *ended; /* objects that are free, while nodes that waited for them are told */
static struct life *last;  /* the one that stepped last */
static struct life **last_place;
static bool last_ends; /* with that step */

/* ---- Those that differ --------------------------------------------------------------------- */

static uint64_t hash_of(const struct life *l)
{
    const unsigned char *at = (const unsigned char *)l->words;
    uint64_t hash = 0xcbf29ce484222325u + l->kind * 2u + l->cut;
    for (size_t i = 0; i < l->length * sizeof *l->words; i++)
        hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}

static bool same(const struct kept *k, const struct life *l, uint64_t hash)
{
    return k->hash == hash && k->kind == l->kind && k->cut == l->cut && k->length == l->length &&
           memcmp(k->words, l->words, l->length * sizeof *l->words) == 0;
}

static void keep(const struct life *l)
{
    uint64_t hash = hash_of(l);
    size_t bytes = l->length * sizeof *l->words;
    struct kept *k = &table[hash % TABLE];
    while (k->count != 0 && !same(k, l, hash))
        k = k + 1 < table + TABLE ? k + 1 : table;
    if (k->count++ != 0)
        return;
    if (++lives_told.kept == TABLE / 2)
        abort();
    *k = (struct kept){hash, 1, l->kind, l->cut, l->length, malloc(bytes ? bytes : 1)};
    memcpy(k->words, l->words, bytes);
}

/* ---- One of them --------------------------------------------------------------------------- */

static void put(struct life *l, enum word_sort sort, unsigned int a, unsigned int b)
{
    if (l->cut)
        return;
    if (l->length == LIFE_WORDS) {
        l->cut = true;
        return;
    }
    l->words[l->length++] = (struct word){(uint8_t)sort, (uint8_t)a, (uint8_t)b};
}

static void close_life(struct life *l)
{
    lives_told.lives++;
    lives_told.words += l->length;
    lives_told.cut += l->cut;
    if (l->length != 0)
        keep(l);
    l->open = false;
}

/* What went on around it when it began; the target may be about to restore what it had. */
static void open_life(const struct flue_target *t, struct life *l, uint8_t kind)
{
    uint8_t phase = (uint8_t)flue_target_phase(t);
    *l = (struct life){.open = true, .kind = kind};
    if (phase != FLUE_RUNNING || t->restore_kind != FLUE_NO_BYTE)
        put(l, PHASE, phase == FLUE_REMOVED ? FLUE_REMOVED : FLUE_RESETTING, 0);
    if (phase == FLUE_RUNNING && t->restore_kind != FLUE_NO_BYTE)
        put(l, PHASE, FLUE_RUNNING, 0);
    l->due = phase == FLUE_RUNNING && t->restore_kind != FLUE_NO_BYTE;
}

static struct life *life_of(const struct flue_target *t, const struct flue_trace *step)
{
    struct life **place = &living[step->kind][step->index];
    if (!*place)
        *place = calloc(1, sizeof **place);
    if (!(*place)->open && step->what == FLUE_TRACE_STEP)
        open_life(t, *place, step->kind);
    return *place;
}

/* A node that comes for the first time; one that waited for the object has come before. */
static void ask(struct life *l, const void *node, unsigned int operation)
{
    unsigned int free = LIFE_REQUESTS;
    for (unsigned int i = LIFE_REQUESTS; i-- > 0;) {
        if (l->nodes[i] == node)
            return;
        if (!l->nodes[i])
            free = i;
    }
    if (free == LIFE_REQUESTS) {
        lives_told.full += !l->cut;
        l->cut = true;
        return;
    }
    l->nodes[free] = node;
    l->order[l->waiting++] = (uint8_t)free;
    put(l, ASKED, free + 1, operation);
}

/* The model has one restore after a reset; what is tried again since it was mended is not in it. */
static void restore(struct life *l)
{
    l->cut |= !l->due;
    l->due = false;
}

/* The own part of a node, the one that came `at`th of those that wait, is over. */
static void pay(struct life *l, unsigned int at, unsigned int status)
{
    unsigned int request = l->order[at];
    put(l, PAID, request + 1, status);
    l->nodes[request] = NULL;
    l->waiting--;
    for (unsigned int k = at; k < l->waiting; k++)
        l->order[k] = l->order[k + 1];
}

/* The statuses that its nodes have got: they are there until the next thing is told. */
static void collect(const struct flue_target *t, struct life *l)
{
    for (unsigned int i = 0; i < l->waiting;) {
        unsigned int flags = flue_node_flags(t, l->nodes[l->order[i]]);
        if (flags & FLUE_NODE_OWN_DONE)
            pay(l, i, (flags & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT);
        else
            i++;
    }
}

/* The fast path says no more of a status than this, right behind the step that gives it. */
static void collect_told(struct life *l, const void *node, uint8_t status)
{
    for (unsigned int i = 0; i < l->waiting; i++)
        if (l->nodes[l->order[i]] == node) {
            pay(l, i, status);
            return;
        }
}

/* The place may be another's before the last node that waited for it is told. */
static void end_life(struct life **place)
{
    struct life *l = *place;
    if (!l->waiting) {
        close_life(l);
        return;
    }
    l->next_ended = ended;
    ended = l;
    *place = NULL;
}

static void collect_ended(const struct flue_target *t)
{
    for (struct life **at = &ended; *at;) {
        struct life *l = *at;
        collect(t, l);
        if (l->waiting) {
            at = &l->next_ended;
            continue;
        }
        *at = l->next_ended;
        close_life(l);
        free(l);
    }
}

/* What the last step gave is written into the nodes after the step was told. */
static void look_back(const struct flue_target *t, bool there_may_be_more)
{
    collect_ended(t);
    struct life *l = last;
    if (!l)
        return;
    collect(t, l);
    if (there_may_be_more)
        return;
    last = NULL;
    if (last_ends)
        end_life(last_place);
}

/*
 * The runtime tells one object after the other of a reset, the model at once: a removal that comes
 * before the object was told is the only one of the two that its life knows.
 */
static bool overtakes(struct life *l, unsigned int now)
{
    struct word *word = l->length ? &l->words[l->length - 1] : NULL;
    if (!word || word->sort != PHASE || word->a != FLUE_RESETTING || now != FLUE_REMOVED)
        return false;
    word->a = FLUE_REMOVED;
    return true;
}

/*
 * The model serves who waits for an object in the moment in which it rests; the runtime in a line,
 * and not before the object's turn to be restored. A life in which something else comes between is
 * judged up to there.
 */
static bool comes_between(const struct flue_target *t, const struct life *l, uint8_t state,
                          const void *node)
{
    return l->waiting && t->spec->kinds[l->kind].states[state].sort == FLUE_RESTING &&
           l->nodes[l->order[0]] != node;
}

static void phase(const struct flue_target *t, const struct flue_trace *step)
{
    for (unsigned int i = 0; i < KINDS * OBJECTS; i++) {
        struct life *l = living[i / OBJECTS][i % OBJECTS];
        if (!l || !l->open)
            continue;
        uint8_t state = flue_object_at(t, l->kind, i % OBJECTS)->state;
        l->cut |= comes_between(t, l, state, NULL);
        if (!overtakes(l, step->state))
            put(l, PHASE, step->state, 0);
        l->due = step->state == FLUE_RUNNING;
    }
}

void lives_watch(const struct flue_target *t, const struct flue_trace *step)
{
    look_back(t, step->what == FLUE_TRACE_STATUS); /* told while a step gives its statuses */
    if (step->what == FLUE_TRACE_STATUS && last)
        collect_told(last, step->node, step->status);
    if (step->what == FLUE_TRACE_RESET)
        phase(t, step);
    if (step->what != FLUE_TRACE_STEP && step->what != FLUE_TRACE_COMMAND &&
        step->what != FLUE_TRACE_ANSWER)
        return;
    struct life *l = life_of(t, step);
    const struct flue_object *o = flue_object_at(t, step->kind, step->index);
    if (!l->open)
        return;
    if (step->what == FLUE_TRACE_COMMAND) {
        put(l, SENT, step->command, (o->flags & FLUE_OBJECT_UNDOES) != 0);
    } else if (step->what == FLUE_TRACE_ANSWER) {
        put(l, ANSWERED, step->command, step->result);
        /* In the model an answered command is done just then; here the others were, before. */
        l->cut |= step->result == FLUE_RESULT_GONE && o->in_flight > 1;
    } else {
        l->cut |= comes_between(t, l, step->old_state, step->node);
        if (step->event >= FLUE_EVENT_OPERATION)
            ask(l, step->node, step->event - (unsigned int)FLUE_EVENT_OPERATION);
        if (step->event == FLUE_EVENT_RESTORE)
            restore(l);
        put(l, STEPPED, step->state, step->arm);
        last = l;
        last_place = &living[step->kind][step->index];
        last_ends = step->state == t->spec->kinds[l->kind].start;
    }
}

void lives_end(void)
{
    last = NULL;
    while (ended) {
        struct life *l = ended;
        ended = l->next_ended;
        l->cut = true;
        close_life(l);
        free(l);
    }
    for (unsigned int i = 0; i < KINDS * OBJECTS; i++) {
        struct life *l = living[i / OBJECTS][i % OBJECTS];
        if (!l || !l->open)
            continue;
        l->cut = true;
        close_life(l);
    }
}

/* ---- Text ---------------------------------------------------------------------------------- */

static void print_word(FILE *out, const struct flue_spec *spec, const struct flue_kind *kind,
                       struct word w)
{
    static const char *const phases[] = {"running", "resetting", "removed"};
    switch (w.sort) {
    case ASKED:
        fprintf(out, "; ask %u %s", w.a, spec->operations[w.b].name);
        break;
    case STEPPED:
        fprintf(out, "; step %s %u", kind->states[w.a].name, w.b);
        break;
    case SENT:
        fprintf(out, "; send %s%s", kind->commands[w.a].name, w.b ? " old" : "");
        break;
    case ANSWERED:
        fprintf(out, "; answer %s %s", kind->commands[w.a].name, spec->results[w.b]);
        break;
    case PAID:
        fprintf(out, "; status %u %s", w.a, spec->statuses[w.b].name);
        break;
    default:
        fprintf(out, "; phase %s", phases[w.a]);
    }
}

void lives_print(FILE *out, const struct flue_spec *spec)
{
    for (const struct kept *k = table; k < table + TABLE; k++) {
        if (k->count == 0)
            continue;
        const struct flue_kind *kind = &spec->kinds[k->kind];
        fprintf(out, "%" PRIu64 " %s %s", k->count, kind->name, k->cut ? "cut" : "whole");
        for (unsigned int i = 0; i < k->length; i++)
            print_word(out, spec, kind, k->words[i]);
        fputc('\n', out);
    }
}
