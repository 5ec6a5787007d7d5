/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tc's calls become requests of flue, and their completions what tc waits for.
 *
 *     FLOW_CLS_REPLACE   a task, may sleep: what the rule stands on, the rule; waits
 *     FLOW_CLS_STATS     the same: asks what was counted, gives what is new of it
 *     FLOW_CLS_DESTROY   the same, and cannot fail: waits until the rule is gone
 *
 * They come without the RTNL lock, so that nobody else waits while the device does not answer, and
 * of several rules at once: one at a time is made here.
 *
 * What the device tells of a rule by itself is a uevent of the net device.
 */
#include <net/pkt_cls.h>

#include "nic.h"

/* The codes of spec/flow's indications. */
enum { FLOW_IS_AGED = 1, FLOW_IS_LOST = 2 };

static unsigned int flow_idle_ms;
module_param(flow_idle_ms, uint, 0644);
MODULE_PARM_DESC(flow_idle_ms,
                 "flow rules that are made from now on age after so many ms; 0: never");

struct nic_rule {
    struct flue_nic *nic;
    struct hlist_node by_cookie;
    unsigned long cookie; /* tc's */
    u32 chain, priority;
    struct nic_part *hop, *meter;
    u32 resets;                       /* of the device, when it counted from 0 */
    struct flow_rule_delegated given; /* to tc */
    struct nic_request add;           /* the table, below which the rule is asked for */
    struct {
        struct flow_node node;
        struct flow_rule_const fixed;
        struct flow_rule_cached cached;
        struct flow_rule_delegated counts;
    } rule;
    struct nic_request ask; /* all that comes later */
    struct flow_rule_delegated counts;
};

static struct nic_rule *find(struct flue_nic *nic, unsigned long cookie)
{
    struct nic_rule *r;

    hash_for_each_possible(nic->rules, r, by_cookie, cookie) if (r->cookie == cookie) return r;
    return NULL;
}

static void put_parts(struct flue_nic *nic, struct nic_rule *r)
{
    nic_part_put(nic, r->hop);
    nic_part_put(nic, r->meter);
}

static int ask_for(struct flue_nic *nic, struct nic_rule *r, const struct nic_flower *f)
{
    int error = nic_hop_get(nic, f, &r->hop);

    if (!error)
        error = nic_meter_get(nic, f, &r->meter);
    if (error)
        return error;
    r->rule.cached.hop = r->hop ? nic_part_handle(r->hop) : 0;
    r->rule.cached.meter = r->meter ? nic_part_handle(r->meter) : 0;
    r->resets = READ_ONCE(nic->resets);
    nic_create(nic, &r->add);
    return r->rule.node.status;
}

static struct nic_rule *rule_new(struct flue_nic *nic, const struct flow_cls_offload *cls,
                                 const struct nic_flower *f)
{
    struct nic_rule *r = kzalloc(sizeof *r, GFP_KERNEL);

    if (!r)
        return NULL;
    r->nic = nic;
    r->cookie = cls->cookie;
    r->chain = cls->common.chain_index;
    r->priority = cls->common.prio;
    r->add.node.handle = nic_table_handle(nic);
    r->add.node.kind = FLOW_TYPE_TABLE_CACHED;
    r->add.node.dependents = &r->rule.node;
    r->rule.node.kind = FLOW_TYPE_RULE_ALL;
    r->rule.node.cookie = r;
    r->rule.fixed = f->match;
    r->rule.cached.timeout = READ_ONCE(flow_idle_ms);
    r->ask.node.kind = FLOW_TYPE_RULE_DELEGATED;
    return r;
}

/* To tc -EAGAIN says that it has to ask again at once, and it would for ever. */
static int error_of(int status)
{
    return status == FLOW_STATUS_AGAIN ? -EBUSY : status;
}

static int replace(struct flue_nic *nic, struct flow_cls_offload *cls)
{
    struct nic_flower f = {};
    struct nic_rule *r;
    int error = nic_parse(nic, cls, &f);

    if (error)
        return error;
    r = rule_new(nic, cls, &f);
    if (!r)
        return -ENOMEM;
    error = ask_for(nic, r, &f);
    if (error) {
        put_parts(nic, r);
        kfree(r);
        nic_explain(nic->dev, cls->common.extack, flow_status_name(error));
        return error_of(error);
    }
    r->ask.node.handle = r->rule.node.handle;
    hash_add(nic->rules, &r->by_cookie, r->cookie);
    atomic_inc(&nic->rule_count);
    return 0;
}

static int destroy(struct flue_nic *nic, struct flow_cls_offload *cls)
{
    struct nic_rule *r = find(nic, cls->cookie);

    if (!r)
        return -ENOENT;
    hash_del(&r->by_cookie);
    nic_destroy(nic, &r->ask);
    put_parts(nic, r);
    kfree(r);
    atomic_dec(&nic->rule_count);
    return 0;
}

/* A device that was reset counts from 0 again; of what it counted before, the last is lost. */
static int stats(struct flue_nic *nic, struct flow_cls_offload *cls)
{
    struct nic_rule *r = find(nic, cls->cookie);
    const u32 resets = READ_ONCE(nic->resets);
    int error;

    if (!r)
        return -ENOENT;
    error = nic_ask(nic, flow_query, &r->ask);
    if (error || READ_ONCE(nic->resets) != resets)
        return error;
    if (r->resets != resets)
        memset(&r->given, 0, sizeof r->given);
    r->resets = resets;
    flow_stats_update(
        &cls->stats, r->counts.bytes - r->given.bytes, r->counts.packets - r->given.packets, 0,
        jiffies - msecs_to_jiffies(r->counts.last_used), FLOW_ACTION_HW_STATS_DELAYED);
    r->given = r->counts;
    return 0;
}

static int classify(struct flue_nic *nic, struct flow_cls_offload *cls)
{
    switch (cls->command) {
    case FLOW_CLS_REPLACE:
        return replace(nic, cls);
    case FLOW_CLS_DESTROY:
        return destroy(nic, cls);
    case FLOW_CLS_STATS:
        return stats(nic, cls);
    default:
        return -EOPNOTSUPP;
    }
}

static int call(enum tc_setup_type type, void *data, void *priv)
{
    struct flue_nic *nic = priv;
    int error;

    if (type != TC_SETUP_CLSFLOWER)
        return -EOPNOTSUPP;
    mutex_lock(&nic->flows);
    error = classify(nic, data);
    mutex_unlock(&nic->flows);
    return error;
}

static LIST_HEAD(blocks); /* under the RTNL lock */

int nic_setup_tc(struct net_device *dev, enum tc_setup_type type, void *data)
{
    struct flow_block_offload *block = data;

    if (type != TC_SETUP_BLOCK)
        return -EOPNOTSUPP;
    block->unlocked_driver_cb = true;
    return flow_block_cb_setup_simple(block, &blocks, call, nic_of(dev), nic_of(dev), true);
}

/* ---- What the device tells ------------------------ */

/* In a task, from a poll. flue tells of no rule that has ended, so its structure is there. */
static void hear(void *object_handle, uint32_t code, const void *data)
{
    const struct nic_rule *r = object_handle;
    struct flue_nic *nic;
    char what[32], chain[32], priority[32];
    char *words[] = {what, chain, priority, NULL};

    if (!r || (code != FLOW_IS_AGED && code != FLOW_IS_LOST))
        return;
    nic = r->nic;
    nic_tally(nic, code == FLOW_IS_AGED ? NIC_AGED : NIC_LOST);
    scnprintf(what, sizeof what, "FLOW=%s", code == FLOW_IS_AGED ? "aged" : "lost");
    scnprintf(chain, sizeof chain, "CHAIN=%u", r->chain);
    scnprintf(priority, sizeof priority, "PREF=%u", r->priority);
    kobject_uevent_env(&nic->dev->dev.kobj, KOBJ_CHANGE, words);
}

static const struct flow_indications indications = {.flow_event = hear};

static enum flue_error init(struct nic_unit *unit, const struct flue_config *config, void *memory,
                            size_t bytes)
{
    static struct flow_binding binding; /* the device's own, with a doorbell */

    binding = flow_device_binding;
    binding.doorbell = nic_clock_ring;
    return flow_init(&unit->flow.target, config, &binding, &nic_flow_completions, &indications,
                     memory, bytes);
}

const struct nic_api nic_flow_api = {.folder = "flow",
                                     .spec = &flow_device_spec,
                                     .operation_name = flow_operation_name,
                                     .capacity = {1, NIC_HOPS, NIC_METERS, NIC_RULES},
                                     .kind = FLOW_RULE,
                                     .changed = nic_rule_changed,
                                     .init = init};
