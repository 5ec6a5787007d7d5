# SPDX-License-Identifier: BSD-2-Clause
"""The files of this checkout that are written by hand, with git or without.

    python3 tests/house/sources.py c|python      each with a zero byte behind it, for xargs -0
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("tests/codegen/golden/",)  # written by the compiler under test
NO_SOURCES = {"build", ".git", "__pycache__", ".pytest_cache", "node_modules"}


def listed_by_git(root: Path) -> list[str] | None:
    """What git has or would add; None where it cannot tell: not installed, no repository of ours (a
    folder around it may be one), or one that belongs to somebody else."""
    if not (root / ".git").exists():
        return None
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.split("\0")[:-1]


def found(root: Path) -> list[str]:
    names = [p.relative_to(root) for p in root.rglob("*")]
    return [p.as_posix() for p in names if not NO_SOURCES & set(p.parts)]


def everything(root: Path = ROOT) -> list[Path]:
    """All of a checkout but what comes of building it."""
    listed = listed_by_git(root)
    paths = {root / name for name in (found(root) if listed is None else listed)}
    return sorted(p for p in paths if p.is_file())


def files(root: Path = ROOT) -> list[Path]:
    paths = [(p.relative_to(root).as_posix(), p) for p in everything(root)]
    return [path for name, path in paths if not name.startswith(GENERATED)]


def language(path: Path) -> str:
    """As formatters see it."""
    if path.suffix == ".py" or path == ROOT / "flue":
        return "python"
    return "c" if path.suffix in {".c", ".h"} else ""


if __name__ == "__main__":
    for file in files():
        if language(file) == sys.argv[1]:
            sys.stdout.write(f"{file.relative_to(ROOT)}\0")
