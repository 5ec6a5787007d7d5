/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A completion: each node has a status that its operation allows and that follows from those below
 * it, nothing of the host's was touched but what may be, and what the statuses say is remembered.
 */
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* What a node's own part may have been, by its status and those of its dependents. */
struct own {
    bool good, bad;
};

static const struct flue_spec *spec_of(const struct history *h)
{
    return h->target->spec;
}

static unsigned status_index(struct history *h, const struct request *r, const struct node *n)
{
    for (unsigned i = 0; i < spec_of(h)->status_count; i++)
        if (spec_of(h)->statuses[i].value == n->status &&
            (h->target->statuses[r->operation] >> i & 1))
            return i;
    fail(h, "%s of a %s ended with %ld, which it may not",
         spec_of(h)->operations[r->operation].name, spec_of(h)->kinds[n->kind].name,
         (long)n->status);
}

static bool is_good(struct history *h, const struct request *r, const struct node *n)
{
    return spec_of(h)->statuses[status_index(h, r, n)].good;
}

static uint8_t dependents(struct history *h, struct request *r, int above)
{
    bool good = false, bad = false;
    for (unsigned i = r->nodes[above].first < 0 ? r->count : 0; i < r->count; i++)
        if (r->nodes[i].above == above) {
            const bool is = is_good(h, r, &r->nodes[i]);
            good |= is;
            bad |= !is;
        }
    return bad && good ? FLUE_DEPENDENTS_SOME_BAD
           : bad       ? FLUE_DEPENDENTS_ALL_BAD
                       : FLUE_DEPENDENTS_ALL_GOOD;
}

static bool line_fits(const struct flue_roll_up *line, uint8_t role, bool good, uint8_t below)
{
    const bool some_bad = below != FLUE_DEPENDENTS_ALL_GOOD;
    return line->role == role &&
           (line->own == FLUE_OWN_ANY || (line->own == FLUE_OWN_GOOD) == good) &&
           (line->dependents == FLUE_DEPENDENTS_ANY || line->dependents == below ||
            (line->dependents == FLUE_DEPENDENTS_SOME_BAD && some_bad));
}

/* Whether a node of such an own part, with these below it, would have got this status. */
static bool rolls_up(struct history *h, struct request *r, int at, bool good, uint8_t below)
{
    const struct flue_operation *op = &spec_of(h)->operations[r->operation];
    const unsigned status = status_index(h, r, &r->nodes[at]);
    for (unsigned i = 0; i < op->roll_up_count; i++) {
        const struct flue_roll_up *line = &op->roll_up[i];
        if (line_fits(line, r->nodes[at].role, good, below))
            return line->status == FLUE_STATUS_OWN ? spec_of(h)->statuses[status].good == good
                                                   : line->status == status;
    }
    return false;
}

/* Where an operation reaches what stands on its object, only the runtime saw those end. */
static bool could_be(struct history *h, struct request *r, int at, bool good)
{
    if (!spec_of(h)->operations[r->operation].reaches_dependents)
        return rolls_up(h, r, at, good, dependents(h, r, at));
    return rolls_up(h, r, at, good, FLUE_DEPENDENTS_SOME_BAD) ||
           rolls_up(h, r, at, good, FLUE_DEPENDENTS_ALL_GOOD) ||
           rolls_up(h, r, at, good, FLUE_DEPENDENTS_ALL_BAD);
}

/* Whom such lists reach, and below whom, only the runtime saw: then each may be either. */
static struct own own_of_bent(struct history *h, struct request *r, int at)
{
    const bool reached = r->nodes[at].status != UNWRITTEN;
    if (reached || at == 0)
        status_index(h, r, &r->nodes[at]);
    return (struct own){reached, true};
}

static struct own own_part(struct history *h, struct request *r, int at)
{
    const struct node *n = &r->nodes[at];
    if (r->bent)
        return own_of_bent(h, r, at);
    struct own own = {could_be(h, r, at, true), could_be(h, r, at, false)};
    if (!own.good && !own.bad)
        fail(h, "node %d of %s: status %ld does not follow from those below it", at,
             spec_of(h)->operations[r->operation].name, (long)n->status);
    const bool above_is = n->misplaced && is_good(h, r, &r->nodes[n->above]);
    if ((n->hostile || above_is) && !own.bad)
        fail(h, "node %d of %s names nothing, and ended well", at,
             spec_of(h)->operations[r->operation].name);
    return own;
}

/* ---- The host's memory ------------------------ */

static bool lies_in(size_t at, size_t from, size_t bytes)
{
    return at >= from && at < from + bytes;
}

static bool may_change(const struct history *h, const struct request *r, const struct node *n,
                       size_t at)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    const uint16_t null_after = spec_of(h)->operations[r->operation].null_after;
    if (lies_in(at, layout->status, 4) ||
        (null_after != FLUE_NO_MEMBER && lies_in(at, null_after, sizeof(void *))))
        return true;
    for (unsigned w = 0; w < 4; w++)
        if (lies_in(at, layout->scratch[w], 8))
            return true;
    if ((layout->reached != FLUE_NO_MEMBER && lies_in(at, layout->reached, 4)) ||
        (layout->failed != FLUE_NO_MEMBER && lies_in(at, layout->failed, 4)))
        return true;
    if (!layout->context_points && lies_in(at, layout->context, 8))
        return true;
    for (uint8_t c = 0; c < FLUE_CLASSES; c++) {
        /* What answers bring to an operation goes where it has brought the class itself, too. */
        const bool open = (n->returns >> c & 1) || (c == FLUE_DELEGATED && (n->brings >> c & 1));
        const unsigned char *structure = open ? structure_of(h, n, c) : NULL;
        const size_t from = structure ? (size_t)(structure - n->memory) : 0;
        if (structure && lies_in(at, from, spec_of(h)->kinds[n->kind].class_bytes[c]))
            return value_is_there(h, n, r->operation, c, at - from);
    }
    return false;
}

static void check_memory(struct history *h, const struct request *r, const struct node *n)
{
    for (size_t at = 0; at < n->bytes; at++)
        if (n->memory[at] != n->before[at] && !may_change(h, r, n, at))
            fail(h, "%s wrote to byte %zu of a node of a %s",
                 spec_of(h)->operations[r->operation].name, at, spec_of(h)->kinds[n->kind].name);
}

/* ---- Objects ------------------------ */

static struct thing *new_thing(struct history *h)
{
    for (unsigned i = 0; i < h->thing_count; i++) {
        struct thing *t = &h->things[h->next_thing++ % h->thing_count];
        if (!t->alive && !t->uses)
            return t;
    }
    fail(h, "the host has no room for another object");
}

static void image_drop(struct thing *t, unsigned at)
{
    free(t->images[at].entry);
    t->images[at] = t->images[--t->image_count];
}

/* The operation lays or moves the link by the node above, and that says where it leads. */
static bool moves_link(const struct history *h, const struct request *r, const struct node *n)
{
    const struct flue_kind *k = &spec_of(h)->kinds[n->kind];
    return k->link_count && k->links[0].by == FLUE_NO_BYTE && n->brings_link && !n->misplaced &&
           (k->links[0].operations >> r->operation & 1) && n->above >= 0 &&
           r->nodes[n->above].role != FLUE_PLACEHOLDER;
}

/* Whoever was completed before this one was submitted is not what the hardware has any more. */
static void add_image(struct history *h, struct thing *t, struct node *n, const struct request *r,
                      bool surely)
{
    const bool values = (n->brings & FLUE_ALL_CLASSES) != 0,
               links = n->role == FLUE_NEW || moves_link(h, r, n);
    for (unsigned i = 0; surely && values && i < t->image_count;) {
        const bool over = t->images[i].completed <= r->submitted;
        t->images[i].links_only |= over;
        if (over && links)
            image_drop(t, i);
        else
            i++;
    }
    bool others = false;
    for (unsigned i = 0; i < t->image_count; i++)
        others |= !t->images[i].links_only;
    t->vague &= others || !surely || !values;
    *image_new(h, t) = (struct image){.entry = n->image,
                                      .submitted = r->submitted,
                                      .completed = h->moment,
                                      .links_open = r->bent,
                                      .links_only = !values};
    n->image = NULL;
}

/* A good status of the operation ends the handle of an object of this kind. */
static bool ends(const struct history *h, uint8_t operation, uint8_t kind)
{
    return spec_of(h)->operations[operation].ends &&
           !(h->target->kinds[kind].stays >> operation & 1);
}

/* Something of this spec ends objects that no node names: also one that is not yet the host's. */
static bool may_be_reached(const struct history *h)
{
    for (unsigned o = 0; o < spec_of(h)->operation_count; o++)
        if (spec_of(h)->operations[o].reaches_dependents && spec_of(h)->operations[o].ends)
            return true;
    return false;
}

static void created(struct history *h, struct request *r, struct node *n, struct own own)
{
    if ((n->cell && !own.good) || (!n->cell && !own.bad))
        fail(h, "a %s was created with status %ld, and its handle is %llx",
             spec_of(h)->kinds[n->kind].name, (long)n->status, (unsigned long long)n->cell);
    if (!n->cell && n->heard)
        n->heard->ended = true;
    if (!n->cell)
        return;
    const bool ended = flue_name_index(&h->nic->target, n->kind, n->cell) == FLUE_NONE;
    if (ended && !may_be_reached(h))
        fail(h, "the handle of a new %s names nothing", spec_of(h)->kinds[n->kind].name);
    struct thing *t = n->thing = new_thing(h);
    *t = (struct thing){.kind = n->kind, .variant = n->variant, .alive = true};
    t->handle = n->cell;
    if (!ended) /* or another one has come into its place, and was completed before */
        h->by_index[n->kind][(uint32_t)n->cell] = (uint16_t)(t - h->things);
    t->heard = n->heard;
    if (t->heard)
        t->heard->handle = n->cell;
    t->ending = ended;
    h->good++;
    add_image(h, t, n, r, true);
}

static void referred(struct history *h, struct request *r, struct node *n, struct own own)
{
    const struct flue_operation *op = &spec_of(h)->operations[r->operation];
    struct thing *t = n->thing;
    if (n->cell != n->named)
        fail(h, "%s changed the handle of a %s", op->name, spec_of(h)->kinds[n->kind].name);
    if (!t)
        return;
    t->uses--;
    h->good += own.good;
    if (ends(h, r->operation, t->kind)) {
        t->ending = true;
        t->must_end |= !own.bad;
        if (!own.bad)
            transfers_ended(h, r, t);
    }
    if (((n->brings & FLUE_ALL_CLASSES) || moves_link(h, r, n) || r->bent) && !op->reaches_new &&
        own.good)
        add_image(h, t, n, r, !own.bad);
}

/* What came back is the device's, and the host's own, where nothing else could have changed it. */
static void check_returned(struct history *h, struct request *r, struct node *n, struct own own)
{
    struct thing *t = n->thing;
    if (!t || own.bad || r->bent || !n->returns || !n->alone || n->asked != t->asked ||
        h->wiped != r->wiped || t->image_count != 1)
        return;
    for (uint8_t c = 0; c < FLUE_REQUEST; c++) {
        const unsigned char *structure = (n->returns >> c & 1) && (c == FLUE_DELEGATED || !t->vague)
                                             ? structure_of(h, n, c)
                                             : NULL;
        const struct flue_device_entry *e =
            flue_device_entry(h->nic->device, n->kind, (uint32_t)t->handle);
        const unsigned char *from =
            c == FLUE_DELEGATED ? (const unsigned char *)e : t->images[0].entry;
        const char *name = structure && (c != FLUE_DELEGATED || e->name == t->handle)
                               ? value_returned(h, n, r->operation, c, from, structure)
                               : NULL;
        if (name)
            fail(h, "%s of a %s gave back another %s", spec_of(h)->operations[r->operation].name,
                 spec_of(h)->kinds[n->kind].name, name);
    }
}

/* ---- All or nothing ------------------------ */

static bool is_asked(const struct history *h, const struct request *r, const struct node *n)
{
    return n->role ==
           (spec_of(h)->operations[r->operation].reaches_new ? FLUE_NEW : FLUE_REFERENCE);
}

/* What is done together is done for all of its nodes, or for none. */
static void judge_together(struct history *h, struct request *r)
{
    bool good = false, bad = false;
    if (r->bent || !(h->target->together >> r->operation & 1))
        return;
    for (unsigned i = 0; i < r->count; i++) {
        if (!is_asked(h, r, &r->nodes[i]))
            continue;
        const struct own own = own_part(h, r, (int)i);
        good |= !own.bad;
        bad |= !own.good;
    }
    if (good && bad)
        fail(h, "%s is done for some of its nodes, and for others it is not",
             spec_of(h)->operations[r->operation].name);
}

static void read_back(struct history *h, struct node *n)
{
    const struct flue_node_layout *layout = spec_of(h)->node;
    memcpy(&n->status, n->memory + layout->status, sizeof n->status);
    if (!layout->context_points)
        memcpy(&n->cell, n->memory + layout->context, sizeof n->cell);
}

/* What reaches dependents may have ended any object, if it names one. */
static void reach(struct history *h, const struct request *r)
{
    const struct flue_operation *op = &spec_of(h)->operations[r->operation];
    bool names_one = false;
    for (unsigned i = 0; i < r->count; i++)
        names_one |= r->nodes[i].role == FLUE_REFERENCE && r->nodes[i].thing;
    for (unsigned i = 0; names_one && op->reaches_dependents && i < h->thing_count; i++)
        h->things[i].ending |= h->things[i].alive && ends(h, r->operation, h->things[i].kind);
}

void judge(struct history *h, struct request *r)
{
    h->moment++;
    reach(h, r);
    for (unsigned i = 0; i < r->count; i++)
        read_back(h, &r->nodes[i]);
    for (unsigned i = 0; i < r->count; i++) {
        struct node *n = &r->nodes[i];
        const struct own own = own_part(h, r, (int)i);
        say(h, "completed: %s, node %u, a %s %llx: %ld", spec_of(h)->operations[r->operation].name,
            i, spec_of(h)->kinds[n->kind].name, (unsigned long long)n->cell, (long)n->status);
        check_memory(h, r, n);
        if (moves_link(h, r, n))
            entry_of(n->image)->links[0] = (uint32_t)r->nodes[n->above].cell;
        if (n->role == FLUE_REFERENCE) {
            check_returned(h, r, n, own);
            referred(h, r, n, own);
        } else if (n->role == FLUE_NEW && spec_of(h)->operations[r->operation].reaches_new)
            created(h, r, n, own);
    }
    judge_together(h, r);
    checks_completed(h, r);
    r->hash = tree_hash(r);
}
