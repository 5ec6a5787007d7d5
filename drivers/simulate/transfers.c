/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers: what the host hands over, what the device does of it, and the host's ledger. An
 * element comes back once, in its order, with a status that says what has become of it, when the
 * device does not have it any more, and before its object is given up.
 */
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { LONGEST_CHAIN = 4, FURTHER = 5 };

static bool of_one_order(const struct history *h, const struct piece *a, const struct piece *b)
{
    return a->handle == b->handle && piece_transfer(h, a)->kind == piece_transfer(h, b)->kind &&
           piece_transfer(h, a)->queue == piece_transfer(h, b)->queue;
}

/* One of its order that was handed over before. */
static const struct piece *earlier(const struct history *h, const struct piece *p)
{
    for (unsigned i = 0; i < PIECES; i++) {
        const struct piece *q = &h->pieces[i];
        if (q->out && q->serial < p->serial && of_one_order(h, p, q))
            return q;
    }
    return NULL;
}

/* ---- The host hands over ------------------------ */

static bool is_open(struct history *h, const struct piece *p)
{
    const uint8_t kind = piece_transfer(h, p)->kind;
    return flue_name_index(&h->nic->target, kind, p->handle) != FLUE_NONE &&
           (state_at(h, kind, (uint32_t)p->handle)->transfers >> p->transfer & 1);
}

/* Nobody asks anything of its object, which is in the hardware for certain. */
static bool is_undisturbed(struct history *h, const struct piece *p)
{
    const struct thing *t = p->thing;
    return t && t->alive && !t->ending && t->handle == p->handle &&
           t->kind == piece_transfer(h, p)->kind && !t->uses && t->asked == p->asked &&
           h->wiped == p->wiped && !h->reset && !h->removed && !h->plan.events && is_open(h, p) &&
           !flue_device_entry(h->nic->device, t->kind, (uint32_t)t->handle)->doubt;
}

static struct piece *new_piece(struct history *h, uint8_t transfer, const struct thing *t)
{
    struct piece *p = h->pieces;
    while (p->out)
        if (++p == h->pieces + PIECES)
            return NULL;
    const size_t bytes = chain_bytes(h->target->spec->chain);
    *p = (struct piece){.transfer = transfer,
                        .out = true,
                        .thing = t,
                        .handle = t ? t->handle : 0,
                        .asked = t ? t->asked : 0,
                        .wiped = h->wiped,
                        .posted = h->moment,
                        .serial = ++h->handed,
                        .memory = malloc(bytes)};
    if (!p->memory)
        fail(h, "no memory");
    p->fill = (uint8_t)p->serial;
    memset(p->memory, p->fill, bytes);
    p->undisturbed = is_undisturbed(h, p);
    return p;
}

/* `t` NULL: for no object. */
static void post(struct history *h, uint8_t transfer, const struct thing *t, unsigned count)
{
    const struct simulate_transfer *x = &h->target->transfers[transfer];
    const uint32_t number = x->passes ? (uint32_t)chance(h) : 0;
    const uint64_t handle = t ? t->handle : 0;
    struct piece *first = NULL, *last = NULL;
    for (; count; count--) {
        struct piece *p = new_piece(h, transfer, t);
        if (!p)
            break;
        void *const none = NULL;
        p->number = number;
        memcpy(p->memory + h->target->spec->chain->next, &none, sizeof none);
        if (last)
            memcpy(last->memory + h->target->spec->chain->next, &p->memory, sizeof p->memory);
        first = first ? first : p;
        last = p;
    }
    if (!first)
        return;
    say(h, "host: %s for %llx, %u elements", x->name, (unsigned long long)handle,
        (unsigned)(last->serial - first->serial + 1));
    if (!x->post(h->nic, t ? &handle : NULL, first->memory, number))
        fail(h, "%s is not accepted", x->name);
}

void hand_over(struct history *h)
{
    const uint8_t transfer = (uint8_t)below(h, h->target->transfer_count);
    const struct simulate_transfer *x = &h->target->transfers[transfer];
    const struct thing *t = x->lent ? NULL : thing_of(h, x->kind);
    if (h->plan.hostile && !x->lent && perhaps(h, 8))
        t = perhaps(h, 30) ? NULL : &h->things[below(h, h->thing_count)];
    else if (!x->lent && !t)
        return;
    post(h, transfer, t, 1 + below(h, LONGEST_CHAIN));
}

/* ---- The device ------------------------ */

void transfers_offered(void *context, const struct flue_taken *taken, enum flue_issued issued)
{
    struct history *h = context;
    struct piece *p = piece_at(h, taken->element);
    if (!p || p->taken)
        fail(h, "the device is offered what it was not handed, or has had");
    if (p->transfer != taken->transfer || p->number != taken->number ||
        (!piece_transfer(h, p)->lent && p->handle != taken->name))
        fail(h, "the device is offered an element as another's");
    const struct piece *q = piece_transfer(h, p)->lent ? NULL : earlier(h, p);
    if (q && !q->taken)
        fail(h, "the device is offered an element of %s before an earlier one",
             piece_transfer(h, p)->name);
    p->offered = true;
    p->taken = issued == FLUE_ISSUED;
    p->position = taken->position;
    if (!piece_transfer(h, p)->lent)
        return;
    p->out = false;
    h->lent_back++;
    free(p->memory);
}

/* What it says, mostly what it may. */
static int32_t choose_status(struct history *h, const struct simulate_transfer *x)
{
    const unsigned count = h->target->spec->status_count, at = below(h, count);
    for (unsigned i = 0; i < count && perhaps(h, 80); i++)
        if (x->statuses >> (at + i) % count & 1)
            return h->target->spec->statuses[(at + i) % count].value;
    return perhaps(h, 50) ? h->target->spec->statuses[at].value : (int32_t)chance(h);
}

/* All of its order up to there are done, and well but for the last. */
static void mark_done(struct history *h, const struct piece *done, int32_t said)
{
    for (unsigned i = 0; i < PIECES; i++) {
        struct piece *p = &h->pieces[i];
        if (!p->out || !p->taken || p->answered || !of_one_order(h, p, done) ||
            p->serial > done->serial)
            continue;
        p->answered = true;
        p->said = p == done ? said : piece_transfer(h, p)->good;
    }
}

/* Any of those that it holds, whatever came before and is for others. */
void finish_elements(struct history *h)
{
    struct flue_device *d = h->nic->device;
    struct flue_taken taken;
    const uint32_t count = flue_device_elements(d), which = below(h, count);
    if (!flue_device_element(d, which, &taken))
        return;
    const struct piece *p = piece_at(h, taken.element);
    if (!p)
        fail(h, "the device holds an element that is the host's");
    const struct simulate_transfer *x = piece_transfer(h, p);
    const int32_t said = perhaps(h, 70) ? x->good : choose_status(h, x);
    const bool doubt = flue_device_entry(d, x->kind, taken.index)->doubt;
    const bool heard = flue_device_element_done(d, which, said);
    say(h, "        device: %s of %llx done up to %u: %ld%s", x->name,
        (unsigned long long)taken.name, (unsigned)taken.position, (long)said,
        heard ? "" : ", in vain");
    if (heard)
        mark_done(h, p, said);
    else if (!h->reset && !h->removed && !doubt)
        fail(h, "nobody wants to know that an element of %s is done", x->name);
}

/* What was answered before, what was never taken: nobody is to believe it. */
void finish_others(struct history *h)
{
    const struct piece *p = &h->pieces[below(h, PIECES)];
    if (!(h->plan.faults >> FLUE_DEVICE_TWICE & 1) || !p->taken || piece_transfer(h, p)->lent)
        return;
    uint32_t position = p->position;
    for (unsigned i = 0; p->out && i < PIECES; i++) {
        const struct piece *q = &h->pieces[i];
        if (q->out && q->taken && of_one_order(h, p, q) && (int32_t)(q->position - position) > 0)
            position = q->position;
    }
    position += p->out ? 1 + below(h, FURTHER) : 0;
    const uint64_t name = perhaps(h, 80) ? p->handle : p->handle ^ UINT64_C(1) << 63;
    if (flue_transfer_done(&h->nic->target, p->transfer, name, position))
        fail(h, "what the device never had of %s, or was done with, is believed to be done",
             piece_transfer(h, p)->name);
}

/* ---- Back ------------------------ */

static bool may_say(const struct history *h, const struct simulate_transfer *x, int32_t status)
{
    for (unsigned i = 0; i < h->target->spec->status_count; i++)
        if ((x->statuses >> i & 1) && h->target->spec->statuses[i].value == status)
            return true;
    return status == x->good;
}

/* An operation is under way that ends objects. */
static bool some_end(const struct history *h)
{
    for (unsigned i = 0; i < REQUESTS; i++)
        if (h->requests[i].in_use && !h->requests[i].done &&
            h->target->spec->operations[h->requests[i].operation].ends)
            return true;
    return false;
}

/* The hardware has forgotten its object: in a reset, or by itself. */
static bool is_forgotten(const struct history *h, const struct piece *p)
{
    const struct flue_device_entry *e =
        flue_device_entry(h->nic->device, piece_transfer(h, p)->kind, (uint32_t)p->handle);
    return h->wiped != p->wiped || !e->there || e->name != p->handle;
}

/* It is done as the device has said; or it is not, and the status says why. */
static bool is_true(struct history *h, const struct piece *p, int32_t status)
{
    const struct simulate_transfer *x = piece_transfer(h, p);
    if (p->answered)
        return status == (may_say(h, x, p->said) ? p->said : x->refused);
    return (status == x->refused && !p->taken && !(p->undisturbed && is_undisturbed(h, p))) ||
           (status == x->ending && !p->taken && some_end(h)) || status == x->returned ||
           (status == x->reset && (!p->taken || is_forgotten(h, p)));
}

static bool device_holds(const struct history *h, const void *element)
{
    struct flue_taken taken;
    for (uint32_t i = 0; flue_device_element(h->nic->device, i, &taken); i++)
        if (taken.element == element)
            return true;
    return false;
}

static bool is_targets(const struct flue_chain_layout *c, size_t at)
{
    const size_t from[] = {c->next, c->status, c->words[0], c->words[1], c->words[2]};
    const size_t bytes[] = {sizeof(void *), 4, sizeof(void *), 8, 8};
    for (unsigned i = 0; i < sizeof from / sizeof *from; i++)
        if (at >= from[i] && at < from[i] + bytes[i])
            return true;
    return false;
}

static void check_bytes(struct history *h, const struct piece *p)
{
    const struct flue_chain_layout *c = h->target->spec->chain;
    for (size_t at = 0; at < chain_bytes(c); at++)
        if (p->memory[at] != p->fill && !is_targets(c, at))
            fail(h, "byte %zu of an element of %s was written to", at, piece_transfer(h, p)->name);
}

static void come_back(struct history *h, uint8_t transfer, const void *memory)
{
    struct piece *p = piece_at(h, memory);
    int32_t status;
    if (!p || p->transfer != transfer)
        fail(h, "an element of %s comes back that is the host's, or another transfer's",
             h->target->transfers[transfer].name);
    memcpy(&status, p->memory + h->target->spec->chain->status, sizeof status);
    say(h, "host: %s of %llx is back: %ld", piece_transfer(h, p)->name,
        (unsigned long long)p->handle, (long)status);
    if (h->reset == RESET_BEGUN || device_holds(h, memory))
        fail(h, "an element of %s comes back that the device may touch",
             piece_transfer(h, p)->name);
    if (p->offered && earlier(h, p))
        fail(h, "an element of %s comes back before an earlier one", piece_transfer(h, p)->name);
    if (!is_true(h, p, status))
        fail(h, "an element of %s comes back with %ld; the device %s (%ld)",
             piece_transfer(h, p)->name, (long)status,
             p->answered ? "was done"
             : p->taken  ? "had it"
                         : "never had it",
             (long)p->said);
    check_bytes(h, p);
    p->out = false;
    h->elements_back++;
    free(p->memory);
}

void simulate_returned(void *host, uint8_t transfer, void *chain)
{
    struct history *h = host;
    if (!chain)
        fail(h, "no element of %s comes back", h->target->transfers[transfer].name);
    for (unsigned char *next; chain; chain = next) {
        memcpy(&next, (unsigned char *)chain + h->target->spec->chain->next, sizeof next);
        come_back(h, transfer, chain);
    }
}

/* An operation has given an object up: what was handed over for it before is back. */
void transfers_ended(struct history *h, const struct request *r, const struct thing *t)
{
    for (unsigned i = 0; i < PIECES; i++) {
        const struct piece *p = &h->pieces[i];
        if (p->out && p->handle == t->handle && piece_transfer(h, p)->kind == t->kind &&
            p->posted < r->submitted)
            fail(h, "a %s has ended, and an element of %s is not back",
                 h->target->spec->kinds[t->kind].name, piece_transfer(h, p)->name);
    }
}

/* Nobody has anything to do: the device has what is out, or no room, or it is not its turn. */
static void check_out(struct history *h, const struct piece *p)
{
    const struct simulate_transfer *x = piece_transfer(h, p);
    if (p->answered)
        fail(h, "an element of %s is done, and not back", x->name);
    if (x->lent || flue_name_index(&h->nic->target, x->kind, p->handle) == FLUE_NONE)
        fail(h, "an element of %s is not back, and its object is not there", x->name);
    const struct simulate_state *s = state_at(h, x->kind, (uint32_t)p->handle);
    if (s->claim == SIMULATE_HAS_NOT)
        fail(h, "an element of %s is not back, and its object (%s) is not in the hardware", x->name,
             s->name);
    if (!p->offered && is_open(h, p) && !earlier(h, p))
        fail(h, "the device was never offered an element of %s", x->name);
}

void transfers_at_rest(struct history *h)
{
    for (unsigned i = 0; i < PIECES; i++)
        if (h->pieces[i].out)
            check_out(h, &h->pieces[i]);
}

void transfers_end(struct history *h)
{
    const struct flue_stats *s = &h->nic->target.stats;
    for (unsigned i = 0; i < PIECES; i++)
        if (h->pieces[i].out)
            fail(h, "an element of %s never comes back", piece_transfer(h, &h->pieces[i])->name);
    if (h->hands_over &&
        (s->transfers != h->handed ||
         s->transfers_done + s->transfers_returned + s->transfers_refused != h->elements_back ||
         h->handed != h->elements_back + h->lent_back))
        fail(h, "%llu elements, %llu back and %llu lent, are counted otherwise",
             (unsigned long long)h->handed, (unsigned long long)h->elements_back,
             (unsigned long long)h->lent_back);
}

void transfers_free(struct history *h)
{
    for (unsigned i = 0; i < PIECES; i++)
        if (h->pieces[i].out)
            free(h->pieces[i].memory);
}
