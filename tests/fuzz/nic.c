/* SPDX-License-Identifier: BSD-2-Clause */
/* nic.c: hardware that takes commands or not, answers as the bytes say; and the host's calls. */
#include "commands.h"
#include "completions.h"
#include "fuzz.h"

/* What a binding function is given must be there to be read. */
static volatile unsigned sum;

static void look_at(const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum += ((const unsigned char *)bytes)[i];
}

static enum flue_issued issue(struct world *w, uint8_t kind, uint32_t index, flue_cookie cookie,
                              size_t data_bytes)
{
    const struct flue_target *t = &w->target.flue;
    REQUIRE(cookie != 0, "cookies are never 0");
    REQUIRE(index < t->pools[kind].capacity, "index %u", index);
    REQUIRE(flue_target_phase(t) == FLUE_RUNNING, "a command in phase %d", flue_target_phase(t));
    uint64_t now = w->now, resets = t->stats.resets;
    mischief(w);
    if (w->room == 0 || w->command_count == COMMANDS)
        return FLUE_RING_FULL;
    w->room -= w->room != UINT32_MAX;
    for (unsigned i = 0; i < w->command_count && i < 256; i++)
        REQUIRE(w->commands[w->command_count - 1 - i].cookie != cookie, "a cookie is used again");
    struct command *c = &w->commands[w->command_count];
    *c = (struct command){
        .cookie = cookie, .issued_at = now, .resets = resets, .data_bytes = (uint32_t)data_bytes};
    /* A crowd at the start is forgotten; its cookies are not. */
    w->command_count += !w->crowding;
    w->unanswered++;
    if (!w->answers_inline)
        return FLUE_ISSUED;
    answer(w, c, 0);
    /* What is answered was issued, whatever is said. */
    return w->says_full ? FLUE_RING_FULL : FLUE_ISSUED;
}

/* What arguments lead to must be there, too. */
static void follow(const struct world *w, const char *command, const void *args)
{
    const struct chimney_add_path_args *path = args;
    if (strcmp(command, "add_path") != 0)
        return;
    size_t bytes = path->variant == CHIMNEY_VARIANT_IPV6 ? 16 : 4;
    if (path->source_address)
        look_at(path->source_address, bytes);
    if (path->destination_address)
        look_at(path->destination_address, bytes);
    REQUIRE(path->neighbor < w->target.flue.pools[CHIMNEY_NEIGHBOR].capacity, "link %u",
            path->neighbor);
}

#define ISSUE(command, kind, data)                                                       \
    static enum flue_issued issue_##command(void *adapter, flue_cookie cookie,           \
                                            const struct chimney_##command##_args *args) \
    {                                                                                    \
        look_at(args, sizeof *args);                                                     \
        follow(adapter, #command, args);                                                 \
        return issue(adapter, kind, args->index, cookie, data);                          \
    }
CHIMNEY_COMMANDS(ISSUE)

static void doorbell(void *adapter)
{
    mischief(adapter);
}

const struct chimney_binding fuzz_binding = {CHIMNEY_COMMANDS(BIND_ISSUE).doorbell = doorbell};

COMPLETION_CALLS(fuzz_done, tree_complete)
const struct chimney_completions fuzz_completions = COMPLETION_TABLE(fuzz_done);

static void tcp_event(void *handle, uint32_t code, uint32_t detail)
{
    (void)handle, (void)code, (void)detail;
}

static void object_event(void *handle, struct chimney_node *node, uint32_t code)
{
    (void)code;
    look_at(node, sizeof *node);
    mischief(handle);
}

static void status_event(void *handle, struct chimney_status_indication *indication)
{
    look_at(indication, sizeof *indication);
    mischief(handle);
}

const struct chimney_indications fuzz_indications = {tcp_event, object_event, status_event};

/* ---- Answers ------------------------------------------------------------------------------- */

static bool waited_for(const struct world *w, const struct command *c)
{
    return !c->answered && c->resets == w->target.flue.stats.resets &&
           w->now < c->issued_at + TIMEOUT_TICKS;
}

/* 0: good. Else a bad result, one nobody declared, or a good one with data of another size. */
void answer(struct world *w, struct command *c, uint8_t how)
{
    static const unsigned char zeros[1024];
    uint8_t result = how ? (uint8_t)(how < 64 ? 1 + how % 16 : how) : CHIMNEY_RESULT_OK;
    size_t bytes = result == CHIMNEY_RESULT_OK ? c->data_bytes : 0;
    if (how > 240) {
        result = CHIMNEY_RESULT_OK;
        bytes = how == 255 ? sizeof zeros : how % 8;
    }
    bool first = !c->answered;
    bool waited = waited_for(w, c);
    w->unanswered -= first;
    c->answered = true;
    bool believed =
        flue_command_done_with(&w->target.flue, c->cookie, result, bytes ? zeros : NULL, bytes);
    REQUIRE(!believed || first, "an answer was taken twice");
    REQUIRE(believed || !first || !waited, "an answer in time was not taken");
}

void answer_some(struct world *w)
{
    uint8_t how = take(w);
    if (how % 8 == 7) { /* nobody's: an old one, one never given, or any number */
        if (w->command_count && how < 128)
            answer(w, &w->commands[choice(w, w->command_count)], take(w));
        else
            REQUIRE(!flue_command_done(&w->target.flue, (uint64_t)take(w) << 56 | take(w), 0),
                    "an answer to nothing was taken");
        return;
    }
    uint32_t skip = w->unanswered ? choice(w, w->unanswered) : 0;
    for (unsigned i = w->first_unanswered; i < w->command_count; i++)
        if (!w->commands[i].answered && skip-- == 0) {
            answer(w, &w->commands[i], how % 8 < 5 ? 0 : take(w));
            return;
        }
}

/* What an interrupt handler finds: several at once, some of them answered before. */
void answer_burst(struct world *w)
{
    struct flue_answer burst[8];
    size_t count = 0, waited = 0, open = 0;
    uint32_t from = choice(w, w->command_count);
    for (uint32_t i = from; i < w->command_count && count < 1 + from % 8; i++) {
        struct command *c = &w->commands[i];
        burst[count++] = (struct flue_answer){c->cookie, (uint8_t)(c->data_bytes ? 1 : from % 3)};
        waited += waited_for(w, c);
        open += !c->answered;
        w->unanswered -= !c->answered;
        c->answered = true;
    }
    size_t believed = flue_commands_done(&w->target.flue, burst, count);
    REQUIRE(believed >= waited && believed <= open, "%u of %u believed, %u waited for",
            (unsigned)believed, (unsigned)open, (unsigned)waited);
}

void answer_all(struct world *w)
{
    for (; w->first_unanswered < w->command_count; w->first_unanswered++)
        if (!w->commands[w->first_unanswered].answered)
            answer(w, &w->commands[w->first_unanswered], 0);
}
