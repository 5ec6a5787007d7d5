# SPDX-License-Identifier: BSD-2-Clause
"""Lives in a runtime that has a bug on purpose (tests/mutation): models must refuse some of them.

Only such bugs as the life of one object shows; other layers find all of them by other means.
"""

from __future__ import annotations

import sys
from pathlib import Path

from judge import ROOT, record

sys.path[:0] = [str(ROOT / "tests/mutation"), str(ROOT / "tests/lib")]

from changes import apply  # noqa: E402
from planted import bugs  # noqa: E402
from rebuild import Copy, Tree  # noqa: E402

SEEDS = 400
PLANTED = {
    0: "(none: what has no bug is called good)",
    1: "a parking place is lost: who waited is forgotten",
    2: "a stale cookie is accepted",
    3: "old values are not written back",
    4: "an answer from before a reset is believed",
    5: "a slot that timed out is used again at once",
    6: "a guard looks for another mark",
}


def record_planted(build: Path, folder: Path, number: int) -> str:
    (bug,) = [b for b in bugs() if b.what == PLANTED[number]]
    copy = Copy(Tree(build), folder / f"planted_{number}")
    copy.compile(apply(bug, copy.place), fuzzed=False)
    return record(copy.program("tests/tie/record"), SEEDS, folder / f"lives_{number}")
