# SPDX-License-Identifier: BSD-2-Clause
"""The model, first part: places, types, and what an object is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

CLASSES = ("const", "cached", "delegated")
ROLES = ("placeholder", "new", "reference")
INTERNAL_EVENTS = ("done", "failed", "reset", "restore")
OWN_RESULTS = ("ok", "timeout", "reset")


@dataclass(frozen=True, order=True)
class Where:
    """A place in a spec file; line and column count from 1, `width` is for the caret."""

    file: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Remembers the spec text it was made from, so that a finding can point into it."""

    source: object = field(default=None, compare=False, repr=False)

    def place(self, *path: str | int) -> Where:
        """The place of a part: arm.place("status"), rule.place("changed", 0); else its own."""
        found = self.source.get(*path) if self.source is not None else None
        return self.where if found is None else found.where


@dataclass(frozen=True)
class Type(Placed):
    """A declared or built-in type, reduced to what C needs."""

    name: str  # as the spec writes it: u32, u8[32], age, ip_address, void*[2]
    c: str  # C type of one element: uint32_t, int32_t, void *
    bytes: int  # of one element in the host's memory
    count: int = 1  # elements of an array
    kind: str = (
        "value"  # value | age | pointer (to bytes by variant) | opaque (pointer handed through)
    )
    variant_bytes: tuple[
        tuple[str, int], ...
    ] = ()  # pointer: length of what it points to, by variant
    enum: tuple[tuple[str, int], ...] = ()
    none: int | None = None  # the value that says "there is none"
    unit: str = ""
    byte_order: str = ""  # of what a pointer names: network | host; empty: none is said
    doc: str = ""
    where: Where | None = None

    @property
    def size(self) -> int:
        return self.bytes * self.count

    @property
    def stored_bytes(self) -> int:
        """Bytes an object keeps for it: what a pointer names, not the pointer."""
        return max((n for _, n in self.variant_bytes), default=self.size)


@dataclass(frozen=True)
class Flag(Placed):
    """One named bit (or mask) of a flags variable; a pulse always acts and is never kept."""

    name: str
    mask: int
    pulse: bool
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Variable(Placed):
    name: str
    klass: str  # const | cached | delegated
    type: Type
    host: str  # member of the host's structure, may be nested: KeepAlive.ProbeCount
    at: int  # offset in bytes within the class's structure
    bits: tuple[int, int] | None  # inclusive, bit 0 is the least significant of the storage unit
    flags: tuple[Flag, ...]  # flags and pulses; empty for a plain variable
    only: str | None  # exists for this variant only
    operations: tuple[str, ...]  # `in:`; empty = in all
    unit: str
    doc: str
    where: Where

    @property
    def kind(self) -> str:
        """value, pulse or age: how an update treats it (flags may mix values and pulses)."""
        return "age" if self.type.kind == "age" else "value"


@dataclass(frozen=True)
class ClassLayout(Placed):
    """The host's structure for one class of an object's variables."""

    klass: str
    struct: str
    bytes: int
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Effect(Placed):
    """What an irreversible command changes in a delegated variable."""

    name: str
    sets: str  # delegated variable
    to: str | int  # a number, "full", or the name of a cached variable
    unless_equal: bool
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Command(Placed):
    name: str
    index: int  # within its object; plan commands come first, in plan order
    carries: tuple[str, ...]  # as written: classes, variables, flags, "link"
    returns: tuple[str, ...]  # classes
    effects: tuple[Effect, ...]
    answers: tuple[str, ...]  # bad results beside timeout and reset
    hardware: str | None  # has | has_not: what the hardware holds afterwards
    undo: str | None  # a command name, "old_values", "none", or None where nothing is said
    unchanged_on_failure: bool
    timeout_ms: int
    doc: str
    where: Where


@dataclass(frozen=True)
class PlanRule(Placed):
    """One line of an object's update section."""

    changed: tuple[str, ...]  # variables, flags, "link"; empty: the pulse alone decides
    pulse: str | None
    send: str | None  # a command; None = kept by software only
    effect: str | None
    irreversible: bool  # under `then`
    where: Where


class Handling(Enum):
    ARM = "arm"
    REFUSE = "refuse"
    STAY = "stay"
    DEFER = "defer"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Arm(Placed):
    """What happens on an event, if `condition` holds (None: always)."""

    handling: Handling
    condition: str | None
    verb: str | None  # send | plan | undo
    subject: str | None  # the command's name, or the update section's ("update")
    mark: str | None
    to: str | None  # state; None = stay where it is
    status: str | None  # a status name or "from_command"
    where: Where


@dataclass(frozen=True)
class Cell:
    """A decided (state, event) pair: the arms in the order they are tried."""

    state: str
    event: str
    arms: tuple[Arm, ...]
    origin: str  # "written" | "default <name>" | "derived"
    where: Where | None  # what decided it

    @property
    def possible(self) -> bool:
        return self.arms[0].handling is not Handling.IMPOSSIBLE


@dataclass(frozen=True)
class State(Placed):
    name: str
    index: int  # in spec order; the generated C uses Ragel's own numbers
    doc: str
    busy: str | None  # None = resting, an operation's name, or "nobody" (restoring)
    host: str | None  # resting: has | has_not
    hardware: str | None  # resting: has | has_not | unsure
    written: tuple[tuple[str, tuple[Arm, ...]], ...]  # event -> arms, as the spec says it
    where: Where

    @property
    def resting(self) -> bool:
        return self.busy is None

    @property
    def debt(self) -> int:
        """Completions owed in this state: one while busy for an operation."""
        return 0 if self.busy in (None, "nobody") else 1


@dataclass(frozen=True)
class Condition(Placed):
    """A declared question. `form` names the question, the other members are its operands."""

    name: str
    form: str  # dependents | marked | link | asked | brought | older
    marks: tuple[str, ...] = ()  # marked
    along_links: bool = False  # marked: here, or here and below
    link: str | None = None  # link: present | new
    klass: str | None = None  # asked
    variable: str | None = None  # brought
    values: tuple[int, ...] = ()  # brought: the enum values it asks for
    value_names: tuple[str, ...] = ()
    older: tuple[str, ...] = ()  # older: variables of type age
    than: str | None = None  # older: a parameter
    owner: str | None = None  # the object that declares it; None = the target
    doc: str = ""
    where: Where | None = None
