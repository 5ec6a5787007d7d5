# SPDX-License-Identifier: BSD-2-Clause
"""./dev test, tsan and coverage: which tests run how, and what they leave to be shown."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import IO

import packages
from building import build
from shell import Failed, die, ended, jobs, quietly, say, status_of, works

TSAN_REASON = (
    "addresses here have more random bits than it can do with (vm.mmap_rnd_bits),"
    " and setarch -R is not allowed"
)
TSAN_BITS = 28  # of an address, that ThreadSanitizer of clang 14 knows


def ctest(preset: str, *options: str) -> list[str]:
    return ["ctest", "--preset", preset, "-j", str(jobs()), "--no-label-summary", *options]


def run_tests(preset: str, *options: str, out: IO[str] | None = None) -> int:
    status = status_of(ctest(preset, *options), out)
    say_why_skipped(preset, out)
    return status


def say_why_skipped(preset: str, out: IO[str] | None = None) -> None:
    """A test that is skipped prints its reason, as pytest does of a part; ctest keeps that to itself."""
    name = ""
    seen: set[tuple[str, str]] = set()
    log = Path("build", preset, "Testing", "Temporary", "LastTest.log")
    if not log.is_file():
        return
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = re.match(r"\d+/\d+ Test: (\S+)", line)
        name = found[1] if found else name
        reason = re.match(r"(?:skipped: |SKIPPED \[\d+\] [^:]+:(?:\d+:)? )(.*)", line)
        if reason and (name, reason[1]) not in seen:
            seen.add((name, reason[1]))
            say(f"   -  skipped, {name}: {reason[1]}", out)


def quiet_tests(title: str, preset: str) -> None:
    def step(log: IO[str]) -> None:
        status = run_tests(preset, out=log)
        if status:
            raise Failed(status)

    quietly(title, step)


def before_tsan() -> list[str] | None:
    """What stands before the command, where the kernel takes more bits than ThreadSanitizer knows: run
    without any, if that is allowed; None where it is not."""
    try:
        bits = int(Path("/proc/sys/vm/mmap_rnd_bits").read_text(encoding="ascii"))
    except (OSError, ValueError):
        bits = TSAN_BITS + 1
    if bits <= TSAN_BITS:
        return []
    return ["setarch", "-R"] if works(["setarch", "-R", "true"]) else None


def tests_under_tsan(*options: str, out: IO[str] | None = None) -> int:
    before = before_tsan()
    if before is None:
        die(TSAN_REASON)
    status = status_of([*before, *ctest("tsan", *options)], out)
    say_why_skipped("tsan", out)
    return status


def tsan(*options: str) -> int:
    build("tsan")
    return tests_under_tsan(*options)


def quiet_tsan() -> None:
    def step(log: IO[str]) -> None:
        status = tests_under_tsan(out=log)
        if status:
            raise Failed(status)

    if before_tsan() is None:
        say(f"   -  skipped, tests under ThreadSanitizer: {TSAN_REASON}")
    else:
        quietly("tests under ThreadSanitizer", step)


def count_lines(python: str) -> int:
    for path in Path("build", "coverage").rglob("*.gcda"):
        path.unlink()
    quiet_tests("tests that count the lines they run", "coverage")
    return status_of([python, "tests/house/coverage.py", "build/coverage"])


def coverage() -> int:
    packages.need_for("coverage")
    return count_lines(build("coverage"))


def say_mutants(python: str) -> None:
    """What became of the mutants: who must find each, and who did. A test judges it, too."""
    say()
    status_of([python, "tests/mutation/run.py", "--results", "build/default/mutants"])


def tests_by_name(names: tuple[str, ...]) -> int:
    """Needs no more than the build does: a test that needs another tool is skipped, and says so."""
    python = build("default")
    status = run_tests("default", "-R", "|".join(names))
    if "mutants" in names:
        say_mutants(python)
    return status


def all_tests_seen() -> tuple[int, str]:
    """Status and last words of ctest, which is seen as it goes, and kept."""
    summary = ""
    command = ctest("default")
    with (
        open("build/default/tests.log", "w", encoding="utf-8") as log,
        subprocess.Popen(command, text=True, errors="replace", stdout=subprocess.PIPE) as process,
    ):
        for line in process.stdout or []:
            say(line, end="")
            say(line, log, end="")
            summary = line.strip() if re.match(r"\d+% tests passed", line) else summary
    status = ended(process.returncode)
    say_why_skipped("default")
    return status, summary


def test(*names: str) -> int:
    if names:
        return tests_by_name(names)
    packages.need_all()
    python = build("asan", "tsan", "coverage", "default")
    quiet_tests("tests under AddressSanitizer and UndefinedBehaviorSanitizer", "asan")
    quiet_tsan()
    count_lines(python)  # for people to see: another compiler may count other lines
    status, summary = all_tests_seen()
    say_mutants(python)
    say()
    say(summary)
    return status
