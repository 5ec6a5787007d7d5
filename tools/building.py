# SPDX-License-Identifier: BSD-2-Clause
"""One build folder for each preset: made, made anew where it is somebody else's, and built."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import IO, Iterator

import packages
from shell import die, quietly, run, say, user

PRESETS = ("default", "debug", "asan", "tsan", "coverage", "clang")
BUILD = Path("build")


def begin_anew_if_copied(preset: str) -> None:
    """A copied checkout brings a build folder that still builds the old one."""
    cache = BUILD / preset / "CMakeCache.txt"
    if not cache.is_file():
        return
    text = cache.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.+)", text, re.MULTILINE)
    if found and not (os.path.exists(found[1]) and os.path.samefile(found[1], ".")):
        say(
            f"dev: build/{preset} was made for the checkout in {found[1]}; it is made anew for this one"
        )
        shutil.rmtree(BUILD / preset)


def not_writable() -> Iterator[Path]:
    if not BUILD.exists():
        yield from [] if os.access(".", os.W_OK) else [Path(".")]
        return
    for folder, _, files in os.walk(BUILD):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            if not path.is_symlink() and not os.access(path, os.W_OK):
                yield path


def owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)


def must_be_writable() -> None:
    """A single run as root leaves files that stop everybody else in the middle of a build."""
    for stuck in not_writable():
        top = Path.cwd() / (stuck.parts or [""])[0]
        die(f"{stuck} belongs to {owner(stuck)}, and {user('-un')} may not write it.\n"
            f"  To have it: sudo chown -R {user('-un')} '{top}'")  # fmt: skip


def build_one(preset: str, target: str = "") -> str:
    """All of a preset, or one target of it; the python that built it."""
    python = packages.need_for()
    must_be_writable()
    if preset == "clang":
        packages.need(packages.CLANG)
    if preset == "tsan":
        packages.need_fuzzer()  # whose package has clang's sanitizers, too
    begin_anew_if_copied(preset)

    def configure_and_build(log: IO[str]) -> None:
        """Both every time, since what was missing when the folder was made may be there now."""
        run(["cmake", "--preset", preset, f"-DFLUE_PYTHON={python}"], log)
        run(
            ["cmake", "--build", "--preset", preset, *(["--target", target] if target else [])], log
        )

    quietly(f"build {target or preset}", configure_and_build)
    return python


def build(*presets: str) -> str:
    for preset in presets:
        if preset not in PRESETS:
            die(f"there is no preset {preset}, only {' '.join(PRESETS)}")
    return [build_one(preset) for preset in presets][-1]
