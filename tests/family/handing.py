# SPDX-License-Identifier: BSD-2-Clause
"""What the host hands over for objects that stay as they are; drawn by dice of its own."""

from __future__ import annotations

import random

from plan import Plan

NAMES = ["outgo", "income", "aside"]
WHY = ("ending", "returned", "reset")


def hand_over(plan: Plan, files: dict[str, dict]) -> None:
    """Transfers of some kinds, in every third spec."""
    dice = random.Random(f"family/transfers/{plan.seed}")
    if dice.random() > 0.35:
        return
    bad = [n for n, s in files["target.yaml"]["statuses"].items() if _may_be(s)]
    good = [n for n, s in files["target.yaml"]["statuses"].items() if s.get("good")]
    kinds = dice.sample(plan.kinds, dice.randint(1, min(2, len(plan.kinds))))
    for kind in kinds:
        states = _where(plan, files[f"{kind.name}.yaml"]["states"], dice)
        files[f"{kind.name}.yaml"]["transfers"] = _transfers(kind.name, states, bad, good, dice)
    files["node.yaml"]["chain"] = _chain(dice)


def _may_be(status: dict) -> bool:
    return not status.get("good") and isinstance(status.get("value"), int) and "only" not in status


def _where(plan: Plan, states: dict[str, dict], dice: random.Random) -> list[str]:
    """At rest with the hardware; in some specs also while it is told other values from there."""
    rest = {"host": "has", "hardware": "has"}
    found = [n for n, s in states.items() if s.get("rest") == rest]
    arms = [states[n]["when"].get(o.name) for n in found for o in plan.sort("modify")]
    every = [x for arm in arms if arm for x in (arm if isinstance(arm, list) else [arm])]
    busy = [arm["to"] for arm in every if "plan" in arm]
    return list(dict.fromkeys(found + (busy if dice.random() < 0.5 else [])))


def _transfers(kind: str, states: list[str], bad: list[str], good: list[str], dice) -> dict:
    made: dict[str, dict] = {}
    for name in NAMES[: dice.randint(1, 3)]:
        made[name] = _one(kind, name, states, bad, dice)
        if dice.random() < 0.5:
            made[name]["accepted"] = dice.choice(good)
    if dice.random() < 0.5:
        made["barrier"] = _one(kind, "barrier", states[:1], bad, dice)
        made["barrier"] |= {"after": dice.choice(list(made)[:-1]), "passes": "depth_wanted"}
    if dice.random() < 0.4:
        made["loan"] = {"doc": "The driver's own.", "lent": True}
    return made


def _one(kind: str, name: str, states: list[str], bad: list[str], dice) -> dict:
    body = {
        "doc": "A piece of work.",
        "completion": f"{kind}{name}done".title(),
        "in": list(states),
        "refused": dice.choice(bad),
    }
    for key in WHY:
        if dice.random() < 0.5:
            body[key] = dice.choice(bad)
    if dice.random() < 0.6:
        body["statuses"] = dice.sample(bad, dice.randint(1, min(2, len(bad))))
    return body


def _chain(dice: random.Random) -> dict:
    """Slots of 8 bytes in any order, some of them the host's."""
    slots = dice.sample(range(8), 5)
    keys = ("next", "status", "link", "handle", "mark")
    places = {key: 8 * at for key, at in zip(keys, slots)}
    return {"struct": "family_piece", "doc": "A piece.", **places}
