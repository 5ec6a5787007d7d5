/* Generated from example/target.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * The memory the host hands over: nodes, and the state structures that follow them.
 *
 * Members bear the host's names. The layout is that of Microsoft's x64 compilers, under the rules
 * of any 64-bit compiler: bit-fields begin where a storage unit begins and fill it, with the unused
 * bits declared, so that no two compilers can disagree. Every offset and size is asserted.
 *
 * State structures that follow a node directly: each begins at the next multiple of
 * 8, in the order const, cached, delegated; how they are packed is documented nowhere,
 * so this is a convention of this target.
 */
#ifndef LIMITER_HOST_H
#define LIMITER_HOST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define LIMITER_STATIC_ASSERT static_assert
#else
#define LIMITER_STATIC_ASSERT _Static_assert
#endif

/* One meter in a list the host passes; its state structures follow it in memory. LIMITER_ITEM. */
struct limiter_node {
    uint8_t Kind; /* Which structures follow. */
    int32_t Status; /* What became of it. */
    struct limiter_node *Next; /* The next meter of the list. */
    struct limiter_node *Dependents; /* Always NULL; meters have no tree. */
    uint64_t Meter; /* The target's handle; 0 asks for a meter. */
    void *Cookie; /* By this the host knows the meter. */
    void *Work[4]; /* The target's while it owns the list. */
    void *HostData; /* The host's own. */
};
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Kind) == 0, "Kind");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Status) == 4, "Status");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Next) == 8, "Next");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Dependents) == 16, "Dependents");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Meter) == 24, "Meter");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Cookie) == 32, "Cookie");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, Work) == 40, "Work");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_node, HostData) == 72, "HostData");
LIMITER_STATIC_ASSERT(sizeof(struct limiter_node) == 80, "struct limiter_node");

/* The const state of a meter. LIMITER_METER_PORT. */
struct limiter_meter_const {
    uint32_t Port; /* The port it limits. */
};
LIMITER_STATIC_ASSERT(offsetof(struct limiter_meter_const, Port) == 0, "Port");
LIMITER_STATIC_ASSERT(sizeof(struct limiter_meter_const) == 4, "struct limiter_meter_const");

/* The cached state of a meter. LIMITER_METER_LIMITS. */
struct limiter_meter_cached {
    uint32_t RateKbps; /* What may pass in the long run; in kbps. */
    uint32_t BurstBytes; /* What may pass at once; in bytes. */
    uint32_t Owner; /* Whom it is for; the hardware need not know. */
};
LIMITER_STATIC_ASSERT(offsetof(struct limiter_meter_cached, RateKbps) == 0, "RateKbps");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_meter_cached, BurstBytes) == 4, "BurstBytes");
LIMITER_STATIC_ASSERT(offsetof(struct limiter_meter_cached, Owner) == 8, "Owner");
LIMITER_STATIC_ASSERT(sizeof(struct limiter_meter_cached) == 12, "struct limiter_meter_cached");

/* The delegated state of a meter. LIMITER_METER_COUNT. */
struct limiter_meter_delegated {
    uint64_t DroppedPackets; /* What did not pass; in packets. */
};
LIMITER_STATIC_ASSERT(offsetof(struct limiter_meter_delegated, DroppedPackets) == 0,
    "DroppedPackets");
LIMITER_STATIC_ASSERT(sizeof(struct limiter_meter_delegated) == 8,
    "struct limiter_meter_delegated");

/* Bytes from the start of one state structure to the start of the next. */
#define LIMITER_STATE_STRIDE(type) ((sizeof(type) + 7u) & ~(size_t)7u)

/* The first state structure behind a node. */
static inline void *limiter_state_behind(struct limiter_node *node)
{
    return (unsigned char *)node + LIMITER_STATE_STRIDE(struct limiter_node);
}

#endif
