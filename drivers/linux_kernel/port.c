/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The target of IPsec, and its port: opened before all else, since all SAs stand on it, and closed
 * behind all of them.
 */
#include "nic.h"

struct ipsec_port_request {
    struct ipsec_node node;
    struct ipsec_port_const fixed;
    struct completion done;
};

static enum flue_error init(struct nic_unit *unit, const struct flue_config *config, void *memory,
                            size_t bytes)
{
    static struct ipsec_binding binding; /* the device's own, with a doorbell */

    binding = ipsec_device_binding;
    binding.doorbell = nic_clock_ring;
    return ipsec_init(&unit->ipsec.target, config, &binding, &nic_completions, &nic_indications,
                      memory, bytes);
}

const struct nic_api nic_ipsec_api = {.spec = &ipsec_device_spec,
                                      .operation_name = ipsec_operation_name,
                                      .capacity = {1, NIC_SAS, NIC_POLICIES},
                                      .kind = IPSEC_SA,
                                      .changed = nic_engine_changed,
                                      .init = init};

void nic_port_done(struct ipsec_node *root)
{
    complete(&container_of(root, struct ipsec_port_request, node)->done);
}

int nic_port_open(struct flue_nic *nic)
{
    struct ipsec_port_request *port = kzalloc(sizeof *port, GFP_KERNEL);

    if (!port)
        return -ENOMEM;
    port->node.Kind = IPSEC_TYPE_PORT_CONST;
    init_completion(&port->done);
    ipsec_add(nic, &port->node);
    wait_for_completion(&port->done);
    if (port->node.Status != IPSEC_STATUS_SUCCESS) {
        const int error = port->node.Status;

        kfree(port);
        return error;
    }
    nic->port = port;
    return 0;
}

u64 nic_port_handle(const struct flue_nic *nic)
{
    return nic->port->node.Handle;
}

/* What does not answer is left behind: the device ends next. */
void nic_port_close(struct flue_nic *nic)
{
    reinit_completion(&nic->port->done);
    ipsec_remove(nic, &nic->port->node);
    wait_for_completion(&nic->port->done);
    if (nic->port->node.Status != IPSEC_STATUS_SUCCESS)
        pr_warn("flue_nic: %s: its port does not close: %d\n", nic->dev->name,
                nic->port->node.Status);
    kfree(nic->port);
}
