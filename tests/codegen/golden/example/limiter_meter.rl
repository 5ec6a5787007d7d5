/* Generated from example/meter.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * Meter: its machine, and what the runtime asks of it.
 *
 * The machine is pure: a state, an event and the answers of guards give a new state and the number
 * of an arm. The runtime then does what limiter_meter_arms[arm] says.
 */
#include "limiter_objects.h"

#include "flue/priv/bytes.h"

static inline const struct limiter_meter *limiter_meter_of(const struct flue_guard_context *q)
{
    return (const struct limiter_meter *)(const void *)q->object;
}

/* The node asks for the count. */
static inline bool limiter_meter_asks_delegated(const struct flue_guard_context *q)
{
    return flue_guard_asked(q, FLUE_CLASS_BIT(FLUE_DELEGATED));
}

%%{
    machine limiter_meter;
    alphtype unsigned char;
    getkey event;

    # Events: 1 done, 2 failed, 3 reset, 4 restore, 5 create, 6 modify, 7 inspect, 8 withdraw.
    # Letters from 128 on are never sent: each keeps one state apart from all others.
    action asks_delegated { limiter_meter_asks_delegated(q) }

    main :=
    start: ( # free: No meter.
        5 @{ *arm = 1; } -> creating | # create: send add_meter, go to creating
        128 -> start
    ),
    creating: ( # The hardware was asked to add it.
        1 @{ *arm = 2; } -> limiting | # done: go to limiting, answer success
        2 @{ *arm = 3; } -> undoing | # failed: undo add_meter, go to undoing
        3 @{ *arm = 4; } -> start | # reset: go to free, answer io_error
        129 -> creating
    ),
    undoing: ( # It could not be added and is removed again.
        1 @{ *arm = 5; } -> start | # done: go to free, answer the command's result
        2 @{ *arm = 6; } -> stranded | # failed: go to stranded, answer the command's result
        3 @{ *arm = 7; } -> start | # reset: go to free, answer io_error
        130 -> undoing
    ),
    limiting: ( # It does its work.
        3 @{ *arm = 8; } -> lost | # reset: go to lost
        4 @{ *arm = 9; } -> limiting | # restore: stay
        6 @{ *arm = 10; } -> modifying | # modify: plan update, go to modifying
        (7 when asks_delegated) @{ *arm = 11; } -> inspecting | # inspect: if asks_delegated: send read_count, go to inspecting
        (7 when !asks_delegated) @{ *arm = 12; } -> limiting | # inspect: answer success
        8 @{ *arm = 13; } -> withdrawing | # withdraw: send remove_meter, go to withdrawing
        131 -> limiting
    ),
    modifying: ( # The hardware was told the new limits.
        1 @{ *arm = 14; } -> limiting | # done: go to limiting, answer success
        2 @{ *arm = 15; } -> reverting | # failed: undo update, go to reverting
        3 @{ *arm = 16; } -> lost | # reset: go to lost, answer io_error
        6 @{ *arm = 17; } -> modifying | # modify: defer
        7 @{ *arm = 18; } -> modifying | # inspect: defer
        8 @{ *arm = 19; } -> modifying | # withdraw: defer
        132 -> modifying
    ),
    reverting: ( # That failed, and it was told the old ones.
        1 @{ *arm = 20; } -> limiting | # done: go to limiting, answer the command's result
        2 @{ *arm = 21; } -> unsure | # failed: go to unsure, answer the command's result
        3 @{ *arm = 22; } -> lost | # reset: go to lost, answer io_error
        6 @{ *arm = 23; } -> reverting | # modify: defer
        7 @{ *arm = 24; } -> reverting | # inspect: defer
        8 @{ *arm = 25; } -> reverting | # withdraw: defer
        133 -> reverting
    ),
    inspecting: ( # Its count is being read.
        1 @{ *arm = 26; } -> limiting | # done: go to limiting, answer success
        2 @{ *arm = 27; } -> limiting | # failed: go to limiting, answer the command's result
        3 @{ *arm = 28; } -> lost | # reset: go to lost, answer io_error
        6 @{ *arm = 29; } -> inspecting | # modify: defer
        7 @{ *arm = 30; } -> inspecting | # inspect: defer
        8 @{ *arm = 31; } -> inspecting | # withdraw: defer
        134 -> inspecting
    ),
    withdrawing: ( # The hardware was asked to remove it.
        1 @{ *arm = 32; } -> start | # done: go to free, answer success
        2 @{ *arm = 33; } -> unsure | # failed: go to unsure, answer the command's result
        3 @{ *arm = 34; } -> start | # reset: go to free, answer io_error
        6 @{ *arm = 35; } -> withdrawing | # modify: defer
        7 @{ *arm = 36; } -> withdrawing | # inspect: defer
        8 @{ *arm = 37; } -> withdrawing | # withdraw: defer
        135 -> withdrawing
    ),
    unsure: ( # Nobody knows what the hardware does; it can only be withdrawn.
        3 @{ *arm = 38; } -> lost | # reset: go to lost
        4 @{ *arm = 39; } -> unsure | # restore: stay
        6 @{ *arm = 40; } -> unsure | # modify: refuse with bad_value
        7 @{ *arm = 41; } -> unsure | # inspect: refuse with bad_value
        8 @{ *arm = 42; } -> withdrawing | # withdraw: send remove_meter, go to withdrawing
        136 -> unsure
    ),
    lost: ( # The hardware forgot it in a reset.
        3 @{ *arm = 43; } -> lost | # reset: go to lost
        4 @{ *arm = 44; } -> lost | # restore: stay
        6 @{ *arm = 45; } -> lost | # modify: refuse with bad_value
        7 @{ *arm = 46; } -> lost | # inspect: refuse with bad_value
        8 @{ *arm = 47; } -> start | # withdraw: go to free, answer io_error
        137 -> lost
    ),
    stranded: ( # The host never got it, but the hardware may have it.
        3 @{ *arm = 48; } -> start | # reset: go to free
        4 @{ *arm = 49; } -> stranded | # restore: stay
        138 -> stranded
    );
}%%

FLUE_INLINE int limiter_meter_next(const struct flue_guard_context *q, int cs, unsigned char event,
                                   uint16_t *arm)
{
    int p = 0;
    const int pe = 1;

    (void)q;
    %% write exec;
    return cs;
}

uint8_t limiter_meter_step(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                           uint16_t *arm)
{
    *arm = 0;
    return (uint8_t)limiter_meter_next(q, state, event, arm);
}

static inline bool limiter_meter_needs_write_limits(const struct flue_guard_context *q)
{
    const struct limiter_meter_cached *node = q->state[FLUE_CACHED];
    const struct limiter_meter_cached *own = &limiter_meter_of(q)->cached;

    /* At once: rate_kbps, burst_bytes. */
    return node && (flue_difference(node, own, 0, 0xffffffffffffffffu)) != 0;
}

FLUE_INLINE uint32_t limiter_meter_needed(const struct flue_guard_context *q)
{
    uint32_t commands = 0;

    (void)q;
    if (limiter_meter_needs_write_limits(q))
        commands |= 1u << LIMITER_METER_WRITE_LIMITS;
    return commands;
}

/* Commands needed to tell the hardware what the node changes, as bits. */
uint32_t limiter_meter_changed(const struct flue_guard_context *q)
{
    return limiter_meter_needed(q);
}

FLUE_INLINE void limiter_meter_copy(const struct flue_guard_context *q, struct flue_object *object,
                                    uint8_t classes)
{
    struct limiter_meter *own = (struct limiter_meter *)(void *)object;

    if ((classes & FLUE_CLASS_BIT(FLUE_CACHED)) && q->state[FLUE_CACHED]) {
        const struct limiter_meter_cached *node = q->state[FLUE_CACHED];

        own->cached = *node;
    }
    if ((classes & FLUE_CLASS_BIT(FLUE_CONST)) && q->state[FLUE_CONST]) {
        const struct limiter_meter_const *node = q->state[FLUE_CONST];

        own->constant = *node;
    }
}

/* The node's values become the object's: ages become moments, pulses are dropped. */
void limiter_meter_store(const struct flue_guard_context *q, struct flue_object *object,
                         uint8_t classes)
{
    limiter_meter_copy(q, object, classes);
}

/* The object's values go to the node: moments become ages; pointers name the object's own bytes. */
void limiter_meter_load(const struct flue_guard_context *q, uint8_t classes)
{
    const struct limiter_meter *own = limiter_meter_of(q);

    if ((classes & FLUE_CLASS_BIT(FLUE_CACHED)) && q->state[FLUE_CACHED]) {
        struct limiter_meter_cached *node = q->state[FLUE_CACHED];

        *node = own->cached;
    }
    if ((classes & FLUE_CLASS_BIT(FLUE_CONST)) && q->state[FLUE_CONST]) {
        struct limiter_meter_const *node = q->state[FLUE_CONST];

        *node = own->constant;
    }
}

FLUE_INLINE enum flue_issued limiter_meter_issue_write_limits(const struct flue_issue *i)
{
    const struct limiter_binding *binding = i->q.target->config.binding;
    const struct flue_guard_context *q = &i->q;
    const struct limiter_meter_cached *cached =
        q->state[FLUE_CACHED] ? q->state[FLUE_CACHED] : &limiter_meter_of(q)->cached;
    const struct limiter_write_limits_args args = {
        .name = i->name,
        .rate_kbps = cached->RateKbps,
        .burst_bytes = cached->BurstBytes,
    };

    return binding->write_limits(i->adapter, i->cookie, &args);
}

FLUE_INLINE enum flue_issued limiter_meter_issue_add_meter(const struct flue_issue *i)
{
    const struct limiter_binding *binding = i->q.target->config.binding;
    const struct flue_guard_context *q = &i->q;
    const struct limiter_meter_const *constant =
        q->state[FLUE_CONST] ? q->state[FLUE_CONST] : &limiter_meter_of(q)->constant;
    const struct limiter_meter_cached *cached =
        q->state[FLUE_CACHED] ? q->state[FLUE_CACHED] : &limiter_meter_of(q)->cached;
    const struct limiter_add_meter_args args = {
        .name = i->name,
        .port = constant->Port,
        .rate_kbps = cached->RateKbps,
        .burst_bytes = cached->BurstBytes,
    };

    return binding->add_meter(i->adapter, i->cookie, &args);
}

FLUE_INLINE enum flue_issued limiter_meter_issue_read_count(const struct flue_issue *i)
{
    const struct limiter_binding *binding = i->q.target->config.binding;
    const struct limiter_read_count_args args = {
        .name = i->name,
    };

    return binding->read_count(i->adapter, i->cookie, &args);
}

FLUE_INLINE enum flue_issued limiter_meter_issue_remove_meter(const struct flue_issue *i)
{
    const struct limiter_binding *binding = i->q.target->config.binding;
    const struct limiter_remove_meter_args args = {
        .name = i->name,
    };

    return binding->remove_meter(i->adapter, i->cookie, &args);
}

FLUE_INLINE enum flue_issued limiter_meter_send(const struct flue_issue *i)
{
    switch (i->command) {
    case LIMITER_METER_WRITE_LIMITS:
        return limiter_meter_issue_write_limits(i);
    case LIMITER_METER_ADD_METER:
        return limiter_meter_issue_add_meter(i);
    case LIMITER_METER_READ_COUNT:
        return limiter_meter_issue_read_count(i);
    case LIMITER_METER_REMOVE_METER:
        return limiter_meter_issue_remove_meter(i);
    default:
        return FLUE_RING_FULL; /* cannot be: the runtime issues only what the tables name */
    }
}

/* Build the arguments of a command and hand it to the driver. */
enum flue_issued limiter_meter_issue(const struct flue_issue *i)
{
    return limiter_meter_send(i);
}

static void limiter_meter_deliver_read_count(const struct flue_guard_context *q,
                                             const struct limiter_read_count_data *data)
{
    struct limiter_meter_delegated *delegated = q->state[FLUE_DELEGATED];

    if (delegated) {
        delegated->DroppedPackets = data->dropped_packets;
    }
}

static void limiter_meter_deliver_remove_meter(const struct flue_guard_context *q,
                                               const struct limiter_remove_meter_data *data)
{
    struct limiter_meter_delegated *delegated = q->state[FLUE_DELEGATED];

    if (delegated) {
        delegated->DroppedPackets = data->dropped_packets;
    }
}

/* Copy what an answer brought into the host's structures. */
void limiter_meter_deliver(const struct flue_guard_context *q, uint8_t command, const void *data)
{
    switch (command) {
    case LIMITER_METER_READ_COUNT:
        limiter_meter_deliver_read_count(q, data);
        break;
    case LIMITER_METER_REMOVE_METER:
        limiter_meter_deliver_remove_meter(q, data);
        break;
    default:
        (void)q, (void)data;
        break;
    }
}

/* The fast path, of the functions above. */
#define FLUE_FAST(function) limiter_meter_##function
#include "flue/priv/fast_path.h"

FLUE_INLINE bool limiter_meter_links_stay(const struct flue_guard_context *q)
{
    (void)q; /* no handle comes with the request */
    return true;
}

FLUE_INLINE bool limiter_meter_send_plan(const struct flue_fast *s, struct flue_target *t,
                                       struct flue_object *o, uint32_t commands,
                                       struct flue_issue *i)
{
    return flue_fast_issue(s, t, o, commands, LIMITER_METER_WRITE_LIMITS, i);
}

static const struct flue_fast limiter_meter_fast = {
    .kind = LIMITER_METER,
    .operation = LIMITER_MODIFY,
    .links_to = FLUE_NO_BYTE,
    .link_count = 0,
    .rest = LIMITER_METER_LIMITING,
    .busy = LIMITER_METER_MODIFYING,
    .used_class = FLUE_CACHED,
    .status = LIMITER_STATUS_INDEX_SUCCESS,
    .status_value = LIMITER_STATUS_SUCCESS,
    .type_count = 1,
    .types = {33},
    .object_bytes = sizeof(struct limiter_meter),
    .class_bytes = sizeof(struct limiter_meter_cached),
    .plan_count = 1,
    .irreversible = 0,
    .node = &limiter_node_layout,
    .traced = false,
};

static void limiter_meter_visit_fast(struct flue_target *t, struct flue_request *r,
                                    struct flue_walk *first)
{
    flue_fast_run(&limiter_meter_fast, t, r, first);
}

static uint32_t limiter_meter_done_fast(struct flue_target *t, uint32_t entry)
{
    return flue_fast_answers(&limiter_meter_fast, t, entry);
}

static size_t limiter_meter_reaped_fast(struct flue_target *t, const struct flue_answer *answers,
                                       size_t count)
{
    return flue_fast_reaped(&limiter_meter_fast, t, answers, count);
}

static const struct flue_fast limiter_meter_traced = {
    .kind = LIMITER_METER,
    .operation = LIMITER_MODIFY,
    .links_to = FLUE_NO_BYTE,
    .link_count = 0,
    .rest = LIMITER_METER_LIMITING,
    .busy = LIMITER_METER_MODIFYING,
    .used_class = FLUE_CACHED,
    .status = LIMITER_STATUS_INDEX_SUCCESS,
    .status_value = LIMITER_STATUS_SUCCESS,
    .type_count = 1,
    .types = {33},
    .object_bytes = sizeof(struct limiter_meter),
    .class_bytes = sizeof(struct limiter_meter_cached),
    .plan_count = 1,
    .irreversible = 0,
    .node = &limiter_node_layout,
    .traced = true,
};

static void limiter_meter_visit_traced(struct flue_target *t, struct flue_request *r,
                                    struct flue_walk *first)
{
    flue_fast_run(&limiter_meter_traced, t, r, first);
}

static uint32_t limiter_meter_done_traced(struct flue_target *t, uint32_t entry)
{
    return flue_fast_answers(&limiter_meter_traced, t, entry);
}

static size_t limiter_meter_reaped_traced(struct flue_target *t, const struct flue_answer *answers,
                                       size_t count)
{
    return flue_fast_reaped(&limiter_meter_traced, t, answers, count);
}

static const struct flue_fast_path limiter_meter_traced_path = {
    .operation = LIMITER_MODIFY,
    .visit = limiter_meter_visit_traced,
    .done = limiter_meter_done_traced,
    .reaped = limiter_meter_reaped_traced,
};

const struct flue_fast_path limiter_meter_fast_path = {
    .operation = LIMITER_MODIFY,
    .visit = limiter_meter_visit_fast,
    .done = limiter_meter_done_fast,
    .reaped = limiter_meter_reaped_fast,
    .traced = &limiter_meter_traced_path,
};
