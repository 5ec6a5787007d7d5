# SPDX-License-Identifier: BSD-2-Clause
"""How much of a random test is run: as much as fits its seconds, and at least a stated few."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator


def rounds(seconds: float, least: int) -> Iterator[int]:
    """0, 1, 2, ... until `seconds` are over, but `least` of them in any case; where FLUE_ROUNDS is
    set: that many, however long they take."""
    stated = os.environ.get("FLUE_ROUNDS")
    if stated:
        yield from range(int(stated))
        return
    end = time.monotonic() + seconds
    for i in itertools.count():
        if i >= least and time.monotonic() > end:
            return
        yield i
