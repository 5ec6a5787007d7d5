# SPDX-License-Identifier: BSD-2-Clause
"""The state machine of an object: states, what happens on each event, and what an arm may ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .location import Placed, Where

INTERNAL_EVENTS = ("done", "failed", "reset", "restore")
# Where an operation is done by all of its nodes or by none: what became of the whole request.
DECISIONS = ("commit", "abort")

# The forms of a condition, each told by its key; those of the second are made of other conditions.
JOINED = ("not", "all_of", "any_of")
VALUES = ("older", "compare", "flags")
FORMS = ("dependents", "marked", "link", "asked", "brought", *VALUES, "result", *JOINED)


class Handling(Enum):
    ARM = "arm"
    REFUSE = "refuse"
    STAY = "stay"
    DEFER = "defer"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Operand:
    """One side of a comparison, or what a variable is set to."""

    sort: str  # variable (the node's, else the object's own) | own | linked | parameter | number | event
    name: str  # of the variable, the parameter, or the enum's value; else the number
    number: int = 0
    of: str = ""  # linked: the link that leads to the object whose variable it is

    @property
    def word(self) -> str:
        """What a finding calls it."""
        return f"{self.of}.{self.name}" if self.of else self.name


@dataclass(frozen=True)
class Setting(Placed):
    """What an arm makes of a variable of the object: another value, or one that is more by a number."""

    variable: str
    value: Operand | None  # None: what it is, and `add`
    add: int
    where: Where


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
    steps: tuple[str, ...] = ()  # commands that the arm sends in order, until they are spelled out
    retry: int = 0  # how often it sends the same again, until that is spelled out
    again: bool = False  # it sends what has just failed
    tell: tuple[str, str | None] | None = None  # indication and reason, of an event of the device
    clear: str | None = None  # mark
    sets: tuple[Setting, ...] = ()


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
    waits: bool = False  # busy with nothing under way: what becomes of the whole request
    before: str | None = None  # busy, and leads back: the state at rest that the object came from

    @property
    def as_written(self) -> str:
        """Its name in the spec: that of one of several which are made of one has more."""
        return self.name.partition(" ")[0]

    def is_called(self, word: str) -> bool:
        """By its own name, by that which is written, or by this and where the object came from."""
        return word in (self.name, self.as_written, f"{self.as_written} (from {self.before})")

    @property
    def resting(self) -> bool:
        return self.busy is None

    @property
    def debt(self) -> int:
        """Completions owed in this state: one while busy for an operation."""
        return 0 if self.busy in (None, "nobody") else 1


@dataclass(frozen=True)
class Flags:
    """What must be so of the bits of a variable; each is a mask, None where nothing is said."""

    has_all: int | None = None
    has_any: int | None = None
    has_none: int | None = None
    has_only: int | None = None  # no bit but these

    def clear(self, ones: int) -> int:
        """Those that must not be set, of all that there are."""
        others = 0 if self.has_only is None else ones & ~self.has_only
        return others | (self.has_none or 0)

    def hold(self, value: int, ones: int) -> bool:
        must = self.has_all or 0
        some = self.has_any is None or bool(value & self.has_any)
        return value & must == must and some and not value & self.clear(ones)


@dataclass(frozen=True)
class Condition(Placed):
    """A declared question. `form` names the question, the other members are its operands."""

    name: str
    form: str  # one of FORMS
    marks: tuple[str, ...] = ()  # marked
    along: tuple[str, ...] | None = ()  # marked: links along which it counts, too; None = all
    link: str | None = None  # link: present | new | next
    of: str | None = None  # link: the name of one; None = any of them
    klass: str | None = None  # asked
    variable: str | None = None  # brought
    values: tuple[int, ...] = ()  # brought: the enum values it asks for
    value_names: tuple[str, ...] = ()
    older: tuple[str, ...] = ()  # older: variables of type age
    than: str | None = None  # older: a parameter
    left: Operand | None = None  # compare, flags
    relation: str | None = None  # compare: equal not_equal below at_most at_least above
    right: Operand | None = None  # compare
    flags: Flags | None = None  # flags
    results: tuple[str, ...] = ()  # result: those it asks for
    parts: tuple[str, ...] = ()  # not, all_of, any_of: the conditions that it is made of
    owner: str | None = None  # the object that declares it; None = the target
    doc: str = ""
    where: Where | None = None


@dataclass(frozen=True)
class Default(Placed):
    """One line of `defaults:`: for states of this sort, this event."""

    scope: str  # idle | busy | busy.<operation> | busy.nobody
    event: str
    arms: tuple[Arm, ...]
    where: Where
