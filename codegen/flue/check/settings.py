# SPDX-License-Identifier: BSD-2-Clause
"""What arms set: variables of the object that nobody else has, or that only the host is told of."""

from flue.model import DEVICE, MACHINE
from flue.model.copies import brought_by, has_value, set_by_arms
from flue.model.dataflow import steps
from flue.model.describe import an
from flue.model.queries import (
    carried,
    host_knows,
    is_good,
    is_of_device,
    operation_at,
    places,
    quoted,
)

from . import comparisons
from .registry import rule

SETTABLE = (MACHINE, "cached")


def _set(target):
    """Each place and what its arm sets there."""
    for place in places(target):
        for setting in place.arm.sets:
            yield place, setting, place.obj.variable(setting.variable)


def _fit(target):
    """The same of what can be set at all: what cannot is found already."""
    return (found for found in _set(target) if not _unfit(found[2]))


def _unfit(v):
    """Why an arm cannot set a variable."""
    if v.klass not in SETTABLE:
        return f'"{v.name}" is {v.klass}: arms set variables of the classes machine and cached'
    if v.secret:
        return f'"{v.name}" is a secret, and whatever the host gave is the only value of it'
    plain = v.type.number and v.type.kind == "value" and not v.flags and not v.only
    return (
        None if plain else f'"{v.name}" cannot be set: it is no whole number that is always there'
    )


@rule("set-wrong", once=True)
def set_wrong(target):
    """An arm sets whole numbers that the machine or the host may change, to what fits them.

    Finds: `set` of a variable that is const, delegated, a number of the hardware's or an argument of the
    request, of a secret, or of what is no whole number; a value that does not fit, or is not there on
    this event.
    Mend: declare a variable of the class `machine` for it; set it to a number that it can have, or to a
    variable of the same kind.
    """
    for place, setting, v in _set(target):
        text = _unfit(v)
        if text:
            yield setting.where, text
            continue
        reason = _misfit(target, place, setting, v)
        if reason:
            more = ("add",) if setting.value is None else ()
            data = (
                dict(place.obj.event(place.event).data)
                if is_of_device(place.obj, place.event)
                else {}
            )
            meant = (
                setting.value and setting.value.sort == "variable" and setting.value.name in data
            )
            hint = f"did you mean event.{setting.value.name}?" if meant else ""
            yield place.arm.place("set", v.name, *more), reason, hint


def _misfit(target, place, setting, v):
    """Why a variable cannot be set to this."""
    value = setting.value
    if value is None:
        return None if setting.add <= v.ones else f'{setting.add} is more than "{v.name}" can have'
    if value.sort == "number":
        fits = comparisons.fits(v, value.number)
        return None if fits else f'{value.number} does not fit "{v.name}" ({comparisons.kind(v)})'
    if value.sort == "event":
        return _narrow(v, dict(place.obj.event(place.event).data)[value.name], value)
    other = comparisons.meant(target, place.obj, value)
    if getattr(other, "secret", False):
        return f'"{value.name}" is a secret: what it is set to would tell it'
    if comparisons.no_number(other, value.name):
        return f'"{value.name}" is no whole number that is always there'
    return _narrow(v, other.type, value, other) or _not_there(target, place, value)


def _narrow(v, type_, value, other=None):
    """Why a value of another variable, a parameter or data need not be one of this."""
    low, high = (-(v.ones // 2) - 1, v.ones // 2) if v.type.signed else (0, v.ones)
    ones = getattr(other, "ones", (1 << 8 * type_.bytes) - 1)
    most = ones // 2 if type_.signed else ones
    least = -(ones // 2) - 1 if type_.signed else 0
    reason = comparisons.differ(v, other) if other is not None else None
    if reason is None and not low <= least <= most <= high:
        reason = "it can have values that do not fit"
    what = f'"{value.name}" ({comparisons.kind(other) if other is not None else type_.name})'
    return f'{what} is no value of "{v.name}" ({comparisons.kind(v)}): {reason}' if reason else None


def _not_there(target, place, value):
    """Why a variable has no value when the arm is performed."""
    if value.sort == "parameter":
        return None
    v = place.obj.variable(value.name)
    operation = operation_at(target, place.state, place.event)
    brings = value.sort == "variable" and operation and operation.name in brought_by(target, v)
    if brings or v.name in comparisons.answered(target, place):
        return None
    if v.klass == DEVICE or not host_knows(target, place.state) or not has_value(target, v):
        return f'"{v.name}" has no value on "{place.event}" in {place.spot}'
    return None


@rule("set-too-early", once=True)
def set_too_early(target):
    """What is set stays set: an operation that fails afterwards would leave it so, and not all as before.

    Finds: `set` in an arm that leads to, or stays in, a busy state when nothing has failed yet.
    Mend: set it where the commands are `done`, or where one has `failed`; on an event of the device.
    """
    for obj in target.sound_objects:
        for step in steps(target, obj):
            fine = step.to.resting or step.after.failed or is_of_device(obj, step.event)
            for setting in () if fine else step.arm.sets:
                text = f'"{setting.variable}" is set before "{step.to.name}", which may still fail'
                yield setting.where, text, "set it on done"


@rule("set-in-failure", once=True)
def set_in_failure(target):
    """After a bad status all is as before, and the host still has the values that it had brought.

    Finds: `set`, with a bad status, of a variable that an operation brings.
    Mend: give it a good status, or set a variable of the class `machine`, or one with `in:`, which no
    operation brings.
    """
    for place, setting, v in _fit(target):
        status = place.arm.status
        if not operation_at(target, place.state, place.event) or not status:
            continue
        if brought_by(target, v) and not is_good(target, status):
            text = f'"{v.name}" is the host\'s, by "{brought_by(target, v)[0]}"'
            yield setting.where, f'{text}, and "{status}" says that it is as before'


@rule("set-over", once=True)
def set_over(target):
    """With a good status the object has what the request brought, whatever was set before.

    Finds: `set` of a variable in an operation that brings it, with a good status.
    Mend: take it out, or set another variable.
    """
    for place, setting, v in _fit(target):
        operation = operation_at(target, place.state, place.event)
        if operation and operation.name in brought_by(target, v):
            if is_good(target, place.arm.status):
                text = f'"{operation.name}" brings "{v.name}" itself'
                yield setting.where, f"{text}, and that is kept instead"


@rule("set-untold", once=True)
def set_untold(target):
    """What the hardware was told of an object is what the object has; else no update would find the difference.

    Finds: `set` of a variable that a command carries.
    Mend: set a variable that the hardware need not know.
    """
    told = set()
    for place, setting, v in _fit(target):
        by = [c for c in place.obj.commands if v.name in carried(place.obj, c.carries)]
        if by and (place.obj.name, v.name) not in told:
            told.add((place.obj.name, v.name))
            text = f'"{by[0].name}" tells the hardware "{v.name}", which would not know'
            yield setting.where, text


@rule("set-first")
def set_first(target):
    """A variable that no request brings has the value of an object before, until it is set.

    Finds: a variable that arms set, or one of the class `machine`, that has no value when the host gets
    the object.
    Mend: set it in each arm that gives a new object to the host.
    """
    new = [o.name for o in target.operations if o.reaches == "new"]
    for obj in target.sound_objects:
        named, begun = set_by_arms(obj), []
        for v in obj.variables:
            begins = v.klass == MACHINE or (v.name in named and not has_value(target, v))
            if not begins or _unfit(v):
                continue
            begun.append(v.name)
        at_arms = list(_begun_without(target, obj, begun, new))
        left = [obj.variable(n) for n in begun if n not in named and not at_arms]
        yield from at_arms or ((v.where, f'no arm sets "{v.name}"') for v in left)


def _begun_without(target, obj, names, new):
    seen = set()
    for step in steps(target, obj):
        operation = operation_at(target, step.state, step.event)
        gives = operation and operation.name in new and is_good(target, step.arm.status)
        mine = [s for s in step.arm.sets if s.variable in names]
        left = [n for n in names if n not in [s.variable for s in mine]]
        if gives and left and step.arm.where not in seen:
            seen.add(step.arm.where)
            verb = "is" if len(left) == 1 else "are"
            text = f"the host gets {an(obj.name)} of which {quoted(left)} {verb} not set"
            yield step.arm.where, text, f"set: {{{', '.join(f'{n}: ...' for n in left)}}}"
        for setting in mine:
            if gives and setting.value is None:
                yield setting.where, f'"{setting.variable}" is no number yet that could be more'
