# SPDX-License-Identifier: BSD-2-Clause
"""Every suite as a program of another machine, run by QEMU: each transition, and where bit-fields lie.

    python3 tests/compilers/elsewhere.py [-O2]

Debian has the compilers as gcc-aarch64-linux-gnu and gcc-riscv64-linux-gnu, and qemu-user. Check is
not there for these machines, so check.h here stands in for it. Exit status 77: nothing to run with.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from matrix import ROOT, generated  # noqa: E402

MACHINES = {"aarch64-linux-gnu-gcc": "qemu-aarch64", "riscv64-linux-gnu-gcc": "qemu-riscv64"}
INCLUDES = [HERE, ROOT / "runtime/include", ROOT / "runtime/suite/include"]
SKIPPED = 77


def emulator(name: str) -> str | None:
    return shutil.which(name) or shutil.which(f"{name}-static")


def flags(compiler: str, level: str) -> list[str]:
    return [compiler, "-std=gnu11", level, *(f"-I{path}" for path in INCLUDES)]


def fixed(compiler: str, level: str, folder: Path) -> list[Path]:
    """The runtime and the suites' fixed part, compiled once."""
    sources = [*(ROOT / "runtime/src").glob("*.c"), *(ROOT / "runtime/suite").glob("*.c")]
    folder.mkdir()
    command = [*flags(compiler, level), "-c", *map(str, sorted(sources))]
    subprocess.run(command, cwd=folder, check=True)
    return sorted(folder.glob("*.o"))


def ran(compiler: str, level: str, files: list[Path], folder: Path) -> str:
    """The last line that the suite prints, which tells what it hit."""
    program = str(folder / "suite")
    command = [*flags(compiler, level), "-static", *map(str, files), "-o", program]
    subprocess.run(command, check=True)
    command = [emulator(MACHINES[compiler]), program]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{compiler}: {done.stdout}{done.stderr}")
    return done.stdout.splitlines()[-1]


def main() -> int:
    level = sys.argv[1] if len(sys.argv) > 1 else "-O2"
    here = [c for c, run in MACHINES.items() if shutil.which(c) and emulator(run)]
    if not here:
        print("skipped: no compiler for another machine, or no QEMU to run its programs")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="flue-elsewhere-") as folder:
        suites = generated(Path(folder))
        for compiler in here:
            objects = fixed(compiler, level, Path(folder, compiler))
            for sources in suites.values():
                told = ran(compiler, level, [*sources, *objects], Path(folder))
                print(f"{compiler} {level}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
