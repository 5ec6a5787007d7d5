# SPDX-License-Identifier: BSD-2-Clause
"""What a driver includes: by C11 to C23 and C++17, by every compiler that is here, without a warning;
and a driver in C++, which runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from matrix import ROOT, SPECS, generated

INCLUDE = ROOT / "runtime/include"
HERE = Path(__file__).resolve().parent
WARNINGS = "-Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wconversion -Werror".split()
C = ["-xc -std=c11", "-xc -std=c17", "-xc -std=c2x"]
CPP = ["-xc++ -std=c++17"]
# Without headers of that system: those which clang has itself.
MSVC = "--target=x86_64-pc-windows-msvc -ffreestanding -Wdocumentation"
COMPILERS = {
    "gcc": C,
    "g++": CPP,
    "clang -Wdocumentation": C + CPP,
    "x86_64-w64-mingw32-gcc": C,
    "x86_64-w64-mingw32-g++": CPP,
    f"clang {MSVC}": C + CPP,
}
WAYS = [f"{compiler} {language}" for compiler, all_ in COMPILERS.items() for language in all_]


@pytest.fixture(scope="session")
def targets(tmp_path_factory):
    """The generated files of every spec, each in its folder."""
    out = tmp_path_factory.mktemp("generated")
    generated(out, SPECS)
    return out


def of_drivers(targets: Path) -> list[Path]:
    """All but the header that says to generated code what its objects are, and that of the software NIC."""
    others = ("_objects.h", "_device.h")
    found = sorted(p for p in targets.glob("*/*.h") if not p.name.endswith(others))
    assert len(found) >= 12 and len(found) % 2 == 0
    return [INCLUDE / "flue/flue.h", *found]


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def said(way: str, header: Path, folder: Path, more: str = "") -> str:
    unit = folder / "unit"
    unit.write_text(f'#include "{header}"\n#include "{header}"\n{more}\nextern int unit;\n')
    done = run([*way.split(), *WARNINGS, "-fsyntax-only", f"-I{INCLUDE}", str(unit)])
    return done.stderr + ("" if done.returncode == 0 or done.stderr else "it failed")


def needs(way: str) -> None:
    program = way.split()[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


@pytest.mark.parametrize("way", WAYS)
def test_all_that_a_driver_includes_compiles(way, targets, tmp_path):
    needs(way)
    for header in of_drivers(targets):
        assert said(way, header, tmp_path) == "", header


@pytest.mark.parametrize("way", ["gcc -xc -std=c11", "clang -xc++ -std=c++17 -Wdocumentation"])
def test_a_warning_would_be_seen(way, targets, tmp_path):
    needs(way)
    more = "static inline char cut(int number)\n{\n    return number;\n}"
    assert "conversion" in said(way, targets / "example/limiter.h", tmp_path, more)


def test_a_warning_about_a_comment_would_be_seen(targets, tmp_path):
    way = "clang -Wdocumentation -xc -std=c11"
    needs(way)
    more = "/** \\param other what it has not */\nvoid has(int one);"
    assert "other" in said(way, targets / "example/limiter.h", tmp_path, more)


PRIVATE = {"language.h", "target.h"}


def test_a_driver_gets_nothing_private_but_the_size_of_a_target(targets, tmp_path):
    needs("gcc")
    for header in of_drivers(targets):
        unit = tmp_path / "unit.c"
        unit.write_text(f'#include "{header}"\n')
        done = run(["gcc", "-M", f"-I{INCLUDE}", str(unit)])
        found = set(re.findall(r"flue/priv/(\w+\.h)", done.stdout))
        assert found <= PRIVATE and (found or header.name.endswith("_host.h")), header


def test_no_driver_includes_a_private_header():
    """But the software NIC and its hosts for any spec, whose tables are generated for this very runtime."""
    files = [p for p in (ROOT / "drivers").rglob("*.[ch]")]
    files = [p for p in files if p.parent.name not in ("device", "simulate", "play")]
    assert files
    assert [p for p in files if "flue/priv" in p.read_text(encoding="utf-8")] == []


STORY = """\
the host: success
the host: success
the meter passes 8000 kbit/s
the host: success
it dropped 43 packets
3 submitted, 0 stray
quiet: 1
"""


@pytest.mark.parametrize("c, cpp", [("gcc", "g++"), ("clang", "clang++"), ("gcc", "clang++")])
def test_a_driver_in_cpp(c, cpp, targets, tmp_path):
    """It links with runtime and target in C; layout.h has the same numbers in both."""
    needs(c)
    needs(cpp)
    sources = [*(ROOT / "runtime/src").glob("*.c"), HERE / "layout.c"]
    others = ("_suite.c", "_device.c")
    sources += [p for p in (targets / "example").glob("*.c") if not p.name.endswith(others)]
    flags = [f"-I{INCLUDE}", f"-I{targets}/example", *WARNINGS]
    done = run([c, "-std=c11", *flags, "-c", *map(str, sorted(sources))], cwd=tmp_path)
    assert done.stderr == ""
    objects = sorted(map(str, tmp_path.glob("*.o")))
    program = str(tmp_path / "driver")
    command = [cpp, "-std=c++17", *flags, str(HERE / "driver.cpp"), *objects, "-o", program]
    done = run(command)
    if "cannot find -lstdc++" in done.stderr:
        pytest.skip(f"{cpp} has no C++ library")
    assert done.stderr == ""
    done = run([program])
    assert (done.returncode, done.stdout) == (0, STORY)
