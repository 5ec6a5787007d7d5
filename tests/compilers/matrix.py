# SPDX-License-Identifier: BSD-2-Clause
"""Runtime and generated code by every compiler here, at every level, for every machine: no warning.

    python3 tests/compilers/matrix.py            all specs at all levels; some minutes
    python3 tests/compilers/matrix.py --short    what the tests run: less of each
    python3 tests/compilers/matrix.py --only aarch64

Nothing of it is run. Where the compiler brings an `nm` the objects are asked what they need, too:
nothing but memcpy, memmove, memset and memcmp. What is not installed is named and left out; Debian
has gcc-aarch64-linux-gnu, gcc-riscv64-linux-gnu and gcc-mingw-w64-x86-64. All that another Debian has:

    python3 tests/chroot/fresh.py --suite trixie --who root -- tests/compilers/debian.sh
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "codegen"))

from flue.backends.c.generate import generate  # noqa: E402
from flue.compiler import load  # noqa: E402
from flue.diagnostics import Report  # noqa: E402

WARNINGS = "-Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wconversion -Wstrict-prototypes"
FLAGS = ["-std=c11", *WARNINGS.split(), "-Wmissing-prototypes", "-Werror", "-c"]
LEVELS = ["-O0", "-Og", "-O2", "-O3", "-Os"]
FREESTANDING = ["-ffreestanding", "-fbuiltin"]
NEEDED = {"memcpy", "memmove", "memset", "memcmp"}
SHIPPED = sorted(p.parent for p in (ROOT / "spec").glob("*/target.yaml"))
SPECS = [*SHIPPED, *sorted(p.parent for p in (ROOT / "tests/codegen").glob("*/target.yaml"))]


@dataclass(frozen=True)
class Compiler:
    program: str
    flags: tuple[str, ...] = ()
    nm: str = ""

    def __str__(self) -> str:
        return " ".join((self.program, *self.flags))


# Each stands for all its versions: gcc, and gcc-13 where that is there.
COMPILERS = [Compiler("gcc", nm="nm"), Compiler("clang", nm="nm")]
COMPILERS += [Compiler("gcc", tuple(FREESTANDING), "nm")]
# As kernels are compiled, which have no libgcc.
COMPILERS += [Compiler("aarch64-linux-gnu-gcc", ("-mno-outline-atomics",), "aarch64-linux-gnu-nm")]
COMPILERS += [Compiler("riscv64-linux-gnu-gcc", nm="riscv64-linux-gnu-nm")]
COMPILERS += [Compiler("x86_64-w64-mingw32-gcc")]
# Without headers of that system: freestanding.
TARGETS = ("aarch64-linux-gnu", "riscv64-linux-gnu", "x86_64-pc-windows-msvc")
COMPILERS += [Compiler("clang", (f"--target={t}", *FREESTANDING)) for t in TARGETS]


def versions(program: str) -> list[str]:
    """Those in PATH: by the name alone, by a number, by a way of threads."""
    named = re.compile(rf"{re.escape(program)}(-\d+)?(-posix|-win32)?")
    folders = filter(os.path.isdir, os.get_exec_path())
    names = {name for folder in folders for name in os.listdir(folder) if named.fullmatch(name)}
    return sorted(filter(shutil.which, names))


def here() -> list[Compiler]:
    """Each that is installed, once: `gcc` is one of those with a number, too."""
    found = {}
    for compiler in COMPILERS:
        for name in versions(compiler.program):
            file = os.stat(str(shutil.which(name)))
            found.setdefault((file.st_ino, compiler.flags), replace(compiler, program=name))
    return list(found.values())


def generated(out: Path, specs: list[Path]) -> dict[str, list[Path]]:
    """By spec: the C files of it, its suite's among them."""
    files = {}
    for folder in specs:
        generate(load(str(folder), Report()), str(out / folder.name), suite=True, device=True)
        found = sorted((out / folder.name).glob("*.c"))
        files[folder.name] = [f for f in found if not f.name.endswith("_device.c")]  # needs threads
    return files


def compiled(compiler: Compiler, level: str, sets: list[tuple[list[Path], bool]]) -> str:
    """What is wrong, in the compiler's words; each set of files is the runtime's or is not."""
    includes = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/runtime/suite/include"]
    with tempfile.TemporaryDirectory(prefix="flue-matrix-") as folder:
        for files, runtime in sets:
            flags = [*FLAGS, *includes, *compiler.flags, *(FREESTANDING if runtime else ()), level]
            command = [compiler.program, *flags, *map(str, files)]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode or done.stderr:
                return done.stderr or f"exit status {done.returncode}"
        return unknown(compiler.nm, folder)


def unknown(nm: str, folder: str) -> str:
    """Functions that neither the runtime nor generated code has."""
    if not nm or not shutil.which(nm):
        return ""
    objects = sorted(map(str, Path(folder).glob("*.o")))
    done = subprocess.run([nm, "-P", *objects], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines() if len(line.split()) > 1]
    have = {row[0] for row in rows if row[1] not in "Uw"}
    wanted = {row[0] for row in rows if row[1] in "Uw"} - have - NEEDED
    wanted -= {"_GLOBAL_OFFSET_TABLE_", "flue_suite_main"}
    return f"needs {', '.join(sorted(wanted))}" if wanted else ""


def chosen(short: bool, files: dict[str, list[Path]]) -> list[tuple[Compiler, str, list[str]]]:
    """What is compiled by whom at which level."""
    out = []
    for compiler, level in product(here(), LEVELS):
        names = list(files)
        if short and compiler.program in ("gcc", "clang") and not compiler.flags:
            names = [p.name for p in SHIPPED] if level == "-Og" else ["example"]
        elif short:
            names = ["example", "chimney"] if level == "-O2" and not numbered(compiler) else []
        out += [(compiler, level, names)] if names else []
    return out


def numbered(compiler: Compiler) -> bool:
    """Another version of one that is there by its name alone."""
    return bool(re.search(r"-\d+$|-posix$|-win32$", compiler.program))


def release(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0]


def tell(compiler: Compiler, level: str, names: list[str], said: str) -> None:
    """One line as soon as it is known, and what is wrong."""
    print(f"{'WRONG' if said else 'good '} {compiler} {level}: runtime, {', '.join(names)}")
    print(said[:2000], end="\n" if said else "", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile everything by everyone.")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", metavar="WORD", default="", help="compilers with this in them")
    args = parser.parse_args()
    runtime = sorted((ROOT / "runtime/src").glob("*.c"))
    with tempfile.TemporaryDirectory(prefix="flue-matrix-") as folder:
        files = generated(Path(folder), SHIPPED if args.short else SPECS)
        rows = [r for r in chosen(args.short, files) if args.only in str(r[0])]
        for program in sorted({compiler.program for compiler, *_ in rows}):
            print(f"{program}: {release(program)}", flush=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            sets = [[(runtime, True), *((files[n], False) for n in names)] for _, _, names in rows]
            wrong = []
            for row, said in zip(rows, pool.map(lambda r, s: compiled(r[0], r[1], s), rows, sets)):
                wrong.append(said)
                tell(*row, said)
    absent = dict.fromkeys(c.program for c in COMPILERS if not versions(c.program))
    print(f"not here: {', '.join(absent) or 'none'}")
    print(f"{len(rows)} ways to compile, {sum(map(bool, wrong))} of them wrong")
    return 1 if any(wrong) or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
