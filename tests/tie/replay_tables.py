# SPDX-License-Identifier: BSD-2-Clause
"""What the program that plays scripts has to know of a target: a C file of tables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from flue.backends.c.object import ObjectView
from flue.backends.promela.catalogue import Bounds
from flue.backends.promela.expressions import Text
from flue.backends.promela.lowering import KindView, ModelView
from flue.backends.templating import environment
from flue.files import write_if_changed
from flue.model import Condition, Target, Variable
from flue.model.c_names import Names

HERE = Path(__file__).resolve().parent
_VALUES = ("const", "cached")  # classes whose values hardware and object share


@dataclass(frozen=True)
class Place:
    """Where something lies in a structure behind a node; `value` is set, or its bits change."""

    klass: str
    pointer: bool
    at: int
    bytes: int
    value: int


@dataclass(frozen=True)
class CommandTable:
    name: str
    args: str
    has: int
    blocks: bool
    links: tuple[tuple[str, int], ...]  # members that say what it links to, and the links' numbers
    fields: tuple[tuple[str, int], ...]  # members, and the number of the variable


class KindTable:
    """One kind; `truth` knows what the hardware makes of its commands."""

    def __init__(self, kind: KindView, view: ObjectView):
        self.kind, self.obj, self.name = kind, kind.obj, kind.name
        self.commands = [self._command(row, c) for row, c in zip(kind.commands, view.commands)]
        self.lines = [self._line(r.changed, None) for r in kind.rules]
        self.then = [self._then(c) for c in kind.then]
        self.news = self._news()

    def _command(self, row, view) -> CommandTable:
        told = tuple((self.obj.links[i].name, i) for i in row.links)
        numbers = {v.name: i for i, v in enumerate(self.obj.variables)}
        fields = []
        for f in view.args:
            v = f.variable
            if v and v.klass in _VALUES and v.type.kind == "value":
                flag = next((i for i, x in enumerate(v.flags) if x is f.flag), 0)
                fields.append((f.name, numbers[v.name] + flag * len(numbers)))
        return CommandTable(row.name, view.name, row.has, row.blocks, told, tuple(fields))

    def _bits(self, v: Variable, flag) -> Place:
        value = flag.mask if flag else 1 << (v.bits[0] if v.bits else 0)
        return Place(v.klass, False, v.at, v.type.bytes, value & -value)

    def _line(self, changed, pulse: str | None) -> Place:
        names = [pulse] if pulse else [n for n in changed if n != "link"]
        for v in sorted(self.obj.of_class("cached"), key=lambda v: v.only is not None):
            for flag in v.flags:
                if flag.name in names:
                    return self._bits(v, flag)
            if v.name in names and not v.flags:
                return self._bits(v, None)
        return Place("cached", False, 0, 0, 0)

    def _then(self, command: str) -> Place:
        rules = [r for r in self.obj.plan if r.irreversible and r.send == command]
        rule = min(rules, key=lambda r: (r.pulse is None, len(r.changed)))
        return self._line(rule.changed, None if rule.changed else rule.pulse)

    def _news(self) -> list[Place]:
        """Pointers lead somewhere; and no condition of what is brought holds."""
        out = [
            Place(v.klass, True, v.at, 8, 0) for v in self.obj.variables if v.type.kind == "pointer"
        ]
        asked = {a.arm.condition for a in self.kind.arms if a.arm.condition}
        for name in sorted(asked):
            c: Condition = self.kind.view.target.condition(self.obj, name)
            if c.form == "brought":
                v = next(v for v in self.obj.variables if v.name == c.variable)
                value = next(
                    n for n in [*dict(v.type.enum).values(), *range(256)] if n not in c.values
                )
                out.append(Place(v.klass, False, v.at, v.type.bytes, value))
        return out

    def claims(self, what: str) -> list[str]:
        return [s.name for s in self.obj.states if s.resting and s.hardware == what]


class Tables:
    def __init__(self, target: Target, truth: Target):
        view, self.n = ModelView(target, truth), Names(target)
        self.target, self.text = target, Text(view, Bounds())
        self.kinds = [KindTable(k, ObjectView(target, self.n, k.obj)) for k in view.kinds]
        known = {o.name: o for o in truth.operations}
        self.allowed = [
            [s.index for s in target.statuses if s.name in known[o.name].statuses]
            for o in target.operations
        ]


def write_tables(target: Target, truth: Target, out_dir: str) -> None:
    """To be compiled with what `flue generate` writes."""
    text = environment(HERE).get_template("replay_tables.c.j2").render(t=Tables(target, truth))
    write_if_changed(os.path.join(out_dir, "replay_tables.c"), text)
