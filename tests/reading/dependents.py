# SPDX-License-Identifier: BSD-2-Clause
"""Operations that reach what stands on the object of their one node."""

from __future__ import annotations

from text import Spec, must

COUNTS = ("reached", "failed")


def _on(spec: Spec, kind: str) -> set[str]:
    """The kinds whose objects may stand on one of a kind."""
    found: set[str] = set()
    for obj in spec.objects:
        below = {x["to"] for x in spec.links(obj).values()}
        if below & (found | {kind}):
            found.add(obj["object"])
    return found


def read(spec: Spec) -> None:
    """Judges them; from here on they are operations on what is there, about all that see them."""
    reaching = {n: o for n, o in spec.operations.items() if o["reaches"] == "dependents"}
    first = next(iter(spec.node["layout"]))
    handed = [m for m in spec.node["members"].values() if first in m.get("in", [first])]
    for role in COUNTS:
        found = [m for m in handed if m["role"] == role]
        must(len(found) == bool(reaching), "dependents", f"{len(found)} members for {role}")
        must(all(m["type"] == "u32" for m in found), "dependents", f"{role} is no u32")
    spec.operations = {n: _as_known(spec, n, o) for n, o in spec.operations.items()}


def _as_known(spec: Spec, name: str, o: dict) -> dict:
    if o["reaches"] != "dependents":
        return o
    kinds = spec.target["objects"]
    named = o.get("about", [k for k in kinds if _on(spec, k)])
    must(named and all(_on(spec, k) for k in named), "dependents", f"{name} of none")
    must("brings" not in o and "returns" not in o, "dependents", f"{name} has no nodes for them")
    must("parent_failed" not in o, "dependents", f"{name} has one node")
    refused = {o.get("others"), spec.target["stale_handle"]} - {None}
    must(refused <= set(o["statuses"]), "dependents", f"{name} cannot end with {refused}")
    must(not any(map(spec.good, refused)), "dependents", f"{name} refuses with a good status")
    sees = set(named).union(*(_on(spec, k) for k in named))
    out = {**o, "reaches": "reference", "about": [k for k in kinds if k in sees]}
    out.pop("others", None)
    if sees == set(kinds):
        del out["about"]
    if o["order"] == "parents_first":
        out["parent_failed"] = spec.target["stale_handle"]
    return out
