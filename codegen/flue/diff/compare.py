# SPDX-License-Identifier: BSD-2-Clause
"""Two lists of facts against each other: what changed, whom it concerns, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Target

from .audiences import BEHAVIOUR, DRIVER, HOST, Row
from .facts import Fact, Path, facts

PARTIES = (HOST, DRIVER, BEHAVIOUR)


@dataclass(frozen=True)
class Change:
    path: Path
    party: str
    old: Fact | None  # None: it is new
    new: Fact | None  # None: it is gone
    breaks: bool  # the party must change

    @property
    def sort(self) -> str:
        return "added" if self.old is None else "removed" if self.new is None else "changed"


def changes(old: Target, new: Target) -> list[Change]:
    """In the order of the old spec, what is new at the end; of what is wholly new or gone, only that."""
    before, after = facts(old), facts(new)
    found = {p: _changes(p, before.get(p), after.get(p)) for p in {**before, **after}}
    return [c for some in found.values() for c in some if not _said_above(c, found)]


def _changes(path: Path, old: Fact | None, new: Fact | None) -> list[Change]:
    """One for each whom it concerns."""
    either = new or old
    assert either
    if old and new and (old.text, _parties(old)) == (new.text, _parties(new)):
        return []
    return [Change(path, row.party, old, new, _breaks(row, old, new)) for row in either.rows]


def _parties(fact: Fact) -> list[str]:
    return [row.party for row in fact.rows]


def _breaks(row: Row, old: Fact | None, new: Fact | None) -> bool:
    if old is None or new is None:
        return row.added if old is None else row.removed
    return row.party != BEHAVIOUR


def _said_above(change: Change, found: dict[Path, list[Change]]) -> bool:
    """Whether it follows from what is said of the whole that it is a part of."""
    above = (c for end in range(1, len(change.path)) for c in found.get(change.path[:end], []))
    return any(
        c.sort == change.sort != "changed" and (c.party == change.party or not change.breaks)
        for c in above
    )


def must_change(found: list[Change]) -> list[str]:
    """Those who must, the host first."""
    return [p for p in PARTIES if any(c.breaks and c.party == p for c in found)]
