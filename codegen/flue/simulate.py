# SPDX-License-Identifier: BSD-2-Clause
"""Histories of a spec: its generated C, runtime, device and host, compiled to one program and run."""

from __future__ import annotations

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flue.backends.c.generate import generate
from flue.model import Target
from flue.terminal import Waiting

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("runtime/src/*.c", "drivers/device/*.c", "drivers/simulate/*.c")
INCLUDES = ("runtime/include", "drivers/device", "drivers/simulate", "drivers/play")
FLAGS = ["-std=gnu11", "-O1", "-g", "-pthread"]


class SimulateError(Exception):
    """There is no C compiler, or nothing to compile, or it is refused."""


def simulate(
    target: Target, words: list[str], out_dir: str | None = None, checks: str | None = None
) -> int:
    """Build the program in a folder (None: one for the time) and run it; its exit status."""
    with tempfile.TemporaryDirectory(prefix="flue-simulate-") as folder:
        program = build(target, out_dir or folder, checks=checks)
        name = f"flue simulate {os.path.dirname(target.file)}"  # in its usage
        return subprocess.run([name, *words], executable=program).returncode


def build(
    target: Target,
    out_dir: str,
    parts: tuple[str, ...] = PARTS,
    of: str = "simulate",
    checks: str | None = None,
) -> str:
    """The program of a target's histories; or another one over the same tables. `checks`: a C file of the author's."""
    if not (ROOT / "runtime/src").is_dir():
        raise SimulateError(
            "the sources of runtime and drivers are not here: a wheel has none,"
            " the source tree and an installed prefix have"
        )
    if checks and not Path(checks).is_file():
        raise SimulateError(f"{checks}: there is no such file")
    with Waiting("flue: writing C files"):
        generate(target, out_dir, simulate=True)
    sources = [p for part in parts for p in sorted(ROOT.glob(part))]
    sources += sorted(Path(out_dir).glob(f"{target.name}*.c"))
    sources = [p for p in sources if p.name != f"{target.name}_suite.c"]
    sources += [Path(checks).resolve()] if checks else []
    more = ["-DFLUE_SIMULATE_CHECKS"] if checks else []
    objects = _all_compiled(sources, out_dir, more)
    program = os.path.join(out_dir, f"{of}_{target.name}")
    _run([*_compiler(), *FLAGS, *objects, "-o", program])
    return program


def _all_compiled(sources: list[Path], out_dir: str, more: list[str]) -> list[str]:
    with (
        ThreadPoolExecutor(os.cpu_count()) as pool,
        Waiting("flue: compiling C") as shown,
    ):
        objects = []
        for one in pool.map(lambda source: _compiled(source, out_dir, more), sources):
            objects.append(one)
            shown.far = f"{len(objects)} of {len(sources)} files, "
        return objects


def _compiler() -> list[str]:
    words = os.environ.get("CC", "cc").split()
    if not words:
        raise SimulateError("no C compiler: CC is empty")
    return words


def _compiled(source: Path, out_dir: str, more: list[str]) -> str:
    to = os.path.join(out_dir, f"{source.parent.name}_{source.stem}.o")
    folders = [f"-I{ROOT / x}" for x in INCLUDES]
    _run([*_compiler(), *FLAGS, *more, *folders, f"-I{out_dir}", "-c", str(source), "-o", to])
    return to


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise SimulateError(f"no C compiler: there is no {command[0]}; CC names another") from None
    if done.returncode:
        raise SimulateError(done.stderr.strip() or f"{command[0]} failed")
