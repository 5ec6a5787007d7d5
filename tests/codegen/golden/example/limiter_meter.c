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

FLUE_INLINE int limiter_meter_next(const struct flue_guard_context *q, int cs, unsigned char event,
                                   uint16_t *arm)
{
    int p = 0;
    const int pe = 1;

    (void)q;

	{
	short _widec;
	if ( p == pe )
		goto _test_eof;
	if ( cs == 0 )
		goto _out;
_resume:
	switch ( cs ) {
case 1:
	switch( ( event) ) {
		case 5u: goto tr0;
		case 128u: goto tr2;
	}
	goto tr1;
case 0:
	goto _out;
case 2:
	switch( ( event) ) {
		case 1u: goto tr3;
		case 2u: goto tr4;
		case 3u: goto tr5;
		case 129u: goto tr6;
	}
	goto tr1;
case 3:
	_widec = ( event);
	if ( 7u <= ( event) && ( event) <= 7u ) {
		_widec = (short)(256u + (( event) - 0u));
		if (
 limiter_meter_asks_delegated(q)  ) _widec += 256;
	}
	switch( _widec ) {
		case 3: goto tr7;
		case 4: goto tr8;
		case 6: goto tr9;
		case 8: goto tr10;
		case 131: goto tr11;
		case 263: goto tr12;
		case 519: goto tr13;
	}
	goto tr1;
case 4:
	switch( ( event) ) {
		case 3u: goto tr14;
		case 4u: goto tr15;
		case 6u: goto tr16;
		case 7u: goto tr17;
		case 8u: goto tr18;
		case 137u: goto tr19;
	}
	goto tr1;
case 5:
	switch( ( event) ) {
		case 1u: goto tr20;
		case 2u: goto tr21;
		case 3u: goto tr22;
		case 6u: goto tr23;
		case 7u: goto tr24;
		case 8u: goto tr25;
		case 132u: goto tr26;
	}
	goto tr1;
case 6:
	switch( ( event) ) {
		case 1u: goto tr27;
		case 2u: goto tr28;
		case 3u: goto tr29;
		case 6u: goto tr30;
		case 7u: goto tr31;
		case 8u: goto tr32;
		case 133u: goto tr33;
	}
	goto tr1;
case 7:
	switch( ( event) ) {
		case 3u: goto tr34;
		case 4u: goto tr35;
		case 6u: goto tr36;
		case 7u: goto tr37;
		case 8u: goto tr38;
		case 136u: goto tr39;
	}
	goto tr1;
case 8:
	switch( ( event) ) {
		case 1u: goto tr40;
		case 2u: goto tr41;
		case 3u: goto tr42;
		case 6u: goto tr43;
		case 7u: goto tr44;
		case 8u: goto tr45;
		case 135u: goto tr46;
	}
	goto tr1;
case 9:
	switch( ( event) ) {
		case 1u: goto tr47;
		case 2u: goto tr48;
		case 3u: goto tr49;
		case 6u: goto tr50;
		case 7u: goto tr51;
		case 8u: goto tr52;
		case 134u: goto tr53;
	}
	goto tr1;
case 10:
	switch( ( event) ) {
		case 1u: goto tr54;
		case 2u: goto tr55;
		case 3u: goto tr56;
		case 130u: goto tr57;
	}
	goto tr1;
case 11:
	switch( ( event) ) {
		case 3u: goto tr58;
		case 4u: goto tr59;
		case 138u: goto tr60;
	}
	goto tr1;
	}

	tr1: cs = 0; goto _again;
	tr2: cs = 1; goto _again;
	tr5: cs = 1; goto f3;
	tr18: cs = 1; goto f14;
	tr40: cs = 1; goto f32;
	tr42: cs = 1; goto f34;
	tr54: cs = 1; goto f44;
	tr56: cs = 1; goto f46;
	tr58: cs = 1; goto f47;
	tr6: cs = 2; goto _again;
	tr0: cs = 2; goto f0;
	tr11: cs = 3; goto _again;
	tr3: cs = 3; goto f1;
	tr8: cs = 3; goto f5;
	tr12: cs = 3; goto f8;
	tr20: cs = 3; goto f15;
	tr27: cs = 3; goto f21;
	tr47: cs = 3; goto f38;
	tr48: cs = 3; goto f39;
	tr19: cs = 4; goto _again;
	tr7: cs = 4; goto f4;
	tr14: cs = 4; goto f10;
	tr15: cs = 4; goto f11;
	tr16: cs = 4; goto f12;
	tr17: cs = 4; goto f13;
	tr22: cs = 4; goto f17;
	tr29: cs = 4; goto f23;
	tr34: cs = 4; goto f27;
	tr49: cs = 4; goto f40;
	tr26: cs = 5; goto _again;
	tr9: cs = 5; goto f6;
	tr23: cs = 5; goto f18;
	tr24: cs = 5; goto f19;
	tr25: cs = 5; goto f20;
	tr33: cs = 6; goto _again;
	tr21: cs = 6; goto f16;
	tr30: cs = 6; goto f24;
	tr31: cs = 6; goto f25;
	tr32: cs = 6; goto f26;
	tr39: cs = 7; goto _again;
	tr28: cs = 7; goto f22;
	tr35: cs = 7; goto f28;
	tr36: cs = 7; goto f29;
	tr37: cs = 7; goto f30;
	tr41: cs = 7; goto f33;
	tr46: cs = 8; goto _again;
	tr10: cs = 8; goto f7;
	tr38: cs = 8; goto f31;
	tr43: cs = 8; goto f35;
	tr44: cs = 8; goto f36;
	tr45: cs = 8; goto f37;
	tr53: cs = 9; goto _again;
	tr13: cs = 9; goto f9;
	tr50: cs = 9; goto f41;
	tr51: cs = 9; goto f42;
	tr52: cs = 9; goto f43;
	tr57: cs = 10; goto _again;
	tr4: cs = 10; goto f2;
	tr60: cs = 11; goto _again;
	tr55: cs = 11; goto f45;
	tr59: cs = 11; goto f48;

f0:
	{ *arm = 1; }
	goto _again;
f1:
	{ *arm = 2; }
	goto _again;
f2:
	{ *arm = 3; }
	goto _again;
f3:
	{ *arm = 4; }
	goto _again;
f44:
	{ *arm = 5; }
	goto _again;
f45:
	{ *arm = 6; }
	goto _again;
f46:
	{ *arm = 7; }
	goto _again;
f4:
	{ *arm = 8; }
	goto _again;
f5:
	{ *arm = 9; }
	goto _again;
f6:
	{ *arm = 10; }
	goto _again;
f9:
	{ *arm = 11; }
	goto _again;
f8:
	{ *arm = 12; }
	goto _again;
f7:
	{ *arm = 13; }
	goto _again;
f15:
	{ *arm = 14; }
	goto _again;
f16:
	{ *arm = 15; }
	goto _again;
f17:
	{ *arm = 16; }
	goto _again;
f18:
	{ *arm = 17; }
	goto _again;
f19:
	{ *arm = 18; }
	goto _again;
f20:
	{ *arm = 19; }
	goto _again;
f21:
	{ *arm = 20; }
	goto _again;
f22:
	{ *arm = 21; }
	goto _again;
f23:
	{ *arm = 22; }
	goto _again;
f24:
	{ *arm = 23; }
	goto _again;
f25:
	{ *arm = 24; }
	goto _again;
f26:
	{ *arm = 25; }
	goto _again;
f38:
	{ *arm = 26; }
	goto _again;
f39:
	{ *arm = 27; }
	goto _again;
f40:
	{ *arm = 28; }
	goto _again;
f41:
	{ *arm = 29; }
	goto _again;
f42:
	{ *arm = 30; }
	goto _again;
f43:
	{ *arm = 31; }
	goto _again;
f32:
	{ *arm = 32; }
	goto _again;
f33:
	{ *arm = 33; }
	goto _again;
f34:
	{ *arm = 34; }
	goto _again;
f35:
	{ *arm = 35; }
	goto _again;
f36:
	{ *arm = 36; }
	goto _again;
f37:
	{ *arm = 37; }
	goto _again;
f27:
	{ *arm = 38; }
	goto _again;
f28:
	{ *arm = 39; }
	goto _again;
f29:
	{ *arm = 40; }
	goto _again;
f30:
	{ *arm = 41; }
	goto _again;
f31:
	{ *arm = 42; }
	goto _again;
f10:
	{ *arm = 43; }
	goto _again;
f11:
	{ *arm = 44; }
	goto _again;
f12:
	{ *arm = 45; }
	goto _again;
f13:
	{ *arm = 46; }
	goto _again;
f14:
	{ *arm = 47; }
	goto _again;
f47:
	{ *arm = 48; }
	goto _again;
f48:
	{ *arm = 49; }
	goto _again;

_again:
	if ( cs == 0 )
		goto _out;
	if ( ++p != pe )
		goto _resume;
	_test_eof: {}
	_out: {}
	}

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
