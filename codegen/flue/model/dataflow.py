# SPDX-License-Identifier: BSD-2-Clause
"""Along all ways through a machine, with what is known on them.

`steps` explores an object's machine from its first state and carries a `Fact` along: what the
host has, what the hardware holds, what it was told and nobody took back. A resting state's own
claim is believed once it is reached, so one false claim is one error and not a flood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flue.model import Arm, Cell, Command, Object, State, Target

from . import outcomes
from .queries import ANSWERS, carried, decided_cells, is_good, only_reads, operation_at, spot
from .queries import numbers, plan_commands, target_state, undoer
from .questions import leading

Ends = tuple[tuple[str, ...], tuple[str, ...]]  # those that do, those that perhaps do


@dataclass(frozen=True)
class Told:
    """A command, or a whole plan, that went to the hardware for this operation."""

    name: str | None  # the command's or the update section's
    before: str | None  # what the hardware held before it
    failed: bool  # it may have happened
    takes_over: bool  # by it the hardware got what the host brought
    lost: bool = False  # its undo has failed: it cannot be taken back any more


@dataclass(frozen=True)
class Fact:
    """What is known in a state, by the way it was reached."""

    host: str | None  # has | has_not | any (a bad status of an ending operation leaves it open)
    hardware: str | None  # has | has_not | unsure
    before: str | None  # what the hardware held when the object was last at rest
    verb: str | None = None  # of the command or plan under way
    subject: str | None = None
    failed: bool = False  # something of this operation failed
    bad: frozenset[str] = frozenset()  # with one of these first, where the machine asks for that
    marked: bool = False  # this operation has set a mark
    read: frozenset[str] = frozenset()  # classes and variables the hardware gave back
    sent: frozenset[str] = frozenset()  # commands that went well since the object rested
    known: frozenset[str] = frozenset()  # numbers that the hardware chose, and told
    told: tuple[Told, ...] = ()  # in order, without what was taken back or only read

    @property
    def taken_over(self) -> bool:
        """The hardware has what the host brought."""
        return any(t.takes_over and not t.failed for t in self.told)


@dataclass(frozen=True)
class Step:
    obj: Object
    state: State
    event: str
    arm: Arm
    before: Fact
    to: State
    after: Fact  # before the target's claim is believed
    unsafe: bool = False  # it sends again what may have acted

    @property
    def spot(self) -> str:
        return spot(self.obj, self.state, self.arm)


def steps(target: Target, obj: Object) -> list[Step]:
    """Every step an object can make, with what is known before and after it; a poisoned one makes none."""
    if obj.poisoned:
        return []
    ends = ending(target, obj), perhaps_ending(target, obj)
    return _once(target, ("steps", obj.name), lambda: _explore(target, obj, ends))


def ending(target: Target, obj: Object | None = None) -> tuple[str, ...]:
    """The operations that take objects away, any or those of one kind: the one answer to this question.

    They are those for which the hardware is told to give an object up, and ends without it. Kinds that
    they say to keep they keep, unless these are taken away all the same, which is an error.
    """
    taken = taken_away(target)
    named = [o for o in target.operations if o.reaches == "reference" and o.name in dict(taken)]
    return tuple(
        o.name
        for o in named
        if obj is None or obj.name not in o.keeps or (o.name, obj.name) in taken
    )


def taken_away(target: Target) -> set[tuple[str, str]]:
    """Operations, and kinds of objects that they take away."""
    return _once(target, "ending", lambda: _taken(target))


def perhaps_ending(target: Target, obj: Object | None = None) -> tuple[str, ...]:
    """Those of which only a poisoned object could tell: nobody may conclude that they do, or do not."""
    if len(target.sound_objects) == len(target.objects):
        return ()
    known = ending(target)
    others = (o for o in target.operations if o.reaches != "new" and o.name not in known)
    return tuple(o.name for o in others if obj is None or obj.name not in o.keeps)


def _once(target: Target, key: object, make: Callable):
    """Rules ask for the same again and again; kept beside the target, which never changes."""
    kept = target.__dict__.setdefault("_walked", {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def _taken(target: Target) -> set[tuple[str, str]]:
    found = set()
    for obj in target.sound_objects:
        for step in _explore(target, obj, ((), ())):
            operation = operation_at(target, step.state, step.event)
            good = is_good(target, step.arm.status)
            if operation and (good or obj.name not in operation.keeps) and gives_up(step):
                found.add((operation.name, obj.name))
    return found


def gives_up(step: Step) -> bool:
    """The operation that ends has told the hardware to give the object up, and it did."""
    obj, fact = step.obj, step.after
    removed = [t for t in fact.told if not t.failed and t.name not in obj.plans]
    removes = any(obj.command(t.name).hardware == "has_not" for t in removed)
    return bool(step.arm.status) and fact.hardware == "has_not" and removes


def _explore(target: Target, obj: Object, ends: Ends) -> list[Step]:
    todo = [(obj.states[0], Fact("has_not", "has_not", "has_not"))]
    seen = set(todo)
    out = []
    cells: dict[str, list[Cell]] = {}
    for state, cell in decided_cells(target, obj):
        cells.setdefault(state.name, []).append(cell)
    while todo:
        state, fact = todo.pop(0)
        for cell in cells.get(state.name, []):
            for i, arm in enumerate(cell.arms):
                bad = outcomes.first_bad(target, obj, fact, cell.event)
                left = leading(target, obj, list(cell.arms[: i + 1]), bad) if bad else bad
                if bad and not left:
                    continue  # no result leads to this arm
                step = Step(obj, state, cell.event, arm, fact, state, fact)
                step = _step(target, ends, step, left)
                out.append(step)
                found = step.to, _believe(step)
                if found not in seen and not _stranded(step):
                    seen.add(found)
                    todo.append(found)
    return out


def _stranded(step: Step) -> bool:
    """Busy with nothing under way: an error of its own, and nothing is known after it."""
    return not step.to.resting and not step.to.waits and step.after.verb is None


def _step(target: Target, ends: Ends, step: Step, bad: frozenset[str]) -> Step:
    obj, fact = step.obj, step.before
    if step.event in ANSWERS:
        fact = _answered(obj, fact, step.event, bad)
    elif step.event == "abort":
        fact = replace(fact, failed=True)  # not here, but elsewhere in the request
    elif step.state.resting:
        rests = Fact(fact.host, fact.hardware, fact.hardware, known=fact.known)
        fact = _happened(obj, step.event, rests)
    if step.arm.again:  # as if it were the first time; where it is not, that is an error of its own
        unsafe = not outcomes.harmless(obj, step.before, bad)
        fact = replace(step.before if unsafe else fact, verb=None, failed=False, bad=frozenset())
        step = replace(step, unsafe=unsafe)
    step = replace(step, to=target_state(obj, step.state, step.arm))
    fact = _heard(target, ends, step, fact)
    if step.arm.mark:
        fact = replace(fact, marked=True)
    if step.arm.verb and fact.verb is None:  # a second one is an error of its own
        fact = replace(fact, verb=step.arm.verb, subject=step.arm.subject)
    return replace(step, after=fact)


def _happened(obj: Object, event: str, fact: Fact) -> Fact:
    """What an event of the device tells about the hardware; of what is not there, nothing."""
    raised = obj.event(event)
    if raised is None or raised.hardware is None or fact.hardware == "has_not":
        return fact
    return replace(fact, hardware=raised.hardware, before=raised.hardware)


def _answered(obj: Object, fact: Fact, event: str, bad: frozenset[str]) -> Fact:
    """What an answer tells about the hardware; `bad`: the results that lead to the arm."""
    quiet = replace(fact, verb=None, subject=None, bad=bad)
    if event == "reset":
        return replace(quiet, hardware="has_not", failed=True, known=frozenset(), told=())
    if fact.verb == "undo":
        return _undone(obj, fact, quiet, event)
    command = obj.command(fact.subject) if fact.verb == "send" else None
    if event == "failed":
        if (command and only_reads(obj, command)) or outcomes.refused(obj, fact, bad):
            return replace(quiet, failed=True)
        told, known = _more(obj, fact, True), fact.known - _in_doubt(obj, fact, command)
        return replace(quiet, hardware="unsure", failed=True, known=known, told=told)
    if command is None:
        return replace(quiet, told=_more(obj, fact, False)) if fact.verb else quiet
    return replace(
        quiet,
        hardware=command.hardware or fact.hardware,
        read=fact.read | carried(obj, command.returns),
        sent=fact.sent | {command.name},
        known=_known(obj, fact, command),
        told=fact.told if only_reads(obj, command) else _more(obj, fact, False),
    )


def _known(obj: Object, fact: Fact, command: Command) -> frozenset[str]:
    """The device's numbers after a good answer: those of what is gone have ended with it."""
    if command.hardware == "has_not":
        return frozenset()
    return (fact.known if command.hardware is None else frozenset()) | numbers(obj, command.returns)


def _in_doubt(obj: Object, fact: Fact, command: Command | None) -> frozenset[str]:
    """Those that are others by now, perhaps: the answer that tells them did not come."""
    if command and command.hardware:
        return fact.known if command.hardware == "has" else frozenset()
    lost = [command] if command else plan_commands(obj, fact.subject) if fact.verb == "plan" else []
    return frozenset(n for c in lost for n in numbers(obj, c.returns))


def _more(obj: Object, fact: Fact, failed: bool) -> tuple[Told, ...]:
    """What was told, with the command or plan that was just answered."""
    if fact.verb is None or any(t.name == fact.subject for t in fact.told):
        return fact.told
    adds = fact.verb == "plan" or obj.command(fact.subject).hardware == "has"
    return fact.told + (Told(fact.subject, fact.hardware, failed, adds),)


def _undone(obj: Object, fact: Fact, quiet: Fact, event: str) -> Fact:
    """An undo is over: what it took back is as it was before, or nobody knows."""
    at = next((i for i, t in enumerate(fact.told) if t.name == fact.subject), None)
    quiet = replace(quiet, known=fact.known - _by_undo(obj, fact))
    if event == "failed":
        told = tuple(replace(t, lost=t.lost or i == at) for i, t in enumerate(fact.told))
        return replace(quiet, hardware="unsure", failed=True, told=told)
    if at is None:  # an error of its own
        return replace(quiet, hardware=fact.before)
    left = outcomes.left_by_undo(obj, fact, quiet.bad)
    hardware = "unsure" if left else _restored(obj, fact.told[at])
    known = quiet.known if hardware != "has_not" else frozenset()
    return replace(quiet, hardware=hardware, known=known, told=fact.told[:at])


def _by_undo(obj: Object, fact: Fact) -> frozenset[str]:
    """Numbers that an undo may have changed: what its answer brings is nobody's."""
    planned = fact.subject in obj.plans
    sent = plan_commands(obj, fact.subject) if planned else []
    undo = None if planned else undoer(obj, obj.command(fact.subject))
    return frozenset(n for c in (*sent, undo) if c for n in numbers(obj, c.returns))


def _restored(obj: Object, told: Told) -> str | None:
    """What the hardware holds once a command was taken back: what the undo does, and no more."""
    command = None if told.name in obj.plans else obj.command(told.name)
    undo = undoer(obj, command) if command else None
    if undo and undo.hardware:
        return undo.hardware
    if command is None or undo is None or command.hardware is None:
        return told.before
    return "unsure" if told.failed else command.hardware


def _heard(target: Target, both: Ends, step: Step, fact: Fact) -> Fact:
    """What a status tells about the host: a good one of a new object gives it the object."""
    operation, (ends, doubtful) = operation_at(target, step.state, step.event), both
    if not step.arm.status or not operation:
        return fact
    good = is_good(target, step.arm.status)
    if operation.reaches == "new":
        return replace(fact, host="has" if good else "has_not")
    if operation.name in ends and good:  # while it is busy: an error of its own
        return replace(fact, host="has_not") if step.to.resting else fact
    may = (operation.name in ends and step.arm.to) or operation.name in doubtful
    return replace(fact, host="any") if may else fact


def _believe(step: Step) -> Fact:
    to = step.to
    if to.resting:
        known = step.after.known if to.hardware != "has_not" else frozenset()
        return Fact(to.host, to.hardware, to.hardware, known=known)
    return step.after
