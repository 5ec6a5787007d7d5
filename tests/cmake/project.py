# SPDX-License-Identifier: BSD-2-Clause
"""A user's project in a folder of its own, configured and built by the real tools.

    project = Project(folder, "Ninja")      # the specs of spec/example, as the library limiter
    project.edit("meter.yaml", "old", "new")
    project.build()                         # what was done, a word for each step
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATORS = [
    name
    for name, tool in (("Ninja", "ninja"), ("Unix Makefiles", "make"))
    if shutil.which("cmake") and shutil.which(tool)
]
# The runtime is not what is looked at here; its headers do.
BEGINS = f"""
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
include({ROOT}/codegen/cmake/flue.cmake)
add_library(flue INTERFACE)
add_library(flue::flue ALIAS flue)
target_include_directories(flue INTERFACE {ROOT}/runtime/include)
"""


class Project:
    def __init__(self, folder: Path, generator: str, text: str = "", spec: str = "the spec"):
        self.source, self.build_dir = folder / "a project", folder / "build"
        self.spec = self.source / spec
        self.generator = generator
        shutil.copytree(ROOT / "spec" / "example", self.spec)
        self.write(text or f'{BEGINS}\nflue_add_target(limiter SPEC "{spec}")\n')

    @property
    def out(self) -> Path:
        return self.build_dir / "generated" / "limiter"

    def write(self, text: str) -> None:
        (self.source / "CMakeLists.txt").write_text(text, encoding="utf-8")

    def run(self, *command) -> tuple[int, str]:
        done = subprocess.run([*map(str, command)], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def configure(self, *options) -> str:
        status, text = self.run("cmake", "-G", self.generator, "-S", self.source, "-B", self.build_dir,
                                f"-DFLUE_PYTHON={sys.executable}", *options)  # fmt: skip
        assert status == 0, text
        return text

    def refused(self) -> str:
        """What is said by a configuration that fails, on one line."""
        status, text = self.run("cmake", "-G", self.generator, "-S", self.source, "-B", self.build_dir,
                                f"-DFLUE_PYTHON={sys.executable}")  # fmt: skip
        assert status != 0, text
        return " ".join(text.split())

    def build(self) -> list[str]:
        """The steps of a build that is good: files compiled, and comments of commands."""
        status, text = self.run("cmake", "--build", self.build_dir)
        assert status == 0, text
        return steps(text)

    def fails(self) -> str:
        """What is printed by a build that fails."""
        status, text = self.run("cmake", "--build", self.build_dir)
        assert status != 0, text
        return text

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.spec / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


def steps(text: str) -> list[str]:
    """As Ninja and make print them, without what CMake says of itself and of whole targets."""
    found = re.findall(r"^\[[^]]*\] (.*)$", text, re.MULTILINE)
    return sorted(os.path.basename(x) for x in found if not re.match(r"(Re-|Built|.*CMake\.)", x))
