# SPDX-License-Identifier: BSD-2-Clause
"""How objects end and come back: taken away, forgotten in a reset, changed by the device itself."""

from __future__ import annotations

from orders import Orders
from plan import Kind, Operation, Plan
from questions import Questions


class Endings:
    """One half of a machine (machine.py), with what both halves write states by."""

    plan: Plan
    kind: Kind
    orders: Orders
    ask: Questions
    states: dict[str, dict]
    there: list[str]
    events: dict[str, dict]

    def state(self, name: str, claims: dict, when: dict | None = None) -> dict:
        body = {"doc": "A state.", **claims}
        if when is not None:
            body["when"] = when
        self.states[name] = body
        return body

    def refuse(self, operation: Operation, condition: str, status: str) -> dict:
        return {"if": self.ask.use(condition), "refuse": operation.allow(status)}

    def failed(self, operation: Operation, status: str = "broken") -> str:
        """A bad status: the first bad result, or a word for all."""
        return "from_command" if self.plan.dice.random() < 0.7 else operation.allow(status)

    def listed(self, arms: list[dict]) -> list[dict] | dict:
        return arms if len(arms) > 1 or self.plan.dice.random() < 0.2 else arms[0]

    # ---- The end ------------------------

    def _destroy(self, operation: Operation, rest: dict) -> None:
        self._end(operation, rest, "removing")

    def _end(self, operation: Operation, rest: dict, busy: str) -> None:
        guard = [self.refuse(operation, "has_dependents", "in_use")] if self.kind.dependents else []
        for name in (*self.there, "unsure"):
            rest[name][operation.name] = self.listed(
                [*guard, {"send": self.orders.remove, "to": busy}]
            )
        gone = operation.allow("broken" if operation.returns else "success")
        rest["lost"][operation.name] = self.listed([*guard, {"to": "free", "status": gone}])
        over = {"to": "unsure", "status": self.failed(operation)}
        done = {"to": "free", "status": operation.allow("success")}
        self.state(busy, {"busy": operation.name}, {"done": done, "failed": over})
        if self.plan.dice.random() < 0.2:
            quiet, first = self.orders.simple("quiet"), f"before_{busy}"
            for name in self.there:
                rest[name][operation.name] = self.listed([*guard, {"send": quiet, "to": first}])
            then = {"send": self.orders.remove, "to": busy}
            self.state(first, {"busy": operation.name}, {"done": then, "failed": dict(over)})

    def _restore(self, lost: dict) -> None:
        arms = [{"if": self.ask.use("is_stopped"), "stay": True}] if self.plan.mark else []
        if self.kind.links:
            arms.append({"if": self.ask.use("link_unusable"), "stay": True})
        lost["restore"] = self.listed([*arms, {"send": self.orders.back, "to": "restoring"}])
        busy, done = {"busy": "nobody"}, {"to": self.there[0]}
        if not self.orders.removal_names_it and self.plan.dice.random() < 0.6:
            self.state("restoring", busy, {"done": done, "failed": {"to": "unsure"}})
            return
        failed = {"undo": self.orders.back, "to": "unrestoring"}
        self.state("restoring", busy, {"done": done, "failed": failed})
        end = "unsure"
        if self.orders.removal_names_it:
            end = self._nameless()
        self.state("unrestoring", busy, {"done": {"to": "lost"}, "failed": {"to": end}})

    def _nameless(self) -> str:
        """Nobody knows whether it is there, nor what it is called."""
        when: dict = {}
        for operation in self.plan.sort("destroy") + self.plan.sort("purge"):
            if self.plan.meets(operation, self.kind) and self.kind.index not in operation.keeps:
                guard = []
                if self.kind.dependents:
                    guard = [self.refuse(operation, "has_dependents", "in_use")]
                over = {"to": "stranded", "status": operation.allow("broken")}
                when[operation.name] = self.listed([*guard, over])
        self.state("nameless", {"rest": {"host": "has", "hardware": "unsure"}}, when)
        return "nameless"

    # ---- What the device does by itself ------------------------

    def _gone(self) -> None:
        """Where nobody knew whether the hardware has it, an event says that it has not."""
        for name, event in self.events.items():
            for here, goal in (("unsure", "lost"), ("nameless", "lost"), ("stranded", "free")):
                if event.get("hardware") == "has_not" and here in self.states:
                    self.states[here].setdefault("when", {})[name] = {"to": goal}

    def _events(self, rest: dict) -> None:
        for name, body in self.events.items():
            tell = {"tell": body["tells"]} if body.get("tells") else {}
            claim = body.get("hardware")
            if claim:
                goal = {"unsure": "unsure", "has_not": "lost"}[claim]
                for here in self.there:
                    rest[here][name] = {"to": goal, **tell}
            elif self.plan.dice.random() < 0.3:
                command = self.orders.simple("calm")
                rest[self.there[0]][name] = {"send": command, "to": "calming", **tell}
                done, failed = {"to": self.there[0]}, {"to": "unsure"}
                self.state("calming", {"busy": "nobody"}, {"done": done, "failed": failed})
            else:
                rest[self.there[-1]][name] = (
                    {"to": self.there[0], **tell}
                    if len(self.there) > 1
                    else {"stay": True}
                    if not tell
                    else tell
                )
