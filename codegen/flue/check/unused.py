# SPDX-License-Identifier: BSD-2-Clause
"""What is declared and never used: most often a name that was meant elsewhere. Warnings only."""

from flue.model import DEVICE, MACHINE
from flue.model.copies import set_by_arms
from flue.model.describe import an, named
from flue.model.queries import carried, linked_numbers, places, planning, sent_by, told_links
from flue.model.questions import with_parts

from .registry import rule
from .updates import plan_place


def _arms(target):
    return [place.arm for place in places(target)]


@rule("unused-command", warning=True)
def unused_command(target):
    """A command nothing sends is still a function every driver must write.

    Finds: a command that nothing sends.
    Mend: send it from an arm or an update rule, or take it out.
    """
    for obj in target.objects:
        sent = {r.send for r in obj.plan}
        for place in places(target):
            if place.obj is obj:
                sent |= {c.name for c in sent_by(obj, place.arm)}
        sent |= {obj.command(n).undo for n in sent if n}
        for command in obj.commands:
            if command.name not in sent:
                yield command.where, f'nothing sends the command "{command.name}"'


@rule("unused-plan", warning=True)
def unused_plan(target):
    """A plan no arm sends tells the hardware nothing.

    Finds: one of several plans that no arm sends.
    Mend: send it from an arm (`plan:`), or take it out.
    """
    for obj in target.objects:
        for plan in obj.plans if len(obj.plans) > 1 else ():
            if not planning(obj, plan):
                yield plan_place(obj, plan), f'no arm sends the plan "{plan}"'


@rule("unused-condition", warning=True)
def unused_condition(target):
    """A condition nobody asks is a guard somebody may believe in.

    Finds: a condition that nothing asks, and no condition that is asked is made of.
    Mend: ask it with `if:` where it was meant to guard, or take it out.
    """
    named = {(place.obj.name, place.arm.condition) for place in places(target)}
    named |= {(o.name, r.condition) for o in target.objects for r in o.raises}
    asked = set()
    for obj in target.sound_objects:
        names = [condition for owner, condition in named if owner == obj.name and condition]
        asked |= {(obj.name, c.name) for c in with_parts(target, obj, names)}
    everywhere = {name for _, name in asked}
    left = [c for c in target.conditions if c.name not in everywhere]
    for obj in target.objects:
        left += [c for c in obj.conditions if (obj.name, c.name) not in asked]
    parts = {name for condition in left for name in condition.parts}
    for condition in left:
        if condition.name not in parts:  # what it is made of is asked as soon as it is
            yield condition.where, f'nothing asks the condition "{condition.name}"'


@rule("unused-status", warning=True)
def unused_status(target):
    """A status no operation allows is never given.

    Finds: a status that no operation allows.
    Mend: add it to `statuses` of an operation, or take it out; `only: driver` for the driver's own.
    """
    allowed = {s for o in target.operations for s in o.statuses}
    for status in target.statuses:
        kept = status.driver_only or status.value is None
        if status.name not in allowed and not kept:
            yield status.where, f'no operation allows the status "{status.name}"'


@rule("unused-variable", warning=True)
def unused_variable(target):
    """A const nobody carries or a delegated nobody returns is not known to the hardware; a number of the
    hardware's that nobody carries names nothing; one that arms set and nobody asks for says nothing.

    Finds: a const, a link or a variable of the device that no command carries, a delegated that none
    carries or returns; unless a condition compares it; a variable of the class `machine` that none compares.
    Mend: compare it in a condition; add it to `carries` or `returns` of a command. Where the hardware really need not know,
    take it out of the spec.
    """
    linked = [
        v for o in target.objects for c in o.commands for *_, v in linked_numbers(target, o, c)
    ]
    for obj in target.objects:
        names = tuple(n for c in obj.commands for n in c.carries + c.returns)
        moved, told = carried(obj, names), carried(
            obj, tuple(n for c in obj.commands for n in c.carries)
        )
        moved |= _compared(obj) | _compared_above(target, obj)
        left: dict[str, list] = {}
        for variable in obj.variables:
            parts = {variable.name} | {f.name for f in variable.flags}
            if variable.type.kind == "handle":
                continue  # of a link, which is carried instead
            if variable.klass == MACHINE:
                if variable.name in set_by_arms(obj) - moved:
                    yield variable.where, f'no condition asks for "{variable.name}"'
                continue
            if variable.klass == DEVICE and (parts & told or variable in linked):
                continue
            if variable.klass == DEVICE or variable.klass != "cached" and not parts & moved:
                left.setdefault(variable.klass, []).append(variable)
        for klass, variables in left.items():
            verb = "carries or returns" if klass == "delegated" else "carries"
            yield variables[0].where, f"no command {verb} the {named('variable', variables)}"
        said = [x for c in obj.commands for x in told_links(target, obj, c)]
        yield from _untold(obj, [x for x in obj.links if x not in said])


def _untold(obj, links):
    """Links that no command carries; the one that adds the object would."""
    adds = [c for c in obj.commands if c.hardware == "has"]
    if links:
        which = "the link" if len(links) == 1 else "the links"
        what = " and the ".join(dict.fromkeys(x.to for x in links))
        text = f"no command carries {which}: hardware never knows the {what} of {an(obj.name)}"
        where = adds[0].place("carries") if len(adds) == 1 else links[0].where
        names = "link" if len(links) == len(obj.links) else ", ".join(x.name for x in links)
        hint = f'carries: [..., {names}], of "{adds[0].name}"' if adds else ""
        yield where, text, hint


def _compared(obj) -> set[str]:
    """The variables that are there for conditions to compare."""
    sides = [x for c in obj.conditions for x in (c.left, c.right) if x]
    sides += [s.value for cell in obj.cells for a in cell.arms for s in a.sets if s.value]
    brought = {c.variable for c in obj.conditions if c.variable}
    return brought | {x.name for x in sides if x.sort in ("variable", "own")}


def _compared_above(target, obj) -> set[str]:
    """Those that conditions of others ask about, through a link."""
    found = [(o, x) for o in target.objects for c in o.conditions for x in (c.left, c.right)]
    return {x.name for o, x in found if x and x.of and o.link(x.of).to == obj.name}


@rule("unused-mark", warning=True)
def unused_mark(target):
    """A mark is set by an arm and asked by a condition, or it says nothing.

    Finds: a mark that is never set, or never asked for.
    Mend: set it by an arm (`mark:`) and ask for it in a condition, `unusable` or `sees`; or take it
    out.
    """
    made = {arm.mark for arm in _arms(target)}
    read = set(target.unusable.marks if target.unusable else ())
    for obj in target.objects:
        read |= {s.mark for s in obj.sees}
        read |= {m for c in obj.conditions for m in c.marks}
    read |= {m for c in target.conditions for m in c.marks}
    for mark in target.marks:
        if mark.name not in made:
            yield mark.where, f'nothing sets the mark "{mark.name}"'
        elif mark.name not in read:
            yield mark.where, f'nothing asks for the mark "{mark.name}"'


@rule("unused-group", warning=True)
def unused_group(target):
    """A group that nothing uses is a set of states for which something was meant to hold.

    Finds: a group that nothing uses.
    Mend: use it under `raises` or `transfers`, or take it out.
    """
    for obj in target.objects:
        raised = [set(r.states) for r in obj.raises + obj.transfers]
        for name, words in obj.groups:
            states = {s.name for s in obj.called(words)}
            if not any(states <= each for each in raised):
                yield obj.place("groups", name), f'nothing uses the group "{name}"'


@rule("unused-type", warning=True)
def unused_type(target):
    """A type that nothing has was meant, most often, for a variable that was given another.

    Finds: a type that nothing has.
    Mend: give it to a variable or a parameter, or take it out.
    """
    used = {v.type.name.split("[")[0] for o in target.objects for v in o.variables}
    used |= {p.type.name.split("[")[0] for p in target.parameters}
    used |= {t.name for o in target.objects for e in o.events for _, t in e.data}
    for each in target.types:
        if each.name not in used and each.where:
            yield each.where, f'nothing is of the type "{each.name}"'


@rule("unused-parameter", warning=True)
def unused_parameter(target):
    """A parameter no condition compares with is a number that a driver sets in vain.

    Finds: a parameter that no condition uses, and no arm sets a variable to.
    Mend: compare an age with it (`older: ..., than: ...`), or another variable (`compare: ...`), or
    take it out.
    """
    conditions = target.conditions + tuple(c for o in target.objects for c in o.conditions)
    used = {c.than for c in conditions}
    used |= {c.right.name for c in conditions if c.right and c.right.sort == "parameter"}
    values = [s.value for place in places(target) for s in place.arm.sets if s.value]
    used |= {x.name for x in values if x.sort == "parameter"}
    for parameter in target.parameters:
        if parameter.name not in used:
            yield parameter.where, f'nothing uses the parameter "{parameter.name}"'


@rule("unused-call", warning=True)
def unused_call(target):
    """A call no indication is made by is a function that every host must give in vain.

    Finds: a call that no indication is made by.
    Mend: name it under `call` of an indication, or take it out.
    """
    used = {i.call for i in target.indications}
    for call in target.calls:
        if call.name not in used:
            yield call.where, f'no indication is made by the call "{call.name}"'
