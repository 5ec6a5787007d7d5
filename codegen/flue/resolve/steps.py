# SPDX-License-Identifier: BSD-2-Clause
"""Several commands in order in one arm, `send: [mount, light]`, and `undo: all`, which takes them back.

Each command of a list is sent when the one before it was answered well; `undo: all` takes back those that were
sent, the last first, each when the one after it is taken back. The states that wait meanwhile are made here, one
for each command: `mounting (at light)`, `unmounting (of light)`. What is written for `done` counts in the
last of them, what is written for other events in all. After this an arm does one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flue import model as m
from flue.diagnostics import Report

ALL = "all"
Written = tuple[tuple[str, tuple[m.Arm, ...]], ...]


@dataclass(frozen=True)
class Chain:
    """The commands that a state waits for, one after the other, and the arm that began it."""

    steps: tuple[str, ...]
    arm: m.Arm
    word: str  # at, of

    def name(self, state: str, step: int) -> str:
        return f"{state} ({self.word} {self.steps[step]})"


def spell_out(report: Report, states: tuple[m.State, ...]) -> tuple[m.State, ...]:
    """The states and arms that there are in the end."""
    sent = _chains(report, states)
    undone = _undone(report, states, sent)
    for name, arm in _strangers(states, {**sent, **undone}):
        text = f'"{name}" waits for a list of commands, and for something else here'
        report.error(arm.place("to"), "conflicting-keys", text)
    found: list[m.State] = []
    for state in states:
        chain = sent.get(state.name) or undone.get(state.name)
        steps = range(len(chain.steps)) if chain else ()
        made = [_step(state, chain, step, sent, undone) for step in steps if chain]
        found += made or [replace(state, written=_plain(state.written, sent))]
    return tuple(replace(s, index=i) for i, s in enumerate(found))


def _arms(states: tuple[m.State, ...]) -> Iterator[tuple[m.State, m.Arm]]:
    for state in states:
        for _, arms in state.written:
            for arm in arms:
                yield state, arm


def _chains(report: Report, states: tuple[m.State, ...]) -> dict[str, Chain]:
    busy = {s.name for s in states if not s.resting}
    found: dict[str, Chain] = {}
    for _, arm in _arms(states):
        if arm.steps and arm.to in busy:
            found.setdefault(arm.to or "", Chain(arm.steps, arm, "at"))
        elif arm.steps:
            text = "a list of commands leads to a busy state, which waits for them"
            report.error(arm.place("send"), "conflicting-keys", text)
    return found


def _undone(
    report: Report, states: tuple[m.State, ...], sent: dict[str, Chain]
) -> dict[str, Chain]:
    busy = {s.name for s in states if not s.resting}
    found: dict[str, Chain] = {}
    for state, arm in _arms(states):
        if (arm.verb, arm.subject) != ("undo", ALL):
            continue
        chain = sent.get(state.name)
        if chain is not None and arm.to in busy:
            found.setdefault(arm.to or "", Chain(chain.steps, arm, "of"))
        elif chain is not None:
            text = '"all" is taken back on the way to a busy state, which waits for that'
            report.error(arm.place("undo"), "conflicting-keys", text)
        elif not report.failed:  # or the list may be what is wrong
            text = f'no list of commands leads to "{state.name}": there is not "all" to take back'
            report.error(arm.place("undo"), "conflicting-keys", text)
    return found


def _strangers(states, chains: dict[str, Chain]) -> Iterator[tuple[str, m.Arm]]:
    """Arms that lead to where a list is waited for, and do not send, or take back, that list; the first for each."""
    seen: set[str | None] = set()
    for _, arm in _arms(states):
        chain = chains.get(arm.to or "")
        same = chain and (arm.verb, arm.subject, arm.steps) == (
            chain.arm.verb,
            chain.arm.subject,
            chain.arm.steps,
        )
        if chain and not same and arm.to not in seen:
            seen.add(arm.to)
            yield arm.to or "", arm


def _plain(written: Written, sent: dict[str, Chain]) -> Written:
    """Arms that send a list send its first command."""
    return tuple((event, tuple(_first(arm, sent) for arm in arms)) for event, arms in written)


def _first(arm: m.Arm, sent: dict[str, Chain]) -> m.Arm:
    chain = sent.get(arm.to or "")
    return replace(arm, steps=(), to=chain.name(arm.to or "", 0)) if chain else arm


def _step(state: m.State, chain: Chain, step: int, sent, undone) -> m.State:
    """The state that waits for one command of a list."""
    going = chain.word == "at"
    following = step + 1 if going else step - 1
    written = dict(_plain(state.written, sent))
    if 0 <= following < len(chain.steps):
        arm = replace(
            chain.arm,
            condition=None,
            mark=None,
            sets=(),
            subject=chain.steps[following],
            steps=(),
            to=chain.name(state.name, following),
        )
        written = {"done": (arm,), **{e: arms for e, arms in written.items() if e != "done"}}
    for event, arms in written.items():
        written[event] = tuple(_taken_back(arm, undone, step) for arm in arms)
    return replace(state, name=chain.name(state.name, step), written=tuple(written.items()))


def _taken_back(arm: m.Arm, undone: dict[str, Chain], step: int) -> m.Arm:
    chain = undone.get(arm.to or "")
    if chain is None or (arm.verb, arm.subject) != ("undo", ALL):
        return arm
    return replace(arm, subject=chain.steps[step], to=chain.name(arm.to or "", step))
