# SPDX-License-Identifier: BSD-2-Clause
"""All or nothing: operations that are done together, and states that wait for what becomes of them."""

from __future__ import annotations

from text import Spec, WHOLE, must


def operation(spec: Spec, name: str, o: dict, ends: bool) -> None:
    """It can be taken back, and whoever is taken back has a status."""
    must(("aborted" in o) == ("together" in o), "together", f"{name}: aborted")
    status = o.get("aborted")
    fine = status is None or (status in o["statuses"] and not spec.good(status))
    must(fine, "status", f"aborted of {name}")
    if "together" in o:
        must(o["order"] != "dependents_first", "together", f"{name} waits for dependents")
        must(o["reaches"] != "dependents", "together", f"{name} has no nodes for dependents")
        must(not ends, "together", f"{name} takes away for good")


def waits(m, name: str) -> bool:
    return "waits" in m.states.get(name, {})


def kept(m, name: str, event: str, arm: dict) -> bool:
    """It is not taken back, for what was made with it may stand on it."""
    asked = arm.get("if") and m.spec.condition(m.obj, arm["if"])
    host = m.states.get(arm.get("to", name), {}).get("rest", {}).get("host")
    return event == "abort" and "dependents" in (asked or {}) and host == "has_not"


def states(m) -> None:
    for name, state in m.states.items():
        owes = m.spec.operations.get(state.get("busy"), {})
        must("waits" not in state or "together" in owes, "together", f"{name} waits for nobody")


def arms(m, verb) -> None:
    for name, event, arm, _, to in m.places():
        if waits(m, to):
            must(not verb(arm), "together", f"a command on the way to {to}")
            must(event != "reset", "together", f"{to} after a reset")
        operation = m.spec.operations.get(m.operation(name, event) or "", {})
        good = m.spec.good(arm.get("status"))
        must(not good or "together" not in operation or event == "commit", "together", f"{name}")
        if event != "commit" or set(WHOLE) & set(arm):
            continue
        must(not verb(arm) and m.rests(to), "together", f"commit in {name} may fail")
        must("status" not in arm or good, "together", f"commit in {name} is bad")


def end(m, name, event, arm, w, to) -> None:
    """Where it ends badly nothing is left of what the hardware was told."""
    operation = m.spec.operations.get(m.operation(name, event) or "", {})
    status = arm.get("status", arm.get("refuse"))
    if "together" not in operation or not m.rests(to) or status is None or m.spec.good(status):
        return
    tried = event == "reset" or (
        event == "failed" and m.states.get(to, {}).get("rest", {}).get("hardware") == "unsure"
    )
    left = [d.name for d in w.deeds if not d.undone_badly]
    must(tried or not left or kept(m, name, event, arm), "together", f"{left} in {name}")
