# SPDX-License-Identifier: BSD-2-Clause
"""Walking the machines: over all arms of all cells, and what each of them may start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flue.model import (
    DECISIONS,
    DEVICE,
    INTERNAL_EVENTS,
    Arm,
    Cell,
    Command,
    Link,
    Object,
    Operation,
    State,
    Target,
    Variable,
)

ANSWERS = ("done", "failed", "reset")
HEARD = (*ANSWERS, *DECISIONS)  # by a busy state, which they lead on


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
        return spot(self.obj, self.state, self.arm)


def spot(obj: Object, state: State, arm: Arm) -> str:
    """A state as messages name it; a default's arm serves many objects, so say which."""
    of = "" if arm.where.file == obj.where.file else f" of {obj.name}"
    return f'"{state.name}"{of}'


def quoted(names, between: str = ", ") -> str:
    """Names as messages write them."""
    return between.join(f'"{n}"' for n in names)


def impossible(
    kind: str, first: State, state: State, event: str, operations: dict[str, Operation]
) -> str | None:
    """Why the runtime never lets `event` reach `state` of an object of a kind; None if it may."""
    operation = operations.get(event)
    if operation is not None and not operation.is_about(kind):
        return f"it is about {quoted(operation.about)} only"
    if event in ("done", "failed") and state.resting:
        return "at rest no command is under way"
    if event in ("done", "failed") and state.waits:
        return "while it waits no command is under way"
    if event in DECISIONS and not state.waits:
        return "it comes to states that wait for it"
    if state.name == first.name:
        if operation is None or operation.reaches != "new":
            return "an unused object is reached by nothing but a new one"
        return None
    if operation is None:
        return "busy objects are not restored" if event == "restore" and not state.resting else None
    if operation.reaches == "new":
        return "a new object begins in the first state"
    busy = operations.get(state.busy or "")
    if state.host == "has_not" or (busy is not None and busy.reaches == "new"):
        return "the host has no handle of it yet"
    return None


def never_happens(target: Target, obj: Object, state: State, event: str) -> str | None:
    """Why the runtime never lets an event reach a state; None if it may."""
    operations = {o.name: o for o in target.operations}
    return impossible(obj.name, obj.states[0], state, event, operations)


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


def is_of_device(obj: Object, event: str) -> bool:
    """Whether the device raises this event by itself."""
    return obj.event(event) is not None


def operation_at(target: Target, state: State, event: str) -> Operation | None:
    """The operation whose status an arm would give: the arriving one, or the one under way.

    What the device does by itself is nobody's: with it comes no node.
    """
    name = event if is_operation(target, event) else state.busy
    if name != event and event not in INTERNAL_EVENTS + DECISIONS:
        return None
    return target.operation(name) if name and name != "nobody" else None


def host_knows(target: Target, state: State) -> bool:
    """Whether the host has a handle of an object in this state."""
    if state.resting:
        return state.host == "has"
    return state.busy == "nobody" or target.operation(state.busy).reaches == "reference"


def is_good(target: Target, status: str | None) -> bool:
    return status not in (None, "from_command") and target.status(status).good


def takes_up(target: Target, place: Place) -> bool:
    """Whether what a request brings is taken up by an arm: told, kept, or waited for until it is."""
    return bool(place.arm.verb) or place.to.waits or is_good(target, place.arm.status)


def only_reads(obj: Object, command: Command) -> bool:
    """A command that asks and changes nothing: its failure leaves the hardware as it was."""
    changes = bool(tells(obj, command) or command.effects or command.hardware)
    news = bool(numbers(obj, command.returns))  # perhaps new ones
    return bool(command.returns) and not changes and not news


def undoer(obj: Object, command: Command) -> Command | None:
    """The command that undoes a command, if it is one."""
    return next((c for c in obj.commands if c.name == command.undo), None)


def sent_by(obj: Object, arm: Arm) -> tuple[Command, ...]:
    """The commands an arm may start: one, those of the plan, or what takes commands back."""
    if arm.verb == "send":
        return (obj.command(arm.subject),)
    if arm.verb == "plan":
        return tuple(plan_commands(obj, arm.subject))
    if arm.verb == "undo":
        taken_back = undone_by(obj, arm)
        undoers = (c if c.undo == "old_values" else undoer(obj, c) for c in taken_back)
        return tuple(c for c in undoers if c)
    return ()


def sent_for(target: Target, name: str) -> list[tuple[Object, Command]]:
    """The commands that may be under way for an operation, in spec order."""
    found = {}
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if operation and operation.name == name:
            for command in sent_by(place.obj, place.arm):
                found[place.obj.name, command.name] = place.obj, command
    return list(found.values())


def tells(obj: Object, command: Command) -> tuple[str, ...]:
    """What a command carries that is news to the hardware: its own numbers only say of what it is."""
    named = {DEVICE, *(v.name for v in obj.of_class(DEVICE))}
    return tuple(w for w in command.carries if w not in named and "." not in w)


def numbers(obj: Object, words: tuple[str, ...]) -> frozenset[str]:
    """The object's own variables of the device among what a command carries or brings."""
    names = carried(obj, words)
    return frozenset(v.name for v in obj.of_class(DEVICE) if v.name in names)


def linked_number(target: Target, obj: Object, word: str) -> tuple[Link, Object, Variable] | None:
    """What `out_sa.hw_id` means among what a command carries: the one place that knows."""
    name, _, number = word.partition(".")
    link = next((x for x in obj.links if x.name == name), None)
    if link is None or not number:
        return None
    to = target.object(link.to)
    return next(((link, to, v) for v in to.of_class(DEVICE) if v.name == number), None)


def linked_numbers(
    target: Target, obj: Object, command: Command
) -> list[tuple[Link, Object, Variable]]:
    """The variables of the device of what an object links to that a command carries."""
    found = (linked_number(target, obj, word) for word in command.carries)
    return [x for x in found if x is not None]


def named_links(obj: Object, words) -> tuple[Link, ...]:
    """The links that words of a spec mean: some by name, all by `link`."""
    return tuple(x for x in obj.links if x.name in words or "link" in words)


def told_links(target: Target, obj: Object, command: Command) -> tuple[Link, ...]:
    """The links of which a command tells the hardware: by index, or by a number of its own."""
    numbered = [link for link, *_ in linked_numbers(target, obj, command)]
    return tuple(x for x in obj.links if x in (*named_links(obj, command.carries), *numbered))


def link_numbers(obj: Object, words) -> tuple[int, ...]:
    """The same by number."""
    named = named_links(obj, words)
    return tuple(i for i, x in enumerate(obj.links) if x in named)


def downward(target: Target, obj: Object) -> tuple[Link, ...]:
    """The links to what the target lists before the object. There are to be no others."""
    before = {o.name for o in target.objects[: obj.index]}
    return tuple(x for x in obj.links if x.to in before)


def ways(target: Target, obj: Object) -> tuple[int, int]:
    """Ways that lead from an object along links, and the links of the longest: what is asked along
    links looks at so many others at most, each as often as there are ways to it."""
    found: dict[str, tuple[int, int]] = {}
    for each in target.objects[: obj.index + 1]:
        below = [found[link.to] for link in downward(target, each)]
        longest = max((n for _, n in below), default=-1)
        found[each.name] = sum(1 + count for count, _ in below), 1 + longest
    return found[obj.name]


def laying(target: Target, obj: Object, link: Link) -> tuple[str, ...]:
    """The operations that lay a link of a new object, or move it."""
    about = [o for o in target.operations if o.is_about(obj.name)]
    if link.by is not None:
        told = [v for v in obj.variables if v.name == link.by]
        return tuple(
            o.name for o in about for v in told if v.klass in o.brings and v.exists_in(o.name)
        )
    return tuple(
        o.name
        for o in about
        if "link" in o.brings and (o.reaches == "new" or o.name == link.relinked_by)
    )


def moving(target: Target, obj: Object, link: Link) -> tuple[str, ...]:
    """The operations that move a link of an object that is there."""
    return tuple(o for o in laying(target, obj, link) if target.operation(o).reaches != "new")


def carried(obj: Object, names: tuple[str, ...]) -> frozenset[str]:
    """What a command carries, taken apart: classes into variables, variables into flags, links."""
    out = set(names) | {x.name for x in named_links(obj, names)}
    for v in obj.variables:
        if v.klass in names or v.name in names:
            out.add(v.name)
            out.update(f.name for f in v.flags)
    return frozenset(out)


def planning(obj: Object, plan: str | None = None) -> tuple[str, ...]:
    """The operations in which what was brought is compared with the object's copy: by this plan, or any."""
    found: dict[str | None, None] = {}
    for cell in obj.cells:
        if any(arm.verb == "plan" and plan in (None, arm.subject) for arm in cell.arms):
            internal = cell.event in INTERNAL_EVENTS + DECISIONS
            found[obj.state(cell.state).busy if internal else cell.event] = None
    return tuple(o for o in found if o and o != "nobody")


def plan_commands(obj: Object, plan: str | None = None) -> list[Command]:
    """The commands that a plan may send, in its order; without a name: that any of them may."""
    rules = (r for r in obj.plan if plan is None or plan in r.plans)
    names = dict.fromkeys(r.send for r in rules if r.send)
    return [obj.command(n) for n in names]


def undone_by(obj: Object, arm: Arm) -> list[Command]:
    """The commands that an arm with the verb undo takes back."""
    if arm.subject in obj.plans:
        return plan_commands(obj, arm.subject)
    return [obj.command(arm.subject)]
