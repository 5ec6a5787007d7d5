# SPDX-License-Identifier: BSD-2-Clause
"""The world of model B: a few objects of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flue.model.queries import moving

from .values import chain
from . import links
from .lowering import KindView, ModelView
from .requests import Requests, Thing


@dataclass(frozen=True)
class Start:
    words: str
    there: list[Thing]


class World(Requests):
    def __init__(self, view: ModelView, bounds, sweeps: bool = False, full: bool = False):
        self.view, self.kinds = view, view.kinds
        self.changes = [0, 255] if bounds.tree_values else [0]
        self.full = full or sweeps  # everything is offloaded to begin with
        self.sweeps = sweeps  # in one of the two trees dependents are reached
        self.objects: list[Thing] = []
        self.width = links.most(view.target)
        self.numbers = range(self.width)
        for kind in self.kinds:
            for i in range(self._count(kind)):
                self.objects.append(self._thing(kind, i))

    def _count(self, kind: KindView) -> int:
        """Two of each, so that a link can move; one of the last kind, and of what one link leads to."""
        if len(self.kinds) <= 2:
            return 2
        ways = [(o, x) for o in self.view.target.objects for x in o.links if x.to == kind.name]
        moved = any(moving(self.view.target, o, x) for o, x in ways)
        lonely = len(ways) == 1 and not moved and not self.chained
        return 1 if kind.obj is self.kinds[-1].obj or lonely else 2

    def _thing(self, kind: KindView, i: int) -> Thing:
        number = len(self.objects)
        leads = [[x.number + 1 for x in self.objects if x.kind == to] for to in self._targets(kind)]
        first = tuple(self._nth(kind, at, found) for at, found in enumerate(leads))
        others = tuple(
            next((n for n in found if n != one), one) for found, one in zip(leads, first)
        )
        states = [kind.number(s.name) for s in kind.obj.states if s.busy == "nobody"]
        restoring = " || ".join(f"state[{number}] == {n}" for n in states) or "false"
        at_rest = next(s for s in kind.obj.states if (s.host, s.hardware) == ("has", "has"))
        name = f"{kind.name} {i + 1}"
        return Thing(
            number=number,
            kind=kind.index,
            name=name,
            hangs=kind.obj.link_above is not None,
            commands=kind.commands,
            restoring=restoring,
            links=first,
            others=others,
            state=kind.number(at_rest.name),
        )

    def _targets(self, kind: KindView) -> list[int]:
        index = {k.name: k.index for k in self.kinds}
        return [index[x.to] for x in kind.obj.links]

    @staticmethod
    def _nth(kind: KindView, link: int, found: list[int]) -> int:
        """Of several links to the same kind each leads to another object, as far as there are."""
        to = kind.obj.links[link].to
        before = sum(x.to == to for x in kind.obj.links[:link])
        return found[before % len(found)] if found else 0

    def _links(self, kind: KindView) -> int:
        """The kind above in a tree; 255 where it hangs from none."""
        return self._targets(kind)[0] if kind.obj.link_above else 255

    def downward(self, place: str) -> str:
        """The object at a place in the order of a search that looks at what stands highest first."""
        order = sorted(self.objects, key=lambda x: (-x.kind, x.number))
        return chain(((f"({place}) == {i}", str(x.number)) for i, x in enumerate(order)), "0")

    def by_kind(self, value, default: str) -> str:
        return chain(((f"KIND == {k.index}", str(value(k))) for k in self.kinds), default)

    def kind_of(self) -> str:
        pairs = ((f"o == {x.number}", str(x.kind)) for x in self.objects[:-1])
        return chain(pairs, str(self.objects[-1].kind))

    def links_to(self) -> str:
        return self.by_kind(self._links, "255")

    def cells(self) -> str:
        return self.by_kind(lambda k: (1 << len(k.rules)) - 1, "0")

    def link_cells(self, link: int | None = None) -> str:
        """The cells that are links, or that are one link."""
        if link is None or self.width == 1:
            return self.by_kind(lambda k: k.link_cell, "0")
        return self.by_kind(lambda k: dict(enumerate(k.link_cells)).get(link, 0), "0")

    def being_restored(self) -> str:
        return " || ".join(f"((x) == {o.number} && ({o.restoring}))" for o in self.objects)

    @cached_property
    def starts(self) -> list[Start]:
        return [Start("nothing is offloaded", []), Start("everything is offloaded", self.objects)]

    @property
    def begun(self) -> list[tuple[int, Start]]:
        """Where there is nothing, nothing is reached."""
        numbered = list(enumerate(self.starts, 1))
        return numbered[1:] if self.full else numbered
