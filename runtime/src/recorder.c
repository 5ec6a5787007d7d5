/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recorder.c: a recorder, which trace.c fills; and its records as a file, which explains itself:
 *
 *     magic, head, names, records, u64 sum of all before it (CRC-32)
 *
 * In the byte order of the machine, which the head tells. Names are lines of text: a reader needs
 * no spec. docs/debugging.md has the format.
 */

#include "flue/recorder.h"
#include "internal.h"

bool flue_recorder_init(struct flue_recorder *r, void *memory, size_t bytes,
                        uint64_t (*clock)(void *context), void *context, uint64_t per_second)
{
    uint32_t room = 1;
    if (!memory || (uintptr_t)memory % sizeof(uint64_t) || bytes < 2 * sizeof(struct flue_record) ||
        !per_second)
        return false;
    while (room <= UINT32_MAX / 2 && bytes / sizeof(struct flue_record) / 2 >= room)
        room *= 2;
    r->records = memory;
    r->clock = clock;
    r->clock_context = context;
    r->per_second = per_second;
    r->mask = room - 1;
    atomic_init(&r->kept, 0);
    return true;
}

uint64_t flue_recorder_count(const struct flue_recorder *r)
{
    return atomic_load_explicit(&r->kept, memory_order_acquire);
}

/* ---- The file ------------------------ */

enum { VERSION = 1, PIECE = 16, SUM_AT_HEAD = 56 };

static const char magic[8] = {'\x89', 'f', 'l', 'u', 'e', '\r', '\n', '\x1a'};

struct head {
    char magic[8];
    uint32_t order, version, abi, names_bytes;
    uint64_t digest; /* of the spec */
    uint64_t per_second, first, count;
    uint64_t sum; /* of the head up to here, and the names */
};
_Static_assert(offsetof(struct head, sum) == SUM_AT_HEAD && sizeof(struct head) == 64,
               "as docs/debugging.md says");

/* Where bytes go; nowhere while `write` is NULL, when only length and sum are asked for. */
struct sink {
    bool (*write)(void *context, const void *data, size_t bytes);
    void *context;
    uint32_t sum;
    uint64_t bytes;
    bool good;
};

/* CRC-32, as zlib has it. */
static uint32_t summed(uint32_t sum, const void *data, size_t bytes)
{
    sum = ~sum;
    for (const unsigned char *at = data; bytes--; at++) {
        sum ^= *at;
        for (unsigned bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (UINT32_C(0xedb88320) & -(sum & 1));
    }
    return ~sum;
}

static void put(struct sink *to, const void *data, size_t bytes)
{
    to->sum = summed(to->sum, data, bytes);
    to->bytes += bytes;
    if (to->write && to->good)
        to->good = to->write(to->context, data, bytes);
}

/* ---- Names ------------------------ */

static void put_text(struct sink *to, const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    put(to, text, (size_t)(end - text));
}

/* A line: what it is of, a word, and the rest, which may have spaces. */
static void put_line(struct sink *to, const char *what, const char *word, const char *rest)
{
    put_text(to, what);
    put_text(to, " ");
    put_text(to, word);
    put_text(to, " ");
    put_text(to, rest);
    put_text(to, "\n");
}

static void put_arm(struct sink *to, const struct flue_arm *arm)
{
    char digits[6];
    unsigned at = sizeof digits - 1;
    uint16_t line = arm->line;
    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + line % 10);
    while (line /= 10);
    put_line(to, "arm", arm->by_default ? "default" : "own", &digits[at]);
}

static const char *sort_of(const struct flue_kind *kind, unsigned state)
{
    if (state == kind->start)
        return "unused";
    return kind->states[state].sort == FLUE_RESTING ? "rests" : "busy";
}

static void put_kind(struct sink *to, const struct flue_kind *kind)
{
    put_line(to, "kind", kind->name, kind->file);
    for (unsigned i = 1; i <= kind->state_count; i++)
        put_line(to, "state", sort_of(kind, i), kind->states[i].name);
    for (unsigned i = 0; i < kind->command_count; i++)
        put_line(to, "command", kind->commands[i].name, "");
    for (unsigned i = 0; i < kind->event_count; i++)
        put_line(to, "event", kind->events[i].name, "");
    for (unsigned i = 1; i < kind->arm_count; i++)
        put_arm(to, &kind->arms[i]);
}

static void put_names(struct sink *to, const struct flue_spec *spec)
{
    put_line(to, "target", spec->name, spec->file);
    for (unsigned i = 0; i < spec->result_count; i++)
        put_line(to, "result", spec->results[i], "");
    for (unsigned i = 0; i < spec->operation_count; i++)
        put_line(to, "operation", spec->operations[i].name, "");
    for (unsigned i = 0; i < spec->status_count; i++)
        put_line(to, "status", spec->statuses[i].good ? "good" : "bad", spec->statuses[i].name);
    for (unsigned i = 0; i < spec->kind_count; i++)
        put_kind(to, &spec->kinds[i]);
    while (to->bytes % sizeof(uint64_t))
        put_text(to, "\n");
}

/* ---- Records ------------------------ */

/* A record as it is; or that it is none any more, if its place was written to meanwhile. */
static void read(const struct flue_recorder *r, uint64_t number, uint64_t word[4])
{
    const struct flue_record *record = &r->records[number & r->mask];
    for (unsigned i = 0; i < 4; i++)
        word[i] = atomic_load_explicit(&record->word[i], memory_order_acquire);
    if (flue_recorder_count(r) - number > r->mask) {
        memset(word, 0, 4 * sizeof *word);
        word[3] = (uint64_t)FLUE_RECORD_LOST << 32;
    }
}

static void put_records(struct sink *to, const struct flue_recorder *r, uint64_t first,
                        uint64_t end)
{
    uint64_t piece[PIECE][4];
    while (first < end && to->good) {
        unsigned count = 0;
        while (count < PIECE && first < end)
            read(r, first++, piece[count++]);
        put(to, piece, count * sizeof *piece);
    }
}

bool flue_recorder_write(const struct flue_recorder *r, const struct flue_spec *spec,
                         bool (*write)(void *context, const void *data, size_t bytes),
                         void *context)
{
    const uint64_t end = flue_recorder_count(r), most = r->mask; /* one is being written */
    struct sink names = {.good = true};
    put_names(&names, spec);
    struct head head = {.order = 0x01020304,
                        .version = VERSION,
                        .abi = spec->abi,
                        .names_bytes = (uint32_t)names.bytes,
                        .digest = spec->digest,
                        .per_second = r->per_second,
                        .first = end > most ? end - most : 0};
    memcpy(head.magic, magic, sizeof magic);
    head.count = end - head.first;
    names.sum = summed(0, &head, SUM_AT_HEAD);
    put_names(&names, spec);
    head.sum = names.sum;
    struct sink file = {.write = write, .context = context, .good = true};
    put(&file, &head, sizeof head);
    put_names(&file, spec);
    put_records(&file, r, head.first, end);
    const uint64_t sum = file.sum;
    put(&file, &sum, sizeof sum);
    return file.good;
}
