# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: of what follows from another finding nothing is said.

A wrong claim, a wrong command or a wrong way makes all that a machine does from there on look wrong. Of
findings about arms that touch one state or one command, that on the shortest way from the first state is
where it began; the others are looked for again once it is mended.
"""

from __future__ import annotations

import re

from flue.diagnostics import Diagnostic, Report
from flue.model import Object, Target
from flue.model.dataflow import ending, steps
from flue.model.queries import decided_cells, operation_at, places, target_state, undoer

from . import misdeclared
from .registry import SPOT

# Of an arm that breaks one of these all else that is said follows from that, or cannot be known.
FIRST = (
    *("arm-never-tried", "defer-internal", "defer-at-rest", "wrong-operation", "completion-lost"),
    *("completion-doubled", "unhandled-answer", "send-in-reset", "waits-for-two", "stuck-state"),
    *("refused-as-good", "kept-taken-away", "relink-unsure", "request-not-kept", "false-claim"),
    *("false-success", "set-wrong"),
)
# What is concluded from what an object has done before.
CONCLUDED = frozenset(
    (
        *("false-claim", "false-success", "false-failure", "not-returned", "not-told"),
        *("out-of-place", "undo-of-nothing", "undo-twice", "undo-order", "undo-unknown-kind"),
        *("completion-lost", "completion-doubled", "wrong-operation", "unhandled-answer"),
        *("stuck-state", "busy-cycle", "number-unknown", "number-of-the-gone", "no-bad-result"),
        *("guard-forgotten-dependents", "guard-forgotten-link", "nothing-to-wait-for"),
        *("relink-unsure", "transfers-lost", "kept-taken-away"),
    )
)
# Where a list of arms has the first of these, the others are about what stands behind it.
OF_LISTS = (
    ("arm-never-tried", "wrong-question"),
    ("guard-forgotten-link", "guard-forgotten-dependents", "arm-never-tried"),
)
# Where an event is undecided nothing is known of what it would have led to.
UNDECIDED = frozenset(("undecided", "no-last-arm"))
# Where an object has one of the first, the others follow.
FOLLOW = (
    (
        UNDECIDED
        | {"completion-lost", "completion-doubled", "wrong-operation", "unhandled-answer"},
        frozenset(("never-ended",)),
    ),
    # An arm of another event than was meant.
    (frozenset(("never-happens",)), frozenset(("undecided", "never-ended"))),
    # An indication that is about another object.
    (frozenset(("wrong-indication",)), frozenset(("wrong-tell",))),
    # Where a handle is named the link is meant: it is no value that lacks.
    (frozenset(("handle-as-value",)), frozenset(("not-carried", "add-incomplete"))),
    # What is named wrongly stands where another name lacks.
    (
        frozenset(("update-not-cached", "not-carried")),
        frozenset(("cached-not-carried", "add-incomplete", "plans-differ")),
    ),
)

# What is concluded from what lies before a part of a structure, and how much there is.
OF_LAYOUTS = frozenset(("misaligned", "layout-size"))

Place = tuple[str, int, int]
NEVER = 1 << 30  # of an arm that no way leads to


def drop(target: Target, report: Report) -> None:
    """Take out what follows from something else."""
    _of_layouts(report)
    report.keep_first(_arms(target), FIRST)
    kinds = {obj.file for obj in target.sound_objects}
    found = [d for d in report.diagnostics if d.severity == "error"]
    concluded = [d for d in found if d.rule in CONCLUDED]
    vain = _asked_in_vain(target, found)
    for obj in target.sound_objects:
        own = [d for d in concluded if d.file == obj.file]
        report.drop(_of_the_first(obj, own) or _of_commands(obj, own) or _later(target, obj, own))
        report.drop(_behind(obj, [d for d in found if d.file == obj.file], vain))
        report.drop(
            _of_endings(target, obj, [d for d in found if d.file in (obj.file, target.file)])
        )
        for causes, others in FOLLOW:
            if any(d.rule in causes and d.file == obj.file for d in found):
                report.drop(d for d in found if d.rule in others and d.file == obj.file)
    misdeclared.drop(target, report)
    of_defaults = [d for d in concluded if d.file not in kinds]
    if any(_of_several(d) for d in of_defaults):  # so it is the default's fault
        report.drop(d for d in concluded if d.file in kinds)
    elif any(d.file in kinds for d in concluded):  # a default is wrong for what one object does
        report.drop(of_defaults)
    _join(target, report)


def _join(target: Target, report: Report) -> None:
    """What is wrong alike with several objects is said of the first, and where else it is so."""
    names = re.compile(rf"\ban? (?:{'|'.join(o.name for o in target.objects)})\b")
    files = {obj.file for obj in target.objects}
    alike: dict[tuple, list[Diagnostic]] = {}
    for d in report.diagnostics:
        if d.file in files:
            text = names.sub("*", d.text)
            alike.setdefault((d.rule, d.severity, text), []).append(d)
    for first, *others in alike.values():
        one_cause = first.rule not in CONCLUDED  # else each place lacks something of its own
        twice = [d for d in others if one_cause and d.text == first.text]
        elsewhere = [d for d in others if d.file != first.file or d in twice]
        report.drop(elsewhere)
        if elsewhere:
            places = ", ".join(d.place for d in elsewhere)
            report.hint(first, "; ".join(filter(None, (first.hint, f"the same at {places}"))))


def _of_layouts(report: Report) -> None:
    """Of structures in a file all but the first: what is behind it lies elsewhere than it was to."""
    first: dict[str, Diagnostic] = {}
    for d in report.diagnostics:
        if d.rule in OF_LAYOUTS and first.setdefault(d.file, d) is not d:
            report.drop([d])


def _of_several(found: Diagnostic) -> bool:
    """Whether a default is wrong for more objects than one."""
    return len(set(SPOT.findall(found.text + found.hint))) > 1


def _arms(target: Target) -> set:
    """Where arms stand."""
    return {a.where for o in target.sound_objects for c in o.cells for a in c.arms if a.where}


def _at(found: Diagnostic) -> Place:
    return found.file, found.line, found.column


def _of_the_first(obj: Object, found: list[Diagnostic]) -> list[Diagnostic]:
    """All but what is said of the first state's own claim: nothing that an object does begins with that."""
    at = obj.states[0].where
    first = [d for d in found if _at(d) == (at.file, at.line, at.column)]
    return [d for d in found if first and d is not first[0]]


def _of_commands(obj: Object, found: list[Diagnostic]) -> list[Diagnostic]:
    """All but what is said of a command itself: what that lacks nothing else can make good."""
    places = {(c.where.file, c.where.line, c.where.column) for c in obj.commands}
    first = [d for d in found if _at(d) in places]
    return [d for d in found if first and d is not first[0]]


def _later(target: Target, obj: Object, found: list[Diagnostic]) -> list[Diagnostic]:
    """All but the first of those that touch one state or one command, and so on."""
    about = _about(target, obj)
    groups: list[tuple[set, list[Diagnostic]]] = []
    for one in found:
        touched, together = set(about.get(_at(one), (NEVER, {_at(one)}))[1]), [one]
        for group in [g for g in groups if g[0] & touched]:
            groups.remove(group)
            touched, together = touched | group[0], together + group[1]
        groups.append((touched, together))
    first = {id(min(g, key=lambda d: about.get(_at(d), (NEVER,))[0])) for _, g in groups}
    return [d for d in found if id(d) not in first]


def _about(target: Target, obj: Object) -> dict[Place, tuple[int, set]]:
    """Of each place in a machine how early it is come to, and the states and commands it touches."""
    order: dict = {}
    under_way: dict = {}
    for i, step in enumerate(steps(target, obj)):
        order.setdefault((step.state.name, step.event, step.arm.where), i)
        under_way.setdefault((step.state.name, step.event), set()).add(step.before.subject)
    about: dict[Place, tuple[int, set]] = {}
    for state, cell in decided_cells(target, obj):
        for arm in cell.arms:
            to = target_state(obj, state, arm)
            soon = order.get((state.name, cell.event, arm.where), NEVER)
            touched: set = {s.as_written for s in (state, to) if s.index}
            touched |= {("event", e.name) for e in obj.events if e.name == cell.event}
            for name in (*under_way.get((state.name, cell.event), ()), arm.subject):
                touched |= _commands(obj, name)
            for at in (arm.where, *(arm.place(key) for key in KEYS)):
                before, others = about.get((at.file, at.line, at.column), (NEVER, set()))
                about[at.file, at.line, at.column] = min(soon, before), others | touched
            at = to.where
            before, _ = about.get((at.file, at.line, at.column), (NEVER, set()))
            about[at.file, at.line, at.column] = min(soon, before), {to.as_written}
    return about


KEYS = ("to", "status", "refuse", "send", "plan", "undo", "mark", "retry")


def _commands(obj: Object, name: str | None) -> set:
    """A command and what takes it back, as something that findings have in common."""
    command = next((c for c in obj.commands if c.name == name), None)
    undo = undoer(obj, command) if command else None
    return {("command", c.name) for c in (command, undo) if c}


def _of_endings(target: Target, obj: Object, found: list[Diagnostic]) -> list[Diagnostic]:
    """What is said of arms that give an object back by an operation that takes none away: all its other
    arms may be why; so that counts only where nothing else is wrong, and once for each operation.
    """
    gives: dict[Place, str] = {}
    for place in (p for p in places(target) if p.obj is obj and p.to.host == "has_not"):
        operation = operation_at(target, place.state, place.event)
        if operation and operation.reaches != "new" and operation.name not in ending(target):
            at = place.arm.where
            gives[at.file, at.line, at.column] = operation.name
    follow = [d for d in found if d.rule == "false-claim" and _at(d) in gives]
    if len(follow) < len(found):
        return follow
    first = {gives[_at(d)]: d for d in reversed(follow)}
    return [d for d in follow if d not in first.values()]


def _asked_in_vain(target: Target, found: list[Diagnostic]) -> set[str]:
    """Conditions of the target of which it is said where they stand that nobody can ask them."""
    at = {_at(d) for d in found if d.rule == "wrong-question"}
    wheres = ((c.name, c.where) for c in target.conditions if c.where)
    return {name for name, w in wheres if (w.file, w.line, w.column) in at}


def _behind(obj: Object, found: list[Diagnostic], vain: set[str]) -> list[Diagnostic]:
    """What is said of arms behind one that is never tried, or asks what has one answer only."""
    first, others = OF_LISTS
    out = []
    for cell in obj.cells:
        inside = [d for d in found for arm in cell.arms if arm.where and d.is_in(arm.where)]
        causes = [d for d in inside if d.rule in first]
        if causes or any(arm.condition in vain for arm in cell.arms):
            out += [d for d in inside if d not in causes[:1] and d.rule in others]
    return out
