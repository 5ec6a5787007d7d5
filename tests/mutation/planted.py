# SPDX-License-Identifier: BSD-2-Clause
"""Plants one bug at a time in the runtime or in generated code; the layer that is meant to finds it.

    planted.py --build DIR [--seeds N] [--only WORDS] [--rows FILE] [--check]

The bugs are in tables/. DIR is a build without sanitizers, made with Ninja.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))

from caught import Row, clear, head, line, write  # noqa: E402
from changes import Change, DoesNotApply, apply, load  # noqa: E402
from layers import asked  # noqa: E402
from rebuild import Copy, Tree  # noqa: E402

LAYERS = {"suite", "runtime", "oracle", "simulation"}  # always asked
LAYERS |= {"differential", "carries", "fuzz", "threads"}
TABLES = ("commands", "fast_path", "generated", "objects", "requests")
NONE = Change("(none: what has no bug is called good)", "nobody", ())


def bugs() -> list[Change]:
    found = [NONE] + [b for name in TABLES for b in load(HERE / "tables" / f"{name}.yaml")]
    wrong = [b.what for b in found[1:] if b.meant not in LAYERS]
    assert not wrong, f"no such layer: {wrong}"
    return found


def try_one(tree: Tree, bug: Change, arguments: argparse.Namespace) -> Row:
    with tempfile.TemporaryDirectory(prefix="flue-planted-") as name:
        copy = Copy(tree, Path(name))
        try:
            changed = apply(bug, copy.place)
        except DoesNotApply as error:
            return Row(bug.what, bug.meant, [], str(error))
        if arguments.check:
            return Row(bug.what, "-", ["-"], "applies")
        copy.compile(changed, bug.meant == "fuzz")
        seeds = arguments.seeds if bug.meant != "nobody" else min(arguments.seeds, 2000)
        said = asked(tree, copy, bug.meant, seeds)
    found = [layer for layer, what in said.items() if what.found]
    best = bug.meant if bug.meant in found else next(iter(found), "")
    return Row(bug.what, bug.meant, found, said[best].says if best else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=HERE.parents[1] / "build/default")
    parser.add_argument("--seeds", type=int, default=20000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="those whose words have this in them")
    parser.add_argument("--rows", type=Path, help="where the table's rows are left")
    parser.add_argument("--check", action="store_true", help="only whether all of them apply")
    arguments = parser.parse_args()
    os.nice(10)
    tree = Tree(arguments.build)
    rows = []
    clear(arguments.rows)
    print(head("planted bug"), flush=True)
    chosen = [b for b in bugs() if arguments.only in b.what]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for row in pool.map(lambda bug: try_one(tree, bug, arguments), chosen):
            print(line(row), flush=True)
            rows.append(row)
    if not arguments.check:
        write(arguments.rows, "bug planted in the runtime or in generated code", rows)
    good = sum(row.good for row in rows)
    done = "fit the sources" if arguments.check else "found by the layer that is meant to"
    print(f"{good} of {len(rows)} {done}")
    return 0 if good == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
