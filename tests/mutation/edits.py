# SPDX-License-Identifier: BSD-2-Clause
"""A mutant's edits, made on a copy of the text.

What is replaced is whole lines, where it ends with a line feed, or else a text within them; wherever a
formatter breaks them. It must be in the file once: a mutant that fits no more is an error, not a
mutant that is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mutation.table import Edit, Mutant


class DoesNotApply(Exception):
    """The text to be replaced is not in its file, or more than once."""


def replaced(text: str, edit: Edit) -> str:
    whole_lines = edit.replace.endswith("\n")
    words = r"\s+".join(re.escape(word) for word in edit.replace.split())
    pattern = re.compile(rf"^([ \t]*){words}[ \t]*\n" if whole_lines else words, re.MULTILINE)
    _once(len(pattern.findall(text)), edit)
    return pattern.sub(lambda m: _indented(edit.text, m[1]) if whole_lines else edit.text, text)


def _indented(text: str, indent: str) -> str:
    return "".join(indent + x if x.strip() else x for x in text.splitlines(keepends=True))


def _once(count: int, edit: Edit) -> None:
    if count != 1:
        how = "not in" if count == 0 else f"{count} times in"
        text = " ".join(edit.replace.split())
        raise DoesNotApply(f"{edit.where}: does not apply: `{text[:60]}` is {how} {edit.file}")


def mutated(mutant: Mutant, original: Callable[[str], str | None]) -> dict[str, str]:
    """The texts of the files that a mutant changes; `original` tells how they were."""
    out: dict[str, str] = {}
    for edit in mutant.edits:
        text = out.get(edit.file)
        text = original(edit.file) if text is None else text
        if text is None:
            raise DoesNotApply(f"{edit.where}: does not apply: there is no {edit.file}")
        out[edit.file] = replaced(text, edit)
    return out
