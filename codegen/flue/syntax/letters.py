# SPDX-License-Identifier: BSD-2-Clause
"""Letters that look like others, and spaces that are none: what an editor does not show is named."""

from __future__ import annotations

import unicodedata

USE_A_SPACE = "write a plain space instead"

# Cyrillic and Greek letters that are drawn as Latin ones.
_DRAWN_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u03bf\u03bd", "aeopcyxijsov"
)

# Separators of every sort, and characters that only change how others look.
_UNSEEN = ("Zs", "Zl", "Zp", "Cf")


def unseen(letter: str) -> bool:
    """Does it look like a space, or like nothing, and is neither to YAML?"""
    return letter not in " \t\n" and unicodedata.category(letter) in _UNSEEN


def first_unseen(text: str) -> int | None:
    """The place of the first such letter."""
    return next((i for i, letter in enumerate(text) if unseen(letter)), None)


def name_of(letter: str) -> str:
    return f"{unicodedata.name(letter, 'a character without a name')} (U+{ord(letter):04X})"


def foreign(text: str) -> str:
    """A hint that names the first letter that is not ASCII's, or nothing."""
    odd = next((c for c in text if not c.isascii()), None)
    if odd is None:
        return ""
    shown = "" if unseen(odd) else f'"{odd}", '
    return f"the text holds {shown}{name_of(odd)}"


def latin(text: str) -> str:
    """The text that a reader sees, where letters of other scripts look like Latin ones."""
    return text.translate(_DRAWN_ALIKE)
