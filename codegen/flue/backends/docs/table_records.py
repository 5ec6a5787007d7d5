# SPDX-License-Identifier: BSD-2-Clause
"""`flue table --json`: the same for tools, a record for each state and event, and transfer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flue.model import Arm, Object, State, Target
from flue.model.describe import action, sort_of
from flue.model.handing import fates_in

from .table import cells_of, chosen


def records(target: Target, object_name: str | None) -> list[dict[str, Any]]:
    return [
        {"object": obj.name, "state": state.name, "sort": sort_of(state), **what}
        for obj in chosen(target, object_name)
        for state in obj.states
        for what in (*_events(target, obj, state), *_transfers(target, obj, state))
    ]


def _events(target: Target, obj: Object, state: State) -> Iterator[dict[str, Any]]:
    for cell in cells_of(target, obj, state):
        arms = [_arm(arm) for arm in cell.arms]
        yield {"event": cell.event, "origin": cell.origin, "arms": arms}


def _transfers(target: Target, obj: Object, state: State) -> Iterator[dict[str, Any]]:
    """Where the host can hand something over. `status`: null where it does not go back undone."""
    for t, fate, status in fates_in(target, obj, state):
        where = {"file": t.where.file, "line": t.where.line}
        yield {"transfer": t.name, "fate": fate, "status": status, **where}


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
