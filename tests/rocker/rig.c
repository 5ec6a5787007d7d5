/* SPDX-License-Identifier: BSD-2-Clause */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)8 << 20)
#define MOST_TICKS 1000000
#define MOST_SERVICES 1000000

struct rocker_config rig_config(void)
{
    struct rocker_config config = rocker_config_default();
    config.interface_count = QEMU_PORTS;
    for (uint32_t p = 1; p <= QEMU_PORTS; p++) {
        config.interfaces[p - 1] = (struct rocker_interface){.vlan = (uint16_t)p, .port = p};
        rig_router_mac(config.interfaces[p - 1].mac, p);
    }
    return config;
}

static bool open_driver(struct rig *rig, struct rocker_config config, void *host_record)
{
    config.bus = rocker_bus_qtest(rig->qemu.qtest);
    rig->qemu.qtest = -1; /* the bus has it now, or has closed it */
    if (!config.bus)
        return false;
    config.dma = qemu_dma(&rig->qemu);
    config.shim = &rig->shim.hooks;
    config.flue.completions = &host_completions;
    config.flue.indications = &host_indications;
    config.flue.host_handle = host_record ? host_record : &rig->host.record;
    rig->nic = rocker_open(&config, &rig->host.error);
    rig->shim.nic = rig->nic;
    rig->host.nic = (void *)rig->nic;
    return rig->nic != NULL;
}

static struct rig *try_open(const struct rocker_config *config, void *host_record)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    if (!rig)
        return NULL;
    shim_open(&rig->shim);
    rig->qemu = (struct qemu){.pid = -1, .qtest = -1, .wires = {-1, -1, -1}, .qmp_out = -1};
    if (host_arena_open(&rig->arena, ARENA_BYTES) && qemu_start(&rig->qemu) &&
        open_driver(rig, config ? *config : rig_config(), host_record))
        return rig;
    fprintf(stderr, "no rig: %s\n", flue_error_text(rig->host.error));
    rig_close(rig);
    return NULL;
}

struct rig *rig_try_open(const struct rocker_config *config)
{
    return try_open(config, NULL);
}

struct rig *rig_open_for(const struct rocker_config *config, void *host_record)
{
    if (!qemu_available())
        exit(QEMU_SKIP);
    struct rig *rig = try_open(config, host_record);
    if (!rig)
        exit(EXIT_FAILURE);
    return rig;
}

struct rig *rig_open(const struct rocker_config *config)
{
    return rig_open_for(config, NULL);
}

void rig_close(struct rig *rig)
{
    if (!rig)
        return;
    rocker_close(rig->nic);
    qemu_stop(&rig->qemu);
    host_arena_close(&rig->arena);
    free(rig);
}

void rig_step(struct rig *rig)
{
    rocker_tick(rig->nic, ++rig->now);
    for (uint32_t i = 0; i < MOST_SERVICES && rocker_service(rig->nic); i++)
        ;
}

bool rig_run(struct rig *rig)
{
    for (uint32_t i = 0; i < MOST_TICKS && rig->host.record.outstanding != 0; i++)
        rig_step(rig);
    return rig->host.record.outstanding == 0;
}

void rig_submit(struct rig *rig, uint8_t operation, struct chimney_node *root)
{
    host_submit(&rig->host, operation, root);
}

bool rig_do(struct rig *rig, uint8_t operation, struct chimney_node *root)
{
    rig_submit(rig, operation, root);
    return rig_run(rig);
}

void rig_mac(uint8_t *bytes, uint32_t mac)
{
    const uint8_t local[6] = {0x02, 0xaa, 0, 0, (uint8_t)(mac >> 8), (uint8_t)mac};
    memcpy(bytes, local, sizeof(local));
}

void rig_router_mac(uint8_t *bytes, uint32_t port)
{
    const uint8_t router[6] = {0x02, 0, 0, 0, 0, (uint8_t)port};
    memcpy(bytes, router, sizeof(router));
}

struct chimney_node *rig_neighbor(struct rig *rig, struct host_object *object, uint32_t vlan,
                                  uint32_t mac)
{
    struct chimney_node *node = host_new_neighbor(&rig->arena, object, mac);
    host_neighbor_const(node)->VlanId = vlan & 0xfff;
    rig_mac(host_neighbor_cached(node)->DlDestinationAddress, mac);
    return node;
}

static void address_of(uint32_t path_number, uint8_t *address)
{
    const uint8_t bytes[4] = {10, 2, (uint8_t)(path_number >> 8), (uint8_t)path_number};
    memcpy(address, bytes, sizeof(bytes));
}

struct chimney_node *rig_path(struct rig *rig, struct host_object *object, uint32_t number)
{
    struct chimney_node *node = host_new_path(&rig->arena, object, number, false);
    uint8_t *address = host_alloc(&rig->arena, 4);
    address_of(number, address);
    host_path_const(node)->DestinationAddress = address;
    return node;
}

struct chimney_node *rig_new_mac(struct rig *rig, struct host_object *neighbor, uint32_t mac)
{
    struct chimney_node *node = host_reference(&rig->arena, neighbor, CHIMNEY_TYPE_NEIGHBOR_CACHED);
    rig_mac(host_neighbor_cached(node)->DlDestinationAddress, mac);
    return node;
}

struct chimney_node *rig_name(struct rig *rig, struct host_object *object)
{
    static const uint8_t types[CHIMNEY_KINDS] = {CHIMNEY_TYPE_NEIGHBOR_DELEGATED,
                                                 CHIMNEY_TYPE_PATH_IPV4_DELEGATED,
                                                 CHIMNEY_TYPE_TCP_DELEGATED};
    return host_reference(&rig->arena, object, types[object->kind]);
}

struct chimney_node *rig_relink(struct rig *rig, struct host_object *path,
                                struct host_object *neighbor)
{
    struct chimney_node *root = rig_name(rig, neighbor);
    host_link(root, rig_name(rig, path));
    return root;
}

bool rig_send(struct rig *rig, uint32_t path_number, uint32_t number)
{
    uint8_t bytes[FRAME_BYTES];
    struct frame frame = {
        .src_mac = {0x02, 0xcc, 0, 0, 0, 1}, .src_ip = {10, 1, 0, 1}, .number = number};
    rig_router_mac(frame.dst_mac, 1);
    address_of(path_number, frame.dst_ip);
    return wire_send(&rig->qemu, 1, bytes, frame_write(&frame, bytes));
}

bool rig_receive(struct rig *rig, uint32_t port, struct frame *frame, int ms)
{
    uint8_t bytes[2048];
    size_t length = wire_receive(&rig->qemu, port, bytes, sizeof(bytes), ms);
    return length > 0 && frame_read(bytes, length, frame);
}

const struct tables *rig_tables(struct rig *rig)
{
    if (!tables_read(&rig->qemu, &rig->tables)) {
        fprintf(stderr, "QEMU does not tell its tables\n");
        exit(EXIT_FAILURE);
    }
    return &rig->tables;
}

uint32_t rig_group_of(const struct host_object *neighbor)
{
    return ROCKER_GROUP_L3(host_index(neighbor));
}
