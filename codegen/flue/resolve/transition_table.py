# SPDX-License-Identifier: BSD-2-Clause
"""The full table of each machine: what is written, what the defaults say, what is impossible.

A pair that nobody decides has no cell; the check `undecided` reports it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue import model as m
from flue.diagnostics import Report, did_you_mean
from flue.model.queries import impossible


def _scopes(state: m.State) -> tuple[str, ...]:
    """Sorts of defaults that speak about a state, the narrowest first."""
    return ("idle",) if state.resting else (f"busy.{state.busy}", "busy")


@dataclass(frozen=True)
class Declarations:
    """What the target declares and every machine is filled in with."""

    operations: tuple[m.Operation, ...]
    defaults: tuple[m.Default, ...]


def fill(
    kind: str,
    states: tuple[m.State, ...],
    declared: Declarations,
    report: Report,
    raised: list[str],
) -> tuple[m.Cell, ...]:
    """All decided cells of one object, states by events in their order."""
    by_name = {o.name: o for o in declared.operations}
    table = {(d.scope, d.event): d for d in declared.defaults}
    cells = []
    for state in states:
        written = dict(state.written)
        for event in [*by_name, *m.INTERNAL_EVENTS, *raised]:
            if event in written:
                cells.append(_written(state, event, written[event]))
            elif impossible(kind, states[0], state, event, by_name):
                arm = m.Arm(m.Handling.IMPOSSIBLE, None, None, None, None, None, None, state.where)
                cells.append(m.Cell(state.name, event, (arm,), "derived", None))
            else:
                default = _default(state, event, table)
                if default is not None:
                    _check_states(default, states, report)
                    origin = f"default {default.scope}"
                    cells.append(m.Cell(state.name, event, default.arms, origin, default.where))
    return tuple(cells)


def _written(state: m.State, event: str, arms: tuple[m.Arm, ...]) -> m.Cell:
    where = state.key("when", event) or arms[0].where
    return m.Cell(state.name, event, arms, "written", where)


def _default(state: m.State, event: str, table: dict) -> m.Default | None:
    found = (table.get((scope, event)) for scope in _scopes(state))
    return next((d for d in found if d is not None), None)


def _check_states(default: m.Default, states: tuple[m.State, ...], report: Report) -> None:
    """A default's target states must exist in every object that uses it."""
    known = [s.name for s in states]
    user = states[0].where
    for arm in default.arms:
        if arm.to is not None and arm.to not in known and not report.explained(user, arm.to):
            report.explain({arm.to})
            text = f'unknown state "{arm.to}": the default is used in {user.file}, which has none'
            report.error(arm.place("to"), "unknown-name", text, did_you_mean(arm.to, known))
