# SPDX-License-Identifier: BSD-2-Clause
"""The full table of each machine: what is written, what the defaults say, what is impossible.

A pair that nobody decides has no cell; the check `undecided` reports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flue import model as m
from flue.diagnostics import Report, did_you_mean
from flue.model.queries import impossible

from .expand import BEFORE, Expansion, Table, default


@dataclass(frozen=True)
class Declarations:
    """What the target declares and every machine is filled in with."""

    operations: tuple[m.Operation, ...]
    defaults: tuple[m.Default, ...]

    @cached_property
    def table(self) -> Table:
        return {(d.scope, d.event): d for d in self.defaults}


def fill(
    kind: str,
    made: Expansion,
    declared: Declarations,
    report: Report,
    raised: list[str],
) -> tuple[m.Cell, ...]:
    """All decided cells of one object, states by events in their order."""
    states = made.states
    by_name = {o.name: o for o in declared.operations}
    decisions = m.DECISIONS if any(o.together for o in declared.operations) else ()
    cells = []
    for state in states:
        written = dict(state.written)
        for event in [*by_name, *m.INTERNAL_EVENTS, *decisions, *raised]:
            if event in written:
                cells.append(_written(state, event, written[event]))
            elif impossible(kind, states[0], state, event, by_name):
                arm = m.Arm(m.Handling.IMPOSSIBLE, None, None, None, None, None, None, state.where)
                cells.append(m.Cell(state.name, event, (arm,), "derived", None))
            else:
                found = default(state, event, declared.table)
                if found is not None:
                    _check_states(found, states, report)
                    arms = made.arms(state, found.arms)
                    origin = f"default {found.scope}"
                    cells.append(m.Cell(state.name, event, arms, origin, found.where))
    return tuple(cells)


def _written(state: m.State, event: str, arms: tuple[m.Arm, ...]) -> m.Cell:
    where = state.key("when", event) or arms[0].where
    return m.Cell(state.name, event, arms, "written", where)


def _check_states(by_default: m.Default, states: tuple[m.State, ...], report: Report) -> None:
    """A default's target states must exist in every object that uses it."""
    known = [*dict.fromkeys(s.as_written for s in states), BEFORE]
    user = states[0].where
    for arm in by_default.arms:
        if arm.to is not None and arm.to not in known and not report.explained(user, arm.to):
            report.explain({arm.to})
            text = f'unknown state "{arm.to}": the default is used in {user.file}, which has none'
            report.error(arm.place("to"), "unknown-name", text, did_you_mean(arm.to, known))
