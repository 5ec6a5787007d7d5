# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that break the rules of the mocks: one or more for each rule."""

from __future__ import annotations

from mutant import Mutant

HEAD = '#include "adapter.h"\n'
UPDATE = ".update = NdisMUpdateOffloadComplete,"


def completion(name: str, rule: str, body: str) -> Mutant:
    """The update is completed by a function of the driver's."""
    function = f"""
static void bad(void *driver, struct chimney_node *root)
{{
    {body}
}}
"""
    edits = ((HEAD, HEAD + function), (UPDATE, ".update = bad,"))
    return Mutant(name, rule, "adapter.c", edits)


DONE = "NdisMUpdateOffloadComplete(driver, root);"
HANDLER = """
static void bad(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    root->Status = NDIS_STATUS_SUCCESS;
    NdisMUpdateOffloadComplete(driver_handle, root);
}
"""

MUTANTS = [
    Mutant(
        "inside the call",
        "inline",
        "driver.c",
        (
            ("NDIS_HANDLE driver_handle;\n", "NDIS_HANDLE driver_handle;\n" + HANDLER),
            (".UpdateOffloadHandler = chimney_update,", ".UpdateOffloadHandler = bad,"),
        ),
    ),
    completion("twice", "twice", DONE + DONE),
    completion("no status", "unwritten", "root->Status = 0x7eadbeef;" + DONE),
    completion("partial success", "unallowed", "root->Status = 0x40020004;" + DONE),
    completion("pending", "unallowed", "root->Status = NDIS_STATUS_PENDING;" + DONE),
    completion("never", "late", "(void)driver; (void)root;"),
    completion("touched afterwards", "touched", DONE + "root->Status = NDIS_STATUS_SUCCESS;"),
    completion("read afterwards", "touched", DONE + "if (root->NextBlock) poll_soon(NULL);"),
    completion("something between", "", DONE),
    Mutant(
        "by another's call",
        "wrong",
        "adapter.c",
        ((UPDATE, ".update = NdisMTerminateOffloadComplete,"),),
    ),
    Mutant(
        "with another handle",
        "handle",
        "adapter.c",
        (("host_handle = driver_handle;", "host_handle = a->handle;"),),
    ),
    Mutant(
        "status of the driver",
        "handle",
        "poll.c",
        (("NdisMIndicateStatusEx(polled->handle, ", "NdisMIndicateStatusEx(driver, "),),
    ),
    Mutant(
        "above DISPATCH_LEVEL",
        "level",
        "poll.c",
        (
            (HEAD, HEAD + "IMPORT UCHAR KfRaiseIrql(UCHAR level);\n"),
            ("    const bool more = ", "    KfRaiseIrql(5);\n    const bool more = "),
        ),
    ),
    Mutant(
        "the level stays",
        "level",
        "poll.c",
        (
            (HEAD, HEAD + "IMPORT UCHAR KfRaiseIrql(UCHAR level);\n"),
            ("    follow_pause(a);\n    return more;", "    KfRaiseIrql(5);\n    return more;"),
        ),
    ),
    Mutant(
        "freed too early",
        "freed",
        "adapter.c",
        (
            (
                "    KeRemoveQueueDpc(&a->dpc);\n    KeFlushQueuedDpcs();\n    give_up(a);\n",
                "    give_up(a);\n    KeRemoveQueueDpc(&a->dpc);\n",
            ),
        ),
    ),
    Mutant("not freed", "leak", "adapter.c", (("    sim_close(a->nic);\n", ""),)),
    Mutant(
        "freed, and set",
        "timer",
        "adapter.c",
        (("    NdisCancelTimerObject(a->timer);\n", ""),),
    ),
    Mutant(
        "memory for each request",
        "memory",
        "oid.c",
        (
            (
                "    atomic_store(&a->request, request);\n",
                "    ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPool, 16, 1), 1);\n"
                "    atomic_store(&a->request, request);\n",
            ),
        ),
    ),
    Mutant(
        "waits in a reset",
        "wait",
        "state.c",
        (
            (
                "    *addressing_reset = 0;\n",
                "    KeWaitForSingleObject(&a->halted, Executive, KernelMode, 0, NULL);\n",
            ),
        ),
    ),
    Mutant(
        "waits for nothing",
        "hang",
        "adapter.c",
        (("    atomic_store(&a->halting, true);\n", ""),),
    ),
    Mutant("queues itself", "dpc", "poll.c", (("    if (work(a))\n", "    if (work(a) || a)\n"),)),
    Mutant(
        "completes each pause twice",
        "twice",
        "poll.c",
        (
            (
                "    if (atomic_exchange(&a->pausing, false))\n",
                "    if (atomic_exchange(&a->pausing, false))\n        NdisMPauseComplete(a->handle),\n",
            ),
        ),
    ),
    Mutant(
        "a pause in the call",
        "inline",
        "state.c",
        (("    atomic_store(&a->pausing, true);\n", "    NdisMPauseComplete(a->handle);\n"),),
    ),
    Mutant(
        "a request in the call",
        "inline",
        "oid.c",
        (
            (
                "    atomic_store(&a->request, request);\n",
                "    NdisMOidRequestComplete(a->handle, request, NDIS_STATUS_SUCCESS);\n",
            ),
        ),
    ),
    Mutant(
        "a request is lost",
        "late",
        "oid.c",
        (("    NdisMOidRequestComplete(a->handle, request, status);\n", ""),),
    ),
    Mutant(
        "packets without a status",
        "packets",
        "data.c",
        (("        list->Status = NDIS_STATUS_FAILURE;\n", "        ;\n"),),
    ),
    Mutant(
        "packets twice",
        "ledger",
        "data.c",
        (
            (
                "        refuse(a, lists);\n",
                "        refuse(a, lists), refuse(a, lists);\n",
            ),
        ),
    ),
    Mutant(
        "a size that is not known",
        "header",
        "driver.c",
        (("1, sizeof characteristics}", "1, sizeof characteristics - 8}"),),
    ),
    Mutant(
        "no vendor",
        "",
        "general.c",
        (("    {OID_GEN_VENDOR_ID, NO_VENDOR},\n", ""), ("NO_VENDOR = 0xffffff, ", "")),
    ),
    Mutant(
        "frames of any kind",
        "",
        "general.c",
        (
            (
                "encapsulation == NDIS_ENCAPSULATION_IEEE_802_3\n",
                "encapsulation != NDIS_OFFLOAD_SET_NO_CHANGE\n",
            ),
        ),
    ),
    Mutant(
        "takes what is not offered",
        "",
        "travel.c",
        (("    if (!w->offers[args->variant])\n", "    if (false)\n"),),
    ),
    Mutant(
        "offers anew before all is back",
        "",
        "offers.c",
        (("    if (!has_connections(a))\n", "    if (true)\n"),),
    ),
    Mutant("IPv6 counts IPv4", "", "oid.c", ((" tcp.variant == variant &&", ""),)),
    Mutant(
        "a list of no requests",
        "",
        "registration.c",
        ((".SupportedOidListLength = oid_bytes,", ""),),
    ),
    Mutant(
        "something between, of data",
        "",
        "data.c",
        (
            (
                "/* ---- Of connections ",
                "static TCP_OFFLOAD_COMPLETE real;\nstatic void bad(NDIS_HANDLE driver, NET_BUFFER_LIST *lists)\n"
                "{\n    real(driver, lists);\n}\n\n/* ---- Of connections ",
            ),
            (
                ".tcp_send = tcp->NdisTcpOffloadSendComplete,",
                ".tcp_send = (real = tcp->NdisTcpOffloadSendComplete, bad),",
            ),
        ),
    ),
    Mutant(
        "stale by the registry for ever",
        "",
        "registration.c",
        (("    *nce_stale_ticks = says->NceStaleTicks;\n", "    (void)nce_stale_ticks;\n"),),
    ),
    Mutant(
        "no handler of pauses",
        "handlers",
        "driver.c",
        (("        .PauseHandler = state_pause,\n", ""),),
    ),
    Mutant(
        "no capabilities",
        "attributes",
        "registration.c",
        (
            (
                "        .TcpConnectionOffloadCapacity = connections,\n",
                "        .TcpConnectionOffloadCapacity = 0 * connections,\n",
            ),
        ),
    ),
    Mutant(
        "a processor that is not there",
        "processor",
        "adapter.c",
        (("KeSetTargetProcessorDpc(&a->dpc, 0)", "KeSetTargetProcessorDpc(&a->dpc, 1)"),),
    ),
    Mutant(
        "a wild pointer",
        "fault",
        "state.c",
        (("    atomic_store(&a->paused, true);\n", "    *(volatile int *)16 = 0;\n"),),
    ),
    Mutant(
        "restart without resume",
        "",
        "poll.c",
        (("        flue_resume(&a->nic->target.flue);\n", "        (void)0;\n"),),
    ),
    Mutant(
        "answers after a shutdown",
        "",
        "state.c",
        (("    atomic_store(&adapter_of(context)->shut_down, true);\n", ""),),
    ),
]
