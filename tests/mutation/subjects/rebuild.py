# SPDX-License-Identifier: BSD-2-Clause
"""A build tree's programs once more, with a few sources changed; by the very commands of that tree.

Ninja tells the commands and which object depends on which file. Changed are copies, so that neither
the sources nor the build tree are touched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from mutation.located import ROOT

LIGHTLY = "-w -O1 -g1"  # an object is compiled for one mutant: in half the time of -O2 -g
LIBRARIES = ("runtime/libflue.a", "libchimney.a", "libipsec.a", "tests/links/libvpn.a")
LIBRARIES += ("tests/libkeys.a", "tests/libpairs.a", "tests/libsteps.a", "tests/libverbs.a")
LIBRARIES += ("tests/flush/libfwd.a", "tests/together/libfleet.a")
LIBRARIES += ("liblimiter.a", "tests/transfers/libworks.a")
LIBRARIES += ("tests/libuplinks.a",)
LIBRARIES += ("drivers/linux/libflue_linux.a",)  # where it can be built
# Generated code: a folder in the tables' entries, and in a build tree.
GENERATED = {
    "generated": "generated/chimney",
    "vpn": "tests/links/generated/vpn",
    "keys": "tests/generated/keys",
    "pairs": "tests/generated/pairs",
    "uplinks": "tests/generated/uplinks",
    "verbs": "tests/generated/verbs",
}


class Tree:
    """What a build tree knows."""

    def __init__(self, build: Path):
        self.build = build.resolve()
        self.generated = {
            name: folder
            for name in GENERATED
            if (folder := self.generated_in(self.build, name)).is_dir()
        }
        self.compile: dict[Path, list[tuple[str, str]]] = {}  # source: objects and commands
        self.link: dict[str, str] = {}
        for command in self._ninja("commands").splitlines():
            source = re.search(r" -c (\S+\.c)(?= |$)", command)
            output = re.search(r" -o (\S+)", command)
            if source and output:
                objects = self.compile.setdefault(Path(source[1]), [])
                objects.append((output[1], command))
            elif output:
                self.link[output[1]] = command
        self.needs = self._needs()

    @staticmethod
    def generated_in(build: Path, name: str) -> Path:
        return build.resolve() / GENERATED[name]

    def _ninja(self, tool: str) -> str:
        command = ["ninja", "-C", str(self.build), "-t", tool]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    def _needs(self) -> dict[Path, set[Path]]:
        """The sources that are compiled anew when a file changes."""
        out: dict[Path, set[Path]] = {}
        for entry in self._ninja("deps").split("\n\n"):
            # Some compilers' wrappers tell paths as they are from the build tree.
            files = [(self.build / x.strip()).resolve() for x in entry.splitlines()[1:]]
            for file in files:
                out.setdefault(file, set()).add(files[0])
        return out

    def programs(self, start: str) -> list[str]:
        return sorted(name for name in self.link if name.startswith(start))


class Copy:
    """Copies of the runtime and of the generated code, and what is built of them."""

    def __init__(self, tree: Tree, folder: Path):
        self.tree, self.folder = tree, folder
        self.moved = {
            f"{ROOT}/runtime": f"{folder}/runtime",
            f"{ROOT}/drivers/linux": f"{folder}/drivers/linux",
            **{str(path): f"{folder}/{name}" for name, path in tree.generated.items()},
        }
        for old, new in self.moved.items():
            shutil.copytree(old, new)
        self.stale: dict[str, str] = {}  # objects that depend on what was changed: how each is made
        self.made: dict[str, Path] = {}  # those that were made since, by their names in the tree

    def place(self, file: str) -> Path:
        return self.folder / file

    def changed(self, files: list[Path]) -> None:
        """What depends on these files is compiled when a program is linked with it, not before."""
        sources: set[Path] = set()
        for path in files:
            sources |= self.tree.needs.get(self._original(path), set())
        for source in sorted(sources & self.tree.compile.keys()):
            for output, command in self.tree.compile[source]:
                if "-fsanitize=fuzzer" not in command or self._is_ours(source):
                    self.stale[output] = command

    def _original(self, path: Path) -> Path:
        for old, new in self.moved.items():
            if path.is_relative_to(new):
                return Path(old) / path.relative_to(new)
        raise ValueError(path)

    def _is_ours(self, source: Path) -> bool:
        folders = (f"{ROOT}/runtime/src", f"{ROOT}/drivers/linux", *self.tree.generated.values())
        return any(source.is_relative_to(folder) for folder in folders)

    def _fresh(self, output: str) -> Path:
        """An object that is stale, compiled; once."""
        if output not in self.made:
            made = self.folder / "objects" / output
            made.parent.mkdir(parents=True, exist_ok=True)
            command = self.stale[output]
            for old, new in self.moved.items():
                command = command.replace(f"{old}/", f"{new}/").replace(f"-I{old} ", f"-I{new} ")
            command = re.sub(r" -M[DTF]+( \S+\.(d|o))?", "", command)
            self._run(re.sub(r" -o \S+", f" {LIGHTLY} -o {made}", command))
            self.made[output] = made
        return self.made[output]

    def _library(self, library: str) -> Path:
        """A copy of a library, with its stale objects made anew; once."""
        copy = self.folder / Path(library).name
        if not copy.exists():
            stale = [x for x in self.stale if f"/{Path(library).stem[3:]}.dir/" in f"/{x}"]
            objects = [str(self._fresh(x)) for x in stale]
            shutil.copy(self.tree.build / library, copy)
            if objects:
                self._run(f"ar r {copy} {' '.join(objects)}")
        return copy

    def program(self, name: str) -> Path:
        """A test's program, with the changed objects in it."""
        made = self.folder / Path(name).name
        command = self.tree.link[name]
        for library in LIBRARIES:
            if f" {library}" in command:
                command = command.replace(f" {library}", f" {self._library(library)}")
        for output in self.stale:
            if "-fsanitize=fuzzer" in self.stale[output] and f" {output}" in command:
                command = command.replace(f" {output}", f" {self._fresh(output)}")
        self._run(re.sub(r" -o \S+", f" -o {made}", command))
        return made

    def _run(self, command: str) -> None:
        done = subprocess.run(
            command, shell=True, cwd=self.tree.build, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stderr}")
