# SPDX-License-Identifier: BSD-2-Clause
"""States that are written once and stand for several: `to: before` costs nothing at run time.

A busy state that leads back to where the object came from, itself or by other busy states, is made once for
each state at rest from which it is entered: `reading (from active)`. After this nobody asks where an object
came from: rules, machines, models and suites see plain states. A state that is entered from one only keeps
its name. Findings name states as they are written, so that one mistake in several of them is one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flue import model as m

BEFORE = "before"
Table = dict[tuple[str, str], m.Default]


def scopes(state: m.State) -> tuple[str, ...]:
    """Sorts of defaults that speak about a state, the narrowest first."""
    return ("idle",) if state.resting else (f"busy.{state.busy}", "busy")


def default(state: m.State, event: str, table: Table) -> m.Default | None:
    found = (table.get((scope, event)) for scope in scopes(state))
    return next((d for d in found if d is not None), None)


@dataclass(frozen=True)
class Expansion:
    states: tuple[m.State, ...]
    made: dict[str, dict[str, str]]  # written name, state before it: the name of what is made

    def arms(self, state: m.State, arms: tuple[m.Arm, ...]) -> tuple[m.Arm, ...]:
        """Arms as they are in a state: each leads to a state that there is."""
        return tuple(replace(arm, to=self._to(state, arm.to)) for arm in arms)

    def _to(self, state: m.State, to: str | None) -> str | None:
        if to == BEFORE and not state.resting:  # what is never entered has none before it
            to = state.before or self.states[0].name
        came_from = state.name if state.resting else state.before
        return self.made.get(to or "", {}).get(came_from or "", to)

    def all_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """What words of groups stand for."""
        return tuple(s.name for name in names for s in self.states if s.is_called(name))

    def names(self) -> dict[str, m.Where]:
        """Those of states that are made of one: groups may tell them apart."""
        return {f"{s.as_written} (from {s.before})": s.where for s in self.states if s.before}


def expand(states: tuple[m.State, ...], table: Table) -> Expansion:
    """The states that there are in the end, with the arms that are written in them."""
    before = _entered_from(states, _returning(states, table), table)
    found: list[m.State] = []
    made: dict[str, dict[str, str]] = {}
    for state in states:
        names = before.get(state.name, [])
        for name in names:
            own = f"{state.name} (from {name})" if len(names) > 1 else state.name
            made.setdefault(state.name, {})[name] = own
            found.append(replace(state, name=own, index=len(found), before=name))
        if not names:
            found.append(replace(state, index=len(found)))
    expansion = Expansion(tuple(found), made)
    written = (
        replace(s, written=tuple((e, expansion.arms(s, arms)) for e, arms in s.written))
        for s in found
    )
    return replace(expansion, states=tuple(written))


def _arms(state: m.State, table: Table) -> Iterator[m.Arm]:
    """What is written, and the defaults of what is not."""
    written = dict(state.written)
    for arms in written.values():
        yield from arms
    for event in dict.fromkeys(e for _, e in table if e not in written):
        by_default = default(state, event, table)
        yield from by_default.arms if by_default else ()


def _returning(states: tuple[m.State, ...], table: Table) -> set[str]:
    """The busy states that lead back, themselves or by others."""
    leads = {s.name: {a.to for a in _arms(s, table)} for s in states if not s.resting}
    found = {BEFORE}
    while more := {name for name, to in leads.items() if to & found} - found:
        found |= more
    return found - {BEFORE}


def _entered_from(
    states: tuple[m.State, ...], returning: set[str], table: Table
) -> dict[str, list[str]]:
    """For each of them the states at rest from which it is entered, in the order of the spec."""
    leads = {s.name: {a.to or "" for a in _arms(s, table)} & returning for s in states}
    found: dict[str, list[str]] = {}
    for rest in (s.name for s in states if s.resting):
        reached: set[str] = set()
        todo = set(leads[rest])
        while todo:
            reached |= todo
            todo = {to for name in todo for to in leads[name]} - reached
        for name in (s.name for s in states if s.name in reached):
            found.setdefault(name, []).append(rest)
    return found
