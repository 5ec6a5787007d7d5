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
        flue_device_unsent(s->h.nic.device, step->kind, step->index);
    if (step->what == FLUE_TRACE_NODE || step->what == FLUE_TRACE_COMMAND)
        return;
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

/* The host's handle of an object is its thing; that of the target is the session. */
void simulate_notified(const char *call, const void *object, uint32_t code, uint32_t detail)
{
    struct session *s = session_now();
    const struct thing *t = object;
    (void)detail;
    const bool of_object = t >= s->h.things && t < s->h.things + THINGS;
    line(s, "=> notified: %s %s %u", call, of_object ? name_of_thing(s, t) : "-", (unsigned)code);
}
