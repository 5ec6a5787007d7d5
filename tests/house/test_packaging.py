# SPDX-License-Identifier: BSD-2-Clause
"""pyproject.toml says by hand what the compiler is made of; nothing of it may be missing there."""

import fnmatch
import re

from machine import ROOT

TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CODEGEN = ROOT / "codegen"


def listed(key):
    """The texts of a list in it; no reader of TOML comes with Python 3.10."""
    return re.findall(
        r'"([^"]+)"', re.search(rf"^{key} = \[(.*?)\]", TEXT, re.MULTILINE | re.DOTALL)[1]
    )


def test_every_package_is_listed():
    """Of the compiler; what makes the pages about the language (codegen/pages) needs the repository."""
    found = [p.parent.relative_to(CODEGEN) for p in (CODEGEN / "flue").rglob("__init__.py")]
    assert sorted(listed("packages")) == sorted(".".join(p.parts) for p in found)


def test_every_file_that_is_no_python_is_listed():
    package = CODEGEN / "flue"
    others = [p for p in package.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    names = [p.relative_to(package).as_posix() for p in others]
    assert (
        names and [n for n in names if not any(fnmatch.fnmatch(n, x) for x in listed("flue"))] == []
    )


def test_dependencies_are_what_dev_and_cmake_ask_for():
    modules = {
        re.match(r"\w+", name)[0].replace("pyyaml", "yaml") for name in listed("dependencies")
    }
    cmake = (CODEGEN / "cmake" / "flue_python.cmake").read_text(encoding="utf-8")
    assert set(re.search(r'set\(modules "([^"]+)"\)', cmake)[1].split(", ")) == modules
    table = (ROOT / "tools" / "packages.txt").read_text(encoding="utf-8")
    build = re.findall(r"^build .* python=(\w+)$", table, re.MULTILINE)
    assert set(build) == modules | {"pytest"}
    launcher = re.search(r"NEEDED = \((.*)\)", (ROOT / "flue").read_text(encoding="utf-8"))[1]
    assert set(re.findall(r'"(\w+)"', launcher)) == modules
