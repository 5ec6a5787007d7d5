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

LIBRARIES = ("runtime/libflue.a", "libchimney.a", "libipsec.a", "tests/links/libvpn.a")
LIBRARIES += ("tests/libkeys.a", "tests/libpairs.a", "tests/libsteps.a", "tests/libverbs.a")
LIBRARIES += ("tests/flush/libfwd.a", "tests/together/libfleet.a")
LIBRARIES += ("liblimiter.a",)
LIBRARIES += ("tests/libuplinks.a",)
DRIVERS = ("drivers/linux/libflue_linux.a",)  # where it can be built
LIBRARIES += DRIVERS
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
        self.objects: dict[str, Path] = {}  # of the fuzzed program, by their names there

    def place(self, file: str) -> Path:
        return self.folder / file

    def compile(self, changed: list[Path], fuzzed: bool) -> None:
        """The objects that depend on changed files; libraries with them."""
        for library in LIBRARIES:
            if library not in DRIVERS or (self.tree.build / library).exists():
                shutil.copy(self.tree.build / library, self.folder)
        sources: set[Path] = set()
        for path in changed:
            sources |= self.tree.needs.get(self._original(path), set())
        for source in sorted(sources & self.tree.compile.keys()):
            for output, command in self.tree.compile[source]:
                if "-fsanitize=fuzzer" in command:
                    if fuzzed and self._is_ours(source):
                        self.objects[output] = self._compile("fuzzed", output, command)
                    continue
                library = next(
                    (x for x in LIBRARIES if f"/{Path(x).stem[3:]}.dir/" in output), None
                )
                if library:
                    made = self._compile("objects", output, command)
                    self._run(f"ar r {self.folder / Path(library).name} {made}")

    def _original(self, path: Path) -> Path:
        for old, new in self.moved.items():
            if path.is_relative_to(new):
                return Path(old) / path.relative_to(new)
        raise ValueError(path)

    def _is_ours(self, source: Path) -> bool:
        folders = (f"{ROOT}/runtime/src", f"{ROOT}/drivers/linux", *self.tree.generated.values())
        return any(source.is_relative_to(folder) for folder in folders)

    def _compile(self, sort: str, output: str, command: str) -> Path:
        made = self.folder / sort / Path(output).name
        made.parent.mkdir(exist_ok=True)
        for old, new in self.moved.items():
            command = command.replace(f"{old}/", f"{new}/").replace(f"-I{old} ", f"-I{new} ")
        command = re.sub(r" -M[DTF]+( \S+\.(d|o))?", "", command)
        self._run(re.sub(r" -o \S+", f" -w -o {made}", command))
        return made

    def program(self, name: str) -> Path:
        """A test's program, with the changed objects in it."""
        made = self.folder / Path(name).name
        command = self.tree.link[name]
        for library in LIBRARIES:
            command = command.replace(f" {library}", f" {self.folder / Path(library).name}")
        for old, new in self.objects.items():
            command = command.replace(f" {old}", f" {new}")
        self._run(re.sub(r" -o \S+", f" -o {made}", command))
        return made

    def _run(self, command: str) -> None:
        done = subprocess.run(
            command, shell=True, cwd=self.tree.build, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stderr}")
