# SPDX-License-Identifier: BSD-2-Clause
"""Walking the machines: over all arms, and along all ways with what is known on them.

`steps` explores an object's machine from its first state and carries a `Fact` along: what the
host has, what the hardware holds, which command is under way. A resting state's own claim is
believed once it is reached, so one false claim is one error and not a flood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..machines import impossible
from ..model import INTERNAL_EVENTS, Arm, Cell, Command, Object, Operation, State, Target

ANSWERS = ("done", "failed", "reset")


@dataclass(frozen=True)
class Fact:
    """What is known in a state, by the way it was reached."""

    host: str  # has | has_not | any (a bad status of an ending operation leaves it open)
    hardware: str  # has | has_not | unsure
    before: str  # what the hardware held when the object was last at rest
    verb: str | None = None  # of the command or plan under way
    subject: str | None = None
    failed: bool = False  # something of this operation failed
    planned: bool = False  # what the host brought went to the hardware
    read: frozenset[str] = frozenset()  # classes the hardware gave back
    sent: frozenset[str] = frozenset()  # commands that went well since the object rested


@dataclass(frozen=True)
class Step:
    obj: Object
    state: State
    event: str
    arm: Arm
    before: Fact
    to: State
    after: Fact  # before the target's claim is believed

    @property
    def spot(self) -> str:
        return _spot(self.obj, self.state, self.arm)


@dataclass(frozen=True)
class Place:
    """One arm in one cell; `earlier` are the arms tried before it."""

    obj: Object
    state: State
    event: str
    arm: Arm
    earlier: tuple[Arm, ...]

    @property
    def to(self) -> State:
        return target_state(self.obj, self.state, self.arm)

    @property
    def spot(self) -> str:
        return _spot(self.obj, self.state, self.arm)


def _spot(obj: Object, state: State, arm: Arm) -> str:
    """A state as messages name it; a default's arm serves many objects, so say which."""
    of = "" if arm.where.file == obj.where.file else f" of {obj.name}"
    return f'"{state.name}"{of}'


def quoted(names, between: str = ", ") -> str:
    """Names as messages write them."""
    return between.join(f'"{n}"' for n in names)


def never_happens(target: Target, obj: Object, state: State, event: str) -> str | None:
    """Why the runtime never lets an event reach a state; None if it may."""
    operations = {o.name: o for o in target.operations}
    return impossible(obj.states[0], state, event, operations)


def decided_cells(target: Target, obj: Object) -> Iterator[tuple[State, Cell]]:
    """The cells in which something can happen."""
    states = {s.name: s for s in obj.states}
    for cell in obj.cells:
        state = states[cell.state]
        if cell.arms and not never_happens(target, obj, state, cell.event):
            yield state, cell


def places(target: Target) -> Iterator[Place]:
    """Every arm of every object in every cell it decides, defaults too."""
    for obj in target.objects:
        for state, cell in decided_cells(target, obj):
            for i, arm in enumerate(cell.arms):
                yield Place(obj, state, cell.event, arm, cell.arms[:i])


def target_state(obj: Object, state: State, arm: Arm) -> State:
    return obj.state(arm.to) if arm.to else state


def is_operation(target: Target, event: str) -> bool:
    return any(o.name == event for o in target.operations)


def operation_at(target: Target, state: State, event: str) -> Operation | None:
    """The operation whose status an arm would give: the arriving one, or the one under way."""
    name = event if is_operation(target, event) else state.busy
    return target.operation(name) if name and name != "nobody" else None


def is_good(target: Target, status: str | None) -> bool:
    return status not in (None, "from_command") and target.status(status).good


def only_reads(command: Command) -> bool:
    """A command that asks and changes nothing: its failure leaves the hardware as it was."""
    changes = command.carries or command.effects or command.hardware
    return bool(command.returns) and not changes


def undoer(obj: Object, command: Command) -> Command | None:
    """The command that undoes a command, if it is one."""
    return next((c for c in obj.commands if c.name == command.undo), None)


def sent_by(obj: Object, arm: Arm) -> tuple[Command, ...]:
    """The commands an arm may start."""
    if arm.verb == "send":
        return (obj.command(arm.subject),)
    if arm.verb == "plan" or (arm.verb == "undo" and arm.subject == obj.update_name):
        names = dict.fromkeys(r.send for r in obj.plan if r.send)
        return tuple(obj.command(n) for n in names)
    if arm.verb == "undo":
        undo = undoer(obj, obj.command(arm.subject))
        return (undo,) if undo else ()
    return ()


def ending(target: Target) -> tuple[str, ...]:
    """The operations that take objects away from the target."""
    ordered = tuple(o.name for o in target.operations if o.order == "dependents_first")
    return ordered or tuple(
        o.name
        for o in target.operations
        if o.reaches == "reference"
        and any(_removes(p) for p in places(target) if p.event == o.name)
    )


def _removes(place: Place) -> bool:
    return any(c.hardware == "has_not" for c in sent_by(place.obj, place.arm))


def carried(obj: Object, names: tuple[str, ...]) -> frozenset[str]:
    """What a command carries, taken apart: classes into variables, variables into flags."""
    out = set(names)
    for v in obj.variables:
        if v.klass in names or v.name in names:
            out.add(v.name)
            out.update(f.name for f in v.flags)
    return frozenset(out)


def planning(obj: Object) -> tuple[str, ...]:
    """The operations in which what was brought is compared with the object's copy."""
    found = {}
    for cell in obj.cells:
        if any(arm.verb == "plan" for arm in cell.arms):
            internal = cell.event in INTERNAL_EVENTS
            found[obj.state(cell.state).busy if internal else cell.event] = None
    return tuple(o for o in found if o not in (None, "nobody"))


def steps(target: Target, obj: Object) -> list[Step]:
    """Every step an object can make, with what is known before and after it."""
    first = obj.states[0]
    todo = [(first, Fact("has_not", "has_not", "has_not"))]
    seen = set(todo)
    ends = ending(target)
    out = []
    cells: dict[str, list[Cell]] = {}
    for state, cell in decided_cells(target, obj):
        cells.setdefault(state.name, []).append(cell)
    while todo:
        state, fact = todo.pop(0)
        for cell in cells.get(state.name, []):
            for arm in cell.arms:
                step = _step(
                    target, obj, ends, Step(obj, state, cell.event, arm, fact, state, fact)
                )
                out.append(step)
                found = step.to, _believe(step)
                if found not in seen and not _stranded(step):
                    seen.add(found)
                    todo.append(found)
    return out


def _stranded(step: Step) -> bool:
    """Busy with nothing under way: an error of its own, and nothing is known after it."""
    return not step.to.resting and step.after.verb is None


def _step(target: Target, obj: Object, ends: tuple[str, ...], step: Step) -> Step:
    fact = step.before
    if step.event in ANSWERS:
        fact = _answered(obj, fact, step.event)
    elif step.state.resting:
        fact = Fact(fact.host, fact.hardware, fact.hardware)
    fact = _told(target, ends, step, fact)
    if step.arm.verb and fact.verb is None:  # a second one is an error of its own
        fact = replace(fact, verb=step.arm.verb, subject=step.arm.subject)
    return replace(step, to=target_state(obj, step.state, step.arm), after=fact)


def _answered(obj: Object, fact: Fact, event: str) -> Fact:
    """What an answer tells about the hardware."""
    quiet = replace(fact, verb=None, subject=None)
    if event == "reset":
        return replace(quiet, hardware="has_not", failed=True)
    if event == "failed":
        harmless = fact.verb == "send" and only_reads(obj.command(fact.subject))
        return replace(quiet, hardware=fact.hardware if harmless else "unsure", failed=True)
    if fact.verb == "plan":
        return replace(quiet, planned=True)
    if fact.verb == "send":
        command = obj.command(fact.subject)
        hardware = command.hardware or fact.hardware
        told = fact.planned or command.hardware == "has"
        read, sent = fact.read | set(command.returns), fact.sent | {command.name}
        return replace(quiet, hardware=hardware, planned=told, read=read, sent=sent)
    if fact.verb == "undo":
        return replace(quiet, hardware=_undone(obj, fact))
    return quiet


def _undone(obj: Object, fact: Fact) -> str:
    if fact.subject == obj.update_name:
        return fact.before
    command = undoer(obj, obj.command(fact.subject))
    return command.hardware if command and command.hardware else fact.before


def _told(target: Target, ends: tuple[str, ...], step: Step, fact: Fact) -> Fact:
    """What a status tells about the host: a good one of a new object gives it the object."""
    operation = operation_at(target, step.state, step.event)
    if not step.arm.status or not operation:
        return fact
    good = is_good(target, step.arm.status)
    if operation.reaches == "new":
        return replace(fact, host="has" if good else "has_not")
    if operation.name in ends and good:
        return replace(fact, host="has_not")
    if operation.name in ends and step.arm.to:
        return replace(fact, host="any")
    return fact


def _believe(step: Step) -> Fact:
    to = step.to
    if to.resting:
        return Fact(to.host, to.hardware, to.hardware)
    return step.after
