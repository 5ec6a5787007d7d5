# SPDX-License-Identifier: BSD-2-Clause
"""Links between the objects of model B, as expressions: where they are, and where handles lead."""

from __future__ import annotations

from collections.abc import Callable

from flue.model.along import Along, counts
from flue.model.queries import laying, ways

from . import links
from .values import chain
from .lowering import KindView, ModelView


class TreeLinks:
    """What the templates ask of a world's links; the world has objects, kinds, width and numbers."""

    view: ModelView
    kinds: list[KindView]
    objects: list
    width: int
    numbers: range
    by_kind: Callable[..., str]
    kind_of: Callable[[], str]

    @property
    def slot_count(self) -> int:
        return len(self.objects) * self.width

    @property
    def slots(self) -> str:
        return "NO" if self.width == 1 else str(self.slot_count)

    def at(self, o: str, link: int) -> str:
        """Where an array holds link number `link` of the object `o`."""
        if self.width == 1:
            return o
        return f"({o}) * {self.width} + {link}"

    def any(self, name: str) -> str:
        """One of the links' variables is not 0."""
        if self.width == 1 and name != "newl":
            return name
        return "(" + " || ".join(f"{name}{links.suffix(i)} != 0" for i in self.numbers) + ")"

    @property
    def optional(self) -> bool:
        """Whether a handle may lead nowhere."""
        return any(x.optional and x.by for k in self.kinds for x in k.obj.links)

    @property
    def shifts(self) -> int:
        """In how many ways references may ask handles to lead; 0 where no handle moves a link."""
        if not any(self.handles(i) for i in self.numbers):
            return 0
        return 3 if self.optional else 2

    @staticmethod
    def mover(kind: KindView) -> str:
        """The operation that moves the link by the node above; empty: none does."""
        above = kind.obj.link_above
        return above.relinked_by or "" if above else ""

    def relinks(self) -> str:
        found = [
            f"(KIND == {k.index} && x == {self.view.events[self.mover(k)]})"
            for k in self.kinds
            if self.mover(k)
        ]
        text = " || ".join(found) or "false"
        return text.replace("x ==", "(x) ==")

    def moves(self) -> str:
        """Whether node n asks its object to move its link, if that is another one."""
        kind = self.kind_of().replace("o ==", "nobj[n] ==")
        found = [
            f"(({kind}) == {k.index} && op[n] == {self.view.events[self.mover(k)]})"
            for k in self.kinds
            if self.mover(k)
        ]
        return " || ".join(found) or "false"

    def must_link(self, link: int) -> str:
        """It is a link that may not lead nowhere."""
        return self.by_kind(lambda k: _needed(k, link), "true")

    def leads(self, name: str) -> str:
        return f"{name} != 0 && {name} != NOTHING" if self.optional else f"{name} != 0"

    def plain(self, name: str) -> str:
        return f"({name} == NOTHING -> 0 : {name})" if self.optional else name

    def counted(self, name: str) -> str:
        if not self.optional:
            return f"deps[{name} - 1]++"
        return f"if :: {name} != NOTHING -> deps[{name} - 1]++ :: else -> skip fi"

    def handles(self, link: int) -> list[KindView]:
        """The kinds of which this link is told by a handle."""
        return [k for k in self.kinds if link < len(k.obj.links) and k.obj.links[link].by]

    def lays(self, kind: KindView, link: int, event: str) -> str:
        found = laying(self.view.target, kind.obj, kind.obj.links[link])
        return " || ".join(f"{event} == {self.view.events[o]}" for o in found) or "false"

    def want(self, link: int, o: str, n: str) -> str:
        """The object that node n's handle names: the one of the full world, or another."""
        first = self._chain(link, o, lambda x: x.links)
        other = self._chain(link, o, lambda x: x.others)
        return f"(role[{n}] == REFERENCE && shifts[({n}) / PER_TREE] == 1 -> {other} : {first})"

    def _chain(self, link: int, o: str, of) -> str:
        having = [x for x in self.objects if link < len(of(x)) and self._told(x, link)]
        return chain(((f"{o} == {x.number}", str(of(x)[link] - 1)) for x in having), "0")

    def _told(self, x, link: int) -> bool:
        return self.kinds[x.kind].obj.links[link].by is not None

    def held_by_handle(self) -> str:
        """start.c, waits_for: what a handle names is being restored."""
        out = ""
        for link in self.numbers:
            for k in self.handles(link):
                kind = self.kind_of().replace("o ==", "nobj[n] ==")
                lays = self.lays(k, link, "op[n]")
                want = self.want(link, "nobj[n]", "n")
                out += f"(({kind}) == {k.index} && ({lays}) && BEING_RESTORED({want})) || "
        return out

    def links_agree(self) -> str:
        """What the hardware has of the object o stands where the object says, as far as it is told."""
        return self.by_kind(self._agree, "true")

    def _agree(self, kind: KindView) -> str:
        told = {link for c in kind.commands if c.has == 1 for link in c.links}
        where = [self.at("o", link) for link in sorted(told)]
        return " && ".join(f"hwlink[{at}] == link[{at}]" for at in where) or "true"

    def marks_along(self, x: str, along: Along) -> str:
        """The marks of the object x and of all it stands on by such links."""
        target = self.view.target
        return self._along(x, max(ways(target, k.obj)[1] for k in self.kinds), along)

    def _along(self, x: str, depth: int, along: Along) -> str:
        text = f"marks[{x}]"
        for link in self.numbers if depth else ():
            slot = f"link[{self.at(x, link)}]"
            far = self._along(f"{slot} - 1", depth - 1, along)
            leads = self._counting(x, link, along)
            text += f" | ({leads}{slot} -> {far} : 0)" if leads is not None else ""
        return f"({text})" if depth else text

    def _counting(self, x: str, link: int, along: Along) -> str | None:
        """That marks count along this link of the object x, where it is not so of all kinds; or never."""
        having = {k.index: k.obj.links[link] for k in self.kinds if link < len(k.obj.links)}
        of = [k for k, one in having.items() if counts(along, one)]
        if len(of) in (0, len(having)):
            return "" if of else None
        found = " || ".join(f"{x} == {o.number}" for o in self.objects if o.kind in of)
        return f"({found or 'false'}) && "


def _needed(kind: KindView, link: int) -> str:
    optional = link < len(kind.obj.links) and kind.obj.links[link].optional
    return "false" if optional else "true"
