# SPDX-License-Identifier: BSD-2-Clause
"""Identifiers that the glossary has replaced do not come back, in runtime, drivers or generated code."""

import re

WHERE = ("runtime/", "drivers/", "codegen/flue/backends/c/templates/")
OLD = {  # a part of an identifier, of one word or several: what it is called now
    "haunted": "draining",
    "strays": "timeouts_outstanding, or stray_answers",
    "slot_returned": "slot_drained",
    "told|tells?|sees": "notified, notify, notify_marks",
    "unbelieved|believable": "malformed",
    "sound": "validate",
    "give_back|gives_back|let_go|leaving": "free, retire",
    "go_on|goes_on": "resume, finish",
    "near_objects": "cache_resident_objects",
    "unlike": "fallback",
    "aside": "interleaved",
    "hopeless": "fails_unsent",
    "engage|dismiss|dismissed": "begin_operation, fail_deferred",
    "pay|paid|debts?|owe|owes|owed": "complete, pending",
    "disown": "release",
    "question": "guard_context",
    "places?": "index, cell, entry",
    "turn|turns|turning": "next, quantum, reversing",
    "fate|fates": "outcome",
    "hidden": "unreachable",
    "patience": "longest_timeout",
    "manner|manners": "behavior",
    "nudge|calm": "make_progress, settle",
    "weather|boughs?": "noise, tree_spec",
}
NOT_CODE = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\n])*\"|\{\{.*?\}\}|\{[%#].*?[%#]\}", re.DOTALL
)


def blank(match: re.Match) -> str:
    """As many lines, and nothing in them."""
    return "\n" * match.group().count("\n") + " "


def old_words(name: str, suffix: str, lines: list[str]) -> list[str]:
    out = []
    if not name.startswith(WHERE) or suffix not in (".c", ".h", ".j2"):
        return out
    for number, line in enumerate(NOT_CODE.sub(blank, "\n".join(lines)).split("\n"), 1):
        for identifier in re.findall(r"[A-Za-z_]\w*", line):
            for old, new in OLD.items():
                if re.search(rf"(?:^|_)(?:{old})(?:_|$)", identifier.lower()):
                    out.append(f"{name}:{number}: {identifier} is an old word: {new}")
    return out
