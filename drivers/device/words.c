/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of faults and of complaints. What is wrong is counted; the first is kept in words. */
#include "device.h"

static const char *const faults[FLUE_DEVICE_FAULTS] = {
    [FLUE_DEVICE_FINE] = "fine",
    [FLUE_DEVICE_REFUSED] = "refused",
    [FLUE_DEVICE_HALF_DONE] = "half_done",
    [FLUE_DEVICE_UNSURE_DONE] = "unsure_done",
    [FLUE_DEVICE_UNSURE_NOT] = "unsure_not",
    [FLUE_DEVICE_NOT_DONE] = "not_done",
    [FLUE_DEVICE_NO_ANSWER] = "no_answer",
    [FLUE_DEVICE_LATE] = "late",
    [FLUE_DEVICE_TWICE] = "twice",
    [FLUE_DEVICE_INLINE] = "inline",
    [FLUE_DEVICE_NO_ROOM] = "no_room",
    [FLUE_DEVICE_VANISHED] = "vanished",
};

static const char *const wrongs[FLUE_DEVICE_WRONGS] = {
    [FLUE_DEVICE_OUT_OF_RANGE] = "out of range",
    [FLUE_DEVICE_ADDED_TWICE] = "added twice",
    [FLUE_DEVICE_NOT_THERE] = "not there",
    [FLUE_DEVICE_OTHER_LIFE] = "other life",
    [FLUE_DEVICE_NO_LINK] = "no link",
    [FLUE_DEVICE_STOOD_ON] = "stood on",
    [FLUE_DEVICE_OTHER_NUMBER] = "other number",
    [FLUE_DEVICE_OTHER_VALUE] = "other value",
    [FLUE_DEVICE_TAKEN_AGAIN] = "an answer believed again",
    [FLUE_DEVICE_NO_ENTRY] = "an element without its entry",
    [FLUE_DEVICE_OUT_OF_ORDER] = "an element out of order",
};

const char *flue_device_fault_name(unsigned fault)
{
    return fault < FLUE_DEVICE_FAULTS ? faults[fault] : "?";
}

const char *flue_device_wrong_name(unsigned wrong)
{
    return wrong < FLUE_DEVICE_WRONGS ? wrongs[wrong] : "?";
}

const struct flue_device_command *device_command_spec(const struct flue_device *d,
                                                      const struct device_command *c)
{
    return &d->spec->kinds[c->kind].commands[c->command];
}

/* The first complaint is kept, each is counted and told. */
static void complain(struct flue_device *d, enum flue_device_wrong what, const char *text)
{
    if (!d->counters.wrongs++)
        snprintf(d->complaint, sizeof d->complaint, "%s", text);
    d->counters.wrong[what]++;
    if (d->options.wrong)
        d->options.wrong(d->options.wrong_context, text);
}

void device_wrong(struct flue_device *d, enum flue_device_wrong what,
                  const struct device_command *c, const char *detail)
{
    char text[DEVICE_COMPLAINT];
    snprintf(text, sizeof text, "%s of %s %u: %s%s%s", device_command_spec(d, c)->name,
             d->spec->spec->kinds[c->kind].name, (unsigned)c->index, wrongs[what],
             detail ? ", " : "", detail ? detail : "");
    complain(d, what, text);
}

void device_wrong_element(struct flue_device *d, enum flue_device_wrong what,
                          const struct flue_taken *taken)
{
    char text[DEVICE_COMPLAINT];
    snprintf(text, sizeof text, "%s, %u: %s", d->spec->spec->transfers[taken->transfer].name,
             (unsigned)taken->index, wrongs[what]);
    complain(d, what, text);
}

void device_say(struct flue_device *d, const struct device_command *c, const char *what)
{
    char text[DEVICE_COMPLAINT];
    if (!d->options.story)
        return;
    snprintf(text, sizeof text, "device: %s of %s %u %s, %s: %s", device_command_spec(d, c)->name,
             d->spec->spec->kinds[c->kind].name, (unsigned)c->index, what, faults[c->fault],
             c->result < d->spec->spec->result_count ? d->spec->spec->results[c->result] : "-");
    d->options.story(d->options.story_context, text);
}

const char *flue_device_complaint(const struct flue_device *d)
{
    return d->counters.wrongs ? d->complaint : NULL;
}
