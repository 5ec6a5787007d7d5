/* SPDX-License-Identifier: BSD-2-Clause */
/* A reset while nothing is under way: what can be restored is added again, layer by layer. */
#include "oracle.h"

static void forget(struct world *w, struct thing *t)
{
    (void)w;
    t->hardware = (struct hardware){0};
    t->strays = 0;
    if (t->state == STRANDED || t->state == HAUNTED) {
        end_thing(t);
    } else if (t->state != OFF) {
        t->state = LOST;
        t->broken = true;
        t->maybe = NULL; /* the hardware holds neither link now */
    }
}

bool restorable(const struct thing *t)
{
    if (t->state != LOST || t->invalid || t->kind == CHIMNEY_TCP)
        return false;
    return t->kind == CHIMNEY_NEIGHBOR || !unusable(t->link);
}

void restore(struct world *w, struct thing *t)
{
    static const uint8_t adds[] = {CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, CHIMNEY_PATH_ADD_PATH};
    struct order order = {.command = adds[t->kind], .facts = &t->facts, .link = t->link};
    if (hardware_do(w, t, &order) == CHIMNEY_RESULT_OK) {
        t->state = OFFLOADED;
        t->broken = false;
    } else {
        t->state = CORRUPT;
        t->broken = true;
    }
}

void predict_reset(struct world *w)
{
    w->lost = 0;
    for (uint8_t kind = CHIMNEY_KINDS; kind-- > 0;) {
        for (uint32_t i = 0; i < w->count[kind]; i++)
            forget(w, &w->things[kind][i]);
    }
    for (uint8_t kind = CHIMNEY_NEIGHBOR; kind <= CHIMNEY_PATH; kind++) {
        for (uint32_t i = 0; i < w->count[kind]; i++) {
            if (restorable(&w->things[kind][i]))
                restore(w, &w->things[kind][i]);
        }
    }
}
