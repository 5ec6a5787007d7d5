/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What flow rules stand on: the table, there before all of them; next hops and meters, made by the
 * first rule that needs them, shared by all that need the same, gone with the last.
 *
 * Who asks is a task, and waits: as long as the time limits of the commands, or until a reset ends.
 */
#include <linux/delay.h>

#include "nic.h"

#define TRIES 4 /* of what has to end, before the device is reset */

static void done(void *host, struct flow_node *root)
{
    complete(&container_of(root, struct nic_request, node)->done);
}

const struct flow_completions nic_flow_completions = {
    .create = done, .update = done, .query = done, .destroy = done, .flush = done};

int nic_ask(struct flue_nic *nic, void (*operation)(void *, struct flow_node *),
            struct nic_request *request)
{
    init_completion(&request->done);
    operation(&nic->flow, &request->node);
    wait_for_completion(&request->done);
    return request->node.status;
}

/*
 * What an add whose answer is lost has left in the device nobody can name, so its undo is not sent;
 * and a rule acts. Only a reset ends that.
 */
int nic_create(struct flue_nic *nic, struct nic_request *request)
{
    const struct flue_stats *s = flue_target_stats(nic_target(&nic->flow));
    const u64 unsent = READ_ONCE(s->unsent);
    const int status = nic_ask(nic, flow_create, request);

    if (READ_ONCE(s->unsent) != unsent)
        nic_reset(nic);
    return status;
}

/* tc asks once, and does not hear of it. After a reset nothing is in doubt any more. */
void nic_destroy(struct flue_nic *nic, struct nic_request *request)
{
    u32 tries = 0;

    for (;;) {
        const int status = nic_ask(nic, flow_destroy, request);

        if (!status || status == FLOW_STATUS_NO_DATA || status == FLOW_STATUS_NO_ENTRY)
            return;
        if (++tries % TRIES == 0)
            nic_want_reset(nic);
        msleep(10);
    }
}

/* ---- Next hops and meters ------------------------ */

struct nic_part {
    struct list_head list;
    u32 uses;
    u16 kind;   /* of its node when it was made */
    u32 police; /* of a meter: the action of tc's that it is; rules of others have other ones */
    struct nic_request request;
    union {
        struct flow_hop_cached hop;
        struct {
            struct flow_meter_cached cached;
            struct flow_meter_delegated counts;
        } meter;
    };
};

u64 nic_part_handle(const struct nic_part *part)
{
    return part->request.node.handle;
}

/* One like that is there, or is made. */
static int get(struct flue_nic *nic, u16 kind, u32 police, const void *values, size_t bytes,
               struct nic_part **part)
{
    struct nic_part *p;
    int error;

    list_for_each_entry(p, &nic->parts, list)
    {
        if (p->kind != kind || p->police != police || memcmp(&p->hop, values, bytes))
            continue;
        p->uses++;
        *part = p;
        return 0;
    }
    p = kzalloc(sizeof *p, GFP_KERNEL);
    if (!p)
        return -ENOMEM;
    p->kind = p->request.node.kind = kind;
    p->police = police;
    p->uses = 1;
    memcpy(&p->hop, values, bytes);
    error = nic_create(nic, &p->request);
    if (error) {
        kfree(p);
        return error;
    }
    list_add(&p->list, &nic->parts);
    *part = p;
    return 0;
}

int nic_hop_get(struct flue_nic *nic, const struct nic_flower *f, struct nic_part **part)
{
    return f->drops ? 0 : get(nic, FLOW_TYPE_HOP_CACHED, 0, &f->hop, sizeof f->hop, part);
}

/* What was counted on the way comes back when it ends. */
int nic_meter_get(struct flue_nic *nic, const struct nic_flower *f, struct nic_part **part)
{
    return f->limited ? get(nic, FLOW_TYPE_METER_ALL, f->police, &f->meter, sizeof f->meter, part)
                      : 0;
}

void nic_part_put(struct flue_nic *nic, struct nic_part *part)
{
    if (!part || --part->uses)
        return;
    if (part->kind == FLOW_TYPE_METER_ALL)
        part->request.node.kind = FLOW_TYPE_METER_DELEGATED;
    nic_destroy(nic, &part->request);
    list_del(&part->list);
    kfree(part);
}

/* ---- The table, and the target ------------------------ */

struct nic_table {
    struct nic_request request;
    struct flow_table_const fixed;
    struct flow_table_cached cached;
};

int nic_table_open(struct flue_nic *nic)
{
    struct nic_table *table = kzalloc(sizeof *table, GFP_KERNEL);
    int error;

    if (!table)
        return -ENOMEM;
    mutex_init(&nic->flows);
    INIT_LIST_HEAD(&nic->parts);
    hash_init(nic->rules);
    table->request.node.kind = FLOW_TYPE_TABLE_ALL;
    table->fixed.entries = NIC_RULES;
    table->cached.on_miss = FLOW_MISS_PASS;
    error = nic_ask(nic, flow_create, &table->request);
    if (error) {
        kfree(table);
        return error;
    }
    nic->table = table;
    return 0;
}

/* What does not answer is left behind: the device ends next. */
void nic_table_close(struct flue_nic *nic)
{
    const int error = nic_ask(nic, flow_destroy, &nic->table->request);

    if (error)
        pr_warn("flue_nic: %s: its table does not close: %d\n", nic->dev->name, error);
    kfree(nic->table);
}

u64 nic_table_handle(const struct flue_nic *nic)
{
    return nic->table->request.node.handle;
}
