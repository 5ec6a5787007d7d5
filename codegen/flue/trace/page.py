# SPDX-License-Identifier: BSD-2-Clause
"""A timeline as a page: one file that needs no other and asks no network.

What a file says is data for the page's script, never markup; a browser is told, by the hash of that script,
that no other may run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from flue.backends.templating import environment

from .events import Event
from .file import Trace
from .timeline import Timeline, Track, positions

HERE = Path(__file__).parent / "templates"


def render(trace: Trace, events: list[Event], line: Timeline) -> str:
    from markupsafe import Markup

    script = (HERE / "timeline.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment(HERE, autoescape=True).get_template("timeline.html.j2")
    data = json.dumps(_data(trace, events, line), separators=(",", ":"))
    return page.render(
        target=trace.names.target,
        style=Markup((HERE / "timeline.css").read_text(encoding="utf-8")),
        script=Markup(script),
        digest=digest,
        data=Markup(data.replace("<", "\\u003c")),
        over=trace.first + trace.lost,
        problems=trace.problems,
    )


def _data(trace: Trace, events: list[Event], line: Timeline) -> dict[str, Any]:
    """An event stands for its time, so that the page can show its turn as well."""
    turn = {e.number: i for i, e in enumerate(events)}
    tracks = {t: i for i, t in enumerate(line.tracks)}
    end = max(len(events) - 1, 0)
    at = lambda e, otherwise: turn[e.number] if e else otherwise
    where = _tracks_of(line)
    return {
        "digits": len(str(trace.per_second - 1)) if trace.per_second > 1 else 0,
        "at": [round(p, 3) for p in positions(trace, events)],  # microseconds
        "time": [(e.time - events[0].time) / trace.per_second for e in events],
        "said": [e.text for e in events],
        "bad": [i for i, e in enumerate(events) if not e.good or e.result not in ("", "ok")],
        "track": [tracks[where[e.number]] for e in events],
        "tracks": [[t.group, t.name] for t in tracks],
        "slices": [
            [tracks[s.track], at(s.first, 0), at(s.last, end), s.name, s.tone]
            + [bool(s.first), bool(s.last)]
            for s in line.slices
        ],
        "marks": [[tracks[m.track], turn[m.event.number]] for m in line.marks],
        "flows": [
            [tracks[f.sender], tracks[f.slot], turn[f.command.number], turn[f.answer.number]]
            for f in line.flows
        ],
    }


def _tracks_of(line: Timeline) -> dict[int, Track]:
    """Where an event is seen: where it begins something, else where it is alone, else where it ends."""
    found: dict[int, Track] = {}
    for s in line.slices:
        if s.last:
            found[s.last.number] = s.track
    for m in line.marks:
        found[m.event.number] = m.track
    for s in line.slices:
        if s.first:
            found[s.first.number] = s.track
    return found
