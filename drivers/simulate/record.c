/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder has kept, as a file for `flue trace`. */
#include <stdio.h>

#include "flue/recorder.h"
#include "history.h"

static bool write_to(void *context, const void *data, size_t bytes)
{
    return fwrite(data, 1, bytes, context) == bytes;
}

/* Without a recorder: nothing was kept, and that is said as well. */
bool record_write(const struct flue_recorder *recorder, const struct flue_spec *spec,
                  const char *path)
{
    FILE *file = recorder ? fopen(path, "wb") : NULL;
    bool good = file && flue_recorder_write(recorder, spec, write_to, file);
    if (file)
        good &= fclose(file) == 0;
    if (!good)
        fprintf(stderr, "%s: cannot be written\n", path);
    return good;
}
