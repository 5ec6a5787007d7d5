# SPDX-License-Identifier: BSD-2-Clause
"""Conditions: those that follow from what a spec has, and questions about values by chance."""

from __future__ import annotations

from plan import Kind, Operation, Plan
from values import NUMBERS, Value

COMMON = {
    "has_dependents": {"dependents": "some"},
    "new_link_unusable": {"link": "new", "is": "unusable"},
    "link_unusable": {"link": "present", "is": "unusable"},
    "next_link_unusable": {"link": "next", "is": "unusable"},
    "is_stopped": {"marked": ["stopped"]},
    "asks_delegated": {"asked": "delegated"},
}
MOST = {"u8": 255, "u16": 65535, "i8": 127, "i16": 32767}


class Questions:
    """What is asked is declared, and nothing else."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.dice = plan, plan.dice
        self.common: dict[str, dict] = {}
        self.parameters: dict[str, dict] = {}
        self.count = 0

    def use(self, name: str) -> str:
        if name in COMMON:
            self.common.setdefault(name, dict(COMMON[name]))
        return name

    def own(self, kind: Kind, body: dict) -> str:
        self.count += 1
        name = f"asks{self.count}"
        kind.body.setdefault("conditions", {})[name] = body
        return name

    def link(self, kind: Kind, which: str, name: str) -> str:
        body = {"link": which, "of": name, "is": "unusable", "doc": "That one is of no use."}
        for known, there in kind.body.get("conditions", {}).items():
            if there == body:
                return known
        return self.own(kind, body)

    def stopped(self, kind: Kind) -> str:
        """Whether it is stopped, or something that it stands on by some of its links, or by all."""
        d = self.dice
        if not kind.links or d.random() < 0.6:
            return self.use("is_stopped")
        return self.own(kind, {"marked": "stopped", "where": self.along(kind)})

    def along(self, kind: Kind) -> str | list[str]:
        d = self.dice
        some = d.sample(kind.links, d.randint(1, len(kind.links)))
        beyond = [
            x.name for link in some for x in self.plan.kinds[link.to].links if d.random() < 0.5
        ]
        names = dict.fromkeys([*(link.name for link in some), *beyond])
        return d.choice(["along_links", [*names], [*names]])

    def result(self, kind: Kind, answer: str) -> str:
        for name, body in kind.body.get("conditions", {}).items():
            if body == {"result": answer}:
                return name
        return self.own(kind, {"result": answer})

    def forget(self, kind: Kind, name: str) -> None:
        del kind.body["conditions"][name]
        if not kind.body["conditions"]:
            del kind.body["conditions"]

    def seen(self, kind: Kind) -> str | None:
        """A question about what an answer has brought."""
        room = [v for v in kind.of("delegated") if v.numeric and not v.body.get("only")]
        if not room:
            return None
        v = self.dice.choice(room)
        value = "open" if v.type == "phase" else 2
        return self.own(kind, {"compare": v.name, "is": "equal", "with": value})

    def values(self, kind: Kind, operation: Operation) -> str | None:
        """A question that this operation's nodes answer: one, or several together."""
        d = self.dice
        first = self._one(kind, operation)
        if not first or d.random() < 0.6:
            return first
        word = d.choice(["not", "all_of", "any_of"])
        if word == "not":
            return self.own(kind, {"not": first})
        other = self._one(kind, operation)
        own = kind.body["conditions"]
        about = [
            next(own[x].get(k) for k in ("compare", "brought", "flags", "older") if k in own[x])
            for x in (first, other)
            if x
        ]
        if not other or about[0] == about[1]:
            own.pop(other, None)
            return first
        return self.own(kind, {word: [first, other]})

    def _one(self, kind: Kind, operation: Operation) -> str | None:
        d = self.dice
        known = [c for c in ("const", "cached", "request") if c in operation.brings]
        if operation.sort != "create":
            known = list(dict.fromkeys(["const", *known]))
        room = [v for v in kind.of(*known) if v.is_in(operation.name) and not v.body.get("only")]
        flagged = [v for v in room if v.flags]
        numbers = [v for v in room if v.numeric and v.type != "span"]
        ages = [v for v in kind.of("cached") if v.type == "age" and v.is_in(operation.name)]
        if ages and "cached" in operation.brings and d.random() < 0.5:
            self.parameters.setdefault("patience", {"type": "span", "doc": "How long one waits."})
            return self.own(kind, {"older": d.choice(ages).name, "than": "patience"})
        if flagged and d.random() < 0.4:
            return self.own(kind, self._flags(d.choice(flagged)))
        if not numbers:
            return None
        return self.own(kind, self._number(d.choice(numbers), numbers, operation))

    def _flags(self, v: Value) -> dict:
        word = self.dice.choice(["has_all", "has_any", "has_none", "has_only"])
        return {"flags": v.name, word: self.dice.sample(v.flags, 1)}

    def _number(self, v: Value, others: list[Value], operation: Operation) -> dict:
        d = self.dice
        if v.type == "phase":
            if v.klass in operation.brings and d.random() < 0.5:
                return {
                    "brought": v.name,
                    "in": d.sample(["idle", "open", "shut"], d.randint(1, 2)),
                }
            return {"compare": v.name, "is": "equal", "with": d.choice(["idle", "open", "shut"])}
        how = d.choice(["above", "below", "equal"])
        signed = v.type.startswith("i") or v.type == "skew"
        alike = [o for o in others if o is not v and o.type != "phase"]
        alike = [o for o in alike if (o.type.startswith("i") or o.type == "skew") == signed]
        if alike and d.random() < 0.3:
            return {"compare": v.name, "is": how, "with": d.choice(alike).name}
        if v.klass == "cached" and operation.sort == "modify" and d.random() < 0.4:
            return {"compare": v.name, "is": how, "with": f"own.{v.name}"}
        if d.random() < 0.3 and v.type in NUMBERS and not signed:
            self.parameters.setdefault("most", {"type": "u32", "doc": "None may have more."})
            return {"compare": v.name, "is": how, "with": "most"}
        return {"compare": v.name, "is": how, "with": d.randint(1, 3)}
