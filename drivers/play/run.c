/* SPDX-License-Identifier: BSD-2-Clause */
/* The device and the runtime go on. */
#include "play.h"

enum { SILENT = 4 };

/* Until nothing more is told: what is late stays so, and what is lost waits for time to pass. */
void run(struct session *s)
{
    for (unsigned silent = 0; silent < SILENT;) {
        const unsigned before = s->lines;
        if (!flue_device_work(s->h.nic->device))
            break;
        silent = s->lines == before ? silent + 1 : 0;
    }
    if (flue_device_reset_wanted(s->h.nic->device))
        line(s, "the runtime asks for a reset: too many answers are lost");
}
