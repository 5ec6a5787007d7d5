# SPDX-License-Identifier: BSD-2-Clause
"""Intermediate drivers that lose data, or are wrong where others run at the same time."""

from __future__ import annotations

from mutant import Mutant

DATA = ("data_im.exe", "120", "1")
PROCESSORS = ("processors_im.exe", "20", "1")


def of_data(name: str, rule: str, old: str, new: str) -> Mutant:
    """What becomes of data: the story of that finds it."""
    return Mutant(name, rule, "data.c", ((old, new),), DATA)


def of_processors(name: str, rule: str, file: str, *edits: tuple[str, str]) -> Mutant:
    """What is wrong only where others run at the same time, or is told from it."""
    return Mutant(name, rule, file, edits, PROCESSORS)


MUTANTS_IM_DATA = [
    of_data(
        "lent lists go to another lower driver",
        "lent",
        "        NdisOffloadTcpReceiveReturn(lower->binding, lists);",
        "        NdisOffloadTcpReceiveReturn(im->lowers[0].binding, lists);",
    ),
    of_data(
        "segments go up as sends",
        "way",
        "            im_of(binding_context)->tcp.NdisTcpOffloadForwardComplete);",
        "            im_of(binding_context)->tcp.NdisTcpOffloadSendComplete);",
    ),
    of_data(
        "what an initiate brings is sent too soon",
        "travels",
        "    if (!is_over(im, e->came) || !e->owned)\n        return false;\n",
        "",
    ),
    of_data(
        "or after what comes later",
        "fifo",
        "    if (atomic_load(&e->brought))\n        send_brought(im, e);\n",
        "",
    ),
    of_data(
        "or is lost with a terminate",
        "upload",
        "        retire(im, lists, (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS);",
        "        retire(im, NULL, (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS);",
    ),
    of_data(
        "what is too late goes down",
        "offloaded",
        "    if (e && !atomic_load(&e->leaves)) {",
        "    if (e) {",
    ),
    of_data(
        "a list of its own goes up",
        "ledger",
        "        if (list->NdisPoolHandle != im->pool) {",
        "        if (list != NULL) {",
    ),
    of_data(
        "indicates before the host's initiate is over",
        "any",
        "    const bool over = e->came != atomic_load(&im->round);",
        "    const bool over = true;",
    ),
    of_data(
        "data waits for ever",
        "",
        "    return im->waits_since && ",
        "    return !im && ",
    ),
    of_data(
        "does not ask again",
        "",
        "        events_ask_again(e);\n",
        "",
    ),
    of_data(
        "a reset is said to be an upload",
        "",
        "    const bool running = flue_target_phase(&im->target.flue) == FLUE_RUNNING;",
        "    const bool running = true;",
    ),
    of_data(
        "does not wait for what is lent",
        "fault",
        "    return !lent && !atomic",
        "    return !atomic",
    ),
    of_processors(
        "does not wait for handlers",
        "offloaded",
        "entries.c",
        ("    if (!atomic_load(&e->users))\n        return true;\n", "    return true;\n"),
    ),
    of_processors(
        "a reset gives back what came last first",
        "fifo",
        "poll.c",
        ("    if (!data_holds(im))\n        upper_free", "    upper_free"),
    ),
    Mutant(
        "what went with a terminate is lost",
        "hang",
        "poll.c",
        (("    data_forgotten(im);\n", ""),),
        DATA,
    ),
    of_processors(
        "two calls are completed at once",
        "any",
        "calls.c",
        (
            "    while (!atomic_compare_exchange_weak(&im->completed, &call->next, call))\n"
            "        ;\n    poll_soon(im);\n",
            "    poll_soon(im);\n    atomic_store(&im->completed, call);\n    poll_soon(im);\n",
        ),
    ),
]
