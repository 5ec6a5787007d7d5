/* SPDX-License-Identifier: BSD-2-Clause */
/* situation.c: the ways a condition comes about, what holds in them, and real objects made so. */
#include "situation.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DELTAS = 4, RELATIONS = 3, LINE = 64 };

/* ---- Names ------------------------ */

uint8_t suite_state_number(const struct flue_kind *kind, const char *name)
{
    for (unsigned s = 1; s <= kind->state_count; s++)
        if (strcmp(kind->states[s].name, name) == 0)
            return (uint8_t)s;
    return 0;
}

uint8_t suite_marks(const struct flue_spec *spec, const char *const *names)
{
    uint8_t marks = 0;
    for (; *names; names++) {
        unsigned m = 0;
        while (m < spec->mark_count && strcmp(spec->marks[m].name, *names) != 0)
            m++;
        marks |= (uint8_t)(m < spec->mark_count ? 1u << m : 1u << 7);
    }
    return marks;
}

/* ---- Variables of the host's structures ------------------------ */

void suite_write_number(unsigned char *state, const struct suite_variable *v, uint64_t number)
{
    for (unsigned i = 0; i < v->bytes; i++) { /* little-endian, as the hosts are */
        uint64_t bits = v->ones << v->low >> 8 * i;
        unsigned rest = state[v->at + i] & ~(unsigned)(bits & 255);
        state[v->at + i] = (unsigned char)(rest | (number << v->low >> 8 * i & bits));
    }
}

uint64_t suite_read_number(const unsigned char *state, const struct suite_variable *v)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < v->bytes; i++)
        number |= (uint64_t)state[v->at + i] << 8 * i;
    return number >> v->low & v->ones;
}

static bool same_number(const struct suite_variable *v, uint64_t a, int64_t b)
{
    return ((a ^ (uint64_t)b) & v->ones) == 0;
}

/* With its sign, if it has one. */
static uint64_t extended(const struct suite_variable *v, uint64_t number)
{
    bool negative = v->is_signed && (number & ((v->ones >> 1) + 1));
    return negative ? number | ~v->ones : number;
}

static bool less(bool is_signed, uint64_t a, uint64_t b)
{
    return is_signed ? (int64_t)a < (int64_t)b : a < b;
}

/* ---- Comparisons ------------------------ */

static bool is_variable(const struct suite_operand *o)
{
    return o->sort == SUITE_VARIABLE || o->sort == SUITE_OWN || o->sort == SUITE_OF_LINK;
}

/* The structure that a variable is read from: the node's, if the operation brings it. */
static unsigned char *read_from(struct suite_situation *s, const struct suite_operand *o)
{
    if (o->sort == SUITE_OF_LINK)
        return s->linked[o->link];
    bool brought = o->sort == SUITE_VARIABLE && s->operation != FLUE_NO_BYTE &&
                   o->brought_by >> s->operation & 1;
    return brought ? s->brought[o->variable.of_class] : s->own[o->variable.of_class];
}

static uint64_t operand(const struct suite_situation *s, const struct suite_operand *o)
{
    struct suite_situation *read = (struct suite_situation *)(uintptr_t)s;
    if (o->sort == SUITE_NUMBER)
        return (uint64_t)o->number;
    if (o->sort == SUITE_PARAMETER)
        return s->suite->parameters[o->parameter];
    return extended(&o->variable, suite_read_number(read_from(read, o), &o->variable));
}

static void give_value(struct suite_situation *s, const struct suite_condition *c, unsigned i)
{
    const struct suite_variable *v = &c->left.variable;
    s->brings[v->of_class] = true;
    suite_write_number(read_from(s, &c->left), v, (uint64_t)c->values[i]);
}

/* The right side is one less than the left, the same, or one more, where there is such a value. */
static void bring_near(struct suite_situation *s, const struct suite_condition *c, unsigned way)
{
    const struct suite_variable *v = &c->right.variable;
    uint64_t number = operand(s, &c->left) + way - 1;
    bool there = extended(v, number & v->ones) == number;
    suite_write_number(read_from(s, &c->right), v, there ? number : operand(s, &c->left));
    s->brings[v->of_class] = true;
}

static bool compares(const struct suite_situation *s, const struct suite_condition *c)
{
    uint64_t a = operand(s, &c->left), b = operand(s, &c->right);
    bool below = less(c->left.variable.is_signed, a, b);
    switch (c->relation) {
    case SUITE_EQUAL:
        return a == b;
    case SUITE_NOT_EQUAL:
        return a != b;
    case SUITE_BELOW:
        return below;
    case SUITE_AT_MOST:
        return below || a == b;
    case SUITE_AT_LEAST:
        return !below;
    case SUITE_ABOVE:
        return !below && a != b;
    }
    return false;
}

static bool flags_are(const struct suite_situation *s, const struct suite_condition *c)
{
    uint64_t bits = operand(s, &c->left) & c->left.variable.ones;
    bool one = !c->one_of || bits & c->one_of;
    return (bits & c->set) == c->set && !(bits & c->clear) && one;
}

/* ---- What arms set ------------------------ */

uint64_t suite_value_in(const struct flue_object *o, const struct suite_variable *v)
{
    return suite_read_number((const unsigned char *)o, v);
}

static uint64_t highest(const struct suite_variable *v)
{
    return v->is_signed ? v->ones >> 1 : v->ones;
}

bool suite_count_to_the_end(const struct suite_setting *set, struct flue_object *o)
{
    if (set->to.sort == SUITE_MORE)
        suite_write_number((unsigned char *)o, &set->variable, highest(&set->variable));
    return set->to.sort == SUITE_MORE;
}

uint64_t suite_value_set(const struct suite_situation *s, const struct suite_setting *set,
                         const struct flue_object *o, const unsigned char *data)
{
    const struct suite_variable *v = &set->variable, *from = &set->to.variable;
    uint64_t old = extended(v, suite_value_in(o, v)), more = (uint64_t)set->to.number;
    if (set->to.sort == SUITE_DATA)
        return extended(from, suite_read_number(data, from)) & v->ones;
    if (set->to.sort != SUITE_MORE)
        return operand(s, &set->to) & v->ones;
    return (less(v->is_signed, highest(v) - more, old) ? highest(v) : old + more) & v->ones;
}

/* Before conditions arrange theirs: a number for each copy, so that one is not the other's. */
void suite_give_sources(struct suite_situation *s)
{
    for (unsigned a = 0; a < s->object->sets_count; a++)
        for (unsigned i = 0; i < s->object->sets[a].count; i++) {
            const struct suite_operand *x = &s->object->sets[a].list[i].to;
            if (!is_variable(x))
                continue;
            suite_write_number(s->own[x->variable.of_class], &x->variable, 1);
            suite_write_number(s->brought[x->variable.of_class], &x->variable, 2);
            s->brings[x->variable.of_class] = true;
        }
}

/* ---- Ways ------------------------ */

unsigned suite_ways(const struct suite_situation *s, const struct suite_condition *c)
{
    unsigned ways = 1;
    switch (c->form) {
    case SUITE_DEPENDENTS:
        return 3;
    case SUITE_MARKED:
        return suite_mark_ways(s);
    case SUITE_LINK:
    case SUITE_NEW_LINK:
    case SUITE_NEXT_LINK:
        return suite_link_ways(s, c);
    case SUITE_ASKED:
        return FLUE_ALL_CLASSES + 1;
    case SUITE_BROUGHT:
        return 1 + c->value_count + c->other_count;
    case SUITE_OLDER:
        for (unsigned i = 0; i < c->age_count; i++)
            ways *= DELTAS;
        return ways;
    case SUITE_COMPARE:
        ways = c->values_of ? 1 : c->value_count;
        return (is_variable(&c->right) ? ways * RELATIONS : ways) * suite_ends(c);
    case SUITE_FLAGS:
        return (c->values_of ? 1 : c->value_count) * suite_ends(c);
    case SUITE_RESULT:
        return s->suite->spec->result_count;
    case SUITE_NOT:
    case SUITE_ALL_OF:
    case SUITE_ANY_OF:
        return 1; /* its parts have ways */
    }
    return 1;
}

/* Another value in the copy that is not asked for, so that one is not taken for the other. */
void suite_set_apart(struct suite_situation *s, const struct suite_condition *c, unsigned way)
{
    if ((c->form != SUITE_COMPARE && c->form != SUITE_FLAGS) || c->values_of ||
        c->left.sort == SUITE_OF_LINK)
        return;
    const struct suite_variable *v = &c->left.variable;
    bool brought = read_from(s, &c->left) == s->brought[v->of_class];
    unsigned char *other = brought ? s->own[v->of_class] : s->brought[v->of_class];
    suite_write_number(other, v, (uint64_t)c->values[(way + 1) % c->value_count]);
}

void suite_arrange(struct suite_situation *s, const struct suite_condition *c, unsigned way)
{
    const struct suite_variable *v = &c->brought;
    const uint32_t limit = c->form == SUITE_OLDER ? s->suite->parameters[c->parameter] : 0;
    const uint32_t deltas[DELTAS] = {0, limit, limit + 1, UINT32_MAX};
    switch (c->form) {
    case SUITE_DEPENDENTS:
        s->dependents = way == 2 ? UINT32_MAX : way;
        break;
    case SUITE_MARKED:
        suite_arrange_marks(s, way);
        break;
    case SUITE_LINK:
    case SUITE_NEW_LINK:
    case SUITE_NEXT_LINK:
        suite_arrange_links(s, c, way);
        break;
    case SUITE_ASKED:
        s->asked = (uint8_t)way;
        break;
    case SUITE_BROUGHT:
        s->brings[v->of_class] = way > 0;
        if (way > 0)
            suite_write_number(s->brought[v->of_class], v,
                               (uint64_t)(way <= c->value_count
                                              ? c->values[way - 1]
                                              : c->others[way - 1 - c->value_count]));
        break;
    case SUITE_OLDER:
        for (unsigned i = 0; i < c->age_count; i++, way /= DELTAS)
            suite_write_number(s->own[c->ages[i].of_class], &c->ages[i], deltas[way % DELTAS]);
        break;
    case SUITE_COMPARE:
        way = suite_lead(s, c, way);
        if (!c->values_of) {
            give_value(s, c, way % c->value_count);
            way /= c->value_count;
        }
        if (is_variable(&c->right))
            bring_near(s, c, way % RELATIONS);
        break;
    case SUITE_FLAGS:
        way = suite_lead(s, c, way);
        if (!c->values_of)
            give_value(s, c, way);
        break;
    case SUITE_RESULT:
        s->result = (uint8_t)way;
        break;
    case SUITE_NOT:
    case SUITE_ALL_OF:
    case SUITE_ANY_OF:
        break;
    }
}

/* ---- What holds ------------------------ */

static bool brings_one_of(const struct suite_situation *s, const struct suite_condition *c)
{
    const struct suite_variable *v = &c->brought;
    for (unsigned i = 0; s->brings[v->of_class] && i < c->value_count; i++)
        if (same_number(v, suite_read_number(s->brought[v->of_class], v), c->values[i]))
            return true;
    return false;
}

static bool has_result(const struct suite_situation *s, const struct suite_condition *c)
{
    const char *const *name = c->results;
    while (*name && strcmp(*name, s->suite->spec->results[s->result]) != 0)
        name++;
    return *name != NULL;
}

static unsigned parts_that_hold(const struct suite_situation *s, const struct suite_condition *c)
{
    unsigned count = 0;
    for (unsigned i = 0; i < c->part_count; i++)
        count += suite_holds(s, &s->object->conditions[c->parts[i]]);
    return count;
}

bool suite_holds(const struct suite_situation *s, const struct suite_condition *c)
{
    bool all = true;
    switch (c->form) {
    case SUITE_DEPENDENTS:
        return s->dependents != 0;
    case SUITE_MARKED:
        return suite_marks_seen(s, c->along) & suite_marks(s->suite->spec, c->marks);
    case SUITE_LINK:
    case SUITE_NEW_LINK:
    case SUITE_NEXT_LINK:
        return suite_one_unusable(s, c);
    case SUITE_ASKED:
        return s->asked & FLUE_CLASS_BIT(c->of_class);
    case SUITE_BROUGHT:
        return brings_one_of(s, c);
    case SUITE_OLDER:
        for (unsigned i = 0; i < c->age_count; i++)
            all &= suite_read_number(s->own[c->ages[i].of_class], &c->ages[i]) >
                   s->suite->parameters[c->parameter];
        return all;
    case SUITE_COMPARE:
        return suite_all_there(s, c) && compares(s, c);
    case SUITE_FLAGS:
        return suite_all_there(s, c) && flags_are(s, c);
    case SUITE_RESULT:
        return has_result(s, c);
    case SUITE_NOT:
        return parts_that_hold(s, c) == 0;
    case SUITE_ALL_OF:
        return parts_that_hold(s, c) == c->part_count;
    case SUITE_ANY_OF:
        return parts_that_hold(s, c) != 0;
    }
    return false;
}

/* ---- Objects ------------------------ */

static unsigned char pointed_to[SUITE_STATE_BYTES];

void suite_clear(struct suite_situation *s, const struct flue_suite *suite, unsigned object)
{
    const struct flue_kind *kind = &suite->spec->kinds[object];
    memset(s, 0, offsetof(struct suite_situation, brought));
    for (unsigned c = 0; c < FLUE_CLASSES; c++) {
        memset(s->brought[c], 0, kind->class_bytes[c]);
        memset(s->own[c], 0, kind->class_bytes[c]);
    }
    memset(s->brought[SUITE_OF_DEVICE], 0, kind->object_bytes);
    memset(s->own[SUITE_OF_DEVICE], 0, kind->object_bytes);
    for (unsigned l = 0; l < kind->link_count; l++)
        memset(s->linked[l], 0, suite->spec->kinds[kind->links[l].to].object_bytes);
    s->suite = suite;
    s->object = &suite->objects[object];
    s->operation = FLUE_NO_BYTE;
    for (unsigned i = 0; i < s->object->pointer_count; i++) {
        const struct suite_variable *p = &s->object->pointers[i];
        suite_write_number(s->own[p->of_class], p, (uintptr_t)pointed_to);
        suite_write_number(s->brought[p->of_class], p, (uintptr_t)pointed_to);
    }
}

/* The object's own copy is made as an operation that brings it does it; of ages it has moments. */
static void store(struct suite_situation *s, struct flue_object *o, struct flue_guard_context *q,
                  uint8_t of_class, uint32_t brought_by)
{
    const struct flue_kind *kind = &s->suite->spec->kinds[o->kind];
    uint8_t operation = 0;
    while (brought_by && !(brought_by >> operation & 1))
        operation++;
    q->operation = brought_by ? operation : FLUE_NO_BYTE;
    q->state[of_class] = s->own[of_class];
    kind->store(q, o, FLUE_CLASS_BIT(of_class));
    q->operation = s->operation;
}

/* A variable that is asked for, or that another is set to. */
static void set_up_variable(struct suite_situation *s, struct flue_object *o,
                            struct flue_guard_context *q, const struct suite_operand *x)
{
    if (x->sort == SUITE_OF_LINK)
        return; /* is with what the link leads to */
    if (is_variable(x) && x->variable.of_class == SUITE_OF_DEVICE)
        memcpy((unsigned char *)o + x->variable.at, s->own[SUITE_OF_DEVICE] + x->variable.at,
               x->variable.bytes);
    else if (is_variable(x))
        store(s, o, q, x->variable.of_class, x->brought_by);
}

static void set_up_copy(struct suite_situation *s, struct flue_object *o,
                        struct flue_guard_context *q)
{
    for (unsigned i = 0; i < s->object->condition_count; i++) {
        const struct suite_condition *c = &s->object->conditions[i];
        for (unsigned a = 0; c->form == SUITE_OLDER && a < c->age_count; a++)
            store(s, o, q, c->ages[a].of_class, 0);
        for (unsigned side = 0; side < suite_sides_of(c); side++)
            set_up_variable(s, o, q, side ? &c->right : &c->left);
    }
    for (unsigned a = 0; a < s->object->sets_count; a++)
        for (unsigned i = 0; i < s->object->sets[a].count; i++)
            set_up_variable(s, o, q, &s->object->sets[a].list[i].to);
}

void suite_set_up(struct suite_situation *s, struct suite_world *w, struct flue_guard_context *q)
{
    uint8_t number = (uint8_t)(s->object - s->suite->objects);
    struct flue_object *o = flue_object_at(&w->target, number, 0);
    *q = (struct flue_guard_context){.target = &w->target, .object = o};
    o->marks = s->marks;
    o->result = s->result;
    o->dependents = s->dependents;
    set_up_copy(s, o, q);
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        q->state[c] = s->brings[c] ? s->brought[c] : NULL;
    suite_set_up_links(s, w, o, q);
    q->asked = s->asked;
}

static void nobody(void *adapter)
{
    (void)adapter;
}

/* Machines call nobody, so any table will do. */
bool suite_world_open(struct suite_world *w, const struct flue_suite *suite)
{
    const struct flue_spec *spec = suite->spec;
    static const char no_table[1];
    struct flue_config config = {
        .ring_entries = 2,
        .running_requests = 1,
        .ticks_per_second = 1,
        .binding = no_table,
        .completions = no_table,
        .indications = no_table,
        .wake = nobody,
    };
    for (unsigned k = 0; k < FLUE_MAX_KINDS; k++)
        config.capacity[k] = 2 * SUITE_LINKED;
    for (unsigned p = 0; p < spec->parameter_count; p++)
        config.parameters[p] = suite->parameters[p];
    size_t bytes = flue_memory_bytes(spec, &config);
    w->memory = bytes ? malloc(bytes + LINE) : NULL; /* not every C library has aligned_alloc */
    if (!w->memory)
        return false;
    void *line = (void *)(((uintptr_t)w->memory + LINE - 1) & ~(uintptr_t)(LINE - 1));
    if (flue_target_init(&w->target, spec, &config, line, bytes) != FLUE_OK)
        return false;
    flue_tick(&w->target, SUITE_NOW);
    return true;
}

void suite_world_close(struct suite_world *w)
{
    free(w->memory);
}
