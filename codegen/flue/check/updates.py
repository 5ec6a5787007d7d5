# SPDX-License-Identifier: BSD-2-Clause
"""The update section: all the host may change is carried, and by a command that can carry it."""

from flue.model.copies import brought_by, set_by_arms
from flue.model.dataflow import steps
from flue.model.describe import an, named
from flue.model.queries import (
    carried,
    moving,
    named_links,
    planning,
    quoted,
)

from .links import the_links
from .registry import rule


def _owners(obj) -> dict:
    """Variables and flags by name, each with the variable it belongs to."""
    names = {v.name: v for v in obj.variables}
    names.update({f.name: v for v in obj.variables for f in v.flags})
    return names


def _pulses(obj) -> dict:
    return {f.name: f for v in obj.of_class("cached") for f in v.flags if f.pulse}


@rule("update-not-cached")
def update_not_cached(target):
    """The host changes cached variables and, where a relink is declared, the link; nothing else.

    Finds: an update of a const or delegated variable, of what is not there in an update, or of a link
    that never changes.
    Mend: move the variable to the class `cached`, or take it out of the rule or of `brings`; for a
    link say `relinked_by`.
    """
    for operation in target.operations:
        for i, klass in enumerate(operation.brings):
            if operation.reaches == "reference" and klass in ("const", "delegated"):
                text = f'"{operation.name}" brings {klass} variables of objects that are there'
                yield operation.place("brings", i), text, "the host changes cached variables only"
    for obj in target.objects:
        owners = _owners(obj)
        for planned in obj.plan:
            for i, name in enumerate(planned.changed):
                where = planned.place("changed", i)
                links = named_links(obj, (name,))
                if (
                    links
                    and not any(moving(target, obj, x) for x in links)
                    and _well_told(obj, links)
                ):
                    yield where, *_never_moves(obj, links)
                elif name in owners and owners[name].klass != "cached":
                    text = f'"{name}" is {owners[name].klass}: the host cannot change it'
                    yield where, text
            pulse = owners.get(planned.pulse)
            if pulse and pulse.klass != "cached":
                continue  # has a rule of its own
            for name, path in _told(planned):
                if name in owners and not _in_an_update(target, obj, owners[name]):
                    text = f'"{name}" is not there in {quoted(planning(obj), " or ")}'
                    yield planned.place(*path), f"{text}: it never changes", (
                        f'it is in {quoted(owners[name].operations, ", ")} only'
                    )


def _may_change(obj, name) -> bool:
    """What cannot is a mistake of its own."""
    owner = _owners(obj).get(name)
    return owner is None or owner.klass == "cached" and owner.type.kind != "handle"


def _well_told(obj, links) -> bool:
    """Whether the host gives what tells them, or nobody is to; else that is the mistake."""
    handles = [obj.variable(x.by) for x in links if x.by is not None]
    told = all(v.klass in ("const", "cached") for v in handles)
    return told and not any(x.relinked_by for x in links)


def _never_moves(obj, links):
    if len(obj.links) == 1 and links[0].by is None:
        return f"the link of {an(obj.name)} never changes", "relinked_by says so"
    text = f"{the_links(links)} of {an(obj.name)} never change{'s' * (len(links) == 1)}"
    if len(links) > 1:
        return text, "no operation brings what tells them"
    if links[0].by is None:
        return text, "relinked_by says so"
    klass = obj.variable(links[0].by).klass
    return text, f'its handle "{links[0].by}" is {klass}, and no operation brings it'


def _apart(target, obj, word) -> list[str]:
    """A word of a `changed:` list: the links that can move, where it means links."""
    links = named_links(obj, (word,))
    return [x.name for x in links if moving(target, obj, x)] if links else [word]


def _told(planned) -> list[tuple[str, tuple]]:
    """The words of a line of the plan, each with the path to its place."""
    told: list[tuple[str, tuple]] = [(n, ("changed", i)) for i, n in enumerate(planned.changed)]
    return told + ([(planned.pulse, ("pulse",))] if planned.pulse else [])


def _in_an_update(target, obj, variable) -> bool:
    """Whether it exists where what was brought is compared with the object's copy."""
    if variable.name in set_by_arms(obj) and not brought_by(target, variable):
        return False
    return not planning(obj) or any(variable.exists_in(o) for o in planning(obj))


@rule("cached-not-carried")
def cached_not_carried(target):
    """A new value that no command carries would be kept by the host and unknown to the hardware.

    Finds: a cached variable, flag, pulse or link that no update rule names, or only with a pulse.
    Mend: add a line to the plan: the command that tells it, or `send: nothing` if the hardware need
    not know.
    """
    for obj in target.objects:
        if len(obj.plans) > 1:
            yield from _unnamed(target, obj)
            continue
        carries, pulses = _named(obj, obj.plan)
        left: dict[tuple, list] = {}
        for variable in obj.of_class("cached"):
            if variable.type.kind == "handle" or variable.name in {x.by for x in obj.links}:
                continue  # the link is told instead
            plain = variable.flags or (variable,)
            for each in plain if _in_an_update(target, obj, variable) else ():
                if each.name not in carries and each.name not in pulses:
                    left.setdefault(_sort_of(obj, variable, each), []).append(each)
        for (kind, pulse), parts in left.items():
            yield parts[0].where, *_uncarried(obj, kind, pulse, parts)
        for link in obj.links:
            movers = moving(target, obj, link)
            if movers and not {link.name, link.by} & carries:
                which = "the link" if len(obj.links) == 1 else f'the link "{link.name}"'
                text = f'"{movers[0]}" relinks {an(obj.name)}, but no update rule carries {which}'
                yield _moves_at(link), text


def _named(obj, rules) -> tuple[frozenset, set]:
    """What some rules name in any case; and pulses."""
    always = tuple(n for r in rules if not r.effect and not r.pulse for n in r.changed)
    return carried(obj, always), {r.pulse for r in rules}


def _unnamed(target, obj):
    """What an operation brings and the plan that it is served by does not name would be kept all the same."""
    for plan in obj.plans:
        carries, pulses = _named(obj, [r for r in obj.plan if plan in r.plans])
        used = planning(obj, plan)
        parts = [
            each.name
            for v in obj.of_class("cached")
            if v.type.kind != "handle" and any(v.exists_in(o) for o in used)
            for each in v.flags or (v,)
        ]
        links = [x for x in obj.links if set(moving(target, obj, x)) & set(used)]
        parts += [x.name for x in links if x.by not in carries]
        missing = [name for name in parts if name not in carries | pulses]
        if missing:
            text = f'the plan "{plan}" does not name {quoted(missing)}, which {quoted(used, " and ")} may bring'
            yield plan_place(obj, plan), text, f"{{changed: [{missing[0]}], send: ...}}"


def plan_place(obj, plan):
    return obj.key("plans", plan) or obj.place(plan)


def _moves_at(link):
    return link.place("relinked_by") if link.by is None else link.place("by")


def _sort_of(obj, variable, part) -> tuple[str, str | None]:
    """What it is, and the pulse without which it is not told."""
    some = [r.pulse for r in obj.plan if part.name in r.changed and r.pulse and not r.effect]
    kind = "pulse" if part.name in _pulses(obj) else "flag" if part is not variable else "variable"
    return kind, some[0] if some else None


def _uncarried(obj, kind, pulse, parts) -> tuple[str, str]:
    """What is not carried, and the rule that would do."""
    names = ", ".join(x.name for x in parts)
    hint = f"{{changed: [{names}], send: a command, or nothing if only software keeps it}}"
    if kind == "pulse":
        hint = f"{{pulse: {parts[0].name}, send: ...}} tells the hardware"
    text = f"no update rule of {obj.name} carries the {named(kind, parts)}"
    if pulse:  # kept with any update, but told with some only
        text += f' where the pulse "{pulse}" is not set'
    return text, hint


@rule("add-incomplete", once=True)
def add_incomplete(target):
    """What updates tell the hardware a new or restored object must begin with, too.

    Finds: a variable, flag or link that updates change and that a new or restored object begins
    without.
    Mend: add it to `carries` of the command that adds the object; naming the class `cached` takes
    all, also those to come.
    """
    for obj in target.objects:
        told = dict.fromkeys(n for r in obj.plan if r.send and not r.effect for n in r.changed)
        told = {n: None for n in told if _may_change(obj, n)}
        for step in steps(target, obj):
            after = step.after
            if not step.to.resting or (after.before, after.hardware) == ("has", "has"):
                continue
            adds = [n for n in sorted(after.sent) if obj.command(n).hardware == "has"]
            if after.hardware != "has" or not adds:
                continue
            names = tuple(n for c in after.sent for n in obj.command(c).carries)
            carries = carried(obj, names)
            missing = [n for n in told if not carries.issuperset(_apart(target, obj, n))]
            if missing:
                text = f'"{adds[0]}" does not carry {quoted(missing)}, which updates change'
                hint = f"a new {obj.name} would begin without"
                yield obj.command(adds[0]).place("carries"), text, hint


@rule("not-carried")
def not_carried(target):
    """A rule can only send a command what the command takes.

    Finds: an update rule that names a change which its command does not carry.
    Mend: add it to the command's `carries`, or send another command.
    """
    for obj in target.objects:
        for planned in obj.plan:
            if not planned.send or planned.effect:  # an effect is told by name, without values
                continue
            command = obj.command(planned.send)
            carries = carried(obj, command.carries)
            for name, path in _told(planned):
                if _may_change(obj, name) and not carries.issuperset(_apart(target, obj, name)):
                    text = f'"{command.name}" does not carry "{name}"'
                    yield planned.place(*path), text, f'add it to carries of "{command.name}"'


@rule("rule-without-reason")
def rule_without_reason(target):
    """What no change and no pulse asks for is never sent.

    Finds: an update rule that names neither a change nor a pulse.
    Mend: add `changed: [...]`, `pulse: ...`, or both.
    """
    for obj in target.objects:
        for planned in obj.plan:
            if not planned.changed and planned.pulse is None:
                text = "this rule names no change and no pulse: it never counts"
                yield planned.where, text, "changed: [...], or pulse: ..., or both"


@rule("pulse-as-value")
def pulse_as_value(target):
    """A pulse always acts and is never kept, so it has no old value to differ from.

    Finds: a pulse under `changed`.
    Mend: name it under `pulse`.
    """
    for obj in target.objects:
        for planned in obj.plan:
            for i, name in enumerate(planned.changed):
                if name in _pulses(obj):
                    text = f'"{name}" is a pulse and cannot be compared'
                    yield planned.place("changed", i), text, f"pulse: {name}"


@rule("pulse-not-cached")
def pulse_not_cached(target):
    """A pulse acts when an update brings it, and updates bring cached variables.

    Finds: `pulses` of a variable of another class.
    Mend: move the variable to the class `cached`; or make flags of them.
    """
    for obj in target.objects:
        for v in obj.variables:
            if v.klass != "cached" and any(f.pulse for f in v.flags):
                text = f'"{v.name}" is {v.klass}: no update brings its pulses'
                yield v.key("pulses"), text, "flags, or a cached variable"
