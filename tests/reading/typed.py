# SPDX-License-Identifier: BSD-2-Clause
"""What operations look for behind nodes: what they move and nothing else, under a code of its own."""

from __future__ import annotations

from machines import Machine, verb
from text import ASKED, CLASSES, HOSTS, Spec, must, variants_of

SEVERAL = {"all": CLASSES, "cached_request": ("cached", ASKED)}


def exact(spec: Spec) -> None:
    """A word for several classes stands for what moves them, not for what moves one of them."""
    for name, o in spec.operations.items():
        used = spec.node["state_used"][name]
        if o["reaches"] != "reference" or used not in SEVERAL:
            continue
        returned = [] if o.get("returns") == "asked" else o.get("returns", [])
        moved = {k for k in [*o.get("brings", []), *returned] if k != "link"}
        enough = len(moved) == 1 and moved <= set(CLASSES)
        must(not enough, "state", f"{name} uses {used}, and moves {moved}")


def codes(m: Machine) -> None:
    """Nodes of new objects, and of those that the hardware is asked about, can say what is behind."""
    table = m.obj["type_codes"]
    has = [k for k in HOSTS if k in m.obj["layout"]]
    tables = [table[v] for v in variants_of(m.obj)] or [table]
    for name, o in m.spec.operations.items():
        sought = [k for k in has if k in _sought(m, name, o)]
        for words in tables if sought else ():
            found = [_behind(word, has) for word in words]
            must(sought in found, "codes", f"no code for {sought}, which {name} needs")


def _sought(m: Machine, name: str, o: dict) -> tuple[str, ...]:
    if o["reaches"] == "dependents" or m.obj["object"] not in m.about(name):
        return ()
    if o["reaches"] == "new":
        return CLASSES
    asks = any(verb(arm) for _, event, arm, _, _ in m.places() if event == name)
    used = m.spec.node["state_used"][name]
    return SEVERAL.get(used, (used,)) if asks else ()


def _behind(word: str, has: list[str]) -> list[str]:
    return [k for k in has if k in SEVERAL.get(word, (word,))]
