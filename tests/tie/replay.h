/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.h: a counterexample of the models, played against the runtime and a target's generated C.
 *
 * A script has a line for all that happened in the model, in the words of the spec. Some lines are
 * done (the host asks, the hardware answers, time is over, a reset), the others must then be seen:
 *
 *     object 1 path             the objects; `aside` are those that only have to be there
 *     there 2                   is offloaded at first
 *     link 1 0 2                to whom its link 0 leads, or will lead
 *     tree 1 update             a request; its nodes: number, role, object, the node above
 *       node 2 reference 1 1
 *       handle 2 1 3            its handle for link 1 names object 3 (0: none)
 *       change 2 line 0         what is new there: a line of the plan, or `then` and a command
 *     go
 *     step 1 update offloaded updating 13     seen: event, states, arm
 *     send 1 write_mtu new                    seen: with new or old values
 *     answer 1 write_mtu failure done         done: result, and whether the hardware did it
 *     status 2 failure                        seen: of a node's own part
 *     final 2 failure                         seen: what the host reads
 *     phase resetting | running | removed     done
 *     stall 1, room 1, unsent 1, late 1       seen, done, done, done
 *     raise 1 hard_limit        done: an event of the device
 *     fell 1                    done: before it, the hardware ends the object by itself
 *     wrong 1 values                          what is wrong: it must be seen in the C
 *
 *     replay.c        the script, line by line
 *     replay_world.c  host and hardware around the target
 *     replay_wrong.c  what can be wrong, as the C shows it
 *     replay_tables.c made of the spec: bindings, where values lie (backends/promela/replay.py)
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "flue/priv/node.h"

enum { KINDS = 8, OBJECTS = 8, THINGS = 12, NODES = 64, VARIABLES = 64, VALUE = 64, WORDS = 8 };

/* ---- Made of the spec ---------------------------------------------------------------------- */

struct replay_field { /* a value among a command's arguments */
    uint16_t variable, at, bytes;
};
struct replay_command {
    uint8_t has; /* of the object afterwards: 0 not, 1 yes, 2 as before */
    bool blocks;
    uint8_t links; /* of which it tells, as bits: their fields, indices of objects, are the first */
    uint16_t count;
    const struct replay_field *fields;
};
struct replay_place { /* in a structure behind a node */
    uint8_t klass;
    bool pointer;
    uint16_t at, bytes;
    uint64_t value; /* to be set; of a change: the bits that change */
};
struct replay_places {
    uint32_t count;
    const struct replay_place *of;
};
struct replay_kind {
    const struct replay_command *commands;
    struct replay_places news, lines, then;
    uint64_t claims_has, claims_not; /* states, by the runtime's number, as bits */
};
struct replay_tables {
    const struct flue_spec *spec;
    const void *binding;
    const struct replay_kind *kinds;
    uint8_t unusable, lasting, outlive, sees; /* marks */
    const uint64_t *allowed;                  /* statuses of each operation, as bits */
};
extern const struct replay_tables replay_tables;
/* What a binding function does. */
enum flue_issued replay_issued(uint8_t kind, uint8_t command, uint32_t index, flue_cookie cookie,
                               const void *args);

/* ---- The world ----------------------------------------------------------------------------- */

struct entry { /* of the hardware */
    bool has, blocked;
    unsigned char values[VARIABLES][VALUE];
    uint32_t link[FLUE_MAX_LINKS];
    uint8_t linked; /* links of which it was told, as bits */
};
struct thing {
    uint8_t kind;
    bool known, aside, host_has;  /* host_has: by the statuses it got */
    uint8_t link[FLUE_MAX_LINKS]; /* things, 0 for none */
    struct flue_object *object;   /* while there is one */
    uint64_t handle;              /* where the target keeps it */
    bool undone;                  /* since it was asked last */
    bool fell;                    /* the hardware has it no more, and the machine does not know */
    unsigned char host[FLUE_CLASSES][1024];
};
struct replay_node {
    uint8_t thing, role, above, operation;
    bool submitted, own_known, own_seen, final_known, asked;
    uint8_t own, final;
    uint32_t lines, then;
    uint8_t named;                 /* links that its handles ask for, as bits */
    uint8_t names[FLUE_MAX_LINKS]; /* things */
    unsigned char *memory;
};
struct command {
    bool flying, late, old;
    flue_cookie cookie;
    unsigned char args[1024];
};
struct world {
    struct flue_target *target;
    uint64_t now;
    struct thing things[THINGS];
    struct replay_node nodes[NODES];
    struct command commands[KINDS][OBJECTS][FLUE_MAX_COMMANDS];
    struct entry entries[KINDS][OBJECTS];
    bool bad_answer, alone; /* alone: everything is answered at once */
    bool full[THINGS];
    struct command *probe; /* takes the arguments instead of the hardware */
    uint32_t completions;
};
extern struct world world;

void world_open(void (*watch)(void *context, const struct flue_trace *step));
void world_offload(uint8_t thing);
/* The nodes from `first` up to `end`, as one tree. */
void world_submit(uint8_t operation, uint32_t first, uint32_t end);
void world_learn(struct replay_node *n);
void world_answer(uint8_t thing, uint8_t command, uint8_t result, bool done);
bool world_raise(uint8_t thing, uint8_t event);
void world_fell(uint8_t thing); /* the hardware has it no more, by itself */
void world_room(uint8_t thing);
void world_unsent(uint8_t thing);
void world_late(uint8_t thing);
void world_forget(void);
void world_poll(uint32_t budget);
uint8_t thing_of(const struct flue_object *o); /* 0: none of the script */
struct entry *entry_of(const struct flue_object *o);
/* The commands that would tell the hardware all that the object has differ in nothing from it. */
bool world_agrees(const struct flue_object *o);

/* ---- What is wrong ------------------------------------------------------------------------- */

/* At a step, at a command: what is noted at once. */
void wrong_step(uint8_t thing, const struct flue_trace *step);
void wrong_command(const struct flue_object *o, uint8_t command, const void *args);
void wrong_status(const struct replay_node *node);
/* Is this what is wrong with the thing now? Unknown names end the program. */
bool wrong_seen(uint8_t thing, const char *name);
/* What was noted so far of any thing, or NULL. */
const char *wrong_noted(void);

void stop(int status, const char *format, ...) __attribute__((format(printf, 2, 3)))
__attribute__((noreturn));

#endif
