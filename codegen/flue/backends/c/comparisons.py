# SPDX-License-Identifier: BSD-2-Clause
"""Comparisons as C: two numbers of 64 bits, and where each of them comes from."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Condition, Object, Operand, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import brought_by

from . import presence

OPERATORS = {
    "equal": "==",
    "not_equal": "!=",
    "below": "<",
    "at_most": "<=",
    "at_least": ">=",
    "above": ">",
}


@dataclass(frozen=True)
class Comparison:
    number: str  # C type of both sides
    left: str
    operator: str
    right: str
    own: bool  # some side is the object's own copy
    nodes: tuple[tuple[str, str, str], ...]  # class, name, C test: the operation brings it


def variables(c: Condition) -> list[Operand]:
    """The sides of it that are variables."""
    return [x for x in (c.left, c.right) if x and x.sort in ("variable", "own")]


def comparison(
    target: Target, names: Names, obj: Object, c: Condition, members: dict[str, str]
) -> Comparison:
    """`members`: where the object's copy of each class lies, of those that it has a copy of."""
    assert c.left and c.right
    signed = obj.variable(c.left.name).type.signed
    found = variables(c)
    nodes = [
        (v.klass, v.name, " || ".join(presence.tests(names, brought_by(target, v))))
        for v in (obj.variable(x.name) for x in found if x.sort == "variable")
        if brought_by(target, v)
    ]
    sides = [_side(target, names, obj, x, members, signed) for x in (c.left, c.right)]
    own = any(side.find("own->") >= 0 for side in sides)
    number = "int64_t" if signed else "uint64_t"
    return Comparison(
        number, sides[0], OPERATORS[c.relation or ""], sides[1], own, tuple(dict.fromkeys(nodes))
    )


def _side(target, names, obj, x: Operand, members: dict[str, str], signed: bool) -> str:
    if x.sort == "number":
        return _literal(x.number, signed)
    if x.sort == "parameter":
        value = f"q->target->config.parameters[{names.parameter(x.name)}]"
        return f"(int32_t){value}" if signed else value
    v = obj.variable(x.name)
    own = _own(v, members)
    if x.sort == "own" or not brought_by(target, v):
        return own
    return f"of_{v.name} ? of_{v.name}->{v.host} : {own}"


def _own(v: Variable, members: dict[str, str]) -> str:
    if v.type.kind == "age":
        return f"flue_age(q->target, own->{v.name}_at)"
    # Where a variable is kept nowhere, nobody asks for it without the node.
    return f"own->{members[v.klass]}.{v.host}" if v.klass in members else "0"


def _literal(value: int, signed: bool) -> str:
    if not signed:
        return f"UINT64_C({value})"
    return "INT64_MIN" if value == -(1 << 63) else f"INT64_C({value})"
