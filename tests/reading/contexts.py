# SPDX-License-Identifier: BSD-2-Clause
"""Contexts: their order, and that what polls call may be called where these run."""

from __future__ import annotations

from text import Spec, must
from names import known


def check(spec: Spec) -> None:
    t = spec.target
    ladder, runs_in = list(t.get("contexts", {})), t.get("runs_in", {})
    things = [*spec.operations.values(), *t.get("calls", {}).values()]
    commands = [c for o in spec.objects for c in o["commands"].values()]
    things += commands + [e for o in spec.objects for e in o.get("events", {}).values()]
    for thing in things:
        known([thing[k] for k in ("runs_in", "completed_in") if k in thing], ladder, "context")
    known(list(runs_in.values()), ladder, "context")
    if not ladder:
        return
    sleeping = ["sleeps" in c for c in t["contexts"].values()]
    must(sleeping == sorted(sleeping, reverse=True), "contexts", "sleeps behind what does not")
    polls = ladder.index(runs_in.get("poll", ladder[-1]))
    called = [(c.get("runs_in"), "commands") for c in commands]
    called += [(o.get("completed_in"), "completions") for o in spec.operations.values()]
    called += [(c.get("runs_in"), "calls") for c in t.get("calls", {}).values()]
    for own, kind in called:
        needed = own or runs_in.get(kind) or ladder[polls]
        must(ladder.index(needed) >= polls, "contexts", f"{kind} in {needed}, polls behind it")
