/* SPDX-License-Identifier: BSD-2-Clause */
#include "scripted.h"
#include "commands.h"
#include "completions.h"
#include "flue/priv/spec.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum flue_issued issue(void *adapter, struct scripted_command command, const void *args,
                              size_t bytes)
{
    struct scripted *s = adapter;
    if (s->room == 0 || (s->full && strcmp(s->full, command.name) == 0)) {
        s->refused++;
        return FLUE_RING_FULL;
    }
    s->room--;
    ck_assert_uint_lt(s->command_count, SCRIPTED_MOST);
    ck_assert_uint_le(bytes, SCRIPTED_ARGS);
    struct scripted_command *c = &s->commands[s->command_count++];
    *c = command;
    memcpy(c->args, args, bytes);
    if (s->inline_answers)
        scripted_answer(s, s->command_count - 1, CHIMNEY_RESULT_OK);
    return s->says_full ? FLUE_RING_FULL : FLUE_ISSUED;
}

#define ISSUE(command, kind, data)                                                       \
    static enum flue_issued issue_##command(void *adapter, flue_cookie cookie,           \
                                            const struct chimney_##command##_args *args) \
    {                                                                                    \
        struct scripted_command c = {.name = #command,                                   \
                                     .cookie = cookie,                                   \
                                     .object = args->name,                               \
                                     .index = (uint32_t)args->name,                      \
                                     .data_bytes = data};                                \
        return issue(adapter, c, args, sizeof *args);                                    \
    }
CHIMNEY_COMMANDS(ISSUE)

static void note_doorbell(void *adapter)
{
    ((struct scripted *)adapter)->doorbells++;
}

const struct chimney_binding scripted_binding = {CHIMNEY_COMMANDS(BIND_ISSUE).doorbell =
                                                     note_doorbell};

static void completed(void *handle, uint8_t operation, struct chimney_node *root)
{
    struct scripted *s = handle;
    ck_assert_uint_lt(s->completion_count, SCRIPTED_MOST);
    s->completions[s->completion_count++] =
        (struct scripted_completion){.operation = operation, .root = root};
    if (s->on_complete)
        s->on_complete(s, operation, root);
}

COMPLETION_CALLS(scripted_done, completed)
const struct chimney_completions scripted_completions = COMPLETION_TABLE(scripted_done);

/* The host's function gets the connection's handle only; one script runs at a time. */
static struct scripted *current;

static void note_indication(const void *handle, uint32_t code, uint32_t detail)
{
    ck_assert_uint_lt(current->indication_count, SCRIPTED_MOST);
    current->indications[current->indication_count++] = (struct scripted_indication){
        .handle = handle, .code = code, .detail = detail, .completions = current->completion_count};
}

static void tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    note_indication(object_handle, code, detail);
    current->retrieves += code == 3;
    current->aborts += code == 4;
    if (current->on_event)
        current->on_event(current, (uintptr_t)((const struct chimney_offload_handle *)object_handle)
                                       ->MiniportOffloadContext);
}

static void object_event(void *target_handle, struct chimney_node *node, uint32_t code)
{
    ck_assert_ptr_eq(target_handle, current);
    note_indication(node->NdisOffloadHandle, code, 0);
    if (current->on_object_event)
        current->on_object_event(current, node);
}

static void status_event(void *target_handle, struct chimney_status_indication *indication)
{
    ck_assert_ptr_eq(target_handle, current);
    note_indication(target_handle, (uint32_t)indication->StatusCode, 0);
}

const struct chimney_indications scripted_indications = {
    .NdisTcpOffloadEventHandler = tcp_event,
    .NdisMOffloadEventIndicate = object_event,
    .NdisMIndicateStatusEx = status_event,
};

static void wake(void *adapter)
{
    ((struct scripted *)adapter)->wakes++;
}

static void reset_wanted(void *adapter)
{
    ((struct scripted *)adapter)->resets_wanted++;
}

static void trace(void *context, const struct flue_trace *step)
{
    struct scripted *s = context;
    if (s->trace_count < SCRIPTED_MOST)
        s->trace[s->trace_count++] = *step;
}

struct flue_config scripted_config(void)
{
    return (struct flue_config){
        .capacity = {8, 64, 256},
        .ring_entries = 128,
        .reserved_entries = 8,
        .running_requests = 16,
        .quarantine_limit = 4,
        .ticks_per_second = 1000,
        .key = 0x5eed,
    };
}

struct scripted *scripted_open(const struct flue_config *given)
{
    struct flue_config config = given ? *given : scripted_config();
    struct scripted *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    s->room = UINT32_MAX;
    current = s;
    config.host_handle = s;
    config.wake = wake;
    config.reset_wanted = reset_wanted;
    config.trace = trace;
    config.trace_context = s;
    size_t bytes = chimney_memory_bytes(&config);
    ck_assert_uint_ne(bytes, 0);
    bytes = (bytes + 63) & ~(size_t)63;
    s->memory = aligned_alloc(64, bytes);
    ck_assert_ptr_nonnull(s->memory);
    enum flue_error error =
        chimney_init(&s->target, &config, &scripted_binding, &scripted_completions,
                     &scripted_indications, s->memory, bytes);
    ck_assert_msg(error == FLUE_OK, "%s", flue_error_text(error));
    if (getenv("FLUE_SLOW_PATH"))
        memset(s->target.flue.fast_paths, 0, sizeof s->target.flue.fast_paths);
    return s;
}

void scripted_close(struct scripted *s)
{
    free(s->memory);
    free(s);
}

void scripted_poll(struct scripted *s)
{
    for (unsigned i = 0; i < 100000; i++)
        if (!flue_poll(&s->target.flue, 1000))
            return;
    ck_abort_msg("work never ends");
}

bool scripted_answer(struct scripted *s, unsigned i, uint8_t result)
{
    static const unsigned char zeros[SCRIPTED_ARGS];
    ck_assert_uint_lt(i, s->command_count);
    const struct scripted_command *c = &s->commands[i];
    size_t bytes = result == CHIMNEY_RESULT_OK ? c->data_bytes : 0;
    return flue_command_done_with(&s->target.flue, c->cookie, result, bytes ? zeros : NULL, bytes);
}

void scripted_answer_all(struct scripted *s, uint8_t result)
{
    scripted_poll(s);
    while (s->answered < s->command_count) {
        unsigned upto = s->command_count;
        while (s->answered < upto)
            scripted_answer(s, s->answered++, result);
        scripted_poll(s);
    }
}

const void *scripted_args_of(const struct scripted *s, unsigned i, const char *name)
{
    ck_assert_uint_lt(i, s->command_count);
    ck_assert_str_eq(s->commands[i].name, name);
    return s->commands[i].args;
}

const char *scripted_names(const struct scripted *s, unsigned from)
{
    static char text[64 * 1024];
    text[0] = '\0';
    size_t used = 0;
    for (unsigned i = from; i < s->command_count && used + 40 < sizeof text; i++)
        used += (size_t)sprintf(text + used, "%s%s", i > from ? " " : "", s->commands[i].name);
    return text;
}
