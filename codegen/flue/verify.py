# SPDX-License-Identifier: BSD-2-Clause
"""Runs SPIN over the models of a target and says what was explored, or what goes wrong and how."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from flue.promela import Bounds, Model, models, write

DEPTH = 2_000_000
MEMORY_MB = 8000


class VerifyError(Exception):
    """SPIN is missing, or did not get along with a model."""


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

    @property
    def good(self) -> bool:
        return self.complete and self.errors == 0

    def line(self) -> str:
        what = "good" if self.good else ("WRONG" if self.errors else "not completed")
        return (
            f"{self.model.letter}  {self.model.subject:<42} {self.claim:<9} {what:<6}"
            f" {self.states:>9} states {self.transitions:>10} steps, depth {self.depth:>6},"
            f" {self.seconds:6.1f} s {self.megabytes:6.0f} MB"
        )


def verify(
    target, truth=None, letters="ABCD", jobs=None, bounds=None, say=None, kinds="", claim=None
) -> list[Run]:
    """All models of these letters, side by side; `say` is told of each result as it comes."""
    for tool in ("spin", "cc"):
        if not shutil.which(tool):
            raise VerifyError(
                f"{tool} is not installed: models are checked with SPIN and a C compiler"
            )
    bounds = bounds or Bounds()
    found = [m for m in models(target, truth, bounds) if m.letter in letters]
    found = [m for m in found if m.name.endswith(kinds)]
    work = [(m, c) for m in found for c in ([claim] if claim else m.claims)]
    runs: dict[int, Run] = {}
    with tempfile.TemporaryDirectory(prefix="flue-verify-") as folder:
        write(found, folder)
        with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
            todo = {
                pool.submit(search, m, claim, os.path.join(folder, f"{i}"), folder): i
                for i, (m, claim) in enumerate(work)
            }
            for done in as_completed(todo):
                run = runs[todo[done]] = done.result()
                if say:
                    say(run, len(runs), len(work))
    return [runs[i] for i in sorted(runs)]


def _call(arguments: list[str], folder: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )


def search(model: Model, claim: str, folder: str, source: str) -> Run:
    began = time.monotonic()
    os.makedirs(folder)
    name = f"{model.name}.pml"
    shutil.copy(os.path.join(source, name), folder)
    run = Run(model, claim)
    if claim == "shortest":
        _read(run, _explore(name, folder, "-DSHORTEST", ["-DSAFETY", "-DNOCLAIM", "-DBFS"]))
    elif claim == "ends":
        _read(run, _explore(name, folder, "-DLIVENESS", ["-DNFAIR=3", "-DCOLLAPSE"], "-a", "-f"))
    else:
        _read(run, _explore(name, folder, "-DSAFE", ["-DSAFETY", "-DNOCLAIM"]))
    if run.errors and claim == "safety" and model.letter in "AB":
        _explore(name, folder, "-DSHORTEST", ["-DSAFETY", "-DNOCLAIM", "-DBFS"])
    run.seconds = time.monotonic() - began
    if run.errors:
        told = _call(["./pan", "-r", f"{name}.trail"], folder).stdout
        run.story = model.story(told) if model.story else []
        if claim == "ends":
            run.story.append("WRONG: from here on it may go round for ever, and a request waits")
    return run


def _explore(name: str, folder: str, sort: str, defines: list[str], *arguments: str) -> str:
    """Compile a model and search it; what SPIN's program prints."""
    made = _call(["spin", "-a", sort, name], folder)
    if not os.path.exists(os.path.join(folder, "pan.c")):
        raise VerifyError(f"spin does not take {name}: {made.stdout.strip()} {made.stderr.strip()}")
    defines = ["-O1", "-w", *defines, f"-DMEMLIM={MEMORY_MB}"]
    made = _call(["cc", *defines, "-o", "pan", "pan.c"], folder)
    if made.returncode:
        raise VerifyError(f"the search of {name} does not compile: {made.stderr.strip()}")
    ran = _call(["./pan", f"-m{DEPTH}", *arguments], folder)
    if ran.returncode < 0:
        raise VerifyError(f"the search of {name} was ended by signal {-ran.returncode}")
    return ran.stdout


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


def progress(out):
    """Says each result as it comes, and how many are still to come."""

    def say(run: Run, done: int, of: int) -> None:
        out.write(f"[{done}/{of}] {run.line()}\n")
        out.flush()

    return say


def show(runs: list[Run], bounds, out=None) -> None:
    out = out or sys.stdout
    for run in runs:
        if run.story:
            out.write(f"\n{run.model.letter}, {run.model.subject}:\n")
            out.write("".join(f"    {line}\n" for line in run.story))
    states, seconds = sum(r.states for r in runs), sum(r.seconds for r in runs)
    good = sum(r.good for r in runs)
    out.write(f"\nbounds: {bounds.words()}\n")
    out.write(
        f"{good} of {len(runs)} searches are good and complete: {states} states, {seconds:.0f} s\n"
    )
