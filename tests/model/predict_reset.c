/* SPDX-License-Identifier: BSD-2-Clause */
/* A reset while nothing is under way: what can be restored is added again, layer by layer. */
#include "model.h"

static void forget(struct model *m, struct thing *t)
{
    (void)m;
    t->hardware = (struct hardware){0};
    t->timeouts_outstanding = 0;
    if (t->state == STRANDED || t->state == DRAINING) {
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

void restore(struct model *m, struct thing *t)
{
    static const uint8_t adds[] = {CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, CHIMNEY_PATH_ADD_PATH};
    struct order order = {.command = adds[t->kind], .facts = &t->facts, .link = t->link};
    if (hardware_do(m, t, &order) == CHIMNEY_RESULT_OK) {
        t->state = OFFLOADED;
        t->broken = false;
    } else {
        t->state = CORRUPT;
        t->broken = true;
    }
}

void predict_reset(struct model *m)
{
    m->lost = 0;
    for (uint8_t kind = CHIMNEY_KINDS; kind-- > 0;) {
        for (uint32_t i = 0; i < m->count[kind]; i++)
            forget(m, &m->things[kind][i]);
    }
    for (uint8_t kind = CHIMNEY_NEIGHBOR; kind <= CHIMNEY_PATH; kind++) {
        for (uint32_t i = 0; i < m->count[kind]; i++) {
            if (restorable(&m->things[kind][i]))
                restore(m, &m->things[kind][i]);
        }
    }
}
