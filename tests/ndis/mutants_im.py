# SPDX-License-Identifier: BSD-2-Clause
"""Intermediate drivers that break the rules of the mocks, or do not do what their story expects."""

from __future__ import annotations

from mutant import Mutant

HEAD = '#include "im.h"\n'
UPDATE = ".update = NdisMUpdateOffloadComplete,"
BAD = """
static void bad(void *driver, struct chimney_node *root)
{
    root->SourceHandle = driver;
    NdisMUpdateOffloadComplete(driver, root);
}
"""
SEND = "    down[call->operation](lower->binding, "
WAIT = "        KeWaitForSingleObject(&lower->event, Executive, KernelMode, 0, NULL);\n"

MUTANTS_IM = [
    Mutant(
        "a word of another's",
        "reserved",
        "adapter.c",
        ((HEAD, HEAD + BAD), (UPDATE, ".update = bad,")),
    ),
    Mutant(
        "goes down twice",
        "again",
        "calls.c",
        (
            (
                SEND,
                "    down[call->operation](lower->binding, "
                "call->link.OffloadHandle ? &call->link : &call->node);\n" + SEND,
            ),
        ),
    ),
    Mutant(
        "to the other lower driver",
        "",
        "calls.c",
        ((SEND, "    down[call->operation](im->lowers[0].binding, "),),
    ),
    Mutant(
        "a cell that is not empty",
        "offloaded",
        "entries.c",
        (("    memset(&e->handle, 0, sizeof e->handle);\n", ""),),
    ),
    Mutant(
        "two calls at once",
        "busy",
        "commands.c",
        (("        if (e && e->busy)\n", "        if (e && e->busy && im->shut_down)\n"),),
    ),
    Mutant(
        "from below",
        "dependents",
        "calls.c",
        (
            (
                "    for (uint8_t kind = CHIMNEY_KINDS; (all || im->orphans) && kind-- > 0;)\n",
                "    for (uint8_t kind = 0; (all || im->orphans) && kind < CHIMNEY_KINDS; kind++)\n",
            ),
        ),
    ),
    Mutant(
        "does not wait for the host",
        "left",
        "lower.c",
        (("        poll_soon(im);\n" + WAIT, "        poll_soon(im);\n"),),
    ),
    Mutant(
        "is not closed",
        "binding",
        "lower.c",
        (("    close_binding(lower);\n    atomic_store", "    atomic_store"),),
    ),
    Mutant(
        "an adapter of another name",
        "binding",
        "lower.c",
        (("&name->ParameterData.StringData, im)", "&key, im)"),),
    ),
    Mutant(
        "upload without pause",
        "order",
        "failover.c",
        (
            ("im->uploading || !im->host_waits || !lower", "im->uploading || !lower"),
            ("    if (wait && !im->paused)\n", "    if (wait && !im->paused && 0)\n"),
        ),
    ),
    Mutant(
        "no call from the edge below",
        "handlers",
        "lower.c",
        (("        .UpdateOffloadCompleteHandler = completed,\n", ""),),
    ),
    Mutant(
        "edges are not put together",
        "handlers",
        "lower.c",
        (
            (
                "        NdisIMAssociateMiniport(driver_handle, protocol_handle);\n",
                "        (void)0;\n",
            ),
        ),
    ),
    Mutant(
        "jobs are not freed",
        "leak",
        "adapter.c",
        (("    free(im->jobs);\n", ""),),
    ),
    Mutant(
        "opened in the DPC",
        "level",
        "lower.c",
        (
            (
                "    lower->binding = NULL;\n}",
                "    lower->binding = NULL;\n}\nIMPORT UCHAR KfRaiseIrql(UCHAR level);\n",
            ),
            (
                "    close_binding(lower);\n    atomic_store",
                "    KfRaiseIrql(2);\n    close_binding(lower);\n    atomic_store",
            ),
        ),
    ),
    Mutant(
        "answered before it is back",
        "again",
        "calls.c",
        (
            (
                "        if (job->calls[l].entry)\n            send(im, &job->calls[l]);\n",
                "        if (job->calls[l].entry)\n            send(im, &job->calls[l]);\n"
                "    answer(im, job);\n    for (uint8_t l = 0; l < LOWERS; l++)\n"
                "        if (job->calls[l].entry)\n            job->calls[l].entry->busy = false;\n"
                "    drop(im, job);\n",
            ),
        ),
    ),
    Mutant(
        "all by one port",
        "",
        "commands.c",
        (("members[hash % count]", "members[0]"),),
    ),
    Mutant(
        "half of it stays",
        "",
        "calls.c",
        (("    return take_half_back(job);\n", "    return false;\n"),),
    ),
    Mutant(
        "probes are not counted anew",
        "",
        "commands.c",
        (("args->clear_probe_count ? STAGE_FIRST : STAGE_ONLY", "STAGE_ONLY"),),
    ),
    Mutant(
        "what finds no room is not said",
        "",
        "events.c",
        (("            put_into_list(im, e);\n", "            e->events = 0;\n"),),
    ),
    Mutant(
        "invalid is said twice",
        "",
        "events.c",
        (("detail < REASONS && detail != CHIMNEY_RETRIEVE_INVALID_STATE", "detail < REASONS"),),
    ),
    Mutant(
        "a lower driver's pause is not heard",
        "",
        "lower.c",
        (("        atomic_store(&lower->paused, true);\n", ""),),
    ),
    Mutant(
        "uploads in vain",
        "",
        "failover.c",
        (
            (
                "    if (entries == 0 && im->jobs_out == 0)\n        choose",
                "    if (im->jobs_out == 0)\n        choose",
            ),
        ),
    ),
    Mutant(
        "what is lost is asked back for ever",
        "",
        "calls.c",
        (("    const bool last = e->asked_back || ", "    const bool last = "),),
    ),
    Mutant(
        "what was given up is not used again",
        "",
        "entries.c",
        (("        return take_abandoned(im);\n", "        return NULL;\n"),),
    ),
    Mutant(
        "statistics of one lower driver are all",
        "",
        "requests.c",
        (("            add(&sum,", "            sum = (union statistics){0}, add(&sum,"),),
    ),
    Mutant(
        "parameters are not passed down",
        "",
        "requests.c",
        (("oid == OID_TCP_CONNECTION_OFFLOAD_PARAMETERS)", "oid == 0)"),),
    ),
    Mutant(
        "what was offloaded stays at the halt",
        "left",
        "poll.c",
        (
            (
                "    if (!calls_take_back(im, true) || im->jobs_out",
                "    if ((!removed && !calls_take_back(im, true)) || im->jobs_out",
            ),
            (
                "    if (!im->ending)\n        return;\n",
                "    const bool removed = atomic_load(&im->removed);\n"
                "    if (!im->ending)\n        return;\n",
            ),
        ),
    ),
]
