# SPDX-License-Identifier: BSD-2-Clause
"""Which key was meant by one that is not there: words of the language are short, and slips are small."""

from __future__ import annotations

import os
from difflib import SequenceMatcher
from typing import Iterable

from flue.diagnostics import nearest


def one_slip(wrong: str, word: str) -> bool:
    """One letter too many, too few or another one; or two that have changed places."""
    common = len(os.path.commonprefix([wrong, word]))
    a, b = wrong[common:], word[common:]
    swapped = a[1::-1] + a[2:] == b
    return wrong != word and (swapped or a[1:] == b or a == b[1:] or a[1:] == b[1:])


def meant(wrong: str, free: Iterable[str], required: Iterable[str]) -> str | None:
    """Of the keys that are free, that of which `wrong` is a slip; one that has to be there rather."""
    free, required = list(free), set(required)

    def likeness(key: str) -> tuple[bool, float]:
        return key in required, SequenceMatcher(None, wrong, key).ratio()

    slips = [key for key in free if one_slip(wrong, key)]
    return max(slips, key=likeness) if slips else nearest(wrong, free, 0.75)
