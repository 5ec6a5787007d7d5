/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver whose hardware does everything at once, and a host with a device for two sessions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktls.h"

struct nic {
    struct ktls_target target;
    unsigned char key[2][32]; /* by session */
};
KTLS_ADAPTER_BEGINS_WITH(struct nic, target);

#define COMMAND(name, ...)                                              \
    static enum flue_issued name(void *adapter, flue_cookie cookie,     \
                                 const struct ktls_##name##_args *args) \
    {                                                                   \
        struct nic *nic = adapter;                                      \
        (void)args;                                                     \
        __VA_ARGS__;                                                    \
        return FLUE_ISSUED;                                             \
    }
#define GOOD ktls_done(&nic->target, cookie, KTLS_RESULT_OK)
#define COUNTED(name, member, n)                             \
    ktls_##name##_done(&nic->target, cookie, KTLS_RESULT_OK, \
                       &(struct ktls_##name##_data){.member = n})

COMMAND(open_device, printf("port %u\n", args->port); GOOD)
COMMAND(write_settings, GOOD)
COMMAND(read_device, COUNTED(read_device, failed, 1))
COMMAND(close_device, COUNTED(close_device, failed, 2))
COMMAND(add_session, memcpy(nic->key[args->index], args->key, 32); GOOD)
COMMAND(write_key, memcpy(nic->key[args->index], args->key, 32); GOOD)
COMMAND(read_session, COUNTED(read_session, count, 3))
COMMAND(remove_session, COUNTED(remove_session, count, 4))

#define COMPLETED(operation)                                              \
    static void operation##_completed(void *host, struct ktls_node *root) \
    {                                                                     \
        (void)host;                                                       \
        printf(#operation ": %s\n", ktls_status_name(root->Status));      \
    }
COMPLETED(add)
COMPLETED(rekey)
COMPLETED(query)
COMPLETED(remove)

static void wake(void *adapter)
{
    (void)adapter;
}

/* A node, and behind it all state of its object. */
struct device {
    struct ktls_node node;
    struct ktls_netdev_const port;
    _Alignas(8) struct ktls_netdev_cached settings;
    _Alignas(8) struct ktls_netdev_delegated count;
};
struct session {
    struct ktls_node node;
    struct ktls_tls_session_const cipher;
    _Alignas(8) struct ktls_tls_session_cached key;
    _Alignas(8) struct ktls_tls_session_delegated count;
};

/* A node that names a session and brings or takes one class of its state. */
struct reference {
    struct ktls_node node;
    union {
        struct ktls_tls_session_cached key;
        struct ktls_tls_session_delegated count;
        struct ktls_netdev_delegated device_count;
    } state;
};

static void run(struct nic *nic, void (*operation)(void *, struct ktls_node *),
                struct ktls_node *root)
{
    operation(nic, root);
    while (flue_poll(&nic->target.flue, 64))
        ;
}

int main(void)
{
    static struct nic nic;
    static const struct ktls_binding binding = {.open_device = open_device,
                                                .write_settings = write_settings,
                                                .read_device = read_device,
                                                .close_device = close_device,
                                                .add_session = add_session,
                                                .write_key = write_key,
                                                .read_session = read_session,
                                                .remove_session = remove_session};
    static const struct ktls_completions completions = {add_completed, rekey_completed,
                                                        query_completed, remove_completed};
    static char name[] = "host";
    struct flue_config config = {.capacity = {1, 2},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .host_handle = name,
                                 .wake = wake};
    size_t bytes = (ktls_memory_bytes(&config) + 63) / 64 * 64;
    if (ktls_init(&nic.target, &config, &binding, &completions, NULL, aligned_alloc(64, bytes),
                  bytes) != FLUE_OK)
        return 1;

    static void *handle[3];
    static struct session in = {.node = {.Handle = &handle[2], .Kind = KTLS_TYPE_TLS_SESSION_ALL},
                                .cipher.Direction = KTLS_DIRECTION_RECEIVE};
    static struct session out = {
        .node = {.Next = &in.node, .Handle = &handle[1], .Kind = KTLS_TYPE_TLS_SESSION_ALL},
        .key.Key = "secret"};
    static struct device device = {
        .node = {.Sessions = &out.node, .Handle = &handle[0], .Kind = KTLS_TYPE_NETDEV_ALL},
        .port.Port = 7,
        .settings.RecordBytes = 16384};
    run(&nic, ktls_add, &device.node);

    static struct reference rekey = {.state.key.Key = "other"};
    rekey.node = (struct ktls_node){.Handle = &handle[1], .Kind = KTLS_TYPE_TLS_SESSION_CACHED};
    run(&nic, ktls_rekey, &rekey.node);
    printf("keys: \"%s\", \"%s\"\n", (const char *)nic.key[0], (const char *)nic.key[1]);
    run(&nic, ktls_query, &out.node);
    printf("records: %u\n", (unsigned)out.count.Count);

    static struct reference remove[3];
    remove[0].node = (struct ktls_node){.Handle = &handle[0], .Kind = KTLS_TYPE_NETDEV_DELEGATED};
    run(&nic, ktls_remove, &remove[0].node); /* its sessions are still there */
    remove[0].node.Sessions = &remove[1].node;
    for (int i = 1; i < 3; i++)
        remove[i].node = (struct ktls_node){.Next = i == 1 ? &remove[2].node : NULL,
                                            .Handle = &handle[i],
                                            .Kind = KTLS_TYPE_TLS_SESSION_DELEGATED};
    run(&nic, ktls_remove, &remove[0].node);
    printf("records: %u, %u; bad: %u\n", (unsigned)remove[1].state.count.Count,
           (unsigned)remove[2].state.count.Count, (unsigned)remove[0].state.device_count.Failed);
    run(&nic, ktls_rekey, &rekey.node); /* the handle has ended */
    return 0;
}
