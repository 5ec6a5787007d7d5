# SPDX-License-Identifier: BSD-2-Clause
"""Comparisons as C: two numbers of 64 bits, or one and its bits; and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Condition, Object, Operand, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import brought_by

from . import presence
from .expressions import MEMBER_OF

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
    right: str  # empty where bits are asked for
    test: str  # of a and b, which are the two sides
    own: bool  # some side is the object's own copy
    linked: tuple[tuple[str, str, int], ...]  # C variable, structure, number of each link
    nodes: tuple[tuple[str, str, str], ...]  # class, name, C test: the operation brings it


def variables(c: Condition) -> list[Operand]:
    """The sides of it that are variables."""
    return [x for x in (c.left, c.right) if x and x.sort in ("variable", "own")]


def comparison(
    target: Target, names: Names, obj: Object, c: Condition, members: dict[str, str]
) -> Comparison:
    """`members`: where the object's copy of each class lies, of those that it has a copy of."""
    assert c.left
    compared = target.compared(obj, c.left)
    assert compared
    signed = not c.flags and compared.type.signed
    found = variables(c)
    nodes = [
        (v.klass, v.name, " || ".join(presence.tests(names, brought_by(target, v))))
        for v in (obj.variable(x.name) for x in found if x.sort == "variable")
        if brought_by(target, v)
    ]
    left = side(target, names, obj, c.left, members, signed)
    right = side(target, names, obj, c.right, members, signed) if c.right else ""
    test = f"a {OPERATORS[c.relation]} b" if c.relation else _of_bits(c, compared)
    number = "int64_t" if signed else "uint64_t"
    own = "own->" in left + right
    linked = [_through(names, obj, x.of) for x in (c.left, c.right) if x and x.of]
    found_links = tuple(dict.fromkeys(linked))
    return Comparison(number, left, right, test, own, found_links, tuple(dict.fromkeys(nodes)))


def _through(names: Names, obj: Object, link: str) -> tuple[str, str, int]:
    number = obj.links.index(obj.link(link))
    return f"to_{link}", names.object_struct(obj.links[number].to), number


def _of_bits(c: Condition, v: Variable) -> str:
    """What is set and what is not, in one test; and that one of some is."""
    assert c.left and c.flags
    must = c.flags.has_all or 0
    looked_at = must | c.flags.clear(v.ones)
    tests = [f"(a & {literal(looked_at, False)}) == {literal(must, False)}"] if looked_at else []
    if c.flags.has_any is not None:
        tests.append(f"(a & {literal(c.flags.has_any, False)}) != 0")
    return " && ".join(tests)


def side(target, names, obj, x: Operand, members: dict[str, str], signed: bool) -> str:
    if x.sort == "number":
        return literal(x.number, signed)
    if x.sort == "parameter":
        value = f"q->target->config.parameters[{names.parameter(x.name)}]"
        return f"(int32_t){value}" if signed else value
    if x.of:
        linked = target.compared(obj, x)
        assert linked
        return f"to_{x.of}->{MEMBER_OF[linked.klass]}.{linked.host}"
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


def literal(value: int, signed: bool) -> str:
    if not signed:
        return f"UINT64_C({value})"
    return "INT64_MIN" if value == -(1 << 63) else f"INT64_C({value})"
