# SPDX-License-Identifier: BSD-2-Clause
"""Events as tracks: what lasts, what happens at once, and what leads from one to another.

A track for each object (its states), request and slot of a command; those of requests are used again
when the one before is over. Times are microseconds since the first event.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from .events import Event
from .file import Trace

REQUESTS, COMMANDS, TARGET = "requests", "commands under way", "target"


@dataclass(frozen=True)
class Track:
    group: str
    name: str


@dataclass
class Slice:
    """From one event to another; the first or the last may be missing from the trace."""

    track: Track
    begin: float
    end: float
    name: str
    tone: str  # rests, busy, good, bad, open
    first: Event | None
    last: Event | None = None


@dataclass(frozen=True)
class Mark:
    track: Track
    at: float
    event: Event


@dataclass(frozen=True)
class Flow:
    """A command: from its object to its slot, and its answer back."""

    sender: Track
    slot: Track
    sent: float
    answered: float
    command: Event
    answer: Event


@dataclass
class Timeline:
    slices: list[Slice] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)  # records that must be missing
    end: float = 0.0

    @property
    def tracks(self) -> list[Track]:
        """In the order of groups, then of names; kinds as they come."""
        rank = {TARGET: 0, REQUESTS: 1, COMMANDS: 3}
        seen = {s.track for s in self.slices} | {m.track for m in self.marks}
        seen |= {f.sender for f in self.flows}
        number = lambda t: int(t.name.rpartition(" ")[2]) if t.name[-1:].isdigit() else 0
        return sorted(seen, key=lambda t: (rank.get(t.group, 2), t.group, number(t)))


def positions(trace: Trace, events: list[Event]) -> Iterator[float]:
    """Events of the same time stand one after the other within a unit of the clock."""
    unit = 1e6 / trace.per_second
    latest = 0
    for time, several in groupby(events, key=lambda e: e.time):
        latest = max(latest, time - events[0].time)  # a clock that goes back stands still
        group = list(several)
        yield from ((latest + i / len(group)) * unit for i in range(len(group)))


def build(trace: Trace, events: list[Event]) -> Timeline:
    made = _Building(trace.first == 0)
    for event, at in zip(events, positions(trace, events)):
        made.add(event, at)
    return made.done()


class _Building:
    def __init__(self, whole: bool) -> None:
        self.whole = whole  # the first record is there
        self.line = Timeline()
        self.objects: dict[Track, Slice] = {}
        self.requests: dict[int, Slice] = {}
        self.free: list[int] = []  # tracks of requests that are over
        self.sent: dict[int, tuple[Slice, Track]] = {}  # by cookie
        self.phase: Slice | None = None

    def add(self, event: Event, at: float) -> None:
        self.line.end = at
        if event.request is not None and event.request not in self.requests:
            self._request(event, at)
        if event.what == "phase":
            self._phase(event, at)
        elif event.what == "step":
            self._step(event, at)
        elif event.what == "command":
            self._command(event, at)
        elif event.what == "answer":
            self._answer(event, at)
        elif event.what == "unsent":
            self.line.marks.append(Mark(_of_object(event), at, event))
        elif event.what == "completes" and event.request is not None:
            self._completes(event, event.request, at)
        elif event.request is not None:
            self.line.marks.append(Mark(self.requests[event.request].track, at, event))

    def _open(self, track: Track, at: float, name: str, tone: str, first: Event | None) -> Slice:
        made = Slice(track, at, at, name, tone, first)
        self.line.slices.append(made)
        return made

    def _request(self, event: Event, at: float) -> None:
        lane = heapq.heappop(self.free) if self.free else len(self.requests)
        began = event.what == "begins"
        name = f"{event.operation} #{event.request}"
        track = Track(REQUESTS, f"request {lane}")
        made = self._open(track, at, name, "good", event if began else None)
        self.requests[event.request or 0] = made

    def _completes(self, event: Event, request: int, at: float) -> None:
        over = self.requests.pop(request)
        over.end, over.last = at, event
        heapq.heappush(self.free, int(over.track.name.split()[-1]))

    def _step(self, event: Event, at: float) -> None:
        track = _of_object(event)
        before = self.objects.pop(track, None)
        was, becomes = (_tone(event, state) != "unused" for state in (event.old, event.new))
        if before and event.old == event.new and before.name == event.state(event.old):
            self.objects[track] = before
            self.line.marks.append(Mark(track, at, event))
            return
        if before:
            before.end, before.last = at, event
            if before.name != event.state(event.old):
                self._gap(event, f"it was {before.name}")
        elif was:
            since = self._open(track, 0.0, event.state(event.old), _tone(event, event.old), None)
            since.end, since.last = at, event
        elif not becomes:  # refused: nothing begins
            self.line.marks.append(Mark(track, at, event))
        if becomes:
            tone = _tone(event, event.new)
            self.objects[track] = self._open(track, at, event.state(event.new), tone, event)

    def _command(self, event: Event, at: float) -> None:
        slot = Track(COMMANDS, f"slot {event.cookie & 0xFFFFFFFF}")
        made = self._open(slot, at, event.command, "open", event)
        self.sent[event.cookie] = made, _of_object(event)

    def _answer(self, event: Event, at: float) -> None:
        if event.cookie not in self.sent:
            self.line.marks.append(Mark(_of_object(event), at, event))
            if self.whole:
                self._gap(event, "nothing was asked")
            return
        command, sender = self.sent.pop(event.cookie)
        if sender != _of_object(event):
            self._gap(event, f"{sender.name} had asked that")
        command.end, command.last = at, event
        command.tone = "good" if event.result == "ok" else "bad"
        if command.first:
            flow = Flow(sender, command.track, command.begin, at, command.first, event)
            self.line.flows.append(flow)

    def _gap(self, event: Event, why: str) -> None:
        self.line.gaps.append(f"record {event.number}: {event.text}: {why}; records are missing")

    def _phase(self, event: Event, at: float) -> None:
        """What is under way when a reset begins, or a removal, is answered no more."""
        if self.phase:
            self.phase.end, self.phase.last = at, event
        self.phase = self._open(Track(TARGET, "phase"), at, event.phase, "rests", event)
        if event.phase != "running":
            self.phase.tone = "bad"
            for command, _ in self.sent.values():
                command.end, command.last, command.tone = at, event, "bad"
            self.sent.clear()

    def done(self) -> Timeline:
        """What is not over goes on to the end."""
        open_commands = [command for command, _ in self.sent.values()]
        left = [*self.objects.values(), *self.requests.values(), *open_commands]
        for one in left + ([self.phase] if self.phase else []):
            one.end = self.line.end
        return self.line


def _of_object(event: Event) -> Track:
    return Track(event.kind.name if event.kind else "", event.object)


def _tone(event: Event, state: int) -> str:
    return event.kind.states[state - 1].sort if event.kind else ""
