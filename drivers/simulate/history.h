/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * history.h: one history of a host, and what the host remembers. Files call what stands before:
 *
 *     story.c     chance, failures, the trace
 *     values.c    values of an object as an entry has them, to and from the host's structures
 *     driver.c    what a driver does for its target and its device
 *     trees.c     the parts of a request: nodes, structures, what is compared later
 *     grow.c      requests by chance: which nodes, handles and values, legal and hostile
 *     checks.c    of one target, by its author: when it is asked, and what it may see
 *     judge.c     a completion: statuses, what it says of each object, memory that came back
 *     heard.c     what the host is notified of
 *     transfers.c what the host hands over, and gets back
 *     check.c     what must be so when all is quiet
 *     steps.c     what must be so between any two steps
 *     acts.c      what may happen, and how often
 *     play.c      one decision after the other, and the end
 *     shrink.c    fewer decisions that fail as well
 *     file.c      a history in a file
 *     main.c      many seeds, several processes
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <setjmp.h>
#include <stdio.h>

#include "simulate.h"

#define THINGS 96  /* objects of the host's, in most histories */
#define CROWD 4200 /* in a few: of those that nothing stands on, besides what they stand on */
#define MOST_THINGS (CROWD + 800)
#define REQUESTS 16
#define TICKS_PER_SECOND 1000
#define MOMENTS 360
#define ROUNDS 3
#define HEARD 16384
#define NODES 64
#define FEW_NODES 10 /* in most histories */
#define MOST_NODES MOST_THINGS
#define LAYOUT_ROLES 3
#define UNWRITTEN 0x7eadbeef /* a status before it is one; the same as of tests/ndis/mock */
#define ARMS 8192
#define PIECES 96

/* What the host's own pointer to an object leads to: what it was notified of. */
struct heard {
    struct history *history;
    uint8_t kind;
    bool ended;
    uint64_t handle;
    uint32_t of; /* calls by which it has heard of a mark, as bits */
};

/* What the hardware is to have of an object: as an entry, with what it stands on. */
struct image {
    unsigned char *entry;
    uint64_t submitted, completed; /* moments of the request that brought it */
    bool links_only;               /* what it says of values is over, or was never said */
    bool links_open;               /* what it stands on is not known before the hardware says it */
};

/* An object of the host's. */
struct thing {
    uint8_t kind, variant;
    bool alive, ending; /* ending: a request may have ended it, which is seen when all is quiet */
    bool must_end;
    bool vague; /* which values it has that the hardware does not know */
    struct heard *heard;
    uint64_t handle;
    unsigned uses, asked; /* requests under way; ever */
    unsigned image_count; /* that it may have: one, but for what overlaps or is open */
    struct image *images;
};

struct node {
    unsigned char *memory, *before; /* as it is, as it was submitted */
    size_t bytes;
    uint8_t kind, variant, role;
    uint8_t used, brings, returns; /* classes */
    uint8_t asks;   /* classes that its type is to name; 0: all that the operation uses */
    bool hostile;   /* it cannot end well */
    bool misplaced; /* nor this one, if the object above it is one */
    bool alone;     /* no other request was about its object */
    bool brings_link;
    int above, first, last; /* nodes, or -1 */
    struct thing *thing;    /* that it names, or becomes */
    struct heard *heard;    /* of what is new */
    uint64_t cell, named;   /* the handle as it is; and as it was */
    unsigned char *image;   /* of what it brings */
    uint64_t handles[FLUE_MAX_LINKS];
    unsigned char *named_bytes[16];
    unsigned named_count, asked;
    int32_t status;
};

struct request {
    bool in_use, done, bent; /* bent: its lists lead back, or into one another */
    uint8_t operation;
    unsigned count;
    bool frees;    /* the host frees its memory inside the completion call */
    uint64_t echo; /* of what that call submits; 0: nothing */
    uint64_t submitted, hash, wiped;
    struct node *nodes; /* room for as many as a request of this history may have */
};

/* An element of a transfer that the host has handed over, or had. */
struct piece {
    unsigned char *memory, fill; /* fill: of its bytes that the target may not write to */
    bool out;                    /* it is the target's */
    bool offered, taken;         /* to the device; and that has taken it, */
    bool answered;               /* and said that it is done */
    int32_t said;
    uint8_t transfer;
    uint32_t number, position;
    uint64_t handle, serial, posted, wiped; /* of which object; in which order, when */
    const struct thing *thing;
    unsigned asked;   /* of it, until then */
    bool undisturbed; /* and nothing was under way for it */
};

/*
 * A decision: what happens in a moment, and what faults do meanwhile, follows from the seed and the
 * moment's number alone. So any of them can be left out, and the others are as they were.
 */
struct decision {
    bool out;       /* it is left out */
    bool faultless; /* nothing is left to chance in the device meanwhile */
    uint16_t nodes; /* of a request, at most */
};

/* How a history is to be: shrinking takes away from it. */
struct plan {
    uint64_t seed;
    unsigned actions;
    uint32_t faults; /* that may strike, as bits */
    struct decision of[MOMENTS];
    uint32_t faultless_rests; /* the times when all comes to rest, as bits: faultless, too */
    bool events, resets, hostile, trace;
    bool many;   /* objects, commands and nodes of a request */
    bool crowd;  /* thousands of them, so that lists are walked side by side */
    bool reaps;  /* the runtime asks for its answers */
    bool traced; /* the runtime is: then the device hears of what was given up unsent */
    bool blind;  /* nothing is checked between completions: what is wrong goes on */
    struct flue_recorder *recorder; /* of the runtime's steps; NULL: none */
    uint8_t *met; /* by arm of all machines: whether it decided anything; NULL: nobody asks */
};

/* How far a reset is, or what follows a removal. */
enum reset {
    NO_RESET,
    RESET_BEGUN, /* the device may touch memory */
    RESET_STOPPED,
    RESET_ASKED /* for a driver that does all of it by itself */
};

struct history {
    const struct simulate_target *target;
    struct flue_device_adapter *nic, own; /* the driver's; where it lies if that has no place */
    struct plan plan;
    uint64_t chance, moment, now;
    unsigned at, rests, nodes; /* decision; times at rest; of the next request, at most */
    uint32_t chances[FLUE_DEVICE_FAULTS],
        event_chance; /* of the device, while it is not faultless */
    bool good_device; /* from here on all goes well */
    struct request requests[REQUESTS];
    unsigned heard_count, thing_count, next_thing;
    uint64_t scratch[4]; /* that a request left in its root */
    unsigned under_way;
    uint64_t wiped, submitted, completed, checked, good, believed;
    uint64_t polls;
    enum reset reset;
    bool removed, paused, echoes;
    bool hands_over; /* the target makes transfers, and its table of them is that of the tables */
    struct piece pieces[PIECES];
    uint64_t handed, elements_back, lent_back;
    void *checks_memory; /* of the target's own checks */
    jmp_buf failed;
    char why[400]; /* it failed */
    /* From here on nothing is cleared when a history begins, but what is used. */
    struct thing things[MOST_THINGS];
    uint16_t by_index[FLUE_MAX_KINDS][MOST_THINGS]; /* which of them may have an index */
    struct heard heard[HEARD];
};

/* story.c */
uint64_t chance(struct history *h);
uint32_t below(struct history *h, uint32_t limit);
bool perhaps(struct history *h, uint32_t percent);
__attribute__((format(printf, 2, 3), noreturn)) void fail(struct history *h, const char *format,
                                                          ...);
__attribute__((format(printf, 2, 3))) void say(struct history *h, const char *format, ...);
void story_device(void *context, const char *text);
void story_trace(void *context, const struct flue_trace *step);
/* Sees every step of a target that is traced, if set (tests/tie). */
extern void (*story_watch)(const struct flue_target *target, const struct flue_trace *step);
unsigned story_arm(const struct flue_spec *spec, unsigned kind, unsigned arm);

/* values.c */
struct image *image_new(struct history *h, struct thing *t);
void images_end(struct thing *t);
struct flue_device_entry *entry_of(unsigned char *image);
size_t chain_bytes(const struct flue_chain_layout *c); /* of an element */
unsigned char *value_new(struct history *h, uint8_t kind);
void value_choose(struct history *h, uint8_t kind, uint8_t variant, uint8_t classes,
                  unsigned char *image);
void value_write(struct history *h, struct node *n, uint8_t operation, uint8_t klass,
                 unsigned char *structure);
const char *value_differs(const struct history *h, uint8_t kind, uint8_t variant,
                          const unsigned char *image, const unsigned char *entry);
const char *value_returned(const struct history *h, const struct node *n, uint8_t operation,
                           uint8_t klass, const unsigned char *image,
                           const unsigned char *structure);
const char *value_of_object(const struct history *h, uint8_t kind, uint8_t variant,
                            const unsigned char *image, const unsigned char *object);
bool value_is_there(const struct history *h, const struct node *n, uint8_t operation, uint8_t klass,
                    size_t at);
bool value_by_name(const struct history *h, uint8_t kind, uint8_t variant,
                   const unsigned char *image, const char *name, uint64_t *value);
void value_text(const struct history *h, uint8_t kind, const unsigned char *image, char *text,
                size_t bytes);
unsigned char *structure_of(const struct history *h, const struct node *n, uint8_t klass);

/* driver.c: or what a test has in its place */
enum flue_error driver_open(struct history *h, const struct flue_config *config,
                            const struct flue_device_options *options);
void driver_close(struct history *h);
void driver_submit(struct history *h, uint8_t operation, void *root);
/* If somebody has asked for it. True: somebody asks again. */
bool driver_poll(struct history *h, uint32_t budget);
bool driver_woken(const struct history *h);
void driver_step(struct history *h);  /* of the device */
void driver_time(struct history *h);  /* it is h->now */
void driver_pause(struct history *h); /* or resume: as h->paused is now */
bool driver_wants_reset(struct history *h);
/* A part of a reset. */
void driver_reset(struct history *h);
void driver_remove(struct history *h);

/* trees.c: the parts of a request, which leave nothing to chance */
uint8_t tree_has(const struct history *h, uint8_t kind);
void tree_begin(struct history *h, struct request *r, uint8_t operation);
struct node *tree_node(struct request *r, uint8_t kind, uint8_t role, int above);
void tree_variant(struct history *h, struct request *r, struct node *n);
void tree_classes(struct history *h, struct request *r, struct node *n, uint32_t code);
void tree_links(struct history *h, struct request *r, struct node *n);
void tree_write(struct history *h, struct request *r, struct node *n);
void tree_members(struct history *h, struct request *r, struct node *n, uint32_t code);
size_t tree_bytes(const struct history *h, const struct node *n, uint8_t classes);
void tree_connect(struct history *h, struct request *r);
void tree_free(struct history *h, struct request *r);
void tree_check(struct history *h, const struct request *r);
uint64_t tree_hash(const struct request *r);
struct thing *thing_of(struct history *h, uint8_t kind);
struct thing *thing_at(const struct history *h, uint8_t kind, uint32_t index);
const struct simulate_state *state_at(struct history *h, uint8_t kind, uint32_t index);

/* pieces.c */
const struct simulate_transfer *piece_transfer(const struct history *h, const struct piece *p);
struct piece *piece_at(struct history *h, const void *memory); /* NULL: none that is out */

/* grow.c: requests by chance */
struct request *tree_submit(struct history *h, uint8_t operation);
bool tree_end(struct history *h, struct thing *t, uint8_t operation);
void tree_crowd(struct history *h);

/* judge.c */
void judge(struct history *h, struct request *r);

/* transfers.c */
void hand_over(struct history *h);
void finish_elements(struct history *h);
void finish_others(struct history *h);
void transfers_offered(void *context, const struct flue_taken *taken, enum flue_issued issued);
void transfers_ended(struct history *h, const struct request *r, const struct thing *t);
void transfers_at_rest(struct history *h);
void transfers_end(struct history *h);
void transfers_free(struct history *h);

/* checks.c: the target's own */
void checks_begin(struct history *h);
void checks_step(struct history *h);
void checks_completed(struct history *h, const struct request *r);
void checks_at_rest(struct history *h);

/* check.c */
void check_quiet(struct history *h);
void check_empty(struct history *h);
void check_things(struct history *h);
void check_complaints(struct history *h);

/* steps.c */
void check_step(struct history *h);

/* acts.c */
void act(struct history *h);
void poll_some(struct history *h, unsigned times);
void tick(struct history *h, uint32_t ticks);
void remove_target(struct history *h);
void pause_or_resume(struct history *h);

/* play.c */
struct plan plan_of(uint64_t seed, bool trace);
bool play(const struct simulate_target *target, const struct plan *plan, struct history *h);

/* shrink.c */
unsigned shrink(const struct simulate_target *target, struct plan *plan);

/* file.c */
bool plan_write(const struct simulate_target *target, const struct plan *plan, const char *path);
unsigned plan_read(const struct simulate_target *target, struct plan *plan, FILE *in);

/* progress.c */
uint64_t seconds_now(void);
bool progress_redraws(void);

/* record.c */
bool record_write(const struct flue_recorder *recorder, const struct flue_spec *spec,
                  const char *path);

#endif
