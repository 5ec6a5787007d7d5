# SPDX-License-Identifier: BSD-2-Clause
"""A machine that is made of stubs, for ./dev to meet: pythons, packages, who one is and what there is.

    machine = Machine(folder)
    machine.python("some", ["jinja2"])      # the first in PATH that has these modules
    machine.debian(["yaml"])                # what /usr/bin/python3 would be
    done = machine.dev("demo")              # done.returncode, done.stdout, done.stderr
    status, text = machine.typed("y", "demo")   # the same by somebody on a terminal
    machine.calls("apt-get")                # what it was called with

Programs are scripts that write down their arguments. A python is the real one without its packages,
given modules that hold nothing: so that what ./dev asks is answered by an interpreter.
"""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ["jinja2", "yaml", "jsonschema", "pytest"]
TOOLS = "bash cat chmod cp dirname env grep id mkdir mktemp realpath rm sed sh sleep tail touch tr true xargs".split()
BUILD = "cc cmake ninja pkg-config ragel dot ctest".split()
GIVES = {
    "gcc": "cc",
    "ninja-build": "ninja",
    "graphviz": "dot",
    "chromium-driver": "chromedriver",
    "neovim": "nvim",
    "qemu-system-x86": "qemu-system-x86_64",
    "iproute2": "ip",
    "nodejs": "node",
    "gcc-mingw-w64-x86-64": "x86_64-w64-mingw32-gcc",
}

PACKAGES = sorted(f"python3-{m}" for m in MODULES)
QUESTION = b"? [Y/n] "

# What cmake leaves behind, as far as ./dev looks at it.
CMAKE = """
case $1 in
--preset)
    mkdir -p build/$2/tests/demo
    printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\\n' "$PWD" >build/$2/CMakeCache.txt
    printf '#!/bin/sh\\necho the ledger balances\\n' >build/$2/tests/demo/demo
    chmod +x build/$2/tests/demo/demo ;;
esac
"""
APT = """
[ "$1" = -q ] && shift
[ "$1" = -o ] && shift 2
if [ "$1" = update ]; then cat {home}/apt.update; [ ! -s {home}/apt.update ]; exit; fi
[ ! -e {home}/apt.fails ] || {{ echo "E: no room"; exit 100; }}
[ ! -e {home}/apt.brings-nothing ] || exit 0
for package in "$@"; do
    case $package in
    python3) cp {home}/debian.sh {home}/debian ;;
    python3-*) touch {home}/modules.debian/${{package#python3-}}.py ;;
    {gives}
    *) [ -e {home}/bin/$package ] || cp {home}/stub {home}/bin/$package ;;
    esac
done
"""


class Machine:
    def __init__(self, folder: Path | None = None):
        self.home = Path(folder or tempfile.mkdtemp(prefix="flue-machine-")).resolve()
        self.home.chmod(0o755)
        self.bin = self.home / "bin"
        self.path = [self.bin]
        self.environment: dict[str, str] = {}
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.script(self.home / "stub", "exit 0")
        for tool in BUILD:
            self.stub(tool)
        self.stub("cmake", CMAKE)
        self.user(0)
        (self.home / "apt.update").write_text("")
        self._interpreter(self.home / "debian.sh", "debian", [])
        self._apt()
        self.checkout = self.home / "checkout"
        self._checkout()

    def _apt(self) -> None:
        gives = "\n".join(
            f"    {p}) [ -e {self.bin}/{c} ] || cp {self.home}/stub {self.bin}/{c} ;;"
            for p, c in GIVES.items()
        )
        self.stub("apt-get", APT.format(home=self.home, gives=gives))

    def _checkout(self) -> None:
        """No more than ./dev itself needs: nothing is built."""
        (self.checkout / "tests").mkdir(parents=True)
        for name in ("dev", "flue"):
            shutil.copy(ROOT / name, self.checkout)
        skip = shutil.ignore_patterns("__pycache__", "test_*", "machine.py")
        for folder in ("tests/house", "tools"):
            shutil.copytree(ROOT / folder, self.checkout / folder, ignore=skip)
        (self.checkout / "codegen/flue").mkdir(parents=True)
        for name in ("__init__", "ranges", "usage"):
            shutil.copy(ROOT / f"codegen/flue/{name}.py", self.checkout / "codegen/flue")
        (self.checkout / "spec" / "chimney").mkdir(parents=True)

    def script(self, path: Path, text: str) -> None:
        """A program that writes down how it is called, and does what `text` says."""
        path.unlink(missing_ok=True)
        log = f'echo "${{0##*/}} $*" >>{self.home}/log 2>/dev/null'
        path.write_text(f"#!/bin/sh\n{log}\n{text}\n")
        path.chmod(0o755)

    def stub(self, name: str, text: str = "exit 0") -> None:
        self.script(self.bin / name, text)

    def without(self, *names: str) -> None:
        for name in names:
            (self.bin / name).unlink()

    def user(self, number: int, sudo: str | None = None) -> None:
        """Who one is; `sudo` is what that program does first."""
        self.stub("id", f'case $1 in -u) echo {number} ;; *) echo "user{number}" ;; esac')
        if sudo is not None:
            self.stub("sudo", f'{sudo}\n[ "$1" = -n ] && shift\nexec "$@"')

    def _interpreter(self, path: Path, name: str, modules: list[str]) -> None:
        home = self.home / f"modules.{name}"
        home.mkdir()
        for module in modules:
            (home / f"{module}.py").touch()
        settings = f"PYTHONDONTWRITEBYTECODE=1 PYTHONPATH={home}"
        told = "case $1 in ./flue) echo told by flue; exit 0 ;; esac"
        self.script(path, f'{told}\n{settings} exec {sys.executable} -S "$@"')

    def python(self, name: str, modules: list[str]) -> Path:
        """One more python3 in PATH, before those that are there."""
        folder = self.home / name
        folder.mkdir()
        self._interpreter(folder / "python3", name, modules)
        self.path.insert(len(self.path) - 1, folder)
        return folder / "python3"

    def debian(self, modules: list[str]) -> Path:
        shutil.copy(self.home / "debian.sh", self.home / "debian")
        for module in modules:
            (self.home / "modules.debian" / f"{module}.py").touch()
        return self.home / "debian"

    def breaks(self, name: str, module: str, why: str) -> None:
        """The module of that python is there and cannot be imported."""
        folder = self.home / f"modules.{name}" / module
        folder.mkdir()
        (folder / "__init__.py").write_text(f"raise ImportError({why!r})\n")

    def dev(self, *arguments: str, cwd: Path | None = None, **how) -> subprocess.CompletedProcess:
        return self.run([str(self.checkout / "dev"), *arguments], cwd, **how)

    def run(
        self, command: list[str], cwd: Path | None = None, **how
    ) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=cwd or self.checkout, env=self._settings(), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, **how)  # fmt: skip

    def _settings(self) -> dict[str, str]:
        return {
            "PATH": os.pathsep.join(map(str, self.path)),
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "FLUE_DEBIAN_PYTHON": str(self.home / "debian"),
            **self.environment,
        }

    def begin(self, *arguments: str) -> subprocess.Popen:
        """./dev as a job of its own, to be interrupted."""
        return subprocess.Popen(
            [str(self.checkout / "dev"), *arguments], cwd=self.checkout, env=self._settings(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)  # fmt: skip

    def typed(self, answer: str, *arguments: str) -> tuple[int, str]:
        """./dev on a terminal where somebody types `answer` to each question; status and all that is seen."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(self.checkout / "dev"), *arguments], cwd=self.checkout, env=self._settings(),
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)  # fmt: skip
        os.close(theirs)
        seen, answered = b"", 0
        while part := self._seen(ours):
            seen += part
            if seen.count(QUESTION) > answered:
                answered += 1
                os.write(ours, answer.encode() + b"\n")
        os.close(ours)
        return process.wait(), seen.decode().replace("\r\n", "\n")

    @staticmethod
    def _seen(terminal: int) -> bytes:
        """Linux calls it an error where the last who had the terminal open is gone."""
        try:
            return os.read(terminal, 4096)
        except OSError:
            return b""

    def calls(self, program: str) -> list[str]:
        """The arguments of each call of it, in order."""
        log = self.home / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line[len(program) + 1 :] for line in lines if line.split(" ")[0] == program]

    def installed(self) -> list[str]:
        """The packages that apt-get was asked for."""
        asked = [
            c.split("--no-install-recommends ")[1] for c in self.calls("apt-get") if "install " in c
        ]
        return sorted(" ".join(asked).split())


def tells_the_story(machine, python):
    """The demo runs to its end, and one python did everything of it."""
    done = machine.dev("demo", "--short")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--build --preset default --target demo" in machine.calls("cmake"), "and no tests"
    assert "the ledger balances" in done.stdout and "command not found" not in done.stderr
    assert done.stdout.count("told by flue") == 1
    ran = [name for name in ("debian", "python3") for c in machine.calls(name) if "./flue" in c]
    assert ran == [os.path.basename(python)] * 2, "it draws and checks with the same python"
    assert f"--preset default -DFLUE_PYTHON={python}" in machine.calls("cmake")
    return done
