# SPDX-License-Identifier: BSD-2-Clause
"""Comparisons: of two numbers of one kind, one of which may be a number that is written down."""

from flue.model import DEVICE, MACHINE, REQUEST
from flue.model.copies import brought_by, has_value
from flue.model.dataflow import steps
from flue.model.describe import an
from flue.model.queries import carried, laying

# A parameter is a word of `struct flue_config`.
PARAMETER_BYTES = 4


def findings(target, obj, condition):
    """What is wrong with the two sides of a comparison: (where, text[, hint])."""
    left, right = condition.left, condition.right
    v = target.compared(obj, left) if left else None
    if v and condition.form == "flags":
        reason = _not_known(target, obj, left, v)
        if reason:
            yield condition.place("flags"), reason
        else:
            yield from _no_flags(v, left.word, condition)
    if v is None or right is None:
        return
    side = "than" if condition.key("than") else "with"
    reason = _not_known(target, obj, left, v) or no_number(v, left.word)
    if reason is None and side == "than" and v.type.kind != "age":
        reason = f'"{left.word}" is of type {v.type.name}, not an age'
    if reason:
        yield condition.place("older" if side == "than" else "compare"), reason
        return
    if right.sort == "number":
        if not fits(v, right.number):
            yield condition.place(side), f'{right.number} does not fit "{left.word}" ({kind(v)})'
        return
    other = meant(target, obj, right)
    if other is None:
        return
    reason = _not_known(target, obj, right, other) or no_number(other, right.word)
    if reason is None and side == "than" and (other.type.kind == "age" or other.type.enum):
        reason = f'"{other.name}" is of type {other.type.name} and cannot be compared with an age'
    if reason:
        yield condition.place(side), reason
        return
    reason = differ(v, other)
    if reason:
        text = f'"{left.word}" ({kind(v)}) cannot be compared with "{right.word}" ({kind(other)})'
        yield condition.place(side), f"{text}: {reason}"


def _not_known(target, obj, side, v) -> str | None:
    """Why nothing is known of a variable of what a link leads to."""
    if not side.of:
        return None
    to = obj.link(side.of).to
    if v.klass in (DEVICE, REQUEST, "delegated"):
        return f'"{side.word}" is {v.klass}: of {an(to)} only const, cached and machine are asked about'
    if v.type.kind == "age":
        return f'"{side.word}" is an age: only the {to} itself asks how long ago that was'
    if not has_value(target, v):
        return f'of "{v.name}" {an(to)} has no value: what makes it brings none'
    return None


def _no_flags(v, word, condition):
    if not any(not f.pulse for f in v.flags):
        yield condition.place("flags"), f'"{word}" has no flags'
    elif v.only:
        text = f'"{word}" is there for "{v.only}" only, and has no flags in others'
        yield condition.place("flags"), text


def meant(target, obj, operand):
    if operand.sort == "parameter":
        return next(p for p in target.parameters if p.name == operand.name)
    return target.compared(obj, operand)


def no_number(v, name) -> str | None:
    """Why a variable or a parameter cannot be compared with anything."""
    text = f'"{name}" is of type {v.type.name}, and only whole numbers are compared'
    if v.type.array or v.type.kind in ("pointer", "opaque"):
        return text
    if getattr(v, "flags", ()):
        return f'"{name}" is made of flags, and only whole numbers are compared'
    if getattr(v, "only", None):
        return f'"{name}" is there for "{v.only}" only, and has no value to compare in others'
    if not hasattr(v, "klass") and v.type.bytes > PARAMETER_BYTES:
        return f'"{name}" is of type {v.type.name}, and parameters that are compared have 32 bits'
    return None


def fits(v, number) -> bool:
    low = -(v.ones // 2) - 1 if v.type.signed else 0
    return low <= number <= low + v.ones


def differ(a, b) -> str | None:
    if a.type.signed != b.type.signed:
        return "one of them has a sign"
    if (a.type.enum or b.type.enum) and a.type.name != b.type.name:
        return "their values mean different things"
    units = [getattr(x, "unit", "") or x.type.unit for x in (a, b)]
    return "their units differ" if all(units) and units[0] != units[1] else None


def kind(v) -> str:
    unit = getattr(v, "unit", "") or v.type.unit
    bits = (
        f"{v.type.name}, bits {v.bits[0]}..{v.bits[1]}" if getattr(v, "bits", None) else v.type.name
    )
    return f"{bits} in {unit}" if unit not in ("", v.type.name) else bits


def answered(target, place) -> frozenset[str]:
    """What the answer that an arm is about has just brought, on every way to it."""
    if place.event != "done":
        return frozenset()
    here = (place.state, place.event)
    found = [s.before for s in steps(target, place.obj) if (s.state, s.event) == here]
    told = (
        place.obj.command(fact.subject).returns if fact.verb == "send" else () for fact in found
    )
    brought = [carried(place.obj, words) for words in told]
    if not brought:  # nothing leads there, which is a mistake of its own
        return frozenset(v.name for v in place.obj.variables)
    return frozenset.intersection(*brought)


def unanswerable(target, obj, operation, condition, has_copy, fresh=frozenset()) -> str | None:
    """Why a comparison has one answer only, or none, where `operation` brought the node (None: no
    node); `has_copy`: whether the object has been brought its values by then; `fresh`: what an answer
    has just brought."""
    left, right = condition.left, condition.right
    there = {}
    for operand in (left, right):
        if operand and operand.of and not (has_copy or _told(target, obj, operation, operand.of)):
            who = f'"{operation.name}"' if operation else "nobody"
            return f'{who} brings no link "{operand.of}", and the object has none yet'
        if operand is None or operand.sort not in ("variable", "own"):
            continue
        v = obj.variable(operand.name)
        brings = (
            operand.sort == "variable" and operation and operation.name in brought_by(target, v)
        )
        there[operand] = "node" if brings else "own"
        reason = None if brings or v.name in fresh else _no_value(target, v, operand, has_copy)
        if reason == "yet":
            who = f'"{operation.name}" does not bring it' if operation else "there is no node"
            reason = f'of "{v.name}" the object has no value yet, and {who}'
        if reason:
            return reason
    same = right and left.name == right.name and right in there and left != right
    if same and there[left] == there[right]:
        return f'"{left.name}" of the node is the object\'s own, as nothing brings another'
    return None


def _no_value(target, v, operand, has_copy) -> str | None:
    """Why the object's copy has no value of a variable."""
    if v.klass == MACHINE and has_copy:
        return None
    if v.klass == DEVICE:
        return f'"{v.name}" is asked about only where an answer has just brought it'
    if not has_copy:
        own = operand.sort == "own"
        return f'the object has no "{v.name}" of its own yet' if own else "yet"
    if not has_value(target, v):
        return f'of "{v.name}" the object has no value: what makes it brings none'
    return None


def _told(target, obj, operation, link) -> bool:
    """Whether a new object is told where this link leads."""
    return operation is not None and operation.name in laying(target, obj, obj.link(link))
