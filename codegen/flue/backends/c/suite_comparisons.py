# SPDX-License-Identifier: BSD-2-Clause
"""What a suite says of comparisons, and the values on both sides of all that a variable is held
against."""

from __future__ import annotations

from flue.model import Condition, Flags, Object, Operand, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import brought_by
from flue.model.questions import masks, samples

from . import suite_values

SORTS = {
    "variable": "SUITE_VARIABLE",
    "own": "SUITE_OWN",
    "linked": "SUITE_OF_LINK",
    "parameter": "SUITE_PARAMETER",
    "number": "SUITE_NUMBER",
}
LIMIT = 1000  # what a driver sets parameters to, where variables can have more


def members(target: Target, obj: Object, c: Condition, asked: list[str]) -> list[tuple[str, str]]:
    """The members of its line in the suite; those of one variable take its values from the first."""
    assert c.left
    others = [target.condition(obj, name) for name in asked]
    alike = [x for x in others if x.left == c.left]
    out = [("left", operand(target, obj, c.left)), *_held_against(target, obj, c)]
    if alike[0] is not c:
        return [*out, ("values_of", str(1 + asked.index(alike[0].name)))]
    v = _variable(target, obj, c.left)
    if c.flags:
        return out + suite_values.values("value", _bits(v, [x.flags for x in alike if x.flags]))
    return out + suite_values.values("value", list(samples(v, _numbers(target, v, alike, others))))


def _bits(v: Variable, asked: list[Flags]) -> tuple[int, ...]:
    """A value for each answer, and with each flag turned, and the highest bit: so it is seen which are tested."""
    found = masks(v, asked)
    turned = [f.mask for f in v.flags] + [(v.ones + 1) >> 1]
    return tuple(dict.fromkeys((*found, *(x ^ mask for x in found for mask in turned))))


def _held_against(target: Target, obj: Object, c: Condition) -> list[tuple[str, str]]:
    if c.right:
        relation = f"SUITE_{(c.relation or '').upper()}"
        return [("right", operand(target, obj, c.right)), ("relation", relation)]
    assert c.left and c.flags
    asked = [
        ("set", c.flags.has_all),
        ("clear", c.flags.clear(_variable(target, obj, c.left).ones)),
        ("one_of", c.flags.has_any),
    ]
    return [(name, f"{mask:#x}u") for name, mask in asked if mask]


def _numbers(
    target: Target, v: Variable, alike: list[Condition], others: list[Condition]
) -> list[int]:
    """What it is held against; where that is a variable, what this is held against, too."""
    numbers = []
    for c in alike:
        assert c.right
        if c.right.sort in ("number", "parameter"):
            numbers.append(_number(target, c.right))
            continue
        word = c.right.word
        sides = [x.right for x in others if x.left and x.left.word == word and x.right]
        found = [_number(target, x) for x in sides if x.sort in ("number", "parameter")]
        numbers += found or [_highest(v) // 2]
    return numbers


def _number(target: Target, x: Operand) -> int:
    return x.number if x.sort == "number" else limit(target, x.name)


def operand(target: Target, obj: Object, x: Operand) -> str:
    if x.sort == "number":
        return f"{{.sort = SUITE_NUMBER, .number = {suite_values.signed(x.number)}}}"
    if x.sort == "parameter":
        place = [p.name for p in target.parameters].index(x.name)
        return f"{{.sort = SUITE_PARAMETER, .parameter = {place}}}"
    if x.of:
        return _linked(target, obj, x)
    v = obj.variable(x.name)
    brought = sum(1 << target.operation(name).index for name in brought_by(target, v))
    variable = suite_values.variable(v, Names(target).object_struct(obj.name))
    return f"{{.sort = {SORTS[x.sort]}, .variable = {variable}, .brought_by = {brought:#x}}}"


def _variable(target: Target, obj: Object, x: Operand) -> Variable:
    found = target.compared(obj, x)
    assert found
    return found


def _linked(target: Target, obj: Object, x: Operand) -> str:
    """In the copy of what the link leads to."""
    number = obj.links.index(obj.link(x.of))
    struct = Names(target).object_struct(obj.links[number].to)
    variable = suite_values.in_object(_variable(target, obj, x), struct)
    return f"{{.sort = {SORTS[x.sort]}, .variable = {variable}, .link = {number}}}"


def limit(target: Target, parameter: str) -> int:
    """A value of a parameter that all which is compared with it can be below, equal, and above."""
    most = [LIMIT]
    for obj in target.objects:
        for c in obj.conditions:
            if c.left and c.right and (c.right.sort, c.right.name) == ("parameter", parameter):
                most.append((_highest(_variable(target, obj, c.left)) + 1) // 2)
    return min(most)


def _highest(v: Variable) -> int:
    return v.ones // 2 if v.type.signed else v.ones
