# SPDX-License-Identifier: BSD-2-Clause
"""What a suite says of the variables that arms set."""

from __future__ import annotations

from flue.model import MACHINE, Object, Setting, Target
from flue.model.c_names import Names

from .suite_comparisons import operand
from .suite_values import lies

Sets = tuple[Setting, ...]


def _all(obj: Object) -> dict[tuple, tuple[str, Sets]]:
    """Every list that an arm has, by what it says and on which event."""
    found = ((cell.event, arm.sets) for cell in obj.cells for arm in cell.arms if arm.sets)
    return {_key(event, sets): (event, sets) for event, sets in found}


def _key(event: str, sets: Sets) -> tuple:
    return (event, *((s.variable, s.value, s.add) for s in sets))


def lists(target: Target, obj: Object) -> list[list[str]]:
    """A line for each variable, in each list that there is."""
    return [[_line(target, obj, event, s) for s in sets] for event, sets in _all(obj).values()]


def of_arms(obj: Object) -> list[tuple[int, int]]:
    """The number of each arm that sets something, of all rows of the suite, and of its list."""
    rows = [(c.event, arm) for c in obj.cells for arm in c.arms]
    known = list(_all(obj))
    return [
        (i, known.index(_key(event, arm.sets))) for i, (event, arm) in enumerate(rows) if arm.sets
    ]


def _line(target: Target, obj: Object, event: str, s: Setting) -> str:
    v = obj.variable(s.variable)
    struct = Names(target).object_struct(obj.name)
    member = "machine" if v.klass == MACHINE else "cached"
    at = f"offsetof({struct}, {member}.{v.name})"
    if v.klass != MACHINE:
        at = f"offsetof({struct}, {member}) + {v.at}"
    where = lies(v, "SUITE_OF_DEVICE", at)
    if s.value is None:
        return f"{{{where}, {{.sort = SUITE_MORE, .number = {s.add}}}}}"
    if s.value.sort == "event":
        return f"{{{where}, {_data(target, obj, event, s.value.name)}}}"
    return f"{{{where}, {operand(target, obj, s.value)}}}"


def _data(target: Target, obj: Object, event: str, name: str) -> str:
    struct = Names(target).event_data(obj.name, event)
    raised = next(e for e in obj.events if e.name == event)
    type_ = dict(raised.data)[name]
    sign = str(type_.signed).lower()
    ones = (1 << 8 * type_.bytes) - 1
    where = f"{{0, offsetof({struct}, {name}), {type_.bytes}, 0, {ones:#x}u, {sign}}}"
    return f"{{.sort = SUITE_DATA, .variable = {where}}}"
