# SPDX-License-Identifier: BSD-2-Clause
"""Makes mutants, one at a time, and asks the layers of tests; those that must find one must.

    run.py --list [...]            their names, who must find them, and what they are
    run.py --check [...]           whether all entries are legal and apply to the sources of today
    run.py [...]                   tries them: a line each, then a line for each layer
    run.py --results DIR [...]     one table of what runs with --rows have left in a folder

Which of them: --subject, --only, --layer; how many layers are asked: --due. The tables are in tables/, their format in table.py and
mutants.schema.json. Mutants of the runtime are compiled with the commands of a build without
sanitizers, made with Ninja. Exit status: 0 good, 1 not, 2 wrong usage or tables, 77 skipped.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "codegen")]

from mutation import results, table, trial  # noqa: E402
from mutation.located import Illegal  # noqa: E402
from mutation.subjects import subject  # noqa: E402
from flue.ranges import JOBS, POSITIVE  # noqa: E402

SKIPPED = 77  # as CTest knows it


def arguments_of(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--results", type=Path, metavar="DIR")
    parser.add_argument("--subject", action="append", choices=table.SUBJECTS, default=[])
    parser.add_argument("--only", default="", help="with this in their name or words")
    parser.add_argument("--layer", default="", help="that this one must find; no other is asked")
    parser.add_argument("--due", action="store_true", help="ask none but those that must find it")
    parser.add_argument("--build", type=Path, default=ROOT / "build/default")
    parser.add_argument("--histories", type=POSITIVE, default=20000, help="of a spec, at most")
    parser.add_argument("--jobs", type=JOBS, default=os.cpu_count() or 1)
    parser.add_argument("--rows", type=Path, help="a file for the results")
    parser.add_argument("--story", action="store_true", help="a model's whole counterexample, too")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="for models and replays")
    parser.add_argument("--tables", type=Path, default=table.TABLES, help=argparse.SUPPRESS)
    return parser.parse_args(words)


class Runner:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        names = options.subject or table.SUBJECTS
        everyone = [m for m in table.load(options.tables) if m.subject in names]
        self.subjects = {name: subject(name, options) for name in names}
        known = {x.name: x for s in self.subjects.values() for x in s.layers}
        if options.layer and options.layer not in known:
            raise Illegal(f"no layer is called {options.layer}; known: {', '.join(known)}")
        self.mutants = [m for m in everyone if self._wanted(m)]
        if not self.mutants:
            raise Illegal("none of the mutants is meant")

    def _wanted(self, mutant: table.Mutant) -> bool:
        layer, words = self.options.layer, f"{mutant.name} {mutant.what}"
        named = not layer or layer in mutant.found_by or layer in mutant.also
        return named and self.options.only in words

    def list(self) -> int:
        for m in self.mutants:
            print(f"{m.name:<37}{m.subject:<11}{', '.join(m.found_by) or '-':<20}{m.what}")
        return 0

    def check(self) -> int:
        rows = [trial.applies(self.subjects[m.subject], m) for m in self.mutants]
        print("".join(f"{row.says}\n" for row in rows if row.broken), end="")
        good = sum(not row.broken for row in rows)
        print(f"{good} of {len(rows)} apply")
        return 0 if good == len(rows) else 1

    def skipped(self) -> dict[str, str]:
        """The layers that cannot be asked on this machine, of those that would be."""
        out = {}
        for name, made in self.subjects.items():
            mine = [m for m in self.mutants if m.subject == name]
            wanted = {x for m in mine for x in self._layers(m, {})}
            out |= {x.name: why for x in wanted if (why := x.missing(made))}
        return out

    def run(self) -> int:
        chosen = dict.fromkeys(m.subject for m in self.mutants)
        title = " and ".join(self.subjects[name].title for name in chosen)
        out = results.Results(title, skipped=self.skipped())
        for layer, why in sorted(out.skipped.items()):
            print(f"skipped: layer {layer}: {why}", flush=True)
        work = [(m, self._layers(m, out.skipped)) for m in self.mutants]
        work = [(m, layers) for m, layers in work if layers and self._has_due(m, layers)]
        print(f"{'':>9} {results.head('mutant')}", flush=True)
        with ThreadPoolExecutor(self.options.jobs) as pool:
            dearest_first = sorted(work, key=self._dear, reverse=True)  # none is waited for alone
            tries = [(self.subjects[m.subject], m, layers) for m, layers in dearest_first]
            todo = [pool.submit(trial.tried, *each) for each in tries]
            for number, done in enumerate(as_completed(todo), 1):
                out.rows.append(done.result())
                self._show(number, len(work), out.rows[-1])
        names = [m.name for m, _ in work]
        out.rows.sort(key=lambda row: names.index(row.name))
        results.write(self.options.rows, out)
        return self._judged(out)

    def _layers(self, mutant: table.Mutant, skipped: dict[str, str]):
        made = self.subjects[mutant.subject]
        return trial.asked(made, mutant, self.options.layer, skipped, self.options.due)

    def _dear(self, work) -> int:
        mutant, layers = work
        return max(self.subjects[mutant.subject].layers.index(x) for x in layers)

    def _has_due(self, mutant: table.Mutant, layers) -> bool:
        """Whether somebody is asked who must find it; or nobody may."""
        return not mutant.found_by or any(x.name in mutant.found_by for x in layers)

    def _show(self, number: int, of: int, row: results.Row) -> None:
        print(f"[{number:>3}/{of:>3}] {results.line(row)}", flush=True)
        if self.options.story:
            print("".join(f"    {x}\n" for x in row.story), end="", flush=True)

    def _judged(self, out: results.Results) -> int:
        print("".join(f"{x}\n" for x in results.summary(out.rows)))
        good = sum(row.good for row in out.rows)
        print(f"{good} of {len(out.rows)} found by all the layers that must find them")
        if not out.rows and out.skipped:
            return SKIPPED
        return 0 if good == len(out.rows) and out.rows else 1


def main(words: list[str] | None = None) -> int:
    options = arguments_of(words)
    try:
        runner = Runner(options)
    except Illegal as error:
        print(error, file=sys.stderr)
        return 2
    if options.list:
        return runner.list()
    if options.check:
        return runner.check()
    if options.results:
        return results.whole_table(options.results, runner.mutants)
    os.nice(10)
    results.clear(options.rows)
    with tempfile.TemporaryDirectory(prefix="flue-mutants-") as options.scratch:
        return runner.run()


if __name__ == "__main__":
    sys.exit(main())
