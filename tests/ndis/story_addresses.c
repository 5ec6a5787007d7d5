/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing stands between: the handlers are the generated entry points, the table is ndis.sys. */
#include <stdio.h>
#include <windows.h>

#include "story.h"

static void check(const char *what, const void *is, const char *export)
{
    const void *should =
        (const void *)(uintptr_t)GetProcAddress(GetModuleHandleA("ndis.sys"), export);
    printf("    %-34s = ndis.sys!%s\n", what, is == should ? export : "?");
    wrong += is != should || !should;
}

/* As offsets in the image: pe.py compares them with its symbols. */
static void handler(const char *name, const char *driver, const void *is, unsigned char *image)
{
    printf("    Miniport%-26s = %s+%llx\n", name, driver,
           (unsigned long long)((const unsigned char *)is - image));
}

void tell_transfers(const char *driver, unsigned char *image)
{
    static const char *const names[] = {
        [CHIMNEY_TRANSFER_TCP_SEND] = "Transfer_TCP_Send",
        [CHIMNEY_TRANSFER_TCP_DISCONNECT] = "Transfer_TCP_Disconnect",
        [CHIMNEY_TRANSFER_TCP_RECEIVE] = "Transfer_TCP_Receive",
        [CHIMNEY_TRANSFER_TCP_FORWARD] = "Transfer_TCP_Forward",
        [CHIMNEY_TRANSFER_TCP_RECEIVE_RETURN] = "Transfer_TCP_Receive_Return",
    };
    for (uint8_t i = 0; i < sizeof names / sizeof *names; i++)
        handler(names[i], driver, mock_transfer_handler(i), image);
}

void tell_addresses(const char *driver, unsigned char *image)
{
    static const char *const names[] = {"Initiate", "Update", "Query", "Invalidate", "Terminate"};
    const struct flue_target *target = (const void *)host.nic;
    const struct chimney_completions *table = target->config.completions;
    chapter("Nothing between: handlers and completion table");
    for (uint8_t o = 0; o < CHIMNEY_OPERATIONS; o++)
        handler(names[o], driver, mock_handler(o), image);
    check("completions.initiate", (const void *)(uintptr_t)table->initiate,
          "NdisMInitiateOffloadComplete");
    check("completions.update", (const void *)(uintptr_t)table->update,
          "NdisMUpdateOffloadComplete");
    check("completions.query", (const void *)(uintptr_t)table->query,
          "NdisMQueryOffloadStateComplete");
    check("completions.invalidate", (const void *)(uintptr_t)table->invalidate,
          "NdisMInvalidateOffloadComplete");
    check("completions.terminate", (const void *)(uintptr_t)table->terminate,
          "NdisMTerminateOffloadComplete");
}
