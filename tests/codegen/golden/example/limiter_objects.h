/* Generated from example/target.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * The objects of the pools, and the functions by which the runtime knows them. Internal: a driver
 * never includes this. Copies of variables keep the host's layout; what is compared in an update
 * comes first, next to the part that every object has.
 */
#ifndef LIMITER_OBJECTS_H
#define LIMITER_OBJECTS_H

#include "flue/priv/object.h"

#include "limiter.h"

extern const struct flue_type_code limiter_type_codes[];

/* Where the runtime finds what it needs in a node; in a header, so that it is seen as constants. */
FLUE_MAYBE_UNUSED static const struct flue_node_layout limiter_node_layout = {
    .bytes = sizeof(struct limiter_node),
    .next = offsetof(struct limiter_node, Next),
    .dependents = offsetof(struct limiter_node, Dependents),
    .status = offsetof(struct limiter_node, Status),
    .type = offsetof(struct limiter_node, Kind),
    .context = offsetof(struct limiter_node, Meter),
    .host_handle = offsetof(struct limiter_node, Cookie),
    .scratch = {offsetof(struct limiter_node, Work[0]),
                offsetof(struct limiter_node, Work[1]),
                offsetof(struct limiter_node, Work[2]),
                offsetof(struct limiter_node, Work[3])},
    .type_bytes = 1,
    .context_points = false,
    .length = FLUE_NO_MEMBER,
    .states_align = 8,
    .role = { {FLUE_NEW, FLUE_REFERENCE},
             {FLUE_NEW, FLUE_REFERENCE} },
    .type_code_count = 48,
    .type_codes = limiter_type_codes,
};

/* A rate limiter on one port. */
struct limiter_meter {
    _Alignas(64) struct flue_object flue; /* so that no object shares a cache line with another */
    struct limiter_meter_cached cached;
    struct limiter_meter_const constant;
};

extern const struct flue_arm limiter_meter_arms[];

uint8_t limiter_meter_step(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                           uint16_t *arm);
uint32_t limiter_meter_changed(const struct flue_guard_context *q);
void limiter_meter_store(const struct flue_guard_context *q, struct flue_object *object,
                         uint8_t classes);
void limiter_meter_load(const struct flue_guard_context *q, uint8_t classes);
enum flue_issued limiter_meter_issue(const struct flue_issue *i);
void limiter_meter_deliver(const struct flue_guard_context *q, uint8_t command, const void *data);
extern const struct flue_fast_path limiter_meter_fast_path;

#endif
