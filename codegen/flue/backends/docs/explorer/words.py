# SPDX-License-Identifier: BSD-2-Clause
"""Sentences with links in them: what an arm does, each name leading to what it names."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Arm, Object
from flue.model.describe import action

from .anchors import Anchors

# What a part of an action begins with, and what the rest of it then names.
_NAMES = {
    "mark ": ("mark",),
    "clear ": ("mark",),
    "refuse with ": ("status",),
    "send ": ("command",),
    "plan ": ("plan",),
    "undo ": ("plan", "command"),
    "go to ": ("state",),
    "answer ": ("status",),
    "tell ": ("indication",),
}


@dataclass(frozen=True)
class Word:
    text: str
    to: str | None = None  # the id it leads to


def said(anchors: Anchors, obj: Object, arm: Arm) -> list[Word]:
    """An arm in words: send, link to add_meter, go to, link to creating."""
    out: list[Word] = []
    for part in action(arm).split(", "):
        out.append(Word(", " if out else ""))
        begin = next((b for b in _NAMES if part.startswith(b)), "")
        name = part[len(begin) :]
        found = (anchors.within(obj, sort, name.split(".")[0]) for sort in _NAMES.get(begin, ()))
        out += [Word(begin), Word(name, next((a for a in found if a), None))]
    return [w for w in out if w.text]
