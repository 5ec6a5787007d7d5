# SPDX-License-Identifier: BSD-2-Clause
"""The target: what all objects share, and the whole of the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .contexts import Context
from .location import Placed, Where
from .machine import DECISIONS, INTERNAL_EVENTS, Condition, Default, Operand
from .node import Node
from .object import KIN, OWN_RESULTS, Object
from .types import Type, Variable


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
    about: tuple[str, ...] = ()  # kinds of objects; empty = all
    others: str | None = None  # status of nodes of other kinds; None = stale_handle
    dependents: bool = False  # reaches those of the object that its one node names; `about` is set
    reached: tuple[str, ...] = ()  # the kinds that they may be of
    together: bool = False  # done by all nodes of a request, or by none
    aborted: str | None = None  # status of nodes for which it is not done since others failed
    keeps: tuple[str, ...] = ()  # kinds of objects that stay where it takes others away
    runs_in: str | None = None  # context of the entry point; None = any
    completed_in: str | None = None  # context of the completion; None = where polls run

    def is_about(self, kind: str) -> bool:
        """Whether objects of this kind see it."""
        return self.may_name(kind) or kind in self.reached

    def may_name(self, kind: str) -> bool:
        """Whether nodes of this kind of object may ask for it."""
        return not self.about or kind in self.about

    def status_of(self, result: str) -> str | None:
        """The status a command's bad result becomes under this operation; None: it never comes."""
        named = dict(self.results)
        for word in (result, KIN.get(result)):
            if word in named or word in self.statuses:
                return named.get(word, word)
        return named.get("others")


@dataclass(frozen=True)
class Unusable(Placed):
    """When a linked object may not be built upon (`unusable:` of the target)."""

    marks: tuple[str, ...]
    along: tuple[str, ...] | None  # links along which marks count, too; None = all
    hardware: tuple[str, ...]
    busy: tuple[str, ...]
    where: Where | None = None


@dataclass(frozen=True)
class Mark(Placed):
    name: str
    index: int
    ends: str  # with_object | when_hardware_has | when_cleared
    doc: str
    where: Where


@dataclass(frozen=True)
class Call(Placed):
    """A function of the host that indications are made by."""

    name: str
    passes: tuple[str, ...]  # object_handle target_handle code detail node, or a struct's name
    doc: str
    where: Where
    runs_in: str | None = None  # context; None = where polls run


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
class Target(Placed):
    name: str
    doc: str
    structs: str  # microsoft | natural
    word_bytes: int  # as written; that of the node counts
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
    contexts: tuple[Context, ...] = ()
    answers_in: str | None = None  # contexts, of what does not say its own; None = any
    events_in: str | None = None  # of the device, and of indications that the driver raises
    polls_in: str | None = None

    @property
    def events(self) -> tuple[str, ...]:
        """Events of every machine, the operations first; their numbers are in `transitions`."""
        return tuple(o.name for o in self.operations) + INTERNAL_EVENTS + self.decisions

    @property
    def decisions(self) -> tuple[str, ...]:
        """The events by which objects hear what becomes of a whole request, where any asks for it."""
        return DECISIONS if any(o.together for o in self.operations) else ()

    def events_of(self, obj: Object) -> tuple[str, ...]:
        """Those of one object's machine: with what the device does to it by itself."""
        return self.events + tuple(e.name for e in obj.events)

    @cached_property
    def results(self) -> tuple[str, ...]:
        """All results, flue's own first; the position is the number in C."""
        named = [a for o in self.objects for c in o.commands for a in c.answers]
        return tuple(dict.fromkeys(OWN_RESULTS + tuple(named)))

    @property
    def sound_objects(self) -> tuple[Object, ...]:
        """Those with a machine: all, but for a model with errors."""
        return tuple(o for o in self.objects if not o.poisoned)

    def object(self, name: str | None) -> Object:
        return next(o for o in self.objects if o.name == name)

    def status(self, name: str | None) -> Status:
        return next(s for s in self.statuses if s.name == name)

    @property
    def first_good(self) -> Status | None:
        """What a node ends with that asks for nothing; None is an error of its own."""
        given = (s for s in self.statuses if s.value is not None and not s.driver_only)
        return next((s for s in given if s.good), None)

    def refusal(self, operation: Operation) -> str:
        """The status of a node of a kind that the operation is not about."""
        return operation.others or self.stale_handle

    def operation(self, name: str | None) -> Operation:
        return next(o for o in self.operations if o.name == name)

    def condition(self, obj: Object, name: str | None) -> Condition:
        return next(c for c in obj.conditions + self.conditions if c.name == name)

    def compared(self, obj: Object, side: Operand) -> Variable | None:
        """The variable that a side of a comparison is; None of what an object with errors might have."""
        of = self.object(obj.link(side.of).to) if side.of else obj
        return next((v for v in of.variables if v.name == side.name), None)

    def mark(self, name: str | None) -> Mark:
        return next(m for m in self.marks if m.name == name)

    def call(self, name: str | None) -> Call:
        return next(c for c in self.calls if c.name == name)

    def indication(self, name: str | None) -> Indication:
        return next(i for i in self.indications if i.name == name)
