# SPDX-License-Identifier: BSD-2-Clause
"""Lives of objects in the simulation, judged by model A: every one must be a run of the model.

    accept.py --build DIR [--seeds N] [--mutants N] [--cc CC]

Then the judge itself is tried: mutants of lives, with one word changed, must be refused. Lives in
mutants of the runtime are judged by `tests/mutation/run.py --layer lives`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "codegen"))
sys.path.insert(0, str(Path(__file__).parent))

from judge import Judge, all_judges, read_lives, record  # noqa: E402
from mutated_lives import MUTATIONS, mutants  # noqa: E402
from flue.ranges import POSITIVE  # noqa: E402


def show_refused(judge: Judge, judged, most: int = 2) -> None:
    """The shortest of them, up to the word that no run of the model shows."""
    for life, seen in sorted(judged, key=lambda x: len(x[0].words))[:most]:
        print(f"    {judge.refusal(life, seen)}")


def judge_all(judges, lives) -> int:
    refused = 0
    print(f"{'kind':<10}{'lives':>9}{'different':>11}{'cut':>6}{'words':>9}{'accepted':>10}")
    for judge in judges:
        mine = lives.get(judge.name, [])
        judged = judge.judge(mine)
        bad = [(x, seen) for x, (good, seen) in zip(mine, judged) if not good]
        row = (sum(x.count for x in mine), len(mine), sum(not x.whole for x in mine))
        words = sum(len(x.words) for x in mine)
        print(
            f"{judge.name:<10}{row[0]:>9}{row[1]:>11}{row[2]:>6}{words:>9}{len(mine) - len(bad):>10}"
        )
        show_refused(judge, bad)
        refused += len(bad) + (not mine)
    return refused


def show_coverage(judges, lives) -> None:
    """Of all that the model can do visibly, what the lives did."""
    for judge in judges:
        for what, used, never in judge.coverage(lives.get(judge.name, [])):
            print(f"{judge.name}: {used} of {used + len(never)} {what}")
            print("".join(f"    never: {x}\n" for x in never), end="")


def try_mutants(judges, lives, most: int) -> int:
    """Lives with one word changed; the models must refuse nearly all, of each sort of mutation."""
    refused, tried = dict.fromkeys(MUTATIONS, 0), dict.fromkeys(MUTATIONS, 0)
    for judge in judges:
        cases = mutants(lives.get(judge.name, []), most)
        known = {tuple(x.words) for x in lives.get(judge.name, [])}
        cases = [(c, x) for c, x in cases if tuple(x.words) not in known]
        for (mutation, _), (good, _) in zip(cases, judge.judge([x for _, x in cases])):
            tried[mutation] += 1
            refused[mutation] += not good
    wrong = 0
    for mutation, (_, least) in MUTATIONS.items():
        share = refused[mutation] / max(tried[mutation], 1)
        wrong += share < least
        print(
            f"{mutation:<44}{refused[mutation]:>6} of {tried[mutation]:>5} refused{100 * share:>7.1f}%"
        )
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    parser.add_argument("--build", type=Path, default=ROOT / "build/default")
    parser.add_argument("--seeds", type=POSITIVE, default=3000)
    parser.add_argument("--mutants", type=POSITIVE, default=400, help="of each sort and kind")
    arguments = parser.parse_args()
    os.nice(10)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="flue-tie-") as name:
        folder = Path(name)
        recorder = arguments.build / "tests/tie/record"
        said, text = record(recorder, arguments.seeds, folder / "lives")
        print(said, flush=True)
        lives = read_lives(text)
        judges = all_judges(folder, arguments.cc)
        wrong = judge_all(judges, lives)
        show_coverage(judges, lives)
        wrong += try_mutants(judges, lives, arguments.mutants)
    print(f"{'all is well' if not wrong else 'WRONG'}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
