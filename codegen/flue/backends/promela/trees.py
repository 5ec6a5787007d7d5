# SPDX-License-Identifier: BSD-2-Clause
"""The world of model B: a few objects of each kind, and the catalogue of trees the host asks with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from .expressions import chain
from .lowering import CommandRow, KindView, ModelView

PLACEHOLDER, NEW, REFERENCE = 0, 1, 2
EMPTY, FULL = 1, 2


@dataclass(frozen=True)
class Thing:
    number: int
    kind: int
    name: str
    commands: list[CommandRow]
    restoring: str  # a condition
    link: int  # in the full world: number + 1
    state: int  # in the full world


@dataclass(frozen=True)
class Node:
    role: int
    object: int
    above: int  # place in the tree + 1


@dataclass(frozen=True)
class Tree:
    words: str
    nodes: tuple[Node, ...]
    events: tuple[int, ...]
    start: int | None  # the world it fits; None: any
    hopeful: int  # the world in which it must go well if nothing fails; 0: none

    def fits(self) -> str:
        return "true" if self.start is None else f"world == {self.start}"

    def hope(self) -> str:
        return f"world == {self.hopeful} && t == 0" if self.hopeful else "0"


@dataclass(frozen=True)
class Start:
    words: str
    there: list[Thing]


class World:
    def __init__(self, view: ModelView, bounds):
        self.view, self.kinds = view, view.kinds
        self.changes = [0, 255] if bounds.tree_values else [0]
        self.objects: list[Thing] = []
        for kind in self.kinds:
            top = kind.obj is self.kinds[-1].obj and len(self.kinds) > 2
            for i in range(1 if top else 2):
                self.objects.append(self._thing(kind, i))

    def _thing(self, kind: KindView, i: int) -> Thing:
        number = len(self.objects)
        below = [x for x in self.objects if self._links(kind) == x.kind]
        link = below[0].number + 1 if below else 0
        states = [kind.number(s.name) for s in kind.obj.states if s.busy == "nobody"]
        restoring = " || ".join(f"state[{number}] == {n}" for n in states) or "false"
        at_rest = next(s for s in kind.obj.states if (s.host, s.hardware) == ("has", "has"))
        name = f"{kind.name} {i + 1}"
        return Thing(
            number, kind.index, name, kind.commands, restoring, link, kind.number(at_rest.name)
        )

    def _links(self, kind: KindView) -> int:
        to = kind.obj.links_to
        return next((k.index for k in self.kinds if k.name == to), 255) if to else 255

    @property
    def nodes(self) -> int:
        return max(len(t.nodes) for t in self.trees)

    def by_kind(self, value, default: str) -> str:
        return chain(((f"KIND == {k.index}", str(value(k))) for k in self.kinds), default)

    def kind_of(self) -> str:
        pairs = ((f"o == {x.number}", str(x.kind)) for x in self.objects[:-1])
        return chain(pairs, str(self.objects[-1].kind))

    def links_to(self) -> str:
        return self.by_kind(self._links, "255")

    def cells(self) -> str:
        return self.by_kind(lambda k: (1 << len(k.rules)) - 1, "0")

    def link_cells(self) -> str:
        return self.by_kind(lambda k: k.link_cell, "0")

    def relinks(self) -> str:
        found = [
            f"(KIND == {k.index} && x == {self.view.events[k.obj.relinked_by]})"
            for k in self.kinds
            if k.obj.relinked_by
        ]
        text = " || ".join(found) or "false"
        return text.replace("x ==", "(x) ==")

    def moves(self) -> str:
        """Whether node n asks its object to move its link, if that is another one."""
        kind = self.kind_of().replace("o ==", "nobj[n] ==")
        found = [
            f"(({kind}) == {k.index} && op[n] == {self.view.events[k.obj.relinked_by]})"
            for k in self.kinds
            if k.obj.relinked_by
        ]
        return " || ".join(found) or "false"

    def being_restored(self) -> str:
        return " || ".join(f"((x) == {o.number} && ({o.restoring}))" for o in self.objects)

    @cached_property
    def starts(self) -> list[Start]:
        return [Start("nothing is offloaded", []), Start("everything is offloaded", self.objects)]

    @cached_property
    def trees(self) -> list[Tree]:
        news = self._events(lambda o: o.reaches == "new")
        references = self._events(lambda o: o.reaches != "new")
        relinks = {k.obj.relinked_by for k in self.kinds if k.obj.relinked_by}
        moves = tuple(self.view.events[o] for o in sorted(relinks))
        whole = self._whole()
        out = [
            Tree("all of them", tuple(Node(NEW, x, a) for x, a in whole), news, EMPTY, EMPTY),
            Tree(
                "all of them",
                tuple(Node(REFERENCE, x, a) for x, a in whole),
                references,
                FULL,
                FULL,
            ),
        ]
        out += [
            Tree(f"{x.name} alone", (Node(REFERENCE, x.number, 0),), references, FULL, 0)
            for x in self.objects
            if x.number != 1 or len(self.kinds) == 1
        ]
        if len(self.kinds) == 1:
            return self._asked(out)
        out.append(Tree(f"{self.objects[1].name} alone", (Node(NEW, 1, 0),), news, EMPTY, EMPTY))
        out.append(
            Tree(f"{self.objects[1].name} alone", (Node(REFERENCE, 1, 0),), references, FULL, FULL)
        )
        moved = next(x.number for x in self.objects if x.kind == 1)
        pair = (Node(REFERENCE, 1, 0), Node(REFERENCE, moved, 1))
        words = f"{self.objects[1].name} with {self.objects[moved].name}"
        out.append(Tree(words, pair, moves or references, FULL, FULL))
        below = (Node(PLACEHOLDER, 0, 0), Node(REFERENCE, moved, 1))
        out.append(
            Tree(f"a placeholder with {self.objects[moved].name}", below, references, FULL, 0)
        )
        top = self.objects[-1]
        again = (Node(REFERENCE, top.link - 1, 0), Node(NEW, top.number, 1))
        words = f"a new {top.name} on {self.objects[top.link - 1].name}"
        return self._asked([*out, Tree(words, again, news, FULL, 0)])

    def _asked(self, trees: list[Tree]) -> list[Tree]:
        """Each with the operations that are about all that it asks for; none without any."""
        found = (replace(t, events=tuple(e for e in t.events if self._about(t, e))) for t in trees)
        return [t for t in found if t.events]

    def _about(self, tree: Tree, event: int) -> bool:
        named = (o for o in self.view.target.operations if self.view.events[o.name] == event)
        operation = next(named)
        asks = (NEW,) if operation.reaches == "new" else (REFERENCE,)
        kinds = {self.objects[n.object].kind for n in tree.nodes if n.role in asks}
        return all(operation.is_about(k.name) for k in self.kinds if k.index in kinds)

    def _events(self, wanted) -> tuple[int, ...]:
        return tuple(self.view.events[o.name] for o in self.view.target.operations if wanted(o))

    def _whole(self) -> list[tuple[int, int]]:
        """All but the second of the lowest layer, as one tree; depth first, as walks go."""
        out: list[tuple[int, int]] = []

        def grow(x: Thing, above: int) -> None:
            out.append((x.number, above))
            place = len(out)
            for y in self.objects:
                if y.link == x.number + 1:
                    grow(y, place)

        grow(self.objects[0], 0)
        return out
