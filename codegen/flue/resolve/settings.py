# SPDX-License-Identifier: BSD-2-Clause
"""What an arm sets: variables of the object, each to one value."""

from __future__ import annotations

from flue import model as m
from flue.syntax.tree import Located

from . import operands
from .namespace import Names
from .scope import Scope

EVENT = "event."


def settings(
    scope: Scope, arm: Located, variables: dict[str, m.Variable], data: tuple[str, ...]
) -> tuple[m.Setting, ...]:
    """`data`: what goes along with the event of the device that the arm is about."""
    section = arm.get("set")
    if section is None or not variables:  # in a default, which is an error of its own
        return ()
    known = Names(scope.report, "variable", variables)
    found = []
    for name, n in section.items():
        if not known.knows(section.keys[name], name):
            continue
        more = n.get("add")
        value = None if more else _value(scope, n, name, variables, data)
        if more or value:
            add = n.number("add") if more else 0
            found.append(m.Setting(name, value, add, section.keys[name], source=n))
    return tuple(found)


def _value(
    scope: Scope,
    n: Located,
    name: str,
    variables: dict[str, m.Variable],
    data: tuple[str, ...],
) -> m.Operand | None:
    word = str(n.value)
    if word in data and word not in variables and word not in scope.parameters.known:
        text = f'unknown value, parameter or variable "{word}"'
        scope.report.error(n.where, "unknown-name", text, f"did you mean {EVENT}{word}?")
        return None
    if not word.startswith(EVENT):
        return operands.right(scope, n, m.Operand("own", name), variables, {})
    brought = Names(scope.report, "data", data, home="of this event")
    part = word.removeprefix(EVENT)
    return m.Operand("event", part) if brought.knows(n.where, part) else None
