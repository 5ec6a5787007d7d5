# SPDX-License-Identifier: BSD-2-Clause
"""Lives of objects in the simulation, judged by model A: every one must be a run of the model.

    accept.py --build DIR [--seeds N] [--planted] [--cc CC]

Then the judge itself is tried: lives with one word changed, and with --planted lives in runtimes
that have a bug on purpose, must be refused.
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

from accept_objects import Reader, acceptance  # noqa: E402
from accept_slots import SlotReader, acceptance_of_slots  # noqa: E402
from changed import CHANGES, changed  # noqa: E402
from judge import Judge, read_lives, record  # noqa: E402
from planted_lives import PLANTED, record_planted  # noqa: E402

from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402


def show_refused(judge: Judge, judged, most: int = 2) -> None:
    """The shortest of them, up to the word that no run of the model shows."""
    for life, seen in sorted(judged, key=lambda x: len(x[0].words))[:most]:
        print(f"    {judge.name}: {'; '.join(life.words[:seen])}")
        print(f"    REFUSED: {'; '.join(life.words[seen:][:1]) or '(the end)'}")


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


def try_changed(judges, lives, most: int) -> int:
    """Lives with one word changed; the models must refuse nearly all, of each sort of change."""
    refused, tried = {c: 0 for c in CHANGES}, {c: 0 for c in CHANGES}
    for judge in judges:
        cases = changed(lives.get(judge.name, []), most)
        known = {tuple(x.words) for x in lives.get(judge.name, [])}
        cases = [(c, x) for c, x in cases if tuple(x.words) not in known]
        for (change, _), (good, _) in zip(cases, judge.judge([x for _, x in cases])):
            tried[change] += 1
            refused[change] += not good
    wrong = 0
    for change, (_, least) in CHANGES.items():
        share = refused[change] / max(tried[change], 1)
        wrong += share < least
        print(f"{change:<44}{refused[change]:>6} of {tried[change]:>5} refused{100 * share:>7.1f}%")
    return wrong


def try_planted(judges, arguments, folder: Path) -> int:
    missed = 0
    for number, words in PLANTED.items():
        lives = read_lives(record_planted(arguments.build, folder, number))
        refused, shortest = 0, None
        for judge in judges:
            mine = lives.get(judge.name, [])
            bad = [(x, s) for x, (good, s) in zip(mine, judge.judge(mine)) if not good]
            refused += len(bad)
            if bad and not shortest:
                shortest = (judge, bad)
        total = sum(len(x) for x in lives.values())
        print(f"bug {number}, {words}: {refused} of {total} different lives refused", flush=True)
        if shortest:
            show_refused(*shortest, most=1)
        missed += (refused == 0) != (number == 0)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    parser.add_argument("--build", type=Path, default=ROOT / "build/default")
    parser.add_argument("--seeds", type=int, default=3000)
    parser.add_argument("--changed", type=int, default=400, help="of each sort and kind")
    parser.add_argument("--planted", action="store_true", help="runtimes with bugs, too")
    arguments = parser.parse_args()
    os.nice(10)
    began = time.monotonic()
    target, _ = analyse(str(ROOT / "spec/chimney"), Report())
    with tempfile.TemporaryDirectory(prefix="flue-tie-") as name:
        folder = Path(name)
        text = record(arguments.build / "tests/tie/record", arguments.seeds, folder / "lives")
        lives = read_lives(text)
        judges = [
            Judge(Reader(kind), model, folder, arguments.cc) for kind, model in acceptance(target)
        ]
        slots = Judge(SlotReader(), acceptance_of_slots(target), folder, arguments.cc)
        judges.append(slots)
        wrong = judge_all(judges, lives)
        show_coverage(judges, lives)
        wrong += try_changed(judges, lives, arguments.changed)
        wrong += try_planted(judges, arguments, folder) if arguments.planted else 0
    print(f"{'all is well' if not wrong else 'WRONG'}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
