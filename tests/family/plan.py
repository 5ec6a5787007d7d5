# SPDX-License-Identifier: BSD-2-Clause
"""What a spec of the family is to have, drawn before a line of it is written."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from values import Maker, Value

KINDS = ["port", "sheet", "group", "relay", "meter", "tunnel", "bridge", "lane"]


@dataclass
class Link:
    name: str
    to: int
    by: str  # "parent" or the variable's name
    optional: bool
    klass: str | None  # of the handle
    moves: bool = False  # by the node above, in an operation


@dataclass
class Kind:
    index: int
    name: str
    links: list[Link] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    variants: bool = False
    of_variant: str | None = None
    dependents: bool = False
    below: set[int] = field(default_factory=set)  # kinds that may stand on it, however far
    body: dict = field(default_factory=dict)

    def of(self, *classes: str) -> list[Value]:
        return [v for v in self.values if v.klass in classes]

    def has(self, klass: str) -> bool:
        return bool(self.of(klass))

    @property
    def parent(self) -> Link | None:
        return next((x for x in self.links if x.by == "parent"), None)

    @property
    def flat(self) -> bool:
        """A target without trees: nodes are asked alone."""
        return not self.links


@dataclass
class Operation:
    name: str
    sort: str  # create, modify, exchange, demand, look, stop, start, go, repair, destroy, flush, purge
    about: list[int]
    brings: list[str] = field(default_factory=list)
    returns: list[str] | str | None = None
    order: str = "any"
    statuses: list[str] = field(default_factory=list)
    keeps: list[int] = field(default_factory=list)

    def allow(self, status: str) -> str:
        if status not in self.statuses:
            self.statuses.append(status)
        return status


class Plan:
    """The whole of it: kinds, operations, and traits that hold for all."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = d = random.Random(f"family/{seed}")
        self.more = random.Random(f"family/more/{seed}")
        self.word = 4 if seed % 16 == 7 else 8
        self.natural = self.word == 4 or d.random() < 0.55
        self.written = not self.natural or d.random() < 0.2
        self.header = d.random() < 0.3
        self.points = d.choice([None, None, "void**", "u64*"]) if self.word == 8 else None
        if self.word == 4 and d.random() < 0.4:
            self.points = "u64*"
        self.placeholders = bool(self.points) and d.random() < 0.6
        self.variants = d.random() < 0.3
        self.mark = d.choice([None, "with_object", "when_hardware_has", "when_cleared"])
        self.restores = d.random() < 0.75
        self.host_handle = d.random() < 0.8
        self.busy_with_nobody = False
        self.structs: dict[str, dict] = {}
        self.kinds = [Kind(i, n) for i, n in enumerate(self._names())]
        self._link()
        self._vary()
        self.operations = self._operations()
        again = [o.name for o in self.sort("modify") if "request" not in o.brings]
        self.adding_again = again[:1] if d.random() < 0.25 else []
        self._values()

    def _names(self) -> list[str]:
        count = self.dice.choices([1, 2, 3, 4], [25, 35, 25, 15])[0]
        return self.dice.sample(KINDS, count)

    def _link(self) -> None:
        d = self.dice
        for kind in self.kinds[1:]:
            for _ in range(d.choices([0, 1, 2, 3], [10, 50, 30, 10])[0]):
                to = d.randrange(kind.index)
                tree = not kind.parent and d.random() < 0.55
                klass = None if tree else d.choice(["const", "cached"])
                name = self.kinds[to].name if tree else f"{kind.name}_l{len(kind.links)}"
                link = Link(name, to, "parent" if tree else f"{name}_handle", False, klass)
                link.optional = d.random() < 0.4
                link.moves = tree and d.random() < 0.4
                kind.links.append(link)
                self.kinds[to].dependents = True
        for kind in reversed(self.kinds):
            for link in kind.links:
                self.kinds[link.to].below |= {kind.index} | kind.below

    def _vary(self) -> None:
        if not self.variants:
            return
        self.kinds[0].variants = True
        for kind in self.kinds[1:]:
            link = kind.parent
            if link and not link.optional and self.kinds[link.to].variants:
                kind.variants, kind.of_variant = True, self.kinds[link.to].name

    # ---- Operations ------------------------

    @property
    def linked(self) -> bool:
        return any(k.links for k in self.kinds)

    @property
    def trees(self) -> bool:
        return any(k.parent for k in self.kinds)

    def _operations(self) -> list[Operation]:
        d, everyone = self.dice, [k.index for k in self.kinds]
        down = "dependents_first" if self.trees or d.random() < 0.3 else "any"
        up = "parents_first" if self.trees or d.random() < 0.3 else "any"
        brings = ["const", "cached"] + ["delegated"] * (d.random() < 0.3) + ["link"] * self.trees
        gives = ["delegated"] if "delegated" not in brings and d.random() < 0.2 else None
        found = [Operation("create", "create", everyone, brings, gives, up)]
        if d.random() < 0.2:
            found.append(Operation("adopt", "create", everyone, list(brings), gives, up))
        moves = any(k.parent and k.parent.moves for k in self.kinds)
        if moves or d.random() < 0.85:
            request = ["request"] * (d.random() < 0.25)
            bring = ["cached"] + request + ["link"] * moves
            found.append(
                Operation("modify", "modify", everyone, bring, None, d.choice(["any", up]))
            )
            if d.random() < 0.25:
                found.append(Operation("tune", "modify", everyone, ["cached"], None, "any"))
            if self.more.random() < 0.3:
                order = self.more.choice(["any", "parents_first"])
                found.append(Operation("exchange", "exchange", everyone, ["cached"], None, order))
        if d.random() < 0.3:
            found.append(Operation("demand", "demand", everyone, ["request"], None, "any"))
        if d.random() < 0.75:
            found.append(
                Operation("look", "look", everyone, [], d.choice(["asked", ["delegated"]]))
            )
        if self.mark:
            found.append(Operation("stop", "stop", everyone))
        if self.mark == "when_cleared":
            found.append(Operation("allow", "start", everyone))
        if d.random() < 0.35:
            found.append(Operation("advance", "go", everyone))
        if d.random() < 0.25:
            found.append(Operation("repair", "repair", everyone))
        if self.linked and d.random() < 0.35:
            found.append(Operation("flush", "flush", [], [], None, d.choice(["any", down, up])))
        if self.linked and d.random() < 0.2:
            found.append(Operation("purge", "purge", [], [], None, "dependents_first"))
        returns = ["delegated"] if d.random() < 0.4 else None
        found.append(Operation("destroy", "destroy", everyone, [], returns, down))
        return found

    def sort(self, name: str) -> list[Operation]:
        return [o for o in self.operations if o.sort == name]

    def bringing(self, klass: str) -> list[Operation]:
        return [o for o in self.operations if klass in o.brings]

    # ---- Variables ------------------------

    def _values(self) -> None:
        for kind in self.kinds:
            self._fill(kind)
        for operation in list(self.operations):
            self._narrow(operation)
        for kind in self.kinds:
            if not any(self.meets(o, kind) for o in self.sort("modify")):
                kind.values = [v for v in kind.values if v.klass != "cached" or v.type == "handle"]

    def _fill(self, kind: Kind) -> None:
        d = self.dice
        make = Maker(d, kind.name[0], kind.variants, True)
        counts = {"const": d.randint(1, 3), "cached": d.randint(0, 4), "delegated": d.randint(0, 3)}
        counts["request"] = d.randint(0, 2) if self.bringing("request") else 0
        for klass, count in counts.items():
            for _ in range(count):
                kind.values.append(make.plain(klass))
            if klass != "request" and d.random() < 0.12:
                kind.values += make.pair_of_bits(klass)
            self._secrets(kind, make, klass)
        for link in kind.links:
            if link.klass:
                kind.values.append(make.handle(link.klass, link.name))
        kind.values += make.flags_of_the_hardware(self.more)
        demands = [o.name for o in self.sort("demand")]
        if kind.has("request") and demands and self.more.random() < 0.3:
            kind.values.append(make.secret("request", demands, False))
        kind.values += [make.device() for _ in range(d.choices([0, 1, 2], [60, 30, 10])[0])]

    def _secrets(self, kind: Kind, make: Maker, klass: str) -> None:
        if klass not in ("const", "cached") or self.dice.random() > 0.15:
            return
        bringing = [o.name for o in self.bringing(klass)]
        if klass == "cached" and len(bringing) < 2:
            return
        # Who adds it again tells the object's own.
        again = self.adding_again if klass == "const" else []
        bringing += [o.name for o in self.sort("repair")] + again
        kind.values.append(
            make.secret(klass, bringing, klass == "cached" or self.dice.random() < 0.5)
        )

    def _narrow(self, operation: Operation) -> None:
        """An operation of which no kind knows anything is for those that do, or for none."""
        need = {"modify": "cached", "exchange": "cached", "demand": "request"}.get(operation.sort)
        if operation.sort in ("flush", "purge"):
            self._reach(operation)
            return
        if not need:
            return
        able = [
            k.index
            for k in self.kinds
            if k.has(need) or (operation.sort == "modify" and self._moved(k))
        ]
        if not able:
            self.operations.remove(operation)
        elif operation.sort in ("demand", "exchange") or self.dice.random() < 0.4:
            operation.about = able
        if not any(k.has("request") for k in self.kinds) and "request" in operation.brings:
            operation.brings.remove("request")
        if not any(k.has("cached") for k in self.kinds) and "cached" in operation.brings:
            operation.brings.remove("cached")

    def _moved(self, kind: Kind) -> bool:
        return bool(kind.parent and kind.parent.moves)

    def _reach(self, operation: Operation) -> None:
        roots = [k.index for k in self.kinds if k.dependents]
        if self.dice.random() < 0.4:
            roots = self.dice.sample(roots, self.dice.randint(1, len(roots)))
        operation.about = sorted(roots)
        own = random.Random(f"family/keeps/{self.seed}")
        met = [k.index for k in self.kinds if self.meets(operation, k)]
        if operation.sort == "purge" and own.random() < 0.5:
            operation.keeps = sorted(own.sample(met, own.randint(1, len(met) - 1)))

    def meets(self, operation: Operation, kind: Kind) -> bool:
        """Does the kind's machine see this operation?"""
        if operation.sort in ("flush", "purge"):
            return any(
                kind.index == r or kind.index in self.kinds[r].below for r in operation.about
            )
        return kind.index in operation.about
