# SPDX-License-Identifier: BSD-2-Clause
"""How many states there are in the end, where some lead back to where an object came from."""

from __future__ import annotations

from text import BEFORE


def count(m) -> int:
    """States as they are made: those that lead back once for each state that leads to them."""
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
    at_rest = [found for n, found in reached.items() if m.rests(n)]
    return sum(max(1, sum(n in found for found in at_rest)) for n in m.states)
