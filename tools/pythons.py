# SPDX-License-Identifier: BSD-2-Clause
"""Which python builds and tests. One does everything, so it must have all modules at once.

Who names one (FLUE_PYTHON) gets that one or no other; else it is Debian's, whose modules are packages, or
the first in PATH that has all of them. It need not be the one that runs this.
"""

from __future__ import annotations

import os
import shutil

from shell import die, output, works

NAMED = os.environ.get("FLUE_PYTHON", "")
DEBIAN = os.environ.get("FLUE_DEBIAN_PYTHON") or "/usr/bin/python3"
IS_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 10))"
LACKS = """
import sys
if sys.version_info < (3, 10):
    sys.exit(1)
for name in sys.argv[1:]:
    try:
        __import__(name)
    except Exception:
        print("lacks", name)
"""

modules: list[str] = []  # what it must have; grows during a run
chosen = ""  # the one that has them


def is_new_enough(python: str) -> bool:
    return works([python, "-c", IS_NEW_ENOUGH])


def has(python: str, names: list[str]) -> bool:
    """A module may be there and broken; nothing but importing it tells."""
    status, text = output([python, "-c", LACKS, *names])
    return status == 0 and "lacks " not in text


def candidates() -> list[str]:
    if NAMED:
        found = shutil.which(NAMED)
        return [found] if found else []
    folders = os.environ.get("PATH", "").split(os.pathsep)
    others = (shutil.which("python3", path=folder) for folder in folders if folder)
    return [DEBIAN, *(python for python in others if python)]


def choose() -> bool:
    global chosen
    chosen = next((python for python in candidates() if has(python, modules)), "")
    return chosen != ""


def want(names: list[str]) -> None:
    """The python chosen so far need not be the one for more modules."""
    global chosen
    new = [name for name in names if name not in modules]
    if new:
        modules.extend(new)
        chosen = ""


def why_not(python: str) -> str:
    """Why it does not do; of a module that is there and broken, its own words tell best."""
    if not shutil.which(python):
        return f"there is no {python}"
    if not is_new_enough(python):
        version = output([python, "--version"])[1].strip().split("\n")[-1]
        return f"{python} is {version}, but 3.10 or later is needed"
    said = output([python, "-c", f"import {','.join(modules)}"])[1].strip().split("\n")[-1]
    return f"{python} cannot import all that is needed ({' '.join(modules)}): {said}"


def packages_must_help() -> None:
    """Packages are for Debian's python only, and do not make it newer."""
    found = shutil.which(NAMED) if NAMED else None
    if NAMED and not (found and os.path.exists(DEBIAN) and os.path.samefile(found, DEBIAN)):
        die(f"FLUE_PYTHON: {why_not(NAMED)}")
    if os.access(DEBIAN, os.X_OK) and not is_new_enough(DEBIAN):
        die(f"{why_not(DEBIAN)}; FLUE_PYTHON may name another")
