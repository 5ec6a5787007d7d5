/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens, a line each: what the runtime does, what the hardware got, what became of it. */
#include <stdarg.h>
#include <string.h>

#include "play.h"

struct session *session_now(void)
{
    static struct session only;
    return &only;
}

void line(struct session *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    s->lines++;
}

const char *name_of_thing(const struct session *s, const struct thing *t)
{
    for (unsigned i = 0; i < THINGS; i++)
        if (&s->h.things[i] == t)
            return s->objects[i].name;
    return "?";
}

/* Commands are told by the device, which knows what they carry. */
void timeline_trace(void *context, const struct flue_trace *step)
{
    char text[200];
    struct session *s = context;
    if (step->what == FLUE_TRACE_UNSENT)
        flue_device_unsent(s->h.nic->device, step->kind, step->index);
    if (step->what == FLUE_TRACE_NODE || step->what == FLUE_TRACE_COMMAND)
        return;
    if (step->what == FLUE_TRACE_STEP && step->event >= FLUE_EVENT_DEVICE) {
        s->event_kind = step->kind;
        s->event = (uint8_t)(step->event - FLUE_EVENT_DEVICE);
    }
    flue_trace_text(step, text, sizeof text);
    line(s, "    %s", text);
}

void timeline_taken(void *context, const char *text)
{
    line(context, "    -> %s", text);
}

/* What went well, or was refused, is seen by its answer, which the runtime tells of. */
void timeline_device(void *context, const char *text)
{
    if (!strstr(text, ", fine: ") && !strstr(text, ", refused: "))
        line(context, "    %s", text);
}

void timeline_wrong(void *context, const char *text)
{
    line(context, "    WRONG, no runtime sends: %s", text);
}

/* The number of the event that the runtime told of last, and what it brought, in hexadecimal. */
static void say_brought(const struct session *s, const unsigned char *data, char *text, size_t room)
{
    const struct flue_device_event *e = &s->h.target->spec->kinds[s->event_kind].events[s->event];
    size_t length = e->data_bytes ? (size_t)snprintf(text, room, " %u ", (unsigned)s->event) : 0;
    for (unsigned i = 0; i < e->data_bytes && length + 2 < room; i++)
        length += (size_t)snprintf(text + length, room - length, "%02x", data[i]);
}

/* The host's handle of an object is its thing; that of the target is the session. */
void simulate_notified(const char *call, const void *object, uint32_t code, uint32_t detail,
                       const void *data)
{
    char brought[PLAY_TEXT] = "";
    struct session *s = session_now();
    const struct thing *t = object;
    (void)detail;
    const bool of_object = t >= s->h.things && t < s->h.things + THINGS;
    if (data)
        say_brought(s, data, brought, sizeof brought);
    line(s, "=> notified: %s %s %u%s", call, of_object ? name_of_thing(s, t) : "-", (unsigned)code,
         brought);
}
