/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * im.h: what the files of flue_im.sys share.
 *
 * An intermediate driver is a target whose hardware is other targets. So it is the target of
 * spec/chimney once more, with another binding: a command is a call of NdisInitiateOffload() and
 * its like, the answer is the completion by the lower driver. Walks, links, orders, undo, statuses
 * and completions are the runtime's; none of them is here.
 *
 *     entries.c    the fixed pool of entries: what a lower driver has of an object
 *     translate.c  arguments of a command to the state behind a node, and back
 *     calls.c      the fixed pool of jobs; down, up, and what a job is answered by
 *     commands.c   the binding: which call a command is
 *     failover.c   which lower drivers are used; pause, upload all, resume
 *     data.c       what is handed over for connections: down, up, lent
 *     upper.c      the miniport's edge: states, requests, frames
 *     requests.c   requests that the lower drivers answer
 *     poll.c       the DPC and the timer: all of the work
 *     events.c     what lower drivers say of objects
 *     lower.c      the protocol's edge: bind, unbind, status
 *     capabilities.c  what lower drivers have, and the host is offered
 *     adapter.c    the adapter's begin and end
 *     driver.c     DriverEntry
 *
 * All of this is touched by one DPC alone. What comes on other threads is queued for it: completed
 * calls in a list, indications in another, states in atomic flags. Lists of data alone go up and
 * back at once.
 */
#ifndef NDIS_IM_H
#define NDIS_IM_H

#include <stdatomic.h>
#include <stdbool.h>

#include "chimney.h"
#include "general.h"
#include "ndis6_im.h"

enum { LOWERS = 2, ADDRESS_BYTES = 16, STATE_BYTES = 200 };

enum entry_state {
    ENTRY_FREE,
    ENTRY_ADDING,   /* an initiate is with the lower driver */
    ENTRY_HELD,     /* the lower driver has it */
    ENTRY_ORPHAN,   /* either, and no object here has it any more: it is to be taken back */
    ENTRY_ABANDONED /* the lower driver could not give it back: used again last of all */
};

/* What a lower driver has of an object; valid as long as it may name it. */
struct entry {
    struct chimney_offload_handle handle; /* the first: a lower driver names the entry by it */
    flue_name name;                       /* of the object here */
    uint8_t kind, variant, lower, state;  /* enum entry_state */
    bool busy;                            /* a call that names it is out */
    bool asked_back;                      /* once, in vain; or it was said to be lost */
    uint32_t reachable_at;                /* moment of the host's proof, of a neighbor */
    uint32_t came;                        /* the round of initiates in which it came */
    _Atomic(NET_BUFFER_LIST *) brought;   /* sends that came with the initiate, by Next */
    _Atomic(uint32_t) bringing;           /* somebody sends them now, or asks for data */
    _Atomic(uint32_t) users; /* handlers of the host's that hand something down for it */
    atomic_bool leaves;      /* no more of them: a terminate is with the lower driver, or soon */
    atomic_bool awaited;     /* the DPC waits for the last of them */
    bool owned;              /* that has succeeded: they are ours */
    union {                  /* what the lower driver was told last */
        struct chimney_neighbor_cached neighbor;
        struct chimney_path_cached path;
        struct chimney_tcp_cached tcp;
    } cached;
    struct entry *next;                /* in the free list */
    _Atomic(uint32_t) events, backlog; /* what the lower driver said, and nobody was told yet */
    atomic_bool is_noted;              /* in the list of those that have some */
    struct entry *next_noted;
};

/* One call of a lower driver: its tree of one or two nodes, and the state behind the last. */
struct call {
    struct chimney_node_protocol link; /* what the object stands on, where that is named */
    struct chimney_node_protocol node;
    _Alignas(8) uint8_t state[STATE_BYTES]; /* follows the node, without a gap */
    uint8_t addresses[2][ADDRESS_BYTES];
    struct job *job;
    struct entry *entry;
    struct call *next; /* completed, in the list */
    uint8_t operation, state_class;
};
_Static_assert(offsetof(struct call, state) ==
                   offsetof(struct call, node) + sizeof(struct chimney_node_protocol),
               "the state follows its node");

enum stage { STAGE_ONLY, STAGE_FIRST, STAGE_LAST, STAGE_TAKE_BACK };

/* What is under way for one command, in one or both of the lower drivers. */
struct job {
    struct call calls[LOWERS];
    flue_cookie cookie; /* 0: of nobody */
    uint8_t kind, command, stage, waits;
    bool has_data, good;     /* good: for one lower driver at least */
    enum chimney_result bad; /* the first bad result; OK: none */
    union {
        struct chimney_remove_neighbor_data neighbor; /* of read_neighbor, too */
        struct chimney_read_tcp_data read_tcp;
        struct chimney_remove_tcp_data remove_tcp;
    } data;
    struct chimney_restart_args restart;
    flue_name name;   /* of a connection that was taken back */
    struct job *next; /* in the free list */
};

/* Of a list that is lent to the host: whose it is, and the word that now leads here. */
struct record {
    struct lower *lower;
    PVOID word;
    _Atomic(uint32_t) after; /* in the list of those that are free */
};

struct lent {
    struct record *all;
    _Atomic(uint64_t) free;
};

/* Received data that a terminate took along: the host has it when the connection has ended. */
struct given {
    flue_name name;
    NET_BUFFER_LIST *lists;
};

/* As a lower driver fills it. */
union statistics {
    TCP_OFFLOAD_STATS tcp;
    IP_OFFLOAD_STATS ip;
    uint64_t longs[8];
};
_Static_assert(sizeof(union statistics) == sizeof(IP_OFFLOAD_STATS), "the numbers are all of it");

/* Connections that there is room for, and of what kind. */
struct offer {
    uint32_t connections;
    uint16_t encapsulation, services;
};

enum unbinding { UNBIND_NOT, UNBIND_ASKED, UNBIND_ANSWERED };

/* What the NIC of an offload target is elsewhere. */
struct lower {
    struct im *im;
    NDIS_HANDLE binding;                        /* NULL: none */
    _Atomic(struct offer) has;                  /* by its capabilities; no room: not known */
    uint32_t calls;                             /* that are out */
    _Atomic(struct entry *) *of[CHIMNEY_KINDS]; /* its entry of each object here; NULL: none */
    uint32_t entries;                           /* of them that are not NULL */
    _Atomic(uint32_t) lent;                     /* lists of its own that the host has */
    bool member;                                /* new objects go to it */
    atomic_bool bound;                          /* wholly */
    atomic_bool paused, failed;                 /* said by the lower driver, or by NDIS */
    _Atomic(uint8_t)
        unbinding; /* enum unbinding: somebody waits at `event` until nothing is left */
    KEVENT event;
    NDIS_STATUS status; /* of what was waited for */
    NDIS_OID_REQUEST request;
    union statistics statistics;
    NDIS_STATUS answer;
    atomic_bool asked; /* the request is with the lower driver */
    bool takes_part;   /* in the one that waits */
};

struct im {
    struct chimney_target target; /* the first: its address is NDIS's context */
    NDIS_HANDLE handle, timer;
    KDPC dpc;
    KEVENT halted;
    struct chimney_completions completions; /* the addresses in ndis.sys */
    struct chimney_indications indications;
    NDIS_TCP_OFFLOAD_EVENT_HANDLERS tcp;
    NDIS_TCP_CONNECTION_OFFLOAD capabilities; /* that the host knows */
    uint32_t capacity[CHIMNEY_KINDS];
    struct lower lowers[LOWERS];
    void *memory;
    struct entry *entries, *free_entries;
    struct job *jobs, *free_jobs;
    uint32_t entry_count, job_count, jobs_out, cursor;
    uint32_t orphans, abandoned; /* entries */
    _Atomic(struct call *) completed;
    _Atomic(struct entry *) noted; /* that have something to say */
    _Atomic(NDIS_OID_REQUEST *) request;
    NDIS_OID_REQUEST *waiting;          /* for the lower drivers */
    _Atomic(NET_BUFFER_LIST *) refused; /* chains */
    NDIS_HANDLE pool;                   /* of lists of our own */
    NET_BUFFER_LIST **own;
    atomic_bool *own_out;
    struct lent lent;
    struct given *given;           /* by connection */
    NET_BUFFER_LIST *aborted;      /* sends that wait for the end of initiates, by Next */
    _Atomic(uint32_t) lists_below; /* with the lower drivers */
    _Atomic(uint32_t) round;       /* changes whenever no initiate is under way */
    uint64_t waits_since;          /* data waits for that; 0: none does */
    atomic_bool pausing, paused_above, resetting, removed, halting, reset_wanted, shut_down;
    bool ending;             /* a reset or a removal has begun, and not all is back */
    bool paused, host_waits; /* the host is to wait; it was told so */
    bool uploading;          /* the host was asked for everything */
    uint64_t failovers;
    struct general general;
};
CHIMNEY_ADAPTER_BEGINS_WITH(struct im, target);

extern NDIS_HANDLE driver_handle, protocol_handle;
/* There is one adapter, above all that is bound. */
extern struct im *the_im;

/* ---- entries.c ----------------------------------------------------------------------------- */

bool entries_open(struct im *im);
void entries_close(struct im *im);
/* NULL: none is left. */
struct entry *entry_take(struct im *im, uint8_t lower, uint8_t kind, uint8_t variant,
                         flue_name name);
void entry_free(struct im *im, struct entry *e);
/* The object here has it no more, and the lower driver perhaps. */
void entry_abandon(struct im *im, struct entry *e);
/* The same, and it is to be taken back. */
void entry_orphan(struct im *im, struct entry *e);
struct entry *entry_of(const struct im *im, uint8_t lower, uint8_t kind, uint32_t index);
/* True: nobody hands anything down for it, or will; so it may be taken back. */
bool entry_leaves(struct entry *e);
/* All that a lower driver had, when it is unbound. */
void entries_forget(struct im *im, uint8_t lower);

/* ---- translate.c --------------------------------------------------------------------------- */

void translate_neighbor(struct call *call, const struct chimney_add_neighbor_args *args);
void translate_path(struct call *call, const struct chimney_add_path_args *args);
void translate_tcp(struct call *call, const struct chimney_add_tcp_args *args);
/* The cached state as the entry has it, to be changed. */
void *translate_cached(struct call *call);
/* Room for the delegated state; what came back in it. */
void translate_room(struct call *call);
void translate_answer(struct job *job, const struct call *call);
/* What was told by a call that succeeded is what the lower driver has. */
void translate_keep(struct call *call);
enum chimney_result translate_status(uint8_t kind, uint8_t operation, int32_t status);
uint8_t translate_type(uint8_t kind, uint8_t variant, uint8_t state_class);
enum { CLASS_CONST, CLASS_CACHED, CLASS_DELEGATED, CLASS_ALL };

/* ---- calls.c ------------------------------------------------------------------------------- */

bool calls_open(struct im *im);
/* NULL: none is left. Its calls are begun, filled, and made when calls_send() is called. */
struct job *job_take(struct im *im, flue_cookie cookie, uint8_t kind, uint8_t command);
struct call *call_begin(struct job *job, struct entry *e, uint8_t operation, uint8_t state_class);
/* The node depends on that object: an initiate builds on it, an update moves to it. */
void call_link(struct call *call, struct entry *to);
/* Without a call, answers. */
void calls_send(struct im *im, struct job *job);
/* From any thread. */
void calls_completed(struct im *im, struct chimney_node_protocol *root);
/* What has come back. */
void calls_take(struct im *im);
/* Takes back what no object here has any more, or all that there is; true: nothing is left. */
bool calls_take_back(struct im *im, bool all);

/* ---- commands.c ---------------------------------------------------------------------------- */

extern const struct chimney_binding im_binding;
/* The second call of a restart in two. */
void commands_restart_again(struct job *job, struct entry *e);

/* ---- data.c -------------------------------------------------------------------------------- */

extern const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS data_handlers;
bool data_open(struct im *im);
void data_close(struct im *im);
/* A lower driver's calls, from any thread. */
void data_sent(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists);
void data_filled(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists);
void data_disconnected(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists);
void data_forwarded(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists);
NDIS_STATUS data_received(NDIS_HANDLE offload_context, NET_BUFFER_LIST *list, NDIS_STATUS with,
                          ULONG *consumed);
/* Lists that are lent, to their lower drivers. */
void data_return(struct im *im, NET_BUFFER_LIST *lists);
/* What a terminate takes along is the host's. False: there are no records, and none is lent. */
bool data_lend(struct lower *lower, NET_BUFFER_LIST *lists);
/* The lower driver indicates what was refused here. False: it is too early. */
bool data_ask_again(struct im *im, struct entry *e);
/* Sends that came with an initiate go down when that is over; false: not yet. */
bool data_bring(struct im *im, struct entry *e);
/* The connection leaves; all do, in a reset. */
void data_remove(struct im *im, struct entry *e);
void data_abort(struct im *im);
/* Went with a terminate; a reset has begun, and the host may never see it. */
void data_given(struct im *im, flue_name name, NET_BUFFER_LIST *lists);
void data_forgotten(struct im *im);
/* What is refused stays behind what came before, which is not back yet. */
bool data_holds(const struct im *im);
/* After each poll. */
void data_follow(struct im *im);
/* Data has waited too long for a moment at which no initiate is under way: there must be one. */
bool data_starves(const struct im *im);
/* No lower driver has a list of the host's, nor the host one of theirs. */
bool data_is_back(struct im *im);

/* ---- failover.c ---------------------------------------------------------------------------- */

void failover_follow(struct im *im);

/* ---- upper.c ------------------------------------------------------------------------------- */

/* From any thread: a chain that goes nowhere, and comes back in the DPC. */
enum way { WAY_FRAMES, WAY_SEND, WAY_RECEIVE, WAY_DISCONNECT, WAY_FORWARD };
void upper_refuse(struct im *im, enum way way, NET_BUFFER_LIST *lists, NDIS_STATUS status);
void upper_free(struct im *im);
extern const ULONG upper_oids[];
extern const ULONG upper_oid_bytes;
void upper_handlers(NDIS_MINIPORT_DRIVER_CHARACTERISTICS *characteristics);
void upper_reset_wanted(void *im);
void upper_follow(struct im *im);

/* ---- requests.c ---------------------------------------------------------------------------- */

/* False: it is none of those. */
bool requests_begin(struct im *im, NDIS_OID_REQUEST *request);
/* From any thread. */
void requests_answered(struct lower *lower, NDIS_STATUS status);
void requests_follow(struct im *im);

/* ---- poll.c -------------------------------------------------------------------------------- */

void poll_soon(void *im);
KDEFERRED_ROUTINE poll_dpc;
NDIS_TIMER_FUNCTION poll_timer;
void poll_status(void *driver, struct chimney_status_indication *indication);
void poll_event(void *driver, struct chimney_node *node, uint32_t code);

/* ---- events.c ------------------------------------------------------------------------------ */

void events_of_tcp(NDIS_HANDLE offload_context, ULONG code, ULONG detail);
void events_of_neighbor(NDIS_HANDLE binding_context, struct chimney_node_protocol *node,
                        ULONG code);
void events_follow(struct im *im);
/* To be done when it may be: data_ask_again(), unless the host posts a receive; data_bring(). */
void events_ask_again(struct entry *e);
void events_ask_no_more(struct entry *e);
bool events_asks(struct entry *e);
void events_bring(struct entry *e);

/* ---- lower.c ------------------------------------------------------------------------------- */

NDIS_STATUS lower_register(void);
void lower_unregister(void);
/* Ends what NDIS waits for. */
void lower_follow(struct im *im);

/* ---- capabilities.c ------------------------------------------------------------------------ */

/* At PASSIVE_LEVEL, with the binding open. */
NDIS_STATUS capabilities_ask(struct lower *lower);
/* It resumes, and may say what it has from now on. */
void capabilities_heard(struct lower *lower, const struct chimney_status_indication *indication);
void capabilities_forget(struct lower *lower);
/* What the host is to know. */
void capabilities_offer(const struct im *im, NDIS_TCP_CONNECTION_OFFLOAD *offered);
/* The host knows something else: it is to be paused. True until it waits, and was told. */
bool capabilities_changed(struct im *im);

/* ---- adapter.c ----------------------------------------------------------------------------- */

struct im *adapter_open(void);
void adapter_close(void);
NDIS_STATUS adapter_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PVOID parameters);
void adapter_halt(NDIS_HANDLE context, int action);

#endif
