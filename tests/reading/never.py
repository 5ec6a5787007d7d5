# SPDX-License-Identifier: BSD-2-Clause
"""Questions that have one answer by what has happened before them, in the second checker."""

from __future__ import annotations

import marked
from answers import asked
from text import listed, must


def check(machines) -> None:
    """What is new bears no mark, has no link, and nothing stands on it; what nobody marks is not marked."""
    setting = {
        m.obj["object"]: {arm.get("mark") for _, _, arm, _, _ in m.places()} for m in machines
    }
    for m in machines:
        for name, event, arm, _, _ in m.places():
            own = event in m.states[name].get("when", {})  # a default is for other kinds as well
            for c in asked(m.spec, m.obj, [arm["if"]] if "if" in arm else []).values():
                looks = "marked" in c and own
                old = looks or c.get("link") == "present" or "dependents" in c
                must(name != m.first or not old, "question", f"{c} of what is new")
                must(not looks or _found(m, c, setting), "question", f"{c} is never so")


def _found(m, c: dict, setting: dict[str, set]) -> bool:
    """Something that it looks at is marked by an arm; where nothing is at all, that is only of no use."""
    marking = {kind for kind, marks in setting.items() if marks & set(listed(c["marked"]))}
    return not marking or bool(marking & _looked_at(m, c))


def _looked_at(m, c: dict) -> set[str]:
    trees = {o["object"]: o for o in m.spec.objects}
    kinds = {m.obj["object"]}
    for way in marked.ways(m.spec, m.obj):
        if all(marked.follows(c, link) for link in way):
            obj = m.obj
            for link in way:
                obj = trees[m.spec.links(obj)[link]["to"]]
            kinds.add(obj["object"])
    return kinds
