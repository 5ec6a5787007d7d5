# SPDX-License-Identifier: BSD-2-Clause
"""The trees that the host of model B asks with: a catalogue, in a world of a few objects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from flue.model.dependents import dependents_of

from .lowering import ModelView
from .rows import CommandRow
from .tree_links import TreeLinks

PLACEHOLDER, NEW, REFERENCE = 0, 1, 2
EMPTY, FULL = 1, 2


@dataclass(frozen=True)
class Thing:
    number: int
    kind: int
    name: str
    hangs: bool  # from the node above
    commands: list[CommandRow]
    restoring: str  # a condition
    links: tuple[int, ...]  # in the full world: number + 1, by link
    others: tuple[int, ...]  # where they may be asked to lead instead
    state: int  # in the full world

    def link(self, number: int) -> int:
        return self.links[number] if number < len(self.links) else 0

    @property
    def above(self) -> int:
        """Of which it is a dependent in a tree: number + 1, or 0."""
        return self.links[0] if self.hangs else 0


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
    reaches: bool = False  # its one node is for what stands on its object, too

    def fits(self) -> str:
        return "true" if self.start is None else f"world == {self.start}"

    def hope(self) -> str:
        return f"world == {self.hopeful} && t == 0" if self.hopeful else "0"


class Requests(TreeLinks):
    """Who has it has a view, and the objects of its kinds."""

    view: ModelView
    objects: list[Thing]
    sweeps: bool  # in one of the two trees dependents are reached

    @cached_property
    def chained(self) -> bool:
        """Each kind hangs from the one before it, and that is all there is."""
        above = [[(x.to, x.by) for x in k.obj.links] for k in self.kinds]
        names = [k.name for k in self.kinds]
        return above == [[], *([(name, None)] for name in names[:-1])]

    @property
    def nodes(self) -> int:
        return max(self._places(t) for t in self.trees)

    def _places(self, tree: Tree) -> int:
        """Nodes, and those that are made for what stands on the first one's object."""
        if not set(tree.events) & set(self._events(lambda o: o.dependents)):
            return len(tree.nodes)
        return 1 + len(self._above(self.objects[tree.nodes[0].object]))

    @cached_property
    def trees(self) -> list[Tree]:
        news = self._events(lambda o: o.reaches == "new")
        references = self._events(lambda o: o.reaches != "new")
        relinks = {self.mover(k) for k in self.kinds if self.mover(k)}
        moves = tuple(self.view.events[o] for o in sorted(relinks))
        whole = self._whole()
        if not self.chained:
            return self._asked(self._any_trees(news, references))
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
        again = (Node(REFERENCE, top.above - 1, 0), Node(NEW, top.number, 1))
        words = f"a new {top.name} on {self.objects[top.above - 1].name}"
        return self._asked([*out, Tree(words, again, news, FULL, 0)])

    def _asked(self, trees: list[Tree]) -> list[Tree]:
        """Each with the operations that are about all that it asks for; none without any."""
        trees = [t for t in trees if self._alone(t)] + self._reaching() if self.sweeps else trees
        found = (replace(t, events=tuple(e for e in t.events if self._about(t, e))) for t in trees)
        return [t for t in found if t.events]

    def _about(self, tree: Tree, event: int) -> bool:
        named = (o for o in self.view.target.operations if self.view.events[o.name] == event)
        operation = next(named)
        if operation.dependents:
            return tree.reaches and operation.is_about(self.kinds[self._first(tree).kind].name)
        if tree.reaches:
            return False
        asks = (NEW,) if operation.reaches == "new" else (REFERENCE,)
        kinds = {self.objects[n.object].kind for n in tree.nodes if n.role in asks}
        return all(operation.is_about(k.name) for k in self.kinds if k.index in kinds)

    @staticmethod
    def _alone(tree: Tree) -> bool:
        """It asks for one object: that is enough beside what reaches many."""
        asked = [n for n in tree.nodes if n.role != PLACEHOLDER]
        return len(asked) == 1 or (len(asked) == 2 and asked[1].role == NEW)

    def _first(self, tree: Tree) -> Thing:
        return self.objects[tree.nodes[0].object]

    def _reaching(self) -> list[Tree]:
        """Of each kind that others stand on the object with the most of them."""
        events, out = self._events(lambda o: o.dependents), []
        for kind in self.kinds if events else ():
            found = [x for x in self.objects if x.kind == kind.index]
            x = max(found, key=lambda x: sum(x.number + 1 in y.links for y in self.objects))
            if self._above(x):
                nodes = (Node(REFERENCE, x.number, 0),)
                words = f"{x.name} and all that stands on it"
                out.append(Tree(words, nodes, events, FULL, 0, reaches=True))
        return out

    def _any_trees(self, news: tuple[int, ...], references: tuple[int, ...]) -> list[Tree]:
        """Of any graph: what hangs together, what is alone, and what stands on others, anew."""
        out = []
        for root in (x for x in self.objects if not x.above):
            grown = self._grown(root)
            plain = self._grown(root, plain=True)
            if plain and len(plain) == sum(not self._by_handle(x) for x, _ in grown):
                nodes = tuple(Node(NEW, x, a) for x, a in plain)
                out.append(Tree(f"{root.name} and all on it", nodes, news, EMPTY, EMPTY))
            nodes = tuple(Node(REFERENCE, x, a) for x, a in grown)
            out.append(Tree(f"{root.name} and all on it", nodes, references, FULL, 0))
        for x in self.objects:
            if x.above or self._by_handle(x.number):
                over = (Node(REFERENCE, x.above - 1, 0),) if x.above else ()
                again = (*over, Node(NEW, x.number, len(over)))
                out.append(Tree(f"a new {x.name}", again, news, FULL, 0))
            if len(self._grown(x)) > 1 or x.above:
                words = f"{x.name} alone"
                out.append(Tree(words, (Node(REFERENCE, x.number, 0),), references, FULL, 0))
        return out

    def _by_handle(self, number: int) -> bool:
        kind = self.kinds[self.objects[number].kind]
        return any(x.by for x in kind.obj.links)

    def _events(self, wanted) -> tuple[int, ...]:
        return tuple(self.view.events[o.name] for o in self.view.target.operations if wanted(o))

    def _whole(self) -> list[tuple[int, int]]:
        """All but the second of the lowest layer, as one tree."""
        return self._grown(self.objects[0])

    def _grown(self, root: Thing, plain: bool = False) -> list[tuple[int, int]]:
        """What hangs from an object, and the place + 1 of the node above; depth first, as walks go."""
        out: list[tuple[int, int]] = []

        def grow(x: Thing, above: int) -> None:
            if plain and self._by_handle(x.number):
                return
            out.append((x.number, above))
            place = len(out)
            for y in self.objects:
                if y.above == x.number + 1:
                    grow(y, place)

        grow(root, 0)
        return out

    def _above(self, x: Thing) -> list[Thing]:
        """What may stand on it."""
        kinds = {o.name for o in dependents_of(self.view.target, self.kinds[x.kind].name)}
        return [y for y in self.objects if self.kinds[y.kind].name in kinds]
