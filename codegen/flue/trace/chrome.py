# SPDX-License-Identifier: BSD-2-Clause
"""A timeline in the Trace Event Format, as chrome://tracing and ui.perfetto.dev open it.

A group is a process there, a track a thread; slices are complete events (X), marks instants (i), a
command is a flow (s, t, f) from its object by its slot and back.
"""

from __future__ import annotations

import json
from typing import Any

from .events import Event
from .file import Trace
from .timeline import Slice, Timeline, Track

Row = dict[str, Any]


def render(trace: Trace, line: Timeline) -> str:
    tracks = line.tracks
    groups = {group: n for n, group in enumerate(dict.fromkeys(t.group for t in tracks), 1)}
    places = {t: {"pid": groups[t.group], "tid": n} for n, t in enumerate(tracks, 1)}
    rows = [_meta("process_name", {"pid": n, "tid": 0}, name=g) for g, n in groups.items()]
    rows += [
        _meta("process_sort_index", {"pid": n, "tid": 0}, sort_index=n) for n in groups.values()
    ]
    rows += [_meta("thread_name", places[t], name=t.name) for t in tracks]
    rows += [_meta("thread_sort_index", p, sort_index=p["tid"]) for p in places.values()]
    happened = [_slice(s, places) for s in line.slices]
    for mark in line.marks:
        what = {"ph": "i", "s": "t", "cat": mark.event.what, "name": mark.event.said, "ts": mark.at}
        happened.append(what | places[mark.track] | {"args": _args(mark.event)})
    for number, flow in enumerate(line.flows, 1):
        what = {"cat": "command", "name": flow.command.command, "id": number}
        for ph, at, track in (
            ("s", flow.sent, flow.sender),
            ("t", flow.sent, flow.slot),
            ("f", flow.answered, flow.sender),
        ):
            end = {"bp": "e"} if ph == "f" else {}
            happened.append(what | {"ph": ph, "ts": at} | end | places[track])
    rows += sorted(happened, key=lambda row: row["ts"])
    about = {"target": trace.names.target, "digest": f"{trace.digest:016x}", "abi": trace.abi}
    about |= {"written over": trace.first + trace.lost, "problems": trace.problems}
    whole = {"displayTimeUnit": "ns", "otherData": about}
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{json.dumps(whole)[:-1]}, "traceEvents": [\n{lines}\n]}}\n'


def _meta(what: str, place: Row, **args: str | int) -> Row:
    return {"ph": "M", "name": what, "ts": 0} | place | {"args": args}


def _slice(s: Slice, places: dict[Track, Row]) -> Row:
    args = {"from": s.first.text if s.first else "before the first record"}
    args["to"] = s.last.text if s.last else "not over at the last record"
    args |= _args(s.first) if s.first else {}
    what = {"ph": "X", "cat": s.tone, "name": s.name, "ts": s.begin, "dur": s.end - s.begin}
    return what | places[s.track] | {"args": args}


def _args(event: Event) -> Row:
    args: Row = {"record": event.number}
    if event.request is not None:
        args["request"] = event.request
    if event.kind:
        args["generation"] = event.generation
    if event.cookie:
        args["cookie"] = f"{event.cookie:#x}"
    return args
