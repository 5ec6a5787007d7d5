/* SPDX-License-Identifier: BSD-2-Clause */
#include "tls_host.h"

#include <stdio.h>
#include <string.h>

/* A place whose command was never answered is taken until the next reset. */
enum { SPARE = 16 };

static struct host *host_of_completions;

static void completed(enum tls_operation operation, struct tls_node *root)
{
    struct story *s = &host_of_completions->story;
    story_completed(s, operation);
    for (struct tls_node *n = root; n; n = n->Next) {
        story_status(s, n->Status);
        for (struct tls_node *d = n->Directions; d; d = d->Next)
            story_status(s, d->Status);
        if (n->Socket)
            *(bool *)n->Socket = false; /* nothing is under way any more */
    }
}

#define COMPLETED(name, operation)                      \
    static void name(void *host, struct tls_node *root) \
    {                                                   \
        (void)host;                                     \
        completed(operation, root);                     \
    }
COMPLETED(added, TLS_ADD)
COMPLETED(rekeyed, TLS_REKEY)
COMPLETED(resynced, TLS_RESYNC)
COMPLETED(counted, TLS_COUNT)
COMPLETED(removed, TLS_REMOVE)

static void event(void *object_handle, uint32_t code, const void *data)
{
    (void)object_handle;
    story_told(&host_of_completions->story, code);
    if (data)
        memcpy(&host_of_completions->told_tcp_sequence, data, sizeof(uint32_t));
}

bool host_open(struct host *h)
{
    static const struct tls_completions completions = {added, rekeyed, resynced, counted, removed};
    static const struct tls_indications indications = {.tls_event = event};
    static const struct flue_device_options options = {
        .latency_max = 2, .answer_max = 2, .late_steps = 64};
    struct flue_config config = {
        .capacity = {HOST_CONNECTIONS + SPARE, HOST_CONNECTIONS * HOST_WAYS + SPARE},
        .ring_entries = 64,
        .running_requests = 32,
        .ticks_per_second = 1000};
    memset(h, 0, sizeof *h);
    host_of_completions = h;
    if (tls_device_open(&h->nic, &config, &options, &completions, &indications) != FLUE_OK)
        return false;
    story_open(&h->story, &h->nic.target.flue, h->nic.device);
    return true;
}

void host_close(struct host *h)
{
    tls_device_close(&h->nic);
}

void host_key(unsigned c, unsigned way, unsigned generation, uint8_t key[32])
{
    char text[64];
    snprintf(text, sizeof text, HOST_KEY_BEGINS "%05u-%u-%07u------", c % 100000, way % 10,
             generation % 10000000);
    memcpy(key, text, 32);
}

static struct tls_node *make_direction(struct host *h, unsigned c, unsigned way)
{
    struct host_direction *d = &h->direction[c][way];
    memset(d, 0, sizeof *d);
    h->direction_handle[c][way] = 0;
    d->node.Kind = TLS_TYPE_DIRECTION_ALL;
    d->node.Handle = &h->direction_handle[c][way];
    d->node.Cookie = d;
    d->fixed = (struct tls_direction_const){.FirstRecord = 1,
                                            .FirstTcpSequence = 1000,
                                            .Cipher = TLS_CIPHER_AES_GCM_256,
                                            .Way = (uint8_t)way};
    host_key(c, way, 0, d->key.Key);
    return &d->node;
}

struct tls_node *host_make(struct host *h, unsigned c, unsigned ways)
{
    struct host_connection *connection = &h->connection[c];
    memset(connection, 0, sizeof *connection);
    h->handle[c] = 0;
    connection->node.Kind = TLS_TYPE_CONNECTION_CONST;
    connection->node.Handle = &h->handle[c];
    connection->fixed = (struct tls_connection_const){
        .RemotePort = 443, .LocalPort = (uint16_t)c, .Version = TLS_VERSION_TLS_1_3, .Family = 2};
    for (unsigned way = HOST_WAYS; way-- > 0;) {
        if (!(ways >> way & 1))
            continue;
        struct tls_node *node = make_direction(h, c, way);
        node->Next = connection->node.Directions;
        connection->node.Directions = node;
    }
    return &connection->node;
}

/* A node that names the connection, or only leads to what is below it. */
static struct tls_node *above(struct host_ask *ask, uint64_t *handle, struct tls_node *below)
{
    ask->connection =
        (struct tls_node){.Kind = TLS_TYPE_CONNECTION_CONST, .Handle = handle, .Directions = below};
    return &ask->connection;
}

struct tls_node *host_make_direction(struct host *h, unsigned c, unsigned way)
{
    return above(&h->ask[c][way], &h->handle[c], make_direction(h, c, way));
}

struct tls_node *host_of(struct host *h, unsigned c, unsigned way, enum tls_type type)
{
    struct host_ask *ask = &h->ask[c][way];
    memset(ask, 0, sizeof *ask);
    ask->node = (struct tls_node){.Kind = (uint8_t)type,
                                  .Handle = &h->direction_handle[c][way],
                                  .Cookie = &h->direction[c][way]};
    return above(ask, NULL, &ask->node);
}

struct tls_node *host_place(struct host *h, unsigned c, unsigned way, uint32_t tcp, uint64_t record)
{
    struct tls_node *root = host_of(h, c, way, TLS_TYPE_DIRECTION_REQUEST);
    h->ask[c][way].state.place = (struct tls_direction_request){record, tcp};
    return root;
}

struct tls_node *host_rekey(struct host *h, unsigned c, unsigned way, unsigned generation,
                            uint32_t tcp)
{
    struct tls_node *root = host_of(h, c, way, TLS_TYPE_DIRECTION_CACHED_REQUEST);
    host_key(c, way, generation, h->ask[c][way].state.rekey.key.Key);
    h->ask[c][way].state.rekey.place = (struct tls_direction_request){0, tcp};
    return root;
}

struct tls_node *host_end(struct host *h, unsigned c)
{
    h->end[c] = (struct tls_node){.Kind = TLS_TYPE_CONNECTION_CONST, .Handle = &h->handle[c]};
    return &h->end[c];
}

void host_ask(struct host *h, enum tls_operation operation, struct tls_node *root)
{
    static void (*const calls[TLS_OPERATIONS])(void *, struct tls_node *) = {
        tls_add, tls_rekey, tls_resync, tls_count, tls_remove};
    story_asks(&h->story, operation);
    calls[operation](&h->nic, root);
}

int32_t host_now(struct host *h, enum tls_operation operation, struct tls_node *root)
{
    host_ask(h, operation, root);
    story_run(&h->story);
    return root->Directions ? root->Directions->Status : root->Status;
}

const struct tls_device_direction *host_entry(const struct host *h, unsigned c, unsigned way)
{
    return tls_device_direction(&h->nic, (uint32_t)h->direction_handle[c][way]);
}

bool host_has_key(const struct host *h, unsigned c, unsigned way, unsigned generation)
{
    const struct tls_device_direction *entry = host_entry(h, c, way);
    uint8_t key[32];
    host_key(c, way, generation, key);
    return entry && !memcmp(entry->key, key, sizeof key);
}
