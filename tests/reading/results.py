# SPDX-License-Identifier: BSD-2-Clause
"""Results of what failed: which there can be on a way, which arms they lead to, what they leave."""

from __future__ import annotations

import chosen
from answers import asked, reaching
from text import lines, listed, must, plans

OPEN = {"timeout", "unsure", "reset"}  # of any command, and nobody knows what it did


def asks(m) -> bool:
    """Whether the machine tells results apart at all."""
    names = [arm["if"] for arms in m.cells.values() for arm in arms if "if" in arm]
    return any("result" in c for c in asked(m.spec, m.obj, names).values())


def commands(m, way: str | None, what: str | None) -> list[dict]:
    """What may have been sent by `send`, `plan` or `undo`."""
    known = m.obj["commands"]
    if way == "send":
        return [known[what]]
    if way == "undo" and what not in plans(m.obj):
        undo = known[what].get("undo")
        return [known[undo]] if undo in known else []
    planned = lines(m.obj, what)
    names = dict.fromkeys(r["send"] for r in planned if r["send"] != "nothing")
    return [known[n] for n in names] if way else []


def answers_of(c: dict) -> set[str]:
    return set(listed(c.get("answers", ["failure"])))


def possible(m, w, event: str) -> frozenset:
    """With what the first that failed can have ended, as soon as `event` is there."""
    if event not in ("done", "failed") or not asks(m):
        return frozenset()
    if event == "done" or (w.bad and w.way == "undo"):
        return w.first
    return w.first.union(OPEN, *(answers_of(c) for c in commands(m, w.way, w.what)))


def left_for(m, arms: list[dict], results: frozenset) -> frozenset:
    """Those of them with which the last of the arms is taken."""
    found = ((r, reaching(m.spec, m.obj, arms, r)) for r in results)
    return frozenset(r for r, worlds in found if worlds is None or worlds)


def spared(m, w, results: frozenset) -> bool:
    """The hardware said no, and is as it was."""
    sent = commands(m, w.way, w.what)
    if w.bad or w.way == "undo" or len(sent) != 1 or not results:
        return False
    return sent[0].get("on_failure") == "unchanged" and results <= answers_of(sent[0])


def harmless(m, w, results: frozenset) -> bool:
    """What failed has changed nothing, and nothing failed before it."""
    if w.bad or w.way != "send":
        return spared(m, w, results)
    c = m.obj["commands"][w.what]
    changes = c.get("effects") or "hardware" in c or chosen.own(m.obj, c.get("returns", []))
    reads = bool(c.get("returns")) and chosen.says_nothing_new(m.obj, c) and not changes
    return reads or spared(m, w, results)


def questions(m, worlds: dict) -> None:
    """Each is asked where something failed, and has two answers there; `worlds`: by state and event."""
    for (name, event), arms in m.cells.items():
        for c in asked(m.spec, m.obj, [a["if"] for a in arms if "if" in a]).values():
            if "result" not in c:
                continue
            must(event in ("done", "failed"), "result", f"asked on {event} in {name}")
            befores = worlds.get((name, event), set())
            must(event == "failed" or all(w.bad for w in befores), "result", f"good in {name}")
            found = frozenset().union(*(possible(m, w, event) for w in befores))
            wanted = set(listed(c["result"]))
            must(not befores or found & wanted, "result", f"never {wanted} on {event} in {name}")
            must(not befores or found - wanted, "result", f"always {wanted} on {event} in {name}")
