# SPDX-License-Identifier: BSD-2-Clause
"""Things broken on purpose: small replacements of text, kept in YAML, made on a copy.

    - what: a tree is completed twice         what is broken, for people
      meant: simulation                       the layer that must find it
      edits:
        - file: runtime/src/request.c
          old: |                              whole lines, or, if it does not end with a line feed, a
            t->spec->complete(...);           text within them; wherever a formatter breaks them
          new: |
            ...

The old text must be in the file once; a change that fits no more is an error, not a bug that is found.
"""

from __future__ import annotations

import re
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
    whole_lines = edit.old.endswith("\n")
    words = r"\s+".join(re.escape(word) for word in edit.old.split())
    pattern = re.compile(rf"^([ \t]*){words}[ \t]*\n" if whole_lines else words, re.MULTILINE)
    _once(len(pattern.findall(text)), edit)
    return pattern.sub(lambda m: _indented(edit.new, m[1]) if whole_lines else edit.new, text)


def _indented(new: str, indent: str) -> str:
    return "".join(indent + x if x.strip() else x for x in new.splitlines(keepends=True))


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
