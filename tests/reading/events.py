# SPDX-License-Identifier: BSD-2-Clause
"""Events of the device: their names, and what they do in a machine."""

from __future__ import annotations

from commands import host_has
from text import Spec, device_events, must


def told(spec: Spec, word: str | None) -> None:
    """An indication, and a reason where it has some."""
    if word is None:
        return
    indications = spec.target.get("indications", {})
    name, _, reason = word.partition(".")
    must(name in indications, "names", f"unknown indication {name}")
    reasons = indications[name].get("reasons", {})
    must(bool(reason) == bool(reasons), "names", f"a reason of {word}")
    must(not reason or reason in reasons, "names", f"unknown reason {word}")


def names(spec: Spec, obj: dict) -> None:
    for name, event in device_events(obj).items():
        must(name not in [*spec.operations, *spec.events], "names", f"event {name} is of all")
        for type_ in event.get("data", {}).values():
            t = spec.type(type_)
            plain = t["base"] != "pointer" and not t["array"] and "kept_as" not in t
            must(plain, "types", f"{type_} goes along with {name}")


def steps(m) -> None:
    """What the device does: nobody's node comes with it, and no busy state is left by it."""
    indications = m.spec.target.get("indications", {})
    for name, event, arm, _, to in m.places():
        if "tell" in arm:
            told = indications[arm["tell"].partition(".")[0]]
            must(event in m.raised, "events", f"{event} tells")
            must(host_has(m.spec, m.states[name]), "events", f"told in {name}")
            must(told["about"] == m.obj["object"], "events", "told of another")
            must("argument" not in told, "events", "nobody gives the argument")
        if event not in m.raised or "defer" in arm or m.rests(name):
            continue
        must(to == name, "events", f"{event} leaves {name}")
        must("hardware" not in m.raised[event], "events", f"{event} is forgotten in {name}")
