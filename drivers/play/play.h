/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * play.h: a session with any target: one line in, what came of it out. `flue play` is who asks.
 *
 * It is built of the tables that histories have (drivers/simulate), with another simulate_main().
 * Lines have words, numbers are those of the tables; each is answered by lines of text and at last
 * by one with a dot. A line that begins with `!` says what was wrong with the question:
 *
 *     ask OPERATION                          begins a request
 *     node OBJECT NAME KIND ABOVE NEW VARIANT    a node of it; ABOVE: a node's number, or -1
 *     number VARIABLE N, bytes VARIABLE HEX  of the last node
 *     link LINK OBJECT                       likewise, by a handle; -1: none
 *     classes BITS                           that its type names; else all that the operation uses
 *     send                                   the request goes, and all happens that can
 *     strike KIND COMMAND FAULT RESULT       of the next such command
 *     event OBJECT N [HEX]                   what the device does by itself, with these bytes
 *     raise OBJECT N, vanish OBJECT          likewise
 *     hand TRANSFER OBJECT COUNT N           a chain that passes N; OBJECT -1: of none
 *     finish ELEMENT [STATUS]                by the device; each has the next number
 *     deliver, time MS, reset, unplug, show
 *     faults                                 their names, in the order of their numbers
 */
#ifndef PLAY_H
#define PLAY_H

#include "history.h"

enum { PLAY_NAME = 40, PLAY_TEXT = 3000 };

/* An object of the person's, by the number that is asked with; the host's part is a thing. */
struct object {
    char name[PLAY_NAME];
    char shown[PLAY_TEXT]; /* how it was shown last */
    bool known;
};

struct session {
    struct history h; /* as trees.c and values.c have it: things, requests, the NIC */
    struct object objects[THINGS];
    struct request *request;   /* that is being made */
    unsigned lines;            /* told so far: as long as there are more, something goes on */
    uint8_t event_kind, event; /* of the device, that was told last: what data is of */
    bool removed;
};

/* timeline.c */
struct session *session_now(void); /* there is one */
__attribute__((format(printf, 2, 3))) void line(struct session *s, const char *format, ...);
void timeline_trace(void *context, const struct flue_trace *step);
void timeline_taken(void *context, const char *text);
void timeline_device(void *context, const char *text);
void timeline_wrong(void *context, const char *text);
const char *name_of_thing(const struct session *s, const struct thing *t);

/* run.c */
void run(struct session *s);

/* text.c */
struct text {
    char at[PLAY_TEXT];
    size_t length;
};
__attribute__((format(printf, 2, 3))) void say_to(struct text *t, const char *format, ...);
void say_value(struct text *t, const struct flue_device_variable *d, const unsigned char *at);

/* show.c */
void show(struct session *s, bool all);

/* ask.c */
void ask_begin(struct session *s, unsigned operation);
void ask_node(struct session *s, unsigned object, const char *name, unsigned kind, int above,
              bool new, unsigned variant);
void ask_number(struct session *s, unsigned variable, uint64_t number);
void ask_bytes(struct session *s, unsigned variable, const char *hex);
void ask_link(struct session *s, unsigned link, int object);
void ask_classes(struct session *s, unsigned classes);
void ask_send(struct session *s);

/* hand.c */
void hand_chain(struct session *s, unsigned transfer, int object, unsigned count, uint32_t number);
void hand_offered(void *context, const struct flue_taken *taken, enum flue_issued issued);
void hand_finish(struct session *s, unsigned element, const int32_t *status);
void hand_say(struct session *s, struct text *t, const struct thing *of);
void hand_show_others(struct session *s);

#endif
