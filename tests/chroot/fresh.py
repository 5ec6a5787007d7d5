# SPDX-License-Identifier: BSD-2-Clause
"""The README's commands on fresh machines: bare Debian in a chroot, with a checkout and nothing else.

    python3 tests/chroot/fresh.py                   demo, on Debian 12 and 13, as each kind of user
    python3 tests/chroot/fresh.py --test            and then every test; hours
    python3 tests/chroot/fresh.py --suite bookworm --who sudo --short      what CTest does
    python3 tests/chroot/fresh.py --who user -- ./dev test house           other commands

Needs root and mmdebstrap or debootstrap; uses the package sources and proxies of this machine. Exit status
77, with the reason, where that is not there or no bare Debian can be fetched. The commands' whole output
is in FOLDER (build/fresh).
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from base import SUITES, Skipped, make_base, unpack, why_skipped

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
from sources import everything  # noqa: E402

SKIPPED = 77
INSIDE = "FLUE_FRESH_MACHINE"  # no chroot in a chroot
WHO = {"root": "root", "sudo": "somebody", "user": "somebody"}
AGREES = {"sudo": {"CI": "true"}}  # root needs not, without a terminal; the user may not
ASKS = "dev: as root: "
ASKS_AT_MOST = 3  # the last package's name may depend on what came before
# A source of somebody else that is no more: apt-get update fails, what is needed is there all the same.
DEAD = "deb [trusted=yes] file:/nowhere gone main"
# The mounts end with the processes in it.
ENTER = """
mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp" &&
exec chroot "$0" "$@"
"""


class Failed(Exception):
    """A command did not do what it should; the text says which."""


def good(command: str, user: str, status: int, text: str) -> None:
    if status:
        last = "\n".join(f"    {line}" for line in text.splitlines()[-12:])
        raise Failed(f"{user}$ {command}\n    exit status {status}\n{last}")


class Machine:
    """One bare Debian, and who works on it."""

    def __init__(self, folder: Path, who: str, log):
        self.folder, self.who, self.log = folder, who, log
        self.home = "/root" if who == "root" else "/home/somebody"

    def call(self, command: str, user: str = "root") -> tuple[int, str]:
        """Run by a shell of that user, in the checkout if there is one; status and output."""
        self.log.write(f"\n{user}$ {command}\n")
        self.log.flush()
        within = f"cd {self.home}/flue 2>/dev/null || cd /; {command}"
        login = (
            [] if user == "root" else ["setpriv", "--reuid", user, "--regid", user, "--init-groups"]
        )
        passed = {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")}
        settings = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOME": self.home, INSIDE: "1", **AGREES.get(self.who, {}), **passed}  # fmt: skip
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER]
        done = subprocess.run([*enter, str(self.folder), *login, "bash", "-c", within],
                              env=settings, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        self.log.write(done.stdout)
        self.log.flush()
        return done.returncode, done.stdout

    def must(self, command: str, user: str = "root") -> None:
        good(command, user, *self.call(command, user))

    def settle(self) -> None:
        """Its user and its checkout, as from a tarball: no git, no build folder."""
        if self.who != "root":
            self.must("useradd --create-home --shell /bin/bash somebody")
        if self.who == "sudo":
            self.must("apt-get update -q && apt-get install -q -y --no-install-recommends sudo")
            self.must("echo 'somebody ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/somebody")
            self.must(f"echo '{DEAD}' >/etc/apt/sources.list.d/dead.list")
        target = self.folder / self.home[1:] / "flue"
        for path in everything():
            name = path.relative_to(ROOT)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-p", path, target / name], check=True)
        self.must(f"chown -R {WHO[self.who]} {self.home}/flue")

    def asking(self, command: str) -> int:
        """A command of somebody who may not install: root does what it asks for. How often it asked."""
        for asked in range(ASKS_AT_MOST + 1):
            status, text = self.call(command, WHO[self.who])
            wanted = [line[len(ASKS) :] for line in text.splitlines() if line.startswith(ASKS)]
            if not wanted or asked == ASKS_AT_MOST:
                good(command, WHO[self.who], status, text)
                break
            self.must(wanted[0].replace("apt-get install", "apt-get install -y"))
        return asked


def visit(base: Path, case: str, who: str, commands: list[str], logs: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="flue-fresh-") as scratch:
        folder = Path(scratch) / "root"
        unpack(base, folder)
        with open(logs / f"{case}.log", "w", encoding="utf-8") as log:
            machine = Machine(folder, who, log)
            machine.settle()
            for number, command in enumerate(commands):
                if who != "user":
                    machine.must(command, WHO[who])
                elif machine.asking(command) == 0 and number == 0:
                    raise Failed(f"{command}\n    does not say what to ask root for")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", action="append", choices=SUITES)
    parser.add_argument("--who", action="append", choices=WHO)
    parser.add_argument("--short", action="store_true", help="the demo in its short form")
    parser.add_argument("--test", action="store_true", help="also every test")
    parser.add_argument("--logs", type=Path, default=ROOT / "build" / "fresh", metavar="FOLDER")
    parser.add_argument("command", nargs="*", help="instead of the README's commands")
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that folders are removed
    commands = ["./dev demo --short" if arguments.short else "./dev demo"]
    commands += ["./dev test"] * arguments.test
    if arguments.command:
        commands = [shlex.join(arguments.command)]
    arguments.logs.mkdir(parents=True, exist_ok=True)
    reason = "this is a fresh machine already" if os.environ.get(INSIDE) else why_skipped()
    if reason:
        print(f"skipped: {reason}")
        return SKIPPED
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="flue-base-") as scratch:
        for suite in arguments.suite or SUITES:
            try:
                base = make_base(suite, Path(scratch), arguments.logs / f"{suite}.log")
            except Skipped as why:
                print(f"skipped: {suite}: {why}", flush=True)
                if len(arguments.suite or SUITES) == 1:
                    return SKIPPED
                continue
            for who in arguments.who or WHO:
                try:
                    visit(base, f"{suite}-{who}", who, commands, arguments.logs)
                    print(f"{suite}, {who}: {' and '.join(commands)}: good", flush=True)
                except Failed as why:
                    print(f"{suite}, {who}: FAILED: {why}", flush=True)
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
