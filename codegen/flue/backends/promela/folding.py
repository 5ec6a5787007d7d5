# SPDX-License-Identifier: BSD-2-Clause
"""What a machine cannot tell apart is searched once.

Events of the device that wait until an object rests are taken one after the other when it does, before
all else. So a machine that only moves on them can be asked beforehand what it makes of them: which of
them nothing comes of, which are alike, and of which the order does not matter. Events after which the
hardware has the object no more are never folded: when they are seen says what is known.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product

from flue.model.transitions import FIRST_OF_DEVICE

from .device_events import Raised, device_events
from .lowering import DEFER, KindView
from .rows import ArmRow
from .values import chain

CONDITIONS = 6  # asked on two events; more of them and nothing is said of their order


class Folding:
    """Of one kind of object, by the numbers of its states and events."""

    def __init__(self, kind: KindView):
        self.kind = kind
        self.cells: dict[tuple[int, int], list[ArmRow]] = {
            (kind.number(s.name), number): rows
            for s in kind.obj.states
            for _, number, rows in kind.cells(s)
        }
        self.resting = [kind.number(s.name) for s in kind.obj.states if s.resting]
        self.busy = [kind.number(s.name) for s in kind.obj.states if not s.resting]
        self.conditions = {a.number: a.arm.condition for a in kind.arms}

    @cached_property
    def raised(self) -> list[Raised]:
        """What is raised in the model: one of those that are alike."""
        out: list[Raised] = []
        for event in device_events(self.kind):
            if not any(self._alike(event, other) for other in out):
                out.append(event)
        return out

    def _says(self, state: int, event: int) -> list[tuple]:
        """What the machine makes of an event, without the numbers of arms."""
        return [
            (self.conditions[a.number], a.to, a.verb, a.commands, a.marks, a.clears, a.status)
            for a in self.cells.get((state, event), [])
        ]

    def _alike(self, one: Raised, other: Raised) -> bool:
        """They do the same everywhere, and a second one does nothing behind a first."""
        states = [*self.resting, *self.busy]
        a, b = one.number, other.number
        return (
            self._moves_only(a)
            and self._moves_only(b)
            and all(self._says(s, a) == self._says(s, b) for s in states)
            and all(
                self._nothing(later, a)
                for s in self.resting
                for row in self.cells.get((s, a), [])
                for later in self._behind(row.to)
            )
        )

    def _moves_only(self, event: int) -> bool:
        """At rest it moves the machine and does no more; what is asked is asked of values."""
        known = {r.number: r for r in device_events(self.kind)}
        rows = [row for s in self.resting for row in self.cells.get((s, event), [])]
        asked = {self.conditions[row.number] for row in rows} - {None}
        return (
            known[event].hardware is None
            and all(row.verb == 0 and row.to in self.resting and not row.status for row in rows)
            and asked <= set(self.kind.values.chosen)
        )

    def _nothing(self, state: int, event: int) -> bool:
        return all(
            (row.to, row.verb, row.marks, row.clears, row.status) == (state, 0, 0, 0, 0)
            for row in self.cells.get((state, event), [])
        )

    def _behind(self, state: int) -> set[int]:
        """Where an object rests until all that waits is seen, from this state on."""
        found, todo = set(), [state]
        while todo:
            at = todo.pop()
            if at in found:
                continue
            found.add(at)
            todo += [
                row.to
                for (s, event), rows in self.cells.items()
                for row in rows
                if s == at and (at in self.busy or event >= FIRST_OF_DEVICE)
            ]
        return found & set(self.resting)

    @cached_property
    def moving(self) -> list[Raised]:
        """Those of which something comes in a state of rest, or to the hardware: others change no tree."""
        return [
            r
            for r in self.raised
            if r.hardware or not all(self._nothing(s, r.number) for s in self.resting)
        ]

    @cached_property
    def idle(self) -> dict[int, list[int]]:
        """Busy states that put an event off of which nothing can come then; by event."""
        out = {}
        for r in self.raised:
            if self._moves_only(r.number):
                rows = {s: self.cells.get((s, r.number), []) for s in self.busy}
                out[r.number] = [
                    s
                    for s, found in rows.items()
                    if any(row.verb == DEFER for row in found)
                    and all(self._nothing(x, r.number) for x in self._behind(s))
                ]
        return {event: states for event, states in out.items() if states}

    @cached_property
    def free(self) -> list[tuple[int, int]]:
        """Events, the greater first, that come to the same in either order."""
        numbers = [r.number for r in self.raised if self._moves_only(r.number)]
        return [(a, b) for b in numbers for a in numbers if a > b and self._commute(a, b)]

    def _commute(self, a: int, b: int) -> bool:
        rows = [r for s in self.resting for e in (a, b) for r in self.cells.get((s, e), [])]
        asked = sorted({str(self.conditions[r.number]) for r in rows} - {"None"})
        if len(asked) > CONDITIONS:
            return False
        return all(
            self._end(s, (a, b), holds) == self._end(s, (b, a), holds)
            for s in self.resting
            for answers in product((False, True), repeat=len(asked))
            for holds in [dict(zip(asked, answers))]
        )

    def _end(self, state: int, events: tuple[int, ...], holds: dict[str, bool]) -> tuple:
        """Where some events lead, and with which marks set and cleared."""
        marked = cleared = 0
        for event in events:
            for row in self.cells.get((state, event), []):
                asked = self.conditions[row.number]
                if asked is None or holds[asked]:
                    marked = (marked | row.marks) & ~row.clears
                    cleared = (cleared & ~row.marks) | row.clears
                    state = row.to
                    break
        return state, marked, cleared

    @cached_property
    def calm(self) -> list[int]:
        """Busy states from which nothing is sent until the object rests but what takes back."""
        steps = {
            s: [r for (at, _), rows in self.cells.items() if at == s for r in rows]
            for s in self.busy
        }
        sending = {s for s in self.busy if any(r.verb in (1, 2) for r in steps[s])}
        while True:
            more = {s for s in self.busy if any(r.to in sending for r in steps[s])} - sending
            if not more:
                return [s for s in self.busy if s not in sending]
            sending |= more

    def brings_together(self) -> str:
        """Statements on what a search need not keep apart while an object is busy; a story does."""
        same = self.kind.results.alike_in_a_search
        lines = []
        if same:
            folded = chain([(f"result[o] == {n}", str(to)) for n, to in same.items()], "result[o]")
            lines.append(f"; result[o] = {folded}")
        if self.kind.view.asks_results:
            calm = " || ".join(f"state[o] == {n}" for n in self.calm) or "false"
            lines.append(f"; first[o] = (result[o] == 0 || (old[o] && ({calm})) -> 0 : first[o])")
        return "\n".join(["", "#ifdef SAFE", *lines, "#endif"]) if lines else ""
