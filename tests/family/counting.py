# SPDX-License-Identifier: BSD-2-Clause
"""Variables of the machine: what a kind counts, and refuses when it was too much."""

from __future__ import annotations

import random

from machine import Machine
from values import Value

TYPES = ["u8", "u16", "u32", "u64"]


def count(machine: Machine) -> None:
    """A number that is 0 of a new object and grows where something ends; with dice of its own."""
    kind, plan = machine.kind, machine.plan
    d = random.Random(f"family/count/{plan.seed}/{kind.index}")
    asking = [o for o in plan.operations if o.sort in ("modify", "demand", "look", "go")]
    asking = [o for o in asking if plan.meets(o, kind)]
    if not asking or d.random() > 0.3:
        return
    body = {"type": d.choice(TYPES), "doc": "How often."} | d.choice([{}, {}, {"unit": "ticks"}])
    kind.values.append(Value("count", "machine", body))
    creating = {o.name for o in plan.sort("create")}
    for name, state in machine.states.items():
        for event in ("done", "failed"):
            for arm in _arms(state, event):
                if "to" not in arm or {"send", "plan", "undo"} & set(arm) or name == "unrestoring":
                    continue
                if state["busy"] in creating:
                    if event == "done" and arm["to"] in machine.there:
                        arm["set"] = {"count": 0}
                elif d.random() < 0.4 and not machine.states.get(arm["to"], {}).get("waits"):
                    arm["set"] = {"count": {"add": d.choice([1, 1, 3])}}
    operation = d.choice(asking)
    too_many = machine.ask.own(kind, {"compare": "count", "is": "above", "with": d.randint(1, 4)})
    for name in machine.there:
        when = machine.states[name]["when"]
        if operation.name in when:
            arms = _arms(machine.states[name], operation.name)
            when[operation.name] = [machine.refuse(operation, too_many, "refused"), *arms]


def _arms(state: dict, event: str) -> list[dict]:
    found = state.get("when", {}).get(event, [])
    return found if isinstance(found, list) else [found]
