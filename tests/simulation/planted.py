# SPDX-License-Identifier: BSD-2-Clause
"""Builds the runtime with one bug on purpose at a time; each must be found by the simulation.

    planted.py --cc CC --build DIR [--seeds N] [--only N] [--keep DIR]

The bugs are in runtime/src, behind FLUE_PLANTED(number). DIR is a build without sanitizers.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "tests/simulation/libsimulation.a",
    "tests/support/libhost.a",
    "drivers/sim/libsim.a",
    "libchimney.a",
)
BUGS = {
    0: "none",
    1: "a tree is completed twice",
    2: "a parking place is lost: who waited is forgotten",
    3: "a stale cookie is accepted",
    4: "old values are not written back",
    5: "a status is rolled up wrongly",
    6: "an object is freed before the completion call",
    7: "an object is freed while answers are missing",
    8: "a link's count stays behind when it moves",
    9: "a command is dropped where the ring is full",
    10: "a slot that timed out is used again at once",
    11: "an answer from before a reset is believed",
    12: "the host is told twice",
    13: "reserved slots are given to anybody",
    14: "new values are kept before they are answered",
    15: "a wake is lost",
    16: "a rollback carries the new link",
    17: "a stale handle finds the next object",
    18: "the end of a list of roots is forgotten",
    19: "one of the walks side by side never ends",
    20: "a bad answer passes on the short way",
    21: "a mark behind a search that goes on is never told",
}


def includes(folder: Path) -> list[Path]:
    here = ("runtime/include", "tests/simulation", "tests/oracle", "tests/support", "drivers/sim")
    return [ROOT / path for path in here] + [folder / "generated/chimney"]


def build(cc: str, folder: Path, out: Path, number: int) -> Path:
    program = out / f"simulate_{number}"
    command = [cc, "-std=c11", "-O1", "-g", f"-DFLUE_PLANT={number}"]
    command += ["-D_DEFAULT_SOURCE"] + [f"-I{path}" for path in includes(folder)]
    command += [str(Path(__file__).with_name("main.c"))]
    command += sorted(str(path) for path in (ROOT / "runtime/src").glob("*.c"))
    command += [str(folder / library) for library in LIBRARIES] + ["-lpthread", "-o", str(program)]
    subprocess.run(command, check=True)
    return program


def play(program: Path, seeds: int) -> dict:
    """What the simulation says: the seed that fails, why, and what is left of it."""
    command = [str(program), "--seeds", str(seeds), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^seed (\d+) fails: (.*)$", done.stdout, re.M)
    cut = re.search(r"^(\d+) of its (\d+) decisions are necessary", done.stdout, re.M)
    return {
        "failed": done.returncode != 0,
        "seed": found[1] if found else "-",
        "why": found[2] if found else "-",
        "steps": cut[1] if cut else "-",
        "of": cut[2] if cut else "-",
    }


def try_one(arguments: argparse.Namespace, out: Path, number: int) -> dict:
    seeds = arguments.seeds if number else min(arguments.seeds, 2000)
    return play(build(arguments.cc, arguments.build, out, number), seeds)


def line(number: int, row: dict) -> str:
    left = f"{row['steps']} of {row['of']}" if row["failed"] else ""
    return f"{number:>3}  {BUGS[number]:<50} {row['seed']:>6} {left:>10}  {row['why'][:90]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    parser.add_argument("--build", type=Path, default=ROOT / "build/default")
    parser.add_argument("--seeds", type=int, default=20000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, choices=BUGS)
    parser.add_argument("--keep", type=Path, help="leave the programs in this folder")
    arguments = parser.parse_args()
    os.nice(10)
    out = arguments.keep or Path(tempfile.mkdtemp(prefix="planted-"))
    out.mkdir(parents=True, exist_ok=True)
    numbers = sorted(BUGS) if arguments.only is None else [arguments.only]
    wrong = 0
    print(f"  #  {'bug':<50} {'seed':>6} {'decisions':>10}  found by", flush=True)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for number, row in zip(numbers, pool.map(lambda n: try_one(arguments, out, n), numbers)):
            print(line(number, row), flush=True)
            wrong += row["failed"] != (number != 0)
    if not arguments.keep:
        shutil.rmtree(out)
    print(f"{len(numbers) - wrong} of {len(numbers)} as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
