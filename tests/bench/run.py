# SPDX-License-Identifier: BSD-2-Clause
"""The benchmark: `./dev bench` builds it and calls this.

    run.py --build BUILD [--quick] [--json FILE] [--plot FILE] [--docs FILE]

Nothing here depends on the times that come out; only a wrong result or a crash is a failure.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import counts
import facts
import plot
import tables


def measured(program: Path, quick: bool) -> list[dict]:
    command = [str(program), "measure"] + (["--quick"] if quick else [])
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"run.py: {' '.join(command)} ended with status {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def everything(build: Path, quick: bool) -> list[dict]:
    folder = build / "tests/bench"
    steps = (
        ("update, life, links, inbox", lambda: measured(folder / "bench", quick)),
        ("dispatch", lambda: measured(folder / "bench_dispatch", quick)),
        ("instructions", lambda: counts.count_all(build, counts.has_msm(build))),
        ("the compiler of specs", lambda: facts.regenerate(3 if quick else 9)),
        ("code size", lambda: facts.code_size(build)),
    )
    records = []
    for title, step in steps:
        print(f"bench: {title} ...", file=sys.stderr, flush=True)
        records += step()
    return records


def report(machine: dict, records: list[dict]) -> str:
    """All there is to say, in Markdown that reads well as it is."""
    told = {
        r["name"]: f"{r['number']:g} {r['unit']}" for r in records if r["scenario"] == "machine"
    }
    rows = [[name, value] for name, value in (machine | told).items()]
    return tables.facts(rows) + "\n" + tables.all_tables(records)


def write_docs(file: Path, text: str, quick: bool) -> None:
    """The page's last section is the results, of one run."""
    page, heading, _ = file.read_text().partition("## Results\n")
    command = "./dev bench" + (" --quick" if quick else "")
    file.write_text(f"{page}{heading}\nOf one run of `{command}`.\n\n{text}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", type=Path, required=True, help="a build tree, optimized")
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--json", type=Path, help="write all records to this file")
    parser.add_argument("--plot", type=Path, help="write the picture (SVG) to this file")
    parser.add_argument("--docs", type=Path, help="put the tables at the end of this page")
    given = parser.parse_args()
    machine = facts.machine(given.build)
    records = everything(given.build, given.quick)
    text = report(machine, records)
    print(text, end="")
    if given.docs:
        write_docs(given.docs, text, given.quick)
    if given.json:
        given.json.write_text(json.dumps({"machine": machine, "records": records}, indent=1) + "\n")
    if given.plot and not plot.draw(records, given.plot):
        print("\nno plot: install python3-matplotlib", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
