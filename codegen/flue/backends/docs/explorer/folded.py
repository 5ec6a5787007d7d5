# SPDX-License-Identifier: BSD-2-Clause
"""A machine without its busy states: from rest to rest, through all that answers lead to.

What resets do meanwhile is left out: from each busy state the same default leads on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from flue.model import Object

from ..graph import Edge, asked, edges


@dataclass(frozen=True)
class Way:
    """From a state at rest to another, by an event and the answers that follow it."""

    start: str
    to: str
    label: str
    default: bool
    edges: tuple[Edge, ...]


def whole(obj: Object) -> list[Way]:
    """Every drawn arm as a way of its own."""
    return [Way(e.start, e.to, e.label, e.default, (e,)) for e in edges(obj)]


def folded(obj: Object) -> list[Way]:
    """Ways between states at rest; each outcome of an event once, by the shortest way to it."""
    leaving: dict[str, list[Edge]] = {s.name: [] for s in obj.states}
    for edge in edges(obj):
        leaving[edge.start].append(edge)
    found: dict[tuple[str, str, str], Way] = {}
    for state in (s for s in obj.states if s.resting):
        for first in leaving[state.name]:
            for way in _ways(obj, first, leaving):
                found.setdefault((way.start, way.to, way.label), way)
    return list(found.values())


def _ways(obj: Object, first: Edge, leaving: dict[str, list[Edge]]) -> Iterator[Way]:
    queue: deque[tuple[Edge, ...]] = deque([(first,)])
    seen = {first.to}
    while queue:
        way = queue.popleft()
        at = way[-1].to
        if obj.state(at).resting:
            yield Way(first.start, at, _label(way), first.default, way)
            continue
        for edge in leaving[at]:
            resting = obj.state(edge.to).resting
            if not edge.default and (resting or edge.to not in seen):
                seen.add(edge.to)
                queue.append((*way, edge))


def _label(way: tuple[Edge, ...]) -> str:
    """modify: failed, done / from_command: the event, the answers, and what the host gets."""
    if len(way) == 1:
        return way[0].label
    answers = ", ".join(asked(e.cell.event, e.arm) for e in way[1:])
    status = next((e.arm.status for e in reversed(way) if e.arm.status), None)
    return f"{asked(way[0].cell.event, way[0].arm)}: {answers}" + (f" / {status}" if status else "")
