# SPDX-License-Identifier: BSD-2-Clause
"""How the build made a driver, so that a test can make another; CMake writes it down."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import wine

DRIVER = Path(__file__).resolve().parents[2] / "drivers/ndis"


class Build:
    """What CMake wrote: a line for each key, its values separated by tabs."""

    def __init__(self, path: str) -> None:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        self.values = {key: rest for key, *rest in (line.split("\t") for line in lines)}
        self.out = Path(self.values["out"][0])
        self.system = self.out / self.values["name"][0]
        self.source = Path(self.values["source"][0])

    def run(self, *command: str) -> str:
        """What a command prints; an error if it fails."""
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def compile(self, source: Path, target: Path) -> None:
        flags = self.values["flags"] + self.values["kernel"]
        self.run(self.values["gcc"][0], *flags, "-w", "-c", str(source), "-o", str(target))

    def link(self, objects: list[str], target: Path, *more: str) -> None:
        gcc, native = self.values["gcc"][0], self.values["native"]
        self.run(gcc, *objects, "-o", str(target), *native, *more)

    def objects(self, replaced: str = "", by: str = "") -> list[str]:
        """Of the whole driver; of one of its files, another object."""
        driver = [by if Path(o).stem == replaced else o for o in self.values["driver"]]
        return self.values["rest"] + driver

    def story(
        self, session: wine.Session, system: Path, story: Sequence[str] = ()
    ) -> tuple[int, str]:
        """Exit status and output of the driver's story, or another one, with another driver."""
        named = "Z:" + str(system).replace("/", "\\")
        program, *arguments = story or self.values["story"]
        done = session.run(self.out / program, [*arguments, named])
        return done.returncode, done.stdout
