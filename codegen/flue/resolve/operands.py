# SPDX-License-Identifier: BSD-2-Clause
"""The two sides of a comparison: a variable, and what it is compared with."""

from __future__ import annotations

from flue.model.describe import an
from collections.abc import Container, Mapping

from flue import model as m
from flue.syntax.tree import Located

from .links import mention_linked
from .namespace import Names
from .scope import Scope

OWN = "own"
LINKED = "linked"
# The variables of what each link leads to; None where that is not known.
Linked = Mapping[str, Mapping[str, m.Variable] | None]
# Where no object is, who asks of variables.
ELSEWHERE = "here: an object's own conditions name its variables"
FLAGS = ("has_all", "has_any", "has_none", "has_only")


def left(
    scope: Scope, node: Located | None, variables: dict[str, m.Variable], linked: Linked
) -> m.Operand | None:
    known = Names(scope.report, "variable", variables, home=ELSEWHERE)
    return _variable(scope, node, variables, known, linked) if node else None


def variable(operand: m.Operand, variables: Mapping[str, m.Variable], linked: Linked) -> m.Variable:
    """What a side that is a variable is: the object's, or that of what it links to."""
    of = linked[operand.of] if operand.of else variables
    return (of or {})[operand.name]


def own_times(scope: Scope, node: Located, key: str) -> list[Located]:
    """What `older` or `than` names: of its own times alone an object knows how long ago they were."""
    listed = node.each(key)
    for time in (x for x in listed if "." in str(x.value)):
        of, _, name = str(time.value).rpartition(".")
        text = f'"{time.value}" is not the object\'s own time: how long ago that was only its owner asks'
        marks = "let its owner ask and set a mark, which is looked for along links"
        if of == OWN:
            text = f'"{time.value}": what is asked here is the object\'s own in any case'
        scope.report.error(time.where, "wrong-type", text, f"write {name}" if of == OWN else marks)
    return [x for x in listed if "." not in str(x.value)]


def older(scope: Scope, node: Located, variables: dict[str, m.Variable]) -> m.Operand | None:
    """The object's own age that is held against a variable, where that is not a parameter."""
    than, ages = node.text("than"), node.each("older")
    if (
        not ages
        or "." in str(ages[0].value)
        or than not in variables
        or than in scope.parameters.known
    ):
        return None
    if len(ages) > 1:
        text = f'"{than}" is a variable: one age is held against it'
        scope.report.error(ages[1].where, "wrong-type", text, "all_of two conditions")
    name = Names(scope.report, "variable", variables).find(ages[0])
    return m.Operand(OWN, name) if name else None


def right(
    scope: Scope,
    node: Located | None,
    compared: m.Operand | None,
    variables: dict[str, m.Variable],
    linked: Linked,
) -> m.Operand | None:
    """A number, a value of the compared variable's enum, a parameter, a variable: in one sense only."""
    if node is None:
        return None
    if isinstance(node.value, int):
        return m.Operand("number", str(node.value), node.value)
    type_ = variable(compared, variables, linked).type if compared else None
    values = dict(type_.enum) if type_ else {}
    places = scope.values(type_) if type_ else {}
    name = str(node.value)
    senses: dict[str, Container[str]] = {
        "value": values,
        "parameter": scope.parameters.known,
        "variable": variables,
    }
    found = [sense for sense, names in senses.items() if name in names]
    known = Names(scope.report, "value, parameter or variable")
    known.known = {**places, **scope.parameters.known, **_places(variables)}
    if found:
        known.mention(node.where, name)
    if len(found) > 1:
        text = f'"{name}" is {an(found[0])} and {an(found[1])}: nobody can tell which is meant'
        scope.report.error(node.where, "clashing-name", text)
    if found[:1] == ["value"]:
        return m.Operand("number", name, values[name])
    if found[:1] == ["parameter"]:
        return m.Operand("parameter", name)
    if compared is None and not found:
        return None  # a value, perhaps, of what is not known itself
    if compared and not found and not scope.knows_type(variable(compared, variables, linked).type):
        scope.report.holes.add(node.where.file)
        return None  # it may be a value of the type that is unknown
    return _variable(scope, node, variables, known, linked)


def flags(
    scope: Scope,
    name: str,
    node: Located,
    of: m.Operand | None,
    variables: dict[str, m.Variable],
    linked: Linked,
) -> m.Flags | None:
    """What is asked of the bits of a variable, by their names."""
    asked = [key for key in FLAGS if node.get(key)]
    if not asked:
        text = f'"{name}" asks for no flags: say {", ".join(FLAGS[:-1])} or {FLAGS[-1]}'
        scope.report.error(node.name_where, "missing-key", text)
    found = variable(of, variables, linked).flags if of else ()
    known = {f.name: f.mask for f in found if not f.pulse}
    if of is None or not asked or not known:
        return None  # that a variable has none is found by its type
    names = Names(scope.report, "flag", known, note=f' of "{of.word}"')
    masks = {key: _mask(known, names.find_all(node.each(key))) for key in asked}
    return m.Flags(**masks)


def _mask(known: dict[str, int], names: tuple[str, ...]) -> int:
    mask = 0
    for name in names:
        mask |= known[name]
    return mask


def _variable(
    scope: Scope,
    node: Located,
    variables: dict[str, m.Variable],
    known: Names,
    linked: Linked,
) -> m.Operand | None:
    prefix, _, name = str(node.value).rpartition(".")
    known = Names(scope.report, "variable", variables) if prefix else known
    if prefix in linked:
        mention_linked(scope.report, node, linked, _places(linked[prefix] or {}))
        return _linked(scope, node, prefix, name, linked[prefix])
    if prefix and prefix != OWN:
        kind = "copy or link" if linked else "copy"
        note = " of variables" if not linked else ""
        Names(scope.report, kind, [OWN, *linked], note=note).unknown(node.where, prefix)
        return None
    if not known.knows(node.where, name):
        return None
    return m.Operand(OWN if prefix else "variable", name)


def _places(variables: Mapping[str, m.Variable]) -> dict[str, m.Where | None]:
    return {name: v.where for name, v in variables.items()}


def _linked(
    scope: Scope, node: Located, link: str, name: str, of: Mapping[str, m.Variable] | None
) -> m.Operand | None:
    """A variable of what a link leads to; what leads nowhere is an error of its own."""
    if of is None:
        return None
    if name not in of:
        note = f' of what "{link}" leads to'
        Names(scope.report, "variable", of, note=note).unknown(node.where, name)
        return None
    return m.Operand(LINKED, name, of=link)
