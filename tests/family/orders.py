# SPDX-License-Identifier: BSD-2-Clause
"""Commands of a kind, and what an update sends."""

from __future__ import annotations

from plan import Kind, Plan
from values import Value


class Orders:
    """The commands by what they are for; each is made when the machine asks for it."""

    def __init__(self, plan: Plan, kind: Kind) -> None:
        self.plan, self.kind, self.dice = plan, kind, plan.dice
        self.commands: dict[str, dict] = {}
        self.plans: dict[str, dict] = {}
        secrets = [v for v in kind.of("const", "cached") if v.secret]
        self.unkept = [v.name for v in secrets if "keep" not in v.body]
        self.restores = plan.restores and not (self.unkept and self.dice.random() < 0.3)
        self.told: set[str] = set()  # parts that a new object begins with
        self.plan_of: dict[str, str] = {}  # operation -> plan
        self.remove = f"remove_{kind.name}"
        self._updates()
        self.add = self._add("add", secrets=True)
        self.back = (
            self._add("revive", secrets=False) if self.unkept and self.restores else self.add
        )
        self._remove()

    # ---- What may go along ------------------------

    def mine(self, klass: str, secrets: bool = True) -> list[str]:
        values = [v for v in self.kind.of(klass) if v.type != "handle"]
        return [v.name for v in values if secrets or v.name not in self.unkept]

    def link_numbers(self) -> list[str]:
        """Variables of the device of what it links to."""
        found = []
        for link in self.kind.links:
            found += [f"{link.name}.{v.name}" for v in self.plan.kinds[link.to].of("device")]
        return found

    def _extra(self, room: list[str], chance: float = 0.25) -> list[str]:
        return [x for x in room if self.dice.random() < chance]

    def luggage(self, device: bool = True) -> list[str]:
        """Anything that any command may carry: the hardware is told what it has, once more."""
        always = [v.name for v in self.kind.of("const", "cached") if not v.operations]
        room = [n for n in self.mine("const") + self.mine("cached") if n in always]
        room += self.mine("delegated") + (self.mine("device") if device else [])
        return self._extra(room, 0.12)

    def finish(self) -> None:
        """What no command has carried by now goes along with one."""
        all_words = [
            w for c in self.commands.values() for k in ("carries", "returns") for w in c.get(k, ())
        ]
        room = [n for n in self.commands if n not in (self.add, self.back, self.remove)]
        room = [n for n in room if not n.startswith("calm")]
        carried = [w for c in self.commands.values() for w in c.get("carries", ())]
        asked = str(self.kind.body.get("conditions"))
        for v in self.kind.of("request"):
            words = {v.name, "request", *v.flags}
            if not words & set(carried) and not any(f"'{w}'" in asked for w in words - {"request"}):
                self.kind.values.remove(v)
        for v in self.kind.of("device"):
            if v.name not in carried:
                self.commands[self.dice.choice(room)].setdefault("carries", []).append(v.name)
        for v in self.kind.of("delegated"):
            if v.name not in all_words and "delegated" not in all_words:
                if not set(v.flags + v.pulses) & set(all_words):
                    self.commands[self.remove].setdefault("carries", []).append(v.name)

    def answers(self, body: dict, safe: float = 0.5) -> dict:
        d = self.dice
        if d.random() < 0.6:
            body["answers"] = d.sample(["refused", "no_space", "failure", "odd"], d.randint(1, 3))
        if d.random() < safe:
            body["on_failure"] = "unchanged"
        if d.random() < 0.15:
            body["timeout_ms"] = d.choice([5, 60, 400])
        body["doc"] = "An order."
        return body

    def put(self, verb: str, body: dict, safe: float = 0.5) -> str:
        name = f"{verb}_{self.kind.name}"
        carries = list(dict.fromkeys(body.pop("carries", [])))
        if carries:
            body = {"carries": carries, **body}
        self.commands[name] = self.answers(body, safe)
        return name

    # ---- The orders ------------------------

    def _whole(self, klass: str, secrets: bool) -> list[str]:
        """A class, by its name or one by one."""
        names = self.mine(klass, secrets)
        handles = any(v.type == "handle" for v in self.kind.of(klass))
        whole = names and len(names) == len(self.mine(klass)) and not handles
        if whole and self.dice.random() < 0.5 and klass != "device":
            return [klass]
        pulses = [p for v in self.kind.of(klass) for p in v.pulses]
        flagged = {v.name: v.flags for v in self.kind.of(klass) if v.pulses}
        spread = []
        for name in names:
            spread += flagged.get(name, [name])
        return spread + self._extra(pulses, 0.2)

    def _add(self, verb: str, secrets: bool) -> str:
        d = self.dice
        carries = self._whole("const", secrets) + self._whole("cached", secrets)
        if any("delegated" in o.brings for o in self.plan.sort("create")) and d.random() < 0.8:
            carries += self._whole("delegated", secrets)
        if self.kind.links:
            carries += ["link"] if d.random() < 0.6 else [x.name for x in self.kind.links]
            carries += self._extra(self.link_numbers(), 0.7)
        body: dict = {"carries": carries, "hardware": "has", "undo": self.remove}
        returns = self.mine("device")
        if returns and d.random() < 0.3:
            returns = ["device"]
        if self.plan.sort("create")[0].returns:
            returns = [*(["delegated"] if d.random() < 0.5 else self.mine("delegated")), *returns]
        if returns and (returns != ["delegated"] or self.kind.has("delegated")):
            body["returns"] = [r for r in returns if r != "delegated" or self.kind.has("delegated")]
        return self.put(verb, body, 0.6)

    def _remove(self) -> None:
        room = self.mine("const", False) + self.mine("cached", False) + self.mine("delegated")
        room += ["link"] if self.kind.links else []
        numbers = self._extra(
            self.mine("device"), 0.6 if self.commands.keys() - {self.add, self.back} else 1
        )
        body: dict = {"carries": self._extra(room, 0.15) + numbers}
        body["hardware"] = "has_not"
        must = any(o.returns and o.sort == "destroy" for o in self.plan.operations)
        if self.kind.has("delegated") and (must or self.dice.random() < 0.2):
            body["returns"] = ["delegated"]
        self.put("remove", body, 0.4)

    @property
    def removal_names_it(self) -> bool:
        carried = self.commands[self.remove].get("carries", [])
        return any(v.name in carried for v in self.kind.of("device"))

    def simple(self, verb: str, undo: str | None = None, device: bool = True) -> str:
        name = f"{verb}_{self.kind.name}"
        if name not in self.commands:
            body: dict = {"carries": self.luggage(device)}
            if undo:
                body["undo"] = undo
            self.put(verb, body)
        return name

    def read(self) -> str:
        name = f"read_{self.kind.name}"
        if name not in self.commands:
            body = {"carries": self._extra(self.mine("device"), 0.4)}
            if self.dice.random() < 0.5:
                body["returns"] = ["delegated"]
            else:
                body["returns"] = self.mine("delegated")
            self.put("read", body)
        return name

    def demand(self) -> str:
        name = f"demand_{self.kind.name}"
        if name not in self.commands:
            self.put("demand", {"carries": ["request", *self.luggage()], "undo": "none"})
        return name

    # ---- Updates ------------------------

    def _updates(self) -> None:
        """Which command tells which change; one plan for all, or one for each operation."""
        ops = [o for o in self.plan.sort("modify") if self.plan.meets(o, self.kind)]
        ops = [o for o in ops if self._brings_anything(o)]
        if not ops:
            return
        groups = self._groups()
        groups.sort(key=lambda g: any(isinstance(t, str) or t.secret for t in g))
        narrow = len(ops) == 2 and len(groups) > 1 and self.dice.random() < 0.6
        narrow = narrow and not self.plan.adding_again
        if narrow and not any(isinstance(t, str) or t.secret for t in groups[0]):
            there = self.plan.sort("create") + self.plan.sort("repair") + ops[:1]
            self._only_in(groups[0], [o.name for o in there])
        self.swaps = [o for o in self.plan.sort("exchange") if self.plan.meets(o, self.kind)]
        rules = [self._rules(f"write{i}_{self.kind.name}", g) for i, g in enumerate(groups)]
        lone = self._irreversible()
        whole = {"plan": [r for rule in rules for r in rule]}
        if lone:
            whole["then"] = lone
        if not whole["plan"]:
            del whole["plan"]
        self.plans["update"] = whole
        self.plan_of = {o.name: "update" for o in ops}
        if narrow and "in" in getattr(groups[0][0], "body", ()):
            self.plans["little"] = {"plan": [r for rule in rules[1:] for r in rule]}
            if lone:
                self.plans["little"]["then"] = lone
            if not self.plans["little"]["plan"]:
                del self.plans["little"]["plan"]
            self.plan_of[ops[1].name] = "little"
        for o in self.swaps:
            self.plan_of[o.name] = list(self.plans)[-1]

    def _brings_anything(self, operation) -> bool:
        moved = "link" in operation.brings and self.kind.parent and self.kind.parent.moves
        return bool(moved or any(v.is_in(operation.name) for v in self.kind.of("cached")))

    def _only_in(self, group: list[Value | str], operations: list[str]) -> None:
        for v in group:
            if isinstance(v, Value) and not v.secret and v.type != "handle":
                v.body["in"] = operations

    def _groups(self) -> list[list[Value | str]]:
        """What is told together. A link is a word, a variable itself."""
        d = self.dice
        things: list[Value | str] = [v for v in self.kind.of("cached") if v.type != "handle"]
        things += [x.name for x in self.kind.links if x.klass == "cached" or x.moves]
        d.shuffle(things)
        groups: list[list[Value | str]] = []
        for thing in things:
            if groups and d.random() < 0.5:
                d.choice(groups).append(thing)
            else:
                groups.append([thing])
        # What some operation does not bring goes alone: it has an `in` of its own.
        return groups

    def _rules(self, command: str, group: list[Value | str]) -> list[dict]:
        d = self.dice
        changed, brought, carries = [], [], []
        for thing in group:
            if isinstance(thing, str):
                changed.append(thing)
                carries.append(thing)
                carries += self._extra(
                    [x for x in self.link_numbers() if x.startswith(f"{thing}.")], 0.7
                )
            elif thing.secret:
                brought.append(thing.name)
                carries.append(thing.name)
            else:
                changed += thing.parts
                carries += thing.parts or []
        kept = changed and not brought and all(not isinstance(t, str) for t in group)
        pulses = [p for t in group if isinstance(t, Value) for p in t.pulses]
        if kept and not (pulses and self.swaps) and d.random() < 0.15:
            return [{"changed": changed, "send": "nothing"}]
        body: dict = {"carries": carries + self.luggage(), "undo": "old_values"}
        if pulses and (d.random() < 0.5 or not (changed or brought) or self.swaps):
            body["carries"] += pulses
        else:
            pulses = []
        self.put(command.split("_")[0], body)
        rules = [{"changed": changed, "send": command}] if changed else []
        changed = list(changed)
        if len(changed) > 1 and d.random() < 0.3:
            rules = [{"changed": [c], "send": command} for c in changed]
        rules += [{"brought": brought, "send": command}] if brought else []
        return rules + [{"pulse": p, "send": command} for p in pulses]

    def _irreversible(self) -> list[dict]:
        """What goes last, for pulses that nothing else is told of."""
        d = self.dice
        told = {x for c in self.commands.values() for x in c.get("carries", ())}
        pulses = [p for v in self.kind.of("cached") for p in v.pulses if p not in told]
        if not pulses:
            return []
        goals = [v for v in self.kind.of("delegated") if v.numeric or v.type == "timer"]
        goals = [v for v in goals if "bits" not in v.body and not v.flags]
        name, rules = f"begin_{self.kind.name}", []
        body: dict = {"undo": "none"}
        for i, pulse in enumerate(pulses):
            rule = {"pulse": pulse, "send": name}
            if goals and d.random() < 0.8:
                goal = d.choice(goals)
                effect = {
                    "sets": goal.name,
                    "to": "full" if goal.type == "timer" else 0,
                    "doc": "Anew.",
                }
                if d.random() < 0.3 and goal.type != "timer":
                    effect["unless_equal"] = True
                body.setdefault("effects", {})[f"anew_{pulse}"] = effect
                rule["effect"] = f"anew_{pulse}"
            else:
                body.setdefault("carries", []).append(pulse)
            plain = [v.name for v in self.kind.of("cached") if v.parts == [v.name] and not v.secret]
            plain = [n for n in plain if not n.endswith("_handle")]
            if plain and "effect" in rule and d.random() < 0.3:
                rule["changed"] = [d.choice(plain)]
            rules.append(rule)
        self.put("begin", body)
        return rules
