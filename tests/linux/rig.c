/* SPDX-License-Identifier: BSD-2-Clause */
#include "rig.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)8 << 20)
#define MOST_TICKS 1000000
#define MOST_SERVICES 1000000

struct linux_config rig_config(void)
{
    struct linux_config config = linux_config_default();
    config.interfaces[0] = (struct linux_interface){.vlan = RIG_VLAN_A, .name = "if2"};
    config.interfaces[1] = (struct linux_interface){.vlan = RIG_VLAN_B, .name = "if3"};
    config.interface_count = 2;
    return config;
}

static bool open_driver(struct rig *rig, struct linux_config config)
{
    int error = 0;
    rig->guard = linux_guard_open("flue", &error);
    if (!rig->guard) {
        fprintf(stderr, "skipped: no nftables: %s\n", strerror(error));
        exit(NET_SKIP);
    }
    config.guard = rig->guard;
    config.shim = &rig->shim.hooks;
    config.flue.completions = &host_completions;
    config.flue.indications = &host_indications;
    config.flue.host_handle = &rig->host.record;
    rig->nic = linux_open(&config, &rig->host.error);
    rig->shim.nic = rig->nic;
    rig->host.nic = (void *)rig->nic;
    return rig->nic != NULL;
}

struct rig *rig_open(const struct linux_config *config)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    if (!rig || !net_open(&rig->net))
        exit(NET_SKIP);
    shim_open(&rig->shim);
    if (host_arena_open(&rig->arena, ARENA_BYTES) &&
        open_driver(rig, config ? *config : rig_config()))
        return rig;
    fprintf(stderr, "no driver: %s\n", flue_error_text(rig->host.error));
    exit(EXIT_FAILURE);
}

void rig_close(struct rig *rig)
{
    linux_close(rig->nic);
    linux_guard_close(rig->guard);
    host_arena_close(&rig->arena);
    net_close(&rig->net);
    free(rig);
}

/* All that can be answered is, before time goes on: so no timeout is the machine's fault. */
void rig_step(struct rig *rig)
{
    linux_tick(rig->nic, ++rig->now);
    linux_wait(rig->nic);
    for (uint32_t i = 0; i < MOST_SERVICES && linux_service(rig->nic); i++)
        linux_wait(rig->nic);
}

bool rig_run(struct rig *rig)
{
    for (uint32_t i = 0; i < MOST_TICKS && rig->host.record.outstanding != 0; i++)
        rig_step(rig);
    return rig->host.record.outstanding == 0;
}

int32_t rig_ask(struct rig *rig, uint8_t operation, struct chimney_node *root)
{
    host_submit(&rig->host, operation, root);
    if (!rig_run(rig)) {
        fprintf(stderr, "a request is never completed\n");
        exit(EXIT_FAILURE);
    }
    return root->Status;
}

struct chimney_node *rig_name(struct rig *rig, struct host_object *object)
{
    static const uint8_t types[CHIMNEY_KINDS] = {CHIMNEY_TYPE_NEIGHBOR_DELEGATED,
                                                 CHIMNEY_TYPE_PATH_IPV4_DELEGATED,
                                                 CHIMNEY_TYPE_TCP_DELEGATED};
    uint8_t type = types[object->kind];
    if (object->kind == CHIMNEY_PATH && object->ipv6)
        type = CHIMNEY_TYPE_PATH_IPV6_DELEGATED;
    return host_reference(&rig->arena, object, type);
}

struct chimney_node *rig_relink(struct rig *rig, struct host_object *path,
                                struct host_object *neighbor)
{
    struct chimney_node *root = rig_name(rig, neighbor);
    host_link(root, rig_name(rig, path));
    return root;
}

struct chimney_node *rig_new_router(struct rig *rig, struct host_object *object,
                                    enum net_place router)
{
    struct chimney_node *node = host_new_neighbor(&rig->arena, object, (uint32_t)router);
    host_neighbor_const(node)->VlanId = router == NET_A ? RIG_VLAN_A : RIG_VLAN_B;
    memset(host_neighbor_cached(node)->DlDestinationAddress, 0, 32);
    net_router_mac(&rig->net, router, host_neighbor_cached(node)->DlDestinationAddress);
    return node;
}

static void addresses(bool ipv6, uint8_t last, uint8_t local[16], uint8_t remote[16])
{
    memset(local, 0, 16);
    memset(remote, 0, 16);
    if (ipv6) {
        inet_pton(AF_INET6, "fd00:1::1", local);
        inet_pton(AF_INET6, "fd00:2::", remote);
        remote[15] = last;
    } else {
        inet_pton(AF_INET, "10.1.0.1", local);
        inet_pton(AF_INET, "10.2.0.0", remote);
        remote[3] = last;
    }
}

struct chimney_node *rig_new_path(struct rig *rig, struct host_object *object, bool ipv6,
                                  uint8_t last)
{
    struct chimney_node *node = host_new_path(&rig->arena, object, last, ipv6);
    uint8_t *local = host_alloc(&rig->arena, 16), *remote = host_alloc(&rig->arena, 16);
    addresses(ipv6, last, local, remote);
    host_path_const(node)->SourceAddress = local;
    host_path_const(node)->DestinationAddress = remote;
    return node;
}

static void must(struct rig *rig, uint8_t operation, struct chimney_node *root)
{
    if (rig_ask(rig, operation, root) == CHIMNEY_STATUS_SUCCESS)
        return;
    fprintf(stderr, "the world cannot be set up: %08x, %s\n", (unsigned int)root->Status,
            strerror(linux_counters(rig->nic).last_error));
    exit(EXIT_FAILURE);
}

void rig_offload(struct rig *rig)
{
    struct chimney_node *root = rig_new_router(rig, &rig->a, NET_A);
    for (int ipv6 = 0; ipv6 <= 1; ipv6++)
        host_link(root, rig_new_path(rig, &rig->path[ipv6], ipv6, 1));
    must(rig, CHIMNEY_INITIATE, root);
    must(rig, CHIMNEY_INITIATE, rig_new_router(rig, &rig->b, NET_B));
}

static bool open_socket(struct rig_connection *c, bool ipv6)
{
    *c = (struct rig_connection){.ipv6 = ipv6};
    c->fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return c->fd >= 0;
}

static bool connect_to(struct rig_connection *c, uint8_t last, uint16_t port)
{
    uint8_t local[16], remote[16];
    struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    addresses(c->ipv6, last, local, remote);
    memcpy(&to4.sin_addr, remote, 4);
    memcpy(&to6.sin6_addr, remote, 16);
    return c->ipv6 ? connect(c->fd, (const void *)&to6, sizeof(to6)) == 0
                   : connect(c->fd, (const void *)&to4, sizeof(to4)) == 0;
}

bool rig_connect(struct rig_connection *c, bool ipv6, uint8_t last, uint16_t port)
{
    return open_socket(c, ipv6) && connect_to(c, last, port);
}

/* The buffer chooses the scale, and that goes along: no window is above 65535 << scale. */
bool rig_connect_narrow(struct rig_connection *c, bool ipv6, uint8_t last, uint16_t port)
{
    const int bytes = RIG_NARROW / 2;
    return open_socket(c, ipv6) &&
           setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0 &&
           connect_to(c, last, port);
}
