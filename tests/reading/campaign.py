# SPDX-License-Identifier: BSD-2-Clause
"""`flue check` and the second reading (judge.py) judge the same mutated specs; they must agree.

    campaign.py --rounds 250                  the test; the same every time
    campaign.py --rounds 5000 --seed 7        longer, and others
    campaign.py --only 7/312 [--keep FOLDER]  one round again
    campaign.py --without completion-lost     finds that this rule is not there

A round is one or two changes (change.py) of one of the specs. What only one of them refuses is
printed with the change, and fails the run, unless explained.yaml names it and says why.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "codegen"), str(HERE)]

import yaml  # noqa: E402
from change import Changer  # noqa: E402
from judge import judge  # noqa: E402
from text import read  # noqa: E402

from flue.compiler import analyse  # noqa: E402
from flue.check import RULES  # noqa: E402
from flue.diagnostics import Report  # noqa: E402
from flue.ranges import COUNT, POSITIVE, seconds  # noqa: E402

OTHERS = ("ktls", "rich", "steps", "numbers", "verbs", "pairs", "uplinks")
SPECS = sorted(f"spec/{f.parent.name}" for f in (ROOT / "spec").glob("*/target.yaml"))
SPECS += ["tests/links/spec", "tests/flush/spec"]
SPECS += [f"tests/codegen/{n}" for n in OTHERS]
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def compiler(trees: dict[str, dict], folder: Path) -> str | None:
    """The first error of `flue check`; None if there is none."""
    for name, tree in trees.items():
        text = yaml.dump(tree, Dumper=DUMPER, sort_keys=False, width=1000)
        (folder / name).write_text(text, encoding="utf-8")
    report = Report()
    analyse(str(folder), report)
    errors = re.findall(r"[^/\n]*: error: .*", report.text())
    return errors[0] if errors else None


def explained(line: str, rules: list[dict]) -> str | None:
    """The reason why this may differ, if it is listed."""
    return next((r["why"] for r in rules if re.search(r["line"], line)), None)


class Campaign:
    def __init__(self, seed: int):
        self.seed = seed
        self.changers = [(s, Changer(read(ROOT / s))) for s in SPECS]
        self.rules = yaml.safe_load((HERE / "explained.yaml").read_text(encoding="utf-8")) or []
        self.verdicts: Counter = Counter()
        self.different: list[str] = []
        self.used: Counter = Counter()

    def round(self, number: int, keep: str | None = None) -> None:
        dice = random.Random(f"{self.seed}/{number}")
        name, changer = dice.choice(self.changers)
        trees, said = changer.changed(dice, 1 if dice.random() < 0.75 else 2)
        folder = Path(tempfile.mkdtemp(prefix="flue-reading-"))
        try:
            one, other = compiler(trees, folder), judge(trees)
            if keep:
                shutil.copytree(folder, keep)
        finally:
            shutil.rmtree(folder)
        self.verdicts["refused" if one else "passed"] += 1
        if bool(one) == bool(other):
            return
        who = f"only flue check: {one}" if one else f"only the reading: {other}"
        line = f"{self.seed}/{number} {name}: {' and '.join(said)}\n    {who}"
        why = explained(line, self.rules)
        self.used[why] += 1
        if not why:
            self.different.append(line)
            print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=POSITIVE, default=400)
    parser.add_argument("--seed", type=COUNT, default=1)
    parser.add_argument(
        "--seconds", type=seconds, default=0, help="stop then, but not before --least"
    )
    parser.add_argument("--least", type=POSITIVE, default=1)
    parser.add_argument("--without", help="a rule that is left out: the reading must miss it")
    parser.add_argument("--only", help="SEED/ROUND")
    parser.add_argument("--keep", help="keep that round's spec in a folder")
    args = parser.parse_args()
    if args.without:
        del RULES[args.without]
    if args.only:
        seed, number = map(int, args.only.split("/"))
        campaign, rounds = Campaign(seed), [number]
    else:
        campaign, rounds = Campaign(args.seed), range(1, args.rounds + 1)
    begun, done = time.monotonic(), 0
    for number in rounds:
        if args.seconds and done >= args.least and time.monotonic() - begun > args.seconds:
            break
        campaign.round(number, args.keep)
        done += 1
    v = campaign.verdicts
    print(f"{done} mutated specs: {v['refused']} refused, {v['passed']} passed; ", end="")
    print(
        f"{len(campaign.different)} judged differently, {sum(campaign.used.values()) - len(campaign.different)} explained"
    )
    return 1 if campaign.different else 0


if __name__ == "__main__":
    sys.exit(main())
