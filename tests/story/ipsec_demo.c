/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two gateways and a thousand policies, on a NIC that is made of spec/ipsec: rekey, limits, lost
 * and late answers, resets; then requests and faults by chance, and a ledger.
 *
 *     ipsec_demo [SEED [ROUNDS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ipsec_host.h"
#include "number.h"

enum { IN, OUT, NEW_IN, NEW_OUT, LAST_IN, LAST_OUT, CRYPTO, SPARE };
enum { SOFT_EXPIRED = 1, HARD_EXPIRED, ESN_WRAP, SA_LOST, SA_DEAD, POLICY_LOST, POLICY_IDLE };

static struct host h;

static uint64_t added(unsigned i, enum ipsec_direction_value direction,
                      enum ipsec_offload_value offload)
{
    host_make_sa(&h, i, direction, offload);
    const int32_t status = host_now(&h, IPSEC_ADD, &h.sa[i].node);
    memset(h.sa[i].fixed.Key, 0,
           sizeof h.sa[i].fixed.Key); /* the host's copy is the host's to wipe */
    return status == IPSEC_STATUS_SUCCESS;
}

static uint64_t good_policies(bool of_asks)
{
    uint64_t good = 0;
    for (unsigned i = 0; i < HOST_POLICIES; i++)
        good += (of_asks ? h.of_policy[i].node.Status : h.policy[i].node.Status) == 0;
    return good;
}

static uint64_t policies_by(unsigned sa)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < HOST_POLICIES; i++)
        count += host_policy_out(&h, i) == host_index(&h.sa[sa].node);
    return count;
}

/* All policies in one request. */
static struct ipsec_node *moves(int in, int out)
{
    struct ipsec_node *next = NULL;
    for (unsigned i = HOST_POLICIES; i-- > 0;) {
        struct ipsec_node *node = host_move(&h, i, in, out);
        node->Next = next;
        next = node;
    }
    return next;
}

static void move_all(int in, int out)
{
    host_now(&h, IPSEC_MOVE, moves(in, out));
}

/* The same, and when half of them are in the NIC the answer to one command is lost. */
static void move_in_vain(int in, int out)
{
    struct story *s = &h.story;
    host_ask(&h, IPSEC_MOVE, moves(in, out));
    for (unsigned i = 0; i < 100000 && policies_by((unsigned)out) < HOST_POLICIES / 2; i++)
        flue_device_work(h.nic.device);
    story_expect_some(s, "policies that have moved when an answer is lost",
                      policies_by((unsigned)out));
    flue_device_strike(h.nic.device, IPSEC_POLICY, FLUE_NO_BYTE, FLUE_DEVICE_NO_ANSWER,
                       FLUE_NO_BYTE);
    story_run(s);
}

/* What xfrm's delete and free of a state become. */
static uint64_t deleted(unsigned i)
{
    bool ended = host_now(&h, IPSEC_RETIRE, host_of_sa(&h, i, IPSEC_TYPE_SA_CONST)) == 0;
    return ended && host_now(&h, IPSEC_REMOVE, host_of_sa(&h, i, IPSEC_TYPE_SA_CONST)) == 0;
}

/* In by what seals, out by what opens, both; nothing is wrong with going by none. */
static uint64_t wrong_moves(void)
{
    static const int to[][2] = {{OUT, OUT}, {IN, IN}, {OUT, IN}, {-1, IN}, {-1, OUT}, {IN, OUT}};
    uint64_t refused = 0;
    for (unsigned i = 0; i < sizeof to / sizeof *to; i++)
        refused += host_now(&h, IPSEC_MOVE, host_move(&h, 0, to[i][0], to[i][1])) ==
                   IPSEC_STATUS_BAD_VALUE;
    return refused;
}

static void begin(void)
{
    struct story *s = &h.story;
    story_chapter("Two gateways",
                  "A port, an SA for each direction, a thousand policies that stand on both.");
    host_now(&h, IPSEC_ADD, &h.port.node);
    uint64_t sas = added(IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET) +
                   added(OUT, IPSEC_DIRECTION_OUT, IPSEC_OFFLOAD_PACKET);
    for (unsigned i = 0; i < HOST_POLICIES; i++) {
        host_make_policy(&h, i, IN, OUT);
        h.policy[i].node.Next = i + 1 < HOST_POLICIES ? &h.policy[i + 1].node : NULL;
    }
    host_now(&h, IPSEC_ADD, &h.policy[0].node);
    story_expect(s, "SAs that were added", sas, 2);
    story_expect(s, "policies that were added, by one request", good_policies(false),
                 HOST_POLICIES);
    story_expect(s, "policies in the NIC that send by the SA", policies_by(OUT), HOST_POLICIES);
    story_expect(s, "keys in memory: one for each SA, for a restore",
                 story_traces(s, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1), 2);
    story_expect(s, "moves to SAs of the other direction that are refused (EINVAL)", wrong_moves(),
                 4);
    story_expect(s, "policies in the NIC that send by the SA all the same", policies_by(OUT),
                 HOST_POLICIES);
    host_of_sa(&h, OUT, IPSEC_TYPE_SA_CACHED);
    h.of_sa[OUT].state.esn.SequenceHigh = 1;
    story_expect(s, "advance of the ESN", (uint64_t)host_now(&h, IPSEC_ADVANCE, &h.of_sa[OUT].node),
                 0);
    story_expect(s, "high half of the ESN in the NIC", host_sa_entry(&h, OUT)->sequence_high, 1);
}

static void rekey(void)
{
    struct story *s = &h.story;
    story_chapter(
        "A rekey",
        "The soft limit is reached: two new SAs, and the policies move to them, all or none.");
    flue_device_event(h.nic.device, IPSEC_SA, host_index(&h.sa[OUT].node),
                      IPSEC_SA_EVENT_SOFT_LIMIT);
    story_run(s);
    story_expect(s, "soft limits that the host is told of", s->told[SOFT_EXPIRED], 1);
    story_expect_some(s, "... with the packets that it has carried", h.told_packets);
    added(NEW_IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET);
    added(NEW_OUT, IPSEC_DIRECTION_OUT, IPSEC_OFFLOAD_PACKET);
    move_in_vain(NEW_IN, NEW_OUT);
    story_expect(s, "... moved in the end", good_policies(true), 0);
    story_expect(s, "... that send by the old SA again, in the NIC", policies_by(OUT),
                 HOST_POLICIES);
    move_all(NEW_IN, NEW_OUT);
    story_expect(s, "policies that were moved, asked once more", good_policies(true),
                 HOST_POLICIES);
    story_expect(s, "policies in the NIC that send by the new SA", policies_by(NEW_OUT),
                 HOST_POLICIES);
    story_expect(s, "old SAs that are deleted", deleted(IN) + deleted(OUT), 2);
    story_expect(s, "keys in memory: those of the new SAs alone",
                 story_traces(s, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1), 2);
}

static void limits(void)
{
    struct story *s = &h.story;
    story_chapter("The hard limit", "It strikes while the SA is read; its policies are told.");
    uint32_t out = host_index(&h.sa[NEW_OUT].node);
    host_ask(&h, IPSEC_COUNT, host_of_sa(&h, NEW_OUT, IPSEC_TYPE_SA_DELEGATED));
    flue_poll(s->target, 64);
    flue_device_event(h.nic.device, IPSEC_SA, out, IPSEC_SA_EVENT_HARD_LIMIT);
    story_run(s);
    story_expect(s, "the count all the same", (uint64_t)h.of_sa[NEW_OUT].node.Status, 0);
    story_expect(s, "hard limits that the host is told of", s->told[HARD_EXPIRED], 1);
    story_expect(s, "policies that protect nothing any more", s->told[POLICY_IDLE], HOST_POLICIES);
    host_of_sa(&h, NEW_OUT, IPSEC_TYPE_SA_CACHED);
    story_expect(s, "advance is refused as expired (EKEYEXPIRED)",
                 host_now(&h, IPSEC_ADVANCE, &h.of_sa[NEW_OUT].node) == IPSEC_STATUS_EXPIRED, 1);
    story_expect(s, "its removal, too, while policies stand on it (EBUSY)",
                 host_now(&h, IPSEC_REMOVE, host_of_sa(&h, NEW_OUT, IPSEC_TYPE_SA_CONST)) ==
                     IPSEC_STATUS_IN_USE,
                 1);
}

static void bad_answers(void)
{
    struct story *s = &h.story;
    story_chapter("Answers that are lost, late and doubled", "Of the SAs that are to follow it.");
    flue_device_strike(h.nic.device, IPSEC_SA, FLUE_NO_BYTE, FLUE_DEVICE_NO_ANSWER, FLUE_NO_BYTE);
    story_expect(s, "an add whose answer is lost",
                 added(LAST_IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET), 0);
    story_expect(s, "... is taken back: SAs in the NIC", flue_device_count(h.nic.device, IPSEC_SA),
                 2);
    flue_device_strike(h.nic.device, IPSEC_SA, FLUE_NO_BYTE, FLUE_DEVICE_LATE, FLUE_NO_BYTE);
    story_expect(s, "an add whose answer comes too late",
                 added(LAST_IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET), 0);
    story_expect(s, "... is taken back: SAs in the NIC", flue_device_count(h.nic.device, IPSEC_SA),
                 2);
    flue_device_strike(h.nic.device, IPSEC_SA, FLUE_NO_BYTE, FLUE_DEVICE_TWICE, FLUE_NO_BYTE);
    story_expect(s, "an add that is answered twice",
                 added(LAST_IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET), 1);
    added(LAST_OUT, IPSEC_DIRECTION_OUT, IPSEC_OFFLOAD_PACKET);
    move_all(LAST_IN, LAST_OUT);
    story_expect(s, "policies by the last SA", policies_by(LAST_OUT), HOST_POLICIES);
    story_expect(s, "SAs that are deleted", deleted(NEW_IN) + deleted(NEW_OUT), 2);
}

static void resets(void)
{
    struct story *s = &h.story;
    story_chapter(
        "A reset",
        "What only the NIC counted cannot come back: no number may be used twice under one key.");
    added(CRYPTO, IPSEC_DIRECTION_OUT, IPSEC_OFFLOAD_CRYPTO);
    const uint64_t idle = s->told[POLICY_IDLE];
    flue_device_reset(h.nic.device);
    story_run(s);
    uint8_t key[32];
    host_key(CRYPTO, key);
    const struct ipsec_device_sa *back = host_sa_entry(&h, CRYPTO);
    story_expect(s, "the SA of crypto offload is back, with its key",
                 back && !memcmp(back->key, key, 32), 1);
    story_expect(s, "SAs of packet offload that are dead", s->told[SA_DEAD], 2);
    story_expect(s, "policies that wait for another SA", s->told[POLICY_IDLE] - idle,
                 HOST_POLICIES);
    story_expect(s, "policies in the NIC", flue_device_count(h.nic.device, IPSEC_POLICY), 0);
    added(IN, IPSEC_DIRECTION_IN, IPSEC_OFFLOAD_PACKET);
    added(OUT, IPSEC_DIRECTION_OUT, IPSEC_OFFLOAD_PACKET);
    move_all(IN, OUT);
    story_expect(s, "policies that a move has put back", policies_by(OUT), HOST_POLICIES);
    story_expect(s, "dead SAs that are deleted", deleted(LAST_IN) + deleted(LAST_OUT), 2);
}

static void end(void)
{
    struct story *s = &h.story;
    story_chapter("The end", "Policies, SAs, port.");
    uint64_t gone = 0;
    for (unsigned i = 0; i < HOST_POLICIES; i++)
        gone += host_now(&h, IPSEC_REMOVE, host_of_policy(&h, i, IPSEC_TYPE_POLICY_CONST)) == 0;
    story_expect(s, "policies that are removed", gone, HOST_POLICIES);
    story_expect(s, "SAs that are deleted", deleted(IN) + deleted(OUT) + deleted(CRYPTO), 3);
    host_now(&h, IPSEC_REMOVE, host_of_port(&h));
    story_expect(s, "keys in memory", story_traces(s, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1),
                 0);
}

int main(int argc, char **argv)
{
    uint64_t seed = 3, rounds = 20000;
    if (argc > 3 || (argc > 1 && !number_given("SEED", argv[1], 0, UINT64_MAX, &seed)) ||
        (argc > 2 && !number_given("ROUNDS", argv[2], 1, UINT32_MAX, &rounds)) || !host_open(&h)) {
        fprintf(stderr, "usage: ipsec_demo [SEED [ROUNDS]]\n");
        return 2;
    }
    printf("IPsec on a software NIC that is made of spec/ipsec, as Linux' xfrm would drive it\n");
    begin();
    rekey();
    limits();
    bad_answers();
    resets();
    end();
    host_chance(&h, seed, (unsigned)rounds);
    const int status = story_ledger(&h.story);
    host_close(&h);
    return status;
}
