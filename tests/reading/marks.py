# SPDX-License-Identifier: BSD-2-Clause
"""Marks that arms take away again."""

from __future__ import annotations

from text import Spec, must

HOW = "when_cleared"


def check(spec: Spec, machines: list) -> None:
    declared = spec.target.get("marks", {})
    cleared = set()
    for m in machines:
        for (_, event), arms in m.cells.items():
            for arm in (a for a in arms if "clear" in a):
                mark = arm["clear"]
                cleared.add(mark)
                must(declared[mark]["ends"] == HOW, "marks", f"{mark} is cleared")
                must(arm.get("mark") != mark, "marks", f"{mark} is set and cleared")
                must(not {"send", "plan", "undo"} & set(arm), "marks", f"{mark} cleared too soon")
                must(event not in ("failed", "reset"), "marks", f"{mark} cleared on {event}")
                fine = "status" not in arm or spec.good(arm["status"])
                must(fine, "marks", f"{mark} cleared with {arm.get('status')}")
    for mark, m in declared.items():
        must(m["ends"] != HOW or mark in cleared, "marks", f"nothing clears {mark}")
