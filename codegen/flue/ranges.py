# SPDX-License-Identifier: BSD-2-Clause
"""Numbers of a command line, as types for argparse: what is none, or too small or large, is wrong usage."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass

MANY = 10**12  # of histories and seconds: nobody waits for more
SEED = 2**64 - 1


@dataclass(frozen=True)
class Whole:
    """Decimal digits and nothing else, within bounds; drivers/simulate/number.h is the same in C."""

    least: int
    most: int

    def __call__(self, text: str) -> int:
        digits = re.fullmatch("[0-9]{1,40}", text)
        if digits and self.least <= int(text) <= self.most:
            return int(text)
        raise argparse.ArgumentTypeError(
            f"{text} is not a whole number from {self.least} to {self.most}"
        )


POSITIVE = Whole(1, MANY)
COUNT = Whole(0, MANY)
JOBS = Whole(1, 1024)


def seconds(text: str) -> float:
    """Also parts of one; none is no bound."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= MANY:  # nor is nan
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds from 0 to {MANY}")
    return found
