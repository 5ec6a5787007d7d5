/* SPDX-License-Identifier: BSD-2-Clause */
/* What is handed over: elements by numbers, what the device does with them, what comes back. */
#include <stdlib.h>
#include <string.h>

#include "play.h"

/* Its own name: that of the table is "lane.write". */
static const char *name_of(const struct session *s, const struct piece *p)
{
    return strchr(piece_transfer(&s->h, p)->name, '.') + 1;
}

/* Each has the place of its number: what came back is known until another one takes that. */
static struct piece *piece(struct session *s, uint64_t serial)
{
    struct piece *p = &s->h.pieces[serial % PIECES];
    return serial && p->serial == serial ? p : NULL;
}

static struct piece *piece_out(struct session *s, const void *memory)
{
    struct piece *p = piece_at(&s->h, memory);
    if (!p)
        fail(&s->h, "an element that nobody handed over, or that is the host's again");
    return p;
}

static void say_piece(const struct session *s, struct text *t, const struct piece *p)
{
    say_to(t, "%s %llu", name_of(s, p), (unsigned long long)p->serial);
    if (p->thing)
        say_to(t, " of %s", name_of_thing(s, p->thing));
}

/* ---- The host ------------------------ */

static struct piece *new_piece(struct session *s, unsigned transfer, const struct thing *t)
{
    const struct flue_chain_layout *c = s->h.target->spec->chain;
    struct piece *p = &s->h.pieces[++s->h.handed % PIECES];
    *p = (struct piece){.transfer = (uint8_t)transfer,
                        .out = true,
                        .thing = t,
                        .handle = t ? t->handle : 0,
                        .serial = s->h.handed,
                        .memory = calloc(1, chain_bytes(c))};
    if (!p->memory)
        fail(&s->h, "no memory");
    return p;
}

static bool has_room(const struct session *s, unsigned count)
{
    for (unsigned i = 1; i <= count && i <= PIECES; i++)
        if (s->h.pieces[(s->h.handed + i) % PIECES].out)
            return false;
    return count <= PIECES;
}

void hand_chain(struct session *s, unsigned transfer, int object, unsigned count, uint32_t number)
{
    const struct simulate_transfer *x = &s->h.target->transfers[transfer];
    const struct thing *t = object < 0 ? NULL : &s->h.things[object];
    if (!has_room(s, count) || (t && !t->handle)) {
        line(s, t && !t->handle ? "!it is not there: it was not made"
                                : "!there is no room: elements are out, or too many at once");
        return;
    }
    struct piece *first = new_piece(s, transfer, t), *last = first;
    while (--count) {
        struct piece *p = new_piece(s, transfer, t);
        memcpy(last->memory + s->h.target->spec->chain->next, &p->memory, sizeof p->memory);
        last = p;
    }
    const uint64_t handle = first->handle;
    if (first == last)
        line(s, "    host: %s %llu", name_of(s, first), (unsigned long long)first->serial);
    else
        line(s, "    host: %s %llu to %llu", name_of(s, first), (unsigned long long)first->serial,
             (unsigned long long)last->serial);
    if (!x->post(s->h.nic, t ? &handle : NULL, first->memory, number))
        fail(&s->h, "%s is not accepted", x->name);
    run(s);
}

static void say_status(const struct session *s, struct text *t, int32_t value)
{
    for (unsigned i = 0; i < s->h.target->spec->status_count; i++)
        if (s->h.target->spec->statuses[i].value == value) {
            say_to(t, "%s", s->h.target->spec->statuses[i].name);
            return;
        }
    say_to(t, "%ld", (long)value);
}

/* The device's number of it; FLUE_NONE: it does not hold it. */
static uint32_t held_as(const struct session *s, const void *element)
{
    struct flue_taken taken;
    for (uint32_t i = 0; flue_device_element(s->h.nic->device, i, &taken); i++)
        if (taken.element == element)
            return i;
    return FLUE_NONE;
}

void simulate_returned(void *host, uint8_t transfer, void *chain)
{
    struct session *s = host;
    for (unsigned char *next; chain; chain = next) {
        struct text t = {.length = 0};
        struct piece *p = piece_out(s, chain);
        int32_t status;
        memcpy(&next, p->memory + s->h.target->spec->chain->next, sizeof next);
        memcpy(&status, p->memory + s->h.target->spec->chain->status, sizeof status);
        say_piece(s, &t, p);
        say_to(&t, " is back: ");
        say_status(s, &t, status);
        line(s, "=> %s", t.at);
        if (p->transfer != transfer || held_as(s, chain) != FLUE_NONE)
            line(s, "    WRONG: it is another transfer's, or the device may touch it");
        p->out = false;
        free(p->memory);
    }
}

/* ---- The device ------------------------ */

void hand_offered(void *context, const struct flue_taken *taken, enum flue_issued issued)
{
    struct session *s = context;
    struct text t = {.length = 0};
    struct piece *p = piece_out(s, taken->element);
    const struct simulate_transfer *x = piece_transfer(&s->h, p);
    say_piece(s, &t, p);
    if (x->lent)
        say_to(&t, ": the driver's again");
    else if (issued == FLUE_ISSUED)
        say_to(&t, ": position %u", (unsigned)taken->position);
    else
        say_to(&t, ": no room");
    if (x->passes)
        say_to(&t, ", number %u", (unsigned)taken->number);
    if (issued == FLUE_ISSUED || !p->offered)
        line(s, "    -> %s", t.at);
    p->offered = true;
    p->taken = issued == FLUE_ISSUED;
    p->position = taken->position;
    p->out = !x->lent;
    if (x->lent)
        free(p->memory);
}

/* NULL: the good status. Of what it does not hold it says so all the same, if it had it. */
void hand_finish(struct session *s, unsigned serial, const int32_t *status)
{
    const struct piece *p = piece(s, serial);
    if (!p || !p->taken || piece_transfer(&s->h, p)->lent) {
        line(s, "!the device never had %u, or that is long ago", serial);
        return;
    }
    struct text t = {.length = 0};
    const int32_t value = status ? *status : piece_transfer(&s->h, p)->good;
    const uint32_t held = p->out ? held_as(s, p->memory) : FLUE_NONE;
    say_piece(s, &t, p);
    say_to(&t, " is done: ");
    say_status(s, &t, value);
    const bool heard = held != FLUE_NONE ? flue_device_element_done(s->h.nic->device, held, value)
                                         : flue_transfer_done(&s->h.nic->target, p->transfer,
                                                              p->handle, p->position);
    line(s, "    device: %s%s", t.at, heard ? "" : ", which is not believed");
    run(s);
}

/* ---- What is out ------------------------ */

/* "gone": the device had it, and holds it no more; nobody has said that it is done. */
static const char *where_is(const struct session *s, const struct piece *p)
{
    return held_as(s, p->memory) != FLUE_NONE ? "in the device" : p->taken ? "gone" : "waits";
}

/* Those that stand together by their numbers: write 1 2 in the device, write 3 waits. */
void hand_say(struct session *s, struct text *t, const struct thing *of)
{
    const struct piece *last = NULL;
    const uint64_t first = s->h.handed > PIECES ? s->h.handed - PIECES + 1 : 1;
    for (uint64_t n = first; n <= s->h.handed; n++) {
        const struct piece *p = piece(s, n);
        if (!p || !p->out || p->thing != of || p->handle != of->handle)
            continue;
        if (!last)
            say_to(t, "\n    transfers: %s", name_of(s, p));
        else if (last->transfer != p->transfer || where_is(s, last) != where_is(s, p))
            say_to(t, " %s, %s", where_is(s, last), name_of(s, p));
        say_to(t, " %llu", (unsigned long long)n);
        last = p;
    }
    if (last)
        say_to(t, " %s", where_is(s, last));
}

void hand_show_others(struct session *s)
{
    for (unsigned i = 0; i < PIECES; i++) {
        const struct piece *p = &s->h.pieces[i];
        struct text t = {.length = 0};
        if (!p->out || (p->thing && p->thing->alive && p->thing->handle == p->handle))
            continue;
        say_piece(s, &t, p);
        line(s, "%s, which has ended: %s", t.at, where_is(s, p));
    }
}
