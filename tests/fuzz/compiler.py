# SPDX-License-Identifier: BSD-2-Clause
"""Specs that nobody would write: the compiler says what is wrong and where, and never stumbles;
what passes its check generates, and the C compiles without a warning.

    python3 tests/fuzz/compiler.py --rounds 150 --seconds 35 --compile 12
                                                                  the test: as many as fit, 150 at least
    python3 tests/fuzz/compiler.py --changes --rounds 100         single changes and double ones that
                                                                  an editor would not underline
    python3 tests/fuzz/compiler.py --seconds 600 --seed 7         longer, and others
    python3 tests/fuzz/compiler.py --only 7/312                   one round again

Without coverage (Debian has no atheris): a round is a number of a seed.
"""

from __future__ import annotations

import argparse
import glob
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "codegen"), str(ROOT / "tests" / "codegen"), str(HERE)]

import yaml  # noqa: E402
import change  # noqa: E402
from bend import bent  # noqa: E402
from damage import damage  # noqa: E402

from flue.backends.c.generate import generate  # noqa: E402
from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402
from flue.ranges import COUNT, POSITIVE, seconds  # noqa: E402

SPECS = sorted(f.parent for f in (ROOT / "spec").glob("*/target.yaml"))
SPECS += [ROOT / "tests" / "codegen" / "rich", ROOT / "tests" / "codegen" / "ktls"]
CORPUS = HERE / "corpus" / "compiler"
FLAGS = "-std=c11 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Wcast-qual -Werror"


class Found(Exception):
    """The compiler did what it must not do."""


class Counts:
    rounds = refused = passed = compiled = 0


def damaged(spec: Path, into: Path, seed: str) -> None:
    """A copy of a spec with one file's text or tree damaged."""
    dice = random.Random(seed)
    for path in spec.glob("*.yaml"):
        shutil.copy(path, into)
    path = dice.choice(sorted(into.glob("*.yaml")))
    text = path.read_text(encoding="utf-8")
    if dice.random() < 0.3:
        text = damage(text, dice)
    else:
        tree = bent(yaml.safe_load(text), dice)
        text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")


def altered(spec: Path, into: Path, seed: str, pool: change.Pool) -> None:
    """A copy of a spec with one change or two that mean something."""
    dice = random.Random(seed)
    files = trees(spec)
    for _ in range(dice.choice((1, 1, 2))):
        change.changed(files, dice, pool)
    for name, tree in files.items():
        text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=100)
        (into / name).write_text(text, encoding="utf-8")


def trees(spec: Path) -> dict:
    """A spec's files, by name."""
    return {p.name: yaml.safe_load(p.read_text("utf-8")) for p in sorted(spec.glob("*.yaml"))}


def checked(directory: Path):
    """The model, if it is without errors."""
    return judged(directory)[0]


def judged(directory: Path) -> tuple:
    """The model and the report. Every finding is in a file, and errors are on a line."""
    report = Report()
    try:
        target, _ = analyse(str(directory), report)
        report.text(), report.json()
    except Exception as e:
        raise Found(traceback.format_exc()) from e
    for d in report.diagnostics:
        if d.line < 1 and d.rule != "spec-files" or not d.file or not d.text:
            raise Found(f"a finding without a place:\n{report.text()}")
    if (target is None) != report.failed:
        raise Found(f"neither a model nor an error:\n{report.text()}")
    return target, report


def compiles(target, directory: Path) -> None:
    try:
        generate(target, str(directory / "out"), suite=True)
    except Exception as e:
        raise Found(f"it passes the check, but:\n{traceback.format_exc()}") from e
    sources = sorted(glob.glob(f"{directory}/out/*.c"))
    includes = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/runtime/suite/include"]
    done = subprocess.run(
        ["cc", *FLAGS.split(), *includes, *sources], capture_output=True, text=True
    )
    if done.returncode:
        raise Found(f"it passes the check, but its C does not compile:\n{done.stderr[:3000]}")


def one_round(
    seed: str, number: int, compile_at_most: int, counts: Counts, pool: change.Pool | None
) -> None:
    with tempfile.TemporaryDirectory(prefix="flue-fuzz-") as folder:
        directory = Path(folder, "spec")
        directory.mkdir()
        spec = SPECS[number % len(SPECS)]
        if pool:
            altered(spec, directory, f"{seed}/{number}", pool)
        else:
            damaged(spec, directory, f"{seed}/{number}")
        try:
            target = checked(directory)
            counts.rounds += 1
            counts.refused += target is None
            counts.passed += target is not None
            if target is not None and counts.compiled < compile_at_most:
                counts.compiled += 1
                compiles(target, directory)
        except Found as e:
            kept = Path.cwd() / f"fuzz-{seed}-{number}"
            shutil.copytree(directory, kept, dirs_exist_ok=True)
            raise SystemExit(f"round {seed}/{number}, kept in {kept}:\n{e}") from e


def corpus() -> int:
    """What was found once: folders of spec/example with one file replaced."""
    for path in sorted(CORPUS.glob("*.yaml")):
        with tempfile.TemporaryDirectory(prefix="flue-fuzz-") as folder:
            base, file = path.stem.split("-")[:2]
            spec = next(s for s in SPECS if s.name == base)
            for other in spec.glob("*.yaml"):
                shutil.copy(other, folder)
            shutil.copy(path, Path(folder, f"{file}.yaml"))
            try:
                target = checked(Path(folder))
                if target is not None:
                    compiles(target, Path(folder))
            except Found as e:
                raise SystemExit(f"{path}:\n{e}") from e
    return len(list(CORPUS.glob("*.yaml")))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fuzz the compiler.")
    parser.add_argument("--rounds", type=POSITIVE, default=100, help="at least")
    parser.add_argument("--seconds", type=seconds, default=0, help="and more, as long as that")
    parser.add_argument("--changes", action="store_true", help="that mean something, not damage")
    parser.add_argument("--compile", type=COUNT, default=10**9, help="so many at most")
    parser.add_argument("--seed", default=os.environ.get("FLUE_SEED", "1"))
    parser.add_argument("--only", metavar="SEED/ROUND")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    counts = Counts()
    pool = change.Pool([trees(s) for s in SPECS]) if args.changes else None
    if args.only:
        seed, number = args.only.split("/")
        one_round(seed, int(number), args.compile, counts, pool)
        return
    old = corpus()
    begun = time.monotonic()
    number = 0
    while number < args.rounds or time.monotonic() - begun < args.seconds:
        one_round(args.seed, number, args.compile, counts, pool)
        number += 1
    print(
        f"{old} old finds, {counts.rounds} specs: {counts.refused} refused, each error with its"
        f" place; {counts.passed} passed, {counts.compiled} of them generated and compiled"
    )
    if counts.rounds >= 100 and not (counts.refused and counts.compiled):
        raise SystemExit("the damage is no longer of both sorts")
    if args.changes and counts.compiled < counts.rounds // 20:
        raise SystemExit("too few of the changes pass: they do not mean much")


if __name__ == "__main__":
    main()
