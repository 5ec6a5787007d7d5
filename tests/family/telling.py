# SPDX-License-Identifier: BSD-2-Clause
"""What the target tells the host unasked: events of the device, indications, modes."""

from __future__ import annotations

from plan import Kind, Plan


NEWS = {
    "struct": "FAMILY_NEWS",
    "doc": "What is told of all.",
    "members": {
        "revision": {"type": "u32", "host": "Revision", "value": 3, "doc": "Of the structure."},
        "code": {"type": "i32", "host": "Code", "role": "code", "doc": "What is told."},
        "source": {"type": "void*", "host": "Source", "role": "target_handle", "doc": "Who tells."},
    },
}


class Telling:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.dice = plan, plan.dice
        self.calls: dict[str, dict] = {}
        self.indications: dict[str, dict] = {}
        self.types: set[str] = set()
        self.modes = self._modes()

    def indication(self, about: str, passes: list[str], **more) -> str:
        """A new one; calls that pass the same are the same."""
        name = f"tells{len(self.indications) + 1}"
        call = next((n for n, c in self.calls.items() if c["passes"] == passes), None)
        if not call:
            call = f"family_call{len(self.calls) + 1}"
            self.calls[call] = {"doc": "Tells the host.", "passes": passes}
        body = {
            "call": call,
            "about": about,
            "code": len(self.indications) + 1,
            "doc": "It is told.",
        }
        self.indications[name] = body | more
        return name

    def _who(self) -> list[str]:
        words = ["target_handle"] + ["object_handle"] * self.plan.host_handle
        return [self.dice.choice(words)]

    # ---- Events ------------------------

    def events(self, kind: Kind) -> None:
        d = self.dice
        for i in range(d.choices([0, 1, 2], [55, 35, 10])[0]):
            event: dict = {"doc": "It happened."}
            if d.random() < 0.5:
                event["data"] = {"pieces": d.choice(["u64", "u16", "span"]), "rest": "u32"}
            if d.random() < 0.5:
                event["hardware"] = d.choice(["unsure", "has_not"])
            if d.random() < 0.6:
                data = ["data"] if "data" in event else []
                self.types |= {t for t in event.get("data", {}).values() if t == "span"}
                event["tells"] = self.indication(kind.name, [*self._who(), "code", *data])
            if "tells" not in event:
                event.pop("data", None)
            kind.body.setdefault("events", {})[f"{kind.name}_happens{i}"] = event

    # ---- Marks and raises ------------------------

    def states(self, kind: Kind, machine) -> None:
        d, plan = self.dice, self.plan
        if plan.mark and d.random() < 0.5:
            if d.random() < 0.4:
                name = self.indication(
                    kind.name, [*self._who(), "code", "detail"], reasons={"first": 1, "second": 7}
                )
                kind.body["sees"] = {"stopped": [f"{name}.{d.choice(['first', 'second'])}"]}
            else:
                kind.body["sees"] = {
                    "stopped": [self.indication(kind.name, [*self._who(), "code"])]
                }
        if d.random() < 0.4:
            self._raises(kind, machine)
        plan.busy_with_nobody |= any(s.get("busy") == "nobody" for s in machine.states.values())

    def _raises(self, kind: Kind, machine) -> None:
        d = self.dice
        where: str | list[str] = [n for n in (*machine.there, "unsure") if d.random() < 0.7] or [
            "there"
        ]
        if d.random() < 0.5:
            kind.body["groups"] = {"held": where}
            where = "held"
        more: dict = {}
        passes = [*self._who(), "code"]
        roll = d.random()
        if roll < 0.3:
            more, passes = {"carries": "all"}, ["target_handle", "node", "code"]
            plain = [v for v in kind.of("cached") if v.numeric and not v.operations]
            if plain and d.random() < 0.5:
                more["host_answers"] = d.choice(plain).name
        elif roll < 0.5:
            more, passes = {"argument": "amount"}, [*passes, "detail"]
        elif roll < 0.6:
            more, passes = {"reasons": {"one": 1, "two": 2}}, [*passes, "detail"]
        raised: dict = {"in": where}
        if self.plan.mark and d.random() < 0.3:
            raised["if"] = machine.ask.use("is_stopped")
        kind.body["raises"] = {self.indication(kind.name, passes, **more): raised}

    # ---- Modes ------------------------

    def _modes(self) -> dict:
        d, modes = self.dice, {}
        if d.random() > 0.4:
            return modes
        modes["running"] = {"doc": "All is served."}
        passed = ["target_handle", "code"]
        if d.random() < 0.4:
            self.plan.structs["news"], passed = NEWS, ["target_handle", "news"]
        create = self.plan.sort("create")[0]
        modes["paused"] = {"doc": "What is new waits.", "hold": create.name}
        if d.random() < 0.5:
            modes["paused"]["enter"] = self.indication("target", passed)
            if d.random() < 0.5:
                modes["paused"]["leave"] = self.indication("target", passed)
        if d.random() < 0.5:
            refuse = {o.name: o.allow("broken") for o in self.plan.operations if o.sort == "create"}
            modes["removed"] = {"doc": "The hardware is gone.", "resets": "all", "refuse": refuse}
        return modes

    def parts(self) -> dict:
        found: dict = {}
        if self.modes:
            found["modes"] = self.modes
        if self.calls:
            found["calls"] = self.calls
            found["indications"] = self.indications
        return found
