# SPDX-License-Identifier: BSD-2-Clause
"""What no machine follows from: the same spec, written otherwise or with more said in it.

It has dice of its own, so that what is added here leaves the specs of all seeds what they are.
"""

from __future__ import annotations

import random

LADDER = ["task", "bottom", "interrupt"]


def dressed(files: dict[str, dict], seed: int) -> dict[str, dict]:
    d = random.Random(f"family/dress/{seed}")
    target = files["target.yaml"]
    objects = [t for t in files.values() if "object" in t]
    if d.random() < 0.3:
        _contexts(d, target, objects)
    if len(objects) == 1:
        _conditions_of_the_target(d, target, objects[0])
    _conditions_of_its_own(d, target, objects)
    for obj in objects:
        _spelled_out(d, target, obj)
        for layout in obj["layout"].values():
            if d.random() < 0.1:
                layout["doc"] = "As the host has it."
    if d.random() < 0.3:
        target["roll_up"] = [x for line in target["roll_up"] for x in _in_two(d, line)]
    return files


def _in_two(d: random.Random, line: dict) -> list[dict]:
    """A line of the roll-up as two that say the same."""
    if line["role"] == "placeholder":
        return [line]
    key, value = d.choice([("own", "good"), ("own", "bad"), ("dependents", "some_bad")])
    return [{"role": line["role"], key: value, "status": line["status"]}, line]


def _spelled_out(d: random.Random, target: dict, obj: dict) -> None:
    """Defaults written into a state, and the one plan among plans."""
    deferred = [e for e, arm in target["defaults"]["busy"].items() if arm == {"defer": True}]
    met = [e for e in deferred if f"'{e}'" in str(obj["states"].values())]
    new = {n for n, o in target["operations"].items() if o["reaches"] == "new"}
    for state in obj["states"].values():
        if met and state.get("busy", "create") not in new and d.random() < 0.1:
            state["when"].setdefault(d.choice(met), {"defer": True})
    if "update" in obj and d.random() < 0.2:
        obj["plans"] = {"update": obj.pop("update")}


# ---- Contexts ------------------------


def _contexts(d: random.Random, target: dict, objects: list[dict]) -> None:
    """All that polls call runs where polls do, or where less is allowed."""
    count = d.randint(1, 3)
    poll, anywhere = d.randrange(count), lambda: LADDER[d.randrange(count)]
    after = lambda: LADDER[d.randint(poll, count - 1)]  # noqa: E731
    runs = {"poll": LADDER[poll]}
    runs |= {k: anywhere() for k in ("operations", "answers", "events") if d.random() < 0.7}
    runs |= {k: after() for k in ("commands", "completions", "calls") if d.random() < 0.5}
    if "calls" not in target:
        runs.pop("calls", None)
    if not any("events" in o for o in objects) and "indications" not in target:
        runs.pop("events", None)
    for o in target["operations"].values():
        o |= {"runs_in": anywhere()} if d.random() < 0.2 else {}
        o |= {"completed_in": after()} if d.random() < 0.2 else {}
    events = [e for o in objects for e in o.get("events", {}).values()]
    for body, where in [(e, anywhere) for e in events] + [
        (c, after) for c in _called(target, objects)
    ]:
        if d.random() < 0.2:
            body["runs_in"] = where()
    target["runs_in"] = runs
    said = str([target["operations"], target.get("calls"), runs, objects])
    named = [n for n in LADDER[:count] if f"'{n}'" in said]
    sleeping = d.randint(0, len(named))
    target["contexts"] = {n: {"doc": "Where code runs."} for n in named}
    for n in named[:sleeping]:
        target["contexts"][n]["sleeps"] = True
    if d.random() < 0.5:
        target["contexts"][named[-1]]["host"] = "FAMILY_LEVEL"


def _called(target: dict, objects: list[dict]) -> list[dict]:
    return [
        *target.get("calls", {}).values(),
        *(c for o in objects for c in o["commands"].values()),
    ]


# ---- Where a condition is declared ------------------------


def _conditions_of_the_target(d: random.Random, target: dict, obj: dict) -> None:
    """With one kind of objects all that asks for no variable may be asked of all."""
    own, shared = obj.get("conditions", {}), target.setdefault("conditions", {})
    for name in [n for n, body in own.items() if {"result", "marked", "link"} & set(body)]:
        if d.random() < 0.6:
            shared[name] = own.pop(name)
    for name in list(shared):
        if d.random() < 0.2:
            shared[name].setdefault("doc", "It is asked.")
        elif d.random() < 0.1:
            shared[f"{name}_is"], shared[f"{name}_is_not"] = shared[name], {"not": f"{name}_is"}
            shared[name] = {"not": f"{name}_is_not"}
    for tree in (obj, target):
        if not tree.get("conditions", True):
            del tree["conditions"]


def _conditions_of_its_own(d: random.Random, target: dict, objects: list[dict]) -> None:
    """What only one kind asks may be its own."""
    shared = target.get("conditions", {})
    for name in [n for n, body in shared.items() if {"asked", "dependents"} & set(body)]:
        asking = [o for o in objects if f"'{name}'" in str(o["states"])]
        if len(asking) == 1 and d.random() < 0.3:
            asking[0].setdefault("conditions", {})[name] = shared.pop(name)
    if not shared:
        target.pop("conditions", None)
