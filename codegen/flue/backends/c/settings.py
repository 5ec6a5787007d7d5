# SPDX-License-Identifier: BSD-2-Clause
"""What arms set as C: a function with a case for each of the lists that are there."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import MACHINE, Object, Operand, Setting, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import brought_by
from flue.model.describe import setting

from . import presence
from .comparisons import literal, side
from .host_structs import element_c, joined

List = tuple[Setting, ...]


@dataclass(frozen=True)
class Line:
    """One variable: the number, worked out before any is set, and where it goes."""

    words: str
    name: str
    number: str  # C type of it
    value: str
    to: str


@dataclass(frozen=True)
class Case:
    number: int
    nodes: tuple[tuple[str, str, str], ...]  # class, name, C test: the operation brings it
    data: str  # the structure of an event's data, where it is read
    lines: tuple[Line, ...]


def distinct(obj: Object) -> dict[tuple, tuple[str, List]]:
    """The lists that arms have, each once, with the event whose data it reads."""
    found: dict[tuple, tuple[str, List]] = {}
    for cell in obj.cells:
        for arm in cell.arms:
            if arm.sets:
                found.setdefault(_key(cell.event, arm.sets), (cell.event, arm.sets))
    return found


def number(obj: Object, event: str, sets: List) -> int:
    """By which an arm names its list; 0: it sets nothing."""
    return list(distinct(obj)).index(_key(event, sets)) + 1 if sets else 0


def _key(event: str, sets: List) -> tuple:
    reads = any(s.value and s.value.sort == "event" for s in sets)
    return (event if reads else "", *((s.variable, s.value, s.add) for s in sets))


def sources(obj: Object) -> set[str]:
    """The variables that others are set to."""
    values = [s.value for _, sets in distinct(obj).values() for s in sets if s.value]
    return {x.name for x in values if x.sort in ("variable", "own")}


class SettingsView:
    """`members`: where the object's copy of each class lies, of those that it has a copy of."""

    def __init__(self, target: Target, names: Names, obj: Object, members: dict[str, str]) -> None:
        self.target, self.names, self.obj, self.members = target, names, obj, members
        self.variables = obj.of_class(MACHINE)

    @property
    def declared(self) -> list[tuple[str, str]]:
        """Members of the object's own structure, and what each says."""
        return [(joined(element_c(v.type), v.name), v.doc) for v in self.variables]

    @property
    def cases(self) -> list[Case]:
        return [
            self._case(i + 1, event, sets)
            for i, (event, sets) in enumerate(distinct(self.obj).values())
        ]

    def _case(self, number: int, event: str, sets: List) -> Case:
        values = [s.value for s in sets if s.value]
        nodes = [
            (v.klass, v.name, " || ".join(presence.tests(self.names, brought_by(self.target, v))))
            for v in (self.obj.variable(x.name) for x in values if x.sort == "variable")
            if brought_by(self.target, v)
        ]
        reads = any(x.sort == "event" for x in values)
        data = self.names.event_data(self.obj.name, event) if reads else ""
        return Case(number, tuple(dict.fromkeys(nodes)), data, tuple(map(self._line, sets)))

    def _line(self, s: Setting) -> Line:
        v = self.obj.variable(s.variable)
        own, kind = f"own->{self.members[v.klass]}.{v.host}", self._number(v)
        value = self._side(s.value, v.type.signed) if s.value else _more(v, own, s.add)
        to = f"to_{s.variable}"
        to = f"(uint32_t){to} & {v.ones:#x}u" if v.bits else f"({v.type.c}){to}"
        return Line(setting(s), f"to_{v.name}", kind, value, f"{own} = {to};")

    def _side(self, x: Operand, signed: bool) -> str:
        if x.sort == "event":
            return f"brought->{x.name}"
        return side(self.target, self.names, self.obj, x, self.members, signed)

    @staticmethod
    def _number(v: Variable) -> str:
        return "int64_t" if v.type.signed else "uint64_t"


def _more(v: Variable, own: str, add: int) -> str:
    """So much more, up to the highest value that there is."""
    most = v.ones // 2 if v.type.signed else v.ones
    last = literal(most - add, v.type.signed)
    return (
        f"{own} < {last} ? {own} + {literal(add, v.type.signed)} : {literal(most, v.type.signed)}"
    )
