# SPDX-License-Identifier: BSD-2-Clause
"""Things broken on purpose: small replacements of text, kept in YAML, made on a copy.

    - what: a tree is completed twice         what is broken, for people
      meant: simulation                       the layer that must find it
      edits:
        - file: runtime/src/request.c
          old: |                              whole lines, whatever their indentation; or, if it does
            t->spec->complete(...);           not end with a line feed, a text within a line
          new: |
            ...

The old text must be in the file once; a change that fits no more is an error, not a bug that is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml


class DoesNotApply(Exception):
    """The text to be replaced is not in its file, or more than once."""


@dataclass(frozen=True)
class Edit:
    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    what: str
    meant: str
    edits: tuple[Edit, ...]
    more: dict = field(default_factory=dict)  # what else is said of it


def load(path: Path) -> list[Change]:
    out = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        edits = tuple(Edit(**edit) for edit in entry.pop("edits"))
        out.append(Change(entry.pop("what"), entry.pop("meant"), edits, entry))
    return out


def replaced(text: str, edit: Edit) -> str:
    if edit.old.endswith("\n"):
        return _lines_replaced(text, edit)
    _once(text.count(edit.old), edit)
    return text.replace(edit.old, edit.new)


def _lines_replaced(text: str, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    bare, wanted = [x.strip() for x in lines], [x.strip() for x in edit.old.splitlines()]
    found = [i for i in range(len(lines)) if bare[i : i + len(wanted)] == wanted]
    _once(len(found), edit)
    begin = found[0]
    indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
    new = [indent + x if x.strip() else x for x in edit.new.splitlines(keepends=True)]
    return "".join(lines[:begin] + new + lines[begin + len(wanted) :])


def _once(count: int, edit: Edit) -> None:
    if count != 1:
        how = "not in" if count == 0 else f"{count} times in"
        text = " ".join(edit.old.split())
        raise DoesNotApply(f"DOES NOT APPLY: `{text[:60]}` is {how} {edit.file}")


def apply(change: Change, place) -> list[Path]:
    """Make a change on a copy; `place` tells where the copy of a file is. What was changed."""
    changed = []
    for edit in change.edits:
        path = Path(place(edit.file))
        if not path.is_file():
            raise DoesNotApply(f"DOES NOT APPLY: there is no {edit.file}")
        text = path.read_text(encoding="utf-8")
        path.write_text(replaced(text, edit), encoding="utf-8")
        changed.append(path)
    return changed
