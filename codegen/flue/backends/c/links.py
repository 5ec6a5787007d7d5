# SPDX-License-Identifier: BSD-2-Clause
"""Links as C: their lines of the table, which of them a command tells of, where handles lie."""

from __future__ import annotations

from flue.model import Command, Link, Object, Target
from flue.model.absence import stands_on
from flue.model.c_names import Names
from flue.model.queries import laying, link_numbers

from .expressions import bits

Numbered = list[tuple[int, Link]]


class LinkView:
    def __init__(self, target: Target, names: Names, obj: Object) -> None:
        self.target, self.names, self.obj = target, names, obj

    def named(self, words) -> Numbered:
        """The links that words of a spec mean, with their numbers."""
        return [(i, self.obj.links[i]) for i in link_numbers(self.obj, words)]

    def stood_on(self, command: Command) -> int:
        """Those whose ends must be there when it is sent, as bits."""
        return sum(1 << i for i in stands_on(self.target, self.obj, command))

    def row(self, link: Link) -> dict[str, str]:
        """A link's line of the table."""
        klass, at = "FLUE_NO_BYTE", "0"
        if link.by is not None:
            v = self.obj.variable(link.by)
            klass = f"FLUE_{v.klass.upper()}"
            at = f"offsetof({self.names.state_struct(self.obj.name, v.klass)}, {v.host})"
        operations = [self.names.operation(o) for o in laying(self.target, self.obj, link)]
        return {
            "name": f'"{link.name}"',
            "to": self.names.kind(link.to),
            "by": klass,
            "at": at,
            "operations": bits([f"1u << {o}" for o in operations]),
            "optional": str(link.optional).lower(),
        }

    def handles(self, klass: str) -> list[str]:
        """Members of a class's structure that say where links lead."""
        found = [self.obj.variable(x.by) for x in self.obj.links if x.by is not None]
        return [v.host for v in found if v.klass == klass]
