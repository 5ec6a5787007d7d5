/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Five hundred TLS connections on a NIC that is made of spec/tls: resync, KeyUpdate, lost and late
 * answers, a reset; then requests and faults by chance, and a ledger.
 *
 *     tls_demo [SEED [ROUNDS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "tls_host.h"

enum { RESYNC_WANTED = 1, DIRECTION_LOST, DIRECTION_DEAD }; /* codes of the indications */
enum { BOTH = 3 };

static struct host h;

static uint64_t keys_in_memory(void)
{
    return story_traces(&h.story, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1);
}

static void strike(enum tls_direction_command command, enum flue_device_fault fault)
{
    flue_device_strike(h.nic.device, TLS_DIRECTION, (uint8_t)command, fault, FLUE_NO_BYTE);
}

static void begin(void)
{
    struct story *s = &h.story;
    uint64_t good = 0;
    story_chapter("Connections",
                  "Half of them with both directions at once, half with one after the other.");
    for (unsigned c = 0; c < HOST_CONNECTIONS; c++) {
        good += host_now(&h, TLS_ADD, host_make(&h, c, c % 2 ? BOTH : 1)) == TLS_STATUS_SUCCESS;
        if (c % 2 == 0)
            good +=
                host_now(&h, TLS_ADD, host_make_direction(&h, c, TLS_WAY_RX)) == TLS_STATUS_SUCCESS;
    }
    memset(h.direction, 0,
           sizeof h.direction); /* the host's copies of keys are the host's to wipe */
    story_expect(s, "requests that went well", good, HOST_CONNECTIONS * 3 / 2);
    story_expect(s, "connections in the NIC", flue_device_count(h.nic.device, TLS_CONNECTION),
                 HOST_CONNECTIONS);
    story_expect(s, "directions in the NIC", flue_device_count(h.nic.device, TLS_DIRECTION),
                 HOST_CONNECTIONS * 2);
    story_expect(s, "keys in memory: one for each, for a restore", keys_in_memory(),
                 HOST_CONNECTIONS * 2);
}

/* The NIC lost the place of records; the host tells it the next. */
static void resync(void)
{
    struct story *s = &h.story;
    story_chapter("Resync",
                  "A segment was lost: the NIC asks where a record begins, and kTLS answers.");
    uint32_t index = (uint32_t)h.direction_handle[7][TLS_WAY_RX];
    flue_device_event(h.nic.device, TLS_DIRECTION, index, 0);
    story_run(s);
    story_expect(s, "places that the NIC asks for", s->told[RESYNC_WANTED], 1);
    story_expect_some(s, "... with the TCP sequence number", h.told_tcp_sequence);
    story_expect(
        s, "the answer",
        (uint64_t)host_now(&h, TLS_RESYNC, host_place(&h, 7, TLS_WAY_RX, h.told_tcp_sequence, 55)),
        0);
    story_expect(s, "record sequence number that the NIC goes on from",
                 host_entry(&h, 7, TLS_WAY_RX)->record, 55);
    host_ask(&h, TLS_RESYNC, host_place(&h, 7, TLS_WAY_RX, 90000, 60));
    flue_poll(s->target, 64);
    flue_device_event(h.nic.device, TLS_DIRECTION, index, 0);
    story_run(s);
    story_expect(s, "one more, while an answer was under way", s->told[RESYNC_WANTED], 2);
    strike(TLS_DIRECTION_WRITE_PLACE, FLUE_DEVICE_NO_ANSWER);
    story_expect(s, "a resync whose answer is lost (ETIMEDOUT)",
                 host_now(&h, TLS_RESYNC, host_place(&h, 7, TLS_WAY_RX, 95000, 70)) ==
                     TLS_STATUS_TIMEOUT,
                 1);
    story_expect(s, "... and once more",
                 (uint64_t)host_now(&h, TLS_RESYNC, host_place(&h, 7, TLS_WAY_RX, 99000, 71)), 0);
}

static void key_update(void)
{
    struct story *s = &h.story;
    story_chapter("KeyUpdate", "Another key, from a record on: both or neither.");
    story_expect(s, "a rekey",
                 (uint64_t)host_now(&h, TLS_REKEY, host_rekey(&h, 3, TLS_WAY_TX, 1, 5000)), 0);
    story_expect(s, "the NIC has the new key", host_has_key(&h, 3, TLS_WAY_TX, 1), 1);
    story_expect(s, "... from this TCP sequence number on",
                 host_entry(&h, 3, TLS_WAY_TX)->tcp_sequence, 5000);
    strike(TLS_DIRECTION_WRITE_PLACE, FLUE_DEVICE_REFUSED);
    story_expect(
        s, "a rekey of which the NIC refuses the place (EIO)",
        host_now(&h, TLS_REKEY, host_rekey(&h, 3, TLS_WAY_TX, 2, 9000)) == TLS_STATUS_IO_ERROR, 1);
    story_expect(s, "... and the NIC has the old key", host_has_key(&h, 3, TLS_WAY_TX, 1), 1);
    memset(h.ask, 0, sizeof h.ask);
    story_expect(s, "keys in memory", keys_in_memory(), HOST_CONNECTIONS * 2);
}

static void bad_answers(void)
{
    struct story *s = &h.story;
    story_chapter("Answers that are lost, late and doubled",
                  "Of a direction that is taken back and added again.");
    story_expect(
        s, "tls_dev_del of one direction",
        (uint64_t)host_now(&h, TLS_REMOVE, host_of(&h, 9, TLS_WAY_TX, TLS_TYPE_DIRECTION_CONST)),
        0);
    const uint32_t left = HOST_CONNECTIONS * 2 - 1;
    strike(TLS_DIRECTION_ADD_DIRECTION, FLUE_DEVICE_NO_ANSWER);
    host_now(&h, TLS_ADD, host_make_direction(&h, 9, TLS_WAY_TX));
    story_expect(s, "an add whose answer is lost is taken back",
                 flue_device_count(h.nic.device, TLS_DIRECTION), left);
    strike(TLS_DIRECTION_ADD_DIRECTION, FLUE_DEVICE_LATE);
    host_now(&h, TLS_ADD, host_make_direction(&h, 9, TLS_WAY_TX));
    story_expect(s, "an add whose answer is too late is taken back",
                 flue_device_count(h.nic.device, TLS_DIRECTION), left);
    strike(TLS_DIRECTION_ADD_DIRECTION, FLUE_DEVICE_TWICE);
    host_now(&h, TLS_ADD, host_make_direction(&h, 9, TLS_WAY_TX));
    story_expect(s, "an add that is answered twice", flue_device_count(h.nic.device, TLS_DIRECTION),
                 left + 1u);
    story_expect(s, "a connection is not closed under its directions (EBUSY)",
                 host_now(&h, TLS_REMOVE, host_end(&h, 9)) == TLS_STATUS_IN_USE, 1);
}

static void reset(void)
{
    struct story *s = &h.story;
    story_chapter("A reset",
                  "Connections and keys come back, places do not: the host is asked anew.");
    flue_device_reset(h.nic.device);
    story_run(s);
    story_expect(s, "directions that the host is told are lost", s->told[DIRECTION_LOST],
                 HOST_CONNECTIONS * 2);
    story_expect(s, "... of which are dead", s->told[DIRECTION_DEAD], 0);
    story_expect(s, "directions in the NIC", flue_device_count(h.nic.device, TLS_DIRECTION),
                 HOST_CONNECTIONS * 2);
    story_expect(s, "one whose key was another is back with that",
                 host_has_key(&h, 3, TLS_WAY_TX, 1), 1);
    story_expect(s, "a resync",
                 (uint64_t)host_now(&h, TLS_RESYNC, host_place(&h, 3, TLS_WAY_TX, 12000, 3)), 0);
}

static void end(void)
{
    struct story *s = &h.story;
    story_chapter("The end", "Each direction, then its connection.");
    uint64_t gone = 0;
    for (unsigned c = 0; c < HOST_CONNECTIONS; c++) {
        for (unsigned way = 0; way < HOST_WAYS; way++)
            gone += host_now(&h, TLS_REMOVE, host_of(&h, c, way, TLS_TYPE_DIRECTION_CONST)) == 0;
        gone += host_now(&h, TLS_REMOVE, host_end(&h, c)) == 0;
    }
    story_expect(s, "directions and connections that are taken back", gone, HOST_CONNECTIONS * 3);
    story_expect(s, "keys in memory", keys_in_memory(), 0);
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, rounds = 20000;
    if (argc > 3 || (argc > 1 && !number_given("SEED", argv[1], 0, UINT64_MAX, &seed)) ||
        (argc > 2 && !number_given("ROUNDS", argv[2], 1, UINT32_MAX, &rounds)) || !host_open(&h)) {
        fprintf(stderr, "usage: tls_demo [SEED [ROUNDS]]\n");
        return 2;
    }
    printf("TLS on a software NIC that is made of spec/tls, as Linux' kTLS would drive it\n");
    begin();
    resync();
    key_update();
    bad_answers();
    reset();
    end();
    host_chance(&h, seed, (unsigned)rounds);
    const int status = story_ledger(&h.story);
    host_close(&h);
    return status;
}
