# SPDX-License-Identifier: BSD-2-Clause
"""Two lists of facts against each other: what changed, whom it concerns, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Target

from .audiences import BEHAVIOUR, DRIVER, HOST
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
    found = [_change(p, before.get(p), after.get(p)) for p in {**before, **after}]
    all_changes = {c.path: c for c in found if c is not None}
    return [c for c in all_changes.values() if not _said_above(c, all_changes)]


def _change(path: Path, old: Fact | None, new: Fact | None) -> Change | None:
    either = new or old
    assert either
    if old is None or new is None:
        breaks = either.row.added if old is None else either.row.removed
    else:
        if old.text == new.text and old.row.party == new.row.party:
            return None
        breaks = either.row.party != BEHAVIOUR
    return Change(path, either.row.party, old, new, breaks)


def _said_above(change: Change, found: dict[Path, Change]) -> bool:
    """Whether it follows from what is said of the whole that it is a part of."""
    above = (found.get(change.path[:end]) for end in range(1, len(change.path)))
    return any(
        c.sort == change.sort != "changed" and (c.party == change.party or not change.breaks)
        for c in above
        if c
    )


def must_change(found: list[Change]) -> list[str]:
    """Those who must, the host first."""
    return [p for p in PARTIES if any(c.breaks and c.party == p for c in found)]
