# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: what one slip of the hand brings about is not told as several.

Every key and name is mistyped in turn, or gets a letter of another script; every line is moved to the
left or right, or gets a space that is none. A share of it runs here, drawn from a seed; FLUE_ROUNDS=2000
tries all of it.
"""

import os
import random

import pytest
from helpers import spec
from mistyped import SLIPS

from flue.compiler import analyse
from flue.diagnostics import Report

SEED = int(os.environ.get("FLUE_SEED", "1"))
ROUNDS = int(os.environ.get("FLUE_ROUNDS", "20"))


def texts_of(base):
    folder = spec(base)
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".yaml")):
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            yield name, stream.read()


@pytest.mark.parametrize("base", ["example", "../tests/codegen/ktls", "../tests/links/spec"])
@pytest.mark.parametrize("slip", SLIPS)
def test_one_mistake_is_one_finding(slip, base, tmp_path):
    files = dict(texts_of(base))
    tries = [(name, bad) for name, text in files.items() for bad in SLIPS[slip](text)]
    few = random.Random(f"{SEED} {slip} {base}").sample(tries, min(ROUNDS, len(tries)))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, bad in few:
        (tmp_path / name).write_text(bad, encoding="utf-8")
        report = Report()
        analyse(str(tmp_path), report)
        assert len(report.diagnostics) <= 1, report.text()
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    assert few
