# SPDX-License-Identifier: BSD-2-Clause
"""What is changed for all nodes of a request, or for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plan import Operation

if TYPE_CHECKING:
    from machine import Machine


def exchange(m: Machine, operation: Operation, rest: dict) -> None:
    """Each object waits for the others, and is put back if one fails."""
    plan, busy = m.orders.plan_of[operation.name], {"busy": operation.name}
    arms = [m.refuse(operation, m.ask.stopped(m.kind), "refused")] if m.plan.mark else []
    if any(x.klass == "cached" for x in m.kind.links):
        arms.append(m.refuse(operation, "new_link_unusable", "again"))
    arms += m.gates(operation)
    for name in m.there:
        rest[name][operation.name] = m.listed([*arms, {"plan": plan, "to": "exchanging"}])
    home = "before" if len(m.there) > 1 else m.there[0]
    back = {"undo": plan, "to": "returning"}
    m.state("exchanging", busy, {"done": {"to": "exchanged"}, "failed": back})
    good = {"to": home, "status": operation.allow("success")}
    m.state("exchanged", {**busy, "waits": True}, {"commit": good, "abort": dict(back)})
    over, lost = ({"to": to, "status": "from_command"} for to in (home, "unsure"))
    m.state("returning", busy, {"done": over, "failed": lost})
