/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines in, lines out; time and the device go on only when they are asked to. */
#include <stdlib.h>
#include <string.h>

#include "flue/recorder.h"
#include "play.h"

enum { CAPACITY = 16, LATE = 100000, LINE = 4096, ELEMENTS = 8 };

static void deliver(struct session *s)
{
    for (unsigned i = 0; i < 2 * LATE && !flue_device_idle(s->h.nic->device); i++)
        flue_device_work(s->h.nic->device);
    run(s);
}

static void pass_time(struct session *s, unsigned ms)
{
    while (ms--) {
        flue_tick(&s->h.nic->target, ++s->h.now);
        run(s);
    }
}

static void unplug(struct session *s)
{
    flue_remove(&s->h.nic->target);
    flue_poll(&s->h.nic->target, 0);
    flue_device_wipe(s->h.nic->device);
    flue_dma_stopped(&s->h.nic->target);
    s->removed = true;
    run(s);
}

enum { EVENT_BYTES = 512 };

/* Pairs of digits, as many as there are. */
static void bytes_of(const char *hex, unsigned char *to, size_t room)
{
    unsigned byte;
    for (size_t i = 0; i < room && sscanf(hex + 2 * i, "%2x", &byte) == 1; i++)
        to[i] = (unsigned char)byte;
}

/* `data`: in hexadecimal; "": nobody says it, so it is left to chance. */
static void by_itself(struct session *s, const char *what, unsigned object, unsigned number,
                      const char *data)
{
    unsigned char bytes[EVENT_BYTES] = {0};
    bytes_of(data, bytes, sizeof bytes);
    const struct thing *t = &s->h.things[object];
    struct flue_device *d = s->h.nic->device;
    const uint32_t index = (uint32_t)t->handle;
    const bool done =
        strcmp(what, "event") == 0
            ? flue_device_event_with(d, t->kind, index, (uint8_t)number, *data ? bytes : NULL)
        : strcmp(what, "raise") == 0 ? flue_device_indicate(d, t->kind, index, (uint8_t)number)
                                     : flue_device_lose(d, t->kind, index);
    if (!t->alive || !done)
        line(s, "!the hardware has no %s, or something stands on it", s->objects[object].name);
    run(s);
}

static void ask(struct session *s, const char *word, const char *rest)
{
    char name[PLAY_NAME], hex[LINE];
    unsigned n[4];
    int above;
    unsigned long long number;
    if (sscanf(rest, "%u %39s %u %d %u %u", &n[0], name, &n[1], &above, &n[2], &n[3]) == 6 &&
        strcmp(word, "node") == 0 && n[0] < THINGS)
        ask_node(s, n[0], name, n[1], above, n[2] != 0, n[3]);
    else if (strcmp(word, "number") == 0 && sscanf(rest, "%u %llu", &n[0], &number) == 2)
        ask_number(s, n[0], number);
    else if (strcmp(word, "bytes") == 0 && sscanf(rest, "%u %4095s", &n[0], hex) == 2)
        ask_bytes(s, n[0], hex);
    else if (strcmp(word, "link") == 0 && sscanf(rest, "%u %d", &n[0], &above) == 2)
        ask_link(s, n[0], above);
    else if (strcmp(word, "classes") == 0 && sscanf(rest, "%u", &n[0]) == 1)
        ask_classes(s, n[0]);
    else
        line(s, "!%s %s", word, rest);
}

static void hand(struct session *s, const char *rest)
{
    unsigned transfer, count, number;
    int object;
    if (sscanf(rest, "%u %d %u %u", &transfer, &object, &count, &number) == 4 &&
        transfer < s->h.target->transfer_count && object < THINGS && count)
        hand_chain(s, transfer, object, count, number);
    else
        line(s, "!hand %s", rest);
}

static void finish(struct session *s, const char *rest)
{
    unsigned element = 0;
    long status;
    const bool said = sscanf(rest, "%u %ld", &element, &status) == 2;
    hand_finish(s, element, said ? &(int32_t){(int32_t)status} : NULL);
}

/* In the order of their numbers. */
static void list_faults(struct session *s)
{
    for (unsigned f = 0; f < FLUE_DEVICE_FAULTS; f++)
        line(s, "%s", flue_device_fault_name(f));
}

static void obey(struct session *s, const char *word, const char *rest)
{
    unsigned n[4] = {0};
    char data[2 * EVENT_BYTES + 1] = "";
    const int count = sscanf(rest, "%u %u %u %u", &n[0], &n[1], &n[2], &n[3]);
    if (strcmp(word, "ask") == 0)
        ask_begin(s, n[0]);
    else if (strcmp(word, "send") == 0)
        ask_send(s);
    else if (strcmp(word, "strike") == 0 && count == 4)
        flue_device_strike(s->h.nic->device, (uint8_t)n[0], (uint8_t)n[1],
                           (enum flue_device_fault)n[2], (uint8_t)n[3]);
    else if (strcmp(word, "faults") == 0)
        list_faults(s);
    else if (strcmp(word, "hand") == 0)
        hand(s, rest);
    else if (strcmp(word, "finish") == 0)
        finish(s, rest);
    else if (strcmp(word, "deliver") == 0)
        deliver(s);
    else if (strcmp(word, "time") == 0)
        pass_time(s, n[0]);
    else if (strcmp(word, "reset") == 0)
        flue_device_reset(s->h.nic->device), run(s);
    else if (strcmp(word, "unplug") == 0)
        unplug(s);
    else if (strcmp(word, "event") == 0 || strcmp(word, "raise") == 0 ||
             strcmp(word, "vanish") == 0)
        by_itself(s, word, n[0] < THINGS ? n[0] : 0, n[1],
                  sscanf(rest, "%*u %*u %1024s", data) == 1 ? data : "");
    else if (strcmp(word, "show") != 0)
        ask(s, word, rest);
}

enum { RECORDS = 1 << 16 };

/* The latest steps; NULL where nobody wants them. */
static struct flue_recorder *recorder_of(const char *trace_file)
{
    static struct flue_recorder recorder;
    static struct flue_record records[RECORDS];
    const bool good = trace_file && flue_recorder_init(&recorder, records, sizeof records, NULL,
                                                       NULL, TICKS_PER_SECOND);
    return good ? &recorder : NULL;
}

static bool open_target(struct session *s, const struct simulate_target *target,
                        struct flue_recorder *recorder)
{
    struct flue_config config = {.ticks_per_second = TICKS_PER_SECOND,
                                 .host_handle = s,
                                 .ring_entries = 32,
                                 .reserved_entries = 4,
                                 .running_requests = 8,
                                 .quarantine_limit = 4,
                                 .trace = timeline_trace,
                                 .trace_context = s,
                                 .transfers = target->handed,
                                 .recorder = recorder};
    struct flue_device_options options = {.seed = 1,
                                          .late_steps = LATE,
                                          .elements = ELEMENTS,
                                          .offered = hand_offered,
                                          .wrong = timeline_wrong,
                                          .story = timeline_device,
                                          .taken = timeline_taken};
    options.offered_context = options.wrong_context = options.story_context =
        options.taken_context = s;
    for (unsigned k = 0; k < target->spec->kind_count; k++)
        config.capacity[k] = CAPACITY;
    for (unsigned p = 0; p < FLUE_MAX_PARAMETERS; p++)
        config.parameters[p] = 1000;
    s->h.target = target;
    s->h.thing_count = THINGS;
    s->h.nic = &s->h.own;
    if (target->open(s->h.nic, &config, &options) != FLUE_OK)
        return false;
    flue_tick(&s->h.nic->target, s->h.now);
    return true;
}

int simulate_main(const struct simulate_target *target, int count, char **words)
{
    struct session *s = session_now();
    char input[LINE + 64], word[16];
    const char *trace_file = count > 1 ? words[1] : NULL;
    struct flue_recorder *const recorder = recorder_of(trace_file);
    if (!open_target(s, target, recorder) || setjmp(s->h.failed))
        return EXIT_FAILURE;
    while (fgets(input, sizeof input, stdin)) {
        int length = 0;
        if (sscanf(input, "%15s%n", word, &length) == 1)
            obey(s, word, input + length);
        if (!s->request)
            show(s, strcmp(word, "show") == 0);
        printf(".\n");
        fflush(stdout);
    }
    const bool good = !trace_file || record_write(recorder, target->spec, trace_file);
    target->close(s->h.nic);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
