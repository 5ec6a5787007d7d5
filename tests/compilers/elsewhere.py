# SPDX-License-Identifier: BSD-2-Clause
"""Every suite as a program of another machine or another C library: each transition, and where bit-fields lie.

    python3 tests/compilers/elsewhere.py [--short] [--only WORD] [--level=-O3]

Debian has the compilers as gcc-aarch64-linux-gnu, gcc-riscv64-linux-gnu, musl-tools,
gcc-mingw-w64-x86-64, gcc-12-multilib and gcc-arm-none-eabi with libnewlib-arm-none-eabi; and what runs their
programs as qemu-user, wine64 and qemu-system-arm. Check is not there for these machines, so check.h here
stands in for it. Where pointers have 4 bytes, those targets are tried whose structures are their own. One
machine is of the other byte order: there compilation ends with a sentence. Exit status 77: nothing to run with.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from matrix import ROOT, SPECS, generated, versions  # noqa: E402
from narrow import narrowed  # noqa: E402

DEVICE = ROOT / "drivers/device"
INCLUDES = [HERE, ROOT / "runtime/include", ROOT / "runtime/suite/include", DEVICE]
SHORT = ("chimney", "tls")
BIG_ENDIAN = ("s390x-linux-gnu-gcc", "powerpc64-linux-gnu-gcc")
LITTLE_ONLY = "little endian"
SKIPPED = 77


@dataclass(frozen=True)
class Machine:
    """A compiler, and the command that runs its programs: none, where the system does."""

    compiler: str
    run: tuple[str, ...] = ()
    flags: tuple[str, ...] = ("-static", "-pthread")
    bare: tuple[Path, ...] = ()
    narrow: bool = False

    def __str__(self) -> str:
        return " ".join((self.compiler, *(flag for flag in self.flags if flag.startswith("-m"))))

    def is_here(self) -> bool:
        """Whether it compiles, with a C library, and what it compiles can be run."""
        if not shutil.which(self.compiler) or (self.run and not emulator(self.run[0])):
            return False
        text = "#include <stdlib.h>\nint main(void) { return 0; }\n"
        with tempfile.TemporaryDirectory() as folder:
            command = [self.compiler, *self.flags, "-xc", "-", "-o", f"{folder}/program.exe"]
            done = subprocess.run(command, input=text, text=True, capture_output=True)
        return done.returncode == 0


BOARD = HERE / "cortex_m"
MPS2 = "qemu-system-arm -M mps2-an385 -display none -monitor none -serial none"
SEMIHOSTED = ("-semihosting-config", "enable=on,target=native", "-kernel")
CORTEX_M = ("-mcpu=cortex-m3", "-mthumb", "-DFLUE_WORDS_BY_CALLS", "--specs=rdimon.specs")
BARE = (BOARD / "vectors.c", ROOT / "runtime/port/cortex_m.c")
OTHERS = [
    Machine("aarch64-linux-gnu-gcc", ("qemu-aarch64",)),
    Machine("riscv64-linux-gnu-gcc", ("qemu-riscv64",)),
    Machine("musl-gcc"),
    Machine("x86_64-w64-mingw32-gcc", ("wine64",)),
    Machine("gcc", flags=("-m32", "-march=i686", "-Wno-psabi", "-pthread"), narrow=True),
    Machine("clang", flags=("-m32", "-march=i686", "-pthread"), narrow=True),
    Machine(
        "arm-none-eabi-gcc",
        (*MPS2.split(), *SEMIHOSTED),
        (*CORTEX_M, "-T", str(BOARD / "mps2.ld")),
        BARE,
        narrow=True,
    ),
]

# Other releases of this machine's own compilers.
NATIVE = [Machine(p, flags=("-pthread",)) for name in ("gcc", "clang") for p in versions(name)]
MACHINES = [*OTHERS, *(m for m in NATIVE if m.compiler != "gcc")]


def emulator(name: str) -> str | None:
    """Debian keeps Wine's program out of PATH."""
    places = os.pathsep.join((*os.get_exec_path(), "/usr/lib/wine"))
    return shutil.which(name, path=places) or shutil.which(f"{name}-static")


def called(machine: Machine, level: str) -> list[str]:
    return [machine.compiler, "-std=gnu11", level, *machine.flags, *(f"-I{p}" for p in INCLUDES)]


def must(command: list[str], **how) -> None:
    """What a compiler says is on its standard error already."""
    if subprocess.run(command, **how).returncode:
        raise SystemExit(f"{command[0]} failed")


def compiled(machine: Machine, level: str, sources: list[Path], folder: Path) -> list[Path]:
    """The object files, in a folder of their own."""
    folder.mkdir(parents=True)
    must([*called(machine, level), "-c", *map(str, sources)], cwd=folder)
    return sorted(folder.glob("*.o"))


def fixed(machine: Machine) -> list[Path]:
    """Compiled once: the runtime, the suites' part of it, and the device where there are threads."""
    folders = [ROOT / "runtime/src", ROOT / "runtime/suite", *([] if machine.bare else [DEVICE])]
    return [*(p for folder in folders for p in sorted(folder.glob("*.c"))), *machine.bare]


def ran(machine: Machine, level: str, files: list[Path], folder: Path) -> str:
    """The last line that the suite prints, which says what it hit."""
    program = str(folder / "suite.exe")
    must([*called(machine, level), *map(str, files), "-o", program])
    command = [program]
    if machine.run:
        command = [str(emulator(machine.run[0])), *machine.run[1:], program]
    environment = {**os.environ, "WINEDEBUG": "-all", "WINEPREFIX": str(folder / "wine")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(
            f"{machine} {level}: exit status {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return done.stdout.splitlines()[-1]


def refused(compiler: str) -> str:
    """What a machine of the other byte order hears: nothing is compiled that would run wrongly."""
    source = str(ROOT / "runtime/src/target.c")
    command = [compiler, "-std=gnu11", f"-I{INCLUDES[1]}", "-fsyntax-only", source]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0 or LITTLE_ONLY not in done.stderr:
        raise SystemExit(f"{compiler}: is not refused in words\n{done.stderr}")
    return next(line for line in done.stderr.splitlines() if LITTLE_ONLY in line)


def chosen(short: bool, narrow: bool, folder: Path) -> list[Path]:
    """The specs for machines of that width."""
    specs = [s for s in SPECS if s.name in SHORT] if short else SPECS
    specs = [s for s in specs if (s / "target.yaml").is_file()]
    if not narrow:
        return specs
    return [folder / s.name for s in specs if narrowed(s, folder / s.name)]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the suites on other machines.")
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}")
    parser.add_argument("--only", metavar="WORD", default="", help="machines with this in them")
    parser.add_argument("--level", default="-O2", help="as --level=-O3")
    return parser.parse_args()


def main() -> int:
    args = parse()
    machines = OTHERS if args.short else MACHINES
    here = [m for m in machines if args.only in str(m) and m.is_here()]
    big = [c for c in BIG_ENDIAN if args.only in c and shutil.which(c)]
    if not here and not big:
        print("skipped: no compiler for another machine, or nothing to run its programs")
        return SKIPPED
    for compiler in big:
        print(f"{compiler}: refused: {refused(compiler)}")
    with tempfile.TemporaryDirectory(prefix="flue-elsewhere-") as scratch:
        suites = {}
        for narrow in {m.narrow for m in here}:
            at = Path(scratch, "narrow" if narrow else "wide")
            at.mkdir()
            suites[narrow] = generated(at, chosen(args.short, narrow, Path(scratch, "specs")))
        for number, machine in enumerate(here):
            objects = compiled(machine, args.level, fixed(machine), Path(scratch, str(number)))
            for name, sources in suites[machine.narrow].items():
                said = ran(machine, args.level, [*sources, *objects], Path(scratch))
                print(f"{machine} {args.level}: {name}: {said}", flush=True)
    absent = [str(m) for m in machines if args.only in str(m) and m not in here]
    print(f"not here: {', '.join(absent) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
