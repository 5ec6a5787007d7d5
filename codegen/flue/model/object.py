# SPDX-License-Identifier: BSD-2-Clause
"""An object that is offloaded: its commands, its update section, and all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from .location import Placed, Where
from .machine import Cell, Condition, State
from .transfer import Transfer
from .types import ClassLayout, Type, Variable

OWN_RESULTS = ("ok", "timeout", "reset", "gone", "unsure")
# Where an operation says nothing of a result of flue's own, it becomes what its kin becomes.
KIN = {"gone": "reset", "unsure": "timeout"}
DRIVERS_RESULTS = ("gone", "unsure")  # those of flue's own that a driver answers with, beside ok


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
    carries: tuple[str, ...]  # as written: classes, variables, flags, links, "link"
    returns: tuple[str, ...]  # as written: classes, delegated variables
    effects: tuple[Effect, ...]
    answers: tuple[str, ...]  # bad results beside flue's own
    hardware: str | None  # has | has_not: what the hardware holds afterwards
    undo: str | None  # a command name, "old_values", "none", or None where nothing is said
    unchanged_on_failure: bool
    timeout_ms: int
    doc: str
    where: Where
    runs_in: str | None = None  # context; None = where polls run


@dataclass(frozen=True)
class PlanRule(Placed):
    """One line of what an object's plans send; those of several plans that say the same are one."""

    changed: tuple[str, ...]  # variables, flags, links, "link"; empty: the pulse alone decides
    brought: tuple[str, ...]  # those of them that are not compared: that they come is enough
    pulse: str | None
    send: str | None  # a command; None = kept by software only
    effect: str | None
    irreversible: bool  # under `then`
    lines: tuple[
        tuple[str, int, Where], ...
    ]  # the plans that have it, where in each, and its place
    where: Where

    @property
    def plans(self) -> tuple[str, ...]:
        return tuple(plan for plan, *_ in self.lines)


@dataclass(frozen=True)
class DeviceEvent(Placed):
    """Something that the device does by itself to an object."""

    name: str
    index: int
    data: tuple[tuple[str, Type], ...]  # that the driver passes and the host may be told
    hardware: str | None  # what the hardware holds afterwards, if that is another thing
    doc: str
    where: Where
    runs_in: str | None = None  # context in which it is raised; None = any


@dataclass(frozen=True)
class TypeCode:
    """A value of the node's type member: which state follows the node."""

    code: int
    object: str
    variant: str | None
    classes: tuple[str, ...]
    word: str = ""  # a class, or all: its key in the spec


@dataclass(frozen=True)
class Link(Placed):
    """What an object of this kind stands on."""

    name: str
    to: str  # an object, listed before this one
    by: str | None  # the variable that holds the other's handle; None = the node above
    relinked_by: str | None  # of one by the node above: the operation that may move it
    optional: bool  # it may lead nowhere
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Raise(Placed):
    """An indication an object may make, in which states and on which condition."""

    indication: str
    states: tuple[str, ...]
    written: tuple[tuple[str, Where], ...]  # states and groups, as the spec names them
    condition: str | None
    where: Where


@dataclass(frozen=True)
class Sees(Placed):
    """A mark, found here or below, told to the host once by these (indication, reason) pairs."""

    mark: str
    indications: tuple[tuple[str, str | None], ...]
    where: Where


@dataclass(frozen=True)
class Object(Placed):
    name: str
    index: int  # layer - 1
    doc: str
    links: tuple[Link, ...]  # that by the node above first
    variant_of: str | None  # takes its variant from the object of the node above
    variants: tuple[str, ...]  # ipv4, ipv6; empty if it has none
    full_status: str  # status when its pool is full
    layouts: tuple[ClassLayout, ...]  # const, cached, delegated; those it has
    variables: tuple[Variable, ...]
    commands: tuple[Command, ...]
    plans: tuple[str, ...]  # what `plan:` and `undo:` call them: update, or their names
    plan: tuple[PlanRule, ...]  # of all of them: plan, then `then`
    conditions: tuple[Condition, ...]  # its own
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    raises: tuple[Raise, ...]
    sees: tuple[Sees, ...]
    states: tuple[State, ...]  # the first is where an unused object rests
    cells: tuple[Cell, ...]  # the full table, states x events, in that order
    type_codes: tuple[TypeCode, ...]
    file: str
    where: Where
    events: tuple[DeviceEvent, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    poisoned: bool = False  # something in it is unknown: nobody may believe what it says

    def poison(self) -> Object:
        """What is left of an object with errors: its place among the others, and nothing to look at."""
        return replace(
            self,
            variables=(),
            commands=(),
            plans=(),
            plan=(),
            conditions=(),
            groups=(),
            raises=(),
            sees=(),
            states=(),
            cells=(),
            events=(),
            transfers=(),
            poisoned=True,
        )

    @property
    def link_above(self) -> Link | None:
        """The link by the node above, which is the first if there is one."""
        return self.links[0] if self.links and self.links[0].by is None else None

    def link(self, name: str) -> Link:
        return next(x for x in self.links if x.name == name)

    @property
    def layer(self) -> int:
        return self.index + 1

    @cached_property
    def _cells(self) -> dict[tuple[str, str], Cell]:
        return {(c.state, c.event): c for c in self.cells}

    def cell(self, state: str, event: str) -> Cell:
        return self._cells[state, event]

    def of_class(self, klass: str) -> tuple[Variable, ...]:
        return tuple(v for v in self.variables if v.klass == klass)

    def layout(self, klass: str) -> ClassLayout:
        return next(x for x in self.layouts if x.klass == klass)

    def state(self, name: str | None) -> State:
        """By its name; by one that is written, the first of those that are made of it."""
        return next(s for s in self.states if name and s.is_called(name))

    def called(self, words: tuple[str, ...]) -> tuple[State, ...]:
        """All states that words of a group mean."""
        return tuple(s for word in words for s in self.states if s.is_called(word))

    def command(self, name: str | None) -> Command:
        return next(c for c in self.commands if c.name == name)

    def event(self, name: str | None) -> DeviceEvent | None:
        """The event of the device that has this name, if one has."""
        return next((e for e in self.events if e.name == name), None)

    def variable(self, name: str | None) -> Variable:
        return next(v for v in self.variables if v.name == name)
