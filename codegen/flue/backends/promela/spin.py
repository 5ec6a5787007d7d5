# SPDX-License-Identifier: BSD-2-Clause
"""Runs SPIN over the models of a target: what was explored, or what goes wrong and how."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from .catalogue import Bounds, Model, models, write
from .packing import VerifyError

DEPTH = 2_000_000
MEMORY_MB = 9000  # of one search at the most: two at a time in 24 GiB
LITTLE_MB = (
    500  # of the first try: most searches need less, and optimizing takes longer than they do
)


@dataclass
class Run:
    """What one search found."""

    model: Model
    claim: str  # safety, or the name of what must come in the end
    complete: bool = False
    errors: int = 0
    states: int = 0
    transitions: int = 0
    depth: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    story: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)  # to play it against the C

    @property
    def good(self) -> bool:
        return self.complete and self.errors == 0

    @property
    def says(self) -> str:
        return "good" if self.good else ("WRONG" if self.errors else "not completed")


@dataclass(frozen=True)
class Teller:
    """Who is told how searches go; nobody, if nobody says otherwise."""

    begins: Callable[[int, Model, str], None] = lambda number, model, claim: None
    goes_on: Callable[[int, str], None] = lambda number, printed: None
    ends: Callable[[int, Run, int], None] = lambda number, run, of: None


def verify(
    target, truth=None, letters="ABCDE", jobs=None, bounds=None, tell=Teller(), kinds="", claim=None
) -> list[Run]:
    """All models of these letters, side by side; the longest are begun first."""
    for tool in ("spin", "cc"):
        if not shutil.which(tool):
            raise VerifyError(
                f"{tool} is not installed: models are checked with SPIN and a C compiler"
            )
    found = [m for m in models(target, truth, bounds or Bounds()) if m.letter in letters]
    found = [m for m in found if m.name.endswith(kinds)]
    if not found:
        raise VerifyError(f"there is no model of {kinds}")
    work = [(m, c) for m in found for c in ([claim] if claim else m.claims)]
    runs: dict[int, Run] = {}
    with tempfile.TemporaryDirectory(prefix="flue-verify-") as folder:
        write(found, folder)
        for model in found:  # before any of them runs for long
            _into_c(f"{model.name}.pml", folder, "-DSAFE")

        def one(number: int) -> Run:
            model, what = work[number]
            tell.begins(number, model, what)
            place = os.path.join(folder, f"{number}")
            return search(model, what, place, folder, lambda text: tell.goes_on(number, text))

        with ThreadPoolExecutor(max_workers=jobs or side_by_side()) as pool:
            todo = {pool.submit(one, i): i for i in _longest_first(work)}
            for done in as_completed(todo):
                number = todo[done]
                if done.exception():
                    pool.shutdown(wait=False, cancel_futures=True)
                runs[number] = done.result()
                tell.ends(number, runs[number], len(work))
    return [runs[i] for i in sorted(runs)]


def side_by_side() -> int:
    """One search a core, but no more than there is memory for."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(1, min(os.cpu_count() or 1, memory // MEMORY_MB))


def _longest_first(work: list[tuple[Model, str]]) -> list[int]:
    """Searches for cycles, then long texts: none of those is to be left over in the end."""
    return sorted(range(len(work)), key=lambda i: (work[i][1] != "ends", -len(work[i][0].text)))


def _call(arguments: list[str], folder: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )


def search(model: Model, claim: str, folder: str, source: str, hear=lambda text: None) -> Run:
    began = time.monotonic()
    os.makedirs(folder)
    name = f"{model.name}.pml"
    shutil.copy(os.path.join(source, name), folder)
    run = Run(model, claim)
    if claim == "shortest":
        _read(run, _explore(name, folder, "-DSHORTEST", ["-DSAFETY", "-DNOCLAIM", "-DBFS"], hear))
    elif claim == "ends":
        defines = ["-DNFAIR=3", "-DCOLLAPSE"]
        _read(run, _explore(name, folder, "-DLIVENESS", defines, hear, "-a", "-f"))
    else:
        _read(run, _explore(name, folder, "-DSAFE", ["-DSAFETY", "-DNOCLAIM"], hear))
    if run.errors and claim == "safety" and model.letter in "AB":
        _explore(name, folder, "-DSHORTEST", ["-DSAFETY", "-DNOCLAIM", "-DBFS"], hear)
    run.seconds = time.monotonic() - began
    if run.errors:
        told = _call(["./pan", "-r", f"{name}.trail"], folder).stdout
        run.story = model.story(told) if model.story else []
        run.script = model.script(told) if model.script and claim != "ends" else []
        if claim == "ends":
            run.story.append("WRONG: from here on it may go round for ever, and a request waits")
    return run


def _explore(name: str, folder: str, sort: str, defines: list[str], hear, *arguments: str) -> str:
    """Compile a model and search it; what SPIN's program prints."""
    _into_c(name, folder, sort)
    little = min(LITTLE_MB, MEMORY_MB)
    printed = _searched(name, folder, ["-O0", *defines, f"-DMEMLIM={little}"], hear, *arguments)
    if "reached -DMEMLIM bound" not in printed or little == MEMORY_MB:
        return printed
    return _searched(name, folder, ["-O1", *defines, f"-DMEMLIM={MEMORY_MB}"], hear, *arguments)


def _searched(name: str, folder: str, defines: list[str], hear, *arguments: str) -> str:
    made = _call(["cc", "-w", *defines, "-o", "pan", "pan.c"], folder)
    if made.returncode:
        raise VerifyError(f"the search of {name} does not compile: {made.stderr.strip()}")
    printed = []
    command = ["./pan", f"-m{DEPTH}", *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as pan:
        assert pan.stdout is not None
        for line in pan.stdout:
            printed.append(line)
            hear(line)
    if pan.returncode < 0:
        raise VerifyError(f"the search of {name} was ended by signal {-pan.returncode}")
    return "".join(printed)


def _into_c(name: str, folder: str, sort: str) -> None:
    """SPIN's program of a model, `pan.c`."""
    program = os.path.join(folder, "pan.c")
    if os.path.exists(program):
        os.remove(program)  # of another model
    made = _call(["spin", "-a", sort, name], folder)
    if not os.path.exists(program):
        raise VerifyError(f"spin does not take {name}: {made.stdout.strip()} {made.stderr.strip()}")


def _read(run: Run, printed: str) -> Run:
    def number(pattern: str) -> float:
        found = re.search(pattern, printed)
        return float(found[1]) if found else 0

    run.errors = int(number(r"errors: (\d+)"))
    run.states = int(number(r"([\d.e+]+) states, stored"))
    run.transitions = int(number(r"([\d.e+]+) transitions"))
    run.depth = int(number(r"depth reached (\d+)"))
    run.megabytes = number(r"([\d.]+)\s+total actual memory usage")
    cut = "Search not completed" in printed or "max search depth too small" in printed
    run.complete = bool(run.states) and not cut
    return run
