# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that lose data, or lists of it: one or more for each rule of the ledger."""

from __future__ import annotations

from mutant import Mutant

STORY = ("data.exe", "100", "1")
HEAD = "/* ---- Of connections "
BAD = """
static TCP_OFFLOAD_COMPLETE real;
static void bad(NDIS_HANDLE driver, NET_BUFFER_LIST *lists)
{
    %s
}

"""
TURN = """NET_BUFFER_LIST *turned = NULL;
    while (lists) {
        NET_BUFFER_LIST *next = lists->Next;
        lists->Next = turned;
        turned = lists;
        lists = next;
    }
    real(driver, turned);"""


def completion(name: str, rule: str, way: str, body: str) -> Mutant:
    """The lists of a way go back by a function of the driver's."""
    line = f".tcp_{way} = tcp->NdisTcpOffload{way.capitalize()}Complete,"
    by_bad = line.replace("= ", "= (real = ").replace(",", ", bad),")
    return Mutant(name, rule, "data.c", ((HEAD, BAD % body + HEAD), (line, by_bad)), STORY)


def moving(name: str, rule: str, old: str, new: str, file: str = "wire.c") -> Mutant:
    return Mutant(name, rule, file, ((old, new),), STORY)


def travelling(name: str, rule: str, old: str, new: str) -> Mutant:
    return moving(name, rule, old, new, "travel.c")


FAIL = """for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        if (list->Status != NDIS_STATUS_SUCCESS)
            list->Status = NDIS_STATUS_FAILURE;
    real(driver, lists);"""

MUTANTS_DATA = [
    completion("what a terminate leaves has failed", "", "send", FAIL),
    completion(
        "a send is back twice", "ledger", "send", "real(driver, lists), real(driver, lists);"
    ),
    completion("receives are kept", "upload", "receive", "(void)driver, (void)lists;"),
    completion("receives go back turned round", "fifo", "receive", TURN),
    moving(
        "sends go back as receives",
        "way",
        ".tcp_send = tcp->NdisTcpOffloadSendComplete,",
        ".tcp_send = tcp->NdisTcpOffloadReceiveComplete,",
        "data.c",
    ),
    Mutant(
        "frames are kept",
        "lost",
        "data.c",
        (
            (
                "        refuse(a, lists);\n        lists = next;",
                "        if (next)\n            refuse(a, lists);\n        lists = next;",
            ),
        ),
    ),
    moving("a byte is not counted", "bytes", "*moved + bytes)", "*moved + bytes - 1)", "packet.c"),
    moving("a byte too far", "advance", "(buffer, some, 0", "(buffer, some + 1, 0", "packet.c"),
    moving(
        "mapped again",
        "mapping",
        "(MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)",
        "MDL_SOURCE_IS_NONPAGED_POOL",
        "packet.c",
    ),
    moving(
        "what is lent is used again",
        "lent",
        "    if (status == NDIS_STATUS_SUCCESS)\n        return bytes;\n    lent_back(list);\n",
        "    lent_back(list);\n    if (status == NDIS_STATUS_SUCCESS)\n        return bytes;\n",
    ),
    moving(
        "goes on after the connection left the NIC",
        "touched",
        "    e->sends.first = e->receives.first = e->forwards.first = NULL;\n",
        "    e->forwards.first = NULL;\n",
        "ends.c",
    ),
    moving(
        "a NIC that is gone goes on",
        "touched",
        "    forget(a, flue_remove);\n",
        "    flue_remove(&a->nic->target.flue);\n    flue_dma_stopped(&a->nic->target.flue);\n",
        "poll.c",
    ),
    moving("refused, and indicated again", "", "(e->refused || !handle", "(!handle"),
    moving("indicated before what came first", "", " && e->filled <= w->back;", ";"),
    moving("indicated before the operation is over", "", "is_over(w, e->came) && ", ""),
    moving("what the peer has is sent again", "", "    skip(w, tcp, list, ahead);\n", ""),
    moving(
        "the state stays as it came", "", "        all += moved;\n", "        all += 0 * moved;\n"
    ),
    moving(
        "a partial segment is repeated", "", "bytes + behind);\n    *word", "bytes);\n    *word"
    ),
    moving(
        "aborted, and said to be sent",
        "bytes",
        "        list->Status = NDIS_STATUS_REQUEST_ABORTED;\n    while",
        "        list->Status = NDIS_STATUS_SUCCESS;\n    while",
    ),
    moving(
        "halts while the host has data",
        "lent",
        " && wire_has_all(a->wire))",
        ")",
        "poll.c",
    ),
    moving(
        "a FIN leaves a receive begun",
        "",
        "    if (is_begun(e))\n        finish_begun(w, e);\n",
        "",
    ),
    moving("nobody pushes", "", "    if (w->nic->device->now < e->push_at)\n", "    if (true)\n"),
    moving(
        "a receive of what was aborted fails",
        "",
        "finish_all(w, e, &e->receives, NDIS_STATUS_REQUEST_ABORTED)",
        "finish_all(w, e, &e->receives, NDIS_STATUS_FAILURE)",
    ),
    moving(
        "what moves is not counted",
        "",
        "    if (moved)\n        count(w, tcp, moved, false);\n",
        "",
    ),
    moving("data waits for ever", "", "    return w->waits && ", "    return !w && "),
    moving("pushes too early", "", "PUSH_MS = 500", "PUSH_MS = 50"),
    moving("a receive after the end waits", "", "    if (e->heard)\n", "    if (false)\n"),
    travelling(
        "keeps what the host had received",
        "fault",
        "        if (!copy(w, e, list, &last)) {",
        "        if ((e->buffered = args->buffered_data) == NULL) {",
    ),
    travelling(
        "sends go before their initiate is over",
        "travels",
        "    return is_over(w, e->came) && owns(w, e);",
        "    return owns(w, e);",
    ),
    travelling(
        "sends of a failed initiate go back",
        "travels",
        "    if (e->owned || !flue_object_host_handle(&w->nic->target.flue, CHIMNEY_TCP, e->name))\n"
        "        return e->owned;\n",
        "    if (e->owned)\n        return true;\n",
    ),
    travelling(
        "a reset gives back before the initiate",
        "travels",
        "    if (e->came != w->round) {\n        w->sent",
        "    if (e) {\n        w->sent",
    ),
    travelling(
        "a terminate keeps sends",
        "fifo",
        "    if (first)\n        w->sent(driver_handle, first);\n    entry",
        "    entry",
    ),
    travelling(
        "what goes with a terminate is used again",
        "",
        "    e->buffered = NULL;\n}\n\nvoid travel_out",
        "}\n\nvoid travel_out",
    ),
    travelling(
        "sends that were begun go on behind that",
        "",
        "        holds->snd_nxt = holds->snd_una;",
        "        (void)0;",
    ),
    travelling(
        "a reset takes what the host has",
        "fifo",
        "        if (e->given && !has_ended(w, e))\n",
        "        if (e->given)\n",
    ),
    travelling(
        "what a failed initiate brought stays",
        "",
        "        drop_what_failed(w);\n",
        "",
    ),
    travelling(
        "indicated before there is a receive",
        "",
        "    e->refused = e->buffered != NULL;",
        "    e->refused = false;",
    ),
    travelling(
        "what a lost terminate had is lost",
        "hang",
        "            lent_all_back(e->given);\n",
        "            ;\n",
    ),
]
