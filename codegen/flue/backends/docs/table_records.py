# SPDX-License-Identifier: BSD-2-Clause
"""`flue table --json`: the same for tools, a record for each state and event."""

from __future__ import annotations

from typing import Any

from flue.model import Arm, Target
from flue.model.describe import action, sort_of

from .table import cells_of, chosen


def records(target: Target, object_name: str | None) -> list[dict[str, Any]]:
    return [
        {
            "object": obj.name,
            "state": state.name,
            "sort": sort_of(state),
            "event": cell.event,
            "origin": cell.origin,
            "arms": [_arm(arm) for arm in cell.arms],
        }
        for obj in chosen(target, object_name)
        for state in obj.states
        for cell in cells_of(target, obj, state)
    ]


def _arm(arm: Arm) -> dict[str, Any]:
    """`if`: null where nothing is asked. `to`: null where the state stays."""
    return {
        "if": str(arm.condition) if arm.condition else None,
        "handling": arm.handling.name.lower(),
        "does": action(arm),
        "to": arm.to,
        "file": arm.where.file,
        "line": arm.where.line,
    }
