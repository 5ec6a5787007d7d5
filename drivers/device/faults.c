/* SPDX-License-Identifier: BSD-2-Clause */
/* What strikes a command: decided when it is taken, by a fault that was set or by chance. */
#include <string.h>

#include "device.h"

#define MILLION 1000000

static const struct flue_command *of_target(const struct flue_device *d,
                                            const struct device_command *c)
{
    return &d->spec->spec->kinds[c->kind].commands[c->command];
}

static bool fits(uint8_t wanted, uint8_t is)
{
    return wanted == FLUE_NO_BYTE || wanted == is;
}

/* The first that was set for such a command strikes once. */
static bool was_set(struct flue_device *d, struct device_command *c)
{
    for (unsigned i = 0; i < d->strike_count; i++) {
        const struct device_strike s = d->strikes[i];
        if (!fits(s.kind, c->kind) || !fits(s.command, c->command))
            continue;
        c->fault = s.fault;
        c->result = s.result;
        memmove(d->strikes + i, d->strikes + i + 1, (--d->strike_count - i) * sizeof s);
        return true;
    }
    return false;
}

static void by_chance(struct flue_device *d, struct device_command *c)
{
    c->result = FLUE_NO_BYTE;
    for (uint8_t f = FLUE_DEVICE_FINE + 1; f < FLUE_DEVICE_FAULTS; f++)
        if (d->options.chance[f] && device_below(d, MILLION) < d->options.chance[f]) {
            c->fault = f;
            return;
        }
}

/* A result that the spec lets this command have, and a fault that it can have. */
static void make_legal(struct flue_device *d, struct device_command *c)
{
    const struct flue_command *command = of_target(d, c);
    const struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    if (c->fault == FLUE_DEVICE_HALF_DONE && command->unchanged_on_failure)
        c->fault = FLUE_DEVICE_UNSURE_DONE;
    if ((c->fault == FLUE_DEVICE_REFUSED || c->fault == FLUE_DEVICE_HALF_DONE) &&
        c->result == FLUE_NO_BYTE) {
        if (command->answer_count)
            c->result = command->answers[device_below(d, command->answer_count)];
        else
            c->fault = FLUE_DEVICE_FINE;
    }
    if (c->fault == FLUE_DEVICE_VANISHED &&
        (!e || !e->there || device_stood_on(d, c->kind, c->index, false)))
        c->fault = FLUE_DEVICE_FINE;
}

/* Whether it may be open afterwards if the entry is there. */
static bool leaves_doubt(const struct flue_device *d, const struct device_command *c)
{
    if (c->fault == FLUE_DEVICE_VANISHED)
        return true;
    if (device_command_spec(d, c)->hardware == FLUE_DEVICE_KEEPS)
        return false;
    return c->fault >= FLUE_DEVICE_REFUSED && c->fault <= FLUE_DEVICE_LATE;
}

void device_decide(struct flue_device *d, struct device_command *c)
{
    struct flue_device_entry *e = device_entry(d, c->kind, c->index);
    c->answers = 1;
    if (!was_set(d, c))
        by_chance(d, c);
    make_legal(d, c);
    if (c->fault == FLUE_DEVICE_TWICE)
        c->answers = 2;
    if (e && leaves_doubt(d, c))
        e->doubt = true;
    d->counters.struck[c->fault]++;
}

bool flue_device_strike(struct flue_device *d, uint8_t kind, uint8_t command,
                        enum flue_device_fault fault, uint8_t result)
{
    bool taken = false;
    device_lock(&d->system);
    if (d->strike_count < DEVICE_STRIKES) {
        d->strikes[d->strike_count++] =
            (struct device_strike){kind, command, (uint8_t)fault, result};
        taken = true;
    }
    device_unlock(&d->system);
    return taken;
}

bool flue_device_answer_again(struct flue_device *d, uint32_t which)
{
    device_lock(&d->system);
    const uint32_t kept = d->old_count < DEVICE_OLD ? d->old_count : DEVICE_OLD;
    const struct device_old old = d->old[kept ? which % kept : 0];
    device_unlock(&d->system);
    if (!kept)
        return false;
    const struct device_command c = {
        .cookie = old.cookie, .kind = old.kind, .command = old.command, .index = old.index};
    const bool taken =
        flue_command_done_with(&d->adapter->target, c.cookie, FLUE_RESULT_OK, NULL, 0);
    device_lock(&d->system);
    if (taken)
        device_wrong(d, FLUE_DEVICE_TAKEN_AGAIN, &c, NULL);
    device_unlock(&d->system);
    return true;
}

void flue_device_hurry(struct flue_device *d)
{
    device_lock(&d->system);
    for (uint32_t i = 0; i < d->used; i++)
        if (device_slot(d, i)->carried_out)
            device_slot(d, i)->due = d->now;
    device_unlock(&d->system);
}

void flue_device_chance(struct flue_device *d, uint64_t seed)
{
    device_lock(&d->system);
    d->chance = seed;
    device_unlock(&d->system);
}

void flue_device_be_good(struct flue_device *d)
{
    device_lock(&d->system);
    memset(d->options.chance, 0, sizeof d->options.chance);
    memset(d->options.entries, 0, sizeof d->options.entries);
    memset(d->options.full, 0, sizeof d->options.full);
    d->options.event_chance = d->options.indication_chance = 0;
    d->strike_count = 0;
    device_unlock(&d->system);
}
