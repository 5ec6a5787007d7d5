/* SPDX-License-Identifier: BSD-2-Clause */
/* Two net devices are made, each the other's wire, and end. */
#include <linux/debugfs.h>
#include <linux/rtnetlink.h>
#include <linux/vmalloc.h>

#include "nic.h"

static struct flue_nic *nics[2];

static struct net_device *netdev_new(struct flue_nic *nic)
{
    struct net_device *dev = alloc_etherdev(sizeof(struct nic_of_dev));

    if (!dev)
        return NULL;
    strscpy(dev->name, "flue%d", IFNAMSIZ);
    ((struct nic_of_dev *)netdev_priv(dev))->nic = nic;
    nic_netdev_setup(dev);
    return dev;
}

static int begin(struct flue_nic *nic)
{
    int error = nic_service_begin(nic);

    if (error)
        return error;
    error = nic_port_open(nic);
    if (error)
        goto no_port;
    error = nic_table_open(nic);
    if (error)
        goto no_table;
    error = register_netdev(nic->dev);
    if (error)
        goto no_netdev;
    nic_debug_begin(nic);
    return 0;
no_netdev:
    nic_table_close(nic);
no_table:
    nic_port_close(nic);
no_port:
    nic_service_end(nic, NULL);
    return error;
}

static struct flue_nic *nic_new(void)
{
    struct flue_nic *nic = vzalloc(sizeof *nic);

    if (!nic)
        return NULL;
    nic->dev = netdev_new(nic);
    if (nic->dev && begin(nic) == 0)
        return nic;
    if (nic->dev)
        free_netdev(nic->dev);
    vfree(nic);
    return NULL;
}

/* The ledger: what was asked for has come back, and nothing is left anywhere. */
static void report_unit(struct nic_unit *unit, const char *whose, const char *what, int left)
{
    const struct flue_stats *s = flue_target_stats(nic_target(unit));
    const char *complaint = flue_device_complaint(nic_device(unit));
    u64 begun = 0, completed = 0;

    for (int i = 0; i < unit->api->spec->spec->operation_count; i++) {
        begun += s->requests[i];
        completed += s->completions[i];
    }
    pr_info(
        "flue_nic: %s%s ends: requests %llu, completed %llu, %s %d, entries %u, complaints %s\n",
        unit->nic->dev->name, whose, begun, completed, what, left,
        flue_device_count(nic_device(unit), unit->api->kind), complaint ? complaint : "none");
}

static void report(struct flue_nic *nic)
{
    report_unit(&nic->ipsec, "", "SAs", atomic_read(&nic->sa_count));
    report_unit(&nic->flow, "'s flow", "rules", atomic_read(&nic->rule_count));
}

/*
 * xfrm deletes and frees all SAs of a device before its unregistration returns, and tc destroys all
 * rules.
 */
static void nic_end(struct flue_nic *nic)
{
    unregister_netdev(nic->dev);
    debugfs_remove_recursive(nic->debug);
    nic_policies_end(nic);
    nic_table_close(nic);
    nic_port_close(nic);
    nic_service_end(nic, report);
    free_netdev(nic->dev);
    vfree(nic);
}

static int __init flue_nic_init(void)
{
    for (int i = 0; i < ARRAY_SIZE(nics); i++) {
        nics[i] = nic_new();
        if (!nics[i]) {
            if (i)
                nic_end(nics[0]);
            return -ENOMEM;
        }
    }
    rcu_assign_pointer(nics[0]->peer, nics[1]);
    rcu_assign_pointer(nics[1]->peer, nics[0]);
    return 0;
}

static void __exit flue_nic_exit(void)
{
    RCU_INIT_POINTER(nics[0]->peer, NULL);
    RCU_INIT_POINTER(nics[1]->peer, NULL);
    synchronize_net();
    nic_end(nics[0]);
    nic_end(nics[1]);
}

module_init(flue_nic_init);
module_exit(flue_nic_exit);
/* What is linked in is BSD-2-Clause, which this allows; xfrm's calls are for GPL modules. */
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("A pair of NICs whose IPsec offload and flow rules are flue targets");
