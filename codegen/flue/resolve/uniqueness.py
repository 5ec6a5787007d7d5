# SPDX-License-Identifier: BSD-2-Clause
"""Names that are different in the spec but meet in the generated C, and numbers given twice."""

from __future__ import annotations

from flue.diagnostics import Report
from flue.model import Where
from flue.syntax.tree import Located

from .scope import Scope


class _Taken:
    """Words that must be unique, each with who took it first."""

    def __init__(self, report: Report, rule: str) -> None:
        self.report = report
        self.rule = rule
        self.first: dict[object, tuple[str, Where]] = {}

    def take(self, word: object, what: str, where: Where, shown: str, hint: str = "") -> None:
        if word not in self.first:
            self.first[word] = (what, where)
            return
        other, place = self.first[word]
        if place != where:
            text = f"{what} is {shown}, and so is {other} at {place.file}:{place.line}"
            self.report.error(where, self.rule, text, hint)


def check_unique(scope: Scope) -> None:
    _commands(scope)
    _states(scope)
    _entries(scope)
    _type_codes(scope)


def _keys(tree: Located, section: str) -> list[tuple[str, Where]]:
    found = tree.get(section)
    return list(found.keys.items()) if found is not None else []


def _commands(scope: Scope) -> None:
    """The binding table has one member for each command of any object."""
    taken = _Taken(scope.report, "clashing-name")
    for name, tree in scope.objects.items():
        for command, where in _keys(tree, "commands"):
            what = f'command "{command}" of object "{name}"'
            taken.take(command, what, where, f'"{command}" in the binding')


def _states(scope: Scope) -> None:
    """Object and state are joined to one identifier."""
    taken = _Taken(scope.report, "clashing-name")
    for name, tree in scope.objects.items():
        for state, where in _keys(tree, "states"):
            word = f"{name}_{state}"
            what = f'state "{state}" of object "{name}"'
            taken.take(word, what, where, f'"{word}" in C')


def _entries(scope: Scope) -> None:
    """Operations are functions, and objects are types, named after the target."""
    taken = _Taken(scope.report, "clashing-name")
    prefix = scope.target.text("target")
    for name, where in _keys(scope.target, "operations"):
        taken.take(name, f'operation "{name}"', where, f'"{prefix}_{name}" in C')
    for name, tree in scope.objects.items():
        where = tree.at("object").where
        taken.take(name, f'object "{name}"', where, f'"{prefix}_{name}" in C')


def _type_codes(scope: Scope) -> None:
    """One number says one object, one variant and one set of classes."""
    taken = _Taken(scope.report, "clashing-code")
    for name, tree in scope.objects.items():
        for key, value in tree.items("type_codes"):
            codes = value.items() if value.kind == "map" else [(key, value)]
            for klass, code in codes:
                variant = f"{key} " if value.kind == "map" else ""
                what = f'the code of "{name}" {variant}{klass}'
                taken.take(code.value, what, code.where, code.raw, "each has a code of its own")
