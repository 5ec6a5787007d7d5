# SPDX-License-Identifier: BSD-2-Clause
"""Which operations take objects away, and of which kinds: the second checker's answer."""

from __future__ import annotations

from machines import Machine
from text import must
from ways import NOT, walk


def ending(machines: list[Machine]) -> set[str]:
    """Operations for which the hardware gives objects up."""
    found = set()
    operations = machines[0].spec.operations
    for m in machines:
        for name, event, arm, _, w, _ in walk(m, set()):
            operation = m.operation(name, event)
            gave_up = any(
                d.sure and m.obj["commands"].get(d.name, {}).get("hardware") == NOT for d in w.deeds
            )
            if operation and ("status" in arm or "refuse" in arm) and w.hardware == NOT and gave_up:
                good = m.spec.good(arm.get("status"))
                kept = m.obj["object"] in operations[operation].get("keeps", [])
                must(not (kept and good), "ended", f"{operation} is to keep it")
                found |= set() if kept else {operation}
    found = {o for o in found if operations[o]["reaches"] == "reference"}
    for name, o in operations.items():
        about = set(o.get("about", machines[0].spec.target["objects"]))
        must("keeps" not in o or name in found, "ended", f"{name} keeps all")
        must(set(o.get("keeps", [])) <= about, "ended", f"{name} keeps what it is not about")
    return found


def ended_by(m: Machine, ends: set[str]) -> set[str]:
    """Those of them that end objects of this kind."""
    return {n for n in ends if m.obj["object"] not in m.spec.operations[n].get("keeps", [])}
