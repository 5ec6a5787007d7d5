# SPDX-License-Identifier: BSD-2-Clause
"""Records with their names: what happened, to which object, for which request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import file
from .file import Record, Trace
from .names import Kind

WORDS = {
    file.REQUEST: "begins",
    file.NODE: "node",
    file.STEP: "step",
    file.COMMAND: "command",
    file.ANSWER: "answer",
    file.UNSENT: "unsent",
    file.STATUS: "status",
    file.COMPLETE: "completes",
    file.PHASE: "phase",
}
PHASES = ("running", "resetting", "removed")
OF_OBJECT = {file.STEP, file.COMMAND, file.ANSWER, file.UNSENT}
OF_REQUEST = {file.REQUEST, file.NODE, file.STATUS, file.COMPLETE}


@dataclass(frozen=True)
class Event:
    """Members that do not apply are empty."""

    number: int
    time: int
    what: str
    request: int | None = None
    operation: str = ""
    kind: Kind | None = None
    index: int = 0
    generation: int = 0
    event: str = ""
    old: int = 0  # states by their numbers: kind.states[n - 1]
    new: int = 0
    line: int = 0
    in_file: str = ""
    command: str = ""
    cookie: int = 0
    result: str = ""
    status: str = ""
    good: bool = True
    phase: str = ""

    def state(self, number: int) -> str:
        return self.kind.states[number - 1].name if self.kind else ""

    @property
    def object(self) -> str:
        return f"{self.kind.name} {self.index}" if self.kind else ""

    @property
    def place(self) -> str:
        return f"{self.in_file}:{self.line}"

    @property
    def said(self) -> str:
        """Without request and object, in the words of flue_trace_text()."""
        if self.what == "step":
            to = f" -> {self.state(self.new)}" if self.old != self.new else ""
            return f"{self.event}: {self.state(self.old)}{to} ({self.place})"
        return {
            "command": f"command {self.command}",
            "answer": f"answer to {self.command}: {self.result}",
            "unsent": f"not sent: {self.command}: {self.result}",
            "status": f"status {self.status}",
            "phase": f"phase {self.phase}",
        }.get(self.what, self.what)

    @property
    def text(self) -> str:
        request = f"#{self.request} {self.operation} " if self.request is not None else ""
        return request + (f"{self.object} " if self.kind else "") + self.said


def named(trace: Trace) -> list[Event]:
    """Of each record; those that make no sense are said to be wrong, and left out."""
    found = []
    for record in trace.records:
        try:
            found.append(_event(trace, record))
        except (IndexError, KeyError):
            trace.wrong(record.offset, f"record {record.number} makes no sense; it is left out")
    return found


def _event(trace: Trace, r: Record) -> Event:
    """IndexError, KeyError: a number that nothing has."""
    names = trace.names
    kind = names.kinds[r.name >> 32 & 15] if r.name else None
    if (r.what in OF_OBJECT and not kind) or (r.what in OF_REQUEST and r.operation == file.NO_BYTE):
        raise IndexError
    given: dict[str, Any] = {"kind": kind, "index": r.name & 0xFFFFFFFF, "generation": r.name >> 36}
    if r.operation != file.NO_BYTE:
        given |= {"request": r.request, "operation": names.operations[r.operation]}
    if r.what == file.STEP and kind:
        given |= _step(trace, r, kind)
    elif r.what in OF_OBJECT and kind:
        given |= {"command": kind.commands[r.of]}
        given |= {"cookie": r.detail} if r.what != file.UNSENT else {}
        given |= {"result": names.results[r.result]} if r.what != file.COMMAND else {}
    elif r.what == file.STATUS:
        status, good = names.statuses[r.of]
        given |= {"status": status, "good": good}
    elif r.what == file.PHASE:
        given["phase"] = PHASES[r.of]
    return Event(r.number, r.time, WORDS[r.what], **given)


def _step(trace: Trace, r: Record, kind: Kind) -> dict[str, Any]:
    event, old, new = (r.detail >> shift & 0xFF for shift in (0, 8, 16))
    arm = r.detail >> 32 & 0xFFFF
    if not 0 < old <= len(kind.states) or not 0 < new <= len(kind.states) or not arm:
        raise IndexError
    line, by_default = kind.arms[arm - 1]
    in_file = trace.names.file if by_default else kind.file
    word = trace.names.event(kind, event)
    return {"event": word, "old": old, "new": new, "line": line, "in_file": in_file}
