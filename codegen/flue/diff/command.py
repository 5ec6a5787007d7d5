# SPDX-License-Identifier: BSD-2-Clause
"""The changes as text for people or as JSON, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath

from flue.model import Target

from .audiences import DRIVER, HOST
from .compare import Change, PARTIES, changes, must_change

HEADS = {
    (HOST, True): "The host must change",
    (HOST, False): "New or gone for the host, which may ignore it",
    (DRIVER, True): "The driver must change",
    (DRIVER, False): "New for the driver, which may ignore it",
    ("behaviour", False): "Behaviour",
}
COMPATIBLE, DRIVER_MUST, HOST_MUST, BOTH_MUST = 0, 3, 4, 5


def diff(old: Target, new: Target, as_json: bool) -> tuple[str, int]:
    """What to print, and the exit status."""
    found = changes(old, new)
    parties = must_change(found)
    if as_json:
        told = {"must_change": parties, "changes": [_record(c) for c in found]}
        return json.dumps(told, indent=2) + "\n", _status(parties)
    return "".join(f"{line}\n" for line in _lines(found, parties)), _status(parties)


def _status(parties: list[str]) -> int:
    if HOST in parties:
        return BOTH_MUST if DRIVER in parties else HOST_MUST
    return DRIVER_MUST if parties else COMPATIBLE


def _lines(found: list[Change], parties: list[str]) -> Iterator[str]:
    for party in PARTIES:
        for breaks in (True, False):
            some = [c for c in found if c.party == party and c.breaks == breaks]
            if some:
                yield f"{HEADS[party, breaks]}:"
                yield from (f"  {_line(c)}" for c in some)
    must = " and the ".join(parties)
    behaves = ", behaviour changed" if any(c.party == "behaviour" for c in found) else ""
    if parties:
        yield f"the {must} must change{behaves}"
    else:
        yield f"compatible{behaves}" if found else "no difference"


def _line(change: Change) -> str:
    fact = change.new or change.old
    assert fact
    place = f"({PurePath(fact.where.file).name}:{fact.where.line})"
    what = ", ".join(change.path)
    if change.old and change.new:
        return f"{what}: {change.old.text} -> {change.new.text} {place}"
    said = f": {fact.text}" if fact.text else ""
    return f"{what} {change.sort}{said} {place}"


def _record(change: Change) -> dict:
    fact = change.new or change.old
    assert fact
    return {
        "path": list(change.path),
        "party": change.party,
        "change": change.sort,
        "must_change": change.breaks,
        "old": change.old.text if change.old else None,
        "new": change.new.text if change.new else None,
        "file": fact.where.file,
        "line": fact.where.line,
    }
