# SPDX-License-Identifier: BSD-2-Clause
"""Specs and protocols changed on purpose; the layer that is meant to finds each. Prints a table.

    mutants.py [--slips] [--only WORDS] [--rows FILE]

What the hardware does is taken from the spec as it was, so that a spec that says something untrue of
it is found, too. The changes are in tests/mutation/tables: specs.yaml, and those of models C, D and E
in protocols.yaml.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "codegen"), str(ROOT / "tests/lib")]

from caught import Row, clear, head, line, write  # noqa: E402
from changes import Change, DoesNotApply, apply, load, replaced  # noqa: E402

from flue.backends.promela import catalogue, spin  # noqa: E402
from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402

TABLES = ROOT / "tests/mutation/tables"
SPEC = ROOT / "spec" / "chimney"
TRUTH, _ = analyse(str(SPEC), Report())


class Mutant(Change):
    """A change of the spec; `model` and `kind` say who looks at which object."""

    name = property(lambda self: self.what)
    model = property(lambda self: self.meant[-1] if self.meant.startswith("model") else "")
    kind = property(lambda self: self.more.get("kind", ""))
    apart = property(lambda self: self.more.get("apart", ""))  # why it is not played against the C


CHANGED = [Mutant(**vars(c)) for c in load(TABLES / "specs.yaml")]
MUTANTS = [m for m in CHANGED if m.model]  # the checker accepts them


def mutated(change: Change, folder: Path):
    """The target of the changed spec, or what the checker says against it."""
    where = folder / change.what.replace(" ", "_")[:40]
    shutil.copytree(SPEC, where)
    apply(change, where.joinpath)
    report = Report()
    target, _ = analyse(str(where), report)
    findings = [x for x in report.text().splitlines() if ": error: " in x]
    return target, [x.replace(f"{where}/", "") for x in findings]


def mutant(change: Change, folder: Path) -> tuple[Row, list[str]]:
    """The row of a changed spec, and the story that tells of it; empty if none does."""
    target, findings = mutated(change, folder)
    if target is None:
        return Row(change.what, change.meant, ["flue check"], findings[0]), []
    if change.meant == "flue check":
        return Row(change.what, change.meant, [], ""), []
    runs = spin.verify(
        target, TRUTH, change.model, 1, catalogue.QUICK, kinds=change.kind, claim="shortest"
    )
    return row(change, next((r for r in runs if r.errors), None))


def slip(change: Change, folder: Path) -> tuple[Row, list[str]]:
    (edit,) = change.edits
    known = {f"{m.name}.pml": m for m in catalogue.models(TRUTH, bounds=catalogue.QUICK)}
    model = known[edit.file]
    model = replace(model, text=replaced(model.text, edit))
    catalogue.write([model], str(folder))
    run = spin.search(model, "safety", str(folder / "search"), str(folder))
    return row(change, run if run.errors else None)


def row(change: Change, run) -> tuple[Row, list[str]]:
    if run is None:
        return Row(change.what, change.meant, [], ""), []
    found = f"model {run.model.letter}"
    return Row(change.what, change.meant, [found], run.story[-1].replace("WRONG: ", "")), run.story


def tried(change: Change, way) -> tuple[Row, list[str]]:
    with tempfile.TemporaryDirectory(prefix="flue-mutant-") as folder:
        try:
            return way(change, Path(folder))
        except DoesNotApply as error:
            return Row(change.what, change.meant, [], str(error)), []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slips", action="store_true", help="those of models C, D and E")
    parser.add_argument(
        "--only", default="", help="those whose words have this in them; as stories"
    )
    parser.add_argument("--rows", type=Path, help="where the table's rows are left")
    arguments = parser.parse_args()
    way = slip if arguments.slips else mutant
    title = "slip in a protocol" if arguments.slips else "changed spec"
    changes = load(TABLES / "protocols.yaml") if arguments.slips else CHANGED
    chosen = [c for c in changes if arguments.only in c.what]
    rows = []
    clear(arguments.rows)
    print(head(title))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, story in pool.map(lambda c: tried(c, way), chosen):
            rows.append(found)
            print(line(found), flush=True)
            print("".join(f"    {x}\n" for x in story if arguments.only), end="")
    write(arguments.rows, title, rows)
    good = sum(r.good for r in rows)
    print(f"{good} of {len(rows)} found by the layer that is meant to")
    return 0 if good == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
