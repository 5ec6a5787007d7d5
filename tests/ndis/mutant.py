# SPDX-License-Identifier: BSD-2-Clause
"""A driver of which a few words were changed, and what must find it."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    rule: str  # of the mock that ends the run; empty: an expectation of the story is not met; any: either
    file: str
    edits: tuple[tuple[str, str], ...]
    story: tuple[str, ...] = ()  # with its arguments; empty: the driver's own
