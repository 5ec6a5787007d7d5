# SPDX-License-Identifier: BSD-2-Clause
"""Events one after the other: lines of text, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .events import Event
from .file import Trace

MEMBERS = ("event", "in_file", "line", "command", "result", "status", "phase")


def text(trace: Trace, events: list[Event]) -> str:
    """The time since the first event, in seconds, with as many digits as the clock has."""
    digits = len(str(trace.per_second - 1)) if trace.per_second > 1 else 0
    lines = []
    for e in events:
        passed = (e.time - events[0].time) / trace.per_second
        lines.append(f"{passed:{digits + 7}.{digits}f}  {e.text}\n")
    return "".join(lines)


def as_json(trace: Trace, events: list[Event]) -> str:
    whole = {
        "target": trace.names.target,
        "abi": trace.abi,
        "digest": f"{trace.digest:016x}",
        "per_second": trace.per_second,
        "written_over": trace.first + trace.lost,
        "problems": trace.problems,
        "events": [dict(_members(e)) for e in events],
    }
    return json.dumps(whole, indent=1) + "\n"


def _members(e: Event) -> Iterator[tuple[str, Any]]:
    yield "number", e.number
    yield "time", e.time
    yield "what", e.what
    if e.request is not None:
        yield "request", e.request
        yield "operation", e.operation
    if e.kind:
        yield from {"kind": e.kind.name, "index": e.index, "generation": e.generation}.items()
    if e.what == "step":
        yield from {"old_state": e.state(e.old), "state": e.state(e.new)}.items()
    if e.cookie:
        yield "cookie", e.cookie
    yield from ((name, getattr(e, name)) for name in MEMBERS if getattr(e, name))
    yield "text", e.text
