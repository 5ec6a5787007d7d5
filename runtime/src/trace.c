/* SPDX-License-Identifier: BSD-2-Clause */
/* trace.c: one record a step for the hook, and a line of text for people. */

#include "internal.h"

void flue_trace_emit(const struct flue_target *t, struct flue_trace step, const void *node,
                     const struct flue_object *o)
{
    step.spec = t->spec;
    step.node = node;
    step.operation = step.kind = FLUE_NO_BYTE;
    step.index = FLUE_NONE;
    if (node) {
        step.request = flue_node_serial(t, node);
        step.operation = flue_node_request(t, node)->operation;
        if (!o)
            o = flue_node_object(t, node);
    }
    if (o) {
        step.kind = o->kind;
        step.index = flue_object_index(t, o);
        step.line = step.arm ? kind_of(t, o)->arms[step.arm].line : 0;
    }
    t->config.trace(t->config.trace_context, &step);
}

void flue_trace_request(const struct flue_target *t, const struct flue_request *r,
                        enum flue_traced what)
{
    struct flue_trace step = {.spec = t->spec,
                              .what = what,
                              .request = r->serial,
                              .operation = r->operation,
                              .kind = FLUE_NO_BYTE,
                              .index = FLUE_NONE,
                              .node = r->root};
    t->config.trace(t->config.trace_context, &step);
}

void flue_trace_phase(const struct flue_target *t)
{
    struct flue_trace step = {.spec = t->spec,
                              .what = FLUE_TRACE_RESET,
                              .operation = FLUE_NO_BYTE,
                              .kind = FLUE_NO_BYTE,
                              .index = FLUE_NONE,
                              .state = atomic_load(&t->phase)};
    t->config.trace(t->config.trace_context, &step);
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
