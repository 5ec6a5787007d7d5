/* SPDX-License-Identifier: BSD-2-Clause */
/* From what is called and traced to the histories of single slots. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "slots.h"

enum { SLOTS = 1024, COMMANDS = 4, WORDS = 60, TABLE = 1 << 18 };
enum outcome { TAKEN, LATE, STRAY };

struct window {
    uint32_t generation[COMMANDS]; /* of its commands */
    const struct flue_object *object[COMMANDS];
    uint8_t command[COMMANDS];
    bool over[COMMANDS];
    uint8_t commands, length;
    bool full;
    uint8_t words[WORDS][3];
};

struct kept {
    uint64_t count;
    uint8_t length;
    uint8_t words[WORDS][3];
};

static struct window windows[SLOTS];
static struct kept *table;
static bool running;

/* The table is as large as it is empty. */
static void keep(const struct window *w)
{
    uint64_t hash = 0xcbf29ce484222325u;
    if (!table)
        table = calloc(TABLE, sizeof *table);
    for (unsigned int i = 0; i < w->length * 3u; i++)
        hash = (hash ^ w->words[i / 3][i % 3]) * 0x100000001b3u;
    struct kept *k = &table[(hash >> 20) % TABLE];
    while (k->count != 0 &&
           (k->length != w->length || memcmp(k->words, w->words, w->length * 3u) != 0))
        k = k + 1 < table + TABLE ? k + 1 : table;
    k->length = w->length;
    memcpy(k->words, w->words, sizeof k->words);
    k->count++;
}

static void put(struct window *w, char word, unsigned int a, unsigned int b)
{
    if (w->length == WORDS)
        w->full = true;
    if (w->full || w->commands == 0)
        return;
    w->words[w->length][0] = (uint8_t)word;
    w->words[w->length][1] = (uint8_t)a;
    w->words[w->length++][2] = (uint8_t)b;
}

static void end(struct window *w)
{
    if (w->length != 0)
        keep(w);
    *w = (struct window){0};
}

void slots_begin(void)
{
    running = true;
    for (unsigned int i = 0; i < SLOTS; i++)
        end(&windows[i]);
}

static struct window *window_of(flue_cookie cookie)
{
    return &windows[(uint32_t)cookie % SLOTS];
}

static unsigned int command_of(const struct window *w, flue_cookie cookie)
{
    unsigned int k = 0;
    while (k < w->commands && w->generation[k] != cookie >> 32)
        k++;
    return k;
}

/* A slot that is armed is free, so a new window may begin there. */
static void issued(const struct flue_target *t, flue_cookie cookie)
{
    struct window *w = window_of(cookie);
    const struct flue_slot *slot = &t->slots[(uint32_t)cookie];
    if (command_of(w, cookie) < w->commands)
        return; /* answered from inside its binding function */
    if (w->commands == COMMANDS || w->full)
        end(w);
    unsigned int k = w->commands++;
    w->generation[k] = (uint32_t)(cookie >> 32);
    w->object[k] = slot->object;
    w->command[k] = slot->command;
    put(w, 'i', k, 0);
}

/* A reset is seen by its trace, or before that by an answer that comes in between. */
static void phase(uint8_t state)
{
    bool now = state == FLUE_RUNNING;
    for (struct window *w = windows; w < windows + SLOTS && now != running; w++) {
        put(w, now ? 'e' : 'b', 0, 0);
        for (unsigned int k = 0; k < w->commands; k++)
            w->over[k] = true;
    }
    running = now;
}

static void answer(const struct flue_target *t, flue_cookie cookie, enum outcome outcome)
{
    phase((uint8_t)flue_target_phase(t));
    struct window *w = window_of(cookie);
    const struct flue_slot *slot = &t->slots[(uint32_t)cookie];
    bool at_once = (slot->word >> 32) == cookie >> 32 && command_of(w, cookie) == w->commands;
    if (at_once && slot->object)
        issued(t, cookie);
    unsigned int k = command_of(w, cookie);
    if (k < w->commands) /* else of a window that is over */
        put(w, 'a', k, outcome);
}

struct slot_look slots_look(const struct flue_target *t, flue_cookie cookie)
{
    return (struct slot_look){.late = t->shared.late_answers,
                              .expected = (uint32_t)cookie < t->config.ring_entries};
}

void slots_answer(const struct flue_target *t, flue_cookie cookie, struct slot_look before,
                  bool taken)
{
    bool late = t->shared.late_answers != before.late;
    if (before.expected)
        answer(t, cookie, taken ? TAKEN : late ? LATE : STRAY);
}

static void reaped(const struct flue_target *t, flue_cookie cookie, bool again)
{
    uint64_t word = t->slots[(uint32_t)cookie].word;
    bool its = !again && word >> 32 == cookie >> 32;
    uint32_t state = (uint32_t)word;
    answer(t, cookie,
           its && state == FLUE_SLOT_ISSUED        ? TAKEN
           : its && state == FLUE_SLOT_QUARANTINED ? LATE
                                                   : STRAY);
}

void slots_reaped(const struct flue_target *t, const struct flue_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= answers[k].cookie == answers[i].cookie;
        if ((uint32_t)answers[i].cookie < t->config.ring_entries)
            reaped(t, answers[i].cookie, again);
    }
}

/* The command of this object that is not over yet. */
static void over(const struct flue_target *t, const struct flue_trace *step)
{
    const struct flue_object *o = flue_object_at(t, step->kind, step->index);
    for (struct window *w = windows; w < windows + SLOTS; w++) {
        if (w->commands == 0)
            continue;
        unsigned int k = w->commands - 1u;
        if (w->object[k] != o || w->command[k] != step->command || w->over[k])
            continue;
        w->over[k] = true;
        put(w, 'o', k, step->result == FLUE_RESULT_TIMEOUT ? 2 : 1);
        return;
    }
}

void slots_watch(const struct flue_target *t, const struct flue_trace *step)
{
    if (step->what == FLUE_TRACE_RESET)
        phase(step->state);
    else if (step->what == FLUE_TRACE_COMMAND)
        issued(t, step->cookie);
    else if (step->what == FLUE_TRACE_ANSWER)
        over(t, step);
}

void slots_print(FILE *out)
{
    slots_begin();
    for (const struct kept *k = table; k && k < table + TABLE; k++) {
        if (k->count == 0)
            continue;
        fprintf(out, "%" PRIu64 " slots cut", k->count);
        for (unsigned int i = 0; i < k->length; i++)
            fprintf(out, "; %c %u %u", k->words[i][0], k->words[i][1], k->words[i][2]);
        fputc('\n', out);
    }
}
