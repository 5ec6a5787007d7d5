/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue pair on a NIC that is made of spec/rdma: brought up as verbs do it, refused, lost, late
 * and doubled answers, errors that the device reports, a reset; and a ledger.
 */
#include <stdio.h>
#include <string.h>

#include "rdma_device.h"
#include "story.h"

enum { QP_FATAL = 1 };                          /* codes, as of ibv_event_type */
enum { INVALID = 22, BUSY = 16, NO_SUCH = 19 }; /* errno */

static struct {
    struct rdma_device nic;
    struct story story;
    struct {
        struct rdma_node node;
        _Alignas(8) struct rdma_pd_const owner;
    } pd;
    struct {
        struct rdma_node node;
        _Alignas(8) struct rdma_cq_const fixed;
        _Alignas(8) struct rdma_cq_cached size;
        _Alignas(8) struct rdma_cq_delegated number;
    } cq;
    struct {
        struct rdma_node node;
        _Alignas(8) struct rdma_qp_const init;
        _Alignas(8) struct rdma_qp_delegated number;
    } qp;
    struct {
        struct rdma_node node;
        _Alignas(8) struct rdma_qp_request attr;
    } move;
} h;

static void completed(enum rdma_operation operation, struct rdma_node *root)
{
    story_completed(&h.story, operation);
    for (struct rdma_node *n = root; n; n = n->dependents)
        story_status(&h.story, n->status);
}

#define COMPLETED(name, operation)                       \
    static void name(void *host, struct rdma_node *root) \
    {                                                    \
        (void)host;                                      \
        completed(operation, root);                      \
    }
COMPLETED(created, RDMA_CREATE)
COMPLETED(modified, RDMA_MODIFY)
COMPLETED(qp_modified, RDMA_MODIFY_QP)
COMPLETED(queried, RDMA_QUERY)
COMPLETED(destroyed, RDMA_DESTROY)

static void event(void *object_handle, uint32_t code)
{
    (void)object_handle;
    story_told(&h.story, code < STORY_CODES ? code : 0);
}

static bool open_it(void)
{
    static const struct rdma_completions completions = {created, modified, qp_modified, queried,
                                                        destroyed};
    static const struct rdma_indications indications = {.rdma_event = event};
    static const struct flue_device_options options = {
        .latency_max = 2, .answer_max = 2, .late_steps = 300};
    struct flue_config config = {.capacity = {1, 1, 1, 1},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000};
    if (rdma_device_open(&h.nic, &config, &options, &completions, &indications) != FLUE_OK)
        return false;
    story_open(&h.story, &h.nic.target.flue, h.nic.device);
    return true;
}

static uint64_t ask(enum rdma_operation operation, struct rdma_node *root)
{
    static void (*const calls[RDMA_OPERATIONS])(void *, struct rdma_node *) = {
        rdma_create, rdma_modify, rdma_modify_qp, rdma_query, rdma_destroy};
    story_asks(&h.story, operation);
    calls[operation](&h.nic, root);
    story_run(&h.story);
    return (uint64_t)-root->status;
}

static uint64_t move(enum rdma_qp_state_value to, uint32_t mask)
{
    h.move.node = (struct rdma_node){.handle = h.qp.node.handle, .kind = RDMA_TYPE_QP_REQUEST};
    h.move.attr = (struct rdma_qp_request){.qp_state = (uint8_t)to, .attr_mask = mask};
    return ask(RDMA_MODIFY_QP, &h.move.node);
}

/* The masks of ibv_modify_qp(3) for a reliable connection. */
enum {
    STATE = 1,
    FOR_INIT = STATE | 0x8 | 0x10 | 0x20,
    FOR_RTR = STATE | 0x80 | 0x100 | 0x1000 | 0x8000 | 0x20000 | 0x100000,
    FOR_RTS = STATE | 0x200 | 0x400 | 0x800 | 0x2000 | 0x10000
};

static uint64_t brought_up(void)
{
    return move(RDMA_QP_STATE_INIT, FOR_INIT) + move(RDMA_QP_STATE_RTR, FOR_RTR) +
           move(RDMA_QP_STATE_RTS, FOR_RTS);
}

static void create(void)
{
    h.pd.node = (struct rdma_node){.kind = RDMA_TYPE_PD_CONST};
    h.cq.node = (struct rdma_node){.kind = RDMA_TYPE_CQ_ALL};
    h.cq.size.cqe = 1024;
    uint64_t bad = ask(RDMA_CREATE, &h.cq.node);
    h.qp.node = (struct rdma_node){.kind = RDMA_TYPE_QP_ALL};
    h.qp.init.qp_type = RDMA_QP_TYPE_RC;
    h.qp.init.send_cq = h.qp.init.recv_cq = h.cq.node.handle;
    h.pd.node.dependents = &h.qp.node;
    bad += ask(RDMA_CREATE, &h.pd.node);
    h.pd.node.dependents = NULL;
    story_expect(&h.story, "statuses of domain, queue and queue pair", bad, 0);
    story_expect(&h.story, "destroy of a completion queue in use: EBUSY",
                 ask(RDMA_DESTROY, &h.cq.node), BUSY);
}

static void bring_up(void)
{
    struct story *s = &h.story;
    story_chapter("A queue pair", "RESET, INIT, RTR, RTS; what verbs forbid is refused.");
    create();
    story_expect(s, "RESET to RTR: EINVAL", move(RDMA_QP_STATE_RTR, FOR_RTR), INVALID);
    story_expect(s, "INIT without its port: EINVAL", move(RDMA_QP_STATE_INIT, FOR_INIT & ~0x20),
                 INVALID);
    story_expect(s, "INIT with a PSN: EINVAL", move(RDMA_QP_STATE_INIT, FOR_INIT | 0x1000),
                 INVALID);
    story_expect(s, "brought up to RTS", brought_up(), 0);
    story_expect(s, "RTS to SQD, and back",
                 move(RDMA_QP_STATE_SQD, STATE) + move(RDMA_QP_STATE_RTS, STATE), 0);
}

static void bad_answers(void)
{
    struct story *s = &h.story;
    story_chapter("Refused, lost, late and doubled",
                  "What was refused stays; what was lost is ERR.");
    story_expect(s, "to RESET", move(RDMA_QP_STATE_RESET, STATE), 0);
    flue_device_strike(h.nic.device, RDMA_QP, FLUE_NO_BYTE, FLUE_DEVICE_REFUSED, FLUE_NO_BYTE);
    story_expect_some(s, "INIT that the NIC refuses", move(RDMA_QP_STATE_INIT, FOR_INIT));
    story_expect(s, "... and which is tried again from RESET", brought_up(), 0);
    flue_device_strike(h.nic.device, RDMA_QP, FLUE_NO_BYTE, FLUE_DEVICE_NO_ANSWER, FLUE_NO_BYTE);
    story_expect_some(s, "SQD of which the answer is lost", move(RDMA_QP_STATE_SQD, STATE));
    story_expect(s, "... it is in ERR: RTS is EINVAL", move(RDMA_QP_STATE_RTS, STATE), INVALID);
    story_expect(s, "to RESET, and up", move(RDMA_QP_STATE_RESET, STATE) + brought_up(), 0);
    flue_device_strike(h.nic.device, RDMA_QP, FLUE_NO_BYTE, FLUE_DEVICE_TWICE, FLUE_NO_BYTE);
    story_expect(s, "SQD that is answered twice", move(RDMA_QP_STATE_SQD, STATE), 0);
}

static void errors(void)
{
    struct story *s = &h.story;
    story_chapter("Errors and a reset", "The device reports one; then it forgets everything.");
    flue_device_event(h.nic.device, RDMA_QP, (uint32_t)h.qp.node.handle, RDMA_QP_EVENT_FATAL);
    story_run(s);
    story_expect(s, "IBV_EVENT_QP_FATAL", s->told[QP_FATAL], 1);
    story_expect(s, "in ERR: RTS is EINVAL", move(RDMA_QP_STATE_RTS, STATE), INVALID);
    story_expect(s, "to RESET, and up", move(RDMA_QP_STATE_RESET, STATE) + brought_up(), 0);
    flue_device_reset(h.nic.device);
    story_run(s);
    story_expect(s, "IBV_EVENT_QP_FATAL after a reset", s->told[QP_FATAL], 2);
    story_expect(s, "it is no more: ENODEV", move(RDMA_QP_STATE_RESET, STATE), NO_SUCH);
}

static void end(const char *title)
{
    story_chapter(title, "The queue pair first, then what it stood on.");
    story_expect(&h.story, "statuses",
                 ask(RDMA_DESTROY, &h.qp.node) + ask(RDMA_DESTROY, &h.cq.node) +
                     ask(RDMA_DESTROY, &h.pd.node),
                 0);
}

int main(void)
{
    if (!open_it())
        return 2;
    printf("Queue pairs on a software NIC that is made of spec/rdma\n");
    bring_up();
    bad_answers();
    errors();
    end("Destroyed");
    story_chapter("Made anew", "As verbs want it after a reset.");
    create();
    story_expect(&h.story, "brought up to RTS", brought_up(), 0);
    end("The end");
    const int status = story_ledger(&h.story);
    rdma_device_close(&h.nic);
    return status;
}
