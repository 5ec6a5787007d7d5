# SPDX-License-Identifier: BSD-2-Clause
"""What an object has of its variables: its own copy, and where in it there is room for which."""

from __future__ import annotations

from .object import Object
from .struct_layout import meet, variable_item
from .target import Target
from .types import MACHINE, Variable


def bringing(target: Target, klass: str) -> set[str]:
    return {o.name for o in target.operations if klass in o.brings}


def has_room(target: Target, obj: Object, v: Variable) -> bool:
    """Whether there is room for it: what only answers bring may lie where another variable lies in
    other operations."""
    if not v.operations or bringing(target, v.klass) & set(v.operations):
        return True
    return not lies_under_another(obj, v)


def lies_under_another(obj: Object, v: Variable) -> bool:
    others = (variable_item(other) for other in obj.of_class(v.klass) if other is not v)
    return any(meet(variable_item(v), other) for other in others)


def has_value(target: Target, v: Variable) -> bool:
    """Whether the object's copy holds a value of it as soon as the host has the object: one of the
    machine's own is set by then, or that is an error of its own."""
    if v.klass == MACHINE:
        return True
    new = {o.name for o in target.operations if o.reaches == "new"}
    return new <= set(brought_by(target, v))


def set_by_arms(obj: Object) -> frozenset[str]:
    """The variables that arms of its machine set."""
    return frozenset(s.variable for cell in obj.cells for arm in cell.arms for s in arm.sets)


def brought_by(target: Target, v: Variable) -> list[str]:
    """The operations that bring a variable to the target, in their order."""
    return [o.name for o in target.operations if v.klass in o.brings and v.exists_in(o.name)]
