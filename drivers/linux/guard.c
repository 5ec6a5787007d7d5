/* SPDX-License-Identifier: BSD-2-Clause */
/* The table, its chain, two sets and two rules, as nftables takes them; elements come and go. */
#include "guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "netlink.h"

#define MOST_MESSAGES 16
#define CHAIN "prerouting"
#define RAW_PRIORITY (-300)
#define IP_SOURCE 12 /* in the header of IPv4; the destination follows */
#define IPV6_SOURCE 8

/* How `nft` shows a key: types of its own numbering, six bits each. */
#define TYPE_IP 7
#define TYPE_IPV6 8
#define TYPE_PORT 13
#define KEY_TYPE(ip) ((((ip) << 6 | (ip)) << 6 | TYPE_PORT) << 6 | TYPE_PORT)

struct linux_guard {
    struct linux_netlink netlink;
    pthread_mutex_t lock;
    char table[32];
};

static const char *set_name(bool ipv6)
{
    return ipv6 ? "moving6" : "moving4";
}

static uint32_t address_bytes(bool ipv6)
{
    return ipv6 ? 16 : 4;
}

static struct nlmsghdr *begin(struct linux_guard *guard, uint16_t type, uint16_t flags)
{
    bool edge = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
    uint16_t whole = edge ? type : (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
    struct nlmsghdr *message = linux_netlink_begin(&guard->netlink, whole, flags);
    struct nfgenmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    *header = (struct nfgenmsg){.nfgen_family = edge ? AF_UNSPEC : NFPROTO_INET,
                                .version = NFNETLINK_V0,
                                .res_id = edge ? htons(NFNL_SUBSYS_NFTABLES) : 0};
    if (edge) /* the kernel answers what stands between */
        message->nlmsg_flags = NLM_F_REQUEST;
    return message;
}

/* All in one transaction: the first error is the answer. */
static int commit(struct linux_guard *guard)
{
    begin(guard, NFNL_MSG_BATCH_END, 0);
    uint32_t count = guard->netlink.count;
    linux_netlink_flush(&guard->netlink);
    for (uint32_t i = 0; i < count; i++) {
        int error = linux_netlink_answer(&guard->netlink, i);
        if (error > 0)
            return error;
        if (error == LINUX_NO_ANSWER && i > 0 && i + 1 < count)
            return ENOBUFS;
    }
    return 0;
}

static void put_u32(struct nlmsghdr *message, uint16_t type, uint32_t value)
{
    mnl_attr_put_u32(message, type, htonl(value));
}

static void new_set(struct linux_guard *guard, bool ipv6)
{
    uint32_t type = ipv6 ? TYPE_IPV6 : TYPE_IP;
    struct nlmsghdr *message = begin(guard, NFT_MSG_NEWSET, NLM_F_CREATE);
    mnl_attr_put_strz(message, NFTA_SET_TABLE, guard->table);
    mnl_attr_put_strz(message, NFTA_SET_NAME, set_name(ipv6));
    put_u32(message, NFTA_SET_ID, ipv6 ? 6 : 4);
    put_u32(message, NFTA_SET_KEY_TYPE, KEY_TYPE(type));
    put_u32(message, NFTA_SET_KEY_LEN, 2 * address_bytes(ipv6) + 8);
}

/*
 * ---- Rules: expressions, each with its name and its attributes ---------------------------------
 */

struct expression {
    struct nlattr *element, *data;
};

static struct expression expression(struct nlmsghdr *message, const char *name)
{
    struct expression e = {.element = mnl_attr_nest_start(message, NFTA_LIST_ELEM)};
    mnl_attr_put_strz(message, NFTA_EXPR_NAME, name);
    e.data = mnl_attr_nest_start(message, NFTA_EXPR_DATA);
    return e;
}

static void end(struct nlmsghdr *message, struct expression e)
{
    mnl_attr_nest_end(message, e.data);
    mnl_attr_nest_end(message, e.element);
}

static void compare(struct nlmsghdr *message, uint32_t operation, const void *value, size_t bytes)
{
    struct expression e = expression(message, "cmp");
    put_u32(message, NFTA_CMP_SREG, NFT_REG32_00);
    put_u32(message, NFTA_CMP_OP, operation);
    struct nlattr *data = mnl_attr_nest_start(message, NFTA_CMP_DATA);
    mnl_attr_put(message, NFTA_DATA_VALUE, bytes, value);
    mnl_attr_nest_end(message, data);
    end(message, e);
}

static void meta(struct nlmsghdr *message, uint32_t key)
{
    struct expression e = expression(message, "meta");
    put_u32(message, NFTA_META_KEY, key);
    put_u32(message, NFTA_META_DREG, NFT_REG32_00);
    end(message, e);
}

static void payload(struct nlmsghdr *message, uint32_t base, uint32_t offset, uint32_t bytes,
                    uint32_t to)
{
    struct expression e = expression(message, "payload");
    put_u32(message, NFTA_PAYLOAD_DREG, to);
    put_u32(message, NFTA_PAYLOAD_BASE, base);
    put_u32(message, NFTA_PAYLOAD_OFFSET, offset);
    put_u32(message, NFTA_PAYLOAD_LEN, bytes);
    end(message, e);
}

static void look_up(struct nlmsghdr *message, bool ipv6)
{
    struct expression e = expression(message, "lookup");
    mnl_attr_put_strz(message, NFTA_LOOKUP_SET, set_name(ipv6));
    put_u32(message, NFTA_LOOKUP_SET_ID, ipv6 ? 6 : 4);
    put_u32(message, NFTA_LOOKUP_SREG, NFT_REG32_00);
    end(message, e);
}

static void drop(struct nlmsghdr *message)
{
    struct expression e = expression(message, "immediate");
    put_u32(message, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    struct nlattr *data = mnl_attr_nest_start(message, NFTA_IMMEDIATE_DATA);
    struct nlattr *verdict = mnl_attr_nest_start(message, NFTA_DATA_VERDICT);
    put_u32(message, NFTA_VERDICT_CODE, NF_DROP);
    mnl_attr_nest_end(message, verdict);
    mnl_attr_nest_end(message, data);
    end(message, e);
}

/*
 * meta nfproto ... meta l4proto tcp meta mark != injected saddr . daddr . sport . dport @set drop
 */
static void new_rule(struct linux_guard *guard, bool ipv6)
{
    const uint8_t family = ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4, protocol = IPPROTO_TCP;
    const uint32_t passes = LINUX_INJECTED, bytes = address_bytes(ipv6), words = bytes / 4;
    struct nlmsghdr *message = begin(guard, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
    mnl_attr_put_strz(message, NFTA_RULE_TABLE, guard->table);
    mnl_attr_put_strz(message, NFTA_RULE_CHAIN, CHAIN);
    struct nlattr *list = mnl_attr_nest_start(message, NFTA_RULE_EXPRESSIONS);
    meta(message, NFT_META_NFPROTO);
    compare(message, NFT_CMP_EQ, &family, sizeof(family));
    meta(message, NFT_META_L4PROTO);
    compare(message, NFT_CMP_EQ, &protocol, sizeof(protocol));
    meta(message, NFT_META_MARK);
    compare(message, NFT_CMP_NEQ, &passes, sizeof(passes));
    uint32_t source = ipv6 ? IPV6_SOURCE : IP_SOURCE;
    payload(message, NFT_PAYLOAD_NETWORK_HEADER, source, bytes, NFT_REG32_00);
    payload(message, NFT_PAYLOAD_NETWORK_HEADER, source + bytes, bytes, NFT_REG32_00 + words);
    payload(message, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, NFT_REG32_00 + 2 * words);
    payload(message, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, NFT_REG32_00 + 2 * words + 1);
    look_up(message, ipv6);
    drop(message);
    mnl_attr_nest_end(message, list);
}

static void new_chain(struct linux_guard *guard)
{
    struct nlmsghdr *message = begin(guard, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_EXCL);
    mnl_attr_put_strz(message, NFTA_CHAIN_TABLE, guard->table);
    mnl_attr_put_strz(message, NFTA_CHAIN_NAME, CHAIN);
    mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, "filter");
    struct nlattr *hook = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);
    put_u32(message, NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING);
    put_u32(message, NFTA_HOOK_PRIORITY, (uint32_t)RAW_PRIORITY);
    mnl_attr_nest_end(message, hook);
}

static int set_up(struct linux_guard *guard)
{
    begin(guard, NFNL_MSG_BATCH_BEGIN, 0);
    struct nlmsghdr *message = begin(guard, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);
    mnl_attr_put_strz(message, NFTA_TABLE_NAME, guard->table);
    new_chain(guard);
    for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
        new_set(guard, ipv6);
        new_rule(guard, ipv6);
    }
    return commit(guard);
}

static bool can_wait(void)
{
    long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0);
    return commands > 0 && (commands & MEMBARRIER_CMD_GLOBAL) != 0;
}

/*
 * The kernel takes a segment from the hook to its socket within one read-side section of RCU, and
 * this command waits until each of those that had begun has ended.
 */
void linux_guard_wait(void)
{
    syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0);
}

struct linux_guard *linux_guard_open(const char *table, int *error)
{
    struct linux_guard *guard = calloc(1, sizeof(*guard));
    if (!guard || !can_wait()) {
        *error = guard ? EOPNOTSUPP : ENOMEM;
        free(guard);
        return NULL;
    }
    snprintf(guard->table, sizeof(guard->table), "%s", table);
    pthread_mutex_init(&guard->lock, NULL);
    *error = linux_netlink_open(&guard->netlink, NETLINK_NETFILTER, MOST_MESSAGES);
    if (*error == 0)
        *error = set_up(guard);
    if (*error == 0)
        return guard;
    linux_netlink_close(&guard->netlink);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
    return NULL;
}

void linux_guard_close(struct linux_guard *guard)
{
    if (!guard)
        return;
    begin(guard, NFNL_MSG_BATCH_BEGIN, 0);
    mnl_attr_put_strz(begin(guard, NFT_MSG_DELTABLE, 0), NFTA_TABLE_NAME, guard->table);
    commit(guard);
    linux_netlink_close(&guard->netlink);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

/* Segments come from the peer: its address and port are the source. */
static uint32_t key_of(const struct linux_tuple *tuple, uint8_t key[40])
{
    uint32_t bytes = address_bytes(tuple->ipv6);
    memset(key, 0, 40);
    memcpy(key, tuple->remote, bytes);
    memcpy(key + bytes, tuple->local, bytes);
    memcpy(key + (size_t)2 * bytes, &tuple->remote_port, 2);
    memcpy(key + (size_t)2 * bytes + 4, &tuple->local_port, 2);
    return 2 * bytes + 8;
}

static int change(struct linux_guard *guard, uint16_t type, uint16_t flags,
                  const struct linux_tuple *tuple)
{
    uint8_t key[40];
    uint32_t bytes = key_of(tuple, key);
    pthread_mutex_lock(&guard->lock);
    begin(guard, NFNL_MSG_BATCH_BEGIN, 0);
    struct nlmsghdr *message = begin(guard, type, flags);
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, guard->table);
    mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set_name(tuple->ipv6));
    struct nlattr *list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
    struct nlattr *element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
    struct nlattr *data = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);
    mnl_attr_put(message, NFTA_DATA_VALUE, bytes, key);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, element);
    mnl_attr_nest_end(message, list);
    int error = commit(guard);
    pthread_mutex_unlock(&guard->lock);
    return error;
}

int linux_guard_add(struct linux_guard *guard, const struct linux_tuple *tuple)
{
    return change(guard, NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_EXCL, tuple);
}

int linux_guard_remove(struct linux_guard *guard, const struct linux_tuple *tuple)
{
    return change(guard, NFT_MSG_DELSETELEM, 0, tuple);
}
