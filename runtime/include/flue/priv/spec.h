/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/spec.h: the tables a generated target is made of.
 *
 * Written by the compiler, read by the runtime; a driver never needs them. Everything here is
 * constant data plus a few small functions per kind of object, so that the runtime knows objects,
 * operations and statuses only as numbers.
 *
 *     example
 *     const struct flue_spec example_spec = {
 *         .name = "example", .abi = FLUE_ABI, .kinds = example_kinds, .kind_count = 1,
 *     };
 */
#ifndef FLUE_PRIV_SPEC_H
#define FLUE_PRIV_SPEC_H

#include "flue/flue.h"

#define FLUE_LINK_GONE 0xfffffffeu /* asked to link to an object that is not there any more */
#define FLUE_LINK_NONE 0xfffffffdu /* asked to link to nothing from now on */
#define FLUE_MAX_LINKS 4           /* of an object to others */
#define FLUE_ALL_LINKS 15u
#define FLUE_NO_MEMBER UINT16_MAX

struct flue_object;

/* Classes of variables, as bits and as positions in an array of structures. */
enum flue_class { FLUE_CONST, FLUE_CACHED, FLUE_DELEGATED, FLUE_REQUEST, FLUE_CLASSES };
#define FLUE_CLASS_BIT(c) ((uint8_t)(1u << (c)))
#define FLUE_ALL_CLASSES \
    7u /* that an object can have; nobody keeps what a request says of itself */

/* What it means that the hardware does not have the object of a command. */
enum flue_gone {
    FLUE_GONE_NEVER, /* nonsense: it was to be added */
    FLUE_GONE_DONE,  /* nothing is lost: it was to be removed, and nothing comes with that */
    FLUE_GONE_LOST   /* as if the hardware had been reset, for this object */
};

/* A status in an arm: an index into the spec's table, or one of these. */
#define FLUE_STATUS_NONE 63u         /* the arm gives none */
#define FLUE_STATUS_FROM_COMMAND 62u /* the first bad result, mapped by the operation */

enum flue_verb { FLUE_DO_NOTHING, FLUE_DO_SEND, FLUE_DO_PLAN, FLUE_DO_UNDO, FLUE_DO_DEFER };

#define FLUE_ARM_SETS 0x80u /* among the marks of an arm: it sets variables; one test for both */
FLUE_STATIC_ASSERT(FLUE_MAX_MARKS < 8, "FLUE_ARM_SETS is no mark");

/* What a transition asks of the runtime. Arm 0 of every kind is the impossible one. */
struct flue_arm {
    uint8_t verb;      /* enum flue_verb */
    uint8_t status;    /* for the node that the event answers or brings */
    uint8_t marks;     /* set on the object, as bits, and FLUE_ARM_SETS */
    uint8_t clears;    /* marks taken from it, as bits */
    uint8_t notify;    /* the host by this of the kind's calls, counted from 1; 0: no */
    uint8_t sets;      /* variables of the object, by this of the kind's lists, from 1; 0: none */
    uint32_t commands; /* SEND: the one to send; UNDO: those to be undone, as bits */
    uint16_t line;     /* that decided, for traces: in the object's spec file */
    bool by_default;   /* no: in the target's, among its defaults */
    bool again;        /* what has just failed, as if it were the first time */
};

/* Busy with nothing under way, for what becomes of the whole request; a table's row stays small. */
enum flue_waits {
    FLUE_WAITS_NOT,
    FLUE_WAITS,
    FLUE_WAITS_USABLE /* and others of the same request may be linked to it */
};

/* What the hardware has of an object. */
enum flue_hardware {
    FLUE_HARDWARE_HAS,     /* it, or it may: it is busy */
    FLUE_HARDWARE_HAS_NOT, /* so no command may name it as what another links to */
    FLUE_HARDWARE_UNSURE   /* what nobody knows, and it rests */
};

enum flue_state_sort { FLUE_RESTING, FLUE_BUSY, FLUE_RESTORING };

struct flue_state {
    const char *name;
    uint8_t sort;       /* enum flue_state_sort */
    uint8_t operation;  /* that it is busy with, or FLUE_NO_BYTE */
    bool host_has;      /* the host holds its handle */
    uint8_t hardware;   /* enum flue_hardware */
    bool unusable;      /* nothing may be linked to an object in this state */
    uint8_t ends_marks; /* marks that end on the way into this state, as bits */
    bool restores;      /* resting, and may be put back into the hardware after a reset */
    uint8_t waits;      /* enum flue_waits */
};

#define FLUE_UNDO_NONE 0xffu
#define FLUE_UNDO_OLD_VALUES 0xfeu

struct flue_command {
    const char *name;
    uint32_t timeout_ms;
    uint16_t data_bytes;       /* of the data its answer brings; 0 if none */
    uint8_t undo;              /* a command's index, or FLUE_UNDO_... */
    bool unchanged_on_failure; /* an answered failure left the hardware as it was */
    bool irreversible;         /* sent last, when all others of the plan are done */
    bool takes_away;           /* may use the slots that are kept for giving objects back */
    bool adds;                 /* the hardware has the object by it: a new entry */
    uint8_t gone;              /* enum flue_gone */
    uint8_t stands_on;         /* links, as bits, whose ends must be there when it is sent */
    uint32_t carries_own;      /* of the numbers that the hardware chose for the object, as bits */
    uint32_t
        carries_linked[FLUE_MAX_LINKS]; /* by link, of those that it chose for what is linked to */
    uint32_t brings;                    /* of the object's: its answer brings them */
    uint32_t loses;                     /* and those are not known any more where it failed */
    uint8_t answer_count;               /* of the spec's bad results that the hardware may give */
    const uint8_t *answers;
};

/* Something that the device does by itself to an object. */
struct flue_device_event {
    const char *name;
    uint16_t data_bytes;
    bool claims; /* something of the entry: that the hardware has it no more, or may not */
};

/* What guards, comparison and copy may look at. */
struct flue_guard_context {
    const struct flue_target *target;
    const struct flue_object *object;
    void *state[FLUE_CLASSES]; /* the host's structures behind the node; NULL where none is used */
    uint8_t asked;             /* classes the node names, as bits */
    uint8_t operation;         /* that brought the node, or FLUE_NO_BYTE */
    /* By link: index of the object to link to, FLUE_LINK_..., or FLUE_NONE for no change. */
    uint32_t new_links[FLUE_MAX_LINKS];
};

/* What a command is made of. `q->state` NULL for a class: take the object's own (old) values. */
struct flue_issue {
    struct flue_guard_context q;
    void *adapter;
    flue_cookie cookie;
    flue_name name;  /* of this life of the object; see flue_name */
    uint8_t old;     /* links of which it carries what they are, not what they are to be, as bits */
    uint8_t command; /* within the kind */
};

struct flue_request;
struct flue_walk;

/* One operation's way over nodes of one kind that is nearly always enough; see fast_path.h. */
struct flue_fast_path {
    uint8_t operation;
    /* Goes on with a ring of walks until one ends or needs the slow path, or the budget ends. */
    void (*visit)(struct flue_target *target, struct flue_request *request,
                  struct flue_walk *first);
    /* Takes answers from this entry of the queue on; the first that needs the slow path, or 0. */
    uint32_t (*done)(struct flue_target *target, uint32_t entry);
    /* The same for answers that the owner itself has reaped; returns how many it took. */
    size_t (*reaped)(struct flue_target *target, const struct flue_answer *answers, size_t count);
    /* The same, and every step is traced; NULL in itself. */
    const struct flue_fast_path *traced;
};

/* A link to an object of another kind. That by the node above is the first of its kind's. */
struct flue_link_spec {
    const char *name;
    uint8_t to;  /* kind */
    uint8_t by;  /* class in whose structure the handle is, or FLUE_NO_BYTE: the node above */
    uint16_t at; /* where in that structure: u64, 0 for no object */
    uint32_t operations; /* that lay or move it, as bits */
    bool optional;
};

struct flue_kind {
    const char *name;
    const char *file;                   /* of its spec, without the folder */
    const struct flue_link_spec *links; /* NULL if there are none */
    uint8_t link_count;
    uint16_t stands_on;     /* kinds that its links lead to, by way of others too, as bits */
    uint8_t full_status;    /* its pool has no entry left */
    bool variant_from_link; /* takes its variant from the object of the node above */
    uint8_t state_count;    /* states are 1..state_count; 0 is impossible */
    uint8_t start;          /* where an unused object rests */
    uint8_t command_count;
    uint8_t stored; /* classes the object keeps a copy of, as bits */
    uint16_t arm_count;
    uint16_t class_bytes[FLUE_CLASSES]; /* of the host's structures; 0 where there is none */
    uint32_t object_bytes;              /* of the generated object, struct flue_object first */
    uint32_t known_at;                  /* offset in it: u32, the numbers that the hardware has
                                           told, as bits; 0: it chooses none */
    uint32_t irreversible;              /* commands sent after all others, as bits */
    uint8_t notify_marks;               /* marks that the host is notified of, as bits */
    uint8_t event_count;                /* of the device */
    const struct flue_state *states;    /* [0] is the impossible state */
    const struct flue_arm *arms;
    const struct flue_command *commands;
    const struct flue_device_event *events;

    const struct flue_fast_path *fast_path; /* NULL if there is none */

    /* The machine: pure, never touches the object. Returns the new state, 0 if impossible. */
    uint8_t (*step)(const struct flue_guard_context *q, uint8_t state, uint8_t event,
                    uint16_t *arm);
    /* The pointers in the structures that are brought lead somewhere. NULL if there are none. */
    bool (*validate)(const struct flue_guard_context *q);
    /* Commands needed to tell the hardware what the node changes, as bits. */
    uint32_t (*changed)(const struct flue_guard_context *q);
    /* Copy the values of `classes` into the object; ages become moments, pulses are dropped. */
    void (*store)(const struct flue_guard_context *q, struct flue_object *object, uint8_t classes);
    /* Give variables of the object the values of a list; `data`: of the event of the device, if it
     * is one. NULL if no arm sets any. */
    void (*set)(const struct flue_guard_context *q, struct flue_object *object, uint8_t list,
                const void *data);
    /* Overwrite the secrets that the object keeps. NULL if it keeps none. */
    void (*wipe)(struct flue_object *object);
    /* Copy the object's values of `classes` into the host's structures; moments become ages. */
    void (*load)(const struct flue_guard_context *q, uint8_t classes);
    /* Build the arguments and call the driver's binding. */
    enum flue_issued (*issue)(const struct flue_issue *i);
    /* Copy an answer's data into the host's structures. */
    void (*deliver)(const struct flue_guard_context *q, uint8_t command, const void *data);
    /* Make an indication about the object, if its state and condition allow it. May be NULL. */
    bool (*indicate)(const struct flue_guard_context *q, uint8_t indication, uint32_t detail);
    /* Notify the host of an event by the call of an arm. NULL if no arm has one. */
    void (*notify_event)(const struct flue_guard_context *q, uint8_t call, const void *data);
    /* Notify the host of `marks`: make the indications that the spec names. May be NULL. */
    void (*notify)(const struct flue_guard_context *q, uint8_t marks);
};

enum flue_role { FLUE_PLACEHOLDER, FLUE_NEW, FLUE_REFERENCE };
enum flue_order { FLUE_ANY_ORDER, FLUE_PARENTS_FIRST, FLUE_DEPENDENTS_FIRST };

/* One line of a roll-up table: the first that fits decides. */
enum flue_own { FLUE_OWN_ANY, FLUE_OWN_GOOD, FLUE_OWN_BAD };
enum flue_dependents {
    FLUE_DEPENDENTS_ANY,
    FLUE_DEPENDENTS_SOME_BAD,
    FLUE_DEPENDENTS_ALL_GOOD,
    FLUE_DEPENDENTS_ALL_BAD /* and there are some */
};
#define FLUE_STATUS_OWN 63u
struct flue_roll_up {
    uint8_t role;       /* enum flue_role */
    uint8_t own;        /* enum flue_own */
    uint8_t dependents; /* enum flue_dependents */
    uint8_t status;     /* an index, or FLUE_STATUS_OWN */
};

#define FLUE_USES_ANY 0x80u /* state_used: whatever the type names */
#define FLUE_RETURNS_ASKED 0x80u

struct flue_operation {
    const char *name;
    /* One node names an object, and all that stands on it is reached; see dependents.c. */
    bool reaches_dependents;

    bool reaches_new;      /* creates objects; else works on existing ones */
    bool brings_link;      /* the node above is the object to link to */
    bool ends;             /* takes objects away, of some kinds at least: their handles end */
    uint8_t order;         /* enum flue_order */
    uint8_t parent_failed; /* status of nodes under a failed one (parents_first) */
    uint8_t brings;        /* classes, as bits */
    uint8_t returns;       /* classes, as bits, or FLUE_RETURNS_ASKED */
    uint8_t state_used;    /* the exact classes a type must name, or FLUE_USES_ANY; 0 for none */
    uint16_t null_after;   /* offset of a node member set to NULL at the end, or FLUE_NO_MEMBER */
    bool held;             /* waits while the target is paused */
    bool together;         /* done for all nodes of a request, or taken back for all */
    uint8_t aborted;       /* status of nodes that had no part in that it is taken back */
    uint16_t others;       /* kinds it is not about, as bits: their nodes are refused */
    uint8_t others_status; /* by this */
    uint8_t removed;       /* status given once the target is removed, FLUE_STATUS_NONE: step on */
    uint8_t roll_up_count;
    const struct flue_roll_up *roll_up;
    const uint8_t *status_of_result; /* by result */
};

struct flue_status {
    const char *name;
    int32_t value;
    bool good;
};

struct flue_mark {
    const char *name;
};

struct flue_type_code {
    uint8_t kind;    /* FLUE_NO_BYTE: no such code */
    uint8_t variant; /* FLUE_NO_BYTE: none */
    uint8_t classes; /* as bits */
};

/* Where the runtime finds what it needs in the host's node; offsets in bytes. */
struct flue_node_layout {
    uint16_t bytes; /* a state structure follows at this distance */
    uint16_t next, dependents, status, type, context;
    uint16_t host_handle; /* FLUE_NO_MEMBER if there is none */
    uint16_t scratch[4];
    uint8_t type_bytes;   /* 1, 2 or 4 */
    bool context_points;  /* the member points to the handle's cell; else it is the cell */
    uint16_t length;      /* of u32 Length in a state structure, or FLUE_NO_MEMBER */
    uint16_t reached;     /* u32: how many dependents an operation reached */
    uint16_t failed;      /* u32: and how many of them failed */
    uint8_t states_align; /* each state structure starts at a multiple of this */
    uint8_t role[2][2];   /* enum flue_role by [pointer set][value set] */
    uint16_t type_code_count;
    const struct flue_type_code *type_codes; /* by code */
};

/* A function that a table of the driver's or the host's must have; lists end with a NULL name. */
struct flue_member {
    const char *name;
    uint16_t at; /* in the table; FLUE_NO_MEMBER: the table itself */
};

/* What becomes of elements in a state of their object. */
enum flue_transfers_in {
    FLUE_TRANSFERS_WAIT,  /* or are refused, if it rests */
    FLUE_TRANSFERS_GO,    /* the hardware takes them */
    FLUE_TRANSFERS_END,   /* it rests, and the hardware has it no more */
    FLUE_TRANSFERS_ENDING /* it is busy with what takes it away */
};

/*
 * What the host hands over for an object again and again, while the object stays as it is: packets
 * to send, work requests. Each element of a chain completes once; see transfer.c. The words in an
 * element that are the target's: two of 8 bytes, and one for a pointer before them.
 */
struct flue_transfer {
    const char *name;
    uint8_t kind;     /* of the object */
    uint8_t queue;    /* those of one queue keep their order; numbers of the kind's from 0 */
    uint8_t taken;    /* status of an element while the hardware has it, and it says no other */
    uint8_t refused;  /* of what comes where the hardware cannot take it */
    uint8_t ending;   /* of what comes while an operation is ending the object */
    uint8_t returned; /* of what the hardware had or was to get when the host got the object back */
    uint8_t reset;    /* and when the hardware forgot the object; of what comes after that, too */
    uint64_t statuses;     /* as bits: which the hardware may say */
    const uint8_t *states; /* by state: enum flue_transfers_in */
    enum flue_issued (*take)(struct flue_target *target, const struct flue_taken *taken);
    void (*complete)(struct flue_target *target, void *chain);
};

/* Where the runtime finds what it needs in an element of a chain; offsets in bytes. */
struct flue_chain_layout {
    uint16_t next, status;
    uint16_t words[3];
};

struct flue_spec {
    const char *name;
    const char *file; /* of the target's spec, without the folder */
    uint32_t abi;
    uint64_t digest; /* of what the spec says: a trace names the spec by it */
    uint8_t kind_count, operation_count, status_count, result_count, mark_count, parameter_count;
    uint8_t success;      /* status of a node whose own part is trivially good */
    uint8_t stale_handle; /* the handle names no object of this target; any other misuse, too */
    uint8_t unusable_marks;
    uint64_t unusable_along; /* links along which these count, too; see flue_marks_along() */
    uint16_t data_bytes;     /* the largest data of any answer */
    uint16_t event_bytes;    /* the largest data of any event of the device */
    const struct flue_node_layout *node;
    const struct flue_kind *kinds; /* lowest layer first */
    const struct flue_operation *operations;
    const struct flue_status *statuses;
    const struct flue_mark *marks;
    const char *const *results;                                                  /* names */
    void (*complete)(struct flue_target *target, uint8_t operation, void *root); /* host's call */
    void (*doorbell)(struct flue_target *target);
    /* Make an indication about the target itself. */
    void (*indicate)(struct flue_target *target, uint8_t indication, uint32_t detail);
    uint8_t pause_indication, resume_indication; /* or FLUE_NO_BYTE */
    uint8_t transfer_count;
    const struct flue_transfer *transfers; /* NULL if there are none */
    const struct flue_chain_layout *chain;
};

#endif
