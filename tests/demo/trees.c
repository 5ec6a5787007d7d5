/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host asks for: trees over the router, its paths and their connections. */
#include <stdio.h>

#include "demo.h"

uint32_t tcps_per_path(const struct demo *d)
{
    return d->tcp_count / d->path_count;
}

struct host_object *tcp_of(const struct demo *d, uint32_t path, uint32_t i)
{
    return &d->tcps[path * tcps_per_path(d) + i];
}

struct chimney_node *name_it(struct demo *d, struct host_object *object, enum bring bring)
{
    static const uint8_t types[][4] = {
        [BRING_NAME] = {CHIMNEY_TYPE_NEIGHBOR_CONST, CHIMNEY_TYPE_PATH_IPV4_CONST,
                        CHIMNEY_TYPE_TCP_CONST, CHIMNEY_TYPE_PATH_IPV6_CONST},
        [BRING_VALUES] = {CHIMNEY_TYPE_NEIGHBOR_CACHED, CHIMNEY_TYPE_PATH_IPV4_CACHED,
                          CHIMNEY_TYPE_TCP_CACHED, CHIMNEY_TYPE_PATH_IPV6_CACHED},
        [BRING_ROOM] = {CHIMNEY_TYPE_NEIGHBOR_DELEGATED, CHIMNEY_TYPE_PATH_IPV4_DELEGATED,
                        CHIMNEY_TYPE_TCP_DELEGATED, CHIMNEY_TYPE_PATH_IPV6_DELEGATED},
    };
    return host_reference(&d->arena, object, types[bring][object->ipv6 ? 3 : object->kind]);
}

static void add_tcps(struct demo *d, struct chimney_node *path, uint32_t p, enum bring tcps)
{
    for (uint32_t i = 0; i < tcps_per_path(d); i++) {
        struct host_object *tcp = tcp_of(d, p, i);
        host_link(path, tcps == BRING_NEW ? host_new_tcp(&d->arena, tcp, p * tcps_per_path(d) + i)
                                          : name_it(d, tcp, tcps));
    }
}

struct chimney_node *tree(struct demo *d, uint32_t router, enum bring routers, enum bring paths,
                          enum bring tcps)
{
    struct host_object *r = &d->routers[router];
    struct chimney_node *root =
        routers == BRING_NEW ? host_new_neighbor(&d->arena, r, router + 1) : name_it(d, r, routers);
    for (uint32_t p = 0; p < d->path_count && paths != BRING_NOTHING; p++) {
        struct chimney_node *path = host_link(
            root, paths == BRING_NEW ? host_new_path(&d->arena, &d->paths[p], p, p % 4 == 3)
                                     : name_it(d, &d->paths[p], paths));
        if (tcps != BRING_NOTHING)
            add_tcps(d, path, p, tcps);
    }
    return root;
}

void set_timer(struct demo *d, struct chimney_node *tcp, uint32_t ka_timeout)
{
    static struct chimney_tcp_cached usual;
    if (usual.KaTimeout == 0)
        usual = *host_tcp_cached(host_new_tcp(&d->arena, &(struct host_object){0}, 0));
    *host_tcp_cached(tcp) = usual;
    host_tcp_cached(tcp)->KaTimeout = ka_timeout;
}

void finish(struct demo *d)
{
    const uint64_t patience = 1000000;
    if (!host_run(&d->host, patience)) {
        printf("    WRONG   a request is not completed\n");
        d->wrong++;
    }
}

void ask(struct demo *d, uint8_t operation, struct chimney_node *root)
{
    host_submit(&d->host, operation, root);
    finish(d);
}

void wait_ticks(struct demo *d, uint32_t ticks)
{
    while (ticks-- > 0)
        host_tick(&d->host);
}
