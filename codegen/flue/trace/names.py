# SPDX-License-Identifier: BSD-2-Clause
"""The names that a trace brings with it: lines of text, written by runtime/src/recorder.c."""

from __future__ import annotations

from dataclasses import dataclass, field

OWN_EVENTS = ("none", "done", "failed", "reset", "restore")
MAX_OPERATIONS = 16  # FLUE_MAX_OPERATIONS
FIRST_DECISION = len(OWN_EVENTS) + MAX_OPERATIONS
DECISIONS = ("commit", "abort")
FIRST_OF_DEVICE = FIRST_DECISION + len(DECISIONS)


@dataclass
class State:
    name: str
    sort: str  # "unused", "rests" or "busy"


@dataclass
class Kind:
    name: str
    file: str
    states: list[State] = field(default_factory=list)  # the first has number 1
    commands: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    arms: list[tuple[int, bool]] = field(default_factory=list)  # line, by default; as states


@dataclass
class Names:
    target: str = ""
    file: str = ""
    results: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    statuses: list[tuple[str, bool]] = field(default_factory=list)  # and whether it is good
    kinds: list[Kind] = field(default_factory=list)

    def event(self, kind: Kind, number: int) -> str:
        """IndexError: there is none."""
        if number >= FIRST_OF_DEVICE:
            return kind.events[number - FIRST_OF_DEVICE]
        if number >= FIRST_DECISION:
            return DECISIONS[number - FIRST_DECISION]
        own = len(OWN_EVENTS)
        return OWN_EVENTS[number] if number < own else self.operations[number - own]


def parse(data: bytes) -> tuple[Names, int | None]:
    """And where the first line is that makes no sense, from the beginning."""
    names, at = Names(), 0
    for line in data.split(b"\n"):
        text = line.decode("utf-8", "replace")
        text = "".join(c if c.isprintable() else "\ufffd" for c in text)
        word, _, rest = text.partition(" ")
        if text and not _line(names, word, *rest.partition(" ")[::2]):
            return names, at
        at += len(line) + 1
    return names, None if names.target else 0


def _line(names: Names, word: str, name: str, rest: str) -> bool:
    """The name is a word, and the rest the whole line's; or the rest is a name of several words."""
    kind = names.kinds[-1] if names.kinds else None
    if word == "target":
        names.target, names.file = name, rest
    elif word == "result":
        names.results.append(name)
    elif word == "operation":
        names.operations.append(name)
    elif word == "status":
        names.statuses.append((rest, name == "good"))
    elif word == "kind":
        names.kinds.append(Kind(name, rest))
    elif kind and word == "state":
        kind.states.append(State(rest, name))
    elif kind and word == "command":
        kind.commands.append(name)
    elif kind and word == "event":
        kind.events.append(name)
    elif kind and word == "arm" and rest.isascii() and rest.isdigit():
        kind.arms.append((int(rest[:5]), name == "default"))
    else:
        return False
    return True
