# SPDX-License-Identifier: BSD-2-Clause
"""Numbers that the hardware chooses: told by answers, and carried only as long as they are sure to hold."""

from __future__ import annotations

from text import CHOSEN, Spec, lines, must, plans


def own(obj: dict, words) -> frozenset:
    """Those of the object among what a command carries or brings."""
    all_of_them = obj["variables"].get(CHOSEN, {})
    return frozenset(n for n in all_of_them if n in words or CHOSEN in words)


def linked(spec: Spec, obj: dict, words) -> list[tuple[str, str]]:
    """Object and name of those that belong to what it links to."""
    found = [w.split(".") for w in words if "." in w]
    return [(spec.links(obj)[link]["to"], number) for link, number in found]


def says_nothing_new(obj: dict, c: dict) -> bool:
    """All that it carries is what its object is called."""
    numbers = own(obj, [CHOSEN])
    return all(w in (CHOSEN, *numbers) or "." in w for w in c.get("carries", []))


def planned(obj: dict, plan: str | None) -> list[dict]:
    return [obj["commands"][r["send"]] for r in lines(obj, plan) if r["send"] != "nothing"]


def after(obj: dict, known: frozenset, way: str | None, what: str | None, event: str, reads: bool):
    """What is known after an answer, while the hardware has the object or may have it."""
    c = obj["commands"].get(what, {})
    brings = own(obj, c.get("returns", []))
    if way == "undo":
        back = (
            planned(obj, what) if what in plans(obj) else [obj["commands"].get(c.get("undo"), {})]
        )
        return known - {n for b in back for n in own(obj, b.get("returns", []))}
    if way == "plan":
        lost = {n for b in planned(obj, what) for n in own(obj, b.get("returns", []))}
        return known - lost if event == "failed" else known
    if event == "failed":
        return known if reads else frozenset() if c.get("hardware") == "has" else known - brings
    return brings if c.get("hardware") == "has" else known | brings


def commands(spec: Spec, obj: dict) -> None:
    told = {n for c in obj["commands"].values() for n in own(obj, c.get("returns", []))}
    for name, c in obj["commands"].items():
        gone = c.get("hardware") == "has_not" and own(obj, c.get("returns", []))
        must(not gone, "numbers", f"{name} takes {gone} away and tells it")
        must(own(obj, c.get("carries", [])) <= told, "numbers", f"{name} carries what nobody tells")
    for other in spec.objects:
        for c in other["commands"].values():
            for to, number in linked(spec, other, c.get("carries", [])):
                must(to != obj["object"] or number in told, "numbers", f"nobody tells {number}")


def sent(obj: dict, name: str, arm: dict, known: frozenset) -> None:
    """What an arm sends carries nothing that is not known; what an undo would, is seen when it runs."""
    commands_ = [obj["commands"][arm["send"]]] if "send" in arm else []
    commands_ += planned(obj, arm["plan"]) if "plan" in arm else []
    for c in commands_:
        unknown = own(obj, c.get("carries", [])) - known
        must(not unknown, "numbers", f"{unknown} in {name}")


def rests(spec: Spec, obj: dict, to: str, known: frozenset) -> None:
    """Whatever links to an object that is there may carry what it is called."""
    claim = obj["states"][to]["rest"]
    useless = ["has_not", *spec.target.get("unusable", {}).get("hardware", [])]
    if claim["host"] != "has" or claim["hardware"] in useless:
        return
    for other in spec.objects:
        for c in other["commands"].values():
            for below, number in linked(spec, other, c.get("carries", [])):
                fine = below != obj["object"] or number in known
                must(fine, "numbers", f"{number} is not known in {to}")
