/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * situation.h: what an object is asked about, arranged so that conditions hold or do not.
 *
 * Each condition has so many ways to be arranged. Whether it holds is found out from what was
 * arranged, never from the guards under test.
 */
#ifndef FLUE_SUITE_SITUATION_H
#define FLUE_SUITE_SITUATION_H

#include "flue/priv/object.h"
#include "flue/suite.h"

enum { SUITE_STATE_BYTES = 1 << 16, SUITE_NOW = 1000000 };

/* The object, and what each of its links leads to and is to lead to. */
enum { SUITE_LINKED = 1 + 2 * FLUE_MAX_LINKS };

enum suite_linked { LINKED_TO_NOTHING, LINKED_TO_OBJECT, LINKED_TO_WHAT_IS_GONE };

struct suite_link {
    enum suite_linked to;
    unsigned state; /* of the object linked to, in the order of the suite's */
    uint8_t marks, marks_below;
    unsigned via; /* the link of that object which leads to what bears marks_below */
};

struct suite_situation {
    const struct flue_suite *suite;
    const struct suite_object *object;
    uint32_t dependents;
    uint8_t operation; /* that brings the node, or FLUE_NO_BYTE */
    uint8_t marks, asked, result;
    uint8_t led; /* links, as bits, that a condition of the pair has led somewhere */
    struct suite_link link[FLUE_MAX_LINKS], new_link[FLUE_MAX_LINKS];
    bool brings[SUITE_CLASSES];
    _Alignas(16) unsigned char brought[SUITE_CLASSES][SUITE_STATE_BYTES],
        own[SUITE_CLASSES][SUITE_STATE_BYTES];
    unsigned char linked[FLUE_MAX_LINKS][SUITE_STATE_BYTES]; /* values where its links then lead */
};

/* A target of its own, whose objects are set up as a situation says. */
struct suite_world {
    struct flue_target target;
    void *memory;
};
bool suite_world_open(struct suite_world *w, const struct flue_suite *suite);
void suite_world_close(struct suite_world *w);

/* Nothing is marked, linked, asked for or brought. */
void suite_clear(struct suite_situation *s, const struct flue_suite *suite, unsigned object);
unsigned suite_ways(const struct suite_situation *s, const struct suite_condition *c);
void suite_arrange(struct suite_situation *s, const struct suite_condition *c, unsigned way);
/* Before that: what must not be asked for has other values. */
void suite_set_apart(struct suite_situation *s, const struct suite_condition *c, unsigned way);
bool suite_holds(const struct suite_situation *s, const struct suite_condition *c);

/* What an arm is to make of a variable, as its bits; `data` is that of an event of the device. */
uint64_t suite_value_set(const struct suite_situation *s, const struct suite_setting *set,
                         const struct flue_object *o, const unsigned char *data);
uint64_t suite_value_in(const struct flue_object *o, const struct suite_variable *v);
/* What is counted up gets its highest value; whether it is. */
bool suite_count_to_the_end(const struct suite_setting *set, struct flue_object *o);
/* Variables that others are set to have values of their own. */
void suite_give_sources(struct suite_situation *s);

/* A number at its place in a structure. */
void suite_write_number(unsigned char *state, const struct suite_variable *v, uint64_t number);
uint64_t suite_read_number(const unsigned char *state, const struct suite_variable *v);

/* situation_links.c: the same of links and marks. */
unsigned suite_mark_sets(const struct suite_situation *s);
unsigned suite_link_ways(const struct suite_situation *s, const struct suite_condition *c);
void suite_arrange_links(struct suite_situation *s, const struct suite_condition *c, unsigned way);
unsigned suite_mark_ways(const struct suite_situation *s);
void suite_arrange_marks(struct suite_situation *s, unsigned way);
bool suite_one_unusable(const struct suite_situation *s, const struct suite_condition *c);
uint8_t suite_marks_seen(const struct suite_situation *s, const char *const *along);
/* Whether it asks for a value of what a link leads to; how many operands it has. */
bool suite_asks_through_link(const struct suite_condition *c);
unsigned suite_sides_of(const struct suite_condition *c);
/* Of one that does: at how many ends that can be; to lead there, and what is left of the way. */
enum { SUITE_ENDS = 4 };
unsigned suite_ends(const struct suite_condition *c);
unsigned suite_lead(struct suite_situation *s, const struct suite_condition *c, unsigned way);
/* Whether all that it asks of has values. */
bool suite_all_there(const struct suite_situation *s, const struct suite_condition *c);
void suite_set_up_links(const struct suite_situation *s, struct suite_world *w,
                        struct flue_object *o, struct flue_guard_context *q);

/* Make it so, in the target's pools; the question is then about the first object of the kind. */
void suite_set_up(struct suite_situation *s, struct suite_world *w, struct flue_guard_context *q);

/* The number that the tables give a state, 0 if they have none of this name. */
uint8_t suite_state_number(const struct flue_kind *kind, const char *name);
/* Names as a set of bits; a mark that the tables do not have is bit 7. */
uint8_t suite_marks(const struct flue_spec *spec, const char *const *names);

#endif
