/* SPDX-License-Identifier: BSD-2-Clause */
/* The script, line by line: what is done is done, what must be seen is looked for. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "replay.h"

enum { LINES = 2000, PATIENCE = 200 };

struct line {
    char word[WORDS][32];
    unsigned int number;
};

static struct line lines[LINES];
static unsigned int count, at; /* the line that comes next */
static bool loud;

void stop(int status, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    printf(status == 0 ? "seen: " : "line %u: ", lines[at].number);
    vprintf(format, list);
    printf("\n");
    va_end(list);
    fflush(stdout);
    _exit(status);
}

static bool is(const char *word)
{
    return at < count && strcmp(lines[at].word[0], word) == 0;
}

static unsigned int number(unsigned int word)
{
    return (unsigned int)strtoul(lines[at].word[word], NULL, 10);
}

static uint8_t thing_at(unsigned int word)
{
    unsigned int n = number(word);
    if (n == 0 || n >= THINGS)
        stop(2, "no such object");
    return (uint8_t)n;
}

static uint8_t named(const char *name, const char *what, unsigned int of,
                     const char *(*name_of)(unsigned int))
{
    for (unsigned int i = 0; i < of; i++) {
        if (strcmp(name_of(i), name) == 0)
            return (uint8_t)i;
    }
    stop(2, "no %s is called %s", what, name);
}

static const char *kind_name(unsigned int i)
{
    return replay_tables.spec->kinds[i].name;
}

static const char *operation_name(unsigned int i)
{
    return replay_tables.spec->operations[i].name;
}

static const char *result_name(unsigned int i)
{
    return replay_tables.spec->results[i];
}

static const struct flue_kind *named_in; /* whose commands are meant */
static const char *command_name(unsigned int i)
{
    return named_in->commands[i].name;
}

static uint8_t command_at(uint8_t thing, unsigned int word)
{
    named_in = &replay_tables.spec->kinds[world.things[thing].kind];
    return named(lines[at].word[word], "command", named_in->command_count, command_name);
}

static void done_line(void)
{
    if (loud) {
        for (unsigned int i = 0; i < WORDS && lines[at].word[i][0]; i++)
            printf("%s%s", i ? " " : "", lines[at].word[i]);
        printf("\n");
    }
    at++;
}

/* ---- What is seen -------------------------------------------------------------------------- */

static bool has_own(const struct replay_node *n)
{
    return flue_node_flags(world.target, n->memory) & FLUE_NODE_OWN_DONE;
}

static void know_own(struct replay_node *n, uint8_t status)
{
    n->own_known = true;
    n->own = status;
    world_learn(n);
    wrong_status(n);
}

/* Statuses are looked for where the script names them, since they are written one by one. */
static void look_at_nodes(void)
{
    for (struct replay_node *n = world.nodes + 1; n < world.nodes + NODES; n++) {
        if (!n->submitted || n->own_known || !n->memory || !has_own(n))
            continue;
        unsigned int flags = flue_node_flags(world.target, n->memory);
        know_own(n, (uint8_t)((flags & FLUE_NODE_OWN_MASK) >> FLUE_NODE_OWN_SHIFT));
    }
    while (is("status") || is("final")) {
        struct replay_node *n = &world.nodes[number(1) % NODES];
        bool own = is("status");
        if (own ? !n->own_known : !n->final_known)
            return;
        const char *name = replay_tables.spec->statuses[own ? n->own : n->final].name;
        if (strcmp(name, lines[at].word[2]) != 0)
            stop(1, "the model says %s, the runtime %s", lines[at].word[2], name);
        n->own_seen |= own;
        done_line();
    }
    while (is("stall") && world.things[thing_at(1)].object &&
           (world.things[thing_at(1)].object->flags & FLUE_OBJECT_STALLED))
        done_line();
}

static void must_be(const char *seen)
{
    char said[200] = "";
    look_at_nodes();
    if (at == count || is("wrong"))
        return; /* the story is told; what follows from it is no part of it */
    for (unsigned int i = 0; i < WORDS && lines[at].word[i][0]; i++)
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s", i ? " " : "",
                 lines[at].word[i]);
    if (strcmp(said, seen) != 0)
        stop(1, "the model says `%s`, the runtime `%s`", said, seen);
    done_line();
    while (is("stall") && !world.full[thing_at(1)])
        world.full[thing_at(1)] = true;
}

static const char *device_event_name(unsigned int i)
{
    return named_in->events[i].name;
}

static const char *event_name(const struct flue_kind *kind, uint8_t event)
{
    static const char *const own[] = {"none", "done", "failed", "reset", "restore"};
    if (event < FLUE_EVENT_OPERATION)
        return own[event];
    if (event >= FLUE_EVENT_DEVICE)
        return kind->events[event - FLUE_EVENT_DEVICE].name;
    return operation_name(event - (unsigned int)FLUE_EVENT_OPERATION);
}

/* A node that is new finds its object when the machine first steps. */
static uint8_t meet(const struct flue_trace *step, struct flue_object *o)
{
    uint8_t thing = thing_of(o);
    for (uint8_t i = 1; i < NODES && step->node; i++) {
        struct replay_node *n = &world.nodes[i];
        if (n->memory != step->node)
            continue;
        if (n->role == FLUE_NEW && step->event >= FLUE_EVENT_OPERATION) {
            if (thing)
                world.things[thing].object = NULL;
            world.things[n->thing].object = o;
        }
        return n->thing;
    }
    return thing;
}

static void saw_step(const struct flue_trace *step, struct flue_object *o)
{
    char seen[200];
    const struct flue_kind *kind = &replay_tables.spec->kinds[o->kind];
    uint8_t thing = meet(step, o);
    if (!thing)
        return;
    look_at_nodes();
    wrong_step(thing, step);
    if (step->event >= FLUE_EVENT_DEVICE && kind->arms[step->arm].verb != FLUE_DO_DEFER)
        world.things[thing].fell = false; /* the machine knows it */
    if (world.alone || world.things[thing].aside)
        return;
    snprintf(seen, sizeof seen, "step %u %s %s %s %u", thing, event_name(kind, step->event),
             kind->states[step->old_state].name, kind->states[step->state].name, step->arm);
    must_be(seen);
}

static void saw_command(const struct flue_trace *step, const struct flue_object *o)
{
    char seen[100];
    uint8_t thing = thing_of(o);
    if (!thing || world.alone || world.things[thing].aside)
        return;
    snprintf(seen, sizeof seen, "send %u %s %s", thing,
             replay_tables.spec->kinds[o->kind].commands[step->command].name,
             o->flags & FLUE_OBJECT_UNDOES ? "old" : "new");
    must_be(seen);
}

static void watch(void *context, const struct flue_trace *step)
{
    (void)context;
    if (step->what == FLUE_TRACE_STATUS) {
        for (struct replay_node *n = world.nodes + 1; n < world.nodes + NODES; n++) {
            if (n->memory != step->node || !n->submitted)
                continue;
            n->final_known = true;
            n->final = step->status;
            if (!n->own_known && !has_own(n))
                know_own(n, step->status); /* no command was begun: it has been told at once */
        }
    }
    look_at_nodes();
    if (step->kind == FLUE_NO_BYTE || step->index == FLUE_NONE)
        return;
    struct flue_object *o = flue_object_at(world.target, step->kind, step->index);
    if (step->what == FLUE_TRACE_STEP)
        saw_step(step, o);
    else if (step->what == FLUE_TRACE_COMMAND)
        saw_command(step, o);
}

/* ---- What is done -------------------------------------------------------------------------- */

static void node_line(uint32_t *first, uint32_t *end)
{
    static const char *const roles[] = {"placeholder", "new", "reference"};
    uint32_t n = number(1) % NODES;
    if (is("change")) {
        uint32_t *which =
            strcmp(lines[at].word[2], "line") == 0 ? &world.nodes[n].lines : &world.nodes[n].then;
        *which |= 1u << number(3);
        return;
    }
    if (is("handle")) {
        uint32_t link = number(2) % FLUE_MAX_LINKS;
        world.nodes[n].named |= (uint8_t)(1u << link);
        world.nodes[n].names[link] = (uint8_t)(number(3) % THINGS);
        return;
    }
    if (is("asked")) {
        world.nodes[n].asked = true;
        return;
    }
    *first = *first ? *first : n;
    *end = n + 1;
    world.nodes[n] = (struct replay_node){.thing = (uint8_t)number(3), .above = (uint8_t)number(4)};
    for (uint8_t role = 0; role < 3; role++) {
        if (strcmp(lines[at].word[2], roles[role]) == 0)
            world.nodes[n].role = role;
    }
}

static void do_tree(void)
{
    uint8_t operation =
        named(lines[at].word[2], "operation", replay_tables.spec->operation_count, operation_name);
    uint32_t first = 0, end = 0;
    for (done_line(); at < count && !is("go"); done_line())
        node_line(&first, &end);
    done_line();
    world_submit(operation, first, end);
}

static void do_phase(void)
{
    char phase = lines[at].word[1][2]; /* ruNning, reSetting, reMoved */
    done_line();
    if (phase == 'n') {
        flue_reset_end(world.target);
        return;
    }
    world_forget();
    if (phase == 's')
        flue_reset_begin(world.target);
    else
        flue_remove(world.target);
    flue_dma_stopped(world.target);
}

static void do_answer(void)
{
    uint8_t thing = thing_at(1);
    uint8_t command = command_at(thing, 2);
    uint8_t result =
        named(lines[at].word[3], "result", replay_tables.spec->result_count, result_name);
    bool done = strcmp(lines[at].word[4], "done") == 0;
    done_line();
    world_answer(thing, command, result, done);
    world_poll(1);
}

static void do_raise(void)
{
    uint8_t thing = thing_at(1);
    named_in = &replay_tables.spec->kinds[world.things[thing].kind];
    uint8_t event = named(lines[at].word[2], "event", named_in->event_count, device_event_name);
    done_line();
    if (!world_raise(thing, event))
        stop(1, "the runtime does not take the event");
}

static void do_object(void)
{
    uint8_t thing = thing_at(1);
    world.things[thing] = (struct thing){.known = true};
    world.things[thing].kind =
        named(lines[at].word[2], "kind", replay_tables.spec->kind_count, kind_name);
    world.things[thing].aside = strcmp(lines[at].word[3], "aside") == 0;
    done_line();
}

/* What the script does by itself; false: the line must be seen. */
static bool do_line(void)
{
    if (is("object")) {
        do_object();
    } else if (is("link")) {
        world.things[thing_at(1)].link[number(2) % FLUE_MAX_LINKS] = (uint8_t)thing_at(3);
        done_line();
    } else if (is("there")) {
        world_offload(thing_at(1));
        done_line();
    } else if (is("tree")) {
        do_tree();
    } else if (is("phase")) {
        do_phase();
    } else if (is("answer")) {
        do_answer();
    } else if (is("raise")) {
        do_raise();
    } else if (is("fell")) {
        world_fell(thing_at(1));
        done_line();
    } else if (is("room")) {
        world_room(thing_at(1));
        done_line();
    } else if (is("unsent")) {
        world_unsent(thing_at(1));
        done_line();
    } else if (is("late")) {
        world_late(thing_at(1));
        done_line();
    } else {
        return false;
    }
    look_at_nodes();
    return true;
}

/* The runtime may take some turns until it shows what comes next, but shows nothing else. */
static void wait_for_it(void)
{
    unsigned int was = at;
    for (unsigned int i = 0; i < PATIENCE && at == was; i++) {
        world_poll(1);
        look_at_nodes();
    }
    if (at == was)
        stop(1, "the model says `%s %s %s`, the runtime does nothing", lines[at].word[0],
             lines[at].word[1], lines[at].word[2]);
}

static void what_is_wrong(void)
{
    uint8_t thing = thing_at(1);
    const char *name = lines[at].word[2];
    look_at_nodes();
    if (!wrong_seen(thing, name))
        stop(1, "the model says that `%s` is wrong; in the C it is not", name);
    stop(0, "%s, of object %u", name, thing);
}

/* The runtime stops itself where its laws are broken; at the end of a story that is no surprise. */
static void stopped(int signal)
{
    (void)signal;
    if (is("wrong") && wrong_seen(thing_at(1), lines[at].word[2]))
        stop(0, "%s, of object %u; and the runtime stops itself", lines[at].word[2], thing_at(1));
    stop(1, "the runtime stops itself");
}

static void read_script(const char *file)
{
    char text[300];
    FILE *in = fopen(file, "r");
    if (!in)
        stop(2, "no script");
    for (unsigned int n = 1; fgets(text, sizeof text, in) && count < LINES - 1; n++) {
        struct line *l = &lines[count];
        l->number = n;
        text[strcspn(text, "#\n")] = '\0';
        unsigned int words = 0;
        for (char *w = strtok(text, " "); w && words < WORDS; w = strtok(NULL, " "))
            snprintf(l->word[words++], sizeof l->word[0], "%s", w);
        count += words != 0;
    }
    fclose(in);
}

int main(int arguments, char **argument)
{
    if (arguments < 2)
        return 2;
    loud = arguments > 2;
    read_script(argument[1]);
    world_open(watch);
    signal(SIGILL, stopped);
    signal(SIGTRAP, stopped);
    while (at < count && !is("wrong")) {
        if (wrong_noted())
            stop(1, "`%s` is wrong already", wrong_noted());
        if (!do_line())
            wait_for_it();
    }
    if (at == count)
        stop(2, "the script ends without anything wrong");
    what_is_wrong();
    return 0;
}
