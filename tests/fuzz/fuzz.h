/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h: bytes from a fuzzer become what hosts, hardware and clocks do to a target.
 *
 *     bytes ──▶ play.c ──▶ trees (tree.c), answers and refusals (nic.c), time, resets, removal
 *                              │
 *                              ▼
 *                          the target ──▶ check.c: what must hold, whatever was done
 *
 * Its trees are not host_tree.h's: they are laid out by hand, so that they can be wrong in any way.
 *
 * Every choice takes a byte; when there are none left, everything is brought to an end.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chimney.h"
#include "flue/priv/object.h"

enum { CELLS = 16, TREES = 16, TREE_NODES = 40, COMMANDS = 32768, OLD_HANDLES = 16, CROWD = 4200 };
enum { UNWRITTEN = 0x7eadbeef, TIMEOUT_TICKS = 100 };

#define REQUIRE(condition, ...)                                             \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: " #condition ": ", __FILE__, __LINE__); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
            abort();                                                        \
        }                                                                   \
    } while (0)

struct bytes {
    const uint8_t *at, *end;
};

/* One tree of the host's, from its making to its completion. */
struct tree {
    struct chimney_node *nodes[TREE_NODES];
    uint8_t *addresses[2 * TREE_NODES];
    unsigned count, address_count;
    enum chimney_operation operation;
    bool used, crossed; /* crossed: leads into another tree, so that two requests meet in it */
};

struct command {
    flue_cookie cookie;
    uint64_t issued_at, resets;
    uint32_t data_bytes;
    bool answered; /* by the hardware */
};

struct world {
    struct chimney_target target; /* first: the adapter begins with the target */
    struct bytes bytes;
    void *cells[CHIMNEY_KINDS][CELLS]; /* where the host keeps handles */
    void *old_handles[OLD_HANDLES];
    struct tree trees[TREES];
    unsigned command_count, unanswered, first_unanswered;
    uint64_t accepted, completed;
    uint64_t now;
    uint32_t room; /* commands that the ring takes before it is full */
    bool answers_inline, says_full, mischief, keep_all, ending, crowding;
    unsigned depth;
    struct command commands[COMMANDS]; /* last: what no command was issued for is not copied back */
};

/* play.c */
uint8_t take(struct world *w);
uint32_t choice(struct world *w, uint32_t below);
/* Something that any thread may do at any time, from inside a call of the target's. */
void mischief(struct world *w);
void play(struct world *w);
void finish(struct world *w);

/* tree.c */
void tree_submit(struct world *w);
void tree_resubmit(struct world *w);
void tree_complete(struct world *w, enum chimney_operation operation, struct chimney_node *root);
void tree_free_all(struct world *w);
void handle_spoil(struct world *w);

/* nic.c */
extern const struct chimney_binding fuzz_binding;
extern const struct chimney_completions fuzz_completions;
extern const struct chimney_indications fuzz_indications;
void answer(struct world *w, struct command *c, uint8_t how);
void answer_some(struct world *w);
void answer_burst(struct world *w);
void answer_all(struct world *w);

/* check.c */
void check_tree(const struct tree *tree, struct chimney_node *root);
void check_quiet(struct world *w);

/* world.c */
/* One of several targets, as it was when it was made. */
struct world *world_of(uint8_t number);

#endif
