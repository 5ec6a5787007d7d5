# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: makes slips of many kinds in every spec of the repository, and counts findings.

    slip_sweep.py                             some of each kind, for a minute
    slip_sweep.py --rounds 40 --seconds 3600  many
    slip_sweep.py --only "left out: an arm" --of states.*.when.done --specs ipsec
    slip_sweep.py --worst 20                  the slips that most is said of, with what is said

A table says of each kind how many slips there were, how many of them nothing, one thing, two or more things
are said of, and whether what is said first stands in the line of the slip, in the entry that it is in, or
elsewhere. A slip nothing is said of is legal, another spec than was meant, most often.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "codegen"), str(HERE), str(HERE.parent)]

from slips import Slip, at_its_line, slips  # noqa: E402

from flue.compiler import study  # noqa: E402
from flue.diagnostics import Diagnostic, Report  # noqa: E402
from flue.ranges import COUNT, POSITIVE, seconds  # noqa: E402

SPECS = sorted(str(f.parent.relative_to(ROOT)) for f in ROOT.glob("spec/*/target.yaml"))
SPECS += sorted(str(f.parent.relative_to(ROOT)) for f in ROOT.glob("tests/*/spec/target.yaml"))
SPECS += sorted(str(f.parent.relative_to(ROOT)) for f in ROOT.glob("tests/codegen/*/target.yaml"))


@dataclass(frozen=True)
class Tried:
    """A slip in a file, and what is said of it."""

    file: str
    slip: Slip
    found: list[Diagnostic]
    text: str

    @property
    def place(self) -> str:
        """Where what is said first stands: the line, the entry, or elsewhere."""
        here = [d.line for d in self.found if d.file == self.file]
        if self.slip.line in here:
            return "line"
        first, last = self.slip.inside
        return "entry" if any(first <= line <= last for line in here) else "elsewhere"


@dataclass
class Count:
    """Of one kind: how often nothing, one, two or more; and where what is said stands."""

    many: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    places: dict[str, int] = field(default_factory=lambda: {"line": 0, "entry": 0, "elsewhere": 0})

    def add(self, tried: Tried) -> None:
        self.many[min(len(tried.found), 3)] += 1
        if tried.found:
            self.places[tried.place] += 1


class Lots:
    """Some slips of each kind, drawn as they come; how many there were."""

    def __init__(self, rounds: int, seed: str) -> None:
        self.rounds, self.seed = rounds, seed
        self.dice: dict[str, random.Random] = {}
        self.kinds: dict[str, list[tuple[str, Slip]]] = {}
        self.seen: Counter = Counter()

    def put(self, file: str, slip: Slip) -> None:
        dice = self.dice.setdefault(slip.kind, random.Random(f"{self.seed} {slip.kind}"))
        lot = self.kinds.setdefault(slip.kind, [])
        self.seen[slip.kind] += 1
        at = dice.randrange(self.seen[slip.kind])
        if len(lot) < self.rounds:
            lot.insert(at, (file, slip))
        elif at < self.rounds:
            lot[at] = file, slip

    def drawn(self) -> Iterator[tuple[str, Slip]]:
        """One of each kind, another one of each kind, and so on."""
        for i in range(self.rounds):
            for lot in self.kinds.values():
                yield from lot[i : i + 1]


def lots(specs: list[str], rounds: int, seed: str, want: Callable[[Slip], bool]) -> Lots:
    """Of those that are wanted."""
    found = Lots(rounds, seed)
    for name in specs:
        for file in sorted((ROOT / name).glob("*.yaml")):
            for slip in filter(want, slips(file.read_text(encoding="utf-8"))):
                found.put(str(file.relative_to(ROOT)), slip)
    return found


def tried(file: str, slip: Slip) -> Tried:
    path = ROOT / file
    slip = at_its_line(slip, path.read_text(encoding="utf-8"))
    report: Report = study(str(path.parent), {str(path): slip.text}).report
    here = str(ROOT) + "/"
    found = [
        Diagnostic(**{**vars(d), "file": d.file.removeprefix(here)}) for d in report.diagnostics
    ]
    return Tried(file, slip, found, report.text().replace(here, ""))


def sweep(found: Lots, seconds: float, least: int = 0, progress: bool = False) -> list[Tried]:
    """As many as there is time for, and at least so many."""
    end, done = time.monotonic() + seconds, []
    for file, slip in found.drawn():
        if time.monotonic() > end and len(done) >= least:
            break
        done.append(tried(file, slip))
        if progress and sys.stderr.isatty():
            more = sum(len(t.found) > 1 for t in done)
            print(f"\r{len(done)} slips, {more} with several findings ", end="", file=sys.stderr)
    if progress and sys.stderr.isatty():
        print(file=sys.stderr)
    return done


def table(done: list[Tried]) -> str:
    counts: dict[str, Count] = {}
    for each in done:
        for name in (each.slip.kind, "all"):
            counts.setdefault(name, Count()).add(each)
    lines = [
        f"{'':38} {'silent':>7} {'one':>7} {'two':>7} {'more':>7} {'line':>9} {'entry':>7} elsewhere"
    ]
    for name, c in sorted(counts.items(), key=lambda x: (x[0] == "all", x[0])):
        row = " ".join(f"{n:7}" for n in c.many)
        lines.append(
            f"{name:38} {row} {c.places['line']:9} {c.places['entry']:7} {c.places['elsewhere']:9}"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=POSITIVE, default=100, help="slips of each kind")
    parser.add_argument("--seconds", type=seconds, default=60)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--specs", nargs="*", help="only those with this in their folders' names")
    parser.add_argument("--only", default="", help="kinds with this in their names")
    parser.add_argument("--of", default="", help="only at such a place: states.*.busy")
    parser.add_argument("--worst", type=COUNT, default=10, help="how many are shown")
    args = parser.parse_args()
    specs = [s for s in SPECS if not args.specs or any(x in s for x in args.specs)]
    found = lots(
        specs, args.rounds, args.seed, lambda s: args.only in s.kind and args.of in ("", s.of)
    )
    print(f"{found.seen.total()} slips of {len(found.seen)} kinds in {len(specs)} specs")
    done = sweep(found, args.seconds, progress=True)
    print(table(done))
    for each in sorted(done, key=lambda t: -len(t.found))[: args.worst]:
        if len(each.found) > 1:
            print(f"\n== {each.slip.kind} ({each.slip.of}) at {each.file}:{each.slip.line}")
            print(each.text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
