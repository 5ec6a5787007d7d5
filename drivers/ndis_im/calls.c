/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jobs and their calls: down to the lower drivers, and up again. A block list belongs to a job, and
 * a job is used again only when all of its calls are completed, however late: the lower drivers
 * have its memory until then.
 */
#include <stdlib.h>
#include <string.h>

#include "im.h"

enum { SPARE = 8 }; /* jobs of nobody */

bool calls_open(struct im *im)
{
    im->job_count += SPARE;
    im->jobs = calloc(im->job_count, sizeof *im->jobs);
    for (uint32_t i = 0; im->jobs && i < im->job_count; i++) {
        im->jobs[i].next = im->free_jobs;
        im->free_jobs = &im->jobs[i];
    }
    return im->jobs != NULL;
}

struct job *job_take(struct im *im, flue_cookie cookie, uint8_t kind, uint8_t command)
{
    struct job *job = im->free_jobs;
    if (!job)
        return NULL;
    im->free_jobs = job->next;
    im->jobs_out++;
    job->cookie = cookie;
    job->kind = kind;
    job->command = command;
    job->stage = STAGE_ONLY;
    job->waits = 0;
    job->has_data = job->good = false;
    job->bad = CHIMNEY_RESULT_OK;
    job->calls[0].entry = job->calls[1].entry = NULL;
    return job;
}

/* ---- Down ---------------------------------------------------------------------------------- */

static void name(struct chimney_node_protocol *node, struct call *call, struct entry *e,
                 uint8_t state_class)
{
    memset(node, 0, sizeof *node);
    node->Header.Type = translate_type(e->kind, e->variant, state_class);
    node->Header.Revision = 1;
    node->Header.Size = sizeof *node;
    node->OffloadHandle = &e->handle;
    node->ImReserved[0] = call;
}

struct call *call_begin(struct job *job, struct entry *e, uint8_t operation, uint8_t state_class)
{
    struct call *call = &job->calls[e->lower];
    name(&call->node, call, e, state_class);
    call->link.OffloadHandle = NULL;
    call->job = job;
    call->entry = e;
    call->operation = operation;
    call->state_class = state_class;
    e->busy = true;
    atomic_store(&e->leaves, operation == CHIMNEY_TERMINATE);
    job->waits++;
    return call;
}

/* Its type brings no state in any of the two operations. */
void call_link(struct call *call, struct entry *to)
{
    name(&call->link, call, to, CLASS_DELEGATED);
    call->link.DependentBlockList = &call->node;
}

static void send(struct im *im, struct call *call)
{
    static void (*const down[])(NDIS_HANDLE, struct chimney_node_protocol *) = {
        [CHIMNEY_INITIATE] = NdisInitiateOffload,   [CHIMNEY_UPDATE] = NdisUpdateOffload,
        [CHIMNEY_QUERY] = NdisQueryOffloadState,    [CHIMNEY_INVALIDATE] = NdisInvalidateOffload,
        [CHIMNEY_TERMINATE] = NdisTerminateOffload,
    };
    struct lower *lower = &im->lowers[call->entry->lower];
    lower->calls++;
    down[call->operation](lower->binding, call->link.OffloadHandle ? &call->link : &call->node);
}

/* ---- What a job is answered by ------------------------------------------------------------- */

static void answer(struct im *im, const struct job *job)
{
    const enum chimney_result result = job->bad    ? job->bad
                                       : job->good ? CHIMNEY_RESULT_OK
                                                   : CHIMNEY_RESULT_GONE;
    struct chimney_target *target = &im->target;
    const bool with = job->has_data && result == CHIMNEY_RESULT_OK;
    if (job->cookie == 0)
        return;
    if (!with)
        chimney_done(target, job->cookie, result);
    else if (job->kind == CHIMNEY_NEIGHBOR)
        flue_command_done_with(&target->flue, job->cookie, (uint8_t)result, &job->data.neighbor,
                               sizeof job->data.neighbor);
    else if (job->command == CHIMNEY_TCP_READ_TCP)
        chimney_read_tcp_done(target, job->cookie, result, &job->data.read_tcp);
    else if (chimney_remove_tcp_done(target, job->cookie, result, &job->data.remove_tcp))
        data_given(im, job->name, job->data.remove_tcp.buffered_data);
    else
        data_return(im, job->data.remove_tcp.buffered_data);
}

static void drop(struct im *im, struct job *job)
{
    job->next = im->free_jobs;
    im->free_jobs = job;
    im->jobs_out--;
}

/* What one lower driver took and the other refused: nothing is to be changed then. */
static bool take_half_back(struct job *job)
{
    if (job->stage == STAGE_TAKE_BACK || !job->bad || !job->good)
        return false;
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct call *call = &job->calls[l];
        struct entry *e = call->entry;
        call->entry = NULL;
        if (!e || call->operation != CHIMNEY_INITIATE || e->state != ENTRY_HELD)
            continue;
        call = call_begin(job, e, CHIMNEY_TERMINATE, CLASS_DELEGATED);
        translate_room(call);
        job->stage = STAGE_TAKE_BACK;
    }
    return job->waits != 0;
}

static bool has_next(struct job *job)
{
    if (job->stage == STAGE_FIRST && !job->bad) {
        struct entry *e = job->calls[0].entry ? job->calls[0].entry : job->calls[1].entry;
        job->calls[0].entry = job->calls[1].entry = NULL;
        commands_restart_again(job, e);
        return true;
    }
    return take_half_back(job);
}

void calls_send(struct im *im, struct job *job)
{
    if (job->waits == 0) {
        answer(im, job);
        drop(im, job);
        return;
    }
    for (uint8_t l = 0; l < LOWERS; l++)
        if (job->calls[l].entry)
            send(im, &job->calls[l]);
}

/* ---- Up ------------------------------------------------------------------------------------ */

void calls_completed(struct im *im, struct chimney_node_protocol *root)
{
    struct call *call = root->ImReserved[0];
    call->next = atomic_load(&im->completed);
    while (!atomic_compare_exchange_weak(&im->completed, &call->next, call))
        ;
    poll_soon(im);
}

static void initiated(struct im *im, struct call *call, bool good)
{
    struct entry *e = call->entry;
    if (!good) {
        entry_free(im, e);
        call->entry = NULL;
        return;
    }
    translate_keep(call);
    if (e->state == ENTRY_ADDING)
        e->state = ENTRY_HELD;
}

/* Received data that comes along. False: it cannot be lent to the host; the state is lost. */
static bool keep_data(struct im *im, struct call *call)
{
    const struct entry *e = call->entry;
    struct lower *lower = &im->lowers[e->lower];
    struct chimney_tcp_delegated *tcp = (void *)call->state;
    if (e->kind != CHIMNEY_TCP || !tcp->BufferedData)
        return true;
    if (flue_object_host_handle(&im->target.flue, CHIMNEY_TCP, e->name) && call->job->cookie &&
        data_lend(lower, tcp->BufferedData))
        return true;
    NdisOffloadTcpReceiveReturn(lower->binding, tcp->BufferedData);
    tcp->BufferedData = NULL;
    return false;
}

/*
 * FAILURE of a terminate says that the state is lost, or that it could not be given back and may be
 * asked for once more; which of both cannot be seen. It is lost if it was said to be, or is refused
 * twice.
 */
static enum chimney_result terminated(struct im *im, struct call *call, bool good)
{
    struct entry *e = call->entry;
    const bool last = e->asked_back || call->job->cookie == 0 ||
                      call->job->stage == STAGE_TAKE_BACK ||
                      atomic_load(&im->lowers[e->lower].failed);
    if (!good && !last) {
        e->asked_back = true;
        atomic_store(&e->leaves, false);
        return CHIMNEY_RESULT_FAILURE;
    }
    if (good) {
        good = keep_data(im, call);
        call->job->name = e->name;
        translate_answer(call->job, call);
        entry_free(im, e);
    } else {
        entry_abandon(im, e);
    }
    return good ? CHIMNEY_RESULT_OK : CHIMNEY_RESULT_GONE;
}

static enum chimney_result returned(struct im *im, struct call *call)
{
    const enum chimney_result result =
        translate_status(call->entry->kind, call->operation, call->node.Status);
    const bool good = result == CHIMNEY_RESULT_OK;
    switch (call->operation) {
    case CHIMNEY_INITIATE:
        initiated(im, call, good);
        return result;
    case CHIMNEY_TERMINATE:
        return terminated(im, call, good);
    case CHIMNEY_QUERY:
        if (good)
            translate_answer(call->job, call);
        return result;
    default:
        if (good && call->state_class == CLASS_CACHED)
            translate_keep(call);
        return result;
    }
}

static void take(struct im *im, struct call *call)
{
    struct job *job = call->job;
    im->lowers[call->entry->lower].calls--;
    call->entry->busy = false;
    const enum chimney_result result = returned(im, call);
    job->waits--;
    if (job->stage != STAGE_TAKE_BACK) {
        job->good |= result == CHIMNEY_RESULT_OK;
        if (!job->bad && result != CHIMNEY_RESULT_OK && result != CHIMNEY_RESULT_GONE)
            job->bad = result;
    }
    if (job->waits != 0)
        return;
    if (has_next(job)) {
        calls_send(im, job);
        return;
    }
    answer(im, job);
    drop(im, job);
}

/* In the order in which they came. */
void calls_take(struct im *im)
{
    struct call *last = atomic_exchange(&im->completed, NULL), *first = NULL;
    while (last) {
        struct call *before = last->next;
        last->next = first;
        first = last;
        last = before;
    }
    while (first) {
        struct call *call = first;
        first = call->next;
        take(im, call);
    }
}

/* ---- Taking back --------------------------------------------------------------------------- */

/* False: one is left that is busy, or for which there is no job. */
static bool take_kind_back(struct im *im, uint8_t kind, bool all)
{
    bool none = true;
    for (uint32_t i = 0; i < im->entry_count; i++) {
        struct entry *e = &im->entries[i];
        if (e->kind != kind || e->state == ENTRY_FREE || e->state == ENTRY_ABANDONED ||
            (!all && e->state != ENTRY_ORPHAN))
            continue;
        none = false;
        struct job *job = e->busy || !entry_leaves(e) ? NULL : job_take(im, 0, kind, 0);
        if (!job)
            continue;
        translate_room(call_begin(job, e, CHIMNEY_TERMINATE, CLASS_DELEGATED));
        calls_send(im, job);
    }
    return none;
}

/* What stands on others first. */
bool calls_take_back(struct im *im, bool all)
{
    for (uint8_t kind = CHIMNEY_KINDS; (all || im->orphans) && kind-- > 0;)
        if (!take_kind_back(im, kind, all))
            return false;
    return true;
}
