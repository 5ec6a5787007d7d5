/* SPDX-License-Identifier: BSD-2-Clause */
#include "ipsec_host.h"

#include <stdio.h>
#include <string.h>

static struct host *host_of_completions;

static void completed(enum ipsec_operation operation, struct ipsec_node *root)
{
    struct story *s = &host_of_completions->story;
    story_completed(s, operation);
    for (struct ipsec_node *n = root; n; n = n->Next) {
        story_status(s, n->Status);
        if (n->HostData)
            *(bool *)n->HostData = false; /* nothing is under way any more */
    }
}

#define COMPLETED(name, operation)                        \
    static void name(void *host, struct ipsec_node *root) \
    {                                                     \
        (void)host;                                       \
        completed(operation, root);                       \
    }
COMPLETED(added, IPSEC_ADD)
COMPLETED(advanced, IPSEC_ADVANCE)
COMPLETED(moved, IPSEC_MOVE)
COMPLETED(counted, IPSEC_COUNT)
COMPLETED(retired, IPSEC_RETIRE)
COMPLETED(removed, IPSEC_REMOVE)

static void event(void *object_handle, uint32_t code, const void *data)
{
    (void)object_handle;
    story_told(&host_of_completions->story, code);
    if (data)
        memcpy(&host_of_completions->told_packets, data, sizeof(uint64_t));
}

bool host_open(struct host *h)
{
    static const struct ipsec_completions completions = {added,   advanced, moved,
                                                         counted, retired,  removed};
    static const struct ipsec_indications indications = {.ipsec_event = event};
    static const struct flue_device_options options = {
        .latency_max = 2, .answer_max = 2, .late_steps = 64};
    struct flue_config config = {.capacity = {1, HOST_SAS, HOST_POLICIES},
                                 .ring_entries = 64,
                                 .running_requests = 32,
                                 .ticks_per_second = 1000};
    memset(h, 0, sizeof *h);
    host_of_completions = h;
    if (ipsec_device_open(&h->nic, &config, &options, &completions, &indications) != FLUE_OK)
        return false;
    story_open(&h->story, &h->nic.target.flue, h->nic.device);
    h->port.node.Kind = IPSEC_TYPE_PORT_CONST;
    return true;
}

void host_close(struct host *h)
{
    ipsec_device_close(&h->nic);
}

void host_key(unsigned i, uint8_t key[32])
{
    char text[33];
    snprintf(text, sizeof text, HOST_KEY_BEGINS "%05u-----------------", i % 100000);
    memcpy(key, text, 32);
}

void host_make_sa(struct host *h, unsigned i, enum ipsec_direction_value direction,
                  enum ipsec_offload_value offload)
{
    struct host_sa *sa = &h->sa[i];
    memset(sa, 0, sizeof *sa);
    sa->node.Kind = IPSEC_TYPE_SA_ALL;
    sa->node.Cookie = sa;
    sa->fixed = (struct ipsec_sa_const){.Port = h->port.node.Handle,
                                        .Spi = 0x1000 + i,
                                        .ReplayWindow = 64,
                                        .Family = 2,
                                        .Direction = (uint8_t)direction,
                                        .Offload = (uint8_t)offload,
                                        .Numbers = IPSEC_NUMBERS_EXTENDED,
                                        .KeyBytes = 32};
    host_key(i, sa->fixed.Key);
}

static uint64_t handle_of(const struct host *h, int sa)
{
    return sa < 0 ? 0 : h->sa[sa].node.Handle;
}

void host_make_policy(struct host *h, unsigned i, int in, int out)
{
    struct host_policy *p = &h->policy[i];
    memset(p, 0, sizeof *p);
    p->node.Kind = IPSEC_TYPE_POLICY_ALL;
    p->node.Cookie = p;
    p->fixed = (struct ipsec_policy_const){.Port = h->port.node.Handle,
                                           .Priority = i,
                                           .SourceBits = 24,
                                           .DestinationBits = 24,
                                           .Family = 2,
                                           .Action = IPSEC_ACTION_PROTECT};
    p->sas = (struct ipsec_policy_cached){handle_of(h, in), handle_of(h, out)};
}

static struct ipsec_node *ask_of(struct host_ask *ask, const struct ipsec_node *added,
                                 enum ipsec_type type)
{
    memset(ask, 0, sizeof *ask);
    ask->node = (struct ipsec_node){
        .Handle = added->Handle, .Cookie = added->Cookie, .Kind = (uint8_t)type};
    return &ask->node;
}

struct ipsec_node *host_of_port(struct host *h)
{
    return ask_of(&h->of_port, &h->port.node, IPSEC_TYPE_PORT_CONST);
}

struct ipsec_node *host_of_sa(struct host *h, unsigned i, enum ipsec_type type)
{
    return ask_of(&h->of_sa[i], &h->sa[i].node, type);
}

struct ipsec_node *host_of_policy(struct host *h, unsigned i, enum ipsec_type type)
{
    return ask_of(&h->of_policy[i], &h->policy[i].node, type);
}

struct ipsec_node *host_move(struct host *h, unsigned i, int in, int out)
{
    struct ipsec_node *node = host_of_policy(h, i, IPSEC_TYPE_POLICY_CACHED);
    h->of_policy[i].state.sas = (struct ipsec_policy_cached){handle_of(h, in), handle_of(h, out)};
    return node;
}

void host_ask(struct host *h, enum ipsec_operation operation, struct ipsec_node *root)
{
    static void (*const calls[IPSEC_OPERATIONS])(void *, struct ipsec_node *) = {
        ipsec_add, ipsec_advance, ipsec_move, ipsec_count, ipsec_retire, ipsec_remove};
    story_asks(&h->story, operation);
    calls[operation](&h->nic, root);
}

int32_t host_now(struct host *h, enum ipsec_operation operation, struct ipsec_node *root)
{
    host_ask(h, operation, root);
    story_run(&h->story);
    return root->Status;
}

uint32_t host_index(const struct ipsec_node *node)
{
    return (uint32_t)node->Handle;
}

const struct ipsec_device_sa *host_sa_entry(const struct host *h, unsigned i)
{
    return ipsec_device_sa(&h->nic, host_index(&h->sa[i].node));
}

uint32_t host_policy_out(const struct host *h, unsigned i)
{
    uint64_t out = FLUE_NONE;
    ipsec_device_get(&h->nic, IPSEC_POLICY, host_index(&h->policy[i].node), "out_sa", &out);
    return (uint32_t)out;
}
