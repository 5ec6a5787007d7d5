/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_device.h: a software NIC for any target, driven by tables made of its spec.
 *
 * `flue device` writes the tables and the binding of one target (limiter_device.h); this is what is
 * the same for all. A program opens the device through the generated header, submits requests, and
 * steps device and runtime until both are quiet:
 *
 *     example
 *     struct limiter_device nic;
 *     limiter_device_open(&nic, &config, NULL, &completions, &indications);
 *     limiter_create(&nic, root);            // the adapter is the target's address
 *     while (flue_device_work(nic.device))   // a step of the device, and polls
 *         ;
 *     limiter_device_close(&nic);
 *
 * A command is taken into a ring, carried out some steps later, answered some steps after that.
 * Commands to one entry are carried out in the order of issue; answers, and commands to different
 * entries, may overtake each other. What strikes a command is decided when it is taken: by a fault
 * that was set for it, else by the chances of the options, from one seed.
 *
 * What no runtime that keeps its promises sends (an entry added on a taken place, a write to one
 * that is not there, a link to what is missing ...) is counted by sort, and told in words. While it
 * is open what the device has of an entry, because an answer was bad, lost or late, or the entry
 * vanished, nothing of that entry counts as wrong.
 *
 * Threads: any thread may call; calls lock the device for a short time, and never while the runtime
 * is called. Steps are made by one thread at a time: the caller's, or that of flue_device_start().
 * Memory is taken by flue_device_open() only. system.h says what is asked of the system below.
 */
#ifndef FLUE_DEVICE_H
#define FLUE_DEVICE_H

#include "flue/priv/target.h"

#include "flue_device_spec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flue_device;

/* Begins each entry of the generated headers. A place is an index of a kind's table. */
struct flue_device_entry {
    flue_name name;                 /* of the object's life by which the entry was added */
    uint32_t links[FLUE_MAX_LINKS]; /* indexes of what it stands on, or FLUE_NONE */
    uint8_t variant;                /* or FLUE_NO_BYTE */
    bool there;                     /* the device has it; else the rest is what it had last */
    bool doubt;                     /* the runtime may not know whether it is there */
    uint16_t moving;                /* commands under way that add or remove it */
    uint32_t carried_out;           /* commands since it was added, as bits by their numbers */
    uint64_t due;                   /* step in which the last command to it is carried out */
    uint64_t settled;               /* serial of the last command whose outcome is known */
    uint64_t excused; /* commands up to this one were issued before the runtime heard it is gone */
    flue_cookie gone_by; /* of the command whose answer said so */
};

/* What may happen to a command. */
enum flue_device_fault {
    FLUE_DEVICE_FINE,
    FLUE_DEVICE_REFUSED,     /* a bad result, and nothing changed */
    FLUE_DEVICE_HALF_DONE,   /* a bad result, though it was carried out; or unsure, where the spec
                                says that a failure changes nothing */
    FLUE_DEVICE_UNSURE_DONE, /* answered unsure, and carried out */
    FLUE_DEVICE_UNSURE_NOT,  /* answered unsure, and not carried out */
    FLUE_DEVICE_NOT_DONE,    /* lost: never carried out, never answered */
    FLUE_DEVICE_NO_ANSWER,   /* carried out, never answered */
    FLUE_DEVICE_LATE,        /* answered `late_steps` later than else */
    FLUE_DEVICE_TWICE,       /* answered, and once more later */
    FLUE_DEVICE_INLINE,      /* carried out and answered inside of the binding's function */
    FLUE_DEVICE_NO_ROOM,     /* the ring is full: FLUE_RING_FULL */
    FLUE_DEVICE_VANISHED,    /* the entry is gone before, unless others stand on it */
    FLUE_DEVICE_FAULTS
};
const char *flue_device_fault_name(unsigned fault);

struct flue_device_options {
    uint64_t seed;                     /* of all that is left to chance; 0 is a seed, too */
    uint32_t ring_entries;             /* commands that it takes; 0: as the target's */
    uint32_t entries[FLUE_MAX_KINDS];  /* of its tables; 0: as many as the pool has */
    uint32_t latency_min, latency_max; /* steps until a command is carried out */
    uint32_t answer_min, answer_max; /* steps from there to its answer: they overtake each other */
    uint32_t late_steps;             /* of FLUE_DEVICE_LATE and FLUE_DEVICE_TWICE; 0: 64 */
    /* Chances in a million: that a fault strikes a command; and of each step. */
    uint32_t chance[FLUE_DEVICE_FAULTS];
    uint32_t event_chance, indication_chance;
    /* Commands of each kind, as bits, that have a ring of their own, which is full meanwhile. */
    uint32_t full[FLUE_MAX_KINDS];
    bool reaps; /* while it runs the runtime asks for its answers, in its polls */
    /* Told of what no runtime sends, in words; under the device's lock. May be NULL. */
    void (*wrong)(void *context, const char *text);
    void *wrong_context;
    /* The same of every command that is carried out, lost or answered, and of what vanishes. */
    void (*story)(void *context, const char *text);
    void *story_context;
    /* The same of every command that is taken, with what it carries; secrets left out. */
    void (*taken)(void *context, const char *text);
    void *taken_context;
    /*
     * The same of an entry: which command was carried out on it; FLUE_NO_BYTE: it is gone without
     * one. For a program that does with entries what a real device does: it looks at them later.
     */
    void (*changed)(void *context, uint8_t kind, uint32_t index, uint8_t command);
    void *changed_context;
    /* What is delegated is 0 in a new entry, and changes by flue_device_with() alone. */
    bool steady;
    uint32_t elements; /* of transfers that it holds at a time; 0: FLUE_DEVICE_ELEMENTS */
    /* Told of each element that is offered, and whether it was taken; without the lock. */
    void (*offered)(void *context, const struct flue_taken *taken, enum flue_issued issued);
    void *offered_context;
};

enum { FLUE_DEVICE_ELEMENTS = 256 };

/* What no runtime that keeps its promises sends. */
enum flue_device_wrong {
    FLUE_DEVICE_OUT_OF_RANGE, /* an index beyond the pool, or of the wrong name */
    FLUE_DEVICE_ADDED_TWICE,  /* an entry on a place that is taken */
    FLUE_DEVICE_NOT_THERE,    /* a command to an entry that is not there */
    FLUE_DEVICE_OTHER_LIFE,   /* a command of one object's life to the entry of another */
    FLUE_DEVICE_NO_LINK,      /* a link to an entry that is not there */
    FLUE_DEVICE_STOOD_ON,     /* an entry removed on which others stand */
    FLUE_DEVICE_OTHER_NUMBER, /* a number that the device did not choose for that entry */
    FLUE_DEVICE_OTHER_VALUE,  /* an entry taken away with a constant that it was not added with */
    FLUE_DEVICE_TAKEN_AGAIN,  /* an answer that was given before, or of before a wipe */
    FLUE_DEVICE_NO_ENTRY,     /* an element of a transfer for an entry that is not there */
    FLUE_DEVICE_OUT_OF_ORDER, /* one whose position is not behind that of the one before it */
    FLUE_DEVICE_WRONGS
};

struct flue_device_counters {
    uint64_t taken, carried_out, answered;
    uint64_t struck[FLUE_DEVICE_FAULTS];
    uint64_t refused_answers; /* the runtime was not waiting for them */
    uint64_t ring_full, events, indications, wiped;
    uint64_t wrong[FLUE_DEVICE_WRONGS], wrongs; /* the sum */
};

/* How the generated adapters begin. */
struct flue_device_adapter {
    struct flue_target target;
    struct flue_device *device;
};

/*
 * A device for the target of an adapter, and memory for both. NULL: there is none. Where `config`
 * has no `wake` or no `reset_wanted` it gets the device's own, for flue_device_work() and
 * flue_device_reset_wanted(); and its `reap`, if the options say so. `options` NULL is all zeros:
 * each step carries out and answers what was taken before it. The generated functions open the
 * target, too: use those.
 */
struct flue_device *flue_device_open(const struct flue_device_spec *spec,
                                     struct flue_device_adapter *adapter,
                                     struct flue_config *config,
                                     const struct flue_device_options *options);
/* The memory that the target is made of. */
void *flue_device_memory(const struct flue_device *d, size_t *bytes);
/* The thread must have been stopped, and nobody use the target any more. NULL is fine. */
void flue_device_close(struct flue_device *d);

/* The options as they are now, to be changed between steps; not seed, ring and tables. */
struct flue_device_options *flue_device_options(struct flue_device *d);

/* For the generated binding: a command with its arguments. */
enum flue_issued flue_device_take(struct flue_device *d, uint8_t kind, uint8_t command,
                                  flue_cookie cookie, const void *args);

/* ---- Time ------------------------ */

/* One step: what is due is carried out and answered. True if commands are still in the ring. */
bool flue_device_step(struct flue_device *d);
/* A step, then polls until the runtime wants no more. True if device or runtime have work left. */
bool flue_device_work(struct flue_device *d);
/*
 * Polls if the runtime has asked for it since the last time, or had more to do than the budget: as
 * a driver does, so that a wake which is forgotten is seen. True if it has work left.
 */
bool flue_device_poll(struct flue_device *d, uint32_t budget);
/* The runtime has asked for a poll that it did not get yet. */
bool flue_device_woken(const struct flue_device *d);
/* True if no command is in the ring and no answer is to come. */
bool flue_device_idle(const struct flue_device *d);
/* A thread of the device's own, which steps while there are commands. False: none to be had. */
bool flue_device_start(struct flue_device *d);
void flue_device_stop(struct flue_device *d);

/* ---- Faults ------------------------ */

/*
 * What strikes the next command of a kind; FLUE_NO_BYTE: any kind, any command. `result` is the bad
 * result that it is answered with, FLUE_NO_BYTE: one of those that the command knows. One that is
 * set again is in a queue, of at most 16. False: that is full.
 */
bool flue_device_strike(struct flue_device *d, uint8_t kind, uint8_t command,
                        enum flue_device_fault fault, uint8_t result);
/* Nothing is left to chance any more, and no fault is set: what is taken from here on goes well. */
void flue_device_be_good(struct flue_device *d);

/*
 * The device does something by itself: an event of its spec, with numbers from the seed; an
 * indication. False: it has no such entry, or the runtime would not have it.
 */
bool flue_device_event(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t event);
/* The same with data of one's own: the event's generated structure. NULL: numbers from the seed. */
bool flue_device_event_with(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t event,
                            const void *data);
/* Without reasons its detail says of whom it is: flue_device_detail() of the entry's name. */
bool flue_device_indicate(struct flue_device *d, uint8_t kind, uint32_t index, uint8_t raise);
uint32_t flue_device_detail(flue_name name);
/* It loses an entry and says nothing. False: there is none, or another stands on it. */
bool flue_device_lose(struct flue_device *d, uint8_t kind, uint32_t index);

/*
 * An answer that was given before, or one to a command of before a wipe: nobody may believe it.
 * `which` says which. False: there is none to be given.
 */
bool flue_device_answer_again(struct flue_device *d, uint32_t which);

/*
 * Answers that are late, and the second ones of those given twice, are due in the next step: for
 * options whose `late_steps` are so many that they never come by themselves.
 */
void flue_device_hurry(struct flue_device *d);

/*
 * What is left to chance goes on from another seed: what happens from here on does not depend on
 * how much happened before.
 */
void flue_device_chance(struct flue_device *d, uint64_t seed);

/*
 * The runtime gave up a command before it was sent (FLUE_TRACE_UNSENT): what it believes of the
 * entry is open, so nothing of it counts as wrong until a good answer.
 */
void flue_device_unsent(struct flue_device *d, uint8_t kind, uint32_t index);

/* It forgets all that it has and was told; the runtime is told nothing. */
void flue_device_wipe(struct flue_device *d);
/*
 * A reset, whole: the runtime is told of its begin, the device wiped, and the end told. Not from
 * inside of a poll, nor while another thread polls with a higher priority.
 */
void flue_device_reset(struct flue_device *d);
/* The runtime has asked for one since the last. */
bool flue_device_reset_wanted(struct flue_device *d);

/* ---- Transfers ------------------------ */

/*
 * For every `take` of the target's table of transfers: the device holds the element until it has
 * done with it, or has the entry no more. No room: now and then, as options and chances say. What
 * the driver had lent is taken, and not held.
 */
enum flue_issued flue_device_take_element(void *adapter, const struct flue_taken *taken);
uint32_t flue_device_elements(const struct flue_device *d);
/* Those that it holds, from 0, the oldest first. False: there is none. */
bool flue_device_element(const struct flue_device *d, uint32_t which, struct flue_taken *taken);
/*
 * It has done with one, and with those before it in its order: all are let go, this one with a
 * status in it, and the runtime is told of the position. False: there is none, or the runtime did
 * not want to know.
 */
bool flue_device_element_done(struct flue_device *d, uint32_t which, int32_t status);

/* ---- What it holds ------------------------ */

/* The entry at a place, whether it is there or was, until the next step; NULL: no such place. */
const struct flue_device_entry *flue_device_entry(const struct flue_device *d, uint8_t kind,
                                                  uint32_t index);
/*
 * Looks at the entry of a place, and may write what is delegated there: `use` is called once with
 * the device locked, so it calls nothing of the device and nothing of the runtime. False: there is
 * no such entry, or `use` said so.
 */
bool flue_device_with(struct flue_device *d, uint8_t kind, uint32_t index,
                      bool (*use)(void *context, struct flue_device_entry *entry), void *context);
/* Entries that are there. */
uint32_t flue_device_count(const struct flue_device *d, uint8_t kind);
/*
 * By name: a number, a flag (0 or 1), a link (an index or FLUE_NONE). False: no such entry, or
 * nothing of that name, or it is bytes.
 */
bool flue_device_get(const struct flue_device *d, uint8_t kind, uint32_t index, const char *name,
                     uint64_t *value);
/* The same for bytes: an array, or what a pointer named. How many; at most `room` are copied. */
size_t flue_device_bytes(const struct flue_device *d, uint8_t kind, uint32_t index,
                         const char *name, void *to, size_t room);
/* An entry as a line of text, secrets left out; returns its length, cut to `bytes`. */
size_t flue_device_text(const struct flue_device *d, uint8_t kind, uint32_t index, char *text,
                        size_t bytes);

void flue_device_counters(const struct flue_device *d, struct flue_device_counters *copy);
const char *flue_device_wrong_name(unsigned wrong);
/* The first thing that was wrong, in words; NULL: nothing was. */
const char *flue_device_complaint(const struct flue_device *d);

#ifdef __cplusplus
}
#endif

#endif
