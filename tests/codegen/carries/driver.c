/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each command carries, in each verb: every value tells by a letter who brought it.
 *
 * a: whoever had the object's place before; b: the request that made the object; c: the one that
 * changes it; h, i: the hardware's answers; -: nothing. Ages end in + if they have grown. Lines are
 * "verb command member letter", one for each member; test_carries.py knows what they must be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carries.h"

enum behavior { GOOD, BAD, LOST };

struct driver {
    struct carries_target target; /* first: the adapter begins with the target */
    const char *verb;             /* what is going on; NULL: print nothing */
    const char *then;             /* what is going on after a color failed */
    enum behavior adds, writes, paints;
    char chosen; /* the number that the hardware gives to the next one */
    char shelf;  /* and to the first of the shelves; 'a' until a reset that brings them back */
    uint64_t now;
};

static void say(const struct driver *d, const char *command, const char *member, char letter,
                const char *more)
{
    if (d->verb)
        printf("%s %s %s %c%s\n", d->verb, command, member, letter ? letter : '-', more);
}

static void say_age(const struct driver *d, const char *command, const char *member, uint32_t age)
{
    /* Brought as 10 for each letter; a hundred ticks later it is a hundred more. */
    char letter = (char)(age % 100 ? 'a' - 1 + age % 100 / 10 : 0);
    say(d, command, member, letter, age >= 100 ? "+" : "");
}

#define SAY_CONST(name)                                                       \
    say(d, name, "address", args->address ? (char)args->address[15] : 0, ""); \
    say(d, name, "size", (char)args->size, "")
#define SAY_CACHED(name)                             \
    say(d, name, "open", args->open ? 'x' : 0, "");  \
    say(d, name, "weight", (char)args->weight, "");  \
    say_age(d, name, "seen", args->seen);            \
    say(d, name, "label", (char)args->label[7], ""); \
    say(d, name, "color", (char)args->color, "")
#define SAY_DELEGATED(name)                         \
    say(d, name, "number", (char)args->number, ""); \
    say(d, name, "chain", args->chain ? *(const char *)args->chain : 0, "")
/* Members that are there in the operations that make a box, or in one of them. */
#define SAY_MADE(name)                              \
    say(d, name, "secret", (char)args->secret, ""); \
    say(d, name, "code", (char)args->code, "");     \
    say_age(d, name, "made", args->made);           \
    say(d, name, "maker", args->maker ? (char)args->maker[15] : 0, "")
/* Numbers of the hardware's, and those of the shelf. */
#define SAY_BELOW(name) say(d, name, "shelf_mark", (char)args->shelf_mark, "")
#define SAY_DEVICE(name)                        \
    say(d, name, "mark", (char)args->mark, ""); \
    SAY_BELOW(name)
/* Shelves stand in the order of letters. */
#define SAY_LINK(name)                                                            \
    say(d, name, "link", (char)(args->shelf < 26 ? 'a' + args->shelf : '?'), ""); \
    say(d, name, "variant", args->variant == CARRIES_VARIANT_V6 ? 'x' : 0, "")

static void answer(struct driver *d, flue_cookie cookie, enum behavior behavior)
{
    if (behavior != LOST)
        carries_done(&d->target, cookie,
                     behavior == GOOD ? CARRIES_RESULT_OK : CARRIES_RESULT_FAILURE);
}

#define COMMAND(name)                                               \
    static enum flue_issued name(void *adapter, flue_cookie cookie, \
                                 const struct carries_##name##_args *args)

COMMAND(add_shelf)
{
    struct driver *d = adapter;
    struct carries_add_shelf_data data = {.mark = (uint32_t)d->shelf + args->index};
    carries_add_shelf_done(&d->target, cookie, CARRIES_RESULT_OK, &data);
    return FLUE_ISSUED;
}

COMMAND(remove_shelf)
{
    (void)args;
    answer(adapter, cookie, GOOD);
    return FLUE_ISSUED;
}

COMMAND(add_box)
{
    struct driver *d = adapter;
    struct carries_add_box_data data = {
        .number = (uint32_t)d->chosen, .chain = &d->chosen, .mark = (uint32_t)d->chosen};
    SAY_CONST("add");
    SAY_MADE("add");
    SAY_CACHED("add");
    SAY_DELEGATED("add");
    SAY_LINK("add");
    SAY_BELOW("add");
    if (d->adds != GOOD)
        answer(d, cookie, d->adds);
    else
        carries_add_box_done(&d->target, cookie, CARRIES_RESULT_OK, &data);
    return FLUE_ISSUED;
}

COMMAND(write_box)
{
    struct driver *d = adapter;
    SAY_CACHED("write");
    SAY_LINK("write");
    SAY_DEVICE("write");
    say(d, "write", "kick", args->kick ? 'x' : 0, "");
    answer(d, cookie, d->writes);
    return FLUE_ISSUED;
}

COMMAND(paint_box)
{
    struct driver *d = adapter;
    SAY_CACHED("paint");
    SAY_LINK("paint");
    SAY_DEVICE("paint");
    answer(d, cookie, d->paints);
    if (d->verb && d->paints == BAD)
        d->verb = d->then; /* what is sent from here on takes back */
    return FLUE_ISSUED;
}

COMMAND(strip_box)
{
    struct driver *d = adapter;
    SAY_CACHED("strip");
    SAY_LINK("strip");
    SAY_DEVICE("strip");
    answer(d, cookie, GOOD);
    return FLUE_ISSUED;
}

COMMAND(stop_box)
{
    struct driver *d = adapter;
    SAY_CONST("stop");
    SAY_CACHED("stop");
    SAY_DELEGATED("stop");
    SAY_LINK("stop");
    SAY_DEVICE("stop");
    answer(d, cookie, GOOD);
    return FLUE_ISSUED;
}

COMMAND(read_box)
{
    struct driver *d = adapter;
    struct carries_read_box_data data = {.number = 'i', .chain = &d->chosen};
    (void)args;
    carries_read_box_done(&d->target, cookie, CARRIES_RESULT_OK, &data);
    return FLUE_ISSUED;
}

COMMAND(remove_box)
{
    struct driver *d = adapter;
    struct carries_remove_box_data data = {.number = 'z', .chain = &d->chosen};
    SAY_CONST("remove");
    SAY_MADE("remove");
    SAY_CACHED("remove");
    SAY_DELEGATED("remove");
    SAY_LINK("remove");
    carries_remove_box_done(&d->target, cookie, CARRIES_RESULT_OK, &data);
    return FLUE_ISSUED;
}

static const struct carries_binding binding = {.add_shelf = add_shelf,
                                               .remove_shelf = remove_shelf,
                                               .add_box = add_box,
                                               .write_box = write_box,
                                               .paint_box = paint_box,
                                               .strip_box = strip_box,
                                               .stop_box = stop_box,
                                               .read_box = read_box,
                                               .remove_box = remove_box};

static void completed(void *host, struct carries_node *root)
{
    (void)host, (void)root;
}

static const struct carries_completions completions = {completed, completed, completed,
                                                       completed, completed, completed};

static void wake(void *adapter)
{
    (void)adapter;
}

/* ---- The host ------------------------------------------------------------------------------- */

static struct shelf {
    struct carries_node node;
    _Alignas(8) struct carries_shelf_const where;
} shelves[3];

struct box {
    struct carries_node node;
    struct carries_box_const constant;
    _Alignas(8) struct carries_box_cached cached;
    _Alignas(8) struct carries_box_delegated delegated;
};

static const uint8_t *const nowhere = (const uint8_t *)16;

static struct change {
    struct carries_node node;
    struct carries_box_cached cached;
} changed;

static struct back {
    struct carries_node node;
    struct carries_box_delegated delegated;
} back;

static void poll(struct driver *d)
{
    for (int i = 0; i < 5; i++) { /* what is lost is lost after 20 ticks */
        while (flue_poll(&d->target.flue, 64))
            ;
        if (d->adds != LOST && d->writes != LOST && d->paints != LOST)
            continue;
        flue_tick(&d->target.flue, d->now += 25);
    }
}

static void run(struct driver *d, void (*operation)(void *adapter, struct carries_node *root),
                struct carries_node *root, struct carries_node *above)
{
    root->Next = root->Dependents = NULL;
    if (above) {
        above->Dependents = root;
        above->Next = NULL;
        above->Kind = CARRIES_TYPE_SHELF_V6_CONST;
    }
    operation(d, above ? above : root);
    poll(d);
    if (above)
        above->Dependents = NULL;
}

/* A maker that nobody may follow where it is not there. */
static void fill_cached(struct carries_box_cached *cached, char letter, const uint8_t *maker)
{
    *cached = (struct carries_box_cached){.Flags = CARRIES_BOX_SETTINGS_OPEN,
                                          .Weight = (uint32_t)letter & 0xff,
                                          .Seen = 10u * (uint32_t)(letter - 'a' + 1),
                                          .Color = (uint32_t)letter,
                                          .Code = (uint32_t)letter,
                                          .Made = 10u * (uint32_t)(letter - 'a' + 1),
                                          .Maker = maker};
    memset(cached->Label, letter, sizeof cached->Label);
}

static struct box *new_box(char letter)
{
    static uint8_t addresses[26][16];
    static char letters[26];
    struct box *b = calloc(1, sizeof *b);
    int place = letter - 'a';
    letters[place] = letter;
    memset(addresses[place], letter, sizeof addresses[place]);
    b->node.Kind = CARRIES_TYPE_BOX_ALL;
    b->constant = (struct carries_box_const){
        .Address = addresses[place], .Size = (uint32_t)letter, .Secret = (uint32_t)letter};
    fill_cached(&b->cached, letter, addresses[place]);
    b->delegated = (struct carries_box_delegated){(uint32_t)letter, &letters[place]};
    return b;
}

static void change(struct driver *d, struct box *b)
{
    changed.node = (struct carries_node){.Kind = CARRIES_TYPE_BOX_CACHED, .Handle = b->node.Handle};
    fill_cached(&changed.cached, 'c', nowhere);
    changed.cached.Flags = CARRIES_BOX_SETTINGS_KICK;
    run(d, carries_change, &changed.node, &shelves[2].node);
}

static void take(struct driver *d, struct box *b)
{
    back.node = (struct carries_node){.Kind = CARRIES_TYPE_BOX_DELEGATED, .Handle = b->node.Handle};
    run(d, carries_take, &back.node, NULL);
}

/* The place of the only box was somebody else's before. */
static void former_owner(struct driver *d)
{
    d->verb = NULL;
    d->chosen = 'a';
    struct box *a = new_box('a');
    run(d, carries_pass, &a->node, &shelves[0].node);
    if (!a->node.Handle)
        printf("the former owner was not made\n");
    take(d, a);
}

static void reset(struct driver *d)
{
    flue_reset_begin(&d->target.flue);
    poll(d);
    flue_reset_end(&d->target.flue);
    poll(d);
}

static struct box *made(struct driver *d)
{
    former_owner(d);
    d->chosen = 'h';
    struct box *b = new_box('b');
    run(d, carries_put, &b->node, &shelves[1].node);
    flue_tick(&d->target.flue, d->now += 100);
    return b;
}

static void lives(struct driver *d)
{
    struct box *b = made(d), *lost = new_box('b'), *passed = new_box('b');
    d->verb = "send";
    run(d, carries_stop,
        &(struct carries_node){.Kind = CARRIES_TYPE_BOX_CONST, .Handle = b->node.Handle}, NULL);
    take(d, b);
    former_owner(d);
    d->chosen = 'h';
    d->verb = "put";
    d->adds = LOST;
    run(d, carries_put, &lost->node, &shelves[1].node);
    d->adds = GOOD;
    reset(d); /* and the place comes back */
    former_owner(d);
    d->verb = "pass";
    d->adds = LOST;
    run(d, carries_pass, &passed->node, &shelves[1].node);
    d->adds = GOOD;
    reset(d);
    d->verb = NULL;
}

/* An add is answered, and what comes after it fails: what the answer brought is taken back, too. */
static void halves(struct driver *d, const char *verb, const char *then,
                   void (*operation)(void *adapter, struct carries_node *root))
{
    former_owner(d);
    struct box *b = new_box('b');
    d->chosen = 'h';
    d->verb = verb;
    d->then = then;
    d->paints = BAD;
    run(d, operation, &b->node, &shelves[1].node);
    d->paints = GOOD;
    d->verb = NULL;
}

static void changes(struct driver *d)
{
    struct box *b = made(d);
    d->verb = "change";
    d->then = "undo";
    d->paints = BAD;
    change(d, b);
    d->paints = GOOD;
    d->verb = NULL;
    take(d, b);
}

static void restores(struct driver *d)
{
    struct box *b = made(d);
    d->shelf = 'A';
    d->verb = "restore";
    d->adds = BAD;
    reset(d);
    d->verb = NULL;
    d->adds = GOOD;
    d->chosen = 'i';
    reset(d);
    d->verb = "take";
    take(d, b);
    d->verb = NULL;
}

/* What an answer brought of a class that the operation is not about stays out of host memory. */
static void answers(struct driver *d)
{
    struct box *b = made(d);
    d->verb = "answer";
    say(d, "put", "number", (char)b->delegated.Number, "");
    d->verb = NULL;
    take(d, b);
    d->verb = "answer";
    say(d, "take", "number", (char)back.delegated.Number, "");
    d->verb = NULL;
}

/* ---- What is not there ---------------------------------------------------------------------- */

static void say_box(const struct driver *d, const char *how, const struct carries_box_const *k,
                    const struct carries_box_cached *c)
{
    say(d, how, "size", (char)k->Size, "");
    say(d, how, "secret", (char)k->Secret, "");
    say(d, how, "weight", (char)c->Weight, "");
    say(d, how, "code", (char)c->Code, "");
    say_age(d, how, "made", c->Made);
    say(d, how, "maker", c->Maker == nowhere ? 'q' : c->Maker ? *(const char *)c->Maker : 0, "");
}

static struct driver *current;

static void box_event(struct carries_node *node, uint32_t code)
{
    const struct box *b = (const struct box *)(const void *)node;
    say_box(current, code == 1 ? "told" : "?", &b->constant, &b->cached);
}

static const struct carries_indications indications = {.box_event = box_event};

/* A look at everything: what is not there keeps the bytes that the host has there. */
static void looks(struct driver *d, const struct box *b)
{
    struct box seen = {.node = {.Kind = CARRIES_TYPE_BOX_ALL, .Handle = b->node.Handle},
                       .constant.Secret = 'q'};
    fill_cached(&seen.cached, 'q', nowhere);
    run(d, carries_look, &seen.node, NULL);
    say_box(d, "seen", &seen.constant, &seen.cached);
    carries_ask(&d->target, b->node.Handle);
    poll(d);
}

/* A change that differs in nothing but what is not there in a change: nothing is sent or kept. */
static void not_there(struct driver *d)
{
    struct box *b = made(d);
    d->verb = "there";
    looks(d, b);
    changed.node = (struct carries_node){.Kind = CARRIES_TYPE_BOX_CACHED, .Handle = b->node.Handle};
    fill_cached(&changed.cached, 'b', nowhere);
    changed.cached.Code = 'c';
    changed.cached.Made = 1;
    run(d, carries_change, &changed.node, NULL);
    reset(d);
    d->verb = NULL;
    take(d, b);
}

int main(void)
{
    static struct driver d = {.now = 1000, .shelf = 'a'};
    struct flue_config config = {.capacity = {3, 1},
                                 .ring_entries = 16,
                                 .running_requests = 4,
                                 .quarantine_limit = 15,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (carries_memory_bytes(&config) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, bytes);
    if (carries_init(&d.target, &config, &binding, &completions, &indications, memory, bytes) !=
        FLUE_OK)
        return 1;
    current = &d;
    flue_tick(&d.target.flue, d.now);
    for (uint32_t i = 0; i < 3; i++) {
        shelves[i] = (struct shelf){.node.Kind = CARRIES_TYPE_SHELF_V6_CONST};
        run(&d, carries_put, &shelves[i].node, NULL);
    }
    lives(&d);
    halves(&d, "puts", "unput", carries_put);
    halves(&d, "passes", "unpass", carries_pass);
    changes(&d);
    restores(&d);
    answers(&d);
    not_there(&d);
    free(memory);
    return 0;
}
