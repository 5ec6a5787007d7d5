# SPDX-License-Identifier: BSD-2-Clause
"""The states of a kind. What each operation does follows one of a few shapes, put together by chance."""

from __future__ import annotations

from endings import Endings
from exchange import exchange
from orders import Orders
from plan import Kind, Operation, Plan
from questions import Questions

THERE = ["there", "running", "halted"]
NOT, HAS = {"host": "has_not", "hardware": "has_not"}, {"host": "has", "hardware": "has"}


class Machine(Endings):
    def __init__(self, plan: Plan, kind: Kind, orders: Orders, ask: Questions) -> None:
        self.plan, self.kind, self.orders, self.ask = plan, kind, orders, ask
        self.dice = plan.dice
        go = [o for o in plan.sort("go") if plan.meets(o, kind)]
        self.there = THERE[: self.dice.randint(2, 3)] if go else THERE[:1]
        self.states: dict[str, dict] = {}
        self.events = kind.body.get("events", {})
        self._all()

    def _all(self) -> None:
        rest = {n: {} for n in (*self.there, "unsure", "lost")}
        first: dict = {}
        self.state("free", {"rest": NOT}, first)
        for name in self.there:
            self.state(name, {"rest": HAS}, rest[name])
        for operation in self.plan.sort("create"):
            first[operation.name] = self._create(operation)
        for operation in self.plan.operations:
            if operation.sort != "create" and self.plan.meets(operation, self.kind):
                getattr(self, f"_{operation.sort}")(operation, rest)
        self._events(rest)
        self.state("unsure", {"rest": {"host": "has", "hardware": "unsure"}}, rest["unsure"])
        self.state("lost", {"rest": {"host": "has", "hardware": "has_not"}}, rest["lost"])
        self.state(
            "stranded",
            {"rest": {"host": "has_not", "hardware": "unsure"}},
            {"reset": {"to": "free"}},
        )
        if self.orders.restores:
            self._restore(rest["lost"])
        self._gone()
        self.orders.finish()
        for body in self.states.values():
            if not body.get("when", True):
                del body["when"]

    # ---- Arms ------------------------

    def sure(self, command: str) -> list[str]:
        """Answers after which the hardware is as before."""
        body = self.orders.commands[command]
        return body.get("answers", ["failure"]) if body.get("on_failure") == "unchanged" else []

    def guard(self, operation: Operation, which: str, common: str) -> list[dict]:
        """May it stand on these? Asked of all links at once, or of each."""
        if not self.kind.links:
            return []
        if self.dice.random() < 0.7:
            return [self.refuse(operation, common, "again")]
        names = []
        for link in self.kind.links:
            stays = which == "next" and not (link.moves or link.klass == "cached")
            names.append(self.ask.link(self.kind, "present" if stays else which, link.name))
        return [self.refuse(operation, n, "again") for n in names]

    def gates(self, operation: Operation) -> list[dict]:
        """Questions about values, before anything is done."""
        if self.dice.random() > 0.35:
            return []
        asked = self.ask.values(self.kind, operation)
        return [self.refuse(operation, asked, "refused")] if asked else []

    # ---- The beginning ------------------------

    def _create(self, operation: Operation):
        d, add = self.dice, self.orders.add
        name = f"adding_{operation.name}" if operation.name != "create" else "adding"
        undoing = name.replace("adding", "undoing")
        arms = self.guard(operation, "new", "new_link_unusable") + self.gates(operation)
        sent: str | list[str] = add
        busy = {"busy": operation.name}
        done = {"to": self.there[0], "status": operation.allow("success")}
        failed: list[dict] = []
        undo = add
        more = d.random()
        if more < 0.15:
            self.orders.simple("light", f"dim_{self.kind.name}")
            self.orders.simple("dim", f"light_{self.kind.name}")
            sent, undo = [add, f"light_{self.kind.name}"], "all"
        else:
            failed = self._refused(operation, add, "free")
        failed.append({"undo": undo, "to": undoing})
        if 0.15 <= more < 0.3:
            last = name.replace("adding", "settling")
            step = self.orders.simple("settle")
            self.state(
                name, busy, {"done": {"send": step, "to": last}, "failed": self.listed(failed)}
            )
            self.state(last, busy, {"done": done, "failed": {"undo": add, "to": undoing}})
        else:
            self.state(name, busy, {"done": done, "failed": self.listed(failed)})
        self.state(
            undoing,
            busy,
            {
                "done": {"to": "free", "status": self.failed(operation)},
                "failed": {"to": "stranded", "status": self.failed(operation)},
            },
        )
        return self.listed([*arms, {"send": sent, "to": name}])

    def _refused(self, operation: Operation, command: str, home: str) -> list[dict]:
        """What the hardware refused left all as it was: tried again, or over."""
        sure, d = self.sure(command), self.dice
        if not sure or d.random() < 0.5:
            return []
        condition = self.ask.result(self.kind, d.choice(sure))
        arms: list[dict] = [{"if": condition, "retry": d.randint(1, 3)}] if d.random() < 0.4 else []
        if not arms or d.random() < 0.5:
            arms.append({"if": condition, "to": home, "status": "from_command"})
        return arms

    # ---- Operations on what is there ------------------------

    def _modify(self, operation: Operation, rest: dict) -> None:
        plan, d = self.orders.plan_of.get(operation.name), self.dice
        if not plan:
            for name in self.there:
                rest[name][operation.name] = {"status": operation.allow("success")}
            return
        busy = {"busy": operation.name}
        begin, back = f"changing_{operation.name}", f"reverting_{operation.name}"
        arms = []
        if self.plan.mark:
            arms.append(self.refuse(operation, self.ask.stopped(self.kind), "refused"))
        if self._relinks(operation):
            arms.append(self.refuse(operation, "new_link_unusable", "again"))
        arms += self.gates(operation)
        home = "before" if len(self.there) > 1 or d.random() < 0.2 else self.there[0]
        if operation.name in self.plan.adding_again and not self.orders.unkept:
            self._again(operation, rest)
        for name in self.there:
            rest[name][operation.name] = self.listed([*arms, {"plan": plan, "to": begin}])
        done = {"to": home, "status": operation.allow("success")}
        if d.random() < 0.2:
            done = self._then(operation, plan, back, done)
        self.state(begin, busy, {"done": done, "failed": {"undo": plan, "to": back}})
        over = {"to": home, "status": self.failed(operation)}
        self.state(
            back, busy, {"done": over, "failed": {"to": "unsure", "status": self.failed(operation)}}
        )

    def _exchange(self, operation: Operation, rest: dict) -> None:
        exchange(self, operation, rest)

    def _then(self, operation: Operation, plan: str, back: str, done: dict) -> dict:
        """A command after the plan; where that fails both are taken back, the last one first."""
        busy, kind = {"busy": operation.name}, self.kind.name
        paint = self.orders.simple("paint", f"strip_{kind}")
        self.orders.simple("strip")
        painting, stripping = f"painting_{operation.name}", f"stripping_{operation.name}"
        self.state(painting, busy, {"done": done, "failed": {"undo": paint, "to": stripping}})
        lost = {"to": "unsure", "status": self.failed(operation)}
        self.state(stripping, busy, {"done": {"undo": plan, "to": back}, "failed": lost})
        return {"send": paint, "to": painting}

    def _again(self, operation: Operation, rest: dict) -> None:
        """What the hardware has forgotten is added anew, with what the request brings."""
        add, busy = self.orders.add, {"busy": operation.name}
        arms = (
            [self.refuse(operation, self.ask.stopped(self.kind), "refused")]
            if self.plan.mark
            else []
        )
        if self._relinks(operation):
            arms += self.guard(operation, "next", "next_link_unusable")
        else:
            arms += self.guard(operation, "present", "link_unusable")
        rest["lost"][operation.name] = self.listed([*arms, {"send": add, "to": "adding_again"}])
        done = {"to": self.there[0], "status": operation.allow("success")}
        self.state("adding_again", busy, {"done": done, "failed": {"undo": add, "to": "not_again"}})
        end = self._nameless() if self.orders.removal_names_it else "unsure"
        lost = {"to": end, "status": self.failed(operation)}
        over = {"to": "lost", "status": self.failed(operation)}
        self.state("not_again", busy, {"done": over, "failed": lost})

    def _relinks(self, operation: Operation) -> bool:
        moved = "link" in operation.brings and self.kind.parent and self.kind.parent.moves
        return bool(moved or any(x.klass == "cached" for x in self.kind.links))

    def _demand(self, operation: Operation, rest: dict) -> None:
        self._order(operation, rest, self.orders.demand(), self.gates(operation))

    def _order(
        self, operation: Operation, rest: dict, command: str, arms: list[dict], **more
    ) -> None:
        """One command, which leaves it in the state that it was in."""
        busy = f"busy_{operation.name}"
        home = "before" if len(self.there) > 1 else self.there[0]
        for name in self.there:
            start = {"send": command, "to": busy, **more.get("start", {})}
            rest[name][operation.name] = self.listed([*arms, start])
        done = {"to": home, **more.get("done", {}), "status": operation.allow("success")}
        failed = self._refused(operation, command, home)
        failed.append({"to": "unsure", "status": self.failed(operation)})
        self.state(busy, {"busy": operation.name}, {"done": done, "failed": self.listed(failed)})

    def _look(self, operation: Operation, rest: dict) -> None:
        if not self.kind.has("delegated"):
            for name in (*self.there, *self.dice.choice([[], ["lost"]])):
                rest[name][operation.name] = {"status": operation.allow("success")}
            return
        read, home = self.orders.read(), "before" if len(self.there) > 1 else self.there[0]
        for name in self.there:
            if operation.returns == "asked":
                arms = [{"if": self.ask.use("asks_delegated"), "send": read, "to": "looking"}]
                rest[name][operation.name] = [*arms, {"status": operation.allow("success")}]
            else:
                rest[name][operation.name] = {"send": read, "to": "looking"}
        over = {"to": home, "status": self.failed(operation)}
        done = [{"to": home, "status": operation.allow("success")}]
        seen = self.ask.seen(self.kind)
        if seen and self.dice.random() < 0.5:
            done.insert(0, {"if": seen, "to": self.there[-1], "status": operation.allow("success")})
        elif seen:
            self.ask.forget(self.kind, seen)
        self.state("looking", {"busy": operation.name}, {"done": self.listed(done), "failed": over})

    def _stop(self, operation: Operation, rest: dict) -> None:
        command = self.orders.simple("block", f"unblock_{self.kind.name}")
        self.orders.simple("unblock", command)
        self._order(operation, rest, command, [], start={"mark": "stopped"})

    def _start(self, operation: Operation, rest: dict) -> None:
        command = self.orders.simple("unblock", f"block_{self.kind.name}")
        self._order(operation, rest, command, [], done={"clear": "stopped"})

    def _flush(self, operation: Operation, rest: dict) -> None:
        self._order(operation, rest, self.orders.simple("flush"), [])

    def _purge(self, operation: Operation, rest: dict) -> None:
        """It goes, or stays where others go."""
        if self.kind.index not in operation.keeps:
            self._end(operation, rest, "purging")
            return
        self._order(operation, rest, self.orders.simple("sweep"), [])
        lost = {"to": "lost", "status": operation.allow("broken")}
        self.states[f"busy_{operation.name}"]["when"]["reset"] = lost

    def _go(self, operation: Operation, rest: dict) -> None:
        for here, goal in zip(self.there, [*self.there[1:], None]):
            if not goal:
                break
            command = self.orders.simple(f"go{self.there.index(goal)}")
            busy = f"to_{goal}"
            rest[here][operation.name] = self.listed(
                [*self.gates(operation), {"send": command, "to": busy}]
            )
            failed = self._refused(operation, command, here)
            failed.append({"to": "unsure", "status": self.failed(operation)})
            done = {"to": goal, "status": operation.allow("success")}
            self.state(
                busy, {"busy": operation.name}, {"done": done, "failed": self.listed(failed)}
            )

    def _repair(self, operation: Operation, rest: dict) -> None:
        arms = []
        if self.orders.unkept:
            return
        if self.plan.mark:
            arms.append(self.refuse(operation, self.ask.stopped(self.kind), "refused"))
        if self.kind.dependents:
            arms.append(self.refuse(operation, "has_dependents", "in_use"))
        arms += self.guard(operation, "present", "link_unusable")
        rest["unsure"][operation.name] = self.listed(
            [*arms, {"send": self.orders.remove, "to": "clearing"}]
        )
        busy, done = {"busy": operation.name}, {
            "to": self.there[0],
            "status": operation.allow("success"),
        }
        lost = {"to": "unsure", "status": self.failed(operation)}
        self.state(
            "clearing", busy, {"done": {"send": self.orders.add, "to": "repairing"}, "failed": lost}
        )
        self.state("repairing", busy, {"done": done, "failed": lost})
        if self.orders.removal_names_it:
            self._nameless()
            self.states["repairing"]["when"]["failed"] = {
                "to": "nameless",
                "status": lost["status"],
            }
