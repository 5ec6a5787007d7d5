/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trees under way. Each has memory of its own, which goes inside the completion call, so that the
 * address sanitizer sees any later look at it.
 */
#include <stdio.h>
#include <string.h>

#include "completions.h"
#include "flue/priv/object.h"
#include "grow.h"
#include "simulation.h"

enum { NOBODYS = 100, ROOM = SPECS - 120, ARENA = 160 * 1024 };

static struct shadow *shadow_of(struct play *p, const struct thing *t)
{
    return &p->shadows[t->kind][t->number];
}

uint32_t live_count(const struct play *p)
{
    uint32_t count = p->crowd.out;
    for (uint32_t i = 0; i < LIVE; i++)
        count += p->live[i].out;
    return count;
}

static struct live *vacant(struct play *p)
{
    if (live_count(p) == 0)
        p->w.model.spec_count = 0;
    for (uint32_t i = 0; i < LIVE && p->w.model.spec_count < ROOM; i++) {
        if (!p->live[i].out)
            return &p->live[i];
    }
    return NULL;
}

struct live *live_of_root(struct play *p, const struct chimney_node *root)
{
    for (uint32_t i = 0; i < LIVE; i++) {
        if (p->live[i].out && p->live[i].tree.root->node == root)
            return &p->live[i];
    }
    return NULL;
}

/* ---- Growing ------------------------------------------------------------------------------- */

/* A host that keeps the contract: what may meet what on one object. */
static bool may_meet(const struct shadow *s, uint8_t operation)
{
    bool ends = s->out[CHIMNEY_TERMINATE] != 0;
    bool others = ends || s->out[CHIMNEY_UPDATE] != 0 || s->out[CHIMNEY_QUERY] != 0 ||
                  s->out[CHIMNEY_INVALIDATE] != 0;
    if (operation == CHIMNEY_TERMINATE)
        return !others;
    return !ends && (operation != CHIMNEY_UPDATE || s->out[CHIMNEY_UPDATE] == 0);
}

static void deal(struct play *p, uint8_t operation)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < p->w.model.count[kind]; i++) {
            struct thing *t = &p->w.model.things[kind][i];
            const struct shadow *s = shadow_of(p, t);
            bool allowed = p->hostile || may_meet(s, operation);
            /* A node that still names it would see the place of the new handle, empty. */
            for (uint8_t i = 0; i < CHIMNEY_OPERATIONS && t->state == OFF; i++)
                allowed = allowed && s->out[i] == 0;
            t->used = t->avoid = false;
            t->tree = allowed ? ANY_TREE : NOBODYS;
        }
    }
}

/* The first nodes of a tree, depth first; the rest falls off. */
static void prune(struct tree_spec **at, uint32_t *left)
{
    while (*at) {
        if (*left == 0) {
            *at = NULL;
            return;
        }
        (*left)--;
        prune(&(*at)->first, left);
        at = &(*at)->next;
    }
}

/* Host structures that are none: ways that lead back, or into another branch. */
static void bend(struct play *p, struct live *l)
{
    uint32_t count = l->end - l->first;
    for (uint32_t bends = 1 + below(&p->w.model, 3); bends-- > 0;) {
        struct chimney_node *node = p->w.model.specs[l->first + below(&p->w.model, count)].node;
        struct chimney_node *other = p->w.model.specs[l->first + below(&p->w.model, count)].node;
        if (!node || !other)
            continue;
        if (percent(&p->w.model, 50))
            node->NextBlock = other;
        else
            node->DependentBlockList = other;
    }
    l->bent = true;
}

typedef void each_thing(struct play *p, struct live *l, struct tree_spec *b);

static void each(struct play *p, struct live *l, struct tree_spec *b, each_thing *visit)
{
    for (; b; b = b->next) {
        visit(p, l, b);
        each(p, l, b->first, visit);
    }
}

static void go_out(struct play *p, struct live *l, struct tree_spec *b)
{
    b->node->Status = HOST_UNWRITTEN;
    if (!b->thing)
        return;
    struct shadow *s = shadow_of(p, b->thing);
    if (b->what == NEW && l->tree.operation == CHIMNEY_INITIATE) {
        b->thing->state = DRAINING; /* neither off nor held */
        b->thing->host->record = &p->w.host.record;
        *s = (struct shadow){0};
    }
    if (s->out[l->tree.operation]++ != 0 || s->out[CHIMNEY_UPDATE] > 1 || l->bent)
        s->vague = true;
}

static void grow_live(struct play *p, struct live *l, uint32_t number, uint32_t size)
{
    struct world *w = &p->w;
    uint32_t left = 1 + size;
    deal(p, l->tree.operation);
    l->first = w->model.spec_count;
    w->model.random = (uint64_t)number << 20 | 5;
    grow_tree(&w->model, &l->tree);
    prune(&l->tree.root, &left);
    l->end = w->model.spec_count;
}

static bool build_live(struct play *p, struct live *l)
{
    struct world *w = &p->w;
    for (uint32_t i = l->first; i < l->end; i++)
        w->model.specs[i].node = NULL;
    if (!host_arena_open(&l->arena, ARENA))
        return false;
    w->arena = l->arena;
    w->model.loose = false;
    build(w, &l->tree);
    l->arena = w->arena;
    if (p->hostile && percent(&w->model, 6))
        bend(p, l);
    each(p, l, l->tree.root, go_out);
    return true;
}

static void enter(struct play *p, uint8_t operation, struct chimney_node *root)
{
    static void (*const entries[])(void *adapter, struct chimney_node *root) = {
        [CHIMNEY_INITIATE] = chimney_initiate,   [CHIMNEY_UPDATE] = chimney_update,
        [CHIMNEY_QUERY] = chimney_query,         [CHIMNEY_INVALIDATE] = chimney_invalidate,
        [CHIMNEY_TERMINATE] = chimney_terminate,
    };
    entries[operation](p->w.host.nic, root);
}

static bool send_out(struct play *p, struct live *l)
{
    uint8_t operation = l->tree.operation;
    if (!build_live(p, l))
        return false;
    l->out = true;
    tell(p, "host: %s, tree %u%s", chimney_spec.operations[operation].name,
         (unsigned int)(l - p->live), l->bent ? ", bent" : "");
    enter(p, operation, l->tree.root->node);
    return true;
}

bool live_submit(struct play *p, uint8_t operation, uint32_t number, uint32_t size, uint32_t echo)
{
    struct live *l = vacant(p);
    if (!l)
        return false;
    *l = (struct live){.tree.operation = operation, .echo = echo};
    grow_live(p, l, number, size);
    return send_out(p, l);
}

/* Everything of a kind that the host holds, side by side. */
void live_terminate(struct play *p, uint8_t kind)
{
    struct live *l = vacant(p);
    if (!l)
        return;
    *l = (struct live){.tree.operation = CHIMNEY_TERMINATE, .first = p->w.model.spec_count};
    for (uint32_t i = 0; i < p->w.model.count[kind]; i++) {
        if (is_held(&p->w.model.things[kind][i]))
            hang_thing(&p->w.model, &l->tree, NULL, HELD, &p->w.model.things[kind][i], DELEGATED);
    }
    l->end = p->w.model.spec_count;
    if (l->tree.root)
        send_out(p, l);
}

/* Not accepted: it is under way already. */
void live_submit_again(struct play *p, uint32_t number)
{
    struct live *l = &p->live[number % LIVE];
    if (l->out)
        enter(p, (uint8_t)(number / LIVE % CHIMNEY_OPERATIONS), l->tree.root->node);
}

void live_close(struct play *p)
{
    for (uint32_t i = 0; i < LIVE; i++) {
        if (p->live[i].out)
            host_arena_close(&p->live[i].arena);
    }
}

/* ---- What the host learns ------------------------------------------------------------------ */

bool known(const struct play *p, const struct host_object *o, uint8_t kind)
{
    const struct flue_target *t = target_of(p);
    uint64_t handle = host_handle(o);
    if (handle == 0 || flue_object_handle(t, kind, host_index(o)) != handle)
        return false;
    const struct flue_object *object = flue_object_at(t, kind, host_index(o));
    return chimney_spec.kinds[kind].states[object->state].host_has;
}

static bool good(int32_t status)
{
    return status == CHIMNEY_STATUS_SUCCESS || status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
}

static void learn_new(struct live *l, struct tree_spec *b)
{
    struct thing *t = b->thing;
    t->state = host_handle(t->host) ? OFFLOADED : OFF;
    t->facts = b->says;
    t->facts.cached.tcp.Flags &= t->kind == CHIMNEY_TCP ? 3 : UINT16_MAX;
    t->link = b->up && !l->bent ? b->up->thing : NULL;
}

static void learn_update(struct tree_spec *b)
{
    struct thing *t = b->thing;
    if (classes_of(b->type) == CACHED && kind_of_type(b->type) == t->kind) {
        t->facts.cached = b->says.cached;
        t->facts.cached.tcp.Flags &= t->kind == CHIMNEY_TCP ? 3 : UINT16_MAX;
    }
    if (t->kind == CHIMNEY_PATH && b->up && b->up->thing && b->up->what == HELD)
        t->link = b->up->thing;
}

static const char *const whats[] = {
    [PLACEHOLDER] = "(placeholder)", [NEW] = "(new)",           [HELD] = "(reference)",
    [STALE] = "(stale handle)",      [BAD_TYPE] = "(bad type)", [BAD_LENGTH] = "(bad length)",
    [BAD_LAYER] = "(bad layer)",
};

static void learn(struct play *p, struct live *l, struct tree_spec *b)
{
    uint8_t operation = l->tree.operation;
    struct thing *t = b->thing;
    if (!t)
        return;
    shadow_of(p, t)->out[operation]--;
    if (b->what == NEW && operation != CHIMNEY_INITIATE)
        return;
    tell(p, "    %s %s: %s", thing_name(t), whats[b->what], status_name(b->node->Status));
    if (b->what == NEW)
        learn_new(l, b);
    else if (operation == CHIMNEY_UPDATE && good(b->node->Status))
        learn_update(b);
    else if (operation == CHIMNEY_INVALIDATE && good(b->node->Status))
        t->invalid = true;
    if (operation == CHIMNEY_TERMINATE && is_held(t) && !known(p, t->host, t->kind)) {
        p->w.model.dead[p->w.model.dead_count++ % MOST] = host_handle(t->host);
        t->state = OFF;
        t->invalid = false;
        t->link = NULL;
    }
}

static void completed(void *host_handle_, uint8_t operation, struct chimney_node *root)
{
    struct play *p = ((struct host_record *)host_handle_)->context;
    p->completions++;
    if (p->dma)
        fail(p, "memory is given back while the device may touch it");
    if (crowd_completed(p, operation, root))
        return;
    struct live *l = live_of_root(p, root);
    if (!l) {
        fail(p, "a completion call for a tree that is not under way");
        return;
    }
    if (l->tree.operation != operation)
        fail(p, "a tree is completed by the call of another operation");
    tell(p, "completed: %s, tree %u, %s", chimney_spec.operations[operation].name,
         (unsigned int)(l - p->live), status_name(root->Status));
    check_tree(p, l);
    each(p, l, l->tree.root, learn);
    l->out = false;
    host_arena_close(&l->arena);
    if (l->echo)
        live_submit(p, (uint8_t)(l->echo % CHIMNEY_OPERATIONS), l->echo, 6, 0);
}

COMPLETION_CALLS(play_done, completed)
const struct chimney_completions play_completions = COMPLETION_TABLE(play_done);

/* ---- What the target tells unasked --------------------------------------------------------- */

static void once(struct play *p, struct thing *t, uint8_t *counter, const char *what)
{
    if (++*counter > 1)
        fail(p, "%s is told twice that %s", thing_name(t), what);
}

static void tell_connection(void *object_handle, uint32_t code, uint32_t detail)
{
    struct host_object *object = object_handle;
    struct play *p = object ? object->record->context : NULL;
    if (!p || object < p->w.objects[CHIMNEY_TCP] || object >= p->w.objects[CHIMNEY_TCP] + MOST)
        return; /* of the crowd */
    struct thing *t = &p->w.model.things[CHIMNEY_TCP][object - p->w.objects[CHIMNEY_TCP]];
    struct shadow *s = shadow_of(p, t);
    tell(p, "told of %s: %u, %u", thing_name(t), code, detail);
    if (!known(p, object, CHIMNEY_TCP))
        fail(p, "the host is told of %s, which it does not have", thing_name(t));
    if (code == HOST_SEND_BACKLOG_CHANGE && p->raised[detail % RAISED] != host_handle(object))
        fail(p, "%s is told what was said of another connection", thing_name(t));
    if (code == HOST_RETRIEVE && detail == CHIMNEY_RETRIEVE_INVALID_STATE)
        once(p, t, &s->invalid_told, "it is invalid");
    if (code == HOST_RETRIEVE && detail == CHIMNEY_RETRIEVE_HARDWARE_FAILURE)
        once(p, t, &s->broken_told, "the hardware failed");
    if (code == HOST_ABORT)
        once(p, t, &s->aborted, "it is aborted");
}

static void tell_object(void *target_handle, struct chimney_node *node, uint32_t code)
{
    (void)target_handle;
    (void)node;
    (void)code;
}

static void tell_status(void *target_handle, struct chimney_status_indication *indication)
{
    tell(((struct host_record *)target_handle)->context, "told: status 0x%x",
         (unsigned int)indication->StatusCode);
}

const struct chimney_indications play_indications = {
    .NdisTcpOffloadEventHandler = tell_connection,
    .NdisMOffloadEventIndicate = tell_object,
    .NdisMIndicateStatusEx = tell_status,
};
