# SPDX-License-Identifier: BSD-2-Clause
"""`flue table`: every state and event of an object, and the line that decided each pair.

A grid of twelve states by nine events fits no terminal, so each state is a block of its own.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import PurePath

from flue.diagnostics import did_you_mean
from flue.model import Arm, Cell, Handling, Object, State, Target
from flue.model.describe import action, links, sort_of
from flue.model.handing import in_state, in_words
from flue.model.queries import ways

INDENT = "  "
NARROW = 24  # columns for what happens; with fewer the place goes below


class UnknownObject(ValueError):
    """The target has no object of that name."""


def chosen(target: Target, object_name: str | None = None) -> list[Object]:
    """The object of that name, or all."""
    names = [o.name for o in target.objects]
    if object_name is not None and object_name not in names:
        hint = did_you_mean(object_name, names) or f"there are {', '.join(names)}"
        raise UnknownObject(f'{target.name} has no object "{object_name}": {hint}')
    return [o for o in target.objects if object_name in (None, o.name)]


def render(target: Target, object_name: str | None = None, width: int | None = None) -> str:
    """The tables of one object, or of all, wrapped to the terminal's width."""
    width = width or min(shutil.get_terminal_size((100, 24)).columns, 120)
    return "\n".join(_object(target, o, width) for o in chosen(target, object_name))


def _object(target: Target, obj: Object, width: int) -> str:
    others = [o.name for o in target.operations if not o.is_about(obj.name)]
    asked = len(target.events_of(obj)) - len(others)
    pairs = len(obj.states) * asked
    lines = _wrapped(f"{obj.name}: {obj.doc}", width, "")
    size = f"{len(obj.states)} states x {asked} events = {pairs} pairs"
    lines += _wrapped(f"{size}, {_count(obj, others)}", width, "")
    if others:
        lines += _wrapped(f"refused, since about others: {', '.join(others)}", width, "")
    reached = [o.name for o in target.operations if obj.name in o.reached]
    if reached:
        lines += _wrapped(f"reached as a dependent: {', '.join(reached)}", width, "")
    kept = [o.name for o in target.operations if obj.name in o.keeps]
    if kept:
        lines += _wrapped(f"stays, where others are taken away: {', '.join(kept)}", width, "")
    for link in links(target, obj):
        lines += _wrapped(f"link {link}", width, "")
    if obj.links:
        count, longest = ways(target, obj)
        far = f"ways along links: {count}, the longest of {longest}"
        lines += _wrapped(far, width, "")
    for t in obj.transfers:
        lines += _wrapped(f"transfer {t.name}: {in_words(t)}", width, "")
    for state in obj.states:
        lines += ["", *state_rows(target, obj, state, width)]
    return "\n".join(lines) + "\n"


def _count(obj: Object, others: list[str]) -> str:
    cells = [c for c in obj.cells if c.event not in others]
    written = sum(c.origin == "written" for c in cells)
    derived = sum(c.origin == "derived" for c in cells)
    default = len(cells) - written - derived
    return f"{written} written, {default} by default, {derived} impossible"


def state_rows(target: Target, obj: Object, state: State, width: int) -> Iterator[str]:
    """The block of one state, a line at a time."""
    yield from _row(f"{state.name} ({sort_of(state)})", _place(state.where), width, "")
    yield from _wrapped(state.doc, width, INDENT)
    column = max(len(e) for e in target.events_of(obj)) + 2
    impossible = []
    for cell in cells_of(target, obj, state):
        if cell.arms[0].handling is Handling.IMPOSSIBLE:
            impossible.append(cell.event)
        else:
            yield from cell_rows(cell, column, width)
    if impossible:
        yield from _wrapped(f"impossible: {', '.join(impossible)}", width, INDENT)
    if handed := in_state(target, obj, state):
        yield from _wrapped(f"handed over: {', '.join(handed)}", width, INDENT)


def cells_of(target: Target, obj: Object, state: State) -> Iterator[Cell]:
    """What is decided in a state, but for operations that are about other objects."""
    others = {o.name for o in target.operations if not o.is_about(obj.name)}
    for cell in obj.cells:
        if cell.state == state.name and cell.arms and cell.event not in others:
            yield cell


def cell_rows(cell: Cell, column: int, width: int) -> Iterator[str]:
    """What is decided of one event; it has `column` columns."""
    label = cell.event
    for i, arm in enumerate(cell.arms):
        lead = INDENT + label.ljust(column)
        origin = "" if cell.origin == "written" else f" ({cell.origin})"
        yield from _row(_arm(arm, i, len(cell.arms)), _place(arm.where) + origin, width, lead)
        label = ""


def _arm(arm: Arm, index: int, count: int) -> str:
    if arm.condition:
        return f"if {arm.condition}: {action(arm)}"
    return f"else: {action(arm)}" if count > 1 and index else action(arm)


def _place(where) -> str:
    """The file's name is enough: all files of a target lie in one folder."""
    return f"{PurePath(where.file).name}:{where.line}"


def _row(text: str, place: str, width: int, lead: str) -> Iterator[str]:
    """A line with its place at the right edge; what does not fit goes below, indented."""
    room = width - len(lead) - len(place) - 2
    below = room < NARROW  # then the place has a line of its own
    lines = textwrap.wrap(text, width - len(lead) - 2 if below else room) or [""]
    yield lead + lines[0] if below else f"{lead}{lines[0].ljust(room)}  {place}"
    for line in lines[1:]:
        yield " " * (len(lead) + 2) + line
    if below:
        yield place.rjust(width)


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)
