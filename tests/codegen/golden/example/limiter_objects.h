/* Generated from example/target.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * The objects of the pools, and the functions by which the runtime knows them. Internal: a driver
 * never includes this. Copies of variables keep the host's layout; what is compared in an update
 * comes first, next to the part that every object has.
 */
#ifndef LIMITER_OBJECTS_H
#define LIMITER_OBJECTS_H

#include "limiter.h"

/* A rate limiter on one port. */
struct limiter_meter {
    struct flue_object flue;
    struct limiter_meter_cached cached;
    struct limiter_meter_const constant;
};

extern const struct flue_arm limiter_meter_arms[];

uint8_t limiter_meter_step(const struct flue_question *q, uint8_t state, uint8_t event,
                           uint16_t *arm);
uint32_t limiter_meter_changed(const struct flue_question *q);
void limiter_meter_keep(const struct flue_question *q, struct flue_object *object, uint8_t classes);
void limiter_meter_give(const struct flue_question *q, uint8_t classes);
enum flue_issued limiter_meter_issue(const struct flue_issue *i);
void limiter_meter_take(const struct flue_question *q, uint8_t command, const void *data);

#endif
