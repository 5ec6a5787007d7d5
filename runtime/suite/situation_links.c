/* SPDX-License-Identifier: BSD-2-Clause */
/* situation_links.c: what an object stands on, in each state and with each mark. */
#include <string.h>

#include "situation.h"

unsigned suite_mark_sets(const struct suite_situation *s)
{
    return 1u << s->suite->spec->mark_count;
}

static const struct suite_object *linked(const struct suite_situation *s,
                                         const struct suite_object *object, unsigned link)
{
    return &s->suite->objects[object->links_to[link]];
}

/* Linked to nothing, to what is gone, or to an object in each state, marked here and below. */
static unsigned link_ways(const struct suite_situation *s, unsigned link)
{
    const struct suite_object *to = linked(s, s->object, link);
    unsigned each = suite_mark_sets(s) * (to->link_count ? to->link_count * suite_mark_sets(s) : 1);
    return 2 + to->state_count * each;
}

static void arrange_link(const struct suite_situation *s, struct suite_link *link, unsigned number,
                         unsigned way, bool may_be_gone)
{
    const struct suite_object *to = linked(s, s->object, number);
    unsigned sets = suite_mark_sets(s);
    *link = (struct suite_link){.to = LINKED_TO_NOTHING};
    if (way == 0)
        return;
    if (way == 1) {
        link->to = may_be_gone ? LINKED_TO_WHAT_IS_GONE : LINKED_TO_NOTHING;
        return;
    }
    way -= 2;
    link->to = LINKED_TO_OBJECT;
    link->state = way % to->state_count;
    way /= to->state_count;
    link->marks = (uint8_t)(way % sets);
    link->marks_below = (uint8_t)(way / sets % sets);
    link->via = way / sets / sets;
}

/* A link to what can be used, if an object of this kind ever can. */
static void arrange_usable(const struct suite_situation *s, struct suite_link *link,
                           unsigned number)
{
    const struct suite_object *to = linked(s, s->object, number);
    *link = (struct suite_link){.to = LINKED_TO_OBJECT};
    while (link->state + 1 < to->state_count && to->states[link->state].unusable)
        link->state++;
}

/* Of one link: the new one each way; the present one each way, without a new one and with one. */
static unsigned ways_of(const struct suite_situation *s, const struct suite_condition *c,
                        unsigned link)
{
    return (c->form == SUITE_NEXT_LINK ? 3 : 1) * link_ways(s, link);
}

unsigned suite_link_ways(const struct suite_situation *s, const struct suite_condition *c)
{
    unsigned ways = 0;
    for (unsigned l = 0; l < s->object->link_count; l++)
        if (c->links & 1u << l)
            ways += ways_of(s, c, l);
    return ways ? ways : 1;
}

void suite_arrange_links(struct suite_situation *s, const struct suite_condition *c, unsigned way)
{
    unsigned l = 0;
    for (; l < s->object->link_count; l++) {
        if (!(c->links & 1u << l))
            continue;
        if (way < ways_of(s, c, l))
            break;
        way -= ways_of(s, c, l);
    }
    if (l == s->object->link_count)
        return;
    s->led |= (uint8_t)(1u << l);
    unsigned each = link_ways(s, l);
    if (c->form == SUITE_NEW_LINK || (c->form == SUITE_NEXT_LINK && way < each)) {
        arrange_link(s, &s->new_link[l], l, way, true);
        return;
    }
    if (c->form == SUITE_NEXT_LINK && way >= 2 * each)
        arrange_usable(s, &s->new_link[l], l);
    arrange_link(s, &s->link[l], l, way % each, false);
}

/* Where marks may be: on the object, on what one of its links leads to, on what that links to. */
static unsigned cells_along(const struct suite_situation *s, unsigned link)
{
    return 1u + linked(s, s->object, link)->link_count;
}

unsigned suite_mark_ways(const struct suite_situation *s)
{
    unsigned cells = 1;
    for (unsigned l = 0; l < s->object->link_count; l++)
        cells += cells_along(s, l);
    return cells * suite_mark_sets(s);
}

void suite_arrange_marks(struct suite_situation *s, unsigned way)
{
    uint8_t marks = (uint8_t)(way % suite_mark_sets(s));
    unsigned cell = way / suite_mark_sets(s), number = 0;
    if (cell-- == 0) {
        s->marks = marks;
        return;
    }
    for (; cell >= cells_along(s, number); number++)
        cell -= cells_along(s, number);
    struct suite_link *link = &s->link[number];
    s->led |= (uint8_t)(1u << number);
    if (link->to == LINKED_TO_NOTHING)
        link->to = LINKED_TO_OBJECT;
    if (cell == 0) {
        link->marks |= marks;
        return;
    }
    link->via = cell - 1;
    link->marks_below = marks;
}

/* Marks count along this link. */
static bool counts(const struct suite_situation *s, const struct suite_object *object,
                   unsigned link, const char *const *along)
{
    const struct flue_kind *kind = &s->suite->spec->kinds[object - s->suite->objects];
    while (along && *along && strcmp(*along, kind->links[link].name) != 0)
        along++;
    return along && *along;
}

static bool unusable(const struct suite_situation *s, const struct suite_link *link,
                     unsigned number)
{
    const struct flue_suite *suite = s->suite;
    const struct suite_object *to = linked(s, s->object, number);
    uint8_t bad = suite_marks(suite->spec, suite->unusable_marks);
    uint8_t found = link->marks;
    if (link->to != LINKED_TO_OBJECT)
        return link->to == LINKED_TO_WHAT_IS_GONE;
    if (to->link_count && counts(s, to, link->via, suite->unusable_along))
        found |= link->marks_below;
    const struct suite_state *state = &to->states[link->state];
    bool together = s->operation != FLUE_NO_BYTE && suite->spec->operations[s->operation].together;
    return (state->unusable && !(state->together && together)) || (found & bad);
}

bool suite_one_unusable(const struct suite_situation *s, const struct suite_condition *c)
{
    for (unsigned l = 0; l < s->object->link_count; l++) {
        const struct suite_link *new = &s->new_link[l], *asked = &s->link[l];
        if (c->form == SUITE_NEW_LINK ||
            (c->form == SUITE_NEXT_LINK && new->to != LINKED_TO_NOTHING))
            asked = new;
        if ((c->links & 1u << l) && unusable(s, asked, l))
            return true;
    }
    return false;
}

uint8_t suite_marks_seen(const struct suite_situation *s, const char *const *along)
{
    uint8_t seen = s->marks;
    for (unsigned l = 0; l < s->object->link_count; l++) {
        const struct suite_object *to = linked(s, s->object, l);
        if (s->link[l].to != LINKED_TO_OBJECT || !counts(s, s->object, l, along))
            continue;
        seen |= s->link[l].marks;
        if (to->link_count && counts(s, to, s->link[l].via, along))
            seen |= s->link[l].marks_below;
    }
    return seen;
}

/* ---- What is asked through a link ------------------------ */

unsigned suite_sides_of(const struct suite_condition *c)
{
    return c->form == SUITE_COMPARE ? 2 : c->form == SUITE_FLAGS ? 1 : 0;
}

static const struct suite_operand *linked_side(const struct suite_condition *c, unsigned side)
{
    const struct suite_operand *o = side ? &c->right : &c->left;
    return side < suite_sides_of(c) && o->sort == SUITE_OF_LINK ? o : NULL;
}

bool suite_asks_through_link(const struct suite_condition *c)
{
    return linked_side(c, 0) || linked_side(c, 1);
}

unsigned suite_ends(const struct suite_condition *c)
{
    return suite_asks_through_link(c) ? SUITE_ENDS : 1;
}

/* Where a link leads after the operation. */
static struct suite_link *next_link(struct suite_situation *s, unsigned link)
{
    bool moves = s->new_link[link].to != LINKED_TO_NOTHING;
    return moves ? &s->new_link[link] : &s->link[link];
}

/* To an object that the host has, or else to one that it has not. */
static void lead_to(const struct suite_situation *s, struct suite_link *link, unsigned number,
                    bool has)
{
    const struct suite_object *to = linked(s, s->object, number);
    *link = (struct suite_link){.to = LINKED_TO_OBJECT};
    while (link->state + 1 < to->state_count && to->states[link->state].host_has != has)
        link->state++;
}

static void lead_link(struct suite_situation *s, unsigned link, unsigned way)
{
    enum { PRESENT, MOVES, HAS_NO_VALUES, NOWHERE };
    if (s->led >> link & 1 && next_link(s, link)->to != LINKED_TO_NOTHING)
        return;
    s->led |= (uint8_t)(1u << link);
    s->link[link] = s->new_link[link] = (struct suite_link){.to = LINKED_TO_NOTHING};
    if (way != NOWHERE)
        lead_to(s, &s->link[link], link, way != HAS_NO_VALUES);
    if (way == MOVES)
        lead_to(s, &s->new_link[link], link, true);
}

static bool has_values(const struct suite_situation *s, unsigned link)
{
    const struct suite_link *next = next_link((struct suite_situation *)(uintptr_t)s, link);
    const struct suite_object *to = linked(s, s->object, link);
    return next->to == LINKED_TO_OBJECT && to->states[next->state].host_has;
}

/* Of what links lead to nothing holds where they lead to nothing that has values. */
bool suite_all_there(const struct suite_situation *s, const struct suite_condition *c)
{
    for (unsigned side = 0; side < 2; side++)
        if (linked_side(c, side) && !has_values(s, linked_side(c, side)->link))
            return false;
    return true;
}

unsigned suite_lead(struct suite_situation *s, const struct suite_condition *c, unsigned way)
{
    for (unsigned side = 0; side < 2; side++)
        if (linked_side(c, side))
            lead_link(s, linked_side(c, side)->link, way % suite_ends(c));
    return way / suite_ends(c);
}

/* What conditions ask for of such an object; other numbers where another one is asked. */
static void write_linked(const struct suite_situation *s, unsigned link, struct flue_object *o,
                         bool asked)
{
    unsigned char *object = (unsigned char *)o;
    for (unsigned i = 0; i < s->object->condition_count; i++)
        for (unsigned side = 0; side < 2; side++) {
            const struct suite_operand *x = linked_side(&s->object->conditions[i], side);
            if (!x || x->link != link)
                continue;
            uint64_t number = suite_read_number(s->linked[link], &x->variable);
            suite_write_number(object, &x->variable, asked ? number : ~number & x->variable.ones);
        }
}

/* ---- Objects ------------------------ */

static void set_up_state(struct flue_object *o, const struct flue_kind *kind, const char *name)
{
    o->state = suite_state_number(kind, name);
    for (unsigned l = 0; l < kind->link_count; l++)
        flue_links(o)[l] = (struct flue_link){FLUE_NONE, FLUE_NONE};
    o->marks = 0;
}

/*
 * Object `number` of the kind that the link leads to, and what that links to in turn: another
 * object than any other link leads to, whatever kinds they are of.
 */
static uint32_t set_up_link(const struct suite_situation *s, struct suite_world *w,
                            const struct suite_link *link, unsigned of, uint32_t number)
{
    const struct flue_spec *spec = s->suite->spec;
    if (link->to != LINKED_TO_OBJECT)
        return link->to == LINKED_TO_WHAT_IS_GONE ? FLUE_LINK_GONE : FLUE_NONE;
    uint8_t kind = s->object->links_to[of];
    const struct suite_object *to = linked(s, s->object, of);
    struct flue_object *o = flue_object_at(&w->target, kind, number);
    set_up_state(o, &spec->kinds[kind], to->states[link->state].name);
    o->marks = link->marks;
    if (to->link_count) {
        uint8_t under = to->links_to[link->via];
        struct flue_object *base = flue_object_at(&w->target, under, number + SUITE_LINKED);
        set_up_state(base, &spec->kinds[under], linked(s, to, link->via)->states[0].name);
        base->marks = link->marks_below;
        flue_links(o)[link->via].to = number + SUITE_LINKED;
    }
    return number;
}

/* New links are set after all else: a copy of the object's own is made without any. */
void suite_set_up_links(const struct suite_situation *s, struct suite_world *w,
                        struct flue_object *o, struct flue_guard_context *q)
{
    for (unsigned l = 0; l < s->object->link_count; l++) {
        flue_links(o)[l].to = set_up_link(s, w, &s->link[l], l, 1 + 2 * l);
        q->new_links[l] = set_up_link(s, w, &s->new_link[l], l, 2 + 2 * l);
        bool moves = s->new_link[l].to != LINKED_TO_NOTHING;
        for (unsigned n = 0; n < 2; n++)
            write_linked(s, l, flue_object_at(&w->target, s->object->links_to[l], 1 + 2 * l + n),
                         moves == (n == 1));
    }
}
