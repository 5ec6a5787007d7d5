/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware's part: faults that wait for a command, answers, and answers nobody waits for. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "flue/priv/slot.h"
#include "simulation.h"

static const char *const fault_names[] = {
    [SIM_FAULT_FAIL] = "fails",
    [SIM_FAULT_FAIL_KEPT] = "is done but fails",
    [SIM_FAULT_LOSE_COMMAND] = "is lost",
    [SIM_FAULT_LOSE_ANSWER] = "is done, the answer is lost",
    [SIM_FAULT_DUPLICATE] = "answered twice",
    [SIM_FAULT_DELAY] = "answered late",
    [SIM_FAULT_VANISH] = "finds nothing",
};

void device_arm(struct play *p, const struct decision *d)
{
    static const enum sim_fault_kind tame[] = {SIM_FAULT_FAIL,      SIM_FAULT_FAIL_KEPT,
                                               SIM_FAULT_FAIL,      SIM_FAULT_FAIL_KEPT,
                                               SIM_FAULT_DUPLICATE, SIM_FAULT_VANISH};
    if (p->armed_count == ARMED)
        return;
    struct sim_fault *fault = &p->armed[p->armed_count];
    *fault = (struct sim_fault){.what = p->lossy ? (enum sim_fault_kind)(d->a % 7) : tame[d->a % 6],
                                .steps = d->c < 32 ? d->c : d->c * 8};
    p->armed_skip[p->armed_count++] = d->b % 8;
}

static void disarm(struct play *p, uint32_t i)
{
    p->armed_count--;
    for (; i < p->armed_count; i++) {
        p->armed[i] = p->armed[i + 1];
        p->armed_skip[i] = p->armed_skip[i + 1];
    }
}

static const uint8_t add_answers[CHIMNEY_KINDS][8] = {
    {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_RESOURCES, CHIMNEY_RESULT_FAILURE,
     CHIMNEY_RESULT_NEIGHBOR_ENTRIES, CHIMNEY_RESULT_HW_ADDRESS_ENTRIES,
     CHIMNEY_RESULT_VLAN_ENTRIES, CHIMNEY_RESULT_VLAN_MISMATCH, CHIMNEY_RESULT_RESOURCES},
    {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_RESOURCES, CHIMNEY_RESULT_FAILURE,
     CHIMNEY_RESULT_RESOURCES, CHIMNEY_RESULT_PATH_ENTRIES, CHIMNEY_RESULT_IP_ADDRESS_ENTRIES,
     CHIMNEY_RESULT_IP_ADDRESS_ENTRIES, CHIMNEY_RESULT_RESOURCES},
    {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_RESOURCES, CHIMNEY_RESULT_TCP_ENTRIES,
     CHIMNEY_RESULT_TCP_XMIT_BUFFER, CHIMNEY_RESULT_TCP_RCV_BUFFER, CHIMNEY_RESULT_TCP_RCV_WINDOW,
     CHIMNEY_RESULT_CONNECTION_REJECTED, CHIMNEY_RESULT_RESOURCES},
};

/* What the spec declares of failures is true of this hardware. */
static void suit(struct sim_fault *fault, uint8_t kind, uint8_t command)
{
    const struct flue_command *c = &chimney_spec.kinds[kind].commands[command];
    fault->result = CHIMNEY_RESULT_UNSURE;
    if (fault->steps % 5 == 4)
        return;
    if (fault->what == SIM_FAULT_FAIL_KEPT && c->unchanged_on_failure)
        fault->what = SIM_FAULT_FAIL;
    fault->result = CHIMNEY_RESULT_FAILURE;
    if (strncmp(c->name, "add_", 4) == 0) /* no other command may answer anything else */
        fault->result = add_answers[kind][fault->steps % 8];
}

bool play_judge(void *context, uint8_t kind, uint8_t command, uint32_t index, const void *args,
                struct sim_fault *fault)
{
    struct play *p = context;
    (void)args;
    for (uint32_t i = 0; i < p->armed_count; i++) {
        if (p->armed_skip[i] != 0) {
            p->armed_skip[i]--;
            continue;
        }
        *fault = p->armed[i];
        suit(fault, kind, command);
        /* What nobody waits for tells nobody that an entry is lost: no check could know of it. */
        if (flue_object_at(target_of(p), kind, index)->in_flight == 0 &&
            fault->what == SIM_FAULT_VANISH)
            fault->what = SIM_FAULT_FAIL;
        disarm(p, i);
        tell(p, "device: %s %u %s", sim_command_name(kind, command), index,
             fault_names[fault->what]);
        return true;
    }
    tell(p, "device: %s %u", sim_command_name(kind, command), index);
    return false;
}

void device_behavior(struct play *p, const struct decision *d)
{
    static const uint32_t chances[] = {0, 0, 0, 150000, 1000000};
    struct sim_behavior behavior = {.latency_min = d->b % 4,
                                    .inline_chance = chances[d->a % 5],
                                    .full_chance = chances[d->a / 5 % 4],
                                    .reorder = (d->a & 1024) != 0};
    behavior.latency_max = behavior.latency_min + d->c % 6;
    if (p->lossy && (d->a >> 11) % 4 == 0) { /* the queue of one command is full, and stays so */
        uint8_t kind = (uint8_t)((d->a >> 13) % CHIMNEY_KINDS);
        behavior.full[kind] = 1u << (d->a >> 15) % chimney_spec.kinds[kind].command_count;
    }
    device_behave(p, behavior);
}

void device_behave(struct play *p, struct sim_behavior behavior)
{
    p->behavior = behavior;
    sim_behavior_set(p->w.host.nic, &behavior);
}

/* Whatever kept a queue full, a reset mends it. */
void device_reset(struct play *p)
{
    struct sim_behavior behavior = p->behavior;
    memset(behavior.full, 0, sizeof(behavior.full));
    device_behave(p, behavior);
    sim_forget(p->w.host.nic);
}

static bool is_in(const flue_cookie *ring, uint32_t count, flue_cookie cookie)
{
    for (uint32_t i = 0; i < count && i < COOKIES; i++) {
        if (ring[i] == cookie)
            return true;
    }
    return false;
}

/* What was answered once, or belongs to the time before a reset, is not believed. */
static void answered(struct play *p, flue_cookie cookie, bool taken)
{
    if (taken && is_in(p->answered, p->answered_count, cookie))
        fail(p, "a command's answer was taken twice (cookie %" PRIx64 ")", cookie);
    if (taken && is_in(p->dead, p->dead_count, cookie))
        fail(p, "an answer from before the reset was taken (cookie %" PRIx64 ")", cookie);
    p->answered[p->answered_count++ % COOKIES] = cookie;
}

static void deliver(struct play *p, const struct sim_answer *a)
{
    struct sim_device *d = p->w.host.nic->device;
    uint64_t before = atomic_load(&d->answers_taken);
    sim_deliver(p->w.host.nic, a);
    bool taken = atomic_load(&d->answers_taken) != before;
    tell(p, "answer to %s: %s, %s", sim_command_name(a->kind, a->command),
         a->result == CHIMNEY_RESULT_OK ? "ok" : "bad", taken ? "taken" : "not waited for");
    answered(p, a->cookie, taken);
}

/* Where the target reaps, which it does while it runs, its next polls find them. */
void device_deliver(struct play *p, uint32_t count)
{
    struct sim_device *d = p->w.host.nic->device;
    if (p->reaps && flue_target_phase(target_of(p)) == FLUE_RUNNING) {
        p->to_reap += count;
        atomic_store(&d->woken, true);
        return;
    }
    for (uint32_t place; count && (place = sim_ring_next(&d->answers)) != UINT32_MAX; count--) {
        deliver(p, &d->answer_slots[place]);
        sim_ring_consume(&d->answers);
    }
}

size_t device_reap(void *adapter, struct flue_answer *answers, size_t room)
{
    struct sim_device *d = ((struct sim_nic *)adapter)->device;
    struct play *p = d->judge_context;
    size_t count = 0;
    for (uint32_t place; count < room && p->to_reap != 0; p->to_reap--) {
        if ((place = sim_ring_next(&d->answers)) == UINT32_MAX)
            break;
        const struct sim_answer *a = &d->answer_slots[place];
        if (a->has_data) {
            deliver(p, a);
        } else {
            answers[count++] = (struct flue_answer){.cookie = a->cookie, .result = a->result};
            tell(p, "answer to %s: %s, reaped", sim_command_name(a->kind, a->command),
                 a->result == CHIMNEY_RESULT_OK ? "ok" : "bad");
            answered(p, a->cookie, false);
        }
        sim_ring_consume(&d->answers);
    }
    return count;
}

/* An answer given before, or to a command that never was. */
void device_stale_answer(struct play *p, const struct decision *d)
{
    flue_cookie cookie = (uint64_t)d->a << 40 | d->b;
    uint32_t kept = p->answered_count < COOKIES ? p->answered_count : COOKIES;
    if (kept != 0 && d->c % 8 != 0)
        cookie = p->answered[(p->answered_count - 1 - d->a % (kept < 8 ? kept : 8)) % COOKIES];
    else if (target_of(p)->slots[d->b % target_of(p)->config.ring_entries].word >> 32 ==
             cookie >> 32)
        return; /* guessed one that is */
    if (chimney_done(&p->w.host.nic->target, cookie, CHIMNEY_RESULT_OK))
        fail(p, "an answer nobody waits for was taken (cookie %" PRIx64 ")", cookie);
}

void device_bury(struct play *p)
{
    const struct flue_target *t = target_of(p);
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        uint64_t word = atomic_load(&t->slots[i].word);
        if ((uint32_t)word != FLUE_SLOT_FREE)
            p->dead[p->dead_count++ % COOKIES] = word >> 32 << 32 | i;
    }
}
