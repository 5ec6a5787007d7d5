# SPDX-License-Identifier: BSD-2-Clause
"""Conditions that are made of conditions are made of others in the end, never of themselves."""

from __future__ import annotations

from flue.diagnostics import Report
from flue.model import Condition


def check_circles(report: Report, found: tuple[Condition, ...]) -> None:
    """Those of one section: the target's know no others, and an object's are made of both."""
    made = {c.name: c for c in found}
    told: set[str] = set()
    for condition in found:
        way = _way_back(made, condition.name)
        if way and not told & set(way):
            told |= set(way)
            by = ", ".join(f'"{name}"' for name in way[1:-1])
            text = f'"{way[0]}" is made of itself' + (f", by way of {by}" if by else "")
            index = () if condition.form == "not" else (condition.parts.index(way[1]),)
            place = condition.place(condition.form, *index)
            report.error(place, "condition-of-itself", text)


def _way_back(made: dict[str, Condition], start: str) -> list[str]:
    """The shortest way from a condition through those that it is made of and back to it."""
    came: dict[str, str] = {}
    todo = [start]
    for name in todo:
        for part in made[name].parts if name in made else ():
            if part not in came:
                came[part] = name
                todo.append(part)
    if start not in came:
        return []
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
