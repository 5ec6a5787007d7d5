# SPDX-License-Identifier: BSD-2-Clause
"""What is missing, by packages.txt, and how it gets here: install.sh asks, and installs.

Everything is looked for again after an installation, since a package can be there and not help.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pythons
from shell import die, output, run, user, works

HERE = Path(__file__).resolve().parent
FUZZ_TARGET = """
int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n > 1u << 31; }
"""


class Need(NamedTuple):
    package: str
    sign: str

    @property
    def module(self) -> str:
        return self.sign[len("python=") :] if self.sign.startswith("python=") else ""


def table() -> dict[str, list[Need]]:
    """The packages of packages.txt, by what they are for."""
    out: dict[str, list[Need]] = {}
    for line in (HERE / "packages.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            purpose, package, sign = line.split()
            out.setdefault(purpose, []).append(Need(package, sign))
    return out


PACKAGES = table()
ALL_TESTS = ("test", "coverage", "verify", "rocker", "linux", "ndis", "kernel")
CLANG = Need("clang", "clang")


def is_there(sign: str) -> bool:
    kind, _, name = sign.rpartition("=")
    if kind == "python":
        return bool(pythons.chosen) or pythons.has(pythons.DEBIAN, [name])
    if kind == "pkg-config":
        return works(["pkg-config", "--exists", name])
    if sign == "fuzzer":
        return works("clang -x c -fsanitize=fuzzer - -o /dev/null".split(), FUZZ_TARGET)
    return os.path.exists(sign) if sign.startswith("/") else shutil.which(sign) is not None


def in_words(sign: str) -> str:
    kind, _, name = sign.rpartition("=")
    words = {"python": f"python's {name}", "pkg-config": f"{name}.pc"}
    return "clang's libFuzzer" if sign == "fuzzer" else words.get(kind, sign)


def need(*needs: Need) -> str:
    """Says what is not there, has it installed, sees that it is there then; the python for all of it."""
    pythons.want([entry.module for entry in needs if entry.module])
    if not pythons.chosen and not pythons.choose():
        pythons.packages_must_help()
        if not os.access(pythons.DEBIAN, os.X_OK):
            needs = (Need("python3", pythons.DEBIAN), *needs)
    missing = [entry for entry in needs if not is_there(entry.sign)]
    if missing:
        why = ", ".join(in_words(entry.sign) for entry in missing)
        run([str(HERE / "install.sh"), why, *(entry.package for entry in missing)])
    if not pythons.chosen and not pythons.choose():
        die(pythons.why_not(pythons.DEBIAN))
    for entry in needs:
        if not is_there(entry.sign):
            die(f"{entry.package} is installed, but there is no {in_words(entry.sign)}")
    return pythons.chosen


def wanted(*purposes: str) -> list[Need]:
    return [entry for purpose in purposes for entry in PACKAGES[purpose]]


def need_for(*purposes: str) -> str:
    return need(*wanted("build", *purposes))


def fuzzer() -> list[Need]:
    """Debian has clang's libFuzzer in a package of its own, named after the version, which apt may know
    where clang is not there yet."""
    status, text = output(["clang", "-dumpversion"])
    if status:
        found = re.search(
            r"Depends: clang-(\d+)$", output(["apt-cache", "depends", "clang"])[1], re.M
        )
        text = found[1] if found else ""
    version = text.strip().split(".")[0]
    return [Need(f"libclang-rt-{version}-dev", "fuzzer")] if version else []


def need_fuzzer() -> None:
    need(CLANG)
    need(*fuzzer())


def need_all(*purposes: str) -> str:
    """At once as far as possible, for those who must ask somebody."""
    roots = ["root"] if user("-u") == "0" else []
    need(*wanted("build", *ALL_TESTS, *roots, *purposes), *fuzzer())
    need_fuzzer()
    return pythons.chosen
