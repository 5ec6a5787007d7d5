# SPDX-License-Identifier: BSD-2-Clause
"""Slips in the runtime's protocols, made in models C and D: each must be found; prints a table."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "codegen"))

from flue import promela, verify  # noqa: E402
from flue.analysis import analyse  # noqa: E402
from flue.report import Report  # noqa: E402

SLIPS = [
    (
        "an answer is taken whatever its generation",
        "slots",
        "(word[s] == from && gen[s] == g)",
        "(word[s] == from)",
    ),
    (
        "a slot whose command timed out is used again at once",
        "slots",
        "atomic { EXPECT(ISSUED) -> word[s] = QUARANTINED; over(object[s] - 1, 2) }",
        "atomic { EXPECT(ISSUED) -> word[s] = FREE; over(object[s] - 1, 2); put(s) }",
    ),
    (
        "a timeout does not look whether an answer came",
        "slots",
        "atomic { EXPECT(ISSUED) -> word[s] = QUARANTINED; over",
        "atomic { word[s] != FREE -> word[s] = QUARANTINED; over",
    ),
    (
        "the mark of a second poll is not looked at",
        "wake",
        ":: atomic { token != OWNED -> left = 0 }",
        ":: atomic { token != OWNED -> token = FREE; owners--; left = 1 }",
    ),
    (
        "a root is put into an empty inbox and nobody is woken",
        "wake",
        "if :: head == 0 -> wake() :: else -> skip fi;",
        "skip;",
    ),
    (
        "the budget is used up, and the mark is forgotten with it",
        "wake",
        ":: !left && budget == 0 -> control_(); atomic { token = FREE; owners--; told = 1; break }",
        ":: !left && budget == 0 -> atomic { token = FREE; owners--; break }",
    ),
]


def main() -> int:
    target, _ = analyse(str(ROOT / "spec" / "example"), Report())
    known = {m.name: m for m in promela.models(target, bounds=promela.QUICK)}
    missed = 0
    with tempfile.TemporaryDirectory(prefix="flue-slips-") as folder:
        for i, (words, name, old, new) in enumerate(SLIPS):
            model = known[name]
            assert old in model.text, f"{words}: the text to be replaced is not in {name}.pml"
            slip = replace(model, text=model.text.replace(old, new, 1))
            promela.write([slip], folder)
            run = verify.search(slip, "safety", f"{folder}/{i}", folder)
            missed += not run.errors
            said = run.story[-1] if run.errors else "NOT FOUND"
            print(f"{words:<58}{model.letter}  {said}", flush=True)
    print(f"{len(SLIPS) - missed} of {len(SLIPS)} found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
