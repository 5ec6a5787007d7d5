# SPDX-License-Identifier: BSD-2-Clause
"""What is on its way out: nobody is put on it any more once it was asked for others."""

from __future__ import annotations

import links
from answers import denied
from machines import Machine
from text import BEFORE, WHOLE, Spec, listed, must
from whole import waits


def check(m: Machine) -> None:
    """From no busy state in which others may come a way leads to the end, on which nobody asks."""
    if not links.lead_to(m.spec, m.obj):
        return
    for name, event, arm, before, _ in m.places():
        if _given_up(m, name, event, arm):
            asks = denied(m.spec, m.obj, [*before, arm], lambda c: "dependents" in c)
            must(asks, "guards", f"{event} takes it away under others in {name}")
    for name in _met_without_mark(m):
        if not m.rests(name) and not waits(m, name) and _open(m.spec, m.states[name]):
            must(not _ends_unasked(m, name), "guards", f"others come while it is in {name}")


def _given_up(m: Machine, name: str, event: str, arm: dict) -> bool:
    """Whether an operation on what is there sends what takes it away, now or on its way."""
    if m.spec.operations.get(event, {}).get("reaches") in (None, "new") or set(WHOLE) & set(arm):
        return False
    todo, seen = [(name, arm)], {BEFORE}
    for here, a in todo:
        if m.obj["commands"].get(a.get("send"), {}).get("hardware") == "has_not":
            return True
        goal = a.get("to", here)
        if goal not in seen and m.states[goal].get("busy") == event:
            seen.add(goal)
            todo += [(goal, x) for e in ("done", "failed") for x in m.cells.get((goal, e), [])]
    return False


def _open(spec: Spec, state: dict) -> bool:
    busy = state["busy"]
    o = spec.operations.get(busy, {})
    later = o.get("reaches") == "new" and o.get("order") == "parents_first"
    return not later and busy not in listed(spec.target.get("unusable", {}).get("busy", []))


def _moves(m: Machine, name: str):
    """(arm, those before it, where it leads)."""
    for at, _, arm, before, to in m.places():
        if at == name and not {"defer", "stay", "refuse"} & set(arm):
            yield arm, before, to


def _met_without_mark(m: Machine) -> set[str]:
    """States that a way leads to on which no mark was set that keeps others away."""
    marks = listed(m.spec.target.get("unusable", {}).get("marked", []))
    declared = m.spec.target.get("marks", {})
    seen, todo = {(m.first, frozenset())}, [(m.first, frozenset())]
    while todo:
        name, borne = todo.pop()
        for arm, _, to in _moves(m, name):
            left = borne | ({arm["mark"]} & set(marks) if "mark" in arm else set())
            left -= {arm.get("clear")}
            if m.states.get(to, {}).get("rest", {}).get("hardware") == "has":
                left -= {k for k in left if declared[k].get("ends") == "when_hardware_has"}
            step = (to, frozenset(left))
            if step not in seen and to not in (BEFORE, m.first):
                seen.add(step)
                todo.append(step)
    return {name for name, borne in seen if not borne}


def _ends_unasked(m: Machine, start: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for arm, before, to in _moves(m, todo.pop()):
            if denied(m.spec, m.obj, [*before, arm], lambda c: "dependents" in c):
                continue
            if to == m.first:
                return True
            if to != BEFORE and to not in seen:
                seen.add(to)
                todo.append(to)
    return False
