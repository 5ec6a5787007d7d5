# SPDX-License-Identifier: BSD-2-Clause
"""Lives of objects in a mutant's histories: models A and C must refuse some of them (tests/tie)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from threading import Lock

from mutation.layers import APART, Layer, Said
from mutation.located import ROOT

sys.path.append(str(ROOT / "tests/tie"))

from judge import all_judges, read_lives, record  # noqa: E402

HISTORIES = 400
_ONE = Lock()  # the judges keep what they judge in a file
_JUDGES: list = []


def _judges(options) -> list:
    if not _JUDGES:
        folder = Path(options.scratch) / "judges"
        folder.mkdir()
        _JUDGES.extend(all_judges(folder, options.cc))
    return _JUDGES


def ask(copy) -> Said:
    with _ONE:
        judges = _judges(copy.options)
    recorder = copy.program("tests/tie/record")
    _, text = record(recorder, HISTORIES, copy.folder / "lives")
    lives = read_lives(text)
    refused = []
    with _ONE:
        for judge in judges:
            mine = lives.get(judge.name, [])
            bad = ((x, seen) for x, (good, seen) in zip(mine, judge.judge(mine)) if not good)
            refused += [(judge, *x) for x in bad]
    if not refused:
        return Said(False)
    judge, life, seen = min(refused, key=lambda x: len(x[1].words))
    word = " ".join(life.words[seen : seen + 1]) or "its end"
    text = (
        f"{len(refused)} of {sum(map(len, lives.values()))} lives refused, of {judge.name}: {word}"
    )
    return Said(True, text, (judge.refusal(life, seen),))


def missing(_subject) -> str:
    return "" if shutil.which("spin") else "spin is not installed"


LAYER = Layer("lives", APART, ask, missing)
