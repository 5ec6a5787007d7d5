/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#include <arpa/inet.h>
#include <string.h>

#include "registers.h"

static uint64_t number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static void read_mac(const json_t *object, const char *key, uint8_t *mac)
{
    unsigned int b[6];
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || sscanf(text, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6)
        return;
    for (int i = 0; i < 6; i++)
        mac[i] = (uint8_t)b[i];
}

static void read_address(const json_t *key, struct table_route *route)
{
    char text[64] = "";
    const char *told = json_string_value(json_object_get(key, "ip-dst"));
    if (told)
        snprintf(text, sizeof(text), "%s", told);
    char *slash = strchr(text, '/');
    if (slash)
        *slash = '\0';
    route->masked = !slash || strcmp(slash + 1, "32") == 0;
    inet_pton(AF_INET, text, route->destination);
}

static bool read_flow(struct tables *t, const json_t *flow)
{
    const json_t *key = json_object_get(flow, "key");
    if (number(key, "tbl-id") != ROCKER_TABLE_UNICAST) {
        t->other_flows++;
        return true;
    }
    if (t->route_count == TABLES_MOST)
        return false;
    struct table_route *route = &t->routes[t->route_count++];
    route->path = (uint32_t)number(flow, "cookie") - 1;
    route->group = (uint32_t)number(json_object_get(flow, "action"), "group-id");
    read_address(key, route);
    return true;
}

static bool read_group(struct tables *t, const json_t *group)
{
    if (t->group_count == TABLES_MOST)
        return false;
    struct table_group *g = &t->groups[t->group_count++];
    g->id = (uint32_t)number(group, "id");
    g->lower = (uint32_t)number(group, "group-id");
    g->port = (uint32_t)number(group, "out-pport");
    read_mac(group, "set-eth-dst", g->dst_mac);
    read_mac(group, "set-eth-src", g->src_mac);
    return true;
}

bool tables_read(struct qemu *q, struct tables *tables)
{
    json_t *flows = qmp_flows(q), *groups = qmp_groups(q), *one;
    bool good = flows && groups;
    size_t i;
    memset(tables, 0, sizeof(*tables));
    json_array_foreach(flows, i, one) good = good && read_flow(tables, one);
    json_array_foreach(groups, i, one) good = good && read_group(tables, one);
    json_decref(flows);
    json_decref(groups);
    return good;
}

const struct table_route *tables_route(const struct tables *tables, uint32_t path)
{
    for (uint32_t i = 0; i < tables->route_count; i++) {
        if (tables->routes[i].path == path)
            return &tables->routes[i];
    }
    return NULL;
}

const struct table_group *tables_group(const struct tables *tables, uint32_t id)
{
    for (uint32_t i = 0; i < tables->group_count; i++) {
        if (tables->groups[i].id == id)
            return &tables->groups[i];
    }
    return NULL;
}
