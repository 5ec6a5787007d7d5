# SPDX-License-Identifier: BSD-2-Clause
"""Guards nobody may forget: nothing is taken from under its dependents or built on the unusable."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flue.model import Handling, Object, State, Target
from flue.model.dataflow import ending
from flue.model.describe import an
from flue.model.queries import (
    Place,
    downward,
    laying,
    operation_at,
    places,
    quoted,
    sent_by,
    takes_up,
    target_state,
    told_links,
)
from flue.model.questions import excluded
from flue.model.waiting import usable_together

from .kept import may_stay
from .registry import rule


def _ruled_out(target, place, asks) -> bool:
    """Whether an arm is tried only where this question has the answer no."""
    return excluded(target, place.obj, [*place.earlier, place.arm], asks)


def _missing_arm(target, obj, form, question, link=None, way="refuse: ...", of=None) -> str:
    """With the condition that is declared, or the one to be. A restore can be refused to nobody."""
    declared = obj.conditions + target.conditions
    fitting = [c for c in declared if (c.form, c.link, c.of) == (form, link, of)]
    if fitting:
        return f"{{if: {fitting[0].name}, {way}}}"
    return f"{way.partition(':')[0]}, if a condition {{{question}}} holds"


@rule("guard-forgotten-dependents", once=True)
def guard_forgotten_dependents(target):
    """An object others link to must not go: they would point at freed memory and hardware.

    Finds: an object taken away without asking for dependents, be it to be added again; on `abort`,
    too, for what was made together with it may be in the hardware still.
    Mend: declare a condition with `dependents: some` and put an arm before this one that asks it
    and refuses; on `abort` it leads to where the hardware is `unsure`.
    """
    above = {o.name: {x.to for x in downward(target, o)} for o in target.objects}
    for place in places(target):
        arm, obj = place.arm, place.obj
        takes = arm.handling is Handling.ARM and (arm.verb or arm.to)
        users = ", ".join(name for name, below in above.items() if obj.name in below)
        if not users or not takes:
            continue
        ends = ending(target, obj)
        is_end = place.event in ends and not may_stay(target, obj, place.event)
        if not (is_end or _unmakes(target, place) or _gives_up(target, place)):
            continue
        if not _ruled_out(target, place, lambda c: c.form == "dependents"):
            text = f'"{place.event}" takes the {obj.name} away without asking for dependents'
            hint = f"{an(users)} may link to it; before this arm: "
            way = "to: ..., status: from_command" if place.event == "abort" else "refuse: ..."
            yield arm.where, text, hint + _missing_arm(
                target, obj, "dependents", "dependents: some", way=way
            )


def _gives_up(target, place) -> bool:
    """The hardware is told to give up what the host has, at once or on the way: a repair adds it again."""
    named = next((o for o in target.operations if o.name == place.event), None)
    if named is None or named.reaches == "new":
        return False
    obj, todo, seen = place.obj, [(place.state, place.arm)], set()
    while todo:
        state, arm = todo.pop()
        if arm.verb == "send" and any(c.hardware == "has_not" for c in sent_by(obj, arm)):
            return True
        to = target_state(obj, state, arm)
        if to.busy == place.event and to.name not in seen:
            seen.add(to.name)
            ways = [c for c in obj.cells if c.state == to.name and c.event in ("done", "failed")]
            todo += [(to, a) for c in ways for a in c.arms]  # what is not decided leads nowhere
    return False


def _unmakes(target, place) -> bool:
    """A new object is taken back. What was linked to it together with it may be there still."""
    operation = operation_at(target, place.state, place.event)
    new = operation is not None and operation.reaches == "new"
    return place.event == "abort" and new and place.arm.verb == "undo"


@rule("guard-forgotten-link", once=True)
def guard_forgotten_link(target):
    """What is linked to a dead or dying object would be born dead.

    Finds: a link made without asking whether the other end is usable.
    Mend: declare a condition with `link: new, is: unusable` and put an arm before this one that
    asks it and refuses; for a restore `link: present`, and `stay: true`; where an operation adds
    the object again `link: next`, for it may bring no other link than the one that is there, and
    `link: present` where it never does.
    """
    for place in places(target):
        if place.arm.handling is not Handling.ARM:
            continue
        asked_for = list(_questions(target, place))
        for question in dict.fromkeys(q for _, q in asked_for):
            links = [x for x, q in asked_for if q == question]
            left = [x for x in links if not _asked(target, place, x, WANTED[question])]
            if left:
                yield place.arm.where, *_forgotten(target, place, question, left, len(links))


# The forms of `link` that answer a question; `next` is the new one, or else the present one.
WANTED = {"new": ("new", "next"), "present": ("present", "next"), "next": ("next",)}


def _questions(target, place):
    """Links that the arm lays, moves or tells of, each with what is to be asked of it."""
    starts = place.arm.verb in ("send", "plan")
    sent = sent_by(place.obj, place.arm) if starts else ()
    told = [x for c in sent for x in told_links(target, place.obj, c)]
    for link in downward(target, place.obj):
        fresh = place.event in laying(target, place.obj, link)
        if place.event == "restore" and link in told:
            yield link, "present"
        elif place.state.host == "has" and place.event != "restore" and _adds(sent):
            yield link, "next" if fresh else "present"
        elif fresh and takes_up(target, place):
            yield link, "new"


def _adds(sent) -> bool:
    return any(c.hardware == "has" for c in sent)


def _asked(target, place, link, wanted) -> bool:
    def asks(c):
        return c.form == "link" and c.of in (None, link.name) and c.link in wanted

    return _ruled_out(target, place, asks)


def _forgotten(target, place, question, left, of_how_many):
    """The text and the hint: the arm to be put before this one, of one link or of all."""
    obj = place.obj
    named = "" if len(obj.links) == 1 else f" ({quoted(x.name for x in left)})"
    if len({x.to for x in left}) == 1:
        text = (
            f'"{place.event}" links to {an(left[0].to)}{named} without asking whether it is usable'
        )
    else:
        text = f'"{place.event}" links to others{named} without asking whether they are usable'
    way = "stay: true" if place.event == "restore" else "refuse: ..."
    if len(left) == of_how_many:
        arms = [_missing_arm(target, obj, "link", f"link: {question}, is: unusable", question, way)]
    else:
        arms = [_of_one(target, obj, x, question, way) for x in left]
    return text, f"before this arm: {', '.join(arms)}"


def _of_one(target, obj, link, question, way) -> str:
    words = f"link: {question}, of: {link.name}, is: unusable"
    return _missing_arm(target, obj, "link", words, question, way, link.name)


@dataclass(frozen=True)
class _Standing:
    """Whether others may stand on an object, by the way that led to its state."""

    state: str
    marks: frozenset[str] = frozenset()  # that it bears, and is unusable by
    others: bool = False  # may have come since somebody asked
    busy: str | None = None  # with what it was when they came


@rule("guard-forgotten-busy", last=True)
def guard_forgotten_busy(target):
    """Between the question whether others link to an object and its end nobody may link to it: what
    would be linked to is freed.

    Finds: operations that take objects away, or take back what they were to make, while others may
    link to these.
    Mend: name the operation under `busy` of `unusable`; or set a mark that `unusable` names in the
    arm that begins it.
    """
    found: dict[str, str] = {}
    linked = {x.to for o in target.sound_objects for x in downward(target, o)}
    for obj in target.sound_objects:
        if obj.name in linked:
            for operation in _joined_on_its_way(target, obj):
                found.setdefault(operation, obj.name)
    if found:
        who, busy = next(iter(found.values())), quoted(found, " or ")
        text = (
            f"{an(who)} can be linked to while it is busy with {busy}, after which it may be gone"
        )
        where = target.unusable.place("busy") or target.where
        yield where, text, f"unusable: {{busy: [..., {', '.join(found)}]}}"


def _joined_on_its_way(target: Target, obj: Object):
    """With what an object was busy when others came that nobody asks of before its end."""
    arms: dict[str, list[Place]] = {}
    for place in places(target):
        if place.obj is obj and place.arm.handling is Handling.ARM:
            arms.setdefault(place.state.name, []).append(place)
    first = obj.states[0].name
    todo = [_Standing(first)]
    seen = set(todo)
    while todo:
        here = todo.pop(0)
        for place in arms.get(here.state, ()):
            then = _moved(target, here, place)
            if then.state == first:
                if then.others and then.busy:
                    yield then.busy
            elif then not in seen:
                seen.add(then)
                todo.append(then)


def _moved(target: Target, here: _Standing, place: Place) -> _Standing:
    arm, to = place.arm, place.to
    marks = frozenset(
        name
        for name in (*here.marks, *([arm.mark] if arm.mark else []))
        if name in target.unusable.marks and name != arm.clear and not _over(target, name, to)
    )
    if here.others and not _ruled_out(target, place, lambda c: c.form == "dependents"):
        busy = None if to.host == "has" else here.busy  # from there another arm has to ask
        return replace(here, state=to.name, marks=marks, busy=busy)
    if marks or to.name == place.obj.states[0].name or not _joinable(target, place.obj, to):
        return _Standing(to.name, marks)
    return _Standing(to.name, marks, True, None if to.waits else to.busy)


def _over(target: Target, mark: str, to: State) -> bool:
    """Whether the mark ends in this state."""
    return to.hardware == "has" and target.mark(mark).ends == "when_hardware_has"


def _joinable(target: Target, obj: Object, state: State) -> bool:
    """Whether others can be linked to an object that is in this state, and bears no mark.

    Under a new object that is not there yet nobody has a turn, where the order says so.
    """
    if state.resting:
        return state.host == "has" and state.hardware not in target.unusable.hardware
    if state.waits:
        return usable_together(target, obj, state)
    operation = None if state.busy == "nobody" else target.operation(state.busy)
    early = operation and operation.reaches == "new" and operation.order == "parents_first"
    return state.busy not in target.unusable.busy and not early
