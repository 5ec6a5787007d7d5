# SPDX-License-Identifier: BSD-2-Clause
"""`flue trace FILE`: read, compared with the spec, shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from flue.model import Target
from flue.model.digest import digest
from flue.terminal import Waiting

from . import chrome, lists, page
from .events import Event, named
from .file import Trace, TraceError, read
from .names import Names
from .timeline import Timeline, build

Render = Callable[[Trace, list[Event], Timeline], str]
FORMATS: dict[str, Render] = {
    "text": lambda trace, events, line: lists.text(trace, events),
    "json": lambda trace, events, line: lists.as_json(trace, events),
    "chrome": lambda trace, events, line: chrome.render(trace, line),
    "html": page.render,
}


def show(path: str, form: str, out: str | None, target: Target | None) -> bool:
    """True: nothing is wrong with the file. TraceError: there is nothing to show."""
    with Waiting(f"flue: reading {path}"):
        trace, made = _rendered(path, form, target)
    if out:
        Path(out).write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
    over = trace.first + trace.lost
    if over and form != "json":
        sys.stderr.write(f"flue: {path}: {over} older records were written over\n")
    for problem in trace.problems:
        sys.stderr.write(f"flue: {path}: {problem}\n")
    return not trace.problems


def _rendered(path: str, form: str, target: Target | None) -> tuple[Trace, str]:
    try:
        trace = read(Path(path).read_bytes())
    except TraceError as e:
        raise TraceError(f"{path}: {e}") from None
    if target and digest(target) != trace.digest:
        raise TraceError(f"{path}: not of this spec: {_difference(trace.names, target)}")
    events = named(trace)
    line = build(trace, events)
    if line.gaps and not trace.lost and not trace.problems:
        trace.problems += line.gaps
    return trace, FORMATS[form](trace, events, line)


def _difference(names: Names, target: Target) -> str:
    """What the other spec has that this one has not, or the other way round: the first such name."""
    if names.target != target.name:
        return f'it is of a target "{names.target}", this one is "{target.name}"'
    there, here = set(_things(names)), set(_things_of(target))
    for only, whose, other in (
        (there - here, "the trace", "spec"),
        (here - there, "the spec", "trace"),
    ):
        if only:
            return f"{whose} has {min(only)}, which the {other} has not"
    return "the same names, but other transitions, or at other lines"


def _things(names: Names) -> list[str]:
    own = [f"a result {r}" for r in names.results] + [f"an operation {o}" for o in names.operations]
    own += [f"a status {s}" for s, _ in names.statuses]
    for kind in names.kinds:
        own.append(f"a kind of object {kind.name}")
        own += [f"a state {s.name} of {kind.name}" for s in kind.states]
        own += [f"a command {c} of {kind.name}" for c in kind.commands]
    return own


def _things_of(target: Target) -> list[str]:
    own = [f"a result {r}" for r in target.results]
    own += [f"an operation {o.name}" for o in target.operations]
    own += [f"a status {s.name}" for s in target.statuses]
    for obj in target.objects:
        own.append(f"a kind of object {obj.name}")
        own += [f"a state {s.name} of {obj.name}" for s in obj.states]
        own += [f"a command {c.name} of {obj.name}" for c in obj.commands]
    return own
