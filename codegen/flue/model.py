# SPDX-License-Identifier: BSD-2-Clause
"""The model: everything a set of specs says, with every name resolved.

Frozen dataclasses, built once by `resolve`, read by the checks and by the templates. A decision
about meaning is a property here, never a line in a template. Sequences are tuples in spec order;
an `index` is the position in such a sequence and becomes the number used in the generated C.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

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
class Member(Placed):
    """One member of the host's node, or of a structure it points to."""

    name: str
    type: str  # as written
    host: str
    at: int
    # type next dependents status context host_handle scratch data length handle code
    # target_handle host
    role: str
    layouts: tuple[str, ...]  # `in:`; empty = in all
    null_after: tuple[str, ...]  # operations
    where: Where
    doc: str = ""
    value: int | None = None  # written to it in a structure that the target makes itself


@dataclass(frozen=True)
class Struct(Placed):
    name: str
    host: str
    bytes: int
    members: tuple[Member, ...]
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class RoleRule(Placed):
    """A node's role, told by its context pointer and by what that points to; None = any."""

    role: str
    pointer: str | None  # empty | set
    value: str | None  # empty | set
    state_follows: str  # never | all | by_type
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Node(Placed):
    name: str
    layouts: tuple[Struct, ...]  # the first is the one the target is handed
    structs: tuple[Struct, ...]
    roles: tuple[RoleRule, ...]
    doc: str
    file: str
    where: Where

    @property
    def members(self) -> tuple[Member, ...]:
        return self.layouts[0].members

    def with_role(self, role: str) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.role == role)

    @property
    def state_header(self) -> Struct | None:
        """The structure every state structure begins with, if there is one."""
        return next((s for s in self.structs if any(m.role == "length" for m in s.members)), None)


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
