# SPDX-License-Identifier: BSD-2-Clause
"""Instructions, counted by callgrind: per object of an update, per event of a machine. Bytes per object.

They do not depend on load, clock or caches, so that a bar on them can be a test:

    counts.py BUILD check dispatch
    counts.py BUILD check update
    counts.py BUILD check trace
    counts.py BUILD check memory      and docs/performance.md must say so
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bars import BARS, Bar
from tables import number

PAGE = Path(__file__).resolve().parents[2] / "docs/performance.md"
OBJECTS = 10000
SKIPPED = 77  # CTest: neither passed nor failed
MACHINES = ("touch", "table", "switch", "generated", "Boost.MSM")
CALLED = ("switch, called", "generated, called")
COUNTED = {"update": "object", "dispatch": "event", "trace": "step"}
CHANGES = ("none", "one", "all")


def callgrind(program: Path, *arguments: str) -> tuple[int, str]:
    """Instructions inside bench_measured(), and what the program printed."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--toggle-collect=bench_measured"]
        command += [f"--callgrind-out-file={folder}/out", str(program), "count", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not collected:
        raise RuntimeError(f"{program.name} {' '.join(arguments)}:\n{done.stderr}")
    return int(collected[1]), done.stdout


def update(build: Path, who: str, changed: str) -> float:
    total, _ = callgrind(build / "tests/bench/bench", "update", who, str(OBJECTS), changed)
    return total / OBJECTS


def recorder(build: Path) -> float:
    """Of a step that is kept, more than of one that is not."""
    program, words = build / "tests/bench/bench", (str(OBJECTS), "one")
    without, _ = callgrind(program, "update", "flue", *words)
    total, kept = callgrind(program, "update", "recorded", *words)
    return (total - without) / int(kept)


def dispatch(build: Path, machine: str) -> float:
    total, events = callgrind(build / "tests/bench/bench_dispatch", machine)
    return total / int(events)


def record(scenario: str, name: str, number: float, changed: str | None = None) -> dict:
    unit = f"instructions per {COUNTED[scenario]}"
    out = {"scenario": f"{scenario}, counted", "name": name, "number": number, "unit": unit}
    return out | ({"changed": changed} if changed else {})


def count_all(build: Path, with_msm: bool) -> list[dict]:
    """Everything that is counted, as records like the ones the benchmark prints."""
    if not shutil.which("valgrind"):
        return []
    out = []
    for changed in CHANGES:
        for who in ("flue", "queued", "hand"):
            out.append(record("update", who, update(build, who, changed), changed))
    out.append(record("trace", "recorder", recorder(build)))
    for machine in MACHINES + CALLED:
        if with_msm or machine != "Boost.MSM":
            out.append(record("dispatch", machine, dispatch(build, machine)))
    return out


def has_msm(build: Path) -> bool:
    return (build / "tests/bench/libbench_msm.a").exists()


def memory(build: Path) -> list[dict]:
    command = [str(build / "tests/bench/bench"), "measure", "--tiny", "memory"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return [r for r in records if r["scenario"] == "memory"]


def not_told(page: str, records: list[dict]) -> list[str]:
    """Rows of the page's results that say something else, as they should be."""
    rows = [["memory: " + r["name"], "", number(r["number"]), r["unit"]] for r in records]
    told = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    return [" | ".join(row) for row in rows if row not in told]


def measured(build: Path, what: str) -> list[dict]:
    if what == "dispatch":
        return [record("dispatch", m, dispatch(build, m)) for m in ("generated", "switch")]
    if what == "trace":
        return [record("trace", "recorder", recorder(build))]
    if what == "update":
        return [record("update", "flue", update(build, "flue", "one"), "one")]
    return memory(build)


def compiler_of(build: Path) -> str:
    """As bars name it: gcc 12."""
    (found,) = build.glob("CMakeFiles/*/CMakeCCompiler.cmake")
    text = found.read_text(encoding="utf-8")
    name, major = re.findall(r'set\(CMAKE_C_COMPILER_(?:ID|VERSION) "([^".]+)', text)
    return f"{'gcc' if name == 'GNU' else name.lower()} {major}"


def held(bar: Bar, value: float | None, compiler: str) -> int:
    """Says whether it is; what a compiler makes of which nothing is known, is said and no more."""
    limit = bar.limit(compiler)
    if value is None or limit is None:
        print(f"skipped: {bar.title}: {value}; of {compiler} nothing is held")
        return SKIPPED if limit is None else 1
    good = bar.holds(value, limit)
    says = "good" if good else "EXCEEDED"
    print(f"{bar.title}: {value:.2f}, held at {limit:g}, bar {bar.bar:g}: {says}")
    return 0 if good else 1


def check(build: Path, what: str) -> int:
    if what != "memory" and not shutil.which("valgrind"):
        print("skipped: there is no valgrind (./dev packages installs it)")
        return SKIPPED
    records = measured(build, what)
    status = 0
    for bar in (b for b in BARS if b.held is not None and b.scenario == what):
        status = held(bar, bar.value(records), compiler_of(build)) or status
    if what == "memory":
        for row in not_told(PAGE.read_text(encoding="utf-8"), records):
            print(f"docs/performance.md should say: {row}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1]), sys.argv[3]))
