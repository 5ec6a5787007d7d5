/* SPDX-License-Identifier: BSD-2-Clause */
/* trace.c: one record a step, for the recorder and the hook, and a line of text for people. */

#include "flue/recorder.h"
#include "internal.h"

/* Each step is also a probe (USDT) where that is to be had: a nop, and a note of its words. */
#if defined __linux__ && !defined __KERNEL__ && defined __has_include
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#ifdef __clang__ /* its macros leave out `...`, which each clang calls otherwise */
#pragma clang diagnostic ignored "-Wpedantic"
#endif
#endif
#endif
#ifndef DTRACE_PROBE4
#define DTRACE_PROBE4(provider, name, a, b, c, d) ((void)0)
#endif

enum { WHAT = 32, OPERATION = 40, OF = 48, RESULT = 56 }; /* where in word 3 */

static uint8_t byte_of(uint64_t word, unsigned at)
{
    return (uint8_t)(word >> at);
}

/* What a record says, by members. */
static struct flue_trace read(const struct flue_spec *spec, const uint64_t word[4])
{
    const uint8_t of = byte_of(word[3], OF);
    struct flue_trace s = {.spec = spec,
                           .what = (enum flue_traced)byte_of(word[3], WHAT),
                           .request = (uint32_t)word[3],
                           .operation = byte_of(word[3], OPERATION),
                           .kind = word[1] ? flue_name_kind(word[1]) : FLUE_NO_BYTE,
                           .index = word[1] ? (uint32_t)word[1] : FLUE_NONE,
                           .name = word[1],
                           .result = byte_of(word[3], RESULT)};
    if (s.what == FLUE_TRACE_STEP) {
        s.event = byte_of(word[2], 0);
        s.old_state = byte_of(word[2], 8);
        s.state = byte_of(word[2], 16);
        s.arm = (uint16_t)(word[2] >> 32);
        s.line = spec->kinds[s.kind].arms[s.arm].line;
    } else
        s.cookie = word[2];
    if (s.what == FLUE_TRACE_STATUS)
        s.status = of;
    else if (s.what == FLUE_TRACE_RESET)
        s.state = of;
    else
        s.command = of;
    return s;
}

static inline void stamp(struct flue_recorder *r, FLUE_ATOMIC(uint64_t) *word, uint64_t now)
{
    atomic_store_explicit(&word[0], now, memory_order_release);
    atomic_store_explicit(&r->kept, atomic_load_explicit(&r->kept, memory_order_relaxed) + 1,
                          memory_order_release);
}

/* Apart and last, so that nobody but the clock pays for the call of a clock. */
static __attribute__((__noinline__)) void stamp_by_clock(struct flue_recorder *r,
                                                         FLUE_ATOMIC(uint64_t) *word)
{
    stamp(r, word, r->clock(r->clock_context));
}

/*
 * A reader that finds any word of this record knows, by the acquire of that word, that `kept` has
 * the number of all before it: so it can tell that the record it wanted was written over.
 */
static inline void keep(const struct flue_target *t, uint64_t name, uint64_t detail, uint64_t said)
{
    struct flue_recorder *r = t->config.recorder;
    const uint64_t kept = atomic_load_explicit(&r->kept, memory_order_relaxed);
    FLUE_ATOMIC(uint64_t) *word = r->records[kept & r->mask].word;
    atomic_store_explicit(&word[1], name, memory_order_release);
    atomic_store_explicit(&word[2], detail, memory_order_release);
    atomic_store_explicit(&word[3], said, memory_order_release);
    if (r->clock)
        stamp_by_clock(r, word);
    else
        stamp(r, word, atomic_load_explicit(&t->now, memory_order_relaxed));
}

static __attribute__((__noinline__)) void hook(const struct flue_target *t, uint64_t name,
                                               uint64_t detail, uint64_t said, const void *node)
{
    if (t->config.recorder)
        keep(t, name, detail, said);
    struct flue_trace step = read(t->spec, (uint64_t[]){0, name, detail, said});
    step.node = node;
    t->config.trace(t->config.trace_context, &step);
}

FLUE_INLINE void give(const struct flue_target *t, uint64_t name, uint64_t detail, uint64_t said,
                      const void *node)
{
    DTRACE_PROBE4(flue, step, name, detail, said, t->spec->name);
    if (t->config.trace)
        hook(t, name, detail, said, node);
    else
        keep(t, name, detail, said);
}

static uint64_t of_request(uint32_t said, uint8_t operation, uint32_t serial)
{
    return (uint64_t)said << WHAT | (uint64_t)operation << OPERATION | serial;
}

void flue_trace_emit(const struct flue_target *t, uint32_t said, uint64_t detail, const void *node,
                     const struct flue_object *o)
{
    uint64_t name = 0, whole = of_request(said, FLUE_NO_BYTE, 0);
    if (node) {
        whole = of_request(said, flue_node_request(t, node)->operation, flue_node_serial(t, node));
        if (!o)
            o = flue_node_object(t, node);
    }
    if (o)
        name = (flue_name)o->tag << 32 | flue_object_index(t, o);
    give(t, name, detail, whole, node);
}

void flue_trace_request(const struct flue_target *t, const struct flue_request *r,
                        enum flue_traced what)
{
    give(t, 0, 0, of_request(flue_said(what, 0, 0), r->operation, r->serial), r->root);
}

void flue_trace_phase(const struct flue_target *t)
{
    const uint32_t said = flue_said(FLUE_TRACE_RESET, atomic_load(&t->phase), 0);
    give(t, 0, 0, of_request(said, FLUE_NO_BYTE, 0), NULL);
}

struct line {
    char *text;
    size_t bytes, used;
};

static void put(struct line *l, const char *word)
{
    while (*word && l->used + 1 < l->bytes)
        l->text[l->used++] = *word++;
}

static void put_number(struct line *l, uint64_t n)
{
    char digits[21];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    put(l, &digits[at]);
}

static const char *event_name(const struct flue_spec *spec, uint8_t kind, uint8_t event)
{
    static const char *const own[] = {"none", "done", "failed", "reset", "restore"};
    if (event >= FLUE_EVENT_DEVICE)
        return spec->kinds[kind].events[event - FLUE_EVENT_DEVICE].name;
    if (event >= FLUE_EVENT_COMMIT)
        return event == FLUE_EVENT_COMMIT ? "commit" : "abort";
    return event < FLUE_EVENT_OPERATION ? own[event]
                                        : spec->operations[event - FLUE_EVENT_OPERATION].name;
}

static void put_step(struct line *l, const struct flue_trace *s)
{
    const struct flue_kind *kind = &s->spec->kinds[s->kind];
    put(l, event_name(s->spec, s->kind, s->event));
    put(l, ": ");
    put(l, kind->states[s->old_state].name);
    if (s->old_state != s->state) {
        put(l, " -> ");
        put(l, kind->states[s->state].name);
    }
    put(l, " (");
    put(l, kind->arms[s->arm].by_default ? s->spec->file : kind->file);
    put(l, ":");
    put_number(l, s->line);
    put(l, ")");
}

static void put_result(struct line *l, const struct flue_trace *s, const char *how)
{
    put(l, how);
    put(l, s->spec->kinds[s->kind].commands[s->command].name);
    put(l, ": ");
    put(l, s->spec->results[s->result]);
}

static void put_what(struct line *l, const struct flue_trace *s)
{
    static const char *const phases[] = {"running", "resetting", "removed"};
    switch (s->what) {
    case FLUE_TRACE_REQUEST:
        put(l, "begins");
        break;
    case FLUE_TRACE_NODE:
        put(l, "node");
        break;
    case FLUE_TRACE_STEP:
        put_step(l, s);
        break;
    case FLUE_TRACE_COMMAND:
        put(l, "command ");
        put(l, s->spec->kinds[s->kind].commands[s->command].name);
        break;
    case FLUE_TRACE_ANSWER:
        put_result(l, s, "answer to ");
        break;
    case FLUE_TRACE_UNSENT:
        put_result(l, s, "not sent: ");
        break;
    case FLUE_TRACE_STATUS:
        put(l, "status ");
        put(l, s->spec->statuses[s->status].name);
        break;
    case FLUE_TRACE_COMPLETE:
        put(l, "completes");
        break;
    case FLUE_TRACE_RESET:
        put(l, "phase ");
        put(l, phases[s->state]);
        break;
    }
}

size_t flue_trace_text(const struct flue_trace *s, char *text, size_t bytes)
{
    struct line l = {.text = text, .bytes = bytes};
    if (!bytes)
        return 0;
    if (s->operation != FLUE_NO_BYTE) {
        put(&l, "#");
        put_number(&l, s->request);
        put(&l, " ");
        put(&l, s->spec->operations[s->operation].name);
        put(&l, " ");
    }
    if (s->kind != FLUE_NO_BYTE) {
        put(&l, s->spec->kinds[s->kind].name);
        put(&l, " ");
        put_number(&l, s->index);
        put(&l, " ");
    }
    put_what(&l, s);
    text[l.used] = '\0';
    return l.used;
}
