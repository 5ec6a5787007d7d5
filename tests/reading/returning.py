# SPDX-License-Identifier: BSD-2-Clause
"""What states there are in the end, where some lead back to where an object came from."""

from __future__ import annotations

from text import BEFORE, listed, must


def count(m) -> int:
    """States as they are made: those that lead back once for each state that leads to them."""
    entered = _entered(m)
    return sum(max(1, sum(n in found for found in entered.values())) for n in m.states)


def named(m) -> None:
    """Groups and indications name one of those only by a state that it is made for."""
    entered = _entered(m)
    groups = m.obj.get("groups", {})
    said = [*m.obj.get("raises", {}).values(), *m.obj.get("transfers", {}).values()]
    raised = [listed(r["in"]) for r in said if "in" in r]
    for word in [w for words in [*groups.values(), *raised] for w in words if " " in w]:
        name, before = word.removesuffix(")").split(" (from ")
        must(name in entered.get(before, ()), "names", f"unknown state {word}")


def _entered(m) -> dict[str, set[str]]:
    """For each state at rest those that are made for it."""
    leads: dict[str, set[str]] = {}
    for name, _, _, _, to in m.places():
        leads.setdefault(name, set()).add(to)
    returning = {BEFORE}
    for _ in m.states:
        returning |= {n for n, to in leads.items() if to & returning and not m.rests(n)}
    reached = {n: leads.get(n, set()) & returning for n in m.states}
    for _ in m.states:
        for n, found in reached.items():
            reached[n] = found.union(*(reached.get(to, ()) for to in found))
    return {n: found for n, found in reached.items() if m.rests(n)}
