# SPDX-License-Identifier: BSD-2-Clause
"""`retry: 3`: the same command again, so often at most. A state that says so is made once for each time:
`starting (again 2)`; in the last of them the arm is left out, and those behind it decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flue import model as m
from flue.diagnostics import Report


def unroll(report: Report, states: tuple[m.State, ...]) -> tuple[m.State, ...]:
    """The states and arms that there are in the end."""
    found: list[m.State] = []
    for state in states:
        arm = next((a for _, arms in state.written for a in arms if a.retry), None)
        started = _started(states, state.name)
        text = _wrong(state, arm, started) if arm else None
        if arm and text:
            report.error(arm.place("retry"), "conflicting-keys", text)
        times = range(arm.retry + 1) if arm and not text else range(1)
        found += [_time(state, i, times[-1], started) for i in times]
    return tuple(replace(s, index=i) for i, s in enumerate(found))


def _started(states: tuple[m.State, ...], name: str) -> list[tuple[str, str | None]]:
    """What is under way in a state, by all that lead there."""
    arms = (a for s in states for _, arms in s.written for a in arms)
    return list(dict.fromkeys((a.verb, a.subject) for a in arms if a.verb and a.to == name))


def _wrong(state: m.State, arm: m.Arm, started) -> str | None:
    """Why nothing can be said to be the same again."""
    written = [(event, a) for event, arms in state.written for a in arms if a.retry]
    if state.resting or any(event != "failed" for event, _ in written):
        return "only what failed is tried again: say it on failed"
    if len(written) > 1:
        return f'"{state.name}" tries again twice: one arm says how often'
    if len(started) != 1:
        return f'several commands may be under way in "{state.name}": none is the same again'
    return "an undo is not tried again" if started[0][0] == "undo" else None


def _time(state: m.State, time: int, last: int, started) -> m.State:
    """The state as it is when the command was sent again so many times."""

    def name(i: int) -> str:
        return f"{state.name} (again {i})" if i else state.name

    def arms(found: tuple[m.Arm, ...]) -> Iterator[m.Arm]:
        """Behind an arm that tries again nothing is left of its condition until it is left out."""
        tried: list[str | None] = []
        for arm in found:
            if arm.condition in tried or None in tried:
                continue
            if not arm.retry:
                yield arm
            elif time < last:
                tried.append(arm.condition)
                verb, subject = started[0]
                yield replace(
                    arm, retry=0, verb=verb, subject=subject, to=name(time + 1), again=True
                )

    written = tuple((event, tuple(arms(found))) for event, found in state.written)
    return replace(state, name=name(time), written=written)
