# SPDX-License-Identifier: BSD-2-Clause
"""The model: everything a set of specs says, with every name resolved.

Frozen dataclasses, built once by `resolve`, read by the checks and by the templates. A decision
about meaning is a property here, never a line in a template. Sequences are tuples in spec order;
an `index` is the position in such a sequence and becomes the number used in the generated C.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .model_node import Member, Node, RoleRule, Struct
from .model_object import (
    CLASSES,
    INTERNAL_EVENTS,
    OWN_RESULTS,
    ROLES,
    Arm,
    Cell,
    ClassLayout,
    Command,
    Condition,
    Effect,
    Flag,
    Handling,
    Placed,
    PlanRule,
    State,
    Type,
    Variable,
    Where,
)


@dataclass(frozen=True)
class Status(Placed):
    name: str
    index: int
    value: int | None  # None: documented without a public value, never emitted
    host: str
    good: bool
    driver_only: bool  # `only: driver`: no operation may complete with it
    doc: str
    where: Where


@dataclass(frozen=True)
class RollUp(Placed):
    """One line of a roll-up table; None = any."""

    role: str
    own: str | None  # good | bad
    dependents: str | None  # some_bad | all_good | all_bad
    status: str  # a status name or "own"
    where: Where


@dataclass(frozen=True)
class Operation(Placed):
    name: str
    index: int
    completion: str  # the host's completion call
    reaches: str  # new | reference
    order: str  # parents_first | dependents_first | any
    parent_failed: str | None  # status of nodes under a failed one (parents_first)
    brings: tuple[str, ...]  # classes and "link"
    returns: tuple[str, ...] | str  # classes, or "asked"
    statuses: tuple[str, ...]
    results: tuple[tuple[str, str], ...]  # result name (or "others") -> status name
    roll_up: tuple[RollUp, ...]  # its own, or the target's
    state_used: str  # all | cached | delegated | const | any | none
    null_after: tuple[str, ...]  # node members set to NULL when it completes
    doc: str
    where: Where

    def status_of(self, result: str) -> str:
        """The status a command's bad result becomes under this operation."""
        named = dict(self.results)
        return named.get(result) or (result if result in self.statuses else named["others"])


@dataclass(frozen=True)
class Unusable(Placed):
    """When a linked object may not be built upon (`unusable:` of the target)."""

    marks: tuple[str, ...]
    along_links: bool
    hardware: tuple[str, ...]
    busy: tuple[str, ...]
    where: Where | None = None


@dataclass(frozen=True)
class Mark(Placed):
    name: str
    index: int
    ends: str  # with_object | when_hardware_has
    doc: str
    where: Where


@dataclass(frozen=True)
class TypeCode:
    """A value of the node's type member: which state follows the node."""

    code: int
    object: str
    variant: str | None
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Raise(Placed):
    """An indication an object may make, in which states and on which condition."""

    indication: str
    states: tuple[str, ...]
    condition: str | None
    where: Where


@dataclass(frozen=True)
class Sees(Placed):
    """A mark, found here or below, told to the host once by these (indication, reason) pairs."""

    mark: str
    indications: tuple[tuple[str, str | None], ...]
    where: Where


@dataclass(frozen=True)
class Call(Placed):
    """A function of the host that indications are made by."""

    name: str
    passes: tuple[str, ...]  # object_handle target_handle code detail node, or a struct's name
    doc: str
    where: Where


@dataclass(frozen=True)
class Indication(Placed):
    name: str
    index: int
    call: str  # the host's function
    about: str  # an object's name or "target"
    code: int
    reasons: tuple[tuple[str, int], ...]
    carries: str | None  # "all": one node with all of the object's state
    host_answers: str | None  # variable the host writes in place
    doc: str
    where: Where
    argument: str | None = None  # name of the number that goes along as the detail


@dataclass(frozen=True)
class Object(Placed):
    name: str
    index: int  # layer - 1
    doc: str
    links_to: str | None
    relinked_by: str | None  # an operation, or None
    variant_of: str | None  # takes its variant from the linked object
    variants: tuple[str, ...]  # ipv4, ipv6; empty if it has none
    full_status: str  # status when its pool is full
    layouts: tuple[ClassLayout, ...]  # const, cached, delegated; those it has
    variables: tuple[Variable, ...]
    commands: tuple[Command, ...]
    update_name: str | None  # what `plan:` and `undo:` call the update section
    plan: tuple[PlanRule, ...]  # plan, then `then`
    conditions: tuple[Condition, ...]  # its own
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    raises: tuple[Raise, ...]
    sees: tuple[Sees, ...]
    states: tuple[State, ...]  # the first is where an unused object rests
    cells: tuple[Cell, ...]  # the full table, states x events, in that order
    type_codes: tuple[TypeCode, ...]
    file: str
    where: Where

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

    def layout(self, klass: str) -> ClassLayout | None:
        return next((x for x in self.layouts if x.klass == klass), None)

    def state(self, name: str) -> State:
        return next(s for s in self.states if s.name == name)

    def command(self, name: str) -> Command:
        return next(c for c in self.commands if c.name == name)

    def variable(self, name: str) -> Variable:
        return next(v for v in self.variables if v.name == name)


@dataclass(frozen=True)
class Parameter(Placed):
    name: str
    type: Type
    doc: str
    where: Where


@dataclass(frozen=True)
class Mode(Placed):
    name: str
    enter: str | None  # indication
    leave: str | None
    refuse: tuple[tuple[str, str], ...]  # operation -> status
    resets_all: bool
    where: Where
    doc: str = ""
    hold: tuple[str, ...] = ()  # operations that wait while it lasts


@dataclass(frozen=True)
class Default(Placed):
    """One line of `defaults:`: for states of this sort, this event."""

    scope: str  # idle | busy | busy.<operation> | busy.nobody
    event: str
    arms: tuple[Arm, ...]
    where: Where


@dataclass(frozen=True)
class Target(Placed):
    name: str
    doc: str
    states_align: int
    parameters: tuple[Parameter, ...]
    types: tuple[Type, ...]  # the declared ones
    statuses: tuple[Status, ...]
    operations: tuple[Operation, ...]
    stale_handle: str
    marks: tuple[Mark, ...]
    conditions: tuple[Condition, ...]  # the target's; objects have their own beside
    unusable: Unusable
    defaults: tuple[Default, ...]
    modes: tuple[Mode, ...]
    calls: tuple[Call, ...]
    indications: tuple[Indication, ...]
    objects: tuple[Object, ...]
    node: Node
    files: tuple[str, ...]
    file: str
    where: Where
    warnings: tuple[str, ...] = field(default=())

    @property
    def events(self) -> tuple[str, ...]:
        """Events of every machine; the position is the event's number (Ragel's letter) - 1."""
        return tuple(o.name for o in self.operations) + INTERNAL_EVENTS

    @cached_property
    def results(self) -> tuple[str, ...]:
        """All results, flue's own first; the position is the number in C."""
        named = [a for o in self.objects for c in o.commands for a in c.answers]
        return tuple(dict.fromkeys(OWN_RESULTS + tuple(named)))

    def object(self, name: str) -> Object:
        return next(o for o in self.objects if o.name == name)

    def status(self, name: str) -> Status:
        return next(s for s in self.statuses if s.name == name)

    def operation(self, name: str) -> Operation:
        return next(o for o in self.operations if o.name == name)

    def condition(self, obj: Object, name: str) -> Condition:
        return next(c for c in obj.conditions + self.conditions if c.name == name)

    def mark(self, name: str) -> Mark:
        return next(m for m in self.marks if m.name == name)

    def call(self, name: str) -> Call:
        return next(c for c in self.calls if c.name == name)

    def indication(self, name: str) -> Indication:
        return next(i for i in self.indications if i.name == name)
