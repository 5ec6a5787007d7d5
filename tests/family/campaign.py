# SPDX-License-Identifier: BSD-2-Clause
"""Specs by chance, each checked twice, compiled and played.

    campaign.py --seeds 1..200 --jobs 2                   by hand: a row for each, with several compilers
    campaign.py --seeds 1..60 --seconds 60 --least 20     as many as fit, 20 at least
    campaign.py --seeds 17..17 --keep build/spec17        one again; spec, C and program are kept
    campaign.py --seeds 1..200 --models A                 models are searched as well
    campaign.py --seeds 1..30 --way all                   each by all compilers, and under sanitizers
    campaign.py --seeds 17..17 --shrink build/small       the smallest spec that fails like this one

A row fails if `flue check` or the second reading says a word, a compiler warns, a history breaks a law, or
a model calls wrong what the check lets pass.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from built import WAYS, Library, judged, played  # noqa: E402
from family import write  # noqa: E402
from models import searched  # noqa: E402
from parts import spec  # noqa: E402
from shrink import same_failure, shrunk  # noqa: E402
from flue.ranges import COUNT, JOBS, POSITIVE, seconds  # noqa: E402

HEAD = f"{'seed':>6} {'kinds':>5} {'links':>5} {'commands':>8} {'arms':>5} {'met':>4} {'histories':>9} {'searched':>8}  built by"


@dataclass(frozen=True)
class Row:
    seed: int
    counts: dict[str, int]
    way: str
    failure: str | None = None

    def __str__(self) -> str:
        c = self.counts
        words = [f"{self.seed:6}"]
        for key, width in (("kinds", 5), ("links", 5), ("commands", 8), ("arms", 5), ("met", 4)):
            words.append(f"{c.get(key, 0):{width}}")
        words += [f"{c.get('histories', 0):9}", f"{c.get('searched', 0):8}"]
        return " ".join(
            [*words, f" {self.way or 'nothing: no compiler here makes words of 4 bytes'}"]
        )


def counted(trees: dict[str, dict]) -> dict[str, int]:
    objects = [t for t in trees.values() if "object" in t]
    links = [x for o in objects for x in (o.get("links") or ([1] if "links_to" in o else []))]
    return {
        "kinds": len(objects),
        "links": len(links),
        "commands": sum(len(o["commands"]) for o in objects),
    }


def one(seed: int, args: argparse.Namespace) -> Row:
    trees = spec(seed)
    word = trees["target.yaml"]["abi"].get("word_bytes", 8)
    way = args.way if args.way and (word == 8 or args.way == "all") else WAYS.of(seed, word)
    counts = counted(trees)
    with tempfile.TemporaryDirectory(prefix="flue-family-") as folder:
        keep = Path(args.keep) if args.keep else Path(folder)
        try:
            counts |= tried(trees, keep, way, args)
        except Exception as e:  # a compiler's mistake is a failure of the spec, too
            return Row(seed, counts, way, str(e) or repr(e))
    return Row(seed, counts, way)


def tried(
    trees: dict[str, dict], folder: Path, way: str, args: argparse.Namespace
) -> dict[str, int]:
    """What was counted of one spec, or what is wrong with it."""
    target = judged(write(trees, folder / "spec"), trees)
    counts = searched(target, args.models, args.megabytes) if args.models else {}
    word = trees["target.yaml"]["abi"].get("word_bytes", 8)
    for each in WAYS.all_of(word) if way == "all" else [way]:
        if each and WAYS.is_there(each):
            library = Library(each, Path(args.libraries))
            counts |= played(target, folder / "out", library, args.histories)
    return counts


def cut(seed: int, args: argparse.Namespace) -> None:
    """The smallest spec that fails as this one, written down."""
    word = spec(seed)["target.yaml"]["abi"].get("word_bytes", 8)
    way = args.way or WAYS.of(seed, word)

    def again(trees: dict[str, dict]) -> None:
        with tempfile.TemporaryDirectory(prefix="flue-family-") as folder:
            tried(trees, Path(folder), way, args)

    left = shrunk(spec(seed), same_failure(again), lambda text: print(text, flush=True))
    folder = write(left, Path(args.shrink))
    for file in sorted(folder.glob("*.yaml")):
        print(f"---- {file}\n{file.read_text('utf-8')}")


def shown(row: Row) -> None:
    """A failure, with its history and its spec."""
    print(f"seed {row.seed}: {row.failure}")
    trees = spec(row.seed)
    for name, tree in trees.items():
        print(f"---- {name}")
        print(write({name: tree}, Path(tempfile.mkdtemp())).joinpath(name).read_text("utf-8"))


def first_and_last(text: str) -> tuple[int, int]:
    first, _, last = text.partition("..")
    bounds = COUNT(first), COUNT(last)
    if bounds[0] > bounds[1]:
        raise argparse.ArgumentTypeError(f"{text} are none")
    return bounds


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check, compile and play specs by chance.")
    parser.add_argument("--seeds", type=first_and_last, default="1..200", metavar="A..B")
    parser.add_argument("--jobs", type=JOBS, default=os.cpu_count())
    parser.add_argument("--histories", type=POSITIVE, default=200, help="of each spec")
    parser.add_argument("--seconds", type=seconds, default=0, help="no more, after --least")
    parser.add_argument("--least", type=POSITIVE, default=20)
    parser.add_argument("--way", choices=[*WAYS.names, "all"], help="this compiler for all")
    parser.add_argument("--models", default="", metavar="LETTERS", help="search these: A, B, AB")
    parser.add_argument("--megabytes", type=POSITIVE, default=400, help="of memory for a search")
    parser.add_argument("--shrink", metavar="DIR", help="cut the first that fails, into a folder")
    parser.add_argument(
        "--libraries", default="build/family", help="where the fixed parts are kept"
    )
    parser.add_argument("--keep", metavar="DIR")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    first, last = args.seeds
    begun, bad, met, arms, done, built = time.monotonic(), [], 0, 0, 0, 0
    print(HEAD, flush=True)
    with ProcessPoolExecutor(args.jobs) as pool:
        for at in range(first, last + 1, args.jobs):
            if args.seconds and done >= args.least and time.monotonic() - begun > args.seconds:
                break
            seeds = range(at, min(at + args.jobs, last + 1))
            for row in pool.map(one, seeds, [args] * len(seeds)):
                print(
                    f"{row}{'  FAILS: ' + row.failure.splitlines()[0] if row.failure else ''}",
                    flush=True,
                )
                done, met = done + 1, met + row.counts.get("met", 0)
                built += bool(row.way)
                arms += row.counts.get("arms", 0)
                bad += [row] if row.failure else []
    print(f"{done} specs, {built} built, {len(bad)} failed; {met} of {arms} arms tried")
    if bad and args.shrink:
        cut(bad[0].seed, args)
    elif bad:
        shown(bad[0])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
