/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The binding: which call of a lower driver a command is. Neighbors and paths are in each lower
 * driver that is a member, a connection in the one that its hash says. One call at a time names an
 * object: a command that comes meanwhile finds its ring full.
 */
#include "im.h"

/* False: a call that names the object is out. */
static bool is_free(const struct im *im, uint8_t kind, uint32_t index)
{
    for (uint8_t l = 0; l < LOWERS; l++) {
        const struct entry *e = entry_of(im, l, kind, index);
        if (e && e->busy)
            return false;
    }
    return true;
}

static struct job *begin(struct im *im, flue_cookie cookie, uint8_t kind, uint8_t command,
                         uint32_t index)
{
    return is_free(im, kind, index) ? job_take(im, cookie, kind, command) : NULL;
}

static struct entry *held(const struct im *im, uint8_t lower, uint8_t kind, uint32_t index)
{
    struct entry *e = entry_of(im, lower, kind, index);
    return e && e->state == ENTRY_HELD ? e : NULL;
}

/* Each lower driver that has the object. */
#define EACH(im, l, e, kind, index)      \
    for (uint8_t l = 0; l < LOWERS; l++) \
        for (struct entry *e = held((im), l, (kind), (index)); e; e = NULL)

/* ---- New objects --------------------------------------------------------------------------- */

/* No room for an entry is what no room in the lower driver would be. */
static struct call *add(struct im *im, struct job *job, uint8_t lower, uint8_t variant,
                        flue_name name)
{
    static const uint8_t full[CHIMNEY_KINDS] = {
        CHIMNEY_RESULT_NEIGHBOR_ENTRIES, CHIMNEY_RESULT_PATH_ENTRIES, CHIMNEY_RESULT_TCP_ENTRIES};
    struct entry *e = entry_take(im, lower, job->kind, variant, name);
    if (!e)
        job->bad = (enum chimney_result)full[job->kind];
    return e ? call_begin(job, e, CHIMNEY_INITIATE, CLASS_ALL) : NULL;
}

/* Where the lower driver does not have what the object is to stand on, it is refused. */
static struct call *add_on(struct im *im, struct job *job, uint8_t lower, uint8_t variant,
                           flue_name name, uint32_t below)
{
    struct entry *on = held(im, lower, (uint8_t)(job->kind - 1), below);
    struct call *call = on ? add(im, job, lower, variant, name) : NULL;
    if (call)
        call_link(call, on);
    if (!on)
        job->bad = CHIMNEY_RESULT_FAILURE;
    return call;
}

/* Nobody to send it to is no room. */
static enum flue_issued send_new(struct im *im, struct job *job)
{
    if (job->waits == 0 && !job->bad)
        job->bad = CHIMNEY_RESULT_RESOURCES;
    calls_send(im, job);
    return FLUE_ISSUED;
}

static enum flue_issued add_neighbor(void *adapter, flue_cookie cookie,
                                     const struct chimney_add_neighbor_args *args)
{
    struct im *im = adapter;
    struct job *job =
        begin(im, cookie, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, args->index);
    if (!job)
        return FLUE_RING_FULL;
    for (uint8_t l = 0; l < LOWERS && !job->bad; l++) {
        struct call *call = im->lowers[l].member ? add(im, job, l, 0, args->name) : NULL;
        if (call)
            translate_neighbor(call, args);
    }
    return send_new(im, job);
}

static enum flue_issued add_path(void *adapter, flue_cookie cookie,
                                 const struct chimney_add_path_args *args)
{
    struct im *im = adapter;
    struct job *job = begin(im, cookie, CHIMNEY_PATH, CHIMNEY_PATH_ADD_PATH, args->index);
    if (!job)
        return FLUE_RING_FULL;
    for (uint8_t l = 0; l < LOWERS && !job->bad; l++) {
        struct call *call = im->lowers[l].member
                                ? add_on(im, job, l, args->variant, args->name, args->neighbor)
                                : NULL;
        if (call)
            translate_path(call, args);
    }
    return send_new(im, job);
}

/* As 802.3ad has it, all frames of a connection leave by one port; LOWERS: there is none. */
static uint8_t choose(const struct im *im, uint32_t hash)
{
    uint8_t members[LOWERS] = {0}, count = 0;
    for (uint8_t l = 0; l < LOWERS; l++)
        if (im->lowers[l].member)
            members[count++] = l;
    return count ? members[hash % count] : LOWERS;
}

static enum flue_issued add_tcp(void *adapter, flue_cookie cookie,
                                const struct chimney_add_tcp_args *args)
{
    struct im *im = adapter;
    struct job *job = begin(im, cookie, CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP, args->index);
    const uint8_t lower = choose(im, args->hash_value);
    if (!job)
        return FLUE_RING_FULL;
    struct call *call =
        lower < LOWERS ? add_on(im, job, lower, args->variant, args->name, args->path) : NULL;
    if (call) {
        translate_tcp(call, args);
        atomic_store(&call->entry->brought, args->send_data_head);
        if (args->send_data_head)
            events_bring(call->entry);
    }
    return send_new(im, job);
}

/* ---- New values ---------------------------------------------------------------------------- */

/* What an update carries is put over what the lower driver was told before. */
#define WRITE(command, kind_, number, type, ...)                                    \
    static enum flue_issued command(void *adapter, flue_cookie cookie,              \
                                    const struct chimney_##command##_args *args)    \
    {                                                                               \
        struct im *im = adapter;                                                    \
        struct job *job = begin(im, cookie, (kind_), (number), args->index);        \
        if (!job)                                                                   \
            return FLUE_RING_FULL;                                                  \
        EACH(im, l, e, (kind_), args->index)                                        \
        {                                                                           \
            struct chimney_##type##_cached *to =                                    \
                translate_cached(call_begin(job, e, CHIMNEY_UPDATE, CLASS_CACHED)); \
            __VA_ARGS__                                                             \
        }                                                                           \
        calls_send(im, job);                                                        \
        return FLUE_ISSUED;                                                         \
    }

static void set_flag(uint16_t *flags, uint16_t flag, bool on)
{
    *flags = (uint16_t)(on ? *flags | flag : *flags & ~flag);
}

WRITE(write_mac, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC, neighbor,
      for (size_t i = 0; i < sizeof to->DlDestinationAddress; i++)
          to->DlDestinationAddress[i] = args->destination_mac[i];)
WRITE(write_mtu, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_MTU, path, to->PathMtu = args->path_mtu;)
WRITE(write_timers, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_TIMERS, tcp,
      set_flag(&to->Flags, CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON, args->keepalive_on);
      to->KaProbeCount = args->ka_probe_count; to->KaTimeout = args->ka_timeout;
      to->KaInterval = args->ka_interval; to->MaxRT = args->max_rt;)
WRITE(write_buffers, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_BUFFERS, tcp,
      set_flag(&to->Flags, CHIMNEY_TCP_SETTINGS_NAGLE_ON, args->nagle_on);
      to->InitialRcvWnd = args->initial_rcv_wnd; to->RcvIndicationSize = args->rcv_indication_size;)
WRITE(write_header, CHIMNEY_TCP, CHIMNEY_TCP_WRITE_HEADER, tcp,
      to->FlowLabel = args->flow_label & 0xfffff;
      to->TtlOrHopLimit = args->ttl_or_hop_limit;
      to->TosOrTrafficClass = args->tos_or_traffic_class;
      to->UserPriority = args->user_priority & 7;)

static enum flue_issued write_route(void *adapter, flue_cookie cookie,
                                    const struct chimney_write_route_args *args)
{
    struct im *im = adapter;
    struct job *job = begin(im, cookie, CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE, args->index);
    if (!job)
        return FLUE_RING_FULL;
    EACH(im, l, e, CHIMNEY_PATH, args->index)
    {
        struct entry *to = held(im, l, CHIMNEY_NEIGHBOR, args->neighbor);
        if (to)
            call_link(call_begin(job, e, CHIMNEY_UPDATE, CLASS_DELEGATED), to);
        else
            job->bad = CHIMNEY_RESULT_FAILURE;
    }
    calls_send(im, job);
    return FLUE_ISSUED;
}

/*
 * What the lower driver is to do once is asked of it by flags; that probes are counted anew, by
 * their number being changed with such a flag. It has that number already: it is changed to another
 * first.
 */
static void restart_now(struct job *job, struct entry *e)
{
    const struct chimney_restart_args *args = &job->restart;
    struct chimney_tcp_cached *to =
        translate_cached(call_begin(job, e, CHIMNEY_UPDATE, CLASS_CACHED));
    if (job->stage == STAGE_FIRST) {
        to->KaProbeCount ^= 1;
        return;
    }
    to->KaProbeCount ^= job->stage == STAGE_LAST;
    set_flag(&to->Flags, CHIMNEY_TCP_SETTINGS_RESTART_KEEPALIVE, args->rearm_keepalive);
    set_flag(&to->Flags, CHIMNEY_TCP_SETTINGS_RESTART_MAX_RT,
             args->clear_total_rt || args->clear_probe_count);
    set_flag(&to->Flags, CHIMNEY_TCP_SETTINGS_UPDATE_RECEIVE_WINDOW, args->advertise_window);
}

void commands_restart_again(struct job *job, struct entry *e)
{
    job->stage = STAGE_LAST;
    restart_now(job, e);
}

static enum flue_issued restart(void *adapter, flue_cookie cookie,
                                const struct chimney_restart_args *args)
{
    struct im *im = adapter;
    struct job *job = begin(im, cookie, CHIMNEY_TCP, CHIMNEY_TCP_RESTART, args->index);
    if (!job)
        return FLUE_RING_FULL;
    job->restart = *args;
    job->stage = args->clear_probe_count ? STAGE_FIRST : STAGE_ONLY;
    EACH(im, l, e, CHIMNEY_TCP, args->index)
    restart_now(job, e);
    calls_send(im, job);
    return FLUE_ISSUED;
}

/* ---- The rest ------------------------------------------------------------------------------ */

static enum flue_issued ask(struct im *im, flue_cookie cookie, uint8_t kind, uint8_t command,
                            uint32_t index, uint8_t operation)
{
    struct job *job = begin(im, cookie, kind, command, index);
    if (!job)
        return FLUE_RING_FULL;
    EACH(im, l, e, kind, index)
    translate_room(call_begin(job, e, operation, CLASS_DELEGATED));
    calls_send(im, job);
    return FLUE_ISSUED;
}

/* What adds it is given up, and is not back yet: the object ends, and its entry later. */
static void give_up(struct im *im, uint8_t kind, uint32_t index)
{
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct entry *e = entry_of(im, l, kind, index);
        if (e && e->state == ENTRY_ADDING)
            entry_orphan(im, e);
    }
}

#define ASK(command, kind, number, operation)                                    \
    static enum flue_issued command(void *adapter, flue_cookie cookie,           \
                                    const struct chimney_##command##_args *args) \
    {                                                                            \
        if ((operation) == CHIMNEY_TERMINATE)                                    \
            give_up(adapter, (kind), args->index);                               \
        return ask(adapter, cookie, (kind), (number), args->index, (operation)); \
    }
ASK(read_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_READ_NEIGHBOR, CHIMNEY_QUERY)
ASK(block_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR, CHIMNEY_INVALIDATE)
ASK(remove_neighbor, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, CHIMNEY_TERMINATE)
ASK(block_path, CHIMNEY_PATH, CHIMNEY_PATH_BLOCK_PATH, CHIMNEY_INVALIDATE)
ASK(remove_path, CHIMNEY_PATH, CHIMNEY_PATH_REMOVE_PATH, CHIMNEY_TERMINATE)
ASK(read_tcp, CHIMNEY_TCP, CHIMNEY_TCP_READ_TCP, CHIMNEY_QUERY)
ASK(block_tcp, CHIMNEY_TCP, CHIMNEY_TCP_BLOCK_TCP, CHIMNEY_INVALIDATE)

static enum flue_issued remove_tcp(void *adapter, flue_cookie cookie,
                                   const struct chimney_remove_tcp_args *args)
{
    give_up(adapter, CHIMNEY_TCP, args->index);
    if (!is_free(adapter, CHIMNEY_TCP, args->index))
        return FLUE_RING_FULL;
    EACH((struct im *)adapter, l, e, CHIMNEY_TCP, args->index)
    {
        if (!entry_leaves(e))
            return FLUE_RING_FULL;
        data_remove(adapter, e);
    }
    return ask(adapter, cookie, CHIMNEY_TCP, CHIMNEY_TCP_REMOVE_TCP, args->index,
               CHIMNEY_TERMINATE);
}

const struct chimney_binding im_binding = {
    .add_neighbor = add_neighbor,
    .write_mac = write_mac,
    .read_neighbor = read_neighbor,
    .block_neighbor = block_neighbor,
    .remove_neighbor = remove_neighbor,
    .add_path = add_path,
    .write_route = write_route,
    .write_mtu = write_mtu,
    .block_path = block_path,
    .remove_path = remove_path,
    .add_tcp = add_tcp,
    .write_timers = write_timers,
    .write_buffers = write_buffers,
    .write_header = write_header,
    .restart = restart,
    .read_tcp = read_tcp,
    .block_tcp = block_tcp,
    .remove_tcp = remove_tcp,
};
