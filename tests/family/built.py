# SPDX-License-Identifier: BSD-2-Clause
"""A spec becomes a program, by one of several compilers, and its histories are played."""

from __future__ import annotations

import copy
import fcntl
import functools
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "codegen"), str(ROOT / "tests/reading")]

from judge import judge  # noqa: E402

from flue.backends.c.generate import generate  # noqa: E402
from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402
from flue.simulate import INCLUDES, PARTS  # noqa: E402

COMMON = ["-std=gnu11", "-g", "-pthread", *(f"-I{ROOT / x}" for x in INCLUDES)]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


class Failure(Exception):
    """What is wrong with a spec of the family, or with what is made of it."""


class Ways:
    """Compilers, of which each seed has one."""

    commands = {
        "gcc -O1": ["cc", "-O1"],
        "gcc -O0": ["gcc", "-O0"],
        "gcc -O2": ["gcc", "-O2"],
        "clang -O2": ["clang", "-O2"],
        "clang -O3": ["clang", "-O3"],
        "gcc -m32": ["gcc", "-m32", "-O1"],
        "gcc -O3": ["gcc", "-O3"],
        "clang -O0": ["clang", "-O0"],
        "gcc sanitized": ["gcc", "-O1", *SANITIZERS],
        "clang -m32 -O3": ["clang", "-m32", "-O3"],
    }
    names = list(commands)

    def of(self, seed: int, word_bytes: int) -> str:
        """One of those that are there; none: no compiler here has libraries for such words."""
        ways = [w for w in self.all_of(word_bytes) if self.is_there(w)]
        return ways[seed % len(ways)] if ways else ""

    def all_of(self, word_bytes: int) -> list[str]:
        """Those for words of this size."""
        return [n for n, c in self.commands.items() if ("-m32" in c) == (word_bytes == 4)]

    @functools.cache
    def is_there(self, way: str) -> bool:
        command = self.commands[way]
        if not shutil.which(command[0]):
            return False
        if "-m32" not in command:
            return True
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "a.c")
            source.write_text("#include <stdint.h>\nint main(void) { return 0; }\n")
            line = [*command, str(source), "-o", str(source.with_suffix(""))]
            return not subprocess.run(line, capture_output=True).returncode


WAYS = Ways()


def run(command: list[str], what: str, seconds: int = 3600) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    if done.returncode:
        raise Failure(f"{what}: {(done.stderr + done.stdout).strip()}")
    return done.stdout


class Library:
    """Runtime, device and host, compiled once for each way: no spec changes them."""

    def __init__(self, way: str, folder: Path) -> None:
        self.command = [*WAYS.commands[way], *COMMON]
        self.archive = folder / re.sub(r"\W+", "-", way) / "fixed.a"
        self.archive.parent.mkdir(parents=True, exist_ok=True)
        with open(self.archive.with_suffix(".lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._is_old():
                self._build()

    def _sources(self) -> list[Path]:
        return [p for part in PARTS for p in sorted(ROOT.glob(part))]

    def _is_old(self) -> bool:
        headers = [h for x in INCLUDES for h in (ROOT / x).rglob("*.h")]
        headers += (ROOT / "runtime/src").glob("*.h")
        newest = max(p.stat().st_mtime for p in [*self._sources(), *headers])
        return not self.archive.exists() or self.archive.stat().st_mtime < newest

    def _build(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(self._compiled, self._sources()))
        self.archive.unlink(missing_ok=True)
        run(["ar", "rc", str(self.archive), *objects], "ar")

    def _compiled(self, source: Path) -> str:
        to = self.archive.parent / f"{source.parent.name}_{source.stem}.o"
        run([*self.command, "-c", str(source), "-o", str(to)], f"{source.name} does not compile")
        return str(to)


def judged(folder: Path, trees: dict[str, dict]):
    """The model of a spec with which both checkers are content."""
    report = Report()
    target, _ = analyse(str(folder), report)
    if report.diagnostics or target is None:
        raise Failure(f"flue check: {report.text()}")
    other = judge(copy.deepcopy(trees))  # it spells them out in place
    if other:
        raise Failure(f"only the second reading: {other}")
    return target


def played(target, out: Path, library: Library, histories: int) -> dict[str, int]:
    """What was met in its histories."""
    out.mkdir(parents=True, exist_ok=True)
    generate(target, str(out), simulate=True, device=True)
    sources = [str(p) for p in sorted(out.glob("*.c"))]
    program = str(out / "program")
    line = [*library.command, *WARNINGS, f"-I{out}", *sources, str(library.archive), "-o", program]
    run(line, "the C does not compile")
    try:
        said = run([program, "--seeds", str(histories), "--arms"], "a history fails")
    except Failure as e:
        raise Failure(f"{e}\n{story(program, str(e))}") from None
    found = [
        re.search(rf"(\d+) {words}", said)
        for words in ("histories", r"of \d+ arms tried", "arms tried")
    ]
    return {k: int(m[1]) for k, m in zip(("histories", "met", "arms"), found) if m}


def story(program: str, said: str) -> str:
    """The fewest decisions that fail, as a timeline, of the seed that does."""
    seed = re.search(r"--seed (\d+)", said)
    line = [program, "--seed", seed[1]] if seed else [program, "--help"]
    done = subprocess.run(line, capture_output=True, text=True)
    return done.stdout + done.stderr
