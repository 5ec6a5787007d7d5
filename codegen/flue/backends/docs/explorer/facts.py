# SPDX-License-Identifier: BSD-2-Clause
"""What the page says of commands, states and operations that no single part of the model does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flue.model import OBJECTS_CLASSES, Cell, Command, Object, Operation, State, Target, Variable
from flue.model.arguments import selected
from flue.model.queries import linked_numbers, named_links, places, sent_by, sent_for, undone_by

from .anchors import anchor


@dataclass(frozen=True)
class Argument:
    """Something that goes to the driver with a command, or comes back with its answer."""

    name: str
    type: str
    doc: str
    to: str | None  # the id of what it is


def arguments(target: Target, obj: Object, command: Command) -> Iterator[Argument]:
    """All that a driver is handed with a command."""
    yield Argument("index", "index", f"which {obj.name}: its place in the pool", None)
    yield from _variables(obj, command.carries)
    for link in named_links(obj, command.carries):
        to = anchor("object", obj.name, "link", link.name)
        yield Argument(link.name, "index", f"which {link.to} it stands on", to)
    for link, of, v in linked_numbers(target, obj, command):
        to = anchor("object", of.name, "variable", v.name)
        yield Argument(f"{link.name}.{v.name}", v.type.name, v.doc, to)


def answered(obj: Object, command: Command) -> list[Argument]:
    """What comes back with a good answer."""
    return list(_variables(obj, command.returns))


def _variables(obj: Object, words: tuple[str, ...]) -> Iterator[Argument]:
    for v, flag in selected(obj, words):
        to = anchor("object", obj.name, "variable", v.name)
        if flag:
            yield Argument(flag.name, "bool", flag.doc or f"a flag of {v.name}", to)
        else:
            yield Argument(v.name, v.type.name, v.doc, to)


def senders(obj: Object, command: Command) -> list[Cell]:
    """In which states and on which events it may be sent."""
    return [c for c in obj.cells if c.possible and any(command in sent_by(obj, a) for a in c.arms)]


def undoes(obj: Object, command: Command) -> list[Command]:
    """Those that it takes back."""
    return [c for c in obj.commands if c.undo == command.name]


def under_way(obj: Object, state: State) -> list[Command]:
    """The commands whose answers a busy state waits for."""
    if state.resting or state.waits:
        return []
    arms = [a for c in obj.cells for a in c.arms if (a.to or c.state) == state.name]
    return list(dict.fromkeys(c for a in arms for c in sent_by(obj, a)))


def taken_back(obj: Object, state: State) -> list[Command]:
    """The commands that are being undone in a state."""
    arms = [a for c in obj.cells for a in c.arms if a.to == state.name and a.verb == "undo"]
    return list(dict.fromkeys(c for a in arms for c in undone_by(obj, a)))


def outcomes(target: Target, operation: Operation) -> list[tuple[str, str]]:
    """Each bad result that may come under an operation, and the status that it becomes."""
    sent = [c for _, c in sent_for(target, operation.name)]
    if not sent:
        return []
    named = dict.fromkeys(a for c in sent for a in c.answers)
    results = (*(r for r in target.results if r in named), "gone", "unsure", "timeout", "reset")
    found = ((r, operation.status_of(r)) for r in dict.fromkeys(results))
    return [(result, status) for result, status in found if status]


def givers(target: Target) -> dict[str, list[tuple[Object, State, str]]]:
    """Of each status the states and events that answer with it by its name."""
    out: dict[str, list[tuple[Object, State, str]]] = {s.name: [] for s in target.statuses}
    for place in places(target):
        here = (place.obj, place.state, place.event)
        if place.arm.status in out and here not in out[place.arm.status]:
            out[place.arm.status].append(here)
    return out


def member_of(obj: Object, v: Variable) -> str | None:
    """The id of the member of the host's structure in which a variable lies."""
    return (
        anchor("struct", f"{obj.name}_{v.klass}", v.host)
        if v.klass not in OBJECTS_CLASSES
        else None
    )
