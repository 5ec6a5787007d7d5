/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scripted.h: hardware and host played by a test, word for word.
 *
 * Binding functions only write down what was issued; the test answers when and how it likes.
 * Completions and indications are written down too. Nothing happens by itself: no clock, no thread.
 *
 *     example
 *     struct scripted *s = scripted_open(NULL);
 *     chimney_update(s, root);
 *     scripted_poll(s);
 *     ck_assert_str_eq(s->commands[0].name, "write_mac");
 *     scripted_answer(s, 0, CHIMNEY_RESULT_OK);
 *     scripted_poll(s);
 *     ck_assert_uint_eq(s->completion_count, 1);
 *     scripted_close(s);
 */
#ifndef SCRIPTED_H
#define SCRIPTED_H

#include "chimney.h"
#include "flue/priv/object.h" /* whose states tests look at */

enum { SCRIPTED_MOST = 4096, SCRIPTED_ARGS = 512 };

struct scripted_command {
    const char *name;
    flue_cookie cookie;
    flue_name object;
    uint32_t index; /* of the object */
    size_t data_bytes;
    unsigned char args[SCRIPTED_ARGS];
};

struct scripted_completion {
    enum chimney_operation operation;
    struct chimney_node *root;
};

struct scripted_indication {
    const void
        *handle; /* of the connection, or the target's; for a neighbor its NdisOffloadHandle */
    uint32_t code, detail;
    unsigned completions; /* made before it */
};

struct scripted {
    struct chimney_target target; /* first: the adapter begins with the target */
    void *memory;
    struct scripted_command commands[SCRIPTED_MOST];
    struct scripted_completion completions[SCRIPTED_MOST];
    struct scripted_indication indications[SCRIPTED_MOST];
    struct flue_trace trace[SCRIPTED_MOST];
    unsigned command_count, completion_count, indication_count, trace_count;
    unsigned answered; /* commands before this one were answered by scripted_answer_all */
    unsigned wakes, doorbells, resets_wanted;
    unsigned retrieves, aborts;
    unsigned room;       /* commands taken before the ring says full */
    const char *full;    /* the one command that finds no room, however much there is */
    unsigned refused;    /* commands not taken */
    bool inline_answers; /* every command is answered well from inside the binding */
    bool says_full;      /* ... and refused all the same: a driver that contradicts itself */
    void (*on_complete)(struct scripted *s, enum chimney_operation operation,
                        struct chimney_node *root);
    /* Inside an indication about a connection; with its name while it has one. May be NULL. */
    void (*on_event)(struct scripted *s, flue_name name);
    /* The host's answer to an indication that carries a node. May be NULL. */
    void (*on_object_event)(struct scripted *s, struct chimney_node *node);
};

/* What the target is made with. */
extern const struct chimney_binding scripted_binding;
extern const struct chimney_completions scripted_completions;
extern const struct chimney_indications scripted_indications;

/* A configuration with small pools: 8 neighbors, 64 paths, 256 connections, a ring of 128. */
struct flue_config scripted_config(void);

/* NULL for scripted_config(). Stops the test if the target cannot be made. */
struct scripted *scripted_open(const struct flue_config *config);
void scripted_close(struct scripted *s);

/* Poll until no work is left; stops the test if that never comes. */
void scripted_poll(struct scripted *s);

/* Answer command number `i` of the log; good answers of reading commands bring zeros as data. */
bool scripted_answer(struct scripted *s, unsigned i, uint8_t result);

/* Answer all commands not answered yet with `result`, poll, and go on until none is left. */
void scripted_answer_all(struct scripted *s, uint8_t result);

/* The arguments of command `i` as `struct chimney_<name>_args`; the test stops on another name. */
#define scripted_args(s, i, command) \
    ((const struct chimney_##command##_args *)scripted_args_of((s), (i), #command))
const void *scripted_args_of(const struct scripted *s, unsigned i, const char *name);

/* Names of all commands issued since `from`, with spaces between, in a static buffer. */
const char *scripted_names(const struct scripted *s, unsigned from);

#endif
