/* Generated from example/target.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * A NIC that limits the rate of its ports. The smallest complete target.
 *
 *     example
 *     struct my_adapter { struct limiter_target target; };
 *     LIMITER_ADAPTER_BEGINS_WITH(struct my_adapter, target);
 *
 *     limiter_init(&adapter->target, &config, &binding, &completions, &indications, memory, size);
 *     limiter_create(adapter, root);   // the host calls; it returns at once
 *     flue_poll(&adapter->target.flue, 256);   // issues commands, makes completions
 *     limiter_done(&adapter->target, cookie, LIMITER_RESULT_OK);   // the hardware answered
 *
 * flue/flue.h says what is the same for every target: polling, time, reset, removal.
 */
#ifndef LIMITER_H
#define LIMITER_H

#include "flue/flue.h"
#include "flue/priv/target.h"

#include "limiter_host.h"

#if FLUE_ABI != 14
#error "this was generated for another version of the flue runtime: generate it again"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of objects, lowest layer first. */
enum limiter_kind {
    LIMITER_METER, /* A rate limiter on one port. */
    LIMITER_KINDS
};

enum limiter_operation {
    LIMITER_CREATE, /* Put a meter on a port. */
    LIMITER_MODIFY, /* Change a meter's limits. */
    LIMITER_INSPECT, /* Read what a meter was told and what it counted. */
    LIMITER_WITHDRAW, /* Take a meter away; its last count goes back to the host. */
    LIMITER_OPERATIONS
};

/* What a machine reacts to. */
enum limiter_event {
    LIMITER_EVENT_DONE = FLUE_EVENT_DONE,
    LIMITER_EVENT_FAILED = FLUE_EVENT_FAILED,
    LIMITER_EVENT_RESET = FLUE_EVENT_RESET,
    LIMITER_EVENT_RESTORE = FLUE_EVENT_RESTORE,
    LIMITER_EVENT_CREATE = FLUE_EVENT_OPERATION + (int)LIMITER_CREATE,
    LIMITER_EVENT_MODIFY = FLUE_EVENT_OPERATION + (int)LIMITER_MODIFY,
    LIMITER_EVENT_INSPECT = FLUE_EVENT_OPERATION + (int)LIMITER_INSPECT,
    LIMITER_EVENT_WITHDRAW = FLUE_EVENT_OPERATION + (int)LIMITER_WITHDRAW,
};

/* What the hardware says to a command. */
enum limiter_result {
    LIMITER_RESULT_OK = FLUE_RESULT_OK,
    LIMITER_RESULT_TIMEOUT = FLUE_RESULT_TIMEOUT,
    LIMITER_RESULT_RESET = FLUE_RESULT_RESET,
    LIMITER_RESULT_GONE = FLUE_RESULT_GONE,
    LIMITER_RESULT_UNSURE = FLUE_RESULT_UNSURE,
    LIMITER_RESULT_FAILURE,
    LIMITER_RESULT_BUSY_PORT,
    LIMITER_RESULT_NO_SPACE,
    LIMITER_RESULTS
};

/* Statuses of nodes, as the host knows them. */
#define LIMITER_STATUS_SUCCESS ((int32_t)0) /* OK. Done. */
#define LIMITER_STATUS_IO_ERROR ((int32_t)-5) /* EIO. The hardware failed. */
/* ENOMEM. The target has no room for another meter. */
#define LIMITER_STATUS_NO_MEMORY ((int32_t)-12)
#define LIMITER_STATUS_BUSY_PORT ((int32_t)-16) /* EBUSY. The port has a meter already. */
#define LIMITER_STATUS_BAD_VALUE ((int32_t)-22) /* EINVAL. No such meter to be changed now. */
/* ENOSPC. The hardware has no room for another meter. */
#define LIMITER_STATUS_NO_SPACE ((int32_t)-28)
#define LIMITER_STATUS_TIMEOUT ((int32_t)-110) /* ETIMEDOUT. The hardware did not answer. */

/* The same by position, as statistics and traces count them. */
enum limiter_status_index {
    LIMITER_STATUS_INDEX_SUCCESS,
    LIMITER_STATUS_INDEX_IO_ERROR,
    LIMITER_STATUS_INDEX_NO_MEMORY,
    LIMITER_STATUS_INDEX_BUSY_PORT,
    LIMITER_STATUS_INDEX_BAD_VALUE,
    LIMITER_STATUS_INDEX_NO_SPACE,
    LIMITER_STATUS_INDEX_TIMEOUT,
    LIMITER_STATUSES
};

/* Values of a node's Kind: which state follows it. */
enum limiter_type {
    LIMITER_TYPE_METER_CONST = 32,
    LIMITER_TYPE_METER_CACHED = 33,
    LIMITER_TYPE_METER_DELEGATED = 34,
    LIMITER_TYPE_METER_ALL = 47,
};

/* States of a meter; the numbers are Ragel's. */
enum limiter_meter_state {
    LIMITER_METER_IMPOSSIBLE,
    LIMITER_METER_FREE = 1, /* No meter. */
    LIMITER_METER_CREATING = 2, /* The hardware was asked to add it. */
    LIMITER_METER_LIMITING = 3, /* It does its work. */
    LIMITER_METER_LOST = 4, /* The hardware forgot it in a reset. */
    LIMITER_METER_MODIFYING = 5, /* The hardware was told the new limits. */
    LIMITER_METER_REVERTING = 6, /* That failed, and it was told the old ones. */
    LIMITER_METER_UNSURE = 7, /* Nobody knows what the hardware does; it can only be withdrawn. */
    LIMITER_METER_WITHDRAWING = 8, /* The hardware was asked to remove it. */
    LIMITER_METER_INSPECTING = 9, /* Its count is being read. */
    LIMITER_METER_UNDOING = 10, /* It could not be added and is removed again. */
    LIMITER_METER_STRANDED = 11, /* The host never got it, but the hardware may have it. */
};

/* Commands of a meter. */
enum limiter_meter_command {
    LIMITER_METER_WRITE_LIMITS,
    LIMITER_METER_ADD_METER,
    LIMITER_METER_READ_COUNT,
    LIMITER_METER_REMOVE_METER,
    LIMITER_METER_COMMANDS
};

/* Limit it otherwise. */
struct limiter_write_limits_args {
    union {
        flue_name name; /* Of this meter's life: what indications name. */
        uint32_t index; /* Its low half, the index in the pool: the driver's key. */
    };
    uint32_t rate_kbps; /* What may pass in the long run; in kbps. */
    uint32_t burst_bytes; /* What may pass at once; in bytes. */
};

/* Begin to limit the port. */
struct limiter_add_meter_args {
    union {
        flue_name name; /* Of this meter's life: what indications name. */
        uint32_t index; /* Its low half, the index in the pool: the driver's key. */
    };
    uint32_t port; /* The port it limits. */
    uint32_t rate_kbps; /* What may pass in the long run; in kbps. */
    uint32_t burst_bytes; /* What may pass at once; in bytes. */
};

/* Read what it counted. */
struct limiter_read_count_args {
    union {
        flue_name name; /* Of this meter's life: what indications name. */
        uint32_t index; /* Its low half, the index in the pool: the driver's key. */
    };
};

/* What the answer to read_count brings. */
struct limiter_read_count_data {
    uint64_t dropped_packets; /* What did not pass; in packets. */
};

/* Stop limiting the port; the last count comes back. */
struct limiter_remove_meter_args {
    union {
        flue_name name; /* Of this meter's life: what indications name. */
        uint32_t index; /* Its low half, the index in the pool: the driver's key. */
    };
};

/* What the answer to remove_meter brings. */
struct limiter_remove_meter_data {
    uint64_t dropped_packets; /* What did not pass; in packets. */
};

/*
 * The driver's functions, one per command. Each puts a command where the hardware finds it and
 * returns at once; exactly one limiter_done() (or limiter_<command>_done(), if data comes back)
 * follows with the same cookie, from any thread, perhaps before the function returns. Arguments
 * live as long as the call. Called by the thread inside flue_poll(), one at a time.
 */
struct limiter_binding {
    /* Limit it otherwise. Answer within 50 ms; bad results: failure, gone, unsure. */
    enum flue_issued (*write_limits)(void *adapter, flue_cookie cookie,
                                     const struct limiter_write_limits_args *args);
    /*
     * Begin to limit the port. Answer within 50 ms; bad results: busy_port, no_space, unsure; any
     * but unsure says that nothing was changed.
     */
    enum flue_issued (*add_meter)(void *adapter, flue_cookie cookie,
                                  const struct limiter_add_meter_args *args);
    /* Read what it counted. Answer within 50 ms; bad results: failure, gone, unsure. */
    enum flue_issued (*read_count)(void *adapter, flue_cookie cookie,
                                   const struct limiter_read_count_args *args);
    /*
     * Stop limiting the port; the last count comes back. Answer within 50 ms; bad results: failure,
     * gone, unsure.
     */
    enum flue_issued (*remove_meter)(void *adapter, flue_cookie cookie,
                                     const struct limiter_remove_meter_args *args);
    /* Tell the hardware to look: once, after all commands of a poll. May be NULL. */
    void (*doorbell)(void *adapter);
};

/* How the host is notified that an operation is complete; the tree is the host's again. */
struct limiter_completions {
    /* The host's meter_created. */
    void (*create)(void *host_handle, struct limiter_node *root);
    /* The host's meter_modified. */
    void (*modify)(void *host_handle, struct limiter_node *root);
    /* The host's meter_inspected. */
    void (*inspect)(void *host_handle, struct limiter_node *root);
    /* The host's meter_withdrawn. */
    void (*withdraw)(void *host_handle, struct limiter_node *root);
};

/* The host's functions that indications are made by; the table may hold them themselves. */
struct limiter_indications {
    void *none; /* this target makes no indications */
};

/* First member of the driver's adapter, so that the adapter's address is the target's. */
struct limiter_target {
    struct flue_target flue;
};
#define LIMITER_ADAPTER_BEGINS_WITH(type, member) \
    LIMITER_STATIC_ASSERT(offsetof(type, member) == 0, #type " must begin with its target")

/* The tables; flue_memory_bytes() and the like take their address. */
extern const struct flue_spec limiter_spec;

/* Bytes of memory that limiter_init() needs; 0 if the configuration is impossible. */
size_t limiter_memory_bytes(const struct flue_config *config);

/* The first function that these tables lack, like "binding.NAME"; NULL if they have all. */
const char *limiter_missing(const struct limiter_binding *binding,
                            const struct limiter_completions *completions,
                            const struct limiter_indications *indications);

/*
 * Make a target of `memory` (aligned to 64 bytes, the caller's, kept until the target is removed
 * and quiet). The tables must live as long; every member but the doorbell is needed, or the answer
 * is FLUE_BAD_CONFIG and limiter_missing() names it. `config` is copied; its table members are
 * set here.
 */
enum flue_error limiter_init(struct limiter_target *target, const struct flue_config *config,
                             const struct limiter_binding *binding,
                             const struct limiter_completions *completions,
                             const struct limiter_indications *indications, void *memory,
                             size_t bytes);

/*
 * The host's calls. Each queues the tree (a chain of roots) and returns at once; it is completed
 * later, exactly once, from inside flue_poll(). Any thread. `adapter` is the target's address.
 */
/* Put a meter on a port. */
void limiter_create(void *adapter, struct limiter_node *root);
/* Change a meter's limits. */
void limiter_modify(void *adapter, struct limiter_node *root);
/* Read what a meter was told and what it counted. */
void limiter_inspect(void *adapter, struct limiter_node *root);
/* Take a meter away; its last count goes back to the host. */
void limiter_withdraw(void *adapter, struct limiter_node *root);

/*
 * The hardware answered a command. Any thread, also from inside the binding's function. False: no
 * command was waiting with this cookie (late, twice, unknown); it is counted, nothing else happens.
 */
bool limiter_done(struct limiter_target *target, flue_cookie cookie, enum limiter_result result);

/* The same for commands that bring data; it is copied. NULL where the command failed. */
bool limiter_read_count_done(struct limiter_target *target, flue_cookie cookie,
                             enum limiter_result result,
                             const struct limiter_read_count_data *data);
bool limiter_remove_meter_done(struct limiter_target *target, flue_cookie cookie,
                               enum limiter_result result,
                               const struct limiter_remove_meter_data *data);
/* Names for logs; "?" for what there is none of. */
const char *limiter_kind_name(unsigned kind);
const char *limiter_operation_name(unsigned operation);
const char *limiter_event_name(unsigned event);
const char *limiter_state_name(unsigned kind, unsigned state);
const char *limiter_command_name(unsigned kind, unsigned command);
const char *limiter_result_name(unsigned result);
const char *limiter_status_name(int32_t status);

#ifdef __cplusplus
}
#endif

#endif
