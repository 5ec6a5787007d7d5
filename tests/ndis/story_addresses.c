/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing stands between: the handlers are the generated entry points, the table is ndis.sys. */
#include <stdio.h>
#include <windows.h>

#include "story.h"

static void compare(const char *what, const void *is, const char *name, const void *should)
{
    printf("    %-34s = ndis.sys!%s\n", what, is == should ? name : "?");
    wrong += is != should || !should;
}

static void check(const char *what, const void *is, const char *export)
{
    compare(what, is, export,
            (const void *)(uintptr_t)GetProcAddress(GetModuleHandleA("ndis.sys"), export));
}

/* As offsets in the image: pe.py compares them with its symbols. */
static void handler(const char *name, const char *driver, const void *is, unsigned char *image)
{
    printf("    Miniport%-26s = %s+%llx\n", name, driver,
           (unsigned long long)((const unsigned char *)is - image));
}

/* NDIS gives them out when the adapter begins: they are no exports. */
static void check_transfers(const struct chimney_transfers *table)
{
    const struct {
        const char *what, *name;
        uintptr_t is;
        uint8_t transfer;
    } all[] = {
        {"transfers.tcp_send", "NdisTcpOffloadSendComplete", (uintptr_t)table->tcp_send,
         CHIMNEY_TRANSFER_TCP_SEND},
        {"transfers.tcp_disconnect", "NdisTcpOffloadDisconnectComplete",
         (uintptr_t)table->tcp_disconnect, CHIMNEY_TRANSFER_TCP_DISCONNECT},
        {"transfers.tcp_receive", "NdisTcpOffloadReceiveComplete", (uintptr_t)table->tcp_receive,
         CHIMNEY_TRANSFER_TCP_RECEIVE},
        {"transfers.tcp_forward", "NdisTcpOffloadForwardComplete", (uintptr_t)table->tcp_forward,
         CHIMNEY_TRANSFER_TCP_FORWARD},
    };
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        compare(all[i].what, (const void *)all[i].is, all[i].name,
                mock_transfer_completion(all[i].transfer));
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
    check_transfers(((const struct flue_target *)(const void *)host.nic)->config.transfers);
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
