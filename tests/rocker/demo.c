/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The story on QEMU's emulated switch, with packets: what goes in at port 1 and where, and how, it
 * comes out. Exit status 0 only if every step is as it should be.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"
#include "rig.h"

#define SOON_MS 20000

static struct rig *rig;
static struct host_object hop1, hop2, path, witness;
static uint32_t wrong, packets;

static void expect(bool met, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("    %-6s", met ? "ok" : "WRONG");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    wrong += !met;
}

static void chapter(const char *title, const char *about)
{
    printf("\n%s\n    %s\n\n", title, about);
    host_arena_clear(&rig->arena);
}

static const char *status_name(int32_t status)
{
    uint8_t index = host_status_index(status);
    return index == FLUE_NO_BYTE ? "?" : chimney_spec.statuses[index].name;
}

/* Ask, and say what became of it and what it cost. */
static void ask(uint8_t operation, struct chimney_node *root, const struct chimney_node *node,
                int32_t status)
{
    struct rocker_counters before = rocker_counters(rig->nic);
    bool completed = rig_do(rig, operation, root);
    struct rocker_counters after = rocker_counters(rig->nic);
    expect(completed && node->Status == status, "%s: %s; %llu orders, %llu doorbells",
           chimney_spec.operations[operation].name, status_name(node->Status),
           (unsigned long long)(after.orders - before.orders),
           (unsigned long long)(after.doorbells - before.doorbells));
}

static void print_frame(const char *direction, uint32_t port, const struct frame *frame)
{
    char text[FRAME_TEXT];
    printf("    %s port %u   %s\n", direction, port, frame_text(frame, text));
}

static void show_sent(uint32_t path_number)
{
    uint8_t mac[6];
    rig_router_mac(mac, 1);
    struct frame sent = {.src_mac = {0x02, 0xcc, 0, 0, 0, 1},
                         .src_ip = {10, 1, 0, 1},
                         .dst_ip = {10, 2, 0, (uint8_t)path_number},
                         .number = ++packets};
    memcpy(sent.dst_mac, mac, sizeof(mac));
    print_frame("in ", 1, &sent);
    expect(rig_send(rig, path_number, packets), "sent");
}

static void show_way(uint32_t port, uint32_t mac_number)
{
    uint8_t mac[6];
    char text[18];
    struct frame frame = {0};
    rig_mac(mac, mac_number);
    show_sent(1);
    bool came = rig_receive(rig, port, &frame, SOON_MS);
    if (came)
        print_frame("out", port, &frame);
    expect(came && memcmp(frame.dst_mac, mac, 6) == 0 && frame.number == packets,
           "it leaves at port %u for %s", port, mac_text(mac, text));
}

/* Frames keep their order: when a later one came out, an earlier one will not. */
static void show_no_way(void)
{
    struct frame frame = {0};
    show_sent(1);
    show_sent(99);
    bool came = rig_receive(rig, 3, &frame, SOON_MS);
    if (came)
        print_frame("out", 3, &frame);
    expect(came && frame.number == packets && !rig_receive(rig, 2, &frame, 0),
           "only the second comes out; the first went nowhere");
}

static void offload(void)
{
    chapter("1. Offload", "A next hop at port 2 with a path, one at port 3 with another.");
    struct chimney_node *root = rig_neighbor(rig, &hop1, 2, 0x11);
    host_link(root, rig_path(rig, &path, 1));
    ask(CHIMNEY_INITIATE, root, root, CHIMNEY_STATUS_SUCCESS);
    root = rig_neighbor(rig, &hop2, 3, 0x22);
    host_link(root, rig_path(rig, &witness, 99));
    ask(CHIMNEY_INITIATE, root, root, CHIMNEY_STATUS_SUCCESS);
    show_way(2, 0x11);
}

static void new_mac(void)
{
    chapter("2. The next hop has a new MAC", "One command; the next packet carries it.");
    struct chimney_node *node = rig_new_mac(rig, &hop1, 0x12);
    ask(CHIMNEY_UPDATE, node, node, CHIMNEY_STATUS_SUCCESS);
    show_way(2, 0x12);
}

static void failed_relink(void)
{
    chapter("3. A relink that fails",
            "The order names a group of the wrong type; the device refuses it, and stores it.");
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_SPOIL,
                                             .type = ROCKER_FLOW_MOD,
                                             .spoil = spoil_wrong_group_type,
                                             .limit = 1});
    struct chimney_node *root = rig_relink(rig, &path, &hop2);
    ask(CHIMNEY_UPDATE, root, root->DependentBlockList, CHIMNEY_STATUS_FAILURE);
    shim_clear(&rig->shim);
    expect(rocker_counters(rig->nic).last_error == ROCKER_EINVAL,
           "the device said EINVAL; the old value was written back");
    show_way(2, 0x12);
}

static void relink(void)
{
    chapter("4. The path gets another next hop", "The same request once more, unspoiled.");
    struct chimney_node *root = rig_relink(rig, &path, &hop2);
    ask(CHIMNEY_UPDATE, root, root->DependentBlockList, CHIMNEY_STATUS_SUCCESS);
    show_way(3, 0x22);
}

static void invalidate(void)
{
    chapter("5. Invalidate", "Nothing may be sent on the path any more, at once.");
    struct chimney_node *node = rig_name(rig, &path);
    ask(CHIMNEY_INVALIDATE, node, node, CHIMNEY_STATUS_SUCCESS);
    show_no_way();
}

static void refusals(void)
{
    struct host_object other;
    chapter("6. What this device cannot do", "It has a status, and no silence.");
    struct chimney_node *root = rig_name(rig, &hop1);
    struct chimney_node *node = host_link(root, host_new_path(&rig->arena, &other, 7, true));
    printf("    A path to an IPv6 address:\n");
    ask(CHIMNEY_INITIATE, root, node, CHIMNEY_STATUS_IP_ADDRESS_ENTRIES);
    printf("    A next hop on a VLAN that is at no port:\n");
    root = rig_neighbor(rig, &other, 77, 0x33);
    ask(CHIMNEY_INITIATE, root, root, CHIMNEY_STATUS_VLAN_MISMATCH);
}

static void terminate(void)
{
    chapter("7. Terminate", "All goes back; QEMU is asked what its tables hold.");
    struct chimney_node *root = rig_name(rig, &hop2);
    host_link(root, rig_name(rig, &path));
    host_link(root, rig_name(rig, &witness));
    ask(CHIMNEY_TERMINATE, root, root, CHIMNEY_STATUS_SUCCESS);
    root = rig_name(rig, &hop1);
    ask(CHIMNEY_TERMINATE, root, root, CHIMNEY_STATUS_SUCCESS);
    const struct tables *tables = rig_tables(rig);
    expect(tables->route_count == 0, "routes in the device: %u", tables->route_count);
    expect(tables->group_count == 0, "groups in the device: %u", tables->group_count);
    rocker_close(rig->nic);
    rig->nic = NULL;
    tables = rig_tables(rig);
    expect(tables->other_flows == 0, "flows of the interfaces, after the driver left: %u",
           tables->other_flows);
}

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    printf("QEMU's emulated switch, with three ports\n");
    rig = rig_open(NULL);
    offload();
    new_mac();
    failed_relink();
    relink();
    invalidate();
    refusals();
    terminate();
    rig_close(rig);
    print_costs();
    printf("\n%s\n", wrong ? "WRONG: see above." : "Everything is as it should be.");
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
