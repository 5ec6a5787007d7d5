/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h: what the files of the device share. Each calls only what stands before it here:
 *
 *     words.c     names; a command's line of the tables; what is wrong is counted and told
 *     value.c     a variable of an entry: read as a number, written, chosen by chance
 *     entries.c   tables of entries, what stands on what, what is lost
 *     elements.c  elements of transfers, which are taken and done
 *     ring.c      commands that were taken, in the order of issue; when they are due
 *     carry.c     what a command does to its entry, and what its answer brings
 *     faults.c    what strikes a command
 *     events.c    what the device does by itself
 *     show.c      what it holds, by name and as text
 *     take.c      the binding's side
 *     step.c      the clock's side: carrying out, answers
 *     open.c      memory, options, reset
 *     thread.c    a thread of its own
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdatomic.h>

#ifdef FLUE_DEVICE_SYSTEM
#include FLUE_DEVICE_SYSTEM
#else
#include "system.h"
#endif

#include "flue_device.h"

#define DEVICE_STRIKES 16
#define DEVICE_COMPLAINT 160
#define DEVICE_OLD 64
#define DEVICE_FREED 64
#define DEVICE_EVENT_WORDS 64

/* A command in the ring; behind it lie its arguments, these as an entry has them, the answer. */
struct device_command {
    flue_cookie cookie;
    flue_name name;
    uint64_t serial; /* in the order of issue */
    uint64_t due;    /* step of being carried out, then of the answer */
    uint32_t index;
    uint32_t links[FLUE_MAX_LINKS];
    uint8_t kind, command, variant;
    uint8_t fault;   /* enum flue_device_fault */
    uint8_t result;  /* of its answer */
    uint8_t answers; /* that are still to be given */
    uint8_t unheard; /* links to what the runtime had not heard then that it is gone, as bits */
    bool carried_out, released;
};

struct device_strike {
    uint8_t kind, command, fault, result;
};

/* A command whose answer nobody may wait for any more. */
struct device_old {
    flue_cookie cookie;
    uint32_t index;
    uint8_t kind, command;
};

/* A number that the device chose for an entry which is no more. */
struct device_freed {
    const struct flue_device_variable *variable;
    uint64_t number;
};

struct flue_device {
    const struct flue_device_spec *spec;
    struct flue_device_adapter *adapter;
    struct flue_device_options options;
    struct device_system system;
    uint64_t chance; /* state of what is left to chance */
    uint64_t now;    /* steps */
    uint64_t serial, number;
    struct device_freed freed[DEVICE_FREED]; /* the newest last */
    unsigned freed_count;
    uint32_t capacity[FLUE_MAX_KINDS], there[FLUE_MAX_KINDS];
    unsigned char *entries[FLUE_MAX_KINDS];
    struct flue_taken *elements; /* of transfers, in the order in which they were taken */
    uint32_t element_count;
    unsigned char *commands; /* slots, `slot_bytes` each */
    uint32_t *order;         /* slots in use in the order of issue, then the free ones */
    uint32_t used, ring_entries;
    size_t slot_bytes, image_at, data_at;
    unsigned char *outbox;      /* data of the answer that is being given */
    unsigned char *inline_data; /* the same of one that is given inside of the binding */
    struct device_strike strikes[DEVICE_STRIKES];
    unsigned strike_count;
    struct device_old old[DEVICE_OLD]; /* ring */
    uint32_t old_count;
    struct flue_device_counters counters;
    char complaint[DEVICE_COMPLAINT];
    void *block, *memory; /* what was taken, and the target's in it */
    size_t memory_bytes;
    uint32_t ticks_per_second;
    atomic_bool woken, reset_wanted, stopping;
    bool running;
};

/* words.c */
const struct flue_device_command *device_command_spec(const struct flue_device *d,
                                                      const struct device_command *c);
void device_wrong(struct flue_device *d, enum flue_device_wrong what,
                  const struct device_command *c, const char *detail);
void device_wrong_element(struct flue_device *d, enum flue_device_wrong what,
                          const struct flue_taken *taken);

void device_say(struct flue_device *d, const struct device_command *c, const char *what);

/* value.c */
void device_free_numbers(struct flue_device *d, uint8_t kind, const struct flue_device_entry *e);
uint64_t device_chance(struct flue_device *d);
uint32_t device_below(struct flue_device *d, uint32_t limit);
uint64_t device_number(const void *at, unsigned bytes, bool is_signed);
void device_put(void *at, unsigned bytes, uint64_t number);
void device_choose(struct flue_device *d, const struct flue_device_variable *v,
                   struct flue_device_entry *e);

/* entries.c */
struct flue_device_entry *device_entry(const struct flue_device *d, uint8_t kind, uint32_t index);
void device_changed(const struct flue_device *d, uint8_t kind, uint32_t index, uint8_t command);
void device_add(struct flue_device *d, uint8_t kind, struct flue_device_entry *e, flue_name name);
void device_drop_elements(struct flue_device *d, uint8_t kind, const struct flue_device_entry *e);
void device_remove(struct flue_device *d, uint8_t kind, struct flue_device_entry *e);
bool device_stood_on(const struct flue_device *d, uint8_t kind, uint32_t index, bool surely);

/* elements.c */
bool device_take_elements(struct flue_device *d);

/* ring.c */
struct device_command *device_slot(const struct flue_device *d, uint32_t position);
struct flue_device_entry *device_image(const struct flue_device *d, const struct device_command *c);
unsigned char *device_data(const struct flue_device *d, const struct device_command *c);
struct device_command *device_push(struct flue_device *d);
void device_drop(struct flue_device *d, uint32_t position);
void device_schedule(struct flue_device *d, struct device_command *c);
void device_finish(struct flue_device *d, struct device_command *c);
void device_release(struct flue_device *d, struct device_command *c);
void device_grow_old(struct flue_device *d, const struct device_command *c);
bool device_waits_for(const struct flue_device *d, flue_cookie cookie, uint8_t state);

/* carry.c */
uint8_t device_carry_out(struct flue_device *d, struct device_command *c);
void device_fill(const struct flue_device *d, const struct device_command *c);

/* faults.c */
void device_decide(struct flue_device *d, struct device_command *c);

/* show.c */
void device_taken(struct flue_device *d, const struct device_command *c);

/* step.c */
size_t device_reap(void *adapter, struct flue_answer *answers, size_t room);

/* events.c */
void device_act(struct flue_device *d);

#endif
