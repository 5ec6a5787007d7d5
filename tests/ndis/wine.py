#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a program for Windows under Wine, and leaves nothing behind: no process, no file.

    wine.py PROGRAM ARGUMENT...

Its exit status is the program's; 77 where there is no Wine. Works in the program's folder, whose ndis.sys
and ntoskrnl.exe are taken before Wine's own. Each run has a prefix of its own, whose system32 is the
folder of Wine's libraries: that takes no time, and needs no display.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PLACES = (
    Path("/usr/lib/wine"),
    Path("/usr/lib64/wine"),
    Path("/opt/wine-stable/bin"),
    Path("/usr/bin"),
)
LIBRARIES = (
    Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows"),
    Path("/usr/lib64/wine/x86_64-windows"),
    Path("/usr/lib/wine/x86_64-windows"),
    Path("/opt/wine-stable/lib64/wine/x86_64-windows"),
)


def first(places: list[Path]) -> Path | None:
    return next((place for place in places if place.exists()), None)


WINE = first([place / "wine64" for place in PLACES])
SERVER = first([place / name for place in PLACES for name in ("wineserver64", "wineserver")])
SYSTEM = first(list(LIBRARIES))


def prefix(folder: Path) -> None:
    (folder / "drive_c/windows").mkdir(parents=True)
    (folder / "dosdevices").mkdir()
    (folder / "dosdevices/c:").symlink_to("../drive_c")
    (folder / "dosdevices/z:").symlink_to("/")
    if SYSTEM:
        (folder / "drive_c/windows/system32").symlink_to(SYSTEM)
    (folder / ".update-timestamp").write_text("disable")  # it is complete


def surroundings(folder: Path) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    environment["WINEPREFIX"] = str(folder)
    environment["WINEDEBUG"] = "-all"
    environment["WINEDLLOVERRIDES"] = "ndis.sys,ntoskrnl.exe=n;winemenubuilder.exe,mscoree,mshtml=d"
    return environment


class Session:
    """Programs one after the other, or side by side, in one prefix. Only where missing() is empty."""

    def __enter__(self) -> Session:
        self.folder = tempfile.TemporaryDirectory(prefix="flue-wine-")
        prefix(Path(self.folder.name))
        self.environment = surroundings(Path(self.folder.name))
        self.first, self.begun = threading.Lock(), False
        return self

    def __exit__(self, *_: object) -> None:
        for option in ("-k", "-w"):
            subprocess.run([str(SERVER), option], env=self.environment, check=False)
        self.folder.cleanup()

    def run(self, program: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        """What it printed is in `stdout`. The first is alone: it makes what the others find in the prefix."""
        with self.first:
            if not self.begun:
                self.begun = True
                return self._run(program, arguments)
        return self._run(program, arguments)

    def _run(self, program: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(WINE), program.name, *arguments],
            cwd=program.parent,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def missing() -> str:
    """Why nothing can be run; empty: it can."""
    if not WINE or not SERVER or not SYSTEM:
        return "there is no Wine (Debian: wine64)"
    return ""


def main() -> int:
    if missing():
        print(f"skipped: {missing()}")
        return 77
    with Session() as session:
        done = session.run(Path(sys.argv[1]).resolve(), sys.argv[2:])
    sys.stdout.write(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
